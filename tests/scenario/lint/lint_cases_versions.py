"""Cases of findings about versions: what they are of and what not, place and words."""

from lint_world import group, world

DELTA = {"kind": "delta", "source_version": "1_0"}


def _delta(versions):
    scenario = group(world(), firmware=versions)
    scenario["packages"][0] |= DELTA
    return scenario


def _from(version):
    scenario = world()
    scenario["packages"][0] |= {"kind": "delta", "source_version": version}
    return group(scenario, firmware=version)


CASES = {
    "source_is_target": (_from("2_0"), _from("1_0"), "packages[0].target_version", "is the source version as well"),
    "not_for_all": (
        _delta({"1_0": "60%", "0_9": "40%"}),
        _delta({"1_0": "60%", "2_0": "40%"}),
        "plan.packages[0]",
        "40 %",
    ),
}
