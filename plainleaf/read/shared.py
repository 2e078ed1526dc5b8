"""What must read the same wherever it stands: phrases and lists of shared.yml, by their names."""

from __future__ import annotations

from collections.abc import Mapping

from plainleaf.model import Shared


def shared_text(shared: Shared, name: str) -> str | Mapping[str, str] | None:
    """Give a phrase, a list, or one line of a list (`list.line`); None if nothing is called so."""
    of, dot, line = name.partition(".")
    found = shared.get(of)
    if not dot:
        return found
    return found.get(line) if isinstance(found, Mapping) else None


def shared_names(shared: Shared) -> list[str]:
    """Give all names that can be asked for, those of single lines too."""
    lines = [
        f"{name}.{line}"
        for name, found in shared.items()
        if isinstance(found, Mapping)
        for line in found
    ]
    return [*shared, *lines]
