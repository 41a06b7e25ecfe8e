"""Functionality, restarts and switching off, with the time they take."""

from __future__ import annotations

from fota_sim.protocol.registry import Arguments, Commands, Module
from fota_sim.protocol.world import World

TABLE = Commands()

DETACH_S = 2.0
"""AT+CFUN=0 or 4 until OK [A]; the manuals allow 15 s, and a detach takes seconds."""
RADIO_ON_S = 1.0
"""AT+CFUN=1 until OK [A]."""
SHUT_DOWN_S = 1.0
"""AT+QPOWD: from OK until it says that it is down [A]."""
FULL = 1
_NO_RADIO = (0, 4)


@TABLE.on("+CFUN", "read")
def _functionality(module: Module, _world: World, _args: Arguments) -> None:
    module.reply((f"+CFUN: {module.functionality}",))


@TABLE.on("+CFUN", "test")
def _functionalities(module: Module, _world: World, _args: Arguments) -> None:
    module.reply(("+CFUN: (0,1,4),(0,1)",))


@TABLE.on("+CFUN", "write")
def _set_functionality(module: Module, _world: World, args: Arguments) -> None:
    match args:
        case (int(level), 1) if level in (FULL, *_NO_RADIO):
            module.reply(())
            module.restart()
        case (int(level),) | (int(level), 0) if level == module.functionality:
            module.reply(())
        case (int(level),) | (int(level), 0) if level in (FULL, *_NO_RADIO):

            def done() -> None:
                module.reply(())
                module.radio(level)

            module.takes(RADIO_ON_S if level == FULL else DETACH_S, done)
        case _:
            module.fail(50)


@TABLE.on("+QRST", "write")
def _restart(module: Module, _world: World, args: Arguments) -> None:
    if args != (1,):
        module.fail(50)
        return
    module.reply(())
    module.restart()


@TABLE.on("+QPOWD", "execute", "write")
def _power_down(module: Module, _world: World, args: Arguments) -> None:
    """0 at once, 1 in good order; both take about the same here."""
    if args not in ((), (0,), (1,)):
        module.fail(50)
        return
    module.reply(())
    module.power_down(SHUT_DOWN_S)


@TABLE.on("+CPAS", "execute")
def _activity(module: Module, _world: World, _args: Arguments) -> None:
    """Ready: there are no calls."""
    module.reply(("+CPAS: 0",))
