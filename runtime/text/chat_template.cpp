// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The C interface of the template interpreter: variables in, prompt out, and
// no exception passes.

#include "runtime/text/chat_template.h"

#include "runtime/core/status.h"
#include "runtime/text/jinja/builtins.h"
#include "runtime/text/jinja/parser.h"

#include <cstring>

using namespace qcc::jinja;

using Names = std::vector<std::pair<std::string, Value>>;

static std::string_view view(const qcc_rt_text_t &text) {
  return text.data ? std::string_view(text.data, size_t(text.size))
                   : std::string_view();
}

static Value makeMessages(const qcc_rt_chat_t &chat, Rendering &rendering) {
  Value role = rendering.text("role"), content = rendering.text("content");
  std::vector<Value> messages;
  for (size_t i = 0; i < chat.message_count && !rendering.failed(); ++i) {
    const qcc_rt_message_t &message = chat.messages[i];
    messages.push_back(rendering.dict(
        {{role, rendering.text(std::string(view(message.role)))},
         {content, rendering.text(std::string(view(message.content)))}}));
  }
  return rendering.list(std::move(messages));
}

static void setName(Names &names, std::string_view name, Value value) {
  for (auto &[known, old] : names) {
    if (known == name) {
      old = std::move(value);
      return;
    }
  }
  names.emplace_back(name, std::move(value));
}

static Names makeNames(const qcc_rt_chat_t &chat, Rendering &rendering) {
  Names names;
  names.emplace_back("messages", makeMessages(chat, rendering));
  names.emplace_back("tools", Value::none());
  names.emplace_back("documents", Value::none());
  names.emplace_back("add_generation_prompt",
                     Value::boolean(chat.add_generation_prompt != 0));
  if (chat.bos.data)
    names.emplace_back("bos_token",
                       rendering.text(std::string(view(chat.bos))));
  if (chat.eos.data)
    names.emplace_back("eos_token",
                       rendering.text(std::string(view(chat.eos))));
  if (view(chat.context).empty())
    return names;
  Value context = readJson(rendering, view(chat.context));
  if (rendering.failed())
    return names;
  if (!context.is(Kind::Dict)) {
    rendering.fail(std::string("JSON of the context: expected an object, but "
                               "got ") +
                   nameOf(context));
    return names;
  }
  for (const auto &[name, value] : context.as<DictObject>().entries) {
    rendering.spend(1 + names.size());
    setName(names, name.text(), value);
    if (rendering.failed())
      break;
  }
  return names;
}

static std::string render(const qcc_rt_chat_t &chat, Rendering &rendering) {
  if (size_t(chat.source.size) > Rendering::maxTemplate) {
    rendering.fail("expected a template of at most " +
                   std::to_string(Rendering::maxTemplate) + " bytes, but got " +
                   std::to_string(chat.source.size));
    return {};
  }
  Names names = makeNames(chat, rendering);
  std::string source = normalizeLines(view(chat.source));
  std::vector<Token> tokens = cutTokens(source, rendering);
  if (rendering.failed())
    return {};
  Body body = Parser(tokens, rendering).parse();
  if (rendering.failed())
    return {};
  return Interpreter(rendering, chat.now_s).render(body, std::move(names));
}

static qcc_code_t report(const Rendering &rendering, qcc_status_t *status) {
  if (rendering.errorLine() == 0)
    return qcc_rt_fail(status, QCC_INVALID_ARGUMENT, "chat template: %s",
                       rendering.message().c_str());
  return qcc_rt_fail(status, QCC_INVALID_ARGUMENT, "chat template, line %d: %s",
                     rendering.errorLine(), rendering.message().c_str());
}

qcc_code_t qcc_rt_chat_render(const qcc_rt_chat_t *chat, char *out,
                              size_t capacity_bytes, size_t *size_bytes,
                              qcc_status_t *status) {
  if (!chat || !size_bytes || (!out && capacity_bytes > 0) ||
      (!chat->messages && chat->message_count > 0))
    return qcc_rt_fail(status, QCC_INVALID_ARGUMENT,
                       "expected a chat with messages and places for the "
                       "prompt, but got NULL");
  try {
    Rendering rendering;
    std::string prompt = render(*chat, rendering);
    if (rendering.failed())
      return report(rendering, status);
    *size_bytes = prompt.size();
    if (prompt.size() <= capacity_bytes && !prompt.empty())
      std::memcpy(out, prompt.data(), prompt.size());
  } catch (...) {
    return qcc_rt_fail(status, QCC_OUT_OF_MEMORY,
                       "not enough memory for the chat template");
  }
  return qcc_rt_succeed(status);
}
