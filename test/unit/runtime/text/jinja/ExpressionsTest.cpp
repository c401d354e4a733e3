// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Expressions, one in each line, beside what Python's Jinja prints for them.

#include "test/unit/runtime/text/jinja/Render.h"

TEST(Expressions, FollowPrecedence) {
  EXPECT_EQ(print("1 + 2 * 3 - 4 / 2"), "5.0");
  EXPECT_EQ(print("2 ** 3 ** 2"), "64");
  EXPECT_EQ(print("-2 ** 2"), "4");
  EXPECT_EQ(print("1 + 2 ~ 3 + 4"), "error"); // (1 + '23') + 4
  EXPECT_EQ(print("1 < 2 < 3, 1 < 3 < 2"), "(True, False)");
  EXPECT_EQ(print("not 1 == 2 and 3 or 4"), "3");
  EXPECT_EQ(print("'a' if 0 else 'b' if 0 else 'c'"), "c");
  EXPECT_EQ(print("-3 | abs"), "3");
  EXPECT_EQ(print("2 not in [1] and 1 is not none"), "True");
}

TEST(Expressions, CountAsPython) {
  EXPECT_EQ(print("-7 // 2, -7 % 3, 7 % -3, -7.5 // 2"), "(-4, 2, -2, -4.0)");
  EXPECT_EQ(print("1e16, 1e-5, 0.1 + 0.2, 100.0, 1_000, 0x1f"),
            "(1e+16, 1e-05, 0.30000000000000004, 100.0, 1000, 31)");
  EXPECT_EQ(print("2 ** -1, 7 / 7"), "(0.5, 1.0)");
  EXPECT_EQ(print("2 ** 63"), "error");
  EXPECT_EQ(print("1 // 0"), "error");
}

TEST(Expressions, SliceTexts) {
  EXPECT_EQ(print("'grüßen'[::-1] ~ 'grüßen'[2:4] ~ 'abc'[-1]"), "neßürgüßc");
  EXPECT_EQ(print("[1, 2, 3, 4][3:0:-2], [1, 2][5:], 'ab'[-9:9]"),
            "([4, 2], [], 'ab')");
}

TEST(Expressions, MissWithoutAnError) {
  EXPECT_EQ(print("d.nothing ~ nothing ~ [1][7] ~ d['x']['y']"), "");
  EXPECT_EQ(print("nothing.more"), "error");
  EXPECT_EQ(print("nothing is defined, nothing|default('x'), nothing == d.no"),
            "(False, 'x', True)");
}

TEST(Expressions, PrintAsPython) {
  EXPECT_EQ(print("[none, true, 1.0, \"it's\", 'a\"\\n\\x01é', {}, (1,), ()]"),
            "[None, True, 1.0, \"it's\", 'a\"\\n\\x01é', {}, (1,), ()]");
  EXPECT_EQ(print("{'a': 1, 2: [3]}"), "{'a': 1, 2: [3]}");
}

TEST(Expressions, FormatAsPython) {
  EXPECT_EQ(print("'%05.1f|%-4s|%+d|%x|%%' % (3.14159, 'é', 5, 255)"),
            "003.1|é   |+5|ff|%");
  EXPECT_EQ(print("'{:>6,}|{x!r}|{0:05}|{1:.2f}'.format(1234, 2.5, x='y')"),
            " 1,234|'y'|01234|2.50");
  EXPECT_EQ(print("'%s %s' % (1,)"), "error");
}

TEST(Filters, ChangeTexts) {
  EXPECT_EQ(print("' \\u00a0x\\n'|trim ~ 'xaxx'.strip('x')"), "xa");
  EXPECT_EQ(print("'straße'|upper ~ 'ÀÉ'|lower ~ 'it\\'s a-b'|title"),
            "STRASSEàéIt's A-B");
  EXPECT_EQ(print("'a\\n\\nb'|indent(2, first=true)"), "  a\n\n  b");
  EXPECT_EQ(print("'aXbXc'.split('X', 1), ' a  b '.split(), ''.split('x')"),
            "(['a', 'bXc'], ['a', 'b'], [''])");
  EXPECT_EQ(print("'aaa'|replace('a', 'b', 2), 'ab'.replace('', '-')"),
            "('bba', '-a-b-')");
}

TEST(Filters, WalkLists) {
  EXPECT_EQ(print("d.l|sort|join('-'), d.l|min, d.l|sum, d.l|last"),
            "('1-2-3', 1, 6, 2)");
  EXPECT_EQ(print("['b', 'A', 'a']|sort, ['b', 'A', 'a']|unique|list"),
            "(['A', 'a', 'b'], ['b', 'A'])");
  EXPECT_EQ(print("[d, {}]|map(attribute='x', default=0)|list"), "[1, 0]");
  EXPECT_EQ(print("[1, 2, 3]|select('odd')|list, [d]|selectattr('x', 'gt', 1)"
                  "|list"),
            "([1, 3], [])");
  EXPECT_EQ(print("d.l|batch(2)|list, d.l|slice(2)|list"),
            "([[3, 1], [2]], [[3, 1], [2]])");
  EXPECT_EQ(print("[{'k': 'b'}, {'k': 'a'}]|groupby('k')|map('first')|list"),
            "['a', 'b']");
}

TEST(Filters, AreTrueThoughEmpty) {
  EXPECT_EQ(print("'yes' if []|select else 'no'"), "yes");
  EXPECT_EQ(print("'yes' if []|select|list else 'no'"), "no");
  EXPECT_EQ(print("none|map('upper')|list"), "[]");
}

TEST(Filters, MarkWhatIsSafe) {
  EXPECT_EQ(print("'<b>'|e + '<'"), "&lt;b&gt;&lt;");
  EXPECT_EQ(print("'<' + '<b>'|safe|trim + 1|string"), "&lt;<b>1");
  EXPECT_EQ(print("'<' ~ '<b>'|safe ~ '<'|e|e"), "<<b>&lt;");
  EXPECT_EQ(print("'<%s>'|safe % '<', ['a'|e], 'x'|e is escaped"),
            "(Markup('<&lt;>'), [Markup('a')], True)");
}

TEST(Filters, WriteJson) {
  EXPECT_EQ(print("{'a': [1, 2.0, none], 'é': '<\"\\n'}|tojson"),
            "{\"a\": [1, 2.0, null], \"é\": \"<\\\"\\n\"}");
  EXPECT_EQ(print("{'b': [], 'a': {'c': 1}}|tojson(indent=1, sort_keys=true)"),
            "{\n \"a\": {\n  \"c\": 1\n },\n \"b\": []\n}");
  EXPECT_EQ(print("nothing|tojson"), "error");
}

TEST(Filters, MakeNumbers) {
  EXPECT_EQ(print("'42.7'|int, 'x'|int(7), '1e3'|float, 2.5|round, 3.5|round,"
                  "2.675|round(2)"),
            "(42, 7, 1000.0, 2.0, 4.0, 2.67)");
}

TEST(Tests, AskForTypes) {
  EXPECT_EQ(print("1 is integer, true is integer, 1.0 is float, 'x' is string,"
                  "d is mapping, d.l is sequence, d.items() is sequence"),
            "(True, False, True, True, True, True, False)");
  EXPECT_EQ(print("6 is divisibleby 3, 'A' is upper, 1 is in [1]"),
            "(True, True, True)");
}

TEST(Time, SpeaksEnglish) {
  EXPECT_EQ(print("strftime_now('%B %Y')"), "July 2025");
}
