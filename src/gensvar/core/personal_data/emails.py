"""Finds e-mail addresses, also those written to hide from machines ("anna (at) exempel punkt se").

The sign is found first and the text read outwards from it, a bounded way: time stays proportional to the length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .findings import Certainty, Kind, Mark
from .reading import Reading

LOCAL_MAX = 128  # characters; RFC 5321 § 4.5.3.1.1 allows 64 octets

_SIGN = re.compile(
    r"(?P<plain>@{1,2}|%40)"
    r"|(?P<tight>[(\[{]\s?a\s?[)\]}]|(?<=\s)[/|*~]\s?a\s?[/|*~](?=\s))"
    r"|(?P<marked>\s?(?:[\"'/|_*~=]|(?<=\w)-|(?<=\s)-)(?:at|ät|snabel-?a)(?:[\"'/|_*~=]|-(?=[\w ]))\s?"
    r"|(?<=\s)-\s(?:at|ät|snabel-?a)\s-(?=\s)|[\[{<]\s?(?:på|vid|hos)\s?[\]}>])"
    r"|(?P<glued>(?<=[^\W_])(?:snabel-?a|\.snabel-?a\.)(?=[^\W_][\w-]{0,62}\.[^\W\d_]))"
    r"|(?P<fenced>[(\[{<«‹]\s?(?:@|at|ät|snabel[ -]?a|alfakrull|kanelbulle|miukumauku)\s?[)\]}>»›])"
    r"|(?P<word>(?<=\s)(?:snabel[ -]?a|at[ -]tecken(?:et)?|alfakrull|kanelbulle|miukumauku)(?=\s))"
    r"|(?P<weak>(?<=\s)(?:at|ät)(?=\s))"
    r"|(?P<near>(?<=\s)(?:vid|hos)(?=\s))",
    re.IGNORECASE,
)
_LABEL = r"[^\W_](?:(?![_-](?:dot|punkt|prick|piste)[_-])[\w-]){0,62}"
_ENDINGS = r"(?:se|nu|com|net|org|info|eu|fi|no|dk|de|uk|io|me|name|exempel|example)"
_DOT = (
    r"(?:\s?[(\[{]\s?(?:\.|dot|punkt|prick|piste)\s?[)\]}]\s?"
    r"|\s(?:dot|punkt|prick|piste)\s"
    r"|\s?[_*|~-](?:dot|punkt|prick|piste)[_*|~-]\s?"
    r"|\s\.\s?"
    rf"|[·•∙](?={_ENDINGS}(?!\w))"
    rf"|,(?={_ENDINGS}(?!\w))"
    rf"|[/;](?={_ENDINGS}(?!\w))"
    r"|\.{1,3})"
)
_DOMAIN = re.compile(rf"\[[0-9a-f:.]{{3,45}}\]|{_LABEL}(?P<rest>(?:{_DOT}{_LABEL}){{0,8}})", re.IGNORECASE)
_LOCAL_SIGNS = frozenset("!#$%&'*+/=?^_`{|}~.-")
_NOT_FIRST = "!#$%&'*+/=?^`{|}~.-"
_SPELLED_DOT = re.compile(
    r"(?<!\w)[^\W_][\w-]{0,40}(?:\s(?:dot|punkt|prick|piste)\s|\s?[(\[{](?:\.|dot|punkt|prick|piste)[)\]}]\s?)$",
    re.IGNORECASE,
)
_TOLD_DOT = re.compile(
    r"[(\[{]\s?(?:\.|dot|punkt|prick|piste)\s?[)\]}]|\s(?:dot|punkt|prick|piste)\s", re.IGNORECASE
)
_PUBLIC_ENDING = re.compile(rf"(?<!\w){_ENDINGS}$|_{_ENDINGS}$", re.IGNORECASE)
_QUOTED = re.compile(r"\"[^\"\n]{1,64}\"$")
_LETTERED = re.compile(  # what carries letters in brackets for a number: "alternativ (a)"
    r"(?:alternativ|punkt|fall|bilag|zon|stycke|moment|del|grupp|linje|bild|figur|tabell|fråg|svar|kolumn|rut|kart|förslag|kategori"
    r"|nivå|typ|avsnitt|kapitel|paragraf|rum|hus|steg|variant|version|exempel|rad|led|sid|not|och|samt|eller|och/eller|under|enligt|se"
    r"|option|case|part|item|section|annex|appendix|group|class|line|step|figure|table|note|and|or|see|kohta|liite)"
    r"(?:a|e|n|en|et|er|or|na|erna|arna|orna|s)?",
    re.IGNORECASE,
)
_NO_LOCAL = frozenset(  # "look at kommun.se", "is at home . Then"
    "look looking looked available found find read see more us me you is are be was were arrive meet visit work works"
    " stay stop here live lives start here him her them it not and or but only email mail online".split()
)


def _local_start(text: str, end: int) -> int:
    """Where the part before the sign begins, read backwards from `end`; `end` itself when there is none."""
    quoted = _QUOTED.search(text, max(0, end - 66), end)
    if quoted:
        return quoted.start()
    at = end
    floor = max(0, end - LOCAL_MAX)
    while at > floor and (text[at - 1].isalnum() or text[at - 1] in _LOCAL_SIGNS):
        at -= 1
    while at < end and text[at] in _NOT_FIRST:
        at += 1
    return at


def _spelled_start(text: str, start: int) -> int:
    """The same, further left over dots that are spelled out: "anna punkt lind (at)"."""
    for _ in range(4):
        before = _SPELLED_DOT.search(text, max(0, start - 60), start)
        if before is None:
            return start
        start = before.start()
    return start


def _skip_back(text: str, at: int, most: int) -> int:
    floor = max(0, at - most)
    while at > floor and text[at - 1] in " \t":
        at -= 1
    return at


def _domain_start(text: str, at: int) -> int:
    """Past blanks, and past one line break with the quote marks that a reply puts after it."""
    gap = re.compile(r"[ \t]{0,2}(?:\n[ \t>|]{0,6})?").match(text, at)
    return gap.end() if gap else at


def _believable(sort: str | None, local: str, domain: re.Match[str], spaced: bool) -> bool:
    rest = domain.group("rest") or ""
    literal = domain.group().startswith("[")
    last = re.split(r"[\W_]+", domain.group())[-1]
    real_ending = literal or (
        bool(rest) and (last.isalpha() or "xn--" in domain.group().lower()) and len(last) > 1
    )
    if sort == "tight":
        public = _PUBLIC_ENDING.search(domain.group()) is not None and not _LETTERED.fullmatch(local)
        return real_ending and (not spaced or public or _TOLD_DOT.search(rest) is not None)
    if sort == "plain" or sort == "fenced":
        return real_ending or (not spaced and any(each.isalpha() for each in domain.group()))
    if sort == "word":
        return bool(rest)
    if sort in {"marked", "glued"}:
        return real_ending and _PUBLIC_ENDING.search(domain.group()) is not None
    if sort == "near":
        return real_ending and _TOLD_DOT.search(rest) is not None and _PUBLIC_ENDING.search(rest) is not None
    told = any(each in "._-+0123456789" for each in local)
    written_out = _TOLD_DOT.search(rest) is not None
    return real_ending and (told or written_out or local.lower() not in _NO_LOCAL)


def emails(reading: Reading) -> Iterator[Mark]:
    """All e-mail addresses, plain, fenced, spelled out, spaced or broken over a line."""
    text = reading.text
    for sign in _SIGN.finditer(text):
        left = _skip_back(text, sign.start(), 2)
        start = _local_start(text, left)
        if start == left:
            continue
        right = _domain_start(text, sign.end())
        domain = _DOMAIN.match(text, right)
        spaced = left < sign.start() or right > sign.end()
        if domain is None or not _believable(sign.lastgroup, text[start:left], domain, spaced):
            continue
        if sign.lastgroup != "plain":
            start = _spelled_start(text, start)
        if start > 0 and text[start - 1] == "@":  # @anna@social.exempel
            start -= 1
        sure = Certainty.LIKELY if sign.lastgroup == "weak" else Certainty.CERTAIN
        yield Mark(start, domain.end(), Kind.EMAIL, sure)
