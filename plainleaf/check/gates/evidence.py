"""Evidence: each clinical page rests on named sources, and says how sure they make us."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from plainleaf.check.gates.family import Family
from plainleaf.check.gates.lexicon import Lexicon
from plainleaf.check.gates.passages import PageText
from plainleaf.model import Facts, Page
from plainleaf.problems import Problem

FAMILY = Family(
    "evidence",
    {
        "none": "DISCERN item 4, sources; PIF TICK, current evidence",
        "unused": "DISCERN item 4, sources of what is said",
        "off-label": "GMC, prescribing unlicensed medicines",
        "uncertainty": "DISCERN item 8, areas of uncertainty",
    },
)


def of_page(page_text: PageText, lexicon: Lexicon, *, is_off_label: bool) -> Iterator[Problem]:
    """Give what a page lacks that states clinical facts.

    is_off_label: the medicine is not approved for the use that the page describes.
    """
    page, place = page_text.page, page_text.passages[0].place
    if page.kind in ("treatment", "clinical") and not page.cited:
        fact = "this page states clinical facts and names no source."
        hint = 'Cite one, `{{ cite("a-source") }}`, or write `sources:` above the text.'
        yield FAMILY.error("none", place, fact, hint)
    if page.kind != "treatment":
        return
    said = " ".join(passage.text for passage in page_text.passages if not passage.is_data)
    name = lexicon.procedure
    if is_off_label and not lexicon.patterns["off-label"].search(said):
        fact = f"this page describes {name} and does not say that its use is off-label."
        hint = "Say that the medicine is not approved for this use."
        yield FAMILY.error("off-label", place, fact, hint)
    if not lexicon.patterns["uncertainty"].search(said):
        fact = f"this page describes {name} and does not say what is not known."
        yield FAMILY.error("uncertainty", place, fact, "Say how sure anybody is that it works.")


def of_sources(facts: Facts, pages: Iterable[Page]) -> Iterator[Problem]:
    """Refuse sources that no page cites: they mislead about what the pages rest on."""
    cited = {name for page in pages for name in page.cited}
    for name, reference in facts.references.items():
        if name not in cited:
            hint = "Cite it where it is needed, or take it away."
            yield FAMILY.error(
                "unused", reference.source, f'no page cites the source "{name}".', hint
            )
