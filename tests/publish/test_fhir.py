"""Tests of what other systems read: FHIR R4, held against a library that knows it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pydantic
import pypdf
import pytest
from fhir.resources.R4B import get_fhir_model_class
from fhir.resources.R4B.bundle import Bundle

from plainleaf.addresses import FHIR
from plainleaf.compose.compose import Composed, compose
from plainleaf.model import Checked, Printed, Project
from plainleaf.publish.code_pages import issued
from plainleaf.publish.fhir import bundle
from plainleaf.records.codes import sheet_code
from tests.conftest import HOST, TODAY, UNSEEN, known_of
from tests.publish.test_code_pages import ARABIC_SLIP, GONE, LEDGER, NOTE, SLIP, known_in
from tests.repository import change

Resource = dict[str, Any]
# What R4 binds these to (hl7.org/fhir/R4: valueset-document-reference-status, -publication-status,
# -composition-status, -document-relationship-type, -item-type); the library lets any code pass.
STATUS = {
    "DocumentReference": {"current", "superseded", "entered-in-error"},
    "Questionnaire": {"draft", "active", "retired", "unknown"},
}
DOC_STATUS = {"preliminary", "final", "amended", "entered-in-error"}
RELATIONS = {"replaces", "transforms", "signs", "appends"}
TYPES = {"group", "boolean", "date", "string", "text", "choice", "attachment"}


def resources(told: Resource, kind: str) -> list[Resource]:
    """Give the resources of a kind that a bundle holds, all of which are found sound."""
    found = Bundle.model_validate(told)
    assert json.loads(found.model_dump_json()) == told
    urls = [entry["fullUrl"] for entry in told["entry"]]
    assert len(set(urls)) == len(urls)
    every = [entry["resource"] for entry in told["entry"]]
    for url, resource in zip(urls, every, strict=True):
        get_fhir_model_class(resource["resourceType"]).model_validate(resource)
        assert re.fullmatch(r"[A-Za-z0-9\-.]{1,64}", resource["id"])
        assert url == f"urn:uuid:{resource['id']}"
        assert resource["status"] in STATUS[resource["resourceType"]]
        assert resource.get("docStatus", "final") in DOC_STATUS
        for related in resource.get("relatesTo", ()):
            assert related["code"] in RELATIONS
            assert related["target"]["reference"] in urls
    return [each for each in every if each["resourceType"] == kind]


def items(within: Resource) -> Iterator[Resource]:
    """Give all items of a Questionnaire: groups, and what they hold."""
    for item in within.get("item", ()):
        yield item
        yield from items(item)


def fields(questionnaire: Resource) -> list[str]:
    """Give the fields of a PDF that the items of a Questionnaire stand for."""
    found = []
    for item in items(questionnaire):
        assert item["type"] in TYPES
        assert item["text"].strip()
        options = item.get("answerOption", ())
        assert bool(options) == (item["type"] == "choice")
        if options:
            found += [option["valueCoding"]["code"] for option in options]
        elif item["type"] != "group":
            found.append(item["linkId"])
    return found


def told_of(
    known: Checked, composed: Sequence[Composed] = (), printed: Sequence[Printed] = ()
) -> Resource:
    """Give the bundle of a project in which some sheets were composed and printed."""
    editions = issued(known.docs, known.library, known.today)
    return bundle(known, editions, printed, composed, dict.fromkeys(_texts(composed), b"Words."))


def _texts(composed: Sequence[Composed]) -> Iterator[str]:
    return (item.sheet.text_path for item in composed)


def composed_of(known: Checked, *paths: str) -> list[Composed]:
    """Compose some sheets of what is known."""
    _, sheets = known_of(known.project)
    wanted = [sheet for sheet in sheets if sheet.path in paths]
    assert len(wanted) == len(paths)
    return compose(known.docs, known.library, wanted, known.statuses)


def path_of(attachment: Resource) -> str:
    """Give the path of a file: one of the two clinics says where it has the site."""
    return str(attachment["url"]).removeprefix("https://cuts.example/corner/")


# A whole site


@pytest.fixture(scope="module")
def told(tiny_site: Path) -> Resource:
    found: Resource = json.loads((tiny_site / FHIR).read_text("utf-8"))
    return found


def test_each_sheet_is_a_document_with_the_sums_of_its_files(
    told: Resource, tiny_site: Path
) -> None:
    documents = resources(told, "DocumentReference")
    files = []
    for document in documents:
        assert document["status"] == "current"
        assert document["docStatus"] == "final"
        for attachment in (each["attachment"] for each in document["content"]):
            path = path_of(attachment)
            content = (tiny_site / path).read_bytes()
            sha1 = base64.b64encode(hashlib.sha1(content).digest()).decode()
            assert (attachment["size"], attachment["hash"]) == (len(content), sha1)
            assert path.split("/")[2] == attachment["language"]
            files.append(path)
    there = [path for end in ("pdf", "txt") for path in tiny_site.glob(f"handouts/*/*/*.{end}")]
    assert sorted(files) == sorted(path.relative_to(tiny_site).as_posix() for path in there)
    listed = json.loads((tiny_site / "handouts/handouts.json").read_text("utf-8"))["sheets"]
    assert {each["masterIdentifier"]["value"] for each in documents} == {
        each["code"] for each in listed
    }


def test_a_translation_transforms_the_same_sheet_in_the_first_language(told: Resource) -> None:
    documents = resources(told, "DocumentReference")
    found = {f"urn:uuid:{each['id']}": each for each in documents}
    translated = 0
    for document in documents:
        language = document["content"][0]["attachment"]["language"]
        originals = [
            found[each["target"]["reference"]]["content"][0]["attachment"]["url"]
            for each in document.get("relatesTo", ())
            if each["code"] == "transforms"
        ]
        url = document["content"][0]["attachment"]["url"]
        assert originals == ([url.replace("/ar/", "/en/")] if language == "ar" else [])
        translated += len(originals)
    assert translated == 16


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_items_of_a_form_are_named_as_the_fields_of_its_pdf(
    told: Resource, tiny_site: Path, language: str
) -> None:
    forms = resources(told, "Questionnaire")
    (form,) = [each for each in forms if each["language"] == language]
    pdf = pypdf.PdfReader(tiny_site / f"handouts/corner/{language}/slip-a4-form.pdf")
    named = fields(form)
    assert sorted(named) == sorted(pdf.get_fields() or {})
    assert len(set(named)) == len(named)
    links = [item["linkId"] for item in items(form)]
    assert len(set(links)) == len(links)
    # The note is no form: only a clinic writes on it.
    assert {each["identifier"][0]["value"] for each in forms} == {"T-2"}


def test_fhir_files_are_refused_that_break_its_rules(told: Resource) -> None:
    """That the checks above find what is wrong: each bad bundle differs in one thing."""
    first = told["entry"][0]

    def with_resource(**changed: object) -> Resource:
        entry = {**first, "resource": {**first["resource"], **changed}}
        return {**told, "entry": [entry, *told["entry"][1:]]}

    lost = [{"code": "replaces", "target": {"reference": "urn:uuid:gone"}}]
    for bad in (
        with_resource(content=[]),
        with_resource(state="current"),
        with_resource(status="newest"),
        with_resource(date="23 November 2026"),
        with_resource(relatesTo=lost),
        with_resource(id="a b"),
        {**told, "entry": [*told["entry"], first]},
    ):
        with pytest.raises((AssertionError, pydantic.ValidationError)):
            resources(bad, "DocumentReference")


# How it stands with a sheet


@pytest.fixture
def with_ledger(project: Project) -> Checked:
    """Give the tiny project with a ledger in which much has happened; no sheet is made."""
    return known_in(project)


def sheet_of(told: Resource, key: tuple[str, str], version: str) -> Resource:
    """Give the sheet on A4 in standard print that a clinic has of an edition."""
    (edition,) = [each for each in LEDGER[key] if each.version == version]
    code = sheet_code(edition.mark, "corner", "a4", "standard")
    (found,) = [
        each
        for each in resources(told, "DocumentReference")
        if each["masterIdentifier"]["value"] == code
    ]
    return found


def test_old_and_withdrawn_editions_are_told_apart_and_lead_to_their_pages(
    with_ledger: Checked,
) -> None:
    told = told_of(with_ledger)
    for key, version, status, doc_status in (
        (NOTE, "1.7", "entered-in-error", "entered-in-error"),
        (NOTE, "1.8", "superseded", "final"),
        (NOTE, "1.10", "current", "final"),
        (SLIP, "2.0", "entered-in-error", "entered-in-error"),
        (GONE, "1.0", "entered-in-error", "entered-in-error"),
    ):
        sheet = sheet_of(told, key, version)
        assert (sheet["status"], sheet["docStatus"]) == (status, doc_status), (key, version)
        (content,) = sheet["content"]
        code = sheet["masterIdentifier"]["value"]
        # The clinic says where it has the site.
        assert content["attachment"]["url"] == f"https://cuts.example/corner/codes/{code}.html"
        assert "hash" not in content["attachment"]
    assert sheet_of(told, NOTE, "1.10")["date"] == "2026-11-23T00:00:00Z"
    # The page of a language that is gone speaks another one, and its handout is no more.
    gone = sheet_of(told, GONE, "1.0")
    assert gone["content"][0]["attachment"]["language"] == "en"
    assert "type" not in gone


def test_an_edition_replaces_the_one_before_it_on_the_same_paper(with_ledger: Checked) -> None:
    told = told_of(with_ledger)
    for key, version, before in (
        (NOTE, "1.10", "1.9"),
        (NOTE, "1.8", "1.7"),
        (ARABIC_SLIP, "1.1", "1.0"),
    ):
        target = f"urn:uuid:{sheet_of(told, key, before)['id']}"
        related = [{"code": "replaces", "target": {"reference": target}}]
        assert sheet_of(told, key, version)["relatesTo"] == related
    assert "relatesTo" not in sheet_of(told, NOTE, "1.7")


def test_a_draft_is_preliminary_and_has_neither_code_nor_day(project: Project) -> None:
    known, _ = known_of(project)
    known = replace(known, statuses={}, library=replace(known.library, editions={}))
    (draft,) = composed_of(known, "handouts/corner/en/slip-a4.pdf")
    printed = [
        Printed(draft.sheet, draft.sheet_status, is_form, b"%PDF-", 1, UNSEEN)
        for is_form in (True, False)
    ]
    told = told_of(known, [draft], printed)
    (document,) = resources(told, "DocumentReference")
    (form,) = resources(told, "Questionnaire")
    assert (document["status"], document["docStatus"]) == ("current", "preliminary")
    assert not {"masterIdentifier", "date", "relatesTo"} & document.keys()
    assert [each["attachment"]["url"] for each in document["content"]] == [
        f"https://cuts.example/corner/handouts/corner/en/slip{end}"
        for end in ("-a4.pdf", ".txt", "-a4-form.pdf")
    ]
    assert form["status"] == "draft"
    assert not {"version", "date"} & form.keys()


def test_a_project_of_which_nothing_was_made_or_issued_has_an_empty_bundle(
    project: Project,
) -> None:
    known, _ = known_of(project)
    known = replace(known, library=replace(known.library, editions={}))
    assert told_of(known) == {"resourceType": "Bundle", "type": "collection"}
    Bundle.model_validate(told_of(known))


def test_a_bundle_depends_on_the_site_and_not_on_the_day(project: Project) -> None:
    known, _ = known_of(project)
    later, _ = known_of(project, TODAY.replace(year=2027))
    assert told_of(known) == told_of(later)
    elsewhere = replace(known, docs=replace(known.docs, site_url=HOST))
    ids = {each["id"] for each in resources(told_of(known), "DocumentReference")}
    assert not ids & {each["id"] for each in resources(told_of(elsewhere), "DocumentReference")}


def test_the_sheets_of_a_site_with_an_address_are_found_there(project: Project) -> None:
    known, _ = known_of(project)
    known = replace(known, docs=replace(known.docs, site_url=HOST))
    (slip,) = composed_of(known, "handouts/anyone/en/slip-a4.pdf")
    told = told_of(known, [slip], [Printed(slip.sheet, slip.sheet_status, False, b"%", 1, UNSEEN)])
    code = sheet_code(slip.sheet_status.edition.mark, "anyone", "a4", "standard")  # type: ignore[union-attr]
    (document,) = [
        each
        for each in resources(told, "DocumentReference")
        if each["masterIdentifier"] == {"system": f"{HOST}codes.html", "value": code}
    ]
    assert "custodian" not in document  # nobody has written its name yet
    assert document["content"][0]["attachment"]["url"] == f"{HOST}handouts/anyone/en/slip-a4.pdf"
    (form,) = resources(told, "Questionnaire")
    assert form["url"] == f"{HOST}handouts.html?handout=slip&language=en"
    assert "clinic-name" not in fields(form)


# What a form asks


def test_items_ask_as_the_form_does(project: Project) -> None:
    change(project.folder, "show: tick-columns", "show: yes-no", "handouts/slip.yml")
    known, _ = known_of(project)
    (slip,) = composed_of(known, "handouts/corner/en/slip-a4.pdf")
    (form,) = resources(told_of(known, [slip]), "Questionnaire")
    found = {item["linkId"]: item for item in items(form)}
    assert [(item["linkId"], item["type"]) for item in form["item"] if item["type"] != "group"] == [
        ("patient-name", "string"),
        ("birth-date", "date"),
        ("patient-number", "string"),
    ]
    assert found["slip#place"]["text"] == "Where the cut is"
    sides = found["slip#place/1"]
    assert (sides["text"], sides["repeats"]) == ("Where the cut is", True)
    assert [option["valueCoding"] for option in sides["answerOption"]] == [
        {"code": "slip-place-left", "display": "Left side"},
        {"code": "slip-place-right", "display": "Right side"},
    ]
    asked = found["slip#tell/2"]
    assert (asked["text"], "repeats" in asked) == ("Diabetes", False)
    assert [option["valueCoding"] for option in asked["answerOption"]] == [
        {"code": "slip-tell-2-yes", "display": "Yes"},
        {"code": "slip-tell-2-no", "display": "No"},
    ]
    for name, text, kind in (
        ("slip-purpose-date", "Date", "date"),
        ("slip-purpose-time", "Time", "string"),
        ("slip-place-lines", "Where the cut is", "text"),
        ("slip-used-what-2", "What we used, 2", "text"),
        ("slip-questions-1", "What will you do if the cut gets red or hot?", "text"),
        ("slip-given-leaflet-note", "Washing a small cut, Version 1.10", "boolean"),
        ("slip-agree-2", "I agree that you wash the cut.", "boolean"),
        ("slip-signature-signature", "Signature", "attachment"),
    ):
        assert found[name] == {"linkId": name, "text": text, "type": kind}
