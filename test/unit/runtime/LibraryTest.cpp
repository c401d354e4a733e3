// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A whole library through its one exported symbol, as a host uses it.

#include "qcc/abi.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <dlfcn.h>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <thread>
#include <vector>
#include <xmmintrin.h>

namespace {

const qcc_library_t *openToy(uint32_t version = QCC_ABI_VERSION) {
  void *handle = dlopen(QCC_TOY_LIBRARY, RTLD_NOW | RTLD_LOCAL);
  if (!handle)
    return nullptr;
  auto query = reinterpret_cast<qcc_query_fn_t>(dlsym(handle, "qcc_query"));
  return query ? query(version) : nullptr;
}

/// The toy's tensors for a batch, with values that tell samples apart.
struct ToyTensors {
  explicit ToyTensors(int64_t batch)
      : x(batch * 6), bias{10, 20, 30}, y(batch * 6), total(batch),
        xShape{batch, 2, 3}, biasShape{3}, totalShape{batch, 1} {
    for (size_t i = 0; i < x.size(); ++i)
      x[i] = float(i);
    inputs[0] = describe(x, xShape);
    inputs[1] = describe(bias, biasShape);
    outputs[0] = describe(y, xShape);
    outputs[1] = describe(total, totalShape);
  }

  static qcc_tensor_t describe(std::vector<float> &values,
                               std::vector<int64_t> &shape) {
    return {values.data(), QCC_DEVICE_CPU, 0,       int32_t(shape.size()),
            QCC_DTYPE_F32, shape.data(),   nullptr, 0};
  }

  void expectResults() const {
    for (size_t sample = 0; sample < total.size(); ++sample) {
      float sum = 0;
      for (size_t i = sample * 6; i < sample * 6 + 6; ++i) {
        EXPECT_EQ(y[i], x[i] * 2 + bias[i % 3]) << "element " << i;
        sum += y[i];
      }
      EXPECT_EQ(total[sample], sum);
    }
  }

  std::vector<float> x, bias, y, total;
  std::vector<int64_t> xShape, biasShape, totalShape;
  qcc_tensor_t inputs[2], outputs[2];
};

class LibraryTest : public testing::Test {
protected:
  void SetUp() override {
    library = openToy();
    ASSERT_NE(library, nullptr) << dlerror();
  }
  void TearDown() override {
    if (library)
      library->context_destroy(context);
  }

  void create(int32_t threads = 2) {
    qcc_context_options_t options{threads, QCC_TARGET_BEST, nullptr, 0};
    ASSERT_EQ(library->context_create(&options, &context, &status), QCC_OK)
        << status.message;
  }

  const qcc_library_t *library = nullptr;
  qcc_context_t *context = nullptr;
  qcc_status_t status;
};

TEST_F(LibraryTest, AnswersOnlyToVersionsItHas) {
  EXPECT_EQ(openToy(0), nullptr);
  ASSERT_NE(openToy(99), nullptr);
  EXPECT_EQ(openToy(99)->version, QCC_ABI_VERSION);
}

TEST_F(LibraryTest, DescribesTheModel) {
  EXPECT_STREQ(library->name(), "toy");
  EXPECT_NE(std::string(library->info_json()).find("precision"),
            std::string::npos);
  int32_t count = 0;
  const qcc_tensor_info_t *inputs = library->inputs(&count);
  ASSERT_EQ(count, 2);
  EXPECT_STREQ(inputs[0].name, "x");
  EXPECT_EQ(inputs[0].shape[0], -1);
  EXPECT_STREQ(library->outputs(&count)[1].name, "total");
  ASSERT_EQ(library->num_targets(), 2);
  qcc_target_info_t target;
  ASSERT_EQ(library->target_info(0, &target, &status), QCC_OK);
  EXPECT_STREQ(target.name, "future");
  EXPECT_FALSE(target.is_supported);
  ASSERT_EQ(library->target_info(1, &target, &status), QCC_OK);
  EXPECT_TRUE(target.is_supported);
  EXPECT_EQ(target.arena_size_bytes, 128);
  EXPECT_EQ(library->target_info(2, &target, &status), QCC_INVALID_ARGUMENT);
  EXPECT_STREQ(status.message, "expected a target index below 2, but got 2");
}

TEST_F(LibraryTest, RunsEveryBatchOnAnyNumberOfThreads) {
  create();
  EXPECT_EQ(library->context_target(context), 1);
  for (int32_t threads : {1, 2, 5, 0}) {
    ASSERT_EQ(library->set_threads(context, threads, &status), QCC_OK);
    EXPECT_GE(library->context_threads(context), std::max(threads, 1));
    for (int64_t batch : {1, 2, 7}) {
      ToyTensors toy(batch);
      ASSERT_EQ(library->run(context, toy.inputs, toy.outputs, batch, &status),
                QCC_OK)
          << status.message;
      toy.expectResults();
    }
  }
}

TEST_F(LibraryTest, RunsUnchecked) {
  create();
  ToyTensors toy(3);
  void *const inputs[] = {toy.x.data(), toy.bias.data()};
  void *const outputs[] = {toy.y.data(), toy.total.data()};
  ASSERT_EQ(library->run_unchecked(context, inputs, outputs, 3, nullptr),
            QCC_OK);
  toy.expectResults();
  EXPECT_EQ(library->run_unchecked(context, inputs, nullptr, 1, &status),
            QCC_INVALID_ARGUMENT);
  EXPECT_STREQ(status.message, "expected 2 outputs, but got a null pointer");
}

TEST_F(LibraryTest, HonoursTheByteOffset) {
  create(1);
  ToyTensors toy(2);
  toy.xShape = {1, 2, 3};
  toy.totalShape = {1, 1};
  toy.inputs[0].byte_offset = 24;
  ASSERT_EQ(library->run(context, toy.inputs, toy.outputs, 1, &status), QCC_OK)
      << status.message;
  EXPECT_EQ(toy.y[0], 6 * 2 + 10);
}

TEST_F(LibraryTest, RefusesWrongCalls) {
  create();
  ToyTensors toy(1);
  EXPECT_EQ(library->run(context, toy.inputs, toy.outputs, 0, &status),
            QCC_INVALID_ARGUMENT);
  EXPECT_STREQ(status.message, "expected a batch of at least 1, but got 0");
  EXPECT_EQ(library->run(context, toy.inputs, toy.outputs, 2, &status),
            QCC_INVALID_ARGUMENT);
  EXPECT_STREQ(status.message, "expected shape [2, 2, 3] for input 'x', but "
                               "got [1, 2, 3]");
  EXPECT_EQ(library->run(nullptr, toy.inputs, toy.outputs, 1, &status),
            QCC_INVALID_ARGUMENT);
  EXPECT_STREQ(status.message, "expected a context, but got a null pointer");
  EXPECT_EQ(library->run(context, nullptr, toy.outputs, 1, nullptr),
            QCC_INVALID_ARGUMENT);
  EXPECT_EQ(library->set_threads(context, -2, &status), QCC_INVALID_ARGUMENT);
  EXPECT_STREQ(status.message, "expected 0 to 4096 threads, but got -2");
}

TEST_F(LibraryTest, RefusesAMachineWithoutTheFeature) {
  qcc_context_options_t options{1, 0, nullptr, 0};
  EXPECT_EQ(library->context_create(&options, &context, &status),
            QCC_UNSUPPORTED_MACHINE);
  EXPECT_EQ(context, nullptr);
  EXPECT_STREQ(status.message,
               "expected a machine with an unknown feature for target "
               "'future', but got one without (recompile with "
               "--target=native)");
}

TEST_F(LibraryTest, UsesTheCallersArena) {
  alignas(64) uint8_t memory[192];
  std::memset(memory, 0xAB, sizeof memory);
  qcc_context_options_t options{1, QCC_TARGET_BEST, memory, 127};
  EXPECT_EQ(library->context_create(&options, &context, &status),
            QCC_INVALID_ARGUMENT);
  EXPECT_STREQ(status.message,
               "expected an arena of at least 128 bytes, but got 127");
  options.arena_size_bytes = 128;
  options.arena = memory + 8;
  EXPECT_EQ(library->context_create(&options, &context, &status),
            QCC_INVALID_ARGUMENT);
  options.arena = memory;
  ASSERT_EQ(library->context_create(&options, &context, &status), QCC_OK);
  ToyTensors toy(1);
  ASSERT_EQ(library->run(context, toy.inputs, toy.outputs, 1, &status), QCC_OK);
  toy.expectResults();
  EXPECT_EQ(std::count(memory + 128, memory + 192, 0xAB), 64);
}

TEST_F(LibraryTest, CountsProfiles) {
  create();
  qcc_profile_entry_t entry;
  EXPECT_EQ(library->profile_entry(context, 0, &entry, &status),
            QCC_INVALID_ARGUMENT);
  ToyTensors toy(2);
  ASSERT_EQ(library->set_profile(context, 1, &status), QCC_OK);
  for (int run = 0; run < 3; ++run)
    ASSERT_EQ(library->run(context, toy.inputs, toy.outputs, 2, &status),
              QCC_OK);
  ASSERT_EQ(library->set_profile(context, 0, &status), QCC_OK);
  ASSERT_EQ(library->run(context, toy.inputs, toy.outputs, 2, &status), QCC_OK);
  for (int32_t op = 0; op < 3; ++op) {
    ASSERT_EQ(library->profile_entry(context, op, &entry, &status), QCC_OK);
    EXPECT_EQ(entry.calls, 6);
    EXPECT_GT(entry.nanoseconds, 0);
  }
  EXPECT_STREQ(entry.name, "total");
  EXPECT_EQ(library->profile_entry(context, 3, &entry, &status),
            QCC_INVALID_ARGUMENT);
}

TEST_F(LibraryTest, ShowsObservedTensors) {
  create();
  ToyTensors toy(2);
  ASSERT_EQ(library->run(context, toy.inputs, toy.outputs, 2, &status), QCC_OK);
  qcc_observed_info_t hidden;
  ASSERT_EQ(library->observed(context, 0, &hidden, &status), QCC_OK);
  EXPECT_STREQ(hidden.name, "hidden");
  ASSERT_EQ(hidden.rank, 2);
  const float *values = static_cast<const float *>(hidden.data);
  for (int64_t row = 0; row < 2; ++row)
    for (int64_t column = 0; column < 3; ++column)
      EXPECT_EQ(values[row * hidden.strides[0] + column * hidden.strides[1]],
                toy.x[6 + row * 3 + column] * 2);
  EXPECT_EQ(library->observed(context, 1, &hidden, &status),
            QCC_INVALID_ARGUMENT);
}

TEST_F(LibraryTest, KeepsTheCallersFloatingPointModes) {
  create();
  uint32_t before = _mm_getcsr();
  _mm_setcsr(before | 0x2000); // round down
  ToyTensors toy(1);
  EXPECT_EQ(library->run(context, toy.inputs, toy.outputs, 1, &status), QCC_OK);
  EXPECT_EQ(_mm_getcsr() & 0xE040, (before | 0x2000) & 0xE040);
  _mm_setcsr(before);
}

TEST_F(LibraryTest, ContextsRunAtOnce) {
  std::atomic<int> failures(0);
  std::vector<std::thread> users;
  for (int user = 0; user < 4; ++user)
    users.emplace_back([&] {
      qcc_context_options_t options{2, QCC_TARGET_BEST, nullptr, 0};
      qcc_context_t *own = nullptr;
      if (library->context_create(&options, &own, nullptr) != QCC_OK)
        failures += 1;
      ToyTensors toy(3);
      for (int run = 0; run < 200; ++run)
        if (library->run(own, toy.inputs, toy.outputs, 3, nullptr) != QCC_OK)
          failures += 1;
      toy.expectResults();
      library->context_destroy(own);
    });
  for (std::thread &user : users)
    user.join();
  EXPECT_EQ(failures.load(), 0);
}

/// One context, two threads: a run either succeeds or says QCC_BUSY.
TEST_F(LibraryTest, ABusyContextSaysSo) {
  create();
  std::atomic<int> others(0), successes(0);
  std::vector<std::thread> users;
  for (int user = 0; user < 2; ++user)
    users.emplace_back([&] {
      ToyTensors toy(50);
      for (int run = 0; run < 200; ++run) {
        qcc_code_t code =
            library->run(context, toy.inputs, toy.outputs, 50, nullptr);
        successes += code == QCC_OK;
        others += code != QCC_OK && code != QCC_BUSY;
      }
    });
  for (std::thread &user : users)
    user.join();
  EXPECT_GT(successes.load(), 0);
  EXPECT_EQ(others.load(), 0);
}

} // namespace
