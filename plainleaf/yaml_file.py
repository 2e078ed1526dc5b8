"""The one YAML loader: every value stays as written, no key counts twice, each has its line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import yaml

from plainleaf.problems import Place, Problem, choices, read_text

_REQUIRED = "\0"


@dataclass(slots=True)
class Record:
    """A mapping of keys to values in a YAML file, read key by key with the type that is wanted.

    Reading a value that is absent or wrong notes a problem and gives an empty stand-in; is_good
    tells afterwards whether anything was. YAML itself would turn `no`, `9:30` or `1.10` into
    something else; here a value is the text that stands in the file.
    """

    what: str
    source: Place
    problems: list[Problem]
    entries: dict[str, yaml.Node] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    first_line: int = 1
    is_good: bool = True
    read: set[str] = field(default_factory=set)

    def note(self, message: str, hint: str, key: str = "") -> None:
        """Note a problem at a key of this record, or at the record as a whole."""
        self.is_good = False
        self.problems.append(Problem(self.place(key), message, hint))

    def place(self, key: str = "") -> Place:
        """Give where a key stands, or where the record starts."""
        return Place(self.source.path, self.lines.get(key, self.source.line))

    def names(self) -> list[str]:
        """Give the keys in the order of the file."""
        return list(self.entries)

    def has(self, key: str) -> bool:
        """Tell whether the file gives this key."""
        return key in self.entries

    def text(self, key: str, default: str = _REQUIRED) -> str:
        """Give a text; an empty one counts as missing."""
        node = self._node(key, needed=default is _REQUIRED)
        if node is None:
            return "" if default is _REQUIRED else default
        if not isinstance(node, yaml.ScalarNode):
            self.note(f'"{key}" must be a text.', f"Write it on one line: `{key}: …`.", key)
            return ""
        if not node.value.strip() and default is _REQUIRED:
            self.note(f'"{key}" is empty.', f"Write something after `{key}:`.", key)
        return str(node.value).strip()

    def texts(self, key: str, default: Sequence[str] | None = None) -> tuple[str, ...]:
        """Give a list of texts."""
        node = self._node(key, needed=default is None)
        if node is None:
            return tuple(default or ())
        items = node.value if isinstance(node, yaml.SequenceNode) else None
        if not items or not all(isinstance(item, yaml.ScalarNode) for item in items):
            self.note(f'"{key}" must be a list.', f"Write it as `{key}: [one, two]`.", key)
            return ()
        return tuple(str(item.value).strip() for item in items)

    def number(self, key: str, least: int, most: int, default: int | None = None) -> int:
        """Give a whole number between least and most."""
        written = self.text(key, _REQUIRED if default is None else str(default))
        if written.isascii() and written.isdigit() and least <= int(written) <= most:
            return int(written)
        if written:
            self.note(
                f'"{key}" must be a whole number from {least} to {most}, not "{written}".',
                f"Write a number, such as `{key}: {least}`.",
                key,
            )
        return least

    def day(self, key: str) -> date:
        """Give a date, written as year-month-day (ISO 8601)."""
        written = self.text(key)
        try:
            return date.fromisoformat(written)
        except ValueError:
            if written:
                self.note(
                    f'"{key}" must be a date, not "{written}".',
                    f"Write year, month and day, such as `{key}: 2026-11-23`.",
                    key,
                )
            return date.min

    def one_of(self, key: str, names: Iterable[str], default: str = _REQUIRED) -> str:
        """Give a text which is one of the names."""
        names = list(names)
        written = self.text(key, default)
        if written and written != default and written not in names:
            self.note(f'"{written}" is no {key} of {self.what}.', choices(names, written), key)
        return written

    def record(self, key: str, what: str) -> Record | None:
        """Give the mapping under a key, or None where it is absent."""
        node = self._node(key, needed=False)
        return None if node is None else _record(node, what, self.place(key), self.problems, self)

    def records(self, key: str, what: str) -> list[Record]:
        """Give the list of mappings under a key; there must be one at least."""
        node = self._node(key, needed=True)
        if node is None:
            return []
        return _records(node, key, what, self)

    def optional_records(self, key: str, what: str) -> list[Record]:
        """Give the list of mappings under a key, or nothing where it is absent."""
        return self.records(key, what) if self.has(key) else []

    def finish(self) -> bool:
        """Refuse the keys that nobody has read; tell whether the whole record is good."""
        for key in self.entries:
            if key not in self.read:
                hint = choices(self.read, key, "keys")
                self.note(f'"{key}" is not a key of {self.what}.', hint, key)
        return self.is_good

    def _node(self, key: str, *, needed: bool) -> yaml.Node | None:
        self.read.add(key)
        node = self.entries.get(key)
        if node is None and needed:
            self.note(f'"{key}" is missing in {self.what}.', f"Add a line `{key}: …`.")
        return node


def read_yaml(path: Path, name: str, what: str, problems: list[Problem]) -> Record | None:
    """Read a YAML file that holds a mapping; what says in words what it describes."""
    text = read_text(path, name, problems)
    return None if text is None else parse_yaml(text, Place(name, 1), what, problems)


def parse_yaml(text: str, source: Place, what: str, problems: list[Problem]) -> Record | None:
    """Read YAML whose first line stands at source; None, with a problem noted, if it is broken."""
    try:
        node = yaml.compose(text, Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line if mark else 0
        fact = f"the YAML is broken here: {error.problem or error.context}."
        _broken(problems, Place(source.path, source.line + line), fact)
        return None
    except yaml.YAMLError as error:
        position = getattr(error, "position", 0)
        line = text.count("\n", 0, position)
        fact = "the YAML is broken here: a character that cannot be shown."
        _broken(problems, Place(source.path, source.line + line), fact)
        return None
    if node is None:
        problems.append(
            Problem(Place(source.path), "this file is empty.", f"Describe {what} in it.")
        )
        return None
    return _record(node, what, source, problems, None)


def _broken(problems: list[Problem], place: Place, fact: str) -> None:
    hint = "Look at this line and the one before it: spaces, colons and quotes must match."
    problems.append(Problem(place, fact, hint))


def _record(
    node: yaml.Node, what: str, source: Place, problems: list[Problem], parent: Record | None
) -> Record | None:
    first_line = parent.first_line if parent else source.line
    record = Record(what, source, problems, first_line=first_line)
    if not isinstance(node, yaml.MappingNode):
        record.note(
            f"{what} must be written as keys and values.", "Write lines such as `key: value`."
        )
        if parent:
            parent.is_good = False
        return None
    for key_node, value in node.value:
        line = first_line + key_node.start_mark.line
        key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else "?"
        if key in record.entries:
            record.is_good = False
            first = record.lines[key]
            fact = f'"{key}" is given twice, first on line {first}.'
            problems.append(Problem(Place(source.path, line), fact, "Keep one of the two."))
            continue
        record.entries[key] = value
        record.lines[key] = line
    return record


def _records(node: yaml.Node, key: str, what: str, parent: Record) -> list[Record]:
    if not isinstance(node, yaml.SequenceNode) or not node.value:
        parent.note(f'"{key}" must be a list.', "Start each item on a new line with `- `.", key)
        return []
    made = []
    for item in node.value:
        place = Place(parent.source.path, parent.first_line + item.start_mark.line)
        record = _record(item, what, place, parent.problems, parent)
        if record is not None:
            made.append(record)
    return made
