// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads a program's description from attributes, before lowering loses them.

#include "compiler/Codegen/ProgramInfo.h"

#include "compiler/Codegen/WeightStream.h"

#include "dialects/Qcc/IR/Constants.h"
#include "dialects/Qcc/IR/Qcc.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

using namespace mlir;
using namespace qcc;

namespace {

struct NamedDtype {
  llvm::StringLiteral name;
  qcc_dtype_t type;
};

constexpr NamedDtype kDtypes[] = {
    {"f32", QCC_DTYPE_F32},   {"f64", QCC_DTYPE_F64}, {"f16", QCC_DTYPE_F16},
    {"bf16", QCC_DTYPE_BF16}, {"i8", QCC_DTYPE_I8},   {"i16", QCC_DTYPE_I16},
    {"i32", QCC_DTYPE_I32},   {"i64", QCC_DTYPE_I64}, {"u8", QCC_DTYPE_U8},
    {"u16", QCC_DTYPE_U16},   {"u32", QCC_DTYPE_U32}, {"u64", QCC_DTYPE_U64},
    {"bool", QCC_DTYPE_BOOL}};

/// Reads the dictionaries; the first thing missing is reported once.
class Reader {
public:
  explicit Reader(ModuleOp module) : module(module) {}

  std::vector<TensorInfo> readTensors(StringRef attribute);
  std::vector<ObservedInfo> readObserved();
  std::optional<LanguageInfo> readLanguage();
  void expect(StringRef what);
  bool hasFailed() const { return failed; }

private:
  TensorInfo readTensor(DictionaryAttr entry);
  std::vector<int64_t> readIntegers(DictionaryAttr entry, StringRef name);
  int64_t readInteger(DictionaryAttr entry, StringRef name);

  ModuleOp module;
  bool failed = false;
};

} // namespace

void Reader::expect(StringRef what) {
  if (!failed)
    module.emitError("expected ") << what;
  failed = true;
}

std::vector<int64_t> Reader::readIntegers(DictionaryAttr entry,
                                          StringRef name) {
  if (auto array = entry.getAs<DenseI64ArrayAttr>(name))
    return array.asArrayRef().vec();
  expect("an i64 array '" + name.str() + "' in a tensor's description");
  return {};
}

int64_t Reader::readInteger(DictionaryAttr entry, StringRef name) {
  if (auto value = entry.getAs<IntegerAttr>(name))
    return value.getInt();
  expect("an integer '" + name.str() + "' in a tensor's description");
  return 0;
}

TensorInfo Reader::readTensor(DictionaryAttr entry) {
  TensorInfo tensor;
  auto name = entry.getAs<StringAttr>("name");
  auto dtype = entry.getAs<StringAttr>("dtype");
  if (!name || !dtype) {
    expect("a name and a dtype in a tensor's description");
    return tensor;
  }
  tensor.name = name.str();
  if (std::optional<qcc_dtype_t> type = parseDtype(dtype))
    tensor.type = *type;
  else
    expect("a dtype such as f32 or u8, but got " + dtype.str());
  tensor.shape = readIntegers(entry, "shape");
  return tensor;
}

std::vector<TensorInfo> Reader::readTensors(StringRef attribute) {
  std::vector<TensorInfo> tensors;
  auto array = module->getAttrOfType<ArrayAttr>(attribute);
  if (!array) {
    expect("an array '" + attribute.str() + "' on the module");
    return tensors;
  }
  for (auto entry : array.getAsRange<DictionaryAttr>())
    tensors.push_back(readTensor(entry));
  return tensors;
}

std::vector<ObservedInfo> Reader::readObserved() {
  std::vector<ObservedInfo> all;
  auto array = module->getAttrOfType<ArrayAttr>("qcc.observed");
  if (!array)
    return all;
  for (auto entry : array.getAsRange<DictionaryAttr>()) {
    ObservedInfo observed;
    observed.tensor = readTensor(entry);
    observed.strides = readIntegers(entry, "strides");
    observed.offset = readInteger(entry, "offset");
    observed.zeroPoint = readInteger(entry, "zero_point");
    if (auto scale = entry.getAs<FloatAttr>("scale"))
      observed.scale = scale.getValueAsDouble();
    else
      expect("an f32 'scale' in a tensor's description");
    all.push_back(std::move(observed));
  }
  return all;
}

std::optional<LanguageInfo> Reader::readLanguage() {
  auto entry = module->getAttrOfType<DictionaryAttr>("qcc.language");
  if (!entry)
    return std::nullopt;
  LanguageInfo language;
  if (auto family = entry.getAs<StringAttr>("family"))
    language.family = family.str();
  if (auto type = entry.getAs<StringAttr>("cache_type"))
    language.cacheType = type.str();
  language.vocabulary = readInteger(entry, "vocabulary");
  language.maxTokens = readInteger(entry, "max_tokens");
  language.rows = readInteger(entry, "rows");
  language.outputs = readInteger(entry, "outputs");
  language.spanRows = readInteger(entry, "span_rows");
  language.partPositions = readInteger(entry, "part_positions");
  language.partSlots = readInteger(entry, "part_slots");
  language.partNumbers = readInteger(entry, "part_numbers");
  language.cacheElementBytes = readInteger(entry, "cache_element_bytes");
  language.cacheElements = readIntegers(entry, "cache_elements");
  language.headElements = readIntegers(entry, "head_elements");
  if (Attribute tokenizer = module->getAttr("qcc.tokenizer")) {
    if (std::optional<ConstantBytes> data = getConstantBytes(tokenizer))
      language.tokenizer.assign(data->bytes.begin(), data->bytes.end());
    else
      expect("the bytes of a tokenizer in 'qcc.tokenizer'");
  }
  return language;
}

/// Names of joined launches: those that are alike are said once.
static void addName(std::string &names, StringRef name) {
  if (StringRef(names).rsplit('+').second != name && names != name)
    names += ("+" + name).str();
}

static std::vector<OpInfo> readLaunches(func::FuncOp main) {
  std::vector<OpInfo> ops;
  for (auto launch : main.getOps<LaunchOp>()) {
    OpInfo op = {launch.getOpName().str(),   launch.getKind().str(),
                 launch.getKernel().str(),   int64_t(launch.getMacs()),
                 int64_t(launch.getBytes()), launch.getInt8()};
    if (!launch.getJoined() || ops.empty()) {
      ops.push_back(std::move(op));
      continue;
    }
    OpInfo &all = ops.back();
    addName(all.name, op.name);
    addName(all.kind, op.kind);
    addName(all.kernel, op.kernel);
    all.macs += op.macs;
    all.bytes += op.bytes;
  }
  return ops;
}

namespace qcc {

std::optional<qcc_dtype_t> parseDtype(StringRef name) {
  for (const NamedDtype &entry : kDtypes)
    if (entry.name == name)
      return entry.type;
  return std::nullopt;
}

StringRef printDtype(qcc_dtype_t type) {
  for (const NamedDtype &entry : kDtypes)
    if (entry.type == type)
      return entry.name;
  return "unknown";
}

FailureOr<ProgramInfo> collectProgramInfo(ModuleOp module,
                                          const Target &target) {
  Reader reader(module);
  ProgramInfo info;
  auto name = module->getAttrOfType<StringAttr>("qcc.name");
  info.name = name ? name.str() : "model";
  info.inputs = reader.readTensors("qcc.inputs");
  info.outputs = reader.readTensors("qcc.outputs");
  info.variant.target = &target;
  info.variant.observed = reader.readObserved();
  if (auto bytes = module->getAttrOfType<IntegerAttr>("qcc.arena_bytes"))
    info.variant.arenaBytes = bytes.getInt();
  else
    reader.expect("an integer 'qcc.arena_bytes' on the module");
  if (auto bytes = module->getAttrOfType<IntegerAttr>("qcc.scratch_bytes"))
    info.variant.scratchBytes = bytes.getInt();
  info.variant.weightsBytes = WeightStream(module).size();
  info.language = reader.readLanguage();
  if (auto main = module.lookupSymbol<func::FuncOp>("main"))
    info.variant.ops = readLaunches(main);
  else
    reader.expect("a function 'main'");
  if (reader.hasFailed())
    return failure();
  return info;
}

} // namespace qcc
