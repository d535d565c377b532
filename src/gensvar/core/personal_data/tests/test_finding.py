"""What a caller sees: kinds, certainty, places in the text as written, and the words put in place of what was found."""

from __future__ import annotations

import pytest

from gensvar.core.personal_data import Certainty, Finding, Kind, find, proposal


def only(text: str, *, known_names: tuple[str, ...] = ()) -> Finding:
    (finding,) = find(text, known_names=known_names)
    return finding


def test_a_finding_quotes_the_text_as_it_was_written() -> None:
    text = "Skriv till \uff41nna\u200b&#64;exempel.se i dag"
    finding = only(text)
    assert finding.kind == Kind.EMAIL
    assert finding.text == "\uff41nna\u200b&#64;exempel.se"
    assert text[finding.start : finding.end] == finding.text


@pytest.mark.parametrize(
    ("text", "certainty"),
    [
        ("Jag är 850709-9805.", Certainty.CERTAIN),
        ("Jag är 850709-9806.", Certainty.LIKELY),
        ("Mitt personnummer är 851399-1234.", Certainty.LIKELY),
        ("Jag är 850709 9806.", Certainty.POSSIBLE),
    ],
)
def test_a_wrong_checksum_or_date_lowers_the_certainty_but_hides_nothing(
    text: str, certainty: Certainty
) -> None:
    finding = only(text)
    assert (finding.kind, finding.certainty) == (Kind.IDENTITY_NUMBER, certainty)


def test_a_timestamp_and_an_invoice_number_are_no_persons() -> None:
    assert find("Loggat 202611231430, faktura 8507099806.") == []


@pytest.mark.parametrize(
    "text", ["Se avsnitt 0.1.2.3 i planen.", "Punkt 4.2.1.10 gäller.", "Version 2.0.11.1"]
)
def test_a_section_of_four_numbers_is_no_machine(text: str) -> None:
    assert find(text) == []


@pytest.mark.parametrize("text", ["Från 10.1.2.3 i går", "Version 185.2.1.10", "avsnittet kom från 8.8.4.4"])
def test_a_machine_is_found_whatever_stands_near_it(text: str) -> None:
    assert only(text).kind == Kind.IP_ADDRESS


def test_an_organisation_number_of_a_company_is_public() -> None:
    assert find("Bolagets organisationsnummer är 556036-0793.") == []


def test_one_name_in_several_words_is_one_placeholder() -> None:
    assert proposal("Hälsa Anna Karin Lind!", ["Anna Lind"]).text == "Hälsa [namn]!"


def test_an_address_with_street_and_town_is_one_placeholder() -> None:
    assert proposal("Bor på Storgatan 12 B, 541 30 Norrvik.").text == "Bor på [adress]."


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("sv", "Ring [telefon]"),
        ("sv-SE", "Ring [telefon]"),
        ("en", "Ring [phone]"),
        ("fi", "Ring [puhelin]"),
        ("ti", "Ring [phone]"),
    ],
)
def test_placeholders_speak_the_language_asked_for(language: str, expected: str) -> None:
    assert proposal("Ring 070-123 45 67", language=language).text == expected


def test_a_participant_is_a_known_name_and_a_neighbour_another() -> None:
    findings = find("Anna bor bredvid Roger Ståhl.", known_names=("Anna Lind",))
    assert [(each.kind, each.text) for each in findings] == [
        (Kind.NAME, "Anna"),
        (Kind.OTHER_NAME, "Roger Ståhl"),
    ]


def test_a_known_name_that_is_a_word_is_left_alone_as_a_word() -> None:
    assert find("Lägg en sten per meter.", known_names=("Sten Ek", "Per Berg")) == []


@pytest.mark.parametrize("name", ["", " ", "x", "@", "-", "Å", "\u200b", "Anna " * 40])
def test_an_odd_known_name_does_no_harm(name: str) -> None:
    assert proposal("Hej på er. Bra skött.", [name]).text == "Hej på er. Bra skött."


def test_the_private_link_of_a_conversation_is_never_left() -> None:
    text = "Min länk: https://norrvik.exempel/samtal/abcdefghijklmnopqrstuvwxyz234567abcd tack"
    assert proposal(text).text == "Min länk: [privat länk] tack"


def test_everyday_numbers_stay() -> None:
    text = "Ärende 2026-000123 enligt 2017:900, 500 kr, kl. 08.00-16.00 den 2026-11-23, väg 40."
    assert proposal(text).text == text
