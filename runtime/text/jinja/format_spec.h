// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What % and format() share: a value with a width, a sign and a precision.

#ifndef QCC_TEXT_JINJA_FORMATSPEC_H
#define QCC_TEXT_JINJA_FORMATSPEC_H

#include "runtime/text/jinja/interpreter.h"

namespace qcc::jinja {

struct FormatSpec {
  std::string fill = " ";
  char align = '\0';         ///< '<', '>', '^', '=' or the type's
  char sign = '-';           ///< '+' and ' ' mark positive numbers
  bool isZeroFilled = false; ///< Numbers: zeros behind the sign.
  bool isAlternate = false;  ///< A prefix 0x, 0o or 0b.
  char grouping = '\0';      ///< ',' or '_' between thousands
  int64_t width = 0;
  int64_t precision = -1;
  char type = '\0'; ///< As Python's: d x o b c e f g % s, or none
};

/// Fails for a type that the value does not have.
std::string formatValue(Interpreter &interpreter, const FormatSpec &spec,
                        const Value &value);

} // namespace qcc::jinja

#endif // QCC_TEXT_JINJA_FORMATSPEC_H
