// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Turns MLIR's diagnostics into the one line that a user reads:
// `model.onnx: conv1: 'qcc.conv' op expected ..., but got ...`

#include "compiler/Driver/Diagnostics.h"

#include "mlir/IR/Location.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;

namespace qcc {

DiagnosticCollector::DiagnosticCollector(MLIRContext &context,
                                         StringRef modelPath,
                                         RemarkHandler remark)
    : modelPath(modelPath), remark(remark),
      handler(&context, [this](Diagnostic &diagnostic) {
        handle(diagnostic);
        return success();
      }) {}

/// The place as a user knows it: the file's line, or the model and its node.
static std::string printPlace(Location location, StringRef modelPath) {
  if (auto line = location->findInstanceOf<FileLineColLoc>())
    return (line.getFilename().getValue() + ":" + Twine(line.getLine()) + ":" +
            Twine(line.getColumn()))
        .str();
  if (auto name = location->findInstanceOf<NameLoc>())
    return (modelPath + ": " + name.getName().getValue()).str();
  return modelPath.str();
}

std::string DiagnosticCollector::print(Diagnostic &diagnostic) const {
  std::string text =
      printPlace(diagnostic.getLocation(), modelPath) + ": " + diagnostic.str();
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

void DiagnosticCollector::handle(Diagnostic &diagnostic) {
  std::lock_guard<std::mutex> lock(mutex);
  if (diagnostic.getSeverity() != DiagnosticSeverity::Error)
    remark(print(diagnostic));
  else if (firstError.empty())
    firstError = print(diagnostic);
}

llvm::Error DiagnosticCollector::takeError(StringRef otherwise) {
  if (firstError.empty())
    return llvm::createStringError(modelPath + ": " + otherwise);
  return llvm::createStringError(std::exchange(firstError, std::string()));
}

} // namespace qcc
