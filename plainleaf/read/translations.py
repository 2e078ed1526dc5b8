"""Translations: what each block of a language translates, as it was recorded, and what has changed.

docs/es/translated.yml holds a pair of hashes for each block: of the words that were translated, and
of the words that they became. Whichever of the two has changed since is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import SequenceMatcher
from functools import lru_cache

from plainleaf.files.yaml_file import Record, read_yaml
from plainleaf.model import TRANSLATIONS, Drift, Language, Page, Project, Translation
from plainleaf.problems import Place, Problem, short
from plainleaf.read.blocks import CALL, Block, blocks_of

FILE = "translated.yml"
# The files of words that are translated like pages.
WORDS = ("words.yml", "shared.yml")
_PAIR = re.compile(r"[0-9a-f]{8} [0-9a-f]{8}")
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Recorded:
    """What translated.yml says of a file: how it came about, and by section what translates what.

    Each pair is the hash of a block of the original and the hash of what it became.
    """

    how: str
    reviewer: tuple[str, date] | None
    blocks: tuple[tuple[str, Pairs], ...]


@dataclass(frozen=True, slots=True)
class File:
    """A file of words or a page: its name as its editor knows it, and its text."""

    name: str
    text: str

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Give what is translated in it."""
        return blocks_of(self.text, self.name)

    @property
    def mark(self) -> str:
        """Say how to record that it translates its original as it is now."""
        return f"run `build.py translate mark {self.name}`"


def read_translations(
    project: Project,
    languages: Mapping[str, Language],
    pages: Mapping[tuple[str, str], Page],
    main: str,
    problems: list[Problem],
) -> dict[tuple[str, str], Translation]:
    """Give how each file stands with the one that it translates, by language and file."""
    translations: dict[tuple[str, str], Translation] = {}
    for code in languages if main in languages else ():
        recorded = read_recorded(project, code, problems) if code != main else None
        if recorded is None:
            continue
        for name in translatable(project, pages, code, main):
            original, file = (file_of(project, language, name) for language in (main, code))
            of_file = recorded.get(name)
            drifts = _compared(original, file, of_file, languages[main].name)
            how, reviewer = (of_file.how, of_file.reviewer) if of_file else ("", None)
            translations[code, name] = Translation(how, reviewer, drifts)
    return translations


def translatable(
    project: Project, pages: Mapping[tuple[str, str], Page], code: str, main: str
) -> list[str]:
    """Give the files of a language that stand in the main one, too, and can be read in both."""
    beside = [
        name
        for name in WORDS
        if all((project.folder / "docs" / folder / name).is_file() for folder in (main, code))
    ]
    slugs = [slug for language, slug in pages if language == code and (main, slug) in pages]
    return [*(f"{slug}.md" for slug in slugs), *beside]


def file_of(project: Project, code: str, file: str) -> File:
    """Give a file of a language."""
    name = f"docs/{code}/{file}"
    return File(name, project.text(name))


def read_recorded(
    project: Project, code: str, problems: list[Problem]
) -> dict[str, Recorded] | None:
    """Give what translated.yml of a language says, by file; None where something in it is wrong."""
    path = project.folder / "docs" / code / FILE
    if not path.exists():
        return {}
    record = read_yaml(project, path, "what was translated", problems)
    if record is None:
        return None
    files = {
        file: recorded
        for file, inner in record.tables("a file that was translated")
        if (recorded := _recorded(inner))
    }
    return files if record.finish() else None


def _recorded(record: Record) -> Recorded | None:
    how = record.one_of("translation", TRANSLATIONS[1:])
    reviewer = record.text("reviewer", "")
    reviewed = record.day("reviewed") if record.has("reviewed") or reviewer else None
    blocks = {}
    if inner := record.record("blocks", "the blocks of a file"):
        for section in inner.names():
            pairs = inner.texts(section)
            if not all(map(_PAIR.fullmatch, pairs)):
                hint = "Take this file back as git has it: build.py translate writes it."
                inner.note(f'"{section}" holds what is no pair of hashes.', hint, section)
                break
            blocks[section] = tuple((pair[:8], pair[9:]) for pair in pairs)
    if not record.finish():
        return None
    return Recorded(how, (reviewer, reviewed) if reviewed else None, tuple(blocks.items()))


@lru_cache(1024)
def _compared(
    original: File, file: File, recorded: Recorded | None, language: str
) -> tuple[Drift, ...]:
    """Give where a file and its original came apart; language is what that is called."""
    if recorded is None:
        hint = f"Hold it against {original.name}, then {file.mark}."
        fact = "nobody has recorded what this translates, so that nobody is told when that changes."
        return (Drift("unknown", (), Place(file.name), fact, hint),)
    return tuple(_Comparison(original, file, dict(recorded.blocks), language).drifts())


@dataclass(frozen=True, slots=True)
class _Comparison:
    """Holds a file against its original, and both against what was recorded."""

    original: File
    file: File
    recorded: Mapping[str, Pairs]
    language: str

    def drifts(self) -> Iterator[Drift]:
        theirs, ours = by_section(self.original.blocks), by_section(self.file.blocks)
        for section, blocks in ours.items():
            if section not in theirs:
                continue  # check.py names a section that only one has
            if section in self.recorded:
                yield from self._of_section(theirs[section], blocks, self.recorded[section])
            else:
                fact = "nobody has recorded what this translates."
                hint = f"Hold it against {self._at(theirs[section][0])}, then {self.file.mark}."
                yield self._drift("unknown", blocks[0], fact, hint)

    def _of_section(
        self, theirs: Sequence[Block], ours: Sequence[Block], pairs: Pairs
    ) -> Iterator[Drift]:
        to_theirs, their_additions = _aligned([old for old, _ in pairs], theirs)
        to_ours, our_additions = _aligned([own for _, own in pairs], ours)
        for at, (old, own) in enumerate(pairs):
            original, block = to_theirs.get(at), to_ours.get(at)
            if original and block:
                yield from self._of_block(original, old, block, own)
            elif original:
                yield self._without(original, ours[0], is_new=original.hash != old)
            elif block:
                fact = f"the {self.language} no longer says what this translates."
                hint = f"Take it away, then {self.file.mark}."
                yield self._drift("stale", block, fact, hint)
        for added in their_additions:
            yield self._without(added, ours[0], is_new=True)
        for added in our_additions:
            fact = "nobody has recorded what this translates."
            yield self._drift("changed", added, fact, f"Check it, then {self.file.mark}.")

    def _of_block(self, original: Block, old: str, block: Block, own: str) -> Iterator[Drift]:
        if original.hash != old:
            fact = (
                f"the {self.language} has changed since this was translated. "
                f"{self._at(original)} now says: “{short(_line(original))}”."
            )
            yield self._drift("stale", block, fact, f"Translate it again, then {self.file.mark}.")
        elif lost := not_kept(original, block):
            fact = f"this is not what {self._at(original)} says: {lost.in_words}."
            hint = "Numbers, links, ids and what stands in brackets are the same in each language."
            yield self._drift("kept", block, fact, hint, *lost.subjects)
        elif block.hash != own:
            fact = f"this has changed since it was recorded as what {self._at(original)} says."
            yield self._drift("changed", block, fact, f"Hold both together, then {self.file.mark}.")

    def _without(self, original: Block, heading: Block, *, is_new: bool) -> Drift:
        quoted = f"{self._at(original)}, “{short(_line(original))}”"
        if is_new:
            fact = f"the {self.language} has changed since this was translated. It adds {quoted}."
            return self._drift("stale", heading, fact, f"Translate it, then {self.file.mark}.")
        fact = f"this lacks what translates {quoted}."
        hint = "Write it again; nothing that the original says may be lost."
        start = " ".join(original.text.split()[:6])
        return self._drift("block", heading, fact, hint, start)

    def _at(self, block: Block) -> str:
        return f"{self.original.name}:{block.line}"

    def _drift(self, kind: str, block: Block, fact: str, hint: str, *subjects: str) -> Drift:
        place = Place(self.file.name, block.line)
        return Drift(kind, block.within, place, fact, hint, subjects)


def by_section(blocks: Iterable[Block]) -> dict[str, list[Block]]:
    """Give blocks by the section in which they stand."""
    sections: dict[str, list[Block]] = {}
    for block in blocks:
        sections.setdefault(block.section, []).append(block)
    return sections


def pairs_of(original: File, file: File) -> dict[str, Pairs]:
    """Give what translates what, by section, where each block has one that translates it.

    Raises ValueError with the first section that has more blocks in one language.
    """
    theirs, ours = by_section(original.blocks), by_section(file.blocks)
    return {
        section: tuple((old.hash, new.hash) for old, new in zip(theirs[section], own, strict=True))
        for section, own in ours.items()
        if section in theirs
    }


def paired(
    original: File, own: File, recorded: Recorded | None
) -> Iterator[tuple[Block, Block | None, bool]]:
    """Give each block of an original, what translates it or None, and whether that is known.

    It is known where neither has changed since it was recorded; else they stand at the same place.
    """
    pairs_in = dict(recorded.blocks) if recorded else {}
    ours = by_section(own.blocks)
    for section, theirs in by_section(original.blocks).items():
        blocks, pairs = ours.get(section, []), pairs_in.get(section)
        translated: dict[Block, tuple[Block, bool]] = {}
        if pairs is not None:
            to_ours, _ = _aligned([new for _, new in pairs], blocks)
            to_theirs, _ = _aligned([old for old, _ in pairs], theirs)
            for at in to_theirs.keys() & to_ours.keys():
                old, new = to_theirs[at], to_ours[at]
                translated[old] = new, (old.hash, new.hash) == pairs[at]
        elif len(blocks) == len(theirs):
            translated = {old: (new, False) for old, new in zip(theirs, blocks, strict=True)}
        for block in theirs:
            yield (block, *translated.get(block, (None, False)))


def _aligned(
    hashes: Sequence[str], blocks: Sequence[Block]
) -> tuple[dict[int, Block], list[Block]]:
    """Give the block of each hash that has one, by the place of the hash, and the new blocks."""
    matches: dict[int, Block] = {}
    additions: list[Block] = []
    matcher = SequenceMatcher(None, hashes, [block.hash for block in blocks], autojunk=False)
    for _, start, end, from_, to in matcher.get_opcodes():
        matches |= zip(range(start, end), blocks[from_:to], strict=False)
        additions += blocks[from_ + end - start : to]
    return matches, additions


def _line(block: Block) -> str:
    return " ".join(block.text.split())


@dataclass(frozen=True, slots=True)
class Lost:
    """What is in a block and not in what translates it, or the other way."""

    missing: tuple[str, ...]
    added: tuple[str, ...]

    @property
    def in_words(self) -> str:
        """Say it in words."""
        missing, added = ", ".join(self.missing), ", ".join(self.added)
        if missing and added:
            return f"it lacks {missing}, and it has {added} instead"
        return f"it lacks {missing}" if missing else f"it adds {added}"

    @property
    def subjects(self) -> tuple[str, ...]:
        """Give what a waiver names."""
        return (*self.missing, *self.added)

    def __bool__(self) -> bool:
        return bool(self.missing or self.added)


_LINK = re.compile(r"\]\(([^)\s]*)[^)]*\)|<((?:https?|mailto|tel):[^>]+)>|(https?://[^\s)>]+)")
_PICTURE = re.compile(r"!\[([^\]]*)\]\([^)]*\)")
_BRACES = re.compile(r"\{[^{}]*\}")
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)\b|\d+\.?[ºª]")
# A space is a part of a number only before three digits; 1 000 is written so in many languages.
_NUMBER = re.compile(r"\d+(?:[.,٫٬'’\u00a0\u202f\u2009]\d+| \d{3}(?!\d))*")
_PARTED = re.compile(r"[.,٫٬'’\u00a0\u202f\u2009 ]")
_AS_POINT = (".", ",", "٫")
_WORDS_WITHIN = re.compile(r"\"([^\"]*)\"|'([^']*)'")


def not_kept(original: Block, block: Block) -> Lost:
    """Give what must be the same in each language and is not: numbers, links, calls, places."""
    if original.kind == "search_words":  # each language has its own, and as many as it needs
        return Lost((), ())
    (theirs, their_numbers), (ours, our_numbers) = _signs(original.text), _signs(block.text)
    for sign in list(theirs):
        if sign in ours:
            ours.remove(sign)
            theirs.remove(sign)
    for number in list(their_numbers):
        same = next((other for other in our_numbers if _values(other) & _values(number)), None)
        if same is not None:
            our_numbers.remove(same)
            their_numbers.remove(number)
    return Lost((*their_numbers, *theirs), (*our_numbers, *ours))


def _signs(text: str) -> tuple[list[str], list[str]]:
    """Give the links, calls and places of a text, and its numbers."""
    signs: list[str] = []
    words = []

    def call(match: re.Match[str]) -> str:
        texts = ["".join(quoted) for quoted in _WORDS_WITHIN.findall(match[2])]
        # So many of the texts are names; the others are words of this language.
        names = {"clinic": 0, "shared": 1}.get(match[1], len(texts))
        quoted = ", ".join(f'"{name}"' for name in texts[:names])
        signs.append(f"{match[1]}({quoted})")
        words.extend(texts[names:])
        return " "

    def link(match: re.Match[str]) -> str:
        signs.append(next(filter(None, match.groups()), ""))
        return " "

    def picture(match: re.Match[str]) -> str:
        signs.append("a picture")  # it may be another one, with words of this language in it
        return match[1]

    def place(match: re.Match[str]) -> str:
        if match[0] not in signs:  # a language may name a number once that another names twice
            signs.append(match[0])
        return " "

    rest = CALL.sub(call, text)
    whole = " \n ".join([rest, *words])
    whole = _BRACES.sub(place, _LINK.sub(link, _PICTURE.sub(picture, whole)))
    return signs, _NUMBER.findall(_ORDINAL.sub(" ", whole))


def _values(number: str) -> set[Decimal]:
    """Give what a number may mean: 1.000 is a thousand in one language, and one in another."""
    parts = _PARTED.split(number)
    signs = _PARTED.findall(number)
    values = set()
    if all(len(part) == 3 for part in parts[1:]):
        values.add(Decimal("".join(parts)))
    if signs and signs[-1] in _AS_POINT and all(len(part) == 3 for part in parts[1:-1]):
        values.add(Decimal("".join(parts[:-1]) + "." + parts[-1]))
    return values or {Decimal("".join(parts))}
