"""The fonts: files of pinned Python packages, so that every machine prints the same letters.

A language names its fonts in words.yml. After them comes FALLBACK, for what none of them has: the
names of people and clinics are not in the language of a sheet.
"""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Iterable
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from unicodedata import category, normalize

import fontpkg
from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

# The website asks for fonts beside its pages; a sheet asks for them by this scheme, which only
# typeset answers: no path of a machine gets into a PDF.
SCHEME = "font:"
# Latin, Greek and Cyrillic letters that the fonts of a language lack.
FALLBACK = "Noto Sans"
# What is typed into a field needs letters that the sheet does not print, so its font is embedded
# whole: under a name of its own, for the font of the text is cut down to the letters it prints.
FIELDS = "Fields"
# What may be typed into every field, as blocks of Unicode: Latin with all that is used in names
# today, the marks above and below letters, Greek, Cyrillic, signs and currencies. Left out is
# Latin Extended-D, letters of medieval books, but for the saltillo of Mexican names.
TYPED = frozenset(
    chain(range(0x20, 0x530), range(0x1E00, 0x20D0), range(0x2C60, 0x2C80), range(0xA78B, 0xA78D))
)
# The class of a word or a name that is set whole in FALLBACK.
WHOLE = "whole"
WEIGHTS = (400, 700)
_TAG = re.compile(r"""(<(style|title)\b.*?</\2>|<(?:[^<>"']|"[^"]*"|'[^']*')+>)""", re.DOTALL)


@cache
def families() -> dict[str, tuple[fontpkg.FontFile, ...]]:
    """Give the upright regular and bold files of every installed family, by the family's name."""
    return {
        family.name: tuple(
            file
            for file in family.files
            if file.style == "normal" and (file.variable or file.weight in WEIGHTS)
        )
        for family in fontpkg.families().values()
    }


def with_fallback(fonts: Iterable[str]) -> tuple[str, ...]:
    """Give the fonts of a language and, after them, the one for the letters that they lack."""
    return tuple(dict.fromkeys((*fonts, FALLBACK)))


def css_family(fonts: Iterable[str]) -> str:
    """Give the families of a language as the value of `font-family` in CSS."""
    return ", ".join(f'"{font}"' for font in with_fallback(fonts))


@cache
def letters(family: str) -> frozenset[int]:
    """Give the code points that a family can print."""
    with TTFont(families()[family][0].path, lazy=True) as font:
        return frozenset(font.getBestCmap())


@cache
def letters_by_glyph(family: str, weight: int) -> dict[int, str]:
    """Give the letters for which each glyph of a font stands, by the glyph's number in its file.

    A ligature that has a code point of its own stands for the letters that it joins, and another
    shape of a letter, such as `acutecomb.case`, for what is before its dot (Adobe Glyph List).
    """
    for file in families().get(family, ()):
        if file.weight == weight or file.variable:
            with TTFont(file.path, lazy=True) as font:
                named = {name: point for point, name in font.getBestCmap().items()}
                return {
                    glyph: normalize("NFKC", chr(named[base]))
                    for glyph, name in enumerate(font.getGlyphOrder())
                    if (base := name if name in named else name.partition(".")[0]) in named
                }
    return {}


@cache
def space_of(family: str, weight: int) -> tuple[int, int]:
    """Give the glyph of a space in a font, and its width in thousandths of the font's size."""
    file = min(families()[family], key=lambda file: abs((file.weight or weight) - weight))
    with TTFont(file.path, lazy=True) as font:
        name = font.getBestCmap()[ord(" ")]
        shapes = font.getGlyphSet(location={"wght": weight} if file.variable else None)
        return font.getGlyphID(name), round(shapes[name].width * 1000 / font["head"].unitsPerEm)


@cache
def printed_names(family: str) -> frozenset[str]:
    """Give the PostScript names under which a PDF may hold the files of a family."""
    names = set()
    for file in families()[family]:
        with TTFont(file.path, lazy=True) as font:
            names |= {font["name"].getDebugName(number) for number in (1, 4, 6, 16)}
            for weight in font["fvar"].instances if file.variable else ():
                names.add(f"{family} {font['name'].getDebugName(weight.subfamilyNameID)}")
    return frozenset(name.replace(" ", "-") for name in names if name)


def missing_letters(text: str, fonts: Iterable[str]) -> list[str]:
    """Give the characters of a text that neither the fonts nor FALLBACK can print, each once."""
    return [letter for letter in _lacking(text, with_fallback(fonts)) if _is_drawn(letter)]


def _is_drawn(letter: str) -> bool:
    # Cf: signs that steer the direction of writing and the like, and are never drawn.
    return not letter.isspace() and category(letter) != "Cf"


@cache
def _letters_of(fonts: tuple[str, ...]) -> frozenset[str]:
    return frozenset(chr(point) for font in fonts for point in letters(font))


def whole_words(html: str, fonts: tuple[str, ...], names: Iterable[str]) -> str:
    """Mark in HTML the words and names for FALLBACK, so that none is set half in another font.

    names are those, escaped as in the HTML, that are set whole even where one word alone needs it.
    """
    other = {
        letter
        for letter in _lacking(html, fonts)
        if category(letter)[0] in "LM" and ord(letter) in letters(FALLBACK)
    }
    if not other:
        return html
    some = f"[{re.escape(''.join(sorted(other)))}]"
    part = r"[\w\u0300-\u036f'\u2019-]*"
    one_word = part + some + part
    whole_names = sorted({name for name in names if other & set(name)}, key=len, reverse=True)
    word = re.compile("|".join([*map(re.escape, whole_names), rf"{one_word}(?:\s+{one_word})*"]))
    pieces = _TAG.split(html)
    # After each tag stands the second group of _TAG: `style`, `title`, or None.
    pieces[::3] = [word.sub(rf'<span class="{WHOLE}">\g<0></span>', text) for text in pieces[::3]]
    del pieces[2::3]
    return "".join(pieces)


def needs_fallback(text: str, fonts: tuple[str, ...]) -> bool:
    """Tell whether FALLBACK prints a letter of a text."""
    return any(ord(letter) in letters(FALLBACK) for letter in _lacking(text, fonts))


@lru_cache(512)  # most texts are the same in each round of the preview
def _lacking(text: str, fonts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted({*text} - _letters_of(fonts), key=text.index))


def font_faces(fonts: Iterable[str]) -> str:
    """Give the CSS that declares fonts of a sheet."""
    # A variable font tells WeasyPrint its weights by itself; a range in the CSS would be refused.
    return "\n".join(
        _face(font, f"{SCHEME}{plain_name(file.path)}", "" if file.variable else f"{file.weight}")
        for font in fonts
        for file in families()[font]
    )


def web_font_faces(files: Collection[str], fonts: Iterable[str]) -> str:
    """Give the CSS that declares the fonts of a website, whose files lie beside it.

    files are the names that web_fonts gave. Each page asks for them before its styles, so they are
    there when it is first drawn and no line moves under the eyes of someone who has begun to read;
    should one be late, its words are read in another font meanwhile (CSS Fonts 4, font-display:
    swap).
    """
    lightest, heaviest = WEIGHTS
    return "\n".join(
        _face(
            font,
            _web_name(file.path),
            f"{lightest} {heaviest}" if file.variable else f"{file.weight}",
            "font-display: swap; ",
        )
        for font in with_fallback(fonts)
        for file in families()[font]
        if _web_name(file.path) in files
    )


def web_fonts(fonts: Iterable[str], text: Iterable[str]) -> dict[str, bytes]:
    """Give the fonts of a website as woff2 files by name, cut down to the letters of a text.

    Each font has those that none before it has; one that is left with none is not among them.
    """
    left = {ord(letter) for letter in text}
    options = subset.Options(hinting=False)
    files = {}
    for font in with_fallback(fonts):
        points = left & letters(font)
        left -= points
        for file in families()[font] if any(map(_is_drawn, map(chr, points))) else ():
            files[_web_name(file.path)] = _cut_down(file.path, points, options, "woff2")
    return files


def _web_name(path: Path) -> str:
    return Path(plain_name(path)).with_suffix(".woff2").name


def _face(font: str, address: str, weight: str, display: str = "") -> str:
    weight = weight and f"font-weight: {weight}; "
    return f'@font-face {{ font-family: "{font}"; {weight}{display}src: url("{address}"); }}'


def field_font_face() -> str:
    """Give the CSS that declares the font of fields."""
    return f'@font-face {{ font-family: "{FIELDS}"; src: url("{SCHEME}{FIELDS}"); }}'


@cache
def sheet_font(name: str, fonts: tuple[str, ...]) -> bytes | None:
    """Give a font file of a sheet by the name that font_faces uses; None if there is none."""
    if name == FIELDS:
        return _field_font(fonts)
    path = font_files(fonts).get(name)
    return path.read_bytes() if path else None


@cache
def typed_letters(fonts: tuple[str, ...]) -> frozenset[int]:
    """Give the letters that may be typed into the fields of a sheet: all of TYPED that FALLBACK
    has, and those of other scripts that the fonts of its language have.
    """
    typed = letters(FALLBACK) & TYPED
    return typed.union(*(_of_other_scripts(font) for font in fonts))


def _of_other_scripts(font: str) -> set[int]:
    """Give the letters, marks and digits of a font outside the blocks of TYPED."""
    return {
        point
        for point in letters(font) - TYPED
        if point <= 0xFFFF  # what the table of letters in FALLBACK can hold
        and (category(chr(point))[0] in "LM" or category(chr(point)) == "Nd")
    }


def _field_font(fonts: tuple[str, ...]) -> bytes:
    """Give one font with all letters that may be typed, and nothing else: no kerning, no hints.

    A field names one font for all that is typed into it (ISO 32000-1, 12.7.3.3).
    """
    options = subset.Options(layout_features=[], hinting=False, notdef_outline=True)
    # Without what makes it heavier or wider, a variable font is its regular weight.
    options.drop_tables += ["GDEF", "GPOS", "GSUB", "HVAR", "MVAR", "STAT", "avar", "fvar", "gvar"]
    typed = typed_letters(fonts)
    written = io.BytesIO()
    with TTFont(io.BytesIO(_cut_down(_regular(FALLBACK), typed, options))) as font:
        for other in fonts:
            _add_letters(font, _regular(other), typed - font.getBestCmap().keys())
        # Under its old name it would also be taken for words of the sheet in FALLBACK, and cut
        # down to their letters.
        for name_id in (1, 3, 4, 6):
            font["name"].setName(FIELDS, name_id, 3, 1, 0x409)
        font.save(written)
    return written.getvalue()


def _regular(font: str) -> Path:
    return Path(min(families()[font], key=lambda file: abs((file.weight or 400) - 400)).path)


def _add_letters(font: TTFont, path: Path, points: Iterable[int]) -> None:
    """Draw letters of another font into a font, at its size."""
    with TTFont(path, lazy=True) as other:
        shapes, names = other.getGlyphSet(), other.getBestCmap()
        scale = font["head"].unitsPerEm / other["head"].unitsPerEm
        is_cubic = "glyf" not in other
        for point in sorted(names.keys() & points):
            drawn = DecomposingRecordingPen(shapes)
            shapes[names[point]].draw(drawn)
            pen = TTGlyphPen(None)
            curves = Cu2QuPen(pen, max_err=1, reverse_direction=is_cubic)
            drawn.replay(TransformPen(curves, (scale, 0, 0, scale, 0, 0)))
            name = f"typed{point:04X}"
            glyph = font["glyf"][name] = pen.glyph()
            glyph.recalcBounds(font["glyf"])
            font["hmtx"][name] = round(shapes[names[point]].width * scale), glyph.xMin
            for table in font["cmap"].tables:
                if table.isUnicode():
                    table.cmap[point] = name


def _cut_down(
    path: Path, points: Iterable[int], options: subset.Options, flavor: str | None = None
) -> bytes:
    """Give a font with some of its letters."""
    written = io.BytesIO()
    with TTFont(path, recalcTimestamp=False, lazy=True) as font:
        # Bits 7 to 9 of its style belong to a later version of the table (OpenType, OS/2).
        font["OS/2"].fsSelection &= 0x7F
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=points)
        cutter.subset(font)
        if "fvar" in font:
            for axis in font["fvar"].axes:
                kept = WEIGHTS if axis.axisTag == "wght" else axis.defaultValue
                instancer.instantiateVariableFont(font, {axis.axisTag: kept}, inplace=True)
        font.flavor = flavor
        font.save(written)
    return written.getvalue()


def font_files(fonts: Iterable[str]) -> dict[str, Path]:
    """Give the files of fonts by the plain names that font_faces uses."""
    return {
        plain_name(file.path): file.path
        for font in with_fallback(fonts)
        for file in families()[font]
    }


def plain_name(path: Path) -> str:
    """Give a font file's name without the brackets that some addresses cannot bear."""
    return path.stem.partition("[")[0] + path.suffix
