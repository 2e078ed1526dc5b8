"""Translate: record what translates what, and hand the blocks to translators and back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from plainleaf.arguments import Options
from plainleaf.check.gates import GATES
from plainleaf.check.gates.translation import FAMILY
from plainleaf.check.waivers import apply, waivers_in
from plainleaf.machine.disk import write_whole
from plainleaf.machine.report import Report
from plainleaf.model import Docs, Records
from plainleaf.problems import MachineError, Place, Problem, choices, short, stop_at
from plainleaf.read.blocks import Block
from plainleaf.read.translations import (
    FILE,
    File,
    Recorded,
    by_section,
    file_of,
    not_kept,
    pairs_of,
    read_recorded,
    translatable,
)
from plainleaf.records.ledger import yaml_text

_HEADER = """\
# What each block of this language translates: the hash of the original's words, and of its own.
# build.py translate writes this file; edit nothing.
"""


def provenance_of(records: Records, options: Options) -> Recorded:
    """Give how a translation came about, as options say, and none of its blocks yet.

    Raises MachineError where they do not say it.
    """
    if not options.translation:
        raise MachineError(
            "say how these words came about.\n"
            "    Add `--translation machine`, `person`, or `reviewed` by a qualified person."
        )
    is_reviewed = options.translation == "reviewed"
    if is_reviewed != bool(options.reviewer):
        raise MachineError(
            "a translation that was reviewed names who did it, and no other does.\n"
            '    Write `--translation reviewed --reviewer "Dr A, translator"`.'
        )
    reviewer = (options.reviewer, records.today) if is_reviewed else None
    return Recorded(options.translation, reviewer, ())


def mark(records: Records, options: Options, report: Report) -> int:
    """Record that files translate their originals as both are now; write translated.yml.

    Raises ContentError with all that speaks against it: then nothing is recorded.
    """
    docs, provenance = records.docs, provenance_of(records, options)
    files = dict.fromkeys(file for name in options.files for file in _named(docs, name))
    if not files:
        raise MachineError(
            "say which files.\n    Name them, such as docs/es/aftercare.md, or all as docs/es."
        )
    recorded = {code: recorded_of(docs, code) for code, _ in files}
    problems: list[Problem] = []
    for code, file in files:
        original, own = (file_of(docs.project, each, file) for each in (docs.main_language, code))
        differences = list(_differences(original, own))
        if not differences:
            if provenance.how != "reviewed":
                differences += _as_before(docs, original, own, recorded[code].get(file))
            blocks = tuple(pairs_of(original, own).items())
            recorded[code][file] = replace(provenance, blocks=blocks)
        problems += differences
    stop_at(problems)
    for code, by_file in recorded.items():
        path = write_recorded(docs, code, by_file)
        count = sum(other == code for other, _ in files)
        report.line(f"Recorded what {count} files of docs/{code} translate.")
        report.line(f"Commit {docs.project.name(path)} together with them.")
    return 0


def _named(docs: Docs, name: str) -> Iterator[tuple[str, str]]:
    """Give the files, by language and name, that are meant by a path; raise MachineError if none.

    A folder means all that it holds.
    """
    folder = docs.project.folder
    path = folder / name
    if not path.exists() and Path(name).exists():
        path = Path(name).resolve()
    inside = path.relative_to(folder).parts if path.is_relative_to(folder) else ()
    code = inside[1] if len(inside) > 1 and inside[0] == "docs" else ""
    if code not in docs.languages or code == docs.main_language:
        folders = [f"docs/{other}" for other in docs.languages if other != docs.main_language]
        raise MachineError(
            f"{name} is no file or folder of a language that translates another.\n"
            f"    {choices(folders, name, 'folders')}"
        )
    files = translatable(docs.project, docs.pages, code, docs.main_language)
    file = "/".join(inside[2:])
    meant = [each for each in files if not file or each == file or each.startswith(f"{file}/")]
    if not meant:
        hint = choices(files, file, "files in both languages")
        if (code, file.removesuffix(".md")) in docs.broken:
            hint = "Run `build.py check`: it says what is wrong with it."
        raise MachineError(
            f"{name} cannot be held against docs/{docs.main_language}/{file}.\n    {hint}"
        )
    for each in meant:
        yield code, each


def recorded_of(docs: Docs, code: str) -> dict[str, Recorded]:
    """Give what translated.yml of a language says; raise ContentError for what is wrong in it."""
    problems: list[Problem] = []
    recorded = read_recorded(docs.project, code, problems)
    stop_at(problems)
    return recorded or {}


def _differences(original: File, own: File) -> Iterator[Problem]:
    """Give what a file does not keep of its original, but for what is waived in it."""
    waivers = [
        waiver
        for waiver in waivers_in(own.text, own.name)
        if waiver.gate.partition(".")[0] == FAMILY.name
    ]
    left, _ = apply(waivers, _not_kept(original, own), GATES)
    yield from (problem for problem in left if problem.gate)


def _not_kept(original: File, own: File) -> Iterator[Problem]:
    theirs, ours = by_section(original.blocks), by_section(own.blocks)
    for section in theirs.keys() & ours.keys():
        if wrong := _uneven(theirs[section], ours[section], original, own):
            yield wrong
            continue
        for old, new in zip(theirs[section], ours[section], strict=True):
            if lost := not_kept(old, new):
                place = Place(own.name, new.line)
                fact = f"this is not what {original.name}:{old.line} says: {lost.in_words}."
                yield FAMILY.error("kept", place, fact, KEPT, *lost.subjects)


KEPT = "Numbers, links, ids and what stands in brackets are the same in each language."


def _uneven(
    theirs: Sequence[Block], ours: Sequence[Block], original: File, own: File
) -> Problem | None:
    """Say where a section has other blocks than that of the original, or give None."""
    pairs = list(zip(theirs, ours, strict=False))
    at = next((at for at, (a, b) in enumerate(pairs) if a.kind != b.kind), len(pairs))
    if at == len(theirs) == len(ours):
        return None
    here = ours[min(at, len(ours) - 1)]
    there = theirs[min(at, len(theirs) - 1)]
    fact = (
        f"this section has {len(ours)} blocks, and {original.name} has {len(theirs)}. Look at "
        f"{original.name}:{there.line}, “{short(' '.join(there.text.split()))}”."
    )
    hint = "Each paragraph, item and cell of the original is one here, in the same order."
    return FAMILY.error("block", Place(own.name, here.line), fact, hint, there.section)


def _as_before(docs: Docs, original: File, own: File, before: Recorded | None) -> Iterator[Problem]:
    """Refuse to record old words as what translates new ones."""
    recorded = dict(before.blocks) if before else {}
    theirs, ours = by_section(original.blocks), by_section(own.blocks)
    name = docs.languages[docs.main_language].name
    for section in theirs.keys() & ours.keys():
        translated = {translation: text for text, translation in recorded.get(section, ())}
        hashes = {block.hash for block in theirs[section]}
        for there, here in zip(theirs[section], ours[section], strict=True):
            if translated.get(here.hash, there.hash) not in hashes:
                fact = (
                    f"this is still as it was before the {name} changed. {original.name}:"
                    f"{there.line} now says: “{short(' '.join(there.text.split()))}”."
                )
                hint = (
                    "Translate it again. If it still fits, let a qualified person say so: "
                    '`--translation reviewed --reviewer "…"`.'
                )
                yield FAMILY.error("stale", Place(own.name, here.line), fact, hint)


def write_recorded(docs: Docs, code: str, recorded: dict[str, Recorded]) -> Path:
    """Write translated.yml of a language, a section a line; give it. What is gone is left out."""
    folder = docs.project.folder / "docs" / code
    path = folder / FILE
    text = _HEADER
    for file, entry in sorted(recorded.items()):
        if not (folder / file).exists():
            continue
        text += f"{yaml_text(file)}:\n  translation: {entry.how}\n"
        if entry.reviewer:
            by, day = entry.reviewer
            text += f"  reviewer: {yaml_text(by)}\n  reviewed: {day}\n"
        text += "  blocks:\n"
        for section, pairs in entry.blocks:
            text += f"    {yaml_text(section)}: [{', '.join(map(' '.join, pairs))}]\n"
    write_whole(path, text.encode("utf-8"))
    return path
