"""Handouts and clinics as their files describe them."""

from __future__ import annotations

import pytest

from plainleaf.contrast import contrast_with_white
from plainleaf.load import FIELD_KINDS, SHOWS, load
from plainleaf.model import Field, Library, Part, Project
from plainleaf.problems import Place, Problem


def loaded(project: Project) -> Library:
    problems: list[Problem] = []
    library = load(project, problems)
    assert list(map(str, problems)) == []
    return library


def change_clinic(project: Project, old: str, new: str) -> None:
    path = project.folder / "clinics/corner/clinic.yml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_a_handout_is_what_its_file_says(project: Project) -> None:
    note = loaded(project).handouts["note"]
    assert (note.name, note.page, note.template) == ("note", "index", "leaflet")
    assert (note.id, note.most_pages) == ("T-1", 99)
    assert note.source == Place("handouts/note.yml", 2)
    place = Place("handouts/note.yml", 9)
    number = Field("emergency-number", (), 0, place)
    assert note.parts[0] == Part(
        "index", "emergency", "text", (), (number,), Place("handouts/note.yml", 7)
    )


def test_a_handout_is_one_by_itself_for_information_unless_its_file_says_more(
    project: Project,
) -> None:
    note = loaded(project).handouts["note"]
    assert (note.kind, note.handouts, note.parts[0].elements) == ("information", (), ())
    path = project.folder / "handouts/note.yml"
    text = path.read_text("utf-8").replace("page: index\n", "page: index\nkind: aftercare\n")
    text = text.replace("index#today\n", "index#today\n    elements: [today, do]\n")
    path.write_text(f"{text}handouts: [slip]\n", "utf-8")
    note = loaded(project).handouts["note"]
    assert (note.kind, note.handouts) == ("aftercare", ("slip",))
    assert [part.elements for part in note.parts] == [(), ("today", "do"), (), (), ()]


def test_the_tiny_project_has_every_kind_of_field_and_every_way_to_show(project: Project) -> None:
    slip = loaded(project).handouts["slip"]
    assert {field.kind for part in slip.parts for field in part.fields} == set(FIELD_KINDS)
    # `fill` shows a table, which the tiny project lacks; test_compose.py prints one.
    assert {part.show for part in slip.parts} == set(SHOWS) - {"fill"}


def test_a_clinic_is_what_its_file_says(project: Project) -> None:
    corner = loaded(project).clinics["corner"]
    assert corner.name == "Corner Clinic"
    assert corner.address == ("1 Corner Street", "Bristol")
    assert corner.emergency_phone == "999"
    assert corner.accent == "#7a1f5c"
    assert corner.logo == project.folder / "clinics/corner/logo.svg"
    assert corner.languages == ("en", "ar")
    assert corner.is_example


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("#7a1f5c", "#7a1f5c"),
        ("#000000", "#000000"),
        ("#ffd24d", "#6a5720"),
        ("#FFFFFF", "#595959"),
    ],
)
def test_a_pale_colour_is_printed_in_a_darker_shade_of_its_own(
    project: Project, written: str, printed: str
) -> None:
    change_clinic(project, "#7a1f5c", written)
    assert loaded(project).clinics["corner"].accent == printed


@pytest.mark.parametrize(
    "website",
    ["https://cuts.example", "https://a.cuts.example:8443/", "https://cuts.example/~us/v1.2/"],
)
def test_a_clinic_says_where_it_hosts_the_website(project: Project, website: str) -> None:
    change_clinic(project, "https://cuts.example/corner", website)
    library = loaded(project)
    assert library.clinics["corner"].website == website
    assert library.clinics["anyone"].website == ""


def test_a_clinic_that_fills_in_by_hand_has_no_details(project: Project) -> None:
    anyone = loaded(project).clinics["anyone"]
    assert (anyone.name, anyone.address, anyone.daytime_phone, anyone.logo) == ("", (), "", None)
    assert not anyone.is_example


@pytest.mark.parametrize("name", ["No", "yes", "9:30", "1.10", "null", "010"])
def test_the_name_of_a_clinic_stays_as_it_is_written(project: Project, name: str) -> None:
    change_clinic(project, "name: Corner Clinic", f"name: {name}")
    assert loaded(project).clinics["corner"].name == name


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("01174960123", "0117 496 0123"),
        ("+44 117 496 0123", "0117 496 0123"),
        ("0044 117 4960123", "0117 496 0123"),
        ("+1 613 555 0123", "+1 613-555-0123"),
    ],
)
def test_a_telephone_number_is_printed_as_people_of_the_country_write_it(
    project: Project, written: str, printed: str
) -> None:
    change_clinic(project, "daytime_phone: 0117 496 0123", f'daytime_phone: "{written}"')
    assert loaded(project).clinics["corner"].daytime_phone == printed


@pytest.mark.parametrize(("country", "number"), [("GB", "112"), ("GB", "999"), ("US", "911")])
def test_an_emergency_number_of_the_country_is_taken(
    project: Project, country: str, number: str
) -> None:
    change_clinic(project, "country: GB", f"country: {country}")
    change_clinic(project, "daytime_phone: 0117", "daytime_phone: +44 117")
    change_clinic(project, "hours_phone: 0117", "hours_phone: +44 117")
    change_clinic(project, "emergency_phone: 999", f"emergency_phone: {number}")
    assert loaded(project).clinics["corner"].emergency_phone == number


@pytest.mark.parametrize(
    ("colour", "contrast"),
    [("#ffffff", 1.0), ("#000000", 21.0), ("#767676", 4.54), ("#777777", 4.48)],
)
def test_contrast_is_that_of_wcag(colour: str, contrast: float) -> None:
    assert round(contrast_with_white(colour), 2) == contrast


def test_hidden_files_are_passed_over(project: Project) -> None:
    (project.folder / "handouts/.DS_Store").write_text("x")
    (project.folder / "clinics/.DS_Store").write_text("x")
    assert sorted(loaded(project).clinics) == ["anyone", "corner"]


def test_a_library_with_a_broken_file_says_that_it_is_not_whole(project: Project) -> None:
    (project.folder / "handouts/more.yml").write_text("page: index\n")
    library = load(project, [])
    assert sorted(library.handouts) == ["note", "slip"]
    assert not library.is_whole
