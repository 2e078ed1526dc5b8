"""Compares this project with its peers, on the same content in one run: `make bench`.

Writes build/bench/table.md and results.json. Works on a copy of the project.

Measured are: a clean build, a build with nothing to do, an edit while `build.py serve` runs, the
packs of many clinics, a Dask cluster of two workers beside the local processes, from ten sheets of
made-up clinics up to --sheets of them, and one clinic's sheets on A4 by each peer. Each figure is
the median of up to five rounds; what is compared takes turns. A ratio is of seconds on the clock,
and beside it of processor seconds, which suffer less from other work on the machine; a target is
reached only by both.

Not comparable is:
- what comes out: WeasyPrint alone and Typst write PDF/UA-1 that nobody looked at, Chromium and
  mkdocs-to-pdf no PDF/A; ours is both, is looked at, and comes with a form to type into;
- words: page numbers and the like stand only in some; Typst sets headings, lists, tables and
  paragraphs, without pictures, fields and columns;
- pages: mkdocs-to-pdf sets all in one file with contents, and begins a page at each section, so
  its pages are emptier; a figure per 1,000 words stands beside the one per page;
- starts: each peer is a process of its own from start to end, and Chromium one for each sheet;
- WeasyPrint alone beside many sheets: it gets finished HTML and warm processes; ours composes the
  HTML and starts its processes;
- packs: the others set one whole; ours binds it from its handouts, and sets its cover;
- the largest process: memory is that of one, not the sum.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import asdict, replace
from functools import partial
from math import ceil
from pathlib import Path
from typing import Any

from bench import live, peers
from bench.copies import (
    KINDS,
    copied,
    lay_out_trees,
    made_up,
    settled,
    spread,
    write_clinics,
    write_csv,
)
from bench.measure import PYTHON, ROOT, BrokenError, Measured, rounds, run
from bench.table import Target, lacking, ratio, table
from plainleaf.compose.compose import compose
from plainleaf.model import PAPERS, SIZES
from plainleaf.problems import ContentError

OUT = ROOT / "build" / "bench"
BUILD = (PYTHON, str(ROOT / "build.py"))
OURS = peers.OURS.name
COUNTS = (10, 100, 1_000, 10_000)
KEYS = ("seconds", "cpu", "own", "worker")
# WeasyPrint alone sets no more sheets than these: its time for each stays the same.
MOST_BARE = 1_000


Rows = list[dict[str, Any]]


def job(work: str, folder: Path, sheets: int = 0) -> Measured:
    """Let bench/job.py set all sheets of a project, or so many; its seconds count from the HTML."""
    count = ["--sheets", str(sheets)] if sheets else []
    measured = run([PYTHON, "-m", "bench.job", work, str(folder), *count])
    return replace(measured, seconds=measured.result["seconds"], cpu=measured.result["cpu"])


def clean(project: Path, *more: str) -> Measured:
    """Build a project of which nothing was built."""
    for name in ("site", "build"):
        shutil.rmtree(project / name, ignore_errors=True)
    return run([*BUILD, "--project", str(project), *more])


def builds(project: Path) -> tuple[list[Target], Rows]:
    """Build all content anew, beside MkDocs and WeasyPrint alone; then again with nothing to do."""
    clean(project)
    lay_out_trees(project, project.parent / peers.TREES)
    works: dict[str, Callable[[], Measured]] = {
        OURS: partial(clean, project),
        peers.MKDOCS.name: partial(peers.MKDOCS.run, project),
        peers.BARE.name: partial(job, "bare", project),
    }
    if peers.ZENSICAL.is_there():
        works[peers.ZENSICAL.name] = partial(peers.ZENSICAL.run, project)
    medians = rounds(works, 60)
    ours, website, bare = (medians[name] for name in (OURS, peers.MKDOCS.name, peers.BARE.name))
    both = replace(website, seconds=website.seconds + bare.seconds, cpu=website.cpu + bare.cpu)
    idle = rounds({"": partial(run, [*BUILD, "--project", str(project)])}, 10)[""]
    medians = {OURS: ours, "Plainleaf, nothing to do": idle, **medians}
    rows = [{"name": name, **_figures(measured)} for name, measured in medians.items()]
    if not peers.ZENSICAL.is_there():
        rows.append(_absent(peers.ZENSICAL))
    targets = [
        ratio("clean build, beside MkDocs + WeasyPrint alone", ours, both, 1.25),
        Target("nothing to do", idle.seconds, "s", 0.4),
        ratio("nothing to do, beside the clean build", idle, ours, 0.05),
    ]
    return targets, rows


def one_edit(project: Path) -> Target:
    """Tell how long a word less takes to all files that follow from it, while serve runs."""
    run([*BUILD, "--project", str(project)])
    seconds, files = live.edited(project, [*BUILD, "serve", "--project", str(project)])
    work = "one sentence edited, to all files on disk, in serve"
    return Target(work, seconds, "s", 1.0, note=f"{files} files")


def cluster(project: Path) -> Target:
    """Build all content anew on a Dask cluster of two workers, beside the local processes."""
    target = Target("a Dask cluster of 2 workers, beside the local processes", None, "x", 1.25)
    if not peers.has("distributed"):
        return replace(target, note="absent; it comes with the extra `cluster`")
    with live.dask(OUT / "scheduler.json") as address:
        dask = partial(clean, project, "--scheduler", address)
        medians = rounds({"local": partial(clean, project), "dask": dask}, 60)
    # The processor seconds of Dask's workers are not among ours.
    return replace(ratio(target.work, medians["dask"], medians["local"], target.limit), cpu=None)


def growth(project: Path, most: int) -> tuple[list[Target], Rows]:
    """Set ten sheets, a hundred and so on, of made-up clinics, beside WeasyPrint alone."""
    rows: Rows = []
    for count in (count for count in COUNTS if count <= most):
        works = {OURS: partial(job, "press", project, count)}
        if count <= MOST_BARE:
            works[peers.BARE.name] = partial(job, "bare", project, count)
        for by, measured in rounds(works, 30).items():
            made = measured.result
            rows.append({"name": f"{made['sheets']:,}", "by": by, **made, **_figures(measured)})
    ours, bare = (
        {row["sheets"]: Measured(*(row[key] for key in KEYS)) for row in rows if row["by"] == by}
        for by in (OURS, peers.BARE.name)
    )
    both, last = max(bare), max(ours)
    more = "" if most >= MOST_BARE else "; for 1,000: `make bench sheets=1000`"
    worker = max(measured.worker for measured in ours.values())
    memory = Target("memory of a worker", worker, "MB", 250, note=f"up to {last:,} sheets")
    flat = Target("memory of a worker, 10,000 sheets beside 100", None, "x", 1.1)
    if last > 1_000 and 100 in ours:
        flat = replace(flat, value=ours[last].worker / ours[100].worker)
    else:
        flat = replace(flat, note="`make bench sheets=10000`, which takes hours")
    beside = ratio(f"{both:,} sheets, beside WeasyPrint alone", ours[both], bare[both], 1.15, more)
    return [beside, memory, flat], rows


def packs(project: Path, clinics: int) -> Target:
    """Print the packs of clinics, beside WeasyPrint alone with HTML of as many sheets."""
    clinics_csv, to = OUT / "clinics.csv", OUT / "packs"
    write_csv(clinics_csv, made_up(clinics))
    shutil.rmtree(to, ignore_errors=True)
    many = copied(project, OUT / "packed")
    shutil.rmtree(many / "clinics")
    write_clinics(many, made_up(clinics))
    options = ["--project", str(project), "--clinics", str(clinics_csv), "--to", str(to)]
    works = {"packs": partial(run, [*BUILD, "packs", *options]), "bare": partial(job, "bare", many)}
    medians = rounds(works, 30)
    names = [name for path in to.rglob("*.zip") for name in zipfile.ZipFile(path).namelist()]
    made = sum(name.endswith(".pdf") and not name.endswith("-form.pdf") for name in names)
    more = f", {made:,} and {medians['bare'].result['sheets']:,} sheets"
    work = f"packs of {clinics} clinics, beside WeasyPrint alone"
    return ratio(work, medians["packs"], medians["bare"], 1.15, more)


def setters(project: Path) -> tuple[list[Target], Rows]:
    """Let each peer set the sheets of one clinic and language on A4, in a process of its own."""
    checked, sheets = settled(project)
    first = next(sheet for sheet in sheets if sheet.language.code == checked.docs.main_language)
    kin = first.clinic, first.language, PAPERS[0], SIZES[0]
    alike = [
        sheet for sheet in sheets if (sheet.clinic, sheet.language, sheet.paper, sheet.size) == kin
    ]
    sample = spread(alike, min(len(alike), KINDS))
    folder = OUT / "sample"
    peers.lay_out(folder, compose(checked.docs, checked.library, sample, checked.statuses))
    programs = (*peers.SETTERS, peers.WITHOUT_PDF)
    rows = {peer.name: _absent(peer) for peer in programs if not peer.is_there()}

    def tried(peer: peers.Peer) -> Measured:
        try:
            return peer.run(folder)
        except BrokenError as error:
            rows[peer.name] = {"name": peer.name, "broken": str(error).splitlines()[-1]}
            return Measured(0, 0, 0, 0)

    works = {peer.name: partial(tried, peer) for peer in programs if peer.is_there()}
    medians = {name: each for name, each in rounds(works, 90).items() if name not in rows}
    if peers.TO_PDF.name in medians and peers.WITHOUT_PDF.name in medians:
        whole, website = medians[peers.TO_PDF.name], medians[peers.WITHOUT_PDF.name]
        seconds, cpu = whole.seconds - website.seconds, whole.cpu - website.cpu
        medians[peers.TO_PDF.name] = replace(whole, seconds=seconds, cpu=cpu)
    for peer in peers.SETTERS:
        if peer.name in medians:
            made = {"sheets": len(sample), **peers.totals(folder / peer.made)}
            rows[peer.name] = {"name": peer.name, **made, **_figures(medians[peer.name])}
    targets = beside_to_pdf(rows[OURS], rows[peers.TO_PDF.name])
    return targets, [rows[peer.name] for peer in peers.SETTERS]


def beside_to_pdf(ours: dict[str, Any], other: dict[str, Any]) -> list[Target]:
    """Tell how much faster ours is than mkdocs-to-pdf: per page, and per word, which is fairer."""
    targets = []
    for unit, least in (("page", 5.0), ("word", 0.0)):
        target = Target(f"a {unit} beside mkdocs-to-pdf's", None, "x faster", least, is_least=True)
        if why := lacking(other):
            targets.append(replace(target, note=why))
            continue
        key = f"{unit}s"
        clock, cpu = (other[t] / other[key] * ours[key] / ours[t] for t in ("seconds", "cpu"))
        note = f"{ours[key]:,} {key} in {ours['seconds']:.1f} s beside "
        note += f"{other[key]:,} in {other['seconds']:.1f} s"
        targets.append(replace(target, value=clock, cpu=cpu, note=note))
    return targets


def _figures(measured: Measured) -> dict[str, float]:
    return {key: getattr(measured, key) for key in KEYS}


def _absent(peer: peers.Peer) -> dict[str, Any]:
    return {"name": peer.name, "absent": peer.how}


def main() -> None:
    """Measure all, one part after another; write what is known after each."""
    parser = argparse.ArgumentParser(prog="python -m bench.compare", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--project", type=Path, default=ROOT)
    parser.add_argument("--sheets", type=int, default=100, choices=COUNTS, help="up to so many")
    options = parser.parse_args()
    OUT.mkdir(parents=True, exist_ok=True)
    project = copied(options.project.resolve(), OUT / "project")
    _, sheets = settled(project)
    kinds = {(sheet.handout.name, sheet.language.code, sheet.size) for sheet in sheets}
    of_each = min(KINDS, len(kinds)) * len(PAPERS)
    many = copied(project, OUT / "many")
    write_clinics(many, made_up(ceil(options.sheets / of_each)))
    python = f"Python {platform.python_version()}"
    folder = options.project.resolve()
    whose = "what is shipped" if folder == ROOT else folder.name
    results: dict[str, Any] = {
        "machine": f"{os.cpu_count()} cores, {platform.system()}, {python}",
        "content": f"{whose}, {len(sheets):,} sheets",
        **{part: [] for part in ("targets", "builds", "setters", "growth")},
    }
    clinics = 50 if options.sheets >= 1_000 else 2
    parts: dict[str, Callable[[], Any]] = {
        "setters": partial(setters, project),
        "builds": partial(builds, project),
        "one edit": partial(one_edit, project),
        "growth": partial(growth, many, options.sheets),
        "packs": partial(packs, project, clinics),
        "cluster": partial(cluster, project),
    }
    for part, work in parts.items():
        print(f"{part} …", flush=True)
        try:
            outcome = work()
        except (BrokenError, ContentError) as error:
            outcome = Target(part, None, "", note=f"broken: {str(error).splitlines()[-1]}")
        targets, results[part] = outcome if isinstance(outcome, tuple) else ([outcome], [])
        results["targets"] += [asdict(target) for target in targets]
        (OUT / "results.json").write_text(json.dumps(results, indent=2), "utf-8")
        (OUT / "table.md").write_text(table(results), "utf-8")
    print((OUT / "table.md").read_text("utf-8"))


if __name__ == "__main__":
    main()
