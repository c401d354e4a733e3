// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a tokenizer is made of. Constant once it is made.

#ifndef RUNTIME_TEXT_TOKENIZERSTATE_H
#define RUNTIME_TEXT_TOKENIZERSTATE_H

#include "runtime/text/added_tokens.h"
#include "runtime/text/data_view.h"
#include "runtime/text/models.h"
#include "runtime/text/normalizer.h"
#include "runtime/text/pre_tokenizer.h"

struct qcc_rt_tokenizer_t {
  qcc::text::DataView view;
  qcc::text::Normalizer normalizer;
  qcc::text::PreTokenizer preTokenizer;
  qcc::text::AddedTokens added;
};

#endif // RUNTIME_TEXT_TOKENIZERSTATE_H
