// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The host side of runtime/include/qcc/abi.h.

#include "compiler/Evaluate/CompiledModel.h"

#include "llvm/Support/FileSystem.h"

#include <chrono>
#include <cstring>
#include <dlfcn.h>

using namespace llvm;

namespace qcc::evaluate {

static std::optional<ArrayType> arrayTypeOf(qcc_dtype_t type) {
  constexpr std::pair<qcc_dtype_t, ArrayType> types[] = {
      {QCC_DTYPE_BOOL, ArrayType::Boolean}, {QCC_DTYPE_I8, ArrayType::S8},
      {QCC_DTYPE_U8, ArrayType::U8},        {QCC_DTYPE_I16, ArrayType::S16},
      {QCC_DTYPE_U16, ArrayType::U16},      {QCC_DTYPE_I32, ArrayType::S32},
      {QCC_DTYPE_U32, ArrayType::U32},      {QCC_DTYPE_I64, ArrayType::S64},
      {QCC_DTYPE_U64, ArrayType::U64},      {QCC_DTYPE_F16, ArrayType::F16},
      {QCC_DTYPE_F32, ArrayType::F32},      {QCC_DTYPE_F64, ArrayType::F64},
  };
  for (auto [code, arrayType] : types)
    if (code == type)
      return arrayType;
  return std::nullopt;
}

static qcc_dtype_t dtypeOf(ArrayType type) {
  constexpr qcc_dtype_t codes[] = {
      QCC_DTYPE_BOOL, QCC_DTYPE_I8,  QCC_DTYPE_U8,  QCC_DTYPE_I16,
      QCC_DTYPE_U16,  QCC_DTYPE_I32, QCC_DTYPE_U32, QCC_DTYPE_I64,
      QCC_DTYPE_U64,  QCC_DTYPE_F16, QCC_DTYPE_F32, QCC_DTYPE_F64};
  return codes[static_cast<size_t>(type)];
}

static Expected<std::vector<InputSpec>>
describeTensors(const qcc_tensor_info_t *tensors, int32_t count,
                StringRef label) {
  std::vector<InputSpec> specs;
  for (int32_t i = 0; i < count; ++i) {
    const qcc_tensor_info_t &tensor = tensors[i];
    std::optional<ArrayType> type = arrayTypeOf(tensor.dtype);
    if (!type)
      return createStringError(Twine(label) + ": expected integers, f16, f32 " +
                               "or f64 in '" + tensor.name +
                               "', but got type " + Twine(tensor.dtype));
    ArrayRef<int64_t> shape(tensor.shape, static_cast<size_t>(tensor.rank));
    specs.push_back({tensor.name, *type, shape});
  }
  return specs;
}

Expected<std::unique_ptr<CompiledModel>> CompiledModel::load(StringRef path,
                                                             int threads) {
  std::unique_ptr<CompiledModel> model(new CompiledModel());
  model->label = path.str();
  if (std::error_code reason = sys::fs::file_size(path, model->fileBytes))
    return createStringError(
        Twine(path) +
        ": expected a readable library, but got " + reason.message());
  // A bare name would be looked for in system folders.
  SmallString<128> absolute(path);
  sys::fs::make_absolute(absolute);
  model->handle = dlopen(absolute.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!model->handle)
    return createStringError(Twine(path) +
                             ": expected a library that qcc compiled, but "
                             "got " +
                             dlerror());
  void *symbol = dlsym(model->handle, "qcc_query");
  if (!symbol)
    return createStringError(Twine(path) +
                             ": expected a library that qcc compiled, but "
                             "got one without the symbol qcc_query");
  model->table = reinterpret_cast<qcc_query_fn_t>(symbol)(QCC_ABI_VERSION);
  if (!model->table)
    return createStringError(Twine(path) +
                             ": expected a library of interface "
                             "version " +
                             Twine(QCC_ABI_VERSION) +
                             " or older, but got a newer one");
  if (Error error = model->start(threads))
    return error;
  return model;
}

Expected<std::unique_ptr<CompiledModel>>
CompiledModel::wrap(const qcc_library_t &table, StringRef name, int threads) {
  std::unique_ptr<CompiledModel> model(new CompiledModel());
  model->label = name.str();
  model->table = &table;
  if (Error error = model->start(threads))
    return error;
  return model;
}

Error CompiledModel::start(int threads) {
  int32_t count = 0;
  const qcc_tensor_info_t *tensors = table->inputs(&count);
  auto described = describeTensors(tensors, count, label);
  if (!described)
    return described.takeError();
  inputSpecs = std::move(*described);
  tensors = table->outputs(&count);
  described = describeTensors(tensors, count, label);
  if (!described)
    return described.takeError();
  outputSpecs = std::move(*described);

  qcc_context_options_t options = {};
  options.threads = threads;
  options.target = QCC_TARGET_BEST;
  qcc_status_t status = {};
  if (table->context_create(&options, &context, &status) != QCC_OK)
    return createStringError(Twine(label) + ": " + status.message);
  qcc_target_info_t target = {};
  if (table->target_info(table->context_target(context), &target, &status) !=
      QCC_OK)
    return createStringError(Twine(label) + ": " + status.message);
  observedCount = target.num_observed;
  return Error::success();
}

CompiledModel::~CompiledModel() {
  if (context)
    table->context_destroy(context);
  if (handle)
    dlclose(handle);
}

StringRef CompiledModel::information() const {
  const char *text = table->info_json();
  return text ? text : "{}";
}

static qcc_tensor_t describeArray(const Array &array) {
  qcc_tensor_t tensor = {};
  // The interface has one struct for both directions; inputs are only read.
  tensor.data = const_cast<uint8_t *>(array.bytes.data());
  tensor.device_type = QCC_DEVICE_CPU;
  tensor.rank = static_cast<int32_t>(array.shape.size());
  tensor.dtype = dtypeOf(array.type);
  tensor.shape = const_cast<int64_t *>(array.shape.data());
  return tensor;
}

Expected<std::vector<Array>> CompiledModel::run(ArrayRef<Array> values) {
  if (values.size() != inputSpecs.size())
    return createStringError(Twine(label) + ": expected " +
                             Twine(inputSpecs.size()) + " inputs, but got " +
                             Twine(values.size()));
  int64_t batch = 1;
  std::vector<qcc_tensor_t> inputs, outputs;
  for (size_t i = 0; i < values.size(); ++i) {
    ArrayRef<int64_t> declared = inputSpecs[i].shape;
    if (!declared.empty() && declared[0] < 0 && !values[i].shape.empty())
      batch = values[i].shape[0];
    inputs.push_back(describeArray(values[i]));
  }
  std::vector<Array> results;
  for (const InputSpec &spec : outputSpecs) {
    Array result{spec.type, spec.shape, {}};
    if (!result.shape.empty() && result.shape[0] < 0)
      result.shape[0] = batch;
    result.bytes.resize(ArrayHeader{spec.type, result.shape}.countBytes());
    results.push_back(std::move(result));
  }
  for (const Array &result : results)
    outputs.push_back(describeArray(result));
  qcc_status_t status = {};
  auto start = std::chrono::steady_clock::now();
  qcc_code_t code =
      table->run(context, inputs.data(), outputs.data(), batch, &status);
  std::chrono::duration<double> elapsed =
      std::chrono::steady_clock::now() - start;
  if (code != QCC_OK)
    return createStringError(Twine(label) + ": " + status.message);
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
  qcc_observed_info_t info = {};
  qcc_status_t status = {};
  if (table->observed(context, index, &info, &status) != QCC_OK)
    return createStringError(Twine(label) + ": " + status.message);
  std::optional<ArrayType> type = arrayTypeOf(info.dtype);
  if (type != ArrayType::F32 && type != ArrayType::S8 &&
      type != ArrayType::U8 && type != ArrayType::S32)
    return createStringError(Twine(label) + ": expected f32, s8, u8 or s32 " +
                             "in layer '" + info.name + "', but got type " +
                             Twine(info.dtype));
  ObservedTensor tensor;
  tensor.name = info.name;
  tensor.shape.assign(info.shape, info.shape + info.rank);
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
