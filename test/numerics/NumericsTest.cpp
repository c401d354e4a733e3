// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Compiled kernels against the reference executor: random graphs of each
// family, on every target this machine can run, with one, two and three
// threads. Integers must be the same bits.
//
//   QCC_NUMERICS_CASES=N   cases of each family; the default takes a minute
//   QCC_NUMERICS_SEED=N    seed of the first case; a failure prints it
//   QCC_NUMERICS_GRAPH=F   writes the last graph that failed, constants and all

#include "test/numerics/Generators.h"
#include "test/numerics/Program.h"

#include "llvm/Support/PrettyStackTrace.h"
#include "gtest/gtest.h"

#include <cstdlib>
#include <fstream>

using namespace llvm;

namespace qcc::numerics_test {
namespace {

struct Family {
  const char *name;
  Generator generate;
  /// By default: what CI can afford.
  int64_t cases;
};

void PrintTo(const Family &family, std::ostream *stream) {
  *stream << family.name;
}

/// Compiled as one library, which saves most of the time of compiling.
constexpr int64_t kCasesTogether = 8;
constexpr int32_t kMostThreads = 3;

struct Case {
  uint64_t seed;
  GraphText graph;
};

int64_t getNumber(const char *variable, int64_t otherwise) {
  const char *text = std::getenv(variable);
  return text ? std::atoll(text) : otherwise;
}

class Numerics : public testing::TestWithParam<Family> {
protected:
  void check(const std::vector<Case> &cases);
  void compare(const std::vector<Case> &cases,
               const std::vector<Expectation> &expectations,
               const std::vector<GuardedBytes> &outputs,
               const std::string &where);
  std::string describe(const Case &one) const {
    if (const char *path = std::getenv("QCC_NUMERICS_GRAPH"))
      std::ofstream(path) << one.graph.print();
    return "\nseed " + std::to_string(one.seed) + ", again with\n" +
           "  QCC_NUMERICS_SEED=" + std::to_string(one.seed) +
           " QCC_NUMERICS_CASES=1 NumericsTest --gtest_filter=*/" +
           GetParam().name + "\n" + one.graph.printShort();
  }

  std::string describe(const std::vector<Case> &cases) const {
    return std::string(GetParam().name) + " from seed " +
           std::to_string(cases.front().seed) + " to " +
           std::to_string(cases.back().seed);
  }

  std::vector<const Target *> targets = findRunnableTargets();
  /// One report for each case is enough.
  std::vector<uint64_t> failed;
};

void Numerics::compare(const std::vector<Case> &cases,
                       const std::vector<Expectation> &expectations,
                       const std::vector<GuardedBytes> &outputs,
                       const std::string &where) {
  size_t next = 0;
  for (auto [one, expectation] : zip_equal(cases, expectations))
    for (auto [output, expected] :
         zip_equal(one.graph.getOutputs(), expectation.outputs)) {
      std::string difference =
          findDifference(output, expected, outputs[next++].data());
      if (difference.empty() || is_contained(failed, one.seed))
        continue;
      failed.push_back(one.seed);
      ADD_FAILURE() << where << ": " << difference << describe(one);
    }
}

void Numerics::check(const std::vector<Case> &cases) {
  // Kernels that touch what is not theirs end the program: say where.
  EnablePrettyStackTrace();
  std::string place = describe(cases);
  PrettyStackTraceString trace(place.c_str());
  std::vector<Expectation> expectations;
  std::vector<GraphText> graphs;
  for (const Case &one : cases) {
    Expected<Expectation> expectation = execute(one.graph, one.seed);
    if (!expectation) {
      ADD_FAILURE() << toString(expectation.takeError()) << describe(one);
      return;
    }
    expectations.push_back(std::move(*expectation));
    graphs.push_back(one.graph);
  }
  Expected<std::unique_ptr<Program>> program =
      Program::compile(graphs, targets);
  if (!program) {
    std::string message = toString(program.takeError());
    if (cases.size() == 1) {
      ADD_FAILURE() << message << describe(cases[0]);
      return;
    }
    for (const Case &one : cases)
      check({one});
    return;
  }
  for (auto [i, target] : enumerate(targets))
    for (int32_t threads = 1; threads <= kMostThreads; ++threads) {
      std::string where = std::string(target->name) + ", " +
                          std::to_string(threads) + " threads";
      PrettyStackTraceString running(where.c_str());
      Expected<std::vector<GuardedBytes>> outputs =
          (*program)->run(int32_t(i), threads, expectations);
      if (!outputs)
        FAIL() << toString(outputs.takeError());
      compare(cases, expectations, *outputs, where);
    }
}

TEST_P(Numerics, EqualTheReference) {
  if (targets.empty())
    GTEST_SKIP() << "this machine runs none of the targets";
  uint64_t seed = uint64_t(getNumber("QCC_NUMERICS_SEED", 1));
  int64_t count = getNumber("QCC_NUMERICS_CASES", GetParam().cases);
  for (int64_t done = 0; done < count;) {
    std::vector<Case> cases;
    for (; done < count && int64_t(cases.size()) < kCasesTogether; ++done) {
      GraphText graph("c" + std::to_string(cases.size()) + "_");
      Random random(seed + uint64_t(done));
      GetParam().generate(graph, random);
      cases.push_back({seed + uint64_t(done), std::move(graph)});
    }
    check(cases);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Int8, Numerics,
    testing::Values(
        Family{"Convolution", addConvolution, 32},
        Family{"Depthwise", addDepthwise, 16},
        Family{"Separable", addSeparable, 16}, Family{"Linear", addLinear, 16},
        Family{"Pool", addPool, 16}, Family{"Elementwise", addElementwise, 16},
        Family{"Lookup", addLookup, 16}, Family{"Move", addMove, 24},
        Family{"Reduce", addReduce, 16}, Family{"Resize", addResize, 16},
        Family{"GridChange", addGridChange, 16},
        Family{"Network", addNetwork, 24}),
    [](const auto &info) { return info.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Float, Numerics,
    testing::Values(Family{"FloatConvolution", addFloatConvolution, 16},
                    Family{"FloatSeparable", addFloatSeparable, 8},
                    Family{"FloatLinear", addFloatLinear, 8},
                    Family{"FloatElementwise", addFloatElementwise, 24},
                    Family{"FloatWindow", addFloatWindow, 16},
                    Family{"FloatMove", addFloatMove, 8},
                    Family{"Places", addPlaces, 24},
                    Family{"Softmax", addSoftmax, 8},
                    Family{"FloatNetwork", addFloatNetwork, 8}),
    [](const auto &info) { return info.param.name; });

} // namespace
} // namespace qcc::numerics_test
