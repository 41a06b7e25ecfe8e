"""Which single outcome a device's story has at the end of the run, and what the platform believes of it."""

from __future__ import annotations

from fota_sim.rules import codes, ota
from fota_sim.rules.compiled import rule

# The platform's device status, in the vendor's words (labels.BELIEFS)
NOT_UPGRADED, UPGRADING, UPGRADED, UPGRADE_FAILED, NO_UPDATE_REQUIRED = 0, 1, 2, 3, 4


@rule
def outcome(
    bricked: bool,
    on_target: bool,
    was_on_target: bool,
    cancelled: int,
    on_list: int,
    gone: bool,
    contacts: int,
    lost: int,
    given_up: bool,
    rolled_back: bool,
    failure: int,
    phase: int,
    refusal: int,
    plan_over: bool,
    withheld: int,
    offered: bool,
    asks: bool,
) -> tuple[int, int]:
    """The outcome and its cause; the first that applies, so that outcomes partition any fleet.

    Order: bricked; already on target; upgraded; cancelled; kept out by a list; never reached; given up by the
    platform after its last attempt (rolled back or failed); lost on the way; in progress; refused; offered and not
    answered; not offered.

    ``phase`` is a code for what is under way (NO_CAUSE: nothing); ``refusal`` the host's last reason; ``withheld``
    why the platform last offered nothing; ``failure`` the cause of the last failed attempt; ``cancelled`` by whom;
    ``lost`` why the device is gone for good (NO_CAUSE: it is not). One that was turned away because its battery was
    low stays so when that battery is empty, or a stricter gate would seem to lose devices in place of refusing them.
    ``given_up``: the platform is done with the device, for it failed too often, or for it believes it upgraded;
    ``offered``: an offer reached the host; ``asks``: the host is one that asks for plans.
    """
    if bricked:
        return codes.BRICKED, failure
    if was_on_target:
        return codes.ALREADY_ON_TARGET, codes.NO_CAUSE
    if on_target:
        return codes.UPGRADED, codes.NO_CAUSE
    if cancelled != codes.NO_CAUSE:
        return codes.CANCELLED, cancelled
    if on_list != codes.NO_CAUSE:
        return codes.NOT_OFFERED, on_list
    if contacts == 0:
        if gone:
            return codes.UNREACHABLE, codes.GONE_FOR_GOOD
        return codes.UNREACHABLE, lost if lost != codes.NO_CAUSE else codes.NEVER_IN_CONTACT
    if given_up:
        return (codes.ROLLED_BACK if rolled_back else codes.FAILED), failure
    if lost == codes.BATTERY_EMPTY and refusal == codes.LOW_BATTERY:
        return codes.REFUSED, refusal
    if lost == codes.BATTERY_EMPTY and withheld == codes.PLATFORM_LOW_BATTERY:
        return codes.NOT_OFFERED, withheld
    if lost != codes.NO_CAUSE:
        return codes.UNREACHABLE, lost
    if phase != codes.NO_CAUSE:
        return codes.IN_PROGRESS, phase
    if refusal != codes.NO_CAUSE:
        return codes.REFUSED, refusal
    if failure != codes.NO_CAUSE and plan_over:
        return (codes.ROLLED_BACK if rolled_back else codes.FAILED), failure
    if failure != codes.NO_CAUSE:
        return codes.IN_PROGRESS, codes.WAITING
    if offered:  # it thinks, or was switched off while it did
        return (codes.FAILED, codes.PLAN_OVER) if plan_over else (codes.IN_PROGRESS, codes.NOT_ANSWERED)
    if withheld not in (codes.NO_CAUSE, codes.TIME_RAN_OUT):
        return codes.NOT_OFFERED, withheld
    if plan_over:
        return codes.NOT_OFFERED, codes.PLAN_OVER
    if asks or withheld == codes.TIME_RAN_OUT:
        return codes.NOT_OFFERED, codes.TIME_RAN_OUT
    return codes.NOT_OFFERED, codes.HOST_NEVER_ASKS


@rule
def phase(reachable: bool, state: int, confirmed: bool, given_up: bool) -> int:
    """What is under way at the horizon with a module whose upgrade stands at ``state``; NO_CAUSE: nothing."""
    if not reachable:
        return codes.NO_CAUSE
    if state in (ota.DOWNLOAD_START, ota.DOWNLOADING):
        return codes.DOWNLOADING
    if state in (ota.UPDATING, ota.DOWNLOAD_SUCCESS):
        return codes.UPDATING
    if confirmed and not given_up:
        return codes.WAITING
    return codes.NO_CAUSE
