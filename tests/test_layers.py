"""No module of a stage imports one of a later stage: the contract in pyproject.toml."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT


def test_an_import_from_a_later_stage_is_found(tmp_path: Path) -> None:
    shutil.copytree(
        ROOT / "plainleaf",
        tmp_path / "plainleaf",
        ignore=lambda _, names: [name for name in names if name == "__pycache__"],
    )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    whole = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert whole.returncode == 0, whole.stdout

    with (tmp_path / "plainleaf/read/facts.py").open("a", encoding="utf-8") as file:
        file.write("from plainleaf.compose import furniture\n")
    broken = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert broken.returncode == 1
    assert "plainleaf.read is not allowed to import plainleaf.compose" in broken.stdout
