from hypothesis import given
from hypothesis import strategies as st

from fota_sim.rules import codes
from fota_sim.rules.labels import CAUSES, OUTCOMES
from fota_sim.rules.outcome import outcome

FLAGS = (
    "bricked",
    "on_target",
    "was_on_target",
    "gone",
    "given_up",
    "rolled_back",
    "plan_over",
    "offered",
    "asks",
)
CODES = ("cancelled", "lost", "on_list", "failure", "phase", "refusal", "withheld")
ORDER = (
    "bricked",
    "on_target",
    "was_on_target",
    "cancelled",
    "on_list",
    "gone",
    "contacts",
    "lost",
    "given_up",
    "rolled_back",
    "failure",
    "phase",
    "refusal",
    "plan_over",
    "withheld",
    "offered",
    "asks",
)

_cause = st.one_of(st.just(codes.NO_CAUSE), st.integers(0, len(CAUSES) - 1))
stories = st.fixed_dictionaries(
    {**dict.fromkeys(FLAGS, st.booleans()), **dict.fromkeys(CODES, _cause), "contacts": st.integers(0, 3)}
)


def _ends(**story: object) -> tuple[int, int]:
    """The outcome of a device in contact to which nothing happened but what is said."""
    quiet = {**dict.fromkeys(FLAGS, False), **dict.fromkeys(CODES, codes.NO_CAUSE), "contacts": 1, **story}
    return outcome(*(quiet[name] for name in ORDER))


@given(stories)
def test_every_story_has_exactly_one_valid_outcome_and_cause(story):
    end = _ends(**story)
    assert len(end) == 2
    assert 0 <= end[0] < len(OUTCOMES)
    assert 0 <= end[1] < len(CAUSES)


@given(stories)
def test_upgraded_means_on_target_and_alive(story):
    upgraded = _ends(**story)[0] == codes.UPGRADED
    assert upgraded == (story["on_target"] and not story["bricked"] and not story["was_on_target"])


@given(stories)
def test_a_brick_is_a_brick_whatever_else_happened(story):
    assert _ends(**{**story, "bricked": True})[0] == codes.BRICKED


@given(stories)
def test_a_device_that_never_had_contact_is_never_refused_failed_or_in_progress(story):
    end = _ends(**{**story, "contacts": 0})[0]
    assert end not in (codes.REFUSED, codes.FAILED, codes.ROLLED_BACK, codes.IN_PROGRESS)


def test_each_outcome_has_a_story():
    weak = codes.WEAK_SIGNAL
    assert _ends(bricked=True, failure=codes.NEVER_CAME_BACK) == (codes.BRICKED, codes.NEVER_CAME_BACK)
    assert _ends(was_on_target=True, on_target=True) == (codes.ALREADY_ON_TARGET, codes.NO_CAUSE)
    assert _ends(on_target=True) == (codes.UPGRADED, codes.NO_CAUSE)
    assert _ends(cancelled=codes.BY_ABORT, refusal=weak) == (codes.CANCELLED, codes.BY_ABORT)
    assert _ends(on_list=codes.BLACKLISTED, contacts=0) == (codes.NOT_OFFERED, codes.BLACKLISTED)
    assert _ends(contacts=0, gone=True) == (codes.UNREACHABLE, codes.GONE_FOR_GOOD)
    assert _ends(contacts=0, lost=codes.LOST) == (codes.UNREACHABLE, codes.LOST)
    assert _ends(contacts=0, lost=codes.BATTERY_EMPTY) == (codes.UNREACHABLE, codes.BATTERY_EMPTY)
    assert _ends(contacts=0) == (codes.UNREACHABLE, codes.NEVER_IN_CONTACT)
    assert _ends(given_up=True, failure=codes.NO_SPACE) == (codes.FAILED, codes.NO_SPACE)
    assert _ends(given_up=True, rolled_back=True, failure=codes.POWER_LOST) == (codes.ROLLED_BACK, codes.POWER_LOST)
    assert _ends(lost=codes.LOST, phase=codes.DOWNLOADING) == (codes.UNREACHABLE, codes.LOST)
    assert _ends(lost=codes.BATTERY_EMPTY, refusal=codes.LOW_BATTERY) == (codes.REFUSED, codes.LOW_BATTERY)
    withheld = codes.PLATFORM_LOW_BATTERY
    assert _ends(lost=codes.BATTERY_EMPTY, withheld=withheld) == (codes.NOT_OFFERED, withheld)
    assert _ends(lost=codes.BATTERY_EMPTY, refusal=weak) == (codes.UNREACHABLE, codes.BATTERY_EMPTY)
    assert _ends(phase=codes.UPDATING, refusal=weak) == (codes.IN_PROGRESS, codes.UPDATING)
    assert _ends(refusal=weak, withheld=codes.PLAN_OVER) == (codes.REFUSED, weak)
    assert _ends(failure=codes.NO_URL) == (codes.IN_PROGRESS, codes.WAITING)
    assert _ends(failure=codes.NO_URL, plan_over=True) == (codes.FAILED, codes.NO_URL)
    assert _ends(withheld=codes.PLAN_OVER) == (codes.NOT_OFFERED, codes.PLAN_OVER)
    assert _ends(offered=True, withheld=codes.OUTSIDE_PUSH_PERIOD) == (codes.IN_PROGRESS, codes.NOT_ANSWERED)
    assert _ends(offered=True, plan_over=True) == (codes.FAILED, codes.PLAN_OVER)
    assert _ends(withheld=codes.ASLEEP, plan_over=True) == (codes.NOT_OFFERED, codes.ASLEEP)
    assert _ends(withheld=codes.TIME_RAN_OUT, plan_over=True) == (codes.NOT_OFFERED, codes.PLAN_OVER)
    assert _ends(withheld=codes.TIME_RAN_OUT) == (codes.NOT_OFFERED, codes.TIME_RAN_OUT)
    assert _ends(asks=True) == (codes.NOT_OFFERED, codes.TIME_RAN_OUT)
    assert _ends() == (codes.NOT_OFFERED, codes.HOST_NEVER_ASKS)
