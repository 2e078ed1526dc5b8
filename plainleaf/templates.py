"""Jinja, made strict: an undefined name is a problem with its file and line, never a blank."""

from __future__ import annotations

import string
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import jinja2
from babel.dates import format_date
from babel.numbers import format_decimal
from jinja2 import nodes
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup

from plainleaf.model import Language
from plainleaf.problems import Place, Problem


class NameUnknownError(Exception):
    """A template or page asked for a thing that does not exist; carries message and hint."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


class _Undefined(jinja2.StrictUndefined):
    @property
    def _undefined_message(self) -> str:
        return f'"{self._undefined_name}" is not defined.'


def environment(folders: Sequence[Path]) -> jinja2.Environment:
    """Give the strict, sandboxed, escaping Jinja that fills pages and templates alike."""
    strict = SandboxedEnvironment(
        loader=jinja2.FileSystemLoader([str(folder) for folder in folders]),
        undefined=_Undefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    strict.filters["fill"] = fill
    strict.filters["direction"] = direction
    return strict


def fill(phrase: str, **values: object) -> str:
    """Put values into a phrase of words.yml: `About {count} in {people}`.

    Raises NameUnknownError if the phrase has a place that is not among the values.
    """
    wanted = {name for _, name, _, _ in string.Formatter().parse(phrase) if name is not None}
    if unknown := sorted(wanted - set(values)):
        names = ", ".join(f"{{{name}}}" for name in values)
        raise NameUnknownError(
            f'the phrase "{phrase}" has a place {{{unknown[0]}}} that is never filled.',
            f"In words.yml, use only {names} in this phrase.",
        )
    return phrase.format_map(values)


def direction(text: str) -> str:
    """Tell which way a text runs, by its first letter that has a way: `ltr` or `rtl`."""
    ways = (unicodedata.bidirectional(letter) for letter in text)
    return "rtl" if next((way for way in ways if way in ("L", "R", "AL")), "L") != "L" else "ltr"


def speech(language: Language) -> dict[str, Any]:
    """Give what a template needs to speak a language: its words, labels, dates and numbers."""
    return {
        "language": language,
        "words": language.words,
        "labels": language.labels,
        "date": lambda day: format_date(day, "d MMMM y", locale=language.code),
        "number": lambda value: format_decimal(value, locale=language.code),
    }


def render_text(
    strict: jinja2.Environment, text: str, source: Place, values: Mapping[str, Any]
) -> str | Problem:
    """Fill a text whose first line is line 1 of source; a Problem if it cannot be filled."""
    try:
        # `{#` starts the id of a heading in Markdown, where Jinja would see a comment.
        filler = strict.overlay(comment_start_string="{##", comment_end_string="##}")
        code = filler.compile(text, filename=source.path)
        return filler.template_class.from_code(filler, code, dict(filler.globals)).render(values)
    except Exception as error:
        return _problem(error, source.path, lambda path: path)


def render_template(
    strict: jinja2.Environment, name: str, values: Mapping[str, Any], named: Any
) -> Markup | Problem:
    """Fill a template file; named turns its path into the one that the editor knows."""
    try:
        return Markup(strict.get_template(name).render(values))
    except Exception as error:
        return _problem(error, name, named)


def words_used(strict: jinja2.Environment) -> set[str]:
    """Give the names of all fixed words that the templates of an environment print.

    Raises jinja2.TemplateSyntaxError if a template is broken.
    """
    used = set()
    for name in strict.list_templates(extensions=["jinja"]):
        source = strict.loader.get_source(strict, name)[0] if strict.loader else ""
        for attribute in strict.parse(source, name).find_all(nodes.Getattr):
            if isinstance(attribute.node, nodes.Name) and attribute.node.name == "words":
                used.add(attribute.attr)
    return used


def _problem(error: Exception, path: str, named: Any) -> Problem:
    if isinstance(error, jinja2.TemplateSyntaxError):
        place = Place(named(error.filename) if error.filename else path, error.lineno)
        hint = "Every `{{` needs its `}}`, every `{% if %}` its `{% endif %}`."
        return Problem(place, f"the template is broken here: {_sentence(error.message)}", hint)
    place = _where(error, path, named)
    if isinstance(error, jinja2.TemplateNotFound):
        hint = "Check the name, or add the file under templates/."
        return Problem(place, f'there is no template "{error.name}".', hint)
    if isinstance(error, NameUnknownError):
        return Problem(place, str(error), error.hint)
    if isinstance(error, jinja2.UndefinedError):
        hint = "Check the spelling. Fixed words stand in words.yml of each language."
        return Problem(place, _sentence(str(error)), hint)
    fact = "what stands between the curly brackets here cannot be worked out."
    return Problem(place, fact, "Check what is asked for, and what is put between its brackets.")


def _where(error: Exception, path: str, named: Any) -> Place:
    """Give the innermost template line that the error passed through."""
    place = Place(path)
    step = error.__traceback__
    while step is not None:
        file = step.tb_frame.f_code.co_filename
        if file == path or file.endswith(".jinja"):
            place = Place(path if file == path else named(file), step.tb_lineno)
        step = step.tb_next
    return place


def _sentence(text: str | None) -> str:
    text = (text or "it cannot be read").strip()
    return text if text.endswith(".") else f"{text}."
