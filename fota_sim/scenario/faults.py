"""Several mistakes inside one value, each with its place, handed to pydantic at once."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic_core import InitErrorDetails, PydanticCustomError, ValidationError

Location = tuple[str | int, ...]


@dataclass(frozen=True)
class Fault:
    """One mistake: keys and indices below the value, and what is wrong and would do."""

    at: Location
    message: str


class Faults(Exception):  # noqa: N818 - not an error of its own: it becomes a ValidationError
    """Mistakes found in one value."""

    def __init__(self, *faults: Fault) -> None:
        self.faults = faults
        super().__init__("; ".join(fault.message for fault in faults))

    def below(self, *at: str | int) -> list[Fault]:
        """The same mistakes as seen from further up."""
        return [Fault((*at, *fault.at), fault.message) for fault in self.faults]

    def to_validation_error(self, raw: object) -> ValidationError:
        """What pydantic merges into its own list, places kept."""
        details = [
            InitErrorDetails(type=custom_error(fault.message), loc=fault.at, input=raw) for fault in self.faults
        ]
        return ValidationError.from_exception_data("value", details)


def custom_error(message: str) -> PydanticCustomError:
    """A pydantic error with exactly this text."""
    return PydanticCustomError("scenario", "{message}", {"message": message})
