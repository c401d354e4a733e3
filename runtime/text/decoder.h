// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Text from tokens, one token after another. A decoder is a short list of
// steps; few of them remember anything, so that a stream is as good as a
// whole text.

#ifndef RUNTIME_TEXT_DECODER_H
#define RUNTIME_TEXT_DECODER_H

#include "runtime/text/data_view.h"
#include "runtime/text/tokenizer.h"

#include <string>

namespace qcc::text {

class Decoder {
public:
  Decoder(const DataView &view, uint32_t flags);

  /// Appends what the next token adds.
  void add(int32_t id, std::string &text);

  void load(const qcc_rt_stream_t &state);
  void save(qcc_rt_stream_t &state) const;

private:
  void applyStep(const Step &step, std::string &token);
  void joinWordPieces(const Step &step, std::string &token);
  void endWord(std::string_view suffix, std::string &token);
  void stripText(const Step &step, std::string &token);

  const DataView &view;
  bool showsSpecial;
  bool isFirst = true; // no token was written yet
  bool isFused = false;
  bool endsWord = false; // a space follows, unless the text ends
  uint64_t stripped = 0; // at the start of a fused text
  bool isStripping = true;
};

} // namespace qcc::text

#endif // RUNTIME_TEXT_DECODER_H
