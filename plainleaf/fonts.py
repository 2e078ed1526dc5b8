"""The fonts: files of pinned Python packages, so that every machine prints the same letters."""

from __future__ import annotations

import io
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from unicodedata import category, normalize

import fontpkg
from fontTools import subset
from fontTools.ttLib import TTFont

# The website asks for fonts beside its pages; a sheet asks for them by this scheme, which only
# typeset answers: no path of a machine gets into a PDF.
SCHEME = "font:"
# What is typed into a field needs letters that the sheet does not print, so its font is embedded
# whole: under a name of its own, for the font of the text is cut down to the letters it prints.
FIELDS = "Fields"
WEIGHTS = (400, 700)


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


@cache
def letters(family: str) -> frozenset[int]:
    """Give the code points that a family can print."""
    with TTFont(families()[family][0].path, lazy=True) as font:
        return frozenset(font.getBestCmap())


@cache
def letters_by_glyph(family: str, weight: int) -> dict[int, str]:
    """Give the letters for which each glyph of a font stands, by the glyph's number in its file.

    A ligature that has a code point of its own stands for the letters that it joins.
    """
    files = families().get(family, ())
    for file in files:
        if file.weight == weight or file.variable:
            with TTFont(file.path, lazy=True) as font:
                return {
                    font.getGlyphID(name): normalize("NFKC", chr(point))
                    for point, name in font.getBestCmap().items()
                }
    return {}


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
    """Give the characters of a text that none of the fonts can print, each once."""
    known = _letters_of(tuple(fonts))
    return [
        letter
        for letter in dict.fromkeys(text)
        # Cf: signs that steer the direction of writing and the like, and are never drawn.
        if ord(letter) not in known and not letter.isspace() and category(letter) != "Cf"
    ]


@cache
def _letters_of(fonts: tuple[str, ...]) -> frozenset[int]:
    return frozenset().union(*(letters(font) for font in fonts))


def font_faces(fonts: Iterable[str], prefix: str) -> str:
    """Give the CSS that declares fonts whose files stand at prefix + file name."""
    rules = []
    for font in fonts:
        for file in families()[font]:
            weight = f"font-weight: {file.weight}; "
            if file.variable:
                # A browser wants the range; WeasyPrint refuses one and reads it from the font.
                is_sheet = prefix == SCHEME
                weight = "" if is_sheet else f"font-weight: {file.wght_min} {file.wght_max}; "
            rules.append(
                f'@font-face {{ font-family: "{font}"; {weight}'
                f'src: url("{prefix}{plain_name(file.path)}"); }}'
            )
    return "\n".join(rules)


def field_font_face() -> str:
    """Give the CSS that declares the font of fields."""
    return f'@font-face {{ font-family: "{FIELDS}"; src: url("{SCHEME}{FIELDS}"); }}'


@cache
def sheet_fonts(fonts: tuple[str, ...]) -> dict[str, bytes]:
    """Give the font files of a sheet by the names that its CSS uses, that of its fields too."""
    files = {name: path.read_bytes() for name, path in font_files(fonts).items()}
    return {**files, FIELDS: _field_font(families()[fonts[0]][0].path)}


def _field_font(path: Path) -> bytes:
    """Give all letters of a font and nothing else: no kerning, no hints, half the bytes."""
    options = subset.Options(layout_features=[], hinting=False, notdef_outline=True)
    options.drop_tables += ["GDEF", "GPOS", "GSUB"]
    written = io.BytesIO()
    with TTFont(path, recalcTimestamp=False) as font:
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=font.getBestCmap())
        cutter.subset(font)
        # Bits 7 to 9 of its style belong to a later version of the table (OpenType, OS/2).
        font["OS/2"].fsSelection &= 0x7F
        font.save(written)
    return written.getvalue()


def font_files(fonts: Iterable[str]) -> dict[str, Path]:
    """Give the files of fonts by the plain names that font_faces uses."""
    return {plain_name(file.path): file.path for font in fonts for file in families()[font]}


def plain_name(path: Path) -> str:
    """Give a font file's name without the brackets that some addresses cannot bear."""
    return path.stem.partition("[")[0] + path.suffix
