"""Names of devices: a group's are made when somebody asks for them, a file's are kept."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import overload

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Numbered:
    """The names of a group's devices: ``<group>-0``, ``<group>-1``, ...; no padding, so growth renames nobody."""

    group: str
    count: int
    first: int = 0
    """The number of the first of them: a part of a group need not begin with its first device."""

    @property
    def numbers(self) -> range:
        """What stands behind the hyphen."""
        return range(self.first, self.first + self.count)

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[str]:
        return (f"{self.group}-{k}" for k in self.numbers)

    @overload
    def __getitem__(self, which: int) -> str: ...
    @overload
    def __getitem__(self, which: slice) -> list[str]: ...
    def __getitem__(self, which: int | slice) -> str | list[str]:
        if isinstance(which, slice):
            return [f"{self.group}-{k}" for k in self.numbers[which]]
        return f"{self.group}-{self.numbers[which]}"

    def place(self, digits: str) -> int | None:
        """The place of the device whose name ends like this after the hyphen; None if nobody's does."""
        if not (digits.isascii() and digits.isdigit() and len(digits) <= len(str(self.numbers.stop))):
            return None
        k = int(digits)
        return k - self.first if k in self.numbers and str(k) == digits else None

    def cut(self, start: int, stop: int) -> Numbered:
        """Those at the places from ``start`` up to ``stop``, which is excluded; both are within."""
        return Numbered(self.group, stop - start, self.first + start)


class Ids:
    """The ids of a fleet in its order. It reads like a list of ``str`` and costs nothing for devices of groups."""

    def __init__(self, parts: Iterable[Numbered | Sequence[str]]) -> None:
        self.parts = tuple(part for part in parts if len(part))
        """One after the other, none of them empty."""
        *self._starts, self._count = accumulate(map(len, self.parts), initial=0)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[str]:
        for part in self.parts:
            yield from part

    @overload
    def __getitem__(self, which: int) -> str: ...
    @overload
    def __getitem__(self, which: slice) -> list[str]: ...
    def __getitem__(self, which: int | slice) -> str | list[str]:
        if isinstance(which, slice):
            return [self[place] for place in range(self._count)[which]]
        place = range(self._count)[which]
        part = bisect_right(self._starts, place) - 1
        return self.parts[part][place - self._starts[part]]

    def __contains__(self, name: str) -> bool:
        return self.find(name) is not None

    def find(self, name: str) -> int | None:
        """The place in the fleet of the device with this id, of the first if there are several; None: nobody's."""
        places = [place for place in (self._of_group(name), self._listed.get(name)) if place is not None]
        return min(places, default=None)

    def texts(self, start: int, stop: int) -> NDArray[np.object_]:
        """The ids from place ``start`` up to ``stop``, which is excluded; shape (stop - start,)."""
        texts: NDArray[np.object_] = np.empty(stop - start, dtype=object)
        done = 0
        for begin, part in zip(self._starts, self.parts, strict=True):
            names = part[max(start - begin, 0) : max(stop - begin, 0)]
            texts[done : done + len(names)] = names
            done += len(names)
        return texts

    def cut(self, start: int, stop: int) -> Ids:
        """The ids from place ``start`` up to ``stop``, which is excluded; those of groups take no memory."""
        parts: list[Numbered | Sequence[str]] = []
        for begin, part in zip(self._starts, self.parts, strict=True):
            first, end = max(start - begin, 0), min(stop - begin, len(part))
            if first < end:
                parts.append(part.cut(first, end) if isinstance(part, Numbered) else part[first:end])
        return Ids(parts)

    def take(self, places: NDArray[np.intp]) -> Ids:
        """The ids at these places, in that order, as a list that is kept."""
        return Ids([[self[place] for place in places.tolist()]])

    def doubled(self) -> tuple[int, int] | None:
        """The first place whose id stands at an earlier place, after the earliest such; None if all are unique."""
        return min(self._collisions(), key=lambda places: places[::-1], default=None)

    def _collisions(self) -> Iterator[tuple[int, int]]:
        """Pairs of places with one id, the earlier place first.

        A number is what follows the last hyphen, so two groups have ids in common only if they have one name.
        Any other collision takes a listed id, so nobody else is looked at. Groups are whole here: all count from 0.
        """
        if not self._groups and len(set(self)) == len(self):  # files alone: each replication asks again
            return
        for begin, part in zip(self._starts, self.parts, strict=True):
            if isinstance(part, Numbered):
                first, _ = self._groups[part.group]
                if first < begin:
                    yield first, begin
                continue
            for place, name in enumerate(part, begin):
                for other in (self._listed[name], self._of_group(name)):
                    if other is not None and other != place:
                        yield min(place, other), max(place, other)

    def _of_group(self, name: str) -> int | None:
        group, _, digits = name.rpartition("-")
        if group not in self._groups:
            return None
        begin, names = self._groups[group]
        k = names.place(digits)
        return None if k is None else begin + k

    @cached_property
    def _groups(self) -> dict[str, tuple[int, Numbered]]:
        """Each group by name: the place of its first device, and its names."""
        groups: dict[str, tuple[int, Numbered]] = {}
        for begin, part in zip(self._starts, self.parts, strict=True):
            if isinstance(part, Numbered):
                groups.setdefault(part.group, (begin, part))
        return groups

    @cached_property
    def _listed(self) -> dict[str, int]:
        """The first place of each id that does not just count."""
        places: dict[str, int] = {}
        for begin, part in zip(self._starts, self.parts, strict=True):
            if not isinstance(part, Numbered):
                for place, name in enumerate(part, begin):
                    places.setdefault(name, place)
        return places
