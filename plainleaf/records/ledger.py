"""The ledger: a file for each handout with every version that was ever issued.

People read it; only `issue` and `withdraw` write it. Git keeps the words themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from plainleaf.files.yaml_file import Loader, Record, read_yaml, yaml_files
from plainleaf.machine.disk import write_whole as write_file
from plainleaf.machine.program import NAME
from plainleaf.model import TRANSLATIONS, Approval, Edition, Project, Withdrawal
from plainleaf.problems import MachineError, Problem
from plainleaf.text import read

FOLDER = "ledger"
_HEADER = (
    f"# Every version of this handout that was issued. {NAME} writes this file; edit nothing.\n"
)
# The keys of an entry, in the order of the file.
_KEYS = "version title issued review_by author reviewer translation translates change mark content"

Editions = Mapping[tuple[str, str], tuple[Edition, ...]]


def ledger_path(handout: str) -> str:
    """Give where the ledger of a handout lies, from the project's folder."""
    return f"{FOLDER}/{handout}.yml"


def read_ledger(project: Project, problems: list[Problem]) -> Editions:
    """Read every ledger, the editions of each handout and language in the order of the file."""
    editions: dict[tuple[str, str], tuple[Edition, ...]] = {}
    for path in yaml_files(project, FOLDER, "ledger", problems):
        if record := read_yaml(project, path, "a ledger", problems):
            for language in record.names():
                if record.is_bare(language):
                    continue  # its only version was taken out, as the gates ask for some faults
                items = record.records(language, "a version")
                versions = [_edition(path.stem, language, item) for item in items]
                editions[path.stem, language] = tuple(filter(None, versions))
    return editions


def _edition(handout: str, language: str, record: Record) -> Edition | None:
    edition = Edition(
        handout,
        language,
        record.text("version"),
        record.text("title"),
        record.day("issued"),
        record.day("review_by"),
        record.text("author"),
        record.text("reviewer"),
        record.one_of("translation", TRANSLATIONS[1:], ""),
        record.text("translates", ""),
        record.text("change"),
        record.text("content"),
        record.text("mark"),
        _withdrawal(record),
        record.place("version"),
    )
    return edition if record.finish() else None


def _withdrawal(record: Record) -> Withdrawal | None:
    inner = record.record("withdrawn", "a withdrawal")
    if inner is None:
        return None
    withdrawal = Withdrawal(inner.day("on"), inner.text("why"), inner.text("instead"))
    inner.finish()
    return withdrawal


def sealed_fields(edition: Edition) -> list[str]:
    """Give the fields of an entry from which its mark is drawn; a withdrawal is added later."""
    return [
        edition.handout,
        edition.language,
        *(f"{key}: {value}" for key, value in entry_of(edition, _KEYS).items() if key != "mark"),
    ]


def add(project: Project, edition: Edition) -> Path:
    """Write a new edition into the ledger of its handout; give the file.

    Raises OSError for a disk that is full or closed, and MachineError as write_whole does; the
    file is then as it was.
    """
    path = project.folder / ledger_path(edition.handout)
    text = text_of(path) or _HEADER
    holds, fields = parsed(text), entry_of(edition, _KEYS)
    holds[edition.language] = [*(holds.get(edition.language) or []), fields]
    entry = entry_lines(fields, "  - ", "    ")
    editions = _below(text, edition.language)
    if editions is None:
        text = inserted(text, None, f"{edition.language}:\n{entry}")
    else:
        text = inserted(text, last_line(editions), entry)
    write_whole(project, path, text, holds)
    return path


def withdraw(project: Project, edition: Edition, withdrawal: Withdrawal) -> Path:
    """Write below an edition that it is withdrawn; give the file. Raises what add raises."""
    path = project.folder / edition.source.path
    text = text_of(path)
    editions = _below(text, edition.language)
    assert editions is not None, "an edition that was read stands in its file"
    ends = [last_line(node) for node in editions.value]
    # Not by its version: after a merge of two branches there may be two of the same.
    number = next(at for at, end in enumerate(ends) if edition.source.line <= end + 1)
    fields = {"on": str(withdrawal.on), "why": withdrawal.why, "instead": withdrawal.instead}
    holds = parsed(text)
    holds[edition.language][number] |= {"withdrawn": fields}
    entry = "    withdrawn:\n" + entry_lines(fields, "      ", "      ")
    write_whole(project, path, inserted(text, ends[number], entry), holds)
    return path


def text_of(path: Path) -> str:
    """Give the text of a file of records with its own line ends; "" if there is none."""
    return read(path).decode("utf-8") if path.exists() else ""


def parsed(text: str) -> dict[str, Any]:
    """Give all that a file of records holds, each value as it is written."""
    return dict(yaml.load(text, Loader=Loader) or {})


def inserted(text: str, line: int | None, entry: str) -> str:
    """Give a text with an entry below a line (from 0), or at its end, with its own line ends."""
    lines = text.splitlines(keepends=True)
    end = "\r\n" if "\r\n" in text else "\n"
    if lines and not lines[-1].endswith(end):
        lines[-1] += end
    at = len(lines) if line is None else line + 1
    return "".join([*lines[:at], entry.replace("\n", end), *lines[at:]])


def write_whole(project: Project, path: Path, text: str, holds: Mapping[str, Any]) -> None:
    """Write a file of records so that it is there whole or as it was; holds is all it must hold.

    Raises MachineError if it would not: its lines were laid out otherwise by hand or a program.
    """
    try:
        fits = parsed(text) == holds
    except yaml.YAMLError:
        fits = False
    if not fits:
        raise MachineError(
            f"{project.name(path)} is laid out in another way than {NAME} writes it.\n"
            "    Take it back as git has it, then run this again."
        )
    write_file(path, text.encode("utf-8"))


class _Texts(yaml.SafeDumper):
    """Writes texts that our loader reads back: it knows no numbers and no dates."""

    yaml_implicit_resolvers = {}  # noqa: RUF012 as PyYAML declares it


def yaml_text(value: str | list[str]) -> str:
    """Give a text, or a list of texts, on one line, as it stands after a key in a YAML file."""
    dumped = yaml.dump(
        value, Dumper=_Texts, allow_unicode=True, width=10**6, default_flow_style=True
    )
    return str(dumped).removesuffix("\n").removesuffix("\n...")


def entry_of(record: Edition | Approval, keys: str) -> dict[str, str]:
    """Give the entry of a record: those of its keys, in this order, that have a value."""
    return {key: str(value) for key in keys.split() if (value := getattr(record, key))}


def entry_lines(entry: Mapping[str, str], first: str, rest: str) -> str:
    """Give an entry as lines of YAML: what the first starts with, and what all others."""
    lines = [f"{key}: {yaml_text(value)}\n" for key, value in entry.items()]
    return first + rest.join(lines)


def _below(text: str, language: str) -> yaml.Node | None:
    """Give what stands below a language in a ledger, or None."""
    node = yaml.compose(text, Loader=Loader)
    for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
        if " ".join(key.value.split()) == language:
            node_below: yaml.Node = value
            return node_below
    return None


def last_line(node: yaml.Node) -> int:
    """Give the last line (from 0) on which a node has something: blank lines may follow it."""
    if isinstance(node, yaml.ScalarNode):
        return int(node.end_mark.line) - (node.end_mark.column == 0)
    inner: Iterable[yaml.Node] = (
        (value for _, value in node.value) if isinstance(node, yaml.MappingNode) else node.value
    )
    return max((last_line(item) for item in inner), default=int(node.start_mark.line))
