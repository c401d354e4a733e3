// RUN: qcc-opt %s --qcc-pack-weights --qcc-plan-memory --qcc-emit-kernels \
// RUN:   --canonicalize --split-input-file | FileCheck %s
// RUN: qcc-opt %s --qcc-pack-weights=target=avxvnni --qcc-plan-memory \
// RUN:   --qcc-emit-kernels=target=avxvnni --canonicalize --split-input-file \
// RUN:   | FileCheck %s --check-prefix=AVXVNNI
// RUN: qcc-opt %s --qcc-pack-weights=target=avx2 --qcc-plan-memory \
// RUN:   --qcc-emit-kernels=target=avx2 --canonicalize --split-input-file \
// RUN:   | FileCheck %s --check-prefix=AVX2

// Main takes the arena, the weights, the input and the output, as bytes. Both
// exponentials are one kernel, which is given other buffers; the logarithm is
// another.
// CHECK-LABEL: @shares_kernels
// CHECK-SAME:    qcc.inputs = [{dtype = "f32", name = "x", shape = array<i64: 64>}]
// CHECK-SAME:    qcc.outputs = [{dtype = "f32", name = "y", shape = array<i64: 64>}]
// CHECK:       @main(%[[ARENA:[^:]*]]: memref<768xi8>, %{{[^:]*}}: memref<{{[0-9]+}}xi8>,
// CHECK-SAME:    %[[IN:[^:]*]]: memref<256xi8>, %[[OUT:[^:]*]]: memref<256xi8>)
// CHECK:         %[[X:.*]] = memref.view %[[IN]][%c0]
// CHECK:         %[[A:.*]] = memref.view %[[ARENA]][%c0]
// CHECK:         qcc.launch @[[EXP:.*]] tasks {{[0-9]+}}(%[[X]], %[[A]])
// CHECK-SAME:      kind = "qcc.unary"
// CHECK:         qcc.launch @[[LOG:.*]] tasks
// CHECK:         %[[B:.*]] = memref.view %[[ARENA]][%c384]
// CHECK:         %[[Y:.*]] = memref.view %[[OUT]][%c0]
// CHECK:         qcc.launch @[[EXP]] tasks {{[0-9]+}}(%[[B]], %[[Y]])
// CHECK:       func.func private @[[EXP]](%{{[^:]*}}: index, %{{[^:]*}}: memref<64xf32>,
// CHECK:         math.exp
// CHECK:       func.func private @[[LOG]](
// CHECK:         math.log
// CHECK-NOT:   func.func
module @shares_kernels {
  func.func @main(%x: tensor<64xf32> {qcc.name = "x"}) -> (tensor<64xf32> {qcc.name = "y"}) {
    %0 = qcc.unary exp %x : tensor<64xf32> -> tensor<64xf32>
    %1 = qcc.unary log %0 : tensor<64xf32> -> tensor<64xf32>
    %2 = qcc.unary exp %1 : tensor<64xf32> -> tensor<64xf32>
    return %2 : tensor<64xf32>
  }
}

// -----

// Weights, start values and multipliers lie one behind the other in the
// weights. The accumulators stay in registers through the loop: the sums of
// four products are one instruction with 16 or 8 lanes, or two of 16-bit
// integers.
// CHECK-LABEL: @multiplies_bytes
// CHECK-SAME:    qcc.weights = dense_resource<qcc_weights> : tensor<{{[0-9]+}}xi8>
// CHECK:       @main(%{{[^:]*}}: {{[^:]*}}, %[[WEIGHTS:[^:]*]]: memref<[[BYTES:[0-9]+]]xi8>,
// CHECK-DAG:     memref.view %[[WEIGHTS]][%c0][] : memref<[[BYTES]]xi8> to memref<128xi8>
// CHECK-DAG:     memref.view %[[WEIGHTS]][%c128][] : memref<[[BYTES]]xi8> to memref<16xi32>
// CHECK-DAG:     memref.view %[[WEIGHTS]][%c192][] : memref<[[BYTES]]xi8> to memref<16xf32>
// CHECK:         qcc.launch @packed_conv_u8_s8_s32_avx512_0
// CHECK-SAME:      int8, kind = "qcc.packed_conv", macs = 512 : i64, op_name = "fc"
// CHECK:       func.func private @packed_conv_u8_s8_s32_avx512_0
// CHECK:         scf.for {{.*}} iter_args({{.*}} -> (vector<16xi32>,
// CHECK:           llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.512"
// CHECK:           scf.yield {{.*}} : vector<16xi32>,
// CHECK:         arith.sitofp {{.*}} : vector<16xi32> to vector<16xf32>
// CHECK:         vector.store

// AVXVNNI-LABEL: @multiplies_bytes
// AVXVNNI:         scf.for {{.*}} iter_args({{.*}} -> (vector<8xi32>,
// AVXVNNI:           llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.256"
// AVXVNNI:           scf.yield {{.*}} : vector<8xi32>,

// AVX2-LABEL: @multiplies_bytes
// AVX2:         scf.for {{.*}} iter_args({{.*}} -> (vector<8xi32>,
// AVX2-COUNT-2:   llvm.call_intrinsic "llvm.x86.avx2.pmadd.wd"
// AVX2:           scf.yield {{.*}} : vector<8xi32>,
module @multiplies_bytes {
  func.func @main(%x: tensor<4x8x!qcc.quant<u8, 0.5, 3>>) -> tensor<4x16xf32> {
    %w = arith.constant dense<1> : tensor<16x8xi8>
    %s = arith.constant dense<1.0> : tensor<16xf32>
    %0 = qcc.linear %x, %w scales(%s)
      : (tensor<4x8x!qcc.quant<u8, 0.5, 3>>, tensor<16x8xi8>, tensor<16xf32>)
        -> tensor<4x16xf32> loc("fc")
    return %0 : tensor<4x16xf32>
  }
}

// -----

// What memory planning made a view is no work: one launch, from column 2 on.
// CHECK-LABEL: @keeps_views_free
// CHECK:         qcc.launch
// CHECK:         memref.view {{.*}} to memref<2xf32>
// CHECK:         qcc.launch
// CHECK-NOT:     qcc.launch
// CHECK:       func.func private
module @keeps_views_free {
  func.func @main(%x: tensor<4xf32>) -> tensor<2xf32> {
    %0 = qcc.unary exp %x : tensor<4xf32> -> tensor<4xf32>
    %1 = qcc.slice %0 {starts = array<i64: 2>, steps = array<i64: 1>}
      : tensor<4xf32> -> tensor<2xf32>
    %2 = qcc.unary log %1 : tensor<2xf32> -> tensor<2xf32>
    return %2 : tensor<2xf32>
  }
}

// -----

// The table of observed tensors says where one lies, and on which grid.
// CHECK-LABEL: @describes_observed
// CHECK-SAME:    qcc.inputs = [{dtype = "f32", name = "input0", shape = array<i64: -1, 4>}]
// CHECK-SAME:    qcc.observed = [{dtype = "u8", name = "q", offset = 0 : i64,
// CHECK-SAME:      scale = 5.000000e-01 : f32, shape = array<i64: 1, 4>,
// CHECK-SAME:      strides = array<i64: 4, 1>, zero_point = 3 : i64}]
// CHECK-SAME:    qcc.outputs = [{dtype = "f32", name = "output0", shape = array<i64: -1, 4>}]
// CHECK-NOT:     qcc.observe{{ }}
module @describes_observed {
  func.func @main(%x: tensor<1x4xf32>) -> tensor<1x4xf32> attributes {qcc.symbolic_batch} {
    %0 = qcc.quantize %x : tensor<1x4xf32> -> tensor<1x4x!qcc.quant<u8, 0.5, 3>>
    qcc.observe %0, "q" : tensor<1x4x!qcc.quant<u8, 0.5, 3>>
    %1 = qcc.dequantize %0 : tensor<1x4x!qcc.quant<u8, 0.5, 3>> -> tensor<1x4xf32>
    return %1 : tensor<1x4xf32>
  }
}

// -----

// Equal weights are there once, as those of a loop's trips are: 16384 bytes of
// them, 256 of the bias, and 64 for what is read ahead.
// CHECK-LABEL: @shares_weights
// CHECK-SAME:    qcc.weights = dense_resource<qcc_weights> : tensor<16704xi8>
module @shares_weights {
  func.func @main(%x: tensor<1x64xf32>) -> tensor<1x64xf32> {
    %w = arith.constant dense<2.0> : tensor<64x64xf32>
    %0 = qcc.linear %x, %w : (tensor<1x64xf32>, tensor<64x64xf32>) -> tensor<1x64xf32>
    %1 = qcc.linear %0, %w : (tensor<1x64xf32>, tensor<64x64xf32>) -> tensor<1x64xf32>
    return %1 : tensor<1x64xf32>
  }
}
