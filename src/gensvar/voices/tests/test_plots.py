"""Bars are drawn from where lines begin, and nothing of a name gets out of its text."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.utils.translation import override

from gensvar.voices.plots import Bar, decimal, percent, plot

BARS = [Bar("Kim <Ek>", "75 %", 0.75), Bar("2 others", "25 %", 0.25, open=True)]


def test_lengths_are_shares_of_the_width_in_every_language() -> None:
    with override("sv"):
        drawn = render_to_string("voices/plot.html", {"plot": plot("Andelar", BARS)})
    assert 'width="75.00%"' in drawn
    assert 'x="0"' in drawn
    assert 'height="92"' in drawn
    assert drawn.count("stroke-dasharray") == 1
    assert "Kim &lt;Ek&gt;" in drawn
    assert 'role="img" aria-label="Andelar"' in drawn


def test_in_arabic_they_begin_at_the_right() -> None:
    with override("ar"):
        first = plot("", BARS).bars[0]
    assert (first.origin, first.start, first.width) == ("100%", "25.00%", "75.00%")


def test_what_is_little_is_seen_and_nothing_is_not_drawn() -> None:
    found = plot("", [Bar("Kim", "<1 %", 0.0001), Bar("Bo", "0 %", 0.0)])
    assert [bar.width for bar in found.bars] == ["0.40%", "0.00%"]


def test_a_share_is_never_rounded_to_nothing() -> None:
    with override("en"):
        assert [percent(one) for one in (None, 0, 0.001, 0.007, 0.614, 1)] == [
            "–",
            "0%",
            "<1%",
            "1%",
            "61%",
            "100%",
        ]
    with override("sv"):
        assert percent(0.614) == "61\N{NO-BREAK SPACE}%"


def test_a_decimal_is_rounded_and_not_cut_off() -> None:
    with override("sv"):
        assert (decimal(2.27), decimal(None), decimal(47.9, 0)) == ("2,3", "–", "48")
