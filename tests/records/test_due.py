"""What is due: the list of it, and the workflow that makes an issue of the list every Monday."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from markdown_it import MarkdownIt

import build
from plainleaf.model import NOBODY, Docs, Library, Withdrawal
from plainleaf.records.due import Review, as_markdown, due
from tests.conftest import HERE, ROOT, TODAY, known_of, project_in, reissue

Run = Callable[..., tuple[int, str]]
WORKFLOW = ROOT / ".github/workflows/review.yml"
TITLE = "To be looked at again"


@pytest.fixture(scope="module")
def library() -> Library:
    """Give tests/tiny: two handouts in two languages, each issued once."""
    return known_of(project_in(HERE / "tiny"))[0].library


def names(docs: Docs, library: Library, today: date = TODAY) -> list[str]:
    return [each.name for each in due(docs, library, today)]


# The list


@pytest.mark.parametrize(("days", "is_listed"), [(-1, True), (0, True), (90, True), (91, False)])
def test_handouts_and_pages_are_listed_from_90_days_ahead_on(
    docs: Docs, library: Library, days: int, is_listed: bool
) -> None:
    by = TODAY + timedelta(days=days)
    of = "note", "ar"
    again = replace(library.editions[of][-1], review_by=by)
    late = replace(library, editions={**library.editions, of: (again,)})
    assert names(docs, late) == ["note (ar) 1.10"] * is_listed
    page = replace(docs.pages["en", "slip"], review_by=by)
    docs = replace(docs, pages={**docs.pages, ("en", "slip"): page})
    assert names(docs, library) == ["page slip (en)"] * is_listed


def test_only_the_newest_version_is_listed_and_none_that_is_withdrawn(
    docs: Docs, library: Library
) -> None:
    of = "note", "en"
    (first,) = library.editions[of]
    first = replace(first, review_by=TODAY)
    second = replace(first, version="1.11")
    withdrawn = replace(second, withdrawal=Withdrawal(TODAY, "It is wrong.", "Ask us."))
    for editions, listed in (
        ((first, second), ["note (en) 1.11"]),
        ((first, replace(second, review_by=date(2028, 1, 1))), []),
        ((first, withdrawn), []),
    ):
        changed = replace(library, editions={**library.editions, of: editions})
        assert names(docs, changed) == listed


def test_due_prints_the_overdue_first_and_says_what_to_do(
    tiny: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reissue(tiny, review_by=date(2026, 12, 1))
    reissue(tiny, "slip", "ar", review_by=date(2026, 11, 24), reviewer=NOBODY)
    late(tiny, "docs/en/slip.md", "2026-11-23", "\nreviewer: Dr Who\nreviewed: 2024-11-24")
    assert build.main(["--project", str(tiny), "due"]) == 0
    assert capsys.readouterr().out == (
        "## Overdue\n"
        "\n"
        "- 2026-11-23: **page slip (en)**, in `docs/en/slip.md`. "
        "Last checked by Dr Who, on 2024-11-24.\n"
        "  Hold it against the newest evidence, then set `review_by:` in it anew.\n"
        "- 2026-11-24: **slip (ar) 2.0**, in `ledger/slip.yml`. Nobody has checked it yet.\n"
        "  Hold it against the newest evidence, then issue it again: "
        "`build.py issue slip --language ar --note …`.\n"
        "\n"
        "## Due within 90 days\n"
        "\n"
        "- 2026-12-01: **note (en) 1.10**, in `ledger/note.yml`. "
        "Last checked by Dr Invented, nurse.\n"
        "  Hold it against the newest evidence, then issue it again: "
        "`build.py issue note --language en --note …`.\n"
    )


def test_where_nothing_is_due_it_says_so_beside_the_list_which_is_empty(
    tiny: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What stands on the output becomes the text of an issue."""
    assert build.main(["--project", str(tiny), "due"]) == 0
    assert capsys.readouterr() == ("", "Nothing is overdue, or due within 90 days.\n")


def test_due_lists_what_it_can_where_the_words_are_broken(
    tiny: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    late(tiny, "docs/en/slip.md", "2026-11-23")
    late(tiny, "docs/ar/index.md", "2026-11-23", "\nnonsense: yes")
    (tiny / "handouts/note.yml").write_text("page: [", "utf-8")
    assert build.main(["--project", str(tiny), "check"]) == 1
    capsys.readouterr()
    assert build.main(["--project", str(tiny), "due"]) == 0
    said = capsys.readouterr()
    assert [line.split("**")[1] for line in said.out.splitlines() if "**" in line] == [
        "page slip (en)"
    ]
    assert said.err == (
        "passed over, since nobody can read them as they are: docs/ar/index.md.\n"
        "    Run `build.py check`: it says what is wrong.\n"
    )


def late(folder: Path, page: str, by: str, more: str = "") -> None:
    """Let a page of tests/tiny be one that must be looked at again by a day."""
    text = (folder / page).read_text("utf-8")
    front, mark, rest = text.removeprefix("---\n").partition("\n---\n")
    kept = [line for line in front.splitlines() if not line.startswith(("updated", "review_by"))]
    dates = f"\nupdated: 2024-11-24\nreview_by: {by}{more}"
    (folder / page).write_text("---\n" + "\n".join(kept) + dates + mark + rest, "utf-8")


def test_a_review_is_overdue_from_the_day_after_it_on() -> None:
    found = [Review(TODAY, "note (en) 1.10", "ledger/note.yml", NOBODY, "Do it.")]
    assert as_markdown(found, TODAY).startswith("## Due within 90 days\n\n- ")
    assert as_markdown(found, TODAY + timedelta(days=1)).startswith("## Overdue\n\n- ")
    assert as_markdown([], TODAY) == ""


def test_no_name_of_a_person_is_taken_for_markup() -> None:
    reviewer = "Dr <Jane> *Do_e_* & [nurse](x) `1` \\"
    found = [Review(TODAY, "note (en) 1.10", "ledger/note.yml", reviewer, "Do it.")]
    html = MarkdownIt("commonmark").render(as_markdown(found, TODAY))  # as issues are read
    assert "Last checked by Dr &lt;Jane&gt; *Do_e_* &amp; [nurse](x) `1` \\." in html


# The workflow


@pytest.fixture(scope="module")
def workflow() -> dict[Any, Any]:
    """Give the workflow; YAML takes its key `on` for a truth."""
    read: dict[Any, Any] = yaml.safe_load(WORKFLOW.read_text("utf-8"))
    return read


def scripts(workflow: Mapping[Any, Any], job: str) -> list[str]:
    return [step["run"] for step in workflow["jobs"][job]["steps"] if "run" in step]


def bash(script: str, folder: Path, **places: str) -> None:
    """Run a script as the runner does where a workflow names no shell."""
    environment = {**os.environ, **places}
    subprocess.run(["bash", "-e", "-c", script], cwd=folder, env=environment, check=True)


def test_the_workflow_runs_weekly_or_when_asked_one_at_a_time(workflow: Mapping[Any, Any]) -> None:
    (schedule,) = workflow[True]["schedule"]
    minute, hour, *days = schedule["cron"].split()
    assert minute.isdigit()
    assert hour.isdigit()
    assert days == ["*", "*", "1"]
    assert "workflow_dispatch" in workflow[True]
    assert workflow["concurrency"]["cancel-in-progress"] is False


def test_only_the_job_that_tells_may_write_and_only_issues(workflow: Mapping[Any, Any]) -> None:
    assert workflow["permissions"] == {}
    given = {name: job["permissions"] for name, job in workflow["jobs"].items()}
    assert given == {"list": {"contents": "read"}, "tell": {"issues": "write"}}
    told = {name for name, job in workflow["jobs"].items() if "github.token" in json.dumps(job)}
    assert told == {"tell"}


def test_no_script_takes_words_of_others_for_its_own(workflow: Mapping[Any, Any]) -> None:
    for name in workflow["jobs"]:
        for script in scripts(workflow, name):
            assert "${{" not in script
            subprocess.run(["bash", "-n", "-c", script], check=True)


def test_the_list_is_set_up_as_in_the_build_and_made_by_a_command_that_exists(
    workflow: Mapping[Any, Any], run: Run
) -> None:
    ways = yaml.safe_load((ROOT / ".github/workflows/build.yml").read_text("utf-8"))
    made, built = workflow["jobs"]["list"], ways["jobs"]["build"]
    assert made["container"] == built["container"]
    assert [step.get("uses", step.get("run")) for step in made["steps"][:2]] == [
        step.get("uses", step.get("run")) for step in built["steps"][:2]
    ]
    _, setup, lists = scripts(workflow, "list")
    assert setup == "make setup"
    assert "\nsetup: " in (ROOT / "Makefile").read_text("utf-8")
    assert "build.py due" in lists
    assert run("due", "--help") == (0, "")


@pytest.mark.parametrize(
    "text",
    ["", '## Overdue\n\n- `$(touch hacked)` "it\'s"\ndue<<END\nEND\n', "- Straße …\n" * 9000],
    ids=["nothing", "some", "more than an issue takes"],
)
def test_the_list_is_handed_on_whole_or_as_long_as_an_issue_takes(
    workflow: Mapping[Any, Any], tmp_path: Path, text: str
) -> None:
    program(tmp_path / ".venv/bin/python", '#!/bin/sh\n[ "$*" = "build.py due" ] && cat list.md\n')
    (tmp_path / "list.md").write_text(text, "utf-8")
    bash(scripts(workflow, "list")[-1], tmp_path, GITHUB_OUTPUT="outputs")
    written = (tmp_path / "outputs").read_bytes().decode("utf-8", "replace")
    name, _, rest = written.partition("<<")
    end, _, rest = rest.partition("\n")
    handed, closing, more = rest.partition(f"{end}\n")
    assert (name, bool(closing), more) == ("due", True, "")
    if len(text.encode()) < 60_000:
        assert handed == text
    else:
        assert len(handed) < 65_536
        assert handed.startswith(text[:40_000])
        assert handed.endswith("\n\n`build.py due` lists the rest.\n")
    assert not (tmp_path / "hacked").exists()


# A stand-in for the program by which a workflow reads and writes issues; it keeps them in a file.
GH = """\
#!{python}
import json, sys
from pathlib import Path

issues = json.loads(Path("issues.json").read_text())
noun, verb, *words = sys.argv[1:]
assert noun == "issue"
if verb == "edit":
    number, *words = words
said = dict(zip(words[::2], words[1::2], strict=True))
if verb == "list":
    assert (said["--state"], said["--json"]) == ("open", "number,title")
    assert said["--jq"] == r'.[] | "\\(.number) \\(.title)"'
    for issue in issues:
        if issue["is_open"]:
            print(issue["number"], issue["title"])
else:
    body = Path(said["--body-file"]).read_text()
    if verb == "edit":
        (issue,) = [issue for issue in issues if issue["number"] == int(number)]
        issue["body"] = body
    else:
        assert verb == "create"
        number, title = len(issues) + 1, said["--title"]
        issues.append(dict(number=number, title=title, is_open=True, body=body))
Path("issues.json").write_text(json.dumps(issues))
"""


def program(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    path.chmod(0o755)


def test_the_list_becomes_one_issue_which_the_next_list_brings_up_to_date(
    workflow: Mapping[Any, Any], tmp_path: Path
) -> None:
    program(tmp_path / "bin/gh", GH.format(python=sys.executable))
    others = [
        {"number": 1, "title": TITLE, "is_open": False, "body": "of last year"},
        {"number": 2, "title": f"{TITLE}, please", "is_open": True, "body": "of somebody"},
        {"number": 3, "title": f"4 {TITLE}", "is_open": True, "body": "of somebody else"},
    ]
    (tmp_path / "issues.json").write_text(json.dumps(others), "utf-8")
    (step,) = workflow["jobs"]["tell"]["steps"]
    assert step["env"]["TITLE"] == TITLE
    assert step["env"]["DUE"] == "${{ needs.list.outputs.due }}"
    assert workflow["jobs"]["list"]["outputs"] == {"due": "${{ steps.due.outputs.due }}"}
    # Where nothing is due, the job is passed over.
    assert workflow["jobs"]["tell"]["if"] == "needs.list.outputs.due != ''"
    for text in ("- `$(touch hacked)` and `touch hacked`", "- *less*\n- %s \\n"):
        path = f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}"
        bash(step["run"], tmp_path, PATH=path, TITLE=TITLE, DUE=text)
        *kept, ours = json.loads((tmp_path / "issues.json").read_text("utf-8"))
        assert kept == others
        assert ours == {"number": 4, "title": TITLE, "is_open": True, "body": f"{text}\n"}
    assert not (tmp_path / "hacked").exists()


def test_no_second_issue_is_opened_where_the_open_ones_cannot_be_read(
    workflow: Mapping[Any, Any], tmp_path: Path
) -> None:
    program(tmp_path / "bin/gh", '#!/bin/sh\necho "$2" >> calls; exit 1\n')
    path = f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}"
    (script,) = scripts(workflow, "tell")
    with pytest.raises(subprocess.CalledProcessError):
        bash(script, tmp_path, PATH=path, TITLE=TITLE, DUE="- something")
    assert (tmp_path / "calls").read_text("utf-8") == "list\n"
