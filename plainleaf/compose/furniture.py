"""Furniture: what a sheet prints beside its words, and clinics that stand for any clinic.

A writer sets a limit for the words. So it is held with the widest furniture that there may be: who
has a shorter name or a shorter address has room to spare.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date

from plainleaf.compose.compose import Composed, Composer
from plainleaf.model import (
    PAPERS,
    SIZES,
    Approval,
    Checked,
    Clinic,
    Edition,
    Handout,
    Phone,
    SheetStatus,
    Status,
)
from plainleaf.problems import Place, Problem

_SOURCE = Place("plainleaf/compose/furniture.py")
_WORKER = "Professor Dr Wilhelmina Featherstonehaugh-Montgomery"
# As long as any that was found: a name of 110 letters, six lines, numbers with an extension.
WIDEST = Clinic(
    slug="widest",
    name="The Queen Alexandra University Hospital Department of Musculoskeletal Medicine, "
    "Pain and Rehabilitation",
    address=(
        "Musculoskeletal Outpatients, Second Floor",
        "The Old Grain Store",
        "14b Father Mathew Quay",
        "Ballinlough Estate",
        "Cork, County Cork",
        "T12 XK45, Ireland",
    ),
    daytime_phone=Phone("+353 21 427 0123", "ext. 21401", "tel:+353-21-427-0123"),
    out_of_hours_phone=Phone("+353 21 427 0456", "ext. 21402", "tel:+353-21-427-0456"),
    emergency_phone=Phone("112", link="tel:112"),
    accent="#0b5c73",
    logo=None,
    website="https://patients.musculoskeletal-medicine.university-hospital.example/leaflets/",
    languages=(),
    papers=PAPERS,
    sizes=SIZES,
    is_example=False,
    source=_SOURCE,
)
# A clinic like most: what cannot be printed for it is no fault of another clinic's either.
USUAL = replace(
    WIDEST,
    slug="usual",
    name="Harbour Clinic",
    address=("1 Harbour Street", "Cork"),
    daytime_phone=Phone("(021) 427 0123", link="tel:+353-21-427-0123"),
    out_of_hours_phone=Phone("(021) 427 0456", link="tel:+353-21-427-0456"),
    website="",
)


def statuses_at(
    clinic: Clinic, handouts: Iterable[Handout], language: str, status: Status
) -> dict[tuple[str, str, str], SheetStatus]:
    """Give how it would stand with handouts in a language at a clinic that approved each.

    No word of it comes from the ledger, so that a version has the same room for its words before
    and after it is issued.
    """
    statuses = {}
    for handout in handouts:
        edition = Edition(
            handout.name,
            language,
            version="10.10",
            title="",
            issued=date(2026, 9, 30),
            review_by=date(2028, 9, 30),
            author=_WORKER,
            reviewer=f"{_WORKER}, consultant in rehabilitation",
            translation="",
            translates="",
            change="",
            content="",
            mark="7KQM",
            withdrawal=None,
            source=_SOURCE,
        )
        approval = Approval(
            clinic.slug,
            handout.name,
            language,
            edition.version,
            edition.content,
            _WORKER,
            "consultant in rehabilitation",
            edition.issued,
            _SOURCE,
        )
        statuses[handout.name, language, clinic.slug] = SheetStatus(
            status, edition, approval, edition.content
        )
    return statuses


def at_usual_clinic(checked: Checked) -> Callable[[Composed], Composed | Problem]:
    """Give what composes a sheet for a clinic like most, with the status that it has at its own."""
    composer = Composer(checked.docs, checked.library, checked.statuses)

    def compose(item: Composed) -> Composed | Problem:
        clinic = replace(USUAL, slug=item.sheet.clinic.slug)
        return composer.compose(replace(item.sheet, clinic=clinic))

    return compose
