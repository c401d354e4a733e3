// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The arrays a run is fed with: from files, or made up.

#ifndef QCC_TOOLS_QCC_RUN_INPUTS_H
#define QCC_TOOLS_QCC_RUN_INPUTS_H

#include "compiler/Evaluate/LoadedLibrary.h"
#include "tools/qcc-run/Options.h"

namespace qcc::run {

struct Inputs {
  std::vector<evaluate::Array> arrays; ///< In the model's order.
  int64_t batch = 1;
};

/// Reads what --input names and fills the rest with random values, which a
/// remark on the standard error says. Errors start with the file or flag.
llvm::Expected<Inputs> gatherInputs(llvm::ArrayRef<qcc_tensor_info_t> infos,
                                    const Options &options);

} // namespace qcc::run

#endif // QCC_TOOLS_QCC_RUN_INPUTS_H
