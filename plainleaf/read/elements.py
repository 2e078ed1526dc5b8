"""What a consent form and an aftercare sheet are made of, whatever the procedure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Element:
    """Something that a consent form must hold; needs names fields or labels to be filled in.

    may_be_left_out: there are procedures to which it does not apply, and their rules say so.
    """

    number: int
    name: str
    what: str
    needs: tuple[str, ...] = ()
    may_be_left_out: bool = False


# Merged from what the United Kingdom, the United States, Canada, New Zealand and Australia ask of
# consent. Elements 1 (clinic), 2 (patient) and 28 (form and version) come with the template `form`.
ELEMENTS = (
    Element(3, "procedure", "the procedure in plain words"),
    Element(3, "site", "the site and side of the body", may_be_left_out=True),
    Element(4, "condition", "what may be the cause, and how sure that is", ("blanks",), True),
    Element(5, "benefit", "the gain that is hoped for, and how likely it is"),
    Element(6, "risks", "what may go wrong, with how often, and for this patient", ("lines",)),
    Element(7, "alternatives", "the other options"),
    Element(8, "no-treatment", "what happens with no treatment"),
    Element(9, "matters", "what matters to this patient", ("lines",)),
    Element(10, "substance", "what is given, how strong and how much", ("table",), True),
    Element(10, "off-label", "that the use is off-label"),
    Element(11, "evidence", "how good the evidence is"),
    Element(12, "who", "who treats and who explained, with their role", ("clinician", "role")),
    Element(13, "observers", "trainees and observers, and that they may be refused", (), True),
    Element(14, "anaesthetic", "numbing and sedation, or none", (), True),
    Element(15, "extra", "what more is agreed to, or refused", (), True),
    Element(16, "cost", "the cost and the number of visits", ("blanks",), True),
    Element(17, "leaflets", "what was given to read, with its version", ("leaflets",)),
    Element(18, "interpreter", "an interpreter and other help", ("signature",)),
    Element(19, "understanding", "a check that the explanation was clear"),
    Element(19, "questions", "time and questions"),
    Element(20, "voluntary", "that the choice is free"),
    Element(20, "refusal", "a refusal, in part or in whole", ("signature",)),
    Element(20, "withdraw", "a change of mind", ("signature",)),
    Element(21, "capacity", "who may decide for another person", ("signature", "relation")),
    Element(
        22,
        "patient-signature",
        "the patient's signature, name, date and time, and the place that is treated",
        ("signature", "date", "time", "place"),
    ),
    Element(
        23,
        "clinician-signature",
        "the clinician's signature, name, role and date",
        ("signature", "role", "date"),
    ),
    Element(24, "sessions", "consent confirmed at each visit", (), True),
    Element(25, "copy", "a copy for the patient"),
    Element(26, "photographs", "photographs on a form of their own", (), True),
    Element(27, "health", "what the clinic must know of this patient's health", ("lines",)),
)

# The levels of help on an aftercare sheet, the most urgent first.
LEVELS = ("emergency", "today", "routine")
# The elements with instructions: each of their items says until when.
ADVICE = ("do", "avoid")
NEEDED = (*ADVICE, "done", "expect", "medicines", "follow-up")

# By the kind of handout: what it is called, all elements, and those that the rules of a procedure
# may leave out.
SHEETS = {"consent": "a consent form", "aftercare": "an aftercare sheet"}
NAMES = {
    "consent": tuple(element.name for element in ELEMENTS),
    "aftercare": (*LEVELS, *NEEDED),
}
MAY_BE_LEFT_OUT = {
    "consent": tuple(element.name for element in ELEMENTS if element.may_be_left_out),
    "aftercare": (*ADVICE, "done", "medicines", "follow-up"),
}
# Claims that may be sound of a procedure which was tested well, and then beside a source.
MAY_BE_SAID = ("works", "mechanism", "cure", "diagnostic", "quick")
