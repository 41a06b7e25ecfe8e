"""A module's port: a serial device, a pseudo-terminal, ``socket://host:port`` or ``rfc2217://host:port``."""

from __future__ import annotations

from typing import Any

from fota_sim.errors import FotaSimError

MOST_B = 4096
"""Taken from the port at a time."""


class Port:
    """Opened with pyserial, which knows all these kinds."""

    def __init__(self, address: str, baud: int) -> None:
        """Raises FotaSimError: pyserial is missing, or the port cannot be opened."""
        try:
            import serial
        except ImportError:
            raise FotaSimError(
                "a port needs pyserial, which is not installed; pip install 'fota-sim[serial]' brings it"
            ) from None
        self.address = address
        self._error: type[Exception] = serial.SerialException
        try:
            self._serial: Any = serial.serial_for_url(address, baudrate=baud, timeout=0, write_timeout=5)
        except (serial.SerialException, ValueError, OSError) as error:
            raise FotaSimError(
                f"{address} cannot be opened: {_reason(error)}; name a serial device, a pseudo-terminal, or "
                "socket://HOST:PORT"
            ) from error

    def read(self, wait_s: float) -> bytes:
        """What has come, after ``wait_s`` at most; empty if nothing has. Raises FotaSimError if the port is gone."""
        try:
            self._serial.timeout = wait_s
            first: bytes = self._serial.read(1)
            self._serial.timeout = 0
            return first + bytes(self._serial.read(MOST_B)) if first else b""
        except (self._error, OSError) as error:
            raise FotaSimError(f"{self.address} is gone: {_reason(error)}") from error

    def write(self, data: bytes) -> None:
        """Send. Raises FotaSimError if the port is gone or takes nothing."""
        try:
            self._serial.write(data)
        except (self._error, OSError) as error:
            raise FotaSimError(f"{self.address} takes nothing more: {_reason(error)}") from error

    def close(self) -> None:
        """Let the port go."""
        self._serial.close()


def _reason(error: Exception) -> str:
    """The operating system's words, if they are in it."""
    return str(getattr(error, "strerror", None) or error)
