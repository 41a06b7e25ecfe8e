"""What can be made to go wrong on demand, by name, and how it is done to the story of one device.

A fault is done to the story and not to the text: the platform, the battery and the dialogue follow from it as from one
that physics brought about.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from fota_sim.device import events as e
from fota_sim.device.fields import NONE
from fota_sim.emulate.device import Emulated
from fota_sim.emulate.injection import IMAGE_FAULTS, Injection
from fota_sim.engines.reference.bound import story
from fota_sim.engines.reference.world import Device, World
from fota_sim.rules import codes
from fota_sim.rules.labels import DEFECT_EFFECTS

_WALK_MS = 1000
"""Between two steps of a signal that walks."""


class _Wanted(NamedTuple):
    """An event of a device's that shall not happen."""

    device: int
    kind: int


class Faults:
    """Does faults to the emulated devices of a run."""

    def __init__(self, worlds: Sequence[World]) -> None:
        """``worlds``: the run as each of its plans has it."""
        self._kept_away: list[_Wanted] = []
        self._breaks: dict[int, float] = {}
        """Devices whose next download breaks off, and at which share of the file."""
        self._spoils: dict[int, int] = {}
        """Devices whose next image has a defect, and which."""
        self._files: set[int] = set()
        """Devices whose next download is of a wrong file."""
        for w in worlds:
            w.interferes = partial(self._interferes, w)

    def do(self, device: Emulated, what: Injection) -> None:
        """Do it now; what concerns the next offer, download or image waits for that."""
        _DOES[what.fault](self, device, what)

    # Messages and downloads

    def drop(self, device: Emulated, kind: int) -> None:
        """The platform's next message of this kind is lost on its way."""
        self._kept_away.append(_Wanted(device.live.who, kind))

    def break_download(self, device: Emulated, share: float) -> None:
        """The download that runs, or the next one, breaks off when so much of the file is there."""
        self._breaks[device.live.who] = share
        self._look(device.w, device.live)

    def _interferes(self, w: World, live: Device, kind: int, _a: int, _b: int) -> bool:
        wanted = _Wanted(live.who, kind)
        if wanted in self._kept_away:
            self._kept_away.remove(wanted)
            return True
        if live.who in self._breaks and kind in (e.FETCH_BEGINS, e.FETCH_TURN, e.SEGMENT_ENDS):
            begin_B = live.at_B
            w.env.call_at(w.env.now_ms, live.who, lambda: self._look(w, live, begin_B))
        if live.who in self._files and kind == e.FETCH_BEGINS:
            self._files.discard(live.who)
            w.env.call_at(w.env.now_ms, live.who, lambda: setattr(live, "spoiled", True))
        if live.who in self._spoils and kind == e.FLASH_BEGINS:
            self._give_effect(w, live)
        return False

    def _look(self, w: World, live: Device, begin_B: int = NONE) -> None:
        """Whether the segment that is played passes the place where the download breaks; ``begin_B``: where it began.

        A segment that was on its way before the fault was asked for began nobody knows where: as much of it is there
        as of its time has passed since the piece's first byte.
        """
        share = self._breaks.get(live.who)
        if share is None or not live.running or NONE in (live.segment_ms, live.info):
            return
        break_B = share * w.components_at[live.info].size_B
        if begin_B == NONE:
            begin_B = live.piece_start_B
        if live.at_B < break_B:
            return
        within = max(0.0, break_B - begin_B) / max(1, live.at_B - begin_B)
        at_ms = max(live.segment_ms + int(within * live.lasts_ms), w.env.now_ms)
        fetch = live.fetch
        w.env.call_at(at_ms, live.who, lambda: self._break(w, live, fetch))

    def _break(self, w: World, live: Device, fetch: int) -> None:
        if live.fetch == fetch and live.running and self._breaks.pop(live.who, None) is not None:
            story.download.fails(w, live, w.env.now_ms, codes.DOWNLOAD_BROKE)

    def spoil_file(self, device: Emulated) -> None:
        """The file of the next download is not the one that its checksums are of."""
        self._files.add(device.live.who)

    # Image, power, signal

    def spoil(self, device: Emulated, effect: int) -> None:
        """The next image that the module writes has this defect, and those after it have their own again."""
        self._spoils[device.live.who] = effect

    def _give_effect(self, w: World, live: Device) -> None:
        """Have the image that is about to be written spoiled; the story looks at it in what happens next."""
        part = w.parts_at[live.first_part + w.components_at[live.component].part]
        own, part.effect = part.effect, self._spoils.pop(live.who)
        w.env.call_at(w.env.now_ms, live.who, lambda: setattr(part, "effect", own))

    def cut_power(self, device: Emulated) -> None:
        """The supply fails for a moment: whatever the module is doing ends here, and it starts up again."""
        w, live, now_ms = device.w, device.live, device.w.env.now_ms
        if not live.powered:
            return
        if live.writing:
            live.cut_by = codes.POWER_LOST
            live.run += 1  # the end of writing that was foreseen is void
            story.flashing.flash_ends(w, live, now_ms, live.run)
            return
        if live.running:
            live.cut_by = codes.REBOOT_IN_DOWNLOAD
            live.download_failures += 1
            story.accounts.attempt_failed(w, live, codes.REBOOT_IN_DOWNLOAD)
        story.modem.restart(w, live, now_ms)

    def walk(self, device: Emulated, to_dBm: float, over_ms: int) -> None:
        """The mean signal goes evenly to another one."""
        live, env = device.live, device.w.env
        from_dBm, began_ms = live.mean_dBm, env.now_ms

        def step() -> None:
            passed = min(1.0, (env.now_ms - began_ms) / over_ms) if over_ms else 1.0
            live.mean_dBm = from_dBm + (to_dBm - from_dBm) * passed
            if passed < 1.0:
                env.call_at(min(env.now_ms + _WALK_MS, began_ms + over_ms), live.who, step)

        step()

    def charge(self, device: Emulated, charge: float) -> None:
        """The battery holds this much from now on; one on mains has none."""
        w, live, now_ms = device.w, device.live, device.w.env.now_ms
        if not live.mains:
            story.body.settle(w, live, now_ms)
            live.left_uC = charge * live.capacity_uC
            story.body.works(w, live, now_ms, live.load_mA)

    def say(self, device: Emulated, line: str) -> None:
        """The module says a line unasked, if it has power."""
        if device.live.powered:
            device.module.send(line)


_Does = Callable[[Faults, Emulated, Injection], None]


def _spoils(effect: int) -> _Does:
    return lambda faults, device, _what: faults.spoil(device, effect)


_DOES: dict[str, _Does] = {
    "drop_offer": lambda faults, device, _what: faults.drop(device, e.PLAN_ARRIVES),
    "drop_url": lambda faults, device, _what: faults.drop(device, e.ADDRESS_ARRIVES),
    "break_download": lambda faults, device, what: faults.break_download(device, what.share or 0.0),
    **{name: _spoils(DEFECT_EFFECTS.index(name)) for name in IMAGE_FAULTS},
    "power_cut": lambda faults, device, _what: faults.cut_power(device),
    "power_on": lambda _faults, device, _what: device.power.on(),
    "power_off": lambda _faults, device, _what: device.power.off(),
    "lose_urc": lambda _faults, device, _what: device.lose(1),
    "double_urc": lambda _faults, device, _what: device.double(1),
    "garble_block": lambda _faults, device, _what: device.garble(1),
    "wrong_checksum": lambda faults, device, _what: faults.spoil_file(device),
    "signal_walk": lambda faults, device, what: faults.walk(device, what.to_dBm, what.over_ms),
    "battery": lambda faults, device, what: faults.charge(device, what.charge or 0.0),
    "say": lambda faults, device, what: faults.say(device, what.line or ""),
}
