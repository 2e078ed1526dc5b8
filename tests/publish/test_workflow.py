"""The workflow that publishes: its own steps, run in a fresh clone, give a site for its address."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import lxml.html
import pikepdf
import pytest
import yaml

from plainleaf.addresses import fault_of_website
from plainleaf.publish.offline import OFFLINE, SUMS
from tests.conftest import HERE, ROOT, clone_of_checkout, warmed
from tests.host import hosted
from tests.repository import commit, git

JOBS: Mapping[str, Any] = yaml.safe_load((ROOT / ".github/workflows/publish.yml").read_text())[
    "jobs"
]
# A project of a clinic on GitHub Pages stands in a folder of its host, as its repository is called.
UNDER = "/leaflets/"
PAGES = f"https://user.github.io{UNDER.rstrip('/')}"
# Seconds that a step may take; on a slow machine the build is the longest.
MOST_SECONDS = 300
# A job's machine holds what apt-get and `make setup` fetch; here it is there already.
STAND_INS = {
    "apt-get": 'echo "$*" >> ../apt-get-was-asked',
    "make": f'exec {shutil.which("make")} --no-print-directory --old-file=setup "$@"',
}


@dataclass
class Runner:
    """Runs a job as GitHub does: step by step, each with its variables, until one fails.

    known holds what expressions name, such as `needs.build.outputs.sums`. What a step takes from
    others (`uses:`) is noted with its settings, and gives the outputs of given.
    """

    folder: Path
    known: dict[str, str] = field(default_factory=dict)
    given: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    used: dict[str, dict[str, str]] = field(default_factory=dict)

    def run(self, job: str) -> None:
        """Run the steps of a job, and keep its outputs for the next one."""
        for step in JOBS[job]["steps"]:
            outputs = self.script(step) if "run" in step else self._taken(step)
            self.known |= {
                f"steps.{step['id']}.outputs.{name}": value
                for name, value in outputs.items()
                if "id" in step
            }
        for name, value in JOBS[job].get("outputs", {}).items():
            self.known[f"needs.{job}.outputs.{name}"] = self._filled(value)

    def script(self, step: Mapping[str, Any]) -> dict[str, str]:
        """Run the script of a step; give the outputs that it hands on."""
        bins, outputs = self.folder.parent / "bin", self.folder.parent / "outputs"
        bins.mkdir(exist_ok=True)
        for name, script in STAND_INS.items():
            (bins / name).write_text(f"#!/bin/sh\n{script}\n", "utf-8")
            (bins / name).chmod(0o755)
        outputs.write_text("", "utf-8")
        # A machine of one core: each process that a build starts takes a second to load its code.
        (bins / "sitecustomize.py").write_text("import os\nos.cpu_count = lambda: 1\n", "utf-8")
        # `make test` runs this very process, and would hand its own options down.
        plain = {name: value for name, value in os.environ.items() if "MAKE" not in name}
        places = {
            "PATH": f"{bins}{os.pathsep}{plain['PATH']}",
            "PYTHONPATH": str(bins),
            "GITHUB_OUTPUT": str(outputs),
        }
        asked = {name: self._filled(value) for name, value in step.get("env", {}).items()}
        done = subprocess.run(
            ["bash", "-e", "-c", step["run"]],
            cwd=self.folder,
            env=plain | places | asked,
            capture_output=True,
            text=True,
            timeout=MOST_SECONDS,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        # GitHub's way to hand on several lines: name<<END, the lines, END.
        found = re.findall(r"^(\w+)<<(\w+)\n(.*?)\n\2$", outputs.read_text("utf-8"), re.M | re.S)
        return {name: value for name, _, value in found}

    def _taken(self, step: Mapping[str, Any]) -> Mapping[str, str]:
        name = step["uses"].partition("@")[0]
        settings = {key: str(value) for key, value in step.get("with", {}).items()}
        self.used[name] = {key: self._filled(value) for key, value in settings.items()}
        return self.given.get(name, {})

    def _filled(self, text: str) -> str:
        return re.sub(r"\$\{\{ (.*?) \}\}", lambda found: self.known[found[1]], text)


def repository(folder: Path) -> Path:
    """Commit this project to a new repository, with one sheet of tests/tiny; give its folder."""
    clone_of_checkout(folder)
    (folder / ".venv").unlink()
    for name in ("docs", "handouts", "clinics", "ledger"):
        shutil.rmtree(folder / name)
        shutil.copytree(HERE / "tiny" / name, folder / name)
    shutil.copy(HERE / "tiny/mkdocs.yml", folder)
    shutil.copy(ROOT / ".gitignore", folder)
    for unasked in ("clinics/corner", "handouts/slip.yml", "ledger/slip.yml"):
        place = folder / unasked
        shutil.rmtree(place) if place.is_dir() else place.unlink()
    with (folder / "clinics/anyone/clinic.yml").open("a", encoding="utf-8") as file:
        file.write("papers: [a4]\nlanguages: [en]\n")
    git(folder, "init", "--quiet")
    commit(folder)
    return folder


@pytest.fixture(scope="module")
def published(
    tmp_path_factory: pytest.TempPathFactory, hosted_project: Path
) -> tuple[Path, Runner]:
    """Run the workflow once; give the site that it uploads, and its runner."""
    folder = tmp_path_factory.mktemp("runner")
    clone = folder / "clone"
    git(folder, "clone", "--quiet", str(repository(folder / "origin")), str(clone))
    (clone / ".venv").symlink_to(ROOT / ".venv")
    warmed(clone, hosted_project / "build/store")
    runner = Runner(clone, given={"actions/configure-pages": {"base_url": PAGES}})
    runner.run("build")
    sent = clone / runner.used["actions/upload-pages-artifact"]["path"]
    runner.run("attest")
    return sent, runner


Published = tuple[Path, Runner]


def tree_of(path: Path) -> Any:
    return lxml.html.parse(path).getroot()


def test_every_page_and_the_map_know_their_address(published: Published) -> None:
    site, _ = published
    at = f"{PAGES}/"
    canonical = {
        path.relative_to(site).as_posix(): tree_of(path).xpath("//link[@rel='canonical']/@href")
        for path in site.rglob("*.html")
    }
    assert canonical["index.html"] == [at]
    assert canonical["slip.html"] == [f"{at}slip.html"]
    assert canonical["ar/handouts.html"] == [f"{at}ar/handouts.html"]
    assert all(found[0].startswith(at) for found in canonical.values() if found)
    listed = re.findall(r"<loc>(.*?)</loc>", (site / "sitemap.xml").read_text("utf-8"))
    assert len(listed) == 8
    for address in listed:
        assert address.startswith(at)
        inside = address.removeprefix(at)
        found = inside if inside.endswith(".html") else f"{inside}index.html"
        assert canonical[found] == [address]
    assert f"Sitemap: {at}sitemap.xml\n" in (site / "robots.txt").read_text("utf-8")


def test_a_sheet_leads_to_pages_that_are_there(published: Published) -> None:
    site, _ = published
    sheets = sorted(site.rglob("*.pdf"))
    assert sheets
    for sheet in sheets:
        with pikepdf.open(sheet) as pdf:
            led = {
                str(note.A.URI)
                for page in pdf.pages
                for note in page.get("/Annots", ())
                if "/A" in note and "/URI" in note.A
            }
        ours = {url for url in led if not url.startswith(("tel:", "mailto:"))}
        assert ours, sheet
        for url in ours:
            assert url.startswith(f"{PAGES}/"), (sheet, url)
            path = url.partition("#")[0].removeprefix(f"{PAGES}/")
            assert (site / path).is_file(), (sheet, url)


def test_below_its_folder_everything_that_a_page_names_is_there(published: Published) -> None:
    """The page for who is lost stands at any depth, so all that it names starts at the host."""
    site, _ = published
    with hosted(site, UNDER) as address:
        with pytest.raises(urllib.error.HTTPError, match="404") as lost:
            urllib.request.urlopen(f"{address}a/b/gone.html", timeout=10)
        gone: Any = lxml.html.fromstring(lost.value.read())
        pages = {f"{address}a/b/gone.html": gone}
        for name in ("index.html", "handouts.html", "ar/404.html", "ar/handouts.html"):
            pages[address + name] = tree_of(site / name)
        named = {
            urljoin(page, each).partition("#")[0]
            for page, tree in pages.items()
            for each in tree.xpath("//a/@href | //script/@src | //img/@src | //link/@href")
        }
        ours = {url for url in named if url.startswith(address.removesuffix(UNDER))}
        assert len(ours) > 20
        assert [url for url in ours if not url.startswith(address)] == []
        for url in sorted(ours):
            with urllib.request.urlopen(url, timeout=10) as answer:
                assert answer.status == 200


def test_what_is_signed_is_what_was_uploaded(published: Published) -> None:
    site, runner = published
    signed = runner.folder / runner.used["actions/attest-build-provenance"]["subject-checksums"]
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", signed],
        cwd=site,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"{OFFLINE}: OK\n{SUMS}: OK\n"


def test_the_machine_gets_what_the_readme_asks_for(published: Published) -> None:
    asked = (published[0].parent.parent / "apt-get-was-asked").read_text("utf-8")
    assert {"git", "make", "python3", "ca-certificates"} <= set(asked.split())


@pytest.mark.parametrize(
    ("written", "base_url", "known"),
    [
        ("site_name: A\n", "https://user.github.io/leaflets", "https://user.github.io/leaflets/"),
        ("site_name: A", "https://user.github.io", "https://user.github.io/"),
        ("site_name: A\n", "http://leaflets.example", "https://leaflets.example/"),
        ("site_name: A # site_url:\n", "https://a.example/b/c", "https://a.example/b/c/"),
        ("site_url: https://own.example/\nsite_name: A\n", PAGES, "https://own.example/"),
    ],
    ids=["a folder", "a host, and no last line end", "http", "a comment", "what stands there"],
)
def test_the_address_is_filled_in_where_none_is_given(
    written: str, base_url: str, known: str, tmp_path: Path
) -> None:
    folder = tmp_path / "clone"
    folder.mkdir()
    (folder / "mkdocs.yml").write_text(written, "utf-8")
    (step,) = [step for step in JOBS["build"]["steps"] if "ADDRESS" in step.get("env", {})]
    Runner(folder, {"steps.pages.outputs.base_url": base_url}).script(step)
    settings = yaml.safe_load((folder / "mkdocs.yml").read_text("utf-8"))
    assert settings == {"site_name": "A", "site_url": known}
    assert fault_of_website(known) == ""
