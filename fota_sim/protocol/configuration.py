"""``AT+QIOTCFG``: the settings a module keeps over a power cut."""

from __future__ import annotations

import re

from fota_sim.protocol.grammar import Argument, format_arguments
from fota_sim.protocol.identity import Identity

_DEVICE_KEY = re.compile(r"[0-9A-Za-z]{4,32}\Z")
_SERVERS = {
    "wifi": "mqtt://iot-south.quectelcn.com:1883",
    "cellular": "mqtt://iot-south.quectelcn.com:1883",
    "nb": "coap://iot-south.quectel.com:5683",
}
_SWITCHES = ("buffer", "session_mode", "tsl", "txid_mode", "gw_mode")
_MAX_KEY = 32
_TESTS = {
    "productinfo": "<pk>,<ps>",
    "server": "{server_type},<server_URL>",
    "lifetime": "(1-{lifetime_max})",
    "buffer": "(0,1)",
    "act": "(1-15)",
    "session_mode": "(0,1)",
    "tsl": "(0,1)",
    "dk_ds": "<dk>,<ds>",
    "txid_mode": "(0,1)",
    "gw_mode": "(0,1)",
    "psk": "<psk>",
}
_ABSENT = {"wifi": ("act", "psk"), "cellular": ("psk",), "nb": ("session_mode",)}


class Configuration:
    """The items of ``AT+QIOTCFG`` for one product line, with their limits."""

    __slots__ = ("_is_nb", "_items", "values")

    def __init__(self, identity: Identity) -> None:
        line = identity.line
        self._is_nb = line == "nb"
        self._items = tuple(item for item in _TESTS if item not in _ABSENT[line])
        self.values: dict[str, tuple[Argument, ...]] = {
            # the last field is the authentication protocol: 3 on the MQTT line, 2 on the CoAP line
            "productinfo": (identity.product_key, identity.product_secret, "2" if self._is_nb else "3"),
            "server": (0 if self._is_nb else 1, _SERVERS[line]),
            "lifetime": (86400 if self._is_nb else 120,),
            "act": (1,),
            "dk_ds": (identity.device_key, ""),
            "psk": ("",),
        }

    @property
    def can_register(self) -> bool:
        """Whether PK, PS and a server are there."""
        key, secret, _ = self.values["productinfo"]
        return bool(key and secret and self.values["server"][1])

    def tests(self) -> list[str]:
        """Lines of the test form."""
        lifetime_max = 864000 if self._is_nb else 65535
        server_type = 0 if self._is_nb else 1
        return [
            f'+QIOTCFG: "{item}",' + _TESTS[item].format(server_type=server_type, lifetime_max=lifetime_max)
            for item in self._items
        ]

    def query(self, item: str) -> str | None:
        """The line that answers ``AT+QIOTCFG="<item>"``, None if there is no such item here."""
        if item not in self._items:
            return None
        return f'+QIOTCFG: "{item}",{format_arguments(self.values.get(item, (0,)))}'

    def set(self, item: str, values: tuple[Argument, ...]) -> bool:
        """Change an item; False, and no change, when the item or a value is not allowed."""
        if item not in self._items:
            return False
        kept = self._checked(item, values)
        if kept is None:
            return False
        self.values[item] = kept
        return True

    def _checked(self, item: str, values: tuple[Argument, ...]) -> tuple[Argument, ...] | None:
        """The values as they are to be kept, None when they are not allowed."""
        match values:
            case (int(number),) if item in _SWITCHES:
                return values if number in (0, 1) else None
            case (int(number),) if item == "lifetime":
                return values if 1 <= number <= (864000 if self._is_nb else 65535) else None
            case (int(number),) if item == "act":
                return values if 1 <= number <= 15 else None
            case (str(key), str(secret)) if item == "productinfo":
                if 1 <= len(key) <= _MAX_KEY and 1 <= len(secret) <= _MAX_KEY:
                    return (key, secret, self.values["productinfo"][2])
            case (int(kind), str(url)) if item == "server":
                return values if url and kind == (0 if self._is_nb else 1) else None
            case (str(key),) | (str(key), str()) if item == "dk_ds":
                device_secret = values[1] if len(values) == 2 else ""
                if _DEVICE_KEY.match(key) and len(str(device_secret)) <= _MAX_KEY:
                    return (key, device_secret)
            case (str(key),) if item == "psk":
                return values if len(key) <= _MAX_KEY else None
        return None
