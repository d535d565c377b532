"""Messages of Outlook that have nothing but RTF in their winmail.dat: their words are read, whatever was packed or forged."""

from __future__ import annotations

import base64
import struct
import time

from hypothesis import given
from hypothesis import strategies as st

from gensvar.channels.email import lzfu, rtf
from gensvar.channels.email.channel import EmailChannel
from gensvar.channels.email.charsets import Charsets

HELLO = bytes.fromhex(  # MS-OXRTFCP 3.1, with and without a reference that crosses what it writes
    "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
)
CROSSING = bytes.fromhex("1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0")
WRAPPED_HTML = rb"""{\rtf1\ansi\ansicpg1252\fromhtml1 \deff0
{\fonttbl {\f0\fswiss Arial;}{\f1\fmodern\fcharset204 Courier;}}
{\*\htmltag19 <html>}{\*\htmltag50 <body>}\htmlrtf \lang1033 \htmlrtf0
{\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 Hej p\'e5 er 1 < 2{\*\htmltag84 &nbsp;}\htmlrtf \'a0\htmlrtf0 {\*\htmltag84 <b>}\htmlrtf {\b
\htmlrtf0 f\u246?r\htmlrtf }\htmlrtf0 {\*\htmltag92 </b>} \f1\'cf\'f0\'e8\f0
{\*\htmltag72 </p>}\htmlrtf \par}\htmlrtf0 {\*\htmltag4 <script>alert(1)</script>}{\*\mhtmltag cid:x}{\*\htmltag58 </body>}}"""
PLAIN = rb"""{\rtf1\ansi\deff0{\fonttbl{\f0 Times;}}{\*\generator X;}{\info{\title hemligt}}\pard Gatlampan vid sj\'f6n\par
lyser inte \u-10179?\u-8704? {\pict\bin5 }}}}}ff00}{\field{\*\fldinst HYPERLINK x}{\fldrslt l\'e4nk}} \{x\}}"""


def _raw(rich: bytes) -> bytes:
    return struct.pack("<II4sI", len(rich) + 12, len(rich), b"MELA", 0) + rich


def _mail(*packed: bytes) -> bytes:
    parts = []
    for each in packed:
        value = each + b"\0" * (-len(each) % 4)
        properties = struct.pack("<IHHII", 1, 0x0102, 0x1009, 1, len(each)) + value
        stream = (
            struct.pack("<IH", 0x223E9F78, 1)
            + struct.pack("<BHHI", 1, 0x9003, 6, len(properties))
            + properties
            + b"\0\0"
        )
        parts.append(
            b"--b\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            + base64.encodebytes(stream)
        )
    head = b"From: a@example.org\r\nSubject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    return head + b"\r\n".join(parts) + b"\r\n--b--\r\n"


def _bomb() -> bytes:
    """Two bytes that stand for seventeen, without end."""
    tokens = [(207 + 17 * number - 100) % 4096 << 4 | 15 for number in range(80_000)]
    runs = (b"\xff" + struct.pack(">8H", *tokens[at : at + 8]) for at in range(0, len(tokens), 8))
    return b"\0" * 8 + b"LZFu\0\0\0\0" + b"".join(runs)


def test_the_examples_of_the_specification_are_unpacked() -> None:
    assert lzfu.unpacked(HELLO) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
    assert lzfu.unpacked(CROSSING) == b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}"


def test_a_mail_with_nothing_but_rtf_says_its_words_and_keeps_winmail_dat() -> None:
    word = EmailChannel().parse(_mail(HELLO))
    assert word.text == "hello world"
    assert [file.filename for file in word.files] == ["winmail.dat"]


def test_the_html_that_was_wrapped_in_rtf_is_unwrapped_and_made_harmless() -> None:
    word = EmailChannel().parse(_mail(_raw(WRAPPED_HTML)))
    assert word.text == "Hej på er 1 < 2 för При"
    assert "script" not in word.html
    assert "<b>för</b>" in word.html


def test_plain_rtf_gives_its_words_without_titles_and_pictures() -> None:
    word = EmailChannel().parse(_mail(_raw(PLAIN)))
    assert word.text == "Gatlampan vid sjön\nlyser inte \U0001f600 länk {x}"


def test_what_a_reply_in_rtf_repeats_is_folded() -> None:
    repeated = rb"Fr\'e5n: Gata\par Skickat: den 3 februari 2026 10:11\par Till: Kim\par \'c4mne: Hej\par\par N\'e4r?"
    word = EmailChannel().parse(_mail(_raw(rb"{\rtf1\ansi I morgon.\par\par " + repeated + b"}")))
    assert word.text == "I morgon."
    assert word.quoted.startswith("Från: Gata")


def test_what_is_made_to_cost_time_or_room_is_read_in_a_moment() -> None:
    assert len(lzfu.unpacked(_bomb())) == lzfu.LONGEST
    begun = time.thread_time()
    EmailChannel().parse(_mail(_raw(b"{\\rtf1" + b"\\f1\xe5" * 100_000)))
    rtf.words(b"{\\rtf1" + b"{" * 900_000, Charsets())
    assert time.thread_time() - begun < 5


def test_only_the_first_winmail_dat_of_a_mail_is_read_for_its_rtf() -> None:
    empty = _raw(b"{\\rtf1 }")
    assert EmailChannel().parse(_mail(empty, HELLO)).text == ""  # else fifty of them would take a minute


@given(
    st.lists(
        st.sampled_from(
            [
                *"{}\\*ufa1 '",
                "\\par",
                "\\u-1?",
                "\\'e5",
                "\\bin9",
                "{\\*\\htmltag1 <p>",
                "\\htmlrtf",
                "\\fonttbl",
            ]
        )
    )
)
def test_no_rtf_raises(pieces: list[str]) -> None:
    rtf.words(b"{\\rtf1\\fromhtml1" + "".join(pieces).encode(), Charsets())


@given(st.binary(max_size=200))
def test_no_packed_bytes_raise(packed: bytes) -> None:
    rtf.words(lzfu.unpacked(b"\0" * 8 + b"LZFu\0\0\0\0" + packed), Charsets())
