// RUN: split-file %s %t

// Kernels that find the place of an element themselves move whole registers
// wherever neighbours in the result are neighbours in the operand: no loop
// touches a single element.
// RUN: qcc %t/runs.mlir --target=avx512 --emit=asm -o - 2>&1 \
// RUN:   | %python %S/Inputs/inner_loops.py | FileCheck %s --check-prefix=RUNS
// RUN: qcc %t/runs.mlir --target=avx2 --emit=asm -o - 2>&1 \
// RUN:   | %python %S/Inputs/inner_loops.py | FileCheck %s --check-prefix=RUNS
// RUNS: resize_f32: scalars 0, vectors {{[1-9]}}
// RUNS: pad_f32: scalars 0, vectors {{[1-9]}}
// RUNS: gather_f32: scalars 0, vectors {{[1-9]}}
// RUNS: scatter_f32: scalars 0, vectors {{[1-9]}}
// RUNS: cast_f32: scalars 0, vectors {{[1-9]}}
// Blocks of pixels to rows of planes: two dimensions give a row of a tile, and
// what is left at the edges is part of a register.
// RUNS: transpose_f32: scalars 0, vectors {{[1-9]}}

// Tables of bytes are looked up in registers.
// RUN: qcc %t/table.mlir --target=avx512 --emit=asm -o - \
// RUN:   | FileCheck %s --check-prefixes=TABLE,WIDE
// RUN: qcc %t/table.mlir --target=avx2 --emit=asm -o - \
// RUN:   | FileCheck %s --check-prefixes=TABLE,NARROW
// TABLE-LABEL: lookup_u8_{{.*}}_task:
// WIDE-COUNT-2: vperm{{[it]}}2b {{.*}}%zmm
// NARROW-COUNT-16: vpshufb {{.*}}%ymm
// TABLE-NOT: {{movz?b[l ]|vpinsrb}}
// TABLE: retq

// Where neighbours lie anywhere in the operand, avx512 gathers floats; there is
// no instruction for bytes, and none that pays on avx2.
// RUN: qcc %t/places.mlir --target=avx512 --emit=asm -o %t/places.s 2>&1 \
// RUN:   | FileCheck %s --check-prefix=QUIET --allow-empty
// RUN: %python %S/Inputs/inner_loops.py < %t/places.s \
// RUN:   | FileCheck %s --check-prefix=PLACES
// QUIET-NOT: remark
// PLACES: gather_f32: scalars 0, vectors {{[1-9]}}
// PLACES: resize_f32: scalars 0, vectors {{[1-9]}}
// RUN: qcc %t/places.mlir --target=avx2 --emit=asm -o %t/places.s 2>&1 \
// RUN:   | FileCheck %s --check-prefix=REMARK
// RUN: qcc %t/bytes.mlir --target=avx512 --emit=asm -o %t/bytes.s 2>&1 \
// RUN:   | FileCheck %s --check-prefix=REMARK
// REMARK: remark: {{.*}}finds the place of each element by itself
// REMARK: remark: {{.*}}finds the place of each element by itself

// RUN: qcc %t/pool.mlir --target=avx512 --emit=asm -o %t/pool.s 2>&1 \
// RUN:   | FileCheck %s --check-prefix=POOL
// POOL: remark: {{.*}}pools an image of one channel

//--- runs.mlir
func.func @main(%x: tensor<1x64x28x28xf32>, %rows: tensor<500x384xf32>,
                %blocks: tensor<14x14x2x2x20xf32>)
    -> (tensor<1x64x56x56xf32>, tensor<1x64x31x28xf32>, tensor<16x384xf32>,
        tensor<500x384xf32>, tensor<1x64x28x28xi32>, tensor<20x14x2x14x2xf32>) {
  %0 = qcc.resize nearest %x {coordinates = #qcc.coordinates<asymmetric>,
      rounding = #qcc.nearest_rounding<floor>,
      scales = array<f64: 1.0, 1.0, 2.0, 2.0>}
    : tensor<1x64x28x28xf32> -> tensor<1x64x56x56xf32>
  %1 = qcc.pad %x {low = array<i64: 0, 0, 2, 0>, high = array<i64: 0, 0, 1, 0>,
      mode = #qcc.pad_mode<reflect>}
    : tensor<1x64x28x28xf32> -> tensor<1x64x31x28xf32>
  %indices = arith.constant dense<7> : tensor<16xi64>
  %2 = qcc.gather %rows, %indices {axis = 0 : i64}
    : (tensor<500x384xf32>, tensor<16xi64>) -> tensor<16x384xf32>
  %3 = qcc.scatter add %rows, %indices, %2
    : (tensor<500x384xf32>, tensor<16xi64>, tensor<16x384xf32>)
      -> tensor<500x384xf32>
  %4 = qcc.cast %x : tensor<1x64x28x28xf32> -> tensor<1x64x28x28xi32>
  %5 = qcc.transpose %blocks {permutation = array<i64: 4, 0, 2, 1, 3>}
    : tensor<14x14x2x2x20xf32> -> tensor<20x14x2x14x2xf32>
  return %0, %1, %2, %3, %4, %5
    : tensor<1x64x56x56xf32>, tensor<1x64x31x28xf32>, tensor<16x384xf32>,
      tensor<500x384xf32>, tensor<1x64x28x28xi32>, tensor<20x14x2x14x2xf32>
}

//--- table.mlir
func.func @main(%x: tensor<4096x!qcc.quant<u8, 0.5, 128>>)
    -> tensor<4096x!qcc.quant<u8, 0.5, 128>> {
  %t = arith.constant dense<3> : tensor<256xi8>
  %0 = qcc.lookup %x, %t
    : (tensor<4096x!qcc.quant<u8, 0.5, 128>>, tensor<256xi8>)
      -> tensor<4096x!qcc.quant<u8, 0.5, 128>>
  return %0 : tensor<4096x!qcc.quant<u8, 0.5, 128>>
}

//--- places.mlir
func.func @main(%x: tensor<96x1024xf32>) -> (tensor<96x64xf32>, tensor<96x2048xf32>) {
  %indices = arith.constant dense<7> : tensor<64xi64>
  %0 = qcc.gather %x, %indices {axis = 1 : i64}
    : (tensor<96x1024xf32>, tensor<64xi64>) -> tensor<96x64xf32>
  %1 = qcc.resize linear %x {scales = array<f64: 1.0, 2.0>}
    : tensor<96x1024xf32> -> tensor<96x2048xf32>
  return %0, %1 : tensor<96x64xf32>, tensor<96x2048xf32>
}

//--- bytes.mlir
func.func @main(%x: tensor<96x1024xi8>) -> (tensor<96x64xi8>, tensor<96x128xi8>) {
  %indices = arith.constant dense<7> : tensor<64xi64>
  %0 = qcc.gather %x, %indices {axis = 1 : i64}
    : (tensor<96x1024xi8>, tensor<64xi64>) -> tensor<96x64xi8>
  %1 = qcc.slice %x {starts = array<i64: 0, 0>, steps = array<i64: 1, 8>}
    : tensor<96x1024xi8> -> tensor<96x128xi8>
  return %0, %1 : tensor<96x64xi8>, tensor<96x128xi8>
}

//--- pool.mlir
func.func @main(%x: tensor<1x1x32x32xf32>) -> tensor<1x1x16x16xf32> {
  %0 = qcc.max_pool %x {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>}
    : tensor<1x1x32x32xf32> -> tensor<1x1x16x16xf32>
  return %0 : tensor<1x1x16x16xf32>
}
