// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// All ops, one file a family.

#ifndef QCC_OPS_TD
#define QCC_OPS_TD

include "dialects/Qcc/IR/QccContractionOps.td"
include "dialects/Qcc/IR/QccAttentionOps.td"
include "dialects/Qcc/IR/QccDecoderOps.td"
include "dialects/Qcc/IR/QccElementwiseOps.td"
include "dialects/Qcc/IR/QccExpertOps.td"
include "dialects/Qcc/IR/QccIndexOps.td"
include "dialects/Qcc/IR/QccKernelOps.td"
include "dialects/Qcc/IR/QccShapeOps.td"
include "dialects/Qcc/IR/QccWeightOps.td"
include "dialects/Qcc/IR/QccWindowOps.td"

#endif // QCC_OPS_TD
