"""How many bytes a sheet may weigh: people open it on a phone, and clinics send it by e-mail."""

from __future__ import annotations

from plainleaf.proof.findings import Findings

KB = 1024
MOST = 60 * KB  # to print
MOST_OF_FORM = 240 * KB  # with fields, and all letters that may be typed into them
MOST_OF_A_PAGE = 4 * KB  # a pack or a large print of many pages may take this much for each
MOST_OF_METADATA = 5 * KB  # and this much to say which sheet it is, in words that stay unpacked


def check_weight(pdf: bytes, pages: int, findings: Findings, *, is_form: bool) -> None:
    """Find a file that is heavier than its words can be."""
    most = max(MOST_OF_FORM if is_form else MOST, pages * MOST_OF_A_PAGE) + MOST_OF_METADATA
    if len(pdf) > most:
        fact = f"it takes {len(pdf) / KB:.0f} KB, and {most / KB:.0f} KB is the most"
        hint = "Make its pictures smaller: the logo of the clinic, and those of its pages."
        findings.say(f"{fact} for its length.", hint)
