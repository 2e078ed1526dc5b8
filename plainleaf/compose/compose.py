"""Stage 5, compose: one sheet becomes HTML, from sections of pages and a template."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, lru_cache
from itertools import dropwhile
from urllib.parse import unquote

import jinja2
import lxml.html
from lxml.html import HtmlElement as Element
from markupsafe import Markup, escape

from plainleaf.addresses import CODES, code_address, page_address
from plainleaf.compose.inputs import ANSWERS, add_fields
from plainleaf.compose.large_print import unfold_tables, words_of
from plainleaf.compose.translated import NO_TRANSLATION, Translated, of_handout
from plainleaf.files.fonts import (
    FALLBACK,
    WHOLE,
    css_family,
    field_font_face,
    font_faces,
    needs_fallback,
    whole_words,
)
from plainleaf.files.pictures import OF_LOGO, OF_PAGE, finished, named
from plainleaf.files.qr import qr_code
from plainleaf.files.yaml_file import key_in
from plainleaf.html.faults import in_templates
from plainleaf.html.sections import HEADINGS
from plainleaf.html.templates import environment, render_template, speech
from plainleaf.model import (
    CLINIC_FIELDS,
    DRAFT,
    Docs,
    Edition,
    Field,
    Handout,
    Language,
    Library,
    Part,
    Project,
    Section,
    Sheet,
    SheetStatus,
)
from plainleaf.plan import lacking, pages_of
from plainleaf.problems import Place, Problem, stop_at
from plainleaf.records.codes import HALF
from plainleaf.records.own import sections_on
from plainleaf.records.status import code_of


@dataclass(frozen=True, slots=True)
class PrintedPart:
    """A part as the template gets it: where its words come from, and the words.

    heading is its own, and body all that follows. filled_in_by, column and on_new_side are as in
    model.Part. name is `page#section`, without a page for what a clinic itself says.
    """

    name: str
    id: str
    title: str
    show: str
    card: str
    heading: Markup
    body: Markup
    fields: tuple[Field, ...]
    filled_in_by: str
    column: int
    on_new_side: bool

    @property
    def html(self) -> Markup:
        """All words of the part."""
        return self.heading + self.body

    @property
    def is_clinics(self) -> bool:
        """Whether it is what the clinic itself says, and nobody else."""
        return self.name.startswith("#")


@dataclass(frozen=True, slots=True)
class Column:
    """Parts one below the other, some twelfths of the sheet wide."""

    width: int
    parts: tuple[PrintedPart, ...]


@dataclass(frozen=True, slots=True)
class Online:
    """Where a sheet's words stand on the website, and where its code is looked up.

    typed and lookup are addresses as people type them; picture is a code for a telephone's camera,
    of the page that says whether the sheet is current, or for a draft of the page with its words.
    """

    address: str
    typed: str
    lookup: str
    picture: str


@dataclass(frozen=True, slots=True)
class Composed:
    """A sheet as HTML that needs nothing else but fonts.

    places tells where the words of each `data-section` in it were written; texts holds the files
    that all its words come from. Of a pack it is the cover; handouts are what follows it.
    """

    sheet: Sheet
    sheet_status: SheetStatus
    html: str
    places: Mapping[str, Place]
    texts: Mapping[str, str]
    handouts: tuple[Composed, ...] = ()
    translated: Translated = NO_TRANSLATION

    @property
    def is_marked(self) -> bool:
        """Whether a warning on every page takes room that is free again later."""
        return self.sheet_status.is_marked or self.translated.is_marked

    def place_of_detail(self, words: str) -> Place | None:
        """Give where the clinic wrote the detail that some words of the sheet hold, or None."""
        clinic = self.sheet.clinic
        printed = " ".join(words.split())
        for key in CLINIC_FIELDS:
            value = getattr(clinic, key) or ""
            detail = ", ".join(value) if key == "address" else str(value)
            if detail and " ".join(detail.split()) in printed:
                return key_in(self.texts.get(clinic.source.path, ""), clinic.source, key)
        return None


def compose(
    docs: Docs,
    library: Library,
    sheets: Sequence[Sheet],
    statuses: Mapping[tuple[str, str, str], SheetStatus],
) -> list[Composed]:
    """Give the HTML of each sheet; raise ContentError with every problem in the templates.

    statuses tells how it stands with a handout in a language at a clinic.
    """
    composer = Composer(docs, library, statuses)
    results = [composer.compose(sheet) for sheet in sheets]
    composed = [item for item in results if isinstance(item, Composed)]
    problems = [item for item in results if isinstance(item, Problem)]
    filled = ((item.sheet.handout.template, item.html) for item in composed)
    stop_at([*problems, *in_templates(composer.templates, filled)])
    return composed


def styles(project: Project) -> Mapping[str, tuple[str, str]]:
    """Give the CSS of sheets by its own name, each from the project before the shared one.

    It comes with the name that its editor knows, and is "" where the file cannot be read.
    """
    return project.once(
        "styles",
        lambda: {
            path.name: (project.name(path), project.text(path))
            for folder in reversed(project.template_folders("css"))
            for path in sorted(folder.glob("*.css"))
        },
    )


@dataclass(frozen=True)
class Composer:
    """Composes the sheets of a project.

    read holds texts from elsewhere that have words of a sheet, such as a row of a table of clinics.
    """

    docs: Docs
    library: Library
    statuses: Mapping[tuple[str, str, str], SheetStatus]
    read: dict[str, str] = field(default_factory=dict)

    @cached_property
    def templates(self) -> jinja2.Environment:
        """The templates of sheets."""
        return environment(self.docs.project, "handout")

    def compose(self, sheet: Sheet) -> Composed | Problem:
        """Give a sheet's HTML, or the problem in a template that stands in the way."""
        document = self._document(sheet.handout, sheet)
        if isinstance(document, Problem):
            return document
        sheet_status = self.sheet_status_of(sheet.handout, sheet)
        values = {
            "sheet": sheet,
            "document": document,
            "style": self._style(sheet),
            "edition": sheet_status.issued,
            "author": sheet_status.edition.author if sheet_status.edition else self.docs.site_name,
            "day": sheet_status.issued.issued if sheet_status.issued else self._updated(sheet),
        }
        html = _filled(self.templates, "sheet", sheet.language, tuple(values.items()))
        if isinstance(html, Problem):
            return html
        pages = self.docs.pages
        places = {
            f"{part.page}#{part.section}": pages[sheet.language.code, part.page]
            .sections[part.section]
            .source
            for part in sheet.handout.parts
        }
        own = sections_on(sheet.handout, sheet.clinic, sheet.language.code)
        places |= {f"#{section.id}": section.source for section in own}
        handouts = []
        for handout in self._handouts(sheet)[1:]:
            title = pages[sheet.language.code, handout.page].title
            each = self.compose(replace(sheet, handout=handout, title=title))
            if isinstance(each, Problem):
                return each
            handouts.append(each)
        texts = self._texts(sheet)
        whole = str(html)
        if needs_fallback(whole, sheet.language.fonts):
            names = (str(escape(name)) for name in (sheet.clinic.name, *sheet.clinic.address))
            whole = whole_words(whole, sheet.language.fonts, names)
            whole = whole.replace("</style>", f"{font_faces([FALLBACK])}\n</style>", 1)
        translated = self._translated(sheet.handout, sheet)
        return Composed(sheet, sheet_status, whole, places, texts, tuple(handouts), translated)

    def documents_of(self, sheet: Sheet) -> list[Markup] | Problem:
        """Give each handout of a sheet as an article: one, or those of a pack after its cover."""
        documents = []
        for handout in self._handouts(sheet):
            document = self._document(handout, sheet)
            if isinstance(document, Problem):
                return document
            documents.append(document)
        return documents

    def sheet_status_of(self, handout: Handout, sheet: Sheet) -> SheetStatus:
        """Tell how it stands with a handout in the language and at the clinic of a sheet."""
        return self.statuses.get((handout.name, sheet.language.code, sheet.clinic.slug), DRAFT)

    def _translated(self, handout: Handout, sheet: Sheet) -> Translated:
        edition = self.sheet_status_of(handout, sheet).issued
        return of_handout(self.docs, handout, sheet.language.code, edition)

    def _handouts(self, sheet: Sheet) -> list[Handout]:
        """Give what a sheet prints: one handout, or a pack and what it holds."""
        return [sheet.handout, *(self.library.handouts[name] for name in sheet.handout.handouts)]

    def _updated(self, sheet: Sheet) -> date:
        """Give the day on which the newest page of a sheet was last changed."""
        return max(
            self.docs.pages[sheet.language.code, name].updated
            for handout in self._handouts(sheet)
            for name in pages_of(handout)
        )

    def _texts(self, sheet: Sheet) -> dict[str, str]:
        """Give the files that hold the words of a sheet."""
        code = sheet.language.code
        paths = [
            sheet.clinic.source.path,
            sheet.language.source.path,
            *sorted({each.source.path for each in self.docs.facts.references.values()}),
            *(self.docs.pages[code, name].source.path for name in pages_of(sheet.handout)),
            sheet.handout.source.path,
        ]
        own = sheet.clinic.own_in(code)
        paths += [own.source.path] if own else []
        read, project = self.read, self.docs.project
        return {path: read[path] if path in read else project.text(path) for path in paths}

    def _document(self, handout: Handout, sheet: Sheet) -> Markup | Problem:
        """Give a handout as an article: the whole of most sheets, one of several in a pack."""
        parts: list[tuple[Part, PrintedPart]] = []
        is_below_bar = False
        every = _parts_of(handout, sheet)
        here = frozenset((part.page, part.section) for part in every)
        for part in every:
            level = 3 if is_below_bar and not part.filled_in_by else 2
            printed = self._printed(part, handout, sheet, level, here)
            if isinstance(printed, Problem):
                return printed
            parts.append((part, printed))
            is_below_bar = is_below_bar or bool(part.filled_in_by)
        sheet_status = self.sheet_status_of(handout, sheet)
        code = code_of(sheet, sheet_status)
        logo = sheet.clinic.logo
        values = {
            "handout": handout,
            "title": self.docs.pages[sheet.language.code, handout.page].title,
            "clinic": sheet.clinic,
            "logo": finished(self.docs.project, logo, OF_LOGO).address if logo else "",
            "sheet_status": sheet_status,
            "translated": self._translated(handout, sheet),
            "edition": sheet_status.issued,
            "code": code,
            "online": self._online(handout, sheet, code),
            "rows": tuple(map(tuple, _rows(parts))),
            "is_large": sheet.is_large,
        }
        # Other handouts do not get the list, so that they are not set again for a version of one.
        if any(field.kind == "leaflets" for part in handout.parts for field in part.fields):
            values["leaflets"] = tuple(self._leaflets(handout, sheet))
        return _filled(self.templates, handout.template, sheet.language, tuple(values.items()))

    def _online(self, handout: Handout, sheet: Sheet, code: str) -> Online | None:
        """Give the page that says the same; None where nobody said where the site is hosted."""
        website = sheet.clinic.website or self.docs.site_url
        if not website:
            return None
        address = page_address(self.docs, sheet.language.code, handout.page, website)
        lookup = page_address(self.docs, sheet.language.code, CODES, website)
        scanned = code_address(code, website) if code else address
        if code and sheet.clinic.slug not in self.library.clinics:
            # A clinic of a table: the website knows the edition, and has no page for its sheets.
            scanned = f"{lookup}#{code[:HALF]}"
        typed = address.removeprefix("https://")
        return Online(address, typed, lookup.removeprefix("https://"), qr_code(scanned))

    def _printed(
        self,
        part: Part,
        handout: Handout,
        sheet: Sheet,
        level: int,
        here: frozenset[tuple[str, str]],
    ) -> PrintedPart | Problem:
        """Give a part as a template gets it, which is the same on every paper of every clinic.

        Its words are those of a page, or without a page what the clinic says. level is that of its
        heading: a part below a bar stands one below the bar's. here is all that the handout prints.
        Gives the Problem instead where large print would not hold the same words.
        """
        code = sheet.language.code
        if part.page:
            section = self.docs.pages[code, part.page].sections[part.section]
        else:
            own = sections_on(handout, sheet.clinic, code)
            section = next(section for section in own if section.id == part.section)
        # No page takes this prefix: no slug ends with a dash.
        prefix = part.page.replace("/", "-") or "clinic-"
        pictures = tuple((src, *self._picture(src)) for src in _pictures_in(section.html))
        yes_no = tuple(sheet.language.words[name] for name in ANSWERS)
        how = _Printing(prefix, here, pictures, level, yes_no, sheet.is_large)
        return _fitted(part, section, how)

    def _picture(self, address: str) -> tuple[str, str]:
        """Give a picture of the project as a data address, and the mark of its file."""
        name = unquote(address)
        project = self.docs.project
        path = named(project.folder, name) or project.folder / name
        picture = finished(project, path, OF_PAGE)
        return picture.address, picture.mark

    def _leaflets(self, handout: Handout, sheet: Sheet) -> list[tuple[str, str, Edition | None]]:
        """Give name, title and edition of what a patient is given to read and to take home."""
        return [
            (
                other.name,
                self.docs.pages[sheet.language.code, other.page].title,
                self.sheet_status_of(other, sheet).issued,
            )
            for other in self.library.handouts.values()
            if other.name != handout.name
            and not other.handouts
            and other.kind != "record"
            and (other.name in handout.goes_with or not handout.goes_with)
            and sheet.clinic.offers(other.name)
            and not lacking(self.docs, self.library, other, sheet.language.code)
        ]

    def _style(self, sheet: Sheet) -> Markup:
        """Give the sheet's whole CSS."""
        fonts = sheet.language.fonts
        css = [font_faces(fonts), field_font_face()]
        # giant.css only changes what large.css says.
        layout = "large" if sheet.is_large else "standard"
        names = dict.fromkeys(("sheet", sheet.paper.name, layout, sheet.size))
        if not sheet.clinic.has_letterhead:
            names[f"room-{sheet.size}"] = None
        files = styles(self.docs.project)
        css += [files[f"{name}.css"][1] for name in names if f"{name}.css" in files]
        css.append(f"html {{ font-family: {css_family(fonts)}; --accent: {sheet.clinic.accent}; }}")
        css.append(f'.{WHOLE} {{ font-family: "{FALLBACK}"; }}')
        return Markup("\n".join(css))


@lru_cache(1024)
def _filled(
    templates: jinja2.Environment,
    template: str,
    language: Language,
    values: tuple[tuple[str, object], ...],
) -> Markup | Problem:
    """Fill a template with what a language says and with values."""
    name = f"{template}.html.jinja"
    return render_template(templates, name, {**speech(language), **dict(values)})


@lru_cache(4096)
def _pictures_in(html: str) -> tuple[str, ...]:
    """Give the addresses of pictures in a section's HTML that are files of the project."""
    tree = lxml.html.fragment_fromstring(html, create_parent="div")
    sources = (str(image.get("src", "")) for image in tree.iter("img"))
    return tuple(dict.fromkeys(src for src in sources if not src.startswith("data:")))


@dataclass(frozen=True, slots=True)
class _Printing:
    """How a section is printed: what makes it look otherwise on another sheet.

    prefix starts all its names, here is what the handout prints, pictures what stands instead of
    their addresses, with the marks of their files; level is that of its heading, and yes_no are
    the words above the boxes to answer with.
    """

    prefix: str
    here: frozenset[tuple[str, str]]
    pictures: tuple[tuple[str, str, str], ...]
    level: int
    yes_no: tuple[str, ...]
    is_large: bool


@lru_cache(4096)
def _fitted(part: Part, section: Section, how: _Printing) -> PrintedPart | Problem:
    """Make a section of a page what a handout prints."""
    tree = lxml.html.fragment_fromstring(section.html, create_parent="div")
    id_ = f"{how.prefix}-{part.section}"
    if part.filled_in_by:
        _cut_at_next_heading(tree)
    add_fields(tree, part.show, id_, how.yes_no)
    _raise_headings(tree, how.level)
    if how.is_large:
        words = words_of(tree)
        unfold_tables(tree)
        if unlike := sorted((words - words_of(tree)) + (words_of(tree) - words)):
            fact = f'large print of this section would not hold "{unlike[0]}" as it is written.'
            hint = "Write plain paragraphs, lists, and tables with one row of heads."
            return Problem(section.source, fact, hint)
    _open_links(tree, part.page, how.prefix, how.here)
    for element in tree.iter():
        if element.get("id"):
            element.set("id", f"{how.prefix}-{element.get('id')}")
    pictures = {src: (address, mark) for src, address, mark in how.pictures}
    for image in tree.iter("img"):
        if picture := pictures.get(str(image.get("src", ""))):
            image.set("src", picture[0])
            image.set("data-file", picture[1])
        if width := image.attrib.pop("width", ""):
            image.set("style", f"width: {width}")
    for item in tree.iter("li"):
        _tighten(item)
    for cell in tree.iter("th"):
        if not cell.get("scope"):
            cell.set("scope", "col")
    heading, *body = (Markup(lxml.html.tostring(child, encoding="unicode")) for child in tree)
    name = f"{part.page}#{part.section}"
    return PrintedPart(
        name,
        id_,
        section.title,
        part.show,
        section.card,
        heading,
        Markup("").join(body),
        part.fields,
        part.filled_in_by,
        part.column,
        part.on_new_side,
    )


def _parts_of(handout: Handout, sheet: Sheet) -> list[Part]:
    """Give the parts of a handout, and among them what the clinic of a sheet says itself.

    That is a part across the sheet, of no page. Where a clinic says nothing, there is none.
    """
    parts = list(handout.parts)
    own = {section.id for section in sections_on(handout, sheet.clinic, sheet.language.code)}
    for place in reversed(handout.clinic_places):
        if place.section in own:
            parts.insert(place.after, Part("", place.section, "text", (), (), place.source))
    return parts


def _rows(parts: Iterable[tuple[Part, PrintedPart]]) -> list[list[Column]]:
    """Lay out parts in rows: most fill one of their own, and others stand beside each other."""
    rows: list[list[Column]] = []
    before = 0
    for part, words in parts:
        if part.column and part.column == before:
            rows[-1][-1] = replace(rows[-1][-1], parts=(*rows[-1][-1].parts, words))
        elif part.column > 1:
            rows[-1].append(Column(part.width, (words,)))
        else:
            rows.append([Column(part.width, (words,))])
        before = part.column
    return rows


def _cut_at_next_heading(tree: Element) -> None:
    """Leave a heading and its own words: the sections within it are parts of their own."""
    inner = list(tree)[1:]
    for element in dropwhile(lambda each: next(each.iter(*HEADINGS), None) is None, inner):
        tree.remove(element)


def _raise_headings(tree: Element, level: int) -> None:
    """Let the section's own heading be of a level, and those within follow (PDF/UA-1, 7.4.2)."""
    top = min(int(str(heading.tag)[1]) for heading in tree.iter(*HEADINGS))
    for heading in tree.iter(*HEADINGS):
        heading.tag = f"h{min(int(str(heading.tag)[1]) - top + level, 6)}"


def _open_links(tree: Element, page: str, prefix: str, here: frozenset[tuple[str, str]]) -> None:
    """Keep links that lead somewhere from paper, and only their words (PDF/UA-1, 7.18.5)."""
    for link in list(tree.iter("a")):
        target = link.get("href", "")
        if target.startswith("#") and (page, target[1:]) in here:
            link.set("href", f"#{prefix}-{target[1:]}")
        elif not target.startswith(("https://", "http://", "mailto:", "tel:")):
            link.drop_tag()
            continue
        for inner in list(link.iterdescendants()):
            inner.drop_tag()


def _tighten(item: Element) -> None:
    """Take paragraphs out of a list item: a block in it breaks the tags (PDF/UA-1, 7.2)."""
    for number, paragraph in enumerate(item.findall("p")):
        if number:
            paragraph.addprevious(lxml.html.Element("br"))
        paragraph.drop_tag()
