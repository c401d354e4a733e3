// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// strftime_now: the date in a system prompt. Names are English whatever the
// host's locale is, as the models were trained with.

#include "runtime/text/jinja/builtins.h"

#include <cstdio>
#include <ctime>

namespace qcc::jinja {

static constexpr const char *days[] = {"Sunday",    "Monday",   "Tuesday",
                                       "Wednesday", "Thursday", "Friday",
                                       "Saturday"};
static constexpr const char *months[] = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};

static std::string number(int value, int digits, char fill = '0') {
  std::string text = std::to_string(value);
  while (text.size() < static_cast<size_t>(digits))
    text.insert(0, 1, fill);
  return text;
}

/// What one letter behind % stands for; itself if it is not known.
static std::string formatLetter(char letter, const tm &time) {
  int hour = time.tm_hour % 12 == 0 ? 12 : time.tm_hour % 12;
  switch (letter) {
  case 'A':
    return days[time.tm_wday];
  case 'a':
    return std::string(days[time.tm_wday], 3);
  case 'B':
    return months[time.tm_mon];
  case 'b':
  case 'h':
    return std::string(months[time.tm_mon], 3);
  case 'd':
    return number(time.tm_mday, 2);
  case 'e':
    return number(time.tm_mday, 2, ' ');
  case 'H':
    return number(time.tm_hour, 2);
  case 'I':
    return number(hour, 2);
  case 'j':
    return number(time.tm_yday + 1, 3);
  case 'M':
    return number(time.tm_min, 2);
  case 'm':
    return number(time.tm_mon + 1, 2);
  case 'p':
    return time.tm_hour < 12 ? "AM" : "PM";
  case 'S':
    return number(time.tm_sec, 2);
  case 'u':
    return number(time.tm_wday == 0 ? 7 : time.tm_wday, 1);
  case 'w':
    return number(time.tm_wday, 1);
  case 'Y':
    return number(time.tm_year + 1900, 4);
  case 'y':
    return number(time.tm_year % 100, 2);
  case '%':
    return "%";
  case 'n':
    return "\n";
  case 't':
    return "\t";
  default:
    return {'%', letter};
  }
}

static std::string formatOne(std::string_view format, const tm &time);

static std::string formatText(std::string_view format, const tm &time) {
  std::string out;
  for (size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%' || i + 1 == format.size()) {
      out += format[i];
      continue;
    }
    ++i;
    // %-d has no zeros in front.
    if (format[i] == '-' && i + 1 < format.size()) {
      std::string text = formatLetter(format[++i], time);
      size_t start = text.find_first_not_of("0 ");
      out += start == std::string::npos ? "0" : text.substr(start);
    } else {
      out += formatOne(format.substr(i, 1), time);
    }
  }
  return out;
}

/// A letter, or one that stands for several others.
static std::string formatOne(std::string_view format, const tm &time) {
  switch (format[0]) {
  case 'c':
    return formatText("%a %b %e %H:%M:%S %Y", time);
  case 'D':
  case 'x':
    return formatText("%m/%d/%y", time);
  case 'F':
    return formatText("%Y-%m-%d", time);
  case 'R':
    return formatText("%H:%M", time);
  case 'T':
  case 'X':
    return formatText("%H:%M:%S", time);
  default:
    return formatLetter(format[0], time);
  }
}

Value formatTime(Interpreter &interpreter, const Value &,
                 const Arguments &arguments) {
  Parameters given(interpreter, arguments, "strftime_now", {"format"}, 1);
  std::string format = given.text(0, "");
  interpreter.rendering.spend(format.size());
  time_t now =
      interpreter.now ? static_cast<time_t>(interpreter.now) : time(nullptr);
  tm parts;
  if (given.failed() || !localtime_r(&now, &parts))
    return interpreter.rendering.fail("expected a time of this calendar");
  return interpreter.rendering.text(formatText(format, parts));
}

} // namespace qcc::jinja
