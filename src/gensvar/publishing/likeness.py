"""How much a text that somebody is writing resembles a public exchange: rare words weigh more. Pure; neighbour: gate."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from gensvar.conversations.stems import indexed, stem, stems
from gensvar.publishing.values import PublishedExchange

LONGEST: Final = 10_000  # characters of a text that are looked at
MOST_ASKED: Final = 48  # stems of a text whose rarity is asked for
MOST_WEIGHED: Final = 12  # of them, the most telling
COMMON: Final = 0.25  # a stem in more than this share of many exchanges tells nothing
MANY: Final = 20
ENOUGH: Final = 0.34  # share of the weight that must be met, of the text's or of the headline's
_MASKED: Final = re.compile(
    r"\[[^\]\n]{1,20}\]"
)  # “[namn]”, “[e-post]”: what the masking put there finds nothing
IN_THE_ANSWER: Final = 0.4  # what a stem counts that stands in the answer alone

_SAID_BY_ALL: Final = """
alla allt alltid alltså andra annan annat att av bara behöver berätta bli blir blivit borde bra bör
både då där därför de den denna deras dess dessa det detta dig din dina dit ditt dock du då efter
eftersom ej eller en enligt er era ert ett finnas finns fram fråga från får fått för förut ge ger
genom gång går gör göra ha hade har haft hej hela hennes hit hjälp hon honom hos hur här i ibland
idag igen in inga ingen inget inom inte ja jag ju just kan kanske kom komma kommer kommun kommunen
kunde kunna lite låta man med mellan men mer mest mig min mina mitt mot mycket måste många mvh någon
något några nej ni nog nu när nästa och ofta om oss på redan samma sedan sen ser sig sin sina sitt
ska skall skriva skulle snälla som svar svara så såg sådan tack tar till tills tro tycker under
undrar upp ut utan vad var vara varför varje vart vem vi vid vilka vilken vilket vill visst vore
väldigt vänligen våra vår vårt vet veta än ännu är även år åt över över hälsning hälsningar hälsar
bästa kära god dag morgon kväll
a about after again all also an and any are as at be because been but by can could dear did do does
for from get had has have hello help her here hi his how i if in into is it its just know like may
me more my no not now of on or our out please question regards she should so some still thank thanks
that the their them then there they this to too up us very was we were what when where which who why
will with would you your
"""
SAID_BY_ALL: Final = frozenset(stem(word) for word in _SAID_BY_ALL.split())


def found_by(shown: PublishedExchange) -> list[str]:
    """What the index holds of a public exchange: its stems, and the English ones of what is written in English."""
    return indexed(*(_MASKED.sub(" ", text) for text in (shown.title, *(word.text for word in shown.words))))


def telling(text: str) -> list[str]:
    """The stems of a text that may tell what it is about, in their order; without those that everybody says."""
    return [
        one
        for one in _stems(text[:LONGEST])
        if one not in SAID_BY_ALL and (len(one) > 2 or not one.isascii()) and not one.isdigit()
    ]


def weights(asked: Sequence[str], frequencies: Mapping[str, int], exchanges: int) -> dict[str, float]:
    """The most telling of these stems with what each weighs: the rarer among the exchanges, the more (as in BM25)."""
    most = exchanges * COMMON if exchanges >= MANY else exchanges
    weighed = {
        one: math.log(1 + (exchanges + 1) / (frequencies.get(one, 0) + 0.5))
        for one in asked
        if frequencies.get(one, 0) <= most
    }
    known = sorted((one for one in weighed if frequencies.get(one)), key=lambda one: (-weighed[one], one))
    unknown = [one for one in weighed if not frequencies.get(one)]
    chosen = known[:MOST_WEIGHED]
    # Words that no exchange holds say that the text is about something else; a few of them are heard.
    return {one: weighed[one] for one in (*chosen, *unknown[: max(1, len(chosen) // 2)])}


def resemblance(shown: PublishedExchange, text: Mapping[str, float]) -> float:
    """How much the exchange resembles a text of these weights; 0.0 where it does not really.

    At least two telling stems must stand in its headline or questions, or one that is most of the text or of the headline.
    """
    asked = set(_stems(shown.title, *(word.text for word in shown.words if not word.ours)))
    answered = set(_stems(*(word.text for word in shown.words if word.ours))) - asked
    met = sum(weight for one, weight in text.items() if one in asked)
    beside = sum(weight for one, weight in text.items() if one in answered)
    whole = sum(text.values())
    headline = telling(shown.title)
    if not whole or not met:
        return 0.0
    of_text = (met + IN_THE_ANSWER * beside) / whole
    of_headline = len(_both(headline, text)) / len(headline) if headline else 0.0
    several = len(_both(asked, text)) > 1
    enough = ENOUGH if several else 2 * ENOUGH
    return (of_text + of_headline) * met if max(of_text, of_headline) >= enough else 0.0


def _stems(*texts: str) -> list[str]:
    return stems(*(_MASKED.sub(" ", text) for text in texts))


def _both(some: Collection[str], others: Mapping[str, float]) -> list[str]:
    return [one for one in some if one in others]
