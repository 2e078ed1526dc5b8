"""Whose turn it is: sheets are set side by side, and a pack as soon as all that it holds is."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from plainleaf.compose.compose import Composed
from plainleaf.machine.engine import Died, Engine
from plainleaf.model import Printed
from plainleaf.problems import Problem
from plainleaf.typeset.typeset import typeset

Result = list[Printed | Problem]


def in_turn(
    engine: Engine, groups: Iterable[Sequence[Composed]]
) -> Iterator[tuple[Composed, Result | Died]]:
    """Give each sheet with its PDFs, or with what is wrong, as it is finished.

    What a pack holds comes too, wanted or not; for a pack that holds something wrong, nothing.
    Groups are asked for as they are needed; a sheet and the packs that hold it are in one group.
    """
    turns = _Turns(groups)
    for item, result in engine.run(typeset, turns.jobs()):
        yield item, result
        for pack in turns.take(item, result):
            yield pack, []


@dataclass(slots=True)
class _Turns:
    """Packs by path, the paths of those that wait for each sheet, and the packs whose turn it is.

    The longest sheets have the first turns: at the end no process waits for another's last one.
    """

    groups: Iterable[Sequence[Composed]]
    packs: dict[str, Composed] = field(default_factory=dict)
    waiting: dict[str, list[str]] = field(default_factory=dict)
    ready: deque[Composed] = field(default_factory=deque)

    def jobs(self) -> Iterator[Composed | None]:
        """Give what is to be set; None while all that is left waits for what is being set."""
        for group in self.groups:
            for item in sorted(self._begun(group), key=lambda item: len(item.html), reverse=True):
                while self.ready:
                    yield self.ready.popleft()
                yield item
        while self.packs or self.ready:
            yield self.ready.popleft() if self.ready else None

    def _begun(self, group: Sequence[Composed]) -> Iterable[Composed]:
        """Let the packs of a group wait; give the rest, and all that the packs wait for."""
        singles = {item.sheet.path: item for item in group if not item.held}
        for pack in group:
            for each in _lacking(pack):
                singles.setdefault(each.sheet.path, each)
                self.waiting.setdefault(each.sheet.path, []).append(pack.sheet.path)
            if pack.held:
                self._let_wait(pack)
        return singles.values()

    def _let_wait(self, pack: Composed) -> None:
        """Let a pack wait, unless all that it holds is finished."""
        if _lacking(pack):
            self.packs[pack.sheet.path] = pack
        else:
            self.packs.pop(pack.sheet.path, None)
            self.ready.append(pack)

    def take(self, item: Composed, result: Result | Died) -> Iterator[Composed]:
        """Give what is finished to the packs that hold it; give those that its faults cost."""
        found = () if isinstance(result, Died) else result
        made = [each for each in found if isinstance(each, Printed)]
        path = item.sheet.path
        for pack in filter(None, map(self.packs.get, self.waiting.pop(path, ()))):
            if made:  # the first is the one to print
                held = (made[0] if each.sheet.path == path else each for each in pack.held)
                self._let_wait(replace(pack, held=tuple(held)))
            else:
                del self.packs[pack.sheet.path]
                yield pack


def _lacking(pack: Composed) -> list[Composed]:
    return [each for each in pack.held if isinstance(each, Composed)]
