// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Memory that ends where the readable address space ends, so that a kernel
// that reads or writes one byte too many does not get away with it.

#ifndef TEST_NUMERICS_GUARDEDBYTES_H
#define TEST_NUMERICS_GUARDEDBYTES_H

#include <cstddef>
#include <sys/mman.h>
#include <unistd.h>
#include <utility>

namespace qcc::numerics_test {

class GuardedBytes {
public:
  explicit GuardedBytes(size_t size) : count(size) {
    size_t page = size_t(sysconf(_SC_PAGESIZE));
    size_t body = (size + page - 1) / page * page;
    mapped = body + 2 * page;
    void *memory =
        mmap(nullptr, mapped, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
      return;
    base = static_cast<char *>(memory);
    if (body > 0)
      mprotect(base + page, body, PROT_READ | PROT_WRITE);
    first = base + page + body - size;
  }
  GuardedBytes(GuardedBytes &&other)
      : base(std::exchange(other.base, nullptr)), first(other.first),
        count(other.count), mapped(other.mapped) {}
  GuardedBytes &operator=(GuardedBytes &&) = delete;
  ~GuardedBytes() {
    if (base)
      munmap(base, mapped);
  }

  char *data() const { return first; }
  size_t size() const { return count; }

private:
  char *base = nullptr;
  char *first = nullptr;
  size_t count;
  size_t mapped = 0;
};

} // namespace qcc::numerics_test

#endif // TEST_NUMERICS_GUARDEDBYTES_H
