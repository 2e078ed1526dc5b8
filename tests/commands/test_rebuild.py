"""Rebuild: the sheets of an old version come back with its words, and cannot pass for new ones."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pikepdf
import pytest

from plainleaf.commands.history import past
from plainleaf.commands.rebuild import statuses_then
from plainleaf.compose.compose import compose
from plainleaf.model import Checked
from plainleaf.records.codes import sheet_code
from tests.conftest import ROOT, issue
from tests.paper import read_pdf, squeezed
from tests.repository import COOL, WATER, change, commit, cool, known_in, note, repository_in

pytestmark = pytest.mark.slow

Run = Callable[..., tuple[int, str]]
MARK = "Old version. Do not hand it out. Version 1.11 has replaced it."


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Give the tiny project under git, with a second version of the note."""
    folder = repository_in(tmp_path)
    cool(folder)
    commit(folder)
    return folder


def test_an_old_version_is_printed_again(tmp_path: Path, run: Run) -> None:
    folder = repository_in(tmp_path)
    words = "docs/en/words.yml"
    text = (folder / words).read_text("utf-8")
    # Words of a time in which nobody could rebuild a version, so that none said what it is.
    without = re.sub(r"(?m)^  replaced.*\n", "", text)
    assert without != text
    (folder / words).write_text(without, "utf-8")
    commit(folder)
    (folder / words).write_text(text, "utf-8")
    cool(folder)
    commit(folder)
    old = folder / "build/rebuilt/note-1.10-en"
    (old / "gone").mkdir(parents=True)

    status, errors = run(
        "--project", str(folder), "rebuild", "note", "--version", "1.10", "--clinic", "anyone"
    )

    assert (status, errors) == (0, "")
    assert sorted(path.relative_to(old).as_posix() for path in old.rglob("*")) == [
        "anyone", *(f"anyone/note-{paper}.pdf" for paper in ("a4-form", "a4-large-form")),
        *(f"anyone/note-{paper}.pdf" for paper in ("a4-large", "a4")),
        *(f"anyone/note-{paper}.pdf" for paper in ("letter-form", "letter-large-form")),
        *(f"anyone/note-{paper}.pdf" for paper in ("letter-large", "letter")),
    ]  # fmt: skip
    known = known_in(folder)
    code = sheet_code(note(known).mark, "anyone", "a4", "standard")
    paper = read_pdf(old / "anyone/note-a4.pdf")
    said = squeezed("".join(run.text for run in paper.spoken))
    assert squeezed(WATER) in said
    assert squeezed(COOL) not in said
    for page in range(len(paper.sizes)):
        ends = squeezed("".join(run.text for run in paper.head_and_foot(page)))
        assert squeezed(MARK) in ends
        assert squeezed(f"T-1, Version 1.10, 23 November 2026. Code {code}.")[:20] in ends
        assert squeezed(code) in ends
    with pikepdf.open(old / "anyone/note-a4.pdf") as pdf:
        assert "1.10" in str(pdf.docinfo["/Subject"])
    assert [path.name for path in old.parent.iterdir()] == [old.name]


def composed(known: Checked, version: str, clinic: str) -> Iterator[tuple[str, str]]:
    """Compose one sheet of a version of the note; give its HTML and how it stands."""
    edition = note(known, version)
    with past(known, edition) as then:
        sheet = next(
            each
            for each in then.sheets
            if (each.handout.name, each.clinic.slug) == ("note", clinic)
        )
        statuses = statuses_then(known, then, edition)
        made = compose(then.docs, then.library, [sheet], statuses)[0]
    yield made.html, made.sheet_status.status


def test_the_newest_version_is_printed_as_it_stands(repository: Path) -> None:
    for change_it in (False, True):
        if change_it:  # a draft has replaced nothing
            change(repository, COOL, "Hold the cut under it.")
        [(html, status)] = composed(known_in(repository), "1.11", "corner")
        assert status == "issued"
        assert COOL in html
        assert "Old version." not in html
        assert "Draft." not in html


def test_an_old_version_shows_who_approved_its_words(repository: Path) -> None:
    [(html, status)] = composed(known_in(repository), "1.10", "corner")

    assert status == "replaced"
    assert MARK in html
    assert "Approved for Corner Clinic by Dr Also Invented, nurse in charge, on" in html


def test_a_clinic_that_came_later_has_the_old_version_too(repository: Path) -> None:
    shutil.copytree(repository / "clinics/anyone", repository / "clinics/later")

    [(html, status)] = composed(known_in(repository), "1.10", "later")
    assert status == "replaced"
    assert WATER in html


def test_each_handout_of_a_pack_bears_the_version_that_it_had(repository: Path) -> None:
    pack = "page: slip\ntemplate: leaflet\nid: T-3\nparts:\n  - section: slip#key-points\n"
    (repository / "handouts/pack.yml").write_text(pack + "handouts: [note, slip]\n", "utf-8")
    issue(repository, "pack", author="Nobody")
    commit(repository)
    change(repository, COOL, WATER)
    issue(repository, "note", note="It now says to use cool water.")
    commit(repository)

    known = known_in(repository)
    edition = known.library.editions["pack", "en"][0]
    with past(known, edition) as then:
        found = statuses_then(known, then, edition)

    stands = {
        name: (each.status, each.edition.version if each.edition else "", each.newer)
        for (name, _, clinic), each in found.items()
        if clinic == "anyone"
    }
    assert stands == {
        "pack": ("issued", "1.0", None),
        "note": ("replaced", "1.11", note(known, "1.12")),
        "slip": ("issued", "2.0", None),
    }


def refused(folder: Path, run: Run, *words: str) -> str:
    status, errors = run("--project", str(folder), "rebuild", *words)
    assert status == 2
    assert not (folder / "build").exists()
    return errors


def test_what_does_not_exist_is_named(repository: Path, run: Run) -> None:
    assert refused(repository, run, "notes", "--version", "1.10") == (
        'there is no handout "notes". Did you mean "note"? The handouts are: note, slip.\n'
    )
    assert refused(repository, run, "note", "--version", "1.1") == (
        'there is no version "1.1" of note (en).\n'
        '    Did you mean "1.11"? The versions are: 1.10, 1.11.\n'
    )
    assert refused(repository, run, "note", "--version", "1.10", "--clinic", "corners") == (
        'no clinic "corners" printed note (en) 1.10.\n'
        '    Did you mean "corner"? The clinics that did are: anyone, corner.\n'
    )


def with_own_template(tmp_path: Path, name: str, text: str) -> tuple[Path, str]:
    """Give the project, and the commit that held version 1.11 with a template of its own."""
    folder = repository_in(tmp_path)
    cool(folder)
    own = folder / "templates/handout"
    own.mkdir(parents=True)
    (own / name).write_text(text, "utf-8")
    then = commit(folder)
    shutil.rmtree(folder / "templates")
    change(folder, COOL, WATER)
    issue(folder, "note", note="It now says to use cool water.")
    return folder, then


def old_template(then: str, fact: str) -> str:
    return (
        f"note (en) 1.11 cannot be printed by today's code. templates/handout/{fact}\n"
        f"    Print it with the code of then: `git checkout {then[:12]}`, then "
        "`build.py --handout note`.\n"
    )


def test_a_template_of_then_that_misses_a_word_is_named(tmp_path: Path, run: Run) -> None:
    asks = "{% if clinic.name %}\n{{ words.gone }}\n{% endif %}\n"
    folder, then = with_own_template(tmp_path, "clinic.html.jinja", asks)

    said = refused(folder, run, "note", "--version", "1.11", "--clinic", "corner")
    assert said == old_template(then, 'clinic.html.jinja:2: "gone" is not defined.')


def test_a_template_of_then_that_prints_no_mark_is_refused(tmp_path: Path, run: Run) -> None:
    text = (ROOT / "templates/handout/document.html.jinja").read_text("utf-8")
    never = text.replace('sheet_status.status == "replaced"', 'sheet_status.status == "old"')
    assert never != text
    folder, then = with_own_template(tmp_path, "document.html.jinja", never)

    said = refused(folder, run, "note", "--version", "1.11")
    fact = 'leaflet.html.jinja: the mark "Old version." is not printed.'
    assert said == old_template(then, fact)
