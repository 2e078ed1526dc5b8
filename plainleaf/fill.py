"""What a page's Markdown may ask for: a citation, a risk table, the list of its sources."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from plainleaf.model import Facts, Language, Project
from plainleaf.problems import Place, Problem, choices, line_of
from plainleaf.templates import NameUnknownError, environment, render_text, speech


def fill_page(
    project: Project, language: Language, facts: Facts, text: str, source: Place
) -> str | Problem:
    """Give a page's Markdown with the facts filled in, or the Problem that stands in the way.

    The text's first line is line 1 of source.
    """
    filler = environment(project.template_folders("page"))
    asked = _Asked(filler, language, facts)
    names = {
        "cite": asked.cite,
        "risk_table": asked.risk_table,
        "source_list": asked.source_list,
    }
    filled = render_text(filler, text, source, names, lambda path: project.name(Path(path)))
    if isinstance(filled, str) and asked.cited and not asked.is_listed:
        line = line_of(text, "cite(") if "cite(" in text else line_of(text, "risk_table(")
        return Problem(
            Place(source.path, line),
            "this page cites sources but does not list them.",
            "End the page with `## Sources {#sources}` and `{{ source_list() }}`.",
        )
    return filled


@dataclass(slots=True)
class _Asked:
    """What one page has asked for so far."""

    filler: jinja2.Environment
    language: Language
    facts: Facts
    cited: dict[str, None] = field(default_factory=dict)
    is_listed: bool = False

    def cite(self, name: str) -> Markup:
        reference = self.facts.references.get(name)
        if reference is None and not self.facts.is_whole:
            return Markup()  # it may be among those that are broken
        if reference is None:
            hint = choices(self.facts.references, name, "sources in docs/facts/sources.yml")
            raise NameUnknownError(f'there is no source "{name}".', hint)
        if self.is_listed:
            hint = "Move `{{ source_list() }}` to the end of the page."
            raise NameUnknownError(f'"{name}" is cited below the list of sources.', hint)
        self.cited[name] = None
        return Markup('<a href="#source-{}">{}</a>').format(name, reference.label)

    def risk_table(self, *names: str) -> Markup:
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
            risks.append((self.facts.risks[name], self.language.risks[name]))
        return self._block("risk-table", risks=risks, cite=self.cite)

    def source_list(self) -> Markup:
        self.is_listed = True
        references = [self.facts.references[name] for name in self.cited]
        return self._block("source-list", references=references)

    def _block(self, name: str, **values: Any) -> Markup:
        template = self.filler.get_template(f"{name}.html.jinja")
        return Markup(template.render(**speech(self.language), **values))
