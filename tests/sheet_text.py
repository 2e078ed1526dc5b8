"""What each sheet of a project must say, from its files and its website.

Nothing here reads the sheet itself: tests/paper.py does.
"""

from __future__ import annotations

import inspect
import re
from collections import Counter
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property, update_wrapper
from pathlib import Path
from typing import Any

import lxml.html
import pytest
import yaml
from babel.dates import format_date

from plainleaf.compose.content import contents
from plainleaf.load.load import load
from plainleaf.machine.program import TEMPLATES
from plainleaf.model import Docs, Project
from plainleaf.plan import plan
from plainleaf.read.read import read
from plainleaf.records.codes import sheet_code
from tests.paper import Paper, Run, joined, letters, read_pdf, squeezed

NUMBERS = ("emergency", "daytime", "out_of_hours")


def words_of(part: list[Run], section: Section) -> int:
    """Tell how many runs at the start of a part say all letters of its section and no more."""
    wanted = letters(section.text)
    for number in range(len(part) + 1):
        if letters(joined(part[:number])) == wanted:
            return number
    raise AssertionError(f"{section.heading}: {joined(part)} does not start with {section.text}")


def _is_labelled_number(said: Counter[str], labels: Sequence[Counter[str]]) -> bool:
    """Tell whether letters are those of a label, and at most of a number with its extension."""
    return any(
        not label - said
        and not any(letter.isalpha() for letter in said - label if letter not in "ext")
        for label in labels
    )


def unaccounted(text: str, sections: list[str], phrases: list[str]) -> str:
    """Say what of a squeezed text is neither the sections, in order and once each, nor phrases.

    Gives "" if every letter is accounted for.
    """
    between = re.compile("(?:" + "|".join(sorted(map(re.escape, phrases), key=len)[::-1]) + ")*")
    rest = text
    for section in sections:
        before, found, rest = rest.partition(section)
        if not found:
            return f"missing: {section}"
        if not between.fullmatch(before):
            return f"of its own: {before}"
    return "" if between.fullmatch(rest) else f"of its own: {rest}"


@cache
def _page(path: Path) -> Any:
    return lxml.html.parse(path).getroot()


@cache
def _docs(folder: Path) -> Docs:
    return read(Project(folder, TEMPLATES), [])


@cache
def _words_now(folder: Path) -> dict[tuple[str, str], str]:
    """Give the hash of the words of each handout in each language, as its files are now."""
    docs, library = _docs(folder), load(Project(folder, TEMPLATES), [])
    found = contents(docs, library, plan(docs, library, []))
    return {of: content.hash for of, content in found.items()}


@cache
def _pages_in_two_voices(folder: Path, language: str) -> dict[str, Any]:
    """Give the pages of a project that ask for clinic(…), as sheets say them, by their names."""
    docs = _docs(folder)
    return {
        slug: lxml.html.fragment_fromstring(page.printed, create_parent="div")
        for (code, slug), page in docs.pages.items()
        if code == language and page.printed != page.html
    }


class Section:
    """A section of a page of the website; in large print its wide tables are said row by row.

    Where the page says "your clinic" and the sheet "us", in_voice is the page as sheets say it.
    shown is who fills in what is below a bar, and what stands above boxes of yes and no, or "".
    """

    def __init__(
        self,
        site: Path,
        page: str,
        section: str,
        in_voice: Any = None,
        *,
        is_large: bool = False,
        shown: tuple[str, str] = ("", ""),
    ) -> None:
        by, answers = shown
        tree = deepcopy(_page(site / f"{page}.html") if in_voice is None else in_voice)
        (heading,) = tree.xpath("//*[@id=$id]", id=section)
        level = int(heading.tag[1])
        inside = [heading]
        for sibling in heading.itersiblings():
            if sibling.tag in ("nav", "button", "details"):  # what stands below all sections
                break
            is_heading = re.fullmatch(r"h[1-6]", str(sibling.tag))
            if is_heading and (by or int(sibling.tag[1]) <= level):
                break  # what is below a bar is told by parts of their own
            inside.append(sibling)
        for element in inside:
            for image in element.iter("img"):
                image.text = image.get("alt")  # what a screen reader says of it
            for items in element.iter("ul") if answers else ():
                for item in (items[0], items[(len(items) + 1) // 2]):
                    item.text = answers + (item.text or "")  # above each half of the questions
        tables = [table for element in inside for table in element.iter("table")]
        self.blocks = [block for table in tables if is_large for block in _rows(table)]
        self.rows = [
            squeezed(row.text_content())
            for element in inside
            for row in element.xpath("descendant-or-self::tr[td]")
        ]
        self.is_card = "admonition" in (heading.getparent().get("class") or "").split()
        self.paragraphs = [
            text.text_content()
            for element in inside
            for text in element.xpath("descendant-or-self::p | descendant-or-self::li")
        ]
        self.items = sum(len(element.xpath("descendant-or-self::li")) for element in inside)
        self.heading = " ".join(heading.text_content().split())
        said = [element.text_content() for element in inside]
        self.text = " ".join(" ".join([said[0], by, *said[1:]]).split())


_section = cache(Section)


def _rows(table: Any) -> list[str]:
    """Say a table of more than two columns row by row, each cell after its head; leave others."""
    heads = [cell.text_content().strip() for cell in table.xpath("thead//th")]
    if len(heads) < 3:
        return []
    said = [
        " ".join(
            f"{head}: {cell.text_content()}" if cell.text_content().strip() else head
            for head, cell in zip(heads, row, strict=True)
        )
        for row in table.xpath("tbody/tr")
    ]
    for child in list(table):
        table.remove(child)
    table.text = " ".join(said)
    return [squeezed(row) for row in said]


@dataclass(frozen=True, slots=True)
class Case:
    """A sheet that a project must print, as its files say: known before anything is built."""

    source: str
    clinic: str
    language: str
    handout: str
    paper: str
    size: str

    @property
    def path(self) -> str:
        """Give its place under the site."""
        large = "-large" if self.size == "large" else ""
        return f"handouts/{self.clinic}/{self.language}/{self.handout}-{self.paper}{large}.pdf"

    def __str__(self) -> str:
        return f"{self.source}:{self.path.removeprefix('handouts/').removesuffix('.pdf')}"


def cases(source: str, folder: Path) -> list[Case]:
    """Give every sheet of a project: handout by clinic by language by paper by size of text."""
    languages = sorted(path.parent.name for path in folder.glob("docs/*/words.yml"))
    return [
        Case(source, clinic.parent.name, language, handout.stem, paper, text)
        for clinic in sorted(folder.glob("clinics/*/clinic.yml"))
        for language in as_written(clinic).get("languages", languages)
        for handout in sorted(folder.glob("handouts/*.yml"))
        if is_offered(folder, language, handout)
        for paper in ("a4", "letter")
        for text in ("standard", "large")
    ]


def is_offered(folder: Path, language: str, handout: Path) -> bool:
    """Tell whether a language has the pages of a handout, and of what it holds and goes with."""
    written = as_written(handout)
    named = [part["section"].partition("#")[0] for part in written["parts"] if "section" in part]
    others = [*written.get("handouts", []), *written.get("goes_with", [])]
    return all(
        (folder / f"docs/{language}/{page}.md").is_file() for page in (written["page"], *named)
    ) and all(is_offered(folder, language, handout.with_stem(other)) for other in others)


@cache
def as_written(path: Path) -> dict[str, Any]:
    """Read a YAML file with every value as the words that are written."""
    return dict(yaml.load(path.read_text("utf-8"), yaml.CBaseLoader))


@dataclass(frozen=True)
class Sheet:
    """A sheet of a built project, and what the files of the project say about it."""

    case: Case
    folder: Path

    @property
    def site(self) -> Path:
        """Give the site."""
        return self.folder / "site"

    @property
    def pdf(self) -> Path:
        """Give its file."""
        return self.site / self.case.path

    @property
    def paper(self) -> Paper:
        """Give what is printed on it."""
        return read_pdf(self.pdf)

    @cached_property
    def handout(self) -> dict[str, Any]:
        """Give its definition, and what the ledger says of its newest version."""
        return self.definition(self.case.handout)

    def definition(self, name: str) -> dict[str, Any]:
        """Give the definition of a handout, and what the ledger says of its newest version.

        Of a draft, whose words are no longer those of that version, it says only who wrote it.
        """
        ledger = as_written(self.folder / "ledger" / f"{name}.yml")
        defined = as_written(self.folder / "handouts" / f"{name}.yml")
        newest = ledger[self.case.language][-1]
        content = _words_now(self.folder)[name, self.case.language]
        is_draft = newest["content"] != content
        said = {"author": newest["author"], "content": content} if is_draft else newest
        return {"name": name, **defined, **said, "is_draft": is_draft}

    def is_by_machine(self, document: dict[str, Any]) -> bool:
        """Tell whether a machine translated some of a document, which nobody has checked."""
        pages = {
            part["section"].partition("#")[0] for part in document["parts"] if "section" in part
        }
        files = [f"{page}.md" for page in (document["page"], *pages)]
        found = self.folder / "docs" / self.case.language / "translated.yml"
        told = as_written(found) if found.exists() else {}
        return document.get("translation") == "machine" or any(
            told.get(file, {}).get("translation") == "machine"
            for file in (*files, "shared.yml", "words.yml")
        )

    @property
    def clinic(self) -> dict[str, Any]:
        """Give its clinic; empty for one whose details are written by hand."""
        return as_written(self.folder / "clinics" / self.case.clinic / "clinic.yml")

    @property
    def is_by_hand(self) -> bool:
        """Tell whether its clinic writes its own details on lines."""
        return "fill_in_by_hand" in self.clinic

    @property
    def is_rtl(self) -> bool:
        """Tell whether its language is written from right to left."""
        return self.case.language == "ar"

    @property
    def is_example(self) -> bool:
        """Tell whether its clinic is an example."""
        return self.clinic.get("is_example") == "yes"

    @cached_property
    def documents(self) -> list[dict[str, Any]]:
        """Give the handouts that it prints: one, or for a pack its cover and all that it holds."""
        held = self.handout.get("handouts", [])
        return [self.handout, *map(self.definition, held)]

    @cached_property
    def parts(self) -> list[dict[str, Any]]:
        """Give the parts of all its documents, in order, but for room for a clinic's own words."""
        parts = [part for document in self.documents for part in document["parts"]]
        return [part for part in parts if "section" in part]

    @cached_property
    def is_form(self) -> bool:
        """Tell whether a form is in it, which bears the patient's name on each page."""
        return any(document["template"] == "form" for document in self.documents)

    def document_on(self, page: int) -> dict[str, Any]:
        """Give the document to which a page belongs: each starts with its title, on a new page."""
        return self.documents[sum(start <= page for start in self.paper.titles) - 1]

    @cached_property
    def fixed(self) -> dict[str, Any]:
        """Give words.yml of its language."""
        return as_written(self.folder / "docs" / self.case.language / "words.yml")

    @cached_property
    def words(self) -> dict[str, str]:
        """Give the fixed words of its language: ours, and over them the project's."""
        ours = TEMPLATES / "words" / f"{self.case.language}.yml"
        return {**(as_written(ours) if ours.is_file() else {}), **self.fixed["words"]}

    @property
    def pages_site(self) -> Path:
        """Give where the website of its language stands: the main language (en) at the root."""
        return self.site if self.case.language == "en" else self.site / self.case.language

    @property
    def title(self) -> str:
        """Give its title: that of the page which it names."""
        return self.title_of(self.handout["page"])

    def title_of(self, page: str) -> str:
        """Give the title of a page."""
        tree = _page(self.pages_site / f"{page}.html")
        return " ".join(tree.xpath("string(//h1)").split())

    @cached_property
    def sections(self) -> list[Section]:
        """Give the sections that it prints, as the website shows them."""
        answers = self.words["yes"] + self.words["no"]
        by = {name: self.words[f"by_{name}"] for name in ("patient", "clinician", "both", "others")}
        named = [
            (
                *part["section"].split("#"),
                (
                    by.get(part.get("filled_in_by", ""), ""),
                    answers if part.get("show") == "yes-no" else "",
                ),
            )
            for part in self.parts
        ]
        is_large = self.case.size == "large"
        in_two = _pages_in_two_voices(self.folder, self.case.language)
        return [
            _section(
                self.pages_site,
                page,
                section,
                in_two.get(page),
                is_large=is_large,
                shown=shown,
            )
            for page, section, shown in named
        ]

    @cached_property
    def said(self) -> list[list[Run]]:
        """Give what is said in each part, its words first: telephone numbers stand within them."""
        labels = [letters(self.words[f"{kind}_phone"]) for kind in NUMBERS]
        parts = []
        for part in self.paper.parts([section.heading for section in self.sections]):
            of_numbers = {
                number
                for number in {run.within("P") for run in part}
                if _is_labelled_number(
                    letters(joined([r for r in part if r.within("P") == number])), labels
                )
            }
            parts.append(sorted(part, key=lambda run: run.within("P") in of_numbers))
        return parts

    @cached_property
    def phrases(self) -> list[str]:
        """Give, squeezed, all else that it may print: fixed words, and details of the clinic."""
        clinic = self.clinic
        details = [clinic.get("name", ""), *clinic.get("address", []), ","]
        details += [clinic.get(f"{kind}_phone", "") for kind in NUMBERS]
        details.append(f"{self.words['logo_of']} {clinic.get('name', '')}")
        online = [self.online(document) for document in self.documents]
        details += [f"{self.words['read_online']} {address}" for address in online if address]
        details += [*self.leaflets, ", ".join(clinic.get("address", []))]
        for document in self.documents:
            details.append(self.title_of(document["page"]))
            details.append(self.control(document))
            if code := self.code(document):
                details += [code, f"{self.words['code']} {code}"]
        # In large print, rows to fill in are numbered.
        details += [str(number) for number in range(1, 31)]
        said = [*self.words.values(), *self.fixed["labels"].values(), *details]
        return [squeezed(phrase) for phrase in said if phrase and "{" not in phrase]

    def version(self, document: dict[str, Any]) -> str:
        """Give the version of a document as it is printed, or that it is a draft."""
        words = self.words
        if document["is_draft"]:
            return words["draft"]
        return f"{words['version']} {document['version']}"

    def online(self, document: dict[str, Any]) -> str:
        """Give the address, without https://, of the page that says the same; "" if unknown."""
        website = self.clinic.get("website", "").removeprefix("https://").rstrip("/")
        folder = "" if self.case.language == "en" else f"{self.case.language}/"
        return f"{website}/{folder}{document['page']}.html" if website else ""

    def code(self, document: dict[str, Any]) -> str:
        """Give the code that tells which paper this is; a draft has none."""
        if document["is_draft"]:
            return ""
        return sheet_code(document["mark"], self.case.clinic, self.case.paper, self.case.size)

    def control(self, document: dict[str, Any]) -> str:
        """Give who wrote it, who checked and approved it, and how to see if it is the newest."""
        words = self.words
        said = [words["written_by"].format(author=document["author"])]
        if document.get("reviewer", "nobody yet") == "nobody yet":
            said.append(words["not_checked"])
        else:
            said.append(words["checked_by"].format(reviewer=document["reviewer"]))
        said += [self.approval(document), words["may_be_old"]]
        address, code = self.online({**document, "page": "codes"}), self.code(document)
        if address and code:
            said.append(words["look_up"].format(code=code, address=address))
        if document["template"] == "form" and (online := self.online(document)):
            said.append(f"{words['read_online']} {online}")
        return " ".join(filter(None, said))

    def approval(self, document: dict[str, Any]) -> str:
        """Give who approved it for a clinic of its own, or that nobody has; "" if by hand."""
        path = self.folder / "clinics" / self.case.clinic / "approvals.yml"
        found = as_written(path)["approvals"] if path.exists() else []
        clinic = self.clinic.get("name", "")
        for each in found:
            if each["content"] == document["content"] and not document["is_draft"]:
                on = format_date(date.fromisoformat(each["on"]), "d MMMM y", self.case.language)
                known = {"by": each["by"], "role": each["role"], "day": on, "clinic": clinic}
                return str(self.words["approved"].format(**known))
        return str(self.words["not_approved"].format(clinic=clinic)) if clinic else ""

    @cached_property
    def leaflets(self) -> list[str]:
        """Give title and version of the language's other handouts, packs aside."""
        language = self.case.language
        names = [
            path.stem
            for path in self.folder.glob("handouts/*.yml")
            if is_offered(self.folder, language, path)
        ]
        found = {name: self.definition(name) for name in names}
        listing = [
            document
            for document in self.documents
            if any("leaflets" in str(part.get("fields")) for part in document["parts"])
        ]
        return [
            f"{self.title_of(other['page'])}, {self.version(other)}"
            for name, other in sorted(found.items())
            if other not in listing
            and "handouts" not in other
            and all(name in each.get("goes_with", [name]) for each in listing)
            and other.get("kind") != "record"
        ]


sheet_of = cache(Sheet)


def each(cases: Sequence[Case]) -> Callable[[Callable[[Sheet], None]], Callable[..., None]]:
    """Let one test ask its question of all these sheets, and name each that it is not true of."""

    def of(ask: Callable[[Sheet], None]) -> Callable[..., None]:
        def test(request: pytest.FixtureRequest) -> None:
            faults, last = [], None
            for case in cases:
                folder = request.getfixturevalue(f"{case.source}_project")
                try:
                    ask(sheet_of(case, folder))
                except (AssertionError, ValueError) as fault:
                    faults.append(f"{case}: {fault}")
                    last = fault
            if last:
                raise AssertionError("\n".join(faults)) from last

        signature = inspect.signature(test)
        update_wrapper(test, ask)
        test.__signature__ = signature  # type: ignore[attr-defined] # for pytest: its own fixtures
        return test

    return of
