// RUN: split-file %s %t
// RUN: qcc-opt %t/model.mlir "--qcc-fold-calibration=statistics=%t/model.txt" \
// RUN:   | FileCheck %s
// RUN: qcc-opt %t/model.mlir \
// RUN:   "--qcc-fold-calibration=statistics=%t/model.txt method=percentile" \
// RUN:   | FileCheck %s --check-prefix=PERCENTILE
// RUN: not qcc-opt %t/model.mlir "--qcc-fold-calibration=statistics=%t/other.txt" 2>&1 \
// RUN:   | FileCheck %s --check-prefix=MISSING
// RUN: not qcc-opt %t/model.mlir \
// RUN:   "--qcc-fold-calibration=statistics=%t/model.txt method=guess" 2>&1 \
// RUN:   | FileCheck %s --check-prefix=METHOD
// RUN: not qcc-opt %t/model.mlir "--qcc-fold-calibration=statistics=%t/none.txt" 2>&1 \
// RUN:   | FileCheck %s --check-prefix=NONE

// The argument keeps all it has seen; the product has the range of the file's
// method, and no means since no contraction reads it.
// CHECK-LABEL: @main
// CHECK-SAME:    qcc.channel_means = array<f32: 5.0{{.*}}e-01, 2.5{{.*}}e-01>
// CHECK-SAME:    qcc.range = array<f32: -1.0{{.*}}, 2.0{{.*}}>
// CHECK-NOT:     qcc.observe
// CHECK:         qcc.linear {{.*}} {qcc.range = array<f32: -3.0{{.*}}, 5.0{{.*}}>}

// PERCENTILE:    qcc.range = array<f32: -1.0{{.*}}, 2.0{{.*}}>
// PERCENTILE:    qcc.linear {{.*}} {qcc.range = array<f32: -3.5{{.*}}, 5.5{{.*}}>}

// MISSING: error: expected statistics of tensor 'product' in {{.*}}other.txt, but got none
// METHOD: error: expected method minmax, percentile, entropy or mse, but got guess
// NONE: error: {{.*}}none.txt

//--- model.mlir
func.func @main(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  %w = arith.constant dense<3.0> : tensor<2x2xf32>
  qcc.observe %x, "input" : tensor<1x2xf32>
  %0 = qcc.linear %x, %w : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  qcc.observe %0, "product" : tensor<1x2xf32>
  return %0 : tensor<1x2xf32>
}

//--- model.txt
qcc-statistics 1
method mse
samples 1

tensor "input"
  observed -1 2
  range -0.5 1
  minmax -1 2
  percentile -0.75 1.5
  entropy -0.75 1.5
  mse -0.5 1
  means 0.5 0.25

tensor "product"
  observed -4 6
  range -3 5
  minmax -4 6
  percentile -3.5 5.5
  entropy -3.5 5.5
  mse -3 5
  means 1 2

//--- other.txt
qcc-statistics 1
method mse
samples 1

tensor "input"
  observed -1 2
  range -0.5 1
  minmax -1 2
  percentile -0.75 1.5
  entropy -0.75 1.5
  mse -0.5 1
