"""Text that never closes what it opens: it is read once, not again from each place where something begins."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from gensvar.publishing.links import addresses
from gensvar.publishing.posts import guest_bylines, words
from gensvar.publishing.wordpress import body, making

LONG = 50_000  # characters; with its square each of these took seconds


@pytest.mark.parametrize(
    ("read", "begins", "again"),
    [
        (words._plain, "", "<"),
        (words._plain, "", "<b "),
        (guest_bylines._plain, "", "<"),
        (addresses._in_html, "", "<a href "),
        (making._NO_LEAD.findall, "", "<h2>"),
        (making._NO_LEAD.findall, "", "<a "),
        (body._DYNAMIC.fullmatch, " wp:latest-posts", " "),
    ],
)
def test_what_is_opened_and_never_closed_is_read_once(
    read: Callable[[str], object], begins: str, again: str
) -> None:
    text = begins + again * (LONG // len(again)) + "x"
    began = time.thread_time()
    read(text)
    assert time.thread_time() - began < 0.3


def test_a_sign_that_closes_nothing_changes_no_wording() -> None:
    """The digest of what a guest said yes to stays the same for what was said before."""
    said = 'Det är <b data-block-key="x">5 > 3</b> & 1 < 2 > 0 <i'
    assert guest_bylines._plain(said) == "Det är <b>5 &gt; 3</b> &amp; 1 < 2 > 0 &lt;i"
    assert guest_bylines._plain("<i") == "<i"


def test_headings_and_links_are_no_lead() -> None:
    assert making._NO_LEAD.sub("", '<h2>A <b>b</b></h2><p>c <a href="/">d</a></p><h3>e') == "<p>c d</p><h3>e"
