"""All forms of a word are one word to search, also the definite ones after a vowel; words that differ stay apart."""

from __future__ import annotations

import pytest

from gensvar.conversations.stems import ENGLISH, english, indexed, sought, stem, stems

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


APART = """
cykel cykeln cyklar cyklarna cykels
fönster fönstret fönstren fönstrets
vatten vattnet vattnets
sommar sommaren somrar somrarna
nummer numret numren
tecken tecknet tecknen
förälder föräldern föräldrar föräldrarna föräldrars
säker säkert säkra
enkel enkelt enkla
öppen öppet öppna öppnar
barn barnet barnen barnens
avlopp avloppet avloppen
år året åren
is isen isar isarna
el elen
ägg ägget äggen
ny nya nytt
gammal gammalt gamla
bok boken böcker böckerna
badstrand badstranden badstränder badstränderna
bostad bostaden bostäder bostäderna
ledamot ledamoten ledamöter ledamöterna
rum rummet rummen
museum museet museer museerna
gymnasium gymnasiet gymnasier
centrum centret centra
idé idén idéer
traktor traktorn traktorer
fängelse fängelset fängelser
stängsel stängslet stängslen
nämndeman nämndemannen nämndemän nämndemännen
"""


@pytest.mark.parametrize("line", APART.strip().splitlines())
def test_any_form_of_a_word_asks_for_all_of_them_also_where_their_stems_differ(line: str) -> None:
    forms = line.split()
    assert len(set(map(stem, forms))) > 1
    for form in forms:
        [asked] = sought(form)
        assert asked[0] == stem(form)
        assert set(map(stem, forms)) <= set(asked), form


@pytest.mark.parametrize(
    ("asked", "other"),
    [
        ("hundra", "hund"),
        ("hund", "hundra"),
        ("barn", "bar"),
        ("regn", "regel"),
        ("vägrar", "väg"),
        ("lägre", "läge"),
        ("undrar", "under"),
        ("andra", "and"),
        ("stad", "städar"),
        ("internet", "inte"),
        ("orden", "ordning"),
        ("saken", "saknar"),
        ("by", "bytt"),
        ("korn", "kor"),
        ("must", "mus"),
        ("hal", "hål"),
        ("man", "män"),
        ("mus", "mössa"),
        ("extra", "extern"),
        ("längre", "längs"),
        ("sjukresor", "sjuk"),
        ("bullerstaket", "bullerstaka"),
        ("raket", "raka"),
    ],
)
def test_a_word_asks_for_no_stranger(asked: str, other: str) -> None:
    assert stem(other) not in sought(asked)[0]


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


ENGLISH_FORMS = """
meeting meetings
city cities
park parks parked parking
house houses housing
library libraries
school schools schooling
playground playgrounds
complaint complaints complain
happy happiness
""".strip().splitlines()
SWEDISH = "Hej, när är mötet om parkeringen på Storgatan och vem har lagt planen för parker?"


@pytest.mark.parametrize("line", ENGLISH_FORMS[:7], ids=lambda line: line.split()[0])
def test_the_forms_of_an_english_word_have_one_english_stem(line: str) -> None:
    assert len({english(word) for word in line.split()}) == 1


def test_a_swedish_text_is_indexed_as_swedish_alone() -> None:
    assert indexed(SWEDISH, "Kim Ek") == stems(SWEDISH, "Kim Ek")
    assert indexed("Möten", "kim@example.org") == stems("Möten", "kim@example.org")


def test_an_english_text_is_indexed_by_both_and_so_is_its_subject() -> None:
    found = indexed("Cities", "When is the next of our meetings?", SWEDISH)
    assert {stem("meetings"), english("meeting"), english("city"), stem("mötet")} <= set(found)
    assert english("mötet") not in found
    assert sought("Meeting, meeting") == [(stem("meeting"), "meetinget", english("meeting"))]
    assert not any(ENGLISH in word for word in stems(ENGLISH + "meet"))
