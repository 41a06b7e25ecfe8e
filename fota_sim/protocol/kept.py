"""Settings that hosts and probes set and ask, and that change nothing in a module without calls, messages and sockets.

They are kept all the same, so that who asks hears what it set.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from fota_sim.protocol.grammar import format_arguments
from fota_sim.protocol.registry import Arguments, Commands, Module
from fota_sim.protocol.world import World

TABLE = Commands()


class Kept(NamedTuple):
    """One setting. Texts are as the wire has them."""

    range: str
    """Answer of the test form."""
    first: str
    """Before anybody set it."""
    allowed: str
    """Pattern of what may be set."""


_RATES = (4800, 9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600)

SETTINGS: dict[str, Kept] = {
    "+CSCS": Kept('("GSM","IRA","UCS2")', '"GSM"', r'"(GSM|IRA|UCS2)"'),
    "+CMGF": Kept("(0,1)", "0", "[01]"),
    "+CSMP": Kept("(0-255),(0-255),(0-255),(0-255)", "17,167,0,0", r"\d{1,3}(,\d{1,3}){0,3}"),
    "+CSCA": Kept("", '"+0010100000",145', r'"\+?\d{1,20}"(,\d{1,3})?'),
    "+CNMI": Kept("(0-2),(0-3),(0,2),(0-2),(0,1)", "2,1,0,0,0", r"[0-2](,[0-3](,[02](,[0-2](,[01])?)?)?)?"),
    "+CLIP": Kept("(0,1)", "0", "[01]"),
    "+CRC": Kept("(0,1)", "0", "[01]"),
    "+CVHU": Kept("(0,1)", "0", "[01]"),
    "+CTZR": Kept("(0-2)", "0", "[0-2]"),
    "+CTZU": Kept("(0,1,3)", "0", "[013]"),
    "+CGEREP": Kept("(0-2),(0,1)", "0,0", "[0-2](,[01])?"),
    "+IFC": Kept("(0,2),(0,2)", "0,0", "[02],[02]"),
    "+ICF": Kept("(3),(3)", "3,3", "3(,3)?"),
    "+IPR": Kept(f"({','.join(map(str, _RATES))})", "115200", "|".join(map(str, (0, *_RATES)))),
    "+CGDCONT": Kept('(1-15),"IP",,,(0),(0)', '1,"IP","fota"', r'\d{1,2}(,"[A-Z0-9]{2,6}"(,"[^"]*")?)?'),
    "+QISDE": Kept("(0,1)", "1", "[01]"),
    "+QSCLK": Kept("(0-2)", "0", "[0-2]"),
    "+CPSMS": Kept("(0,1)", "0", r'[0-2](,"[01]{8}"){0,2}'),
    "+CEDRXS": Kept("(0-3),(4,5)", "0", r'[0-3](,[45](,"[01]{4}")?)?'),
}
"""Ranges by the modules' manuals; addresses and names are made up."""


def _keep(name: str, kept: Kept) -> None:
    allowed = re.compile(kept.allowed)

    @TABLE.on(name, "test")
    def range_(module: Module, _world: World, _args: Arguments) -> None:
        module.reply((f"{name}: {kept.range}",) if kept.range else ())

    @TABLE.on(name, "read")
    def ask(module: Module, _world: World, _args: Arguments) -> None:
        module.reply((f"{name}: {module.profile.values.get(name, kept.first)}",))

    @TABLE.on(name, "write")
    def change(module: Module, _world: World, args: Arguments) -> None:
        told = format_arguments(args)
        if allowed.fullmatch(told) is None:
            module.fail(50)
            return
        module.profile.values[name] = told
        module.reply(())


for _name, _kept in SETTINGS.items():
    _keep(_name, _kept)


# Two that answer in their own way

_STORES = ("SM", "ME", "MT")
_ROOM = "0,50,0,50,0,50"


@TABLE.on("+CPMS", "test")
def _stores(module: Module, _world: World, _args: Arguments) -> None:
    each = f"({','.join(f'{chr(34)}{store}{chr(34)}' for store in _STORES)})"
    module.reply((f"+CPMS: {each},{each},{each}",))


@TABLE.on("+CPMS", "read")
def _store(module: Module, _world: World, _args: Arguments) -> None:
    name = module.profile.values.get("+CPMS", '"ME"')
    module.reply((f"+CPMS: {name},0,50,{name},0,50,{name},0,50",))


@TABLE.on("+CPMS", "write")
def _choose_store(module: Module, _world: World, args: Arguments) -> None:
    if not 1 <= len(args) <= 3 or any(arg not in _STORES for arg in args):
        module.fail(50)
        return
    module.profile.values["+CPMS"] = f'"{args[0]}"'
    module.reply((f"+CPMS: {_ROOM}",))


_PORTS = ("usbat", "usbmodem", "uart1", "all")


@TABLE.on("+QURCCFG", "test")
def _urc_ports(module: Module, _world: World, _args: Arguments) -> None:
    each = ",".join(f'"{port}"' for port in _PORTS)
    module.reply((f'+QURCCFG: "urcport",({each})',))


@TABLE.on("+QURCCFG", "write")
def _urc_port(module: Module, _world: World, args: Arguments) -> None:
    match args:
        case ("urcport",):
            port = module.profile.values.get("+QURCCFG", '"uart1"')
            module.reply((f'+QURCCFG: "urcport",{port}',))
        case ("urcport", str(port)) if port in _PORTS:
            module.profile.values["+QURCCFG"] = f'"{port}"'
            module.reply(())
        case _:
            module.fail(50)
