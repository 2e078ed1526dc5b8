"""Translation: does each block still say what its original says, and who says that it does?"""

from __future__ import annotations

from collections.abc import Iterator

from plainleaf.check.gates.family import Family
from plainleaf.model import Docs
from plainleaf.problems import Problem

FAMILY = Family(
    "translation",
    {
        "unknown": "45 CFR 92.201: what is offered in another language is accurate",
        "stale": "45 CFR 92.201: what is offered in another language is accurate",
        "changed": "ISO 17100, 5.3.3: a translation is revised against its original",
        "block": "ISO 17100, 5.3.2: nothing is left out",
        "kept": "45 CFR 92.201: what is offered in another language is accurate",
    },
)
# What would be printed wrong, whoever is told of it. The rest is marked on the sheet, or released
# by nobody: who changes the original cannot translate it, too.
_REFUSED = ("block", "kept")


def of_translations(docs: Docs) -> Iterator[Problem]:
    """Give where each translation and its original came apart."""
    for translation in docs.translations.values():
        for drift in translation.drifts:
            say = FAMILY.error if drift.kind in _REFUSED else FAMILY.warning
            yield say(drift.kind, drift.source, drift.fact, drift.hint, *drift.subjects)
