"""A page that strangers wrote goes through once: its words stay, its tags are few and well formed."""

from __future__ import annotations

import pytest

from gensvar.core.markup import DEEPEST, bounded

PASSED = frozenset({"p", "b", "a", "div", "img"})


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<p>Hej <b>du</b></p>", "<p>Hej <b>du</b></p>"),
        ("<P CLASS=x>Hej<o:p>!</o:p>", "<p>Hej!"),
        ("<a href=x onclick='y' href=z>å</a>", '<a href="x">å</a>'),
        ("<a title='1 > \"0\"'>å</a>", '<a title="1 > &quot;0&quot;">å</a>'),
        ("<img alt src='' SRC=x>", '<img alt="" src="">'),
        ("1 < 2 och 3 <3", "1 &lt; 2 och 3 &lt;3"),
        ("a<!-- <b> -->b<!--[if mso]><p>x</p><![endif]-->c", "abc"),
        ("<style>p { a: '<b>' }</style><title>T</title>ord", "ord"),
        ("<svg><text>bild</text></svg>ord<object>ord utan slut", "ordord utan slut"),
        ("</b></div>ord", "ord"),
        ("ord<a href='", "ord"),
    ],
)
def test_a_page_is_written_anew(source: str, expected: str) -> None:
    assert bounded(source, PASSED) == expected


def test_what_opens_too_deep_loses_its_tag_and_keeps_its_words() -> None:
    made = bounded("<div>" * 1000 + "ord" + "</div>" * 1000 + "<p>efter</p>", PASSED)
    assert made == "<div>" * DEEPEST + "ord" + "</div>" * DEEPEST + "<p>efter</p>"


def test_formatting_that_is_never_closed_ends_where_it_has_cost_enough() -> None:
    made = bounded("<b>" * 190 + "<p>ord</p>" * 2000, PASSED)
    assert made.count("</b>") == 190
    assert made.count("ord") == 2000


@pytest.mark.parametrize(
    "hiding",
    [
        "style='display:none'",
        'style="color:#fff; DISPLAY : NONE !important"',
        "style='mso-hide:all;'",
        "style=visibility:hidden",
        "hidden",
        "class=x hidden=''",
    ],
)
def test_what_the_writer_hides_may_be_left_out(hiding: str) -> None:
    page = f"<div {hiding}>lockord <div>i två lager</div></div><p>Hej</p>"
    assert bounded(page, PASSED, hidden_too=False) == "<p>Hej</p>"
    assert "lockord" in bounded(page, PASSED)


@pytest.mark.parametrize(
    "shown",
    [
        "style='text-display:none'",
        "class='hidden'",
        "data-hidden=1",
        "title='en hidden skatt'",
        "title='style=display:none'",
        "style=color:red style=display:none",
        "",
    ],
)
def test_what_only_looks_hidden_stays(shown: str) -> None:
    assert "ord" in bounded(f"<div {shown}>ord</div>", PASSED, hidden_too=False)


def test_a_page_that_hides_all_of_itself_is_read_all_the_same() -> None:
    assert bounded("<div hidden>ord</div>", PASSED, hidden_too=False) == "<div>ord</div>"
