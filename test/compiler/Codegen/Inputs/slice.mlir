module attributes {
  qcc.name = "slice", qcc.arena_bytes = 4096 : i64,
  qcc.inputs = [{name = "x", dtype = "f32", shape = array<i64: -1, 64>}],
  qcc.outputs = [{name = "y", dtype = "f32", shape = array<i64: -1, 64>},
                 {name = "z", dtype = "i32", shape = array<i64: -1, 16>}],
  qcc.observed = [{name = "t", dtype = "f32", shape = array<i64: 1, 64>,
                   strides = array<i64: 64, 1>, offset = 0 : i64,
                   scale = 0.0 : f32, zero_point = 0 : i64}],
  qcc.weights = dense_resource<weights> : tensor<256xi8>
} {
  func.func private @tanh_64(%task: index, %x: memref<64xf32>, %y: memref<64xf32>) {
    %c32 = arith.constant 32 : index
    %c16 = arith.constant 16 : index
    %start = arith.muli %task, %c32 : index
    %end = arith.addi %start, %c32 : index
    scf.for %i = %start to %end step %c16 {
      %v = vector.load %x[%i] : memref<64xf32>, vector<16xf32>
      %t = math.tanh %v : vector<16xf32>
      vector.store %t, %y[%i] : memref<64xf32>, vector<16xf32>
    }
    return
  }
  func.func private @dot(%task: index, %x: memref<64xf32>, %w: memref<256xi8>, %z: memref<16xi32>) {
    %c0 = arith.constant 0 : index
    %c4 = arith.constant 4 : index
    %c1 = arith.constant 1 : index
    %c64 = arith.constant 64 : index
    %zero = arith.constant dense<0> : vector<16xi32>
    %ones = arith.constant dense<1> : vector<64xi8>
    %acc = scf.for %k = %c0 to %c4 step %c1 iter_args(%a = %zero) -> vector<16xi32> {
      %o = arith.muli %k, %c64 : index
      %b = vector.load %w[%o] : memref<256xi8>, vector<64xi8>
      %n = llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.512"(%a, %ones, %b)
        : (vector<16xi32>, vector<64xi8>, vector<64xi8>) -> vector<16xi32>
      scf.yield %n : vector<16xi32>
    } {qcc.no_unroll}
    vector.store %acc, %z[%c0] : memref<16xi32>, vector<16xi32>
    return
  }
  func.func private @copy(%task: index, %x: memref<64xf32>, %y: memref<64xf32>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c64 = arith.constant 64 : index
    scf.for %i = %c0 to %c64 step %c1 {
      %v = memref.load %x[%i] : memref<64xf32>
      memref.store %v, %y[%i] : memref<64xf32>
    }
    return
  }
  func.func @main(%arena: memref<4096xi8>, %weights: memref<256xi8>,
                  %x: memref<64xf32>, %y: memref<64xf32>, %z: memref<16xi32>) {
    %c0 = arith.constant 0 : index
    %t = memref.view %arena[%c0][] : memref<4096xi8> to memref<64xf32>
    %w = memref.view %weights[%c0][] : memref<256xi8> to memref<256xi8>
    qcc.launch @tanh_64 tasks 2 (%x, %t)
      {op_name = "tanh", kind = "qcc.unary", macs = 0 : i64, bytes = 512 : i64}
      : memref<64xf32>, memref<64xf32>
    qcc.launch @dot tasks 1 (%x, %w, %z)
      {op_name = "dot", kind = "qcc.conv", macs = 256 : i64, bytes = 512 : i64, int8}
      : memref<64xf32>, memref<256xi8>, memref<16xi32>
    qcc.launch @copy tasks 1 (%t, %y)
      {op_name = "copy", kind = "qcc.reshape", macs = 0 : i64, bytes = 512 : i64}
      : memref<64xf32>, memref<64xf32>
    return
  }
}

{-#
  dialect_resources: {
    builtin: {
      weights: "0x4000000000070e151c232a31383f464d545b626970777e858c939aa1a8afb6bdc4cbd2d9e0e7eef5fc030a11181f262d343b424950575e656c737a81888f969da4abb2b9c0c7ced5dce3eaf1f8ff060d141b222930373e454c535a61686f767d848b9299a0a7aeb5bcc3cad1d8dfe6edf4fb020910171e252c333a41484f565d646b727980878e959ca3aab1b8bfc6cdd4dbe2e9f0f7fe050c131a21282f363d444b525960676e757c838a91989fa6adb4bbc2c9d0d7dee5ecf3fa01080f161d242b323940474e555c636a71787f868d949ba2a9b0b7bec5ccd3dae1e8eff6fd040b121920272e353c434a51585f666d747b828990979ea5acb3bac1c8cfd6dde4ebf2f9"
    }
  }
#-}
