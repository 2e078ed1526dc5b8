"""Where this program lies and what it is called: in a checkout, or installed.

A package carries within it what lies beside the code in a checkout (pyproject.toml, force-include).
"""

from __future__ import annotations

from pathlib import Path

CODE = Path(__file__).resolve().parents[1]
IS_INSTALLED = (CODE / "templates").is_dir()
_HOME = CODE if IS_INSTALLED else CODE.parent
TEMPLATES = _HOME / "templates"
LOCK = _HOME / "requirements.lock"
# What people type, as messages name it.
NAME = "plainleaf" if IS_INSTALLED else "build.py"
# How a library that is missing gets there.
SET_UP = "Install Plainleaf again." if IS_INSTALLED else "Run `make setup`."
SET_UP_CLUSTER = (
    "Install Plainleaf with its extra `cluster`" if IS_INSTALLED else "Run `make setup-cluster`"
)
RENEW = "install that version" if IS_INSTALLED else "`git pull` and `make setup-cluster`"

# What the versions in a ledger were printed with, as messages name it.
PRINTER = "version of Plainleaf" if IS_INSTALLED else "code"


def as_typed(text: str) -> str:
    """Give a message with commands as they are typed here; the code writes `build.py check`."""
    return text.replace("`build.py", f"`{NAME}")
