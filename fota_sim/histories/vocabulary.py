"""A platform's words for what became of a device: those that are known, those the user explains, and the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from fota_sim.errors import FotaSimError
from fota_sim.histories.ends import End
from fota_sim.histories.likely import likely
from fota_sim.quoting import number_of, quoted

Meaning = Mapping[str, str]
"""What words of a field mean, by word in small letters."""


_TO_FILL_IN = "MEANING"
"""What stands for a meaning that nobody can guess; it is refused as it is."""
_MOST = 20
"""Words that are not known and are listed; more are counted."""


class Vocabulary:
    """Words of fields such as ``status``. A word that nobody explained is counted, and no row of it is guessed."""

    def __init__(self, explained: Iterable[str] = ()) -> None:
        """``explained``: texts ``field:word=meaning``, as ``--map`` takes them. Raises FotaSimError."""
        self._explained: dict[tuple[str, str], str] = {}
        self._unknown: dict[tuple[str, str], tuple[int, str]] = {}
        for text in explained:
            place, equals, meaning = text.rpartition("=")
            field, colon, word = place.partition(":")
            if not (equals and colon):
                raise FotaSimError(f"--map {text}: write FIELD:WORD=MEANING, for example --map status:Weird=failed")
            if meaning.strip() not in set(End):
                known = ", ".join(End)
                raise FotaSimError(f"--map {text}: {quoted(meaning.strip())} is no meaning; there are {known}")
            self._explained[field.strip(), word.strip().lower()] = meaning.strip()

    def end(self, word: str, known: Mapping[str, End], file: str, line: int, field: str = "status") -> End | None:
        """What a word says of a device; None if nobody knows, which is counted."""
        key = word.strip().lower()
        told = self._explained.get((field, key))
        if told is not None:
            return End(told)
        found = known.get(key)
        if found is None:
            self.unknown(field, word.strip(), file, line)
        return found

    def told(self, field: str, word: str) -> End | None:
        """What the user says that a word means; None if nothing."""
        found = self._explained.get((field, word.strip().lower()))
        return None if found is None else End(found)

    def unknown(self, field: str, word: str, file: str, line: int) -> None:
        """Count a word that nobody knows."""
        count, first = self._unknown.get((field, word), (0, f"{file}:{line}"))
        self._unknown[field, word] = count + 1, first

    def require(self) -> None:
        """Raise FotaSimError with every word that is not known, how often it came, and what would do."""
        if not self._unknown:
            return
        found = sorted(self._unknown.items(), key=lambda each: -each[1][0])
        said = [
            f"{first}: {number_of(count, 'row')} with {_said(field, word)}, which is not known"
            for (field, word), (count, first) in found[:_MOST]
        ]
        if len(found) > _MOST:
            said.append(f"{number_of(len(found) - _MOST, 'more word')} in fewer rows; another platform's log (--from)?")
        said.append(_ready([at for at, _ in found[:_MOST]]))
        said.append(f"Meanings are {', '.join(End)}.")
        raise FotaSimError("\n".join(said))


def _ready(words: Sequence[tuple[str, str]]) -> str:
    """Options that say what words mean, to be copied: what is not probable is left to be filled in."""
    meanings = [likely(word) for _, word in words]
    options = " ".join(
        f"--map {_shell(f'{field}:{word}={meaning or _TO_FILL_IN}')}"
        for (field, word), meaning in zip(words, meanings, strict=True)
    )
    said = f"Say what they mean: {options}"
    if any(meaning is None for meaning in meanings):
        said += f"\nPut one of the meanings in place of {_TO_FILL_IN}."
    if any(meaning is not None for meaning in meanings):
        said += "\nMeanings that stand there are guessed from the word: check them."
    return said


def _said(field: str, word: str) -> str:
    return f"{field} {quoted(word)}" if word else f"an empty {field}"


def _shell(text: str) -> str:
    import shlex

    return shlex.quote(text)
