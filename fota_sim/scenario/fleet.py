"""The fleet and its sources: groups of devices drawn from distributions, and tables of real ones."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, PrivateAttr, ValidationInfo, field_validator, model_validator

from fota_sim.quoting import quoted
from fota_sim.scenario.activation import MomentLaw
from fota_sim.scenario.distribution import RatioLaw, SignalLaw, TemperatureLaw, constant
from fota_sim.scenario.document import Key
from fota_sim.scenario.held import Held
from fota_sim.scenario.mix import Mix, VersionMix
from fota_sim.scenario.module import Battery
from fota_sim.scenario.moments import DateOrder
from fota_sim.scenario.sleep import Sleep
from fota_sim.scenario.tables.csv_file import CsvTable
from fota_sim.scenario.tables.excel_file import ExcelTable
from fota_sim.scenario.tables.table import Table
from fota_sim.scenario.types import (
    MOST_DEVICES,
    Block,
    Decibel,
    Duration,
    Encoding,
    Life,
    Line,
    Plain,
    Ratio,
    Voltage,
    Whole,
)
from fota_sim.scenario.window import DailyWindow, Window
from fota_sim.scenario.zones import known_zone


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
    sleep: Sleep | None = None
    """The same in the network's terms, PSM and eDRX: when it can be reached between the times at which it reports by
    itself, and what it draws meanwhile; null: it is off between contacts of wake and daily, and always awake else."""

    @model_validator(mode="after")
    def _one_story(self) -> Contact:
        if self.sleep is None:
            return self
        if self.sleep.in_psm and self.pattern != "wake":
            raise ValueError("in PSM a device is there when it reports; write pattern: wake, and every: how often")
        if self.pattern == "wake" and not self.sleep.in_psm:
            message = "with eDRX alone a device is there all the time: pattern: always. In PSM give t3412 and t3324"
            raise ValueError(message)
        if self.linger != Contact.model_fields["linger"].default:
            raise ValueError("linger follows from sleep: t3324 after inactivity; leave it out")
        return self


_PRIMARY_LIFE_S = 315_576_000.0  # 10 years, what Li-SOCl2 cells are sold for (docs/sources.md); assumption


class Devices(Block):
    """A source of devices: what a group and a table have in common."""

    name: str = Field(pattern=r"^[A-Za-z0-9_\-]+$", max_length=100)
    """Unique; device ids begin with it."""
    product: Line | None = None
    """Name of the product that they are of; null: the one that the plan is for."""
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
    battery_life: Life | None = Field(None, gt=0, le=3_155_760_000)
    """How long a full battery is to last without the update, of which the answer says how many days an update takes;
    null: 10 years for li-socl2, which cannot be charged, and not known for others. Assumption."""
    battery_signal_correlation: Plain = Field(0.0, ge=-1, le=1)
    """Correlation of battery level and signal (Gaussian copula)."""
    contact: Contact = Contact()
    """When they are there."""
    joins: MomentLaw | None = None
    """When each is put into service: from activation, or dates; null: they are there already."""
    gone: Ratio | None = Field(None, ge=0, le=1)
    """Share that is gone for good; null: the radio's."""
    churn: Ratio | None = Field(None, ge=0, lt=1)
    """Share lost every 30 days; null: the radio's."""
    cells: Whole = Field(1, ge=1, le=MOST_DEVICES)
    """Radio cells the group is spread over."""
    time_zone: Mix | None = None
    """Where the devices are; null: the scenario's zone."""
    attributes: dict[str, Mix] = Field(default_factory=dict)
    """Further attributes, for conditions."""

    @field_validator("time_zone")
    @classmethod
    def _known_zones(cls, value: dict[str, float] | None) -> dict[str, float] | None:
        if value is None:
            return None
        shares: dict[str, float] = {}
        for name, share in value.items():
            zone = known_zone(name)
            shares[zone] = shares.get(zone, 0.0) + share
        return shares

    @property
    def mapped(self) -> Collection[str]:
        """Attributes that each device has from a column of a table; none, of a group."""
        return ()

    def life_s(self, chemistry: str) -> float | None:
        """The expected life in seconds of its batteries of this chemistry; None: not known."""
        told_s: float | None = self.battery_life
        if told_s is not None:
            return told_s
        return _PRIMARY_LIFE_S if chemistry == "li-socl2" else None


class Group(Devices):
    """Devices drawn from distributions."""

    count: Whole = Field(ge=0, le=MOST_DEVICES)
    """How many; over 16 million devices where they share nothing, so that they can be played in parts."""


class CellUnits(Block):
    """What the numbers of a table are in."""

    rssi: Literal["dBm", "csq", "rsrp"] = "dBm"
    """csq: the index that AT+CSQ answers, -113 + 2n dBm for 0 to 31, and 99 for a device that cannot tell. rsrp: dBm of
    the reference signal, of which rsrp_offset makes the signal."""
    battery: Literal["%", "share", "V", "mV"] = "%"
    """share: 0.87 for 87 %; V, mV: a cell's voltage at rest, from which battery_volts makes the charge."""
    capacity: Literal["mAh", "Ah"] = "mAh"
    """What numbers in the column of capacities are in."""
    contact_every: Literal["s", "min", "h", "d"] | None = None
    """What numbers in the column of reporting periods are in; null: they say it, 24h or 15 min."""
    t3412: Literal["s", "min", "h", "d"] | None = None
    """The same of periodic TAUs; null: they say it, or are bits."""
    t3324: Literal["s", "min", "h", "d"] | None = None
    """The same of active times."""
    edrx: Literal["s", "min", "h", "d"] | None = None
    """The same of eDRX cycles."""


class TableFleet(Devices):
    """Devices read from a table; the other fields are for what it does not say."""

    file: Line = Field(min_length=1)
    """The file, relative to the scenario."""
    columns: dict[str, str]
    """Which column holds which attribute: id (needed), rssi, rssi_sd, battery (%), capacity (mAh), temperature,
    mains, hardware, firmware, cell, time_zone, module, radio, host, chemistry, gone, last_contact, contact_every,
    t3412, t3324, edrx (durations, or the bits of AT+CPSMS and AT+CEDRXS), mcu:<component>. One column may stand for
    several. Other columns are kept as attributes, those without a name are left out. A device whose battery is given
    runs on it, unless a mapped mains says otherwise."""
    decimal: Literal[".", ","] = "."
    """What separates the decimals of numbers."""
    missing: list[Line] = Field(default_factory=list, max_length=100)
    """Cells that say nothing, beside empty ones: N/A, NULL, -. In any case."""
    leave_out: list[Annotated[Line, Field(min_length=1)]] = Field(default_factory=list, max_length=100)
    """Rows that are no devices, by what the first cell that is not empty begins with: "#", Total, (40 rows)."""
    latest: Line | None = Field(None, min_length=1)
    """Of several rows of a device the latest counts, by this column of dates, written as dates says; of equal ones that
    which stands last. Null: each device has one row."""
    units: CellUnits = CellUnits()
    """What numbers without a unit are in."""
    values: dict[str, dict[str, str]] = Field(default_factory=dict)
    """Cells that mean something else, by attribute: mains: {Ja: yes, Nein: no}, module: {BG95-M3: BG95}; "" for one
    that says nothing: rssi: {"-999": ""}."""
    rsrp_offset: Decibel | None = Field(None, ge=0, le=40)
    """How much stronger the signal is than its RSRP; null: 10 log10(12 n) for the n resource blocks of the radio's
    bandwidth, as on a fully loaded carrier (3GPP TS 36.214): 10.8 dB for NB-IoT, 18.6 for LTE-M, 27.8 for 10 MHz of
    LTE. Assumption: carriers with less load are some dB weaker."""
    battery_volts: list[tuple[Voltage, Ratio]] | None = Field(None, min_length=2, max_length=100)
    """What a cell's voltage says of its charge, as points [voltage, share] from empty to full; null: the resting
    voltages of its chemistry. Where several charges have one voltage, at least the lowest of them is known."""
    dates: DateOrder = "ymd"
    """How last contacts are written: ymd (2025-12-31, always read), dmy (31.12.2025), mdy (12/31/2025), unix, unix_ms,
    unix_us or unix_ns (seconds, milliseconds and so on since 1970), excel (46022.99, days as a spreadsheet numbers
    them). Without an offset they are in the scenario's time_zone."""
    as_of: datetime | None = None
    """When the file was exported; last contacts are as old as they were then."""
    gone_after: Duration | None = Field(None, gt=0)
    """A device whose last contact is longer ago than this is gone for good, and any other that has one is not."""
    limit: Whole | None = Field(None, ge=1, le=MOST_DEVICES)
    """Only the first so many rows."""

    @field_validator("as_of", mode="before")
    @classmethod
    def _a_date(cls, value: object) -> object:
        if isinstance(value, int | float):
            raise ValueError(f"must be a date such as 2026-01-05 or 2026-01-05T08:00:00, not {value}")
        return value

    @field_validator("battery_volts")
    @classmethod
    def _rises(cls, value: list[tuple[float, float]] | None) -> list[tuple[float, float]] | None:
        for (volts, share), (more, fuller) in zip(value or (), (value or ())[1:], strict=False):
            if more < volts or fuller <= share:
                message = "goes from empty to full: each point has more charge than the one before, and no less volts"
                raise ValueError(message)
        if any(not 0.0 <= share <= 1.0 for _, share in value or ()):
            raise ValueError("shares go from 0% to 100%")
        return value

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

    def place(self, base_dir: Path) -> str:
        """What messages about its rows call it."""
        return str(base_dir / self.file)

    @property
    def called(self) -> str:
        """What messages about the whole of it call it."""
        return self.file if len(self.file) <= 80 and self.file.isprintable() else quoted(self.file)

    def content(self, base_dir: Path) -> bytes:
        """What its file holds; raises OSError if it cannot be read."""
        return (base_dir / self.file).read_bytes()

    @abstractmethod
    def table(self, base_dir: Path) -> Table:
        """The rows; ``base_dir`` is where the scenario stands. Nothing is read yet."""


class CsvFleet(TableFleet):
    """Devices read from a CSV file: text with a line of column names."""

    delimiter: str = Field(",", pattern=r'^[^"\r\n]$')
    """Between fields, one character."""
    encoding: Encoding = "utf-8"
    """Of the text: latin-1, cp1252 (Windows), utf-16 or another that Python knows."""
    header: Whole = Field(1, ge=1, le=1000)
    """The line with the column names; what stands before it is left out."""

    def table(self, base_dir: Path) -> CsvTable:
        """See ``TableFleet``."""
        return CsvTable(base_dir / self.file, self.delimiter, self.encoding, self.header, self.limit)


class ExcelFleet(TableFleet):
    """Devices read from a sheet of an Excel workbook (.xlsx): each cell as it is shown there, with all its digits."""

    sheet: Line | None = Field(None, min_length=1, max_length=31)
    """The sheet's name; null: the first that is not hidden."""
    header: Whole = Field(1, ge=1, le=1000)
    """The row with the column names; what stands above it is left out."""

    def table(self, base_dir: Path) -> ExcelTable:
        """See ``TableFleet``."""
        return ExcelTable(base_dir / self.file, self.sheet, self.header, self.limit)


class HeldFleet(CsvFleet):
    """Devices of a table that a program holds; it says and is told what a CSV file with the same rows is."""

    _held: Held = PrivateAttr()

    @classmethod
    def of(cls, source: CsvFleet, held: Held) -> HeldFleet:
        """``source`` with a table in place of its file."""
        made = cls.model_validate(source.model_dump(mode="json", by_alias=True))
        made._held = held
        return made

    @property
    def held(self) -> Held:
        """The table."""
        return self._held

    def place(self, base_dir: Path) -> str:
        """See ``TableFleet``."""
        return self._held.origin

    @property
    def called(self) -> str:
        """See ``TableFleet``."""
        return self._held.origin

    def content(self, base_dir: Path) -> bytes:
        """See ``TableFleet``."""
        return self._held.content

    def table(self, base_dir: Path) -> CsvTable:
        """See ``TableFleet``."""
        return CsvTable(base_dir / self.file, limit=self.limit, held=self._held.content)


class Fleet(Block):
    """All devices: groups first, then tables."""

    groups: list[Group] = Field(default_factory=list)
    """Drawn devices."""
    csv: list[CsvFleet] = Field(default_factory=list)
    """Real devices, in text files."""
    excel: list[ExcelFleet] = Field(default_factory=list)
    """Real devices, in Excel workbooks."""
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
        lists: dict[str, Sequence[Devices]] = {"groups": self.groups, "csv": self.csv, "excel": self.excel}
        for name, sources in lists.items():
            for index, source in enumerate(sources):
                yield ("fleet", name, index), source

    @property
    def held(self) -> dict[str, Held]:
        """Tables that a program holds in place of files, by the names of the files."""
        return {each.file: each.held for each in self.csv if isinstance(each, HeldFleet)}

    def with_held(self, held: Mapping[str, Held]) -> Fleet:
        """The same with tables that a program holds in place of files, by the names of the files."""
        csv = [HeldFleet.of(each, held[each.file]) if each.file in held else each for each in self.csv]
        return self.model_copy(update={"csv": csv})

    @property
    def drawn(self) -> int:
        """Devices of all groups."""
        return sum(group.count for group in self.groups)
