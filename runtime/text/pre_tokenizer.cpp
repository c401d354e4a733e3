// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Splits only move the borders of pieces; few steps rewrite the text.

#include "runtime/text/pre_tokenizer.h"

#include "runtime/text/normalizer.h"
#include "runtime/text/utf8.h"

#include <algorithm>

namespace qcc::text {

namespace {

/// A part of a piece, matched by the splitting pattern or between matches.
struct Part {
  size_t begin, end;
  bool isMatch;
};

/// Turns the parts of one piece into pieces.
class Splitter {
public:
  Splitter(const Step &step, std::vector<Piece> &result)
      : step(step), result(result) {}

  /// Begins with a piece of the text from `begin` on.
  void start(const Piece &newPiece) {
    piece = newPiece;
    parts.clear();
    last = piece.begin;
  }
  /// A match, after all earlier ones.
  void match(size_t begin, size_t end) {
    if (last != begin)
      add(last, begin, false);
    add(begin, end, true);
    last = end;
  }
  void finish() {
    if (last != piece.end)
      add(last, piece.end, false);
    writePieces();
  }

private:
  void add(size_t begin, size_t end, bool isMatch) {
    parts.push_back({begin, end, isMatch != bool(step.flags & kInvert)});
  }
  void write(size_t begin, size_t end) {
    if (begin != end)
      result.push_back({begin, end, piece.isFirst && begin == piece.begin});
  }
  void writePieces();

  const Step &step;
  std::vector<Piece> &result;
  std::vector<Part> parts;
  Piece piece = {};
  size_t last = 0;
};

} // namespace

void Splitter::writePieces() {
  bool wasMatch = false;
  size_t begin = piece.begin, end = piece.begin; // of what is not written yet
  for (const Part &part : parts) {
    bool joins = false;
    switch (step.behavior) {
    case Behavior::Removed:
    case Behavior::Isolated:
      break;
    case Behavior::MergedWithPrevious:
      joins = part.isMatch && !wasMatch;
      break;
    case Behavior::MergedWithNext:
      joins = !part.isMatch && wasMatch;
      break;
    case Behavior::Contiguous:
      joins = part.isMatch == wasMatch;
      break;
    }
    wasMatch = part.isMatch;
    if (step.behavior == Behavior::Removed && part.isMatch) {
      write(begin, end);
      begin = end = part.end;
      continue;
    }
    if (!joins) {
      write(begin, end);
      begin = part.begin;
    }
    end = part.end;
  }
  write(begin, end);
}

bool PreTokenizer::open(const DataView &data, std::string &why) {
  view = &data;
  patterns.resize(data.splitters.size);
  for (size_t i = 0; i < data.splitters.size; ++i) {
    const Step &step = data.splitters[i];
    if (step.kind == StepKind::SplitRegex &&
        !patterns[i].compile(data.getText(step.first), step.flags & kPerLine,
                             why))
      return false;
  }
  return true;
}

void PreTokenizer::apply(Pieces &pieces, bool isFirst) const {
  pieces.pieces.clear();
  if (!pieces.text.empty())
    pieces.pieces.push_back({0, pieces.text.size(), isFirst});
  for (size_t i = 0; i < view->splitters.size; ++i)
    applyStep(i, pieces);
}

static void splitByRegex(const Step &step, const Pattern &pattern,
                         Pieces &pieces) {
  std::vector<Piece> result;
  Splitter splitter(step, result);
  Pattern::Matches matches(pattern, "");
  for (const Piece &piece : pieces.pieces) {
    splitter.start(piece);
    matches.restart(pieces.get(piece));
    size_t begin, end;
    while (matches.next(begin, end))
      splitter.match(piece.begin + begin, piece.begin + end);
    splitter.finish();
  }
  pieces.pieces.swap(result);
}

static void splitByText(const Step &step, std::string_view text,
                        Pieces &pieces) {
  std::vector<Piece> result;
  Splitter splitter(step, result);
  for (const Piece &piece : pieces.pieces) {
    std::string_view all = pieces.get(piece);
    splitter.start(piece);
    for (size_t at = all.find(text); at != std::string_view::npos;
         at = all.find(text, at + text.size()))
      splitter.match(piece.begin + at, piece.begin + at + text.size());
    splitter.finish();
  }
  pieces.pieces.swap(result);
}

/// Before runs of a letter, but not after the bytes that tokens have before
/// it: no token crosses such a border, so the pieces are merged alone.
static void splitBefore(std::string_view letter, std::string_view bytes,
                        Pieces &pieces) {
  bool isInside[256] = {};
  for (char byte : bytes)
    isInside[uint8_t(byte)] = true;
  std::vector<Piece> result;
  for (const Piece &piece : pieces.pieces) {
    std::string_view all = pieces.get(piece);
    size_t begin = 0;
    for (size_t at = all.find(letter, 1); at != std::string_view::npos;
         at = all.find(letter, at + letter.size())) {
      bool isRun = at >= letter.size() &&
                   all.substr(at - letter.size(), letter.size()) == letter;
      if (isRun || isInside[uint8_t(all[at - 1])])
        continue;
      result.push_back(
          {piece.begin + begin, piece.begin + at, piece.isFirst && begin == 0});
      begin = at;
    }
    result.push_back(
        {piece.begin + begin, piece.end, piece.isFirst && begin == 0});
  }
  pieces.pieces.swap(result);
}

static bool isInClass(CharacterClass type, int32_t character) {
  switch (type) {
  case CharacterClass::Numeric:
    return isNumeric(character);
  case CharacterClass::Punctuation:
    return isPunctuation(character);
  case CharacterClass::Whitespace:
    return isWhitespace(character);
  }
  return false;
}

static void splitByClass(const Step &step, Pieces &pieces) {
  std::vector<Piece> result;
  Splitter splitter(step, result);
  for (const Piece &piece : pieces.pieces) {
    splitter.start(piece);
    for (size_t i = piece.begin; i < piece.end;) {
      size_t length = lengthAt(pieces.text[i]);
      if (isInClass(CharacterClass(step.value),
                    decodeAt(pieces.text.data() + i)))
        splitter.match(i, i + length);
      i += length;
    }
    splitter.finish();
  }
  pieces.pieces.swap(result);
}

static void splitByLength(const Step &step, Pieces &pieces) {
  std::vector<Piece> result;
  for (const Piece &piece : pieces.pieces) {
    size_t begin = piece.begin, end = begin;
    for (uint32_t count = 0; end < piece.end; ++count) {
      if (count == step.value) {
        result.push_back({begin, end, piece.isFirst && begin == piece.begin});
        begin = end;
        count = 0;
      }
      end += lengthAt(pieces.text[end]);
    }
    result.push_back({begin, end, piece.isFirst && begin == piece.begin});
  }
  pieces.pieces.swap(result);
}

/// Gives every piece a new text: `change` appends it.
template <typename Change> static void rewrite(Pieces &pieces, Change change) {
  std::string text;
  text.reserve(pieces.text.size() * 5 / 4);
  for (Piece &piece : pieces.pieces) {
    size_t begin = text.size();
    change(pieces.get(piece), piece.isFirst, text);
    piece.begin = begin;
    piece.end = text.size();
  }
  pieces.text.swap(text);
}

static bool startsWith(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

static void applyMetaspace(const Step &step, std::string_view letter,
                           Pieces &pieces) {
  auto scheme = PrependScheme(step.value);
  rewrite(pieces, [&](std::string_view piece, bool isFirst, std::string &text) {
    bool wants = scheme == PrependScheme::Always ||
                 (scheme == PrependScheme::First && isFirst);
    if (wants && !startsWith(piece, " ") && !startsWith(piece, letter))
      text += letter;
    for (char byte : piece) {
      if (byte == ' ')
        text += letter;
      else
        text += byte;
    }
  });
  if (step.flags & kSplit)
    splitByText(step, letter, pieces);
}

void PreTokenizer::applyStep(size_t index, Pieces &pieces) const {
  const Step &step = view->splitters[index];
  std::string_view first = view->getText(step.first);
  switch (step.kind) {
  case StepKind::SplitRegex:
    return splitByRegex(step, patterns[index], pieces);
  case StepKind::SplitText:
    if (!first.empty())
      splitByText(step, first, pieces);
    return;
  case StepKind::SplitBefore:
    if (!first.empty())
      splitBefore(first, view->getText(step.second), pieces);
    return;
  case StepKind::SplitClass:
    return splitByClass(step, pieces);
  case StepKind::SplitLength:
    if (step.value != 0)
      splitByLength(step, pieces);
    return;
  case StepKind::PrefixSpace:
    return rewrite(pieces, [](std::string_view piece, bool, std::string &text) {
      if (!startsWith(piece, " "))
        text += ' ';
      text += piece;
    });
  case StepKind::Metaspace:
    return applyMetaspace(step, first, pieces);
  case StepKind::ByteMap:
    return rewrite(pieces, [](std::string_view piece, bool, std::string &text) {
      mapBytes(piece, text);
    });
  default:
    return; // of other parts; the compiler writes none here
  }
}

} // namespace qcc::text
