"""What WeasyPrint 70 leaves out of a PDF that lasts and can be read aloud, put right one by one.

Each repair is a function that names the clause it serves and, after "Until", what would make it
needless upstream. UA is ISO 14289-1 (PDF/UA-1), A is ISO 19005-2 (PDF/A-2, level a), PDF is
ISO 32000-1, WCAG is version 2.2. Numbers after # are issues of Kozea/WeasyPrint.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain, count
from typing import Any
from unicodedata import bidirectional, combining, normalize

import pydyf
from PIL import ImageCms
from weasyprint.css import ColorProfile

from plainleaf.files.fonts import families, letters_by_glyph, space_of
from plainleaf.records.identity import SHEET, Identity, properties_of
from plainleaf.records.xmp import Schema, with_properties
from plainleaf.typeset import upstream
from plainleaf.typeset.page_streams import Letters, MarkedContent, add_spaces, joined, read
from plainleaf.typeset.tag_tree import (
    AnnotationRef,
    MarkRef,
    Node,
    number_of,
    read_tree,
    write_tree,
)

# A tick, in parts of its box from the foot on the left.
TICK = ((0.2, 0.5), (0.42, 0.25), (0.8, 0.78))
POINTS = 0.75  # a pixel of CSS in points
DO_NOT_SCROLL = 1 << 23  # ISO 32000-1, table 228
# The name of the font of fields. Chrome and Edge (PDFium) ask the machine's fonts for what is not
# Western European, by old tables of 256 letters: ễ, ğ and ō are in none of them and vanish. What
# is left they look for in the font of this name. Others go by what the name stands for.
FIELD_FONT = "ArialUnicodeMS_01"
SIGNATURE = "signing"  # the class of an input that is a signature
_HEAD = "a field in the head of a page"
_DOTTED = {"ı": "i", "ȷ": "j"}  # fonts draw an i under an accent with its dotless form
_DISSOLVED = ("NonStruct", "Span", "Div", "Sect")
_GROUPING = ("Document", "Art")


# While WeasyPrint makes the tree: what only its boxes know


@contextmanager
def better_tags() -> Iterator[None]:
    """Let WeasyPrint say more of each element than it does by itself, while this is open."""

    def better(made: upstream.Made, box: Any, pdf: Any, annotations: Any) -> Iterator[Any]:
        if upstream.is_head_or_foot(box):
            yield from _fields_of_head(made, pdf, annotations)
            return
        source, tag = box.element, box.element_tag
        if source is not None and box.link_annotation is not None:
            words_of_link(box.link_annotation, source)
        if source is not None and box.widget_annotation is not None:
            box.widget_annotation.is_signature = SIGNATURE in source.get("class", "").split()
        for element in made():
            if hasattr(element, "source"):  # a kid of the page, the html or the body
                yield element
                continue
            element.source = source
            if source is not None and "::" not in tag:
                language_of_part(element, source, tag)
                scope_of_header(element, source)
                numbering_of_list(element, source, box.style["list_style_type"])
            yield element

    with upstream.tags_by(better):
        yield


def words_of_link(annotation: pydyf.Dictionary, source: Any) -> None:
    """Describe a link by its words, not its address (UA 7.18.5; PDF 14.9.3). Until: no issue."""
    words = " ".join("".join(source.itertext()).split())
    if words:
        annotation["Contents"] = pydyf.String(words)


def language_of_part(element: pydyf.Dictionary, source: Any, tag: str) -> None:
    """Say the language of a part that has its own (UA 7.2; WCAG 3.1.2). Until #2482."""
    if tag not in ("html", "body") and source.get("lang"):
        element["Lang"] = pydyf.String(source.get("lang"))


def scope_of_header(element: pydyf.Dictionary, source: Any) -> None:
    """Say whether a header is that of a row or a column (UA 7.5). Until #2482."""
    if element["S"] == "/TH":
        element["A"]["Scope"] = "/Row" if source.get("scope") == "row" else "/Column"


def numbering_of_list(element: pydyf.Dictionary, source: Any, style: Any) -> None:
    """Say how a list is numbered (UA 7.6; PDF 14.8.5.5). Until #2503."""
    if element["S"] == "/L" and source.tag.endswith(("ul", "ol")):
        name = "/None" if style == "none" else "/Decimal" if style == "decimal" else "/Disc"
        element["A"] = pydyf.Dictionary({"O": "/List", "ListNumbering": name})


def _fields_of_head(made: upstream.Made, pdf: Any, annotations: Any) -> Iterator[Any]:
    """Take the fields of a head or foot into the tree, whose words stay out of it (UA 7.18.4)."""
    before = len(annotations)
    for _ in made():
        pass
    for reference, annotation in annotations[before:]:
        form = pdf.objects[number_of(reference)]
        annotation.is_signature = False
        form.source = _HEAD
        yield form


# Before WeasyPrint writes the file: what its colours are

COLOURS = "sheet"  # the name of the profile among those of a document


def small_profile(document: Any) -> None:
    """Say that the colours are sRGB (A 6.2.4.2) in 0.6 KB, of which WeasyPrint's own takes 3."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[24:36] = struct.pack(">6H", 2000, 1, 1, 0, 0, 0)  # ICC.1, 7.2.8: when it was made
    file = io.BytesIO(bytes(profile))
    document.color_profiles[COLOURS] = ColorProfile(file, "sRGB", "relative-colorimetric", "rgb")


def spaces_in_fonts(document: Any) -> None:
    """Let each font of a sheet hold a space, with which lines end (page_streams.py).

    WeasyPrint knows the glyphs of a font as soon as the last page is painted, and no earlier.
    """
    paint = document.pages[-1].paint

    def painted(stream: Any, scale: float) -> None:
        paint(stream, scale)
        for font in document.fonts.values():
            is_ours = font.family in families() and not font.used_in_forms
            if is_ours and " " not in font.to_unicode.values():
                glyph, width = space_of(font.family, font.weight)
                font.to_unicode[glyph], font.widths[glyph] = " ", width

    document.pages[-1].paint = painted


# When WeasyPrint has made the file: the tree, the pages, the fields, what the file says of itself


def finish(document: Any, pdf: pydyf.PDF, identity: Identity, *, is_rtl: bool) -> None:
    """Put right all that is left, and say which sheet it is, before WeasyPrint writes the file.

    is_rtl: it is written from right to left.
    """
    tree = read_tree(pdf)
    heads = [kid for kid in tree.kids if isinstance(kid, Node) and kid.source is _HEAD]
    tree.kids = [kid for kid in tree.kids if kid not in heads]
    one_element(tree)
    headers_once(tree)
    headers_by_scope(tree)
    no_empty_wrappers(tree)
    bodies_of_items(tree)
    boxes_of_figures(tree, document)
    for number, _ in enumerate(pdf.page_references):
        fields_before_page(tree, [form for form in heads if form.pages() == {number}], number)
    joined_marks(tree, document, pdf, is_rtl=is_rtl)
    write_tree(pdf, tree)
    fields(pdf)
    letters_of_glyphs(document, pdf)
    names_that_links_use(pdf)
    both_standards(pdf)
    which_sheet(pdf, identity)
    at_real_size(pdf)
    dots_as_they_are(pdf)


def dots_as_they_are(pdf: pydyf.PDF) -> None:
    """Let no reader smooth a picture by its own lights (PDF/A-2, 6.2.8.3).

    WeasyPrint asks for it but where CSS forbids it, and always within a drawing.
    """
    for item in pdf.objects:
        if isinstance(item, pydyf.Stream) and item.extra.get("Subtype") == "/Image":
            item.extra["Interpolate"] = "false"


def one_element(node: Node) -> None:
    """Join what a page break cut: one paragraph, list or table stays one (UA 7.1). Until #2482.

    Else a voice says "end of table" where only the paper ends.
    """
    kids: list[Node | MarkRef | AnnotationRef] = []
    for kid in node.kids:
        last = kids[-1] if kids else None
        if (
            isinstance(kid, Node)
            and isinstance(last, Node)
            and kid.source is not None
            and (kid.source, kid.tag) == (last.source, last.tag)
        ):
            last.kids += kid.kids
        else:
            kids.append(kid)
    node.kids = kids
    for kid in kids:
        if isinstance(kid, Node):
            one_element(kid)


def headers_once(tree: Node) -> None:
    """Leave out of the tree the headers that a table repeats on each page (UA 7.1, 7.5).

    They are for the eye; a voice has said them. Until #2482.
    """
    for table in tree.walk():
        if table.tag != "Table":
            continue
        seen: list[Any] = []
        for kid in list(table.kids):
            if isinstance(kid, Node) and kid.tag == "THead":
                if kid.source in seen:
                    table.kids.remove(kid)
                seen.append(kid.source)
        one_element(table)


def headers_by_scope(tree: Node) -> None:
    """Leave out what numbers the headers of each cell: their scope says it (UA 7.5). Until #2482.

    The numbers are those of a page, and a table may run over several.
    """
    for cell in tree.walk():
        if cell.tag == "TD":
            cell.attributes["A"].pop("Headers", None)
            if len(cell.attributes["A"]) == 1:  # only /O, the owner of attributes, is left
                del cell.attributes["A"]


def bodies_of_items(tree: Node) -> None:
    """Put what stands beside the body of a list item into it: a field (UA 7.2). Until #2505."""
    for item in tree.walk():
        nodes = [kid for kid in item.kids if isinstance(kid, Node)]
        bodies = [kid for kid in nodes if kid.tag == "LBody"]
        if item.tag == "LI" and bodies:
            beside = [kid for kid in nodes if kid.tag not in ("Lbl", "LBody")]
            item.kids = [kid for kid in item.kids if kid not in beside]
            bodies[-1].kids += beside


def no_empty_wrappers(node: Node) -> None:
    """Take out elements that mean nothing: each is one more stop for a voice (UA 7.1). Until #2482.

    So go `strong` and `div`, the box of an input, and the second P of a paragraph within itself.
    """
    kids: list[Node | MarkRef | AnnotationRef] = []
    for kid in node.kids:
        if not isinstance(kid, Node):
            kids.append(kid)
            continue
        no_empty_wrappers(kid)
        is_again = kid.tag == node.tag and kid.source is not None and kid.source is node.source
        if is_again or (kid.tag in _DISSOLVED and not kid.attributes):
            kids += kid.kids
        elif kid.kids or kid.tag in ("TD", "TH"):
            kids.append(kid)
    node.kids = kids


def boxes_of_figures(tree: Node, document: Any) -> None:
    """Give the place of a picture in points from the foot of its page (UA 7.3; PDF 14.8.5.4).

    WeasyPrint gives pixels from the head. Until: no issue.
    """
    for figure in tree.walk():
        if figure.tag == "Figure":
            (page,) = figure.pages()
            height = document.pages[page].height
            left, top, right, bottom = figure.attributes["A"]["BBox"]
            box = (left, height - bottom, right, height - top)
            figure.attributes["A"]["BBox"] = pydyf.Array(round(side * POINTS, 2) for side in box)


def fields_before_page(node: Node, forms: Sequence[Node], page: int) -> bool:
    """Put the fields of a page's head before the first that is read on the page (UA 7.18.3)."""
    for place, kid in enumerate(node.kids):
        if not isinstance(kid, Node) or not forms:
            continue
        on = kid.pages()
        if on and min(on) < page <= max(on):
            if kid.tag in _GROUPING and fields_before_page(kid, forms, page):
                return True
            node.kids[place + 1 : place + 1] = forms
            return True
        if page in on:
            node.kids[place:place] = forms
            return True
    return False


def joined_marks(tree: Node, document: Any, pdf: pydyf.PDF, *, is_rtl: bool) -> None:
    """Let what one element shows on a page be one mark, and end its lines with a space (UA 7.1).

    Marks are numbered anew, and those that are in no element become artifacts. Until: no issue.
    """
    owners = {
        mark: (node, place)
        for node in tree.walk()
        for place, mark in enumerate(node.kids)
        if isinstance(mark, MarkRef)
    }
    letters = {
        font.hash.encode(): Letters(font.to_unicode, font.widths)
        for font in document.fonts.values()
    }
    new: dict[MarkRef, MarkRef] = {}
    for page, reference in enumerate(pdf.page_references):
        stream = pdf.objects[number_of(pdf.objects[number_of(reference)]["Contents"])]
        half, numbers = document.pages[page].height / 2, count()
        lines: list[bytes] = []
        content = joined(read(stream.stream), _one_text(owners, page))
        add_spaces(content, letters, is_rtl=is_rtl)
        for item in content:
            if isinstance(item, bytes):
                lines.append(item)
                continue
            mark = MarkRef(page, item.marks[0]) if item.marks else None
            if mark in owners:
                new[mark] = MarkRef(page, next(numbers))
                begins = b"/%s<</MCID %d>>BDC" % (owners[mark][0].tag.encode(), new[mark].number)
            else:
                begins = pagination(item, half) if mark else b"/Artifact BMC"
            lines += [begins, *item.lines, b"EMC"]
        stream.stream = lines
    for node in {id(node): node for node, _ in owners.values()}.values():
        kids = (new.get(kid) if isinstance(kid, MarkRef) else kid for kid in node.kids)
        node.kids = [kid for kid in kids if kid is not None]


def _one_text(
    owners: Mapping[MarkRef, tuple[Node, int]], page: int
) -> Callable[[MarkedContent, MarkedContent], bool]:
    """Give what tells whether two marks of a page are one text: neighbours in one element."""

    def is_one(before: MarkedContent, after: MarkedContent) -> bool:
        one = owners.get(MarkRef(page, before.marks[-1])) if before.marks else None
        two = owners.get(MarkRef(page, after.marks[0])) if after.marks else None
        return one is not None and two is not None and (one[0], one[1] + 1) == two

    return is_one


def pagination(marked: MarkedContent, half: float) -> bytes:
    """Say that words are the head or foot of a page, and no part of the text (UA 7.8). Until #1836.

    So is a table's header where it stands again; half is half the height of the page, in pixels.
    """
    kind = b"Header" if marked.top < half else b"Footer"
    return b"/Artifact<</Type/Pagination/Subtype/%s>>BDC" % kind


def fields(pdf: pydyf.PDF) -> None:
    """Make fields that each reader and filler of PDFs can use (A 6.3.3, 6.4.1; UA 7.18.1, 7.18.4).

    Each gets an appearance of its own; one name is one field, on however many pages it stands.
    Until #2726.
    """
    form = pdf.catalog.get("AcroForm")
    if form is None:
        return
    drawn: dict[tuple[object, ...], bytes] = {}
    named: dict[str, list[pydyf.Dictionary]] = {}
    for widget in _annotations(pdf):
        if widget["Subtype"] == "/Widget":
            named.setdefault(widget["T"].string, []).append(widget)
            x, y, right, top = widget["Rect"]
            left, bottom = min(x, right), min(y, top)
            size = round(abs(right - x), 2), round(abs(top - y), 2)
            widget["Rect"] = pydyf.Array(
                round(value, 2) for value in (left, bottom, left + size[0], bottom + size[1])
            )
            _type_of_field(widget)
            _appearance(pdf, widget, size, drawn)
    typed_into = [widget for group in named.values() for widget in group if "DA" in widget]
    fonts = _fonts_of_fields(typed_into, _named_fonts(pdf))
    has_signatures = any(group[0]["FT"] == "/Sig" for group in named.values())
    form.clear()
    form["Fields"] = pydyf.Array(_one_field(pdf, group) for group in named.values())
    form["DR"] = pydyf.Dictionary({"Font": fonts})
    if has_signatures:
        form["SigFlags"] = 1


def _fonts_of_fields(
    widgets: Iterable[pydyf.Dictionary], fonts: Mapping[str, bytes]
) -> pydyf.Dictionary:
    """Give the fonts that fields are filled in with; the first is named FIELD_FONT in each."""
    names: dict[str, str] = {}
    for widget in widgets:
        # As _type_of_field writes it: the colour with its operator, then the font with its own.
        *colour, named, size, operator = widget["DA"].string.split()
        font = named.decode().lstrip("/")
        name = names.setdefault(font, font if names else FIELD_FONT)
        widget["DA"] = pydyf.String(b" ".join((*colour, f"/{name}".encode(), size, operator)))
    return pydyf.Dictionary({name: fonts[font] for font, name in names.items()})


def _type_of_field(widget: pydyf.Dictionary) -> None:
    for key in ("V", "MK", "Border"):
        widget.pop(key, None)
    if widget.is_signature:
        # Other software finds this type and signs it; on paper it is a line to sign on.
        widget["FT"] = "/Sig"
        for key in ("DA", "Ff"):
            widget.pop(key, None)
    elif widget["FT"] == "/Tx":
        *_, name, size, _ = widget["DA"].string.split()
        widget["DA"] = pydyf.String(b"0 g %s %s Tf" % (name, size))
        flags = int(widget.get("Ff", 0))
        # Text that has scrolled away would not be printed, so typing stops at the edge.
        widget["Ff"] = flags | DO_NOT_SCROLL
        if flags:
            # White under what is typed: it covers the lines that a hand would have used.
            widget["MK"] = pydyf.Dictionary({"BG": pydyf.Array([1, 1, 1])})


def _appearance(
    pdf: pydyf.PDF,
    widget: pydyf.Dictionary,
    size: tuple[float, float],
    drawn: dict[tuple[object, ...], bytes],
) -> None:
    """Give a field what an unfilled one shows: nothing, and a ticked box its tick.

    drawn are the references of drawings that the file has, by their operators and size.
    """

    def draw(line: bytes) -> bytes:
        if (line, size) not in drawn:
            values = {"Type": "/XObject", "Subtype": "/Form", "BBox": pydyf.Array((0, 0, *size))}
            stream = pydyf.Stream([line], {**values, "Resources": pydyf.Dictionary()})
            pdf.add_object(stream)
            drawn[line, size] = bytes(stream.reference)
        return drawn[line, size]

    if widget["FT"] == "/Btn":
        points = [f"{x * size[0]:.2f} {y * size[1]:.2f}" for x, y in TICK]
        tick = "1.6 w 1 J 1 j {} m {} l {} l S".format(*points).encode()
        states = pydyf.Dictionary({"on": draw(tick), "Off": draw(b"")})
        widget["AP"] = pydyf.Dictionary({"N": states})
        widget["AS"] = "/Off"
    else:
        line = b"/Tx BMC EMC" if widget["FT"] == "/Tx" else b""
        widget["AP"] = pydyf.Dictionary({"N": draw(line)})


def _one_field(pdf: pydyf.PDF, widgets: list[pydyf.Dictionary]) -> bytes:
    """Give the reference of a field: its widget itself, or what several widgets share."""
    if len(widgets) == 1:
        return bytes(widgets[0].reference)
    shared = {key: widgets[0][key] for key in ("T", "TU", "FT", "DA", "Ff") if key in widgets[0]}
    field = pydyf.Dictionary({**shared, "Kids": pydyf.Array(each.reference for each in widgets)})
    pdf.add_object(field)
    for widget in widgets:
        widget["Parent"] = field.reference
        for key in ("T", "FT", "Ff"):
            widget.pop(key, None)
    return bytes(field.reference)


def letters_of_glyphs(document: Any, pdf: pydyf.PDF) -> None:
    """Let each glyph stand for letters (UA 7.21.7; PDF 9.10.3). Until: no issue.

    WeasyPrint gives all letters of a cluster to one of its glyphs, and none to the others, such as
    lam-alef under its vowel, or a letter under its accent. What the font calls a glyph tells more:
    U+FEFB is lam and alef.
    """
    for font in document.fonts.values():
        reference = _named_fonts(pdf).get(font.hash)
        if reference and not font.used_in_forms:
            stream = pdf.objects[number_of(pdf.objects[number_of(reference)]["ToUnicode"])]
            own_letters = letters_by_glyph(font.family, font.weight)
            stream.stream = [_with_letters(line, own_letters) for line in stream.stream]


def _with_letters(line: bytes, own_letters: Mapping[int, str]) -> bytes:
    glyph, _, letters = line.partition(b" ")
    if not letters.startswith(b"<"):
        return line
    own = own_letters.get(int(glyph.strip(b"<>"), 16), "")
    text = bytes.fromhex(letters.strip(b"<>").decode()).decode("utf-16-be")
    if text and not _is_part(own, text):
        return line
    # U+2060 (word joiner) is no letter, and parts no word.
    spoken = _DOTTED.get(own, own) if text else own or "\u2060"
    return glyph + b" <" + spoken.encode("utf-16-be").hex().encode() + b">"


def _is_part(own: str, text: str) -> bool:
    """Tell whether what a glyph is called is a part of a letter with marks: `i` or the dot of ị.

    Not so from the right: letters are joined there, and vowels are marks.
    """
    part, whole = normalize("NFD", _DOTTED.get(own, own)), normalize("NFD", text)
    is_shorter = bool(part) and len(part) < len(whole) and part in whole
    return is_shorter and all(map(combining, whole[1:])) and bidirectional(text[0]) == "L"


def names_that_links_use(pdf: pydyf.PDF) -> None:
    """Keep the names of places to which a link leads, of the many that only the website needs."""
    used = {link["Dest"].string for link in _annotations(pdf) if "Dest" in link}
    names = pdf.catalog.pop("Names", {}).get("Dests", {}).get("Names", ())
    named = zip(names[::2], names[1::2], strict=True)
    used_names = pydyf.Array(chain.from_iterable(pair for pair in named if pair[0].string in used))
    if used_names:
        dests = pydyf.Dictionary({"Names": used_names})
        pdf.catalog["Names"] = pydyf.Dictionary({"Dests": dests})


def both_standards(pdf: pydyf.PDF) -> None:
    """Claim PDF/UA-1 beside PDF/A-2a (UA 5). Until #2783."""
    _add_properties(pdf, UA, {"part": "1"})


def which_sheet(pdf: pydyf.PDF, identity: Identity) -> None:
    """Say which sheet this is, so that `build.py verify` can tell, with room for the seal."""
    _add_properties(pdf, SHEET, properties_of(identity))


UA = Schema(
    "pdfuaid",
    "http://www.aiim.org/pdfua/ns/id/",
    "PDF/UA identification schema",
    {"part": ("Integer", "PDF/UA version identifier")},
)


def _add_properties(pdf: pydyf.PDF, schema: Schema, values: Mapping[str, str]) -> None:
    """Add properties to the metadata, which stays readable without a PDF reader."""
    metadata = pdf.objects[number_of(pdf.catalog["Metadata"])]
    metadata.compress = False
    metadata.stream = [with_properties(b"".join(metadata.stream), schema, values)]


def at_real_size(pdf: pydyf.PDF) -> None:
    """Ask printers for real size: a line of 9 mm is no line to write on at 90 % (PDF 12.2)."""
    preferences = pdf.catalog["ViewerPreferences"]
    preferences["PrintScaling"] = "/None"
    if len(pdf.page_references) > 1:
        preferences["Duplex"] = "/DuplexFlipLongEdge"


def _annotations(pdf: pydyf.PDF) -> Iterator[pydyf.Dictionary]:
    for reference in pdf.page_references:
        for annotation in pdf.objects[number_of(reference)].get("Annots", ()):
            yield pdf.objects[number_of(annotation)]


def _named_fonts(pdf: pydyf.PDF) -> dict[str, bytes]:
    """Give the fonts of the pages by their names there."""
    resources = pdf.objects[number_of(pdf.objects[number_of(pdf.page_references[0])]["Resources"])]
    return dict(pdf.objects[number_of(resources["Font"])])
