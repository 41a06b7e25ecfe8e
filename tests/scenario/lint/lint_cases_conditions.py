"""Cases of findings about conditions: what they are of and what not, place and words."""

from lint_world import world

CASES = {
    "numbers_as_text": (
        world(blacklist={"where": 'hardware >= "2"'}),
        world(blacklist={"where": 'hardware in ["2", "10"] or firmware < "1_5"'}),
        "plan.blacklist.where",
        'in which "10" comes before "2"',
    ),
}
