"""What a page's Markdown may ask for.

A citation, risks as a table or a picture, its sources, what is shared with other pages, and words
that differ between page and sheet.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import jinja2
from markupsafe import Markup

from plainleaf.files.icons import icon_array
from plainleaf.html.locales import place_of
from plainleaf.html.templates import NameUnknownError, render_text, speech
from plainleaf.model import Facts, Language, Risk, Shared
from plainleaf.problems import Place, Problem, choices, line_of

# Nobody sees one dot among more, and a printer would not show it.
MOST_DOTS = 1_000

# A table to fill in: its head, the line under it, and rows that are empty but for their first cell.
_TO_FILL = re.compile(
    r"^(?P<indent> *)\|(?P<head>[^|\n]*)\|.*\|[ ]*\n"
    r" *\|(?: *-+ *\|)+[ ]*\n"
    r"(?P<rows>(?: *\|[^|\n]*[^|\s][^|\n]*\|(?: *\|)+ *(?:\n|\Z))+)(?! *\|)",
    re.MULTILINE,
)
# Placeholders until the whole text is filled: for the start of each line of a list after its first,
# and around words as a page and as a sheet says them. Unicode gives these signs no meaning.
_NEXT_LINE = "\ue010"
_PAGE, _SHEET, _END = "\ue011", "\ue012", "\ue013"
_VOICES = re.compile(f"{_PAGE}([^{_END}]*){_SHEET}([^{_END}]*){_END}")
_ASKED = re.compile(r"""\{\{-?\s*shared\(\s*["']([^"']+)["']\s*\)\s*-?\}\}""")


@dataclass(frozen=True, slots=True)
class Filled:
    """A page's Markdown with all filled in that it asks for, and the names of what it cites.

    text is as the website shows it, printed as sheets print it. They differ where a table has
    nothing but empty cells beside its first column: on a sheet they are filled in, and the website
    lists the first column, below the words at its head.
    """

    text: str
    printed: str
    cited: frozenset[str]


def fill_page(
    templates: jinja2.Environment,
    language: Language,
    facts: Facts,
    text: str,
    sources: Sequence[str],
    source: Place,
) -> Filled | Problem:
    """Give a page's Markdown with the facts filled in.

    Gives the Problem instead that stands in the way. templates are those of what pages may ask
    for. The text's first line is line 1 of source; sources are those that the page rests on as a
    whole.
    """
    named = {name: None for name in sources if name in facts.references}
    asked = _Asked(templates, language, facts, named)
    names = {
        "cite": asked.cite,
        "risk_table": asked.risk_table,
        "icon_array": asked.icon_array,
        "source_list": asked.source_list,
        "shared": asked.shared,
        "clinic": asked.clinic,
        "emergency_numbers": asked.emergency_numbers,
    }
    filled = render_text(templates, text, source, names)
    if isinstance(filled, Problem):
        return filled
    if asked.cited and not asked.is_listed:
        line = line_of(text, "cite(", "risk_table(", "icon_array(")
        fact = "this page cites sources but does not list them."
        hint = "End the page with `## Sources {#sources}` and `{{ source_list() }}`."
        return Problem(Place(source.path, line), fact, hint)
    if within := _within_a_line(text, language.shared, source):
        return within
    filled = "\n".join(map(_as_lines, filled.split("\n")))
    text, printed = (_VOICES.sub(voice, filled) for voice in (r"\1", r"\2"))
    return Filled(_TO_FILL.sub(_first_column, text), printed, frozenset(asked.cited))


def _first_column(table: re.Match[str]) -> str:
    """Give the first cells of a table as a list below their head, on as many lines.

    Without the head, the list would go on with one that stands above the table.
    """
    indent, head = table["indent"], table["head"].strip()
    rows = table["rows"].splitlines(keepends=True)
    items = (f"{indent}- {row.split('|')[1].strip()}" for row in rows)
    above = f"{indent}{head}{'' if head.endswith((':', '?')) else ':'}" if head else ""
    return f"{above}\n\n" + "\n".join(items) + ("\n" if rows[-1].endswith("\n") else "")


def _within_a_line(text: str, shared: Shared, source: Place) -> Problem | None:
    """Refuse a list that shares its line with other words: Markdown would take it for something."""
    for number, line in enumerate(text.split("\n"), start=1):
        for asked in _ASKED.finditer(line):
            if isinstance(shared.get(asked[1]), tuple) and line.strip() != asked[0]:
                fact = f'the list "{asked[1]}" stands in a line with other words.'
                hint = (
                    f'Give it a line of its own, or write `{{{{ shared("{asked[1]}", "or") }}}}`.'
                )
                return Problem(Place(source.path, number), fact, hint)
    return None


def _as_lines(line: str) -> str:
    """Give each line of a list a line of its own, which stands as far in as the first."""
    indent = line[: len(line) - len(line.lstrip())]
    return line.replace(_NEXT_LINE, f"\n{indent}")


@dataclass(slots=True)
class _Asked:
    """What one page has asked for so far."""

    templates: jinja2.Environment
    language: Language
    facts: Facts
    cited: dict[str, None]
    is_listed: bool = False

    def cite(self, name: str) -> Markup:
        reference = self.facts.references.get(name)
        if reference is None and not self.facts.is_whole:
            return Markup()  # it may be one of the sources that were left out as broken
        if reference is None:
            hint = choices(self.facts.references, name, "sources in docs/facts/sources.yml")
            raise NameUnknownError(f'there is no source "{name}".', hint)
        if self.is_listed:
            hint = "Move `{{ source_list() }}` to the end of the page."
            raise NameUnknownError(f'"{name}" is cited below the list of sources.', hint)
        self.cited[name] = None
        return Markup('<a href="#source-{}">{}</a>').format(name, reference.label)

    def risk_table(self, *names: str) -> Markup:
        risks = self._risks(names)
        rates = [risk.benchmark.rate for risk, _ in risks if risk.benchmark]
        rates += [risk.rate for risk, _ in risks if risk.rate]
        people = sorted({rate.people for rate in rates})
        if len(people) > 1:
            numbers = " and ".join(f"{number:,}" for number in people)
            fact = f"the rates of this table are out of different numbers of people: {numbers}."
            hint = "Make a table for each, or write the rates in risks.yml out of the same number."
            raise NameUnknownError(fact, hint)
        return self._block("risk-table", risks=risks, cite=self.cite)

    def icon_array(self, *names: str) -> Markup:
        pictures = []
        for risk, spoken in self._risks(names):
            if risk.benchmark is None:
                hint = "Take it away, or give it a benchmark in docs/facts/risks.yml."
                raise NameUnknownError(f'the risk "{risk.id}" has no number to draw.', hint)
            rate = risk.benchmark.rate
            if rate.people > MOST_DOTS:
                fact = f'the risk "{risk.id}" would be drawn as {rate.people:,} dots.'
                hint = f"Show it in a risk table: nobody counts more than {MOST_DOTS:,}."
                raise NameUnknownError(fact, hint)
            pictures.append((risk, spoken, icon_array(rate.count, rate.people)))
        return self._block("icon-array", pictures=pictures, cite=self.cite)

    def _risks(self, names: Sequence[str]) -> list[tuple[Risk, Mapping[str, str]]]:
        risks = []
        for name in names:
            if name not in self.facts.risks and not self.facts.is_whole:
                continue
            if name not in self.facts.risks:
                hint = choices(self.facts.risks, name, "risks in docs/facts/risks.yml")
                raise NameUnknownError(f'there is no risk "{name}".', hint)
            if name not in self.language.risks:
                hint = f"Add its words to {self.language.source.path}, under `risks:`."
                raise NameUnknownError(f'the risk "{name}" has no words in this language.', hint)
            risk = self.facts.risks[name]
            if risk.benchmark and risk.benchmark.procedure not in self.language.procedures:
                fact = f'the procedure "{risk.benchmark.procedure}" has no words in this language.'
                hint = f"Add its words to {self.language.source.path}, under `procedures:`."
                raise NameUnknownError(fact, hint)
            risks.append((risk, self.language.risks[name]))
        return risks

    def source_list(self) -> Markup:
        self.is_listed = True
        references = [self.facts.references[name] for name in self.cited]
        return self._block("source-list", references=references)

    def shared(self, name: str, last: str = "") -> str:
        """Give a list as Markdown, or one line of it (`list.line`), or a phrase.

        last is the word before the last line of a list that stands within a sentence: "or".
        """
        shared = self.language.shared.get(name)
        if shared is None:
            file = self.language.shared_source.path
            hint = choices(self.language.shared, name, f"names in {file}")
            raise NameUnknownError(f'nothing shared is called "{name}".', hint)
        if isinstance(shared, str):
            return shared
        if last:
            *lines, end = shared
            return f"{', '.join(lines)} {last} {end}" if lines else end
        return _NEXT_LINE.join(f"- {line}" for line in shared)

    def clinic(self, page: str, sheet: str) -> str:
        """Give words as a page says them of the clinic, and as the clinic says them on a sheet."""
        return f"{_PAGE}{page}{_SHEET}{sheet}{_END}"

    def emergency_numbers(self) -> Markup:
        """Give the numbers that call an ambulance as buttons; a sheet has its clinic's own."""
        numbers = {
            place_of(number.place, self.language.code): number
            for number in self.facts.emergency_numbers
        }
        if not numbers and self.facts.is_whole:
            hint = 'Write it, such as `NZ:` and below it `number: "111"`.'
            fact = "there is no docs/facts/emergency-numbers.yml with a number in it."
            raise NameUnknownError(fact, hint)
        lines = (
            f"- [**{numbers[place].number}** {place}](tel:{numbers[place].number})"
            f'{{ .button data-countries="{" ".join(numbers[place].countries)}" }}'
            for place in sorted(numbers)
        )
        return Markup(self.clinic(_NEXT_LINE.join(lines), ""))

    def _block(self, name: str, **values: Any) -> Markup:
        template = self.templates.get_template(f"{name}.html.jinja")
        return Markup(template.render(**speech(self.language), **values))
