"""Product, components and version packages, with the Developer Center's rules."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from fota_sim.quoting import quoted
from fota_sim.scenario.types import AtText, Block, Duration, Line, Ratio, Size, Whole

FORMATS = (
    ".bin",
    ".rar",
    ".pack",
    ".mini_1",
    ".mini_2",
    ".py",
    ".tar",
    ".s19",
    ".bin_1",
    ".bin_2",
    ".zip",
    ".tar.gz",
)
"""File formats the Developer Center takes, in letters of any case."""

_VERSION = r"^[A-Za-z0-9_.\-]+$"


class Component(Block):
    """One thing on the device that has a version of its own."""

    identifier: AtText = Field(min_length=1, max_length=32)
    """What the module and the platform call it."""
    name: Line = ""
    """What people call it; the identifier if empty."""
    type: Literal["firmware", "mcu"] = "firmware"
    """firmware: the module's own (FOTA); mcu: software of the host or another processor (SOTA)."""
    remarks: str = Field("", max_length=200)
    """Free text."""


class Model(Block):
    """An upgrade model: the components that are upgraded together."""

    name: Line = "My model"
    """Unique in the project."""
    device_model: str = Field("FC41D", pattern=r"^[A-Za-z0-9_]+$")
    """Letters, digits and underscores only."""
    version: str = ""
    """Free text."""
    components: list[Component] = Field(min_length=1)
    """In no particular order; the plan says the upgrade order."""

    @model_validator(mode="after")
    def _unique(self) -> Self:
        for what in ("identifier", "name"):
            seen = [getattr(c, what) for c in self.components if getattr(c, what)]
            if len(set(seen)) != len(seen):
                raise ValueError(f"two components share the {what}; each needs its own")
        if sum(c.type == "firmware" for c in self.components) > 1:
            raise ValueError("more than one component of type firmware; a module has one, the others are mcu")
        return self


class Product(Block):
    """The product that the plan is for."""

    project: Line = "My project"
    """Project the product belongs to."""
    name: Line = "My product"
    """Product name."""
    pk: AtText = Field("p1112a", min_length=1, max_length=32)
    """Product key."""
    ps: AtText = Field("c0ffee", min_length=1, max_length=32)
    """Product secret."""
    model: Model
    """What its devices are made of."""

    def type_of(self, identifier: str) -> Literal["firmware", "mcu"] | None:
        """What kind of component this is; None if the product has none of this name."""
        return next((each.type for each in self.model.components if each.identifier == identifier), None)


class PackageFile(Block):
    """One file of a version package."""

    name: Line
    """File name; its ending must be one the Developer Center takes."""
    size: Size = Field(gt=0, le=100_000_000)
    """At most 100 MB."""
    md5: str | None = Field(None, pattern=r"^[0-9a-f]{32}$")
    """MD5 that the platform announces; null: made up from the package's name."""
    crc32: Whole | None = Field(None, ge=0, lt=2**32)
    """CRC-32 that the platform announces; null: made up."""
    sha256: str | None = Field(None, pattern=r"^[0-9a-f]{64}$")
    """SHA-256 that the platform announces; null: made up."""

    @model_validator(mode="after")
    def _known_format(self) -> Self:
        ending = next((each for each in FORMATS if self.name.lower().endswith(each)), None)
        if ending is None:
            raise ValueError(f"{quoted(self.name)} is no format the platform takes; it takes {' '.join(FORMATS)}")
        if not self.name[: -len(ending)].strip(" ."):
            raise ValueError(f"{quoted(self.name)} is an ending without a name; write for example v2{ending}")
        return self


class Defect(Block):
    """Something wrong with the new version on some devices."""

    name: Line = ""
    """For you."""
    where: str = ""
    """Whom it can hit, as a condition: hardware == "B" and rssi < -100dBm; empty: everybody."""
    effect: Literal["verify_failure", "boot_failure", "wrong_version", "never_reconnects", "dies_later"]
    """What happens to a device that is hit."""
    probability: Ratio = Field(1.0, ge=0, le=1)
    """Share of them that are hit."""
    after: Duration = Field(3600.0, gt=0)
    """dies_later: how long after the update."""


class Package(Block):
    """One version of one component."""

    name: Line = Field(min_length=1, max_length=100)
    """Unique."""
    component: str
    """Identifier of the component."""
    product: Line | None = None
    """Name of the product that it is valid for only; null: for all that have the component."""
    kind: Literal["full", "delta"] = "full"
    """A full package fits every version, a delta package one source version."""
    source_version: AtText | None = Field(None, max_length=64)
    """Version a delta package starts from."""
    specified_versions: list[AtText] = Field(default_factory=list, max_length=8)
    """Versions a full package is offered to; empty: all."""
    target_version: str = Field(pattern=_VERSION, max_length=64)
    """Version the device must report for success."""
    files: list[PackageFile] = Field(min_length=1, max_length=5)
    """One to five files."""
    remarks: str = Field("", max_length=200)
    """Free text."""
    defects: list[Defect] = Field(default_factory=list)
    """What is wrong with this version, for what-if questions; the first that hits a device counts."""

    @model_validator(mode="after")
    def _source_fits_kind(self) -> Self:
        if self.kind == "delta" and not self.source_version:
            raise ValueError("a delta package needs source_version, the version its devices run now")
        if self.kind == "full" and self.source_version:
            raise ValueError("a full package has no source_version; use specified_versions, or kind: delta")
        if self.kind == "delta" and self.specified_versions:
            raise ValueError("specified_versions is for full packages; a delta package has source_version")
        return self

    @property
    def size_B(self) -> int:
        """All files together."""
        return sum(file.size for file in self.files)
