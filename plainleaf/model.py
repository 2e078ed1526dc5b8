"""The values that cross the stages: each is complete when it exists, and none ever changes.

A project is where all of them begin: it gives its files, each as it was when it was first read.
What is worked out from them may be kept by them (functools.lru_cache). Those that hold mappings
say themselves what their hash is, of what tells them apart quickly; all their fields must be equal.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any, Literal, TypeAlias, TypeVar

from plainleaf.problems import Place, Problem
from plainleaf.text import MOST_BYTES, is_passed_over, read, text_of, unread

Size = Literal["standard", "large", "giant"]
Made = TypeVar("Made")
# draft: its words were never issued; approved: by the clinic; overdue: to be looked at again;
# withdrawn: not to be used; replaced: by a newer edition, and set again from the archive.
Status = Literal["draft", "issued", "approved", "overdue", "withdrawn", "replaced"]


@dataclass(frozen=True, slots=True, eq=False)
class Project:
    """A folder with docs/, handouts/, clinics/ and mkdocs.yml, and the templates that serve it.

    Each file is read when it is first asked for, and kept: what is printed is what was checked,
    whatever is saved meanwhile. Who wants what was saved takes the project anew.
    """

    folder: Path
    shared_templates: Path
    _kept: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False)

    def anew(self) -> Project:
        """Give the same project, of which nothing has been read."""
        return Project(self.folder, self.shared_templates)

    @property
    def site(self) -> Path:
        """Where the finished site lies."""
        return self.folder / "site"

    @property
    def build(self) -> Path:
        """Where work in progress lies; may be deleted at any time."""
        return self.folder / "build"

    def template_folders(self, kind: str) -> list[Path]:
        """Give the folders of one kind of template, the project's own before the shared one.

        A project without templates of its own shares those that are compiled already.
        """
        own, shared = self.folder / "templates" / kind, self.shared_templates / kind
        return [own, shared] if own.is_dir() else [shared]

    def entries(self, name: str) -> list[Path]:
        """Give what a folder of the project holds, what programs leave behind apart."""
        folder = self.folder / name
        entries = folder.iterdir() if folder.is_dir() else ()
        return sorted(path for path in entries if not is_passed_over(path))

    def name(self, path: Path) -> str:
        """Give a path as the editor knows it: from the project's folder, with forward slashes.

        Bytes that are no UTF-8 are written as \\x and two digits.
        """
        if path.is_relative_to(self.folder):
            name = path.relative_to(self.folder).as_posix()
        else:
            name = Path("templates", path.relative_to(self.shared_templates)).as_posix()
        return os.fsencode(name).decode("utf-8", "backslashreplace")

    def once(self, what: Hashable, make: Callable[[], Made]) -> Made:
        """Give what is made of the files once, such as the templates of a kind, by its name."""
        if what not in self._kept:
            self._kept[what] = make()
        made: Made = self._kept[what]
        return made

    def content(self, path: Path, most: int = MOST_BYTES) -> bytes:
        """Give the bytes of a file, at most so many. Raises OSError, as read does."""
        return self.once(path, lambda: read(path, most))

    def read(self, path: Path, problems: list[Problem]) -> str | None:
        """Give the text of a file, or note why it cannot be read and give None."""
        text, faults = self.once(("text", path), lambda: self._text(path))
        problems += faults
        return text

    def text(self, path: Path | str) -> str:
        """Give the text of a file by its path or name; "" where it cannot be read.

        Its problems are noted by whoever reads it with read().
        """
        return self.read(self.folder / path, []) or ""

    def _text(self, path: Path) -> tuple[str | None, list[Problem]]:
        try:
            return text_of(self.content(path), self.name(path))
        except OSError as error:
            return None, [unread(error, self.name(path))]


@dataclass(frozen=True, slots=True)
class Rate:
    """How often something was seen: so many in so many, or fewer (is_under).

    people are those that it was counted in: people, or injections (Benchmark.of).
    """

    count: int
    people: int
    is_under: bool

    @property
    def rest(self) -> int:
        """To how many it did not happen."""
        return self.people - self.count


@dataclass(frozen=True, slots=True)
class Reference:
    """A source that pages cite, as docs/facts/sources.yml describes it.

    link is the web address at which it can be read, or ""; year and size are texts, since some are
    `not known`; limits says in one plain line how far it can be trusted; figures are the numbers
    that pages may state from it, as they write them.
    """

    id: str
    label: str
    title: str
    where: str
    link: str
    seen: str
    year: str
    kind: str
    size: str
    limits: str
    figures: tuple[str, ...]
    source: Place


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A rate that was measured with another procedure, which it always names, and its source.

    of tells what was counted: "people" or "injections", of which one person has many.
    """

    rate: Rate
    of: str
    procedure: str
    reference: Reference


@dataclass(frozen=True, slots=True)
class Risk:
    """One thing that may go wrong; its rate is None where nobody has counted it.

    reference is who counted the rate, or None where nobody is named.
    """

    id: str
    rate: Rate | None
    severity: str
    act: str
    benchmark: Benchmark | None
    reference: Reference | None = None


@dataclass(frozen=True, slots=True)
class EmergencyNumber:
    """The number that calls an ambulance in a country, or in several that share it (a union).

    place is the code of the country or union (CLDR), countries those of all whom it serves.
    """

    place: str
    number: str
    countries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """What does not depend on a language: docs/facts/. is_whole: none was left out as broken.

    figures: the numbers that pages may state without a source, and what each one is.
    """

    risks: Mapping[str, Risk] = field(hash=False)
    references: Mapping[str, Reference] = field(hash=False)
    figures: Mapping[str, str] = field(hash=False)
    emergency_numbers: tuple[EmergencyNumber, ...] = ()
    is_whole: bool = True


# What must read the same wherever it stands, by the name that pages ask for: a phrase, the lines
# of a list, or one line of it (`list.line`).
Shared: TypeAlias = Mapping[str, str | tuple[str, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """A language that people read: its code, its own name, and its fixed words (words.yml).

    own_words names those of its words that the project gives; the others come with our templates.
    shared is what must read the same wherever it stands (shared.yml).

    Equal are those whose words stand in the same order too: a template may print them in it.
    """

    code: str
    name: str
    direction: Literal["ltr", "rtl"]
    fonts: tuple[str, ...]
    words: Mapping[str, str]
    own_words: frozenset[str]
    labels: Mapping[str, str]
    risks: Mapping[str, Mapping[str, str]]
    procedures: Mapping[str, str]
    shared: Shared
    source: Place

    @property
    def shared_source(self) -> Place:
        """Give the file of what is shared, which need not be there."""
        return Place(self.source.path.replace("words.yml", "shared.yml"))

    def __hash__(self) -> int:
        return hash((self.code, self.fonts, self.source))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Language) and self._compared() == other._compared()

    def _compared(self) -> tuple[object, ...]:
        tables = self.words, self.labels, self.risks, self.procedures, self.shared
        plain = self.code, self.name, self.direction, self.fonts, self.source
        return *plain, *(tuple(table.items()) for table in tables)


@dataclass(frozen=True, slots=True)
class Demand:
    """What an element of a kind of handout must say: what it is in words, and phrases that say it.

    One of the phrases must stand there: `*` in it is any ending of a word, `…` any words between.
    """

    kind: str
    element: str
    what: str
    phrases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OwnClaim:
    """What must not be said of a procedure, in phrases as those of a Demand, and why."""

    id: str
    says: tuple[str, ...]
    reason: str
    hint: str
    standard: str


@dataclass(frozen=True, slots=True)
class Rules:
    """What the pages and sheets of one procedure must say, in one language: a rules.yml.

    procedure is its name within a sentence; names are phrases of which a consent form holds one.
    not_needed are elements that do not apply, by kind and name; may_be_said are claims that are
    sound of it beside a source. how_often are plain words with the rate from which on each holds,
    the highest first.
    """

    procedure: str
    names: tuple[str, ...]
    is_off_label: bool
    demands: tuple[Demand, ...]
    not_needed: frozenset[tuple[str, str]]
    red_flags: tuple[str, ...]
    claims: tuple[OwnClaim, ...]
    may_be_said: tuple[str, ...]
    how_often: tuple[tuple[str, Rate], ...]
    source: Place


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of a page with all that stands under it.

    html starts with the heading; pictures in it are named from the project's folder.
    card is the kind of card that the page puts it on (emergency, today, routine, key) or "".
    """

    id: str
    title: str
    html: str
    card: str
    source: Place


@dataclass(frozen=True, slots=True)
class Link:
    """A link from a page to another page of its language, and maybe to a section there."""

    page: str
    section: str
    source: Place


# What stands in the place of a reviewer until there is one.
NOBODY = "nobody yet"
# Who comes to the website, in the order of their way: each is a group of pages. Those for who asks
# about the site itself stand at its foot.
READERS = ("thinking", "booked", "treated", "more", "clinic", "site")


@dataclass(frozen=True, slots=True)
class Page:
    """A page that people read: its Markdown as the website takes it, and the same as HTML.

    printed is the HTML as sheets print it, and so are the sections: a sheet comes from a clinic,
    and may say "us" where the page says "your clinic".

    menu is the title as the menu has it, which may be shorter.
    sources names what the page as a whole rests on; cited adds what its sentences cite; compare
    names sections that describe an option each, and must do so in equal detail. reader is who
    needs the page (READERS) or "", formerly its addresses of old, reviewer who checked it and
    when, or None.

    For the search: search_words are what people type who mean this page, whether it says so or not;
    often_asked names sections that are offered before anything is typed; is_way_on: the page is
    offered to those for whom nothing was found.
    """

    slug: str
    language: str
    title: str
    menu: str
    description: str
    order: int
    kind: str
    updated: date
    review_by: date
    sources: tuple[str, ...]
    cited: frozenset[str]
    compare: tuple[str, ...]
    reader: str
    formerly: tuple[str, ...]
    reviewer: tuple[str, date] | None
    search_words: tuple[str, ...]
    often_asked: tuple[str, ...]
    is_way_on: bool
    sections: Mapping[str, Section]
    markdown: str
    html: str
    printed: str
    links: tuple[Link, ...]
    source: Place

    def __hash__(self) -> int:
        return hash((self.source, self.html, self.printed))


# How a translation came about, from the least to the most trusted; "" is what is translated.
# 45 CFR 92.201: what machines make of critical text needs the review of a qualified person.
TRANSLATIONS = ("", "machine", "person", "reviewed")


@dataclass(frozen=True, slots=True)
class Drift:
    """Where a translation and its original came apart, or what nobody recorded of it.

    kind is unknown (nobody recorded what it translates), stale (its original has changed since),
    changed (it has), block (it lacks a block of the original) or kept (a number, link or call).
    sections are the ids of all headings around it, "" for a title, or the parts of a word's key.
    """

    kind: str
    sections: tuple[str, ...]
    source: Place
    fact: str
    hint: str
    subjects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Translation:
    """A file of a language as a translation of the main one: how it came about, where it drifted.

    how is one of TRANSLATIONS, or "" where nobody recorded it.
    """

    how: str
    reviewer: tuple[str, date] | None
    drifts: tuple[Drift, ...]

    @property
    def is_stale(self) -> bool:
        """Whether the original of some of it has changed."""
        return any(drift.kind == "stale" for drift in self.drifts)


@dataclass(frozen=True, slots=True)
class Docs:
    """All that docs/ holds, and what mkdocs.yml says of it.

    project is where it was read, and gives its files as they were then. broken names the pages
    (language, slug) whose file has problems. The main language stands at the site's root;
    site_name is what the site is called, and site_url where it is hosted, or "". extensions are
    those of Markdown that mkdocs.yml names, with their options. translations are by language and
    file, such as ("es", "aftercare.md"). rules are those of each procedure (rules_of), by the name
    of their file; None where that has problems.
    """

    project: Project
    languages: Mapping[str, Language]
    pages: Mapping[tuple[str, str], Page]
    broken: frozenset[tuple[str, str]]
    facts: Facts
    main_language: str
    site_name: str
    site_url: str
    extensions: Mapping[str, Mapping[str, object]]
    translations: Mapping[tuple[str, str], Translation]
    rules: Mapping[str, Rules | None] = field(default_factory=dict)

    def is_partial(self, language: str) -> bool:
        """Tell whether a language lacks pages of the main one."""
        slugs = [slug for code, slug in self.pages if code == self.main_language]
        return any((language, slug) not in self.pages for slug in slugs)

    def rules_file(self, language: str, slug: str) -> str:
        """Give the rules file that a page comes under: of its folder, or the nearest above.

        A folder that has rules in the main language needs them in each. The file of all pages of a
        language need not be there yet.
        """
        for folder in PurePosixPath(slug).parents:
            name = (folder / "rules.yml").as_posix()
            if any(f"docs/{code}/{name}" in self.rules for code in (language, self.main_language)):
                return f"docs/{language}/{name}"
        return f"docs/{language}/rules.yml"

    def rules_of(self, language: str, slug: str) -> Rules | None:
        """Give the rules of the procedure of a page, or None where there are none to be had."""
        return self.rules.get(self.rules_file(language, slug))


@dataclass(frozen=True, slots=True)
class Field:
    """Something to fill in by hand. labels are names of words in `labels:` of words.yml.

    rows is how many lines or rows there are, and of blanks how many stand beside each other.
    is_phone: it is a place for telephone numbers of the clinic, which a reader does not fill in.
    """

    kind: str
    labels: tuple[str, ...]
    rows: int
    source: Place
    is_phone: bool


@dataclass(frozen=True, slots=True)
class Part:
    """One section of a handout: which words, how they are shown, what is filled in below.

    elements names what the part carries of all that its kind of handout must hold
    (read/elements.py).
    filled_in_by is who fills in what follows ("" where the part opens no such group): its heading
    becomes a bar across the sheet. column is 0 for a part across the whole sheet, else the column
    in which it stands beside others, width twelfths of the sheet wide. on_new_side starts a side
    of paper.
    """

    page: str
    section: str
    show: str
    elements: tuple[str, ...]
    fields: tuple[Field, ...]
    source: Place
    filled_in_by: str = ""
    column: int = 0
    width: int = 6
    on_new_side: bool = False


@dataclass(frozen=True, slots=True)
class ClinicPlace:
    """Where a handout lets each clinic say something of its own, across the whole sheet.

    section is the id of the clinic's section, and after how many parts stand above it.
    """

    section: str
    after: int
    source: Place


# How sections are shown that are ticked or written in.
TO_FILL_IN = ("ticks", "tick-columns", "yes-no", "answers", "fill")
# Where `most_pages:` is absent; no handout is so long.
NO_LIMIT = 99


@dataclass(frozen=True, slots=True)
class Handout:
    """A document to print: the page whose title it bears, and its parts in order.

    handouts names those that follow its own parts, each with its own title: a pack has some.
    goes_with names those that are used together with a consent form, which may say less then.
    limit is where the file says `most_pages:`; most_pages_in gives it for languages that take more
    words to say the same. clinic_places are no parts: what a clinic says there is its own, and no
    word of any edition.
    """

    name: str
    page: str
    kind: str
    template: str
    id: str
    most_pages: int
    most_pages_in: tuple[tuple[str, int], ...]
    parts: tuple[Part, ...]
    handouts: tuple[str, ...]
    goes_with: tuple[str, ...]
    source: Place
    limit: Place
    clinic_places: tuple[ClinicPlace, ...] = ()

    @property
    def has_limit(self) -> bool:
        """Whether its words may take no more than some pages, in standard print."""
        return self.most_pages < NO_LIMIT

    def most_pages_of(self, language: str) -> int:
        """Give how many pages its words may take in a language, in standard print."""
        return dict(self.most_pages_in).get(language, self.most_pages)

    @property
    def is_filled_in(self) -> bool:
        """Whether there is anything to write or tick, beside the details of the clinic.

        A pack is for paper: who types more takes its handouts, one by one.
        """
        return not self.handouts and any(
            part.show in TO_FILL_IN or any(not field.is_phone for field in part.fields)
            for part in self.parts
        )


@dataclass(frozen=True, slots=True)
class Phone:
    """A telephone number as it is printed, its extension or "", and the link that dials both.

    One without a number is a ruled line on paper. Links are as RFC 3966 wants them.
    """

    number: str
    extension: str = ""
    link: str = ""

    def __str__(self) -> str:
        return f"{self.number} {self.extension}".strip()

    def __bool__(self) -> bool:
        return bool(self.number)


WRITTEN_BY_HAND = Phone("")


@dataclass(frozen=True, slots=True)
class OwnWords:
    """What one clinic alone says in a language: the headings of its file, in their order.

    sections are those that stand within no other: handouts say where they are printed
    (Handout.clinic_places), and the clinic's desk shows them. headings are all of them. links are
    those to pages, and to these headings as on the page "".
    """

    language: str
    sections: tuple[Section, ...]
    headings: tuple[Section, ...]
    links: tuple[Link, ...]
    source: Place

    def section(self, name: str) -> Section | None:
        """Give the section of an id, if there is one."""
        return next((section for section in self.sections if section.id == name), None)


@dataclass(frozen=True, slots=True)
class Clinic:
    """Who hands it out. Empty details are ruled lines on paper, to be written on by hand.

    out_of_hours_phone is None where nobody answers then; website is where it hosts the site, or "";
    languages are those that it prints, and handouts those that it offers, or none for all; sizes
    are those of print. has_letterhead: sheets bear its logo, address and number at their head,
    which paper of its own may have already. own is what it says itself, a language each.
    """

    slug: str
    name: str
    address: tuple[str, ...]
    daytime_phone: Phone
    out_of_hours_phone: Phone | None
    emergency_phone: Phone
    accent: str
    logo: Path | None
    website: str
    languages: tuple[str, ...]
    papers: tuple[Paper, ...]
    sizes: tuple[Size, ...]
    is_example: bool
    source: Place
    handouts: tuple[str, ...] = ()
    has_letterhead: bool = True
    own: tuple[OwnWords, ...] = ()

    def offers(self, handout: str) -> bool:
        """Tell whether it prints a handout."""
        return handout in (self.handouts or (handout,))

    def own_in(self, language: str) -> OwnWords | None:
        """Give what it says itself in a language, if anything."""
        return next((words for words in self.own if words.language == language), None)


# What a clinic writes itself where `fill_in_by_hand:` says so: each detail with the name of its
# field, which is one and the same on a sheet, however often it stands there.
CLINIC_FIELDS = {
    "name": "clinic-name",
    "address": "clinic-address",
    "emergency_phone": "clinic-emergency",
    "daytime_phone": "clinic-daytime",
    "out_of_hours_phone": "clinic-out-of-hours",
}


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """That an edition must not be used any more: since when, why, and what to do."""

    on: date
    why: str
    instead: str


@dataclass(frozen=True, slots=True)
class Edition:
    """A version of a handout in a language, as it was issued once: an entry of the ledger.

    content is the hash of its words, mark the first half of the codes of its sheets. translation
    is one of TRANSLATIONS, and translates the version of the main language at that time, or "".
    """

    handout: str
    language: str
    version: str
    title: str
    issued: date
    review_by: date
    author: str
    reviewer: str
    translation: str
    translates: str
    change: str
    content: str
    mark: str
    withdrawal: Withdrawal | None
    source: Place

    def __str__(self) -> str:
        return f"{self.handout} ({self.language}) {self.version}"


@dataclass(frozen=True, slots=True)
class Approval:
    """That somebody at a clinic approved the words of a version (content is their hash).

    own is the hash of what the clinic itself says on that sheet (records/own.py), or "".
    """

    clinic: str
    handout: str
    language: str
    version: str
    content: str
    by: str
    role: str
    on: date
    source: Place
    own: str = ""


@dataclass(frozen=True, slots=True)
class Library:
    """All handouts and clinics, by name, every edition (oldest first), and who approved what.

    is_whole: no handout and no edition was left out as broken. broken: clinics that were, as far as
    they can be read.
    """

    handouts: Mapping[str, Handout]
    clinics: Mapping[str, Clinic]
    editions: Mapping[tuple[str, str], tuple[Edition, ...]]
    approvals: tuple[Approval, ...]
    is_whole: bool = True
    broken: tuple[Clinic, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetStatus:
    """How it stands with a handout in a language at a clinic.

    edition is the newest, or None; approval is of the words as they are (content is their hash,
    own that of what the clinic itself says, or ""). An old version that is set again is an edition
    too, and newer is the one that replaced it.
    """

    status: Status
    edition: Edition | None
    approval: Approval | None
    content: str
    newer: Edition | None = None
    own: str = ""

    @property
    def is_marked(self) -> bool:
        """Whether every page must warn: this sheet is not to be handed out as it is."""
        return self.status in ("draft", "overdue", "withdrawn", "replaced")

    @property
    def issued(self) -> Edition | None:
        """The edition that these words are, or None where they are a draft."""
        return None if self.status == "draft" else self.edition


# Of words that nobody has issued or approved yet.
DRAFT = SheetStatus("draft", None, None, "")


@dataclass(frozen=True, slots=True)
class Content:
    """The words of a handout in a language, a block on a line, with a hash of each picture."""

    lines: tuple[str, ...]

    @property
    def hash(self) -> str:
        """What tells these words from any others: SHA-256 as 64 digits."""
        return hashlib.sha256("\n".join(self.lines).encode("utf-8")).hexdigest()


@dataclass(frozen=True, slots=True)
class Records:
    """A project as far as who asks what was issued needs it: its records are sound.

    docs and handouts may have problems; what has one is left out of them. today is the day on which
    reviews are judged.
    """

    docs: Docs
    library: Library
    today: date

    @property
    def project(self) -> Project:
        """Where all this was read."""
        return self.docs.project


@dataclass(frozen=True, slots=True)
class Checked(Records):
    """A project that has passed the check, before its sheets are made.

    content is by handout and language, statuses by handout, language and clinic.
    """

    content: Mapping[tuple[str, str], Content]
    statuses: Mapping[tuple[str, str, str], SheetStatus]


@dataclass(frozen=True, slots=True)
class Paper:
    """A size of paper, in millimetres."""

    name: str
    label: str
    width: float
    height: float


# A4: ISO 216. Letter: ANSI/ASME Y14.1. The words of a version are those on the first of them.
PAPERS = (Paper("a4", "A4", 210, 297), Paper("letter", "US Letter", 215.9, 279.4))
# Sizes of print, the smaller first: 12, 18 and 24 pt (templates/css).
SIZES: tuple[Size, ...] = ("standard", "large", "giant")
# What every clinic offers. Giant print is for few people, and a clinic asks for it.
USUAL_SIZES: tuple[Size, ...] = ("standard", "large")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One PDF to be made."""

    handout: Handout
    clinic: Clinic
    language: Language
    paper: Paper
    size: Size
    title: str

    @property
    def is_filled_in(self) -> bool:
        """Whether there is anything to type: what a patient fills in, or the clinic's own lines."""
        return self.handout.is_filled_in or not self.clinic.name

    @property
    def path(self) -> str:
        """Its fixed address under the site."""
        size = "" if self.size == "standard" else f"-{self.size}"
        name = f"{self.handout.name}-{self.paper.name}{size}.pdf"
        return f"handouts/{self.clinic.slug}/{self.language.code}/{name}"

    @property
    def is_large(self) -> bool:
        """Whether it is laid out for large letters, which giant print is too."""
        return self.size != "standard"

    @property
    def form_path(self) -> str:
        """The address of the same sheet as a form to type into, where there is one."""
        return self.path.removesuffix(".pdf") + "-form.pdf"

    @property
    def text_path(self) -> str:
        """The address of its words as plain text, which no paper changes."""
        return f"handouts/{self.clinic.slug}/{self.language.code}/{self.handout.name}.txt"

    @property
    def picture_path(self) -> str:
        """The address of the picture of its first page, which its form has too."""
        return self.path.removesuffix(".pdf") + ".webp"


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawn page: a WebP file, and its size in pixels."""

    webp: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Printed:
    """A sheet that has been typeset and proved: to print, or as a form to type into.

    picture shows its first page; a form looks like the sheet to print, and shares its picture.
    warnings are what its clinic should know of it, since it is at fault alone.
    """

    sheet: Sheet
    sheet_status: SheetStatus
    is_form: bool
    pdf: bytes
    pages: int
    picture: Picture
    warnings: tuple[Problem, ...] = ()

    @property
    def path(self) -> str:
        """Its fixed address under the site."""
        return self.sheet.form_path if self.is_form else self.sheet.path
