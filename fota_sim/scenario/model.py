"""The whole scenario."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import (
    Field,
    PrivateAttr,
    SerializerFunctionWrapHandler,
    field_validator,
    model_serializer,
    model_validator,
)

from fota_sim.errors import Problem
from fota_sim.quoting import quoted
from fota_sim.scenario.activation import Moment
from fota_sim.scenario.device_list import DeviceList
from fota_sim.scenario.faults import Faults
from fota_sim.scenario.fleet import Devices, Fleet
from fota_sim.scenario.host import Host
from fota_sim.scenario.learnt import Learnt
from fota_sim.scenario.module import Module
from fota_sim.scenario.network import Network, Protocol
from fota_sim.scenario.plan import MOST_PLANS, PLAN_NAME, NamedPlan, Plan, device_lists
from fota_sim.scenario.prices import Prices
from fota_sim.scenario.product import Component, Package, Product
from fota_sim.scenario.radio import Radio
from fota_sim.scenario.start import START, ZONE
from fota_sim.scenario.strategies import NAME_PATTERN, Strategies
from fota_sim.scenario.thresholds import MetricName, ThresholdText, of_all_devices, parse_threshold
from fota_sim.scenario.types import Block, Whole, Zone
from fota_sim.scenario.wording import A_QUESTION


@dataclass(frozen=True, eq=False)
class Written:
    """Where a scenario is written; no part of what it says, so any two are equal."""

    places: Mapping[str, tuple[str, int, int]]
    """File, line and column by path: ``fleet.groups[0].count``."""

    def __eq__(self, other: object) -> bool:
        """Whether it is of this kind."""
        return isinstance(other, Written)

    def __hash__(self) -> int:
        """One for all."""
        return hash(Written)

    def placed(self, problem: Problem) -> Problem:
        """The problem with the place of its path, or of the nearest part around it that is written."""
        path = problem.path
        while path and path not in self.places:
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        file, line, column = self.places.get(path, ("", 0, 0))
        return replace(problem, file=file, line=line, column=column)


_EARLIEST, _LATEST = 1971, 2200
"""Years of a start: all clocks are known there, with room for the longest horizon."""


def _without_default(told: dict[str, Any]) -> None:
    """For a field whose default the schema cannot say in a value."""
    told.pop("default", None)


PlanName = Annotated[str, Field(pattern=PLAN_NAME)]

_NO_PLAN: Any = None
"""Of a scenario with several: what looks at one plan looks at ``each_plan``, or has refused it before."""

ONE_OR_SEVERAL = "write either plan:, for one plan, or plans:, for several by name"


class Keep(Block):
    """What a result keeps beside the tables."""

    events: bool = False
    """Every AT line, URC and platform log line, as a table."""
    transcripts: Whole | list[str] = 0
    """Dialogues of the first so many devices, or of these ids."""

    @field_validator("transcripts", mode="before")
    @classmethod
    def _number_or_ids(cls, value: object) -> object:
        number = isinstance(value, int) and not isinstance(value, bool) and value >= 0
        ids = isinstance(value, list) and all(isinstance(name, str) for name in value)
        if not number and not ids:
            raise ValueError(f"must be how many devices, or a list of ids in quotes, not {quoted(value)}")
        return value


class Scenario(Block):
    """A fleet, a plan and the world they meet in."""

    name: str = Field("", pattern=r"^[A-Za-z0-9_.\- ]*$", max_length=100)
    """Names the result folder; the file's name if empty."""
    description: str = ""
    """What is simulated, in a line."""
    question: str = Field("", max_length=300, pattern=A_QUESTION)
    """What its results are to answer, as a question in plain words; shown above every answer. If empty, the
    description is shown."""
    key_metrics: list[MetricName] = Field(default_factory=list, max_length=8)
    """What the question is about, by metrics: [bytes_wasted, success]. Answers tell them first, and a variant that is
    worse in one of them is no plain gain. Costs and limits are told anyway."""
    start: datetime = START
    """Wall clock at activation, without a zone."""
    time_zone: Zone = ZONE
    """Zone of start, and of devices that say no other: an IANA name, or an offset such as "+03:00"."""
    horizon: Moment = Field(604_800.0, gt=0, le=315_360_000)
    """How long is simulated, or until when."""
    seed: Whole = Field(1, ge=0, lt=2**63)
    """Luck; the same seed gives the same numbers."""
    replications: Whole = Field(1, ge=1, le=10_000, json_schema_extra=_without_default)
    """Independent repetitions; five or more give 95 % intervals. Left out: as many as the question needs."""
    keep: Keep = Keep()
    """What to keep."""
    product: Product
    """The product that the plan is for: model, components."""
    products: list[Product] = Field(default_factory=list)
    """Further products that devices of the fleet are of; the plan is not for them."""
    packages: list[Package] = Field(min_length=1)
    """Version packages."""
    plan: Plan = Field(default=_NO_PLAN, json_schema_extra=_without_default)
    """The upgrade plan. A scenario has either this or plans."""
    plans: dict[PlanName, NamedPlan] = Field(default_factory=dict, max_length=MOST_PLANS)
    """Several plans at a time, by name, in the order in which they take devices."""
    strategies: Strategies = Field(default_factory=dict, exclude=True)
    """Variants by name; a loaded scenario has none, for the chosen one is merged in."""
    strategy: str | None = Field(None, pattern=NAME_PATTERN)
    """The strategy that was merged in; null: the plan as it stands."""
    thresholds: list[ThresholdText] = Field(default_factory=list)
    """Limits to keep, such as bricked < 0.01% or time_to_95 <= 7d; a run passes, fails, or leaves it undecided."""
    prices: Prices | None = None
    """What happens, priced; null: nothing is."""
    fleet: Fleet
    """The devices."""
    network: Network = Network()
    """Server and cells."""
    radios: dict[str, Radio]
    """Radios by name; your own may extend a built-in one."""
    modules: dict[str, Module]
    """Module models by name."""
    hosts: dict[str, Host]
    """Hosts by name."""
    protocol: Protocol = Protocol()
    """Timers and switches."""
    faults: Faults = Faults()
    """What goes wrong on purpose."""
    learnt: Learnt | None = None
    """What a log of a real rollout taught, with its uncertainty; fota-sim fit writes it."""

    _base_dir: Path = PrivateAttr(default=Path())
    _written: Written = PrivateAttr(default=Written({}))
    _plan_name: str = PrivateAttr(default="")
    _plan_number: int = PrivateAttr(default=0)
    _unsaid: str = PrivateAttr(default="")
    _drawn: dict[int, Any] = PrivateAttr(default_factory=dict)

    @model_validator(mode="after")
    def _one_or_several(self) -> Self:
        if (self.plan is None) != bool(self.plans):
            raise ValueError(ONE_OR_SEVERAL)
        return self

    @model_serializer(mode="wrap")
    def _as_written(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """The form of the plan that was not chosen is not there, nor are key metrics of a scenario that names none."""
        told: dict[str, Any] = handler(self)
        if not told.get("key_metrics", True):
            del told["key_metrics"]
        if not told.get("plans", True):
            del told["plans"]
        if told.get("plan", True) is None:
            del told["plan"]
        return told

    @field_validator("question", mode="before")
    @classmethod
    def _in_one_line(cls, value: object) -> object:
        return " ".join(value.split()) if isinstance(value, str) else value

    @field_validator("key_metrics")
    @classmethod
    def _once(cls, value: list[str]) -> list[str]:
        if len(set(value)) < len(value):
            raise ValueError("names a metric twice")
        return value

    @field_validator("start", mode="before")
    @classmethod
    def _a_date(cls, value: object) -> object:
        if isinstance(value, int | float):
            raise ValueError(f"must be a date and time such as 2026-01-05T08:00:00, not {value}")
        return value

    @field_validator("start")
    @classmethod
    def _no_zone(cls, value: datetime) -> datetime:
        if value.tzinfo is not None:
            raise ValueError("write start without a zone, and the zone in time_zone")
        if not _EARLIEST <= value.year <= _LATEST:
            raise ValueError(f"{value} is out of range; use a year from {_EARLIEST} to {_LATEST}")
        return value

    @property
    def asks(self) -> str:
        """The question, or what stands in for it."""
        return self.question or self.description

    @property
    def asks_about(self) -> list[str]:
        """The metrics that its question, or else a limit of all devices, names."""
        limits = [parse_threshold(text).metric for text in of_all_devices(self.thresholds)]
        return list(dict.fromkeys([*self.key_metrics, *limits]))

    @property
    def says_replications(self) -> bool:
        """Whether somebody said how often to play it."""
        return "replications" in self.model_fields_set

    @property
    def priced(self) -> frozenset[str]:
        """What has a price: fields of ``metrics.PRICED``."""
        return frozenset() if self.prices is None else self.prices.priced

    @property
    def currency(self) -> str:
        """What costs are in; empty without prices."""
        return "" if self.prices is None else self.prices.currency

    @property
    def base_dir(self) -> Path:
        """Where relative file names start."""
        return self._base_dir

    def placed(self, problem: Problem) -> Problem:
        """A problem with the place in the file of what its path names, where that is known."""
        if problem.file:
            return problem
        return self._written.placed(replace(problem, path=self.path_of(problem.path)))

    @property
    def each_plan(self) -> tuple[Scenario, ...]:
        """The scenario once for each of its plans, as if it had that one only, in the order in which they take devices.

        Who is of which plan is another matter (``fleet.lists``).
        """
        if not self.plans:
            return (self,)
        return tuple(self._with_one(number, name, plan) for number, (name, plan) in enumerate(self.plans.items()))

    def of_plan(self, name: str) -> Scenario:
        """As in ``each_plan``: with the plan of this name only; itself if it is written with one. Raises KeyError."""
        if not self.plans:
            return self
        return self._with_one([*self.plans].index(name), name, self.plans[name])

    def with_plan(self, name: str, plan: Plan) -> Scenario:
        """With another plan in place of the one of this name; all else stays."""
        said = {"plans": {**self.plans, name: plan}} if self.plans else {"plan": plan}
        return self.model_copy(update=said)

    def _with_one(self, number: int, name: str, plan: NamedPlan) -> Scenario:
        every = self.all_products
        own = every.get(plan.product or self.product.name, self.product)
        others = [each for each in every.values() if each is not own]
        one = self.model_copy(update={"plan": plan, "plans": {}, "product": own, "products": others})
        one._plan_name, one._plan_number, one._unsaid = name, number, self.product.name
        return one

    @property
    def plan_name(self) -> str:
        """What the plan is called among several; empty for a scenario that is written with one."""
        return self._plan_name

    @property
    def plan_number(self) -> int:
        """Its place among them."""
        return self._plan_number

    def path_of(self, path: str) -> str:
        """The path of what stands at ``plan...`` in a scenario with one plan; any other stays as it is."""
        head, dot, rest = path.partition(".")
        if not self._plan_name or head != "plan":
            return path
        return f"plans.{self._plan_name}{dot}{rest}"

    def key_of(self, path: tuple[str | int, ...]) -> tuple[str | int, ...]:
        """The same for a path in steps."""
        if not self._plan_name or path[:1] != ("plan",):
            return path
        return ("plans", self._plan_name, *path[1:])

    @property
    def lists(self) -> list[tuple[tuple[str | int, ...], DeviceList]]:
        """Every list of devices in the plan, or in all plans, and where it stands."""
        return [found for one in self.each_plan for found in device_lists(one.plan, one._at)]

    @property
    def _at(self) -> tuple[str | int, ...]:
        return ("plans", self._plan_name) if self._plan_name else ("plan",)

    @property
    def horizon_ms(self) -> int:
        """The horizon in milliseconds."""
        horizon_s: float = self.horizon
        return math.floor(horizon_s * 1000 + 0.5)

    def package(self, name: str) -> Package:
        """The package of this name."""
        return next(package for package in self.packages if package.name == name)

    @property
    def planned(self) -> list[Package]:
        """The plan's packages, in upgrade order."""
        return [self.package(name) for name in self.plan.packages]

    @property
    def all_products(self) -> dict[str, Product]:
        """Every product by name, that of the plan first."""
        return {each.name: each for each in (self.product, *self.products)}

    def is_planned_for(self, source: Devices) -> bool:
        """Whether devices of a source are of the product that the plan is for."""
        return self.product_of(source) == self.product.name

    def product_of(self, source: Devices) -> str:
        """Name of the product that devices of a source are of."""
        return source.product or self._unsaid or self.product.name

    @property
    def components(self) -> list[Component]:
        """The components of all products, each identifier once, those of the plan's product first."""
        every = [each for product in self.all_products.values() for each in product.model.components]
        return list({each.identifier: each for each in reversed(every)}.values())[::-1]

    @property
    def module_component(self) -> str:
        """Identifier of the module's own firmware; the device model's name where no component is of that type."""
        for component in self.product.model.components:
            if component.type == "firmware":
                return component.identifier
        return self.product.model.device_model
