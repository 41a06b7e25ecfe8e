"""Which encoding a file's text is in, and by what that shows.

Detectors that know many encodings were tried on exports with a few letters beyond ASCII and miss most of them
(docs/files.md): they learn from running text, and a table of devices has hardly any. So the sure signs come first (a
byte order mark, valid UTF-8, zero bytes), and then the candidate whose letters make the likeliest words.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter

from fota_sim.quoting import quoted
from fota_sim.scenario.inspect.findings import Guess

_MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}

# Encodings that spreadsheets and portals write, with the letters that their languages use most
_LETTERS = {
    "cp1252": "äöüßÄÖÜéèêàâçñóíúáôîëïœøåæØÅÆÉÈÀÇ€°²³µ–’",
    "cp1250": "łŁżźćśńęąŻŚĆóáéíýčěřšžůúťďňľôäőűŐŰČŘŠŽöüÖÜ°",
    "cp1251": "абвгдежзийклмнопрстуфхцчшщъыьэюяёАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЭЮЯіїєІЇЄ№",
    "cp1253": "αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ",
    "cp1254": "ıİğĞşŞçÇöÖüÜâ",
    "shift_jis": "",
    "gb18030": "",
    "cp850": "äöüßÄÖÜéèàçñóíúáôë",
    "mac_roman": "äöüßÄÖÜéèêàâçñóíúáôîë",
}
_HALF_CASE = re.compile(r"[a-zà-öø-ÿа-яα-ω][A-ZÀ-ÖØ-ÞА-ЯΑ-Ω]")
_ASIAN = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
_OTHER = r"[\u0370-\u03ff\u0400-\u04ff\u3040-\u30ff\u4e00-\u9fff]"  # Greek, Cyrillic, Japanese, Chinese
_GLUED = re.compile(rf"[A-Za-z]{_OTHER}|{_OTHER}[A-Za-z]")
_WORD = re.compile(r"[^\s;,|\"']*[^\x00-\x7f][^\s;,|\"']*")
_SAMPLED = 2_000  # words beyond ASCII


def guess_encoding(data: bytes) -> tuple[str, Guess | None]:
    """The encoding of a file's bytes; no guess where there is only one way to read them."""
    for mark, name in _MARKS.items():
        if data.startswith(mark):
            return name, None if name == "utf-8" else Guess(
                "encoding", name, "the file begins with its byte order mark"
            )
    if data[:4000].count(0) > len(data[:4000]) // 4:
        name = "utf-16-le" if data[1:2] == b"\0" else "utf-16-be"
        return name, Guess("encoding", name, "every other byte is zero")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _by_letters(data, error.start)
    return "utf-8", None


def encoding_of_beginning(data: bytes) -> str:
    """The encoding of a file by its first bytes, which may end in the middle of a letter: its whole lines count."""
    name, _ = guess_encoding(data[: data.rfind(b"\n") + 1] or data)
    return name or "utf-8"


def _by_letters(data: bytes, first: int) -> tuple[str, Guess]:
    scores = {}
    between = max(b",;\t|", key=data.count)  # two bytes taken for one letter may swallow what separates fields
    for name in _LETTERS:
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        scores[name] = _likely(text, name) - 2.0 * _uneven(text, chr(between))
    best = max(scores, key=lambda name: scores[name], default="latin-1")
    words = list(dict.fromkeys(_WORD.findall(data.decode(best, errors="replace"))))[:3]
    shown = ", ".join(quoted(word, 30) for word in words) or f"byte 0x{data[first]:02X}"
    close = [
        name
        for name in scores
        if scores[name] >= scores[best] - 0.1
        and any(word.encode(best).decode(name, "replace") != word for word in words)
    ]
    why = f"is no UTF-8 (byte 0x{data[first]:02X}); so read, it has words such as {shown}"
    if close:
        why += f"; {' and '.join(close[:2])} would be as likely"
    return best, Guess("encoding", best, why, "another one if these words look wrong: latin-1, cp1250, cp437, ...")


def _uneven(text: str, delimiter: str) -> float:
    """The share of the first lines that have not as many fields as most."""
    widths = Counter(line.count(delimiter) for line in text[:200_000].splitlines() if line)
    return 1.0 - widths.most_common(1)[0][1] / sum(widths.values()) if widths else 0.0


def _likely(text: str, encoding: str) -> float:
    """How likely the words beyond ASCII are words: about 1 for such as are, below 0 for such as are not."""
    words = _WORD.findall(text)[:_SAMPLED]
    known = _LETTERS[encoding]
    total, letters = 0.0, 0
    for word in words:
        for letter in word:
            if letter < "\x80":
                continue
            letters += 1
            if letter in known:
                total += 1.0 - known.index(letter) / 1000.0  # where two fit, the more usual
            elif _ASIAN.match(letter):
                total += 1.0
            else:
                total += 0.4 if letter.isalpha() else -0.5
        total -= len(_HALF_CASE.findall(word)) + 1.5 * len(_GLUED.findall(word))
    return total / max(1, letters)
