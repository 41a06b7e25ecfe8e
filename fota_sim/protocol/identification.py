"""Who a module and its SIM card are."""

from __future__ import annotations

from hashlib import blake2b

from fota_sim.protocol.identity import Identity
from fota_sim.protocol.registry import Arguments, Commands, Module
from fota_sim.protocol.world import World

TABLE = Commands()

_TAC = "86782305"
"""Type allocation code: 86 is the Chinese reporting body, under which the vendor's are [A]."""
NETWORK = "00101"
"""Country and network code for tests (ITU-T E.212: 001; 3GPP TS 36.508: 001 01)."""
_CARD = "898600"
"""Card issuer: 89 telecommunications, 86 China (ITU-T E.118) [A]."""


def _digits(identity: Identity, purpose: str, count: int) -> str:
    """Digits that are the device's own and always the same."""
    told = f"{purpose}:{identity.product_key}:{identity.device_key}".encode()
    number = int.from_bytes(blake2b(told, digest_size=16).digest())
    return f"{number % 10**count:0{count}d}"


def check_digit(digits: str) -> str:
    """The digit after ``digits`` by ISO/IEC 7812-1 (Luhn), with which IMEIs and card numbers end."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def imei(identity: Identity) -> str:
    """The device's key if that is an IMEI, as by default on cellular modules; otherwise one made of it."""
    key = identity.device_key
    if len(key) == 15 and key.isascii() and key.isdigit():
        return key
    digits = _TAC + _digits(identity, "imei", 6)
    return digits + check_digit(digits)


def imsi(identity: Identity) -> str:
    """15 digits in the network for tests."""
    return NETWORK + _digits(identity, "imsi", 10)


def iccid(identity: Identity) -> str:
    """20 digits."""
    digits = _CARD + _digits(identity, "iccid", 13)
    return digits + check_digit(digits)


def model(module: Module) -> str:
    """What the module calls its model."""
    identity = module.identity
    name = identity.model or identity.component
    return module.dialect.model.format(name=name) or name


@TABLE.on("+CGMI", "execute")
@TABLE.on("+GMI", "execute")
def _manufacturer(module: Module, _world: World, _args: Arguments) -> None:
    module.reply((module.dialect.manufacturer,))


@TABLE.on("+CGMM", "execute")
@TABLE.on("+GMM", "execute")
def _model(module: Module, _world: World, _args: Arguments) -> None:
    module.reply((model(module),))


@TABLE.on("+GMR", "execute")
@TABLE.on("+QGMR", "execute")
def _revision(module: Module, world: World, _args: Arguments) -> None:
    module.reply((module.dialect.revision.format(version=world.firmware_version),))


@TABLE.on("+CGSN", "execute")
@TABLE.on("+GSN", "execute")
def _serial_number(module: Module, _world: World, _args: Arguments) -> None:
    module.reply((imei(module.identity),))


@TABLE.on("+CGSN", "write")
def _serial_number_of_kind(module: Module, _world: World, args: Arguments) -> None:
    """0 the serial number, 1 the IMEI, 2 the IMEI with the software's version, 3 that version (TS 27.007, 5.4)."""
    number = imei(module.identity)
    match args:
        case (0,):
            module.reply((number,))
        case (1,):
            module.reply((f'+CGSN: "{number}"',))
        case (2,):
            module.reply((f'+CGSN: "{number[:14]}01"',))
        case (3,):
            module.reply(('+CGSN: "01"',))
        case _:
            module.fail(50)


def _answers_test_forms() -> None:
    for name in ("+CGMI", "+CGMM", "+CGMR", "+CGSN", "+CIMI", "+GMI", "+GMM", "+GMR", "+GSN"):

        @TABLE.on(name, "test")
        def _exists(module: Module, _world: World, _args: Arguments) -> None:
            module.reply(())


_answers_test_forms()


@TABLE.on("+GCAP", "execute")
def _capabilities(module: Module, _world: World, _args: Arguments) -> None:
    module.reply(("+GCAP: +CGSM",))


# The SIM card


def _card_sleeps(module: Module) -> bool:
    """With AT+CFUN=0 the card is off."""
    return module.functionality == 0


@TABLE.on("+CPIN", "read")
def _pin(module: Module, _world: World, _args: Arguments) -> None:
    if _card_sleeps(module):
        module.fail(13)
        return
    module.reply(("+CPIN: READY",))


@TABLE.on("+CPIN", "test")
def _pin_exists(module: Module, _world: World, _args: Arguments) -> None:
    module.reply(())


@TABLE.on("+CPIN", "write")
def _enter_pin(module: Module, _world: World, _args: Arguments) -> None:
    """The card asks for none."""
    module.fail(3)


@TABLE.on("+CIMI", "execute")
def _subscriber(module: Module, _world: World, _args: Arguments) -> None:
    if _card_sleeps(module):
        module.fail(13)
        return
    module.reply((imsi(module.identity),))


def _card(name: str) -> None:
    @TABLE.on(name, "execute", "read")
    def number(module: Module, _world: World, _args: Arguments) -> None:
        if name not in module.dialect.card:
            module.reply(None)
        elif _card_sleeps(module):
            module.fail(13)
        else:
            module.reply((f"{name}: {iccid(module.identity)}",))


for _name in ("+QCCID", "+ICCID", "+CCID"):
    _card(_name)


@TABLE.on("+CNUM", "execute")
def _own_number(module: Module, _world: World, _args: Arguments) -> None:
    """The card holds none."""
    module.reply(())
