// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Prints and parses the statistics file. Numbers are printed with as few
// digits as give the same float back.

#include "passes/Calibrate/Statistics.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

#include <charconv>
#include <cmath>

using namespace llvm;

namespace qcc::calibrate {

static constexpr const char *firstLine = "qcc-statistics 1";

const TensorStatistics *Statistics::find(StringRef name) const {
  for (const TensorStatistics &tensor : tensors)
    if (tensor.name == name)
      return &tensor;
  return nullptr;
}

Range Statistics::rangeOf(const TensorStatistics &tensor,
                          CalibrationMethod method) {
  return tensor.editedRange ? *tensor.editedRange
                            : tensor.proposals[static_cast<size_t>(method)];
}

TensorStatistics summarize(const RangeObserver &observer) {
  TensorStatistics tensor;
  tensor.name = observer.name();
  tensor.minimum = observer.minimum();
  tensor.maximum = observer.maximum();
  tensor.proposals = observer.chooseRanges();
  tensor.channelMeans = observer.channelMeans();
  for (Range range : observer.channelRanges()) {
    tensor.channelLows.push_back(range.low);
    tensor.channelHighs.push_back(range.high);
  }
  return tensor;
}

//===-- Print -------------------------------------------------------------===//

static std::string printFloat(float value) {
  char text[32];
  auto end = std::to_chars(text, text + sizeof(text), value).ptr;
  return std::string(text, end);
}

static std::string printRange(Range range) {
  return printFloat(range.low) + " " + printFloat(range.high);
}

/// Names are bytes from a model file: all but plain text becomes \xx.
static std::string printName(StringRef name) {
  std::string text = "\"";
  for (char c : name) {
    if (isPrint(c) && c != '"' && c != '\\')
      text += c;
    else
      text += "\\" + toHex(StringRef(&c, 1), /*LowerCase=*/true);
  }
  return text + "\"";
}

static void printList(raw_ostream &out, StringRef key, ArrayRef<float> values) {
  if (values.empty())
    return;
  out << "  " << key;
  for (float value : values)
    out << " " << printFloat(value);
  out << "\n";
}

std::string printStatistics(const Statistics &statistics) {
  std::string text;
  raw_string_ostream out(text);
  out << firstLine << "\nmethod " << getName(statistics.method) << "\nsamples "
      << statistics.samples << "\n";
  for (const TensorStatistics &tensor : statistics.tensors) {
    out << "\ntensor " << printName(tensor.name) << "\n  observed "
        << printFloat(tensor.minimum) << " " << printFloat(tensor.maximum)
        << "\n  range "
        << printRange(Statistics::rangeOf(tensor, statistics.method)) << "\n";
    for (size_t i = 0; i < calibrationMethodCount; ++i)
      out << "  " << getName(static_cast<CalibrationMethod>(i)) << " "
          << printRange(tensor.proposals[i]) << "\n";
    printList(out, "means", tensor.channelMeans);
    printList(out, "lows", tensor.channelLows);
    printList(out, "highs", tensor.channelHighs);
  }
  return text;
}

//===-- Parse -------------------------------------------------------------===//

namespace {

/// Reads line by line. Functions return false after `fail` has said why.
class StatisticsParser {
public:
  StatisticsParser(StringRef text, StringRef fileName)
      : rest(text), fileName(fileName) {}

  Expected<Statistics> parse() {
    if (!parseFile())
      return createStringError(Twine(fileName) + ":" + Twine(lineNumber) +
                               ": expected " + wanted + ", but got " + got);
    return std::move(statistics);
  }

private:
  bool parseFile();
  bool parseTensor();
  bool parseProperty();
  bool finishTensor();
  bool parseName(std::string &name);
  bool parsePair(float &first, float &second);
  bool parseRange(Range &range);
  bool parseList(std::vector<float> &values);
  bool nextLine();

  bool fail(const Twine &expected, const Twine &actual) {
    wanted = expected.str();
    got = actual.str();
    return false;
  }
  /// The current line in quotes, cut to a readable length.
  std::string shown() const {
    return lineNumber && !line.empty()
               ? "'" + printEscaped(line.take_front(60)) + "'"
               : std::string("the end of the file");
  }
  static std::string printEscaped(StringRef text) {
    std::string result;
    for (char c : text)
      result += isPrint(c) ? c : '?';
    return result;
  }

  StringRef rest;
  StringRef fileName;
  StringRef line; ///< Without comment and blanks.
  size_t lineNumber = 0;
  std::string wanted, got;

  Statistics statistics;
  StringSet<> names;
  StringSet<> properties; ///< Of the current tensor.
  std::optional<Range> writtenRange;
};

} // namespace

/// Moves to the next line that says something.
bool StatisticsParser::nextLine() {
  while (!rest.empty()) {
    std::tie(line, rest) = rest.split('\n');
    ++lineNumber;
    // Inside a name `#` is text.
    line = line.trim();
    if (!line.starts_with("tensor"))
      line = line.split('#').first.trim();
    if (!line.empty())
      return true;
  }
  line = "";
  return false;
}

bool StatisticsParser::parseFile() {
  if (!nextLine() || line != firstLine)
    return fail(Twine("'") + firstLine + "'", shown());
  if (!nextLine() || !line.consume_front("method "))
    return fail("'method' and a calibration method", shown());
  StringRef word = line.trim();
  auto method = parseCalibrationMethod({word.data(), word.size()});
  if (!method)
    return fail("minmax, percentile, entropy or mse", shown());
  statistics.method = *method;
  if (!nextLine() || !line.consume_front("samples ") ||
      line.trim().getAsInteger(10, statistics.samples))
    return fail("'samples' and a number", shown());
  bool hasMore = nextLine();
  while (hasMore) {
    if (!line.consume_front("tensor "))
      return fail("'tensor' and a name in quotes", shown());
    if (!parseTensor())
      return false;
    while ((hasMore = nextLine()) && !line.starts_with("tensor "))
      if (!parseProperty())
        return false;
    if (!finishTensor())
      return false;
  }
  return true;
}

bool StatisticsParser::parseTensor() {
  TensorStatistics tensor;
  if (!parseName(tensor.name))
    return fail("a name in quotes", shown());
  if (!names.insert(tensor.name).second)
    return fail("each tensor once", "a second " + printName(tensor.name));
  statistics.tensors.push_back(std::move(tensor));
  properties.clear();
  writtenRange.reset();
  return true;
}

bool StatisticsParser::parseName(std::string &name) {
  StringRef text = line.trim();
  if (!text.consume_front("\""))
    return false;
  while (!text.empty() && text[0] != '"') {
    unsigned code = static_cast<unsigned char>(text[0]);
    text = text.drop_front();
    if (code == '\\') {
      if (text.size() < 2 || text.take_front(2).getAsInteger(16, code))
        return false;
      text = text.drop_front(2);
    }
    name += static_cast<char>(code);
  }
  if (!text.consume_front("\""))
    return false;
  text = text.trim();
  return text.empty() || text.starts_with("#");
}

static bool parseFloat(StringRef text, float &value) {
  auto [end, reason] =
      std::from_chars(text.data(), text.data() + text.size(), value);
  return reason == std::errc() && end == text.data() + text.size() &&
         std::isfinite(value);
}

bool StatisticsParser::parsePair(float &first, float &second) {
  SmallVector<StringRef> words;
  SplitString(line, words);
  return words.size() == 3 && parseFloat(words[1], first) &&
         parseFloat(words[2], second) && first <= second;
}

bool StatisticsParser::parseRange(Range &range) {
  if (!parsePair(range.low, range.high) || range.low > 0 || range.high < 0)
    return fail("two finite numbers, low <= 0 <= high", shown());
  return true;
}

bool StatisticsParser::parseList(std::vector<float> &values) {
  SmallVector<StringRef> words;
  SplitString(line, words);
  for (StringRef word : ArrayRef(words).drop_front()) {
    float value = 0;
    if (!parseFloat(word, value))
      return fail("finite numbers",
                  "'" + printEscaped(word.take_front(60)) + "'");
    values.push_back(value);
  }
  return true;
}

bool StatisticsParser::parseProperty() {
  TensorStatistics &tensor = statistics.tensors.back();
  StringRef key = line.take_until([](char c) { return isSpace(c); });
  if (!properties.insert(key).second)
    return fail(Twine("one line '") + key + "' for each tensor", "another");
  if (key == "observed")
    return parsePair(tensor.minimum, tensor.maximum) ||
           fail("two finite numbers, smallest first", shown());
  if (key == "range")
    return parseRange(writtenRange.emplace());
  if (key == "means")
    return parseList(tensor.channelMeans);
  if (key == "lows")
    return parseList(tensor.channelLows);
  if (key == "highs")
    return parseList(tensor.channelHighs);
  auto method = parseCalibrationMethod({key.data(), key.size()});
  if (!method)
    return fail("observed, range, minmax, percentile, entropy, mse, means, "
                "lows or highs",
                shown());
  return parseRange(tensor.proposals[static_cast<size_t>(*method)]);
}

/// A range that no method proposed was written by a person.
bool StatisticsParser::finishTensor() {
  TensorStatistics &tensor = statistics.tensors.back();
  if (!properties.contains("observed"))
    return fail(Twine("a line 'observed' for ") + printName(tensor.name),
                "none");
  for (size_t i = 0; i < calibrationMethodCount; ++i) {
    const char *name = getName(static_cast<CalibrationMethod>(i));
    if (!properties.contains(name))
      return fail(Twine("a line '") + name + "' for " + printName(tensor.name),
                  "none");
  }
  if (tensor.channelLows.size() != tensor.channelHighs.size())
    return fail(Twine("as many lows as highs for ") + printName(tensor.name),
                Twine(tensor.channelLows.size()) + " and " +
                    Twine(tensor.channelHighs.size()));
  auto method = static_cast<size_t>(statistics.method);
  if (writtenRange && !(*writtenRange == tensor.proposals[method]))
    tensor.editedRange = writtenRange;
  return true;
}

Expected<Statistics> parseStatistics(StringRef text, StringRef fileName) {
  return StatisticsParser(text, fileName).parse();
}

//===-- Files -------------------------------------------------------------===//

static Error cannotWrite(StringRef path, std::error_code reason) {
  return createStringError(
      Twine(path) + ": expected a writable file, but got " + reason.message());
}

static Error writeText(StringRef name, StringRef path, StringRef text) {
  std::error_code reason;
  raw_fd_ostream out(name, reason, sys::fs::OF_None);
  if (reason)
    return cannotWrite(path, reason);
  out << text;
  out.flush();
  reason = out.error();
  // An error left on the stream would end the process.
  out.clear_error();
  return reason ? cannotWrite(path, reason) : Error::success();
}

Error saveStatistics(StringRef path, const Statistics &statistics) {
  std::string text = printStatistics(statistics);
  sys::fs::file_status status;
  // `-` is standard output; it, devices and pipes cannot be replaced.
  if (path == "-" ||
      (!sys::fs::status(path, status) && sys::fs::is_other(status)))
    return writeText(path, path, text);
  Expected<sys::fs::TempFile> file =
      sys::fs::TempFile::create(path + ".%%%%%%%%");
  if (!file)
    return cannotWrite(path, errorToErrorCode(file.takeError()));
  if (Error error = writeText(file->TmpName, path, text))
    return joinErrors(std::move(error), file->discard());
  if (Error error = file->keep(path))
    return cannotWrite(path, errorToErrorCode(std::move(error)));
  return Error::success();
}

Expected<Statistics> loadStatistics(StringRef path) {
  auto file = MemoryBuffer::getFileOrSTDIN(path);
  if (!file)
    return createStringError(Twine(path) +
                             ": expected a readable statistics file, but "
                             "got " +
                             file.getError().message());
  return parseStatistics((*file)->getBuffer(), path);
}

} // namespace qcc::calibrate
