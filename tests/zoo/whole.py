"""The whole zoo: every sheet of every clinic, with and without an address. `make zoo` runs it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import build
from plainleaf.load.load import load
from plainleaf.model import Clinic
from tests.conftest import ROOT, TODAY, project_in
from tests.zoo.clinics import ZOO, let_in
from tests.zoo.logos import SECRET, shape_of
from tests.zoo.looking import faults_of, faults_of_pictures, has_picture, leaves_of, shows

HOSTS = {"nowhere": "", "root": "https://leaflets.example/", "below": "https://h.example/a/b/"}
# Sheets whose cards bear the numbers of the clinic.
CARDS = ("aftercare", "before")


@pytest.fixture(scope="module", params=HOSTS)
def housed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the content of this checkout for every clinic of the zoo, hosted somewhere or not."""
    folder = zoo_in(tmp_path_factory.mktemp(request.param), HOSTS[request.param])
    let_in(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "today", lambda: TODAY)
        assert build.main(["--project", str(folder)]) == 0
    return folder


def zoo_in(folder: Path, host: str) -> Path:
    """Copy the content of this checkout, without its clinics, and say where it is hosted."""
    for name in ("docs", "handouts", "ledger"):
        shutil.copytree(ROOT / name, folder / name)
    settings = (ROOT / "mkdocs.yml").read_text("utf-8")
    hosted = f"site_url: {host}\n" if host else ""
    (folder / "mkdocs.yml").write_text(hosted + settings, "utf-8")
    return folder


def numbers_of(clinic: Clinic) -> list[str]:
    """Give the numbers of a clinic as its sheets print them."""
    every = (clinic.emergency_phone, clinic.daytime_phone, clinic.out_of_hours_phone)
    return [phone.number for phone in every if phone]


def faults_of_sheet(path: Path, clinic: Clinic, handout: str) -> list[str]:
    """Give what is wrong with a printed sheet of a clinic of the zoo."""
    leaves, numbers = leaves_of(path), numbers_of(clinic)
    said = [fault for leaf in leaves for fault in faults_of(leaf, numbers)]
    said += [fault for leaf in leaves for fault in faults_of_pictures(leaf)]
    # No card of the sheet for before the visit bears the number of the ambulance.
    wanted = numbers if handout == "aftercare" else numbers[1:] if handout in CARDS else []
    said += [f"{each} is not there." for each in wanted if not shows(leaves, each)]
    logo = ZOO[clinic.slug].get("logo", ".svg")
    if not logo.endswith(".svg") and not has_picture(leaves[0], shape_of(logo)):
        said.append("the logo is not there.")
    return said


@pytest.mark.timeout(3600)
def test_every_sheet_of_every_clinic_can_be_read(housed: Path) -> None:
    clinics = load(project_in(housed), []).clinics
    assert clinics.keys() == ZOO.keys()
    found = []
    for path in sorted((housed / "site/handouts").rglob("*.pdf")):
        clinic = clinics[path.parent.parent.name]
        faults = faults_of_sheet(path, clinic, path.name.partition("-")[0])
        found += [f"{clinic.slug}, {path.name}: {fault}" for fault in faults]
    assert found == []


def test_each_clinic_has_the_papers_that_it_asks_for(housed: Path) -> None:
    for slug, told in ZOO.items():
        letter = [*(housed / f"site/handouts/{slug}").rglob("*-letter*.pdf")]
        assert bool(letter) == ("papers" not in told), slug


def test_nothing_tells_where_a_photo_was_taken(housed: Path) -> None:
    every = [path for path in (housed / "site").rglob("*") if path.is_file()]
    assert [path for path in every if SECRET.encode() in path.read_bytes()] == []
