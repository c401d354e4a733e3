// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads and prints plan files.

#include "compiler/Driver/PlanFile.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace {

constexpr int64_t kVersion = 1;

Error makeError(StringRef path, const Twine &message) {
  return createStringError(path + ": " + message);
}

/// A value as it stands in the file, for messages.
std::string describe(const json::Value *value) {
  if (!value)
    return "none";
  std::string text;
  raw_string_ostream(text) << *value;
  constexpr size_t kLongest = 60;
  if (text.size() > kLongest)
    text = text.substr(0, kLongest) + "...";
  return text;
}

Expected<qcc::PlannedLayer> parseLayer(const json::Value &value, size_t number,
                                       StringRef path) {
  const json::Object *object = value.getAsObject();
  std::string place = "layers[" + std::to_string(number) + "]";
  if (!object)
    return makeError(path, place + ": expected an object, but got " +
                               describe(&value));
  qcc::PlannedLayer layer;
  std::optional<StringRef> name = object->getString("name");
  if (!name)
    return makeError(path, place +
                               ": expected \"name\" to be a string, but "
                               "got " +
                               describe(object->get("name")));
  layer.name = name->str();
  layer.op = object->getString("op").value_or("").str();
  layer.precision = object->getString("precision").value_or("").str();
  if (layer.precision != "int8" && layer.precision != "int8_dynamic" &&
      layer.precision != "f32")
    return makeError(path, place +
                               ": expected \"precision\" to be \"int8\", "
                               "\"int8_dynamic\" or \"f32\", but got " +
                               describe(object->get("precision")));
  layer.reason = object->getString("reason").value_or("").str();
  return layer;
}

} // namespace

namespace qcc {

Expected<std::vector<PlannedLayer>> parsePlan(StringRef text, StringRef path) {
  Expected<json::Value> parsed = json::parse(text);
  if (!parsed)
    return makeError(path,
                     "expected JSON, but got " + toString(parsed.takeError()));
  const json::Object *root = parsed->getAsObject();
  if (!root || root->getInteger("qcc_plan") != kVersion)
    return makeError(
        path, "expected \"qcc_plan\": " + Twine(kVersion) + ", but got " +
                  describe(root ? root->get("qcc_plan") : nullptr));
  const json::Array *entries = root->getArray("layers");
  if (!entries)
    return makeError(path, "expected \"layers\" to be an array, but got " +
                               describe(root->get("layers")));
  std::vector<PlannedLayer> layers;
  for (const json::Value &entry : *entries) {
    Expected<PlannedLayer> layer = parseLayer(entry, layers.size(), path);
    if (!layer)
      return layer.takeError();
    layers.push_back(std::move(*layer));
  }
  return layers;
}

std::string printPlan(ArrayRef<PlannedLayer> layers) {
  std::string text;
  raw_string_ostream out(text);
  out << "{\"qcc_plan\": " << kVersion << ", \"layers\": [";
  ListSeparator separator(",\n");
  out << "\n";
  for (const PlannedLayer &layer : layers) {
    json::Object object{{"name", json::fixUTF8(layer.name)},
                        {"op", json::fixUTF8(layer.op)},
                        {"precision", json::fixUTF8(layer.precision)}};
    if (!layer.reason.empty())
      object["reason"] = json::fixUTF8(layer.reason);
    out << separator << json::Value(std::move(object));
  }
  out << "\n]}\n";
  return text;
}

} // namespace qcc
