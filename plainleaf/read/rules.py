"""The rules of each procedure: what its pages and sheets must say, in a rules.yml beside its pages.

A procedure in a folder of its own has its own rules.yml there, which stands in the place of the one
above. A clinician reads and writes it, so that it holds phrases and no patterns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
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
    rules = Rules(
        procedure,
        names,
        off_label == "yes",
        tuple(demands),
        frozenset(not_needed),
        _phrases(record, "red_flags") if record.has("red_flags") else (),
        tuple(_claims(record)),
        tuple(_may_be_said(record)),
        tuple(_how_often(record)),
        record.source,
    )
    return rules if record.finish() else None


def _demands(
    record: Record, kind: str, not_needed: set[tuple[str, str]], *, is_off_label: bool
) -> Iterator[Demand]:
    """Give what a kind of handout must say, and note in not_needed what does not apply to it."""
    table = _table(record, kind, f"what {SHEETS[kind]} must say")
    if table is None:
        return
    for name in table.names():
        if name == "not_needed" or (name in _MUST_SAY[kind] and not _says(table, name)):
            continue  # an element that is missing or empty is refused below
        if name not in NAMES[kind]:
            fact = f'"{name}" is no element of {SHEETS[kind]}.'
            table.note(fact, choices(NAMES[kind], name, "elements"), name)
            continue
        if name == "off-label" and not is_off_label:
            fact = "this asks for words on off-label use, and `off_label: no` says that it is none."
            table.note(fact, "Take one of the two away.", name)
        element = _filled_table(table, name, f'what "{name}" must say')
        for what in element.names():
            yield Demand(kind, name, what, _phrases(element, what))
    for name in _MUST_SAY[kind]:
        if not _says(table, name):
            hint = f"Add it below `{kind}:`, `{name}:`, such as `{_EXAMPLES[name]}`."
            table.note(f"{_LACKS[name]}.", hint, name)
    if left_out := table.record("not_needed", "what does not apply"):
        _leave_out(left_out, kind, table, not_needed)


def _table(record: Record, kind: str, what: str) -> Record | None:
    """Give the table of a kind of handout; it must be there, since each procedure has harms."""
    if not record.has(kind):
        name = _MUST_SAY[kind][0]
        record.read.add(kind)
        fact = f'"{kind}" is missing: nothing tells what {SHEETS[kind]} must say.'
        record.note(fact, f"Add `{kind}:`, below it `{name}:`, and there `{_EXAMPLES[name]}`.")
        return None
    return record.record(kind, what)


def _says(table: Record, name: str) -> bool:
    """Tell whether an element has a value, sound or not."""
    return table.has(name) and bool(table.entries[name].value)


def _leave_out(record: Record, kind: str, table: Record, not_needed: set[tuple[str, str]]) -> None:
    for name in record.texts_by_key():  # the texts are the reasons: empty ones are refused
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
            fact = f'"{name}" is not needed, and line {table.lines[name]} tells what it must say.'
            record.note(fact, "Keep one of the two.", name)
        else:
            not_needed.add((kind, name))


def _filled_table(record: Record, key: str, what: str) -> Record:
    """Give the table under a key, which may be absent, and holds something if it is there."""
    table = record.record(key, what)
    if table and not table.names():
        record.note(f'"{key}" has nothing in it.', "Fill it, or take the line away.", key)
    return table or Record(what, record.place(key), record.problems)


def _claims(record: Record) -> Iterator[OwnClaim]:
    for name, claim in _filled_table(record, "claims", "the claims").tables("a claim"):
        reasons = (claim.text(key) for key in ("reason", "hint", "standard"))
        yield OwnClaim(name, _phrases(claim, "says"), *reasons)
        claim.finish()


def _may_be_said(record: Record) -> Iterator[str]:
    table = _filled_table(record, "may_be_said", "the claims that may be made")
    for name in table.texts_by_key():  # the texts are the reasons: empty ones are refused
        if name not in MAY_BE_SAID:
            fact = f'"{name}" is no claim that can be sound.'
            table.note(fact, choices(MAY_BE_SAID, name, "claims"), name)
        yield name


def _how_often(record: Record) -> Iterator[tuple[str, Rate]]:
    """Give the words for how often with the rate from which on each holds, the highest first."""
    table = _filled_table(record, "how_often", "the words for how often")
    last = 1.0
    for name, written in table.texts_by_key().items():
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


def _phrases(record: Record, key: str) -> tuple[str, ...]:
    """Give the phrases under a key, of which none may match everything or nothing."""
    phrases = record.texts(key)
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
    return phrases
