"""The command line of one module: AT commands in, AT answers out, and URCs in between."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence

from fota_sim.protocol import basic, commands, identification, kept, network, power, sub_devices, wire
from fota_sim.protocol.configuration import Configuration
from fota_sim.protocol.dialects import dialect_of
from fota_sim.protocol.grammar import REPEATS, Command, CommandError, CommandLine, parse_line
from fota_sim.protocol.identity import Identity
from fota_sim.protocol.network import told_registration, wanted_registrations
from fota_sim.protocol.profile import Profile
from fota_sim.protocol.registry import Commands
from fota_sim.protocol.settings import OtaSettings
from fota_sim.protocol.states import ConnectionState
from fota_sim.protocol.sub_device import SubDevice
from fota_sim.protocol.urc import format_urc
from fota_sim.protocol.world import World

__all__ = ["Identity", "Module", "OtaSettings", "World"]

NETWORK_LOST = 10474
"""Code of event type 2: the network could not be reached."""
_DEVICE_SECRET_WRONG = 10430

ATTACH_S = 3.0
"""From a start, or from AT+CFUN=1, until the network has the module [A]."""
MOST_LINES = 64
"""Lines that wait while a command takes its time; more are lost."""
_BEFORE_AT = "".join(map(chr, range(33))) + "\x7f"
"""What may precede AT: ESC and Ctrl-Z of hosts that end a message which may be open, and blanks."""

_EVERY = Commands(commands.TABLE | sub_devices.TABLE)
_3GPP = Commands(_EVERY | basic.TABLE | identification.TABLE | network.TABLE | power.TABLE | kept.TABLE)


class Module:
    """A module on a serial line. Off until ``power_on``; while it is off it hears nothing.

    What it says of its connection and its upgrade is told with ``send``, by whoever plays them.
    """

    __slots__ = (
        "_abortable",
        "_busy",
        "_deaf",
        "_handlers",
        "_last",
        "_lines",
        "_released",
        "_running",
        "_saved",
        "_searching",
        "_skips",
        "_starts",
        "_todo",
        "_waiting",
        "_world",
        "configuration",
        "dialect",
        "echoes",
        "functionality",
        "has_device_secret",
        "identity",
        "mcu_versions",
        "powered",
        "profile",
        "says_ready",
        "settings",
        "sub_devices",
    )

    def __init__(self, world: World, identity: Identity, settings: OtaSettings) -> None:
        self._world = world
        self.identity = identity
        self.dialect = dialect_of(identity)
        self._handlers = _3GPP if self.dialect.has_3gpp else _EVERY
        self.settings = settings
        self.mcu_versions: dict[str, str] = {}
        """What the host said with ``AT+QIOTMCUVER``, by component. Kept over a power cut."""
        self.sub_devices: dict[tuple[str, str], SubDevice] = {}
        """Those that the host connected, by product key and device key; until power is lost."""
        self.configuration = Configuration(identity)
        self._saved = Profile()
        self.profile = Profile()
        self.functionality = power.FULL
        """AT+CFUN."""
        self.has_device_secret = True
        """Whether the module was authenticated before; if not, it is at its next connection."""
        self.powered = False
        self.echoes = True
        """Whether it sends back a line when that is complete, with ATE1. A real one sends back each character as it
        comes; whoever plays a line that people type on does that, and turns this off."""
        self.says_ready = False
        """Whether it tells of its start and looks for a network then, as on a real line. Nobody asks in a simulated
        fleet, and the time that registering takes is in that of connecting."""
        self._released: ConnectionState | None = None
        self._deaf = False
        self._starts = 0
        self._lines = CommandLine()
        self._searching = False
        self._forget()

    def _forget(self) -> None:
        """Nothing was heard yet."""
        self._lines.clear()
        self._waiting: deque[str] = deque()
        self._todo: deque[Command] = deque()
        self._last = "AT"
        self._busy = False
        self._abortable = False
        self._skips = False
        self._running: object = None

    @property
    def connection(self) -> ConnectionState:
        """What ``AT+QIOTSTATE?`` answers."""
        if not self.powered:
            return ConnectionState.UNINITIALISED
        if self._world.online:
            return ConnectionState.SUBSCRIBED
        if self._world.mode:
            return ConnectionState.REGISTERING
        return ConnectionState.INITIALISED if self._released is None else self._released

    @property
    def echo(self) -> bool:
        """ATE."""
        return self.profile.echo

    @property
    def registration(self) -> int:
        """Registration on the network: 0 none, 1 home, 2 searching."""
        if self.functionality != power.FULL:
            return 0
        return 2 if self._searching or not self._world.in_service else 1

    @property
    def known_commands(self) -> Sequence[str]:
        """The commands that this module has."""
        names = {name for name, _ in self._handlers if name and name not in self.dialect.lacks}
        return sorted(names, key=lambda name: (name.startswith("+"), name))

    # Power

    def power_on(self) -> None:
        """Start up."""
        self.powered = True
        self._starts += 1
        self._deaf = False
        self._released = None
        self.functionality = power.FULL
        self._forget()
        self.restore()
        if self.says_ready:
            for line in self.dialect.boot:
                self.send(line)
            if self.dialect.has_3gpp:
                self._search()

    def power_off(self) -> None:
        """Lose power: what was half heard is lost. No URC."""
        self.powered = False
        self.sub_devices.clear()
        self._forget()

    def restart(self) -> None:
        """Stop listening and ask the world for a reboot."""
        self._deaf = True
        self._world.reboot()

    def power_down(self, seconds: float) -> None:
        """Stop listening, say so after ``seconds``, and be off."""
        self._deaf = True

        def down() -> None:
            self.send(self.dialect.powered_down)
            self._world.switch_off()

        self._later(seconds, down)

    def radio(self, functionality: int) -> None:
        """Follow AT+CFUN."""
        on = functionality == power.FULL
        self.functionality = functionality
        self._searching = False
        self._world.radio(on)
        if on and self.dialect.has_3gpp:
            self._search()
        else:
            self._tell_registration()

    def _search(self) -> None:
        """Look for a network; tell of it, if the host wants to hear."""
        self._searching = True
        self._tell_registration()
        self._later(ATTACH_S, self._found)

    def _found(self) -> None:
        if self._searching:
            self._searching = False
            self._tell_registration()

    def _tell_registration(self) -> None:
        for name, mode in wanted_registrations(self):
            self.send(told_registration(self, self._world, name, mode, unasked=True))

    # Connection

    def register(self, mode: int) -> None:
        """Follow ``AT+QIOTREG=<mode>``, 0..2."""
        if self._world.mode and not mode:
            self._released = ConnectionState.DEREGISTERING
        self._world.register(mode)

    def authenticates(self) -> None:
        """The platform is reached: say so, if it has to learn who this is."""
        if not self.has_device_secret:
            self.has_device_secret = True
            self.send(format_urc(1, 10200))

    def lost(self, code: int) -> None:
        """The connection, or the attempt at one, broke off with this code of event type 2."""
        if code == _DEVICE_SECRET_WRONG:
            self.has_device_secret = False
        self.send(format_urc(2, code))

    def deregistered(self) -> None:
        """The platform let the device go."""
        if self._released is ConnectionState.DEREGISTERING:
            self._released = ConnectionState.DEREGISTERED
            self.send(format_urc(6, 10200))

    # Profile

    def use(self, profile: Profile) -> None:
        """Speak and listen by another profile from now on."""
        self.profile = profile
        self._lines.end = profile.end
        self._lines.erase = profile.erase

    def save(self) -> None:
        """Keep the profile over a power cut."""
        self._saved = self.profile.copy()

    def restore(self) -> None:
        """Use the profile that was saved."""
        self.use(self._saved.copy())

    # From the host

    def receive(self, text: str) -> None:
        """Characters arrive from the host. Any text is safe: what is no command is an ERROR or nothing."""
        if not self._hears():
            return
        if self._abortable and text:
            self._abort()
        if self._skips:
            text = self._after_end(text)
        self._waiting.extend(self._lines.feed(text))
        while len(self._waiting) > MOST_LINES and self._busy:
            self._waiting.pop()
        self._work()

    def _hears(self) -> bool:
        return self.powered and not self._deaf and not self._world.flashing

    def _work(self) -> None:
        """Obey the lines that are there, until one takes its time."""
        start = self._starts
        while self._waiting and not self._busy:
            self._obey(self._waiting.popleft())
            if not self._hears() or self._starts != start:
                self._waiting.clear()  # what followed is lost in the restart
                return

    def _obey(self, line: str) -> None:
        self._echo(line)
        line = self._last if line in REPEATS else line.lstrip(_BEFORE_AT)
        if line[:2].upper() != "AT":
            return
        self._last = line
        try:
            self._todo.extend(parse_line(line))
        except CommandError:
            self.reply(None)
            return
        self._go_on()

    def _go_on(self) -> None:
        """Obey the commands of the line that are left; the first that fails ends it."""
        start = self._starts
        while self._todo and not self._busy and self._starts == start:
            command = self._todo.popleft()
            handler = self._handlers.get((command.name, command.form))
            if handler is None or command.name in self.dialect.lacks:
                self.reply(None)
            else:
                handler(self, self._world, command.args)

    def _echo(self, line: str) -> None:
        if self.profile.echo and self.echoes:
            self._world.write(self.profile.framed(wire.echo(line)))

    # Commands that take their time

    def takes(self, seconds: float, then: Callable[[], None], *, abortable: bool = False) -> None:
        """Answer later: ``then`` does, after so many seconds. An abortable command ends at the next character."""
        self._busy = True
        self._abortable = abortable
        ticket = object()
        self._running = ticket

        def done() -> None:
            if self._busy and self._running is ticket:
                self._busy = self._abortable = False
                then()
                self._go_on()
                self._work()

        self._later(seconds, done)

    def _later(self, seconds: float, then: Callable[[], None]) -> None:
        """Do it, unless the module has started anew by then."""
        start = self._starts

        def still() -> None:
            if self.powered and self._starts == start:
                then()

        self._world.after(seconds, still)

    def _abort(self) -> None:
        """The host does not want to wait. Its line up to the end is taken for that wish (V.250, 5.6.1)."""
        self._busy = self._abortable = False
        self._todo.clear()
        self._skips = True
        self.reply(None)

    def _after_end(self, text: str) -> str:
        for place, character in enumerate(text):
            if character in "\r\n":
                self._skips = False
                return text[place + 1 :]
        return ""

    # To the host

    def send(self, line: str) -> None:
        """Send a URC."""
        self._world.write(self.profile.framed(wire.urc(line)))

    def reply(self, infos: Sequence[str] | None) -> None:
        """Answer a command: information lines and OK; None for ERROR."""
        if infos is None:
            self._end("ERROR")
            return
        text = self.profile.answer(tuple(infos), None if self._todo else "OK")
        if text:
            self._world.write(text)

    def fail(self, code: int) -> None:
        """Answer with an error of the mobile equipment, in the form that ``AT+CMEE`` asks for."""
        self._end(self.profile.error(code))

    def finish_data(self) -> None:
        """Answer OK after the bytes of a file."""
        self._world.write(self.profile.framed("\r\n") + self.profile.answer((), None if self._todo else "OK"))

    def _end(self, final: str) -> None:
        self._todo.clear()
        text = self.profile.answer((), final)
        if text:
            self._world.write(text)
