// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Values of templates, with Python's types and rules. All but namespaces are
// constant once made, so that values share their parts and cycles do not
// exist: a template cannot append to a list.

#ifndef QCC_TEXT_JINJA_VALUE_H
#define QCC_TEXT_JINJA_VALUE_H

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace qcc::jinja {

enum class Kind : uint8_t {
  Undefined, ///< A name or attribute that is not there; prints as nothing.
  None,
  Bool,
  Int,
  Float,
  String,
  List,
  Tuple,
  View,      ///< What dict.items() returns: a list without elements by index.
  Generator, ///< What filters return: read once, and always true.
  Dict,
  Namespace,
  Loop,
  Function,
};

class Interpreter;
class Value;

/// What several values share. The rendering counts the bytes of all of them.
struct Object {
  Object() = default;
  Object(const Object &) = delete;
  Object &operator=(const Object &) = delete;
  virtual ~Object() {
    if (counter)
      *counter -= bytes;
  }

  size_t *counter = nullptr;
  size_t bytes = 0;
};

class Value {
public:
  Value() : integer(0) {}
  static Value none() { return Value(Kind::None); }
  static Value boolean(bool truth) {
    Value value(Kind::Bool);
    value.integer = truth;
    return value;
  }
  static Value number(int64_t integer) {
    Value value(Kind::Int);
    value.integer = integer;
    return value;
  }
  static Value number(double real) {
    Value value(Kind::Float);
    value.real = real;
    return value;
  }
  Value(Kind kind, std::shared_ptr<Object> object)
      : type(kind), integer(0), object(std::move(object)) {}

  Kind kind() const { return type; }
  bool is(Kind kind) const { return type == kind; }
  bool isInteger() const { return is(Kind::Int) || is(Kind::Bool); }
  bool isNumber() const { return isInteger() || is(Kind::Float); }
  /// A list, a tuple or what filters and methods make.
  bool isSequence() const {
    return is(Kind::List) || is(Kind::Tuple) || is(Kind::View) ||
           is(Kind::Generator);
  }

  /// Of Bool and Int.
  int64_t asInteger() const { return integer; }
  /// Of numbers.
  double asReal() const { return isInteger() ? double(integer) : real; }
  const std::string &text() const;
  /// A string that `safe` or `escape` made, with Python's Markup type: what it
  /// is added to is escaped.
  bool isMarkup() const;
  const std::vector<Value> &items() const;
  template <typename T> T &as() const { return static_cast<T &>(*object); }
  /// Distinguishes objects, not their contents.
  const Object *identity() const { return object.get(); }

private:
  explicit Value(Kind kind) : type(kind), integer(0) {}

  Kind type = Kind::Undefined;
  union {
    int64_t integer;
    double real;
  };
  std::shared_ptr<Object> object;
};

/// A string; for Undefined, why it is.
struct StringObject : Object {
  std::string text;
  bool isMarkup = false;
};

struct ListObject : Object {
  std::vector<Value> items;
  int depth = 1;
  size_t next = 0; ///< Of a generator: what was read before is gone.
};

/// Keeps the order of insertion. The index knows keys by a text that is equal
/// for equal keys, such as 1, 1.0 and true.
struct DictObject : Object {
  std::vector<std::pair<Value, Value>> entries;
  std::unordered_map<std::string, size_t> index;
  int depth = 1;
};

struct NamespaceObject : Object {
  std::vector<std::pair<std::string, Value>> attributes;
};

struct LoopObject : Object {
  std::vector<Value> items;
  size_t index = 0;
  int64_t depth = 0;
  std::string changed; ///< What changed() was last called with, printed.
  Value recurse; ///< Renders the loop for other items; Undefined if it cannot.
};

/// Evaluated arguments of a call.
struct Arguments {
  std::vector<Value> positional;
  std::vector<std::pair<std::string, Value>> keywords;
};

struct FunctionObject : Object {
  std::string name;
  std::function<Value(Interpreter &, const Arguments &)> body;
};

/// The name of a value's type in messages, which is Python's.
const char *nameOf(const Value &value);
/// What `if` asks.
bool isTrue(const Value &value);
/// Levels of lists and dicts.
int depthOf(const Value &value);

} // namespace qcc::jinja

#endif // QCC_TEXT_JINJA_VALUE_H
