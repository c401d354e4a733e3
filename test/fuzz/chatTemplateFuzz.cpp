// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Any bytes as a chat template, and what stands behind a zero byte as the JSON
// of its variables. A rendering ends soon, says why it failed, and does the
// same when it is asked again.

#include "runtime/text/chat_template.h"

#include <cstdlib>
#include <string>

static qcc_code_t render(const qcc_rt_chat_t &chat, std::string &out,
                         qcc_status_t &status) {
  size_t size = 0;
  qcc_code_t code = qcc_rt_chat_render(&chat, nullptr, 0, &size, &status);
  if (code != QCC_OK)
    return code;
  out.resize(size);
  return qcc_rt_chat_render(&chat, out.data(), out.size(), &size, &status);
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  std::string bytes(reinterpret_cast<const char *>(data), size);
  size_t end = bytes.find('\0');
  std::string source = bytes.substr(0, end);
  std::string context = end == std::string::npos ? "" : bytes.substr(end + 1);

  qcc_rt_message_t messages[] = {
      {{"system", 6}, {"Be brief.", 9}},
      {{"user", 4}, {" Wie gr\xc3\xbc\xc3\x9ft man? \xff", 17}},
      {{"assistant", 9}, {"<think>so</think>Hallo", 22}},
  };
  qcc_rt_chat_t chat = {};
  chat.source = {source.data(), source.size()};
  chat.messages = messages;
  chat.message_count = 3;
  chat.bos = {"<s>", 3};
  chat.eos = {"</s>", 4};
  chat.add_generation_prompt = 1;
  chat.context = {context.data(), context.size()};
  chat.now_s = 1700000000;

  std::string out;
  qcc_status_t status;
  if (render(chat, out, status) != QCC_OK) {
    if (status.message[0] == '\0')
      abort();
    return 0;
  }
  return 0;
}
