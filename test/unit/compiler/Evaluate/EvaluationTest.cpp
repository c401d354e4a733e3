// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Verdicts of two fake libraries on data whose figures can be counted.

#include "compiler/Evaluate/Evaluation.h"

#include "test/unit/compiler/Evaluate/FakeLibrary.h"

#include "llvm/Support/JSON.h"

#include "gtest/gtest.h"

#include <cmath>

using namespace llvm;
using namespace qcc::evaluate;

using Reference = FakeLibrary<1>;
using Tested = FakeLibrary<2>;

namespace {

/// Samples from memory, one item each.
class MemorySamples : public SampleSet {
public:
  struct Item {
    std::vector<float> values;
    int64_t label;
  };
  MemorySamples(std::vector<Item> items, bool isLabelled)
      : items(std::move(items)), isLabelled(isLabelled) {}

  uint64_t countSamples() const override { return items.size(); }
  bool hasLabels() const override { return isLabelled; }
  Expected<bool> readNext(Sample &sample) override {
    if (next == items.size())
      return false;
    sample = {};
    sample.name = "item " + std::to_string(next);
    const Item &item = items[next++];
    sample.inputs.push_back(
        Array::make<float>(ArrayType::F32, {1, 3}, item.values));
    if (isLabelled)
      sample.labels.push_back(item.label);
    return true;
  }
  Error rewind() override {
    next = 0;
    return Error::success();
  }

private:
  std::vector<Item> items;
  bool isLabelled;
  size_t next = 0;
};

} // namespace

static const std::vector<MemorySamples::Item> items = {
    {{3, 1, 0}, 0}, {{1, 3, 0}, 1}, {{2, 0, 1.5f}, 0}, {{0, 1, 2}, 1}};

static Expected<Evaluation>
evaluate(FakeBehaviour tested, bool isLabelled, double largestLoss = 0.01,
         std::vector<MemorySamples::Item> data = items) {
  Tested::behaviour = tested;
  Reference::behaviour = {};
  Reference::behaviour.keepsTensors = tested.keepsTensors;
  auto left = cantFail(CompiledModel::wrap(Tested::table(), "int8.so"));
  auto right = cantFail(CompiledModel::wrap(Reference::table(), "f32.so"));
  MemorySamples samples(std::move(data), isLabelled);
  return evaluateModel(*left, *right, samples, largestLoss);
}

TEST(Evaluation, ParsesTheLoss) {
  EXPECT_DOUBLE_EQ(cantFail(parseLoss("1%")), 0.01);
  EXPECT_DOUBLE_EQ(cantFail(parseLoss("0.5 %")), 0.005);
  EXPECT_DOUBLE_EQ(cantFail(parseLoss("0.02")), 0.02);
  for (const char *text : {"", "%", "-1%", "2", "101%", "x", "nan"})
    EXPECT_EQ(toString(parseLoss(text).takeError()),
              "--max-loss: expected a percentage such as 1% or a share such "
              "as 0.01, but got '" +
                  std::string(text) + "'");
}

TEST(Evaluation, AcceptsTheSameModel) {
  Evaluation evaluation = cantFail(evaluate({}, true, 0));
  EXPECT_TRUE(evaluation.isAccepted);
  EXPECT_EQ(evaluation.samples, 4u);
  EXPECT_EQ(evaluation.tested.top1.value(), 0.75);
  EXPECT_EQ(evaluation.tested.top5.value(), 1);
  EXPECT_EQ(evaluation.agreement.value(), 1);
  EXPECT_EQ(evaluation.lossKind, LossKind::Accuracy);
}

// An offset for class 2 turns the third sample, and one right answer with it.
TEST(Evaluation, CountsLostAccuracy) {
  Evaluation evaluation = cantFail(evaluate({1, 0.3f}, true));
  EXPECT_EQ(evaluation.reference.top1.value(), 0.75);
  EXPECT_EQ(evaluation.tested.top1.value(), 0.5);
  EXPECT_DOUBLE_EQ(evaluation.loss, 0.25);
  EXPECT_FALSE(evaluation.isAccepted);
  EXPECT_TRUE(cantFail(evaluate({1, 0.3f}, true, 0.25)).isAccepted);
}

TEST(Evaluation, CountsDisagreementWithoutLabels) {
  Evaluation evaluation = cantFail(evaluate({1, 0.3f}, false));
  EXPECT_EQ(evaluation.lossKind, LossKind::Disagreement);
  EXPECT_DOUBLE_EQ(evaluation.loss, 0.25);
  EXPECT_EQ(evaluation.agreement.value(), 0.75);
}

TEST(Evaluation, RejectsNaN) {
  Evaluation evaluation = cantFail(evaluate({NAN, 0}, false, 1));
  EXPECT_FALSE(evaluation.isAccepted);
  EXPECT_EQ(evaluation.outputs.countNotFiniteInTested(), 12u);
}

TEST(Evaluation, ComparesLayers) {
  FakeBehaviour behaviour;
  behaviour.keepsTensors = true;
  Evaluation evaluation = cantFail(evaluate(behaviour, true));
  ASSERT_EQ(evaluation.layers.layers().size(), 1u);
  EXPECT_EQ(evaluation.layers.findFirstBad(), nullptr);
  behaviour.gain = 0.5f;
  evaluation = cantFail(evaluate(behaviour, true));
  ASSERT_NE(evaluation.layers.findFirstBad(), nullptr);
  EXPECT_EQ(evaluation.layers.findFirstBad()->name, "conv_1");
  EXPECT_NE(printEvaluation(evaluation).find("first bad     conv_1"),
            std::string::npos);
}

TEST(Evaluation, RefusesLabelsOutOfRange) {
  EXPECT_EQ(toString(evaluate({}, true, 0, {{{1, 2, 3}, 3}}).takeError()),
            "item 0: expected a label from 0 to 2, but got 3");
}

TEST(Evaluation, PrintsFigures) {
  std::string text = printEvaluation(cantFail(evaluate({1, 0.3f}, true)));
  for (const char *line :
       {"samples       4\n", "top-1         50.00 % (reference 75.00 %)\n",
        "agreement     75.00 %\n",
        "verdict       reject: loss 25.00 % (top-1), allowed 1.00 %\n"})
    EXPECT_NE(text.find(line), std::string::npos) << text;
}

TEST(Evaluation, PrintsJson) {
  for (FakeBehaviour behaviour : {FakeBehaviour{}, FakeBehaviour{1, 0.3f}}) {
    Evaluation evaluation = cantFail(evaluate(behaviour, true));
    json::Value value = cantFail(json::parse(printEvaluationJson(evaluation)));
    const json::Object &object = *value.getAsObject();
    EXPECT_EQ(object.getString("verdict"),
              evaluation.isAccepted ? "accept" : "reject");
    EXPECT_EQ(object.getObject("model")->getNumber("top1"),
              evaluation.tested.top1.value());
    EXPECT_EQ(object.getInteger("samples"), 4);
    ASSERT_NE(object.getObject("outputs"), nullptr);
    const json::Object &outputs = *object.getObject("outputs");
    // Infinity is no JSON.
    bool isNull = outputs.get("sqnr_db")->kind() == json::Value::Null;
    EXPECT_EQ(isNull, behaviour.offset == 0);
  }
}
