// RUN: qcc %S/Inputs/slice.mlir --target=avx512 --emit=asm -o - \
// RUN:   | FileCheck %s
// RUN: qcc %S/Inputs/slice.mlir --target=avx512 --emit=llvm -o - \
// RUN:   | FileCheck %s --check-prefix=LLVM
// RUN: qcc %S/Inputs/slice.mlir --target=avx512 --emit=obj -o %t.o
// RUN: llvm-readelf --sections --symbols %t.o | FileCheck %s --check-prefix=OBJ

// One vpdpbusd in a loop that was not unrolled, and no call of libm.
// CHECK-NOT:     tanhf
// CHECK-LABEL:   dot_task:
// CHECK:         vpdpbusd
// CHECK-NOT:     vpdpbusd
// CHECK:         j{{.*}}
// CHECK-NOT:     vpdpbusd
// CHECK:         retq

// LLVM: define hidden void @qcc_entry_avx512
// LLVM: "prefer-vector-width"="512"

// OBJ:     .text.qcc_entry_avx512
// OBJ-NOT: .eh_frame
// OBJ:     HIDDEN {{.*}} qcc_entry_avx512
