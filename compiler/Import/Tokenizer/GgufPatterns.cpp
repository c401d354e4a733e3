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
#define QCC_DEEPSEEK3_CJK "[一-龥\u3040-ゟ゠-ヿ]+"
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
    "[\r\n]", "\\s?\\p{L}+", "\\s?\\p{P}+", "[一-龥\u0800-一가-\uD7FF]+",
    "\\p{N}"};
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
static const StringRef kSuperBpe[] = {"\\p{N}+", "(?=(\\d{3})+(?!\\d))"};
static const StringRef kLines[] = {"[^\\n]+|[\\n]+"};

// The letters, signs and scripts of DeepSeek's first models, written out.
static const StringRef kDeepseekLlm[] = {
    "[\r\n]",
    "\\s?[A-Za-zµÀ-ÖØ-öø-ƺƼ-ƿǄ-ʓʕ-ʯͰ-ͳͶͷͻ-ͽͿΆΈ-ΊΌΎ-ΡΣ-ϵϷ-ҁҊ-ԯԱ-ՖႠ-Ⴥ"
    "Ꭰ-Ᏽᏸ-ᏽᲐ-ᲺᲽ-Ჿᴀ-ᴫᵫ-ᵷᵹ-ᶚḀ-ἕἘ-Ἕἠ-ὅὈ-Ὅὐ-ὗὙὛὝὟ-ώᾀ-ᾴᾶ-ᾼιῂ-ῄῆ-ῌῐ-ΐῖ-Ί"
    "ῠ-Ῥῲ-ῴῶ-ῼℂℇℊ-ℓℕℙ-ℝℤΩℨK-ℭℯ-ℴℹℼ-ℿⅅ-ⅉⅎↃↄⰀ-ⱻⱾ-ⳤⳫ-ⳮⳲⳳꙀ-ꙭꚀ-ꚛꜢ-ꝯꝱ-ꞇ"
    "Ꞌ-ꞎꭰ-ꮿﬀ-ﬆﬓ-ﬗＡ-Ｚａ-ｚ𐐀-𐑏𐒰-𐓓𐓘-𐓻𐲀-𐲲𐳀-𐳲𑢠-𑣟𞤀-𞥃]+",
    "\\s?[!-/:-~！-／：-～‘-‟\u3000-。]+",
    "\\s+$",
    "[一-龥\u0800-一가-\uD7FF]+",
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
