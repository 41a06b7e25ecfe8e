"""``fota-sim emulate``: a module of the scenario on a port that real programs open."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from fota_sim.cli import complete
from fota_sim.cli.console import say
from fota_sim.cli.examples import Example
from fota_sim.cli.options import OVERRIDES, QUIET, SCENARIO, SEED, STRATEGY, luck
from fota_sim.errors import FotaSimError

if TYPE_CHECKING:
    from fota_sim.emulate.power import PowerPolicy
    from fota_sim.protocol.interleave import UrcPolicy

EXAMPLES = (
    Example("fota-sim emulate my.yaml --device 0 --link ./ttyQuectel0", "then: picocom ./ttyQuectel0; Ctrl-C ends it"),
    Example(
        "fota-sim emulate my.yaml --device 0 --tcp 7000 --speed 60 --log said.txt",
        "an hour of the plan in a minute, and what was said in a file",
    ),
    Example(
        "fota-sim emulate my.yaml --device 0 --link ./ttyQ --step --control ./q.ctl --faults faults.yaml",
        "for a test: time moves when it says so, and what goes wrong is in a file",
    ),
)


def emulate(
    file: Path = SCENARIO,
    device: str = typer.Option("0", help="Its id, or its number in the fleet (from 0)."),
    count: int = typer.Option(1, min=1, help="So many devices, from that one on; names of ports end in their numbers."),
    link: Path | None = typer.Option(
        None,
        metavar="PATH",
        help="A pseudo-terminal, under this name. One client at a time: a second one would take the first one's bytes.",
        show_default=False,
    ),
    urc_link: Path | None = typer.Option(
        None, metavar="PATH", help="Another one to which URCs go instead.", show_default=False
    ),
    unix: Path | None = typer.Option(None, metavar="PATH", help="A Unix socket, or abstract:NAME.", show_default=False),
    tcp: str | None = typer.Option(
        None, metavar="HOST:PORT", help="TCP; a port alone is on this machine only.", show_default=False
    ),
    rfc2217: str | None = typer.Option(
        None, metavar="HOST:PORT", help="TCP with modem lines (RFC 2217); needs pyserial.", show_default=False
    ),
    baud: str = typer.Option(
        "client", help="Rate of the line: the client's, where it is seen, a number, or off for as fast as it goes."
    ),
    needs_dtr: bool = typer.Option(False, "--needs-dtr", help="With --rfc2217: mute until the client sets DTR."),
    speed: float = typer.Option(1.0, help="Virtual seconds in a second."),
    step: bool = typer.Option(False, "--step", help="Time moves only when the control socket says so."),
    control: Path | None = typer.Option(
        None,
        metavar="PATH",
        help="A Unix socket for tests: a JSON object a line (docs/emulate.md).",
        show_default=False,
    ),
    begin: str | None = typer.Option(
        None,
        metavar="DURATION",
        help="Virtual time since activation at which to begin; by default the device's first contact.",
        show_default=False,
    ),
    power: str = typer.Option(
        "on",
        help="When the module has power: on from its first contact; scenario, as its host has it; by-hand.",
        autocompletion=complete.powers,
    ),
    urcs: str = typer.Option(
        "hold",
        help="URCs while a command is on its way: hold them until its result, sneak them in before its answer, or "
        "mid, within it.",
        autocompletion=complete.urc_policies,
    ),
    ready: bool = typer.Option(True, "--ready/--no-ready", help="Say RDY and what else a module says at its start."),
    faults: Path | None = typer.Option(None, metavar="FILE", help="What goes wrong, and when.", show_default=False),
    log: Path | None = typer.Option(
        None, metavar="FILE", help="Write what is said, as fota-sim transcript has it.", show_default=False
    ),
    overrides: list[str] = OVERRIDES,
    strategy: str | None = STRATEGY,
    seed: int | None = SEED,
    quiet: bool = QUIET,
) -> None:
    """Put modules of a scenario on ports that real programs open, in the place of their simulated hosts.

    Platform, plan, battery, signal and luck are those of that device in fota-sim run. Ctrl-C ends it.
    """
    from fota_sim.emulate.bench import Bench
    from fota_sim.emulate.device import Manner
    from fota_sim.emulate.script import read_script
    from fota_sim.emulate.session import Ports, Session, Timing
    from fota_sim.quoting import number_of
    from fota_sim.scenario.loader import load_scenario

    ports = Ports(
        link, urc_link, unix, _address("--tcp", tcp), _address("--rfc2217", rfc2217), _baud(baud, step), needs_dtr
    )
    _check(ports, speed, step, control)
    scenario = load_scenario(file, [*overrides, *luck(seed, None)], strategy)
    script = None if faults is None else read_script(faults)
    bench = Bench(scenario, device, count, Manner(_power(power), _urcs(urcs), ready))
    begin_ms = bench.first_ms if begin is None else _moment(begin)
    if begin_ms >= bench.ends_ms:
        raise FotaSimError(f"--begin {begin} is not before the horizon; begin earlier, or set a longer horizon")

    def tell(text: str) -> None:
        if not quiet:
            say(text)

    if bench.beside:
        tell(f"Played beside: {number_of(bench.beside, 'more device')}, because {bench.why_all}.")
    Session(bench, ports, Timing(begin_ms, speed, step), tell).play(script, log, control)


def _check(ports: object, speed: float, step: bool, control: Path | None) -> None:
    from fota_sim.emulate.session import Ports

    assert isinstance(ports, Ports)
    if not any((ports.link, ports.unix, ports.tcp, ports.rfc2217)):
        raise FotaSimError("there is no port; add --link ./ttyQuectel0, --tcp 7000, --unix PATH or --rfc2217 7001")
    if not 0 < speed <= 1e6:
        raise FotaSimError(f"--speed {speed:g}: must be above 0 and at most 1000000")
    if step and control is None:
        raise FotaSimError("--step needs --control PATH: somebody has to say when time moves")
    if ports.needs_dtr and ports.rfc2217 is None:
        raise FotaSimError("--needs-dtr needs --rfc2217: the other ports have no modem lines")


def _address(option: str, text: str | None) -> tuple[str, int] | None:
    from fota_sim.emulate.ports.sockets import address, is_open_to_others

    if text is None:
        return None
    host, port = address(option, text)
    if is_open_to_others(host):
        say(f"{option} {text}: other machines can reach this port, and nobody asks them who they are.")
    return host, port


def _baud(text: str, step: bool) -> int | None:
    if text == "client":
        return 0 if step else None
    if text == "off":
        return 0
    if text.isdecimal() and 50 <= int(text) <= 4_000_000:
        return int(text)
    raise FotaSimError(f"--baud {text}: must be client, off, or a rate from 50 to 4000000")


def _power(text: str) -> PowerPolicy:
    from fota_sim.emulate.power import POLICIES

    for policy in POLICIES:
        if text == policy:
            return policy
    raise FotaSimError(f"--power {text}: must be {', '.join(POLICIES[:-1])} or {POLICIES[-1]}")


def _urcs(text: str) -> UrcPolicy:
    from fota_sim.protocol.interleave import URC_POLICIES

    for policy in URC_POLICIES:
        if text == policy:
            return policy
    raise FotaSimError(f"--urcs {text}: must be {', '.join(URC_POLICIES[:-1])} or {URC_POLICIES[-1]}")


def _moment(text: str) -> int:
    from fota_sim.emulate.injection import moment_ms
    from fota_sim.scenario.units import DURATION

    try:
        seconds = DURATION.parse(text)
    except ValueError as error:
        raise FotaSimError(f"--begin {text}: {error}") from error
    if seconds < 0:
        raise FotaSimError(f"--begin {text}: must not be before activation")
    return moment_ms(seconds)
