"""Where the host's story goes on: what it waits for."""

from __future__ import annotations

(
    CONTACT,
    REGISTER,
    REGISTERED,
    LISTEN,
    HEARD,
    ASKED,
    CHECK,
    REST,
    CONFIRM,
    BATTERY_READ,
    SIGNAL_READ,
    ACCEPTED,
    REFUSED,
    READ,
    PIECE_SERVED,
    NEXT_PIECE,
    UPDATING,
    MCU_FLASHED,
    VERSION_SAID,
    OVER,
    TAU_ENDS,
) = range(21)
