"""The one YAML loader: every value stays as written, no key counts twice, each has its line."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from plainleaf.model import Project
from plainleaf.problems import Place, Problem, choices, short
from plainleaf.text import unseen

_REQUIRED = "\0"
# Lists in lists, in any file of a project: words.yml needs 3 levels, mkdocs.yml some 6.
MOST_LEVELS = 30
# Ten digits hold every count of people that anybody writes about, and every int() reads them.
MOST_DIGITS = 10


class Loader(yaml.BaseLoader):
    """PyYAML's plain loader, for which no value stands for more than is written there.

    Aliases can name each other until ten lines stand for all the memory that there is.
    """

    levels = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        event: Any = self.peek_event()  # type: ignore[no-untyped-call] # not in the stubs
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            sign = "alias" if isinstance(event, yaml.AliasEvent) else "anchor"
            raise yaml.composer.ComposerError(None, None, sign, event.start_mark)
        if getattr(event, "tag", None) not in (None, "!"):
            raise yaml.composer.ComposerError(None, None, "a tag", event.start_mark)
        if self.levels > MOST_LEVELS:
            raise yaml.composer.ComposerError(None, None, "too deep", event.start_mark)
        self.levels += 1
        node = super().compose_node(parent, index)
        self.levels -= 1
        return node

    def scan_flow_scalar_non_spaces(self, double: bool, start_mark: yaml.Mark) -> list[str]:
        try:
            chunks: list[str] = super().scan_flow_scalar_non_spaces(double, start_mark)
            "".join(chunks).encode("utf-8")
        except ValueError:  # beyond the last letter of Unicode, or half a letter
            raise yaml.scanner.ScannerError(None, None, "no letter", self.get_mark()) from None
        return chunks


@dataclass(slots=True)
class Record:
    """A mapping of keys to values in a YAML file, read key by key with the type that is wanted.

    Reading a value that is absent or wrong notes a problem and gives an empty stand-in; is_good
    tells afterwards whether anything was, here or in a record within (parent: the one around).
    YAML itself would turn `no`, `9:30` or `1.10` into something else; here a value is the text
    that stands in the file.
    """

    what: str
    source: Place
    problems: list[Problem]
    entries: dict[str, yaml.Node] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    first_line: int = 1
    is_good: bool = True
    read: set[str] = field(default_factory=set)
    parent: Record | None = None

    def note(self, message: str, hint: str, key: str = "", line: int = 0) -> None:
        """Note a problem on a line, at a key of this record, or at the record as a whole.

        The records that hold this one are no longer good either.
        """
        place = Place(self.source.path, line) if line else self.place(key)
        self.problems.append(Problem(place, message, hint))
        record: Record | None = self
        while record:
            record.is_good = False
            record = record.parent

    def warn(self, message: str, hint: str, key: str) -> None:
        """Note what may be wrong at a key, and does not make the record a bad one."""
        self.problems.append(Problem(self.place(key), message, hint, is_warning=True))

    def place(self, key: str = "") -> Place:
        """Give where a key stands, or where the record starts."""
        return Place(self.source.path, self.lines.get(key, self.source.line))

    def example(self, key: str, value: str) -> str:
        """Give a value as it may be written in the file."""
        return f'`{key}: "{value}"`' if value.startswith("#") else f"`{key}: {value}`"

    def way_in(self, key: str) -> str:
        """Say where to write what is missing."""
        return f"Add a line `{key}: …`."

    def names(self) -> list[str]:
        """Give the keys in the order of the file."""
        return list(self.entries)

    def has(self, key: str) -> bool:
        """Tell whether the file gives this key."""
        return key in self.entries

    def is_bare(self, key: str) -> bool:
        """Tell whether a key stands there with nothing after it, which is then judged."""
        self.read.add(key)
        node = self.entries.get(key)
        return isinstance(node, yaml.ScalarNode) and not node.value.strip()

    def is_text(self, key: str) -> bool:
        """Tell whether the value of a key is a single text, and no list or mapping."""
        return isinstance(self.entries.get(key), yaml.ScalarNode)

    def peek(self, key: str) -> str:
        """Give a text without judging it; "" where there is none."""
        node = self.entries.get(key)
        return str(node.value).strip() if isinstance(node, yaml.ScalarNode) else ""

    def items(self, key: str) -> Iterator[tuple[str, int]]:
        """Give each text of a list with its line, without judging it."""
        node = self.entries.get(key)
        for item in node.value if isinstance(node, yaml.SequenceNode) else ():
            if isinstance(item, yaml.ScalarNode):
                yield str(item.value).strip(), self._line_of(item)

    def text(self, key: str, default: str = _REQUIRED) -> str:
        """Give a text; an empty one counts as missing."""
        node = self._node(key, needed=default is _REQUIRED)
        if node is None:
            return "" if default is _REQUIRED else default
        if not isinstance(node, yaml.ScalarNode):
            self.note(f'"{key}" must be a text.', f"Write it on one line: `{key}: …`.", key)
            return ""
        if not node.value.strip() and default is _REQUIRED:
            hint = f"Write something after `{key}:`."
            if _starts_a_comment(node):
                hint = "Put the text in quotes: what stands after `#` is left out, as a comment."
            self.note(f'"{key}" is empty.', hint, key)
        if unseen(node.value):
            self.note(f'"{key}" holds a sign that cannot be seen.', "Write the line again.", key)
            return ""
        return str(node.value).strip()

    def texts(self, key: str, default: Sequence[str] | None = None) -> tuple[str, ...]:
        """Give a list of texts."""
        node = self._node(key, needed=default is None)
        if node is None:
            return tuple(default or ())
        items = node.value if isinstance(node, yaml.SequenceNode) else None
        if not items or not all(isinstance(item, yaml.ScalarNode) for item in items):
            fact = "has nothing in it" if items == [] else "must be a list"
            self.note(f'"{key}" {fact}.', f"Write it as `{key}: [one, two]`.", key)
            return ()
        if not all(item.value.strip() and not unseen(item.value) for item in items):
            hint = "Write something there, or take it away."
            self.note(f'"{key}" has an item that is empty.', hint, key)
            return ()
        return tuple(str(item.value).strip() for item in items)

    def number(self, key: str, least: int, most: int, default: int | None = None) -> int:
        """Give a whole number between least and most."""
        written = self.text(key, _REQUIRED if default is None else str(default))
        number = whole_number(written)
        if number is not None and least <= number <= most:
            return number
        if written:
            bounds = f"from {least} to {most}"
            fact = f'"{key}" must be a whole number {bounds}, not "{short(written)}".'
            self.note(fact, f"Write a number, such as `{key}: {least}`.", key)
        return least

    def day(self, key: str) -> date:
        """Give a date, written as year-month-day (ISO 8601)."""
        written = self.text(key)
        try:
            return date.fromisoformat(written)
        except ValueError:
            if written:
                hint = f"Write year, month and day, such as `{key}: 2026-11-23`."
                self.note(f'"{key}" must be a date, not "{written}".', hint, key)
            return date.min

    def one_of(self, key: str, names: Collection[str], default: str = _REQUIRED) -> str:
        """Give a text which is one of the names, or "" if it is not."""
        written = self.text(key, default)
        if written in names:
            return written
        if written:
            self.note(f'"{key}" cannot be "{written}".', choices(names, written), key)
        return ""

    def record(self, key: str, what: str) -> Record | None:
        """Give the mapping under a key, or None where it is absent or none."""
        node = self._node(key, needed=False)
        return None if node is None else _record(node, what, self.place(key), self.problems, self)

    def tables(self, what: str) -> Iterator[tuple[str, Record]]:
        """Give each key with the mapping under it; where there is none, it is noted."""
        for key in self.entries:
            if record := self.record(key, what):
                yield key, record

    def texts_by_key(self) -> dict[str, str]:
        """Give the text under each key."""
        return {key: self.text(key) for key in self.entries}

    def records(self, key: str, what: str) -> list[Record]:
        """Give the list of mappings under a key; there must be one at least."""
        node = self._node(key, needed=True)
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode):
            self.note(f'"{key}" must be a list.', "Start each item on a new line with `- `.", key)
            return []
        if not node.value:
            hint = "Start each item on a new line with `- `, or take the line away."
            self.note(f'"{key}" has nothing in it.', hint, key)
        made = []
        for item in node.value:
            place = Place(self.source.path, self._line_of(item))
            if record := _record(item, what, place, self.problems, self):
                made.append(record)
        return made

    def finish(self) -> bool:
        """Refuse the keys that nobody has read; tell whether the whole record is good."""
        for key in self.entries:
            if key not in self.read:
                hint = choices(self.read, key, "keys")
                self.note(f'"{key}" is not a key of {self.what}.', hint, key)
        return self.is_good

    def _line_of(self, node: yaml.Node) -> int:
        return self.first_line + node.start_mark.line

    def _node(self, key: str, *, needed: bool) -> yaml.Node | None:
        self.read.add(key)
        node = self.entries.get(key)
        if node is None and needed:
            self.note(f'"{key}" is missing in {self.what}.', self.way_in(key))
        return node


def whole_number(written: str) -> int | None:
    """Give the number that a text of ASCII digits stands for; None for others and longer ones."""
    is_one = written.isascii() and written.isdigit() and len(written) <= MOST_DIGITS
    return int(written) if is_one else None


def read_yaml(project: Project, path: Path, what: str, problems: list[Problem]) -> Record | None:
    """Read a YAML file that holds a mapping; what says in words what it describes."""
    text = project.read(path, problems)
    if text is None:
        return None
    return parse_yaml(text, Place(project.name(path), 1), what, problems)


def yaml_files(project: Project, folder: str, what: str, problems: list[Problem]) -> Iterator[Path]:
    """Give the YAML files of a folder of the project, each of which is a what; refuse others."""
    for path in project.entries(folder):
        if path.suffix == ".yml":
            yield path
        else:
            fact = f"this is no {what}: its name does not end in .yml."
            problems.append(Problem(Place(project.name(path)), fact, "Rename the file."))


def node_of(value: str | Sequence[str]) -> yaml.Node:
    """Give a text, or a list of texts, as YAML would: for a record that comes from elsewhere."""
    if isinstance(value, str):
        return yaml.ScalarNode("", value)
    return yaml.SequenceNode("", [yaml.ScalarNode("", text) for text in value])


def parse_yaml(text: str, source: Place, what: str, problems: list[Problem]) -> Record | None:
    """Read YAML whose first line stands at source; None, with a problem noted, if it is broken."""
    cut_off = _cut_off(text)
    for line in cut_off:
        fact = "what stands after `#` on this line is left out, as a comment."
        hint = "Put the whole text in quotes, or write the comment on a line of its own."
        problems.append(Problem(Place(source.path, source.line + line), fact, hint))
    try:
        node = _composed(text)
    except yaml.MarkedYAMLError as error:
        if cut_off:
            return None  # a bracket may be closed in what was taken for a comment
        line, fact, hint = _broken(error)
        problems.append(Problem(Place(source.path, source.line + line), fact, hint))
        return None
    except yaml.YAMLError as error:
        line = source.line + text.count("\n", 0, getattr(error, "position", 0))
        fact = "this line holds a sign that cannot be seen."
        problems.append(Problem(Place(source.path, line), fact, "Write the line again."))
        return None
    if node is None:
        fact, hint = "this file is empty.", f"Describe {what} in it."
        problems.append(Problem(Place(source.path), fact, hint))
        return None
    return _record(node, what, source, problems, None)


@lru_cache(512)
def _composed(text: str) -> yaml.Node | None:
    """Give YAML as nodes, which are shared and must not be changed."""
    node: yaml.Node | None = yaml.compose(text, Loader=Loader)
    return node


# A comment beside a value: a gap before `#`, and a space after it. A waiver is no part of a value.
_COMMENT = re.compile(r" *(?:$|#\s*waive\b)|(?:  +|\t\s*)#(?:$|\s+(?!\d))")
# Each end of a line that starts as a comment does, behind something.
_BESIDE = re.compile(r"(?<=\S)(?=([^\S\n]+#.*))")


@lru_cache(512)
def _cut_off(text: str) -> tuple[int, ...]:
    """Give the lines, counted from 0, on which a part of a value is taken for a comment.

    YAML leaves out what stands after ` #`: `name: Harbour Clinic #2` names a Harbour Clinic.
    """
    if all(_COMMENT.match(left) for left in _BESIDE.findall(text)):
        return ()  # as in most files, for which no value has to be found
    lines = text.split("\n")
    cut: dict[int, None] = {}
    with suppress(yaml.YAMLError):  # parse_yaml names the fault
        for token in yaml.scan(text, Loader=Loader):
            if isinstance(token, yaml.ScalarToken) and token.plain:
                mark = token.end_mark
                left = lines[mark.line][mark.column :]
                if left.lstrip().startswith("#") and not _COMMENT.match(left):
                    cut[mark.line] = None
    return tuple(cut)


def _starts_a_comment(empty: yaml.Node) -> bool:
    """Tell whether a comment stands where the text of a node should."""
    mark = empty.start_mark  # None for what comes from a table
    lines = (mark.buffer or "").split("\n") if mark else []
    return bool(lines) and "#" in lines[mark.line]


# What PyYAML says, and what that means for a person who writes `key: value`.
_SLIPS = (
    (
        "mapping values are not allowed",
        "this line has a colon too many.",
        'Put the text after the first colon in quotes: `key: "one: two"`.',
    ),
    ("'\\t'", "this line starts with a tab.", "Write spaces instead."),
    ("that cannot start any token", "a text cannot start like this.", "Put the text in quotes."),
    ("alias", "a text cannot start with `*`.", "Put the text in quotes."),
    ("anchor", "a text cannot start with `&`.", "Put the text in quotes."),
    ("a tag", "this value carries a tag, such as `!ENV`.", "Write the plain value instead."),
    ("too deep", "the lists in this file go too deep.", "Look for a long row of brackets."),
    (
        "no letter",
        "what stands after a backslash on this line is no letter.",
        "Write the letter itself, or `\\\\` for a backslash.",
    ),
    ("unexpected end of stream", "a quote is opened here and never closed.", "Close it."),
    ("expected ',' or ']'", "a `[` is opened here and never closed.", "Close it with `]`."),
    ("expected ',' or '}'", "a `{` is opened here and never closed.", "Close it with `}`."),
    (
        "could not find expected ':'",
        "this line has no colon with a space after it.",
        "Write it as `key: value`.",
    ),
    (
        "expected <block end>",
        "this line does not fit to the lines above it.",
        "Look at the spaces at its start, and at quotes and brackets above.",
    ),
    ("another document", "`---` stands in the middle of this file.", "Take the line away."),
)


def _broken(error: yaml.MarkedYAMLError) -> tuple[int, str, str]:
    """Say what is wrong with the YAML: how many lines below the first, the fact, the way out."""
    message = f"{error.context or ''} {error.problem or ''}"
    mark = error.problem_mark or error.context_mark
    fact = "the YAML is broken here."
    hint = "Look at this line and the one before it: spaces, colons and quotes must match."
    for sign, *fact_and_hint in _SLIPS:
        if sign in message:
            fact, hint = fact_and_hint
            break
    if "opened here" in fact or "no colon" in fact:
        mark = error.context_mark or mark
    return (mark.line if mark else 0), fact, hint


def _runs_on(key: yaml.Node, value: yaml.Node) -> bool:
    """Tell whether a text in quotes goes on over lines that look like keys: its end is missing."""
    if not isinstance(value, yaml.ScalarNode) or value.style not in ("'", '"'):
        return False
    lines = (value.start_mark.buffer or "").split("\n")
    inner = lines[value.start_mark.line + 1 : value.end_mark.line + 1]
    return any(line[: key.start_mark.column + 1].strip() for line in inner)


def line_of_key(project: Project, source: Place, *keys: str) -> Place:
    """Give where a key stands in a YAML file or in the front matter of a page; see key_in."""
    return key_in(project.text(source.path), source, *keys)


def key_in(text: str, source: Place, *keys: str) -> Place:
    """Give where a key stands in the text of such a file, or source if it does not.

    It is the last of keys, and those before it name the tables that hold it: a word and a label
    may have the same name.
    """
    lines = text.split("\n")
    is_page = lines[0] == "---" and "---" in lines[1:]
    try:
        table = _composed("\n".join(lines[1 : lines.index("---", 1)]) if is_page else text)
    except yaml.YAMLError:  # parse_yaml names the fault
        return source
    line = 0
    for key in keys:
        entries = table.value if isinstance(table, yaml.MappingNode) else ()
        entry = next((pair for pair in entries if _name_of(pair[0]) == key), None)
        if entry is None:
            return source
        line, table = entry[0].start_mark.line, entry[1]
    return Place(source.path, line + 1 + is_page)


def _name_of(key: yaml.Node) -> str:
    return " ".join(str(key.value).split()) if isinstance(key, yaml.ScalarNode) else "?"


@lru_cache(512)
def scalars(text: str) -> tuple[tuple[str, int], ...]:
    """Give every text that stands in a YAML file, comments left out, with its line."""
    tokens = yaml.scan(text, Loader=Loader)
    scalar_tokens = [token for token in tokens if isinstance(token, yaml.ScalarToken)]
    return tuple((token.value, token.start_mark.line + 1) for token in scalar_tokens)


def _record(
    node: yaml.Node, what: str, source: Place, problems: list[Problem], parent: Record | None
) -> Record | None:
    first_line = parent.first_line if parent else source.line
    record = Record(what, source, problems, first_line=first_line, parent=parent)
    if not isinstance(node, yaml.MappingNode):
        hint = "Write lines such as `key: value`."
        record.note(f"{what} must be written as keys and values.", hint)
        return None
    for key_node, value in node.value:
        line = first_line + key_node.start_mark.line
        key = _name_of(key_node)
        if _runs_on(key_node, value):
            fact = "a quote is opened here and not closed on this line."
            record.note(fact, "Close it.", line=line)
            return None
        if key in record.entries:
            fact = f'"{key}" is given twice, first on line {record.lines[key]}.'
            record.note(fact, "Keep one of the two.", line=line)
            continue
        record.entries[key] = value
        record.lines[key] = line
    return record
