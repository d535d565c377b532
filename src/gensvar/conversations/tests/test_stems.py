"""All forms of a word are one word to search, also the definite ones after a vowel; words that differ stay apart."""

from __future__ import annotations

import pytest

from gensvar.conversations.stems import stem, stems

FORMS = """
gata gatan gatans gator gatorna gatornas
skola skolan skolans skolor skolorna
förskola förskolan förskolor förskolorna
snöröjning snöröjningen snöröjningens snöröjningar
snö snön snöns
sjö sjön sjöns sjöar sjöarna
bro bron brons broar broarna
by byn byar byarna
kö kön köer köerna
möte mötet möten mötena
ärende ärendet ärendets ärenden ärendena
äldreboende äldreboendet äldreboenden
café caféet
torg torget torgen
bibliotek biblioteket biblioteken
väg vägen vägens vägar vägarna
cykelväg cykelvägen cykelvägar
träd trädet träden
fråga frågan frågor frågorna
människa människan människor människorna
lampa lampan lampor lamporna
detaljplan detaljplanen detaljplaner detaljplanerna
station stationen stationer stationerna
person personen personer personernas
kommun kommunen kommunens kommuner
lekplats lekplatsen lekplatser lekplatserna
resa resan resor
""".strip().splitlines()


@pytest.mark.parametrize("line", FORMS, ids=lambda line: line.split()[0])
def test_the_forms_of_a_word_have_one_stem(line: str) -> None:
    assert len(set(map(stem, line.split()))) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("vag", "väg"),
        ("vagen", "vägen"),
        ("mal", "mål"),
        ("hal", "hål"),
        ("gata", "gatt"),
        ("sand", "strand"),
        ("skola", "skolk"),
        ("bad", "båt"),
        ("by", "bro"),
        ("plan", "plats"),
        ("man", "mån"),
    ],
)
def test_words_that_differ_stay_apart(one: str, other: str) -> None:
    assert stem(one) != stem(other)


def test_a_stem_is_at_rest() -> None:
    for line in FORMS:
        for word in line.split():
            assert stem(stem(word)) == stem(word)


def test_accents_fall_and_swedish_letters_stay() -> None:
    assert stems("Café cafe CAFÉ") == [stem("cafe")]
    assert len(stems("ål al äl")) == 3
