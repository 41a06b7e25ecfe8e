"""Components of the plan, and kinds of hosts, contacts and modules, a row for each."""

from __future__ import annotations

from typing import Any

from fota_sim.device import fields
from fota_sim.engines.components import Component
from fota_sim.engines.parameters import Parameters
from fota_sim.engines.setting.names import Names
from fota_sim.protocol.states import ComponentType
from fota_sim.rules.delay import to_ms

Rows = list[dict[str, Any]]
"""A dict of all fields for each."""


def _row(of: fields.Fields, **values: Any) -> dict[str, Any]:
    """Every field of a row; a name that is none, or is left out, is an error."""
    assert set(values) == {name for name, _, _ in fields.each(of)}
    return values


def components_of(components: tuple[Component, ...], names: Names) -> Rows:
    """The components of the plan, in upgrade order."""
    rows: Rows = []
    first = 0
    for component in components:
        usable = sum(
            component.info(platform).is_valid(wants_sha256=module) << (2 * platform + module)
            for platform in (False, True)
            for module in (False, True)
        )
        rows.append(
            _row(
                fields.COMPONENT,
                part=names.parts.index(component.identifier),
                target=names.versions.index(component.target_version),
                wrong=names.versions.index(component.wrong_version),
                size_B=component.size_B,
                first_file=first,
                last_file=first + len(component.files_B),
                usable=usable,
                mcu=component.type is ComponentType.MCU,
                any_source=not component.sources,
                delta=component.delta,
            )
        )
        first += len(component.files_B)
    return rows


def hosts_of(parameters: Parameters) -> Rows:
    """The kinds of hosts."""
    rows: Rows = []
    for host in parameters.hosts:
        rows.append(
            _row(
                fields.HOST,
                registration_mode=host.registration_mode,
                command_ms=to_ms(host.command_time),
                serial_rate=host.serial_rate,
                read_block_B=host.read_block,
                patience_ms=to_ms(host.patience),
                reads_again=host.reads_again,
                ignores=host.ignores_offer,
                read_pause_s=host.read_pause,
                mcu_flash_Bps=host.mcu_flash_rate,
                mcu_flash_failure=host.mcu_flash_failure,
                checks_battery=host.checks_battery,
                checks_signal=host.checks_signal,
                accepts_unknown=host.when_unknown == "accept",
                asks=host.asks,
                sha256=host.sha256,
                says_updating=host.says_updating,
                checks_file=host.checks_file,
            )
        )
    return rows


def contacts_of(parameters: Parameters) -> Rows:
    """The groups' contact patterns."""
    rows: Rows = []
    for pattern in parameters.contacts:
        rows.append(
            _row(
                fields.CONTACT,
                pattern=pattern.pattern,
                from_min=pattern.from_min,
                to_min=pattern.to_min,
                request_every_ms=pattern.request_every_ms,
                linger_ms=pattern.linger_ms,
                spread_s=pattern.spread_s,
                every_s=pattern.every_s,
                jitter_s=pattern.jitter_s,
            )
        )
    return rows


def modules_of(parameters: Parameters) -> Rows:
    """What the kinds of modules have."""
    rows: Rows = []
    for module in parameters.module_settings:
        rows.append(_row(fields.MODULE, free_flash_B=module.free_flash, at_csq=module.at_csq, at_cbc=module.at_cbc))
    return rows
