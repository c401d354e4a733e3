// One row by weights in blocks: codes go from memory to registers once, nothing
// is spilled, and the lines ahead are asked for evenly, not in a bunch: once,
// or three times where a block takes long to compute.

// RUN: split-file %s %t

// RUN: qcc %t/q4_0.mlir --target=avx512 --emit=asm -o - \
// RUN:   | %python %S/Inputs/hot_loop.py prefetchnta \
// RUN:   | FileCheck %s --check-prefixes=LOOP,Q4_0,ZMM
// RUN: qcc %t/q4_k.mlir --target=avx512 --emit=asm -o - \
// RUN:   | %python %S/Inputs/hot_loop.py prefetchnta \
// RUN:   | FileCheck %s --check-prefixes=LOOP,Q4_K,ZMM
// RUN: qcc %t/q4_0.mlir --target=avxvnni --emit=asm -o - \
// RUN:   | %python %S/Inputs/hot_loop.py prefetchnta \
// RUN:   | FileCheck %s --check-prefixes=LOOP,Q4_0_YMM,YMM

// Blocks of 16 rows are 288 and 2304 bytes, of 8 rows half of it.
// Q4_0:      prefetchnta 5 of {{[345][0-9]$}}
// Q4_0_YMM:  prefetchnta 3 of {{[345][0-9]$}}
// Q4_K:      prefetchnta 108 of {{[34][0-9][0-9]$}}
// ZMM:       registers {{(xmm )?zmm$}}
// YMM:       registers {{(xmm )?ymm$}}
// LOOP:      calls 0
// LOOP-NEXT: stack loads 0
// LOOP-NEXT: stack stores 0
// Q4_0:      vpdpbusd 8{{$}}
// Q4_0_YMM:  vpdpbusd 8{{$}}
// Q4_K:      vpdpbusd 64{{$}}
// Q4_0:      prefetches together {{[012]$}}
// Q4_0_YMM:  prefetches together {{[012]$}}
// Q4_K:      prefetches together {{[3-6]$}}

//--- q4_0.mlir
func.func @main(%x: tensor<8x2048xf32>, %extents: tensor<4xi64>)
    -> tensor<8x32xf32> {
  %w = arith.constant dense<1> : tensor<32x1152xi8, #qcc.blocks<"q4_0", 2048>>
  %0 = qcc.block_linear %x, %w, %extents {format = #qcc.row_format<f32>}
    : (tensor<8x2048xf32>, tensor<32x1152xi8, #qcc.blocks<"q4_0", 2048>>,
       tensor<4xi64>) -> tensor<8x32xf32>
  return %0 : tensor<8x32xf32>
}

//--- q4_k.mlir
func.func @main(%x: tensor<8x2048xf32>, %extents: tensor<4xi64>)
    -> tensor<8x32xf32> {
  %w = arith.constant dense<1> : tensor<32x1152xi8, #qcc.blocks<"q4_k", 2048>>
  %0 = qcc.block_linear %x, %w, %extents {format = #qcc.row_format<f32>}
    : (tensor<8x2048xf32>, tensor<32x1152xi8, #qcc.blocks<"q4_k", 2048>>,
       tensor<4xi64>) -> tensor<8x32xf32>
  return %0 : tensor<8x32xf32>
}
