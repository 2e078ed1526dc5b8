"""Copies of a project to be built and edited, made-up clinics for them, and sentences to edit."""

from __future__ import annotations

import csv
import re
import shutil
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bench.measure import ROOT
from plainleaf.addresses import address
from plainleaf.compose.compose import compose
from plainleaf.journey import settle
from plainleaf.machine.disk import write_below
from plainleaf.machine.engine import Engine
from plainleaf.machine.report import Report
from plainleaf.model import Checked, Project, Sheet
from plainleaf.plan import Choice
from plainleaf.problems import ContentError
from plainleaf.publish.code_pages import issued
from plainleaf.publish.website import lay_out
from plainleaf.typeset.press import press

MADE_UP = "bench-"
KINDS = 10  # so many sheets are taken of each made-up clinic and paper
# A line of a page that is one sentence, of words alone.
SENTENCE = re.compile(r"[^\W\d_][^\d*_`\[\]{}<>|#:;!?.=]{30,}[.؟。]")


@dataclass(frozen=True, slots=True)
class Edit:
    """A word less in a page: the file, what it holds with and without it, and what follows.

    files are those under site/ that must be made anew.
    """

    path: Path
    old: str
    new: str
    files: frozenset[str]


def copied(project: Path, copy: Path) -> Path:
    """Copy what a project holds, without what was built of it; give the copy."""
    shutil.rmtree(copy, ignore_errors=True)
    for name in ("docs", "handouts", "clinics", "ledger", "templates"):
        # Our own templates serve every project.
        if (project / name).is_dir() and (project, name) != (ROOT, "templates"):
            shutil.copytree(project / name, copy / name)
    shutil.copy(project / "mkdocs.yml", copy)
    return copy


def settled(folder: Path) -> tuple[Checked, list[Sheet]]:
    """Read and check a project; raise ContentError with what is wrong in it."""
    project = Project(folder.resolve(), ROOT / "templates")
    return settle(project, Choice(), Report("quiet"), date.today())[:2]


def lay_out_trees(project: Path, to: Path) -> None:
    """Write the tree of each language of a built project, which MkDocs and its successors take."""
    shutil.rmtree(to, ignore_errors=True)
    checked, sheets = settled(project)
    composed = compose(checked.docs, checked.library, sheets, checked.statuses)
    with Engine() as engine:
        printed = press(checked.project, composed, Report("quiet"), engine).printed
    editions = issued(checked.docs, checked.library, checked.today)
    for code, language in checked.docs.languages.items():
        write_below(to / code, lay_out(checked, language, printed, editions))


def made_up(count: int) -> list[dict[str, str]]:
    """Give clinics, of which each has a name, an address and numbers kept for fiction."""
    return [
        {
            "slug": f"{MADE_UP}{number:04}",
            "name": f"Clinic {number} of the bench",
            "address": f"{number} Harbour Street, London",
            "country": "GB",
            "emergency_phone": "999",
            "daytime_phone": f"020 7946 0{number % 1000:03}",
            "out_of_hours_phone": "020 7946 0456",
            "is_example": "yes",
        }
        for number in range(1, count + 1)
    ]


def write_clinics(folder: Path, clinics: Sequence[dict[str, str]]) -> None:
    """Give a project clinics, a folder each."""
    for clinic in clinics:
        path = folder / "clinics" / clinic["slug"] / "clinic.yml"
        path.parent.mkdir(parents=True)
        entries = {**clinic, "address": f"[{clinic['address']}]"}
        lines = [f"{key}: {value}" for key, value in entries.items() if key != "slug"]
        path.write_text("\n".join(lines) + "\n", "utf-8")


def write_csv(path: Path, clinics: Sequence[dict[str, str]]) -> None:
    """Write clinics as the list that `build.py packs` takes."""
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, list(clinics[0]))
        table.writeheader()
        table.writerows(clinics)


def mixed(sheets: Sequence[Sheet], count: int) -> list[Sheet]:
    """Give so many sheets of the made-up clinics, clinic by clinic and paper by paper.

    Of each come KINDS sheets, spread over all there are and the same each time: so ten sheets and
    ten thousand are of the same kinds.
    """
    groups = defaultdict[tuple[str, str], list[Sheet]](list)
    for sheet in sheets:
        if sheet.clinic.slug.startswith(MADE_UP):
            groups[sheet.clinic.slug, sheet.paper.name].append(sheet)
    return [sheet for group in groups.values() for sheet in spread(group, KINDS)][:count]


def spread(sheets: Sequence[Sheet], count: int) -> list[Sheet]:
    """Give so many of the sheets, evenly spread; all if they are fewer."""
    return [sheets[i] for i in sorted({i * len(sheets) // count for i in range(count)})]


def edits(folder: Path, count: int) -> list[Edit]:
    """Find sentences that handouts print and that bear a word less; leave the project as it was.

    Each is in another section, so that nothing made for one serves the next.
    """
    checked, sheets = settled(folder)
    before = _printed(checked, sheets)
    usable: list[Edit] = []
    for path, code, slug, old, new in _candidates(checked):
        path.write_text(new, "utf-8")
        try:
            after = _printed(*settled(folder))
        except ContentError:
            continue
        finally:
            path.write_text(old, "utf-8")
        changed = {name for name, html in after.items() if html != before.get(name)}
        if changed:
            page = f"{address(checked.docs, code)}{slug}.html"
            usable.append(Edit(path, old, new, frozenset({page, *changed})))
        if len(usable) == count:
            break
    return usable


def _printed(checked: Checked, sheets: Sequence[Sheet]) -> dict[str, str]:
    made = compose(checked.docs, checked.library, sheets, checked.statuses)
    return {item.sheet.path: item.html for item in made}


def _candidates(checked: Checked) -> Iterator[tuple[Path, str, str, str, str]]:
    """Give each page that handouts print with a word less in one section: its text before, after.

    The word is the last but one of a sentence. A gate may mind; then another sentence is taken.
    """
    docs = checked.docs
    handouts = checked.library.handouts.values()
    names = {(part.page, part.section) for handout in handouts for part in handout.parts}
    for page, section in sorted(names):
        for code in docs.languages:
            if (code, page) not in docs.pages:
                continue
            source = docs.pages[code, page].sections[section].source
            path = checked.project.folder / source.path
            old = path.read_text("utf-8")
            lines = old.splitlines(keepends=True)
            for number in range(source.line, len(lines)):
                line = lines[number].rstrip("\n")
                if line.startswith("#"):
                    break
                if SENTENCE.fullmatch(line):
                    *words, last = line.split()
                    shorter = f"{' '.join([*words[:-1], last])}\n"
                    new = "".join([*lines[:number], shorter, *lines[number + 1 :]])
                    yield path, code, page, old, new
                    break
