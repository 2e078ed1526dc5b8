"""A page: its front matter, its Markdown made HTML, and what must not stand in it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote, unquote

import jinja2
from lxml import etree
from lxml.html import HtmlElement as Element

from plainleaf.files.pictures import OF_PAGE, fault_of, named, nearest
from plainleaf.files.yaml_file import Record, parse_yaml
from plainleaf.html.faults import in_page
from plainleaf.html.harmless import TOO_DEEP, judged, written
from plainleaf.html.links import links_of, odd_links, unread_links
from plainleaf.html.origins import Origins
from plainleaf.html.sections import HEADINGS, sections_of
from plainleaf.html.tables import UNREAD, faults_of
from plainleaf.machine.disk import is_within
from plainleaf.model import NOBODY, READERS, Facts, Language, OwnWords, Page, Project
from plainleaf.problems import Place, Problem, choices, line_of, short
from plainleaf.read.blocks import NOTE
from plainleaf.read.fill import Filled, fill_page
from plainleaf.read.second_reader import second_reading
from plainleaf.read.settings import Extensions
from plainleaf.text import is_passed_over

# What a page is: it states facts about this treatment (treatment) or about health (clinical), it
# explains terms (glossary), or it does none of these (plain).
KINDS = ("treatment", "clinical", "plain", "glossary")

# Python-Markdown takes time with the square of these: a second or less for so many, in one page
# (tags) or between two empty lines (brackets). The longest page of ours has 14,000 letters.
MOST_LETTERS = 100_000
MOST_TAGS = 5_000
MOST_BRACKETS = 500

_WIDTH = re.compile("([1-9][0-9]|100)%")
_WIDTH_HINT = "Give its width alone, in % of the column, from 10 to 100: `{ width=50% }`"
# How a section starts that a clinic says itself.
_OWN_HEADING = "## Our fees {#fees}"
_PLACE = "Put it into docs/assets/ and name it as `assets/picture.svg`."

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the pages of one language; templates are those of what pages may ask for."""

    language: Language
    facts: Facts
    extensions: Extensions
    templates: jinja2.Environment

    def read(
        self,
        parse: Callable[[Parser], Result | None],
        project: Project,
        path: Path,
        problems: list[Problem],
    ) -> Result | None:
        """Read a file as parse takes it apart, or note its problems and give None."""
        before = len(problems)
        text = project.read(path, problems)
        if text is None:
            return None
        parse_once = parsed if self.extensions.are_self_contained else parsed.__wrapped__
        result, pictures, faults = parse_once(self, project.name(path), text, parse)
        problems += faults
        problems += _in_pictures(pictures, project)
        return result if len(problems) == before else None


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a page: its address as written, its file, and the words instead of it.

    file is named from docs/; "" if the address leads out of it already as it is written.
    """

    written: str
    file: str
    words: str
    source: Place


@lru_cache(1024)
def parsed(
    reader: Reader, name: str, text: str, parse: Callable[[Parser], Any]
) -> tuple[Any, tuple[Picture, ...], tuple[Problem, ...]]:
    """Give what parse makes of a file's text, its pictures, not yet looked at, and its problems."""
    parser = Parser(reader, name, text)
    result = parse(parser)
    return result, tuple(parser.pictures), tuple(parser.problems)


@dataclass(slots=True)
class Parser:
    """Takes one page apart; what it does follows from its fields alone."""

    reader: Reader
    name: str
    text: str
    pictures: list[Picture] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def page(self) -> Page | None:
        """Give the page, or note its problems and give None."""
        language, facts = self.reader.language, self.reader.facts
        name, text = self.name, self.text
        split = _front_matter(text, name, self.problems)
        if split is None:
            return None
        record, body, body_line = split
        title, sources = record.text("title"), record.texts("sources", default=())
        front: dict[str, Any] = {
            "title": title,
            "menu": record.text("menu", title),
            "description": record.text("description"),
            "order": record.number("order", 1, 999),
            "kind": record.one_of("kind", KINDS),
            "updated": record.day("updated"),
            "review_by": record.day("review_by"),
            "sources": sources,
            "compare": record.texts("compare", default=()),
            "reader": record.one_of("reader", READERS, ""),
            "formerly": record.texts("formerly", default=()),
            "reviewer": _reviewer(record),
            "search_words": _search_words(record),
            "often_asked": record.texts("often_asked", default=()),
            "is_way_on": record.one_of("way_on", ("yes",), "") == "yes",
        }
        for source in sources if facts.is_whole else ():
            if source not in facts.references:
                hint = choices(facts.references, source, "sources in docs/facts/sources.yml")
                record.note(f'there is no source "{source}".', hint, "sources")
        record.finish()
        # The empty lines keep the numbers of the lines; notes to editors are not published.
        own = "\n" * (body_line - 1) + without_notes(body)
        before = len(self.problems)
        filled = self._filled(own, sources)
        if filled is None:
            return None
        whole, tree, on_sheets = filled
        is_sound = len(self.problems) == before
        html, printed = written(tree), written(on_sheets)
        self._find_pictures(tree)
        self._look_over(tree)
        if is_sound and self._is_misleading(own, tree):
            return None  # the gates would judge sections that read otherwise than meant
        if on_sheets is not tree:
            self._find_pictures(on_sheets)
            self._same_headings(tree, on_sheets)
        sections = {
            section.id: section for section in sections_of(on_sheets, name, text, self.problems)
        }
        for key in ("compare", "often_asked"):
            for section in front[key]:
                if section not in sections:
                    hint = choices(sections, section, "sections")
                    record.note(f'there is no section "{section}".', hint, key)
        if self.problems:
            return None
        slug = name.removeprefix(f"docs/{language.code}/").removesuffix(".md")
        return Page(
            slug=slug,
            language=language.code,
            cited=whole.cited,
            sections=sections,
            markdown=whole.text.lstrip("\n"),
            html=html,
            printed=printed,
            links=tuple(links_of(tree, slug, name, text)),
            source=Place(name),
            **front,
        )

    def own_words(self) -> OwnWords | None:
        """Give the sections that a clinic says itself, or note their problems and give None.

        The file has no front matter: its clinic.yml says whose it is. A clinic speaks for itself on
        paper as on its desk, so both have the words of sheets.
        """
        name, text, language = self.name, self.text, self.reader.language
        if text.startswith("---"):
            fact = "what a clinic says itself has no title and no date."
            self._refuse(1, fact, f"Start with `{_OWN_HEADING}`.")
            return None
        own = without_notes(text)
        filled = self._filled(own, ())
        if filled is None:
            return None
        _, _, tree = filled
        is_sound = not self.problems
        self._look_over(tree)
        if is_sound and self._is_misleading(own, tree):
            return None
        self._check_own(tree)
        headings = tuple(sections_of(tree, name, text, self.problems))
        first = {heading.get("id") for heading in tree.iterchildren("h2")}
        sections = tuple(section for section in headings if section.id in first)
        if not (sections or self.problems):
            self._refuse(0, "this clinic says nothing here.", f"Write `{_OWN_HEADING}`.")
        links = tuple(links_of(tree, "", name, text))
        if self.problems:
            return None
        return OwnWords(language.code, sections, headings, links, Place(name))

    def _check_own(self, tree: Element) -> None:
        """Refuse what no handout could print: words that are of no section, and pictures."""
        first = next(iter(tree), None)
        nested = [] if first is None else list(first.iterdescendants(*HEADINGS))
        if first is not None and first.tag != "h2" and not nested:
            words = " ".join(first.text_content().split())
            fact = f'"{short(words)}" stands above the first `##`, and nothing prints it.'
            hint = f"Write `{_OWN_HEADING}` above it."
            self._refuse(_line_of_cell(first, self.text), fact, hint)
        for heading in tree.iter(*HEADINGS):
            if heading.getparent() is not tree:
                words = " ".join(heading.text_content().split())
                fact = f'the heading "{words}" stands within something else, such as a card.'
                hint = "Start it at the left: a clinic's own words stand on no card."
                self._refuse(self._line_of(f"{{#{heading.get('id')}}}"), fact, hint)
        for image in tree.iter("img"):
            fact = "what a clinic says itself has no pictures."
            hint = "Say it in words, or show the picture on a page."
            self._refuse(self._line_of(image.get("src", "") or "]()"), fact, hint)

    def _look_over(self, tree: Element) -> None:
        """Note what would be lost or lead nowhere: styles, odd links, what faults.py has."""
        name, text = self.name, self.text
        self._check_styles(tree)
        self.problems += in_page(tree, name, text)
        self._note([*odd_links(tree, name, text), *unread_links(tree, name, text)])

    def _same_headings(self, tree: Element, on_sheets: Element) -> None:
        """Refuse a heading that stands in one voice alone: links and handouts name it in both."""
        on_page, on_sheet = (
            {heading.get("id", "") for heading in voice.iter(*HEADINGS)}
            for voice in (tree, on_sheets)
        )
        for name in sorted(on_page ^ on_sheet):
            fact = f"the heading {{#{name}}} stands only on the page, or only on the sheet."
            hint = "Let `clinic(…)` change the words of a heading, and not the heading itself."
            self._refuse(self._line_of(f"{{#{name}}}"), fact, hint)

    def _is_misleading(self, own: str, tree: Element) -> bool:
        """Tell whether the Markdown means something else than it looks like, and note where."""
        code = [element.text_content() for element in tree.iter("pre")]
        names = self.reader.extensions.names
        misleading = list(second_reading(own, self.name, names, code))
        self._note(misleading)
        return bool(misleading)

    def _line_of(self, *needles: str) -> int:
        return line_of(self.text, *needles)

    def _refuse(self, line: int, fact: str, hint: str) -> None:
        self.problems.append(Problem(Place(self.name, line), fact, hint))

    def _note(self, problems: Iterable[Problem]) -> None:
        """Note problems, but not on lines that have one already: it may be the cause of both."""
        places = {problem.source for problem in self.problems}
        self.problems += [problem for problem in problems if problem.source not in places]

    def _filled(self, own: str, sources: tuple[str, ...]) -> tuple[Filled, Element, Element] | None:
        """Give the Markdown with the facts filled in, and its HTML as trees: of page and sheets.

        own is the Markdown as it stands in the file. Where page and sheets say the same, both
        trees are one. None if there is a fault after which nothing more can be read.
        """
        reader, place = self.reader, Place(self.name, 1)
        if endless := next(_without_end(own, self.name), None):
            self.problems.append(endless)
            return None
        filled = fill_page(reader.templates, reader.language, reader.facts, own, sources, place)
        if isinstance(filled, Problem):
            self.problems.append(filled)
            return None
        before = len(self.problems)
        tree = self._judged(filled.text, own)
        if tree is None:
            return None
        if filled.printed == filled.text or len(self.problems) > before:
            return filled, tree, tree
        on_sheets = self._judged(filled.printed, own)
        return None if on_sheets is None else (filled, tree, on_sheets)

    def _judged(self, whole: str, own: str) -> Element | None:
        """Give the HTML of a page as browsers read it; None where it cannot be read.

        whole is its Markdown with the facts filled in, own is as it stands in the file.
        """
        uneven: list[str] = []
        try:
            tree, harms = judged(self.reader.extensions.convert(whole, uneven))
        except RecursionError:
            self._refuse(_deepest_line(whole), TOO_DEEP.fact, TOO_DEEP.hint)
            return None
        except Exception as error:  # whatever an extension of mkdocs.yml may raise
            fact = f"the Markdown of this page cannot be read: {error}."
            hint = "Look for what only an extension of mkdocs.yml knows, such as a file taken in."
            self._refuse(0, fact, hint)
            return None
        if TOO_DEEP in harms:
            self._refuse(_deepest_line(whole), TOO_DEEP.fact, TOO_DEEP.hint)
            return None
        for harm in harms:
            self._refuse(harm.line_in(own), harm.fact, harm.hint)
        self._check_tables(tree, own, uneven)
        return tree

    def _find_pictures(self, tree: Element) -> None:
        """Note each picture, and name it from the project's folder."""
        code = self.reader.language.code
        for image in tree.iter("img"):
            written = image.get("src", "")
            if written.startswith("data:") and "icons" in (image.get("class") or ""):
                self._check_icons(image)  # drawn by icons.py
                continue
            page = self.name.removeprefix(f"docs/{code}/")
            file = "" if ":" in written else file_of(code, page, written)
            place = Place(self.name, self._line_of(written or "]()"))
            words = image.get("alt", "").strip()
            if (picture := Picture(written, file, words, place)) not in self.pictures:
                self.pictures.append(picture)
                self.problems += _of_size(image, place, self.text)
            if file:
                image.set("src", quote(f"docs/{file}"))

    def _check_icons(self, image: Element) -> None:
        """Refuse an icon array whose template gives it no words."""
        if not image.get("alt", "").strip():
            place = Origins(self.reader.templates, "page").origin_of(image, "icon-array")
            fact = "a picture has no text for people who cannot see it."
            self.problems.append(Problem(place, fact, 'Say what it shows: `alt="{{ words.… }}"`.'))

    def _check_styles(self, tree: Element) -> None:
        """Refuse what styles a part of a page: the website's security policy would drop it."""
        for element in tree.iter(etree.Element):
            if "style" in element.attrib:
                # The columns of a table are set to a side by a colon in the line under its heads.
                signs = ("--:", ":--") if element.tag in ("td", "th") else ()
                fact = "this page styles a part of itself, and the website would drop that."
                hint = "Take `style=` away; in a table, write the line under its heads without `:`."
                self._refuse(self._line_of(*signs, "style="), fact, hint)

    def _check_tables(self, tree: Element, text: str, uneven: Sequence[str]) -> None:
        """Refuse tables of which large print, or a telephone, could not show every word."""
        for row in uneven:
            fact = "a row of a table has more cells than there are heads, and they would be lost."
            hint = "Write a head for each cell; a `|` within a cell is written as `\\|`."
            self._refuse(line_of(text, row), fact, hint)
        for table in tree.iter("table"):
            for element, fact, hint in faults_of(table):
                self._refuse(_line_of_cell(element, text), fact, hint)
        for words in tree.itertext("p", "li", "td", "div"):
            if UNREAD.search(words):
                fact = "this table is not read as a table."
                hint = "Give the line under the heads as many cells as there are heads."
                self._refuse(line_of(text, words.strip().split("\n")[0]), fact, hint)


def file_of(code: str, page: str, address: str) -> str:
    """Give the file, named from docs/, to which an address in a page of a language leads.

    page is named from the folder of its language, beside which docs/assets stands on the website.
    Gives "" if the address leads out of both.
    """
    inside = posixpath.normpath(posixpath.join(posixpath.dirname(page), unquote(address)))
    if inside.startswith(("..", "/")):
        return ""
    return inside if inside.startswith("assets/") else f"{code}/{inside}"


def _of_size(image: Element, place: Place, text: str) -> Iterator[Problem]:
    """Refuse a size that would hold on the website or on paper alone."""
    picture = f'the picture "{_short(image.get("src", ""))}"'
    width, hint = image.get("width", "100%"), f"{_WIDTH_HINT}; its height follows."
    if not _WIDTH.fullmatch(width):
        ways = (f"width={width}", f'width="{width}"')
        line = next((line_of(text, way) for way in ways if way in text), place.line)
        yield Problem(Place(place.path, line), f'{picture} is to be "{width}" wide.', hint)
    if image.get("height") is not None:
        place = Place(place.path, line_of(text, "height=") if "height" in text else place.line)
        yield Problem(place, f"{picture} has `height`, which paper does not know.", hint)


def _in_pictures(pictures: Iterable[Picture], project: Project) -> Iterator[Problem]:
    """Give what is wrong with the pictures of a page, whose files may change without it."""
    docs = project.folder / "docs"
    for picture in pictures:
        place, shown = picture.source, f'the picture "{_short(picture.written)}"'
        path = named(docs, picture.file) if picture.file and picture.written else None
        if not picture.file or (path and not is_within(path, docs)):
            yield Problem(place, f"{shown} lies outside docs/.", _PLACE)
        elif path is None:
            other = picture.written.replace("\\", "/")
            near = nearest(docs, picture.file.replace("\\", "/"))
            hint = f'Write "{other}".' if other != picture.written else near or _PLACE
            yield Problem(place, f"{shown} is not there.", hint)
        elif fault := fault_of(project, path, OF_PAGE):
            yield Problem(place, f"{shown} {fault.fact}.", fault.hint)
        if path and not picture.words:
            fact = f"{shown} has no text for people who cannot see it."
            hint = "Say what it shows between the square brackets: `![An arm](…)`."
            yield Problem(place, fact, hint)


def _short(address: str) -> str:
    """Give an address as it can be read: one that carries the picture itself is very long."""
    most = 30 if address.startswith("data:") else 120
    return address if len(address) <= most else f"{address[:most]}…"


def _reviewer(record: Record) -> tuple[str, date] | None:
    """Give who checked a page and when, or None as long as nobody has."""
    by = record.text("reviewer", NOBODY)
    if by != NOBODY:
        return by, record.day("reviewed")
    if record.has("reviewed"):
        record.day("reviewed")
        hint = "Write the name and role of who checked it after `reviewer:`."
        record.note("this page was checked, and does not say by whom.", hint, "reviewed")
    return None


def _search_words(record: Record) -> tuple[str, ...]:
    """Give what people type who mean a page; note what could not be found, or stands there twice.

    Capital letters make no difference to the search.
    """
    key, seen = "search_words", set[str]()
    for word, line in record.items(key):
        if word and not any(letter.isalnum() for letter in word):
            fact = f'nobody can search for "{short(word)}".'
            record.note(fact, "Write a word, or take it away.", line=line)
        if word and word.casefold() in seen:
            fact = f'"{key}" holds "{short(word)}" twice.'
            record.note(fact, "Take one of them away.", line=line)
        seen.add(word.casefold())
    return record.texts(key, default=())


def _line_of_cell(element: Element, text: str) -> int:
    """Give the line of a table, a row or a cell, by the first words in it; 0 if it has none."""
    words = next(filter(None, map(str.strip, element.itertext())), "")
    return line_of(text, words) if words in text else 0


def _without_end(text: str, name: str) -> Iterator[Problem]:
    """Refuse what a reader of Markdown would not finish in minutes, and no patient in a day."""
    if len(text) > MOST_LETTERS:
        fact = f"this page has {len(text):,} letters, and {MOST_LETTERS:,} are a small book."
        yield Problem(Place(name), fact, "Make several pages of it.")
    if text.count("<") > MOST_TAGS:
        fact = f"this page holds more than {MOST_TAGS:,} HTML tags."
        yield Problem(Place(name), fact, "Write it in Markdown, or make several pages of it.")
    for block in text.split("\n\n"):
        if block.count("[") > MOST_BRACKETS:
            fact = f"this paragraph or list holds more than {MOST_BRACKETS} brackets `[`."
            hint = "Take away those that no link needs, or part it by an empty line."
            yield Problem(Place(name, line_of(text, block.strip("\n"))), fact, hint)


def _deepest_line(text: str) -> int:
    """Give the line of a page that stands deepest in quotations, lists or brackets."""
    lines = text.split("\n")
    depths = [len(line) - len(line.lstrip(" >")) + line.count("[") for line in lines]
    return depths.index(max(depths)) + 1


def _front_matter(text: str, name: str, problems: list[Problem]) -> tuple[Record, str, int] | None:
    """Split a page's file: its front matter, its body, and the line on which the body starts."""
    lines = text.split("\n")
    fence = lines.index("---", 1) if lines[0] == "---" and "---" in lines[1:] else 0
    head = "\n".join(lines[1:fence])
    if not head.strip():
        fact = "this page does not start with its title and date."
        hint = "Start it with `---`, the lines title, description, order and updated, and `---`."
        problems.append(Problem(Place(name, 1), fact, hint))
        return None
    record = parse_yaml(head, Place(name, 2), "a page", problems)
    return None if record is None else (record, "\n".join(lines[fence + 1 :]), fence + 2)


def page_files(folder: Path) -> Sequence[Path]:
    """Give the Markdown files of a language's folder, folders within it included."""
    return sorted(path for path in folder.rglob("*.md") if not is_passed_over(path))


def without_notes(text: str) -> str:
    """Give a page's Markdown with each note to editors, a comment on one line, left empty."""
    return "\n".join("" if NOTE.match(line) else line for line in text.split("\n"))
