"""Finds names in Arabic script, which has no capitals: by what stands before them, and by the consonants of listed names.

Neighbours: `other_names` judges scripts with capitals; `sounds` hears "محمد" and "Mohamed" as one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from .findings import Certainty, Kind, Mark
from .reading import Reading
from .sounds import bones
from .words import given_names

_WORD = r"[\u0621-\u064a\u066e-\u06d3]{2,20}"
_NAMES = rf"(?P<name>{_WORD}(?: {_WORD}){{0,3}})"
_START = r"(?<![\u0621-\u06d3])[وف]?"
_CALLED = re.compile(  # my name is, his name, by the name of; Mr, Mrs, doctor, teacher, engineer, headmaster
    rf"{_START}(?:اسمي|إسمي|اسمه|اسمها|أدعى|ادعى|يدعى|تدعى|اسم (?:ابني|ابنتي|زوجي|زوجتي|والدي|والدتي|أمي|أبي|أخي|أختي)|السيد|السيدة"
    rf"|الدكتور|الدكتورة|دكتور|دكتورة|الأستاذ|الأستاذة|المهندس|المهندسة|المعلمة?|المديرة?|نام من|اسم من)(?: هو| هي)?:? {_NAMES}"
)
_NEAR = re.compile(  # I am, oh, my son, daughter, husband, wife, brother, sister, neighbour, friend
    rf"{_START}(?P<cue>أنا|انا|يا|ابني|ابنتي|بنتي|زوجي|زوجتي|أخي|أختي|جاري|جارتي|صديقي|صديقتي|من|مع) {_NAMES}"
)
_CLOSING = re.compile(  # with greetings, my greetings, thanks, with respect
    rf"(?:التحية|التحيات|تحياتي|الاحترام|احترامي|التقدير|الشكر|شكرا|شكراً|شكرًا|با احترام|با تشکر)[،,.:!]?\s{{1,4}}{_NAMES}[.]?[ \t]*(?=\n|$)"
)
_ENDS = frozenset(  # small words that are no part of a name
    "في من على عن إلى الى مع هو هي وهي وهو أن ان لا ما لم لن كان كانت قد التي الذي هذا هذه عندي لدي عندنا أريد اريد أسكن اسكن"
    " أعيش اعيش أعمل اعمل أب أم أبحث عمره عمرها عمري بعد قبل كل جدا لكم لك".split()
)
_SHORT = frozenset(  # names of fewer consonants, which are a name where one's own are spoken of: Yusuf, Ali, Omar, Adam, Layla
    "يوسف يوسُف علي عمر آدم ادم نور ليلى ليلي زيد رامي هدى هدي سارة ساره لينا لين ندى ندي طه أمل امل سامي رنا رانيا هالة مها دانا جود تالا"
    " ياسر وليد هاني ريان إياد اياد لؤي معاذ رضا ضياء علاء بهاء شيماء أسماء اسماء آية اية هيا دعاء ولاء وفاء سناء نهى لمى رؤى".split()
)
_OWN = frozenset("ابني ابنتي بنتي زوجي زوجتي أخي أختي جاري جارتي صديقي صديقتي أنا انا".split())
_LEAST_BONES = 3  # consonants; with fewer, too many words sound like a name


@cache
def _listed() -> frozenset[str]:
    return frozenset(heard for name in given_names() for heard in bones(name) if len(heard) >= _LEAST_BONES)


def _length(words: list[str], most: int) -> int:
    """How many of the words are the name: up to a small word, or one that "and" is written onto."""
    for count, word in enumerate(words[:most]):
        if word in _ENDS or (count and word.startswith("و") and len(word) > 3):
            return count
    return min(len(words), most)


def _mark(match: re.Match[str], count: int, certainty: Certainty) -> Iterator[Mark]:
    if count:
        written = " ".join(match["name"].split()[:count])
        start = match.start("name")
        yield Mark(start, start + len(written), Kind.OTHER_NAME, certainty)


def arabic_names(reading: Reading) -> Iterator[Mark]:
    """Names that are said to be names, that sign, or that sound like a listed name where a person is spoken of."""
    if not re.search(r"[\u0621-\u064a]", reading.text):
        return
    for match in _CALLED.finditer(reading.text):
        yield from _mark(match, _length(match["name"].split(), 2), Certainty.LIKELY)
    for match in _CLOSING.finditer(reading.text):
        words = match["name"].split()
        if _length(words, 3) == len(words):
            yield from _mark(match, len(words), Certainty.POSSIBLE)
    for match in _NEAR.finditer(reading.text):
        words = match["name"].split()
        short = match["cue"] in _OWN and words[0] in _SHORT
        if short or any(heard in _listed() for heard in bones(words[0])):
            yield from _mark(match, _length(words, 2), Certainty.POSSIBLE)
