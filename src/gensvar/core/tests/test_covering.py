"""What opens something is covered wherever a mail program may have put it, and nothing else is touched."""

from __future__ import annotations

import base64
import datetime as dt
import quopri

import pytest

from gensvar.core import clock, covering, tokens

KEY = "00112233445566778899"
HASH = "0123456789abcdef" * 2


@pytest.mark.parametrize("purpose", tokens.PURPOSES)
def test_a_genuine_token_is_covered_whatever_it_is_for(purpose: str) -> None:
    token = tokens.make(purpose, KEY)
    for written in (token, token.upper(), f"x{token}", f"https%3a%2f%2fa.example%2fsamtal%2f{token}&data"):
        told = covering.cover(f"Länken {written} fungerar inte")
        assert told == f"Länken {written} fungerar inte".replace(token, covering.COVERED).replace(
            token.upper(), covering.COVERED
        )
        assert covering.COVERED in told


def test_what_only_looks_like_a_token_stays() -> None:
    token = tokens.make("conversation", KEY)
    changed = token[:5] + ("b" if token[5] != "b" else "c") + token[6:]
    for other in (
        "abcdefghijklmnopqrstuvwxyz234567abca",
        token[:-1],
        changed,
        f"{token[:18]} {token[18:]}",
        f"1-\u212aaaaaa-{HASH}",
    ):
        assert covering.cover(f"Se {other} här") == f"Se {other} här"
    with pytest.raises(ValueError, match="purposes"):
        tokens.make("unheard-of", KEY)


@pytest.mark.parametrize(("days", "covered"), [(0, True), (-2, True), (-30, False), (30, False)])
def test_a_key_that_can_still_set_a_password_is_covered(days: int, covered: bool) -> None:
    made = clock.now() + dt.timedelta(days=days) - dt.datetime(2001, 1, 1, tzinfo=dt.UTC)
    seconds, digits = int(made.total_seconds()), ""
    while seconds:
        seconds, rest = divmod(seconds, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[rest] + digits
    told = covering.cover(f"http://a.example/konto/password/reset/key/1z-{digits}-{HASH}/")
    assert (HASH not in told) is covered


def test_a_mail_is_covered_in_every_encoding_and_else_stays_byte_for_byte() -> None:
    token = tokens.make("conversation", KEY)
    words = f"Hela samtalet, bara för dig:\n{'x' * 50}/samtal/{token}\n\nÅ".encode()
    picture = base64.encodebytes(b"\x89PNG\0" + bytes(range(256)))
    quoted = quopri.encodestring(words)
    assert token.encode() not in quoted, "it goes on in the next line"
    nested = b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(words)
    for body in (words, quoted, base64.encodebytes(words), base64.encodebytes(nested)):
        raw = b"To: a+%s@a.example\r\n\r\n--b\n\n%s\n--b\n\n%s\n--b--\n" % (token.encode(), body, picture)
        told = covering.cover_bytes(raw)
        for _ in range(2):  # as whoever saves it can open it
            told = told.replace(b"=\n", b"") + b"".join(map(_opened, told.split(b"\n\n")))
        assert token.encode() not in told
        assert covering.COVERED_BYTES in told
        assert picture in covering.cover_bytes(raw)
        bare = raw.replace(token.encode(), b"")
        if body is words:
            assert covering.cover_bytes(bare) == bare


def test_more_letters_than_anybody_could_try_stay_as_they_were_sent() -> None:
    screamed = "a" * 100_000
    assert covering.cover(screamed) == screamed
    listed = " ".join(["abcdefghijklmnopqrstuvwxyz234567abcq"] * (covering.MOST_TRIED + 1))
    assert covering.cover(listed) == listed
    file = base64.encodebytes(b"hej " * 30_000)  # letters alone, line after line
    assert covering.cover_bytes(b"A: b\n\n" + file) == b"A: b\n\n" + file


def _opened(stretch: bytes) -> bytes:
    try:
        return base64.b64decode(stretch.split(b"\n--b")[0])
    except ValueError:
        return b""
