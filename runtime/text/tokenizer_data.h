// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The bytes that a tokenizer is made of: compiler/Import/Tokenizer writes
// them, runtime/text reads them where they lie. Little-endian, aligned to
// eight bytes; all tables are ready to use, so that nothing is parsed:
//
//   Header | section | section | ...     each section aligned to eight bytes
//
// One file: the layout is one thing, and both sides read all of it.

#ifndef RUNTIME_TEXT_TOKENIZERDATA_H
#define RUNTIME_TEXT_TOKENIZERDATA_H

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace qcc::text {

constexpr uint32_t kMagic = 0x6b6f7471; // "qtok"
constexpr uint32_t kLayoutVersion = 1;
constexpr int32_t kNoToken = -1;

/// How text becomes tokens after it was cut into pieces.
enum class Model : uint32_t {
  BytePair,   // pairs of symbols merge in the order of a list
  ScoredPair, // neighbours merge whose union is the best ranked token
  Unigram,    // the most probable sequence of tokens
  WordPiece,  // the longest token first, all of a piece or nothing
  WordLevel,  // the piece is a token
};

/// How tokens that are named in the text are found before anything else.
enum class AddedSearch : uint32_t {
  Leftmost, // of a Hugging Face file: the first, and of those the longest
  Longest,  // of GGUF: the longest anywhere in the text first
};

enum TokenKind : uint8_t {
  kNormal,
  kUnknown,
  kControl,
  kUserDefined,
  kByte,
  kUnused,
  kMissing, // an id that no token has
};

enum ModelFlags : uint32_t {
  kByteFallback = 1,   // characters without a token become bytes
  kFuseUnknown = 2,    // neighbouring unknown characters are one token
  kIgnoreMerges = 4,   // a piece that is a token is not merged
  kPartialBytes = 8,   // bytes without a token are left out, not the character
  kUnknownIsZero = 16, // scores of user-defined tokens count as zero
  kJoinWithSpace = 32, // there is no decoder: tokens are joined by spaces
  kRawBytes = 64,      // invalid UTF-8 reaches the model as it is
};

enum AddedFlags : uint32_t {
  kSpecial = 1, // only found where the caller wants special tokens
  kLeftStrip = 2,
  kRightStrip = 4,
  kSingleWord = 8,
};

struct Added {
  int32_t id;
  uint32_t flags;
};

/// What a step of a normalizer, of a pre-tokenizer or of a decoder does.
enum class StepKind : uint32_t {
  // Normalizers: text to text.
  Nfc,
  Nfd,
  Nfkc,
  Nfkd,
  Lowercase,
  StripAccents,  // kAllMarks: also spacing and enclosing ones
  CleanText,     // drops controls, every blank becomes a space; kDropBlanks
  SpaceChinese,  // spaces around Chinese characters
  Strip,         // kLeft, kRight
  Prepend,       // `first`, unless the text is empty
  PrependAfter,  // `first`, at the start and after a special token
  ReplaceText,   // `first` by `second`; a decoder too
  ReplaceRegex,  // `first` by `second`
  Charsmap,      // `first` is SentencePiece's table; by grapheme
  SentencePiece, // the same by longest prefix, and blanks; kPrefix...
  ByteMap,       // bytes to GPT-2's letters; a pre-tokenizer, a decoder too
  // Pre-tokenizers: pieces to pieces.
  SplitRegex, // by `first`; `behavior`, kInvert
  SplitText,
  SplitBefore, // runs of `first`, unless after a byte in the set `second`
  SplitClass,  // of characters, `value` is a CharacterClass
  SplitLength, // every `value` characters
  PrefixSpace, // a space before each piece that has none
  Metaspace,   // `first` for spaces; `value` is a PrependScheme; kSplit
  // Decoders: a token to text, in the order of tokens.
  VerbatimAdded, // tokens that are not normal skip all further steps
  ByteToken,     // <0x0A> is a byte
  DropSpaces,    // `first` to spaces, none from the first token
  WordPieces,    // a space, but not before `first`; kCleanUp
  EndOfWord,     // `first` ends a word: a space unless the text ends
  Fuse,          // further steps see one text
  StripText,     // `first`, at most `value` at the start, `behavior` at the end
  SkipSpace,     // the first token's leading space
};

enum StepFlags : uint32_t {
  kAllMarks = 1,
  kLeft = 2,
  kRight = 4,
  kInvert = 8,
  kSplit = 16,
  kCleanUp = 32,
  kPrefixSpace = 64,
  kSuffixSpace = 128,
  kMergeSpaces = 256,
  kEscapeSpaces = 512,
  kPerLine = 1024,      // of a regex: ^ and $ match at every line
  kDropBlanks = 4096,   // of CleanText: controls that are blanks, too
  kFirstLetters = 2048, // of Nfd: only the first of each character's parts
};

/// What becomes of the parts that a pattern matches.
enum class Behavior : uint32_t {
  Removed,
  Isolated,
  MergedWithPrevious,
  MergedWithNext,
  Contiguous,
};

enum class CharacterClass : uint32_t {
  Numeric,
  Punctuation,
  Whitespace,
};

enum class PrependScheme : uint32_t { Never, First, Always };

/// Bytes of the section Strings.
struct Text {
  uint32_t offset;
  uint32_t size;
};

struct Step {
  StepKind kind;
  uint32_t flags;
  Text first, second;
  uint32_t value;
  Behavior behavior;
};

/// One merge; its index is its rank. Symbols are tokens and, after them,
/// strings that only occur between merges.
struct Merge {
  uint32_t left, right, result;
};

/// A trie in arrays. Node 0 is the root. The children of node n are the nodes
/// from firsts[n] to firsts[n + 1], ordered by label, and all come after n.
/// values[n] is kNoToken where no string ends.
enum Section : uint32_t {
  kTokenOffsets, // uint32_t[symbols + 1], into kTokenBytes
  kTokenBytes,
  kTokenKinds,  // TokenKind[symbols]
  kScores,      // double[vocabulary], Unigram
  kRanks,       // uint32_t[vocabulary], ScoredPair: less is better
  kSymbolSlots, // uint32_t[2^n]: a hash table of symbols, linear probing
  kMerges,      // Merge[]
  kMergeSlots,  // int32_t[2^n]: a hash table of merges
  kByteTokens,  // int32_t[256]
  kTrieFirsts,  // uint32_t[nodes + 1], of the vocabulary
  kTrieLabels,  // uint8_t[nodes]
  kTrieValues,  // int32_t[nodes]
  kAdded,       // Added[]
  kAddedFirsts, // a trie, values are indices of kAdded; before normalization
  kAddedLabels,
  kAddedValues,
  kNormalizedFirsts, // the same, after normalization
  kNormalizedLabels,
  kNormalizedValues,
  kNormalizers, // Step[]
  kSplitters,   // Step[]
  kDecoders,    // Step[]
  kPrefixIds,   // int32_t[]: what add_special puts before and after the text
  kSuffixIds,
  kEndIds, // int32_t[], ascending: tokens that end a generation
  kStrings,
  kSectionCount,
};

struct SectionRange {
  uint64_t offset, size; // in bytes
};

struct Header {
  uint32_t magic, version;
  uint64_t size; // of everything
  Model model;
  AddedSearch search;
  uint32_t flags; // ModelFlags
  uint32_t vocabulary, symbols;
  int32_t bos, eos, eot, unknown, pad;
  uint32_t maxCharacters; // of a WordPiece; longer ones are unknown
  uint32_t longest;       // bytes of a symbol that the model finds
  double unknownScore;
  Text wordPrefix;         // WordPiece: before the first token of a piece
  Text continuationPrefix; // WordPiece, BytePair: before the others
  Text wordSuffix;         // BytePair: after the last character
  Text chatTemplate;
  SectionRange sections[kSectionCount];
};

static_assert(sizeof(Step) == 32 && sizeof(Merge) == 12 && sizeof(Added) == 8);
static_assert(sizeof(Header) == 104 + 16 * kSectionCount);

/// The hash of both tables of symbols: eight bytes at a time.
inline uint64_t hashText(const char *text, size_t size) {
  constexpr uint64_t kFactor = 0x9e3779b97f4a7c15;
  uint64_t hash = size * kFactor;
  while (size >= 8) {
    uint64_t word;
    std::memcpy(&word, text, 8);
    hash = (hash ^ word) * kFactor;
    hash ^= hash >> 29;
    text += 8;
    size -= 8;
  }
  uint64_t word = 0;
  for (size_t i = 0; i < size; ++i)
    word |= uint64_t(uint8_t(text[i])) << (8 * i);
  hash = (hash ^ word) * kFactor;
  return hash ^ (hash >> 32);
}

// A slot of symbols: the symbol, and above it bits of its hash, so that a look
// at another symbol's text is rare.
constexpr uint32_t kSlotSymbolBits = 22;
constexpr uint32_t kFreeSlot = ~0u;

inline uint32_t makeSlot(uint64_t hash, uint32_t symbol) {
  return uint32_t(hash >> 42) << kSlotSymbolBits | symbol;
}

inline uint64_t hashMerge(uint32_t left, uint32_t right) {
  uint64_t hash = ((uint64_t(left) << 32) | right) * 0x9e3779b97f4a7c15;
  return hash ^ (hash >> 32);
}

} // namespace qcc::text

#endif // RUNTIME_TEXT_TOKENIZERDATA_H
