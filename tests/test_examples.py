"""Tests that what ships in examples/ stays right: another procedure, as a project of its own."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT, composed_of, copy_of, project_in, set_once
from tests.paper import joined, read_pdf, squeezed

EAR_WAX = ROOT / "examples/ear-wax"
# Words of the procedure that ships at the top, which nothing of another may hold.
OF_ANOTHER = re.compile(
    r"prolotherapy|dextrose|\blungs?\b|\bspinal\b|glucose|injection|needle", re.IGNORECASE
)


@pytest.fixture
def ear_wax(tmp_path: Path) -> Path:
    """Give a copy of the example, in which a check may keep what it found."""
    return copy_of(EAR_WAX, tmp_path / "ear-wax")


@pytest.mark.slow
def test_the_example_passes_without_a_waiver(
    ear_wax: Path, run: Callable[..., tuple[int, str]]
) -> None:
    status, said = run("check", "--project", str(ear_wax))
    assert status == 0, said
    assert "waived" not in said
    files = [path for path in ear_wax.rglob("*") if path.suffix in (".md", ".yml")]
    assert not [path for path in files if "waive " in path.read_text("utf-8")]


def test_nothing_of_the_first_procedure_stands_in_the_example() -> None:
    for path in (*EAR_WAX.rglob("docs/**/*.md"), *EAR_WAX.rglob("*.yml")):
        for line in path.read_text("utf-8").split("\n"):
            if not line.startswith("  of_injections:"):  # a word that templates print
                assert not OF_ANOTHER.search(line), f"{path.name}: {line}"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("sheet", "said"),
    [
        (
            "river-lane/en/aftercare-a4",
            [
                "Aftercare for microsuction",
                "a face that droops on one side, a weak arm or leg, or trouble with speech",
                "hearing that is suddenly worse, even days later",
                "If you cannot reach us, get help from another health service the same day.",
                "Keep water out of your ear for 24 hours.",
                "0117 496 0123",
            ],
        ),
        (
            "any-clinic/en/consent-a4",
            [
                "Consent form for microsuction",
                "a thin tube sucks wax out of your ear, while we look through a microscope",
                "ringing that starts or gets worse, an infection of the ear canal, a hole in the "
                "eardrum or hearing loss that may last",
                "I agree to microsuction of:",
                "Which ear, left or right",
            ],
        ),
    ],
)
def test_the_sheets_of_the_example_say_what_microsuction_is_and_does(
    sheet: str, said: list[str], tmp_path: Path
) -> None:
    (composed,) = composed_of(project_in(EAR_WAX), f"handouts/{sheet}.pdf")
    file = tmp_path / "sheet.pdf"
    file.write_bytes(next(each for each in set_once(composed) if not each.is_form).pdf)
    words = joined(list(read_pdf(file).spoken))
    for each in said:
        assert squeezed(each) in words
    assert not OF_ANOTHER.search(words)
