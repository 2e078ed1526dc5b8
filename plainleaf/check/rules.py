"""Where the rules of a procedure are missing, or are not the same in each language."""

from __future__ import annotations

from collections.abc import Iterator

from plainleaf.check.gates.lexicon import lexicon_of
from plainleaf.files.yaml_file import line_of_key
from plainleaf.model import Docs, Library, Rules
from plainleaf.plan import pages_of
from plainleaf.problems import Place, Problem

# The handouts that must say what a procedure is, and what it can do.
_RULED = ("consent", "aftercare", "leaflet")
_EXAMPLE = """\
Write there what its sheets must say, as CONTRIBUTING.md tells, such as:
      procedure: ear-wax removal
      names: [ear-wax removal, microsuction]
      off_label: no
      consent:
        risks:
          a torn eardrum: [hole in … eardrum]
      aftercare:
        emergency:
          a stroke: [face … droop*]
        today:
          infection: [fluid … ear, pus]
        routine:
          ringing: [ringing]"""


def of_rules(docs: Docs, library: Library) -> Iterator[Problem]:
    """Give each rules file that is missing or of no use, and what translated rules have otherwise.

    What is wrong within a file is named where it is read.
    """
    for name, needed_by in _needed(docs, library).items():
        if name not in docs.rules:
            yield Problem(Place(name), f"this file is missing, and {needed_by} needs it.", _EXAMPLE)
    for name, rules in docs.rules.items():
        _, _, *rest = name.split("/")
        original = docs.rules.get("/".join(("docs", docs.main_language, *rest)))
        if rules and original and original is not rules:
            yield from _differing(docs, rules, original)
    used = {docs.rules_file(code, slug) for code, slug in (*docs.pages, *docs.broken)}
    for name in docs.rules.keys() - used:
        hint = "Put them beside the pages of their procedure, or take them away."
        yield Problem(Place(name), "no page comes under these rules.", hint, is_warning=True)


def _needed(docs: Docs, library: Library) -> dict[str, str]:
    """Give the rules files that pages and handouts come under, and what needs each first."""
    needed: dict[str, str] = {}
    for code in docs.languages:
        if lexicon_of(docs.project, code)[0] is None:
            continue
        for (language, slug), page in docs.pages.items():
            if language == code and page.kind == "treatment":
                needed.setdefault(docs.rules_file(code, slug), str(page.source.path))
        for handout in library.handouts.values():
            is_there = all((code, slug) in docs.pages for slug in pages_of(handout))
            if handout.kind in _RULED and is_there:
                needed.setdefault(docs.rules_file(code, handout.page), handout.source.path)
    return needed


def _differing(docs: Docs, rules: Rules, original: Rules) -> Iterator[Problem]:
    """Refuse what a procedure cannot be in one language alone."""
    if rules.is_off_label != original.is_off_label:
        place = line_of_key(docs.project, rules.source, "off_label")
        fact = f"`off_label:` is not what {original.source.path} says."
        yield Problem(place, fact, "Correct the one that is wrong.")
    for kind, name in sorted(rules.not_needed ^ original.not_needed):
        place = line_of_key(docs.project, rules.source, kind, "not_needed", name)
        which = "only here" if (kind, name) in rules.not_needed else f"in {original.source.path}"
        fact = f'"{name}" is not needed ({kind}) {which}: the procedure is the same.'
        yield Problem(place, fact, "Write it in both, or in none.")
