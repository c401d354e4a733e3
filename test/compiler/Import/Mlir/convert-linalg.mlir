// RUN: qcc-opt %s --qcc-convert-linalg | FileCheck %s

#id = affine_map<(d0, d1) -> (d0, d1)>
#row = affine_map<(d0, d1) -> (d1)>
#column = affine_map<(d0, d1) -> (d0)>

// The bias that the sum starts with is an addition of its own.
// CHECK-LABEL: @converts_matmul
// CHECK-SAME:    %[[X:.*]]: tensor<2x4xf32>
func.func @converts_matmul(%x: tensor<2x4xf32>, %w: tensor<4x3xf32>,
                           %b: tensor<3xf32>) -> tensor<2x3xf32> {
  // CHECK: %[[B:.*]] = qcc.reshape {{.*}} -> tensor<1x3xf32>
  // CHECK: %[[P:.*]] = qcc.matmul %[[X]]
  // CHECK: qcc.binary add %[[P]], %[[B]]
  // CHECK-NOT: tensor.empty
  %0 = tensor.empty() : tensor<2x3xf32>
  %1 = linalg.broadcast ins(%b : tensor<3xf32>) outs(%0 : tensor<2x3xf32>)
    dimensions = [0]
  %2 = linalg.matmul ins(%x, %w : tensor<2x4xf32>, tensor<4x3xf32>)
    outs(%1 : tensor<2x3xf32>) -> tensor<2x3xf32>
  return %2 : tensor<2x3xf32>
}

// CHECK-LABEL: @converts_batch_matmul
func.func @converts_batch_matmul(%x: tensor<5x2x4xf32>, %y: tensor<5x4x3xf32>)
    -> tensor<5x2x3xf32> {
  // CHECK: %[[P:.*]] = qcc.matmul
  // CHECK-NEXT: return %[[P]]
  %zero = arith.constant 0.0 : f32
  %0 = tensor.empty() : tensor<5x2x3xf32>
  %1 = linalg.fill ins(%zero : f32) outs(%0 : tensor<5x2x3xf32>)
    -> tensor<5x2x3xf32>
  %2 = linalg.batch_matmul ins(%x, %y : tensor<5x2x4xf32>, tensor<5x4x3xf32>)
    outs(%1 : tensor<5x2x3xf32>) -> tensor<5x2x3xf32>
  return %2 : tensor<5x2x3xf32>
}

// A product whose second operand is read transposed.
// CHECK-LABEL: @converts_contraction
func.func @converts_contraction(%x: tensor<2x4xf32>, %y: tensor<3x4xf32>)
    -> tensor<2x3xf32> {
  // CHECK: %[[Y:.*]] = qcc.transpose %arg1 {permutation = array<i64: 1, 0>}
  // CHECK: %[[P:.*]] = qcc.matmul %arg0, %[[Y]]
  // CHECK-NEXT: return %[[P]]
  %zero = arith.constant dense<0.0> : tensor<2x3xf32>
  %0 = linalg.generic {
      indexing_maps = [affine_map<(m, n, k) -> (m, k)>,
                       affine_map<(m, n, k) -> (n, k)>,
                       affine_map<(m, n, k) -> (m, n)>],
      iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x, %y : tensor<2x4xf32>, tensor<3x4xf32>)
      outs(%zero : tensor<2x3xf32>) {
  ^bb0(%a: f32, %b: f32, %sum: f32):
    %p = arith.mulf %a, %b : f32
    %s = arith.addf %sum, %p : f32
    linalg.yield %s : f32
  } -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: @converts_named_elementwise
func.func @converts_named_elementwise(%x: tensor<2x3xf32>, %y: tensor<2x3xf32>)
    -> tensor<2x3xf32> {
  // CHECK: %[[A:.*]] = qcc.binary add %arg0, %arg1
  // CHECK: %[[B:.*]] = qcc.binary max %[[A]], %arg1
  // CHECK: %[[C:.*]] = qcc.unary exp %[[B]]
  // CHECK: return %[[C]]
  %0 = tensor.empty() : tensor<2x3xf32>
  %1 = linalg.add ins(%x, %y : tensor<2x3xf32>, tensor<2x3xf32>)
    outs(%0 : tensor<2x3xf32>) -> tensor<2x3xf32>
  %2 = linalg.max ins(%1, %y : tensor<2x3xf32>, tensor<2x3xf32>)
    outs(%0 : tensor<2x3xf32>) -> tensor<2x3xf32>
  %3 = linalg.exp ins(%2 : tensor<2x3xf32>) outs(%0 : tensor<2x3xf32>)
    -> tensor<2x3xf32>
  return %3 : tensor<2x3xf32>
}

// CHECK-LABEL: @converts_transpose
func.func @converts_transpose(%x: tensor<2x3xf32>) -> tensor<3x2xf32> {
  // CHECK: qcc.transpose %arg0 {permutation = array<i64: 1, 0>}
  %0 = tensor.empty() : tensor<3x2xf32>
  %1 = linalg.transpose ins(%x : tensor<2x3xf32>) outs(%0 : tensor<3x2xf32>)
    permutation = [1, 0]
  return %1 : tensor<3x2xf32>
}

// The largest element starts from the lowest number, which changes nothing.
// CHECK-LABEL: @converts_reduce
func.func @converts_reduce(%x: tensor<2x3xf32>) -> tensor<2xf32> {
  // CHECK: %[[M:.*]] = qcc.reduce max %arg0 {axes = array<i64: 1>}
  // CHECK: %[[R:.*]] = qcc.reshape %[[M]] : tensor<2x1xf32> -> tensor<2xf32>
  // CHECK-NEXT: return %[[R]]
  %low = arith.constant dense<0xFF800000> : tensor<2xf32>
  %0 = linalg.reduce ins(%x : tensor<2x3xf32>) outs(%low : tensor<2xf32>)
    dimensions = [1]
    (%a: f32, %most: f32) {
      %m = arith.maximumf %a, %most : f32
      linalg.yield %m : f32
    }
  return %0 : tensor<2xf32>
}

// What is summed is computed first.
// CHECK-LABEL: @converts_sum_of_squares
func.func @converts_sum_of_squares(%x: tensor<2x3xf32>, %mean: tensor<2xf32>)
    -> tensor<2xf32> {
  // CHECK: %[[D:.*]] = qcc.binary sub %arg0
  // CHECK: %[[S:.*]] = qcc.binary mul %[[D]], %[[D]]
  // CHECK: qcc.reduce sum %[[S]] {axes = array<i64: 1>}
  %zero = arith.constant dense<0.0> : tensor<2xf32>
  %0 = linalg.generic {indexing_maps = [#id, #column, #column],
                       iterator_types = ["parallel", "reduction"]}
      ins(%x, %mean : tensor<2x3xf32>, tensor<2xf32>)
      outs(%zero : tensor<2xf32>) {
  ^bb0(%a: f32, %m: f32, %sum: f32):
    %d = arith.subf %a, %m : f32
    %s = arith.mulf %d, %d : f32
    %r = arith.addf %s, %sum : f32
    linalg.yield %r : f32
  } -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// A relu in its two usual forms, each a limit; a vector along a dimension.
// CHECK-LABEL: @converts_bodies
func.func @converts_bodies(%x: tensor<2x3xf32>, %b: tensor<3xf32>)
    -> tensor<2x3xf32> {
  // CHECK: %[[V:.*]] = qcc.reshape %arg1 : tensor<3xf32> -> tensor<1x3xf32>
  // CHECK: %[[A:.*]] = qcc.binary add %arg0, %[[V]]
  // CHECK: %[[R:.*]] = qcc.clamp %[[A]] {lower = 0.000000e+00 : f32}
  // CHECK: %[[C:.*]] = qcc.clamp %[[R]] {upper = 6.000000e+00 : f32}
  // CHECK: %[[S:.*]] = qcc.unary sigmoid %[[C]]
  // CHECK: return %[[S]]
  %zero = arith.constant 0.0 : f32
  %one = arith.constant 1.0 : f32
  %six = arith.constant 6.0 : f32
  %0 = tensor.empty() : tensor<2x3xf32>
  %1 = linalg.generic {indexing_maps = [#id, #row, #id],
                       iterator_types = ["parallel", "parallel"]}
      ins(%x, %b : tensor<2x3xf32>, tensor<3xf32>)
      outs(%0 : tensor<2x3xf32>) {
  ^bb0(%a: f32, %v: f32, %out: f32):
    %s = arith.addf %a, %v : f32
    %c = arith.cmpf ugt, %s, %zero : f32
    %r = arith.select %c, %s, %zero : f32
    %m = arith.minimumf %r, %six : f32
    %n = arith.negf %m : f32
    %e = math.exp %n : f32
    %p = arith.addf %e, %one : f32
    %q = arith.divf %one, %p : f32
    linalg.yield %q : f32
  } -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: @converts_index_and_select
func.func @converts_index_and_select(%x: tensor<3xf32>) -> tensor<3xf32> {
  // CHECK-DAG: %[[Z:.*]] = arith.constant dense<0.000000e+00> : tensor<f32>
  // CHECK-DAG: %[[C:.*]] = arith.constant dense<[false, false, true]>
  // CHECK: qcc.select %[[C]], %arg0, %[[Z]]
  %zero = arith.constant 0.0 : f32
  %one = arith.constant 1 : i64
  %0 = tensor.empty() : tensor<3xf32>
  %1 = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>,
                                        affine_map<(d0) -> (d0)>],
                       iterator_types = ["parallel"]}
      ins(%x : tensor<3xf32>) outs(%0 : tensor<3xf32>) {
  ^bb0(%a: f32, %out: f32):
    %i = linalg.index 0 : index
    %j = arith.index_cast %i : index to i64
    %c = arith.cmpi sgt, %j, %one : i64
    %r = arith.select %c, %a, %zero : f32
    linalg.yield %r : f32
  } -> tensor<3xf32>
  return %1 : tensor<3xf32>
}

// CHECK-LABEL: @converts_softmax
func.func @converts_softmax(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // CHECK: qcc.softmax %arg0 {axis = 1 : i64}
  %0 = tensor.empty() : tensor<2x3xf32>
  %1 = linalg.softmax dimension(1) ins(%x : tensor<2x3xf32>)
    outs(%0 : tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}
