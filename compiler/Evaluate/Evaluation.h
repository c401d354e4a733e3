// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Runs a compiled model and its reference over a data set and says whether
// what was lost is acceptable.

#ifndef QCC_COMPILER_EVALUATE_EVALUATION_H
#define QCC_COMPILER_EVALUATE_EVALUATION_H

#include "compiler/Evaluate/LayerErrors.h"

namespace qcc::evaluate {

/// What one of the two models achieved.
struct ModelFigures {
  std::string name;
  Share top1;
  Share top5;
  Latencies latency;
  uint64_t sizeBytes = 0;
};

/// What the loss, and with it the verdict, is measured in.
enum class LossKind {
  Accuracy,     ///< Top-1 of the reference minus top-1, given labels.
  Disagreement, ///< Share of samples with another best class.
  Angle,        ///< 1 - cosine of the outputs, where they are no scores.
};

struct Evaluation {
  ModelFigures tested;
  ModelFigures reference;
  uint64_t samples = 0;
  bool hasLabels = false;
  bool hasScores = false; ///< The first output is one score per class.
  Share agreement;        ///< Same best class, given scores.
  ErrorSum outputs;       ///< All outputs together.
  LayerErrors layers;     ///< Empty unless both libraries keep tensors.
  LossKind lossKind = LossKind::Angle;
  double loss = 0;
  double largestLoss = 0;
  bool isAccepted = false;
};

/// `1%` or `0.01`.
llvm::Expected<double> parseLoss(llvm::StringRef text);

/// Both models must declare the same inputs and outputs. Reads the data set
/// from its start to its end. NaN or infinity in an output of `tested`, where
/// the reference has none, is a reason to reject.
llvm::Expected<Evaluation> evaluateModel(CompiledModel &tested,
                                         CompiledModel &reference,
                                         SampleSet &samples,
                                         double largestLoss);

/// A table for people.
std::string printEvaluation(const Evaluation &evaluation);
/// One JSON object with all figures; those that are infinite are null.
std::string printEvaluationJson(const Evaluation &evaluation);

} // namespace qcc::evaluate

#endif // QCC_COMPILER_EVALUATE_EVALUATION_H
