// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Parses the protobuf message. Protobuf itself bounds nesting and refuses
// lengths that the file does not have; what is left is to bound the number of
// messages, which take more memory than file.

#include "compiler/Import/Onnx/OnnxReader.h"

#include "compiler/Import/QuotedName.h"
#include "llvm/ADT/Twine.h"

#include <climits>

using llvm::Expected;
using llvm::StringRef;
using llvm::Twine;

namespace qcc::onnx_import {

// Larger than any model seen by a factor of ten; an empty node takes two bytes
// of file and a hundred of memory.
static constexpr int kMaxNodes = 1 << 20;
static constexpr int64_t kOldestOpset = 7;

std::string quote(StringRef name) { return quoteName(name); }

static llvm::Error checkModel(const onnx::ModelProto &model) {
  if (!model.has_graph())
    return llvm::createStringError("expected an ONNX graph, but got none");
  const onnx::GraphProto &graph = model.graph();
  for (auto [what, count] :
       {std::pair("nodes", graph.node_size()),
        std::pair("initializers", graph.initializer_size()),
        std::pair("inputs", graph.input_size()),
        std::pair("outputs", graph.output_size())})
    if (count > kMaxNodes)
      return llvm::createStringError("expected at most " + Twine(kMaxNodes) +
                                     " " + what + ", but got " + Twine(count));
  if (graph.sparse_initializer_size())
    return llvm::createStringError(
        "expected dense initializers, but got the sparse one " +
        quote(graph.sparse_initializer(0).values().name()));
  if (!graph.output_size())
    return llvm::createStringError("expected an output, but got none");
  for (const onnx::OperatorSetIdProto &set : model.opset_import())
    if ((set.domain().empty() || set.domain() == "ai.onnx") &&
        set.version() < kOldestOpset)
      return llvm::createStringError(
          "expected operator set " + Twine(kOldestOpset) +
          " or newer, but got " + Twine(set.version()));
  if (model.opset_import().empty())
    return llvm::createStringError(
        "expected an operator set in opset_import, but got none");
  return llvm::Error::success();
}

Expected<std::unique_ptr<onnx::ModelProto>> readOnnx(StringRef bytes) {
  if (bytes.size() > INT_MAX)
    return llvm::createStringError(
        "expected at most 2147483647 bytes (a protobuf limit; larger models "
        "keep their weights in external data), but got " +
        Twine(bytes.size()));
  auto model = std::make_unique<onnx::ModelProto>();
  if (bytes.empty() || !model->ParseFromArray(bytes.data(), bytes.size()))
    return llvm::createStringError(
        "expected an ONNX model, but got " +
        Twine(bytes.empty() ? "an empty file"
                            : "bytes that are no protobuf message of that "
                              "schema"));
  if (llvm::Error error = checkModel(*model))
    return error;
  return model;
}

} // namespace qcc::onnx_import
