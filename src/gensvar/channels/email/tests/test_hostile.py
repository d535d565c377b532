"""Mails made to cost time, to break out of the screen, or to be somebody else: each is read in a moment and holds no harm."""

from __future__ import annotations

import struct
import time
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gensvar.channels.email import html
from gensvar.channels.email.channel import EmailChannel
from gensvar.contract.testing import check_storable

LONGEST_SECONDS = 5  # of this thread's own work: other tests share the machine
HEAD = b"From: a@example.org\r\nSubject: x\r\n"
HTML = HEAD + b"Content-Type: text/html\r\n\r\n"
MIXED = HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
CALENDAR = HEAD + b"Content-Type: text/calendar\r\n\r\nBEGIN:VEVENT\r\n"


def _nested() -> bytes:
    return HEAD + b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (depth, depth)
        for depth in range(3000)
    )


def _tnef() -> bytes:
    properties = b"\xff\xff\xff\x7f" + b"\x02\x10\x01\x00\xff\xff\xff\xff" * 1000
    wrapped = struct.pack("<IH", 0x223E9F78, 1) + struct.pack("<BHHI", 1, 0x9003, 6, 2**31 - 1) + properties
    return HEAD + b"Content-Type: application/ms-tnef\r\n\r\n" + wrapped


COSTLY: dict[str, Callable[[], bytes]] = {
    "two hundred thousand header fields": lambda: b"X-A: b\r\n" * 200_000 + HEAD + b"\r\nhej",
    "encoded words without end": lambda: b"Subject: " + b"=?utf-8?q?a" * 100_000 + b"\r\n\r\n",
    "quotes without end": lambda: b"From: " + b'"\\' * 200_000 + b"\r\n\r\n",
    "comments without end": lambda: b"From: " + b"(\\(" * 100_000 + b"\r\n\r\n",
    "a hundred thousand addresses": lambda: b"To: " + b"a@b.se," * 100_000 + b"\r\n\r\n",
    "a hundred thousand references": lambda: HEAD + b"References: " + b"<a@b> " * 100_000 + b"\r\n\r\n",
    "references that are words": lambda: HEAD + b"References: " + b"a " * 25_000 + b"\r\n\r\n",
    "parameters without end": lambda: HEAD + b"Content-Type: text/plain; " + b'a*0="' * 50_000 + b"\r\n\r\n",
    "numbers too long for a number": lambda: (
        HEAD + b"Content-Type: text/plain; a*" + b"9" * 9000 + b"=x\r\n\r\n"
    ),
    "parts in parts in parts": _nested,
    "lines within a hundred parts": lambda: (
        HEAD
        + b"".join(
            b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(99)
        )
        + b"\r\n"
        + b"x\n" * 100_000
    ),
    "descriptions that ask for decoding": lambda: (
        MIXED
        + (b"--b\r\nContent-Type: application/x\r\nContent-Description: " + b"=?u?q?a" * 6000 + b"?=\r\n\r\n")
        * 300
    ),
    "mails in mails in mails": lambda: HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 20_000,
    "forty thousand parts": lambda: MIXED + b"--b\r\nContent-Type: text/plain\r\n\r\n\xe5\r\n" * 40_000,
    "names that ask for decoding": lambda: (
        MIXED + (b'--b\r\nContent-Type: application/x; name="' + b"=?u?q?" * 1500 + b'"\r\n\r\nx\r\n') * 600
    ),
    "borders that are none": lambda: (
        HEAD + b"Content-Type: multipart/mixed\r\n\r\n" + (b"--x" + b" " * 70 + b"\n") * 50_000
    ),
    "reply headers only": lambda: HEAD + b"\r\n" + b"Den 1 jan 10:10 skrev:\n" * 6_300,
    "header blocks only": lambda: HEAD + b"\r\n" + "Från: a\n".encode() * 6_300,
    "signatures only": lambda: HEAD + b"\r\n" + b"--\n" * 19_000 + b"> a\n",
    "files without end in the text": lambda: HEAD + b"\r\n" + b"begin 644 a\n" * 15_000,
    "divisions in divisions": lambda: HTML + b"<div>" * 63_000,
    "tables in tables": lambda: HTML + b"<b><p><table><tr><td><a href=x>" * 30_000,
    "a tag with countless attributes": lambda: (
        HTML + b"<a " + b"".join(b"a%d=1 " % n for n in range(50_000)) + b">"
    ),
    "signs of tags in quotes": lambda: HTML + b'<div a="<">x' * 27_000,
    "tags closed by others": lambda: HTML + b"<div></x>y" * 30_000,
    "divisions in letters that end first": lambda: HTML + b"<b><div></b>y" * 23_000,
    "bold letters that are never closed": lambda: (
        HTML + b"<p>" + b"".join(b"<b dir=%d>" % n for n in range(190)) + b"</p>" + b"<p>x</p>" * 36_000
    ),
    "cells in a drawing": lambda: HTML + b"<svg>" + b"<td>x" * 63_000,
    "attributes without values": lambda: HTML + b"<a " + b"".join(b"a%d " % n for n in range(200_000)) + b">",
    "styles in one tag": lambda: HTML + b"<div " + b"style=x " * 120_000 + b">x",
    "styles that begin to hide": lambda: HTML + b"<div style='" + b"display: " * 100_000 + b"'>x",
    "attributes that hold the end of a tag": lambda: (
        HTML + b"<a " + b"".join(b'a%d=">" ' % n for n in range(90_000)) + b">x"
    ),
    "tags without an end": lambda: HTML + b"<a b='" * 160_000,
    "styles without an end": lambda: HTML + b"<style>" + b"a{b:c}" * 4_000_000,
    "letters written as signs": lambda: HTML + b"&a" * 170_000,
    "signs of tags that are none": lambda: HTML + b"< " * 500_000,
    "twenty thousand files": lambda: (
        MIXED + b"--b\r\nContent-Type: application/pdf; name=a.pdf\r\n\r\nx\r\n" * 20_000
    ),
    "twenty-five million letters of base64": lambda: (
        MIXED
        + b"--b\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + b"QUFB\n" * 5_000_000
    ),
    "base64 that ends at every turn": lambda: (
        HEAD
        + b"Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + b"QUFB=*" * 4_000_000
    ),
    "a subject in a hundred thousand lines": lambda: (
        HEAD + b"Subject: x" + b"\r\n y" * 100_000 + b"\r\n\r\nhej"
    ),
    "a type in a hundred thousand lines": lambda: (
        HEAD + b"Content-Type: multipart/mixed;" + b"\r\n a=b;" * 100_000 + b"\r\n boundary=b\r\n\r\n--b\r\n"
    ),
    "an invitation of parameters": lambda: CALENDAR + b"SUMMARY" + b";A=" * 60_000 + b":x\r\n",
    "an invitation in a hundred thousand lines": lambda: CALENDAR + b"SUMMARY:x" + b"\r\n y" * 45_000,
    "an invitation of quotes": lambda: CALENDAR + b"ORGANIZER;" + b'CN="a' * 40_000 + b":x\r\n",
    "armour that begins at every line": lambda: (
        HEAD + b"\r\n" + b"-----BEGIN PGP MESSAGE-----\n" * 19_000 + b"-----BEGIN PGP SIGNED MESSAGE-----\n\n"
    ),
    "a flowed line without end": lambda: (
        HEAD + b"Content-Type: text/plain; format=flowed\r\n\r\n" + b"a \r\n" * 300_000
    ),
    "a charset that takes quadratic time": lambda: (
        HEAD + b"Content-Type: text/plain; charset=punycode\r\n\r\n" + b"a-" * 500_000 + b"\xff"
    ),
    "winmail with countless properties": _tnef,
    "a report of countless recipients": lambda: (
        HEAD
        + b"Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        + b"\r\nFinal-Recipient: rfc822;a@b\r\n" * 50_000
    ),
    "strange lines in a header": lambda: HEAD + b"strange\r\nX-A: b\r\n" * 100_000 + b"\r\nhej",
    "a header that never ends": lambda: b"abc\n" * 1_400_000,
    "parts whose headers are broken": lambda: (
        MIXED + b"--b\r\nContent-Type: text/plain;\r\nname=a\r\nContent-ID: x\r\n\r\nHej\r\n" * 4_900
    ),
    "a boundary that ends at each part": lambda: (
        MIXED + (b"--b\r\nContent-Type: application/pdf\r\n\r\n" + b"x" * 100_000 + b"\r\n--b--\r\n") * 100
    ),
    "the same boundary at each depth": lambda: (
        HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" * 2_000 + b"--b--\r\n" * 2_000
    ),
    "base64 with a word below": lambda: (
        HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n" + b"abcd\n" * 330_000 + b"! ! !"
    ),
    "white space without end in quoted-printable": lambda: (
        HEAD + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + (b"=" + b" \t" * 50) * 60_000
    ),
    "a page of lines without a tag": lambda: HTML + b"a\n" * 600_000,
    "words before the first part": lambda: (
        MIXED + b"hej\n" * 330_000 + b"--b\r\nContent-Type: application/pdf\r\n\r\nx\r\n--b--\r\n"
    ),
    "ends of brackets before a sender": lambda: b"From: " + b"> " * 24_000 + b"a <x@y.se>\r\n\r\n",
    "a square bracket and space without end": lambda: b"From: [" + b" " * 48_000 + b"x\r\n\r\n",
    "groups of which none ends": lambda: (b"To: " + b"a: " * 16_000 + b"\r\n") * 4 + b"\r\n",
    "words where an id should stand": lambda: (
        (b"Message-ID: " + b"a: " * 16_000 + b"\r\n")
        + (b"References: " + b"a: " * 16_000 + b"\r\n") * 8
        + b"\r\n"
    ),
    "lines that nearly begin as GroupWise's": lambda: (
        HEAD + b"\r\n" + (b">>> " + b"1" * 181 + b":\n") * 10_000
    ),
    "brackets in a sender": lambda: b"From: " + b"[" * 20_000 + b"a@b" * 5_000 + b"\r\n\r\n",
    "a signature of countless pieces": lambda: (
        HEAD
        + b"Content-Type: application/pkcs7-mime\r\n\r\n"
        + bytes.fromhex("308006092a864886f70d010702a08030800201013100308006092a864886f70d010701a0802480")
        + b"\4\0" * 3_000_000
    ),
    "spaces in the mail that a server brings back": lambda: (
        b"From: MAILER-DAEMON@x\r\nSubject: Undelivered mail\r\n\r\nTo:" + b" " * 1_500_000 + b"x" * 600
    ),
    "reply headers of dashes alone": lambda: HEAD + b"\r\n" + (b"-" * 380 + b" skrev x\n") * 5_000,
    "null bytes": lambda: b"\0" * 1_000_000,
    "carriage returns": lambda: b"\r" * 1_000_000,
}
# A third as long as the longest that is read whole: a time that grows faster than the length is seen there as well.
SHORTENED = frozenset(
    {
        "lines within a hundred parts",
        "reply headers only",
        "header blocks only",
        "divisions in divisions",
        "signs of tags in quotes",
        "tags closed by others",
        "divisions in letters that end first",
        "bold letters that are never closed",
        "cells in a drawing",
        "letters written as signs",
        "base64 with a word below",
        "words before the first part",
    }
)


@pytest.mark.parametrize("name", COSTLY)
def test_no_mail_takes_long(name: str) -> None:
    raw = COSTLY[name]()
    began = time.thread_time()
    check_storable(EmailChannel().parse(raw))
    assert time.thread_time() - began < (LONGEST_SECONDS / 3 if name in SHORTENED else LONGEST_SECONDS)


HARMFUL = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<svg><script>alert(1)</script></svg>",
    "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    "<form action=https://evil.example><input name=p><textarea>x</textarea></form>",
    "<div style='background:url(https://spy.example)'>x</div>",
    "<table background='https://spy.example/1.gif'><td>x</table>",
    "<link rel=stylesheet href=https://spy.example>",
    "<img srcset='https://spy.example/1.gif 2x' src='//spy.example/2.gif'>",
    "<img src='data:image/svg+xml;base64,PHN2Zz4='>",
    "<video poster='https://spy.example/1.gif' src=x></video>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<img alt='\"><script>alert(1)</script>' src='https://spy.example/\"onload=alert(1)'>",
    "<base href='https://evil.example'><meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<object data=x></object><embed src=x><applet code=x></applet>",
]


@pytest.mark.parametrize("source", HARMFUL)
def test_harmful_html_is_made_harmless(source: str) -> None:
    cleaned = html.harmless(f"<p>före</p>{source}<p>efter</p>")
    lowered = cleaned.lower()
    for word in (
        "<script",
        "<form",
        "<input",
        "<iframe",
        "<svg",
        "<object",
        "<meta",
        "<base",
        "<link",
        "style=",
        "javascript:",
    ):
        assert word not in lowered
    assert not any(
        f" {name}=" in lowered.replace('"', ' "')
        for name in ("onerror", "onload", "srcset", "poster", "background")
    )
    assert ' src="http' not in lowered
    assert ' src="data:image/svg' not in lowered
    assert ' href="data:' not in lowered
    assert (
        html.harmless(cleaned).replace(' alt=""', "") == cleaned.replace(' alt=""', "") or "<img" in cleaned
    )


def test_remote_pictures_wait_and_enclosed_ones_are_named() -> None:
    cleaned = html.harmless(
        '<img src="https://spy.example/1.gif?a=1&b=2" width="1"><img src="cid:bild@x" alt="Bild">'
    )
    assert '<img width="1" data-remote-src="https://spy.example/1.gif?a=1&amp;b=2" alt="">' in cleaned
    assert 'data-cid="bild@x"' in cleaned
    assert html.content_ids(cleaned) == {"bild@x"}


def test_a_picture_that_lies_in_the_page_itself_may_stay() -> None:
    assert 'src="data:image/png;base64,iVBORw0KGgo="' in html.harmless(
        '<img src="data:image/png;base64,iVBORw0KGgo=">'
    )


def test_nothing_is_shown_that_a_link_to_mail_hides() -> None:
    assert (
        html.to_text(html.harmless('<a href="mailto:evil@example.org">kim@example.org</a>'))
        == "evil@example.org"
    )
    long = "skriv till oss om allt som du undrar över i vår kommun"
    assert (
        html.to_text(html.harmless(f'<a href="mailto:a@example.org">{long}</a>')) == f"{long} <a@example.org>"
    )


def test_a_picture_that_stands_for_a_sign_says_it() -> None:
    page = '<p>Tack <img src="cid:a" alt="&#128522;"></p><img src="https://spy.example/1.gif" alt="karta"><img alt="--">'
    assert html.to_text(html.harmless(page)) == "Tack 😊"


def test_quotations_in_html_carry_their_marks() -> None:
    page = "<div>Tack!</div><div>Kim skrev:</div><blockquote>Ett<blockquote>Två</blockquote></blockquote><p>Hej</p>"
    assert html.to_text(html.harmless(page)) == "Tack!\nKim skrev:\n\n> Ett\n>\n>> Två\n\nHej"


def test_preformatted_text_keeps_its_lines() -> None:
    assert html.to_text(html.harmless("<pre>a\n  b\n\nc</pre>")) == "a\n  b\n\nc"


# --- Mails that Hypothesis builds ---------------------------------------------------------------

NAMES = st.sampled_from(
    "From To Cc Subject Date Message-ID References In-Reply-To Reply-To Content-Type Content-Transfer-Encoding "
    "Content-Disposition Content-ID Return-Path Auto-Submitted X-Odd".split(" ")
)
TYPES = st.sampled_from(
    "text/plain|text/html|text/calendar|multipart/mixed; boundary=b|multipart/alternative; boundary=b|message/rfc822"
    "|multipart/report; boundary=b|message/delivery-status|application/ms-tnef|image/png; name=a".split("|")
)
VALUES = st.one_of(
    st.text(max_size=60),
    TYPES,
    st.sampled_from(
        [
            "base64",
            "quoted-printable",
            "attachment; filename*0*=utf-8''%",
            "=?utf-8?b?/?=",
            "<>",
            '"',
            "a@b",
            "(",
            "a:b;",
        ]
    ),
)
LINES = st.one_of(
    st.text(max_size=80),
    st.sampled_from(
        [
            "--b",
            "--b--",
            "",
            "> x",
            "Från: a",
            "Den 1 jan 2026 10:00 skrev a@b.se:",
            "-- ",
            "begin 644 a",
            "end",
        ]
    ),
    st.sampled_from(
        ["Content-Type: text/html", "<p>", "<blockquote>", "</p>", "<img src=http://x>", "Action: failed"]
    ),
)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=True,
)
@given(
    st.lists(st.tuples(NAMES, VALUES), max_size=8),
    st.lists(LINES, max_size=25),
    st.sampled_from(["utf-8", "latin-1", "utf-16", "gb18030", "iso2022_jp"]),
)
def test_any_mail_that_can_be_built_is_read(
    fields: list[tuple[str, str]], lines: list[str], charset: str
) -> None:
    head = "".join(f"{name}: {value}\r\n" for name, value in fields)
    raw = (head + "\r\n" + "\r\n".join(lines)).encode(charset, "replace")
    word = EmailChannel().parse(raw)
    check_storable(word)
    assert EmailChannel().parse(raw) == word


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.binary(max_size=400))
def test_any_bytes_are_read(raw: bytes) -> None:
    check_storable(EmailChannel().parse(raw))
