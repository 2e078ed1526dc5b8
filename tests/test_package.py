"""The package: installed where nothing else is, the command plainleaf does what build.py does."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest
from filelock import FileLock
from packaging.requirements import Requirement

from plainleaf import __version__
from tests.conftest import ROOT

pytestmark = pytest.mark.slow


class Installed:
    """A folder with an environment that holds the wheel, and beside it room for projects.

    What the wheel needs is that of the tests, by a .pth; Plainleaf itself is none of it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.python = folder / "empty/bin/python"

    def make(self) -> None:
        """Build the wheel, and install it."""
        pip: list[str | Path] = [
            sys.executable,
            "-m",
            "pip",
            "--disable-pip-version-check",
            "--quiet",
        ]
        offline = ["--no-index", "--no-deps"]
        wheels = [*pip, "wheel", *offline, "--no-build-isolation", "--wheel-dir", self.folder, ROOT]
        subprocess.run(wheels, cwd=self.folder, check=True)
        venv.create(self.folder / "empty")
        into = [*pip, "--python", self.python, "install", *offline, self.wheel]
        subprocess.run(into, cwd=self.folder, check=True)
        (site,) = self.folder.glob("empty/lib/*/site-packages")
        theirs = Path(pytest.__file__).parents[1]
        assert not (theirs / "plainleaf").exists()
        # A build starts one process beside it: each takes a second to load its code.
        one_core = "import os; os.cpu_count = lambda: 1"
        (site / "needed.pth").write_text(f"{theirs}\n{one_core}\n", "utf-8")

    @property
    def wheel(self) -> Path:
        (wheel,) = self.folder.glob("*.whl")
        return wheel

    def run(self, program: str, *words: str, at: str = ".") -> subprocess.CompletedProcess[str]:
        """Run a program of the environment in a folder, with nothing of this checkout about."""
        plain = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        return subprocess.run(
            [self.python.with_name(program), *words],
            cwd=self.folder / at,
            env={**plain, "COLUMNS": "200"},
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture(scope="session")
def installed(shared: Path) -> Installed:
    """Give Plainleaf as it is installed."""
    installed = Installed(shared / "installed")
    with FileLock(shared / "installed.lock"):
        if not installed.folder.exists():
            installed.folder.mkdir()
            installed.make()
    return installed


def test_the_wheel_holds_what_the_code_finds_in_a_checkout(installed: Installed) -> None:
    with ZipFile(installed.wheel) as wheel:
        held = {name for name in wheel.namelist() if ".dist-info/" not in name}
    ours = {f"plainleaf/{name}" for name in tracked("templates", "requirements.lock")}
    assert held == {*tracked("plainleaf"), *ours}


def tracked(*names: str) -> set[str]:
    """Give the files of this checkout that git keeps or would keep, below some names."""
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *names]
    said = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True)
    return {name for name in said.stdout.splitlines() if (ROOT / name).is_file()}


def test_it_begins_a_project_checks_it_and_makes_a_sheet(installed: Installed) -> None:
    version = installed.run("plainleaf", "--version")
    assert version.stdout == f"Plainleaf {__version__}\n"
    about = ("--name", "Ear Practice", "--procedure", "ear-wax removal")
    begun = installed.run("plainleaf", "new", "our ears", *about)
    assert (begun.returncode, begun.stderr) == (0, "")
    assert begun.stdout.endswith("\nSee it: `cd 'our ears'`, then `plainleaf serve`.\n")
    assert (
        f"plainleaf=={__version__}\n"
        in (installed.folder / "our ears/requirements.txt").read_text()
    )

    checked = installed.run("plainleaf", "check", at="our ears")
    assert checked.returncode == 0
    assert "`plainleaf issue HANDOUT --language" in checked.stderr
    assert "build.py" not in checked.stdout + checked.stderr

    clinic = installed.folder / "our ears/clinics/any-clinic/clinic.yml"
    clinic.write_text(f"{clinic.read_text('utf-8')}papers: [a4]\n", "utf-8")
    built = installed.run("plainleaf", "--handout", "before", at="our ears")
    assert built.returncode == 0, built.stderr
    assert "`plainleaf check` names them." in built.stderr
    site = installed.folder / "our ears/site"
    assert (site / "index.html").is_file()
    sheet = site / "handouts/any-clinic/en/before-a4.pdf"
    read = subprocess.run(["pdftotext", sheet, "-"], capture_output=True, text=True, check=True)
    shown = " ".join(read.stdout.split())
    assert "Draft. Do not hand it out." in shown
    assert "Not written yet: who should wait, or should not have it." in shown
    assert "build.py" not in (site / "review.html").read_text("utf-8")

    again = installed.run("plainleaf", "--handout", "before", at="our ears")
    assert "Nothing has changed since the last build." in again.stdout


def test_where_there_is_no_project_it_says_how_to_begin_one(installed: Installed) -> None:
    done = installed.run("plainleaf", "check")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f'"{installed.folder.resolve()}" holds no project: neither docs/ nor mkdocs.yml.\n'
        "    Go to the folder that does, name it by --project, or begin one: "
        "`plainleaf new FOLDER`.\n"
    )


def test_without_pango_it_says_how_to_get_it(installed: Installed, tmp_path: Path) -> None:
    # As on a machine that lacks the library: neither loader finds it.
    (tmp_path / "without_pango.py").write_text("""
import cffi, ctypes
def lacking(load):
    def found(self, name, *rest, **more):
        if "pango" in str(name):
            raise OSError(name)
        return load(self, name, *rest, **more)
    return found
cffi.FFI.dlopen = lacking(cffi.FFI.dlopen)
ctypes.CDLL.__init__ = lacking(ctypes.CDLL.__init__)
""")
    path = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import without_pango\n"
    asks = f"{path}from plainleaf.typeset.typeset import ready; ready()"
    done = installed.run("python", "-c", asks)
    assert "Plainleaf cannot start yet. This computer lacks:\n  - Pango" in done.stderr
    assert "--no-install-recommends libpango-1.0-0 libpangoft2-1.0-0\n" in done.stderr


def test_another_version_of_it_counts_as_a_change(installed: Installed) -> None:
    asks = "from plainleaf.machine.keys import toolchain_key; print(toolchain_key())"
    before = installed.run("python", "-c", asks)
    assert len(before.stdout.strip()) == 64, before.stderr
    for name in ("templates/css/sheet.css", "check/gates/lexicon/en.yml"):
        (file,) = installed.folder.glob(f"empty/lib/*/site-packages/plainleaf/{name}")
        text = file.read_text("utf-8")
        file.write_text(f"{text}\n", "utf-8")
        assert installed.run("python", "-c", asks).stdout != before.stdout
        file.write_text(text, "utf-8")
    assert installed.run("python", "-c", asks).stdout == before.stdout


def test_an_installation_takes_what_mends_its_libraries_and_a_checkout_what_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    exact = [each for each in project["dependencies"] if "==" in each]
    assert [each.partition("==")[0] for each in exact] == ["weasyprint", "pydyf"]
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    locked = dict(
        line.split(" ")[0].split("==") for line in lock.splitlines() if line[:1].isalnum()
    )
    for each in map(Requirement, project["dependencies"]):
        assert locked[each.name] in each.specifier, each
