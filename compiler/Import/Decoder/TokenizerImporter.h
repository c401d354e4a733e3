// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The tokenizer of a checkpoint, as bytes on the module of its model.

#ifndef COMPILER_IMPORT_DECODER_TOKENIZERIMPORTER_H
#define COMPILER_IMPORT_DECODER_TOKENIZERIMPORTER_H

#include "compiler/Import/Gguf/GgufReader.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/Error.h"

namespace qcc {

/// Data for qcc_rt_tokenizer_create; empty if the file has no tokenizer.
llvm::Expected<std::vector<char>> readGgufTokenizer(const GgufFile &file);

/// The same of a folder with a tokenizer.json.
llvm::Expected<std::vector<char>> readFolderTokenizer(llvm::StringRef folder);

/// Sets `qcc.tokenizer`. A model can do without: where there is no data, or
/// only a reason why not, a remark says that the library takes ids alone.
void attachTokenizer(mlir::ModuleOp module,
                     llvm::Expected<std::vector<char>> data);

} // namespace qcc

#endif // COMPILER_IMPORT_DECODER_TOKENIZERIMPORTER_H
