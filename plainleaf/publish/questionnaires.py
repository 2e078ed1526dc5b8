"""A form as other systems fill it in: a FHIR R4 Questionnaire with the fields of its PDF."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid5

import lxml.html
from lxml.html import HtmlElement as Element

from plainleaf.compose.compose import Composed
from plainleaf.compose.inputs import words_in
from plainleaf.html.sections import ALL_HEADINGS
from plainleaf.model import Docs
from plainleaf.proof.expected import SIGNATURES

Item = dict[str, Any]
# Classes of the fields that a clinic fills in about itself: patients are not asked for these.
_OF_CLINIC = ("clinic", "phones", "control")
# The PublicationStatus of a status; of all others, `active`.
_STATUS = {"draft": "draft", "withdrawn": "retired", "replaced": "retired"}


def questionnaire(docs: Docs, site: UUID, composed: Composed) -> dict[str, Any]:
    """Give the form that a sheet is, whoever hands it out; site names the site it belongs to.

    Each part of the form is a group, named `page#section`. An item is named as its field in the
    PDF, so that answers can go from one to the other. Where one of some boxes is the answer, they
    are one item, and the code of each option is the name of its box.

    A signature is an attachment, such as a picture of it or a file that was signed: a name that
    was typed (a string) binds nobody.
    """
    sheet, edition = composed.sheet, composed.sheet_status.issued
    handout, language = sheet.handout, sheet.language.code
    name = f"{handout.name}/{language}"
    address = f"urn:uuid:{uuid5(site, name)}"
    if docs.site_url:
        # Its canonical address is where it can be opened on the desk.
        query = urlencode({"handout": handout.name, "language": language})
        address = f"{docs.site_url.rstrip('/')}/handouts.html?{query}"
    version = edition.version if edition else "draft"
    issued = {"version": edition.version, "date": str(edition.issued)} if edition else {}
    return {
        "resourceType": "Questionnaire",
        "id": str(uuid5(site, f"{name}/{version}")),
        "language": language,
        "url": address,
        "identifier": [{"value": handout.id}],
        # For programs: a capital, then letters, digits and `_` (R4, que-0).
        "name": f"Handout_{name}".replace("/", "_").replace("-", "_"),
        "title": sheet.title,
        "status": _STATUS.get(composed.sheet_status.status, "active"),
        "subjectType": ["Patient"],
        **issued,
        "item": _items(composed.html),
    }


def _items(html: str) -> list[Item]:
    parser = lxml.html.HTMLParser(huge_tree=True)
    tree: Any = lxml.html.document_fromstring(html, parser=parser)
    for kind in _OF_CLINIC:
        for element in tree.find_class(kind):
            element.drop_tree()
    parts: dict[Element | None, list[Element]] = {}
    for field in tree.iter("input", "textarea"):
        parts.setdefault(next(field.iterancestors("section"), None), []).append(field)
    items: list[Item] = []
    for part, fields in parts.items():
        items += _of_fields(fields, "", "") if part is None else [_group(part, fields)]
    return items


def _group(part: Element, fields: Sequence[Element]) -> Item:
    sections = (element.get("data-section") for element in part.iter())
    name = next(section for section in sections if section)
    heading = next((words_in(element) for element in part.iter(*ALL_HEADINGS)), name)
    items = [*_of_fields(fields, name, heading)]
    return {"linkId": name, "text": heading, "type": "group", "item": items}


def _of_fields(fields: Sequence[Element], part: str, heading: str) -> Iterator[Item]:
    """Give the items of a part; boxes that answer one question are one."""
    choices = 0
    seen: set[Element] = set()
    for field in fields:
        question = _question(field)
        if question is None:
            text = field.get("title", "").removeprefix(f"{heading}: ")
            yield {"linkId": field.get("name", ""), "text": text, "type": _type(field)}
        elif question not in seen:
            seen.add(question)
            choices += 1
            boxes = [box for box in fields if _question(box) is question]
            yield _choice(question, boxes, f"{part}/{choices}", heading)


def _question(field: Element) -> Element | None:
    """Give the item of a list, or the list, whose boxes answer one question; None for others."""
    if field.get("type") != "checkbox":
        return None
    item = next(field.iterancestors("li"), None)
    if item is None:
        return None
    if len(item.findall(".//input")) > 1:
        return item
    outer = item.getparent()
    return outer if outer is not None and "choices" in outer.get("class", "").split() else None


def _choice(question: Element, boxes: Sequence[Element], name: str, heading: str) -> Item:
    is_one = question.tag == "li"
    text = words_in(question) if is_one else heading
    options = []
    for box in boxes:
        display = box.get("title", "").removeprefix(f"{text}: ")
        options.append({"valueCoding": {"code": box.get("name"), "display": display}})
    several = {} if is_one else {"repeats": True}
    return {"linkId": name, "text": text, "type": "choice", **several, "answerOption": options}


def _type(field: Element) -> str:
    if field.get("type") == "checkbox":
        return "boolean"
    if SIGNATURES & set(field.get("class", "").split()):
        return "attachment"
    if field.tag == "textarea":
        return "text"
    return "date" if field.get("name", "").endswith("-date") else "string"
