// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Runs any passes of qcc on a text file: what tests and debugging use.

#include "compiler/RegisterAll.h"

#include "mlir/IR/DialectRegistry.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  qcc::registerAllDialects(registry);
  qcc::registerAllPasses();
  return mlir::asMainReturnCode(
      mlir::MlirOptMain(argc, argv, "qcc pass driver\n", registry));
}
