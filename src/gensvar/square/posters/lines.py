"""Sets words into a space: the largest size at which they fit, long words broken, the rest an ellipsis; neighbour: letters."""

from __future__ import annotations

import functools
import unicodedata
from dataclasses import dataclass
from typing import Final

from gensvar.square.posters import letters
from gensvar.square.posters.letters import Faces, Run

LONGEST: Final = 300  # characters that are looked at
ELLIPSIS: Final = "…"
BREAKS: Final = "-–/"  # after which a long word breaks without a sign of its own
VOWELS: Final = frozenset("aeiouyåäöæøáéíóúüAEIOUYÅÄÖÆØÁÉÍÓÚÜ")
BEGINNINGS: Final = frozenset(  # consonants that a Swedish syllable begins with
    "bl br dr fj fl fr gl gr kl kn kr kv pl pr sj sk sl sm sn sp st sv tj tr tv vr".split()
)


@dataclass(frozen=True, slots=True)
class Setting:
    """The space in pixels, the sizes to try from the largest, the line's height as a part of the size."""

    faces: Faces
    width: int
    height: int
    sizes: tuple[int, ...]
    leading: float = 1.16


@dataclass(frozen=True, slots=True)
class Block:
    """Lines as they are drawn, their size and the height of each in pixels, and where they begin."""

    lines: tuple[tuple[Run, ...], ...]
    size: int
    line: int
    from_right: bool
    whole: bool  # nothing was left out


def fit(text: str, setting: Setting) -> Block:
    """As large as it fits with whole words; else with long words broken; else, at the smallest size, as much as fits."""
    from_right = letters.is_from_right(text)
    words = text[:LONGEST].split(" ")
    tries = [(size, False) for size in setting.sizes] + [(size, True) for size in setting.sizes]
    found: list[str] = []
    for size, broken in tries:
        longest = max(_width(word, setting.faces, size) for word in words)
        if longest > setting.width and not broken:
            continue
        found = _filled(words, setting, size)
        if len(found) <= most_lines(setting, size) and len(text) <= LONGEST:
            return _block(found, setting, size, from_right, whole=True)
    smallest = setting.sizes[-1]
    found = _filled(words, setting, smallest)[: most_lines(setting, smallest)]
    found[-1] = _shortened(found[-1], setting, smallest)
    return _block(found, setting, smallest, from_right, whole=False)


def most_lines(setting: Setting, size: int) -> int:
    """How many lines of that size the space holds."""
    return max(1, int(setting.height / (size * setting.leading)))


def _block(lines: list[str], setting: Setting, size: int, from_right: bool, *, whole: bool) -> Block:
    drawn = (tuple(letters.runs(line, setting.faces, from_right=from_right)) for line in lines)
    return Block(tuple(drawn), size, round(size * setting.leading), from_right, whole)


def _filled(words: list[str], setting: Setting, size: int) -> list[str]:
    lines = [""]
    for word in words:
        for piece in _pieces(word, setting, size):
            longer = f"{lines[-1]} {piece}" if lines[-1] else piece
            if _width(longer, setting.faces, size) <= setting.width:
                lines[-1] = longer
            else:
                lines.append(piece)
    return lines


def _pieces(word: str, setting: Setting, size: int) -> list[str]:
    """The word, in as many parts as the width asks for: after a hyphen or slash of its own, else with a hyphen put in."""
    found = []
    while _width(word, setting.faces, size) > setting.width:
        at = _break(word, setting, size)
        own = word[at - 1] in BREAKS or letters.is_from_right(word)
        found.append(word[:at] if own else f"{word[:at]}-")
        word = word[at:]
    return [*found, word]


def _break(word: str, setting: Setting, size: int) -> int:
    low, high = 1, len(word) - 1
    while low < high:  # the longest beginning that fits
        middle = (low + high + 1) // 2
        if _width(f"{word[:middle]}-", setting.faces, size) <= setting.width:
            low = middle
        else:
            high = middle - 1
    own = max(word.rfind(sign, low // 2, low) for sign in BREAKS)
    if own >= 0:
        return own + 1
    for at in range(low, low - low // 3, -1):
        if _may_break(word, at):
            return at
    while low > 1 and (unicodedata.combining(word[low]) or word[low] in letters.JOINERS):
        low -= 1
    return low


def _may_break(word: str, at: int) -> bool:
    """Whether a syllable may begin there: consonants before a vowel, none torn apart. No dictionary stands behind it."""
    if not 2 <= at < len(word) - 3 or not word[at].isalpha() or word[at] in VOWELS:
        return False
    if word[at + 1] in VOWELS:
        begins = word[at - 1 : at + 1].lower() not in {*BEGINNINGS, "ck", "ng"}
    else:
        begins = word[at : at + 2].lower() in BEGINNINGS and word[at + 2] in VOWELS
    return begins and not VOWELS.isdisjoint(word[:at])


def _shortened(line: str, setting: Setting, size: int) -> str:
    """The line with an ellipsis, less as many words, or letters, as that takes."""
    line = line.rstrip("-")
    while line and _width(f"{line}{ELLIPSIS}", setting.faces, size) > setting.width:
        head, space, _last = line.rpartition(" ")
        line = head if space else line[:-1]
    return f"{line.rstrip(' ,.;:–-')}{ELLIPSIS}"


@functools.lru_cache(maxsize=4096)
def _width(text: str, faces: Faces, size: int) -> float:
    return letters.about(text, faces, size)
