// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One pass over the data, both models on each sample in turn, so that a busy
// machine slows both alike.

#include "compiler/Evaluate/Evaluation.h"

#include "compiler/Evaluate/Progress.h"

#include <algorithm>
#include <cmath>

using namespace llvm;

namespace qcc::evaluate {

Expected<double> parseLoss(StringRef text) {
  StringRef number = text.trim();
  bool isPercent = number.consume_back("%");
  double value = 0;
  if (number.trim().getAsDouble(value) || !(value >= 0) ||
      value > (isPercent ? 100 : 1))
    return createStringError(Twine("--max-loss: expected a percentage such as "
                                   "1% or a share such as 0.01, but got '") +
                             text + "'");
  return isPercent ? value / 100 : value;
}

/// Dimension 0 may differ if one of the two takes any batch.
static bool isSameTensor(const InputSpec &left, const InputSpec &right) {
  ArrayRef<int64_t> a = left.shape, b = right.shape;
  if (left.type != right.type || a.size() != b.size())
    return false;
  if (a.empty())
    return true;
  bool isSameBatch = a[0] == b[0] || a[0] < 0 || b[0] < 0;
  return isSameBatch && a.drop_front() == b.drop_front();
}

static Error checkSignature(const CompiledModel &tested,
                            const CompiledModel &reference, StringRef kind,
                            ArrayRef<InputSpec> given,
                            ArrayRef<InputSpec> wanted) {
  if (given.size() != wanted.size())
    return createStringError(Twine(tested.name()) + ": expected " +
                             Twine(wanted.size()) + " " + kind + "s as in " +
                             reference.name() + ", but got " +
                             Twine(given.size()));
  for (size_t i = 0; i < given.size(); ++i)
    if (!isSameTensor(given[i], wanted[i]))
      return createStringError(
          Twine(tested.name()) + ": expected " + kind + " '" + wanted[i].name +
          "' to be " + getName(wanted[i].type) + " " +
          printShape(wanted[i].shape) + " as in " + reference.name() +
          ", but got " + getName(given[i].type) + " " +
          printShape(given[i].shape));
  return Error::success();
}

static Expected<std::vector<Array>> widenOutputs(std::vector<Array> outputs,
                                                 StringRef name) {
  for (Array &output : outputs) {
    Expected<Array> wide =
        convertArray(std::move(output), ArrayType::F32, name);
    if (!wide)
      return wide.takeError();
    output = std::move(*wide);
  }
  return outputs;
}

namespace {

class Evaluator {
public:
  Evaluator(CompiledModel &tested, CompiledModel &reference,
            Evaluation &evaluation)
      : tested(tested), reference(reference), evaluation(evaluation) {}

  Error addSample(const Sample &sample);

private:
  Error addScores(const Sample &sample, const Array &expected,
                  const Array &actual);
  Expected<std::vector<Array>>
  runModel(CompiledModel &model, const Sample &sample, ModelFigures &figures);

  CompiledModel &tested;
  CompiledModel &reference;
  Evaluation &evaluation;
};

} // namespace

Expected<std::vector<Array>> Evaluator::runModel(CompiledModel &model,
                                                 const Sample &sample,
                                                 ModelFigures &figures) {
  // The first run touches cold memory and starts the threads.
  if (evaluation.samples == 0)
    if (auto warmUp = model.run(sample.inputs); !warmUp)
      return warmUp.takeError();
  Expected<std::vector<Array>> outputs = model.run(sample.inputs);
  if (!outputs)
    return outputs.takeError();
  figures.latency.add(model.lastSeconds());
  return widenOutputs(std::move(*outputs), model.name());
}

Error Evaluator::addSample(const Sample &sample) {
  auto expected = runModel(reference, sample, evaluation.reference);
  if (!expected)
    return expected.takeError();
  auto actual = runModel(tested, sample, evaluation.tested);
  if (!actual)
    return actual.takeError();
  for (size_t i = 0; i < actual->size(); ++i)
    evaluation.outputs.add((*expected)[i].values<float>(),
                           (*actual)[i].values<float>());
  if (evaluation.hasScores)
    if (Error error = addScores(sample, (*expected)[0], (*actual)[0]))
      return error;
  if (reference.countObserved() && tested.countObserved())
    if (Error error = evaluation.layers.addObserved(reference, tested))
      return error;
  ++evaluation.samples;
  return Error::success();
}

Error Evaluator::addScores(const Sample &sample, const Array &expected,
                           const Array &actual) {
  auto items = static_cast<size_t>(actual.shape[0]);
  size_t classes = actual.countElements() / std::max<size_t>(items, 1);
  if (!sample.labels.empty() && sample.labels.size() != items)
    return createStringError(Twine(sample.name) + ": expected " + Twine(items) +
                             " labels, but got " + Twine(sample.labels.size()));
  for (size_t i = 0; i < items; ++i) {
    auto wanted = expected.values<float>().slice(i * classes, classes);
    auto given = actual.values<float>().slice(i * classes, classes);
    evaluation.agreement.add(findBest(wanted) == findBest(given));
    if (sample.labels.empty())
      continue;
    int64_t label = sample.labels[i];
    if (label < 0 || label >= int64_t(classes))
      return createStringError(
          Twine(sample.name) + ": expected a label from 0 to " +
          Twine(classes - 1) + ", but got " + Twine(label));
    evaluation.reference.top1.add(rankOf(wanted, label) == 0);
    evaluation.reference.top5.add(rankOf(wanted, label) < 5);
    evaluation.tested.top1.add(rankOf(given, label) == 0);
    evaluation.tested.top5.add(rankOf(given, label) < 5);
  }
  return Error::success();
}

/// [n, classes], or the same with dimensions of size 1 behind it.
static bool isScores(ArrayRef<InputSpec> outputs) {
  if (outputs.empty() || outputs[0].shape.size() < 2)
    return false;
  ArrayRef<int64_t> shape = outputs[0].shape;
  auto wide = llvm::count_if(shape.drop_front(),
                             [](int64_t size) { return size != 1; });
  return wide == 1;
}

static void judge(Evaluation &evaluation) {
  if (evaluation.hasLabels) {
    evaluation.lossKind = LossKind::Accuracy;
    evaluation.loss =
        evaluation.reference.top1.value() - evaluation.tested.top1.value();
  } else if (evaluation.hasScores) {
    evaluation.lossKind = LossKind::Disagreement;
    evaluation.loss = 1 - evaluation.agreement.value();
  } else {
    evaluation.loss = 1 - evaluation.outputs.cosine();
  }
  bool makesNoise = evaluation.outputs.countNotFiniteInTested() >
                    evaluation.outputs.countNotFiniteInReference();
  // Shares of samples are not exact in binary: 1 % of 500 is 5 samples.
  constexpr double slack = 1e-9;
  evaluation.isAccepted =
      !makesNoise && evaluation.loss <= evaluation.largestLoss + slack;
}

Expected<Evaluation> evaluateModel(CompiledModel &tested,
                                   CompiledModel &reference, SampleSet &samples,
                                   double largestLoss) {
  if (Error error = checkSignature(tested, reference, "input", tested.inputs(),
                                   reference.inputs()))
    return error;
  if (Error error = checkSignature(tested, reference, "output",
                                   tested.outputs(), reference.outputs()))
    return error;
  Evaluation evaluation;
  evaluation.tested.name = tested.name().str();
  evaluation.tested.sizeBytes = tested.countFileBytes();
  evaluation.reference.name = reference.name().str();
  evaluation.reference.sizeBytes = reference.countFileBytes();
  evaluation.largestLoss = largestLoss;
  evaluation.hasScores = isScores(tested.outputs());
  evaluation.hasLabels = samples.hasLabels() && evaluation.hasScores;
  if (samples.hasLabels() && !evaluation.hasScores)
    return createStringError(
        Twine(tested.name()) + ": expected one score per class as first " +
        "output, since the data has labels, but got shape " +
        printShape(tested.outputs().empty() ? std::vector<int64_t>()
                                            : tested.outputs()[0].shape));
  Evaluator evaluator(tested, reference, evaluation);
  if (Error error = samples.rewind())
    return error;
  Progress progress("evaluating", samples.countSamples());
  Sample sample;
  while (true) {
    Expected<bool> hasMore = samples.readNext(sample);
    if (!hasMore)
      return hasMore.takeError();
    if (!*hasMore)
      break;
    if (Error error = evaluator.addSample(sample))
      return error;
    progress.advance();
  }
  judge(evaluation);
  return evaluation;
}

} // namespace qcc::evaluate
