"""Whatever the text: finding never fails, offsets hold, nothing found survives the masking, and masking twice is once."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gensvar.core.personal_data import Certainty, Finding, Kind, find, mask, proposal, search
from gensvar.core.personal_data.findings import Mark
from gensvar.core.personal_data.participants import Participants
from gensvar.core.personal_data.reading import Reading
from gensvar.core.personal_data.search import _find

STRICT = {Kind.EMAIL, Kind.PHONE, Kind.IDENTITY_NUMBER}
PIECES = (
    "anna.lind@exempel.se|anna (at) exempel punkt se|anna@|@exempel.se|070-123 45 67|0701234567|"
    "+46 70 123 45 67|noll sju ett två tre|850709-9805|198507099805|8507099805|0|7|12|Storgatan 12 B|"
    "541 30 Norrvik|c/o Lind|lgh 1102|Berga 3:12|ABC 123|SE4550000000058398257466|192.0.2.17|::1|"
    "Anna Lind|anna|LIND|A. Lind|A N N A|Lind-\nström|Åsa|A\u030asa|&Aring;sa|Ã…sa|?sa|mvh|jag heter|"
    "min granne|hej|och|Göknur Aslan|Björn|Sten|[namn]|[e-post]|[phone]|[|]|&amp;|&#64;|&|;|\u200b|\u00ad|"
    "\ufdd0|\u0301|\n|\r\n| |\u00a0|-|.|,|:|/|(|)|@|'|s|st|李小明|ليلى|اسمي ليلى|Å\u200bsa|N1lsson|hus 8, |3 tr|㎏|ﬁ|\ud800|\x00|🙂|İ|ẞ|x|"
    "<b>|</b>|<br>|<!-- -->|ሃና|Hana|-\n|"
    "personnummer|tel|född 850709|konto 12345678|https://x.se/samtal/abcdefgh"
).split("|")
texts = st.one_of(
    st.text(max_size=60),
    st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=3)), max_size=12).map("".join),
    st.lists(st.sampled_from(PIECES), max_size=10).map(" ".join),
)
names = st.lists(
    st.one_of(
        st.sampled_from(
            ["Anna Lind", "Åsa Öberg-Lindström", "Sten Berg", "李小明", "Carl von der Heide", "x", "@", ""]
        ),
        st.text(max_size=8),
    ),
    max_size=3,
)


@given(texts, names)
@example("AA000000000000İ", [])
def test_findings_lie_in_order_inside_the_text_and_quote_it(text: str, known_names: list[str]) -> None:
    at = 0
    for finding in find(text, known_names=known_names):
        assert at <= finding.start < finding.end <= len(text)
        assert text[finding.start : finding.end] == finding.text
        at = finding.end


@given(texts, names, st.sampled_from(["sv", "en", "fi", "sv-SE", "xx"]))
@example("070-1234567\u0301 07012345671", ["Anna"], "sv")
@example("99070123456788 0701234567", [], "en")
def test_masking_a_masked_text_changes_nothing(text: str, known_names: list[str], language: str) -> None:
    once = proposal(text, known_names, language)
    twice = proposal(once.text, known_names, language)
    assert twice.text == once.text
    assert twice.findings == ()


@given(texts, names)
@example("0701234567 9907012345670", [])
def test_no_mail_phone_or_identity_number_survives_the_masking(text: str, known_names: list[str]) -> None:
    masked = proposal(text, known_names)
    for finding in masked.findings:
        if finding.kind in STRICT:
            assert finding.text not in masked.text


def test_masking_takes_findings_in_any_order_also_overlapping_and_outside() -> None:
    def finding(start: int, end: int, kind: Kind) -> Finding:
        return Finding(start, end, kind, "", Certainty.CERTAIN)

    findings = [
        finding(5, 9, Kind.NAME),
        finding(0, 6, Kind.EMAIL),
        finding(12, 99, Kind.PHONE),
        finding(50, 60, Kind.NAME),
        finding(4, 2, Kind.NAME),
        finding(-5, -1, Kind.NAME),
    ]
    assert mask("abcdefghijklmnop", findings, language="en") == "[e-mail]jkl[phone]"
    assert mask("", findings) == ""


def test_a_text_that_goes_on_hiding_something_is_masked_whole() -> None:
    text = "Ring 070-123 45 67 så hörs vi"
    (whole,) = _find(text, Participants(()), rounds=1)
    assert (whole.start, whole.end) == (0, len(text))


def test_a_long_text_is_looked_through_again_only_beside_what_was_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plain = "Vägen är full av hål och ingen har lagat den. " * 200
    text = f"{plain}Ring 070-123 45 67/08-12 34 56 i kväll. {plain}Jag heter Anna Lind. {plain}"
    lengths: list[int] = []
    look = search._look

    def noted(reading: Reading, participants: Participants) -> tuple[Reading, list[Mark]]:
        lengths.append(len(reading.text))
        return look(reading, participants)

    monkeypatch.setattr(search, "_look", noted)
    found = find(text)
    assert [each.text for each in found] == ["070-123 45 67", "08-12 34 56", "Anna Lind"]
    assert (
        sum(length > len(plain) for length in lengths) == 2
    )  # once, and once more since a stretch held another
    assert max(length for length in lengths if length < len(plain)) < 1000
