// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The C interface of runtime/include/qcc/abi.h, in C++.

#include "compiler/Driver/LoadedModel.h"

#include <dlfcn.h>

using namespace llvm;
using qcc::evaluate::Array;
using qcc::evaluate::ArrayType;

namespace qcc {

std::optional<ArrayType> getArrayType(qcc_dtype_t type) {
  switch (type) {
  case QCC_DTYPE_BOOL:
    return ArrayType::Boolean;
  case QCC_DTYPE_I8:
    return ArrayType::S8;
  case QCC_DTYPE_U8:
    return ArrayType::U8;
  case QCC_DTYPE_I16:
    return ArrayType::S16;
  case QCC_DTYPE_U16:
    return ArrayType::U16;
  case QCC_DTYPE_I32:
    return ArrayType::S32;
  case QCC_DTYPE_U32:
    return ArrayType::U32;
  case QCC_DTYPE_I64:
    return ArrayType::S64;
  case QCC_DTYPE_U64:
    return ArrayType::U64;
  case QCC_DTYPE_F16:
    return ArrayType::F16;
  case QCC_DTYPE_F32:
    return ArrayType::F32;
  case QCC_DTYPE_F64:
    return ArrayType::F64;
  default:
    return std::nullopt;
  }
}

Expected<std::unique_ptr<LoadedModel>> LoadedModel::open(StringRef path,
                                                         unsigned threads) {
  auto model = std::unique_ptr<LoadedModel>(new LoadedModel);
  model->handle = dlopen(path.str().c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!model->handle)
    return createStringError(path + ": expected a compiled library, but got " +
                             dlerror());
  auto query =
      reinterpret_cast<qcc_query_fn_t>(dlsym(model->handle, "qcc_query"));
  if (query)
    model->library = query(QCC_ABI_VERSION);
  if (!model->library)
    return createStringError(path + ": expected a library of qcc");
  if (Error error = model->createContext(threads))
    return error;
  return model;
}

LoadedModel::~LoadedModel() {
  if (context)
    library->context_destroy(context);
  if (handle)
    dlclose(handle);
}

Error LoadedModel::createContext(unsigned threads) {
  qcc_context_options_t options = {};
  options.threads = threads;
  options.target = QCC_TARGET_BEST;
  qcc_status_t status;
  if (library->context_create(&options, &context, &status) != QCC_OK)
    return createStringError(status.message);
  return Error::success();
}

ArrayRef<qcc_tensor_info_t> LoadedModel::getInputs() const {
  int32_t count = 0;
  const qcc_tensor_info_t *first = library->inputs(&count);
  return {first, size_t(count)};
}

ArrayRef<qcc_tensor_info_t> LoadedModel::getOutputs() const {
  int32_t count = 0;
  const qcc_tensor_info_t *first = library->outputs(&count);
  return {first, size_t(count)};
}

size_t LoadedModel::countObserved() const {
  qcc_target_info_t info;
  if (library->target_info(library->context_target(context), &info, nullptr) !=
      QCC_OK)
    return 0;
  return info.num_observed;
}

qcc_observed_info_t LoadedModel::getObserved(size_t index) const {
  qcc_observed_info_t info = {};
  [[maybe_unused]] qcc_code_t code =
      library->observed(context, index, &info, nullptr);
  assert(code == QCC_OK && "the index is below countObserved()");
  return info;
}

/// The ABI's view of an array; the shape stays where it is.
static qcc_tensor_t makeTensor(const void *data, qcc_dtype_t type,
                               std::vector<int64_t> &shape) {
  qcc_tensor_t tensor = {};
  tensor.data = const_cast<void *>(data);
  tensor.device_type = QCC_DEVICE_CPU;
  tensor.rank = shape.size();
  tensor.dtype = type;
  tensor.shape = shape.data();
  return tensor;
}

Error LoadedModel::run(ArrayRef<Array> inputs) {
  std::vector<qcc_tensor_t> inputTensors, outputTensors;
  std::vector<std::vector<int64_t>> shapes;
  shapes.reserve(inputs.size() + getOutputs().size());
  int64_t batch = 1;
  for (auto [info, array] : zip(getInputs(), inputs)) {
    if (info.rank > 0 && info.shape[0] < 0)
      batch = array.shape[0];
    shapes.push_back(array.shape);
    inputTensors.push_back(
        makeTensor(array.bytes.data(), info.dtype, shapes.back()));
  }
  outputs.resize(getOutputs().size());
  for (auto [info, bytes] : zip(getOutputs(), outputs)) {
    std::vector<int64_t> shape(info.shape, info.shape + info.rank);
    // Bits of one element are the second byte of the type.
    uint64_t size = (info.dtype >> 8 & 0xff) / 8;
    for (int64_t &extent : shape)
      size *= extent = extent < 0 ? batch : extent;
    bytes.resize(size);
    shapes.push_back(std::move(shape));
    outputTensors.push_back(
        makeTensor(bytes.data(), info.dtype, shapes.back()));
  }
  qcc_status_t status;
  if (library->run(context, inputTensors.data(), outputTensors.data(), batch,
                   &status) != QCC_OK)
    return createStringError(status.message);
  return Error::success();
}

} // namespace qcc
