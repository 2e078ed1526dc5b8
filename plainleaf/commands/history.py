"""History: the very words of an edition, back from git, which keeps every version of the files.

Only this module knows git. It asks for files as they were committed, byte for byte, so that no
filter, line end or attribute of a machine changes a word.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from plainleaf.compose.content import contents
from plainleaf.load.load import load
from plainleaf.machine.disk import write
from plainleaf.machine.program import PRINTER
from plainleaf.model import Checked, Content, Docs, Edition, Handout, Library, Project, Sheet
from plainleaf.plan import pages_of, plan
from plainleaf.problems import MachineError, Problem
from plainleaf.read.read import read
from plainleaf.records.ledger import ledger_path

# The files that a handout's words and clinics are read from.
_FILES = ("docs", "handouts", "clinics", "ledger", "mkdocs.yml")
# Git answers within a second, unless it waits for a disk or a password.
MOST_SECONDS = 120
# Git's modes of plain files; links and submodules have others.
_PLAIN = (b"100644", b"100755")


@dataclass(frozen=True, slots=True)
class Past:
    """A project as it was at a commit ("": as it is) that holds the words of an edition.

    sheets are those in the edition's language, content is what they say. Clinics that came later
    are among the clinics, and what templates print since then among the fixed words.
    """

    commit: str
    docs: Docs
    library: Library
    sheets: Sequence[Sheet]
    content: Mapping[tuple[str, str], Content]


@contextmanager
def past(checked: Checked, edition: Edition) -> Iterator[Past]:
    """Give the project with the words of an edition; its folder is gone when this is closed.

    Where the words are still the same, this is the project as it is, and git is not asked.
    Raises MachineError, with the way out, if git cannot give the words.
    """
    key = edition.handout, edition.language
    if key in checked.content and checked.content[key].hash == edition.content:
        sheets = _sheets(checked.docs, checked.library, edition.language)
        yield Past("", checked.docs, checked.library, sheets, checked.content)
        return
    git = _Git(checked.project.folder)
    # Who uses the templates of this checkout prints with today's.
    has_templates = checked.project.folder / "templates" != checked.project.shared_templates
    names = (*_FILES, "templates") if has_templates else _FILES
    commits = _nearest(git, edition)
    for commit in commits:
        with TemporaryDirectory(prefix="plainleaf-") as name:
            folder = Path(name).resolve()
            git.write(commit, names, folder)
            then = _project_then(checked, commit, folder, edition.language)
            if key in then.content and then.content[key].hash == edition.content:
                yield then
                return
    if git.is_shallow():
        raise MachineError(
            "this copy of the project lacks its older history, and with it the words of "
            f"{edition}.\n    Get the whole history: `git fetch --unshallow`."
        )
    if not commits:
        raise MachineError(
            f"the entry of {edition} was never committed, so git has not kept its words.\n"
            f"    Commit {ledger_path(edition.handout)} together with the words whenever you issue "
            "a version."
        )
    raise MachineError(
        f"no commit holds the words of {edition}. Were they committed when it was issued?\n"
        "    If so, today's code or templates print them otherwise: build them with the "
        f"{PRINTER} of then, which commit {commits[0][:12]} has."
    )


def _project_then(checked: Checked, commit: str, folder: Path, language: str) -> Past:
    """Read a copy of the project with today's code; what that cannot read is left out."""
    ignored: list[Problem] = []
    project = Project(folder, checked.project.shared_templates)
    docs, library = read(project, ignored), load(project, ignored)
    if language in docs.languages and language in checked.docs.languages:
        then, now = docs.languages[language], checked.docs.languages[language]
        spoken = replace(then, words={**now.words, **then.words})
        docs = replace(docs, languages={**docs.languages, language: spoken})
    library = replace(library, clinics={**checked.library.clinics, **library.clinics})
    sheets = _sheets(docs, library, language)
    return Past(commit, docs, library, sheets, contents(docs, library, sheets))


def _sheets(docs: Docs, library: Library, language: str) -> list[Sheet]:
    ignored: list[Problem] = []
    return [
        sheet
        for sheet in plan(docs, library, ignored)
        if sheet.language.code == language and _is_whole(sheet.handout, docs, library, language)
    ]


def _is_whole(handout: Handout, docs: Docs, library: Library, language: str) -> bool:
    """Tell whether all that a handout prints could be read."""
    if not set(handout.handouts) <= set(library.handouts):
        return False
    handouts = [handout, *(library.handouts[name] for name in handout.handouts)]
    pages = docs.pages
    return all((language, slug) in pages for each in handouts for slug in pages_of(each)) and all(
        part.section in pages[language, part.page].sections
        for each in handouts
        for part in each.parts
    )


def _nearest(git: _Git, edition: Edition) -> list[str]:
    """Give the commits that may hold the words of an edition, the likeliest first.

    That is the one that first holds its entry; then those after it, since words may be committed
    later than the ledger; then those before it. None is given if none holds the entry.
    """
    path = ledger_path(edition.handout)
    entry = f"mark: {edition.mark}\n".encode()
    for issued in reversed(git.commits([path])):
        if any(entry in text for _, text in git.files(issued, [path])):
            break
    else:
        return []
    commits = git.commits((*_FILES, "templates"))
    at = commits.index(issued)
    return [issued, *reversed(commits[:at]), *commits[at + 1 :]]


@dataclass(frozen=True, slots=True)
class _Git:
    """Asks the repository in which a folder lies; files are named from this folder.

    Each question raises MachineError if git is missing, or the folder is not under git.
    """

    folder: Path

    def is_shallow(self) -> bool:
        """Tell whether only the newest part of the history is here."""
        return self._output("rev-parse", "--is-shallow-repository").strip() == b"true"

    def commits(self, names: Sequence[str]) -> list[str]:
        """Give the commits that changed one of some files or folders, the newest first."""
        if not self._output("rev-parse", "--verify", "--quiet", "HEAD"):
            return []
        how = "--topo-order", "--full-history"
        return self._output("rev-list", *how, "HEAD", "--", *names).decode("ascii").split()

    def files(self, commit: str, names: Sequence[str]) -> Iterator[tuple[str, bytes]]:
        """Give the files of a commit, byte for byte, by their names."""
        entries = []
        for line in self._output("ls-tree", "-r", "-z", commit, *names).split(b"\0")[:-1]:
            fields, _, path = line.partition(b"\t")
            mode, _, number = fields.split()
            if mode in _PLAIN:
                entries.append((os.fsdecode(path), number))
        numbers = b"".join(number + b"\n" for _, number in entries)
        blobs = BytesIO(self._output("cat-file", "--batch", given=numbers))
        for name, _ in entries:
            size = int(blobs.readline().split()[2])
            yield name, blobs.read(size + 1)[:size]

    def write(self, commit: str, names: Sequence[str], folder: Path) -> None:
        """Write the files of a commit into a folder."""
        for name, content in self.files(commit, names):
            if ".." not in PurePosixPath(name).parts:
                write(folder / name, content)

    def _output(self, *words: str, given: bytes = b"") -> bytes:
        # A person's own settings must not change what git answers, nor where it looks.
        plain = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        plain |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C"}
        # In a container the checkout often belongs to another user; here it is only read.
        command = ["git", "--literal-pathspecs", "-c", "safe.directory=*", *words]
        try:
            done = subprocess.run(
                command,
                cwd=self.folder,
                env=plain,
                input=given,
                capture_output=True,
                timeout=MOST_SECONDS,
                check=False,
            )
        except FileNotFoundError:
            raise MachineError(
                "git is not installed, and only git has the words of old versions.\n"
                "    Install it: https://git-scm.com/downloads."
            ) from None
        except subprocess.TimeoutExpired:
            raise MachineError(
                f"git has not answered within {MOST_SECONDS} seconds.\n"
                "    Try `git log` in the project's folder: it may wait for a disk or a password."
            ) from None
        if b"not a git repository" in done.stderr:
            raise MachineError(
                "the project's folder is not under git, which would keep the words of old "
                "versions.\n    Work in a clone of the project, not in a copy of its files."
            )
        if done.returncode and done.stderr:
            reason = done.stderr.decode("utf-8", "replace").strip().partition("\n")[0]
            raise MachineError(
                f"git cannot read the history of this project: {reason}\n"
                "    Run `git fsck` in its folder: it says what is broken."
            )
        return done.stdout
