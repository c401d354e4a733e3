// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How programs end that the system has no memory for.

#ifndef COMPILER_EVALUATE_MEMORYERROR_H
#define COMPILER_EVALUATE_MEMORYERROR_H

namespace qcc::evaluate {

/// From now on, memory that is not there ends the program with 2 and one line,
/// `PROGRAM: error: expected enough memory for the model, but got none`, and
/// leaves no file behind. `program` stays the caller's.
void reportMemoryErrors(const char *program);

} // namespace qcc::evaluate

#endif // COMPILER_EVALUATE_MEMORYERROR_H
