"""The gates: what pages and handouts must be before anybody reads them, one module a family."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from datetime import date
from functools import lru_cache, partial

from plainleaf.check.gates import (
    aftercare,
    claims,
    consent,
    control,
    evidence,
    figures,
    leftovers,
    reading,
    shared,
    structure,
    translation,
    wording,
)
from plainleaf.check.gates.lexicon import UNNAMED, Lexicon, lexicon_of
from plainleaf.check.gates.passages import (
    PageText,
    Passage,
    names_told,
    own_text,
    page_texts,
    printed,
    word_told,
    words_told,
)
from plainleaf.check.gates.reading import SectionGrade, section_grades, unexplained
from plainleaf.check.gates.speech import Speech, Speeches
from plainleaf.files.yaml_file import line_of_key
from plainleaf.model import Docs, Facts, Handout, Library
from plainleaf.plan import lacking
from plainleaf.problems import Place, Problem

FAMILIES = (
    reading.FAMILY,
    claims.FAMILY,
    figures.FAMILY,
    evidence.FAMILY,
    consent.FAMILY,
    aftercare.FAMILY,
    control.FAMILY,
    shared.FAMILY,
    wording.FAMILY,
    structure.FAMILY,
    leftovers.FAMILY,
    translation.FAMILY,
)
# The full name of each, such as `reading.sentence`.
GATES = [f"{family.name}.{gate}" for family in FAMILIES for gate in family.standards]


def gates(docs: Docs, library: Library, today: date) -> Iterator[Problem]:
    """Give what every gate finds, waivers not yet considered."""
    texts = page_texts(docs)
    speeches = Speeches(docs)
    where = partial(line_of_key, docs.project)
    for code in docs.languages:
        yield from lexicon_of(docs.project, code)[1]
    words = list(_words(docs, library, speeches))
    shared_files = [language.shared_source.path for language in docs.languages.values()]
    # What is wrong with shared words is told where they stand, not on each page that asks for them.
    of_shared = {(p.gate, p.message) for p in words if p.source.path in shared_files}
    on_pages: list[Problem] = []
    # Where a fact is broken, what pages fill in from it is missing: they cannot be judged.
    for (code, slug), page_text in texts.items() if docs.facts.is_whole else ():
        on_pages += control.of_page(page_text.page, where, today)
        on_pages += _once(_page, page_text, docs.facts, speeches.of(code, slug))
    on_pages = [each for each in on_pages if (each.gate, each.message) not in of_shared]
    yield from on_pages
    clinics = (*library.clinics.values(), *library.broken) if docs.facts.is_whole else ()
    own_words = [own for clinic in clinics for own in clinic.own]
    own = [own_text(words, docs.project.text(words.source.path)) for words in own_words]
    for code in docs.languages if docs.facts.is_whole else ():
        texts_there = [page_text for (of, _), page_text in texts.items() if of == code]
        every_text = [*texts_there, *(said for said in own if said.page.language == code)]
        lexicon = speeches.of(code).lexicon
        yield from shared.of_language(docs.project, docs.languages[code], every_text, lexicon)
        if not any(of == code for of, _ in docs.broken):
            yield from shared.unasked(docs.project, docs.languages[code], texts_there)
    yield from words
    yield from _rates(docs, speeches, where)
    for said in own:
        yield from _once(_own, said, docs.facts, speeches.of(said.page.language))
    pages = [page for page in docs.pages.values() if page.language == docs.main_language]
    if pages and not docs.broken and docs.facts.is_whole:
        yield from evidence.of_sources(docs.facts, pages)
    yield from translation.of_translations(docs)
    yield from control.of_handouts(library.handouts.values(), where)
    yield from control.of_ledger(docs, library, today)
    yield from control.of_approvals(library, today)
    # What is not explained on its page is named once, not for each sheet as well.
    unexplained_at = {problem.source for problem in on_pages if problem.gate == "reading.term"}
    for handout in library.handouts.values():
        for code in docs.languages:
            if code != docs.main_language and lacking(docs, library, handout, code):
                continue  # it is not offered in this language yet
            speech = speeches.of(code, handout.page)
            others = tuple(
                library.handouts[name] for name in handout.goes_with if name in library.handouts
            )
            parts = [part for each in (handout, *others) for part in each.parts]
            slugs = (handout.page, *(part.page for part in parts))
            its_pages = tuple(texts.get((code, slug)) for slug in slugs)
            labels = tuple(docs.languages[code].labels.items())
            for problem in _once(_handout, handout, others, labels, its_pages, speech):
                if problem.gate != "reading.term" or problem.source not in unexplained_at:
                    yield problem


def _rates(docs: Docs, speeches: Speeches, where: figures.Where) -> Iterator[Problem]:
    """Hold rates against their sources, and the words for how often against the rates."""
    # Rules that are broken may say so.
    is_counted = any(rules is None or rules.how_often for rules in docs.rules.values())
    is_read = docs.main_language in docs.languages
    lexicon = speeches.of(docs.main_language).lexicon if is_read else None
    name = lexicon.procedure if lexicon else UNNAMED
    yield from figures.of_risks(docs.facts, where, name, is_counted=is_counted)
    for code, language in docs.languages.items():
        rules, lexicon = docs.rules_of(code, "index"), speeches.of(code).lexicon
        if rules and lexicon and docs.facts.is_whole:
            yield from figures.of_often(language, rules, docs.facts, lexicon, where)


def _words(docs: Docs, library: Library, speeches: Speeches) -> Iterator[Problem]:
    """Hold all that is told beside the pages against the lexicon of its language."""
    for code, language in docs.languages.items():
        speech = speeches.of(code)
        for passage in words_told(docs, language) if speech.lexicon else ():
            yield from _once(_passage, passage, speech.lexicon)
            if passage.place.path in (language.source.path, language.shared_source.path):
                yield from figures.of_passage(passage, docs.facts, speech.is_translation)
    if docs.main_language in docs.languages and (main := speeches.of(docs.main_language).lexicon):
        for passage in names_told(docs.project, library):
            yield from claims.findings(passage, main)


@lru_cache(8192)
def _once(judge: Callable[..., Iterator[Problem]], *judged: Hashable) -> tuple[Problem, ...]:
    """Give what is wrong with something, which is judged again only after an edit."""
    return tuple(judge(*judged))


def _passage(passage: Passage, lexicon: Lexicon) -> Iterator[Problem]:
    yield from leftovers.of_passage(passage, lexicon)
    yield from claims.findings(passage, lexicon)
    yield from reading.of_passage(passage, lexicon)
    yield from wording.of_passage(passage, lexicon)


def of_name(docs: Docs, name: str, place: Place) -> Iterator[Problem]:
    """Give what is wrong with what a clinic calls itself, in the main language."""
    if docs.main_language in docs.languages and (
        lexicon := Speeches(docs).of(docs.main_language).lexicon
    ):
        yield from claims.findings(word_told(name, place), lexicon)


def grades(docs: Docs) -> dict[str, list[SectionGrade]]:
    """Give the grade of each section, by the path of its page, where its language is known."""
    texts = page_texts(docs)
    speeches = Speeches(docs)
    return {
        page_text.page.source.path: list(section_grades(page_text, speech.terms, speech.lexicon))
        for (code, slug), page_text in texts.items()
        if (speech := speeches.of(code, slug)).lexicon
    }


def often_said(docs: Docs) -> Sequence[tuple[str, int, int]]:
    """Give what pages of the main language say over and over: words, how often, on how many."""
    texts = page_texts(docs)
    return wording.phrases(
        page_text for (code, _), page_text in texts.items() if code == docs.main_language
    )


def _page(page_text: PageText, facts: Facts, speech: Speech) -> Iterator[Problem]:
    page, lexicon = page_text.page, speech.lexicon
    yield from structure.of_page(page_text, lexicon)
    yield from leftovers.of_page(page_text, lexicon)
    if lexicon is None:
        return
    for passage in page_text.only_printed:
        yield from _once(_passage, passage, lexicon)
        yield from figures.of_passage(passage, facts, speech.is_translation)
    yield from reading.findings(page_text, speech.terms, lexicon)
    yield from wording.of_page(page_text, lexicon)
    is_off_label = ("consent", "off-label") not in speech.left_out
    yield from evidence.of_page(page_text, lexicon, is_off_label=is_off_label and speech.is_ruled)
    for passage in page_text.passages:
        yield from consent.ticked(passage, lexicon)
        if not passage.is_data:
            if not _is_answered(passage, page_text, lexicon):
                yield from claims.findings(passage, lexicon)
            yield from wording.of_passage(passage, lexicon)
            if passage.kind != "title":
                yield from figures.of_passage(passage, facts, speech.is_translation)
    if page.compare:
        yield from consent.of_options(page_text, page.compare)


def _own(said: PageText, facts: Facts, speech: Speech) -> Iterator[Problem]:
    """Judge what a clinic says itself, which is no page: it has no purpose to tell, no sources."""
    lexicon = speech.lexicon
    yield from structure.of_own(said, lexicon)
    yield from leftovers.of_page(said, lexicon)
    if lexicon is None:
        return
    yield from reading.findings(said, speech.terms, lexicon)
    for passage in said.passages:
        yield from consent.ticked(passage, lexicon)
        yield from claims.findings(passage, lexicon)
        yield from wording.of_passage(passage, lexicon)
        yield from wording.of_own(passage, lexicon)
        yield from figures.of_own(passage, facts, lexicon)


def _is_answered(passage: Passage, page_text: PageText, lexicon: Lexicon) -> bool:
    """Tell whether a passage quotes a claim of others, in a section that says what is known."""
    section = page_text.page.sections.get(passage.section)
    is_quoted = passage.text.startswith(("“", '"')) and passage.text.endswith(("”", '"'))
    return is_quoted and bool(section and lexicon.patterns["others-say"].search(section.title))


def _handout(
    handout: Handout,
    others: Sequence[Handout],
    labels: Sequence[tuple[str, str]],
    pages: Sequence[PageText | None],
    speech: Speech,
) -> Iterator[Problem]:
    """Judge a handout in a language, and the others that go with it.

    pages are those of all their parts, labels the words of its fields by name.
    """
    texts = {page_text.page.slug: page_text for page_text in pages if page_text}
    if not all(part.page in texts for part in handout.parts):
        return  # not printed in this language, or a broken page is named elsewhere
    yield from structure.of_handout(handout, texts, speech.lexicon)
    if handout.kind == "consent" and speech.is_ruled:
        yield from consent.findings(handout, others, dict(labels), texts, speech)
    elif handout.kind == "aftercare" and speech.is_ruled:
        yield from aftercare.findings(handout, texts, speech)
    if speech.lexicon:
        passages = [p for _, part in printed(handout, texts) for p in part]
        sheet = f'on the sheet "{handout.name}"'
        yield from unexplained(passages, speech.terms, speech.lexicon, sheet)
        yield from wording.of_handout(handout.name, passages, speech.lexicon)
