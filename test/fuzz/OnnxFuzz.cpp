// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Feeds arbitrary bytes to the ONNX importer: whatever they are, it returns a
// verified module or a message. The path lies in a folder that does not exist,
// so that no external data is found.

#include "compiler/Import/Importer.h"

#include "mlir/IR/MLIRContext.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  // A new context each time, since types and resources live as long as it.
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  llvm::MemoryBufferRef buffer(
      llvm::StringRef(reinterpret_cast<const char *>(data), size),
      "no-such-folder/model.onnx");
  llvm::Expected<mlir::OwningOpRef<mlir::ModuleOp>> module =
      qcc::importModel(context, buffer);
  if (!module)
    llvm::consumeError(module.takeError());
  return 0;
}
