// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Files to arrays of the declared types. Shapes are compared here and not left
// to the library, so that the message can name the file.

#include "tools/qcc-run/Inputs.h"

#include "compiler/Evaluate/Image.h"
#include "compiler/Evaluate/NpzFile.h"
#include "compiler/Evaluate/Preprocess.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/WithColor.h"
#include "llvm/Support/raw_ostream.h"

#include <random>

using namespace llvm;
using namespace qcc::evaluate;

namespace qcc::run {

//===-- Files -------------------------------------------------------------===//

static Expected<Array> readNpzFor(StringRef path, StringRef input) {
  Expected<std::unique_ptr<NpzFile>> file = NpzFile::open(path);
  if (!file)
    return file.takeError();
  if ((*file)->contains(input))
    return (*file)->read(input);
  if ((*file)->names().size() == 1)
    return (*file)->read((*file)->names().front());
  return createStringError(path + ": expected an array '" + input +
                           "', but got " + (*file)->listNames());
}

static bool isChannels(int64_t size) { return size == 1 || size == 3; }

/// Where the picture's size stands in an input: [1, c, h, w] or [1, h, w, c].
static std::optional<ImageLayout> layoutOf(ArrayRef<int64_t> shape) {
  if (shape.size() != 4)
    return std::nullopt;
  if (isChannels(shape[1]))
    return ImageLayout::Nchw;
  if (isChannels(shape[3]))
    return ImageLayout::Nhwc;
  return std::nullopt;
}

/// The largest centred part with the input's proportions, resized to it.
static Image fitImage(const Image &image, int64_t width, int64_t height) {
  int64_t partWidth = std::min(image.width, image.height * width / height);
  int64_t partHeight = std::min(image.height, image.width * height / width);
  partWidth = std::max<int64_t>(partWidth, 1);
  partHeight = std::max<int64_t>(partHeight, 1);
  Image part =
      cropImage(image, (image.width - partWidth) / 2,
                (image.height - partHeight) / 2, partWidth, partHeight);
  return resizeBilinear(part, width, height);
}

static Expected<Array> readImageFor(StringRef path,
                                    const qcc_tensor_info_t &info,
                                    StringRef preprocess) {
  Expected<Image> image = readImage(path);
  if (!image)
    return image.takeError();
  if (!preprocess.empty()) {
    Expected<Preprocess> steps = parsePreprocess(preprocess);
    if (!steps)
      return steps.takeError();
    return preprocessImage(*image, *steps, path);
  }
  ArrayRef<int64_t> shape = shapeOf(info);
  std::optional<ImageLayout> layout = layoutOf(shape);
  if (!layout)
    return createStringError(path + ": expected an array for input '" +
                             info.name + "' of shape " + printShape(shape) +
                             ", but got a picture");
  bool isNchw = *layout == ImageLayout::Nchw;
  Preprocess steps;
  steps.layout = *layout;
  if (shape[isNchw ? 1 : 3] == 1)
    steps.channels = ChannelOrder::Gray;
  Image fitted = fitImage(*image, shape[isNchw ? 3 : 2], shape[isNchw ? 2 : 1]);
  return preprocessImage(fitted, steps, path);
}

static Expected<Array> readFileFor(StringRef path,
                                   const qcc_tensor_info_t &info,
                                   StringRef preprocess) {
  if (path.ends_with(".npz"))
    return readNpzFor(path, info.name);
  if (path.ends_with(".npy"))
    return readNpy(path);
  if (hasImageExtension(path))
    return readImageFor(path, info, preprocess);
  return createStringError(path +
                           ": expected .npy, .npz, .jpg or .png, but got "
                           "another name");
}

//===-- Checks ------------------------------------------------------------===//

/// A symbolic batch takes what the first file has; the others must agree.
static Error checkShape(const Array &array, const qcc_tensor_info_t &info,
                        std::optional<int64_t> &batch, StringRef path) {
  bool isSymbolic = hasSymbolicBatch(info);
  if (isSymbolic && !batch && !array.shape.empty() && array.shape[0] > 0)
    batch = array.shape[0];
  std::vector<int64_t> expected =
      batch ? shapeFor(info, *batch) : shapeOf(info).vec();
  if (array.shape == expected)
    return Error::success();
  return createStringError(path + ": expected shape " + printShape(expected) +
                           " for input '" + info.name + "', but got " +
                           printShape(array.shape));
}

static std::string listNames(ArrayRef<qcc_tensor_info_t> infos) {
  std::string names;
  for (const qcc_tensor_info_t &info : infos)
    names += (names.empty() ? "'" : ", '") + std::string(info.name) + "'";
  return names;
}

/// Splits NAME=FILE; a name may itself have an equals sign.
static Expected<size_t> findInput(ArrayRef<qcc_tensor_info_t> infos,
                                  StringRef text, StringRef &path) {
  for (auto [index, info] : enumerate(infos)) {
    path = text;
    if (path.consume_front(info.name) && path.consume_front("="))
      return index;
  }
  if (!text.contains('='))
    return createStringError("--input: expected NAME=FILE, but got '" + text +
                             "'");
  return createStringError("--input: expected an input of " + listNames(infos) +
                           ", but got '" + text.split('=').first + "'");
}

//===-- Made-up values ----------------------------------------------------===//

/// Floats in [0, 1) and small bytes. Wider integers are indices more often
/// than not, and only zero is a valid index everywhere.
static Array makeRandom(const qcc_tensor_info_t &info, int64_t batch) {
  Array array;
  array.type = arrayTypeFor(info.dtype);
  array.shape = shapeFor(info, batch);
  size_t count = 1;
  for (int64_t size : array.shape)
    count *= size_t(size);
  array.bytes.assign(count * sizeInBytes(array.type), 0);
  std::minstd_rand random(1);
  for (size_t i = 0; i < count; ++i) {
    float value = float(random() % 4096) / 4096;
    if (info.dtype == QCC_DTYPE_F32)
      reinterpret_cast<float *>(array.bytes.data())[i] = value;
    else if (info.dtype == QCC_DTYPE_F64)
      reinterpret_cast<double *>(array.bytes.data())[i] = value;
    else if (info.dtype == QCC_DTYPE_U8 || info.dtype == QCC_DTYPE_I8)
      array.bytes[i] = uint8_t(value * 128);
  }
  return array;
}

static void remarkRandom(StringRef input) {
  WithColor::remark(errs(), "qcc-run", /*DisableColors=*/true)
      << "input '" << input << "' gets random values; use --input=" << input
      << "=FILE to feed it\n";
}

Expected<Inputs> gatherInputs(ArrayRef<qcc_tensor_info_t> infos,
                              const Options &options) {
  std::vector<std::optional<Array>> arrays(infos.size());
  std::optional<int64_t> batch;
  for (StringRef text : options.inputs) {
    StringRef path;
    Expected<size_t> index = findInput(infos, text, path);
    if (!index)
      return index.takeError();
    const qcc_tensor_info_t &info = infos[*index];
    Expected<Array> array = readFileFor(path, info, options.preprocess);
    if (!array)
      return array.takeError();
    if (Error error = checkShape(*array, info, batch, path))
      return error;
    array = convertArray(std::move(*array), arrayTypeFor(info.dtype), path);
    if (!array)
      return array.takeError();
    arrays[*index] = std::move(*array);
  }
  Inputs inputs;
  inputs.batch = batch.value_or(1);
  for (auto [array, info] : zip_equal(arrays, infos)) {
    if (!array)
      remarkRandom(info.name);
    inputs.arrays.push_back(array ? std::move(*array)
                                  : makeRandom(info, inputs.batch));
  }
  return inputs;
}

} // namespace qcc::run
