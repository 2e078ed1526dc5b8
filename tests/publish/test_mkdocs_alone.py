"""MkDocs and its successors, run by hand in a project, stop and say what to run instead."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

WAY_OUT = "nothing for mkdocs alone. Run make, or python3 build.py serve"


@pytest.mark.parametrize("settings", [ROOT / "mkdocs.yml", ROOT / "tests/tiny/mkdocs.yml"])
@pytest.mark.parametrize(
    "words",
    ["mkdocs build", "mkdocs serve -a 127.0.0.1:0", "properdocs build", "zensical build"],
)
def test_it_leaves_the_site_and_says_what_to_run(words: str, settings: Path, tiny: Path) -> None:
    engine, *rest = words.split()
    if engine != "mkdocs":
        pytest.importorskip(engine)
    (tiny / "mkdocs.yml").write_bytes(settings.read_bytes())
    (tiny / "site").mkdir()
    (tiny / "site/index.html").write_text("the site of yesterday", "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", engine, *rest],
        cwd=tiny,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert WAY_OUT in done.stderr + done.stdout
    assert [path.name for path in (tiny / "site").rglob("*")] == ["index.html"]
    assert (tiny / "site/index.html").read_text("utf-8") == "the site of yesterday"
