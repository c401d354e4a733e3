// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Samples from .npz and .npy files. A data set is a list of parts (files, or
// one folder), of which one is open at a time, so that thousands of files cost
// nothing; within a part each input is a stream of its own.

#include "compiler/Evaluate/NpzFile.h"
#include "compiler/Evaluate/SampleSources.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace qcc::evaluate {

static constexpr const char *labelsName = "labels";

namespace {

/// One input of an open part.
struct InputStream {
  std::unique_ptr<ArrayStream> stream;
  SampleCut cut;
  /// The whole array made row-major, where the file's order is the other one
  /// and samples lie interleaved in it.
  std::optional<Array> whole;
};

struct Part {
  std::vector<InputStream> inputs;
  uint64_t samples = 0;
  std::vector<int64_t> labels;
};

/// Where the arrays of a part come from.
enum class PartKind { Archive, SingleArray, Folder };

class ArraySamples : public SampleSet {
public:
  ArraySamples(PartKind kind, std::vector<std::string> paths,
               ArrayRef<InputSpec> specs, LabelFile labelFile)
      : kind(kind), paths(std::move(paths)), specs(specs),
        labelFile(std::move(labelFile)) {}

  Error countAll();
  uint64_t countSamples() const override { return total; }
  bool hasLabels() const override { return isLabelled; }
  Expected<bool> readNext(Sample &sample) override;
  Error rewind() override {
    part.reset();
    nextPart = nextSample = position = 0;
    return Error::success();
  }

private:
  PartKind partKind(StringRef path) const;
  Expected<std::unique_ptr<ArrayStream>>
  openStream(StringRef path, const NpzFile *archive, StringRef name) const;
  Expected<Part> openPart(StringRef path) const;
  Error openLabels(StringRef path, const NpzFile *archive, Part &opened) const;
  Error readInput(InputStream &input, const InputSpec &spec, Sample &sample);

  PartKind kind;
  std::vector<std::string> paths;
  std::vector<InputSpec> specs;
  LabelFile labelFile;
  uint64_t total = 0;
  bool isLabelled = false;

  std::optional<Part> part;
  size_t nextPart = 0;
  uint64_t nextSample = 0; ///< Within the part.
  uint64_t position = 0;   ///< Within the data set.
};

} // namespace

PartKind ArraySamples::partKind(StringRef path) const {
  if (kind == PartKind::Folder)
    return kind;
  return sys::path::extension(path).equals_insensitive(".npz")
             ? PartKind::Archive
             : PartKind::SingleArray;
}

static std::string fileOfInput(StringRef folder, StringRef name) {
  SmallString<128> file(folder);
  sys::path::append(file, name + ".npy");
  return file.str().str();
}

Expected<std::unique_ptr<ArrayStream>>
ArraySamples::openStream(StringRef path, const NpzFile *archive,
                         StringRef name) const {
  if (archive)
    return archive->stream(name);
  if (partKind(path) == PartKind::SingleArray)
    return ArrayStream::openFile(path);
  return ArrayStream::openFile(fileOfInput(path, name));
}

/// Labels beside the inputs, unless a label file replaces them.
Error ArraySamples::openLabels(StringRef path, const NpzFile *archive,
                               Part &opened) const {
  bool isInput = llvm::any_of(
      specs, [](const InputSpec &spec) { return spec.name == labelsName; });
  bool exists = archive ? archive->contains(labelsName)
                        : partKind(path) == PartKind::Folder &&
                              sys::fs::exists(fileOfInput(path, labelsName));
  if (isInput || !exists || !labelFile.ordered.empty())
    return Error::success();
  auto stream = openStream(path, archive, labelsName);
  if (!stream)
    return stream.takeError();
  Expected<Array> array = (*stream)->readAll();
  if (array)
    array = convertArray(std::move(*array), ArrayType::S64, (*stream)->name());
  if (!array)
    return array.takeError();
  opened.labels = array->values<int64_t>();
  if (opened.labels.empty() ||
      (opened.samples && opened.labels.size() % opened.samples != 0))
    return createStringError(Twine((*stream)->name()) + ": expected " +
                             Twine(opened.samples) + " labels, but got " +
                             Twine(opened.labels.size()));
  return Error::success();
}

Expected<Part> ArraySamples::openPart(StringRef path) const {
  std::unique_ptr<NpzFile> archive;
  if (partKind(path) == PartKind::Archive) {
    Expected<std::unique_ptr<NpzFile>> opened = NpzFile::open(path);
    if (!opened)
      return opened.takeError();
    archive = std::move(*opened);
  } else if (partKind(path) == PartKind::SingleArray && specs.size() != 1) {
    return createStringError(Twine(path) + ": expected an .npz file for a " +
                             "model with " + Twine(specs.size()) +
                             " inputs, but got a single array");
  }
  Part opened;
  for (const InputSpec &spec : specs) {
    auto stream = openStream(path, archive.get(), spec.name);
    if (!stream)
      return stream.takeError();
    StringRef name = (*stream)->name();
    auto cut = cutIntoSamples((*stream)->header().shape, spec, name);
    if (!cut)
      return cut.takeError();
    if (!opened.inputs.empty() && cut->samples != opened.samples)
      return createStringError(Twine(name) + ": expected " +
                               Twine(opened.samples) + " samples as in '" +
                               specs[0].name + "', but got " +
                               Twine(cut->samples));
    opened.samples = cut->samples;
    opened.inputs.push_back({std::move(*stream), std::move(*cut), {}});
  }
  if (Error error = openLabels(path, archive.get(), opened))
    return error;
  return opened;
}

/// Looks at the headers of every part once.
Error ArraySamples::countAll() {
  size_t labelled = 0;
  for (StringRef path : paths) {
    Expected<Part> opened = openPart(path);
    if (!opened)
      return opened.takeError();
    total += opened->samples;
    labelled += !opened->labels.empty();
  }
  if (total == 0)
    return createStringError(
        Twine(paths.empty() ? "data" : StringRef(paths[0])) +
        ": expected at least one sample, but got none");
  if (labelled && labelled != paths.size())
    return createStringError(Twine(paths[0]) + ": expected labels in all " +
                             Twine(paths.size()) +
                             " files or in none, but "
                             "got them in " +
                             Twine(labelled));
  if (labelFile.ordered.size() % total != 0)
    return createStringError(Twine("--labels: expected ") + Twine(total) +
                             " labels, but got " +
                             Twine(labelFile.ordered.size()));
  isLabelled = labelled || !labelFile.ordered.empty();
  return Error::success();
}

Error ArraySamples::readInput(InputStream &input, const InputSpec &spec,
                              Sample &sample) {
  ArrayStream &stream = *input.stream;
  const ArrayHeader &header = stream.header();
  Array array{header.type, input.cut.shape, {}};
  array.bytes.resize(header.countBytes() / part->samples);
  if (header.isFortranOrder && header.shape.size() > 1) {
    if (!input.whole) {
      Expected<Array> whole = stream.readAll();
      if (!whole)
        return whole.takeError();
      input.whole = std::move(*whole);
    }
    auto first = input.whole->bytes.begin() + nextSample * array.bytes.size();
    std::copy_n(first, array.bytes.size(), array.bytes.begin());
  } else if (Error error = stream.read(array.bytes)) {
    return error;
  }
  std::string name = (stream.name() + ": sample " + Twine(nextSample)).str();
  Expected<Array> finished = finishInput(std::move(array), spec, name);
  if (!finished)
    return finished.takeError();
  sample.inputs.push_back(std::move(*finished));
  return Error::success();
}

Expected<bool> ArraySamples::readNext(Sample &sample) {
  while (!part || nextSample == part->samples) {
    if (nextPart == paths.size())
      return false;
    part.reset();
    Expected<Part> opened = openPart(paths[nextPart++]);
    if (!opened)
      return opened.takeError();
    part = std::move(*opened);
    nextSample = 0;
  }
  sample.inputs.clear();
  sample.name = paths[nextPart - 1] + "[" + std::to_string(nextSample) + "]";
  for (size_t i = 0; i < specs.size(); ++i)
    if (Error error = readInput(part->inputs[i], specs[i], sample))
      return error;
  bool fromFile = !labelFile.ordered.empty();
  ArrayRef<int64_t> labels = fromFile ? labelFile.ordered : part->labels;
  size_t each = labels.size() / (fromFile ? total : part->samples);
  sample.labels = labels.slice((fromFile ? position : nextSample) * each, each);
  ++nextSample;
  ++position;
  return true;
}

static Expected<std::unique_ptr<SampleSet>>
finishOpening(std::unique_ptr<ArraySamples> samples) {
  if (Error error = samples->countAll())
    return error;
  return samples;
}

Expected<std::unique_ptr<SampleSet>>
openArrayFiles(std::vector<std::string> paths, ArrayRef<InputSpec> inputs,
               LabelFile labels) {
  return finishOpening(std::make_unique<ArraySamples>(
      PartKind::Archive, std::move(paths), inputs, std::move(labels)));
}

Expected<std::unique_ptr<SampleSet>> openArrayFolder(StringRef folder,
                                                     ArrayRef<InputSpec> inputs,
                                                     LabelFile labels) {
  return finishOpening(std::make_unique<ArraySamples>(
      PartKind::Folder, std::vector<std::string>{folder.str()}, inputs,
      std::move(labels)));
}

} // namespace qcc::evaluate
