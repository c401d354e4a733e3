// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Attention one query and one position after the other, in f64.

#include "test/numerics/AttentionCases.h"

#include "dialects/Qcc/Numerics/Halves.h"

#include <cmath>

namespace qcc::numerics_test {

/// `value` as the cache keeps it.
static double roundTo(const std::string &type, double value) {
  if (type == "f16")
    return numerics::decodeF16(numerics::encodeF16(value));
  if (type == "bf16")
    return numerics::decodeBF16(numerics::encodeBF16(value));
  return float(value);
}

static int64_t getBytes(const std::string &type) {
  return type == "f32" ? 4 : type == "i8" ? 1 : 2;
}

static void writeElement(const std::string &type, float value, char *bytes) {
  uint16_t half =
      type == "f16" ? numerics::encodeF16(value) : numerics::encodeBF16(value);
  if (type == "f32")
    std::memcpy(bytes, &value, 4);
  else
    std::memcpy(bytes, &half, 2);
}

static double readElement(const std::string &type, const char *bytes) {
  float value;
  uint16_t half;
  std::memcpy(&half, bytes, 2);
  if (type != "f32")
    return type == "f16" ? numerics::decodeF16(half)
                         : numerics::decodeBF16(half);
  std::memcpy(&value, bytes, 4);
  return value;
}

AttentionData::AttentionData(const AttentionShape &shape, uint64_t seed)
    : shape(shape), scale(1 / std::sqrt(double(shape.size))), seed(seed) {
  Random random(seed);
  int64_t wide = shape.heads * shape.size, narrow = shape.kvHeads * shape.size;
  query = drawFloats(random, kMostRows * wide);
  key = drawFloats(random, kMostRows * narrow);
  value = drawFloats(random, kMostRows * narrow);
  for (int64_t r = 0; r < kMostRows; ++r)
    for (int64_t part = 0; part < 2; ++part)
      for (int64_t i = 0; i < shape.rotated / 2; ++i) {
        double angle = double(r * 7 + i);
        table.push_back(float(part == 0 ? std::cos(angle) : std::sin(angle)));
      }
  bool isAll = shape.norm != HeadNorm::Each;
  if (shape.norm != HeadNorm::None) {
    queryNorm = drawFloats(random, isAll ? wide : shape.size);
    keyNorm = drawFloats(random, isAll ? narrow : shape.size);
  }
  if (shape.hasSinks)
    sinks = drawFloats(random, shape.heads);
  for (int64_t head = 0; shape.hasSlopes && head < shape.heads; ++head)
    slopes.push_back(float(random.real(0.001, 0.5)));
}

/// One row for each sequence, or a piece of a prompt for two of them.
std::vector<AttentionData::Row> AttentionData::getRows(int64_t count) const {
  const int64_t lengths[] = {0, 150, 11};
  std::vector<Row> rows;
  int64_t first = count == kSequences ? 1 : (count + 1) / 2;
  for (int64_t r = 0; r < count; ++r) {
    int64_t sequence = count == kSequences ? r : r >= first;
    int64_t before = r - sequence * first;
    rows.push_back({sequence, lengths[sequence] + before});
  }
  return rows;
}

float AttentionData::draw(int part, Row token, int64_t head, int64_t k) const {
  Random random(seed ^ uint64_t(part + 2 * (token.sequence + 4 * head) +
                                64 * (k + 512 * token.position)));
  return float(random.real(-1, 1) + random.real(-1, 1));
}

/// The tile of 16 places that the token is in, in numbers of the cache.
size_t AttentionData::findTile(int part, Row token, int64_t head) const {
  int64_t place = token.sequence * kTokens + token.position;
  int64_t row = part * shape.kvHeads + head;
  return size_t((row * kCapacity + place / 16 * 16) * shape.numbers());
}

size_t AttentionData::findElement(int part, Row token, int64_t head,
                                  int64_t k) const {
  int64_t lane = token.position % 16; // sequences begin at tiles
  return findTile(part, token, head) +
         size_t(part == 0 ? k * 16 + lane : lane * shape.size + k);
}

size_t AttentionData::findScale(int part, Row token, int64_t head,
                                int64_t k) const {
  return findTile(part, token, head) +
         size_t(16 * shape.size + 2 * (k / 32 * 16 + token.position % 16));
}

double AttentionData::decode(const char *cache, int part, Row token,
                             int64_t head, int64_t k) const {
  size_t at = findElement(part, token, head, k);
  if (!shape.isQuantized())
    return readElement(shape.cacheType,
                       cache + at * size_t(getBytes(shape.cacheType)));
  return readElement("bf16", cache + findScale(part, token, head, k)) *
         int8_t(cache[at]);
}

/// A token that a session has written before.
void AttentionData::writeHead(char *cache, int part, Row token,
                              int64_t head) const {
  for (int64_t k = 0; k < shape.size; ++k) {
    float number = draw(part, token, head, k);
    size_t at = findElement(part, token, head, k);
    if (shape.isQuantized()) {
      // Numbers are below 2; scales that differ from group to group.
      float scale = float(2 + (token.position + k / 32) % 3) / 127;
      char *stored = cache + findScale(part, token, head, k);
      writeElement("bf16", scale, stored);
      cache[at] = char(std::lround(number / readElement("bf16", stored)));
      continue;
    }
    writeElement(shape.cacheType, number,
                 cache + at * size_t(getBytes(shape.cacheType)));
  }
}

Bytes AttentionData::makeCache() const {
  Bytes cache(size_t(2 * shape.kvHeads * kCapacity * shape.numbers() *
                     getBytes(shape.cacheType)),
              0);
  // Positions below the run's.
  for (int64_t sequence = 0; sequence < kSequences; ++sequence)
    for (int64_t p = 0; p < (sequence == 1 ? 150 : sequence == 2 ? 11 : 0); ++p)
      for (int part = 0; part < 2; ++part)
        for (int64_t head = 0; head < shape.kvHeads; ++head)
          writeHead(cache.data(), part, {sequence, p}, head);
  return cache;
}

/// Spans of the rows, as short as `span_rows` says.
std::vector<std::vector<int64_t>>
AttentionData::makeSpans(const std::vector<Row> &rows) const {
  std::vector<std::vector<int64_t>> spans;
  for (size_t r = 0; r < rows.size(); ++r)
    if (r > 0 && rows[r].sequence == rows[r - 1].sequence &&
        spans.back()[1] < spanRows())
      ++spans.back()[1];
    else
      spans.push_back(
          {int64_t(r), 1, rows[r].sequence * kTokens, rows[r].position});
  return spans;
}

std::vector<Bytes> AttentionData::makeInputs(int64_t count) const {
  std::vector<Row> rows = getRows(count);
  std::vector<int64_t> places, spans, merges;
  for (const Row &row : rows)
    places.push_back(row.sequence * kTokens + row.position);
  int64_t slot = 0;
  for (const std::vector<int64_t> &span : makeSpans(rows)) {
    int64_t seen = span[3] + span[1], step = shape.part ? shape.part : seen;
    int64_t parts = (seen + step - 1) / step;
    for (int64_t part = 0; part < parts; ++part) {
      spans.insert(spans.end(), span.begin(), span.end());
      int64_t more[] = {part * step, std::min(seen, (part + 1) * step),
                        parts > 1 ? slot + part * span[1] : -1};
      if (shape.part)
        spans.insert(spans.end(), more, more + 3);
    }
    for (int64_t row = 0; parts > 1 && row < span[1]; ++row)
      merges.insert(merges.end(), {span[0] + row, slot + row, parts, span[1]});
    slot += parts > 1 ? parts * span[1] : 0;
  }
  Bytes extents = toBytes<int64_t>({count, count, kCapacity,
                                    int64_t(spans.size()) / spanNumbers(),
                                    int64_t(merges.size()) / 4});
  places.resize(kMostRows);
  spans.resize(size_t(spanNumbers() * kSlots));
  merges.resize(4 * kMostRows);
  // What no part has written must not be read: NaN.
  Bytes parts(size_t(kSlots * shape.partNumbers() * 4), char(-1));
  std::vector<Bytes> inputs = {toBytes(query), toBytes(key),    toBytes(value),
                               toBytes(table), toBytes(places), makeCache(),
                               toBytes(spans), extents};
  if (shape.part)
    inputs.insert(inputs.end(), {parts, toBytes(merges)});
  return inputs;
}

AttentionData::Vector
AttentionData::makeHead(const std::vector<float> &rows, int64_t heads,
                        int64_t r, int64_t head,
                        const std::vector<float> &norm) const {
  const float *row = rows.data() + r * heads * shape.size;
  Vector x(row + head * shape.size, row + (head + 1) * shape.size);
  for (double &number : x)
    number = clipped(number);
  if (shape.rotatesFirst)
    rotate(r, x);
  if (!norm.empty())
    normalize(row, head, norm, x);
  if (!shape.rotatesFirst)
    rotate(r, x);
  return x;
}

/// Statistics are of `row` as it was given; rotations do not change them.
void AttentionData::normalize(const float *row, int64_t head,
                              const std::vector<float> &norm, Vector &x) const {
  bool isAll = shape.norm == HeadNorm::All;
  int64_t count = isAll ? int64_t(norm.size()) : shape.size;
  const float *from = row + (isAll ? 0 : head * shape.size);
  double mean = 0, squares = 0;
  for (int64_t i = 0; shape.isCentered && i < count; ++i)
    mean += clipped(from[i]) / double(count);
  for (int64_t i = 0; i < count; ++i)
    squares += std::pow(clipped(from[i]) - mean, 2);
  double factor = 1 / std::sqrt(squares / double(count) + 1e-6);
  int64_t first = shape.norm == HeadNorm::Each ? 0 : head * shape.size;
  for (int64_t k = 0; k < shape.size; ++k)
    x[size_t(k)] = (x[size_t(k)] - mean) * factor * norm[size_t(first + k)];
}

void AttentionData::rotate(int64_t r, Vector &x) const {
  int64_t half = shape.rotated / 2;
  const float *cosines = table.data() + r * shape.rotated;
  for (int64_t i = 0; i < half; ++i) {
    double &a = x[size_t(shape.isInterleaved ? 2 * i : i)];
    double &b = x[size_t(shape.isInterleaved ? 2 * i + 1 : half + i)];
    double c = cosines[i], s = cosines[half + i], first = a;
    a = first * c - b * s;
    b = b * c + first * s;
  }
}

AttentionData::Vector AttentionData::readToken(const std::vector<Row> &rows,
                                               Row token, int64_t head,
                                               int part) const {
  Vector x;
  for (size_t r = 0; r < rows.size(); ++r)
    if (rows[r].sequence == token.sequence &&
        rows[r].position == token.position) {
      if (part == 0)
        x = makeHead(key, shape.kvHeads, int64_t(r), head, keyNorm);
      else
        x.assign(value.begin() +
                     ((int64_t(r) * shape.kvHeads) + head) * shape.size,
                 value.begin() +
                     ((int64_t(r) * shape.kvHeads) + head + 1) * shape.size);
      for (double &number : x)
        number = part == 0 ? number : clipped(number);
    }
  for (int64_t k = 0; x.size() < size_t(shape.size); ++k)
    x.push_back(draw(part, token, head, k));
  if (!shape.isQuantized())
    for (double &number : x)
      number = roundTo(shape.cacheType, number);
  return x;
}

void AttentionData::addHead(const std::vector<Row> &rows, int64_t r,
                            int64_t head, const char *cache,
                            Vector &expected) const {
  Vector q = makeHead(query, shape.heads, r, head, queryNorm);
  int64_t own = rows[size_t(r)].position,
          kvHead = head / (shape.heads / shape.kvHeads);
  int64_t first =
      shape.window ? std::max<int64_t>(0, own - shape.window + 1) : 0;
  // What is quantized is what checkCache has found to be close enough.
  auto read = [&](Row token, int part) {
    Vector x = readToken(rows, token, kvHead, part);
    for (int64_t k = 0; shape.isQuantized() && k < shape.size; ++k)
      x[size_t(k)] = decode(cache, part, token, kvHead, k);
    return x;
  };
  Vector sum(size_t(shape.size), 0.0);
  double weights = sinks.empty() ? 0 : std::exp(sinks[size_t(head)]);
  for (int64_t p = first; p <= own; ++p) {
    Row token{rows[size_t(r)].sequence, p};
    Vector k = read(token, 0);
    double score = 0;
    for (size_t i = 0; i < q.size(); ++i)
      score += scale * q[i] * k[i];
    if (shape.softCap != 0)
      score = shape.softCap * std::tanh(score / shape.softCap);
    if (shape.hasSlopes)
      score += slopes[size_t(head)] * double(p - own);
    double weight = std::exp(score);
    weights += weight;
    Vector v = read(token, 1);
    for (size_t i = 0; i < v.size(); ++i)
      sum[i] += weight * v[i];
  }
  for (double number : sum)
    expected.push_back(number / weights);
}

/// Of an element with the group's `scale`, or zero.
std::string AttentionData::checkNumber(double wanted, double got,
                                       double scale) const {
  double unit = shape.cacheType == "f32" || scale != 0 ? 4e-6
                : shape.cacheType == "f16"             ? 0x1p-10
                                                       : 0x1p-7;
  double tolerance = unit * (std::fabs(wanted) + 0.01) + 0.5001 * scale;
  if (std::fabs(got - wanted) <= tolerance)
    return "";
  return "expected " + std::to_string(wanted) + ", but got " +
         std::to_string(got);
}

/// Keys and values of the run are where the drawing says, and nothing else
/// changed.
std::string AttentionData::checkCache(const std::vector<Row> &rows,
                                      const char *cache) const {
  size_t bytes = size_t(getBytes(shape.cacheType));
  Bytes before = makeCache();
  for (const Row &row : rows)
    for (int part = 0; part < 2; ++part)
      for (int64_t head = 0; head < shape.kvHeads; ++head) {
        Vector expected = readToken(rows, row, head, part);
        for (int64_t k = 0; k < shape.size; ++k) {
          size_t at = findElement(part, row, head, k) * bytes;
          double scale = 0;
          if (shape.isQuantized()) {
            // As small as the group's largest number allows.
            size_t scaleAt = findScale(part, row, head, k);
            auto from = expected.begin() + k / 32 * 32;
            double most = 0;
            for (auto i = from; i < expected.end() && i < from + 32; ++i)
              most = std::max(most, std::fabs(*i));
            scale = readElement("bf16", cache + scaleAt);
            if (scale < most / 127.001 || scale > most / 125.9)
              return "scale of " + std::to_string(most) + " is " +
                     std::to_string(scale);
            std::copy_n(cache + scaleAt, 2, before.begin() + int64_t(scaleAt));
          }
          std::string difference = checkNumber(
              expected[size_t(k)], decode(cache, part, row, head, k), scale);
          if (!difference.empty())
            return (part ? "value" : "key") + std::string(" of position ") +
                   std::to_string(row.position) + ": " + difference;
          std::copy_n(cache + at, bytes, before.begin() + int64_t(at));
        }
      }
  return std::memcmp(cache, before.data(), before.size()) == 0
             ? ""
             : "places of no row changed";
}

std::string AttentionData::check(const DecoderRun &run) const {
  std::vector<Row> rows = getRows(run.rows);
  std::string difference = checkCache(rows, run.inputs[5].data());
  Vector queries, results;
  for (int64_t r = 0; r < run.rows; ++r)
    for (int64_t head = 0; head < shape.heads; ++head) {
      Vector q = makeHead(query, shape.heads, r, head, queryNorm);
      queries.insert(queries.end(), q.begin(), q.end());
      addHead(rows, r, head, run.inputs[5].data(), results);
    }
  int64_t count = kMostRows * shape.heads * shape.size;
  Vector tolerances(queries.size(), 1e-5);
  if (difference.empty())
    difference = findDifference(queries, tolerances, run.floats(0), count);
  // Keys of the run may be rounded to the neighbour of what they should be.
  tolerances.assign(results.size(), shape.cacheType == "f16"    ? 1e-3
                                    : shape.cacheType == "bf16" ? 8e-3
                                                                : 1e-5);
  if (difference.empty())
    difference = findDifference(results, tolerances, run.floats(1), count);
  return difference;
}

} // namespace qcc::numerics_test
