"""The fonts: files of pinned Python packages, so that every machine prints the same letters."""

from __future__ import annotations

import io
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from unicodedata import category, name, normalize

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


def font_faces(fonts: Iterable[str]) -> str:
    """Give the CSS that declares the fonts of a sheet."""
    # A variable font tells WeasyPrint its weights by itself; a range in the CSS would be refused.
    return "\n".join(
        _face(font, f"{SCHEME}{plain_name(file.path)}", "" if file.variable else f"{file.weight}")
        for font in fonts
        for file in families()[font]
    )


def web_font_faces(fonts: Iterable[str], folder: str) -> str:
    """Give the CSS that declares the fonts of a website, whose files lie in a folder beside it.

    Each page asks for them before its styles, so they are there when it is first drawn and no line
    moves under the eyes of someone who has begun to read; should one be late, its words are read
    in another font meanwhile (CSS Fonts 4, font-display: swap).
    """
    return "\n".join(
        _face(
            font,
            folder + _web_name(file.path),
            f"{file.wght_min} {file.wght_max}" if file.variable else f"{file.weight}",
            "font-display: swap; ",
        )
        for font in fonts
        for file in families()[font]
    )


def web_fonts(fonts: Iterable[str], letters: Iterable[str]) -> dict[str, bytes]:
    """Give the fonts of a website as woff2 files by name, cut down to some letters."""
    points = {ord(letter) for letter in letters}
    options = subset.Options(hinting=False)
    return {
        _web_name(file.path): _cut_down(file.path, points, options, "woff2")
        for font in fonts
        for file in families()[font]
    }


def _web_name(path: Path) -> str:
    return Path(plain_name(path)).with_suffix(".woff2").name


def whole_scripts(text: Iterable[str], fonts: Iterable[str]) -> set[str]:
    """Give all letters that fonts have of the scripts of a text, Latin left out."""
    scripts = {_script(letter) for letter in text if letter.isalpha()} - {"LATIN"}
    known = map(chr, _letters_of(tuple(fonts)))
    return {letter for letter in known if letter.isalpha() and _script(letter) in scripts}


def _script(letter: str) -> str:
    return name(letter, "").partition(" ")[0]


def _face(font: str, address: str, weight: str, display: str = "") -> str:
    weight = weight and f"font-weight: {weight}; "
    return f'@font-face {{ font-family: "{font}"; {weight}{display}src: url("{address}"); }}'


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
    return _cut_down(path, None, options)


def _cut_down(
    path: Path, points: Iterable[int] | None, options: subset.Options, flavor: str | None = None
) -> bytes:
    """Give a font with some of its letters, or with all of them where points is None."""
    written = io.BytesIO()
    with TTFont(path, recalcTimestamp=False) as font:
        # Bits 7 to 9 of its style belong to a later version of the table (OpenType, OS/2).
        font["OS/2"].fsSelection &= 0x7F
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=font.getBestCmap() if points is None else points)
        cutter.subset(font)
        font.flavor = flavor
        font.save(written)
    return written.getvalue()


def font_files(fonts: Iterable[str]) -> dict[str, Path]:
    """Give the files of fonts by the plain names that font_faces uses."""
    return {plain_name(file.path): file.path for font in fonts for file in families()[font]}


def plain_name(path: Path) -> str:
    """Give a font file's name without the brackets that some addresses cannot bear."""
    return path.stem.partition("[")[0] + path.suffix
