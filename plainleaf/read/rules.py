"""The rules of each procedure: what its pages and sheets must say, in a rules.yml beside its pages.

A procedure in a folder of its own has its own rules.yml there, which stands in the place of the one
above. A clinician reads and writes it, so that it holds phrases and no patterns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from plainleaf.files.yaml_file import Record, read_yaml
from plainleaf.model import Demand, OwnClaim, Project, Rate, Rules
from plainleaf.problems import Problem, choices, short
from plainleaf.read.elements import LEVELS, MAY_BE_LEFT_OUT, MAY_BE_SAID, NAMES, SHEETS
from plainleaf.read.facts import rate_of
from plainleaf.text import is_passed_over

FILE = "rules.yml"
# What each must say of its own, whatever the procedure.
_MUST_SAY = {"consent": ("risks",), "aftercare": LEVELS}
_LACKS = {
    "risks": "no serious harm is named, which a consent form must tell",
    "emergency": "no sign is named for which a reader calls an ambulance",
    "today": "no sign is named for which a reader calls the clinic the same day",
    "routine": "nothing is named that can wait for the next visit",
}
_EXAMPLES = {
    "risks": "a torn eardrum: [hole in … eardrum]",
    "emergency": "a stroke: [face … droop*, arm … weak*]",
    "today": "fever: [38 °C]",
    "routine": "a bruise: [bruise*]",
}
# A star within a word, or by itself: it stands for the ending of a word, and only there.
_ODD_STAR = re.compile(r"\*\w|(?:^|[^\w])\*|\*\*")
_GAP = re.compile(r"…|\.\.\.")


def read_rules(
    project: Project, folder: Path, problems: list[Problem]
) -> Iterator[tuple[str, Rules | None]]:
    """Give the rules of a language's folder and of the folders within it, by the file's name.

    Where something is wrong with them, it is noted, and None given.
    """
    for path in sorted(folder.rglob(FILE)):
        if not is_passed_over(path):
            record = read_yaml(project, path, "the rules of a procedure", problems)
            yield project.name(path), _rules(record) if record else None


def _rules(record: Record) -> Rules | None:
    procedure = record.text("procedure")
    names = _phrases(record, "names")
    off_label = record.one_of("off_label", ("yes", "no"))
    demands: list[Demand] = []
    not_needed: set[tuple[str, str]] = set()
    for kind in NAMES:
        demands += _demands(record, kind, not_needed, is_off_label=off_label != "no")
    record.read.add("red_flags")
    red_flags = _phrases(record, "red_flags") if record.has("red_flags") else ()
    claims = tuple(_claims(record))
    may_be_said = tuple(_may_be_said(record))
    how_often = tuple(_how_often(record))
    if not record.finish():
        return None
    return Rules(
        procedure,
        names,
        off_label == "yes",
        tuple(demands),
        frozenset(not_needed),
        red_flags,
        claims,
        may_be_said,
        how_often,
        record.source,
    )


def _demands(
    record: Record, kind: str, not_needed: set[tuple[str, str]], *, is_off_label: bool
) -> Iterator[Demand]:
    """Give what a kind of handout must say, and note in not_needed what does not apply to it."""
    table = _table(record, kind, f"what {SHEETS[kind]} must say")
    if table is None:
        return
    table.read.add("not_needed")
    for name in table.names():
        if name == "not_needed" or (name in _MUST_SAY[kind] and not _says(table, name)):
            continue  # the second is told below
        if name not in NAMES[kind]:
            table.read.add(name)
            fact = f'"{name}" is no element of {SHEETS[kind]}.'
            table.note(fact, choices(NAMES[kind], name, "elements"), name)
            continue
        if name == "off-label" and not is_off_label:
            fact = "this asks for words on off-label use, and `off_label: no` says that it is none."
            table.note(fact, "Take one of the two away.", name)
        element = table.record(name, f'what "{name}" must say')
        table.is_good &= element is not None
        if element is None:
            continue
        if not element.names():
            element.note(f'"{name}" has nothing in it.', "Fill it, or take the line away.")
        for what in element.names():
            yield Demand(kind, name, what, _phrases(element, what))
        table.is_good &= element.is_good
    for name in _MUST_SAY[kind]:
        if not _says(table, name):
            hint = f"Add it below `{kind}:`, `{name}:`, such as `{_EXAMPLES[name]}`."
            table.read.add(name)
            table.note(f"{_LACKS[name]}.", hint, name)
    if left_out := table.record("not_needed", "what does not apply"):
        _leave_out(left_out, kind, table, not_needed)
        table.is_good &= left_out.is_good
    record.is_good &= table.is_good


def _table(record: Record, kind: str, what: str) -> Record | None:
    """Give the table of a kind of handout; it must be there, since each procedure has harms."""
    if not record.has(kind):
        name = _MUST_SAY[kind][0]
        record.read.add(kind)
        fact = f'"{kind}" is missing: nothing tells what {SHEETS[kind]} must say.'
        record.note(fact, f"Add `{kind}:`, below it `{name}:`, and there `{_EXAMPLES[name]}`.")
        return None
    table = record.record(kind, what)
    record.is_good &= table is not None
    return table


def _says(table: Record, name: str) -> bool:
    """Tell whether anything stands below an element; what is wrong with it is told elsewhere."""
    return table.has(name) and bool(table.entries[name].value)


def _leave_out(record: Record, kind: str, table: Record, not_needed: set[tuple[str, str]]) -> None:
    for name in record.names():
        record.text(name)  # the reason: empty ones are told
        if name == "off-label" and kind == "consent":
            hint = "Take it away here, and write `off_label: no` at the top."
            record.note('"off-label" is not left out here.', hint, name)
        elif name not in NAMES[kind]:
            fact = f'"{name}" is no element of {SHEETS[kind]}.'
            record.note(fact, choices(MAY_BE_LEFT_OUT[kind], name, "elements"), name)
        elif name not in MAY_BE_LEFT_OUT[kind]:
            fact = f'"{name}" stands on {SHEETS[kind]} whatever the procedure.'
            hint = f"These may be left out: {', '.join(MAY_BE_LEFT_OUT[kind])}."
            record.note(fact, hint, name)
        elif table.has(name):
            line = table.lines[name]
            fact = f'"{name}" is not needed, and line {line} tells what it must say.'
            record.note(fact, "Keep one of the two.", name)
        else:
            not_needed.add((kind, name))


def _claims(record: Record) -> Iterator[OwnClaim]:
    table = record.record("claims", "the claims")
    for name in table.names() if table else ():
        if table and (claim := table.record(name, "a claim")):
            said = (claim.text(key) for key in ("reason", "hint", "standard"))
            yield OwnClaim(name, _phrases(claim, "says"), *said)
            table.is_good &= claim.finish()
    _pass_on(record, table, "claims")


def _may_be_said(record: Record) -> Iterator[str]:
    table = record.record("may_be_said", "the claims that may be made")
    for name in table.names() if table else ():
        if table:
            table.text(name)  # the reason: empty ones are told
            if name not in MAY_BE_SAID:
                fact = f'"{name}" is no claim that can be sound.'
                table.note(fact, choices(MAY_BE_SAID, name, "claims"), name)
            yield name
    _pass_on(record, table, "may_be_said")


def _how_often(record: Record) -> Iterator[tuple[str, Rate]]:
    """Give the words for how often with the rate from which on each holds, the highest first."""
    table = record.record("how_often", "the words for how often")
    last = 1.0
    for name in table.names() if table else ():
        if table is None:
            return
        written = table.text(name)
        rate = rate_of(written)
        if rate is None or rate.is_under or not rate.count:
            if written:
                fact = f'"{name}" must be a rate, not "{short(written)}".'
                hint = f"Write from which rate on it holds, such as `{name}: 1 in 100`."
                table.note(fact, hint, name)
            continue
        if rate.count / rate.people > last:
            hint = "Put the words for what is most frequent first."
            table.note(f'"{name}" is more frequent than the word above it.', hint, name)
        last = rate.count / rate.people
        yield name, rate
    _pass_on(record, table, "how_often")


def _pass_on(record: Record, table: Record | None, key: str) -> None:
    """Count what is wrong within a table as wrong with the rules."""
    if record.has(key):
        record.is_good &= table is not None and table.is_good
        if table is not None and not table.names():
            record.note(f'"{key}" has nothing in it.', "Fill it, or take the line away.", key)


def _phrases(record: Record, key: str) -> tuple[str, ...]:
    """Give the phrases under a key, of which none may match everything or nothing."""
    phrases: Sequence[str] = record.texts(key)
    for phrase in phrases:
        pieces = _GAP.split(phrase)
        if not any(sign.isalnum() for sign in phrase):
            fact = f'"{short(phrase)}" holds no letter, so that nothing can be looked for.'
            record.note(fact, "Write the words that must stand there.", key)
        elif not all(any(sign.isalnum() for sign in piece) for piece in pieces):
            fact = f'"{short(phrase)}" has no words on one side of its `…`.'
            record.note(fact, "Write words on both sides, or take the sign away.", key)
        elif _ODD_STAR.search(phrase):
            fact = f'a `*` in "{short(phrase)}" stands where no word ends.'
            hint = "Put it at the end of a word, for any ending of it: `bruis*`."
            record.note(fact, hint, key)
    return tuple(phrases)
