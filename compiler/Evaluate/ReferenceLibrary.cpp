// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Runs the qcc program rather than linking the compiler in: qcc-eval stays
// small, and a crash of the one is not a crash of the other.

#include "compiler/Evaluate/ReferenceLibrary.h"

#include "llvm/ADT/ScopeExit.h"
#include "llvm/BinaryFormat/Magic.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"

using namespace llvm;

namespace qcc::evaluate {

Expected<bool> isSharedLibrary(StringRef path) {
  file_magic magic;
  if (std::error_code reason = identify_magic(path, magic))
    return createStringError(Twine(path) +
                             ": expected a library or a model, but got " +
                             reason.message());
  return magic == file_magic::elf_shared_object;
}

Expected<std::string> findSource(const CompiledModel &library) {
  Expected<json::Value> information = json::parse(library.information());
  if (!information)
    return createStringError(Twine(library.name()) +
                             ": expected JSON as its information, but got " +
                             toString(information.takeError()));
  const json::Object *object = information->getAsObject();
  std::optional<StringRef> source =
      object ? object->getString("source") : std::nullopt;
  if (!source || source->empty())
    return createStringError(Twine(library.name()) +
                             ": expected --reference=LIBRARY or MODEL, since "
                             "the library does not name its source");
  if (sys::fs::exists(*source))
    return source->str();
  SmallString<128> beside = sys::path::parent_path(library.name());
  sys::path::append(beside, sys::path::filename(*source));
  if (sys::fs::exists(beside))
    return beside.str().str();
  return createStringError(Twine(library.name()) + ": expected its source '" +
                           *source +
                           "' to exist, but got no such file (give the model "
                           "with --reference)");
}

std::vector<std::string> referenceArguments(StringRef program, StringRef model,
                                            const CompiledModel &like,
                                            StringRef output) {
  std::vector<std::string> arguments = {
      program.str(),     model.str(), "--precision=f32",
      "--target=native", "-o",        output.str()};
  if (like.countObserved() > 0)
    arguments.push_back("--keep-layers");
  for (const InputSpec &input : like.inputs()) {
    std::string shape;
    for (int64_t size : input.shape)
      shape += (shape.empty() ? "" : "x") +
               (size < 0 ? std::string("?") : std::to_string(size));
    if (!shape.empty())
      arguments.push_back("--shape=" + input.name + "=" + shape);
  }
  return arguments;
}

/// The error that the compiler wrote to `path`, or nothing.
static std::string readComplaint(StringRef path) {
  auto file = MemoryBuffer::getFile(path);
  SmallVector<StringRef> lines;
  if (file)
    (*file)->getBuffer().split(lines, '\n');
  for (StringRef line : lines)
    if (line.consume_front("qcc: error: "))
      return line.str();
  return "";
}

static Expected<std::unique_ptr<CompiledModel>>
compileAndLoad(StringRef model, const CompiledModel &tested, StringRef program,
               int threads) {
  SmallString<128> folder;
  if (std::error_code reason =
          sys::fs::createUniqueDirectory("qcc-reference", folder))
    return createStringError(Twine(folder) +
                             ": expected a folder for the reference, but "
                             "got " +
                             reason.message());
  // The loaded library stays mapped after its file is gone.
  scope_exit clean([&] { sys::fs::remove_directories(folder); });
  SmallString<128> output = folder;
  sys::path::append(output, "reference.so");
  std::vector<std::string> arguments =
      referenceArguments(program, model, tested, output);
  std::vector<StringRef> words(arguments.begin(), arguments.end());
  std::string wrong;
  // The compiler's output would mix with the figures.
  SmallString<128> complaints = folder;
  sys::path::append(complaints, "complaints.txt");
  std::optional<StringRef> redirects[] = {StringRef(), StringRef(),
                                          StringRef(complaints)};
  int code = sys::ExecuteAndWait(program, words, /*Env=*/std::nullopt,
                                 redirects, /*SecondsToWait=*/0,
                                 /*MemoryLimit=*/0, &wrong);
  std::string complaint = readComplaint(complaints);
  if (code != 0 && !complaint.empty())
    return createStringError(complaint);
  if (wrong.empty())
    wrong = "exit code " + std::to_string(code);
  if (code != 0)
    return createStringError(Twine(model) + ": expected " + program +
                             " to compile the reference, but got " + wrong);
  auto loaded = CompiledModel::load(output, threads);
  if (!loaded)
    return loaded.takeError();
  (*loaded)->rename(model);
  return loaded;
}

Expected<std::unique_ptr<CompiledModel>>
loadReference(StringRef path, const CompiledModel &tested, StringRef program,
              int threads) {
  std::string source = path.str();
  if (source.empty()) {
    Expected<std::string> found = findSource(tested);
    if (!found)
      return found.takeError();
    source = std::move(*found);
  }
  Expected<bool> isLibrary = isSharedLibrary(source);
  if (!isLibrary)
    return isLibrary.takeError();
  return *isLibrary ? CompiledModel::load(source, threads)
                    : compileAndLoad(source, tested, program, threads);
}

} // namespace qcc::evaluate
