// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Writes the structs of runtime/core/module.h as LLVM constants. Each function
// below names its struct; the order of its fields is that of the header.

#include "compiler/Codegen/LibraryTable.h"

#include "compiler/Codegen/LowerToLlvm.h"

#include "llvm/IR/Constants.h"
#include "llvm/IR/DerivedTypes.h"

using namespace llvm;

namespace {

class TableEmitter {
public:
  explicit TableEmitter(Module &module)
      : module(module), context(module.getContext()),
        pointer(PointerType::get(context, 0)) {}

  void emitModel(const qcc::LibraryInfo &library);

private:
  Constant *emitTensor(const qcc::TensorInfo &tensor);
  Constant *emitOp(const qcc::OpInfo &op);
  Constant *emitObserved(const qcc::ObservedInfo &observed);
  Constant *emitLanguage(const qcc::LanguageInfo &language);
  Constant *emitVariant(const qcc::VariantInfo &variant);

  Constant *i32(int64_t value) {
    return ConstantInt::get(Type::getInt32Ty(context), value);
  }
  Constant *i64(int64_t value) {
    return ConstantInt::get(Type::getInt64Ty(context), value);
  }
  Constant *f32(float value) {
    return ConstantFP::get(Type::getFloatTy(context), APFloat(value));
  }
  /// Fields at their natural alignment, as C lays structs out.
  Constant *record(ArrayRef<Constant *> fields) {
    return ConstantStruct::getAnon(context, fields);
  }
  Constant *string(StringRef text);
  Constant *integers(ArrayRef<int64_t> values);
  Constant *bytes(StringRef data);
  template <typename T>
  Constant *array(const std::vector<T> &items,
                  Constant *(TableEmitter::*emit)(const T &));
  Constant *external(StringRef symbol);
  Constant *define(Constant *value);

  Module &module;
  LLVMContext &context;
  PointerType *pointer;
};

} // namespace

Constant *TableEmitter::define(Constant *value) {
  return new GlobalVariable(module, value->getType(), /*isConstant=*/true,
                            GlobalValue::PrivateLinkage, value, "table");
}

Constant *TableEmitter::string(StringRef text) {
  auto *global =
      cast<GlobalVariable>(define(ConstantDataArray::getString(context, text)));
  global->setUnnamedAddr(GlobalValue::UnnamedAddr::Global);
  return global;
}

Constant *TableEmitter::integers(ArrayRef<int64_t> values) {
  SmallVector<uint64_t> copy(values.begin(), values.end());
  return define(ConstantDataArray::get(context, copy));
}

/// Aligned to 8, or a null pointer where there are none.
Constant *TableEmitter::bytes(StringRef data) {
  if (data.empty())
    return ConstantPointerNull::get(pointer);
  auto *global = cast<GlobalVariable>(
      define(ConstantDataArray::getString(context, data, /*AddNull=*/false)));
  global->setAlignment(Align(8));
  return global;
}

template <typename T>
Constant *TableEmitter::array(const std::vector<T> &items,
                              Constant *(TableEmitter::*emit)(const T &)) {
  if (items.empty())
    return ConstantPointerNull::get(pointer);
  SmallVector<Constant *> records;
  for (const T &item : items)
    records.push_back((this->*emit)(item));
  auto *type = ArrayType::get(records.front()->getType(), records.size());
  return define(ConstantArray::get(type, records));
}

/// A hidden symbol of another object; its type does not matter here.
Constant *TableEmitter::external(StringRef symbol) {
  Constant *global = module.getOrInsertGlobal(symbol, Type::getInt8Ty(context));
  cast<GlobalVariable>(global)->setVisibility(GlobalValue::HiddenVisibility);
  return global;
}

// qcc_tensor_info_t
Constant *TableEmitter::emitTensor(const qcc::TensorInfo &tensor) {
  return record({string(tensor.name), i32(tensor.type),
                 i32(tensor.shape.size()), integers(tensor.shape)});
}

// qcc_op_info_t
Constant *TableEmitter::emitOp(const qcc::OpInfo &op) {
  return record({string(op.name), string(op.kind), string(op.kernel),
                 i64(op.macs), i64(op.bytes), i32(op.isInt8)});
}

// qcc_observed_t
Constant *TableEmitter::emitObserved(const qcc::ObservedInfo &observed) {
  const qcc::TensorInfo &tensor = observed.tensor;
  return record({string(tensor.name), i32(tensor.type),
                 i32(tensor.shape.size()), integers(tensor.shape),
                 integers(observed.strides), i64(observed.offset),
                 f32(observed.scale), i32(observed.zeroPoint)});
}

// qcc_variant_t
Constant *TableEmitter::emitVariant(const qcc::VariantInfo &variant) {
  StringRef target(variant.target->name);
  Constant *weights = variant.weightsBytes ? external(variant.weightsSymbol)
                                           : ConstantPointerNull::get(pointer);
  return record({string(target), i64(variant.target->runtimeFeatures),
                 external(qcc::getEntryName(target)), weights,
                 i64(variant.weightsBytes), i64(variant.arenaBytes),
                 i64(variant.scratchBytes), i32(variant.ops.size()),
                 i32(variant.observed.size()),
                 array(variant.ops, &TableEmitter::emitOp),
                 array(variant.observed, &TableEmitter::emitObserved)});
}

// qcc_rt_language_t, which begins with qcc_language_info_t
Constant *TableEmitter::emitLanguage(const qcc::LanguageInfo &language) {
  int64_t tokenBytes = 0;
  for (int64_t elements : language.cacheElements)
    tokenBytes += elements * language.cacheElementBytes;
  Constant *info = record({string(language.family), i32(language.vocabulary),
                           i32(language.maxTokens), i32(language.rows),
                           i32(language.outputs), i64(tokenBytes),
                           i64(language.tokenizer.size())});
  return define(
      record({info, i32(language.spanRows), i32(language.partPositions),
              i32(language.partSlots), i64(language.partNumbers),
              i32(language.cacheElements.size()), string(language.cacheType),
              i64(language.cacheElementBytes), integers(language.cacheElements),
              integers(language.headElements), external("qcc_rt_language"),
              bytes(language.tokenizer)}));
}

// qcc_model_t
void TableEmitter::emitModel(const qcc::LibraryInfo &library) {
  Constant *value =
      record({string(library.name), string(library.infoJson),
              i32(library.inputs.size()), i32(library.outputs.size()),
              array(library.inputs, &TableEmitter::emitTensor),
              array(library.outputs, &TableEmitter::emitTensor),
              i32(library.variants.size()),
              array(library.variants, &TableEmitter::emitVariant),
              library.language ? emitLanguage(*library.language)
                               : ConstantPointerNull::get(pointer)});
  auto *model =
      new GlobalVariable(module, value->getType(), /*isConstant=*/true,
                         GlobalValue::ExternalLinkage, value, "qcc_model");
  model->setVisibility(GlobalValue::HiddenVisibility);
}

namespace qcc {

std::unique_ptr<Module> emitLibraryTable(const LibraryInfo &library,
                                         LLVMContext &context,
                                         TargetMachine &machine) {
  auto module = std::make_unique<Module>("table", context);
  module->setTargetTriple(machine.getTargetTriple());
  module->setDataLayout(machine.createDataLayout());
  TableEmitter(*module).emitModel(library);
  return module;
}

} // namespace qcc
