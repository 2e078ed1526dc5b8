"""Release: what must not go out is refused in words; a plain build makes it, and it says so."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import lxml.html
import pytest

from plainleaf.compose.compose import Composed
from plainleaf.model import Project, Withdrawal
from plainleaf.records.ledger import read_ledger, withdraw
from plainleaf.records.status import code_of
from tests.conftest import composed_of, issue, mark, project_in, reissue, snapshot
from tests.repository import COOL, PAGE, WATER, change

pytestmark = pytest.mark.slow

Run = Callable[..., tuple[int, str]]
PAST = date(2026, 11, 28)
NOTE = ("--handout", "note", "--language", "en", "--clinic", "corner")
SLIP = ("--handout", "slip", "--language", "en", "--clinic", "corner")
ARABIC = ("--handout", "slip", "--language", "ar", "--clinic", "anyone")
UNAPPROVED = (
    "clinics/corner/clinic.yml:12: corner has not approved slip (en).\n"
    "    Let it: `build.py approve slip --language en --clinic corner …`."
)
UNWRITTEN = "Not written yet: how long."
UNREVIEWED = (
    "ledger/slip.yml:13: no qualified person has reviewed the translation slip (ar).\n"
    "    Give it to one, then issue it with `--translation reviewed`."
)


@pytest.fixture
def refusals(tiny: Path, run: Run) -> Callable[..., list[str]]:
    """Give a function that checks for a release, and gives what is refused, warnings left out."""

    def refusals(*words: str) -> list[str]:
        before = snapshot(tiny)
        status, said = run("--project", str(tiny), "check", "--release", *words)
        assert snapshot(tiny) == before
        found: list[str] = []
        for line in said.splitlines():
            if line.startswith("    "):
                found[-1] += f"\n{line}"
            elif line:
                found.append(line)
        found = [each for each in found if ": warning: " not in each]
        assert (status == 1) == bool(found)
        if found:
            assert found.pop().endswith(". Nothing was written; the last site is as it was.")
        return found

    return refusals


def take_back(folder: Path, handout: str, language: str = "en") -> None:
    project = project_in(folder)
    withdrawal = Withdrawal(PAST, "It is wrong.", "Ask us.")
    withdraw(project, read_ledger(project, [])[handout, language][-1], withdrawal)


Refusals = Callable[..., list[str]]


def test_words_that_are_issued_and_approved_go_out(refusals: Refusals) -> None:
    assert refusals(*NOTE) == []


def test_words_that_are_issued_go_out_where_they_are_approved_by_hand(refusals: Refusals) -> None:
    assert refusals("--handout", "slip", "--language", "en", "--clinic", "anyone") == []


def test_what_no_clinic_has_approved_is_refused_once_whatever_the_paper(
    refusals: Refusals,
) -> None:
    assert refusals(*SLIP) == [UNAPPROVED]


def test_what_was_changed_since_it_was_issued_is_refused(tiny: Path, refusals: Refusals) -> None:
    change(tiny, WATER, COOL)
    assert refusals(*NOTE) == [
        "ledger/note.yml:3: note (en) is a draft: its words were changed since version 1.10.\n"
        "    Issue it: `build.py issue note --language en --note …`."
    ]


def test_what_was_never_issued_is_refused(tiny: Path, refusals: Refusals) -> None:
    (tiny / "ledger/slip.yml").unlink()
    assert refusals("--handout", "slip", "--clinic", "anyone") == [
        f"handouts/slip.yml:2: slip ({code}) is a draft: its words were never issued.\n"
        f"    Issue it: `build.py issue slip --language {code} --note …`."
        for code in ("ar", "en")
    ]


def test_what_is_overdue_is_refused_on_the_day_after(tiny: Path, refusals: Refusals) -> None:
    reissue(tiny, "note", review_by=date(2026, 11, 29))
    assert refusals(*NOTE) == []
    reissue(tiny, "note", review_by=PAST)
    assert refusals(*NOTE) == [
        "ledger/note.yml:3: note (en) should have been looked at again by 2026-11-28.\n"
        "    Hold it against the newest evidence, then issue it again."
    ]


def test_what_is_not_written_yet_is_refused_even_if_it_was_issued(
    tiny: Path, refusals: Refusals
) -> None:
    change(tiny, WATER, f"{WATER} {UNWRITTEN}")
    issue(tiny, "note")
    lines = (tiny / PAGE).read_text("utf-8").splitlines()
    line = next(number for number, text in enumerate(lines, 1) if UNWRITTEN in text)
    assert refusals(*NOTE, "--clinic", "anyone") == [
        f"{PAGE}:{line}: still to be written: how long.\n"
        "    Write it. Nothing is issued or released while this stands there.\n"
        "    [leftovers.unwritten how long] house rule: no release of what is not written."
    ]


def test_what_is_withdrawn_is_refused(tiny: Path, refusals: Refusals) -> None:
    take_back(tiny, "slip")
    assert refusals(*SLIP) == [
        "ledger/slip.yml:3: slip (en) 2.0 is withdrawn.\n"
        "    Change the words, and issue them as a new version."
    ]


@pytest.mark.parametrize("translation", ["machine", "person", ""])
def test_a_translation_that_no_qualified_person_has_reviewed_is_refused(
    tiny: Path, refusals: Refusals, translation: str
) -> None:
    reissue(tiny, "slip", "ar", translation=translation)
    assert refusals(*ARABIC) == [UNREVIEWED]
    reissue(tiny, "slip", "ar", translation="reviewed")
    assert refusals(*ARABIC) == []


@pytest.mark.parametrize(("translates", "said"), [("2.0", "2.0"), ("", "none")])
def test_the_translation_of_an_older_original_is_refused(
    tiny: Path, refusals: Refusals, translates: str, said: str
) -> None:
    reissue(tiny, "slip", "ar", translation="reviewed", translates=translates)
    issue(tiny, "slip", reviewer="Dr New")
    assert [each.partition(": ")[2] for each in refusals(*ARABIC)] == [
        f"slip (ar) translates version {said} of the original, which has version 2.1.\n"
        "    Translate what changed, and issue the translation."
    ]


def test_a_page_that_is_overdue_is_refused(tiny: Path, refusals: Refusals) -> None:
    change(tiny, "review_by: 2028-11-24", "review_by: 2026-11-29", "docs/en/index.md")
    assert refusals(*NOTE) == []
    change(tiny, "review_by: 2026-11-29", "review_by: 2026-11-28", "docs/en/index.md")
    assert refusals(*NOTE) == [
        "docs/en/index.md: this page should have been looked at again by 2026-11-28.\n"
        "    Hold it against the newest evidence, then set `review_by:` anew."
    ]


def test_only_what_is_chosen_is_refused(refusals: Refusals) -> None:
    assert refusals("--handout", "note") == [
        "clinics/corner/clinic.yml:12: corner has not approved note (ar).\n"
        "    Let it: `build.py approve note --language ar --clinic corner …`."
    ]
    assert refusals("--handout", "note", "--clinic", "anyone") == []
    assert refusals("--language", "en") == [UNAPPROVED]
    assert refusals("--language", "en", "--clinic", "anyone") == []
    assert refusals("--clinic", "anyone") == [UNREVIEWED]


def test_a_pack_goes_out_only_if_all_that_it_holds_may(tiny: Path, refusals: Refusals) -> None:
    pack = "page: slip\ntemplate: leaflet\nid: T-4\nparts:\n  - section: slip#key-points\n"
    (tiny / "handouts/pack.yml").write_text(f"{pack}handouts: [note]\n")
    issue(tiny, "pack", author="Us")
    issue(tiny, "pack", "ar", author="Us", translation="reviewed")
    choice = ("--handout", "pack", "--language", "en")
    assert refusals(*choice, "--clinic", "anyone") == []
    assert refusals(*choice, "--clinic", "corner") == [
        UNAPPROVED.replace("slip", "pack"),
    ]
    take_back(tiny, "note")
    assert refusals(*choice, "--clinic", "anyone") == [
        "ledger/note.yml:3: note (en) 1.10 is withdrawn.\n"
        "    Change the words, and issue them as a new version."
    ]


def test_a_build_for_release_refuses_the_same_and_writes_nothing(tiny: Path, run: Run) -> None:
    (tiny / "site").mkdir()
    (tiny / "site/index.html").write_text("the site of yesterday")
    before = snapshot(tiny)
    assert run("--project", str(tiny), "--release", *SLIP) == (
        1,
        f"{UNAPPROVED}\n\n1 problem. Nothing was written; the last site is as it was.\n",
    )
    assert snapshot(tiny) == before


# Without --release


def words_of(tree: lxml.html.HtmlElement, kind: str) -> list[str]:
    """Give the words of all elements of a class."""
    return [" ".join(each.text_content().split()) for each in tree.find_class(kind)]


def said(item: Composed) -> tuple[str, ...]:
    """Give what a sheet says of itself: the kind of its pages, their head, their foot, its end."""
    tree = lxml.html.document_fromstring(item.html)
    [kind] = {str(each.get("class")).split()[0] for each in tree.iter("article")}
    head, foot, end = (words_of(tree, name) for name in ("notice", "identity", "control"))
    texts = ["; ".join(each) for each in (head, foot, end)]
    code = code_of(item.sheet, item.sheet_status)
    return kind, *(text.replace(code, "CODE") if code else text for text in texts)


def of_note(project: Project) -> dict[str, tuple[str, ...]]:
    """Give what each of the clinic's notes says of itself, by language; the same on all four."""
    found: dict[str, set[tuple[str, ...]]] = {}
    for item in composed_of(project, "corner/"):
        if item.sheet.handout.name == "note":
            found.setdefault(item.sheet.language.code, set()).add(said(item))
    return {language: each.pop() for language, each in found.items() if len(each) == 1}


EXAMPLE = {
    "en": "Example only. This clinic does not exist.",
    "ar": "مثال فقط. هذه العيادة غير موجودة.",
}
ISSUED = {
    "en": "T-1, Version 1.10, 23 Nov 2026.",
    "ar": "T-1, الإصدار 1.10, 23 نوفمبر 2026.",
}
REVIEW = {
    "en": "Review by 24 Nov 2028. Code CODE",
    "ar": "تراجع قبل 24 نوفمبر 2028. الرمز CODE",
}
# The clinic has approved the note in English alone.
END = {
    "en": "Written by Plainleaf's tests. Checked by Dr Invented, nurse. Approved for Corner Clinic "
    "by Dr Also Invented, nurse in charge, on 24 November 2026. This paper may be out of date. To "
    "see if it is, scan the code on this sheet, or type CODE at "
    "cuts.example/corner/codes.html.",
    "ar": "كتبها Plainleaf's tests. راجعها Dr Invented, nurse. لم تعتمدها Corner Clinic بعد. قد "
    "تكون هذه الورقة قديمة. لتعرف هل هي الأحدث، امسح الرمز في هذه الورقة، أو اكتب CODE في "
    "cuts.example/corner/ar/codes.html.",
}


FOOT = {code: f"{ISSUED[code]} {REVIEW[code]}" for code in ISSUED}


def marked(
    marks: Mapping[str, str], feet: Mapping[str, str] = FOOT, ends: Mapping[str, str] = END
) -> dict[str, tuple[str, ...]]:
    """Give what notes say of themselves that nobody may hand out."""
    return {
        code: ("warning-leaflet", f"{mark} {EXAMPLE[code]}", feet[code], ends[code])
        for code, mark in marks.items()
    }


def test_a_sheet_that_may_go_out_bears_no_mark(project: Project) -> None:
    assert of_note(project) == {
        code: ("example-leaflet", EXAMPLE[code], FOOT[code], END[code]) for code in ("en", "ar")
    }


def test_a_draft_says_so_in_head_and_foot_and_claims_no_review(project: Project) -> None:
    change(project.folder, WATER, COOL)
    change(project.folder, "اغسل يديك", "اغسل يديك جيدًا", "docs/ar/index.md")
    mark(project.folder)
    marks = {
        "en": "Draft. Do not hand it out. Its words may still change.",
        "ar": "مسودة. لا تسلمها لأحد. قد تتغير هذه الكلمات.",
    }
    feet = {"en": "T-1, Draft.", "ar": "T-1, مسودة."}
    ends = {
        "en": "Written by Plainleaf's tests. No clinician has signed off this sheet yet. Corner "
        "Clinic has not approved it yet. This paper may be out of date.",
        "ar": "كتبها Plainleaf's tests. لم يراجع هذه الورقة أي طبيب بعد. لم تعتمدها Corner Clinic "
        "بعد. قد تكون هذه الورقة قديمة.",
    }
    assert of_note(project) == marked(marks, feet, ends)


def test_what_is_overdue_says_since_when(project: Project) -> None:
    reissue(project.folder, "note", "en", review_by=PAST)
    reissue(project.folder, "note", "ar", review_by=PAST)
    marks = {
        "en": "Overdue. Do not hand it out. It should have been checked again by 28 November 2026.",
        "ar": "فات موعد المراجعة. لا تسلمها لأحد. كان يجب أن تراجع قبل 28 نوفمبر 2026.",
    }
    feet = {code: text.replace("24", "28").replace("2028", "2026") for code, text in FOOT.items()}
    assert of_note(project) == marked(marks, feet)


def test_what_is_withdrawn_says_since_when(project: Project) -> None:
    take_back(project.folder, "note", "en")
    take_back(project.folder, "note", "ar")
    marks = {
        "en": "Withdrawn. Do not use it. It was taken back on 28 November 2026.",
        "ar": "مسحوبة. لا تستعملها. سحبت في 28 نوفمبر 2026.",
    }
    assert of_note(project) == marked(marks)


def test_where_the_clinic_is_written_in_by_hand_so_is_its_approval(project: Project) -> None:
    for item in composed_of(project, "anyone/en/note"):
        kind, head, _, end = said(item)
        assert (kind, head) == ("leaflet", "")
        assert end == (
            "Written by Plainleaf's tests. Checked by Dr Invented, nurse. This paper may be out of "
            "date. Approved for your use byRoleDate"
        )
