// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What can be asked of a value alone.

#include "runtime/text/jinja/value.h"

namespace qcc::jinja {

const std::string &Value::text() const { return as<StringObject>().text; }

bool Value::isMarkup() const {
  return is(Kind::String) && as<StringObject>().isMarkup;
}

const std::vector<Value> &Value::items() const {
  return as<ListObject>().items;
}

const char *nameOf(const Value &value) {
  switch (value.kind()) {
  case Kind::Undefined:
    return "undefined";
  case Kind::None:
    return "none";
  case Kind::Bool:
    return "bool";
  case Kind::Int:
    return "int";
  case Kind::Float:
    return "float";
  case Kind::String:
    return "str";
  case Kind::List:
    return "list";
  case Kind::Tuple:
    return "tuple";
  case Kind::View:
    return "view of a dict";
  case Kind::Generator:
    return "generator";
  case Kind::Dict:
    return "dict";
  case Kind::Namespace:
    return "namespace";
  case Kind::Loop:
    return "loop";
  case Kind::Function:
    return "function";
  }
  return "value";
}

bool isTrue(const Value &value) {
  switch (value.kind()) {
  case Kind::Undefined:
  case Kind::None:
    return false;
  case Kind::Bool:
  case Kind::Int:
    return value.asInteger() != 0;
  case Kind::Float:
    return value.asReal() != 0;
  case Kind::String:
    return !value.text().empty();
  case Kind::List:
  case Kind::Tuple:
  case Kind::View:
    return !value.items().empty();
  case Kind::Dict:
    return !value.as<DictObject>().entries.empty();
  case Kind::Generator:
  case Kind::Namespace:
  case Kind::Loop:
  case Kind::Function:
    return true;
  }
  return true;
}

int depthOf(const Value &value) {
  if (value.isSequence())
    return value.as<ListObject>().depth;
  return value.is(Kind::Dict) ? value.as<DictObject>().depth : 0;
}

} // namespace qcc::jinja
