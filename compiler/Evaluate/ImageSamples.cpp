// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Samples from JPEG and PNG files, for models with one picture as input. The
// label is the number before the first `_` of the file name, or comes from the
// label file.

#include "compiler/Evaluate/SampleSources.h"

#include "llvm/Support/Path.h"

using namespace llvm;

namespace qcc::evaluate {

namespace {

class ImageSamples : public SampleSet {
public:
  ImageSamples(std::vector<std::string> paths, InputSpec spec,
               const Preprocess &preprocess)
      : paths(std::move(paths)), spec(std::move(spec)), preprocess(preprocess) {
  }

  Error readLabels(const LabelFile &file);
  uint64_t countSamples() const override {
    return paths.size() / countItems(spec);
  }
  bool hasLabels() const override { return !labels.empty(); }
  Expected<bool> readNext(Sample &sample) override;
  Error rewind() override {
    next = 0;
    return Error::success();
  }

private:
  Error appendImage(StringRef path, Array &batch);

  std::vector<std::string> paths;
  InputSpec spec;
  Preprocess preprocess;
  std::vector<int64_t> labels;
  size_t next = 0;
};

} // namespace

/// All pictures need a label, or else none has one: a typing error in one name
/// should not turn evaluation off.
Error ImageSamples::readLabels(const LabelFile &file) {
  std::string unlabelled;
  bool hasFile = !file.ordered.empty();
  for (StringRef path : paths) {
    StringRef name = sys::path::filename(path);
    auto found = file.byName.find(name);
    int64_t label = 0;
    if (found != file.byName.end())
      label = found->second;
    else if (hasFile || !name.contains('_') ||
             name.split('_').first.getAsInteger(10, label)) {
      unlabelled = path.str();
      continue;
    }
    labels.push_back(label);
  }
  if (labels.size() == paths.size())
    return Error::success();
  if (labels.empty() && !hasFile)
    return Error::success();
  return createStringError(Twine(unlabelled) + ": expected " +
                           (hasFile ? "a line 'name,label' in the label file"
                                    : "a name that starts with label and '_'") +
                           " as for " + Twine(labels.size()) +
                           " other pictures, but got no label");
}

Error ImageSamples::appendImage(StringRef path, Array &batch) {
  Expected<Image> image = readImage(path);
  if (!image)
    return image.takeError();
  Expected<Array> pixels = preprocessImage(*image, preprocess, path);
  if (pixels)
    pixels = finishInput(std::move(*pixels), spec, path);
  if (!pixels)
    return pixels.takeError();
  Expected<SampleCut> cut = cutIntoSamples(
      pixels->shape,
      {spec.name, spec.type, {1, spec.shape[1], spec.shape[2], spec.shape[3]}},
      path);
  bool isFirst = batch.bytes.empty();
  if (!cut) {
    consumeError(cut.takeError());
    return createStringError(
        Twine(path) + ": expected shape " + printShape(spec.shape) +
        " for input '" + spec.name + "', but got " + printShape(pixels->shape) +
        " (set resize, crop or layout in " + "--preprocess)");
  }
  if (!isFirst && ArrayRef(batch.shape).drop_front() !=
                      ArrayRef(pixels->shape).drop_front())
    return createStringError(
        Twine(path) + ": expected the shape " + printShape(batch.shape) +
        " of the picture before it, but got " + printShape(pixels->shape));
  if (isFirst) {
    batch = std::move(*pixels);
    return Error::success();
  }
  batch.shape[0] += 1;
  batch.bytes.insert(batch.bytes.end(), pixels->bytes.begin(),
                     pixels->bytes.end());
  return Error::success();
}

Expected<bool> ImageSamples::readNext(Sample &sample) {
  if (next == paths.size())
    return false;
  size_t items = countItems(spec);
  Array batch;
  for (size_t i = next; i < next + items; ++i)
    if (Error error = appendImage(paths[i], batch))
      return error;
  sample.name = paths[next];
  sample.inputs.clear();
  sample.inputs.push_back(std::move(batch));
  sample.labels.clear();
  if (!labels.empty())
    sample.labels = ArrayRef(labels).slice(next, items);
  next += items;
  return true;
}

/// Without `--preprocess` the input's shape says where the channels are.
static Preprocess guessPreprocess(const InputSpec &spec) {
  Preprocess preprocess;
  bool isPlanar = spec.shape[1] == 1 || spec.shape[1] == 3;
  bool isInterleaved = spec.shape[3] == 1 || spec.shape[3] == 3;
  if (!isPlanar && isInterleaved)
    preprocess.layout = ImageLayout::Nhwc;
  if (spec.shape[isPlanar ? 1 : 3] == 1)
    preprocess.channels = ChannelOrder::Gray;
  return preprocess;
}

Expected<std::unique_ptr<SampleSet>> openImages(std::vector<std::string> paths,
                                                ArrayRef<InputSpec> inputs,
                                                const SampleOptions &options,
                                                LabelFile labels) {
  if (inputs.size() != 1 || inputs[0].shape.size() != 4)
    return createStringError(
        Twine(paths[0]) + ": expected a model with one picture as input, " +
        "but got " + Twine(inputs.size()) + " inputs, the first of shape " +
        printShape(inputs[0].shape));
  const InputSpec &spec = inputs[0];
  int64_t items = countItems(spec);
  if (items == 0 || paths.size() % items != 0)
    return createStringError(Twine(paths[0]) + ": expected a multiple of " +
                             Twine(items) + " pictures, but got " +
                             Twine(paths.size()));
  auto samples = std::make_unique<ImageSamples>(
      std::move(paths), spec,
      options.preprocess ? *options.preprocess : guessPreprocess(spec));
  if (Error error = samples->readLabels(labels))
    return error;
  return samples;
}

} // namespace qcc::evaluate
