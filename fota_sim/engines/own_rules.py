"""Rules of the user's own in force for a run: bound where the shipped ones were, and taken away again.

The compiled engine has the shipped rules in its machine code, so the reference engine plays, and finds its rules by
name (``reference/bound.py``). Elsewhere what is replaced, and every rule that leads to it, runs as plain Python
meanwhile; all others stay compiled, and nothing is compiled anew.
"""

from __future__ import annotations

import hashlib
import pickle
import sys
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from fota_sim.engines.choice import AUTO, COMPILED, REFERENCE, choose, load
from fota_sim.engines.own_rule import OwnRule, Rule, is_of, outside, own_rule, plain
from fota_sim.errors import FotaSimError
from fota_sim.scenario.model import Scenario

if TYPE_CHECKING:
    from fota_sim.device.bind import Story

_RULES = "fota_sim.rules."
_NEVER_TOUCHED = "fota_sim.engines.compiled."
_REFERENCE_STORY = "fota_sim.engines.reference.bound"
_ROWS = 256  # of radios, modules and hosts, that are remembered as arrays
_in_force = threading.Lock()

Swaps = dict[int, tuple[Rule, Rule]]
"""By the identity of a function: the function, which must live as long, and what stands for it."""


class OwnRules:
    """Functions in place of shipped rules, checked; false if there are none, and then all is as shipped."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        """``given``: functions by the names of the rules. Raises FotaSimError for the first that does not fit."""
        self.rules: tuple[OwnRule, ...] = tuple(own_rule(name, given[name]) for name in sorted(given))
        self._calls: Counter[str] = Counter()

    def __bool__(self) -> bool:
        return bool(self.rules)

    def engine(self, scenario: Scenario, wanted: str) -> str:
        """The engine that plays them; raises FotaSimError for one that cannot."""
        if not self:
            return choose(scenario, wanted).name
        if wanted == COMPILED:
            raise FotaSimError(
                "the compiled engine has the shipped rules in its machine code and cannot play rules of your own; "
                f"engine={REFERENCE!r} can"
            )
        return choose(scenario, REFERENCE if wanted == AUTO else wanted).name

    def workers(self, wanted: int | None) -> int | None:
        """How many play them: this process only, for no other one has them; raises FotaSimError for more."""
        if not self:
            return wanted
        if wanted not in (None, 1):
            raise FotaSimError(f"rules of your own are played in this process only; workers must be 1, not {wanted}")
        return 1

    def units_workers(self, wanted: int | None) -> int | None:
        """How many play the units of a batch: this process only, if no other one can have the functions.

        Raises FotaSimError for more where that is so.
        """
        at_home = self.at_home()
        if not at_home:
            return wanted
        if wanted not in (None, 1):
            raise FotaSimError(
                f"other processes cannot have {at_home}, for they can only import functions; write it at the top level "
                f"of a module, not of a script or a notebook, or let workers be 1, not {wanted}"
            )
        return 1

    def at_home(self) -> str:
        """The name of the first function that no other process can import; empty if there is none."""
        for rule in self.rules:
            try:
                pickle.dumps(rule.function)
            except (pickle.PicklingError, AttributeError):
                return rule.function.__name__
            if rule.function.__module__ == "__main__":
                return rule.function.__name__
        return ""

    def __reduce__(self) -> tuple[Any, ...]:
        return _elsewhere, ({rule.name: rule.function for rule in self.rules}, self.digests())

    def marked(self, identity: str) -> str:
        """The identity of a scenario that is played with them: as long as ``identity``, and another one."""
        if not self:
            return identity
        digest = hashlib.sha256(identity.encode())
        for rule in self.rules:
            digest.update(f"{rule.name} {rule.digest}\n".encode())
        return digest.hexdigest()[: len(identity)]

    def digests(self) -> dict[str, str]:
        """What each is known by."""
        return {rule.name: rule.digest for rule in self.rules}

    def report(self) -> list[dict[str, Any]]:
        """A row for each, ready for JSON; ``asked`` is how often the run asked it so far."""
        return [
            {
                "rule": rule.name,
                "function": rule.function.__name__,
                "digest": rule.digest,
                "asked": self._calls[rule.name],
            }
            for rule in self.rules
        ]

    def told(self) -> dict[str, Any]:
        """What a summary says of them; nothing if there are none."""
        return {"own_rules": self.report()} if self else {}

    def source(self) -> str:
        """All of them as one text."""
        return "\n\n".join(f"# in place of {rule.name}\n{rule.source}" for rule in self.rules)

    @contextmanager
    def in_force(self) -> Iterator[None]:
        """Play by them in this thread, until the block is left in whatever way; other threads play the shipped rules.

        Raises:
            FotaSimError: rules of somebody's own are in force already.

        """
        if not self:
            yield
            return
        if not _in_force.acquire(blocking=False):
            raise FotaSimError("a run with rules of your own is under way in this process; wait until it has ended")
        try:
            load(REFERENCE)  # whatever binds a rule by name does so before the names change
            swaps = self._swaps()
            _rebind(swaps, self._places())
            try:
                yield
            finally:
                back = {id(new): (new, old) for old, new in swaps.values()}
                _rebind(back, self._places())
        finally:
            _in_force.release()

    def _swaps(self) -> Swaps:
        """What stands for each replaced rule, and for each rule that leads to one."""
        replaced = {id(rule.shipped) for rule in self.rules}
        shipped = _shipped()
        leading = _leading_to(replaced, shipped)
        swaps: Swaps = {}
        for number in leading:
            old = shipped[number]
            if old is not plain(old):
                swaps[number] = (old, _copy(plain(old)))
        story = _reference_story()
        for rule in self.rules:
            bound = story.bound(rule.shipped)
            asked = self._asked(rule, bound)
            swaps[id(rule.shipped)] = (rule.shipped, asked)
            swaps[id(bound)] = (bound, _copy(asked))
        return swaps

    def _asked(self, rule: OwnRule, behind: Rule) -> Rule:
        """The user's function as the engine calls it; within it, and in other threads, the shipped rule."""
        mine = threading.get_ident()
        inside = False

        def asked(*arguments: Any, **named: Any) -> Any:
            nonlocal inside
            if threading.get_ident() != mine or inside:
                return behind(*arguments, **named)
            inside = True
            try:
                given = rule.function(
                    *map(_as_array, arguments), **{name: _as_array(value) for name, value in named.items()}
                )
            finally:
                inside = False
            self._calls[rule.name] += 1
            return rule.answer(given)

        return asked

    def _places(self) -> list[ModuleType]:
        """Modules in which rules are bound by name; among them those of the user's functions, which may use rules."""
        own = {rule.function.__module__ for rule in self.rules}
        return [
            *_reference_story().modules.values(),
            *(
                module
                for name, module in list(sys.modules.items())
                if name in own or (name.startswith("fota_sim.") and not name.startswith(_NEVER_TOUCHED))
            ),
        ]


def _elsewhere(functions: Mapping[str, Any], digests: Mapping[str, str]) -> OwnRules:
    """The same in another process, which has imported the functions; raises FotaSimError if they are others by now."""
    own = OwnRules(functions)
    if own.digests() != digests:
        changed = next(name for name, digest in own.digests().items() if digests[name] != digest)
        raise FotaSimError(
            f"{changed}: a worker has another function or other values than this process; has the file changed, or a "
            "value in it since it was imported? Start again, or let workers be 1"
        )
    return own


SHIPPED = OwnRules({})
"""None: the model as it is."""


def _reference_story() -> Story:
    """The story as the reference engine plays it, bound when that was loaded."""
    story: Story = sys.modules[_REFERENCE_STORY].story
    return story


def _as_array(argument: Any) -> Any:
    """A row as rules are documented to take it; the reference engine has its rows as tuples."""
    return _array_of(argument) if isinstance(argument, tuple) else argument


@lru_cache(_ROWS)
def _array_of(row: tuple[float, ...]) -> NDArray[np.float64]:
    return np.array(row)


def _shipped() -> dict[int, Rule]:
    """Every function of ``fota_sim.rules``, by identity."""
    found: dict[int, Rule] = {}
    for name, module in list(sys.modules.items()):
        if name.startswith(_RULES):
            found |= {id(value): value for value in vars(module).values() if is_of(value, name)}
    return found


def _leading_to(targets: set[int], functions: Mapping[int, Rule]) -> set[int]:
    """Those of ``functions`` that call one of ``targets``, themselves or through others."""
    uses = {number: {id(value) for value in _reached(plain(function))} for number, function in functions.items()}
    found: set[int] = set()
    while True:
        more = {number for number, used in uses.items() if used & (targets | found)} - found
        if not more:
            return found
        found |= more


def _reached(function: FunctionType) -> Iterator[Any]:
    """What the function may call: what it names, and of modules that it names everything it names of them."""
    for value in outside(function).values():
        if isinstance(value, ModuleType):
            yield from (vars(value)[name] for name in function.__code__.co_names if name in vars(value))
        else:
            yield value


def _copy(function: Any) -> Rule:
    """Another function that does the same, so that it can be told from the first."""
    code, name = function.__code__, function.__name__
    return FunctionType(code, function.__globals__, name, function.__defaults__, function.__closure__)


def _rebind(swaps: Swaps, places: list[ModuleType]) -> None:
    for module in places:
        for name, value in list(vars(module).items()):
            if id(value) in swaps:
                setattr(module, name, swaps[id(value)][1])
