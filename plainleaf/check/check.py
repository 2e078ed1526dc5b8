"""Stage 4, check: what is wrong between the files, and what the gates say of their words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from html import unescape
from unicodedata import normalize

import lxml.html

from plainleaf.addresses import ADDRESS, fits_an_address, is_taken
from plainleaf.check.gates import GATES, gates
from plainleaf.check.own_words import own_words
from plainleaf.check.rules import of_rules
from plainleaf.check.waivers import apply, waivers_in
from plainleaf.compose.compose import styles
from plainleaf.compose.inputs import ANSWERS
from plainleaf.compose.plain_text import TO_WRITE
from plainleaf.files.fonts import FIELDS, families, missing_letters, with_fallback
from plainleaf.files.yaml_file import line_of_key, scalars
from plainleaf.html.faults import LIGHTER, PALE, absent_fonts, see_through, strings
from plainleaf.html.locales import right_tag
from plainleaf.html.origins import Origins, written
from plainleaf.html.templates import environment, words_used
from plainleaf.model import READERS, Docs, Handout, Language, Library, Project, Section, Sheet
from plainleaf.plan import lacking
from plainleaf.problems import Place, Problem, Waiver, choices, guess, line_of
from plainleaf.read.assets import heavy, in_assets
from plainleaf.text import is_passed_over, unseen

_REMOVE = "Take the line away, or print it."
# Where a waiver may stand: approvals are a clinic's own word, and nothing in them is let through.
_WITH_WAIVERS = (
    "docs/**/*.md",
    "docs/**/*.yml",
    "handouts/**/*.yml",
    "ledger/**/*.yml",
    "clinics/*/clinic.yml",
    "clinics/*/*.md",
    "mkdocs.yml",
)
# Letters joined into one sign, which a search and a gate would not find: "ﬁ" is no "fi".
_LIGATURES = re.compile("[\ufb00-\ufb06]")
# The headings in the navigation, one for the pages of each reader.
_READER_TITLES = frozenset(f"reader_{reader}" for reader in READERS)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the check found: problems, warnings among them, and what was let through by waivers.

    left_out: clinics whose own files have problems. They alone get no sheets.
    """

    problems: tuple[Problem, ...]
    waivers: tuple[Waiver, ...]
    left_out: tuple[str, ...] = ()

    def with_more(self, problems: Iterable[Problem]) -> Verdict:
        """Give the same with problems that were found later."""
        return replace(self, problems=tuple(sorted({*self.problems, *problems})))

    @property
    def is_good(self) -> bool:
        """Whether nothing was found but warnings."""
        return all(problem.is_warning for problem in self.problems)


def check(docs: Docs, library: Library, sheets: Iterable[Sheet], today: date) -> Verdict:
    """Give the findings of all checks that no waiver lets through, and the waivers."""
    all_findings = findings(docs, library, sheets, today)
    problems, waivers = apply(_waivers(docs.project), all_findings, GATES)
    return Verdict(tuple(sorted(set(problems))), tuple(waivers))


def findings(docs: Docs, library: Library, sheets: Iterable[Sheet], today: date) -> list[Problem]:
    """Give all findings, those too that a waiver may let through."""
    return [*between(docs, library, sheets), *gates(docs, library, today)]


def _waivers(project: Project) -> Iterator[Waiver]:
    for pattern in _WITH_WAIVERS:
        for path in sorted(project.folder.glob(pattern)):
            if is_passed_over(path):
                continue
            yield from waivers_in(project.text(path), project.name(path))


def between(docs: Docs, library: Library, sheets: Iterable[Sheet]) -> list[Problem]:
    """Give every problem that shows only when files are held against each other."""
    printed: dict[str, set[str]] = {}
    for sheet in sheets:
        printed.setdefault(sheet.handout.name, set()).add(sheet.language.code)
    clinics = library.clinics.values()
    logos = [(clinic.logo, clinic.source) for clinic in clinics if clinic.logo]
    problems = [
        *_fonts(docs),
        *_words(docs, library),
        *_risks(docs),
        *_templates(docs, library),
        *_unread(docs, library),
        *_same_sections(docs),
        *_links(docs),
        *_formerly(docs),
        *_packs(library),
        *of_rules(docs, library),
        *own_words(docs, library),
        *_letters(docs, library, printed),
        *in_assets(docs),
        *heavy(docs, logos),
    ]
    for own in (own for clinic in clinics for own in clinic.own):
        for section in own.sections:
            problems += _printable(section, "text")
    for name, codes in printed.items():
        # The main language first: what it lacks as well is not the fault of a translation.
        ordered = sorted(codes, key=lambda code: (code != docs.main_language, code))
        problems += _parts(library.handouts[name], ordered, docs)
    return problems


def _fonts(docs: Docs) -> Iterator[Problem]:
    for language in docs.languages.values():
        for font in language.fonts:
            if font not in families():
                hint = choices(families(), font, "fonts")
                place = line_of_key(docs.project, language.source, "fonts")
                yield Problem(place, f'the font "{font}" is not installed.', hint)


def _risks(docs: Docs) -> Iterator[Problem]:
    """Hold the words of each risk against docs/facts/risks.yml."""
    for language in docs.languages.values() if docs.facts.is_whole else ():
        for name in language.risks:
            place = line_of_key(docs.project, language.source, "risks", name)
            if name not in docs.facts.risks:
                hint = choices(docs.facts.risks, name, "risks in docs/facts/risks.yml")
                yield Problem(place, f'there is no risk "{name}".', hint)
        measured = {
            risk.benchmark.procedure for risk in docs.facts.risks.values() if risk.benchmark
        }
        for name in sorted(language.procedures.keys() - measured):
            hint = choices(measured, name, "procedures in docs/facts/risks.yml")
            place = line_of_key(docs.project, language.source, "procedures", name)
            yield Problem(place, f'no risk was measured with the procedure "{name}".', hint)


def _templates(docs: Docs, library: Library) -> Iterator[Problem]:
    """Refuse templates that are not there, and files of templates/ that are no text."""
    project = docs.project
    unreadable: list[Problem] = []
    for path in sorted((project.folder / "templates").rglob("*")):
        if path.suffix in (".jinja", ".css") and not is_passed_over(path):
            project.read(path, unreadable)
    yield from unreadable
    fonts = with_fallback(font for language in docs.languages.values() for font in language.fonts)
    for name, css in styles(project).values():
        for line in see_through(css):
            yield Problem(Place(name, line), PALE, LIGHTER)
        for named, line in absent_fonts(css, (*fonts, FIELDS)):
            fact = f"no sheet brings a font called {named}."
            yield Problem(Place(name, line), fact, choices(fonts, named, "fonts"))
    folders = project.template_folders("handout")
    for handout in library.handouts.values():
        name = f"{handout.template}.html.jinja"
        if "/" in name or not any((folder / name).is_file() for folder in folders):
            fact = f'there is no template "{handout.template}" in templates/handout/.'
            place = line_of_key(project, handout.source, "template")
            yield Problem(place, fact, "Choose form or leaflet, or write it.")


def _words(docs: Docs, library: Library) -> Iterator[Problem]:
    """Hold each words.yml against what the templates and handouts print."""
    used = words_used(docs.project)
    if used is None:
        return
    # A language may have words for labels and readers before the pages that need them.
    every = _labels(library.handouts.values()).keys()
    in_any = {f"reader_{page.reader}" for page in docs.pages.values()}
    for language in docs.languages.values():
        given = set(language.words)
        is_main = language.code == docs.main_language
        handouts = [
            handout
            for handout in library.handouts.values()
            if is_main or not lacking(docs, library, handout, language.code)
        ]
        labels = _labels(handouts)
        titles = {
            f"reader_{page.reader}"
            for (code, _), page in docs.pages.items()
            if code == language.code and page.reader
        }
        printed = {*used, *ANSWERS, TO_WRITE, *titles}
        for name in sorted(printed - given):
            prints = "the navigation" if name in titles else "a template"
            fact = f'"{name}" is missing under `words:`; {prints} prints it.'
            hint = f"Add a line `{name}: …` in {language.name}."
            yield Problem(line_of_key(docs.project, language.source, "words"), fact, hint)
        # Pages with problems are not in docs.pages, and one may be for this reader.
        is_whole = not any(code == language.code for code, _ in docs.broken)
        for name in sorted(language.own_words - printed):
            place = line_of_key(docs.project, language.source, "words", name)
            if name not in _READER_TITLES:
                missing = printed - given
                hint = _REMOVE
                if missing:
                    hint = choices(missing, name, "words still missing")
                elif meant := guess(name, printed - language.own_words):
                    hint = f"{meant}Else take the line away, or print it."
                yield Problem(place, f'no template prints "{name}".', hint)
            elif is_whole and name not in in_any:
                reader = name.removeprefix("reader_")
                hint = f"Take the line away, or write `reader: {reader}` in a page."
                fact = f'"{name}" stands above no page.'
                yield Problem(place, fact, hint, is_warning=True)
        for name in sorted(labels.keys() - language.labels.keys()):
            fact = f'the label "{name}" has no words in {language.source.path}.'
            yield Problem(labels[name], fact, choices(language.labels, name, "labels"))
        for name in sorted(language.labels.keys() - every) if library.is_whole else ():
            fact = f'no handout prints the label "{name}".'
            place = line_of_key(docs.project, language.source, "labels", name)
            yield Problem(place, fact, _REMOVE, is_warning=True)


def _labels(handouts: Iterable[Handout]) -> dict[str, Place]:
    """Give each label that handouts print, with where it is named last."""
    return {
        label: field.source
        for handout in handouts
        for part in handout.parts
        for field in part.fields
        for label in field.labels
    }


def _unread(docs: Docs, library: Library) -> Iterator[Problem]:
    """Name what lies in the folder of a clinic and nothing reads, once for each file."""
    project = docs.project
    for clinic in library.clinics.values():
        folder = (project.folder / clinic.source.path).parent
        read = {folder / "clinic.yml", folder / "approvals.yml", clinic.logo}
        for path in sorted(folder.iterdir()):
            is_own = path.suffix == ".md" and path.is_file() and bool(right_tag(path.stem))
            is_printed = path.stem in (clinic.languages or docs.languages)
            # Words in a language that docs/ lacks are reported by read.
            if is_own and (is_printed or path.stem not in docs.languages):
                continue
            if path not in read and not is_passed_over(path):
                hint = "Name it in clinic.yml, or take it away."
                if is_own:
                    hint = f"Add {path.stem} to `languages:` in clinic.yml, or take it away."
                place = Place(project.name(path))
                yield Problem(place, "nothing reads this.", hint, is_warning=True)


def _same_sections(docs: Docs) -> Iterator[Problem]:
    """Refuse a page whose section ids differ from those of the main language's page."""
    for (code, slug), page in docs.pages.items():
        original = docs.pages.get((docs.main_language, slug))
        if original is None or code == docs.main_language:
            continue
        for name in original.sections.keys() - page.sections.keys():
            fact = f'the section "{name}" of {original.source} is missing here.'
            hint = f"Translate it, under a heading that ends with {{#{name}}}."
            yield Problem(Place(page.source.path, 1), fact, hint)
        for name in page.sections.keys() - original.sections.keys():
            fact = f'the section "{name}" is not in {original.source}.'
            hint = choices(original.sections, name, "ids there")
            yield Problem(page.sections[name].source, fact, hint)
        is_other = code.partition("-")[0] != docs.main_language.partition("-")[0]
        for name, section in page.sections.items() if is_other else ():
            theirs = original.sections.get(name)
            # One or two words may be a name, or the same in both languages.
            if theirs and theirs.title == section.title and len(section.title.split()) > 2:
                fact = f'the heading "{section.title}" is the same in {theirs.source}.'
                yield Problem(section.source, fact, "Translate it.", is_warning=True)


def _links(docs: Docs) -> Iterator[Problem]:
    for (code, _), page in docs.pages.items():
        for link in page.links:
            target = docs.pages.get((code, link.page))
            if target is None and code != docs.main_language:
                # What a language lacks yet is read in the main one (website.py).
                target = docs.pages.get((docs.main_language, link.page))
            if target is None and (code, link.page) not in docs.broken:
                fact = f'this links to "{link.page}.md", which is not there.'
                pages = {f"{slug}.md" for language, slug in docs.pages if language == code}
                yield Problem(link.source, fact, choices(pages, f"{link.page}.md", "pages"))
            elif target and link.section and link.section not in target.sections:
                fact = f'this links to "{link.page}.md#{link.section}", which has no such section.'
                hint = choices(target.sections, link.section, "sections there")
                yield Problem(link.source, fact, hint)


def _formerly(docs: Docs) -> Iterator[Problem]:
    """Refuse old addresses that cannot lead on: each must be free, and lead to one page only."""
    claimed: dict[tuple[str, str], Place] = {}
    for (code, _), page in docs.pages.items():
        place = line_of_key(docs.project, page.source, "formerly")
        for old in page.formerly:
            if not fits_an_address(old):
                fact = f'the old address "{old}" cannot have been one.'
                yield Problem(place, fact, f"{ADDRESS} Leave out .html.")
            elif (code, old) in docs.pages or (code, old) in docs.broken:
                fact = f'the old address "{old}" is that of a page: {old}.md.'
                yield Problem(place, fact, "Take it away, or give that page another name.")
            elif is_taken(old, docs.languages):
                fact = f'the old address "{old}" is taken: the website keeps something else there.'
                yield Problem(place, fact, "Take it away.")
            elif (first := claimed.setdefault((code, old), place)) != place:
                fact = f'the old address "{old}" already leads to {first.path}.'
                yield Problem(place, fact, "Name it on one page only.")


def _packs(library: Library) -> Iterator[Problem]:
    """Refuse a pack of what is not there, or of other packs."""
    single = [name for name, handout in library.handouts.items() if not handout.handouts]
    for handout in library.handouts.values() if library.is_whole else ():
        if len(set(handout.handouts)) < len(handout.handouts):
            fact = f"the pack {handout.name} names a handout twice."
            yield Problem(handout.source, fact, "Name each handout once.")
        kinds = {library.handouts[name].kind for name in handout.handouts if name in single}
        if "consent" in kinds and "aftercare" not in kinds:
            fact = f"the pack {handout.name} has a consent form, and no aftercare sheet."
            hint = "Add one: who has the treatment must know when to get help."
            yield Problem(handout.source, fact, hint)
        named = [(name, f"the pack {handout.name} names") for name in handout.handouts]
        named += [(name, f"{handout.name} goes with") for name in handout.goes_with]
        for name, says in named:
            if name not in single:
                fact = f'{says} "{name}", which is no single handout.'
                yield Problem(handout.source, fact, choices(single, name, "handouts"))


def _letters(docs: Docs, library: Library, printed: Mapping[str, set[str]]) -> Iterator[Problem]:
    """Refuse letters that would be printed as empty boxes."""
    for language in docs.languages.values():
        if not set(language.fonts) <= set(families()):
            continue
        handouts = [library.handouts[name] for name in printed if language.code in printed[name]]
        for name, pieces in _printed(docs, library, language, handouts):
            yield from empty_boxes(language, name, pieces)


def empty_boxes(
    language: Language, name: str, pieces: Iterable[tuple[str, int]]
) -> Iterator[Problem]:
    """Refuse letters of a file that no font of a language has; its pieces come with their lines."""
    pieces = tuple(pieces)
    whole = "".join(piece for piece, _ in pieces)
    missing = dict.fromkeys((*missing_letters(whole, language.fonts), *_LIGATURES.findall(whole)))
    for letter in missing:
        if unseen(letter):
            continue  # it is named where the file is read
        piece, line = next(item for item in pieces if letter in item[0])
        line += line_of(piece, letter) - 1
        fact = f'no font of {language.name} has the letter "{letter}" (U+{ord(letter):04X}).'
        if _LIGATURES.match(letter):
            fact = f'"{letter}" (U+{ord(letter):04X}) is several letters in one sign.'
        plain = normalize("NFKC", letter).replace("\u2010", "-")
        hint = f"Write it another way, or add a font that has it to {language.source.path}."
        if plain != letter and not missing_letters(plain, language.fonts):
            hint = f'Write "{plain}" instead.'
        yield Problem(Place(name, line), fact, hint)


def _printed(
    docs: Docs, library: Library, language: Language, handouts: Iterable[Handout]
) -> Iterator[tuple[str, Iterable[tuple[str, int]]]]:
    """Give the files that a language prints, and what they say in pieces with their lines."""
    code = language.code
    names = [page.source.path for page in docs.pages.values() if page.language == code]
    names += [language.source.path, *([language.shared_source.path] if language.shared else [])]
    for clinic in (*library.clinics.values(), *library.broken):
        names += [own.source.path for own in clinic.own if own.language == code]
        if code in (clinic.languages or docs.languages):
            names.append(clinic.source.path)
    if docs.facts.references and language.risks:
        names.append("docs/facts/sources.yml")
    for name in dict.fromkeys(names):
        text = docs.project.text(name)
        # scalars leaves comments out, which are not printed; `&#9786;` in a page is a letter.
        lines = enumerate(text.split("\n"), start=1)
        is_page = name.endswith(".md")
        yield name, ([(unescape(line), at) for at, line in lines] if is_page else scalars(text))
    for handout in handouts:
        line = line_of_key(docs.project, handout.source, "id").line
        yield handout.source.path, [(handout.id, line)]
        for edition in library.editions.get((handout.name, code), ())[-1:]:
            printed = (edition.version, edition.author, edition.reviewer)
            yield edition.source.path, [(text, edition.source.line) for text in printed]
            approved = (handout.name, code, edition.content)
            for approval in library.approvals:
                if (approval.handout, approval.language, approval.content) == approved:
                    place = approval.source
                    yield place.path, [(text, place.line) for text in (approval.by, approval.role)]
    for kind in ("handout", "page"):
        for path, text in Origins(environment(docs.project, kind), kind).texts:
            yield path, written(text)
    for name, css in styles(docs.project).values():
        yield name, strings(css)


def _parts(handout: Handout, codes: Sequence[str], docs: Docs) -> Iterator[Problem]:
    """Hold each part of a handout against the pages of the languages in which it is printed."""
    seen: dict[tuple[str, str], int] = {}
    for part in handout.parts:
        key = (part.page, part.section)
        if key in seen:
            fact = f'"{part.page}#{part.section}" is printed twice, first on line {seen[key]}.'
            yield Problem(part.source, fact, "Print each section once.")
            continue
        seen[key] = part.source.line
        for code in codes:
            if (code, part.page) in docs.broken:
                continue
            page = docs.pages.get((code, part.page))
            if page is None:
                fact = f'there is no page "{part.page}" in docs/{code}/.'
                pages = {slug for language, slug in docs.pages if language == code}
                yield Problem(part.source, fact, choices(pages, part.page, "pages"))
                break
            section = page.sections.get(part.section)
            if section is not None:
                yield from _printable(section, part.show)
                continue
            original = docs.pages.get((docs.main_language, part.page))
            if original and part.section in original.sections:
                continue  # _same_sections names what the translation lacks
            fact = f'there is no section "{part.section}" in {page.source}.'
            yield Problem(part.source, fact, choices(page.sections, part.section, "sections"))
            break


def _printable(section: Section, show: str) -> Iterator[Problem]:
    """Refuse what paper cannot show."""
    tree = lxml.html.fragment_fromstring(section.html, create_parent="div")
    text = tree.text_content()
    if tree.find_class("tabbed-set") or '=== "' in text:
        fact = f'the section "{section.id}" has content tabs, and it is printed.'
        hint = "Paper has no tabs: write one after the other, each under a heading of its own."
        yield Problem(section.source, fact, hint)
    has_mark = any(link.text_content().startswith("^") for link in tree.iter("a"))
    if tree.find_class("footnote-ref") or tree.find_class("footnote") or "[^" in text or has_mark:
        fact = f'the section "{section.id}" has a footnote, and it is printed.'
        hint = "The note would stand on another page: write it into the sentence."
        yield Problem(section.source, fact, hint)
    if show == "fill" and tree.find(".//td") is None:
        fact = f'the section "{section.id}" is printed as fill, but it has no table.'
        yield Problem(section.source, fact, "Write a table, with empty cells to write in.")
    elif show not in ("text", "fill") and tree.find(".//li") is None:
        fact = f'the section "{section.id}" is printed as {show}, but it has no list.'
        yield Problem(section.source, fact, "Write a list, each item on a line with `- `.")
