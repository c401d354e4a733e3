// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Whole templates through the C interface: turns, variables, errors with their
// lines, and limits.

#include "runtime/text/chat_template.h"

#include "gtest/gtest.h"

#include <string>
#include <vector>

namespace {

class ChatTemplate : public testing::Test {
protected:
  std::string render(const std::string &source) {
    std::vector<qcc_rt_message_t> list;
    for (const auto &[role, content] : messages)
      list.push_back({{role.data(), int64_t(role.size())},
                      {content.data(), int64_t(content.size())}});
    chat.source = {source.data(), int64_t(source.size())};
    chat.messages = list.data();
    chat.message_count = list.size();
    chat.context = {context.data(), int64_t(context.size())};
    chat.bos = {"<s>", 3};
    chat.now_s = 1751932800; // 8 July 2025, near midnight in some places
    size_t size = 0;
    if (qcc_rt_chat_render(&chat, nullptr, 0, &size, &status) != QCC_OK)
      return status.message;
    std::string out(size, '\0');
    EXPECT_EQ(qcc_rt_chat_render(&chat, out.data(), size, &size, &status),
              QCC_OK);
    return out;
  }

  std::vector<std::pair<std::string, std::string>> messages{
      {"system", "Be brief."}, {"user", " Hi! "}, {"assistant", "Hello."}};
  std::string context;
  qcc_rt_chat_t chat = {};
  qcc_status_t status;
};

} // namespace

TEST_F(ChatTemplate, RendersTurns) {
  chat.add_generation_prompt = 1;
  EXPECT_EQ(render("{{ bos_token }}\n"
                   "{% for message in messages %}\n"
                   "  {% if message.role == 'system' %}\n"
                   "[{{ message['content'] }}]\n"
                   "  {% else %}\n"
                   "{{ message.role }}: {{ message.content | trim }}\n"
                   "  {% endif %}\n"
                   "{% endfor %}\n"
                   "{% if add_generation_prompt %}\n"
                   "assistant:\n"
                   "{% endif %}\n"),
            "<s>\n[Be brief.]\nuser: Hi!\nassistant: Hello.\nassistant:\n");
}

TEST_F(ChatTemplate, KnowsNoEosWithoutOne) {
  EXPECT_EQ(render("{{ eos_token is defined }} {{ tools is none }} "
                   "{{ documents }} {{ add_generation_prompt }}"),
            "False True None False");
}

TEST_F(ChatTemplate, TakesVariablesFromJson) {
  context = R"({"messages": [{"role": "user", "content": null}],
                "tools": [{"name": "f", "x": [1, -2.5, true, "\u00e9\n"]}]})";
  EXPECT_EQ(render("{{ messages }} {{ tools|tojson }} {{ tools[0].x[1] }}"),
            "[{'role': 'user', 'content': None}] "
            "[{\"name\": \"f\", \"x\": [1, -2.5, true, \"é\\n\"]}] -2.5");
  context = "{\"a\": [1,]}";
  EXPECT_EQ(render("x"), "chat template: JSON of the context: expected a value "
                         "at byte 9, but got ']'");
}

TEST_F(ChatTemplate, WritesOnlyWhatFits) {
  std::string source = "abc", out(2, '-');
  chat.source = {source.data(), int64_t(source.size())};
  size_t size = 0;
  EXPECT_EQ(qcc_rt_chat_render(&chat, out.data(), 2, &size, &status), QCC_OK);
  EXPECT_EQ(size, 3u);
  EXPECT_EQ(out, "--");
}

TEST_F(ChatTemplate, NamesTheLine) {
  EXPECT_EQ(render("a\nb\n{{ messages[0].x.y }}"),
            "chat template, line 3: expected a value with attribute 'y', but "
            "got dict has no attribute 'x'");
  EXPECT_EQ(render("{% if true %}\nb"),
            "chat template, line 2: expected {% endif %}, but got the end of "
            "the template");
  EXPECT_EQ(render("{#\n#}\n{{ 1 + }}"),
            "chat template, line 3: expected an expression, but got '}}'");
  EXPECT_EQ(render("{% include 'x' %}"),
            "chat template, line 1: expected a tag of chat templates, but got "
            "'include'");
}

TEST_F(ChatTemplate, PassesRefusalsOn) {
  EXPECT_EQ(render("\n{{ raise_exception('Roles must alternate') }}"),
            "chat template, line 2: Roles must alternate");
}

TEST_F(ChatTemplate, ChangesNoValue) {
  EXPECT_EQ(render("{{ messages.append(1) }}"),
            "chat template, line 1: expected a template that changes no value, "
            "but got a method that changes a list");
}

TEST_F(ChatTemplate, LimitsTime) {
  EXPECT_EQ(render("{% for a in range(9999) %}{% for b in range(9999) %}"
                   "{% endfor %}{% endfor %}"),
            "chat template, line 1: expected at most 10000000 steps, but got "
            "more");
}

TEST_F(ChatTemplate, LimitsMemory) {
  EXPECT_EQ(render("{{ 'x' * 99999999 }}"),
            "chat template, line 1: expected texts of at most 33554432 bytes, "
            "but got 1 bytes 99999999 times");
  EXPECT_EQ(render("{% set a, b, c = [0] * 1500000, [0] * 1500000, "
                   "[0] * 1500000 %}"),
            "chat template, line 1: expected values of at most 134217728 "
            "bytes, but got more");
}

TEST_F(ChatTemplate, LimitsNesting) {
  EXPECT_EQ(render("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}"),
            "chat template, line 1: expected at most 1000 nested calls, but "
            "got more");
  EXPECT_EQ(render("{{ " + std::string(500, '(') + "1" + std::string(500, ')') +
                   " }}"),
            "chat template, line 1: expected at most 100 levels of nesting, "
            "but got '('");
  EXPECT_EQ(render("{% set n = namespace(a=[]) %}{% for i in range(999) %}"
                   "{% set n.a = [n.a] %}{% endfor %}"),
            "chat template, line 1: expected at most 100 levels of lists, but "
            "got more");
}

TEST_F(ChatTemplate, RefusesNothing) {
  EXPECT_EQ(qcc_rt_chat_render(nullptr, nullptr, 0, nullptr, &status),
            QCC_INVALID_ARGUMENT);
}
