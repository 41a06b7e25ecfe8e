"""Sub-devices behind a gateway (``AT+QIOTSUB...``), as the vendor's manual of July 2025 has their commands.

The simulated platform knows no plan for sub-devices: a request is taken and nothing follows, as documented where
there is none, and what needs an offer or a file is an ERROR.
"""

from __future__ import annotations

from hashlib import blake2b

from fota_sim.protocol.grammar import Argument, format_arguments
from fota_sim.protocol.registry import Arguments, Commands, Module
from fota_sim.protocol.sub_device import SubDevice
from fota_sim.protocol.world import World

TABLE = Commands()

MAX_SUB_DEVICES = 64
"""[A] The manual gives no number."""
_LIFETIMES_S = range(60, 65535)
_MAX_KEY = 32
_MAX_VERSION = 64

_TESTS = {
    "+QIOTSUBCONN": "<sessionType>,<lifetime>,<subPK>,<sub PS>,<subDK>[,<subDS>]",
    "+QIOTSUBDISCONN": "<subPK>,<subDK>[,<subPS>,<subDS>]",
    "+QIOTSUBHTB": "<subPK>,<subDK>",
    "+QIOTSUBDEVINFO": "<subPK>,<subDK>,<subVer>",
    "+QIOTSUBSEND": "<subPK>,<subDK>,(1-1024),<data>",
    "+QIOTSUBRD": "<subPK>,<subDK>,(1-1024)",
    "+QIOTSUBOTAREQ": "<subPK>,<subDK>,<subVer>,<info>",
    "+QIOTSUBOTAUPDATE": "<subPK>,<subDK>,<subVer>,<action>",
    "+QIOTSUBOTARD": "<subPK>,<subDK>,<startAddr>,<dataLen>",
}
"""Test forms, in the manual's own words; ranges of lengths are [A]."""


def event(product_key: str, device_key: str, kind: int, code: int, *data: Argument) -> str:
    """The line of a sub-device's event."""
    return f"+QIOTSUBEVT: {format_arguments((product_key, device_key, kind, code, *data))}"


def _test_form(name: str, parameters: str) -> None:
    @TABLE.on(name, "test")
    def tell(module: Module, _world: World, _args: Arguments) -> None:
        module.reply((f"{name}: {parameters}",))


for _name, _parameters in _TESTS.items():
    _test_form(_name, _parameters)


def _known(module: Module, product_key: str, device_key: str) -> SubDevice | None:
    return module.sub_devices.get((product_key, device_key))


@TABLE.on("+QIOTSUBCONN", "write")
def _connect(module: Module, world: World, args: Arguments) -> None:
    match args:
        case (0 | 1, int(lifetime_s), str(key), str(_), str(name)) if lifetime_s in _LIFETIMES_S:
            secret = ""
        case (0 | 1, int(lifetime_s), str(key), str(_), str(name), str(secret)) if lifetime_s in _LIFETIMES_S:
            pass
        case _:
            module.reply(None)
            return
    product_secret = str(args[3])
    new = (key, name) not in module.sub_devices
    too_many = new and len(module.sub_devices) >= MAX_SUB_DEVICES
    if not (0 < len(key) <= _MAX_KEY and product_secret and 0 < len(name) <= _MAX_KEY and world.online) or too_many:
        module.reply(None)
        return
    made = secret or blake2b(f"{key}:{name}".encode(), digest_size=16).hexdigest()
    module.sub_devices[key, name] = SubDevice(key, name, made)
    module.reply(())
    if not secret:
        module.send(event(key, name, 1, 10200, made))
    module.send(event(key, name, 2, 10200))


@TABLE.on("+QIOTSUBDISCONN", "write")
def _disconnect(module: Module, world: World, args: Arguments) -> None:
    """With its secret it is deregistered, without it only disconnected.

    The manual's parameter list and its example put the product secret in different places; both are taken.
    """
    match args:
        case (str(key), str(name)):
            deregisters = False
        case (str(key), str(first), str(second), str(secret)):
            name = first if _known(module, key, first) else second
            sub_device = _known(module, key, name)
            if sub_device is None or sub_device.device_secret != secret or not world.online:
                module.reply(None)
                return
            deregisters = True
        case _:
            module.reply(None)
            return
    if _known(module, key, name) is None:
        module.reply(None)
        return
    del module.sub_devices[key, name]
    module.reply(())
    if deregisters:
        module.send(event(key, name, 6, 10201))


@TABLE.on("+QIOTSUBHTB", "write")
def _heartbeat(module: Module, world: World, args: Arguments) -> None:
    match args:
        case (str(key), str(name)) if _known(module, key, name) and world.online:
            module.reply(())
        case _:
            module.reply(None)


def _have_version(module: Module, key: str, name: str, version: str) -> None:
    """What a sub-device runs now, as its host says it; ERROR for one that nobody knows."""
    sub_device = _known(module, key, name)
    if sub_device is not None:
        sub_device.version = version
    module.reply(None if sub_device is None else ())


@TABLE.on("+QIOTSUBDEVINFO", "write")
def _tell_version(module: Module, world: World, args: Arguments) -> None:
    match args:
        case (str(key), str(name), str(version)) if 0 < len(version) <= _MAX_VERSION and world.online:
            _have_version(module, key, name, version)
        case _:
            module.reply(None)


@TABLE.on("+QIOTSUBSEND", "write")
def _send(module: Module, world: World, args: Arguments) -> None:
    """Data in the command only: there is no mode in which the line takes bytes."""
    match args:
        case (str(key), str(name), int(length), str(data)) if (
            _known(module, key, name) and world.online and len(data) == length > 0
        ):
            module.reply(())
            module.send(event(key, name, 4, 10200))
        case _:
            module.reply(None)


@TABLE.on("+QIOTSUBRD", "read")
def _waiting(module: Module, _world: World, _args: Arguments) -> None:
    """The platform sends sub-devices nothing."""
    module.reply([f'+QIOTSUBRD: "{key}","{name}",0' for key, name in module.sub_devices])


@TABLE.on("+QIOTSUBRD", "write")
def _read(module: Module, _world: World, args: Arguments) -> None:
    match args:
        case (str(key), str(name)) if _known(module, key, name):
            module.reply((f'+QIOTSUBRD: "{key}","{name}",0',))
        case _:
            module.reply(None)


# Upgrades


@TABLE.on("+QIOTSUBOTAREQ", "write")
def _request(module: Module, world: World, args: Arguments) -> None:
    match args:
        case (str(key), str(name), str(version), int(info)) if (
            0 <= info <= 3 and 0 < len(version) <= _MAX_VERSION and world.online
        ):
            _have_version(module, key, name, version)
        case _:
            module.reply(None)


@TABLE.on("+QIOTSUBOTAUPDATE", "write")
@TABLE.on("+QIOTSUBOTARD", "write")
def _without_plan(module: Module, _world: World, _args: Arguments) -> None:
    """No plan was offered to a sub-device, and no file downloaded for one."""
    module.reply(None)
