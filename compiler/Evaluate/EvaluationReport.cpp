// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The figures of an evaluation as text and as JSON.

#include "compiler/Evaluate/Evaluation.h"

#include "llvm/Support/Format.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

#include <algorithm>
#include <cmath>

using namespace llvm;

namespace qcc::evaluate {

static constexpr size_t layersShown = 5;

static std::string format(const char *pattern, double value) {
  std::string text;
  raw_string_ostream(text) << llvm::format(pattern, value);
  return text;
}

static std::string printPercent(double share) {
  return format("%.2f %%", share * 100);
}

static std::string printDecibels(double value) {
  return std::isinf(value) ? (value > 0 ? "equal" : "no signal")
                           : format("%.2f dB", value);
}

static std::string printBytes(double bytes) {
  return bytes < 1e6 ? format("%.1f kB", bytes / 1e3)
                     : format("%.2f MB", bytes / 1e6);
}

static StringRef getName(LossKind kind) {
  switch (kind) {
  case LossKind::Accuracy:
    return "top-1";
  case LossKind::Disagreement:
    return "disagreement";
  case LossKind::Angle:
    return "1 - cosine";
  }
  llvm_unreachable("all kinds are listed");
}

/// `name          value (reference value)`
static void printLine(raw_ostream &out, StringRef name, const Twine &value,
                      const Twine &reference = "") {
  out << left_justify(name, 14) << value;
  if (!reference.isTriviallyEmpty())
    out << " (reference " << reference << ")";
  out << "\n";
}

static void printLayers(raw_ostream &out, const LayerErrors &layers) {
  if (layers.layers().empty())
    return;
  std::vector<const LayerError *> worst;
  for (const LayerError &layer : layers.layers())
    worst.push_back(&layer);
  std::stable_sort(worst.begin(), worst.end(), [](auto *left, auto *right) {
    return left->error.signalToNoise() < right->error.signalToNoise();
  });
  worst.resize(std::min(worst.size(), layersShown));
  for (const LayerError *layer : worst) {
    std::string clipped =
        layer->clipped.count()
            ? printPercent(layer->clipped.value()) + " out of range, "
            : "";
    printLine(out, "layer",
              printDecibels(layer->error.signalToNoise()) + ", cosine " +
                  llvm::formatv("{0:f6}", layer->error.cosine()).str() + ", " +
                  clipped + layer->name);
  }
  if (const LayerError *bad = layers.findFirstBad())
    printLine(out, "first bad", bad->name);
}

std::string printEvaluation(const Evaluation &evaluation) {
  const ModelFigures &tested = evaluation.tested;
  const ModelFigures &reference = evaluation.reference;
  std::string text;
  raw_string_ostream out(text);
  printLine(out, "samples", Twine(evaluation.samples));
  if (evaluation.hasLabels) {
    printLine(out, "top-1", printPercent(tested.top1.value()),
              printPercent(reference.top1.value()));
    printLine(out, "top-5", printPercent(tested.top5.value()),
              printPercent(reference.top5.value()));
  }
  if (evaluation.hasScores)
    printLine(out, "agreement", printPercent(evaluation.agreement.value()));
  const ErrorSum &outputs = evaluation.outputs;
  printLine(out, "SQNR", printDecibels(outputs.signalToNoise()));
  printLine(out, "cosine", format("%.6f", outputs.cosine()));
  if (outputs.countNotFiniteInTested() || outputs.countNotFiniteInReference())
    printLine(out, "not finite", Twine(outputs.countNotFiniteInTested()),
              Twine(outputs.countNotFiniteInReference()));
  printLine(out, "size", printBytes(double(tested.sizeBytes)),
            printBytes(double(reference.sizeBytes)));
  for (auto [name, percent] : {std::pair("latency", 50.0), {"minimum", 0.0}})
    printLine(out, name,
              format("%.4g ms", tested.latency.percentile(percent) * 1e3),
              format("%.4g ms", reference.latency.percentile(percent) * 1e3));
  printLayers(out, evaluation.layers);
  printLine(out, "verdict",
            Twine(evaluation.isAccepted ? "accept" : "reject") + ": loss " +
                printPercent(evaluation.loss) + " (" +
                getName(evaluation.lossKind) + "), allowed " +
                printPercent(evaluation.largestLoss));
  return text;
}

static json::Value numberOrNull(double value) {
  return std::isfinite(value) ? json::Value(value) : json::Value(nullptr);
}

static json::Object describeModel(const ModelFigures &figures, bool hasLabels) {
  json::Object object{
      {"name", json::fixUTF8(figures.name)},
      {"size_bytes", int64_t(figures.sizeBytes)},
      {"latency_ms",
       json::Object{{"minimum", figures.latency.percentile(0) * 1e3},
                    {"median", figures.latency.percentile(50) * 1e3},
                    {"p95", figures.latency.percentile(95) * 1e3}}}};
  if (hasLabels) {
    object["top1"] = figures.top1.value();
    object["top5"] = figures.top5.value();
  }
  return object;
}

static json::Object describeError(const ErrorSum &error) {
  return json::Object{
      {"sqnr_db", numberOrNull(error.signalToNoise())},
      {"cosine", numberOrNull(error.cosine())},
      {"largest_difference", error.largestDifference()},
      {"not_finite", int64_t(error.countNotFiniteInTested())},
      {"not_finite_reference", int64_t(error.countNotFiniteInReference())}};
}

std::string printEvaluationJson(const Evaluation &evaluation) {
  json::Object object{
      {"samples", int64_t(evaluation.samples)},
      {"model", describeModel(evaluation.tested, evaluation.hasLabels)},
      {"reference", describeModel(evaluation.reference, evaluation.hasLabels)},
      {"outputs", describeError(evaluation.outputs)},
      {"loss", numberOrNull(evaluation.loss)},
      {"loss_kind", getName(evaluation.lossKind)},
      {"max_loss", evaluation.largestLoss},
      {"verdict", evaluation.isAccepted ? "accept" : "reject"}};
  if (evaluation.hasScores)
    object["agreement"] = evaluation.agreement.value();
  json::Array layers;
  for (const LayerError &layer : evaluation.layers.layers()) {
    json::Object entry = describeError(layer.error);
    entry["name"] = json::fixUTF8(layer.name);
    if (layer.clipped.count())
      entry["out_of_range"] = layer.clipped.value();
    layers.push_back(std::move(entry));
  }
  if (!layers.empty())
    object["layers"] = std::move(layers);
  if (const LayerError *bad = evaluation.layers.findFirstBad())
    object["first_bad_layer"] = json::fixUTF8(bad->name);
  std::string text;
  raw_string_ostream(text) << llvm::formatv("{0:2}\n",
                                            json::Value(std::move(object)));
  return text;
}

} // namespace qcc::evaluate
