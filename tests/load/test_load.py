"""Handouts and clinics as their files describe them."""

from __future__ import annotations

import pytest

from plainleaf.files.contrast import contrast_with_white
from plainleaf.load.load import FIELD_KINDS, SHOWS, FieldKind, load
from plainleaf.load.phones import emergency_phone_of, is_given_out, phone_of
from plainleaf.model import WRITTEN_BY_HAND, Field, Library, Part, Project
from plainleaf.problems import Place, Problem
from tests.repository import change


def loaded(project: Project) -> Library:
    problems: list[Problem] = []
    library = load(project.anew(), problems)
    assert list(map(str, problems)) == []
    return library


def change_clinic(project: Project, old: str, new: str) -> None:
    change(project.folder, old, new, "clinics/corner/clinic.yml")


def test_a_handout_is_what_its_file_says(project: Project) -> None:
    note = loaded(project).handouts["note"]
    assert (note.name, note.page, note.template) == ("note", "index", "leaflet")
    assert (note.id, note.most_pages) == ("T-1", 99)
    assert note.source == Place("handouts/note.yml", 2)
    place = Place("handouts/note.yml", 9)
    number = Field("emergency-number", (), 0, place, is_phone=True)
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


def test_a_new_kind_of_field_is_filled_in_whatever_it_is_called(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A patient's number is typed; only those of the clinic are printed."""
    assert not loaded(project).handouts["note"].is_filled_in
    monkeypatch.setitem(FIELD_KINDS, "nhs-number", FieldKind())
    kind = "kind: emergency-number"
    change(project.folder, kind, "kind: nhs-number", "handouts/note.yml")
    assert loaded(project).handouts["note"].is_filled_in


def test_the_tiny_project_has_every_kind_of_field_and_every_way_to_show(project: Project) -> None:
    slip = loaded(project).handouts["slip"]
    assert {field.kind for part in slip.parts for field in part.fields} == set(FIELD_KINDS)
    # `fill` shows a table, which the tiny project lacks; test_compose.py prints one. A grid of yes
    # and no is in tests/typeset/test_layout_of_parts.py.
    assert {part.show for part in slip.parts} == set(SHOWS) - {"fill", "yes-no"}


def test_a_clinic_is_what_its_file_says(project: Project) -> None:
    corner = loaded(project).clinics["corner"]
    assert corner.name == "Corner Clinic"
    assert corner.address == ("1 Corner Street", "Bristol")
    assert str(corner.emergency_phone) == "999"
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
    assert (anyone.name, anyone.address, anyone.logo) == ("", (), None)
    assert {anyone.daytime_phone, anyone.out_of_hours_phone} == {WRITTEN_BY_HAND}
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
    assert str(loaded(project).clinics["corner"].daytime_phone) == printed


@pytest.mark.parametrize(
    ("country", "written", "printed", "link"),
    [
        ("IE", "021 427 0123 ext. 214", "(021) 427 0123 ext. 214", "+353-21-427-0123;ext=214"),
        ("IE", "087 123 4567", "087 123 4567", "+353-87-123-4567"),
        ("IE", "+44 28 9018 0123 ext 12", "+44 28 9018 0123 x12", "+44-28-9018-0123;ext=12"),
        ("GB", "020 7946 0123 #4", "020 7946 0123 x4", "+44-20-7946-0123;ext=4"),
        ("GB", "0800 123 4567", "0800 123 4567", "+44-800-123-4567"),
        ("FR", "01 23 45 67 89 poste 12", "01 23 45 67 89 ext. 12", "+33-1-23-45-67-89;ext=12"),
        ("DE", "030 1234567 Durchwahl: 12", "030 1234567 ext. 12", "+49-30-1234567;ext=12"),
        ("DE", "+49 (0)30 23125 1234567", "030 231251234567", "+49-30-231251234567"),
        ("US", "(212) 555-0123 x12", "(212) 555-0123 ext. 12", "+1-212-555-0123;ext=12"),
        ("US", "1-800-FLOWERS", "(800) 356-9377", "+1-800-356-9377"),
        ("AU", "1300 975 707", "1300 975 707", "+61-1300-975-707"),
        ("IN", "09876 543210", "098765 43210", "+91-98765-43210"),
        ("AE", "٠٤ ٢٣٤ ٥٦٧٨", "04 234 5678", "+971-4-234-5678"),
        ("GB", "111", "111", "111"),
        ("DE", "116 117", "116 117", "116117"),
        ("SE", "1177", "1177", "1177"),
        ("AT", "1450", "1450", "1450"),
        ("CA", "811", "811", "811"),
    ],
)
def test_a_telephone_number_of_any_kind_is_printed_and_dialled(
    country: str, written: str, printed: str, link: str
) -> None:
    phone = phone_of(written, country)
    assert phone is not None
    assert (str(phone), phone.link) == (printed, f"tel:{link}")
    assert str(phone) == " ".join(filter(None, (phone.number, phone.extension)))


@pytest.mark.parametrize(
    "written",
    [
        "12",
        "960123",
        "call 020 7946 0123",
        "020 7946 0123 ask for Mary",
        "020 7946 0123 (9-5)",
        "020 7946 0123 / 020 7946 0124",
        "020 7946 0123 ext 4 or 5",
        "none",
        "-",
    ],
)
def test_what_is_not_one_telephone_number_and_nothing_else_is_none(written: str) -> None:
    assert phone_of(written, "GB") is None


@pytest.mark.parametrize(
    ("country", "written", "is_known"),
    [
        ("GB", "020 7946 0123", True),
        ("GB", "01632 960123", False),  # kept for plays and films (Ofcom)
        ("GB", "111", True),
        ("IE", "01 555 1234", True),
        ("US", "(123) 555-0123", False),
    ],
)
def test_a_number_of_no_known_range_is_taken_and_told(
    country: str, written: str, is_known: bool
) -> None:
    phone = phone_of(written, country)
    assert phone is not None
    assert is_given_out(phone) == is_known


@pytest.mark.parametrize(
    ("country", "written", "printed"),
    [
        ("GB", "9-9-9", "999"),
        ("GB", " 999", "999"),
        ("AU", "0", "000"),  # a spreadsheet took the other two
        ("FR", "15", "15"),
        ("AE", "٩٩٨", "998"),
        ("NA", "211", "211"),  # of Namibia no emergency number is known
        ("GB", "call 999x#", ""),
        ("GB", "112a", ""),
        ("GB", "999 or 112", ""),
        ("GB", "999999", ""),
        ("GB", "111", ""),
        ("GB", "0", ""),
        ("NA", "2", ""),
    ],
)
def test_only_the_digits_of_an_emergency_number_are_printed(
    country: str, written: str, printed: str
) -> None:
    phone = emergency_phone_of(written.strip(), country)
    assert str(phone or "") == printed


@pytest.mark.parametrize("none", ["none", "None", "NONE"])
def test_a_clinic_may_have_no_number_out_of_hours(project: Project, none: str) -> None:
    change_clinic(project, "hours_phone: 0117 496 0456", f"hours_phone: {none}")
    assert loaded(project).clinics["corner"].out_of_hours_phone is None


@pytest.mark.parametrize(("country", "number"), [("GB", "112"), ("GB", "999"), ("US", "911")])
def test_an_emergency_number_of_the_country_is_taken(
    project: Project, country: str, number: str
) -> None:
    change_clinic(project, "country: GB", f"country: {country}")
    change_clinic(project, "daytime_phone: 0117", "daytime_phone: +44 117")
    change_clinic(project, "hours_phone: 0117", "hours_phone: +44 117")
    change_clinic(project, "emergency_phone: 999", f"emergency_phone: {number}")
    assert str(loaded(project).clinics["corner"].emergency_phone) == number


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
    library = load(project.anew(), [])
    assert sorted(library.handouts) == ["note", "slip"]
    assert not library.is_whole
