"""The fonts: files of pinned Python packages, so that every machine prints the same letters."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from unicodedata import category

import fontpkg
from fontTools.ttLib import TTFont

# The website asks for fonts beside its pages; a sheet asks for them by this scheme, which only
# typeset answers: no path of a machine gets into a PDF.
SCHEME = "font:"
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
    known = frozenset().union(*(letters(font) for font in fonts))
    return [
        letter
        for letter in dict.fromkeys(text)
        # Cf: signs that steer the direction of writing and the like, and are never drawn.
        if ord(letter) not in known and not letter.isspace() and category(letter) != "Cf"
    ]


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


def font_files(fonts: Iterable[str]) -> dict[str, Path]:
    """Give the files of fonts by the plain names that font_faces uses."""
    return {plain_name(file.path): file.path for font in fonts for file in families()[font]}


def plain_name(path: Path) -> str:
    """Give a font file's name without the brackets that some addresses cannot bear."""
    return path.stem.partition("[")[0] + path.suffix
