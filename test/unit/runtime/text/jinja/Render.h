// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Renders small templates for tests: their text, or "error".

#ifndef QCC_TEST_UNIT_RUNTIME_TEXT_JINJA_RENDER_H
#define QCC_TEST_UNIT_RUNTIME_TEXT_JINJA_RENDER_H

#include "runtime/text/chat_template.h"

#include "gtest/gtest.h"

#include <string>

inline std::string render(const std::string &source) {
  static const std::string context = R"({"d": {"x": 1, "l": [3, 1, 2]}})";
  qcc_rt_chat_t chat = {};
  chat.source = {source.data(), int64_t(source.size())};
  chat.context = {context.data(), int64_t(context.size())};
  chat.now_s = 1752500000; // 14 July 2025
  std::string out(10000, '\0');
  size_t size = 0;
  if (qcc_rt_chat_render(&chat, out.data(), out.size(), &size, nullptr))
    return "error";
  out.resize(size);
  return out;
}

inline std::string print(const std::string &expression) {
  return render("{{ " + expression + " }}");
}

#endif // QCC_TEST_UNIT_RUNTIME_TEXT_JINJA_RENDER_H
