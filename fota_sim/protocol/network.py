"""The network as a module tells of it: registration, operator, signal. All from the state of the device."""

from __future__ import annotations

from collections.abc import Sequence

from fota_sim.protocol.identification import NETWORK
from fota_sim.protocol.readings import dBm_from_csq
from fota_sim.protocol.registry import Arguments, Commands, Module
from fota_sim.protocol.world import World

TABLE = Commands()

OPERATOR = "fota-sim"
"""Name of the network."""
REGISTRATIONS = ("+CREG", "+CGREG", "+CEREG")
SCAN_S = 30.0
"""AT+COPS=? [A]; the manuals allow 180 s."""
_NO_RSRQ = 255
"""Unknown (3GPP TS 27.007, 8.69): the model has no interference of its own in a cell."""
_HOME = 1


def told_registration(module: Module, world: World, name: str, mode: int, *, unasked: bool) -> str:
    """A line of AT+CREG? and its like, or their URC: with mode 2 and above the place as well (TS 27.007, 7.2)."""
    status = module.registration
    fields = [] if unasked else [str(mode)]
    fields.append(str(status))
    if mode >= 2 and status == _HOME:
        fields += [f'"{_area(world):04X}"', f'"{world.cell:08X}"', str(module.dialect.access_technology)]
    return f"{name}: {','.join(fields)}"


def _area(world: World) -> int:
    """Tracking area: cells of 256 are one [A]."""
    return 1 + world.cell // 256


def wanted_registrations(module: Module) -> Sequence[tuple[str, int]]:
    """The commands whose URCs the host wants, with their modes."""
    asked = ((name, int(module.profile.values.get(name, "0"))) for name in module.dialect.registrations)
    return [(name, mode) for name, mode in asked if mode]


def _registration(name: str) -> None:
    @TABLE.on(name, "test")
    def modes(module: Module, _world: World, _args: Arguments) -> None:
        if name in module.dialect.registrations:
            module.reply((f"{name}: (0-2)",))
        else:
            module.reply(None)

    @TABLE.on(name, "read")
    def ask(module: Module, world: World, _args: Arguments) -> None:
        if name not in module.dialect.registrations:
            module.reply(None)
            return
        mode = int(module.profile.values.get(name, "0"))
        module.reply((told_registration(module, world, name, mode, unasked=False),))

    @TABLE.on(name, "write")
    def change(module: Module, _world: World, args: Arguments) -> None:
        match args:
            case _ if name not in module.dialect.registrations:
                module.reply(None)
            case (int(mode),) if 0 <= mode <= 2:
                module.profile.values[name] = str(mode)
                module.reply(())
            case _:
                module.fail(50)


for _name in REGISTRATIONS:
    _registration(_name)


# Operator


@TABLE.on("+COPS", "read")
def _operator(module: Module, _world: World, _args: Arguments) -> None:
    if module.registration != _HOME:
        module.reply(("+COPS: 0",))
        return
    form = int(module.profile.values.get("+COPS", "0"))
    name = NETWORK if form == 2 else OPERATOR
    module.reply((f'+COPS: 0,{form},"{name}",{module.dialect.access_technology}',))


@TABLE.on("+COPS", "test")
def _scan(module: Module, world: World, _args: Arguments) -> None:
    def found() -> None:
        technology = module.dialect.access_technology
        status = 2 if module.registration == _HOME else 1
        seen = f'({status},"{OPERATOR}","{OPERATOR}","{NETWORK}",{technology})' if world.in_service else ""
        module.reply((f"+COPS: {seen},,(0,1,3,4),(0-2)",))

    if module.functionality != 1:
        module.fail(3)
    else:
        module.takes(SCAN_S, found, abortable=True)


@TABLE.on("+COPS", "write")
def _choose(module: Module, world: World, args: Arguments) -> None:
    match args:
        case (3, int(form)) if 0 <= form <= 2:
            module.profile.values["+COPS"] = str(form)
            module.reply(())
        case (0,) | (0, int()):
            module.reply(())
        case (1 | 4, int(form), str(name)) | (1 | 4, int(form), str(name), int()) if 0 <= form <= 2:
            if name != (NETWORK if form == 2 else OPERATOR) or not world.in_service:
                module.fail(30)
            else:
                module.reply(())
        case (2,):
            module.fail(3)
        case _:
            module.fail(50)


@TABLE.on("+CGATT", "read")
def _attached(module: Module, _world: World, _args: Arguments) -> None:
    module.reply((f"+CGATT: {int(module.registration == _HOME)}",))


@TABLE.on("+CGATT", "test")
def _attach_range(module: Module, _world: World, _args: Arguments) -> None:
    module.reply(("+CGATT: (0,1)",))


@TABLE.on("+CGATT", "write")
def _attach(module: Module, _world: World, args: Arguments) -> None:
    """Attached it is, by itself, where there is a network."""
    match args:
        case (1,) if module.registration == _HOME:
            module.reply(())
        case (1,):
            module.fail(30)
        case (0,):
            module.fail(3)
        case _:
            module.fail(50)


@TABLE.on("+CGPADDR", "execute", "read")
def _address(module: Module, world: World, _args: Arguments) -> None:
    """An address of a private network, by the cell [A]."""
    if module.registration == _HOME:
        module.reply((f'+CGPADDR: 1,"10.{world.cell // 256 % 256}.{world.cell % 256}.2"',))
    else:
        module.reply(())


@TABLE.on("+CSCON", "read")
def _radio_connection(module: Module, world: World, _args: Arguments) -> None:
    module.reply((f"+CSCON: 0,{int(world.online)}",))


# Signal


@TABLE.on("+CSQ", "test")
def _signal_range(module: Module, _world: World, _args: Arguments) -> None:
    module.reply(("+CSQ: (0-31,99),(0-7,99)",) if module.identity.at_csq else None)


def _has_signal(module: Module, world: World) -> bool:
    return module.functionality == 1 and world.in_service


@TABLE.on("+CESQ", "execute")
def _extended_signal(module: Module, world: World, _args: Arguments) -> None:
    """Only the last two fields are LTE's; RSRP from -140 dBm (0) to -44 dBm (97) (TS 27.007, 8.69)."""
    rsrp_dBm = world.rsrp_dBm() if _has_signal(module, world) else None
    index = 255 if rsrp_dBm is None else max(0, min(97, rsrp_dBm + 141))
    module.reply((f"+CESQ: 99,99,255,255,{_NO_RSRQ},{index}",))


@TABLE.on("+CESQ", "test")
def _extended_signal_range(module: Module, _world: World, _args: Arguments) -> None:
    module.reply(("+CESQ: (0-63,99),(0-7,99),(0-96,255),(0-49,255),(0-34,255),(0-97,255)",))


@TABLE.on("+QCSQ", "execute", "read")
def _signal_by_technology(module: Module, world: World, _args: Arguments) -> None:
    """RSSI and RSRP; SINR and RSRQ are not known."""
    rsrp_dBm = world.rsrp_dBm() if _has_signal(module, world) else None
    rssi_dBm = dBm_from_csq(world.csq()) if rsrp_dBm is not None else None
    if rssi_dBm is None:
        module.reply(('+QCSQ: "NOSERVICE"',))
        return
    module.reply((f'+QCSQ: "{module.dialect.system_mode}",{rssi_dBm},{rsrp_dBm},255,{_NO_RSRQ}',))


@TABLE.on("+QNWINFO", "execute")
def _network_information(module: Module, _world: World, _args: Arguments) -> None:
    if module.registration != _HOME:
        module.reply(("+QNWINFO: No Service",))
        return
    dialect = module.dialect
    module.reply((f'+QNWINFO: "{dialect.technology}","{NETWORK}","{dialect.band}",{dialect.channel}',))
