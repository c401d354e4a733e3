// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a server does for months: several models in one process, a context for
// each thread, libraries that come and go. Nothing may pile up: no memory, no
// mapping, no thread, no open file.

#include "qcc/abi.h"

#include <dirent.h>
#include <dlfcn.h>
#include <fstream>
#include <gtest/gtest.h>
#include <malloc.h>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

int countEntries(const char *folder) {
  int count = 0;
  DIR *open = opendir(folder);
  while (open && readdir(open))
    ++count;
  if (open)
    closedir(open);
  return count;
}

int countMappings() {
  std::ifstream maps("/proc/self/maps");
  int count = 0;
  for (std::string line; std::getline(maps, line);)
    ++count;
  return count;
}

/// What this process holds.
struct Holdings {
  int threads = countEntries("/proc/self/task");
  int files = countEntries("/proc/self/fd");
  int mappings = countMappings();
  size_t heapBytes = mallinfo2().uordblks;
};

/// The same library a second time: a path of its own makes it another one.
std::string copyLibrary(const char *name) {
  std::string path = testing::TempDir() + name;
  std::ifstream from(QCC_TOY_LIBRARY, std::ios::binary);
  std::ofstream to(path, std::ios::binary);
  to << from.rdbuf();
  return path;
}

/// A loaded library with one context.
class Model {
public:
  explicit Model(const std::string &path, int32_t threads = 1)
      : handle(dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL)) {
    if (!handle)
      return;
    auto query = reinterpret_cast<qcc_query_fn_t>(dlsym(handle, "qcc_query"));
    library = query ? query(QCC_ABI_VERSION) : nullptr;
    qcc_context_options_t options{threads, QCC_TARGET_BEST, nullptr, 0};
    qcc_status_t status;
    if (library)
      library->context_create(&options, &context, &status);
  }
  ~Model() {
    if (library)
      library->context_destroy(context);
    if (handle)
      dlclose(handle);
  }
  Model(const Model &) = delete;

  /// True if the toy computes what it should for one sample from `first` on.
  bool run(float first) {
    float x[6], bias[3] = {10, 20, 30}, y[6], total;
    for (int i = 0; i < 6; ++i)
      x[i] = first + float(i);
    int64_t xShape[] = {1, 2, 3}, biasShape[] = {3}, totalShape[] = {1, 1};
    auto describe = [](float *values, int64_t *shape, int32_t rank) {
      return qcc_tensor_t{values,        QCC_DEVICE_CPU, 0,       rank,
                          QCC_DTYPE_F32, shape,          nullptr, 0};
    };
    qcc_tensor_t inputs[] = {describe(x, xShape, 3),
                             describe(bias, biasShape, 1)};
    qcc_tensor_t outputs[] = {describe(y, xShape, 3),
                              describe(&total, totalShape, 2)};
    qcc_status_t status;
    if (!context ||
        library->run(context, inputs, outputs, 1, &status) != QCC_OK)
      return false;
    float sum = 0;
    for (int i = 0; i < 6; ++i) {
      if (y[i] != x[i] * 2 + bias[i % 3])
        return false;
      sum += y[i];
    }
    return total == sum;
  }

  const void *getEntry() const { return library; }

private:
  void *handle;
  const qcc_library_t *library = nullptr;
  qcc_context_t *context = nullptr;
};

TEST(LifetimesTest, KeepsTwoModelsAndManyThreadsApart) {
  std::string other = copyLibrary("other.so");
  Model first(QCC_TOY_LIBRARY), second(other);
  ASSERT_NE(first.getEntry(), nullptr);
  ASSERT_NE(second.getEntry(), nullptr);
  EXPECT_NE(first.getEntry(), second.getEntry());
  std::vector<std::thread> threads;
  std::vector<int> wrong(8, 0);
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&, i] {
      // Contexts of one thread and of two, in both models.
      Model one(QCC_TOY_LIBRARY, 1 + i % 2), two(other, 2 - i % 2);
      for (int k = 0; k < 200; ++k)
        wrong[i] += !one.run(float(100 * i + k)) + !two.run(float(k - i));
    });
  for (std::thread &thread : threads)
    thread.join();
  for (int i = 0; i < 8; ++i)
    EXPECT_EQ(wrong[i], 0) << "thread " << i;
  EXPECT_TRUE(first.run(1) && second.run(2));
  unlink(other.c_str());
}

TEST(LifetimesTest, LoadsAndUnloadsThousandsOfTimes) {
  std::string other = copyLibrary("unloaded.so");
  auto load = [&](int times) {
    for (int i = 0; i < times; ++i) {
      Model first(QCC_TOY_LIBRARY, 1 + i % 2), second(other, 2);
      ASSERT_TRUE(first.run(float(i)) && second.run(float(-i)));
    }
  };
  // The first ones fill caches of the C library.
  load(100);
  Holdings before;
  load(3000);
  Holdings after;
  EXPECT_EQ(after.threads, before.threads);
  EXPECT_EQ(after.files, before.files);
  // Stacks of past threads are kept for new ones.
  EXPECT_LE(after.mappings, before.mappings + 8);
  EXPECT_LE(after.heapBytes, before.heapBytes + (64 << 10));
  unlink(other.c_str());
}

TEST(LifetimesTest, MakesContextsThousandsOfTimes) {
  Model keeper(QCC_TOY_LIBRARY);
  auto make = [](int times) {
    for (int i = 0; i < times; ++i)
      ASSERT_TRUE(Model(QCC_TOY_LIBRARY, 1 + i % 3).run(float(i)));
  };
  make(100);
  Holdings before;
  make(5000);
  Holdings after;
  EXPECT_EQ(after.threads, before.threads);
  EXPECT_LE(after.mappings, before.mappings + 8);
  EXPECT_LE(after.heapBytes, before.heapBytes + (64 << 10));
}

} // namespace
