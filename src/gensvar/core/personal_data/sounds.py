"""What a name sounds like whatever its letters: its consonants, in Latin, Arabic, Cyrillic, Greek or Ethiopic script.

"Mohamed", "Maxamed" and "محمد" have the same bones. Neighbours: `spellings` decides what follows from that.
"""

from __future__ import annotations

import re
import unicodedata

from .remembered import remembered

_LETTERS = {
    **{
        pair[0]: pair[1:]
        for pair in (
            "بb تt ثs جg حh خk دd ذd رr زs سs شs صs ضd طt ظs غg فf قk كk لl مm نn هh ڤv پp چs گg کk ژs"
            " бb вv гg ґg дd жs зs кk лl мm нn пp рr сs тt фf хk цs чs шs щs"
            " βv γg δd ζs θt κk λl μm νn ξks πp ρr σs ςs τt φf χk ψps"
        ).split()
    },
    **dict.fromkeys("اأإآٱءئؤعويىةیٰаеёєиіїйоуыэюяьъўαεηιουωάέήίόύώ", ""),
}
_SEVERAL = (
    ("sj", ("s",)),
    ("tj", ("s", "t")),
    ("dj", ("d", "g")),
    ("ch", ("s", "k")),
    ("w", ("", "v")),
    ("j", ("", "g")),
)  # by language
_LATIN = (  # in this order: what two letters together mean, then one
    ("sch", "s"),
    *((pair, "s") for pair in ("sh", "zh", "cz", "sz", "tj", "ts")),
    *((pair, "k") for pair in ("kh", "ck")),
    ("gh", "g"),
    ("ph", "f"),
    ("th", "t"),
    ("dh", "d"),
    ("q", "k"),
    ("c", "k"),
    ("x", "ks"),
    ("z", "s"),
)
LONGEST = 40  # letters of a part of a name; the work on a longer word would grow with its square
_ETHIOPIC = re.compile(
    r"ETHIOPIC SYLLABLE (?P<consonant>GLOTTAL |PHARYNGEAL |[B-DF-HJ-NP-TV-Z]*)(?P<vowel>A|U|I|AA|EE|E|O|OA)$"
)
_SAID = {  # Ethiopic consonants that Unicode writes in another way than people do
    **dict.fromkeys(("GLOTTAL ", "PHARYNGEAL "), ""),
    **dict(pair.split("=") for pair in "HH=h SZ=s TZ=ts C=ch X=kh KX=k QH=k PH=p DD=d Q=k".split()),
}
_ALSO = {"ts": ("s",), "ny": ("n", "gn"), "th": ("t",), "kh": ("h",), "w": ("v",), "j": ("g",)}
_HEARD = {"ts": "s", "w": "v", "j": "g", "ch": "k"}
_VOWELS = {
    sign: tuple(said.split("/"))
    for sign, said in (
        pair.split("=") for pair in "A=a/e U=u/oo I=i/ee AA=a EE=e/ie E=/e/i O=o OA=oa".split()
    )
}
_SYLLABLES = 3  # of a name so short that its consonants alone tell too little
_ARTICLE = re.compile(r"^ال(?=..)|^[ae]l-?(?=[^\W_]{4})")
_ASSIMILATED = re.compile(r"^[ae]bdu?([rsndzt])\1")  # Abdurrahman: Abd al-Rahman
_DOUBLE = re.compile(r"(.)\1+")


def is_latin(word: str) -> bool:
    """Whether a word is written in Latin letters."""
    return word.isascii() or all(ord(each) < 0x250 or 0x1E00 <= ord(each) < 0x1F00 for each in word)


@remembered(8192)
def bones(word: str) -> frozenset[str]:
    """The consonants of a word as heard, without doubles; several where a letter has several sounds (w, j, Somali x and c)."""
    small = unicodedata.normalize("NFC", word).lower()
    found: set[str] = set()
    for each in {small, _ARTICLE.sub("", small)}:
        if not is_latin(each):
            found.add(_bare("".join(_heard(letter) for letter in each)))
            continue
        plain = unicodedata.normalize("NFD", each).encode("ascii", "ignore").decode()
        found.update(_bare(_said(form)) for form in _forms(plain))
    return frozenset(found)


def _forms(plain: str) -> set[str]:
    forms = {plain, _ASSIMILATED.sub(r"abdul\1", plain)}
    for letters, sounds in _SEVERAL:
        if letters in plain:
            forms = {form.replace(letters, sound) for form in forms for sound in sounds}
    if "x" in plain or "c" in plain:  # Somali: x is the Arabic ح, c is ع
        forms |= {re.sub(r"c(?!h)", "", form.replace("x", "h")) for form in forms}
    return forms


def _said(plain: str) -> str:
    for letters, sound in _LATIN:
        plain = plain.replace(letters, sound)
    return plain


def _heard(letter: str) -> str:
    if letter in _LETTERS:
        return _LETTERS[letter]
    syllable = _ETHIOPIC.match(unicodedata.name(letter, ""))
    if syllable is None:
        return letter
    sound = _SAID.get(syllable["consonant"], syllable["consonant"].lower())
    return _said(_HEARD.get(sound, sound))


@remembered(1024)
def spoken(word: str) -> frozenset[str]:
    """How a short word in Ethiopic letters may be written in Latin ones; empty for any other.

    These letters tell their vowels, so that also a name of two consonants is told from a word: ሃና is Hana, never "han".
    """
    syllables = [_ETHIOPIC.match(unicodedata.name(letter, "")) for letter in word[: _SYLLABLES + 1]]
    if len(syllables) > _SYLLABLES or None in syllables:
        return frozenset()
    forms = {""}
    for syllable in filter(None, syllables):
        sound = _SAID.get(syllable["consonant"], syllable["consonant"].lower())
        consonants = (sound, *_ALSO.get(sound, ()))
        forms = {f + c + v for f in forms for c in consonants for v in _VOWELS[syllable["vowel"]]}
    return frozenset(forms | {form + "h" for form in forms if form.endswith("a")})


def _bare(said: str) -> str:
    return _DOUBLE.sub(r"\1", re.sub(r"h$|[aeiouy]", "", said))


def one_slip(word: str, other: str) -> bool:
    """Whether two words differ by one letter more, less, other, or by two neighbours that changed places."""
    if abs(len(word) - len(other)) > 1 or word == other:
        return False
    head = 0
    while head < min(len(word), len(other)) and word[head] == other[head]:
        head += 1
    rest, others = word[head:], other[head:]
    swapped = rest[:2] == others[1::-1] and rest[2:] == others[2:]
    return swapped or rest[1:] == others or rest == others[1:] or rest[1:] == others[1:]


def without_one(word: str) -> set[str]:
    """The word, and what it is when any one of its letters is lost; the word alone where it is longer than any name."""
    if len(word) > LONGEST:
        return {word}
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}
