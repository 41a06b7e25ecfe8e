"""Commands of ITU-T V.250: results, profiles, S-registers, and what a line without calls only takes note of."""

from __future__ import annotations

from fota_sim.protocol.profile import Profile
from fota_sim.protocol.registry import Arguments, Commands, Module
from fota_sim.protocol.world import World

TABLE = Commands()

_TAKEN = {"X": 4, "&C": 1, "&D": 2, "&S": 1}
"""Highest number of each setting that is taken note of."""
_REGISTERS = range(256)


@TABLE.on("V", "execute")
def _verbose(module: Module, _world: World, args: Arguments) -> None:
    if args not in ((), (0,), (1,)):
        module.reply(None)
        return
    module.profile.verbose = args == (1,)
    module.reply(())


@TABLE.on("Q", "execute")
def _quiet(module: Module, _world: World, args: Arguments) -> None:
    if args not in ((), (0,), (1,)):
        module.reply(None)
        return
    module.profile.quiet = args == (1,)
    module.reply(())


def _takes_note(name: str, highest: int) -> None:
    @TABLE.on(name, "execute")
    def note(module: Module, _world: World, args: Arguments) -> None:
        value = int(args[0]) if args else 0
        if value > highest:
            module.reply(None)
            return
        module.profile.numbers[name] = value
        module.reply(())


for _name, _highest in _TAKEN.items():
    _takes_note(_name, _highest)


@TABLE.on("H", "execute")
def _hang_up(module: Module, _world: World, args: Arguments) -> None:
    """There is no call."""
    module.reply(() if args in ((), (0,)) else None)


@TABLE.on("Z", "execute")
def _reset(module: Module, _world: World, args: Arguments) -> None:
    if args not in ((), (0,)):
        module.reply(None)
        return
    module.restore()
    module.reply(())


@TABLE.on("&F", "execute")
def _factory(module: Module, _world: World, args: Arguments) -> None:
    if args not in ((), (0,)):
        module.reply(None)
        return
    module.use(Profile())
    module.reply(())


@TABLE.on("&W", "execute")
def _save(module: Module, _world: World, args: Arguments) -> None:
    if args not in ((), (0,)):
        module.reply(None)
        return
    module.save()
    module.reply(())


@TABLE.on("&V", "execute")
def _show(module: Module, _world: World, args: Arguments) -> None:
    module.reply(module.profile.shown() if args in ((), (0,)) else None)


def _register(number: int) -> None:
    @TABLE.on(f"S{number}", "read")
    def ask(module: Module, _world: World, _args: Arguments) -> None:
        module.reply((f"{module.profile.registers[number]:03d}",))

    @TABLE.on(f"S{number}", "write")
    def change(module: Module, _world: World, args: Arguments) -> None:
        match args:
            case (int(value),) if value in _REGISTERS and (number not in _CONTROL or 0 < value < 128):
                module.profile.registers[number] = value
                module.use(module.profile)
                module.reply(())
            case _:
                module.reply(None)


_CONTROL = (3, 4, 5)  # characters of the line: seven bits

for _number in Profile().registers:
    _register(_number)


@TABLE.on("+CMEE", "read")
def _errors(module: Module, _world: World, _args: Arguments) -> None:
    module.reply((f"+CMEE: {module.profile.errors}",))


@TABLE.on("+CMEE", "test")
def _error_range(module: Module, _world: World, _args: Arguments) -> None:
    module.reply(("+CMEE: (0-2)",))


@TABLE.on("+CMEE", "write")
def _set_errors(module: Module, _world: World, args: Arguments) -> None:
    match args:
        case (int(value),) if 0 <= value <= 2:
            module.profile.errors = value
            module.reply(())
        case _:
            module.fail(50)


@TABLE.on("+CLAC", "execute")
def _list(module: Module, _world: World, _args: Arguments) -> None:
    module.reply(module.known_commands)
