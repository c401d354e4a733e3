// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The kinds of elementwise, reduction and resampling ops.

#ifndef QCC_ENUMS_TD
#define QCC_ENUMS_TD

include "mlir/IR/EnumAttr.td"
include "dialects/Qcc/IR/QccDialect.td"

class Qcc_Enum<string name, string summary, list<I32EnumAttrCase> cases>
    : I32EnumAttr<name, summary, cases> {
  let cppNamespace = "::qcc";
  let genSpecializedAttr = 0;
}
class Qcc_EnumAttr<EnumAttrInfo info, string mnemonic>
    : EnumAttr<Qcc_Dialect, info, mnemonic>;
// For attributes that an op's text keeps in its dictionary:
// `{mode = #qcc.pad_mode<edge>}`.
class Qcc_NamedEnumAttr<EnumAttrInfo info, string mnemonic>
    : Qcc_EnumAttr<info, mnemonic> {
  let assemblyFormat = "`<` $value `>`";
}

def Qcc_UnaryKind : Qcc_Enum<"UnaryKind",
    "elementwise function of one operand", [
  I32EnumAttrCase<"Relu", 0, "relu">,
  I32EnumAttrCase<"LeakyRelu", 1, "leaky_relu">,
  I32EnumAttrCase<"Sigmoid", 2, "sigmoid">,
  I32EnumAttrCase<"Tanh", 3, "tanh">,
  I32EnumAttrCase<"HardSigmoid", 4, "hard_sigmoid">,
  I32EnumAttrCase<"HardSwish", 5, "hard_swish">,
  I32EnumAttrCase<"Silu", 6, "silu">,
  I32EnumAttrCase<"Elu", 7, "elu">,
  I32EnumAttrCase<"Celu", 8, "celu">,
  I32EnumAttrCase<"Selu", 9, "selu">,
  I32EnumAttrCase<"Gelu", 10, "gelu">,
  I32EnumAttrCase<"GeluTanh", 11, "gelu_tanh">,
  I32EnumAttrCase<"Mish", 12, "mish">,
  I32EnumAttrCase<"Softplus", 13, "softplus">,
  I32EnumAttrCase<"Softsign", 14, "softsign">,
  I32EnumAttrCase<"ThresholdedRelu", 15, "thresholded_relu">,
  I32EnumAttrCase<"Erf", 16, "erf">,
  I32EnumAttrCase<"Exp", 17, "exp">,
  I32EnumAttrCase<"Log", 18, "log">,
  I32EnumAttrCase<"Sqrt", 19, "sqrt">,
  I32EnumAttrCase<"Reciprocal", 20, "reciprocal">,
  I32EnumAttrCase<"Neg", 21, "neg">,
  I32EnumAttrCase<"Abs", 22, "abs">,
  I32EnumAttrCase<"Floor", 23, "floor">,
  I32EnumAttrCase<"Ceil", 24, "ceil">,
  I32EnumAttrCase<"Round", 25, "round">,
  I32EnumAttrCase<"Sign", 26, "sign">,
  I32EnumAttrCase<"Sin", 27, "sin">,
  I32EnumAttrCase<"Cos", 28, "cos">,
  I32EnumAttrCase<"Not", 29, "not">]>;
def Qcc_UnaryKindAttr : Qcc_EnumAttr<Qcc_UnaryKind, "unary_kind">;

def Qcc_BinaryKind : Qcc_Enum<"BinaryKind",
    "elementwise function of two operands", [
  I32EnumAttrCase<"Add", 0, "add">,
  I32EnumAttrCase<"Sub", 1, "sub">,
  I32EnumAttrCase<"Mul", 2, "mul">,
  I32EnumAttrCase<"Div", 3, "div">,
  I32EnumAttrCase<"Pow", 4, "pow">,
  I32EnumAttrCase<"Max", 5, "max">,
  I32EnumAttrCase<"Min", 6, "min">,
  I32EnumAttrCase<"Mod", 7, "mod">,
  I32EnumAttrCase<"Prelu", 8, "prelu">,
  I32EnumAttrCase<"Equal", 9, "equal">,
  I32EnumAttrCase<"Less", 10, "less">,
  I32EnumAttrCase<"LessOrEqual", 11, "less_or_equal">,
  I32EnumAttrCase<"Greater", 12, "greater">,
  I32EnumAttrCase<"GreaterOrEqual", 13, "greater_or_equal">,
  I32EnumAttrCase<"And", 14, "and">,
  I32EnumAttrCase<"Or", 15, "or">,
  I32EnumAttrCase<"Xor", 16, "xor">]>;
def Qcc_BinaryKindAttr : Qcc_EnumAttr<Qcc_BinaryKind, "binary_kind">;

def Qcc_ReduceKind : Qcc_Enum<"ReduceKind",
    "reduction over axes", [
  I32EnumAttrCase<"Sum", 0, "sum">,
  I32EnumAttrCase<"Mean", 1, "mean">,
  I32EnumAttrCase<"Max", 2, "max">,
  I32EnumAttrCase<"Min", 3, "min">,
  I32EnumAttrCase<"Prod", 4, "prod">,
  I32EnumAttrCase<"SumSquare", 5, "sum_square">]>;
def Qcc_ReduceKindAttr : Qcc_EnumAttr<Qcc_ReduceKind, "reduce_kind">;

def Qcc_ResizeMode : Qcc_Enum<"ResizeMode",
    "interpolation of qcc.resize", [
  I32EnumAttrCase<"Nearest", 0, "nearest">,
  I32EnumAttrCase<"Linear", 1, "linear">,
  I32EnumAttrCase<"Cubic", 2, "cubic">]>;
def Qcc_ResizeModeAttr : Qcc_EnumAttr<Qcc_ResizeMode, "resize_mode">;

def Qcc_Coordinates : Qcc_Enum<"Coordinates",
    "how an output index maps to an input coordinate (ONNX Resize)", [
  I32EnumAttrCase<"HalfPixel", 0, "half_pixel">,
  I32EnumAttrCase<"PytorchHalfPixel", 1, "pytorch_half_pixel">,
  I32EnumAttrCase<"AlignCorners", 2, "align_corners">,
  I32EnumAttrCase<"Asymmetric", 3, "asymmetric">,
  I32EnumAttrCase<"HalfPixelSymmetric", 4, "half_pixel_symmetric">]>;
def Qcc_CoordinatesAttr : Qcc_NamedEnumAttr<Qcc_Coordinates, "coordinates">;

def Qcc_NearestRounding : Qcc_Enum<"NearestRounding",
    "rounding of qcc.resize nearest (ONNX nearest_mode)", [
  I32EnumAttrCase<"RoundPreferFloor", 0, "round_prefer_floor">,
  I32EnumAttrCase<"RoundPreferCeil", 1, "round_prefer_ceil">,
  I32EnumAttrCase<"Floor", 2, "floor">,
  I32EnumAttrCase<"Ceil", 3, "ceil">]>;
def Qcc_NearestRoundingAttr
    : Qcc_NamedEnumAttr<Qcc_NearestRounding, "nearest_rounding">;

def Qcc_PadMode : Qcc_Enum<"PadMode",
    "what qcc.pad fills with", [
  I32EnumAttrCase<"Constant", 0, "constant">,
  I32EnumAttrCase<"Reflect", 1, "reflect">,
  I32EnumAttrCase<"Edge", 2, "edge">,
  I32EnumAttrCase<"Wrap", 3, "wrap">]>;
def Qcc_PadModeAttr : Qcc_NamedEnumAttr<Qcc_PadMode, "pad_mode">;

def Qcc_ScatterKind : Qcc_Enum<"ScatterKind",
    "how qcc.scatter combines an update with what is there", [
  I32EnumAttrCase<"Set", 0, "set">,
  I32EnumAttrCase<"Add", 1, "add">,
  I32EnumAttrCase<"Mul", 2, "mul">,
  I32EnumAttrCase<"Max", 3, "max">,
  I32EnumAttrCase<"Min", 4, "min">]>;
def Qcc_ScatterKindAttr : Qcc_EnumAttr<Qcc_ScatterKind, "scatter_kind">;

def Qcc_BufferSpace : Qcc_Enum<"BufferSpace",
    "where a planned buffer lives", [
  I32EnumAttrCase<"Arena", 0, "arena">,
  I32EnumAttrCase<"Input", 1, "input">,
  I32EnumAttrCase<"Output", 2, "output">,
  I32EnumAttrCase<"Weights", 3, "weights">]>;
def Qcc_BufferSpaceAttr : Qcc_NamedEnumAttr<Qcc_BufferSpace, "buffer_space">;

def Qcc_PanelOrder : Qcc_Enum<"PanelOrder",
    "order of output channels inside a packed panel", [
  I32EnumAttrCase<"Natural", 0, "natural">,
  I32EnumAttrCase<"Interleaved", 1, "interleaved">]>;

// Activations as the products of language models read them.
def Qcc_RowFormat : Qcc_Enum<"RowFormat",
    "how a row of activations is stored", [
  I32EnumAttrCase<"Float", 0, "f32">,
  I32EnumAttrCase<"Block32", 1, "q8_block32">,
  I32EnumAttrCase<"Block256", 2, "q8_block256">,
  I32EnumAttrCase<"Token", 3, "q8_token">,
  I32EnumAttrCase<"BFloat", 4, "bf16">]>;
def Qcc_RowFormatAttr : Qcc_NamedEnumAttr<Qcc_RowFormat, "row_format">;

#endif // QCC_ENUMS_TD
