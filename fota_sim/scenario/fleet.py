"""The fleet and its sources: groups of devices drawn from distributions, and tables of real ones."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationInfo, field_validator

from fota_sim.quoting import quoted
from fota_sim.scenario.distribution import DurationLaw, RatioLaw, SignalLaw, TemperatureLaw, constant
from fota_sim.scenario.document import Key
from fota_sim.scenario.mix import Mix, VersionMix
from fota_sim.scenario.module import Battery
from fota_sim.scenario.tables.csv_file import CsvTable
from fota_sim.scenario.tables.table import Table
from fota_sim.scenario.types import Block, Duration, Encoding, Line, Ratio, known_zone
from fota_sim.scenario.window import DailyWindow, Window


class Contact(Block):
    """When a device is there."""

    pattern: Literal["always", "wake", "daily"] = "always"
    """always: from its first contact on; wake: every so often; daily: in hours of its local time."""
    spread: Duration | None = Field(None, ge=0)
    """First contacts are spread evenly over this time; null: 10 min, or one period of a waking device. Assumption."""
    every: Duration = Field(86_400.0, ge=60)
    """wake: the period."""
    jitter: Duration = Field(0.0, ge=0)
    """wake: up to this much later than the period says."""
    hours: DailyWindow = Window(480, 1080)
    """daily: the hours."""
    request_every: Duration | None = Field(86_400.0, ge=60)
    """always, daily: how often a host that asks asks again; null: once per contact."""
    linger: Duration = Field(60.0, ge=1)
    """wake: how long it stays awake with nothing to do."""


class Devices(Block):
    """A source of devices: what a group and a table have in common."""

    name: str = Field(pattern=r"^[A-Za-z0-9_\-]+$", max_length=100)
    """Unique; device ids begin with it."""
    module: str = "BC66"
    """Module model: FC41D, EC200U, EC800K, BG95, BC66 or one of your own under modules."""
    radio: str | None = None
    """Radio: wifi, lte-cat1, lte-m, nb-iot or one of your own; null: the module's."""
    host: str = "careful"
    """Host: careful, lenient, careless, late or one of your own."""
    hardware: Mix = Field(default_factory=lambda: {"A": 1.0})
    """Hardware revision."""
    firmware: VersionMix = Field(default_factory=lambda: {"1_0": 1.0})
    """Version of the module firmware running at the start."""
    mcu: dict[str, VersionMix] = Field(default_factory=dict)
    """Version of each MCU component, by identifier."""
    rssi: SignalLaw | None = None
    """Mean signal of each device; null: the radio's."""
    rssi_unknown: Ratio = Field(0.0, ge=0, le=1)
    """Share of devices that cannot read their signal."""
    temperature: TemperatureLaw = constant(20.0)
    """Ambient temperature."""
    mains: Ratio | None = Field(None, ge=0, le=1)
    """Share on mains, of devices whose file gives no battery; null: the module's."""
    battery: Battery | None = None
    """Battery of the others; null: the module's."""
    battery_level: RatioLaw | None = None
    """State of charge at the start; null: the battery's."""
    battery_unknown: Ratio = Field(0.0, ge=0, le=1)
    """Share of devices whose level cannot be read."""
    battery_signal_correlation: float = Field(0.0, ge=-1, le=1)
    """Correlation of battery level and signal (Gaussian copula)."""
    contact: Contact = Contact()
    """When they are there."""
    joins: DurationLaw | None = None
    """When each is put into service, from activation; null: they are there already."""
    gone: Ratio | None = Field(None, ge=0, le=1)
    """Share that is gone for good; null: the radio's."""
    churn: Ratio | None = Field(None, ge=0, lt=1)
    """Share lost every 30 days; null: the radio's."""
    cells: int = Field(1, ge=1)
    """Radio cells the group is spread over."""
    time_zone: Mix | None = None
    """Where the devices are; null: the scenario's zone."""
    attributes: dict[str, Mix] = Field(default_factory=dict)
    """Further attributes, for conditions."""

    @field_validator("time_zone")
    @classmethod
    def _known_zones(cls, value: dict[str, float] | None) -> dict[str, float] | None:
        for name in value or ():
            known_zone(name)
        return value

    @property
    def mapped(self) -> Collection[str]:
        """Attributes that each device has from a column of a table; none, of a group."""
        return ()


class Group(Devices):
    """Devices drawn from distributions."""

    count: int = Field(ge=0, le=1_000_000_000)
    """How many; over 16 million devices where they share nothing, so that they can be played in parts."""


class CellUnits(Block):
    """What the numbers of a table are in."""

    rssi: Literal["dBm", "csq"] = "dBm"
    """csq: the index that AT+CSQ answers, -113 + 2n dBm for 0 to 31, and 99 for a device that cannot tell."""
    battery: Literal["%", "share"] = "%"
    """share: 0.87 for 87 %."""


class TableFleet(Devices):
    """Devices read from a table; the other fields are for what it does not say."""

    file: Line = Field(min_length=1)
    """The file, relative to the scenario."""
    columns: dict[str, str]
    """Which column holds which attribute: id (needed), rssi, rssi_sd, battery (%), capacity (mAh), temperature,
    mains, hardware, firmware, cell, time_zone, module, radio, host, chemistry, mcu:<component>. One column may stand
    for several. Other columns are kept as attributes, those without a name are left out. A device whose battery is
    given runs on it, unless a mapped mains says otherwise."""
    decimal: Literal[".", ","] = "."
    """What separates the decimals of numbers."""
    missing: list[Line] = Field(default_factory=list, max_length=100)
    """Cells that say nothing, beside empty ones: N/A, NULL, -. In any case."""
    units: CellUnits = CellUnits()
    """What numbers without a unit are in."""
    values: dict[str, dict[str, str]] = Field(default_factory=dict)
    """Cells that mean something else, by attribute: mains: {Ja: yes, Nein: no}, module: {BG95-M3: BG95}."""
    limit: int | None = Field(None, ge=1)
    """Only the first so many rows."""

    @field_validator("values")
    @classmethod
    def _of_mapped(cls, value: dict[str, dict[str, str]], info: ValidationInfo) -> dict[str, dict[str, str]]:
        columns = info.data.get("columns", value)
        for attribute in value:
            if attribute not in columns:
                raise ValueError(f"{quoted(attribute)} is not mapped to a column; name it under columns too")
        return value

    @property
    def mapped(self) -> Collection[str]:
        """See ``Devices``."""
        return self.columns

    @abstractmethod
    def table(self, base_dir: Path) -> Table:
        """The rows; ``base_dir`` is where the scenario stands. Nothing is read yet."""


class CsvFleet(TableFleet):
    """Devices read from a CSV file: text with a line of column names."""

    delimiter: str = Field(",", pattern=r'^[^"\r\n]$')
    """Between fields, one character."""
    encoding: Encoding = "utf-8"
    """Of the text: latin-1, cp1252 (Windows), utf-16 or another that Python knows."""
    header: int = Field(1, ge=1, le=1000)
    """The line with the column names; what stands before it is left out."""

    def table(self, base_dir: Path) -> CsvTable:
        """See ``TableFleet``."""
        return CsvTable(base_dir / self.file, self.delimiter, self.encoding, self.header, self.limit)


class Fleet(Block):
    """All devices: groups first, then tables."""

    groups: list[Group] = Field(default_factory=list)
    """Drawn devices."""
    csv: list[CsvFleet] = Field(default_factory=list)
    """Real devices."""
    redraw: bool = True
    """Each replication draws a new fleet; false: the same fleet with other luck."""

    @property
    def tables(self) -> list[TableFleet]:
        """Sources whose devices are read and not drawn."""
        return [source for _, source in self.placed() if isinstance(source, TableFleet)]

    @property
    def sources(self) -> list[Devices]:
        """Every source, in the order of the devices."""
        return [source for _, source in self.placed()]

    def placed(self) -> Iterator[tuple[Key, Devices]]:
        """Every source with its place in the scenario, in the order of the devices."""
        lists: dict[str, Sequence[Devices]] = {"groups": self.groups, "csv": self.csv}
        for name, sources in lists.items():
            for index, source in enumerate(sources):
                yield ("fleet", name, index), source

    @property
    def drawn(self) -> int:
        """Devices of all groups."""
        return sum(group.count for group in self.groups)
