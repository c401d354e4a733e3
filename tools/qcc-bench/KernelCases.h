// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The kernels that networks spend their time in, each as a graph of the dialect
// around one op. Shapes are those of ResNet-50 and MobileNetV2 at 224 x 224.

#ifndef QCC_TOOLS_QCC_BENCH_KERNELCASES_H
#define QCC_TOOLS_QCC_BENCH_KERNELCASES_H

#include <cstdint>
#include <string>
#include <vector>

namespace qcc::bench {

struct KernelCase {
  std::string name;
  /// The op whose time counts, as profiles call it: `qcc.packed_conv`, ...
  std::string kind;
  /// Its layer name, since an image comes from and goes to other layers.
  std::string layer;
  /// The graph as text.
  std::string text;
  /// How often ResNet-50 runs this 3x3 convolution; 0 for other kernels.
  int64_t count = 0;
};

std::vector<KernelCase> makeKernelCases();

} // namespace qcc::bench

#endif // QCC_TOOLS_QCC_BENCH_KERNELCASES_H
