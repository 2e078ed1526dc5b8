"""The command line: what says nothing, or what a command would pass over, is refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Run = Callable[..., tuple[int, str]]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--clinic= check", "argument --clinic: it names nothing. Give a name, or leave it out."),
        ("--project= check", "argument --project: it names nothing. Give a name, or leave it out."),
        ("--clinic x due", "due does not take --clinic. Leave it out."),
        ("--scheduler foo check", "check does not take --scheduler. Leave it out."),
        ("--release issue note --language en --note n", "issue does not take --release. "),
        ("--handout=a rebuild note --version 1.0", "rebuild does not take --handout. Leave it out"),
        ("packs --clinic x --clinics t --to z", "unrecognized arguments: --clinic"),
        ("serve --port 99999", 'argument --port: "99999" is no port. Give a number up to 65535.'),
        ("serve --port -1", 'argument --port: "-1" is no port. Give a number up to 65535.'),
        ("serve --port ٨٠٠٠", "is no port"),
        (f"serve --port {'9' * 5000}", "is no port"),
    ],
)
def test_what_cannot_be_meant_is_refused(run: Run, words: str, said: str) -> None:
    status, errors = run(*words.split(" "))
    assert status == 2
    assert said in errors
    assert "Traceback" not in errors
