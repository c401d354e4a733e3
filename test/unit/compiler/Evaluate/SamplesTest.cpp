// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Data sets of every kind, with and without labels, and what is wrong with
// those that are not.

#include "compiler/Evaluate/Samples.h"

#include "compiler/Evaluate/NpzFile.h"
#include "test/unit/compiler/Evaluate/TemporaryFolder.h"

#include "gtest/gtest.h"

#include <limits>

using namespace llvm;
using namespace qcc::evaluate;

static const InputSpec pair{"x", ArrayType::F32, {1, 2}};

static Array floats(std::vector<int64_t> shape, std::vector<float> values) {
  return Array::make<float>(ArrayType::F32, std::move(shape), values);
}

static Array labelArray(std::vector<int64_t> labels) {
  int64_t count = static_cast<int64_t>(labels.size());
  return Array::make<int64_t>(ArrayType::S64, {count}, labels);
}

/// All samples as text, `values|labels;` each, or the error.
static std::string readAll(const std::string &path, ArrayRef<InputSpec> inputs,
                           const SampleOptions &options = {}) {
  auto samples = SampleSet::open(path, inputs, options);
  if (!samples)
    return toString(samples.takeError());
  std::string first;
  for (int round = 0; round < 2; ++round) {
    std::string text;
    uint64_t count = 0;
    Sample sample;
    while (true) {
      auto hasMore = (*samples)->readNext(sample);
      if (!hasMore)
        return toString(hasMore.takeError());
      if (!*hasMore)
        break;
      ++count;
      for (const Array &input : sample.inputs)
        for (float value : input.values<float>())
          text += std::to_string(int(value)) + " ";
      for (int64_t label : sample.labels)
        text += "|" + std::to_string(label);
      text += ";";
    }
    EXPECT_EQ(count, (*samples)->countSamples());
    EXPECT_FALSE((*samples)->rewind());
    EXPECT_TRUE(round == 0 || text == first) << "after rewinding";
    first = text;
  }
  return first;
}

namespace {

class Samples : public testing::Test {
protected:
  std::string npz(StringRef name,
                  std::vector<std::pair<std::string, Array>> arrays) {
    std::vector<std::pair<std::string, const Array *>> pointers;
    for (auto &[key, array] : arrays)
      pointers.emplace_back(key, &array);
    std::string path = folder.file(name);
    EXPECT_FALSE(writeNpz(path, pointers));
    return path;
  }
  std::string npy(StringRef name, const Array &array) {
    std::string path = folder.file(name);
    EXPECT_FALSE(writeNpy(path, array));
    return path;
  }
  std::string folderPath() {
    return StringRef(folder.file("")).rtrim('/').str();
  }

  TemporaryFolder folder;
};

} // namespace

TEST_F(Samples, ComeFromAnArchive) {
  std::string path = npz("a.npz", {{"labels", labelArray({7, 8})},
                                   {"x", floats({2, 2}, {1, 2, 3, 4})}});
  EXPECT_EQ(readAll(path, pair), "1 2 |7;3 4 |8;");
}

TEST_F(Samples, HaveSeveralInputs) {
  std::string path = npz("a.npz", {{"y", floats({2}, {5, 6})},
                                   {"x", floats({2, 2}, {1, 2, 3, 4})}});
  InputSpec scalar{"y", ArrayType::F32, {}};
  EXPECT_EQ(readAll(path, {pair, scalar}), "1 2 5 ;3 4 6 ;");
}

TEST_F(Samples, AreCutBySymbolicAndFixedBatch) {
  std::string path = npy("a.npy", floats({4, 1}, {1, 2, 3, 4}));
  EXPECT_EQ(readAll(path, {{"x", ArrayType::F32, {-1, 1}}}), "1 ;2 ;3 ;4 ;");
  EXPECT_EQ(readAll(path, {{"x", ArrayType::F32, {2, 1}}}), "1 2 ;3 4 ;");
  EXPECT_EQ(readAll(path, {{"x", ArrayType::F32, {3, 1}}}),
            path + ": expected a multiple of 3 samples, but got 4");
  // A leading axis of samples in front of the batch.
  path = npy("b.npy", floats({2, 2, 1}, {1, 2, 3, 4}));
  EXPECT_EQ(readAll(path, {{"x", ArrayType::F32, {2, 1}}}), "1 2 ;3 4 ;");
}

TEST_F(Samples, GiveEachItemOfABatchItsLabel) {
  std::string path = npz("a.npz", {{"labels", labelArray({5, 6, 7, 8})},
                                   {"x", floats({4, 1}, {1, 2, 3, 4})}});
  EXPECT_EQ(readAll(path, {{"x", ArrayType::F32, {2, 1}}}),
            "1 2 |5|6;3 4 |7|8;");
}

TEST_F(Samples, ConvertElementTypes) {
  std::string path =
      npy("a.npy", Array::make<uint8_t>(ArrayType::U8, {1, 2}, {200, 255}));
  EXPECT_EQ(readAll(path, pair), "200 255 ;");
}

TEST_F(Samples, ReadFortranOrder) {
  std::string header = "{'descr': '<f4', 'fortran_order': True, "
                       "'shape': (2, 2), }";
  std::string bytes = "\x93NUMPY";
  bytes += std::string("\x01\x00", 2) + char(header.size()) + '\0' + header;
  for (float value : {1.0f, 3.0f, 2.0f, 4.0f})
    bytes.append(reinterpret_cast<const char *>(&value), sizeof(value));
  EXPECT_EQ(readAll(folder.write("a.npy", bytes), pair), "1 2 ;3 4 ;");
}

TEST_F(Samples, ComeFromAFolderOfArchives) {
  npz("b.npz", {{"x", floats({1, 2}, {5, 6})}, {"labels", labelArray({3})}});
  npz("a.npz",
      {{"x", floats({2, 2}, {1, 2, 3, 4})}, {"labels", labelArray({1, 2})}});
  EXPECT_EQ(readAll(folderPath(), pair), "1 2 |1;3 4 |2;5 6 |3;");
  npz("c.npz", {{"x", floats({1, 2}, {5, 6})}});
  EXPECT_EQ(readAll(folderPath(), pair),
            folder.file("a.npz") + ": expected labels in all 3 files or in "
                                   "none, but got them in 2");
}

TEST_F(Samples, ComeFromAFolderOfArrays) {
  npy("1.npy", floats({1, 2}, {1, 2}));
  npy("2.npy", floats({1, 2}, {3, 4}));
  EXPECT_EQ(readAll(folderPath(), pair), "1 2 ;3 4 ;");
}

TEST_F(Samples, ComeFromAFolderWithAnArrayForEachInput) {
  npy("x.npy", floats({2, 2}, {1, 2, 3, 4}));
  npy("y.npy", floats({2, 1}, {5, 6}));
  npy("labels.npy", labelArray({0, 1}));
  InputSpec second{"y", ArrayType::F32, {1, 1}};
  EXPECT_EQ(readAll(folderPath(), {pair, second}), "1 2 5 |0;3 4 6 |1;");
}

TEST_F(Samples, TakeLabelsFromAFile) {
  std::string path = npy("a.npy", floats({2, 2}, {1, 2, 3, 4}));
  SampleOptions options;
  options.labelsPath = folder.write("labels.txt", "# two\n 7\n\nname,8\n");
  EXPECT_EQ(readAll(path, pair, options), "1 2 |7;3 4 |8;");
  options.labelsPath = npy("labels.npy", labelArray({4, 5}));
  EXPECT_EQ(readAll(path, pair, options), "1 2 |4;3 4 |5;");
  options.labelsPath = folder.write("labels.txt", "1\nx\n");
  EXPECT_EQ(readAll(path, pair, options),
            options.labelsPath +
                ":2: expected 'name,label' or a label, but got 'x'");
  options.labelsPath = folder.write("labels.txt", "1\n2\n3\n");
  EXPECT_EQ(readAll(path, pair, options),
            "--labels: expected 2 labels, but got 3");
}

TEST_F(Samples, NameWhatIsWrong) {
  std::string path = npz("a.npz", {{"x", floats({2, 3}, {1, 2, 3, 4, 5, 6})}});
  EXPECT_EQ(readAll(path, pair),
            path + ": 'x': expected shape [samples, 2] for input 'x', but got "
                   "[2, 3]");
  EXPECT_EQ(readAll(path, {{"z", ArrayType::F32, {1, 2}}}),
            path + ": expected an array named 'z', but got 'x'");
  path = npy("empty.npy", floats({0, 2}, {}));
  EXPECT_EQ(readAll(path, pair),
            path + ": expected at least one sample, but got none");
  EXPECT_EQ(readAll(path, {pair, pair}),
            path + ": expected an .npz file for a model with 2 inputs, but got "
                   "a single array");
  path = folder.write("a.txt", "");
  EXPECT_EQ(readAll(path, pair),
            path + ": expected a .npz or .npy file, a picture, or a folder of "
                   "those, but got a file of another kind");
  EXPECT_EQ(readAll("/nonexistent", pair),
            "/nonexistent: expected a readable file or folder, but got No "
            "such file or directory");
  path = npz("b.npz", {{"x", floats({2, 2}, {1, 2, 3, 4})},
                       {"labels", labelArray({1, 2, 3})}});
  EXPECT_EQ(readAll(path, pair),
            path + ": 'labels': expected 2 labels, but got 3");
  path = npz("c.npz", {{"x", floats({2, 2}, {1, 2, 3, 4})},
                       {"y", floats({3, 1}, {1, 2, 3})}});
  EXPECT_EQ(readAll(path, {pair, {"y", ArrayType::F32, {1, 1}}}),
            path + ": 'y': expected 2 samples as in 'x', but got 3");
}

TEST_F(Samples, RefuseNaNAndInfinity) {
  for (double bad : {std::numeric_limits<double>::quiet_NaN(),
                     std::numeric_limits<double>::infinity(), 1e300}) {
    std::string path = npy(
        "a.npy", Array::make<double>(ArrayType::F64, {2, 2}, {1, 2, 3, bad}));
    std::string message = readAll(path, pair);
    EXPECT_EQ(message.find(path + ": sample 1: expected finite values, but "
                                  "got "),
              0u)
        << message;
  }
}

TEST_F(Samples, RefuseEmptyAndMixedFolders) {
  EXPECT_EQ(readAll(folderPath(), pair),
            folderPath() + ": expected a folder of .npz, .npy or picture "
                           "files, but got none of them");
  npy("a.npy", floats({1, 2}, {1, 2}));
  npz("b.npz", {{"x", floats({1, 2}, {1, 2})}});
  EXPECT_EQ(readAll(folderPath(), pair),
            folderPath() + ": expected a folder of .npz, .npy or picture "
                           "files, but got a mixture");
}

//===-- Pictures ----------------------------------------------------------===//

/// 3 x 2 pixels of RGB.
static std::string smallPng() {
  std::vector<uint8_t> bytes = bytesOf(
      "89504e470d0a1a0a0000000d49484452000000030000000208020000001216f14d0000"
      "001c4944415478da636430cd525555555555658c9e705447474747470700275d0438fb"
      "df45130000000049454e44ae426082");
  return {bytes.begin(), bytes.end()};
}

static const InputSpec planar{"x", ArrayType::F32, {1, 3, 2, 3}};

TEST_F(Samples, ComeFromPictures) {
  folder.write("12_cat_a.png", smallPng());
  folder.write("003_dog.png", smallPng());
  folder.write("notes.txt", "ignored");
  std::string pixels = "0 37 74 91 135 179 53 90 127 144 188 232 106 143 180 "
                       "197 241 29 ";
  EXPECT_EQ(readAll(folderPath(), planar), pixels + "|3;" + pixels + "|12;");
  EXPECT_EQ(readAll(folderPath(), {{"x", ArrayType::F32, {2, 3, 2, 3}}}),
            pixels + pixels + "|3|12;");
  // The layout follows the input's shape if nothing else is said.
  EXPECT_EQ(readAll(folder.file("003_dog.png"),
                    {{"x", ArrayType::F32, {-1, 2, 3, 3}}}),
            "0 53 106 37 90 143 74 127 180 91 144 197 135 188 241 179 232 29 "
            "|3;");
}

TEST_F(Samples, TakePictureLabelsFromAFile) {
  folder.write("a.png", smallPng());
  folder.write("9_b.png", smallPng());
  SampleOptions options;
  options.preprocess = cantFail(parsePreprocess("crop=1"));
  options.labelsPath = folder.write("labels", "9_b.png,1\na.png, 2\n");
  InputSpec pixel{"x", ArrayType::F32, {1, 3, 1, 1}};
  EXPECT_EQ(readAll(folderPath(), pixel, options),
            "37 90 143 |1;37 90 143 |2;");
  options.labelsPath = folder.write("labels", "a.png,2\n");
  EXPECT_EQ(readAll(folderPath(), pixel, options),
            folder.file("9_b.png") +
                ": expected a line 'name,label' in the label file as for 1 "
                "other pictures, but got no label");
}

TEST_F(Samples, NeedNoPictureLabels) {
  folder.write("a.png", smallPng());
  auto samples = cantFail(SampleSet::open(folderPath(), planar));
  EXPECT_FALSE(samples->hasLabels());
  folder.write("1_b.png", smallPng());
  EXPECT_EQ(readAll(folderPath(), planar),
            folder.file("a.png") +
                ": expected a name that starts with label and '_' as for 1 "
                "other pictures, but got no label");
}

TEST_F(Samples, SayHowPicturesDoNotFit) {
  std::string path = folder.write("a.png", smallPng());
  EXPECT_EQ(readAll(path, {{"x", ArrayType::F32, {1, 3, 8, 8}}}),
            path + ": expected shape [1, 3, 8, 8] for input 'x', but got "
                   "[1, 3, 2, 3] (set resize, crop or layout in --preprocess)");
  EXPECT_EQ(readAll(path, pair),
            path + ": expected a model with one picture as input, but got 1 "
                   "inputs, the first of shape [1, 2]");
}
