// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Text of the generated header.

#include "compiler/Driver/LibraryHeader.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace {

/// A tensor as a parameter of the run function.
struct Parameter {
  std::string name;
  const qcc::TensorInfo *tensor;
};

} // namespace

static StringRef getCType(qcc_dtype_t type) {
  switch (type) {
  case QCC_DTYPE_F32:
    return "float";
  case QCC_DTYPE_F64:
    return "double";
  case QCC_DTYPE_I8:
    return "int8_t";
  case QCC_DTYPE_I16:
    return "int16_t";
  case QCC_DTYPE_I32:
    return "int32_t";
  case QCC_DTYPE_I64:
    return "int64_t";
  case QCC_DTYPE_U32:
    return "uint32_t";
  case QCC_DTYPE_U64:
    return "uint64_t";
  case QCC_DTYPE_U16:
  case QCC_DTYPE_F16:  // the bits
  case QCC_DTYPE_BF16: // the bits
    return "uint16_t";
  default:
    return "uint8_t";
  }
}

/// Distinct names, though the model's may differ in punctuation only.
static std::vector<Parameter>
nameParameters(const std::vector<qcc::TensorInfo> &tensors, StringSet<> &used) {
  std::vector<Parameter> parameters;
  for (const qcc::TensorInfo &tensor : tensors) {
    std::string name = qcc::makeIdentifier(tensor.name);
    while (!used.insert(name).second)
      name += "_";
    parameters.push_back({name, &tensor});
  }
  return parameters;
}

/// `float[batch][3][224][224]`
static std::string printShape(const qcc::TensorInfo &tensor) {
  std::string text = getCType(tensor.type).str();
  for (int64_t size : tensor.shape)
    text += "[" + (size < 0 ? "batch" : std::to_string(size)) + "]";
  return text;
}

static void printRun(raw_ostream &out, StringRef name,
                     ArrayRef<Parameter> inputs, ArrayRef<Parameter> outputs) {
  out << "// Runs the model on arrays of\n";
  for (const Parameter &input : inputs)
    out << "//   " << input.name << ": " << printShape(*input.tensor) << "\n";
  out << "// and writes\n";
  for (const Parameter &output : outputs)
    out << "//   " << output.name << ": " << printShape(*output.tensor) << "\n";
  out << "// `batch` is 1 where no shape names it.\n";
  out << "static inline qcc_code_t " << name << "_run(\n    const " << name
      << "_t *model, qcc_context_t *context,\n";
  for (const Parameter &input : inputs)
    out << "    const " << getCType(input.tensor->type) << " *" << input.name
        << ",\n";
  for (const Parameter &output : outputs)
    out << "    " << getCType(output.tensor->type) << " *" << output.name
        << ",\n";
  out << "    int64_t batch, qcc_status_t *status) {\n";
  auto printList = [&](StringRef list, ArrayRef<Parameter> parameters) {
    out << "  void *" << list << "[] = {";
    interleaveComma(parameters, out, [&](const Parameter &parameter) {
      out << "(void *)" << parameter.name;
    });
    out << "};\n";
  };
  printList("qcc_inputs", inputs);
  printList("qcc_outputs", outputs);
  out << "  return model->library->run_unchecked(context, qcc_inputs, "
         "qcc_outputs,\n"
         "                                       batch, status);\n}\n";
}

// `@` stands for the model's name.
static constexpr StringLiteral kOpening = R"(
#include "qcc/abi.h"

#include <dlfcn.h>

// The loaded library. Zero it, open it, close it after the last context.
typedef struct {
  void *handle;
  const qcc_library_t *library;
} @_t;

// Returns 0, or -1 if `path` is no library of this ABI; dlerror() says more.
static inline int @_open(@_t *model, const char *path) {
  model->library = 0;
  model->handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!model->handle)
    return -1;
  qcc_query_fn_t query = (qcc_query_fn_t)dlsym(model->handle, "qcc_query");
  if (query)
    model->library = query(QCC_ABI_VERSION);
  if (model->library)
    return 0;
  dlclose(model->handle);
  model->handle = 0;
  return -1;
}

static inline void @_close(@_t *model) {
  if (model->handle)
    dlclose(model->handle);
  model->handle = 0;
  model->library = 0;
}

// NULL options are the defaults: all processors, the best target.
static inline qcc_code_t @_create(const @_t *model,
                                  const qcc_context_options_t *options,
                                  qcc_context_t **context,
                                  qcc_status_t *status) {
  return model->library->context_create(options, context, status);
}

static inline void @_destroy(const @_t *model, qcc_context_t *context) {
  model->library->context_destroy(context);
}

)";

static void printFor(raw_ostream &out, StringRef text, StringRef name) {
  for (char c : text) {
    if (c == '@')
      out << name;
    else
      out << c;
  }
}

namespace qcc {

std::string makeIdentifier(StringRef text) {
  std::string name;
  for (char c : text)
    name += isAlnum(c) ? toLower(c) : '_';
  if (name.empty() || isDigit(name.front()))
    name = "model_" + name;
  static const StringSet<> keywords = {
      "auto",     "break",    "case",   "char",   "const",    "continue",
      "default",  "do",       "double", "else",   "enum",     "extern",
      "float",    "for",      "goto",   "if",     "inline",   "int",
      "long",     "register", "return", "short",  "signed",   "sizeof",
      "static",   "struct",   "switch", "union",  "typedef",  "void",
      "volatile", "while",    "class",  "new",    "delete",   "this",
      "batch",    "context",  "model",  "status", "template", "unsigned"};
  if (keywords.contains(name))
    name += "_";
  return name;
}

std::string printLibraryHeader(const LibraryInfo &library) {
  std::string text;
  raw_string_ostream out(text);
  std::string name = makeIdentifier(library.name);
  std::string guard = "QCC_MODEL_" + StringRef(name).upper() + "_H";
  out << "// Written by qcc for the model " << library.name
      << ". Needs qcc/abi.h, and -ldl with older C\n// libraries.\n\n#ifndef "
      << guard << "\n#define " << guard << "\n";
  printFor(out, kOpening, name);
  StringSet<> used;
  std::vector<Parameter> inputs = nameParameters(library.inputs, used);
  std::vector<Parameter> outputs = nameParameters(library.outputs, used);
  printRun(out, name, inputs, outputs);
  out << "\n#endif // " << guard << "\n";
  return text;
}

} // namespace qcc
