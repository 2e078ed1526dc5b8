"""What other systems of a clinic read of its sheets: a FHIR R4 Bundle (hl7.org/fhir/R4).

It is made of plain values: nothing but the tests needs a library for it.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from plainleaf.addresses import CODES, code_path
from plainleaf.compose.compose import Composed
from plainleaf.model import Checked, Clinic, Docs, Edition, Handout, Printed
from plainleaf.publish.code_pages import Issued, State, print_of
from plainleaf.publish.questionnaires import questionnaire
from plainleaf.records.status import CodedSheet

Resource = dict[str, Any]
# How a sheet stands, as status and docStatus of a DocumentReference.
_STATES: Mapping[State, tuple[str, str]] = {
    "current": ("current", "final"),
    "overdue": ("current", "final"),
    "replaced": ("superseded", "final"),
    "withdrawn": ("entered-in-error", "entered-in-error"),
}
# LOINC has a code for a consent form; none fits the other handouts for certain.
_CODINGS = {
    "consent": {"system": "http://loinc.org", "code": "59284-0", "display": "Consent Document"}
}


def bundle(
    checked: Checked,
    editions: Sequence[Issued],
    printed: Sequence[Printed],
    composed: Sequence[Composed],
    texts: Mapping[str, bytes],
) -> Resource:
    """Give a DocumentReference for each sheet that was ever issued and for each draft that is made.

    Behind them a Questionnaire stands for each form in each language, as its words are now.
    composed has the sheets of texts, which holds their plain text by path.

    Each resource is named by a UUID of what it is about, the same in each build. No server answers
    for them, so they have no addresses of their own (R4, Bundle.entry.fullUrl).
    """
    site = uuid5(NAMESPACE_URL, checked.docs.site_url or f"urn:plainleaf:{checked.docs.site_name}")
    texts_by_sheet = {item.sheet.path: texts[item.sheet.text_path] for item in composed}
    documents = _Documents(checked, site, editions, printed, texts_by_sheet)
    resources = [*documents.issued(editions), *documents.drafts()]
    forms: dict[tuple[str, str], Composed] = {}
    for item in composed:
        if item.sheet.handout.is_filled_in:
            forms.setdefault((item.sheet.handout.name, item.sheet.language.code), item)
    resources += [questionnaire(checked.docs, site, item) for item in forms.values()]
    entries = [{"fullUrl": f"urn:uuid:{item['id']}", "resource": item} for item in resources]
    listed = {"entry": entries} if entries else {}  # no list is empty (R4, json.html)
    return {"resourceType": "Bundle", "type": "collection", **listed}


class _Documents:
    """Describes sheets, each by its own code; texts are by the path of the sheet that has them."""

    def __init__(
        self,
        checked: Checked,
        site: UUID,
        editions: Iterable[Issued],
        printed: Iterable[Printed],
        texts: Mapping[str, bytes],
    ) -> None:
        self._checked, self._docs, self._site, self._texts = checked, checked.docs, site, texts
        self._keys = {
            print_of(item.edition, sheet) for item in editions for sheet in _sheets_of(item)
        }
        self._made: dict[tuple[str, ...], list[Printed]] = {}
        self._drafts: dict[str, list[Printed]] = {}
        for item in sorted(printed, key=lambda item: (item.sheet.path, item.is_form)):
            sheet, edition = item.sheet, item.sheet_status.issued
            if edition is None:
                self._drafts.setdefault(sheet.path, []).append(item)
            else:
                self._made.setdefault(print_of(edition, sheet), []).append(item)

    def issued(self, editions: Iterable[Issued]) -> Iterator[Resource]:
        """Give the sheets of all editions; the words of an old one are no more, but its page is."""
        for item in editions:
            edition = item.edition
            handout = self._checked.library.handouts.get(edition.handout)
            status, doc_status = _STATES[item.state]
            for sheet in _sheets_of(item):
                key = print_of(edition, sheet)
                day = str(edition.issued)
                base = _base(self._docs, sheet.clinic)
                yield {
                    "resourceType": "DocumentReference",
                    "id": self._id(key),
                    "masterIdentifier": {
                        # The page where codes are looked up, if the site has an address.
                        "system": f"{base}{CODES}.html" if base else "urn:plainleaf:code",
                        "value": sheet.code,
                    },
                    **_of_handout(handout),
                    "status": status,
                    "docStatus": doc_status,
                    "date": f"{day}T00:00:00Z",
                    **_custodian(sheet.clinic),
                    **self._related(edition, sheet),
                    "description": edition.title,
                    "content": self._contents(self._made.get(key, ()), day)
                    or [self._page(edition, sheet)],
                }

    def drafts(self) -> Iterator[Resource]:
        """Give the sheets whose words were never issued: they have no code and no date."""
        for path, made in self._drafts.items():
            sheet = made[0].sheet
            yield {
                "resourceType": "DocumentReference",
                "id": str(uuid5(self._site, path)),
                **_of_handout(sheet.handout),
                "status": "current",
                "docStatus": "preliminary",
                **_custodian(sheet.clinic),
                "description": sheet.title,
                "content": self._contents(made, ""),
            }

    def _id(self, key: Iterable[str]) -> str:
        return str(uuid5(self._site, "/".join(key)))

    def _related(self, edition: Edition, sheet: CodedSheet) -> Resource:
        """Give what an edition follows, and what it translates, where there are such sheets."""
        editions = self._checked.library.editions
        own = editions[edition.handout, edition.language]
        at = next(at for at, each in enumerate(own) if each.version == edition.version)
        targets = [("replaces", own[at - 1])] if at else []
        main = editions.get((edition.handout, self._docs.main_language), ())
        originals = (each for each in main if each.version == edition.translates)
        targets += [("transforms", original) for original in originals]
        related = [
            {"code": code, "target": {"reference": f"urn:uuid:{self._id(key)}"}}
            for code, target in targets
            if (key := print_of(target, sheet)) in self._keys
        ]
        return {"relatesTo": related} if related else {}

    def _contents(self, made: Iterable[Printed], day: str) -> list[Resource]:
        """Give the files of a sheet: to print, to type into, and as text where it has one."""
        contents: list[Resource] = []
        for item in made:
            sheet, words = item.sheet, item.sheet.language.words
            title = f"{sheet.title}, {sheet.paper.label}, {words[f'{sheet.size}_print']}"
            if item.is_form:
                title += f", {words['to_type_into']}"
            files = [("application/pdf", title, item.path, item.pdf)]
            if text := self._texts.get(item.path):
                title = f"{sheet.title}, {words['as_text']}"
                files.append(("text/plain; charset=utf-8", title, sheet.text_path, text))
            for kind, title, path, content in files:
                attachment = {
                    "contentType": kind,
                    "language": sheet.language.code,
                    "url": f"{_base(self._docs, sheet.clinic)}{path}",
                    "size": len(content),
                    "hash": _hash(content),
                    "title": title,
                    **({"creation": day} if day else {}),
                }
                contents.append({"attachment": attachment})
        return contents

    def _page(self, edition: Edition, sheet: CodedSheet) -> Resource:
        """Give the page that says how it stands with a sheet whose file is not made any more."""
        is_gone = edition.language not in self._docs.languages
        return {
            "attachment": {
                "contentType": "text/html",
                "language": self._docs.main_language if is_gone else edition.language,
                "url": f"{_base(self._docs, sheet.clinic)}{code_path(sheet.code)}",
                "title": edition.title,
            }
        }


def _sheets_of(item: Issued) -> list[CodedSheet]:
    """Give the sheets of an edition on the papers that each clinic prints."""
    return [sheet for sheet in item.sheets if sheet.paper in sheet.clinic.papers]


def _base(docs: Docs, clinic: Clinic) -> str:
    """Give what stands before a path: "" where nobody said where the site is hosted."""
    website = clinic.website or docs.site_url
    return f"{website.rstrip('/')}/" if website else ""


def _of_handout(handout: Handout | None) -> Resource:
    """Give number and kind of a handout; nothing is known of one that is gone."""
    if handout is None:
        return {}
    kind: Resource = {"text": handout.kind}
    if handout.kind in _CODINGS:
        kind["coding"] = [_CODINGS[handout.kind]]
    return {"identifier": [{"value": handout.id}], "type": kind}


def _custodian(clinic: Clinic) -> Resource:
    return {"custodian": {"display": clinic.name}} if clinic.name else {}


def _hash(content: bytes) -> str:
    """Give the SHA-1 of a file in base64: R4 asks for that (Attachment.hash); no seal hangs on it.

    handouts.json and SHA256SUMS have a sum that nobody can forge.
    """
    return base64.b64encode(hashlib.sha1(content, usedforsecurity=False).digest()).decode("ascii")
