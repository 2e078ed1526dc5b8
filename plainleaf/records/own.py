"""A clinic's own words: which of them a handout prints, and what tells them from any others.

They are no words of an edition, which are everybody's: the ledger's hash and the mark of a version
know nothing of them, and to change them makes no draft and no new code. They count in the clinic's
own approval, which names their hash: whoever approved a sheet approved what it says, all of it.
A PDF bears the hash of the edition alone. Its seal shows that its bytes are those that were made,
and `own` in handouts.json is the hash of what the clinic said on it.
"""

from __future__ import annotations

from collections.abc import Iterator

import lxml.html

from plainleaf.model import Clinic, Content, Handout, Library, Section


def own_hash(library: Library, handout: str, language: str, slug: str) -> str:
    """Give the hash of what a clinic itself says on a sheet, those in a pack included; "" if none.

    It is SHA-256, as 64 digits, of the words and of where their links lead.
    """
    clinic = library.clinics.get(slug)
    if clinic is None or not clinic.own or handout not in library.handouts:
        return ""
    names = (handout, *library.handouts[handout].handouts)
    lines: list[str] = []
    for printed in (library.handouts[name] for name in names if name in library.handouts):
        for section in sections_on(printed, clinic, language):
            tree = lxml.html.fragment_fromstring(section.html, create_parent="div")
            links = (str(link.get("href", "")) for link in tree.iter("a"))
            lines += [f"## {section.id}", " ".join(tree.text_content().split()), *links]
    return Content(tuple(lines)).hash if lines else ""


def sections_on(handout: Handout, clinic: Clinic, language: str) -> Iterator[Section]:
    """Give the sections of a clinic's own that a handout prints, in their order."""
    if own := clinic.own_in(language):
        yield from filter(None, (own.section(place.section) for place in handout.clinic_places))
