"""What a clinic may choose and say itself, held against the handouts and pages that there are."""

from __future__ import annotations

from collections.abc import Iterator

from plainleaf.addresses import ADDRESS, SLUG
from plainleaf.files.yaml_file import line_of_key
from plainleaf.model import Clinic, Docs, Handout, Library, OwnWords, Part, Project
from plainleaf.problems import Problem, choices
from plainleaf.read.elements import LEVELS


def own_words(docs: Docs, library: Library) -> Iterator[Problem]:
    """Give what is wrong with the handouts that clinics choose, and with what they say themselves.

    What is a clinic's own fault stands in its folder.
    """
    for handout in library.handouts.values():
        yield from _room(handout)
    for clinic in (*library.clinics.values(), *library.broken):
        if library.is_whole:
            yield from _offers(docs.project, clinic, library)
            yield from _without_room(clinic, library)
        yield from _untranslated(clinic, docs)
        for own in clinic.own:
            yield from _links(own, docs)


def _room(handout: Handout) -> Iterator[Problem]:
    """Refuse room for a clinic's own words where they would part what belongs together."""
    seen: dict[str, int] = {}
    for place in handout.clinic_places:
        if not SLUG.fullmatch(place.section):
            fact = f'no heading of a clinic can have the id "{place.section}".'
            yield Problem(place.source, fact, ADDRESS)
        elif place.section in seen:
            fact = f'"{place.section}" has room twice, first on line {seen[place.section]}.'
            yield Problem(place.source, fact, "Give each section of a clinic room once.")
        seen.setdefault(place.section, place.source.line)
        above, below = handout.parts[: place.after], handout.parts[place.after :]
        if above and below and _is_row(above[-1], below[0]):
            fact = "this stands within a row of columns, and would part it."
            yield Problem(place.source, fact, "Put it above the row, or below its last column.")
        help_below = [name for part in below for name in part.elements if name in LEVELS]
        if handout.kind == "aftercare" and help_below:
            fact = f'this stands above "{help_below[0]}", which people must find on page 1.'
            yield Problem(place.source, fact, "Put it below: however long it is, help comes first.")


def _is_row(above: Part, below: Part) -> bool:
    """Tell whether a part stands in the same row of columns as the one above it."""
    return below.column > 1 or (below.column > 0 and below.column == above.column)


def _offers(project: Project, clinic: Clinic, library: Library) -> Iterator[Problem]:
    """Refuse a choice of handouts of which some cannot be had, or go with others left out."""
    for name in dict.fromkeys(clinic.handouts):
        place = line_of_key(project, clinic.source, "handouts")
        handout = library.handouts.get(name)
        if handout is None:
            fact = f'there is no handout "{name}".'
            yield Problem(place, fact, choices(library.handouts, name, "handouts"))
            continue
        for other in (*handout.handouts, *handout.goes_with):
            if other in library.handouts and not clinic.offers(other):
                how = "holds" if other in handout.handouts else "goes with"
                fact = f"{clinic.slug} offers {name}, which {how} {other}, and not {other} itself."
                yield Problem(place, fact, f"Add {other} to `handouts:`, or take {name} out.")


def _without_room(clinic: Clinic, library: Library) -> Iterator[Problem]:
    """Refuse sections that no handout of a clinic prints."""
    offered = (handout for handout in library.handouts.values() if clinic.offers(handout.name))
    rooms = {place.section for handout in offered for place in handout.clinic_places}
    for section in (section for own in clinic.own for section in own.sections):
        if section.id not in rooms:
            fact = f'no handout that {clinic.slug} prints has room for "{section.id}".'
            yield Problem(section.source, fact, choices(rooms, section.id, "names with room"))


def _untranslated(clinic: Clinic, docs: Docs) -> Iterator[Problem]:
    """Refuse a section that is not there in each language that the clinic prints."""
    folder = clinic.source.path.rpartition("/")[0]
    # The section of the first language that has it stands for all.
    sections = {section.id: section for own in reversed(clinic.own) for section in own.sections}
    for code in clinic.languages or docs.languages:
        own, file = clinic.own_in(code), f"{folder}/{code}.md"
        is_broken = own is None and (docs.project.folder / file).exists()
        if code not in docs.languages or is_broken:
            continue
        for section in sections.values():
            if own is None or own.section(section.id) is None:
                name = docs.languages[code].name
                fact = f'"{section.title}" is not there in {name}, and {clinic.slug} prints in it.'
                hint = f"Write it into {file}, under a heading that ends with {{#{section.id}}}."
                yield Problem(section.source, fact, hint)


def _links(own: OwnWords, docs: Docs) -> Iterator[Problem]:
    """Refuse links of a clinic's own words to a page or a heading that is not there."""
    pages = {slug: page for (code, slug), page in docs.pages.items() if code == own.language}
    for link in own.links:
        if link.page and link.page not in pages:
            if (own.language, link.page) not in docs.broken:
                fact = f'this links to "{link.page}.md", which is not there.'
                hint = choices((f"{slug}.md" for slug in pages), f"{link.page}.md", "pages")
                yield Problem(link.source, fact, hint)
            continue
        headings = {heading.id for heading in own.headings}
        sections = set(pages[link.page].sections) if link.page else headings
        if link.section and link.section not in sections:
            target = f"{link.page}.md#{link.section}" if link.page else f"#{link.section}"
            fact = f'this links to "{target}", and there is no such section.'
            yield Problem(link.source, fact, choices(sections, link.section, "sections there"))
