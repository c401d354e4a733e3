// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Einsum: operands are joined from left to right. Letters that nothing needs
// any more are summed at once; a pair of operands is one matrix product, whose
// batch are the letters of both that are still needed.

#include "compiler/Import/Onnx/Indices.h"
#include "compiler/Import/Onnx/Nodes.h"

#include "compiler/Import/Onnx/OnnxReader.h"

using namespace mlir;

namespace qcc::onnx_import {

namespace {

/// A tensor and the letter of each of its dimensions.
struct Term {
  Value value;
  std::string letters;
};

class EinsumImporter {
public:
  explicit EinsumImporter(Node &node) : node(node), build(node.build) {}

  void import();

private:
  bool readEquation();
  bool expandDots(std::string &letters, int64_t rank, bool isResult);
  bool takeDiagonals(Term &term);
  void sumUnneeded(Term &term, StringRef needed);
  Value arrange(Term &term, StringRef order, Shape sizes);
  Term multiply(Term lhs, Term rhs, StringRef needed);
  int64_t sizeOf(const Term &term, char letter) {
    size_t at = term.letters.find(letter);
    return at == std::string::npos ? 1 : shapeOf(term.value)[at];
  }
  int64_t sizeOf(const Term &term, StringRef letters) {
    int64_t size = 1;
    for (char letter : letters)
      size *= sizeOf(term, letter);
    return size;
  }

  Node &node;
  GraphBuilder &build;
  std::vector<Term> terms;
  std::string result;
  size_t dots = 0; // dimensions that "..." stands for
};

} // namespace

/// Digits for the dimensions of "...", the last ones where there are fewer.
bool EinsumImporter::expandDots(std::string &letters, int64_t rank,
                                bool isResult) {
  size_t at = letters.find("...");
  if (at == std::string::npos)
    return isResult || int64_t(letters.size()) == rank;
  std::string digits;
  int64_t count = isResult ? dots : rank - int64_t(letters.size()) + 3;
  if (count < 0 || count > 9)
    return false;
  dots = std::max<size_t>(dots, count);
  for (int64_t i = 9 - count; i < 9; ++i)
    digits += char('0' + i);
  letters.replace(at, 3, digits);
  return llvm::all_of(letters, [](char c) { return llvm::isAlnum(c); });
}

bool EinsumImporter::readEquation() {
  std::string text = node.getString("equation", "").str();
  llvm::erase(text, ' ');
  auto [left, right] = StringRef(text).split("->");
  SmallVector<StringRef> parts;
  left.split(parts, ',');
  bool isFit = parts.size() == node.getNumInputs();
  for (size_t i = 0; isFit && i < parts.size(); ++i) {
    terms.push_back({node.input(i), parts[i].str()});
    isFit = node.hasInput(i) && elementOf(node.input(i)).isF32() &&
            expandDots(terms.back().letters, rankOf(node.input(i)), false);
  }
  result = right.str();
  if (isFit && !StringRef(text).contains("->")) {
    // Letters that stand once, sorted; before them what "..." stands for.
    std::string all;
    for (const Term &term : terms)
      all += term.letters;
    llvm::sort(all);
    for (char letter : all)
      if (llvm::count(all, letter) == 1 || llvm::isDigit(letter))
        if (result.find(letter) == std::string::npos)
          result += letter;
  }
  if (isFit && expandDots(result, 0, true))
    return true;
  node.fail("expected an equation for the inputs, but got " + quote(text));
  return false;
}

/// A letter that stands twice: what is off the diagonal is 0, and summed away.
bool EinsumImporter::takeDiagonals(Term &term) {
  for (size_t i = 0; i < term.letters.size(); ++i)
    for (size_t j = term.letters.size(); term.value && --j > i;) {
      if (term.letters[i] != term.letters[j])
        continue;
      int64_t rank = rankOf(term.value);
      Value hit =
          build.binary(BinaryKind::Equal,
                       makeNumbers(build, shapeOf(term.value)[i], i, rank),
                       makeNumbers(build, shapeOf(term.value)[j], j, rank));
      Value kept =
          build.select(hit, term.value, build.scalar(0, build.getFloat()));
      term.value = build.reduce(ReduceKind::Sum, kept, int64_t(j), false);
      term.letters.erase(j, 1);
    }
  return bool(term.value);
}

void EinsumImporter::sumUnneeded(Term &term, StringRef needed) {
  SmallVector<int64_t> axes;
  std::string kept;
  for (auto [i, letter] : llvm::enumerate(term.letters))
    if (needed.contains(letter))
      kept += letter;
    else
      axes.push_back(i);
  if (!axes.empty())
    term.value = build.reduce(ReduceKind::Sum, term.value, axes, false);
  term.letters = kept;
}

/// The term with its letters in `order` (those it has), in the shape `sizes`.
Value EinsumImporter::arrange(Term &term, StringRef order, Shape sizes) {
  SmallVector<int64_t> permutation;
  for (char letter : order)
    if (size_t at = term.letters.find(letter); at != std::string::npos)
      permutation.push_back(at);
  return build.reshape(build.transpose(term.value, permutation), sizes);
}

Term EinsumImporter::multiply(Term lhs, Term rhs, StringRef needed) {
  std::string batch, inner, rows, columns;
  for (char letter : lhs.letters) {
    bool isShared = rhs.letters.find(letter) != std::string::npos;
    (!isShared ? rows : needed.contains(letter) ? batch : inner) += letter;
  }
  for (char letter : rhs.letters)
    if (lhs.letters.find(letter) == std::string::npos)
      columns += letter;
  for (char letter : batch + inner)
    if (sizeOf(lhs, letter) != sizeOf(rhs, letter)) {
      node.fail("expected one size for a letter, but got " +
                Twine(sizeOf(lhs, letter)) + " and " +
                Twine(sizeOf(rhs, letter)));
      return {};
    }
  Term product{Value(), batch + rows + columns};
  SmallVector<int64_t> shape;
  for (char letter : batch + rows)
    shape.push_back(sizeOf(lhs, letter));
  for (char letter : columns)
    shape.push_back(sizeOf(rhs, letter));
  int64_t count = sizeOf(lhs, batch), depth = sizeOf(lhs, inner);
  int64_t height = sizeOf(lhs, rows), width = sizeOf(rhs, columns);
  Value left = arrange(lhs, batch + rows + inner, {count, height, depth});
  Value right = arrange(rhs, batch + inner + columns, {count, depth, width});
  product.value = build.reshape(build.matmul(left, right), shape);
  return product;
}

void EinsumImporter::import() {
  if (!readEquation())
    return;
  for (Term &term : terms)
    if (!takeDiagonals(term))
      return;
  Term all = terms.front();
  for (size_t i = 0; i < terms.size() && all.value; ++i) {
    std::string later = result;
    for (size_t j = i + 1; j < terms.size(); ++j)
      later += terms[j].letters;
    if (i == 0) {
      sumUnneeded(all, later);
      continue;
    }
    sumUnneeded(terms[i], later + all.letters);
    all = multiply(all, terms[i], later);
  }
  if (!all.value)
    return;
  SmallVector<int64_t> order;
  for (char letter : result)
    if (size_t at = all.letters.find(letter); at != std::string::npos)
      order.push_back(at);
  node.setOutput(0, build.transpose(all.value, order));
}

void importEinsum(Node &node) { EinsumImporter(node).import(); }

} // namespace qcc::onnx_import
