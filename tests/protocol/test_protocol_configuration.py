"""AT+QIOTCFG."""

import pytest
from protocol_world import FakeWorld


def fresh(line="cellular", **identity):
    return FakeWorld(line=line, device_key="861234567890123", **identity).start(connected=False)


def test_the_test_form_lists_the_items_of_the_product_line():
    def items(line):
        return [text.split('"')[1] for text in fresh(line).say("AT+QIOTCFG=?")[:-1]]

    assert items("cellular") == [
        "productinfo",
        "server",
        "lifetime",
        "buffer",
        "act",
        "session_mode",
        "tsl",
        "dk_ds",
        "txid_mode",
        "gw_mode",
    ]
    assert "act" not in items("wifi")
    assert "psk" in items("nb")
    assert "session_mode" not in items("nb")


@pytest.mark.parametrize(
    ("item", "reply"),
    [
        ("productinfo", '"p10000","secret","3"'),
        ("server", '1,"mqtt://iot-south.quectelcn.com:1883"'),
        ("lifetime", "120"),
        ("buffer", "0"),
        ("act", "1"),
        ("dk_ds", '"861234567890123",""'),
    ],
)
def test_an_item_is_queried_by_its_name(item, reply):
    assert fresh().say(f'AT+QIOTCFG="{item}"') == [f'+QIOTCFG: "{item}",{reply}', "OK"]


@pytest.mark.parametrize(
    "setting",
    [
        '"productinfo","pk","ps"',
        f'"productinfo","{"p" * 32}","{"s" * 32}"',
        '"server",1,"mqtts://x:8883"',
        '"lifetime",1',
        '"lifetime",65535',
        '"buffer",1',
        '"act",15',
        '"tsl",1',
        '"session_mode",1',
        '"txid_mode",1',
        '"gw_mode",1',
        '"dk_ds","abcd"',
        '"dk_ds","abcd","ds"',
    ],
)
def test_an_allowed_setting_is_kept_over_a_power_cut(setting):
    world = fresh()
    assert world.say(f"AT+QIOTCFG={setting}") == ["OK"]
    item = setting.split(",")[0]
    before = world.say(f"AT+QIOTCFG={item}")
    world.power_cycle()
    assert world.say(f"AT+QIOTCFG={item}") == before
    assert before[0].startswith(f"+QIOTCFG: {setting}")


@pytest.mark.parametrize(
    "setting",
    [
        "1",
        '"nosuch"',
        '"nosuch",1',
        '"psk"',
        '"psk","x"',
        '"productinfo","",""',
        '"productinfo","pk",""',
        '"productinfo","pk"',
        f'"productinfo","{"p" * 33}","ps"',
        '"productinfo",1,2',
        '"server",0,"coap://x"',
        '"server",1,""',
        '"server","x"',
        '"lifetime",0',
        '"lifetime",65536',
        '"lifetime","120"',
        '"lifetime",1,1',
        '"buffer",2',
        '"act",0',
        '"act",16',
        '"tsl",-1',
        '"dk_ds","abc"',
        f'"dk_ds","{"d" * 33}"',
        '"dk_ds","ab-cd"',
        f'"dk_ds","abcd","{"s" * 33}"',
        '"dk_ds","abcd","s","t"',
        '"dk_ds","abcd",1',
    ],
)
def test_a_setting_out_of_its_limits_is_an_error(setting):
    assert fresh().say(f"AT+QIOTCFG={setting}") == ["ERROR"]


def test_the_nb_line_has_its_own_limits():
    world = fresh("nb")
    assert world.say('AT+QIOTCFG="lifetime",864000') == ["OK"]
    assert world.say('AT+QIOTCFG="lifetime",864001') == ["ERROR"]
    assert world.say('AT+QIOTCFG="server",0,"coap://x:5683"') == ["OK"]
    assert world.say('AT+QIOTCFG="psk","x"') == ["OK"]
    assert world.say('AT+QIOTCFG="productinfo"')[0].endswith(',"2"')


def test_settings_are_refused_while_registration_is_on_and_queries_are_not():
    world = FakeWorld().start()
    assert world.say('AT+QIOTCFG="lifetime",60') == ["ERROR"]
    assert world.say('AT+QIOTCFG="lifetime"')[-1] == "OK"
    assert world.say("AT+QIOTRST") == ["ERROR"]
    world.say("AT+QIOTREG=0")
    assert world.say('AT+QIOTCFG="lifetime",60') == ["OK"]


def test_registration_needs_product_key_and_secret():
    world = fresh(product_key="", product_secret="")
    assert world.say("AT+QIOTREG=1") == ["ERROR"]
    assert world.say("AT+QIOTREG=0") == ["OK"]
    assert world.say('AT+QIOTCFG="productinfo","pk","ps"') == ["OK"]
    assert world.say("AT+QIOTREG=1") == ["OK"]


def test_another_product_and_a_reset_forget_the_device_secret():
    world = fresh()
    world.say('AT+QIOTCFG="productinfo","p10000","secret"')
    assert world.module.has_device_secret
    world.say('AT+QIOTCFG="productinfo","p2","ps"')
    assert not world.module.has_device_secret
    world = fresh()
    assert world.say("AT+QIOTRST") == ["OK"]
    assert not world.module.has_device_secret
