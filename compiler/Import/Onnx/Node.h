// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One node of the model while it is imported: its attributes and inputs, read
// so that a wrong one is recorded as the node's problem and answered with a
// value that does no harm.

#ifndef COMPILER_IMPORT_ONNX_NODE_H
#define COMPILER_IMPORT_ONNX_NODE_H

#include "compiler/Import/Onnx/GraphBuilder.h"
#include "compiler/Import/Onnx/TensorReader.h"
#include "compiler/Import/Onnx/onnx.pb.h"

namespace qcc::onnx_import {

class Node {
public:
  Node(onnx::NodeProto &proto, int64_t opset, GraphBuilder &build,
       TensorReader &tensors, llvm::SmallVector<mlir::Value> inputs)
      : build(build), opset(opset), proto(proto), tensors(tensors),
        inputs(std::move(inputs)), outputs(proto.output_size()) {}

  GraphBuilder &build;
  const int64_t opset;

  llvm::StringRef getType() const { return proto.op_type(); }
  std::nullptr_t fail(const llvm::Twine &message) {
    return build.fail(message);
  }

  // Inputs. Those that the op's row requires are never null.
  size_t getNumInputs() const { return inputs.size(); }
  bool hasInput(size_t i) const { return i < inputs.size() && inputs[i]; }
  mlir::Value input(size_t i) const {
    return i < inputs.size() ? inputs[i] : mlir::Value();
  }
  llvm::ArrayRef<mlir::Value> getInputs() const { return inputs; }
  /// The same node with other inputs.
  Node withInputs(llvm::SmallVector<mlir::Value> others) const {
    return Node(proto, opset, build, tensors, std::move(others));
  }

  /// Elements of an input that has to be constant; nothing and a problem
  /// otherwise. `what` names the input in messages.
  std::optional<std::vector<int64_t>> constantIntegers(size_t i,
                                                       llvm::StringRef what);
  std::optional<std::vector<float>> constantFloats(size_t i,
                                                   llvm::StringRef what);
  /// The same for one integer.
  std::optional<int64_t> constantInteger(size_t i, llvm::StringRef what);
  /// The same for one number of any type.
  std::optional<double> constantScalar(size_t i, llvm::StringRef what);

  // Outputs.
  size_t getNumOutputs() const { return outputs.size(); }
  bool isOutputUsed(size_t i) const {
    return i < outputs.size() && !proto.output(i).empty();
  }
  void setOutput(size_t i, mlir::Value value) {
    if (i < outputs.size())
      outputs[i] = value;
  }
  mlir::Value output(size_t i) const { return outputs[i]; }

  // Attributes.
  bool hasAttribute(llvm::StringRef name) const;
  int64_t getInteger(llvm::StringRef name, int64_t absent);
  float getFloat(llvm::StringRef name, float absent);
  llvm::StringRef getString(llvm::StringRef name, llvm::StringRef absent);
  llvm::SmallVector<int64_t> getIntegers(llvm::StringRef name, Shape absent);
  llvm::SmallVector<float> getFloats(llvm::StringRef name);
  std::vector<std::string> getStrings(llvm::StringRef name);
  /// The graph attribute `name`; null and a problem where there is none.
  onnx::GraphProto *getBody(llvm::StringRef name);
  /// The constant of a tensor attribute, or null.
  mlir::ElementsAttr getTensor(llvm::StringRef name);

  /// `axis` counted from the front, for `rank` dimensions; nothing and a
  /// problem if it is none of them.
  std::optional<int64_t> normalizeAxis(int64_t axis, int64_t rank);
  /// The same for a list, sorted; doubles are a problem too.
  std::optional<llvm::SmallVector<int64_t>> normalizeAxes(Shape axes,
                                                          int64_t rank);
  /// Axes from the attribute `axes`, or from input `i` from `firstOpset` on;
  /// nothing where the model gives none or there is a problem.
  std::optional<llvm::SmallVector<int64_t>> getAxes(size_t i,
                                                    int64_t firstOpset);

private:
  onnx::AttributeProto *find(llvm::StringRef name,
                             onnx::AttributeProto::AttributeType type);

  onnx::NodeProto &proto;
  TensorReader &tensors;
  llvm::SmallVector<mlir::Value> inputs, outputs;
};

} // namespace qcc::onnx_import

#endif // COMPILER_IMPORT_ONNX_NODE_H
