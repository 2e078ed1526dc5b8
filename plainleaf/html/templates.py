"""Jinja, made strict: an undefined name is a problem with its file and line, never a blank."""

from __future__ import annotations

import datetime
import os
import string
import traceback
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup

from plainleaf.html.locales import date_of, number_of
from plainleaf.model import CLINIC_FIELDS, Language, Project
from plainleaf.problems import ContentError, Place, Problem
from plainleaf.text import MOST_BYTES

# What a page may be made of: words, and names that are asked for with texts in brackets. Nothing
# of it can grow, so every page comes to an end.
_IN_PAGES = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.Call, nodes.Name, nodes.Const)
# Jinja's functions that templates may call: its others make texts of any length.
_GLOBALS = ("namespace", "range")
_NAMES_OF_PAGES = "cite, risk_table, icon_array, source_list, shared and clinic"
_IN_BRACKETS = (
    f"Pages know {_NAMES_OF_PAGES}. "
    'What stands in their brackets needs quotes: `{{ cite("a-source") }}`.'
)


# Stands for what a page asks for.
_FILLED = "filled"


class NameUnknownError(Exception):
    """A template or page asked for a thing that does not exist; carries message and hint."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


class _Undefined(jinja2.StrictUndefined):
    @property
    def _undefined_message(self) -> str:
        return f'"{self._undefined_name}" is not defined.'


def environment(project: Project, kind: str) -> jinja2.Environment:
    """Give the strict, sandboxed, escaping Jinja that fills pages and templates alike.

    It holds the templates of a kind, such as website, the project's own before others of their
    name, and is the very same one as long as none of them changes.
    """
    return project.once(("templates", kind), lambda: _environment(_templates(project, kind)))


def _templates(project: Project, kind: str) -> tuple[tuple[str, tuple[str, bytes]], ...]:
    files = {
        path.relative_to(folder).as_posix(): (project.name(path), project.content(path))
        for folder in reversed(project.template_folders(kind))
        for path in folder.rglob("*")
        # check.py names what cannot be read.
        if path.is_file() and os.access(path, os.R_OK) and path.stat().st_size <= MOST_BYTES
    }
    return tuple(sorted(files.items()))


class _Files(jinja2.BaseLoader):
    """Gives templates from the bytes of their files, each under the name that its editor knows."""

    def __init__(self, files: Mapping[str, tuple[str, bytes]]) -> None:
        self._files = files

    def get_source(
        self,
        environment: jinja2.Environment,  # noqa: ARG002 the name is Jinja's
        template: str,
    ) -> tuple[str, str, Callable[[], bool]]:
        if template not in self._files:
            raise jinja2.TemplateNotFound(template)
        path, content = self._files[template]
        return content.decode("utf-8"), path, lambda: True

    def list_templates(self) -> list[str]:
        return sorted(self._files)


@lru_cache(32)
def _environment(files: tuple[tuple[str, tuple[str, bytes]], ...] = ()) -> jinja2.Environment:
    strict = SandboxedEnvironment(
        loader=_Files(dict(files)),
        undefined=_Undefined,
        finalize=_printable,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    strict.globals = {name: strict.globals[name] for name in _GLOBALS}
    strict.globals["clinic_fields"] = CLINIC_FIELDS
    strict.filters["fill"] = fill
    strict.filters["direction"] = direction
    return strict


def _printable(value: object) -> object:
    """Refuse what is no text: a function that was named without its brackets."""
    if callable(value) and not isinstance(value, jinja2.Undefined):
        name = getattr(value, "__name__", "")
        hint = f"Add them, and what belongs between them: `{{{{ {name}() }}}}`."
        raise NameUnknownError(f'"{name}" stands here without its brackets.', hint)
    return value


def fill(phrase: str, **values: object) -> str:
    """Put values into a phrase of words.yml: `about {count} in {people}`.

    Raises NameUnknownError if the phrase has a place that is not among the values, or one that
    says how it is to be written: `{count:9}` would be a width, and of any size.
    """
    places = [place for place in string.Formatter().parse(phrase) if place[1] is not None]
    if any(spec or conversion for _, _, spec, conversion in places):
        fact = f'the phrase "{phrase}" has a place that holds more than a name.'
        raise NameUnknownError(fact, "In words.yml, write only a name between { and }.")
    named = {name for _, name, _, _ in places if name is not None}
    if unknown := sorted(named - set(values)):
        names = ", ".join(f"{{{name}}}" for name in values)
        fact = f'the phrase "{phrase}" has a place {{{unknown[0]}}} that is never filled.'
        raise NameUnknownError(fact, f"In words.yml, use only {names} in this phrase.")
    return phrase.format_map(values)


def direction(text: str) -> str:
    """Tell which way a text runs, by its first letter that has a way: `ltr` or `rtl`."""
    ways = (unicodedata.bidirectional(letter) for letter in text)
    return "rtl" if next((way for way in ways if way in ("L", "R", "AL")), "L") != "L" else "ltr"


def speech(language: Language) -> dict[str, Any]:
    """Give what a template needs to speak a language: its words, labels, dates and numbers."""

    def date(day: datetime.date) -> str:
        return date_of(day, language.code)

    def short_date(day: datetime.date) -> str:
        return date_of(day, language.code, is_short=True)

    def number(value: float) -> str:
        return number_of(value, language.code)

    return {
        "language": language,
        "words": language.words,
        "labels": language.labels,
        "procedures": language.procedures,
        "date": date,
        "short_date": short_date,
        "number": number,
    }


def render_text(
    strict: jinja2.Environment, text: str, source: Place, values: Mapping[str, Any]
) -> str | Problem:
    """Fill the text of a page, whose first line is line 1 of source; a Problem if it cannot be.

    A page may name things, but neither loop nor calculate: it is words, and the build must end.
    """
    try:
        filler = _of_pages(strict)
        tree = filler.parse(text, filename=source.path)
        if busy := next(_busy(tree, values, source.path), None):
            return busy
        code = filler.compile(tree, filename=source.path)
        return filler.template_class.from_code(filler, code, {}).render(values)
    except Exception as error:
        return _problem(error, source.path)


def _busy(tree: nodes.Template, values: Mapping[str, Any], path: str) -> Iterator[Problem]:
    """Give what a page may not ask of Jinja."""
    for node in tree.find_all(nodes.Node):
        place = Place(path, node.lineno)
        is_call = isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name)
        if not isinstance(node, _IN_PAGES) or (isinstance(node, nodes.Call) and not is_call):
            fact = "a page cannot loop, calculate, change words or take in other files."
            yield Problem(place, fact, f"Write the words; pages know {_NAMES_OF_PAGES}.")
        elif isinstance(node, nodes.Name) and node.name not in values:
            yield Problem(place, f'"{node.name}" is not defined.', _IN_BRACKETS)
        elif isinstance(node, nodes.Const) and not isinstance(node.value, str):
            fact = f'"{node.value}" stands here without quotes.'
            yield Problem(place, fact, _IN_BRACKETS)


def _of_pages(strict: jinja2.Environment) -> jinja2.Environment:
    # `{#` starts the id of a heading in Markdown, where Jinja would see a comment.
    return strict.overlay(comment_start_string="{##", comment_end_string="##}")


def pieces_of(template: str) -> list[tuple[int, str, str]]:
    """Give the pieces of a template, each with its line, what it is to Jinja, and its text."""
    try:
        return list(_environment().lex(template))
    except jinja2.TemplateSyntaxError:
        return []  # compose names the broken template


def unfilled(text: str) -> tuple[str, list[int]]:
    """Give the text of a page with a word for all that would be filled in, and its lines' numbers.

    What `{% if … %}` encloses stays. The text must be one that can be filled.
    """
    pieces = [""]
    numbers = [1]
    for line, kind, piece in _of_pages(_environment()).lex(text):
        if not pieces[-1]:
            numbers[-1] = line
        if kind == "data":
            first, *others = piece.split("\n")
            pieces[-1] += first
            pieces += others
            numbers += range(line + 1, line + 1 + len(others))
        elif kind == "variable_begin":
            pieces[-1] += _FILLED
    return "\n".join(pieces), numbers


def render_template(
    strict: jinja2.Environment, name: str, values: Mapping[str, Any]
) -> Markup | Problem:
    """Fill a template; a Problem if it cannot be."""
    try:
        return Markup(strict.get_template(name).render(values))
    except Exception as error:
        return _problem(error, name)


def rendered(project: Project, kind: str, name: str, values: Mapping[str, Any]) -> str:
    """Fill a template of a kind, such as website. Raises ContentError, at the template."""
    text = render_template(environment(project, kind), name, values)
    if isinstance(text, Problem):
        raise ContentError([text])
    return str(text)


def words_used(project: Project) -> dict[str, set[str]] | None:
    """Give each fixed word that templates print, and the places, such as {count}, filled in it.

    None if a template is broken.
    """
    words: dict[str, set[str]] = {}
    for kind in ("handout", "page", "website"):
        for _, source in sources_of(environment(project, kind), "jinja", "html"):
            spoken = _spoken(source)
            if spoken is None:
                return None
            for word, places in spoken:
                words.setdefault(word, set()).update(places)
    return words


def sources_of(templates: jinja2.Environment, *ends: str) -> Iterator[tuple[str, str | None]]:
    """Give each template whose name ends so: its file, and its text; None where it is none."""
    for name in templates.list_templates(extensions=ends):
        try:
            source, file, _ = templates.loader.get_source(templates, name)  # type: ignore[union-attr]
            yield str(file), source
        except UnicodeDecodeError:
            yield name, None


@lru_cache(256)
def _spoken(source: str | None) -> tuple[tuple[str, tuple[str, ...]], ...] | None:
    """Give the words that a template prints, and the places that it fills in some of them."""
    if source is None:
        return None
    try:
        tree = _environment().parse(source)
    except jinja2.TemplateSyntaxError:
        return None  # compose names the broken template
    spoken: list[tuple[str, tuple[str, ...]]] = [(word, ()) for word in _words_in(tree)]
    for node in tree.find_all(nodes.Filter):
        if node.name == "fill" and node.node:
            # One word, as in words.rate | fill(…), or a choice of several in brackets.
            words = _words_in(nodes.Output([node.node]))
            spoken += ((word, tuple(str(item.key) for item in node.kwargs)) for word in words)
    return tuple(spoken)


def _words_in(tree: nodes.Node) -> Iterator[str]:
    for node in tree.find_all(nodes.Getattr):
        if isinstance(node.node, nodes.Name) and node.node.name == "words":
            yield node.attr


def _problem(error: Exception, path: str) -> Problem:
    if isinstance(error, jinja2.TemplateSyntaxError):
        return _broken(error, Place(error.filename or path, error.lineno))
    place = _where(error, path)
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


def _broken(error: jinja2.TemplateSyntaxError, place: Place) -> Problem:
    message = error.message or ""
    hint = "Every `{{` needs its `}}`, every `{% if %}` its `{% endif %}`."
    if any(quote in message for quote in "“”„‘’«»"):
        return Problem(place, "a quote between the curly brackets is curled.", 'Write it as ".')
    _, _, unclosed = message.partition("The innermost block that needs to be closed is '")
    if unclosed and error.source:
        tag = unclosed.partition("'")[0]
        line = error.source.count("\n", 0, error.source.rfind("{% " + tag)) + 1
        return Problem(Place(place.path, line), f"this `{{% {tag} %}}` is never closed.", hint)
    fact = f"the curly brackets are broken here: {_sentence(message[:1].lower() + message[1:])}"
    return Problem(place, fact, hint)


def _where(error: Exception, path: str) -> Place:
    """Give the innermost template line that the error passed through."""
    place = Place(path)
    for frame, line in traceback.walk_tb(error.__traceback__):
        file = frame.f_code.co_filename
        if file == path or file.endswith(".jinja"):
            place = Place(file, line)
    return place


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."
