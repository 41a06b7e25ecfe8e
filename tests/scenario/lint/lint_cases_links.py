"""Cases of findings about modules and radios: what they are of and what not, place and words."""

from lint_world import group, world

CASES = {
    "another_kind_of_radio": (
        group(world(), module="FC41D", radio="nb-iot"),
        group(world(), module="BG95", radio="nb-iot"),
        "fleet.groups[0].radio",
        "module 'FC41D' is Wi-Fi and radio 'nb-iot' cellular",
    ),
    "another_kind_of_radio, of a module with AT+CSQ": (
        group(world(), radio="wifi"),
        group(world(), module="FC41D", radio="wifi"),
        "fleet.groups[0].radio",
        "module 'EC200U' is cellular and radio 'wifi' Wi-Fi",
    ),
}
