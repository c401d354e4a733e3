// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Writes nodes, constants and names of an ONNX graph. Every value of the module
// has one name; a tensor on a grid has a second one for its floats.

#ifndef COMPILER_EXPORT_ONNX_GRAPHWRITER_H
#define COMPILER_EXPORT_ONNX_GRAPHWRITER_H

#include "compiler/Import/Onnx/onnx.pb.h"
#include "dialects/Qcc/IR/Qcc.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringSet.h"

#include <string>

namespace qcc::onnx_export {

/// The attributes of a node that is being written.
class NodeWriter {
public:
  explicit NodeWriter(onnx::NodeProto &node) : node(node) {}

  NodeWriter &integer(llvm::StringRef name, int64_t value);
  NodeWriter &integers(llvm::StringRef name, llvm::ArrayRef<int64_t> values);
  NodeWriter &number(llvm::StringRef name, float value);
  NodeWriter &text(llvm::StringRef name, llvm::StringRef value);
  /// The name of the node's output.
  const std::string &output() const { return node.output(0); }

private:
  onnx::AttributeProto &add(llvm::StringRef name,
                            onnx::AttributeProto::AttributeType type);

  onnx::NodeProto &node;
};

using Names = llvm::ArrayRef<std::string>;

class GraphWriter {
public:
  GraphWriter(onnx::GraphProto &graph, bool hasSymbolicBatch)
      : graph(graph), hasSymbolicBatch(hasSymbolicBatch) {}

  /// True if the first dimension of activations may be any at run time.
  bool isBatchOpen() const { return hasSymbolicBatch; }

  /// Keeps a name for an output that is declared later.
  void reserve(llvm::StringRef name) { names.insert(name); }
  void addInput(mlir::Value value, llvm::StringRef name);
  /// Declares `value` to be an output, and gives it its name.
  void addOutput(mlir::Value value, llvm::StringRef name);

  /// The nodes that follow belong to the layer of `op`.
  void begin(mlir::Operation *op);
  /// An empty name is an input that is left out.
  NodeWriter add(llvm::StringRef type, Names inputs);

  /// The name of `value` as floats, or as it is where it is on no grid.
  std::string read(mlir::Value value);
  /// The name of `value` as it is stored.
  std::string readStored(mlir::Value value);
  /// Names the node output `floats` as `value`, on its grid.
  void define(mlir::Value value, const std::string &floats);
  /// Names `stored` as `value`, which may be on a grid.
  void defineStored(mlir::Value value, const std::string &stored);

  // Constants.
  std::string constant(mlir::Type element, llvm::ArrayRef<int64_t> shape,
                       llvm::ArrayRef<char> bytes);
  std::string integers(llvm::ArrayRef<int64_t> values);
  std::string number(float value);

  /// Names of the scale and zero point of `grid`.
  std::string scaleOf(QuantType grid);
  std::string zeroPointOf(QuantType grid);

private:
  std::string makeName(llvm::StringRef wish);
  void rename(const std::string &from, llvm::StringRef to);
  void describe(onnx::ValueInfoProto &info, mlir::Value value,
                llvm::StringRef name);

  onnx::GraphProto &graph;
  bool hasSymbolicBatch;
  std::string layer;
  llvm::StringSet<> names;
  llvm::StringMap<unsigned> counts;
  llvm::DenseMap<mlir::Value, std::string> stored, floats;
  llvm::DenseMap<mlir::Type, std::string> scales, zeroPoints;
};

/// The number that ONNX gives the type of stored elements.
int32_t getElementNumber(mlir::Type element);

// One function for each family; false where `op` is of another.
bool writeArithmetic(GraphWriter &graph, mlir::Operation *op);
bool writeContraction(GraphWriter &graph, mlir::Operation *op);
bool writeMove(GraphWriter &graph, mlir::Operation *op);
bool writeWindow(GraphWriter &graph, mlir::Operation *op);

/// `floats` within the bounds that `op` has, if it has any.
std::string writeBounds(GraphWriter &graph, mlir::Operation *op,
                        std::string floats);

} // namespace qcc::onnx_export

#endif // COMPILER_EXPORT_ONNX_GRAPHWRITER_H
