// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sections one after another, each the array that tokenizer_data.h says. The
// result is opened once as the runtime will open it, so that what the runtime
// refuses is an error here.

#include "compiler/Import/Tokenizer/TokenizerBuilder.h"

#include "compiler/Import/Tokenizer/TrieBuilder.h"
#include "runtime/text/normalizer.h"
#include "runtime/text/tokenizer.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MathExtras.h"

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>

using namespace llvm;
using namespace qcc::text;

namespace qcc {

namespace {

class Builder {
public:
  explicit Builder(const TokenizerDescription &description) : in(description) {}

  Expected<std::vector<char>> build(ArrayRef<std::string> normalizedNames);

private:
  Error checkIds() const;
  void addSymbols();
  Error addMerges();
  void addScores();
  void addTries(ArrayRef<std::string> normalizedNames);
  void addSteps();
  void addIds();
  std::vector<char> write();

  uint32_t internSymbol(const std::string &text);
  Text addText(StringRef text);
  void putTrie(Section first, const TrieArrays &trie);
  template <typename T> void put(Section section, ArrayRef<T> values) {
    const char *bytes = reinterpret_cast<const char *>(values.data());
    sections[section].assign(bytes, bytes + values.size() * sizeof(T));
  }
  template <typename T>
  void put(Section section, const std::vector<T> &values) {
    put(section, ArrayRef<T>(values));
  }

  const TokenizerDescription &in;
  Header header = {};
  std::vector<std::string> symbols; // tokens, then strings between merges
  StringMap<uint32_t> symbolIds;    // what the model finds
  std::vector<Merge> merges;
  std::string strings;
  std::vector<char> sections[kSectionCount];
};

} // namespace

/// Twice the entries, and room for the free slot that ends searches.
static size_t slotCount(size_t entries) {
  return PowerOf2Ceil(std::max<size_t>(2 * entries, 2));
}

Error Builder::checkIds() const {
  auto fail = [](const Twine &what, int64_t id) {
    return createStringError("tokenizer: expected " + what +
                             " to be in the vocabulary, but got id " +
                             Twine(id));
  };
  int64_t count = int64_t(in.tokens.size());
  if (count == 0 || count > kMaxTokens)
    return createStringError("tokenizer: expected 1 to " + Twine(kMaxTokens) +
                             " tokens, but got " + Twine(count));
  const std::pair<const char *, int32_t> special[] = {{"bos", in.bos},
                                                      {"eos", in.eos},
                                                      {"eot", in.eot},
                                                      {"unknown", in.unknown},
                                                      {"pad", in.pad}};
  for (auto [name, id] : special)
    if (id != kNoToken && (id < 0 || id >= count))
      return fail(name, id);
  for (const auto *ids : {&in.prefixIds, &in.suffixIds, &in.endIds})
    for (int32_t id : *ids)
      if (id < 0 || id >= count)
        return fail("special tokens", id);
  for (const NamedToken &token : in.added)
    if (token.id < 0 || token.id >= count)
      return fail("'" + token.text + "'", token.id);
  return Error::success();
}

uint32_t Builder::internSymbol(const std::string &text) {
  auto [entry, isNew] = symbolIds.try_emplace(text, uint32_t(symbols.size()));
  if (isNew)
    symbols.push_back(text);
  return entry->second;
}

Error Builder::addMerges() {
  std::map<std::pair<uint32_t, uint32_t>, size_t> ranks;
  for (const TokenizerMerge &merge : in.merges) {
    Merge made = {internSymbol(merge.left), internSymbol(merge.right),
                  internSymbol(merge.result)};
    auto [entry, isNew] =
        ranks.try_emplace({made.left, made.right}, merges.size());
    if (!isNew && !in.isLastMergeKept)
      continue;
    entry->second = merges.size();
    merges.push_back(made);
  }
  // The last value of all bits is the free slot.
  if (symbols.size() >= (size_t(1) << kSlotSymbolBits))
    return createStringError(
        "tokenizer: expected fewer than " + Twine(1 << kSlotSymbolBits) +
        " strings in tokens and merges, but got " + Twine(symbols.size()));
  size_t mask = slotCount(merges.size()) - 1;
  std::vector<int32_t> slots(mask + 1, kNoToken);
  for (auto [pair, rank] : ranks) {
    size_t slot = hashMerge(pair.first, pair.second) & mask;
    while (slots[slot] != kNoToken)
      slot = (slot + 1) & mask;
    slots[slot] = int32_t(rank);
  }
  put(kMerges, merges);
  put(kMergeSlots, slots);
  return Error::success();
}

void Builder::addSymbols() {
  std::vector<uint32_t> offsets = {0};
  std::vector<uint8_t> kinds(symbols.size(), kMissing);
  std::vector<char> &bytes = sections[kTokenBytes];
  for (auto [index, symbol] : enumerate(symbols)) {
    if (index < in.tokens.size())
      kinds[index] = in.tokens[index].kind;
    bytes.insert(bytes.end(), symbol.begin(), symbol.end());
    offsets.push_back(uint32_t(bytes.size()));
  }
  size_t mask = slotCount(symbolIds.size()) - 1;
  std::vector<uint32_t> slots(mask + 1, kFreeSlot);
  // In the order of ids, so that the bytes do not depend on a hash map.
  for (auto [index, symbol] : enumerate(symbols)) {
    auto entry = symbolIds.find(symbol);
    if (entry == symbolIds.end() || entry->second != index)
      continue;
    uint64_t hash = hashText(symbol.data(), symbol.size());
    size_t slot = hash & mask;
    while (slots[slot] != kFreeSlot)
      slot = (slot + 1) & mask;
    slots[slot] = makeSlot(hash, uint32_t(index));
    header.longest = std::max(header.longest, uint32_t(symbol.size()));
  }
  put(kTokenOffsets, offsets);
  put(kTokenKinds, kinds);
  put(kSymbolSlots, slots);
}

void Builder::addScores() {
  size_t count = in.tokens.size();
  if (in.model == Model::Unigram) {
    std::vector<double> scores;
    for (const TokenizerToken &token : in.tokens)
      scores.push_back(token.score);
    put(kScores, scores);
  }
  if (in.model != Model::ScoredPair)
    return;
  std::vector<uint32_t> order(count), ranks(count);
  std::iota(order.begin(), order.end(), 0);
  llvm::stable_sort(order, [&](uint32_t a, uint32_t b) {
    return in.tokens[a].score > in.tokens[b].score;
  });
  uint32_t rank = 0;
  for (size_t i = 0; i < count; ++i) {
    if (i > 0 && in.tokens[order[i]].score != in.tokens[order[i - 1]].score)
      rank = uint32_t(i);
    ranks[order[i]] = rank;
  }
  put(kRanks, ranks);
}

void Builder::putTrie(Section first, const TrieArrays &trie) {
  put(first, trie.firsts);
  put(Section(first + 1), trie.labels);
  put(Section(first + 2), trie.values);
}

void Builder::addTries(ArrayRef<std::string> normalizedNames) {
  using Strings = std::vector<std::pair<std::string_view, int32_t>>;
  Strings vocabulary, raw, normalized;
  if (in.model == Model::Unigram || in.model == Model::WordPiece)
    for (auto [index, token] : enumerate(in.tokens)) {
      bool isFound = in.model == Model::WordPiece ||
                     (token.kind != kControl && token.kind != kUnknown &&
                      token.kind != kByte) ||
                     in.search == AddedSearch::Leftmost;
      if (token.isInModel && isFound)
        vocabulary.push_back({token.text, int32_t(index)});
    }
  std::vector<Added> added;
  for (auto [index, token] : enumerate(in.added)) {
    added.push_back({token.id, token.flags});
    // A part of a character is no place where valid text may be cut.
    if (!(in.flags & kRawBytes) && !json::isUTF8(token.text))
      continue;
    if (token.isNormalized)
      normalized.push_back({normalizedNames[index], int32_t(index)});
    else
      raw.push_back({token.text, int32_t(index)});
  }
  if (!in.userDefined.empty() && added.empty())
    added.push_back({0, kSpecial});
  for (const std::string &name : in.userDefined)
    if (json::isUTF8(name))
      normalized.push_back({name, 0});
  put(kAdded, added);
  putTrie(kTrieFirsts, buildTrie(std::move(vocabulary)));
  putTrie(kAddedFirsts, buildTrie(std::move(raw)));
  putTrie(kNormalizedFirsts, buildTrie(std::move(normalized)));
}

Text Builder::addText(StringRef text) {
  Text result = {uint32_t(strings.size()), uint32_t(text.size())};
  strings += text;
  return result;
}

void Builder::addSteps() {
  const std::pair<Section, const std::vector<TokenizerStep> *> lists[] = {
      {kNormalizers, &in.normalizers},
      {kSplitters, &in.splitters},
      {kDecoders, &in.decoders}};
  for (auto [section, list] : lists) {
    std::vector<Step> steps;
    for (const TokenizerStep &step : *list)
      steps.push_back({step.kind, step.flags, addText(step.first),
                       addText(step.second), step.value, step.behavior});
    put(section, steps);
  }
  header.wordPrefix = addText(in.wordPrefix);
  header.continuationPrefix = addText(in.continuationPrefix);
  header.wordSuffix = addText(in.wordSuffix);
  header.chatTemplate = addText(in.chatTemplate);
  sections[kStrings].assign(strings.begin(), strings.end());
}

void Builder::addIds() {
  std::vector<int32_t> ends = in.endIds;
  llvm::sort(ends);
  ends.erase(llvm::unique(ends), ends.end());
  put(kEndIds, ends);
  put(kPrefixIds, in.prefixIds);
  put(kSuffixIds, in.suffixIds);
  put(kByteTokens, in.byteTokens);
}

std::vector<char> Builder::write() {
  header.magic = kMagic;
  header.version = kLayoutVersion;
  header.model = in.model;
  header.search = in.search;
  header.flags = in.flags;
  header.vocabulary = uint32_t(in.tokens.size());
  header.symbols = uint32_t(symbols.size());
  header.bos = in.bos;
  header.eos = in.eos;
  header.eot = in.eot;
  header.unknown = in.unknown;
  header.pad = in.pad;
  header.maxCharacters = in.maxCharacters;
  header.unknownScore = in.unknownScore;
  std::vector<char> bytes(sizeof(Header));
  for (auto [index, section] : enumerate(sections)) {
    bytes.resize(alignTo(bytes.size(), 8));
    header.sections[index] = {bytes.size(), section.size()};
    bytes.insert(bytes.end(), section.begin(), section.end());
  }
  bytes.resize(alignTo(bytes.size(), 8));
  header.size = bytes.size();
  std::memcpy(bytes.data(), &header, sizeof header);
  return bytes;
}

Expected<std::vector<char>>
Builder::build(ArrayRef<std::string> normalizedNames) {
  if (Error error = checkIds())
    return error;
  uint64_t bytes = 0;
  for (auto [index, token] : enumerate(in.tokens)) {
    symbols.push_back(token.text);
    bytes += token.text.size();
    if (token.isInModel)
      symbolIds[token.text] = uint32_t(index);
  }
  for (const TokenizerMerge &merge : in.merges)
    bytes += merge.left.size() + merge.right.size() + merge.result.size();
  if (bytes > std::numeric_limits<int32_t>::max())
    return createStringError("tokenizer: expected strings of less than 2 GiB, "
                             "but got " +
                             Twine(bytes) + " bytes");
  if (Error error = addMerges())
    return error;
  addSymbols();
  addScores();
  addTries(normalizedNames);
  addSteps();
  addIds();
  return write();
}

/// The names of added tokens as they look in normalized text.
static Expected<std::vector<std::string>>
normalizeNames(const TokenizerDescription &description) {
  std::vector<std::string> names;
  for (const NamedToken &token : description.added)
    names.push_back(token.text);
  bool isPlain = description.normalizers.empty() ||
                 llvm::none_of(description.added, [](const NamedToken &token) {
                   return token.isNormalized;
                 });
  if (isPlain)
    return names;
  // A tokenizer of one token and the steps alone.
  TokenizerDescription small;
  small.tokens = {{"x", kNormal, 0, true}};
  small.normalizers = description.normalizers;
  Expected<std::vector<char>> bytes = Builder(small).build({});
  if (!bytes)
    return bytes.takeError();
  DataView view;
  Normalizer normalizer;
  std::string why = "its data does not hold together";
  if (view.open(reinterpret_cast<const uint8_t *>(bytes->data()),
                bytes->size()) ||
      !normalizer.open(view, why))
    return createStringError("tokenizer: expected a normalizer's pattern, "
                             "but got an error: " +
                             why);
  for (auto [name, token] : zip(names, description.added))
    if (token.isNormalized)
      normalizer.apply({true, true}, name);
  return names;
}

Expected<std::vector<char>>
buildTokenizer(const TokenizerDescription &description) {
  Expected<std::vector<std::string>> names = normalizeNames(description);
  if (!names)
    return names.takeError();
  Expected<std::vector<char>> bytes = Builder(description).build(*names);
  if (!bytes)
    return bytes;
  qcc_rt_tokenizer_t *tokenizer = nullptr;
  qcc_status_t status;
  if (qcc_rt_tokenizer_create(reinterpret_cast<uint8_t *>(bytes->data()),
                              int64_t(bytes->size()), &tokenizer,
                              &status) != QCC_OK)
    return createStringError(StringRef("tokenizer: ") + status.message);
  qcc_rt_tokenizer_destroy(tokenizer);
  return bytes;
}

} // namespace qcc
