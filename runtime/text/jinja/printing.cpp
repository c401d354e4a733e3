// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Python's str() and repr(), which differ for texts and for Undefined only.

#include "runtime/text/jinja/interpreter.h"
#include "runtime/text/jinja/letters.h"
#include "runtime/text/jinja/numbers.h"

namespace qcc::jinja {

std::string Interpreter::print(const Value &value) {
  if (value.is(Kind::String)) {
    rendering.spendText(value.text().size());
    return value.text();
  }
  std::string out;
  if (!value.is(Kind::Undefined))
    printTo(out, value);
  return out;
}

static const char *openBracket(Kind kind) {
  switch (kind) {
  case Kind::Tuple:
    return "(";
  case Kind::View:
    return "dict_view([";
  default:
    return "[";
  }
}

static const char *closeBracket(const Value &value) {
  switch (value.kind()) {
  case Kind::Tuple:
    return value.items().size() == 1 ? ",)" : ")";
  case Kind::View:
    return "])";
  default:
    return "]";
  }
}

static void printName(std::string &out, const Value &value) {
  switch (value.kind()) {
  case Kind::Undefined:
    out += "Undefined";
    break;
  case Kind::None:
    out += "None";
    break;
  case Kind::Bool:
    out += value.asInteger() ? "True" : "False";
    break;
  case Kind::Int:
    out += std::to_string(value.asInteger());
    break;
  case Kind::Float:
    out += formatReal(value.asReal());
    break;
  case Kind::Loop: {
    const auto &loop = value.as<LoopObject>();
    out += "<LoopContext " + std::to_string(loop.index + 1) + "/" +
           std::to_string(loop.items.size()) + ">";
    break;
  }
  case Kind::Function:
    out += "<function " + value.as<FunctionObject>().name + ">";
    break;
  default:
    (out += '<') += nameOf(value);
    out += '>';
    break;
  }
}

void Interpreter::printTo(std::string &out, const Value &value, int level) {
  // Namespaces can hold themselves.
  if (level > 2 * Rendering::maxDepth)
    rendering.fail("expected a value of fewer levels to print");
  if (!rendering.spend(1))
    return;
  switch (value.kind()) {
  case Kind::String:
    if (value.isMarkup())
      return append(out, "Markup(" + quote(value.text()) + ")");
    return append(out, quote(value.text()));
  case Kind::List:
  case Kind::Tuple:
  case Kind::View: {
    out += openBracket(value.kind());
    const char *separator = "";
    for (const Value &item : value.items()) {
      append(out, separator);
      printTo(out, item, level + 1);
      separator = ", ";
    }
    return append(out, closeBracket(value));
  }
  case Kind::Dict: {
    const char *separator = "{";
    for (const auto &[key, element] : value.as<DictObject>().entries) {
      append(out, separator);
      printTo(out, key, level + 1);
      out += ": ";
      printTo(out, element, level + 1);
      separator = ", ";
    }
    return append(out, *separator == '{' ? "{}" : "}");
  }
  case Kind::Namespace: {
    out += "<Namespace ";
    const char *separator = "{";
    for (const auto &[name, element] : value.as<NamespaceObject>().attributes) {
      append(out, separator);
      append(out, quote(name));
      out += ": ";
      printTo(out, element, level + 1);
      separator = ", ";
    }
    return append(out, *separator == '{' ? "{}>" : "}>");
  }
  default:
    return printName(out, value);
  }
}

} // namespace qcc::jinja
