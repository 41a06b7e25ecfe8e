"""How a module speaks and listens on its line: echo, result codes, errors, S-registers; and what it keeps of them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from fota_sim.protocol import wire

CME_WORDS = {
    3: "operation not allowed",
    4: "operation not supported",
    10: "SIM not inserted",
    13: "SIM failure",
    16: "incorrect password",
    30: "no network service",
    50: "Incorrect parameters",
    100: "unknown",
}
"""Errors of the mobile equipment by code, as ``AT+CMEE=2`` words them (3GPP TS 27.007, 9.2)."""

_REGISTERS = {0: 0, 3: 13, 4: 10, 5: 8, 6: 2, 7: 0, 8: 2, 10: 15}
_NUMBERS = {"OK": "0", "ERROR": "4"}  # ITU-T V.250, table 1
_CR, _LF, _BACKSPACE = 3, 4, 5


@dataclass
class Profile:
    """What ``AT&F`` sets, ``AT&W`` saves and ``ATZ`` brings back."""

    echo: bool = True
    """ATE."""
    verbose: bool = True
    """ATV: results in words; otherwise as numbers."""
    quiet: bool = False
    """ATQ: no results."""
    numbers: dict[str, int] = field(default_factory=lambda: {"X": 4, "&C": 1, "&D": 2, "&S": 0})
    """Basic settings that change nothing on a line without modem lines and calls."""
    registers: dict[int, int] = field(default_factory=lambda: dict(_REGISTERS))
    """S-registers; the ones that BG95-M5 lists, with its values."""
    errors: int = 0
    """AT+CMEE: 0 plain ERROR, 1 a code, 2 words."""
    values: dict[str, str] = field(default_factory=dict)
    """Settings that are kept and change nothing else, as the wire has their arguments."""

    def copy(self) -> Profile:
        """The same, apart."""
        return replace(self, numbers=dict(self.numbers), registers=dict(self.registers), values=dict(self.values))

    @property
    def end(self) -> int:
        """Character that ends a line of the host's (S3)."""
        return self.registers[_CR]

    @property
    def erase(self) -> int:
        """Character that takes one back (S5)."""
        return self.registers[_BACKSPACE]

    def framed(self, text: str) -> str:
        """Text with the line ends that S3 and S4 ask for."""
        if self.registers[_CR] == 13 and self.registers[_LF] == 10:
            return text
        ends = {"\r": chr(self.registers[_CR]), "\n": chr(self.registers[_LF])}
        return "".join(ends.get(character, character) for character in text)

    def answer(self, infos: tuple[str, ...], final: str | None) -> str:
        """Information lines and a result, framed; ``final`` is None where the line goes on with another command."""
        if self.verbose:
            body = "\r\n" + "\r\n".join(infos) + "\r\n" if infos else ""
            end = "" if final is None or self.quiet else wire.urc(final)
        else:
            body = "".join(f"{info}\r\n" for info in infos)
            end = "" if final is None or self.quiet else f"{_NUMBERS.get(final, final)}\r"
        return self.framed(body + end)

    def error(self, code: int) -> str:
        """The result of a command that failed with an error of the mobile equipment."""
        if self.errors == 0:
            return "ERROR"
        return f"+CME ERROR: {code if self.errors == 1 else CME_WORDS[code]}"

    def shown(self) -> list[str]:
        """Lines of ``AT&V``, as BG95-M5 lists them."""
        numbers = self.numbers
        return [
            f"&C: {numbers['&C']}",
            f"&D: {numbers['&D']}",
            f"Q: {int(self.quiet)}",
            f"V: {int(self.verbose)}",
            f"X: {numbers['X']}",
            f"E: {int(self.echo)}",
            *(f"S{number}: {value}" for number, value in sorted(self.registers.items())),
        ]
