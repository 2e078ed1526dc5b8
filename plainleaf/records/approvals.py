"""Approvals: who at a clinic approved which words; a file in the clinic's folder keeps them."""

from __future__ import annotations

from pathlib import Path

from plainleaf.files.yaml_file import Record, read_yaml
from plainleaf.machine.program import NAME
from plainleaf.model import Approval, Project
from plainleaf.problems import Problem
from plainleaf.records.ledger import entry_lines, entry_of, inserted, parsed, text_of, write_whole

FILE = "approvals.yml"
_HEADER = f"""\
# Who at this clinic approved which sheet. {NAME} approve writes this file; edit nothing.
approvals:
"""
# The keys of an entry, in the order of the file; own is empty where the clinic itself says nothing.
_KEYS = "handout language version by role on content own"


def approvals_path(clinic: str) -> str:
    """Give where the approvals of a clinic lie, from the project's folder."""
    return f"clinics/{clinic}/{FILE}"


def read_approvals(project: Project, folder: Path, problems: list[Problem]) -> list[Approval]:
    """Read what a clinic approved; folder is the clinic's own. An absent file is none."""
    path = folder / FILE
    if not path.exists():
        return []
    record = read_yaml(project, path, "the approvals of a clinic", problems)
    if record is None:
        return []
    items = [] if record.is_bare("approvals") else record.records("approvals", "an approval")
    record.finish()
    return [approval for item in items if (approval := _approval(folder.name, item))]


def _approval(clinic: str, record: Record) -> Approval | None:
    approval = Approval(
        clinic,
        record.text("handout"),
        record.text("language"),
        record.text("version"),
        record.text("content"),
        record.text("by"),
        record.text("role"),
        record.day("on"),
        record.place("handout"),
        record.text("own", ""),
    )
    return approval if record.finish() else None


def add_approval(project: Project, approval: Approval) -> Path:
    """Write an approval into the clinic's folder; give the file.

    Raises what ledger.add raises; the file is then as it was.
    """
    path = project.folder / approvals_path(approval.clinic)
    text = text_of(path) or _HEADER
    entry = entry_of(approval, _KEYS)
    holds = parsed(text)
    holds["approvals"] = [*(holds.get("approvals") or []), entry]
    write_whole(project, path, inserted(text, None, entry_lines(entry, "  - ", "    ")), holds)
    return path
