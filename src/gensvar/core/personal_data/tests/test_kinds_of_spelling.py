"""Kinds of writing that the second set of sentences showed to be missed, each with examples that stand in no set."""

from __future__ import annotations

import tracemalloc

import pytest

from gensvar.core.personal_data import Kind, find, proposal
from gensvar.core.personal_data.sounds import LONGEST, bones, one_slip, without_one

KNOWN = ["Göran Åhlström", "Yusuf Mahmoud Farah", "Тарас Шевчук", "Carl von Essen", "Hana Bekele"]


@pytest.mark.parametrize(
    "text",
    [
        "G=C3=B6ran =C3=85hlstr=C3=B6m",  # quoted-printable, UTF-8
        "G=F6ran =C5hl=\nstr=F6m",  # and Latin-1, with its soft line break
        "göran%20%C3%A5hlström",
        "G\\u00f6ran",
        "Go¨ran A°hlstro¨m",  # dots beside their letters
        "G¨oran",
        "Åhlstöm",  # a letter less
        "Åhlsrtöm",  # two that changed places
        "Gö<b>ra</b>n Åhl<!-- -->str<span class='x'>ö</span>m",  # tags
        "Åhl\nström",  # a line broken without a hyphen
        "Göran Åhl\u200b\nström",
        "ሃና",  # two consonants, and how they are written in Latin letters
        "Hannah",
        "Göran Åhlström-Kvist",  # the name since the wedding
        "Muhamud Yuusuf",
        "محمود",
        "Юсуф Махмуд",
        "Taras Sjevtjuk",
        "C v Essen",
    ],
)
def test_those_who_take_part_are_found_in_these_spellings_too(text: str) -> None:
    masked = proposal(text, KNOWN).text
    assert not any(each.isalpha() for each in masked.replace("[namn]", "")), masked


@pytest.mark.parametrize(
    ("kind", "datum"),
    [
        (Kind.EMAIL, "eva [a] posten [punkt] se"),
        (Kind.EMAIL, "eva vid posten punkt se"),
        (Kind.EMAIL, "eva_at_posten_punkt_se"),
        (Kind.EMAIL, "eva|at|posten.se"),
        (Kind.EMAIL, "evasnabelaposten.se"),
        (Kind.EMAIL, "eva@posten·se"),
        (Kind.EMAIL, "eva=40posten=2Ese"),
        (Kind.EMAIL, "eva.ek87 på gmail"),
        (Kind.PHONE, "070~174~06~05"),
        (Kind.PHONE, "O7O-174O6O5"),
        (Kind.PHONE, "noll 70 174 06 05"),
        (Kind.IDENTITY_NUMBER, "850709.9805"),
        (Kind.IDENTITY_NUMBER, "850709*9805"),
        (Kind.IDENTITY_NUMBER, "85O7O9-98O5"),
        (Kind.ADDRESS, "Björkgatan 3"),
        (Kind.ADDRESS, "N. Kungsgatan 4"),
        (Kind.ADDRESS, "S:ta Birgittas väg 4"),
        (Kind.ADDRESS, "von Platens gata 3"),
        (Kind.ADDRESS, "Karl XI:s gata 2"),
        (Kind.ADDRESS, "Björkgatan fjorton"),
        (Kind.ADDRESS, "Björkgatan14"),
        (Kind.ADDRESS, "Björkgatan 9, 11 och 13"),
        (Kind.ADDRESS, "Torget 6"),
    ],
)
def test_a_datum_is_found_whole_in_these_spellings_too(kind: Kind, datum: str) -> None:
    (found,) = find(f"Det är {datum} är det sagt.")
    assert (found.kind, found.text.strip()) == (kind, datum)


@pytest.mark.parametrize(
    "text", ["Jag nås på mitt nr 701740605.", "Ring mig 70 174 06 05", "Numret är 46 50 04 12"]
)
def test_a_number_that_is_said_to_be_one_needs_no_zero(text: str) -> None:
    assert [found.kind for found in find(text)] == [Kind.PHONE]


@pytest.mark.parametrize(
    "text", ["Bilen (klm-482) står där.", "Husvagnen KLM-482 är kvar.", "Skylten är klm 482."]
)
def test_a_plate_is_found_near_a_vehicle_in_other_shapes(text: str) -> None:
    assert Kind.VEHICLE in [found.kind for found in find(text)]


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Säg åt Bengtsson att flytta den.", "Säg åt [namn] att flytta den."),
        ("jag hälsade på eva i går", "jag hälsade på [namn] i går"),
        ("fråga karl anders nyström om vägen", "fråga [namn] om vägen"),
        ("jag heter göknur och bor här", "jag heter [namn] och bor här"),
        ("VARFÖR SVARAR INTE KERSTIN LIND PÅ MITT BREV", "VARFÖR SVARAR INTE [namn] PÅ MITT BREV"),
        ("Jan har inte svarat.", "[namn] har inte svarat."),
        ("Göknurs mamma har ringt.", "[namn] mamma har ringt."),
        ("Vi röstade på Dahl.", "Vi röstade på [namn]."),
    ],
)
def test_other_names_are_found_by_what_stands_beside_them(text: str, masked: str) -> None:
    assert proposal(text).text == masked


@pytest.mark.parametrize(
    "text",
    [
        "Jag har bott på Storgatan 14 år i sträck.",
        "Se avsnitt 3:12 i avtalet, i skala 1:500.",
        "Pengarna kom från Röda Korset.",
        "Kvarteret Ugglan byggs om.",
        "När öppnar badplatsen vid Sven-Jonssjön?",
        "Anna Lindhs akademi har en kurs.",
        "Vi har Tele2 och handlar på Willys.",
        "mitt namn är hemligt",
        "Parkering för 100 bilar (max 200)",
        "Priset är 0,75 kr, 0,50 kr och 0,25 kr.",
        "Modellen ABC-123 säljs inte.",
        "Ärende 850709-9806 är klart.",
        "Hus 12b står tomt, och typ 100 kör förbi om dagen.",
        "Man kan ramla på isen. Vi hejar på laget.",
        "Ramla inte! Newroz firas i stadsparken.",
    ],
)
def test_nothing_is_proposed_in_what_only_looks_like_these_kinds(text: str) -> None:
    assert find(text) == []


def test_one_slip_of_the_pen_is_a_letter_more_less_other_or_two_that_changed_places() -> None:
    assert all(one_slip("nystrom", other) for other in ("nystroom", "nysrom", "nystram", "nysrtom"))
    assert not any(one_slip("nystrom", other) for other in ("nystrom", "nysorm", "nystromer"))


@pytest.mark.parametrize(
    ("known", "written"), [("ሃና", "Hana"), ("ልያ", "Liya"), ("ዳዊት", "Dawits"), ("Abebe", "አበበ")]
)
def test_a_short_ethiopic_name_is_known_in_latin_letters_and_back(known: str, written: str) -> None:
    assert proposal(f"Svar till {written}: han kan inte vänta, hon heller.", [known]).text == (
        "Svar till [namn]: han kan inte vänta, hon heller."
    )


def test_a_name_sounds_alike_in_several_scripts() -> None:
    assert bones("Khaled") & bones("خالد")
    assert bones("Selam") & bones("ሰላም")
    assert bones("Maxamed") & bones("Mohamed")


def test_a_word_longer_than_any_name_is_not_tried_letter_by_letter() -> None:
    endless = "Ab" * LONGEST
    assert without_one(endless) == {endless}
    assert find("Ab" * 50_000, known_names=KNOWN) == []  # else ten thousand million letters of memory


def test_words_longer_than_any_name_are_not_remembered() -> None:
    def look(letter: str) -> None:
        word = f"Ab{letter}m" * 1_000
        find(f"Hej {word}, {word.lower()} och {word}-{word}.", known_names=KNOWN)

    look("а")  # what is made ready once is there now
    tracemalloc.start()
    try:
        before, _most = tracemalloc.get_traced_memory()
        for letter in "бвг":
            look(letter)
        after, _most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after - before < 15_000  # bytes; one of these three words takes 8,000 wherever it is kept
