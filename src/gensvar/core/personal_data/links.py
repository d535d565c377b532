"""Finds addresses of machines and of people on the net: profiles, handles, private links, IP numbers."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from .findings import Certainty, Kind, Mark
from .reading import Reading

_PATH = r"[^\s<>\"()\[\]\ufdd0]"
_PROFILE = re.compile(
    r"(?<![\w.-])(?:https?://)?(?:[\w-]{1,20}\.){0,3}"
    r"(?:facebook|fb|instagram|linkedin|twitter|x|tiktok|snapchat|youtube|threads|bsky|telegram|t|github|pinterest|vk)"
    rf"\.(?:com|net|me|app|social|org)/{_PATH}{{1,200}}",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![\w@./])@[^\W\d_][\w.\-]{2,40}")
_SECRET_LINK = re.compile(
    rf"https?://[^\s/<>\"]{{1,200}}/(?:{_PATH}{{0,200}}/)?(?:samtal/{_PATH}{{8,200}}|[a-z2-7]{{36}}(?!\w){_PATH}{{0,200}})"
)
_SECRET = re.compile(r"(?<![\w-])(?=[a-z]{0,35}[2-7])[a-z2-7]{36}(?![\w-])")
_IPV4 = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w]|\.\d)")
_NUMBERED = re.compile(  # what numbers with points stand behind in minutes, plans and manuals
    r"\b(?:avsnitt|kapitel|kap|punkt|paragraf|bilaga|tabell|figur|version|utgåva|section|chapter|item|release|v)[. ]{0,2}$",
    re.IGNORECASE,
)
_IPV6 = re.compile(
    r"(?<![\w:])(?=[0-9a-f:]{0,4}[0-9a-f:])[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,8}(?![\w:])", re.IGNORECASE
)
_HARDWARE = re.compile(r"(?<![\w:-])(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}(?![\w:-])", re.IGNORECASE)


def _is_address(written: str) -> bool:
    try:
        ipaddress.ip_address(written)
    except ValueError:
        return False
    return True


def _is_a_section(text: str, match: re.Match[str]) -> bool:
    """Whether it numbers a section or a version: so named before it, and with parts as small as those have."""
    small = all(len(part) <= 2 for part in match.group().split("."))
    return small and _NUMBERED.search(text[max(0, match.start() - 14) : match.start()]) is not None


def links(reading: Reading) -> Iterator[Mark]:
    """Personal profiles, handles, private links of conversations, IP and hardware addresses."""
    text = reading.text
    for match in _SECRET_LINK.finditer(text):
        yield Mark(match.start(), match.end(), Kind.SECRET_LINK)
    for match in _SECRET.finditer(text):
        yield Mark(match.start(), match.end(), Kind.SECRET_LINK, Certainty.LIKELY)
    for match in _PROFILE.finditer(text):
        end = match.start() + len(match.group().rstrip(".,;:!?'"))
        yield Mark(match.start(), end, Kind.PROFILE)
    for match in _HANDLE.finditer(text):
        end = match.start() + len(match.group().rstrip(".-"))
        yield Mark(match.start(), end, Kind.PROFILE, Certainty.POSSIBLE)
    for match in _IPV4.finditer(text):
        if _is_address(match.group()) and not _is_a_section(text, match):
            yield Mark(match.start(), match.end(), Kind.IP_ADDRESS)
    for match in _IPV6.finditer(text):
        if (
            len(match.group()) > 5
            and any(each.isdigit() for each in match.group())
            and _is_address(match.group())
        ):
            yield Mark(match.start(), match.end(), Kind.IP_ADDRESS)
    for match in _HARDWARE.finditer(text):
        yield Mark(match.start(), match.end(), Kind.IP_ADDRESS)
