"""A module's registration with the platform, and the one status report that waits for it."""

from __future__ import annotations

from collections.abc import Callable

from fota_sim.protocol.states import ConnectionState, OtaState
from fota_sim.protocol.urc import format_urc
from fota_sim.protocol.world import World

MANUAL = 1
"""``AT+QIOTREG=1``: connect now; forgotten at the next power-on."""
AUTOMATIC = 2
"""``AT+QIOTREG=2``: connect now and at each power-on."""

_DEVICE_SECRET_WRONG = 10430


class Link:
    """Registration mode, connection state, and the status that could not be sent yet (one slot)."""

    __slots__ = ("_send", "_waiting", "_world", "has_device_secret", "mode", "state")

    def __init__(self, world: World, send: Callable[[str], None]) -> None:
        self._world = world
        self._send = send
        self._waiting: tuple[OtaState, str] | None = None
        self.mode = 0
        """What ``AT+QIOTREG?`` answers. Kept over a power cut."""
        self.state = ConnectionState.UNINITIALISED
        self.has_device_secret = True
        """Whether the module was authenticated before; if not, the world connects as for the first time."""

    @property
    def online(self) -> bool:
        """Whether the platform can be reached."""
        return self.state is ConnectionState.SUBSCRIBED

    def boot(self) -> None:
        """Start up: manual mode is forgotten, automatic mode connects."""
        self.state = ConnectionState.INITIALISED
        if self.mode == MANUAL:
            self.mode = 0
        elif self.mode == AUTOMATIC:
            self._connect()

    def shut_down(self) -> None:
        """Lose power: the link and the waiting report are gone, the mode stays."""
        self.state = ConnectionState.UNINITIALISED
        self._waiting = None

    def register(self, mode: int) -> None:
        """Follow ``AT+QIOTREG=<mode>``, 0..2. The mode that holds already changes nothing."""
        before, self.mode = self.mode, mode
        if before == 0 and mode:
            self._connect()
        elif before and mode == 0:
            self.state = ConnectionState.DEREGISTERING
            self._world.disconnect()

    def connected(self, first: bool) -> None:
        """Registered and subscribed: say so, report versions, then the status that waits."""
        if not self.mode or self.online:
            return
        self.has_device_secret = True
        self.state = ConnectionState.SUBSCRIBED
        if first:
            self._send(format_urc(1, 10200))
        self._send(format_urc(2, 10200))
        self._send(format_urc(3, 10200))
        self._world.report_versions()
        if self._waiting is not None and self.online:
            state, component = self._waiting
            self._waiting = None
            self._world.report_status(state, component)

    def lost(self, code: int) -> None:
        """The connection, or the attempt at one, broke off with this access code; the world keeps trying."""
        if not self.mode:
            return
        self.state = ConnectionState.REGISTERING
        if code == _DEVICE_SECRET_WRONG:
            self.has_device_secret = False
        self._send(format_urc(2, code))

    def deregistered(self) -> None:
        """The registration is given up."""
        if self.state is ConnectionState.DEREGISTERING:
            self.state = ConnectionState.DEREGISTERED
            self._send(format_urc(6, 10200))

    def report(self, state: OtaState, component: str) -> None:
        """Send a status upstream, or keep it for the next subscription in place of an older one."""
        if self.online:
            self._world.report_status(state, component)
        else:
            self._waiting = (state, component)

    def _connect(self) -> None:
        self.state = ConnectionState.REGISTERING
        self._world.connect()
