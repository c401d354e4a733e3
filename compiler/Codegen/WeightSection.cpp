// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A section of the x86-64 large data model, since lld puts that behind all that
// code refers to by 32-bit distances. It is NOBITS when linked, at the end of
// the last writable segment; that is cut, and what follows becomes a read-only
// segment in place of PT_PHDR, which libraries do not need.

#include "compiler/Codegen/WeightSection.h"

#include "compiler/Codegen/ObjectFile.h"

#include "llvm/IR/Module.h"
#include "llvm/Object/ELF.h"

using namespace llvm;
using Elf = object::ELF64LE;

static constexpr StringLiteral kSection = ".qcc_weights";
static constexpr int64_t kPage = 4096, kAlignment = 64;

namespace qcc {

int64_t getWeightOffset(const WeightSymbols &symbols, size_t index) {
  int64_t at = 0;
  for (size_t i = 0; i < index; ++i)
    at = alignTo(at + symbols[i].second, kAlignment);
  return at;
}

int64_t getWeightBytes(const WeightSymbols &symbols) {
  return symbols.empty() ? 0
                         : getWeightOffset(symbols, symbols.size() - 1) +
                               symbols.back().second;
}

Error emitWeightSymbols(const WeightSymbols &symbols, TargetMachine &machine,
                        raw_pwrite_stream &out) {
  LLVMContext context;
  Module module("weights", context);
  module.setTargetTriple(machine.getTargetTriple());
  module.setDataLayout(machine.createDataLayout());
  std::string text;
  raw_string_ostream stream(text);
  stream << ".section " << kSection << ",\"awl\",@nobits\n.p2align 12\n";
  for (auto &[symbol, bytes] : symbols)
    stream << ".p2align 6\n.globl " << symbol << "\n.hidden " << symbol
           << "\n.type " << symbol << ",@object\n"
           << symbol << ":\n.zero " << bytes << "\n.size " << symbol << ", . - "
           << symbol << "\n";
  module.setModuleInlineAsm(text);
  return emitMachineCode(module, machine, MachineCode::Object, out);
}

/// The header of the section, or an error that says what was linked.
static Expected<Elf::Shdr *> findSection(MutableArrayRef<char> library) {
  Expected<object::ELFFile<Elf>> file =
      object::ELFFile<Elf>::create(StringRef(library.data(), library.size()));
  if (!file)
    return file.takeError();
  auto sections = file->sections();
  if (!sections)
    return sections.takeError();
  for (const Elf::Shdr &section : *sections) {
    Expected<StringRef> name = file->getSectionName(section);
    if (!name)
      return name.takeError();
    if (*name == kSection)
      return const_cast<Elf::Shdr *>(&section);
  }
  return createStringError("expected a linked section " + kSection +
                           ", but got none");
}

/// Puts `added` behind the last PT_LOAD of the table, in the place of PT_PHDR.
static Error replacePhdr(MutableArrayRef<Elf::Phdr> table,
                         const Elf::Phdr &added) {
  auto *phdr = find_if(table, [](const Elf::Phdr &entry) {
    return entry.p_type == ELF::PT_PHDR;
  });
  if (phdr == table.end())
    return createStringError("expected a program header to replace, but got "
                             "none");
  std::copy(phdr + 1, table.end(), phdr);
  Elf::Phdr *place = table.end() - 1;
  while (place != table.begin() && place[-1].p_type != ELF::PT_LOAD) {
    *place = place[-1];
    --place;
  }
  *place = added;
  return Error::success();
}

Error placeWeightSection(SmallVectorImpl<char> &library) {
  Expected<Elf::Shdr *> section = findSection(library);
  if (!section)
    return section.takeError();
  uint64_t address = (*section)->sh_addr, bytes = (*section)->sh_size;
  uint64_t offset = alignTo(library.size(), kPage);
  (*section)->sh_type = ELF::SHT_PROGBITS;
  (*section)->sh_flags = ELF::SHF_ALLOC | ELF::SHF_X86_64_LARGE;
  (*section)->sh_offset = offset;

  Elf::Phdr added = {};
  added.p_type = ELF::PT_LOAD;
  added.p_flags = ELF::PF_R;
  added.p_offset = offset;
  added.p_vaddr = address;
  added.p_paddr = address;
  added.p_filesz = bytes;
  added.p_memsz = bytes;
  added.p_align = kPage;
  library.resize(offset);

  auto *header = reinterpret_cast<Elf::Ehdr *>(library.data());
  MutableArrayRef<Elf::Phdr> table(
      reinterpret_cast<Elf::Phdr *>(library.data() + header->e_phoff),
      header->e_phnum);
  for (Elf::Phdr &entry : table) {
    if (entry.p_type != ELF::PT_LOAD ||
        entry.p_vaddr + entry.p_memsz != address + bytes)
      continue;
    if (entry.p_vaddr == address) {
      entry = added; // nothing else was in it
      return Error::success();
    }
    entry.p_memsz = address - entry.p_vaddr;
  }
  return replacePhdr(table, added);
}

} // namespace qcc
