"""The second reader: Markdown that editors show in another way than it is printed is refused."""

from __future__ import annotations

import lxml.html
import markdown
import pytest

from plainleaf.problems import Problem
from plainleaf.read.second_reader import second_reading

EXTENSIONS = ("toc", "tables", "fenced_code", "attr_list", "admonition")


def read_twice(text: str, *more: str) -> list[Problem]:
    extensions = [*EXTENSIONS, *more]
    html = markdown.markdown(text, extensions=extensions)
    tree = lxml.html.fragment_fromstring(html, create_parent="div")
    code = [element.text_content() for element in tree.iter("pre")]
    return list(second_reading(text, "page.md", extensions, code))


def said(text: str, *more: str) -> list[str]:
    """Give what is found, each as its line and the start of its fact."""
    return [f"{each.source.line}: {each.message}" for each in read_twice(text, *more)]


GLUED_LIST = "the list that starts here would run on from the line above"
GLUED_TABLE = "the table that starts here would run on from the line above"
TWO_WAYS = "this is read in two ways: "
NO_TABLE = "this is no table: the line below its heads is missing."
NESTED = " belongs to the item above in most editors, and not on the website and paper."
CODE = "the spaces at the start of this line make it a piece of code."
QUOTE = "`>` at the start of this line makes a quotation, and is not printed."
PLUS = "`+` at the start of this line makes an item of a list, and is not printed."
NOT_PRINTED = "this line is not printed: it is taken for the address of a link."
OTHER_LIST = (
    "the website and paper would go on with the list above, and most editors start another."
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # lists and tables that no empty line parts from the sentence above
        ("Call us if you have:\n- fever\n- pus", [f"2: {GLUED_LIST}"]),
        ("Call us:\n* fever\n* pus", [f"2: {GLUED_LIST}"]),
        ("Call us:\n1. fever\n2. pus", [f"2: {GLUED_LIST}"]),
        ("**Call us**\n- fever\n\n- pus", [f"2: {GLUED_LIST}"]),
        ('!!! key ""\n\n    ## A {#a}\n\n    You:\n    - fever\n    - pus', [f"6: {GLUED_LIST}"]),
        ("- Call us\n\n    For:\n    - pus", [f"4: {GLUED_LIST}"]),
        ("A sentence.\n- And a dash that goes on.", [f"2: {GLUED_LIST}"]),
        ("Doses:\n| a | b |\n|---|---|\n| 1 | 2 |", [f"2: {GLUED_TABLE}"]),
        ("Call us:\n1) fever\n2) pus", ["2: `1)` starts a list in most editors, and none on"]),
        ("1) fever\n\n2) pus", ["1: `1)` starts a list in most editors, and none on"]),
        # indents
        ("- Medicines\n  - blood thinners\n- Food", [f"2: this list{NESTED}"]),
        ("- Medicines\n   - blood thinners", [f"2: this list{NESTED}"]),
        ("1. Wash.\n   1. First.", [f"2: this numbered list{NESTED}"]),
        ("1. Wash.\n\n   Dry it well.\n\n2. Cover.", [f"3: this paragraph{NESTED}"]),
        ("- Wash.\n\n  Dry it well.\n- Cover.", [f"3: this paragraph{NESTED}"]),
        ("Text.\n\n    four spaces", [f"3: {CODE}"]),
        ("Text.\n\n\ta tab", [f"3: {CODE}"]),
        ("```\ncode\n```\n\n  ```\n  more\n  ```", [f"5: {TWO_WAYS}"]),
        # numbers
        ("1. Wash.\n\nDry it.\n\n2. Cover.", ["5: this list starts with 2, and would be printed"]),
        ("2026. We wrote this.", ["1: this list starts with 2026, and would be printed from 1."]),
        ("5. five\n6. six", ["1: this list starts with 5, and would be printed from 1."]),
        ("1. a\n2. b\n1. c\n2. d", ["3: this item is typed as 1, and would be printed as 3."]),
        ("1. a\n3. b", ["2: this item is typed as 3, and would be printed as 2."]),
        ("١. اغسل\n٢. جفف", [f"1: {TWO_WAYS}"]),
        # signs that have another meaning at the start of a line
        ("Call us if it is\n> 38 °C for a day.", [f"2: {QUOTE}"]),
        ("- > 38 °C for a day", [f"1: {QUOTE}"]),
        ("+ 5 kg", [f"1: {PLUS}"]),
        ("Put on\n+ 5 kg", [f"2: {PLUS}"]),
        ("- 5 °C", ["1: `-` at the start of this line makes a list of it, and is no minus."]),
        ("The fridge is at\n- 5 °C", ["2: `-` at the start of this line makes a list of it"]),
        ("#5 is best", [f"1: {TWO_WAYS}the website and paper would show a heading, most"]),
        ("Text\n#5 is best", [f"2: {TWO_WAYS}"]),
        (" ## Wash {#wash}", [f"1: {TWO_WAYS}"]),
        ("A sentence\n===", ["1: the line of `===` below makes a heading of this."]),
        ("A sentence\n---", ["1: the line of `---` below makes a heading of this."]),
        ("Two lines\nof text\n---", ["1: the line of `---` below makes a heading of this."]),
        ("- one\n-\n- two", ["2: this item is empty."]),
        # what other programs write
        ("• fever\n• pus", ['1: "•" at the start of this line makes no list.']),
        ("Call us:\n· fever", ['2: "·" at the start of this line makes no list.']),
        ("\uf0b7 fever", ["1: a sign of Word (U+F0B7) at the start of this line makes no list."]),
        ("o\tfever", ['1: "o" at the start of this line makes no list.']),
        ("o fever\no pus", ['1: "o" and "o" at the start of these lines make no list']),
        ("– fever", ['1: "–" at the start of this line makes no list.']),
        ("a) fever\nb) pus", ['1: "a)" and "b)" at the start of these lines make no list']),
        ("-fever\n-pus", ['1: "-" and "-" at the start of these lines make no list']),
        ("1.fever\n2.pus", ['1: "1." and "2." at the start of these lines make no list']),
        ("- [ ] fever", ['1: "[ ]" is a box to tick in some editors, and is printed.']),
        # tables
        ("| a | b |\n| 1 | 2 |", [f"1: {NO_TABLE}"]),
        # two lists or one
        ("- a\n* b", [f"2: {OTHER_LIST}"]),
        ("- a\n\n1. b", [f"3: {OTHER_LIST}"]),
        # signs within a line
        ("back\\\nslash", [f'1: {TWO_WAYS}the website and paper would show "back\\ slash"']),
        (
            "It costs \\$5.",
            [f'1: {TWO_WAYS}the website and paper would show "It costs \\$5.", most'],
        ),
        ("~~gone~~", [f"1: {TWO_WAYS}"]),
        ('**"Yes"**but', [f"1: {TWO_WAYS}"]),
        ("see <www.nhs.uk> there", [f"1: {TWO_WAYS}"]),
        # HTML, boxes, and lines that vanish
        ("<div>\n\n- a\n\n</div>", [f"3: {TWO_WAYS}"]),
        ('!!! key ""\n\n  - a\n  - b', ["1: this box is empty."]),
        ("[Note]: important", [f"1: {NOT_PRINTED}"]),
        ("[a][b]\n\n[b]: https://a.example", [f"3: {NOT_PRINTED}"]),
        (
            '=== "Adults"\n\n    Press.',
            ["3: this is no content tab: mkdocs.yml lists no extension"],
        ),
        # the same fault at two places is told at both
        ("A:\n- b\n\nC:\n- d", [f"2: {GLUED_LIST}", f"5: {GLUED_LIST}"]),
    ],
)
def test_what_looks_otherwise_is_named_at_its_line(text: str, found: list[str]) -> None:
    told = said(text)

    assert len(told) == len(found), told
    assert all(one.startswith(start) for one, start in zip(told, found, strict=True)), told


@pytest.mark.parametrize(
    "text",
    [
        "Call us if you have:\n\n- fever\n- pus\n\n## Next {#next}\n- a\n- b",
        "- Medicines\n    - blood thinners\n        - deeper\n- Food",
        "- a\n  goes on\n    - b",
        "1. Wash.\n\n    Dry it well.\n\n2. Cover.\n\n    ![A hand](a.svg)\n\n3. Rest.",
        "1. a\n1. b\n1. c",
        "1. a\n2. b\n\nText.\n\n1. a\n2. b",
        "- 5 g of sugar\n- 6 g of salt",
        "We wrote it in\n2026. We said so.",
        "Below < 5 mg, 3 > 2, 5 * 3 and 4 * 2, snake_case, a_b_c and 3*4.",
        "Call us for fever,\npus - or pain\n– or both.",
        "two spaces  \nand a break<br>or two",
        "| a | b |\n|---|---|\n| 1 | |\n| `x` | **y** [z](z.md) |",
        'See ![x](a.svg){ width=50% } and [l](x.md "t"){ .x title="y z" }\n{: .small }',
        '!!! ways ""\n\n    !!! way ""\n\n        ### A {#a}\n\n        - b\n\n    Text.\nAfter.',
        '!!! note "Title"\n    text',
        "- **Term** (other form): meaning\n- **Other**: `code`",
        'The rate is {{ cite("x") }}.\n\n{{ risk_table(\n  "a", "b") }}\n\n- {{ cite("x") }}',
        "{% if true %}\n- a\n{% endif %}\n- b",
        "<https://a.example> and <a@b.example> &amp; &lt; &nbsp; © AT&T",
        "\\> 38 °C and \\+ 5 kg, 2026\\. Yes, \\*no\\*.",
        "1. Wash\n    - a\n    - b\n2. Dry",
    ],
)
def test_what_means_what_it_looks_like_passes(text: str) -> None:
    assert said(text) == []


def test_the_line_is_that_of_the_file_whatever_is_filled_in_above() -> None:
    text = '{% if true %}\n{{ risk_table(\n"a",\n"b") }}\n{% endif %}\n\nYou:\n{: .x }\n- fever'

    assert said(text) == [f"9: {GLUED_LIST}, in one sentence."]


def test_a_statement_leaves_no_empty_line() -> None:
    assert said("You:\n{% if true %}\n- fever\n{% endif %}") == [
        f"3: {GLUED_LIST}, in one sentence."
    ]


def test_signs_of_an_extension_are_its_own() -> None:
    notes = "Word[^1].\n\n[^1]: Hello"
    terms = "Term\n:   Meaning\n\n*[A]: Away"
    inside = '<div markdown="1">\n\n- a\n\n</div>'

    assert said(notes, "footnotes") == said(terms, "def_list", "abbr") == []
    assert said(inside, "md_in_html") == []
    assert said(notes, "extra") == said(inside, "extra") == []


@pytest.mark.parametrize("sign", ["> ", "- ", "    "])
def test_what_stands_deep_within_is_read_in_the_end(sign: str) -> None:
    assert said(f"{sign * 90}x")
