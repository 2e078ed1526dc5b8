"""Packs: for each clinic of a table, a zip of its sheets; a run that was stopped is gone on with.

Of clinics, only those whose sheets are being set are held in memory, beside the lines of the table,
and what sheets share is kept within bounds. A zip bears the key of all that it was made from: where
that is the same, nothing is done again.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain, islice
from pathlib import Path

from plainleaf.arguments import Options
from plainleaf.commands.clinic_table import Cells, Row, Table, is_slug, row_of, table_at
from plainleaf.compose.compose import Composed, Composer
from plainleaf.compose.content import NOBODYS
from plainleaf.journey import build_lock, prepare, stop_at_refusals
from plainleaf.machine.disk import disk_reason, write_whole
from plainleaf.machine.engine import Died, Engine
from plainleaf.machine.keys import code_files, key_of, toolchain_key
from plainleaf.machine.last_build import READ, key_of_files, read_of, stat_fingerprint
from plainleaf.machine.report import Report, Stage, spell
from plainleaf.model import Checked, Clinic, Printed, Project, Sheet
from plainleaf.plan import Choice, plan
from plainleaf.problems import MachineError, Place, Problem
from plainleaf.publish.offline import zipped
from plainleaf.publish.publish import json_file, manifest_entry
from plainleaf.records.release import refusals
from plainleaf.records.status import statuses_of
from plainleaf.typeset.press import pdfs_and_problems, set_sheets
from plainleaf.typeset.typeset import ready

MANIFEST = "handouts.json"
# Without clinics/: a clinic of the table brings its own details.
_READ = tuple(name for name in READ if name != "clinics")
# Bytes of the seal, which is the comment at the end of a zip.
SEAL = len(key_of())
# Names of the unfinished files of a run that was killed.
_UNFINISHED = re.compile(r"\.[a-z0-9-]+\.zip\.[0-9]+")
# A message names so many packs, and counts the rest.
MOST_NAMES = 10
# More clinics would only take memory; with fewer, processes wait for the last sheets of all.
CLINICS_AT_A_TIME = 4


def packs(project: Project, options: Options, report: Report, day: date) -> int:
    """Make a pack for each clinic of a table; give 1 if a row or one in clinics/ is bad, else 0.

    Raises ContentError and MachineError for what stops the work before it begins, and MachineError
    when it is interrupted: the packs that are there are then whole.
    """
    table = table_at(options.clinics)
    source = Source.of(project)
    choice = Choice("", options.language, options.handout)
    checked, _, verdict = prepare(project, choice, report, day, releases=False)
    if options.release:
        anybody = at_clinic(checked, NOBODYS)
        stop_at_refusals(anybody, _sheets(anybody, choice, []), verdict.problems)
    report.warnings(verdict.problems)
    order = Order(checked, choice, table, options.to, source, options.release)
    with Engine(options.scheduler) as engine, build_lock(options.to / ".lock", report):
        run = _made(order, engine, report)
    report.findings(sorted([*run.bad, *run.warned]))
    report.line(f"\n{run.summary(report.seconds)}")
    return 1 if run.bad or not verdict.is_good else 0


@dataclass(frozen=True, slots=True)
class Source:
    """All that packs are made from, but the table: a key of it, and its files with their times."""

    files: tuple[Path, ...]
    key: str
    fingerprint: str

    @staticmethod
    def of(project: Project) -> Source:
        """Take it as it is now. Ask before the first file is read."""
        folders = read_of(project, _READ)
        files = (*folders, *code_files())
        key = key_of(toolchain_key(), key_of_files(folders))
        return Source(files, key, stat_fingerprint(files))

    def is_same(self) -> bool:
        """Tell whether no file was saved since."""
        return stat_fingerprint(self.files) == self.fingerprint


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be made: which sheets, for whom, from what, and into which folder.

    releases: refuse the clinics that have not approved what they would hand out.
    """

    checked: Checked
    choice: Choice
    table: Table
    folder: Path
    source: Source
    releases: bool

    def path(self, slug: str) -> Path:
        """Give where the pack of a clinic lies."""
        return self.folder / f"{slug}.zip"


def _made(order: Order, engine: Engine, report: Report) -> Run:
    """Make all packs; give the run that did."""
    for path in order.folder.iterdir():
        if _UNFINISHED.fullmatch(path.name):
            path.unlink()
    rows = order.table.rows
    slugs = Counter(row.slug for row in rows() if row.slug and not row.fault)
    ready()
    with report.stage("packs", sum(1 for _ in rows())) as stage:
        run = Run(order, slugs, stage)
        try:
            run.make(engine)
        except KeyboardInterrupt:
            raise MachineError(f"Stopped. {run.kept}") from None
        except OSError as error:
            raise MachineError(disk_reason(error, run.kept)) from None
        except MachineError as error:
            raise MachineError(f"{error}\n    {run.kept}") from None
        stage.result = _count(run.made, "pack")
    return run


def at_clinic(checked: Checked, clinic: Clinic) -> Checked:
    """Give the same content as if there were this clinic alone."""
    library = replace(checked.library, clinics={clinic.slug: clinic})
    own = statuses_of(library, checked.content, checked.today)
    return replace(checked, library=library, statuses=own)


def _sheets(checked: Checked, choice: Choice, problems: list[Problem]) -> list[Sheet]:
    """Give the sheets of a choice; note those whose words were not checked."""
    sheets = []
    for sheet in plan(checked.docs, checked.library, problems):
        if (sheet.handout.name, sheet.language.code) in checked.content:
            sheets += [sheet] if choice.takes(sheet) else []
        else:
            fact = f"no clinic in clinics/ prints {sheet.handout.name} in {sheet.language.name}."
            hint = "What none of them prints is not checked: let one print in this language too."
            problems.append(Problem(sheet.clinic.source, fact, hint))
    return sheets


@dataclass(slots=True)
class Pack:
    """The pack of a clinic while its sheets are being set, of which some came back already."""

    row: Row
    checked: Checked
    key: str
    sheets: list[Sheet]
    came: int = 0
    printed: list[Printed] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def slug(self) -> str:
        """The name of its clinic."""
        return self.row.clinic.slug

    def content(self) -> bytes:
        """Give the zip, sealed with its key. The same sheets give the same bytes."""
        start = f"handouts/{self.slug}/"
        files, entries = {}, []
        for item in sorted(self.printed, key=lambda item: item.path):
            path = item.path.removeprefix(start)
            files[path] = item.pdf
            entries.append({**manifest_entry(self.checked, item), "path": path})
        files[MANIFEST] = json_file({"sheets": entries})
        body = zipped(files, self.slug, comment=b"0" * SEAL)[:-SEAL]
        return body + _seal(self.key, body)


def _seal(key: str, body: bytes) -> bytes:
    return key_of(key, body).encode()


def is_made(path: Path, key: str) -> bool:
    """Tell whether a file is the pack that has this key, and not a byte of it was changed."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return False
    return content[-SEAL:] == _seal(key, content[:-SEAL])


@dataclass(slots=True)
class Run:
    """The making of packs row by row: what is made, was there already, and is wrong so far."""

    order: Order
    slugs: Counter[str]
    stage: Stage
    made: int = 0
    sheets: int = 0
    there: int = 0
    bad: list[Problem] = field(default_factory=list)
    warned: list[Problem] = field(default_factory=list)
    bad_rows: int = 0
    started: float = field(default_factory=time.perf_counter)
    first: dict[str, int] = field(default_factory=dict)
    under_way: dict[str, Pack] = field(default_factory=dict)

    @property
    def kept(self) -> str:
        """Say what there is when the run ends before the table does."""
        there = _count(self.made + self.there, "pack")
        return f"Made and whole: {there} of this table. Run it again to go on from there."

    def make(self, engine: Engine) -> None:
        """Make the packs of some clinics at a time: their sheets are set side by side."""
        coming = self.groups()
        for clinics in iter(lambda: [*islice(coming, CLINICS_AT_A_TIME)], []):
            for item, result in set_sheets(engine, [*chain.from_iterable(clinics)]):
                self.take(item, result)

    def groups(self) -> Iterator[list[Composed]]:
        """Give the sheets of one clinic after the other, as they are asked for."""
        checked = self.order.checked
        composer = Composer(checked.docs, checked.library, {})
        for written in self.order.table.rows():
            begun = self._begun(written)
            if isinstance(begun, Pack):
                yield self._composed(begun, composer)
            elif begun:
                self._refuse(written, begun)
            else:
                self.there += 1
                self.stage.step()

    def _begun(self, written: Cells) -> Pack | list[Problem]:
        """Begin with the pack of a row; give what is wrong with the row, nothing if it is there."""
        if wrong := self._twice(written):
            return [wrong]
        order = self.order
        row = row_of(written, order.table, order.checked.docs)
        if not isinstance(row, Row):
            return row
        self.warned += row.warnings
        checked = at_clinic(order.checked, row.clinic)
        problems: list[Problem] = []
        sheets = _sheets(checked, order.choice, problems)
        if not sheets and not problems:
            fact = f"{row.clinic.slug} prints none of the sheets that are wanted."
            hint = "Look at its languages, or ask for more."
            problems = [Problem(written.place, fact, hint)]
        if order.releases:
            problems += self._unapproved(checked, sheets, row.clinic.slug)
        if problems:
            return [at_row(problem, written) for problem in problems]
        made = Pack(row, checked, self._key(row, checked), sheets)
        return [] if is_made(order.path(made.slug), made.key) else made

    def _twice(self, written: Cells) -> Problem | None:
        """Refuse a clinic that stands in a row above; two rows would write one pack."""
        slug, line = written.slug, written.place.line
        if written.fault or self.slugs[slug] < 2 or self.first.setdefault(slug, line) == line:
            return None
        fact = f'the slug "{slug}" stands twice, first on line {self.first[slug]}.'
        return Problem(written.place, fact, "Give each clinic one row, and a slug of its own.")

    def _unapproved(self, checked: Checked, sheets: list[Sheet], slug: str) -> Iterator[Problem]:
        """Give what a clinic would hand out and has not approved."""
        is_known = slug in self.order.checked.library.clinics
        hint = f"Approvals lie in clinics/: describe it in clinics/{slug}/ too, then let it."
        for problem in refusals(checked, sheets):
            yield problem if is_known else replace(problem, hint=hint)

    def _key(self, row: Row, checked: Checked) -> str:
        """Give the key of a pack: of all that it is made from, wherever its row stands."""
        clinic = replace(row.clinic, logo=None, source=Place(""))
        logo = row.clinic.logo.read_bytes() if row.clinic.logo else b""
        # Sheets of a clinic in clinics/ lead to their pages on the website.
        has_pages = clinic.slug in self.order.checked.library.clinics
        made_from = (clinic, has_pages, self.order.choice, sorted(checked.statuses.items()))
        return key_of(self.order.source.key, logo, repr(made_from))

    def _composed(self, made: Pack, composer: Composer) -> list[Composed]:
        """Give the sheets of a pack as HTML; it is finished when all of them have come back."""
        self.under_way[made.slug] = made
        composer = replace(composer, statuses=made.checked.statuses)
        # A word that is too wide is looked for in this row, not in the whole table.
        composer.read[made.row.clinic.source.path] = made.row.written.text
        composed = []
        for sheet in made.sheets:
            item = composer.compose(sheet)
            if isinstance(item, Composed):
                composed.append(item)
            else:
                made.problems.append(item)
                self._came(made, [])
        return composed

    def take(self, item: Composed, result: Sequence[Printed | Problem] | Died) -> None:
        """Take a sheet that was set. Raises OSError for a disk that is full or closed."""
        made = self.under_way.get(item.sheet.clinic.slug)
        if made is None:
            return  # set to be bound into another handout, whose clinic was refused since
        printed: list[Printed] = []
        if isinstance(result, Died):
            fact = f"two processes that set {item.sheet.path} were killed, perhaps because memory "
            hint = "Close other programs, then run again."
            made.problems.append(Problem(made.row.written.place, f"{fact}ran out.", hint))
        else:
            printed, problems = pdfs_and_problems(item, result)
            made.problems += (in_row(problem, made.row.written) for problem in problems)
        if any(item.sheet.path == sheet.path for sheet in made.sheets):
            self._came(made, printed)

    def _came(self, made: Pack, printed: list[Printed]) -> None:
        made.came += 1
        made.printed += printed
        if made.came < len(made.sheets):
            return
        del self.under_way[made.slug]
        if made.problems:
            self._refuse(made.row.written, without_repeats(made.problems, made.sheets))
            return
        if not self.order.source.is_same() or self._key(made.row, made.checked) != made.key:
            raise MachineError(
                "files were saved from which packs are being made.\n"
                "    Leave project and logos as they are meanwhile: no pack may mix old and new."
            )
        write_whole(self.order.path(made.slug), made.content())
        warnings = (warning for item in made.printed for warning in item.warnings)
        self.warned += {in_row(warning, made.row.written) for warning in warnings}
        self.made += 1
        self.sheets += len(made.sheets)
        self._step()

    def _refuse(self, written: Cells, problems: list[Problem]) -> None:
        """Note a bad row, and take its pack away: one from an older table would look current."""
        self.bad += problems
        self.bad_rows += 1
        slug = written.slug
        is_own = self.first.get(slug, written.place.line) == written.place.line
        if is_slug(slug) and is_own and not (written.fault and slug in self.slugs):
            self.order.path(slug).unlink(missing_ok=True)
        self._step()

    def _step(self) -> None:
        """Show that one more row is done, how fast sheets are set, and when all will be."""
        if self.made:
            taken = time.perf_counter() - self.started
            left = taken / self.made * (self.stage.pieces - self.stage.done)
            self.stage.pace = f"{self.sheets / taken:.1f} sheets a second, {spell(left)} left"
        self.stage.step()

    def summary(self, seconds: float) -> str:
        """Say what was done, and what else lies in the folder."""
        text = f"Made {_count(self.made, 'pack')} ({_count(self.sheets, 'sheet')})"
        text += f" in {spell(seconds)}"
        if self.there:
            text += f"; {self.there:,} {'was' if self.there == 1 else 'were'} there already"
        if self.bad_rows == 1:
            text += "; 1 row is bad, and has no pack"
        elif self.bad_rows:
            text += f"; {self.bad_rows:,} rows are bad, and have no pack"
        zips = (path for path in self.order.folder.iterdir() if path.suffix == ".zip")
        if others := sorted(path.name for path in zips if path.stem not in self.slugs):
            names, more = ", ".join(others[:MOST_NAMES]), len(others) - MOST_NAMES
            text += f".\nNot in the table, and left as they were: {names}"
            text += f" and {more:,} more" if more > 0 else ""
        return f"{text}."


def at_row(problem: Problem, written: Cells) -> Problem:
    """Give what is wrong elsewhere as what is wrong with a row, since its clinic has no pack."""
    if problem.source.path == written.place.path:
        return problem
    fact = f"{problem.message.rstrip('.')} (see {problem.source})."
    return replace(problem, source=written.place, message=fact)


def in_row(problem: Problem, written: Cells) -> Problem:
    """Give what is wrong with a sheet as what is wrong with a row, on the line that it says."""
    if problem.source.path == written.place.path:
        line = written.place.line + max(problem.source.line, 1) - 1
        return replace(problem, source=Place(written.place.path, line))
    return at_row(problem, written)


def without_repeats(problems: Iterable[Problem], sheets: Iterable[Sheet]) -> list[Problem]:
    """Give what is wrong with a clinic's sheets, each fault for the first of them alone."""
    paths = [path for sheet in sheets for path in (sheet.path, sheet.form_path)]
    first: dict[tuple[Place, str], Problem] = {}
    for problem in sorted(problems):
        fact = problem.message
        for path in paths:
            fact = fact.replace(path, "")
        first.setdefault((problem.source, re.sub(r"\bpage [0-9]+", "", fact)), problem)
    return [*first.values()]


def _count(number: int, what: str) -> str:
    return f"1 {what}" if number == 1 else f"{number:,} {what}s"
