// RUN: split-file %s %t

// The loop over taps and channels keeps every accumulator in a register: a dot
// product for each, no vector that comes from or goes to the stack.
// RUN: qcc %t/conv.mlir --target=avx512 --emit=asm -o - \
// RUN:   | %python %S/Inputs/hot_loop.py vpdpbusd \
// RUN:   | FileCheck %s --check-prefixes=TILE,ZMM
// RUN: qcc %t/conv.mlir --target=avxvnni --emit=asm -o - \
// RUN:   | %python %S/Inputs/hot_loop.py vpdpbusd \
// RUN:   | FileCheck %s --check-prefixes=TILE,YMM
// RUN: qcc %t/conv.mlir --target=avx2 --emit=asm -o - \
// RUN:   | %python %S/Inputs/hot_loop.py vpmaddwd \
// RUN:   | FileCheck %s --check-prefixes=TILE,YMM

// The same tile for floats: a product and a sum, rounded once.
// RUN: qcc %t/float.mlir --target=avx512 --emit=asm -o - \
// RUN:   | %python %S/Inputs/hot_loop.py vfmadd231ps \
// RUN:   | FileCheck %s --check-prefixes=TILE,ZMM
// RUN: qcc %t/float.mlir --target=avx2 --emit=asm -o - \
// RUN:   | %python %S/Inputs/hot_loop.py vfmadd231ps \
// RUN:   | FileCheck %s --check-prefixes=TILE,YMM

// One filter a channel has more weights than registers; only those may be
// loaded from the stack.
// RUN: qcc %t/depthwise.mlir --target=avx512 --emit=asm -o - \
// RUN:   | %python %S/Inputs/hot_loop.py vpdpbusd \
// RUN:   | FileCheck %s --check-prefixes=DEPTHWISE,ZMM
// RUN: qcc %t/depthwise.mlir --target=avx2 --emit=asm -o - \
// RUN:   | %python %S/Inputs/hot_loop.py vpmaddwd \
// RUN:   | FileCheck %s --check-prefixes=DEPTHWISE,YMM

// A processor with avx2 only has no wider registers and no dot product.
// RUN: qcc %t/conv.mlir --target=avx2 --emit=asm -o - \
// RUN:   | FileCheck %s --check-prefix=AVX2

// TILE:      {{v[a-z0-9]+ ([89]|[1-9][0-9]+) of}}
// DEPTHWISE: {{v[a-z0-9]+ [1-9][0-9]+ of}}
// ZMM:       registers zmm{{$}}
// YMM:       registers ymm{{$}}
// TILE:      calls 0
// TILE:      stack loads 0
// TILE:      stack stores 0
// DEPTHWISE: calls 0
// DEPTHWISE: stack stores 0

// AVX2-NOT: {{zmm|vpdpbusd}}

//--- conv.mlir
func.func @main(%x: tensor<1x64x16x16x!qcc.quant<u8, 0.5, 3>>)
    -> tensor<1x64x16x16x!qcc.quant<u8, 0.5, 0>> {
  %w = arith.constant dense<1> : tensor<64x64x3x3xi8>
  %s = arith.constant dense<1.0> : tensor<64xf32>
  %0 = qcc.conv %x, %w scales(%s) {pads = array<i64: 1, 1, 1, 1>}
    : (tensor<1x64x16x16x!qcc.quant<u8, 0.5, 3>>, tensor<64x64x3x3xi8>, tensor<64xf32>)
      -> tensor<1x64x16x16x!qcc.quant<u8, 0.5, 0>>
  return %0 : tensor<1x64x16x16x!qcc.quant<u8, 0.5, 0>>
}

//--- float.mlir
func.func @main(%x: tensor<1x64x16x16xf32>) -> tensor<1x64x16x16xf32> {
  %w = arith.constant dense<1.0> : tensor<64x64x3x3xf32>
  %0 = qcc.conv %x, %w {pads = array<i64: 1, 1, 1, 1>}
    : (tensor<1x64x16x16xf32>, tensor<64x64x3x3xf32>) -> tensor<1x64x16x16xf32>
  return %0 : tensor<1x64x16x16xf32>
}

//--- depthwise.mlir
func.func @main(%x: tensor<1x64x16x16x!qcc.quant<u8, 0.5, 3>>)
    -> tensor<1x64x16x16x!qcc.quant<u8, 0.5, 0>> {
  %w = arith.constant dense<1> : tensor<64x1x3x3xi8>
  %s = arith.constant dense<1.0> : tensor<64xf32>
  %0 = qcc.conv %x, %w scales(%s) {pads = array<i64: 1, 1, 1, 1>, group = 64 : i64}
    : (tensor<1x64x16x16x!qcc.quant<u8, 0.5, 3>>, tensor<64x1x3x3xi8>, tensor<64xf32>)
      -> tensor<1x64x16x16x!qcc.quant<u8, 0.5, 0>>
  return %0 : tensor<1x64x16x16x!qcc.quant<u8, 0.5, 0>>
}
