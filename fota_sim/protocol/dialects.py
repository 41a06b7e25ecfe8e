"""What differs between module models on their command line, beyond the QuecThing commands: data, and how one is found.

Sources, by module, are in ``docs/sources.md``, Command line.
"""

from __future__ import annotations

from dataclasses import dataclass

from fota_sim.protocol.identity import Identity

_SMS = frozenset({"+CMGF", "+CSCA", "+CSMP", "+CPMS", "+CNMI"})
_VOICE = frozenset({"+CLIP", "+CRC", "+CVHU"})


@dataclass(frozen=True, slots=True)
class Dialect:
    """The command line of one kind of module."""

    manufacturer: str = "Quectel"
    """Answer of AT+CGMI and first line of ATI."""
    model: str = ""
    """Answer of AT+CGMM and second line of ATI; empty: the name of the module in the scenario."""
    revision: str = "{version}"
    """Answer of AT+CGMR."""
    registrations: tuple[str, ...] = ("+CREG", "+CGREG", "+CEREG")
    """Commands that tell of the registration."""
    access_technology: int = 7
    """As AT+COPS? and AT+CEREG? count it: 7 E-UTRAN, 8 LTE-M, 9 NB-IoT (3GPP TS 27.007, 7.3)."""
    technology: str = "FDD LTE"
    """First field of AT+QNWINFO."""
    system_mode: str = "LTE"
    """First field of AT+QCSQ."""
    band: str = "LTE BAND 3"
    channel: int = 1650
    """EARFCN in the band [A]."""
    card: tuple[str, ...] = ("+QCCID", "+ICCID", "+CCID")
    """Commands that answer the SIM card's number."""
    boot: tuple[str, ...] = ("RDY", "+CFUN: 1", "+CPIN: READY", "+QUSIM: 1", "+QIND: SMS DONE", "+QIND: PB DONE")
    """Lines that the module says unasked when it has started."""
    powered_down: str = "POWERED DOWN"
    """Line that the module says before it switches itself off."""
    lacks: frozenset[str] = frozenset()
    """Commands of the others that this one answers with ERROR."""
    has_3gpp: bool = True
    """Whether it knows any of the commands of V.250 and 3GPP TS 27.007 beyond AT, ATE and ATI."""


LTE_CAT1 = Dialect(lacks=frozenset({"+CESQ", "+CSCON", "+QRST"}))
LTE_M = Dialect(
    access_technology=8,
    technology="eMTC",
    system_mode="eMTC",
    band="LTE BAND 20",
    channel=6400,
    card=("+QCCID", "+CCID"),
    boot=("RDY", "+CFUN: 1", "APP RDY", "+CPIN: READY", "+QUSIM: 1", "+QIND: SMS DONE"),
    lacks=frozenset({"+CESQ", "+CSCON", "+QRST", *_VOICE}),
)
NB_IOT = Dialect(
    manufacturer="Quectel_Ltd",
    model="Quectel_{name}",
    revision="Revision: {version}",
    registrations=("+CEREG",),
    access_technology=9,
    technology="NBIoT",
    system_mode="NBIoT",
    band="LTE BAND 8",
    channel=3738,
    card=("+QCCID",),
    boot=("RDY", "+CFUN: 1", "+CPIN: READY"),
    lacks=frozenset({"+QNWINFO", "+QCSQ", "+QURCCFG", "+QISDE", "+GCAP", "+CNUM", *_SMS, *_VOICE}),
)
WIFI = Dialect(boot=("ready",), has_3gpp=False)

_NAMED = {
    "BC": NB_IOT,
    "BG": LTE_M,
    "EC": LTE_CAT1,
    "EG": LTE_CAT1,
    "FC": WIFI,
}
"""By how a model's name begins."""
_BY_LINE = {"wifi": WIFI, "cellular": LTE_CAT1, "nb": NB_IOT}


def dialect_of(identity: Identity) -> Dialect:
    """The dialect by the model's name, if it is one that is known on this product line; otherwise by the line."""
    by_line = _BY_LINE[identity.line]
    named = _NAMED.get((identity.kind or identity.model)[:2].upper(), by_line)
    return named if named.has_3gpp == by_line.has_3gpp else by_line
