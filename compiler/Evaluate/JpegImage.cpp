// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// JPEG through libjpeg-turbo, with the settings Pillow uses (the accurate
// integer transform, smooth chroma upsampling), which are the defaults.

#include "compiler/Evaluate/ImageCodecs.h"

#include <csetjmp>
#include <cstdio>

#include <jerror.h>
#include <jpeglib.h>

using namespace llvm;

namespace qcc::evaluate {

namespace {

struct ErrorState {
  jpeg_error_mgr manager; // First, so that the library's pointer is ours.
  jmp_buf jump;
  char message[JMSG_LENGTH_MAX];
};

} // namespace

[[noreturn]] static void leaveOnError(j_common_ptr info) {
  auto *state = reinterpret_cast<ErrorState *>(info->err);
  info->err->format_message(info, state->message);
  longjmp(state->jump, 1);
}

/// Warnings are let pass, except that half a picture is no picture.
static void leaveOnTruncation(j_common_ptr info, int level) {
  if (level < 0 && info->err->msg_code == JWRN_JPEG_EOF)
    leaveOnError(info);
}

/// Fills `rows`, of which only the bytes change here: nothing on this frame
/// needs a destructor, so longjmp may leave it.
static bool readRows(jpeg_decompress_struct &info, ErrorState &state,
                     ArrayRef<uint8_t> bytes, Image &image) {
  if (setjmp(state.jump))
    return false;
  jpeg_create_decompress(&info);
  jpeg_mem_src(&info, bytes.data(), bytes.size());
  jpeg_read_header(&info, TRUE);
  if (!checkImageSize(info.image_width, info.image_height).empty()) {
    snprintf(state.message, sizeof(state.message),
             "expected at most %lld pixels, but got %u x %u",
             static_cast<long long>(largestImagePixels), info.image_width,
             info.image_height);
    return false;
  }
  bool isCmyk =
      info.jpeg_color_space == JCS_CMYK || info.jpeg_color_space == JCS_YCCK;
  info.out_color_space = isCmyk ? JCS_CMYK : JCS_RGB;
  jpeg_start_decompress(&info);
  size_t rowBytes = size_t(info.output_width) * info.output_components;
  image.width = info.output_width;
  image.height = info.output_height;
  image.pixels.resize(rowBytes * info.output_height);
  while (info.output_scanline < info.output_height) {
    JSAMPROW row = &image.pixels[rowBytes * info.output_scanline];
    jpeg_read_scanlines(&info, &row, 1);
  }
  jpeg_finish_decompress(&info);
  return true;
}

/// Photo programs store CMYK inverted: 255 is no ink.
static void convertFromInvertedCmyk(Image &image) {
  size_t count = static_cast<size_t>(image.width * image.height);
  for (size_t i = 0; i < count; ++i)
    for (size_t channel = 0; channel < 3; ++channel) {
      int light = image.pixels[4 * i + 3];
      int ink = 255 - image.pixels[4 * i + channel];
      int product = ink * light + 128;
      image.pixels[3 * i + channel] = light - (((product >> 8) + product) >> 8);
    }
  image.pixels.resize(3 * count);
}

std::string decodeJpeg(ArrayRef<uint8_t> bytes, Image &image) {
  jpeg_decompress_struct info = {};
  ErrorState state = {};
  info.err = jpeg_std_error(&state.manager);
  state.manager.error_exit = leaveOnError;
  state.manager.emit_message = leaveOnTruncation;
  bool isRead = readRows(info, state, bytes, image);
  bool isCmyk = isRead && info.output_components == 4;
  jpeg_destroy_decompress(&info);
  if (!isRead)
    return std::string("expected a whole JPEG picture, but got ") +
           state.message;
  if (isCmyk)
    convertFromInvertedCmyk(image);
  return {};
}

} // namespace qcc::evaluate
