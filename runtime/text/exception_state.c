// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where a thread's exceptions are counted. The C++ library has this in
// thread-local storage, which would need the dynamic linker as one more shared
// library; a key of the C library does as well. This is the only mutable state
// of the runtime that is not in a handle, so that this is also where a library
// is taken leave of.

#include <pthread.h>
#include <stdlib.h>

// The Itanium C++ ABI's __cxa_eh_globals.
typedef struct {
  void *caught;
  unsigned int num_uncaught;
} exception_state_t;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t key;
static int has_key;
// For a thread that gets no memory for its own, while it has an exception for
// that very reason.
static exception_state_t last_resort;

// The destructor is the C library's, since threads may outlive this library.
static void make_key(void) { has_key = pthread_key_create(&key, free) == 0; }

extern void *__dso_handle __attribute__((visibility("hidden")));
void __cxa_finalize(void *library);

// The destructors of the C++ library's globals are registered with the C
// library. A compiler's start-up files would call them; left alone, they are
// called when the process ends, and the library may be unloaded by then.
__attribute__((destructor)) static void unload(void) {
  __cxa_finalize(&__dso_handle);
  if (has_key)
    pthread_key_delete(key);
}

exception_state_t *__cxa_get_globals(void);
exception_state_t *__cxa_get_globals_fast(void);

exception_state_t *__cxa_get_globals(void) {
  pthread_once(&once, make_key);
  exception_state_t *state = has_key ? pthread_getspecific(key) : NULL;
  if (state)
    return state;
  state = has_key ? calloc(1, sizeof *state) : NULL;
  if (!state)
    return &last_resort;
  if (pthread_setspecific(key, state) != 0) {
    free(state);
    return &last_resort;
  }
  return state;
}

exception_state_t *__cxa_get_globals_fast(void) { return __cxa_get_globals(); }
