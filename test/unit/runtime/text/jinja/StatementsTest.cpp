// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tags: blanks around them, scopes, loops and macros.

#include "test/unit/runtime/text/jinja/Render.h"

TEST(Blanks, GoAroundBlocks) {
  EXPECT_EQ(render("a\n  {% if true %}\n  b\n  {% endif %}\nc\n"), "a\n  b\nc");
  EXPECT_EQ(render("a \n {%- if true -%} \n b {%- endif %}\n\nc"), "ab\nc");
  EXPECT_EQ(render("a\n  {%+ if true +%}\nb{% endif %}"), "a\n  \nb");
  EXPECT_EQ(render("a {{- 1 -}} \n b"), "a1b");
  EXPECT_EQ(render("  {# x #}\n  y\n{#- z -#}\n w"), "  yw");
  EXPECT_EQ(render("x {% if true %}y{% endif %} z"), "x y z");
  EXPECT_EQ(render("a\r\nb\rc\r\n"), "a\nb\nc");
}

TEST(Blanks, StayInRawText) {
  EXPECT_EQ(render("{% raw %} {{ x }} {% endraw %}!"), " {{ x }} !");
  EXPECT_EQ(render("{%- raw -%} {% if %} {%- endraw -%} !"), "{% if %}!");
}

TEST(Brackets, HideTheEndOfATag) {
  EXPECT_EQ(render("{{ {'a': {}} }}"), "{'a': {}}");
  EXPECT_EQ(render("{{ '}}' }}{% set x = '%}' %}{{ x }}"), "}}%}");
}

TEST(Set, StaysInsideOfLoops) {
  EXPECT_EQ(render("{% set x = 1 %}{% for i in [1, 2] %}{{ x }}{% set x = 5 %}"
                   "{{ x }}{% endfor %}{{ x }}"),
            "15151");
  EXPECT_EQ(render("{% set n = namespace(x=1) %}{% for i in [1, 2] %}"
                   "{% set n.x = n.x + i %}{% endfor %}{{ n.x }}"),
            "4");
  EXPECT_EQ(render("{% if true %}{% set x = 2 %}{% endif %}{{ x }}"), "2");
}

TEST(Set, TakesTuplesAndBlocks) {
  EXPECT_EQ(render("{% set a, (b, c) = 1, [2, 3] %}{{ a }}{{ b }}{{ c }}"),
            "123");
  EXPECT_EQ(render("{% set x | upper %}a{{ 1 }}{% endset %}{{ x }}"), "A1");
  EXPECT_EQ(render("{% set a, b = [1] %}"), "error");
  EXPECT_EQ(render("{% set d.x = 1 %}"), "error");
}

TEST(For, KnowsItsLoop) {
  EXPECT_EQ(render("{% for c in 'abc' %}{{ loop.index }}{{ loop.revindex0 }}"
                   "{{ loop.first }}{{ loop.last }}{{ loop.previtem }}"
                   "{{ loop.nextitem }} {% endfor %}"),
            "12TrueFalseb 21FalseFalseac 30FalseTrueb ");
  EXPECT_EQ(render("{% for k, v in d.items() %}{{ k }}={{ v }};{% endfor %}"),
            "x=1;l=[3, 1, 2];");
  EXPECT_EQ(render("{% for i in [1, 2, 3] if i != 2 %}{{ loop.length }}{{ i }}"
                   "{% endfor %}"),
            "2123");
  EXPECT_EQ(render("{% for i in [1, 1, 2] %}{{ loop.changed(i) }}"
                   "{{ loop.cycle('a', 'b') }}{% endfor %}"),
            "TrueaFalsebTruea");
}

TEST(For, EndsEarly) {
  EXPECT_EQ(
      render("{% for i in range(9) %}{% if i == 1 %}{% continue %}"
             "{% elif i == 3 %}{% break %}{% endif %}{{ i }}{% endfor %}"),
      "02");
  EXPECT_EQ(render("{% for i in [] %}x{% else %}none{% endfor %}"), "none");
  EXPECT_EQ(render("{% break %}"), "error");
  EXPECT_EQ(render("{% for i in none %}{% endfor %}"), "error");
}

TEST(For, Recurses) {
  EXPECT_EQ(render("{% for i in [1, [2, [3]]] recursive %}{{ loop.depth }}"
                   "{% if i is iterable %}({{ loop(i) }}){% else %}:{{ i }}"
                   "{% endif %} {% endfor %}"),
            "1:1 1(2:2 2(3:3 ) ) ");
}

TEST(Macros, TakeArguments) {
  EXPECT_EQ(render("{% macro m(a, b=a ~ '!', c=3) %}{{ a }}{{ b }}{{ c }}"
                   "{% endmacro %}{{ m(1) }} {{ m(1, c=2) }} {{ m(b=0) }}"),
            "11!3 11!2 03");
  EXPECT_EQ(render("{% macro m() %}{{ varargs }}{{ kwargs }}{% endmacro %}"
                   "{{ m(*[1, 2], **{'x': 3}) }}"),
            "(1, 2){'x': 3}");
}

TEST(Macros, SeeWhatIsAroundThem) {
  EXPECT_EQ(render("{% macro m() %}{{ x }}{% endmacro %}{% set x = 1 %}"
                   "{{ m() }}"),
            "1");
  EXPECT_EQ(render("{% macro m(n) %}{{ n }}{% if n %}{{ m(n - 1) }}{% endif %}"
                   "{% endmacro %}{{ m(3) }}"),
            "3210");
}

TEST(Macros, CallBack) {
  EXPECT_EQ(render("{% macro m(x) %}<{{ caller(x) }}>{% endmacro %}"
                   "{% call(y) m(2) %}{{ y }}{{ d.x }}{% endcall %}"),
            "<21>");
}

TEST(Blocks, HaveScopes) {
  EXPECT_EQ(render("{% with a = 1, b = 2 %}{{ a }}{{ b }}{% endwith %}{{ a }}"),
            "12");
  EXPECT_EQ(render("{% filter upper | replace('A', 'b') %}ac{% endfilter %}"),
            "bC");
  EXPECT_EQ(render("{% generation %}{% set z = 1 %}{{ z }}{% endgeneration %}"
                   "{{ z }}"),
            "1");
}
