"""Compares this project with its peers, on the same content in one run: `make bench`.

Writes build/bench/table.md, plot.svg and results.json. Works on a copy of the project.

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
from bench.plot import plot
from bench.table import Target, lacking, ratio, table
from plainleaf.compose.compose import compose
from plainleaf.model import PAPERS, TEXTS
from plainleaf.problems import ContentError

OUT = ROOT / "build" / "bench"
BUILD = (PYTHON, str(ROOT / "build.py"))
OURS = peers.OURS.name
COUNTS = (10, 100, 1_000, 10_000)
KEYS = ("seconds", "cpu", "own", "worker")
# WeasyPrint alone is not asked for more: its time for each sheet stays the same.
MOST_BARE = 1_000


Rows = list[dict[str, Any]]


def job(work: str, folder: Path, sheets: int = 0) -> Measured:
    """Let bench/job.py set all sheets of a project, or so many; its seconds count from the HTML."""
    count = ["--sheets", str(sheets)] if sheets else []
    measured = run([PYTHON, "-m", "bench.job", work, str(folder), *count])
    return replace(measured, seconds=measured.told["seconds"], cpu=measured.told["cpu"])


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
    found = rounds(works, 60)
    ours, website, bare = (found[name] for name in (OURS, peers.MKDOCS.name, peers.BARE.name))
    both = replace(website, seconds=website.seconds + bare.seconds, cpu=website.cpu + bare.cpu)
    idle = rounds({"": partial(run, [*BUILD, "--project", str(project)])}, 10)[""]
    found = {OURS: ours, "Plainleaf, nothing to do": idle, **found}
    rows = [{"name": name, **_plain(each)} for name, each in found.items()]
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
    target = Target("one sentence edited, to all files on disk, in serve", None, "s", 1.0)
    if not _knows("serve"):
        return replace(target, note="build.py has no `serve`")
    run([*BUILD, "--project", str(project)])
    seconds, files = live.edited(project, [*BUILD, "serve", "--project", str(project)])
    return replace(target, value=seconds, note=f"{files} files")


def cluster(project: Path) -> Target:
    """Build all content anew on a Dask cluster of two workers, beside the local processes."""
    target = Target("a Dask cluster of 2 workers, beside the local processes", None, "x", 1.25)
    if not peers.has("distributed"):
        return replace(target, note="absent; it comes with the extra `cluster`")
    if "--scheduler" not in run([*BUILD, "--help"]).said:
        return replace(target, note="build.py has no `--scheduler`")
    with live.dask(OUT / "scheduler.json") as address:
        dask = partial(clean, project, "--scheduler", address)
        found = rounds({"local": partial(clean, project), "dask": dask}, 60)
    # Its workers are not ours to count.
    return replace(ratio(target.work, found["dask"], found["local"], target.limit), cpu=None)


def growth(project: Path, most: int) -> tuple[list[Target], Rows]:
    """Set ten sheets, a hundred and so on, of made-up clinics, beside WeasyPrint alone."""
    rows: Rows = []
    for count in (count for count in COUNTS if count <= most):
        works = {OURS: partial(job, "press", project, count)}
        if count <= MOST_BARE:
            works[peers.BARE.name] = partial(job, "bare", project, count)
        for by, each in rounds(works, 30).items():
            made = each.told
            rows.append({"name": f"{made['sheets']:,}", "by": by, **made, **_plain(each)})
    ours, bare = (
        {row["sheets"]: Measured(*(row[key] for key in KEYS)) for row in rows if row["by"] == by}
        for by in (OURS, peers.BARE.name)
    )
    of, last = max(bare), max(ours)
    more = "" if most >= MOST_BARE else "; for 1,000: `make bench sheets=1000`"
    worker = max(each.worker for each in ours.values())
    memory = Target("memory of a worker", worker, "MB", 250, note=f"up to {last:,} sheets")
    flat = Target("memory of a worker, 10,000 sheets beside 100", None, "x", 1.1)
    if last > 1_000 and 100 in ours:
        flat = replace(flat, value=ours[last].worker / ours[100].worker)
    else:
        flat = replace(flat, note="`make bench sheets=10000`, which takes hours")
    beside = ratio(f"{of:,} sheets, beside WeasyPrint alone", ours[of], bare[of], 1.15, more)
    return [beside, memory, flat], rows


def packs(project: Path, clinics: int) -> Target:
    """Print the packs of clinics, beside WeasyPrint alone with HTML of as many sheets."""
    target = Target(f"packs of {clinics} clinics, beside WeasyPrint alone", None, "x", 1.15)
    if not _knows("packs"):
        return replace(target, note="build.py has no `packs`")
    table, to = OUT / "clinics.csv", OUT / "packs"
    write_csv(table, made_up(clinics))
    shutil.rmtree(to, ignore_errors=True)
    many = copied(project, OUT / "packed")
    shutil.rmtree(many / "clinics")
    write_clinics(many, made_up(clinics))
    words = ["--project", str(project), "--clinics", str(table), "--to", str(to)]
    works = {"packs": partial(run, [*BUILD, "packs", *words]), "bare": partial(job, "bare", many)}
    found = rounds(works, 30)
    names = [name for path in to.rglob("*.zip") for name in zipfile.ZipFile(path).namelist()]
    made = sum(name.endswith(".pdf") and not name.endswith("-form.pdf") for name in names)
    more = f", {made:,} and {found['bare'].told['sheets']:,} sheets"
    return ratio(target.work, found["packs"], found["bare"], target.limit, more)


def setters(project: Path) -> tuple[list[Target], Rows]:
    """Let each peer set the sheets of one clinic and language on A4, in a process of its own."""
    known, sheets = settled(project)
    first = next(each for each in sheets if each.language.code == known.docs.main_language)
    kin = first.clinic, first.language, PAPERS[0], TEXTS[0]
    of = [each for each in sheets if (each.clinic, each.language, each.paper, each.text) == kin]
    of = spread(of, min(len(of), KINDS))
    folder = OUT / "sample"
    peers.lay_out(folder, compose(known.docs, known.library, of, known.statuses))
    every = (*peers.SETTERS, peers.WITHOUT_PDF)
    rows = {peer.name: _absent(peer) for peer in every if not peer.is_there()}

    def tried(peer: peers.Peer) -> Measured:
        try:
            return peer.run(folder)
        except BrokenError as error:
            rows[peer.name] = {"name": peer.name, "broken": str(error).splitlines()[-1]}
            return Measured(0, 0, 0, 0)

    works = {peer.name: partial(tried, peer) for peer in every if peer.is_there()}
    found = {name: each for name, each in rounds(works, 90).items() if name not in rows}
    if peers.TO_PDF.name in found and peers.WITHOUT_PDF.name in found:
        whole, website = found[peers.TO_PDF.name], found[peers.WITHOUT_PDF.name]
        seconds, cpu = whole.seconds - website.seconds, whole.cpu - website.cpu
        found[peers.TO_PDF.name] = replace(whole, seconds=seconds, cpu=cpu)
    for peer in peers.SETTERS:
        if peer.name in found:
            made = {"sheets": len(of), **peers.told(folder / peer.made)}
            rows[peer.name] = {"name": peer.name, **made, **_plain(found[peer.name])}
    return beside_to_pdf(rows[OURS], rows[peers.TO_PDF.name]), [
        rows[each.name] for each in peers.SETTERS
    ]


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


def _plain(measured: Measured) -> dict[str, float]:
    return {key: getattr(measured, key) for key in KEYS}


def _absent(peer: peers.Peer) -> dict[str, Any]:
    return {"name": peer.name, "absent": peer.how}


def _knows(command: str) -> bool:
    try:
        run([*BUILD, command, "--help"])
    except BrokenError:
        return False
    return True


def main() -> None:
    """Measure all, one part after another; write what is known after each."""
    parser = argparse.ArgumentParser(prog="python -m bench.compare", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--project", type=Path, default=ROOT)
    parser.add_argument("--sheets", type=int, default=100, choices=COUNTS, help="up to so many")
    given = parser.parse_args()
    OUT.mkdir(parents=True, exist_ok=True)
    project = copied(given.project.resolve(), OUT / "project")
    _, sheets = settled(project)
    kinds = {(sheet.handout.name, sheet.language.code, sheet.text) for sheet in sheets}
    of_each = min(KINDS, len(kinds)) * len(PAPERS)
    many = copied(project, OUT / "many")
    write_clinics(many, made_up(ceil(given.sheets / of_each)))
    python = f"Python {platform.python_version()}"
    whose = "what is shipped" if given.project.resolve() == ROOT else given.project.resolve().name
    results: dict[str, Any] = {
        "machine": f"{os.cpu_count()} cores, {platform.system()}, {python}",
        "content": f"{whose}, {len(sheets):,} sheets",
        **{part: [] for part in ("targets", "builds", "setters", "growth")},
    }
    clinics = 50 if given.sheets >= 1_000 else 2
    parts: dict[str, Callable[[], Any]] = {
        "setters": partial(setters, project),
        "builds": partial(builds, project),
        "one edit": partial(one_edit, project),
        "growth": partial(growth, many, given.sheets),
        "packs": partial(packs, project, clinics),
        "cluster": partial(cluster, project),
    }
    for part, work in parts.items():
        print(f"{part} …", flush=True)
        try:
            found = work()
        except (BrokenError, ContentError) as error:
            found = Target(part, None, "", note=f"broken: {str(error).splitlines()[-1]}")
        targets, results[part] = found if isinstance(found, tuple) else ([found], [])
        results["targets"] += [asdict(target) for target in targets]
        (OUT / "results.json").write_text(json.dumps(results, indent=2), "utf-8")
        (OUT / "table.md").write_text(table(results), "utf-8")
    print((OUT / "table.md").read_text("utf-8"))
    print(plot(results, OUT / "plot.svg"))


if __name__ == "__main__":
    main()
