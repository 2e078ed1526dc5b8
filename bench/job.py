"""Works that are measured, each in a process of its own: `python -m bench.job WORK ...`.

`sample`: one program sets the sheets of a folder that bench/peers.py laid out, one after another.
`press`: this project sets sheets side by side, its processes started anew, as in every build.
`bare`: WeasyPrint sets the same HTML, shared out among as many processes, which are warm.
Each ends with a line of JSON: sheets, pages and bytes that were made, and seconds from the HTML on.
"""

from __future__ import annotations

import argparse
import io
import json
import multiprocessing
import os
import pickle
import shutil
import subprocess
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pikepdf

from bench.copies import mixed, settled
from plainleaf.compose.compose import Composed, compose
from plainleaf.files.fonts import font_files
from plainleaf.machine.engine import Engine
from plainleaf.machine.needs import browser
from plainleaf.machine.report import Report
from plainleaf.model import Checked, Printed, Sheet
from plainleaf.typeset.binding import Parts, bind
from plainleaf.typeset.press import press
from plainleaf.typeset.typeset import NOWHERE, offline, typeset


def bare(html: str, fonts: tuple[str, ...]) -> bytes:
    """Set HTML by WeasyPrint alone, as tagged as it can by itself."""
    import weasyprint  # noqa: PLC0415 only who sets type needs it

    page = weasyprint.HTML(string=html, base_url=NOWHERE, url_fetcher=offline(fonts))
    return bytes(page.write_pdf(pdf_variant="pdf/ua-1"))


def in_worker(job: tuple[str, tuple[str, ...]]) -> tuple[int, int, float]:
    """Set HTML by WeasyPrint alone; give the pages, the bytes and the processor seconds."""
    started = time.process_time()
    pdf = bare(*job)
    used = time.process_time() - started
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return len(document.pages), len(pdf), used


def in_press(checked: Checked, sheets: Sequence[Sheet]) -> dict[str, float]:
    """Compose and set sheets as a build does that has set none of them before."""
    shutil.rmtree(checked.project.build, ignore_errors=True)
    started, used = time.perf_counter(), _used()
    composed = compose(checked.docs, checked.library, sheets, checked.statuses)
    with Engine() as engine:
        printed = press(checked.project, composed, Report("quiet"), engine).printed
    seconds, cpu = time.perf_counter() - started, _used() - used
    plain = [item for item in printed if not item.is_form]
    pages, size = sum(item.pages for item in plain), sum(len(item.pdf) for item in plain)
    return {"sheets": len(plain), "pages": pages, "bytes": size, "seconds": seconds, "cpu": cpu}


def _used() -> float:
    """Give the processor seconds of this process and of those that it started and that ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def in_bare(checked: Checked, sheets: Sequence[Sheet]) -> dict[str, float]:
    """Set the HTML of sheets by WeasyPrint alone, on all processors, once the workers are warm."""
    composed = compose(checked.docs, checked.library, sheets, checked.statuses)
    jobs = [(item.html, item.sheet.language.fonts) for item in composed]
    processes = os.cpu_count() or 1
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=fresh) as executor:
        short = ("<title>warm</title>", jobs[0][1])
        list(executor.map(in_worker, [short] * processes * 4))
        started = time.perf_counter()
        made = list(executor.map(in_worker, jobs))
        seconds = time.perf_counter() - started
    pages, size, cpu = (sum(column) for column in zip(*made, strict=True))
    return {"sheets": len(made), "pages": pages, "bytes": size, "seconds": seconds, "cpu": cpu}


_finished: dict[str, Printed] = {}


def by_plainleaf(number: int, composed: Composed, folder: Path) -> None:
    """Set, repair and prove a sheet, and write it without its form; packs come after the rest."""
    printed = [item for item in typeset(composed) if isinstance(item, Printed)]
    if composed.handouts:
        handouts = tuple([_finished[item.sheet.path]] for item in composed.handouts)
        bound = bind(Parts(composed, printed[:1], handouts))
        printed = [item for item in bound if isinstance(item, Printed)]
    _finished[composed.sheet.path] = printed[0]
    (folder / f"{number}.pdf").write_bytes(printed[0].pdf)


def by_weasyprint(number: int, composed: Composed, folder: Path) -> None:
    """Set a sheet by WeasyPrint alone."""
    (folder / f"{number}.pdf").write_bytes(bare(composed.html, composed.sheet.language.fonts))


def by_chromium(number: int, _: Composed, folder: Path) -> None:
    """Print a sheet in a browser that is started for it."""
    page = (folder.parent / f"{number}.html").as_uri()
    command = [str(browser()), "--headless", "--no-sandbox", "--disable-gpu"]
    command += [f"--user-data-dir={folder / 'profile'}", "--no-pdf-header-footer"]
    command += [f"--print-to-pdf={folder / f'{number}.pdf'}", page]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, capture_output=True)


def by_typst(number: int, composed: Composed, folder: Path) -> None:
    """Set the same words by Typst, tagged."""
    import typst  # noqa: PLC0415 a peer, which may be absent

    fonts = {path.parent for path in font_files(composed.sheet.language.fonts).values()}
    typst.compile(
        str(folder.parent / f"{number}.typ"),
        output=str(folder / f"{number}.pdf"),
        font_paths=[str(font) for font in sorted(fonts)],
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
    )


BY = {
    "plainleaf": by_plainleaf,
    "weasyprint": by_weasyprint,
    "chromium": by_chromium,
    "typst": by_typst,
}


def main() -> None:
    """Do a work, and tell of it."""
    parser = argparse.ArgumentParser(prog="python -m bench.job", description=__doc__)
    parser.add_argument("work", choices=("sample", "press", "bare"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--by", choices=BY)
    parser.add_argument("--sheets", type=int, help="so many of the made-up clinics; else all")
    options = parser.parse_args()
    if options.work == "sample":
        sheets = pickle.loads((options.folder / "sheets.pickle").read_bytes())
        out = options.folder / options.by
        out.mkdir(exist_ok=True)
        for number, each in enumerate(sheets):
            BY[options.by](number, each, out)
        return
    checked, every = settled(options.folder)
    chosen = mixed(every, options.sheets) if options.sheets else every
    work = in_press if options.work == "press" else in_bare
    print(json.dumps(work(checked, chosen)))


if __name__ == "__main__":
    main()
