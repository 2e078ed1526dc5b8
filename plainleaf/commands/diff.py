"""Sign-off: two versions of a handout side by side, and the page on which a reviewer signs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from plainleaf.commands.changes import Block
from plainleaf.commands.history import past
from plainleaf.commands.issue import HandoutLanguage, edition_of
from plainleaf.files.fonts import css_family, font_faces, with_fallback
from plainleaf.html.templates import rendered
from plainleaf.machine.disk import write_whole
from plainleaf.model import Checked, Content, Edition, Language
from plainleaf.problems import MachineError
from plainleaf.typeset.typeset import set_page

# The page is in English, whatever the language of the handout is.
_FONT = "Atkinson Hyperlegible"
_TEMPLATE = "changes.html.jinja"


@dataclass(frozen=True, slots=True)
class Version:
    """Words to compare; edition is None where they were never issued."""

    edition: Edition | None
    title: str
    content: Content
    language: Language

    @property
    def name(self) -> str:
        """Its number, or `draft`."""
        return self.edition.version if self.edition else "draft"


def compared(checked: Checked, key: HandoutLanguage, old: str, new: str) -> tuple[Version, Version]:
    """Give two versions of a handout in a language; new is "" for the words as they are.

    Raises MachineError if there is no such version, or git does not have its words.
    """
    first = edition_of(checked.library, key, old)
    if new == "":
        return _issued_version(checked, first), _current(checked, key)
    second = edition_of(checked.library, key, new)
    editions = checked.library.editions[key]
    if editions.index(second) < editions.index(first):
        raise MachineError(
            f"{first} is newer than {second.version}.\n"
            f"    Name the older one first: `build.py diff {key[0]} {new} {old}`."
        )
    return _issued_version(checked, first), _issued_version(checked, second)


def _issued_version(checked: Checked, edition: Edition) -> Version:
    with past(checked, edition) as then:
        content = then.content[edition.handout, edition.language]
        return Version(edition, edition.title, content, then.docs.languages[edition.language])


def _current(checked: Checked, key: HandoutLanguage) -> Version:
    handout, language = key
    if key not in checked.content:
        raise MachineError(
            f"no clinic prints {handout} in {language} any more.\n    Name a second version."
        )
    content, newest = checked.content[key], checked.library.editions[key][-1]
    title = checked.docs.pages[language, checked.library.handouts[handout].page].title
    edition = newest if newest.content == content.hash else None
    return Version(edition, title, content, checked.docs.languages[language])


def write_page(
    checked: Checked,
    key: HandoutLanguage,
    versions: tuple[Version, Version],
    stretches: Sequence[Sequence[Block]],
) -> Path:
    """Write a PDF under build/ that shows what changed, for a reviewer to sign; give the file.

    Raises ContentError for what is wrong in the template, and OSError as a disk does.
    """
    project, editions = checked.project, checked.library.editions[key]
    old, new = versions
    fonts = tuple(dict.fromkeys((_FONT, *old.language.fonts, *new.language.fonts)))
    end = editions.index(new.edition) + 1 if new.edition else None
    html = rendered(
        project,
        "review",
        _TEMPLATE,
        {
            "faces": font_faces(with_fallback(fonts)),
            "family": css_family(fonts),
            "handout": key[0],
            "language": new.language,
            "versions": versions,
            "notes": editions[editions.index(old.edition) + 1 : end] if old.edition else (),
            "stretches": stretches,
        },
    )
    pdf = set_page(html, fonts, f"templates/review/{_TEMPLATE}")
    path = project.build / "changes" / f"{'-'.join((*key, old.name, new.name))}.pdf"
    write_whole(path, pdf)
    return path
