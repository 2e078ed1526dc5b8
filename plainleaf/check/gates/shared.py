"""Shared: what must read the same wherever it stands is written once, and never in part."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from plainleaf.check.gates.family import Family, in_context, start_of
from plainleaf.check.gates.lexicon import Lexicon
from plainleaf.check.gates.passages import PageText
from plainleaf.files.yaml_file import line_of_key
from plainleaf.model import Language, Project
from plainleaf.problems import Place, Problem
from plainleaf.read.pages import without_notes

FAMILY = Family(
    "shared",
    {
        "copy": "house rule: what must read the same stands once, or its copies come to differ",
        "unasked": "house rule: what is not read is not kept",
        "part": "house rule: a list of signs is shown whole, or the reader is sent to it",
    },
)

_WORD = re.compile(r"\w+")
_ASKED = re.compile(r"\{\{.*?\}\}")
_CARDS = ("emergency", "today")
# A copy is a line of at least so many words, since shorter ones stand in two places by chance; of
# more words where it is part of a longer line; and a line that is as alike as this (0 to 1), since
# copies are touched up.
LEAST_WORDS, LEAST_WITHIN, ALIKE = 4, 6, 0.75


def of_language(
    project: Project, language: Language, texts: Sequence[PageText], lexicon: Lexicon | None
) -> Iterator[Problem]:
    """Give what pages of a language say by hand, and must ask for by its name."""
    shared = {name: text for name, text in language.shared.items() if isinstance(text, str)}
    for page_text in texts:
        file = page_text.page.source.path
        yield from _copies(project, file, shared, 'Ask for it: `{{{{ shared("{}") }}}}`.')
        if lexicon:
            yield from _parts(page_text, shared.values(), lexicon)
    words = language.source.path
    yield from _copies(project, words, shared, "Name it in `signs: [{}]` of the risk.")
    yield from _twice(texts, shared.values())


def _copies(
    project: Project, file: str, shared: Mapping[str, str], way_out: str
) -> Iterator[Problem]:
    """Refuse lines of a file that hold a shared text, or nearly so; {} of way_out is its name."""
    wanted = {name: _words(text) for name, text in shared.items()}
    for number, line in enumerate(without_notes(project.text(file)).split("\n"), start=1):
        words = _words(_ASKED.sub(" ", line))
        for name, held in wanted.items():
            if _holds(words, held):
                start = start_of(shared[name])
                fact = f'"{start} …" stands in shared.yml as "{name}", and here once more.'
                yield FAMILY.error("copy", Place(file, number), fact, way_out.format(name), start)


def unasked(project: Project, language: Language, texts: Iterable[PageText]) -> Iterator[Problem]:
    """Name what is shared and nothing asks for: it may be an old list, which nobody reads.

    texts must be those of all pages of the language.
    """
    files = [language.source.path, *(page_text.page.source.path for page_text in texts)]
    written = "\n".join(map(project.text, files))
    for name in language.shared:
        asked = re.search(rf"[\"'\[ ]{re.escape(name)}(?:\.[\w-]+)?[\"'\], ]", written)
        if "." not in name and not asked:
            place = line_of_key(project, language.shared_source, name)
            fact = f'no page asks for "{name}".'
            yield FAMILY.warning("unasked", place, fact, "Take it away, or ask for it.", name)


def _twice(texts: Iterable[PageText], shared: Collection[str]) -> Iterator[Problem]:
    """Refuse signs that stand on cards of two pages, both written by hand."""
    seen: dict[Place, list[str]] = {}
    for page_text in texts:
        cards = {s.id for s in page_text.page.sections.values() if s.card in _CARDS}
        for passage in page_text.passages:
            words = _words(passage.text)
            if passage.kind != "li" or passage.section not in cards or passage.text in shared:
                continue
            first = next((place for place, other in seen.items() if _is_alike(words, other)), None)
            if first and first.path != passage.place.path:
                start = start_of(passage.text)
                fact = f'"{start} …" stands on a card of {first.path}, and here once more.'
                hint = "Write the list into shared.yml, and let both pages ask for it by its name."
                yield FAMILY.error("copy", passage.place, fact, hint, start)
            if len(words) >= LEAST_WORDS:
                seen.setdefault(passage.place, words)


def _parts(page_text: PageText, shared: Collection[str], lexicon: Lexicon) -> Iterator[Problem]:
    """Refuse a sentence that names some signs for an ambulance by hand: readers miss the others."""
    for passage in page_text.passages:
        if passage.is_data:
            continue
        text = passage.text
        for each in shared:
            text = text.replace(each, "")
        for sentence in re.split(r"(?<=[.!?])\s", text):
            signs = {
                found.group().lower() for found in lexicon.patterns["red-flag"].finditer(sentence)
            }
            called = lexicon.patterns["ambulance"].search(sentence)
            if called and len(signs) > 1:
                fact = f"this names some of the signs for an ambulance: {', '.join(sorted(signs))}."
                hint = "Ask for the whole list by its name, or say where it stands."
                words = in_context(sentence, called)
                yield FAMILY.error("part", passage.place, fact, hint, words)


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]


def _holds(words: list[str], shared: list[str]) -> bool:
    """Tell whether a line holds the words of a shared text in a row, or is nearly the same."""
    is_within = f" {' '.join(shared)} " in f" {' '.join(words)} "
    return (is_within and len(shared) >= LEAST_WITHIN) or _is_alike(words, shared)


def _is_alike(words: list[str], others: list[str]) -> bool:
    ours, theirs = set(words), set(others)
    most = min(len(words), len(others))
    return most >= LEAST_WORDS and len(ours & theirs) >= ALIKE * len(ours | theirs)
