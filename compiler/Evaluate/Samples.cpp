// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Finds out what kind of data set a path is, and what all kinds share: label
// files, cutting arrays into samples, the check for NaN.

#include "compiler/Evaluate/Samples.h"

#include "compiler/Evaluate/SampleSources.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <algorithm>
#include <cmath>

using namespace llvm;

namespace qcc::evaluate {

static bool hasExtension(StringRef path, StringRef extension) {
  return sys::path::extension(path).equals_insensitive(extension);
}

static Error cannotRead(StringRef path, std::error_code reason) {
  return createStringError(
      Twine(path) +
      ": expected a readable file or folder, but got " + reason.message());
}

//===-- Labels ------------------------------------------------------------===//

static Expected<LabelFile> readLabelArray(StringRef path) {
  Expected<Array> array = readNpy(path);
  if (array)
    array = convertArray(std::move(*array), ArrayType::S64, path);
  if (!array)
    return array.takeError();
  LabelFile labels;
  labels.ordered = array->values<int64_t>();
  return labels;
}

Expected<LabelFile> readLabelFile(StringRef path) {
  LabelFile labels;
  if (path.empty())
    return labels;
  if (hasExtension(path, ".npy"))
    return readLabelArray(path);
  auto file = MemoryBuffer::getFile(path);
  if (!file)
    return cannotRead(path, file.getError());
  SmallVector<StringRef> lines;
  (*file)->getBuffer().split(lines, '\n');
  for (size_t i = 0; i < lines.size(); ++i) {
    StringRef line = lines[i].trim();
    if (line.empty() || line.starts_with("#"))
      continue;
    // The last comma: file names may have some of their own.
    auto [name, number] = line.rsplit(',');
    bool hasName = line.contains(',');
    int64_t label = 0;
    if ((hasName ? number : line).trim().getAsInteger(10, label))
      return createStringError(Twine(path) + ":" + Twine(i + 1) +
                               ": expected 'name,label' or a label, but got '" +
                               line.take_front(80) + "'");
    labels.ordered.push_back(label);
    if (hasName)
      labels.byName[name.trim()] = label;
  }
  if (labels.ordered.empty())
    return createStringError(Twine(path) +
                             ": expected at least one label, but got none");
  return labels;
}

//===-- Inputs ------------------------------------------------------------===//

int64_t countItems(const InputSpec &spec) {
  return spec.shape.empty() || spec.shape[0] < 0 ? 1 : spec.shape[0];
}

/// A negative dimension of the model accepts any size but zero.
static bool matchesShape(ArrayRef<int64_t> wanted, ArrayRef<int64_t> given) {
  if (wanted.size() != given.size())
    return false;
  for (size_t i = 0; i < wanted.size(); ++i)
    if (wanted[i] < 0 ? given[i] == 0 : wanted[i] != given[i])
      return false;
  return true;
}

Expected<SampleCut> cutIntoSamples(ArrayRef<int64_t> arrayShape,
                                   const InputSpec &spec, StringRef name) {
  ArrayRef<int64_t> wanted = spec.shape;
  SampleCut cut;
  if (!wanted.empty() && !arrayShape.empty() &&
      matchesShape(wanted.drop_front(), arrayShape.drop_front())) {
    int64_t items = countItems(spec);
    if (items == 0 || arrayShape[0] % items != 0)
      return createStringError(Twine(name) + ": expected a multiple of " +
                               Twine(items) + " samples, but got " +
                               Twine(arrayShape[0]));
    cut.samples = arrayShape[0] / items;
    cut.shape = arrayShape;
    cut.shape[0] = items;
    return cut;
  }
  if (!arrayShape.empty() && matchesShape(wanted, arrayShape.drop_front())) {
    cut.samples = arrayShape[0];
    cut.shape = arrayShape.drop_front();
    return cut;
  }
  std::string shown = printShape(wanted.empty() ? wanted : wanted.drop_front());
  shown = shown == "[]" ? "[samples]" : "[samples, " + shown.substr(1);
  return createStringError(Twine(name) + ": expected shape " + shown +
                           " for input '" + spec.name + "', but got " +
                           printShape(arrayShape));
}

template <typename T>
static Error checkFinite(ArrayRef<T> values, StringRef name) {
  for (size_t i = 0; i < values.size(); ++i)
    if (!std::isfinite(values[i]))
      return createStringError(
          Twine(name) + ": expected finite values, but got " +
          std::to_string(values[i]) + " at element " + Twine(i));
  return Error::success();
}

Expected<Array> finishInput(Array array, const InputSpec &spec,
                            StringRef name) {
  if (array.type == ArrayType::F32)
    if (Error error = checkFinite(array.values<float>(), name))
      return error;
  if (array.type == ArrayType::F64)
    if (Error error = checkFinite(array.values<double>(), name))
      return error;
  Expected<Array> result = convertArray(std::move(array), spec.type, name);
  // Once more: half precision was unreadable before, and f64 may overflow.
  if (result && spec.type == ArrayType::F32)
    if (Error error = checkFinite(result->values<float>(), name))
      return error;
  return result;
}

//===-- Kinds of data set -------------------------------------------------===//

static Expected<std::unique_ptr<SampleSet>>
openFolder(StringRef folder, ArrayRef<InputSpec> inputs,
           const SampleOptions &options, LabelFile labels) {
  std::vector<std::string> archives, arrays, images;
  std::error_code reason;
  for (sys::fs::directory_iterator entry(folder, reason), end;
       entry != end && !reason; entry.increment(reason)) {
    const std::string &path = entry->path();
    if (hasExtension(path, ".npz"))
      archives.push_back(path);
    else if (hasExtension(path, ".npy"))
      arrays.push_back(path);
    else if (hasImageExtension(path))
      images.push_back(path);
  }
  if (reason)
    return cannotRead(folder, reason);
  size_t kinds = !archives.empty() + !arrays.empty() + !images.empty();
  if (kinds != 1)
    return createStringError(Twine(folder) +
                             ": expected a folder of .npz, .npy or picture "
                             "files, but got " +
                             (kinds ? "a mixture" : "none of them"));
  // Folders come in any order; results must not.
  for (auto *paths : {&archives, &arrays, &images})
    std::sort(paths->begin(), paths->end());
  if (!images.empty())
    return openImages(std::move(images), inputs, options, std::move(labels));
  if (!archives.empty())
    return openArrayFiles(std::move(archives), inputs, std::move(labels));
  bool hasAllInputs = llvm::all_of(inputs, [&](const InputSpec &input) {
    return llvm::any_of(arrays, [&](StringRef path) {
      return sys::path::stem(path) == input.name;
    });
  });
  if (hasAllInputs || inputs.size() != 1)
    return openArrayFolder(folder, inputs, std::move(labels));
  llvm::erase_if(arrays, [](StringRef path) {
    return sys::path::filename(path) == "labels.npy";
  });
  return openArrayFiles(std::move(arrays), inputs, std::move(labels));
}

Expected<std::unique_ptr<SampleSet>>
SampleSet::open(StringRef path, ArrayRef<InputSpec> inputs,
                const SampleOptions &options) {
  if (inputs.empty())
    return createStringError(Twine(path) +
                             ": expected a model with inputs, but got none");
  Expected<LabelFile> labels = readLabelFile(options.labelsPath);
  if (!labels)
    return labels.takeError();
  sys::fs::file_status status;
  if (std::error_code reason = sys::fs::status(path, status))
    return cannotRead(path, reason);
  if (sys::fs::is_directory(status))
    return openFolder(path, inputs, options, std::move(*labels));
  if (hasExtension(path, ".npz") || hasExtension(path, ".npy"))
    return openArrayFiles({path.str()}, inputs, std::move(*labels));
  if (hasImageExtension(path))
    return openImages({path.str()}, inputs, options, std::move(*labels));
  return createStringError(
      Twine(path) + ": expected a .npz or .npy file, a picture, or a folder " +
      "of those, but got a file of another kind");
}

} // namespace qcc::evaluate
