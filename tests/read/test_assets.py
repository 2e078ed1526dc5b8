"""What lies beside the pages: pictures that somebody sees go out, and nothing else."""

from __future__ import annotations

import io
import random

from PIL import Image

from plainleaf.model import Project
from plainleaf.publish.website import lay_out
from plainleaf.read.assets import heavy, in_assets
from tests.conftest import known_of
from tests.repository import change


def test_only_pictures_that_are_used_are_published(project: Project) -> None:
    """Whatever else lies beside pages is named once, and kept at home."""
    folder = project.folder
    photo = Image.new("RGB", (3000, 30))
    told = Image.Exif()
    told[0x010E] = "51.5007 N"
    for name in ("Car Park.JPG", "shown.png", "unused.jpg", "../en/beside.gif"):
        photo.save(folder / "docs/assets" / name, exif=told)
    for name in ("_headers", "sw.js", "a.htm", "costs.docx", ".hidden", ".DS_Store", "x.svg"):
        (folder / "docs/assets" / name).write_text("<script>1</script>", "utf-8")
    (folder / "docs/en/old.xhtml").write_text("<script>1</script>", "utf-8")
    page = folder / "docs/en/index.md"
    more = "![A car park](assets/Car%20Park.JPG)\n\n![A bed](beside.gif)\n"
    page.write_text(f"{page.read_text('utf-8')}\n{more}", "utf-8")
    change(folder, "logo: assets/drop.svg", "logo: assets/shown.png", "mkdocs.yml")

    known, _ = known_of(project)
    tree = lay_out(known, known.docs.languages["en"], [], [])
    files = {name for name in tree if name.startswith("docs/")}
    pictures = {name for name in files if not name.endswith((".md", ".js"))}
    assert pictures == {
        "docs/assets/Car Park.JPG",
        "docs/assets/drop.svg",
        "docs/assets/shown.png",
        "docs/beside.gif",
    }
    for name in pictures - {"docs/assets/drop.svg"}:
        assert b"51.5007" not in tree[name]
        assert Image.open(io.BytesIO(tree[name])).size == (2200, 22)
    warnings = [str(found) for found in in_assets(known.docs)]
    hint = (
        "    Only pictures that a page, mkdocs.yml or a template shows go out. "
        "Keep the rest elsewhere."
    )
    assert warnings == [
        "docs/assets: warning: _headers, a.htm, costs.docx, sw.js, unused.jpg, "
        f"x.svg are used nowhere, and not published.\n{hint}",
        f"docs/en: warning: old.xhtml is used nowhere, and not published.\n{hint}",
    ]


def test_a_picture_that_stays_heavy_is_named_and_used(project: Project) -> None:
    """A photograph with see-through edges cannot be a JPEG."""
    dots = random.Random(1).randbytes(700 * 600 * 4)
    Image.frombytes("RGBA", (700, 600), dots).save(project.folder / "docs/assets/cut-out.png")
    change(project.folder, "assets/drop.svg", "assets/cut-out.png")
    known, _ = known_of(project)
    (warning,) = heavy(known.docs, [])
    assert str(warning) == (
        "docs/en/index.md:42: warning: docs/assets/cut-out.png takes 1.7 MB wherever it is shown "
        "or printed: slow on a telephone, much for an e-mail.\n"
        "    Save it as a JPEG, or 77% as wide. Up to 1 MB is no burden."
    )
    assert "docs/assets/cut-out.png" in lay_out(known, known.docs.languages["en"], [], [])
