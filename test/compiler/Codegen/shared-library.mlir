// REQUIRES: avx512vnni, numpy
// RUN: rm -rf %t && mkdir %t
// RUN: qcc %S/Inputs/slice.mlir --target=avx512 -o %t/slice.so
// RUN: %python %S/Inputs/run_slice.py %t/slice.so | FileCheck %s --check-prefix=RUNS
// RUN: llvm-readelf --dyn-syms --dynamic %t/slice.so | FileCheck %s
// RUN: clang -x c -std=c11 -Wall -Werror -Wno-unused-function -fsyntax-only \
// RUN:   -I %source_root/runtime/include %t/slice.h
// RUN: clang -x c++ -std=c++17 -Wall -Werror -Wno-unused-function -fsyntax-only \
// RUN:   -I %source_root/runtime/include %t/slice.h
// RUN: ls %t | FileCheck %s --check-prefix=FILES
// RUN: FileCheck %s --check-prefix=HEADER --input-file %t/slice.h

// A batch of three through two kernels on two threads.
// RUNS: equal

// One symbol out, one library in.
// CHECK:     NEEDED{{.*}}[libc.so.6]
// CHECK-NOT: NEEDED
// CHECK:     DEFAULT {{[0-9]+}} qcc_query
// CHECK-NOT: DEFAULT {{[0-9]+}} qcc_

// FILES:      slice.h
// FILES-NEXT: slice.so
// FILES-NOT:  {{.}}

// HEADER: static inline int slice_open(slice_t *model, const char *path)
// HEADER: x: float[batch][64]
// HEADER: static inline qcc_code_t slice_run(
