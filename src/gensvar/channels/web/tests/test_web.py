"""The web form: what a browser posts becomes a word, whatever else is posted becomes a clear refusal."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

import pytest

from gensvar.channels.web.channel import WebChannel, WebSettings
from gensvar.contract.errors import Unreadable
from gensvar.contract.testing import TOKEN, ChannelContract, outgoing
from gensvar.contract.values import AnswerBy, File, Kind

SAMPLES = Path(__file__).parent / "samples"
PICTURE = b"\x89PNG\r\n\x1a\n\r\n--not-a-border\r\n\x00\xff"
BORDER = "----WebKitFormBoundaryx7Qa"


def urlencoded(**fields: str) -> bytes:
    return b"Content-Type: application/x-www-form-urlencoded\r\n\r\n" + urlencode(fields).encode()


def multipart(
    fields: dict[str, str], files: list[tuple[str, str, bytes]] | None = None, border: str = BORDER
) -> bytes:
    parts = [
        f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}'.encode()
        for name, value in fields.items()
    ]
    for filename, kind, data in files or []:
        head = f'Content-Disposition: form-data; name="files"; filename="{filename}"\r\nContent-Type: {kind}\r\n\r\n'
        parts.append(head.encode() + data)
    body = (
        b"".join(f"--{border}\r\n".encode() + part + b"\r\n" for part in parts) + f"--{border}--\r\n".encode()
    )
    return f"Content-Type: multipart/form-data; boundary={border}\r\n\r\n".encode() + body


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


class TestWebKeepsTheContract(ChannelContract):
    channel = WebChannel()
    samples = (
        urlencoded(text="Gatlyktan är trasig", email="Kim@Example.org"),
        multipart({"text": "Se bilden"}, [("bild.png", "image/png", PICTURE)]),
        sample("firefox.post"),
    )
    address = "Kim@Example.org"
    bad_addresses = ("", "två ord", "rad\nbrytning")


@pytest.fixture
def web() -> WebChannel:
    return WebChannel()


def test_a_whole_form_with_a_picture_is_read(web: WebChannel) -> None:
    word = web.parse(sample("firefox.post"))
    assert word.subject == "Hål i vägen"
    assert word.text == "Det är ett stort hål vid Björkvägen 3.\nKan ni laga det?"
    assert (word.sender.address, word.sender.name, word.sender.written) == (
        "kim.ek@example.org",
        "Kim Ek",
        "Kim.Ek@example.org",
    )
    assert word.wishes.answer_by is AnswerBy.EMAIL
    assert word.wishes.may_publish is True
    assert word.wishes.show_name is False
    assert word.wishes.place == "Björkvägen 3"
    assert [(file.filename, file.content_type) for file in word.files] == [("hål i vägen.png", "image/png")]
    assert word.kind is Kind.MESSAGE


def test_the_bytes_of_a_file_are_those_that_were_posted(web: WebChannel) -> None:
    word = web.parse(
        multipart({"text": "x"}, [("a.png", "image/png", PICTURE), ("b.txt", "text/plain", b"\r\n\r\n")])
    )
    assert [file.data for file in word.files] == [PICTURE, b"\r\n\r\n"]


def test_a_form_without_files_may_come_urlencoded(web: WebChannel) -> None:
    word = web.parse(
        urlencoded(
            text="Hej\r\nDet är mörkt",
            name="Åsa",
            phone="070-123 45 67",
            postal_address="Gatan 1\r\n123 45 Ort",
        )
    )
    assert word.text == "Hej\nDet är mörkt"
    assert word.wishes.phone == "070-123 45 67"
    assert word.wishes.postal_address == "Gatan 1\n123 45 Ort"


def test_the_first_line_serves_as_a_subject_where_none_is_written(web: WebChannel) -> None:
    assert web.parse(urlencoded(text="Lyktan är trasig\nVid parken")).subject == "Lyktan är trasig"
    long = web.parse(urlencoded(text="ord " * 60)).subject
    assert len(long) <= 80
    assert long.endswith("ord…")


def test_nothing_is_chosen_that_was_not_chosen(web: WebChannel) -> None:
    wishes = web.parse(urlencoded(text="Hej", may_publish="perhaps", show_name="", answer_by="pigeon")).wishes
    assert (wishes.may_publish, wishes.show_name, wishes.answer_by) == (False, False, AnswerBy.SAME)


def test_an_anonymous_word_has_no_address(web: WebChannel) -> None:
    assert web.parse(urlencoded(text="Hej", name="")).sender.address == ""


def test_what_cannot_be_an_address_is_kept_as_written_only(web: WebChannel) -> None:
    sender = web.parse(urlencoded(text="Hej", email="kim at example")).sender
    assert (sender.address, sender.written) == ("", "kim at example")


def test_an_address_has_the_form_that_the_mail_channel_gives_it(web: WebChannel) -> None:
    assert web.normalise("Kim@Räksmörgås.example") == "kim@xn--rksmrgs-5wao1o.example"


def test_the_token_of_the_private_link_comes_along(web: WebChannel) -> None:
    assert web.parse(urlencoded(text="Hej", token=TOKEN.upper())).tokens == (TOKEN,)
    assert web.parse(urlencoded(text="Hej", token="../../etc")).tokens == ()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\kim\\bild.png", "bild.png"),
        ("a\u202egnp.exe", "agnp.exe"),
        ("bild%0D%0A.png", "bild.png"),
        ("aux.txt", "_aux.txt"),
        ("...", "file"),
        ("å" * 300 + ".png", "å" * 118 + ".png"),
    ],
)
def test_file_names_are_bare_names(web: WebChannel, given: str, kept: str) -> None:
    word = web.parse(multipart({"text": "x"}, [(given, "image/png", b"1")]))
    assert word.files[0].filename == kept


def test_a_type_that_is_none_becomes_plain_bytes(web: WebChannel) -> None:
    word = web.parse(multipart({"text": "x"}, [("a", "text/html<script>", b"1")]))
    assert word.files[0].content_type == "application/octet-stream"


def test_an_empty_file_field_is_no_file(web: WebChannel) -> None:
    assert web.parse(multipart({"text": "x"}, [("", "application/octet-stream", b"")])).files == ()


def test_a_picture_alone_is_a_word_too(web: WebChannel) -> None:
    assert web.parse(multipart({"text": " "}, [("a.png", "image/png", PICTURE)])).text == ""


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"hej",
        b"Content-Type: text/plain\r\n\r\nhej",
        b"Content-Type: multipart/form-data\r\n\r\nhej",
        b"Content-Type: multipart/form-data; boundary=x\r\n\r\nhej",
        b"X: application/x-www-form-urlencoded\r\n\r\ntext=hej",
        urlencoded(text="   "),
        b"Content-Type: application/x-www-form-urlencoded\r\n\r\n" + b"a=1&" * 500,
    ],
)
def test_what_is_no_form_is_unreadable_and_says_so(web: WebChannel, raw: bytes) -> None:
    with pytest.raises(Unreadable, match=r"\w+"):
        web.parse(raw)


def test_line_breaks_cannot_be_smuggled_into_subject_or_name(web: WebChannel) -> None:
    word = web.parse(urlencoded(text="Hej", subject="a\r\nBcc: b", name="Kim\n\u202eEk"))
    assert (word.subject, word.sender.name) == ("a Bcc: b", "Kim Ek")


def test_words_that_are_not_utf8_are_read_all_the_same(web: WebChannel) -> None:
    raw = b"Content-Type: application/x-www-form-urlencoded\r\n\r\ntext=" + "blåbär".encode("latin-1")
    assert web.parse(raw).text == "blåbär"


def test_the_answer_is_composed_as_it_will_be_shown(web: WebChannel) -> None:
    word = outgoing(
        "kim@example.org", subject="Svar\nBcc: x", files=(File("../karta.pdf", "application/pdf", b"123"),)
    )
    shown = web.compose(word, WebSettings()).decode()
    assert "Subject: Svar Bcc: x\n" in shown
    assert "File: karta.pdf (3 bytes)\n" in shown
    assert "Plogbilen kommer i morgon." in shown


def test_the_private_link_is_the_delivery(web: WebChannel) -> None:
    word = outgoing("kim@example.org")
    sent = web.send(web.compose(word, WebSettings()), word, WebSettings())
    assert (sent.reference, sent.kept) == ("link", False)
    assert web.check(WebSettings()) == []
