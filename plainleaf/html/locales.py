"""What is known of a language by its tag (BCP 47): its script, its name, its dates and numbers."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Iterable
from typing import Literal

import langcodes
from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal
from langcodes.tag_parser import LanguageTagError

# Scripts of today that run from the right (The Unicode Standard 16, chapters 9 and 19).
FROM_THE_RIGHT = frozenset(("Adlm", "Arab", "Hebr", "Mand", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa"))
# Tags that name no single language: none known, several, one without a code, no words at all.
_NO_LANGUAGE = ("und", "mul", "mis", "zxx")


def right_tag(tag: str) -> str:
    """Give the form in which the tag of a language is written; "" if no language has it.

    Chinese is told apart by its script, and so is a language that is written otherwise in a
    country: zh-Hans for zh-CN, pa-Arab for pa-PK.
    """
    try:
        if not langcodes.tag_is_valid(tag):
            return ""
        language = langcodes.Language.get(tag, normalize=False)
    except LanguageTagError:
        return ""
    code, region = language.language or "und", language.territory
    if code in _NO_LANGUAGE:
        return ""
    script = script_of(tag)
    if region and not language.script and (code == "zh" or script != script_of(code)):
        home = _likely(f"{code}_{script}")[2:] or _likely(code)[2:]
        language = language.update_dict({"script": script, "territory": None})
        language = language if region in home else language.update_dict({"territory": region})
    return str(language.to_tag())


def _likely(name: str) -> list[str]:
    """Give language, script and region that CLDR thinks likely for a part of them, or nothing."""
    subtags = get_global("likely_subtags").get(name)
    return str(subtags).split("_") if subtags else []


def script_of(tag: str) -> str:
    """Give the script in which a language is most likely written, such as Latn; "" if unknown."""
    language = langcodes.Language.get(tag)
    if language.script:
        return str(language.script)
    names = f"{language.language}_{language.territory}", str(language.language)
    wider = str(language.prefer_macrolanguage().language)  # zh for cmn
    return next((likely[1] for name in (*names, wider) if (likely := _likely(name))), "")


def direction_of(tag: str, words: Iterable[str]) -> Literal["ltr", "rtl"]:
    """Tell which way a language is written: as its script is or, if unknown, most of its words."""
    if script := script_of(tag):
        return "rtl" if script in FROM_THE_RIGHT else "ltr"
    ways = [unicodedata.bidirectional(letter) for word in words for letter in word]
    return "rtl" if ways.count("R") + ways.count("AL") > ways.count("L") else "ltr"


def name_of(tag: str) -> str:
    """Give what a language is called by those who speak it, as CLDR knows it; "" if it does not."""
    locale = _locale(langcodes.standardize_tag(tag))
    name = (locale.get_display_name() or "") if locale else ""
    return name[:1].upper() + name[1:]


def date_of(day: datetime.date, tag: str, *, is_short: bool = False) -> str:
    """Write a day as a language does; in figures, 2026-11-28, where nobody knows how.

    A short one, such as 28 Nov 2026, is for where room is scarce: its month is a word, too.
    """
    locale = locale_of(tag)
    if locale is None:
        return day.isoformat()
    if str(locale) == "en":  # of no country: as most of the world writes it, the day first
        locale = Locale("en", "001")
    if is_short:
        written = format_skeleton("yMMMd", day, locale=locale)
    else:
        written = format_date(day, "long", locale=locale)
    return day.isoformat() if re.search(r"M\d\d", written) else written  # a month without a name


def number_of(value: float, tag: str) -> str:
    """Write a number as a language does, or as CLDR does for all of them where nobody knows how."""
    written = format_decimal(value, locale=locale_of(tag) or Locale("root"))
    if tag == "es":  # of no country: 10.000 is ten in Mexico, so the Academies ask for a space
        written = written.replace(".", "\u00a0")
    return written


def is_place(code: str) -> bool:
    """Tell whether a code names a country or a union of them, such as NZ or EU (CLDR)."""
    return len(code) == 2 and code.isupper() and code in Locale("en").territories


def place_of(code: str, tag: str) -> str:
    """Give what a language calls a country; its English name where nobody knows."""
    locale = locale_of(tag) or Locale("en")
    return str(locale.territories.get(code) or Locale("en").territories[code])


def locale_of(tag: str) -> Locale | None:
    """Give how CLDR says that a language is written, or its nearest kin in the same script."""
    near = [langcodes.standardize_tag(tag), *langcodes.Language.get(tag).broader_tags()]
    near_locales = (_locale(kin) for kin in near if not kin.startswith("und"))
    script = script_of(tag)
    return next((near for near in near_locales if near and _script(near) == script), None)


def _script(locale: Locale) -> str:
    return locale.script or script_of(str(locale).replace("_", "-"))


def _locale(tag: str) -> Locale | None:
    try:
        return Locale.parse(tag, sep="-")
    except (ValueError, UnknownLocaleError):
        return None
