"""The command line: from what is typed to the exit status."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path

from plainleaf.arguments import Options, options_of
from plainleaf.machine.guard import NO_MEMORY, explained
from plainleaf.machine.last_build import build_key, warnings_of
from plainleaf.machine.program import SET_UP, TEMPLATES
from plainleaf.machine.report import Report, opens
from plainleaf.machine.today import Today
from plainleaf.model import Project
from plainleaf.problems import ContentError, MachineError


def plainleaf() -> int:
    """Run the installed command: its project is the folder in which it is typed."""
    return status_of(lambda: run(None, Path(), today))


def today() -> date:
    """Give the day on which dates are judged: the one here, and those elsewhere on earth."""
    return Today.at(datetime.now().astimezone())


def run(words: Sequence[str] | None, home: Path, today: Callable[[], date]) -> int:
    """Run a command line; give its exit status (0 fine, 1 content, 2 usage or machine).

    Without words they are those of this process; home is the project that is meant if none is
    named.
    """
    options = options_of(words, home)
    report = Report(
        options.form if options.command in ("", "check", "packs") else "quiet",
        names_warnings=options.command == "check",
    )
    project = Project(options.project.resolve(), TEMPLATES)
    try:
        if not project.folder.is_dir():
            raise MachineError(
                f'there is no folder "{options.project}".\n'
                "    Give the one that holds docs/ and mkdocs.yml."
            )
        is_project = any((project.folder / name).exists() for name in ("docs", "mkdocs.yml"))
        if options.command != "new" and not is_project:
            raise MachineError(
                f'"{project.folder}" holds no project: neither docs/ nor mkdocs.yml.\n'
                "    Go to the folder that does, name it by --project, or begin one: "
                "`build.py new FOLDER`."
            )
        return _run(project, options, report, today)
    except ContentError as error:
        report.problems(error.problems)
        return 1
    except MachineError as error:
        report.stopped(str(error))
    except BrokenPipeError:  # the reader of the output has ended, as `head` does
        pass
    except ModuleNotFoundError as missing:
        report.stopped(f"The Python package {missing.name} is not set up. {SET_UP}")
    except KeyboardInterrupt:
        report.stopped("Stopped. Nothing was written; the last site is as it was.")
    except Exception as error:
        report.stopped(explained(error, project))
    return 2


def _run(project: Project, options: Options, report: Report, today: Callable[[], date]) -> int:
    day = today()
    if not options.command:
        choice = (options.clinic, options.language, options.handout, options.release)
        key = build_key(project, choice, day)
        warnings = warnings_of(project, key)
        if warnings is not None:
            report.warnings(warnings)
            report.line("\nNothing has changed since the last build.")
            report.line(opens(project.site))
            return 0
        # Imported late: loading the stages takes seconds, which a build with nothing to do saves.
        from plainleaf.journey import build  # noqa: PLC0415

        return build(project, options, report, day, key)
    if options.command == "new":
        from plainleaf.commands.new import new  # noqa: PLC0415 as above

        return new(options, report, day)
    if options.command == "serve":
        from plainleaf.commands.serve import serve  # noqa: PLC0415 as above

        serve(project, options.port, report, today)
        return 0
    from plainleaf.commands import run as commands  # noqa: PLC0415 as above

    return commands.run(project, options, report, day)


def _stop(*_: object) -> None:
    """End as Ctrl-C does, so that no process and no temporary file is left."""
    raise KeyboardInterrupt


def status_of(main: Callable[[], int]) -> int:
    """Run a command line and give its status, also where nobody can read what it says."""
    for name in ("SIGTERM", "SIGHUP"):  # SIGHUP comes when a terminal is closed
        number = getattr(signal, name, None)
        if number and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _stop)
    status = 2
    try:
        status = main()
        sys.stdout.flush()
    except MemoryError:
        print(NO_MEMORY, file=sys.stderr)
    except OSError:  # the output is closed, or its disk is full
        status = status or 2
    except KeyboardInterrupt:  # Ctrl-C a second time, while the first one was handled
        status = 2
    for out in (sys.stdout, sys.stderr):
        try:
            out.flush()
        except OSError:  # or Python would try again at its end, and fail
            os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())
    return status
