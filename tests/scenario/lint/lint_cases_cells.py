"""Cases of findings about all devices in one radio cell: what they are of and what not, place and words."""

from lint_world import group, world

CASES = {
    "all_in_one": (
        group(world(), module="BC66", count=1001),
        group(world(), module="BC66", count=1001, cells=1),
        "fleet.groups[0]",
        "1,001 devices are all in one radio cell",
    ),
    "all_in_one, a few": (
        group(world(), module="BC66", count=1001),
        group(world(), module="BC66", count=1000),
        "fleet.groups[0]",
        "Write cells: how many they are spread over",
    ),
    "all_in_one, of a radio without limits": (
        group(world(), module="BC66", count=5000),
        group(world(), count=5000),
        "fleet.groups[0]",
        "a cell of nb-iot serves 50 downloads at once",
    ),
}
