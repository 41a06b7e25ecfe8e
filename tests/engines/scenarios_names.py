"""Random names and remarks: what both engines only carry along, or tell."""

from __future__ import annotations

from typing import Any

from scenarios_dice import Dice

_NAMES = ("two", "Zähler, neu", "a 'b' c", "№ 5")


def names(dice: Dice, data: dict[str, Any]) -> None:
    """Give names to what may have some."""
    dice.sometimes(data, "name", "other one", "v_1.2-rc")
    dice.sometimes(data, "description", *_NAMES)
    product, model = data["product"], data["product"]["model"]
    for entry, key in (
        (product, "project"),
        (product, "name"),
        (model, "name"),
        (model, "version"),
        (data["plan"], "name"),
    ):
        dice.sometimes(entry, key, *_NAMES)
    dice.sometimes(product, "pk", "p", "x" * 32)
    dice.sometimes(product, "ps", "0 0", "s" * 32)
    dice.sometimes(model, "device_model", "X1_a")
    for number, component in enumerate(model["components"]):
        dice.sometimes(component, "name", f"part {number}", f"Teil, {number}")
        dice.sometimes(component, "remarks", *_NAMES)
    for package in data["packages"]:
        dice.sometimes(package, "remarks", *_NAMES)
        for file in package["files"]:
            dice.sometimes(file, "md5", "95cbdeb4faeda4322ad9b65eb731ed2b", "0" * 32)
            dice.sometimes(file, "crc32", 4022793929, 0)
            dice.sometimes(file, "sha256", "f" * 64, "2bb534d576fb307f049a149787afab2382ebb8605467acfc2c05a2e67677e094")
        for defect in package.get("defects", ()):
            dice.sometimes(defect, "name", *_NAMES)
    for wave in data["plan"].get("rollout", {}).get("waves", ()):
        dice.sometimes(wave, "name", *_NAMES)
