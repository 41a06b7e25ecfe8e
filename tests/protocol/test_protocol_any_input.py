"""Whatever comes, in whatever order: the module answers properly and its state is a legal one."""

from hypothesis import given, settings
from hypothesis import strategies as st
from protocol_world import (
    MCU,
    MODULE,
    SEED_INFO,
    SEED_OFFER,
    STM32_INFO,
    STM32_OFFER,
    FakeWorld,
    finals,
)

from fota_sim.protocol.reply import ReplyReader, Urc
from fota_sim.protocol.settings import OtaSettings
from fota_sim.protocol.states import OtaState

RESTING = {
    OtaState.NO_PLAN,
    OtaState.PLAN_RECEIVED,
    OtaState.SUBMITTED,
    OtaState.DOWNLOAD_START,
    OtaState.DOWNLOADING,
    OtaState.DOWNLOAD_SUCCESS,
    OtaState.UPDATING,
}
OWN_TIMERS = {
    OtaState.SUBMITTED: {"url"},
    OtaState.DOWNLOAD_SUCCESS: {"read"},
    OtaState.UPDATING: {"flash", "mcu"},
}

at_like = st.lists(
    st.sampled_from(
        [
            "AT",
            "+QIOT",
            "REG",
            "UPDATE",
            "OTARD",
            "MCUVER",
            "CFG",
            "=",
            "?",
            ",",
            '"',
            "1",
            "-",
            "\r",
            "\n",
            "A/",
            "+CFUN",
            "+COPS",
            "+CREG",
            ";",
            "&F",
            "E0",
            "V1",
            "S3?",
            "\x1b",
        ]
    ),
    max_size=25,
).map("".join)


def complete(world):
    world.downloading = None
    world.module.piece_downloaded()


def broken(world):
    world.downloading = None
    world.module.download_failed()


def ring_any(world):
    for name in list(world.timers):
        world.ring(name)


HOST = [
    "AT+QIOTREG=0", "AT+QIOTREG=1", "AT+QIOTREG=2", "AT+QIOTOTAREQ", "AT+QIOTOTAREQ=1", "AT+QIOTUPDATE=0",
    "AT+QIOTUPDATE=1", "AT+QIOTUPDATE=2", "AT+QIOTUPDATE=3", "AT+QIOTOTARD=0,1024", "AT+QIOTOTARD=20000,99",
    'AT+QIOTMCUVER="STM32","1_0_0"', 'AT+QIOTMCUVER="STM32","2_0_0"', 'AT+QIOTMCUVER="STM32",""', "AT+QRST",
    'AT+QIOTCFG="productinfo","a","b"', "AT+QIOTRST", 'AT+QIOTINFO="up"',
]  # fmt: skip
EVENTS = {
    "connected": lambda world: world.module.connected(),
    "first": lambda world: world.module.connected(first=True),
    "lost": lambda world: world.module.connection_lost(),
    "deregistered": lambda world: world.module.deregistered(),
    "module plan": lambda world: world.module.plan([SEED_OFFER], [MODULE]),
    "mcu plan": lambda world: world.module.plan([STM32_OFFER], [MCU]),
    "both plan": lambda world: world.module.plan([STM32_OFFER, SEED_OFFER], [MCU, MODULE]),
    "module url": lambda world: world.module.firmware_info(SEED_INFO),
    "mcu url": lambda world: world.module.firmware_info(STM32_INFO),
    "progress": lambda world: world.module.progress(),
    "piece": complete,
    "broken": broken,
    "timer": ring_any,
    "stale timer": lambda world: world.module.timer("flash" if "flash" not in world.timers else "url"),
    "flashed": lambda world: world.module.flash_done(True),
    "not flashed": lambda world: world.module.flash_done(False),
    "power cut": lambda world: world.power_cycle(),
    "reboot new": lambda world: world.power_cycle("FC41D_FOTA_2_0"),
    "off": lambda world: world.module.power_off(),
    "on": lambda world: world.module.power_on(),
}


def outcomes(world):
    """Codes of the outcomes said since the world was last quiet."""
    said = ReplyReader().feed("".join(world.wire))
    return [item.code for item in said if isinstance(item, Urc) and item[:2] in ((7, 10705), (7, 10706))]


@given(st.text(max_size=80) | at_like)
def test_garbage_is_answered_with_ok_or_error_or_not_at_all(text):
    world = FakeWorld().start()
    world.module.receive(text)
    world.module.receive("\r")
    most = sum(text.upper().count(start) for start in ("AT", "A/")) + text.count("\b")
    assert len(finals(world)) <= most


@given(st.text(st.characters(exclude_characters="\r\n\b"), max_size=60))
def test_garbage_after_at_is_an_error(text):
    world = FakeWorld().start()
    assert world.say("AT*" + text) == ["ERROR"]


@settings(max_examples=300)
@given(
    st.lists(st.sampled_from(HOST) | st.sampled_from(sorted(EVENTS)), max_size=60),
    st.sampled_from(["after_reboot", "before_reboot"]),
    st.sampled_from([8000, 2**20]),
)
def test_state_timers_and_outcomes_stay_legal_under_any_inputs(inputs, success_urc, free_flash_B):
    world = FakeWorld(OtaSettings(success_urc=success_urc, max_download_failures=2), free_flash_B=free_flash_B)
    module = world.module
    module.power_on()
    for event in inputs:
        world.quiet()
        if event in EVENTS:
            EVENTS[event](world)
        else:
            module.receive(event + "\r")
            assert len(finals(world)) <= 1
        assert module.state in RESTING
        assert set(world.timers) <= OWN_TIMERS.get(module.state, set())
        downloading = module.state in {OtaState.DOWNLOAD_START, OtaState.DOWNLOADING}
        assert (world.downloading is not None) == downloading
        assert len(outcomes(world)) <= 1


@settings(max_examples=300)
@given(st.lists(st.sampled_from(HOST) | st.sampled_from(sorted(EVENTS)), max_size=60), st.booleans())
def test_an_upgrade_has_at_most_one_outcome(inputs, early):
    world = FakeWorld(OtaSettings(success_urc="before_reboot" if early else "after_reboot"))
    world.start()
    opened = False  # an upgrade was begun since the last outcome, by the host or by an address unasked
    for event in inputs:
        before = world.module.state
        world.quiet()
        if event in EVENTS:
            EVENTS[event](world)
        else:
            world.module.receive(event + "\r")
        opened |= before in {OtaState.NO_PLAN, OtaState.PLAN_RECEIVED} and (
            event.endswith("url") or event == "AT+QIOTUPDATE=1"
        )
        if outcomes(world):
            assert opened
            opened = False


@given(st.lists(st.sampled_from(HOST) | at_like, max_size=8), st.integers(1, 7))
def test_what_the_module_says_does_not_depend_on_the_host_s_chunks(lines, step):
    text = "\r\n".join(lines) + "\r\n"
    whole, cut = FakeWorld().start(), FakeWorld().start()
    whole.module.receive(text)
    for start in range(0, len(text), step):
        cut.module.receive(text[start : start + step])
    assert cut.wire == whole.wire
    assert cut.calls == whole.calls
