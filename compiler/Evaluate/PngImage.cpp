// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// PNG through libpng: every kind becomes 8-bit RGB as Pillow's convert("RGB")
// makes it: transparency is dropped, gamma is ignored.

#include "compiler/Evaluate/ImageCodecs.h"

#include <csetjmp>
#include <cstdio>
#include <cstring>

#include <png.h>

using namespace llvm;

namespace qcc::evaluate {

namespace {

struct PngState {
  ArrayRef<uint8_t> bytes;
  size_t position = 0;
  char message[200] = {};
  png_structp png = nullptr;
  png_infop info = nullptr;
};

} // namespace

static void leaveOnError(png_structp png, png_const_charp message) {
  auto *state = static_cast<PngState *>(png_get_error_ptr(png));
  snprintf(state->message, sizeof(state->message), "%s", message);
  png_longjmp(png, 1);
}

static void ignoreWarning(png_structp, png_const_charp) {}

static void readBytes(png_structp png, png_bytep buffer, size_t count) {
  auto *state = static_cast<PngState *>(png_get_io_ptr(png));
  if (count > state->bytes.size() - state->position)
    png_error(png, "the end of the file");
  memcpy(buffer, state->bytes.data() + state->position, count);
  state->position += count;
}

static void convertToRgb(PngState &state) {
  png_set_expand_gray_1_2_4_to_8(state.png);
  png_set_palette_to_rgb(state.png);
  png_set_strip_16(state.png);
  png_set_gray_to_rgb(state.png);
  png_set_strip_alpha(state.png);
}

/// As in the JPEG decoder: nothing on this frame needs a destructor.
static bool readRows(PngState &state, Image &image,
                     std::vector<png_bytep> &rows) {
  if (setjmp(png_jmpbuf(state.png)))
    return false;
  png_set_read_fn(state.png, &state, readBytes);
  png_read_info(state.png, state.info);
  image.width = png_get_image_width(state.png, state.info);
  image.height = png_get_image_height(state.png, state.info);
  if (!checkImageSize(image.width, image.height).empty())
    png_error(state.png, "too many pixels");
  convertToRgb(state);
  png_set_interlace_handling(state.png);
  png_read_update_info(state.png, state.info);
  size_t rowBytes = static_cast<size_t>(image.width) * 3;
  if (png_get_rowbytes(state.png, state.info) != rowBytes)
    png_error(state.png, "an unknown kind of pixel");
  image.pixels.resize(rowBytes * image.height);
  rows.resize(image.height);
  for (size_t y = 0; y < rows.size(); ++y)
    rows[y] = &image.pixels[rowBytes * y];
  png_read_image(state.png, rows.data());
  png_read_end(state.png, nullptr);
  return true;
}

std::string decodePng(ArrayRef<uint8_t> bytes, Image &image) {
  PngState state;
  state.bytes = bytes;
  state.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &state,
                                     leaveOnError, ignoreWarning);
  if (!state.png)
    return "expected libpng " PNG_LIBPNG_VER_STRING ", but got another version";
  state.info = png_create_info_struct(state.png);
  std::vector<png_bytep> rows;
  bool isRead = state.info && readRows(state, image, rows);
  png_destroy_read_struct(&state.png, &state.info, nullptr);
  if (!isRead)
    return std::string("expected a whole PNG picture, but got ") +
           state.message;
  return {};
}

} // namespace qcc::evaluate
