"""What devices of a scenario have and do, as far as an assumption is about it: radios, modules, hosts, batteries."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from fota_sim.errors import ScenarioError
from fota_sim.scenario.device_rows.rows import read_rows
from fota_sim.scenario.fleet import Devices, TableFleet
from fota_sim.scenario.model import Scenario

_LISTED = re.compile(r"fleet\.([a-z]+\.[^.\[\]]+)\.(.+)")


class Kind(NamedTuple):
    """Devices of one source that have the same module, radio and host, and what of them is drawn."""

    place: str
    """Of the source in the fleet: ``groups.meters``."""
    devices: Devices
    module: str
    radio: str
    host: str
    draws_signal: bool = False
    """Whether the signal of some comes from a distribution."""
    draws_mains: bool = False
    draws_level: bool = False
    """Whether some run on a battery whose charge is drawn."""
    some_on_mains: bool = False
    some_on_battery: bool = False
    draws_gone: bool = False
    """Whether a share of some is gone for good; of the others the file says who is."""

    def with_more(self, other: Kind) -> Kind:
        """The same kind with what holds for either."""
        return self._replace(**{name: getattr(self, name) or getattr(other, name) for name in Kind._fields[5:]})


@dataclass(frozen=True)
class InUse:
    """The kinds of devices of a fleet."""

    scenario: Scenario
    kinds: list[Kind]
    unread: list[str]
    """Tables that cannot be read any more; of their devices every module, radio and host is taken to be some's."""

    def matters(self, path: str) -> bool:
        """Whether some device does what the field at this path is about."""
        if (listed := _LISTED.fullmatch(path)) is not None:
            place, field = listed.groups()
            return _holds(_OF_SOURCES, field, [each for each in self.kinds if each.place == place], self.scenario)
        kind, _, rest = path.partition(".")
        if kind not in _LIBRARIES:
            return self._of_plans(path)
        of, rules = _LIBRARIES[kind]
        name, _, field = rest.partition(".")
        return _holds(rules, field, [each for each in self.kinds if of(each) == name], self.scenario)

    def _of_plans(self, path: str) -> bool:
        manual = any(one.plan.mode == "manual" for one in self.scenario.each_plan)
        return manual or not path.rpartition(".")[2].startswith("user_confirm")


Rule = Callable[[Kind, Scenario], bool]


def _holds(rules: Mapping[str, Rule], field: str, kinds: list[Kind], scenario: Scenario) -> bool:
    rule = rules.get(field)
    return any(rule is None or rule(each, scenario) for each in kinds)


def _law(name: str) -> Rule:
    return lambda kind, scenario: scenario.radios[kind.radio].law == name


def _has_edrx(kind: Kind, _: Scenario) -> bool:
    sleep = kind.devices.contact.sleep
    return sleep is not None and sleep.edrx is not None


def _reads_rsrp(kind: Kind, _: Scenario) -> bool:
    return isinstance(kind.devices, TableFleet) and kind.devices.units.rssi == "rsrp"


def _in_psm(kind: Kind, _: Scenario) -> bool:
    sleep = kind.devices.contact.sleep
    return sleep is not None and sleep.t3412 is not None


def _writes_itself(_: Kind, scenario: Scenario) -> bool:
    """Whether a plan has software of an MCU, which the host writes."""
    return any(each.component != one.module_component for one in scenario.each_plan for each in one.planned)


_OF_RADIOS: dict[str, Rule] = {
    "efficiency": _law("mcs"),
    "margin": _law("mcs"),
    "share": _law("shannon"),
    "rssi": lambda kind, _: kind.draws_signal and kind.devices.rssi is None,
    "gone": lambda kind, _: kind.draws_gone and kind.devices.gone is None,
    "churn": lambda kind, _: kind.devices.churn is None,
}
_OF_MODULES: dict[str, Rule] = {
    "i_edrx": _has_edrx,
    "mains": lambda kind, _: kind.draws_mains and kind.devices.mains is None,
    "battery.level": lambda kind, _: kind.draws_level and kind.devices.battery is None,
    "power_cuts_mains": lambda kind, _: kind.some_on_mains,
    "power_cuts_battery": lambda kind, _: kind.some_on_battery,
}
_OF_HOSTS: dict[str, Rule] = {"mcu_flash_rate": _writes_itself, "mcu_flash_failure": _writes_itself}
_OF_SOURCES: dict[str, Rule] = {
    "rsrp_offset": _reads_rsrp,
    "battery.level": lambda kind, _: kind.draws_level,
    "battery_life": lambda kind, _: kind.some_on_battery,
    "gone": lambda kind, _: kind.draws_gone,
    "contact.sleep.keeps_downlinks": _in_psm,
}
"""Fields that matter only sometimes; any other does if some device has what it is of."""
_LIBRARIES: dict[str, tuple[Callable[[Kind], str], Mapping[str, Rule]]] = {
    "radios": (lambda kind: kind.radio, _OF_RADIOS),
    "modules": (lambda kind: kind.module, _OF_MODULES),
    "hosts": (lambda kind: kind.host, _OF_HOSTS),
}


def in_use(scenario: Scenario) -> InUse:
    """What the devices of a fleet have; tables are read for it."""
    kinds, unread = list[Kind](), list[str]()
    for (_, kind, _), source in scenario.fleet.placed():
        place = f"{kind}.{source.name}"
        if not isinstance(source, TableFleet):
            radio = source.radio or scenario.modules[source.module].radio
            kinds.append(_kind(place, source, source.module, radio, source.host, scenario, {}))
            continue
        try:
            kinds += _of_table(place, source, scenario)
        except ScenarioError:
            unread.append(source.called)
            kinds += _any(place, source, scenario)
    return InUse(scenario, kinds, unread)


def _of_table(place: str, source: TableFleet, scenario: Scenario) -> Iterator[Kind]:
    rows = read_rows(source, scenario).mapped
    names = ("module", "radio", "host", "rssi", "battery", "mains")
    columns = [rows.get(name, [None] * len(rows["id"])) for name in names]
    columns[3:5] = [[value is not None for value in column] for column in columns[3:5]]
    columns.append(_says_who_is_gone(rows, source))
    found: dict[tuple[str, str, str], Kind] = {}
    for own_module, own_radio, own_host, signal, battery, mains, gone in set(zip(*columns, strict=True)):
        module, host = own_module or source.module, own_host or source.host
        radio = own_radio or source.radio or scenario.modules[module].radio
        said = {"rssi": signal, "battery": battery, "mains": mains, "gone": gone}
        kind = _kind(place, source, module, radio, host, scenario, said)
        before = found.get(kind[2:5])
        found[kind[2:5]] = kind if before is None else before.with_more(kind)
    yield from found.values()


def _says_who_is_gone(rows: Mapping[str, Sequence[Any]], source: TableFleet) -> list[bool]:
    """Of each row, whether the table says so, or says when the device was there last."""
    dated = source.as_of is not None and source.gone_after is not None
    nobody = [None] * len(rows["id"])
    said, last = rows.get("gone", nobody), rows.get("last_contact", nobody) if dated else nobody
    return [one is not None or other is not None for one, other in zip(said, last, strict=True)]


def _any(place: str, source: TableFleet, scenario: Scenario) -> Iterator[Kind]:
    """Every kind that a table of which nothing else is known may have."""
    columns = source.columns
    modules = list(scenario.modules) if "module" in columns else [source.module]
    hosts = list(scenario.hosts) if "host" in columns else [source.host]
    for module in modules:
        own = source.radio or scenario.modules[module].radio
        for radio in scenario.radios if "radio" in columns else [own]:
            for host in hosts:
                yield Kind(place, source, module, radio, host, True, True, True, True, True, True)


def _kind(
    place: str,
    devices: Devices,
    module: str,
    radio: str,
    host: str,
    scenario: Scenario,
    said: Mapping[str, bool | None],
) -> Kind:
    """Of devices of which a table says these: whether it gives signal and battery, and whether they are on mains."""
    mains, battery = said.get("mains"), bool(said.get("battery"))
    share = scenario.modules[module].mains if devices.mains is None else devices.mains
    drawn = mains is None and not battery
    on_mains = bool(mains) or (drawn and share > 0)
    on_battery = mains is False or (mains is None and (battery or share < 1))
    volts = isinstance(devices, TableFleet) and devices.units.battery in ("V", "mV")
    return Kind(
        place,
        devices,
        module,
        radio,
        host,
        draws_signal=not said.get("rssi") or devices.battery_signal_correlation != 0,
        draws_mains=drawn,
        draws_level=on_battery and devices.battery_level is None and (not battery or volts),
        some_on_mains=on_mains,
        some_on_battery=on_battery,
        draws_gone=not said.get("gone"),
    )
