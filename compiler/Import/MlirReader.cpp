// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Parses MLIR models, adopts upstream's quantized types, and sees to it that
// the module has what every later phase relies on: a public @main with static
// shapes and a name for each input and output.

#include "compiler/Import/MlirReader.h"

#include "compiler/Import/Mlir/Conversion.h"
#include "compiler/Import/Mlir/Passes.h"
#include "compiler/Import/MlirBytecode.h"
#include "compiler/Import/MlirText.h"
#include "compiler/Import/Onnx/TensorReader.h"
#include "dialects/Qcc/IR/Qcc.h"
#include "mlir/Bytecode/BytecodeReader.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/AttrTypeSubElements.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/SourceMgr.h"

using namespace mlir;
using llvm::Expected;

namespace {

/// Keeps the first error that MLIR reports while this lives.
class FirstDiagnostic {
public:
  explicit FirstDiagnostic(MLIRContext &context)
      : handler(&context, [this](Diagnostic &diagnostic) {
          // Remarks are the driver's to show.
          if (diagnostic.getSeverity() != DiagnosticSeverity::Error)
            return mlir::failure();
          if (!message.empty())
            return mlir::success();
          llvm::raw_string_ostream stream(message);
          if (auto loc = dyn_cast<FileLineColLoc>(diagnostic.getLocation()))
            stream << loc.getLine() << ":" << loc.getColumn() << ": ";
          stream << diagnostic;
          return mlir::success();
        }) {}

  llvm::Error take() {
    return llvm::createStringError(
        message.empty() ? "expected a module, but got none"
                        : "expected MLIR that qcc reads, but got " + message);
  }

private:
  std::string message;
  ScopedDiagnosticHandler handler;
};

/// The qcc grid of an upstream type; null and a filled `problem` where it says
/// more than a qcc grid can.
class QuantTypeAdopter {
public:
  Type adopt(quant::QuantizedType type) {
    auto uniform = dyn_cast<quant::UniformQuantizedType>(type);
    if (!uniform)
      return refuse("one scale for the whole tensor", type);
    unsigned bits = uniform.getStorageTypeIntegralWidth();
    if (bits != 4 && bits != 8 && bits != 16 && bits != 32)
      return refuse("storage of 4, 8, 16 or 32 bits", type);
    if (uniform.hasStorageTypeBounds())
      return refuse("the full storage range", type);
    float scale = uniform.getScale();
    if (!(scale > 0) || std::isinf(scale))
      return refuse("a finite f32 scale above zero", type);
    auto result =
        qcc::QuantType::get(type.getContext(), bits, uniform.isSigned(), scale,
                            /*zeroPoint=*/0);
    if (uniform.getZeroPoint() < result.getLowest() ||
        uniform.getZeroPoint() > result.getHighest())
      return refuse("a zero point inside the storage range", type);
    return qcc::QuantType::get(type.getContext(), bits, uniform.isSigned(),
                               scale, uniform.getZeroPoint());
  }

  llvm::Error take() const {
    return problem.empty() ? llvm::Error::success()
                           : llvm::createStringError(problem);
  }

private:
  Type refuse(StringRef expected, Type type) {
    if (problem.empty()) {
      llvm::raw_string_ostream stream(problem);
      stream << "expected " << expected << ", but got " << type;
    }
    return type;
  }

  std::string problem;
};

} // namespace

static llvm::Error adoptQuantTypes(ModuleOp module) {
  QuantTypeAdopter adopter;
  AttrTypeReplacer replacer;
  replacer.addReplacement(
      [&](quant::QuantizedType type) -> Type { return adopter.adopt(type); });
  replacer.recursivelyReplaceElementsIn(module, /*replaceAttrs=*/true,
                                        /*replaceLocs=*/false,
                                        /*replaceTypes=*/true);
  return adopter.take();
}

/// Fails unless every one of `types` is a tensor of known sizes.
static llvm::Error checkStatic(TypeRange types, StringRef what) {
  for (auto [i, type] : llvm::enumerate(types)) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    if (tensor && tensor.hasStaticShape())
      continue;
    std::string text;
    llvm::raw_string_ostream(text) << type;
    return llvm::createStringError("expected @main's " + what + " " + Twine(i) +
                                   " to be a tensor of static shape, but got " +
                                   text);
  }
  return llvm::Error::success();
}

/// Fails if a tensor is larger than any arithmetic on sizes allows.
static llvm::Error checkSizes(func::FuncOp main) {
  Type large;
  main.walk([&](Operation *op) {
    for (Type type : op->getResultTypes())
      if (auto tensor = dyn_cast<RankedTensorType>(type))
        if (tensor.hasStaticShape() &&
            !qcc::onnx_import::countElements(tensor.getShape()))
          large = type;
  });
  for (Type type : main.getArgumentTypes())
    if (auto tensor = dyn_cast<RankedTensorType>(type))
      if (!qcc::onnx_import::countElements(tensor.getShape()))
        large = type;
  if (!large)
    return llvm::Error::success();
  std::string text;
  llvm::raw_string_ostream(text) << large;
  return llvm::createStringError("expected tensors of at most 16 dimensions "
                                 "and 2^36 elements, but got " +
                                 text);
}

/// What is wrong with a constant: a resource of another size than its type, or
/// one number for so many elements that they will not fit into memory.
static std::string checkConstant(Attribute attribute) {
  constexpr int64_t most = int64_t(1) << 28;
  std::string text;
  llvm::raw_string_ostream stream(text);
  auto dense = dyn_cast<DenseElementsAttr>(attribute);
  if (dense && dense.isSplat() && dense.getType().hasStaticShape() &&
      dense.getNumElements() > most)
    stream << "expected at most 2^28 elements of one number, but got "
           << dense.getType();
  auto resource = dyn_cast<DenseResourceElementsAttr>(attribute);
  if (!resource)
    return text;
  Type element = resource.getElementType();
  if (!isa<FloatType, IntegerType, qcc::QuantType>(element)) {
    stream << "expected resources of numbers, but got " << resource.getType();
    return text;
  }
  AsmResourceBlob *blob = resource.getRawHandle().getBlob();
  int64_t wanted = resource.getNumElements() * qcc::getElementBytes(element);
  int64_t got = blob ? blob->getData().size() : 0;
  if (got != wanted)
    stream << "expected " << wanted << " bytes in the resource '"
           << resource.getRawHandle().getKey() << "', but got " << got;
  return text;
}

static llvm::Error checkConstants(ModuleOp module) {
  std::string problem;
  AttrTypeWalker walker;
  walker.addWalk([&](ElementsAttr attribute) {
    problem = checkConstant(attribute);
    return problem.empty() ? WalkResult::advance() : WalkResult::interrupt();
  });
  module.walk([&](Operation *op) {
    return walker.walk(op->getAttrDictionary()).wasInterrupted()
               ? WalkResult::interrupt()
               : WalkResult::advance();
  });
  return problem.empty() ? llvm::Error::success()
                         : llvm::createStringError(problem);
}

/// Makes a graph of upstream's dialects ours. Other ops parse, since a model of
/// kernels has some of them, but mean nothing to a pass on graphs.
static llvm::Error convertGraph(ModuleOp module, func::FuncOp main) {
  auto isOurs = [](Operation &op) {
    return isa<arith::ConstantOp, func::ReturnOp>(op) ||
           isa_and_nonnull<qcc::QccDialect>(op.getDialect());
  };
  if (llvm::all_of(main.getBody().getOps(), isOurs))
    return llvm::Error::success();
  if (!main.getBody().hasOneBlock())
    return llvm::createStringError("expected @main without branches, but got " +
                                   Twine(main.getBody().getBlocks().size()) +
                                   " blocks");
  qcc::mlir_import::Reasons reasons;
  qcc::mlir_import::convertTosa(main, reasons);
  qcc::mlir_import::convertLinalg(main, reasons);
  if (llvm::Error error = qcc::mlir_import::checkConverted(main, reasons))
    return error;
  PassManager passes(module->getName());
  passes.addPass(qcc::createSinkTransposes());
  if (mlir::failed(passes.run(module)))
    return llvm::createStringError("expected a graph that is valid");
  return llvm::Error::success();
}

/// @main, or the only function that a module has for others.
static func::FuncOp findMain(ModuleOp module) {
  auto main = module.lookupSymbol<func::FuncOp>("main");
  if (main)
    return main.isPublic() && !main.isExternal() ? main : func::FuncOp();
  for (auto function : module.getOps<func::FuncOp>()) {
    if (!function.isPublic() || function.isExternal())
      continue;
    if (main)
      return {};
    main = function;
  }
  if (main)
    main.setName("main");
  return main;
}

static llvm::Error checkMain(ModuleOp module) {
  func::FuncOp main = findMain(module);
  if (!main)
    return llvm::createStringError(
        "expected a public function @main, or one alone, but got none");
  // A launch program (after qcc-emit-kernels) works on buffers, and its module
  // carries what it says of inputs and outputs.
  if (module->hasAttr("qcc.weights"))
    return llvm::Error::success();
  if (llvm::Error error = checkStatic(main.getArgumentTypes(), "input"))
    return error;
  if (llvm::Error error = checkStatic(main.getResultTypes(), "output"))
    return error;
  if (llvm::Error error = checkSizes(main))
    return error;
  if (llvm::Error error = convertGraph(module, main))
    return error;
  OpBuilder builder(module.getContext());
  for (unsigned i = 0; i < main.getNumArguments(); ++i)
    if (!main.getArgAttr(i, "qcc.name"))
      main.setArgAttr(i, "qcc.name", builder.getStringAttr("input" + Twine(i)));
  for (unsigned i = 0; i < main.getNumResults(); ++i)
    if (!main.getResultAttr(i, "qcc.name"))
      main.setResultAttr(i, "qcc.name",
                         builder.getStringAttr("output" + Twine(i)));
  return llvm::Error::success();
}

Expected<OwningOpRef<ModuleOp>> qcc::readMlir(MLIRContext &context,
                                              llvm::MemoryBufferRef buffer,
                                              const ImportOptions &options) {
  context.loadDialect<arith::ArithDialect, func::FuncDialect,
                      linalg::LinalgDialect, math::MathDialect,
                      quant::QuantDialect, QccDialect, tensor::TensorDialect,
                      tosa::TosaDialect>();
  if (!options.shapes.empty())
    return llvm::createStringError("expected no --shape for an .mlir model, "
                                   "whose shapes are static, but got '" +
                                   options.shapes.begin()->getKey() + "'");
  // A copy, since the text parser reads the terminating zero.
  Expected<std::string> text = isBytecode(buffer)
                                   ? printBytecode(context, buffer)
                                   : buffer.getBuffer().str();
  if (!text)
    return text.takeError();
  if (llvm::Error error = checkNesting(*text))
    return error;
  FirstDiagnostic diagnostic(context);
  // Verified below: upstream types are not valid operands of our ops.
  ParserConfig config(&context, /*verifyAfterParse=*/false);
  llvm::SourceMgr sources;
  sources.AddNewSourceBuffer(
      llvm::MemoryBuffer::getMemBuffer(*text, buffer.getBufferIdentifier()),
      llvm::SMLoc());
  OwningOpRef<ModuleOp> module = parseSourceFile<ModuleOp>(sources, config);
  if (!module)
    return diagnostic.take();
  if (llvm::Error error = adoptQuantTypes(*module))
    return error;
  if (mlir::failed(verify(*module)))
    return diagnostic.take();
  if (llvm::Error error = checkConstants(*module))
    return error;
  if (llvm::Error error = checkMain(*module))
    return error;
  return module;
}
