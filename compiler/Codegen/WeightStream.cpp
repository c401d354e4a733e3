// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Makes packed weights panel by panel: rows of blocks are found in the mapped
// file (or quantized from its floats), and interleaved.

#include "compiler/Codegen/WeightStream.h"

#include "compiler/Codegen/BlockRows.h"
#include "dialects/Qcc/IR/Constants.h"
#include "dialects/Qcc/IR/Qcc.h"
#include "dialects/Qcc/Numerics/PanelFormat.h"

using namespace mlir;

namespace {

// A register may begin inside the last constant.
constexpr int64_t kReadAhead = 64, kAlignment = 64;
constexpr int64_t kPieceBytes = 4 << 20;

int64_t readInteger(DictionaryAttr entry, StringRef name) {
  return cast<IntegerAttr>(entry.get(name)).getInt();
}

/// The bytes of one segment of the array.
class SegmentWriter {
public:
  SegmentWriter(DictionaryAttr entry, llvm::raw_ostream &out,
                llvm::ThreadPoolInterface &threads)
      : entry(entry), steps(cast<ArrayAttr>(entry.get("steps"))), out(out),
        threads(threads) {}

  void write(llvm::function_ref<void(int64_t)> advance) {
    if (!steps.empty())
      return writePanels(advance);
    qcc::ConstantBytes source = *qcc::getConstantBytes(entry.get("source"));
    out.write(source.bytes.data(), source.bytes.size());
    advance(source.bytes.size());
  }

private:
  void writePanels(llvm::function_ref<void(int64_t)> advance);

  DictionaryAttr entry;
  ArrayAttr steps;
  llvm::raw_ostream &out;
  llvm::ThreadPoolInterface &threads;
};

/// Panels of each of the parts.
int64_t countPanels(qcc::BlockPanelsAttr panels) {
  return llvm::divideCeil(panels.getRows() / panels.getParts(),
                          panels.getLanes());
}

/// Writes panel `number` of the rows that `source` gives.
void packPanel(const qcc::BlockRows &source, const qcc::PanelFormat &format,
               qcc::BlockPanelsAttr panels, int64_t number, char *bytes) {
  int64_t lanes = panels.getLanes(), each = countPanels(panels);
  int64_t partRows = panels.getRows() / panels.getParts();
  int64_t firstOfPart = number / each * partRows;
  std::vector<const uint8_t *> rows(lanes, nullptr);
  std::vector<std::vector<uint8_t>> made(lanes);
  for (int64_t lane = 0; lane < lanes; ++lane)
    if (int64_t row = number % each * lanes + lane; row < partRows)
      rows[lane] = source.getRow(firstOfPart + row, made[lane]);
  qcc::packPanel(format, rows.data(), panels.getColumns(), lanes,
                 reinterpret_cast<uint8_t *>(bytes));
}

} // namespace

void SegmentWriter::writePanels(llvm::function_ref<void(int64_t)> advance) {
  auto last = cast<RankedTensorType>(
      cast<TypeAttr>(steps.getValue().back()).getValue());
  auto panels = cast<qcc::BlockPanelsAttr>(last.getEncoding());
  auto source = qcc::BlockRows::make(cast<ArrayAttr>(entry.get("source")),
                                     steps.getValue().drop_back());
  std::optional<qcc::PanelFormat> format =
      qcc::findPanelFormat(panels.getFormat());
  int64_t columns = llvm::alignTo(panels.getColumns(), format->block);
  int64_t panelBytes = format->panelBytes(columns, panels.getLanes());
  int64_t count = panels.getParts() * countPanels(panels);
  int64_t step = std::max<int64_t>(1, kPieceBytes / panelBytes);
  std::vector<char> piece(std::min(step, count) * panelBytes);
  for (int64_t first = 0; first < count; first += step) {
    int64_t end = std::min(first + step, count);
    llvm::ThreadPoolTaskGroup group(threads);
    unsigned parts = std::max(1u, threads.getMaxConcurrency());
    for (unsigned part = 0; part < parts; ++part)
      group.async([&, part] {
        for (int64_t i = first + part; i < end; i += parts)
          packPanel(*source, *format, panels, i,
                    piece.data() + (i - first) * panelBytes);
      });
    group.wait();
    out.write(piece.data(), (end - first) * panelBytes);
    advance((end - first) * panelBytes);
  }
}

namespace qcc {

WeightStream::WeightStream(ModuleOp module)
    : attribute(module->getAttr("qcc.weights")) {
  if (auto entries = dyn_cast_or_null<ArrayAttr>(attribute)) {
    for (auto entry : entries.getAsRange<DictionaryAttr>())
      total = readInteger(entry, "offset") + readInteger(entry, "size");
    total = llvm::alignTo(total + kReadAhead, kAlignment);
    return;
  }
  std::optional<ConstantBytes> constant = getConstantBytes(attribute);
  total = constant ? constant->bytes.size() : 0;
}

bool WeightStream::operator==(const WeightStream &other) const {
  if (attribute == other.attribute)
    return true;
  std::optional<ConstantBytes> a = getConstantBytes(attribute);
  std::optional<ConstantBytes> b = getConstantBytes(other.attribute);
  return a && b && a->bytes == b->bytes;
}

void WeightStream::write(llvm::raw_ostream &out,
                         llvm::ThreadPoolInterface &threads,
                         llvm::function_ref<void(int64_t)> advance) const {
  auto entries = dyn_cast_or_null<ArrayAttr>(attribute);
  if (!entries) {
    std::optional<ConstantBytes> constant = getConstantBytes(attribute);
    out.write(constant->bytes.data(), constant->bytes.size());
    return advance(total);
  }
  int64_t at = 0;
  auto padTo = [&](int64_t offset) {
    out.write_zeros(offset - at);
    at = offset;
  };
  for (auto entry : entries.getAsRange<DictionaryAttr>()) {
    padTo(readInteger(entry, "offset"));
    SegmentWriter(entry, out, threads).write(advance);
    at += readInteger(entry, "size");
  }
  padTo(total);
}

} // namespace qcc
