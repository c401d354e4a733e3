// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Errors are given the library's name here: a program compares two of them.

#include "compiler/Evaluate/CompiledModel.h"

#include "llvm/Support/FileSystem.h"

#include <chrono>
#include <cstring>

using namespace llvm;

namespace qcc::evaluate {

static Expected<std::vector<InputSpec>>
describeTensors(ArrayRef<qcc_tensor_info_t> tensors, StringRef label) {
  std::vector<InputSpec> specs;
  for (const qcc_tensor_info_t &tensor : tensors) {
    std::optional<ArrayType> type = arrayTypeOf(tensor.dtype);
    if (!type)
      return createStringError(Twine(label) + ": expected integers, f16, f32 " +
                               "or f64 in '" + tensor.name +
                               "', but got type " + nameOf(tensor.dtype));
    specs.push_back({tensor.name, *type, shapeOf(tensor)});
  }
  return specs;
}

Expected<std::unique_ptr<CompiledModel>> CompiledModel::load(StringRef path,
                                                             int threads) {
  Expected<LoadedLibrary> library = LoadedLibrary::open(path);
  if (!library)
    return createStringError(path + ": " + toString(library.takeError()));
  std::unique_ptr<CompiledModel> model(
      new CompiledModel(std::move(*library), path));
  if (std::error_code reason = sys::fs::file_size(path, model->fileBytes))
    return createStringError(Twine(path) +
                             ": expected a readable library, but got " +
                             reason.message());
  if (Error error = model->start(threads))
    return error;
  return model;
}

Expected<std::unique_ptr<CompiledModel>>
CompiledModel::wrap(const qcc_library_t &table, StringRef name, int threads) {
  std::unique_ptr<CompiledModel> model(
      new CompiledModel(LoadedLibrary::wrap(table), name));
  if (Error error = model->start(threads))
    return error;
  return model;
}

Error CompiledModel::start(int threads) {
  auto described = describeTensors(library.inputs(), label);
  if (!described)
    return described.takeError();
  inputSpecs = std::move(*described);
  described = describeTensors(library.outputs(), label);
  if (!described)
    return described.takeError();
  outputSpecs = std::move(*described);
  if (Error error = library.createContext(threads))
    return createStringError(label + ": " + toString(std::move(error)));
  observedCount = library.target().num_observed;
  return Error::success();
}

StringRef CompiledModel::information() const {
  const char *text = library.functions().info_json();
  return text ? text : "{}";
}

Expected<std::vector<Array>> CompiledModel::run(ArrayRef<Array> values) {
  if (values.size() != inputSpecs.size())
    return createStringError(Twine(label) + ": expected " +
                             Twine(inputSpecs.size()) + " inputs, but got " +
                             Twine(values.size()));
  int64_t batch = batchOf(library.inputs(), values);
  std::vector<Array> results = makeOutputs(library.outputs(), batch);
  auto start = std::chrono::steady_clock::now();
  Error error = library.run(values, results, batch);
  std::chrono::duration<double> elapsed =
      std::chrono::steady_clock::now() - start;
  if (error)
    return createStringError(label + ": " + toString(std::move(error)));
  seconds = elapsed.count();
  return results;
}

/// The element at `data` as it was before quantization.
static float readElement(const uint8_t *data, ArrayType type, float scale,
                         int32_t zeroPoint) {
  auto read = [data](auto value) {
    memcpy(&value, data, sizeof(value));
    return value;
  };
  if (type == ArrayType::F32)
    return read(float());
  int32_t code = type == ArrayType::S8   ? read(int8_t())
                 : type == ArrayType::U8 ? read(uint8_t())
                                         : read(int32_t());
  return scale == 0 ? float(code) : float(code - zeroPoint) * scale;
}

Expected<ObservedTensor> CompiledModel::readObserved(int index) const {
  Expected<qcc_observed_info_t> read = library.readObserved(index);
  if (!read)
    return createStringError(label + ": " + toString(read.takeError()));
  const qcc_observed_info_t &info = *read;
  std::optional<ArrayType> type = arrayTypeOf(info.dtype);
  if (type != ArrayType::F32 && type != ArrayType::S8 &&
      type != ArrayType::U8 && type != ArrayType::S32)
    return createStringError(Twine(label) + ": expected f32, s8, u8 or s32 " +
                             "in layer '" + info.name + "', but got type " +
                             nameOf(info.dtype));
  ObservedTensor tensor;
  tensor.name = info.name;
  tensor.shape.assign(info.shape, info.shape + info.rank);
  if (type == ArrayType::S8 || type == ArrayType::U8) {
    int lowest = type == ArrayType::S8 ? -128 : 0;
    tensor.range = {float(lowest - info.zero_point) * info.scale,
                    float(lowest + 255 - info.zero_point) * info.scale};
  }
  uint64_t count = ArrayHeader{*type, tensor.shape}.countElements();
  tensor.values.reserve(count);
  auto *bytes = static_cast<const uint8_t *>(info.data);
  std::vector<int64_t> position(tensor.shape.size(), 0);
  int64_t offset = 0;
  for (uint64_t i = 0; i < count; ++i) {
    tensor.values.push_back(
        readElement(bytes + offset * int64_t(sizeInBytes(*type)), *type,
                    info.scale, info.zero_point));
    for (size_t axis = position.size(); axis-- > 0;) {
      offset += info.strides[axis];
      if (++position[axis] < tensor.shape[axis])
        break;
      offset -= info.strides[axis] * tensor.shape[axis];
      position[axis] = 0;
    }
  }
  return tensor;
}

} // namespace qcc::evaluate
