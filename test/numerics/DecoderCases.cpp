// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Runs cases of language models' ops.

#include "test/numerics/DecoderCases.h"

#include "test/numerics/Program.h"

#include "llvm/Support/PrettyStackTrace.h"
#include "gtest/gtest.h"

#include <cmath>

using namespace llvm;

namespace qcc::numerics_test {

// Compiled as one library, which saves time.
static constexpr size_t kCasesTogether = 8;

std::vector<float> drawFloats(Random &random, int64_t count) {
  std::vector<float> values;
  for (int64_t i = 0; i < count; ++i)
    values.push_back(
        float(random.real(-1, 1) + random.real(-1, 1) + random.real(-1, 1)));
  return values;
}

std::string findDifference(ArrayRef<double> expected,
                           ArrayRef<double> tolerances, const float *got,
                           int64_t count) {
  uint32_t untouched = 0xa5a5a5a5;
  for (int64_t i = 0; i < count; ++i) {
    if (size_t(i) >= expected.size()) {
      if (std::memcmp(got + i, &untouched, 4) != 0)
        return "element " + std::to_string(i) + " beyond the rows is written";
      continue;
    }
    if (std::fabs(got[i] - expected[i]) <= tolerances[i])
      continue;
    return "element " + std::to_string(i) + ": expected " +
           std::to_string(expected[i]) + ", but got " + std::to_string(got[i]) +
           " with tolerance " + printFloat(tolerances[i]);
  }
  return "";
}

static std::vector<Expectation> makeInputs(ArrayRef<DecoderCase> cases,
                                           int64_t rows) {
  std::vector<Expectation> inputs(cases.size());
  for (auto [one, input] : zip_equal(cases, inputs))
    for (const Bytes &bytes : one.makeInputs(rows)) {
      input.inputs.emplace_back(bytes.size());
      std::memcpy(input.inputs.back().data(), bytes.data(), bytes.size());
    }
  return inputs;
}

static void runCases(const Program &program, ArrayRef<DecoderCase> cases,
                     size_t target, int32_t threads, int64_t rows) {
  std::vector<Expectation> inputs = makeInputs(cases, rows);
  Expected<std::vector<GuardedBytes>> outputs =
      program.run(int32_t(target), threads, inputs);
  if (!outputs) {
    ADD_FAILURE() << toString(outputs.takeError());
    return;
  }
  size_t next = 0;
  for (auto [one, input] : zip_equal(cases, inputs)) {
    size_t count = one.graph.getOutputs().size();
    DecoderRun run{rows, input.inputs, ArrayRef(*outputs).slice(next, count)};
    next += count;
    std::string difference = one.check(run);
    if (!difference.empty())
      ADD_FAILURE() << one.name << ", " << rows << " rows, target " << target
                    << ", " << threads << " threads: " << difference;
  }
}

static void checkTogether(ArrayRef<DecoderCase> cases, ArrayRef<int64_t> rows) {
  // Kernels that touch what is not theirs end the program: say where.
  EnablePrettyStackTrace();
  std::vector<GraphText> graphs;
  std::string names;
  for (const DecoderCase &one : cases) {
    graphs.push_back(one.graph);
    names += one.name + "; ";
  }
  PrettyStackTraceString trace(names.c_str());
  bool hasBrainRows = StringRef(printModule(graphs)).contains("<bf16>");
  std::vector<const Target *> targets = findRunnableTargets(hasBrainRows);
  // Rows stay as the graph says.
  Expected<std::unique_ptr<Program>> program =
      Program::compile(graphs, targets, /*activations=*/"f32");
  if (!program) {
    ADD_FAILURE() << names << toString(program.takeError());
    return;
  }
  for (auto [i, target] : enumerate(targets))
    for (int64_t count : rows) {
      std::string where =
          (Twine(target->name) + ", " + Twine(count) + " rows").str();
      PrettyStackTraceString running(where.c_str());
      runCases(**program, cases, i, count % 2 == 0 ? 1 : 3, count);
    }
}

void checkCases(std::vector<DecoderCase> cases, ArrayRef<int64_t> rows) {
  for (size_t from = 0; from < cases.size(); from += kCasesTogether)
    checkTogether(ArrayRef(cases).slice(
                      from, std::min(kCasesTogether, cases.size() - from)),
                  rows);
}

} // namespace qcc::numerics_test
