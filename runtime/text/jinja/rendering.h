// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One rendering of a template: what it may use up, the first error, and the
// making of values. Templates come from strangers, so that time, memory and
// nesting have limits. After an error everything returns soon, with values
// that no one looks at; only loops have to ask.

#ifndef QCC_TEXT_JINJA_RENDERING_H
#define QCC_TEXT_JINJA_RENDERING_H

#include "runtime/text/jinja/value.h"

#include <deque>

namespace qcc::jinja {

class Rendering {
public:
  /// One step is an expression, an element, or 64 bytes of text: some 50 ns.
  static constexpr uint64_t maxSteps = 10'000'000;
  static constexpr size_t maxBytes = size_t(128) << 20; ///< Of all values.
  static constexpr size_t maxText = size_t(32) << 20;   ///< Of one string.
  static constexpr size_t maxTemplate = size_t(1) << 20;
  static constexpr int maxDepth = 100;  ///< Of values, and of nested syntax.
  static constexpr int maxTree = 400;   ///< Of one expression.
  static constexpr int maxCalls = 1000; ///< Of nested evaluation.

  Rendering() = default;
  Rendering(const Rendering &) = delete;
  Rendering &operator=(const Rendering &) = delete;

  /// Keeps the first message, for the current line. Returns Undefined.
  Value fail(std::string message);
  bool failed() const { return hasFailed; }
  const std::string &message() const { return error; }
  int errorLine() const { return lineOfError; }
  /// 0 outside of templates.
  void setLine(int line) { current = line; }
  int line() const { return current; }

  /// False if the rendering has failed or fails because this is too much.
  bool spend(uint64_t steps);
  bool spendText(size_t bytes) { return spend(1 + bytes / 64); }

  Value text(std::string text, bool isMarkup = false);
  Value list(std::vector<Value> items, Kind kind = Kind::List);
  /// Later entries replace earlier ones of the same key.
  Value dict(std::vector<std::pair<Value, Value>> entries);
  /// Lives as long as the rendering, since it may refer to itself.
  Value space(std::vector<std::pair<std::string, Value>> attributes);
  Value function(std::string name,
                 std::function<Value(Interpreter &, const Arguments &)> body);
  Value undefined(std::string why);
  std::shared_ptr<LoopObject> loop(std::vector<Value> items);

  /// The value of a key, or null.
  const Value *find(const Value &dict, const Value &key);
  const Value *find(const Value &dict, std::string_view key);

private:
  template <typename T> std::shared_ptr<T> make(size_t bytes);
  bool makeKey(const Value &key, std::string &out);

  // The values go before the counter that they write to.
  size_t bytes = 0;
  uint64_t steps = 0;
  bool hasFailed = false;
  int current = 0;
  int lineOfError = 0;
  std::string error;
  std::deque<std::shared_ptr<NamespaceObject>> spaces;
};

} // namespace qcc::jinja

#endif // QCC_TEXT_JINJA_RENDERING_H
