"""What each QuecThing command does, and the few others that every module has.

A handler answers first and acts then, so an OK precedes what it sets off.
"""

from __future__ import annotations

from fota_sim.protocol import wire
from fota_sim.protocol.grammar import CommandError, format_arguments, parse_command
from fota_sim.protocol.identification import model
from fota_sim.protocol.power import FULL
from fota_sim.protocol.readings import CSQ_UNKNOWN
from fota_sim.protocol.registry import Arguments, Commands, Module
from fota_sim.protocol.world import World

TABLE = Commands()

_MAX_MCU_NAME = 32
_MAX_MCU_VERSION = 64  # the code's limit; a comment in it says 50
SDK_VERSION = "2.9.0"
"""Version of the modelled QuecThing SDK."""

# The module


@TABLE.on("", "execute")
def _attention(module: Module, _world: World, _args: Arguments) -> None:
    module.reply(())


@TABLE.on("E", "execute")
def _echo(module: Module, _world: World, args: Arguments) -> None:
    if args in ((), (0,), (1,)):
        module.profile.echo = args == (1,)
        module.reply(())
    else:
        module.reply(None)


@TABLE.on("I", "execute")
def _identify(module: Module, world: World, args: Arguments) -> None:
    name = model(module)
    lines = (module.dialect.manufacturer, name, f"Revision: {world.firmware_version}")
    module.reply(lines if args in ((), (0,)) else None)


@TABLE.on("+QVERSION", "execute")
def _version(module: Module, world: World, _args: Arguments) -> None:
    has_it = module.identity.version_command == "AT+QVERSION"
    module.reply((f"+QVERSION: {world.firmware_version}",) if has_it else None)


@TABLE.on("+QRST", "execute")
def _restart(module: Module, _world: World, _args: Arguments) -> None:
    if module.identity.line != "wifi":
        module.reply(None)
        return
    module.reply(())
    module.restart()


@TABLE.on("+CGMR", "execute")
def _revision(module: Module, world: World, _args: Arguments) -> None:
    has_it = module.identity.version_command == "AT+CGMR"
    module.reply((module.dialect.revision.format(version=world.firmware_version),) if has_it else None)


# Readings


@TABLE.on("+CSQ", "execute")
def _signal(module: Module, world: World, _args: Arguments) -> None:
    if not module.identity.at_csq:
        module.reply(None)
        return
    module.reply((wire.signal_info(world.csq() if module.functionality == FULL else CSQ_UNKNOWN),))


@TABLE.on("+CBC", "execute")
def _battery(module: Module, world: World, _args: Arguments) -> None:
    percent, millivolts = world.battery() if module.identity.at_cbc else (None, 0)
    module.reply(None if percent is None else (wire.battery_info(percent, millivolts),))


@TABLE.on("+QGETWIFISTATE", "execute", "read")
def _wifi(module: Module, world: World, _args: Arguments) -> None:
    if module.identity.line != "wifi":
        module.reply(None)
        return
    module.reply((wire.wifi_info(world.wifi_rssi_dBm()),))


# Settings and connection


@TABLE.on("+QIOTCFG", "test")
def _list_settings(module: Module, _world: World, _args: Arguments) -> None:
    module.reply(module.configuration.tests())


@TABLE.on("+QIOTCFG", "write")
def _setting(module: Module, world: World, args: Arguments) -> None:
    item, *values = args
    configuration = module.configuration
    if not isinstance(item, str):
        module.reply(None)
    elif not values:
        info = configuration.query(item)
        module.reply(None if info is None else (info,))
    elif world.mode:
        module.reply(None)
    else:
        before = configuration.values.get(item)
        ok = configuration.set(item, tuple(values))
        if ok and item == "productinfo" and configuration.values[item] != before:
            module.has_device_secret = False
        module.reply(() if ok else None)


@TABLE.on("+QIOTREG", "test")
def _registration_range(module: Module, _world: World, _args: Arguments) -> None:
    module.reply((f"+QIOTREG: {module.settings.registration_range}",))


@TABLE.on("+QIOTREG", "read")
def _registration(module: Module, world: World, _args: Arguments) -> None:
    module.reply((f"+QIOTREG: {world.mode}",))


@TABLE.on("+QIOTREG", "write")
def _register(module: Module, _world: World, args: Arguments) -> None:
    match args:
        case (int(mode),) if mode in (0, 1, 2) and (mode == 0 or module.configuration.can_register):
            module.reply(())
            module.register(mode)
        case _:
            module.reply(None)


@TABLE.on("+QIOTSTATE", "read")
def _connection(module: Module, _world: World, _args: Arguments) -> None:
    module.reply((f"+QIOTSTATE: {int(module.connection)}",))


@TABLE.on("+QIOTINFO", "test")
def _info_items(module: Module, _world: World, _args: Arguments) -> None:
    module.reply(('+QIOTINFO: "up"',))


@TABLE.on("+QIOTINFO", "read")
def _info(module: Module, world: World, _args: Arguments) -> None:
    identity = module.identity
    items: list[Arguments] = [
        ("module", identity.model or identity.component),
        ("version", world.firmware_version),
        ("mcu", ";".join(f"{name}:{version}" for name, version in module.mcu_versions.items())),
        ("sdk", SDK_VERSION),
        ("flash", identity.free_flash_B),
    ]
    module.reply([f"+QIOTINFO: {format_arguments(item)}" for item in items])


@TABLE.on("+QIOTINFO", "write")
def _report_info(module: Module, world: World, args: Arguments) -> None:
    if args != ("up",) or not world.online:
        module.reply(None)
        return
    module.reply(())
    world.report_versions()


@TABLE.on("+QIOTRST", "test")
def _can_reset(module: Module, _world: World, _args: Arguments) -> None:
    module.reply(())


@TABLE.on("+QIOTRST", "execute")
def _reset(module: Module, world: World, _args: Arguments) -> None:
    if world.mode:
        module.reply(None)
        return
    module.has_device_secret = False
    module.reply(())


# Upgrades


@TABLE.on("+QIOTMCUVER", "test")
def _mcu_version_range(module: Module, _world: World, _args: Arguments) -> None:
    module.reply(("+QIOTMCUVER: <MCU_number>,<MCU_version>",))


@TABLE.on("+QIOTMCUVER", "read")
def _mcu_versions(module: Module, _world: World, _args: Arguments) -> None:
    lines = [f'+QIOTMCUVER: "{name}","{version}"' for name, version in module.mcu_versions.items()]
    module.reply(lines or None)


def _version_set(args: Arguments) -> tuple[str, str] | None:
    match args:
        case (str(name), str(version)) if 1 <= len(name) <= _MAX_MCU_NAME and len(version) <= _MAX_MCU_VERSION:
            return name, version
        case _:
            return None


def takes_version(line: str) -> tuple[str, str] | None:
    """The MCU and the version that a module takes from this line of a host's; None if it answers ERROR."""
    if "\r" in line or "\n" in line:
        return None
    try:
        command = parse_command(line)
    except CommandError:
        return None
    if (command.name, command.form) != ("+QIOTMCUVER", "write"):
        return None
    return _version_set(command.args)


@TABLE.on("+QIOTMCUVER", "write")
def _mcu_version(module: Module, world: World, args: Arguments) -> None:
    versions = module.mcu_versions
    taken = _version_set(args)
    if taken is not None:
        name, version = taken
        if version:
            versions[name] = version
        else:
            versions.pop(name, None)
        module.reply(())
        world.mcu_version_set(name, version)
    elif len(args) == 1 and args[0] in versions:
        module.reply((f'+QIOTMCUVER: "{args[0]}","{versions[str(args[0])]}"',))
    else:
        module.reply(None)


@TABLE.on("+QIOTOTAREQ", "test")
def _request_range(module: Module, _world: World, _args: Arguments) -> None:
    module.reply((f"+QIOTOTAREQ: {module.settings.request_range}",))


@TABLE.on("+QIOTOTAREQ", "execute", "write")
def _request(module: Module, world: World, args: Arguments) -> None:
    match args or (0,):
        case (int(info),) if info >= 0 and world.online:
            # The SDK stores and sends the request before it finds fault with a number above 1.
            module.reply(() if info <= 1 else None)
            world.request_plan(info == 1)
        case _:
            module.reply(None)


@TABLE.on("+QIOTUPDATE", "test")
def _update_range(module: Module, _world: World, _args: Arguments) -> None:
    module.reply((f"+QIOTUPDATE: {module.settings.update_range}",))


@TABLE.on("+QIOTUPDATE", "write")
def _update(module: Module, world: World, args: Arguments) -> None:
    match args:
        case (int(action),) if world.allows(action):
            module.reply(())
            world.act(action)
        case _:
            module.reply(None)


@TABLE.on("+QIOTOTARD", "test")
def _read_range(module: Module, _world: World, _args: Arguments) -> None:
    module.reply((f"+QIOTOTARD: <start>,{module.settings.read_range}",))


@TABLE.on("+QIOTOTARD", "write")
def _read(module: Module, world: World, args: Arguments) -> None:
    match args:
        case (int(start), int(length)) if n := world.readable_B(start, length):
            world.write(wire.data_follow(start, n))
            world.write_data(start, n)
            module.finish_data()
            world.was_read()
        case _:
            module.reply(None)


@TABLE.on("+QHOTAREQ", "write")
def _request_over_http(module: Module, world: World, args: Arguments) -> None:
    """Ask for an upgrade over HTTP, with the charge that the host measured (SDK 2.9.2).

    Its own events are documented nowhere, so what follows is what follows a request over the subscription [A].
    """
    match args:
        case (int(battery_pct), 1, str(key), str(secret)) | (int(battery_pct), 1, str(key), str(secret), str()):
            fits = 0 <= battery_pct <= 100 and (key, secret) == module.configuration.values["productinfo"][:2]
            if not fits or not key or not world.online:
                module.reply(None)
                return
            module.reply(())
            world.request_over_http(battery_pct)
        case _:
            module.reply(None)
