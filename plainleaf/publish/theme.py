"""The theme in every language: its own words, of which it has a file for some sixty, else ours."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path

import langcodes

from plainleaf.html.locales import script_of
from plainleaf.model import Language

# The folder with a file of words for each language, in the theme and in what is laid over it.
FOLDER = "partials/languages"
# The name of the file that words_of_theme writes.
OWN = "own"


def words_of_theme(language: Language) -> tuple[str, dict[str, bytes]]:
    """Give the language of the theme for a language of ours, and the file of words that it needs.

    There is none where the theme's own file does: it is for this very language.
    """
    base = _nearest(language.code)
    if base == language.code == _words(base).get("language"):
        return base, {}
    words = {"language": language.code, "direction": language.direction}
    if not base:
        words["nav"] = language.words["menu"]
    text = (
        f'{{% import "{FOLDER}/{base or "en"}.html" as base %}}\n'
        f"{{% macro t(key) %}}{{{{ {json.dumps(words, ensure_ascii=False, indent=2)}[key] "
        "or base.t(key) }}{% endmacro %}\n"
    )
    return OWN, {f"theme/{FOLDER}/{OWN}.html": text.encode("utf-8")}


def theme_letters(code: str) -> set[str]:
    """Give the letters of the theme's own words in a language."""
    base = _nearest(code)
    return set().union(*_words(base).values())


def _words(base: str) -> dict[str, str]:
    """Give the words in a file of the theme, by the name of each; none for the file ""."""
    text = (_folder() / f"{base}.html").read_text("utf-8") if base else ""
    return dict(re.findall(r'^ *"([\w.]+)": "(.*)",?$', text, re.MULTILINE))


def _folder() -> Path:
    return Path(str(files("material"))) / "templates" / FOLDER


def _nearest(code: str) -> str:
    """Give the theme's file for a language or for what it is a kind of; "" if there is none."""
    names = {path.stem for path in _folder().glob("*.html")}
    if code in names:
        return code
    by_tag: dict[str, str] = {}
    for name in sorted(names):
        language = langcodes.Language.get(name)
        by_tag.setdefault(language.to_tag(), name)
        by_tag.setdefault(language.prefer_macrolanguage().to_tag(), name)  # no (Norwegian) for nb
    tag = langcodes.Language.get(code)
    for near in (tag.to_tag(), *tag.broader_tags()):
        if near in by_tag and script_of(near) == script_of(code):
            return by_tag[near]
    return ""
