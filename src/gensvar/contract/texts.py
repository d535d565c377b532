"""Text that strangers wrote, made fit to be stored, shown on one line, or used as a file's name. Pure; every channel reads it."""

from __future__ import annotations

import re
import unicodedata

LONGEST_NAME = 150  # characters of a file name; 240 bytes, which every file system takes
LONGEST_NAME_BYTES = 240

PAGE_BREAKS = re.compile("[\x0b\x0c]")
CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f]+")
SURROGATES = re.compile("[\ud800-\udfff]")
BREAKS = re.compile("[\t\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
STEERING = re.compile(
    "[\u202a-\u202e\u2066-\u2069]"
)  # turns the direction of what follows: a way to disguise a name
HIDDEN = re.compile("[\u200b-\u200f\u2060-\u2064\ufeff]")
FORBIDDEN = re.compile(r'[<>:"|?*\x00-\x1f\x7f-\x9f]')
DEVICES = re.compile(r"^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)


def clean(text: str) -> str:
    """Text that any database can hold: \\n line ends, no control characters but tab, no lone surrogates."""
    if text.isascii() and "\r" not in text and text.isprintable():
        return text
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if all(map(str.isprintable, text.split("\n"))):
        return text
    text = CONTROLS.sub("", PAGE_BREAKS.sub("\n", text))
    return text if text.isascii() else SURROGATES.sub("\ufffd", text)


def line(text: str, longest: int) -> str:
    """One line of at most `longest` characters, without line breaks or characters that turn the writing direction."""
    if text.isascii() and text.isprintable():
        return text.strip(" ")[:longest].strip(" ")
    text = clean(BREAKS.sub(" ", text)).strip(" ")
    return (text if text.isascii() else STEERING.sub("", text))[:longest].strip(" ")


def bare_name(name: str, fallback: str = "file") -> str:
    """A file name without path, control characters, characters that turn or hide writing, or names that systems reserve."""
    name = unicodedata.normalize("NFC", clean(name).replace("\n", " ").replace("\t", " "))
    name = name.replace("\\", "/").rstrip("/ ").rpartition("/")[2]
    name = FORBIDDEN.sub("_", HIDDEN.sub("", STEERING.sub("", name))).strip(" .")
    name = " ".join(name.split()) or fallback
    if DEVICES.match(name):
        name = "_" + name
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension) > 12:
        stem, dot, extension = name, "", ""
    room = LONGEST_NAME - len(extension) - 1
    stem = stem[:room]
    while len((stem + dot + extension).encode()) > LONGEST_NAME_BYTES:
        stem = stem[:-1]
    return stem.rstrip(" .") + dot + extension if dot else stem
