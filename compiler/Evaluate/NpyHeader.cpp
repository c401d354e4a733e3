// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The text in front of a .npy array, a Python dictionary of three entries:
//   {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }

#include "compiler/Evaluate/NpyHeader.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CheckedArithmetic.h"

using namespace llvm;

namespace qcc::evaluate {

namespace {

/// Reads the dictionary from left to right. Every function returns false on
/// text that is not what NumPy writes.
class HeaderParser {
public:
  explicit HeaderParser(StringRef text) : rest(text) {}

  bool parse(ArrayHeader &header, std::string &typeCode) {
    bool hasType = false, hasOrder = false, hasShape = false;
    if (!consume("{"))
      return false;
    while (!consume("}")) {
      StringRef key;
      if (!parseString(key) || !consume(":"))
        return false;
      bool &seen = key == "descr"           ? hasType
                   : key == "fortran_order" ? hasOrder
                                            : hasShape;
      if (seen || !parseEntry(key, header, typeCode))
        return false;
      seen = true;
      consume(",");
    }
    return hasType && hasOrder && hasShape && rest.trim().empty();
  }

private:
  bool parseEntry(StringRef key, ArrayHeader &header, std::string &typeCode) {
    if (key == "descr")
      return parseType(typeCode);
    if (key == "shape")
      return parseShape(header.shape);
    if (key != "fortran_order")
      return false;
    header.isFortranOrder = consume("True");
    return header.isFortranOrder || consume("False");
  }

  /// A string, or a list for records, which the caller refuses by its text.
  bool parseType(std::string &typeCode) {
    StringRef text;
    if (parseString(text)) {
      typeCode = text.str();
      return true;
    }
    rest = rest.ltrim();
    if (!rest.starts_with("["))
      return false;
    size_t end = rest.find(']');
    if (end == StringRef::npos)
      return false;
    typeCode = rest.take_front(end + 1).str();
    rest = rest.drop_front(end + 1);
    return true;
  }

  bool parseShape(std::vector<int64_t> &shape) {
    if (!consume("("))
      return false;
    while (!consume(")")) {
      int64_t size = 0;
      rest = rest.ltrim();
      if (rest.consumeInteger(10, size) || size < 0 ||
          shape.size() == NpyHeaderLimits::rank)
        return false;
      rest.consume_front("L"); // Python 2 wrote long integers as 3L.
      shape.push_back(size);
      if (!consume(",") && !rest.ltrim().starts_with(")"))
        return false;
    }
    return true;
  }

  bool parseString(StringRef &text) {
    rest = rest.ltrim();
    if (rest.empty() || (rest[0] != '\'' && rest[0] != '"'))
      return false;
    size_t end = rest.find(rest[0], 1);
    if (end == StringRef::npos)
      return false;
    text = rest.slice(1, end);
    rest = rest.drop_front(end + 1);
    return true;
  }

  bool consume(StringRef token) {
    rest = rest.ltrim();
    return rest.consume_front(token);
  }

  StringRef rest;
};

struct TypeCode {
  const char *code;
  ArrayType type;
};

constexpr TypeCode typeCodes[] = {
    {"|b1", ArrayType::Boolean}, {"|i1", ArrayType::S8},
    {"|u1", ArrayType::U8},      {"<i2", ArrayType::S16},
    {"<u2", ArrayType::U16},     {"<i4", ArrayType::S32},
    {"<u4", ArrayType::U32},     {"<i8", ArrayType::S64},
    {"<u8", ArrayType::U64},     {"<f2", ArrayType::F16},
    {"<f4", ArrayType::F32},     {"<f8", ArrayType::F64},
};

} // namespace

static bool fitsInMemory(const ArrayHeader &header) {
  // Zero dimensions count as one, so that no partial product overflows either.
  std::optional<int64_t> bytes = int64_t(sizeInBytes(header.type));
  for (int64_t size : header.shape) {
    bytes = checkedMul<int64_t>(*bytes, std::max<int64_t>(size, 1));
    if (!bytes)
      return false;
  }
  return true;
}

Expected<ArrayHeader> parseNpyHeader(StringRef text, StringRef name) {
  ArrayHeader header;
  std::string typeCode;
  if (!HeaderParser(text).parse(header, typeCode))
    return createStringError(
        Twine(name) + ": expected the header of a .npy file with descr, " +
        "fortran_order and shape, but got '" + text.take_front(80) + "'");
  for (const TypeCode &entry : typeCodes) {
    if (typeCode != entry.code)
      continue;
    header.type = entry.type;
    if (!fitsInMemory(header))
      return createStringError(Twine(name) +
                               ": expected an array that fits in memory, " +
                               "but got shape " + printShape(header.shape));
    return header;
  }
  return createStringError(
      Twine(name) + ": expected a little-endian number or boolean as element " +
      "type, but got '" + StringRef(typeCode).take_front(80) + "'");
}

std::string printNpyHeader(const ArrayHeader &header) {
  std::string text = "{'descr': '";
  for (const TypeCode &entry : typeCodes)
    if (entry.type == header.type)
      text += entry.code;
  text += header.isFortranOrder ? "', 'fortran_order': True, 'shape': ("
                                : "', 'fortran_order': False, 'shape': (";
  // Python needs the comma to tell a tuple of one from a number.
  for (int64_t size : header.shape)
    text += itostr(size) + (header.shape.size() == 1 ? "," : ", ");
  if (header.shape.size() > 1)
    text.resize(text.size() - 2);
  return text + "), }";
}

} // namespace qcc::evaluate
