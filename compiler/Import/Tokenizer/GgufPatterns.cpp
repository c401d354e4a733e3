// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The patterns that names in tokenizer.ggml.pre stand for. Each one cuts what
// the one before it has left; what no pattern matches is a piece as well.

#include "compiler/Import/Tokenizer/GgufTokenizer.h"

#include "llvm/ADT/SmallVector.h"

using namespace llvm;

namespace qcc {

// Parts that several patterns share.
#define QCC_GPT2                                                               \
  "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+"          \
  "|\\s+(?!\\S)"
#define QCC_CONTRACTIONS                                                       \
  "(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])"
#define QCC_SPACES "|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"
#define QCC_WORD "[^\\r\\n\\p{L}\\p{N}]?\\p{L}+"
#define QCC_SIGNS "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*"
// A word that starts with capitals, and one that is all capitals.
#define QCC_CASED_1                                                            \
  "[^\\r\\n\\p{L}\\p{N}]?((?=[\\p{L}])([^a-z]))*((?=[\\p{L}])([^A-Z]))+"
#define QCC_CASED_2                                                            \
  "[^\\r\\n\\p{L}\\p{N}]?((?=[\\p{L}])([^a-z]))+((?=[\\p{L}])([^A-Z]))*"
#define QCC_SIGNS_SLASH "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*"
#define QCC_DEEPSEEK_CJK                                                       \
  "[\\x{4E00}-\\x{9FA5}\\x{800}-\\x{4E00}\\x{AC00}-\\x{D7FF}]+"
#define QCC_DEEPSEEK3_CJK                                                      \
  "[\\x{4E00}-\\x{9FA5}\\x{3040}-\\x{309F}\\x{30A0}-\\x{30FF}]+"
#define QCC_DEEPSEEK3_MAIN                                                     \
  "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+"                      \
  "|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+"                               \
  "| ?[\\p{P}\\p{S}]+[\\r\\n]*" QCC_SPACES

static const StringRef kDefault[] = {"[\\p{P}\\$\\+<=>\\^~\\|]+", QCC_GPT2,
                                     "\\p{N}+", "[0-9][0-9][0-9]"};
static const StringRef kGpt2[] = {QCC_GPT2};
static const StringRef kLlama3[] = {
    QCC_CONTRACTIONS "|" QCC_WORD "|\\p{N}{1,3}" QCC_SIGNS QCC_SPACES};
static const StringRef kQwen2[] = {QCC_CONTRACTIONS
                                   "|" QCC_WORD "|\\p{N}" QCC_SIGNS QCC_SPACES};
static const StringRef kQwen35[] = {
    QCC_CONTRACTIONS "|[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+|\\p{N}"
                     "| ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*" QCC_SPACES};
static const StringRef kDigitsFirst[] = {"\\p{N}", QCC_GPT2};
static const StringRef kDeepseekCoder[] = {
    "[\r\n]", "\\s?\\p{L}+", "\\s?\\p{P}+", QCC_DEEPSEEK_CJK, "\\p{N}"};
static const StringRef kDeepseek3[] = {"\\p{N}{1,3}", QCC_DEEPSEEK3_CJK,
                                       QCC_DEEPSEEK3_MAIN};
static const StringRef kFalcon[] = {"[\\p{P}\\$\\+<=>\\^~\\|`]+", QCC_GPT2,
                                    "[0-9][0-9][0-9]"};
static const StringRef kBloom[] = {" ?[^(\\s|.,!?…。，、।۔،)]+"};
static const StringRef kViking[] = {" ?[^(\\s|.,!?…。，、।۔،)]+", "\\p{N}"};
static const StringRef kTekken[] = {
    QCC_CASED_1 "|" QCC_CASED_2 "|\\p{N}" QCC_SIGNS_SLASH QCC_SPACES};
static const StringRef kGpt4o[] = {QCC_CASED_1 QCC_CONTRACTIONS
                                   "?|" QCC_CASED_2 QCC_CONTRACTIONS
                                   "?|\\p{N}{1,3}" QCC_SIGNS_SLASH QCC_SPACES};
static const StringRef kBailing[] = {
    "'(?:[sSdDmMtT]|[lL][lL]|[vV][eE]|[rR][eE])|" QCC_WORD "|\\p{N}" QCC_SIGNS
    "|\\s*[\\r\\n]|\\s+(?!\\S)|\\s+"};
static const StringRef kSeedCoder[] = {
    QCC_CONTRACTIONS "|" QCC_WORD
                     "|\\p{N}{1}| ?[^\\s\\p{L}\\p{N}\\r\\n]+" QCC_SPACES};
static const StringRef kExaoneMoe[] = {
    QCC_CONTRACTIONS "|[^\\r\\n\\p{L}\\p{N}]?"
                     "(?:\\p{L}\\p{M}*(?: \\p{L}\\p{M}*)*)+|\\p{N}"
                     "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]?"
                     "|\\s*[\\r\\n]|\\s+(?!\\S)|\\s+"};
static const StringRef kSuperBpe[] = {"\\p{N}+", "(?=([0-9]{3})+(?![0-9]))"};
static const StringRef kLines[] = {"[^\\n]+|[\\n]+"};

// The letters, signs and scripts of DeepSeek's first models, written out.
static const StringRef kDeepseekLlm[] = {
    "[\r\n]",
    "\\s?[A-Za-z\\x{B5}\\x{C0}-\\x{D6}\\x{D8}-\\x{F6}\\x{F8}-\\x{1BA}"
    "\\x{1BC}-\\x{1BF}\\x{1C4}-\\x{293}\\x{295}-\\x{2AF}\\x{370}-\\x{373}"
    "\\x{376}\\x{377}\\x{37B}-\\x{37D}\\x{37F}\\x{386}\\x{388}-\\x{38A}"
    "\\x{38C}\\x{38E}-\\x{3A1}\\x{3A3}-\\x{3F5}\\x{3F7}-\\x{481}"
    "\\x{48A}-\\x{52F}\\x{531}-\\x{556}\\x{10A0}-\\x{10C5}"
    "\\x{13A0}-\\x{13F5}\\x{13F8}-\\x{13FD}\\x{1C90}-\\x{1CBA}"
    "\\x{1CBD}-\\x{1CBF}\\x{1D00}-\\x{1D2B}\\x{1D6B}-\\x{1D77}"
    "\\x{1D79}-\\x{1D9A}\\x{1E00}-\\x{1F15}\\x{1F18}-\\x{1F1D}"
    "\\x{1F20}-\\x{1F45}\\x{1F48}-\\x{1F4D}\\x{1F50}-\\x{1F57}\\x{1F59}"
    "\\x{1F5B}\\x{1F5D}\\x{1F5F}-\\x{1F7D}\\x{1F80}-\\x{1FB4}"
    "\\x{1FB6}-\\x{1FBC}\\x{1FBE}\\x{1FC2}-\\x{1FC4}\\x{1FC6}-\\x{1FCC}"
    "\\x{1FD0}-\\x{1FD3}\\x{1FD6}-\\x{1FDB}\\x{1FE0}-\\x{1FEC}"
    "\\x{1FF2}-\\x{1FF4}\\x{1FF6}-\\x{1FFC}\\x{2102}\\x{2107}"
    "\\x{210A}-\\x{2113}\\x{2115}\\x{2119}-\\x{211D}\\x{2124}\\x{2126}"
    "\\x{2128}\\x{212A}-\\x{212D}\\x{212F}-\\x{2134}\\x{2139}"
    "\\x{213C}-\\x{213F}\\x{2145}-\\x{2149}\\x{214E}\\x{2183}\\x{2184}"
    "\\x{2C00}-\\x{2C7B}\\x{2C7E}-\\x{2CE4}\\x{2CEB}-\\x{2CEE}\\x{2CF2}"
    "\\x{2CF3}\\x{A640}-\\x{A66D}\\x{A680}-\\x{A69B}\\x{A722}-\\x{A76F}"
    "\\x{A771}-\\x{A787}\\x{A78B}-\\x{A78E}\\x{AB70}-\\x{ABBF}"
    "\\x{FB00}-\\x{FB06}\\x{FB13}-\\x{FB17}\\x{FF21}-\\x{FF3A}"
    "\\x{FF41}-\\x{FF5A}\\x{10400}-\\x{1044F}\\x{104B0}-\\x{104D3}"
    "\\x{104D8}-\\x{104FB}\\x{10C80}-\\x{10CB2}\\x{10CC0}-\\x{10CF2}"
    "\\x{118A0}-\\x{118DF}\\x{1E900}-\\x{1E943}]+",
    "\\s?[!-/:-~\\x{FF01}-\\x{FF0F}\\x{FF1A}-\\x{FF5E}"
    "\\x{2018}-\\x{201F}\\x{3000}-\\x{3002}]+",
    "\\s+$",
    QCC_DEEPSEEK_CJK,
    "\\p{N}+"};

static const GgufPattern kPatterns[] = {
    {"default", kDefault},
    {"gpt-2 phi-2 mpt olmo jais trillion granite-docling gigachat mellum "
     "exaone4 modern-bert a.x-4.0 jina-es jina-de jina-v2-es jina-v2-de "
     "jina-v1-en jina-v2-code roberta-bpe",
     kGpt2},
    {"llama3 llama-v3 llama-bpe falcon3 falcon-h1 pixtral midm-2.0 lfm2 "
     "jina-v5-nano",
     kLlama3, true, true},
    {"dbrx smaug-bpe glm4 chatglm-bpe", kLlama3},
    {"qwen2 deepseek-r1-qwen kormo f2llmv2 megrez stablelm2 hunyuan "
     "solar-open grok-2",
     kQwen2},
    {"qwen35", kQwen35},
    {"starcoder refact command-r smollm codeshell exaone minerva-7b mellum2",
     kDigitsFirst},
    {"deepseek-llm", kDeepseekLlm},
    {"deepseek-coder", kDeepseekCoder},
    {"deepseek-v3 hunyuan-dense joyai-llm hy_v4", kDeepseek3},
    {"falcon", kFalcon},
    {"bloom poro-chat gpt3-finnish", kBloom},
    {"viking", kViking},
    {"tekken", kTekken, true, true},
    {"gpt-4o llama4 kanana2 talkie minimax-m2", kGpt4o},
    {"bailingmoe bailingmoe2 llada-moe", kBailing},
    {"seed-coder", kSeedCoder},
    {"exaone-moe", kExaoneMoe},
    {"superbpe", kSuperBpe},
    {"gemma4", kLines, false, true, true},
    {"sarvam-moe", kLines, false, false, true},
};

const GgufPattern *findGgufPattern(StringRef name) {
  for (const GgufPattern &pattern : kPatterns) {
    SmallVector<StringRef> names;
    pattern.names.split(names, ' ');
    if (is_contained(names, name))
      return &pattern;
  }
  return nullptr;
}

} // namespace qcc
