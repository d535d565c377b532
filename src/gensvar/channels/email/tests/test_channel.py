"""The e-mail channel keeps the contract; what it composes is safe, the same each time, and finds its way back."""

from __future__ import annotations

import datetime as dt
import email
from email.message import EmailMessage
from email.policy import SMTP, default
from pathlib import Path

import pytest

from gensvar.channels.email import reading
from gensvar.channels.email.channel import EmailChannel
from gensvar.channels.email.composing import return_path
from gensvar.channels.email.server import Settings
from gensvar.contract.errors import Unreadable, Unsupported
from gensvar.contract.testing import TOKEN, ChannelContract, outgoing
from gensvar.contract.values import AnswerBy, File, Kind, Outgoing, Party

SAMPLES = tuple(path.read_bytes() for path in sorted((Path(__file__).parent / "samples").glob("*.eml")))
CHANNEL = EmailChannel()


class TestEmailKeepsTheContract(ChannelContract):
    channel = CHANNEL
    samples = SAMPLES
    mutations = 5
    address = "Kim.Ek@Räksmörgås.example"
    bad_addresses = (
        "",
        "kim",
        "kim@",
        "@example.org",
        "kim ek@example.org",
        "kim@exa mple.org",
        "a@b@c",
        "kim@-x.org",
        "k\n@x.org",
    )


def composed(**changes: object) -> bytes:
    return CHANNEL.compose(outgoing(**changes), Settings())  # type: ignore[arg-type]


def parsed(raw: bytes) -> EmailMessage:
    return email.message_from_bytes(raw, policy=default)


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        (" Kim.Ek@Example.ORG ", "kim.ek@example.org"),
        ("kim@räksmörgås.example", "kim@xn--rksmrgs-5wao1o.example"),
        ("kim@XN--rksmrgs-5wao1o.example", "kim@xn--rksmrgs-5wao1o.example"),
        ("åsa@example.org", "åsa@example.org"),
        ("kim@localhost", "kim@localhost"),
        ("kim@[192.0.2.1]", "kim@[192.0.2.1]"),
        ("kim+tag@example.org.", "kim+tag@example.org"),
    ],
)
def test_an_address_has_one_form(written: str, normal: str) -> None:
    assert CHANNEL.normalise(written) == normal


def test_a_mail_is_whole_and_read_back_as_it_was_meant() -> None:
    mail = parsed(composed(files=(File("gångväg å.pdf", "application/pdf", bytes(range(256))),)))
    assert mail["From"] == '"Åsa Berg, Gata & park" <gata.park@example.org>'
    assert mail["To"] == "Kim Ek <kim.ek@example.org>"
    assert mail["Reply-To"].addresses[0].addr_spec == f"gata.park+{TOKEN}@example.org"
    assert mail["Subject"] == "Snöröjning på Björkvägen"
    assert mail["Message-ID"] == f"<{TOKEN}.1@example.org>"
    assert mail["Date"].datetime == dt.datetime(2026, 2, 3, 9, 30, tzinfo=dt.UTC)
    assert mail["Content-Language"] == "sv"
    assert mail["X-Gensvar-Loop"] == "gata.park@example.org"
    assert mail["Auto-Submitted"] is None
    assert not mail.defects
    body = mail.get_body(("plain",))
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == outgoing().text.strip() + "\n"
    (file,) = mail.iter_attachments()
    assert (file.get_filename(), file.get_content_type()) == ("gångväg å.pdf", "application/pdf")
    assert file.get_payload(decode=True) == bytes(range(256))


def test_our_own_mail_is_known_when_it_comes_back() -> None:
    word = CHANNEL.parse(composed())
    assert word.kind is Kind.AUTOMATIC
    assert word.text.startswith("Hej Kim")
    assert word.sender.name == "Åsa Berg, Gata & park"


def test_a_reply_to_it_carries_its_tokens() -> None:
    mail = parsed(composed())
    reply = (
        f"From: kim.ek@example.org\r\nTo: {mail['Reply-To']}\r\nIn-Reply-To: {mail['Message-ID']}\r\n"
        f"Subject: SV: {mail['Subject']}\r\n\r\nTack\r\n"
    )
    assert CHANNEL.parse(reply.encode()).tokens == (TOKEN,)


def test_a_reply_whose_program_wrapped_or_encoded_our_long_message_id_is_tied_to_it() -> None:
    ours = f"<{TOKEN}.kx3f7q2m9zt4wb6c@kontakt.storstaden.example>"
    encoded = EmailMessage()  # Python's own writer makes encoded words of an id that is longer than a line
    encoded["References"] = f"<earlier@example.org> {ours}"
    wrapped = f"In-Reply-To: {ours[:40]}\r\n {ours[40:]}\r\n"
    assert "=?" in encoded.as_string(policy=SMTP)
    for field in (encoded.as_string(policy=SMTP).partition("\r\n\r\n")[0] + "\r\n", wrapped):
        word = CHANNEL.parse(f"From: kim.ek@example.org\r\n{field}\r\nTack\r\n".encode())
        assert word.tokens == (TOKEN,)
        assert word.references[-1] == ours.strip("<>")


def test_a_receipt_is_marked_so_that_no_machine_answers_it() -> None:
    mail = parsed(composed(automatic=True))
    assert mail["Auto-Submitted"] == "auto-replied"
    assert mail["X-Auto-Response-Suppress"] == "All"


def test_the_thread_before_it_is_named() -> None:
    mail = parsed(
        composed(in_reply_to="b@example.org", references=("a@example.org", "b@example.org", "bad id <x>"))
    )
    assert mail["In-Reply-To"] == "<b@example.org>"
    assert mail["References"].split() == ["<a@example.org>", "<b@example.org>"]


def test_reports_of_failure_come_to_an_address_that_tells_the_word() -> None:
    assert return_path(outgoing()) == f"gata.park+{TOKEN[::-1]}@example.org"
    assert return_path(outgoing(sender_address="a" * 40 + "@example.org")) == "a" * 40 + "@example.org"


@pytest.mark.parametrize(
    "evil",
    [
        "x\r\nBcc: alla@example.org",
        "x\nBcc: alla@example.org",
        "x\r\n\r\nBody",
        "x\x00\x1b[31m",
        "x\u2028Bcc: a",
    ],
)
def test_no_field_can_smuggle_another(evil: str) -> None:
    raw = composed(
        subject=evil,
        sender_name=evil,
        recipient=Party("kim@example.org", evil),
        language=evil,
        in_reply_to=evil,
        references=(evil,),
        files=(File(evil, evil, b"x", content_id=evil, inline=True),),
    )
    mail = parsed(raw)
    assert mail["Bcc"] is None
    assert not mail.defects
    names = [name for name, _ in mail.items()]
    assert len(names) == len(set(names))
    assert [part["Bcc"] for part in mail.iter_parts()] == [None, None]
    assert mail["Content-Language"] is None


@pytest.mark.parametrize(
    "evil",
    ["kim@example.org\r\nBcc: x@y.org", "kim@example.org>,<x@y.org", "kim", "", "two words@example.org"],
)
def test_a_recipient_that_is_no_address_is_refused_before_sending(evil: str) -> None:
    with pytest.raises(Unsupported, match=r"\w"):
        composed(recipient=Party(evil))


def test_a_message_id_that_is_none_is_refused() -> None:
    with pytest.raises(Unsupported):
        composed(message_id="a b")


@pytest.mark.parametrize(
    "name",
    [
        'Kim "Kicki" Ek',
        "Ek, Kim",
        "Åsa; Öberg <x@y>",
        "Kim\\Ek",
        "=?utf-8?q?x?=",
        "a" * 150,
        "å" * 150,
        "名前",
        "kim@example.org",
        "(x)",
    ],
)
def test_names_of_all_kinds_come_through(name: str) -> None:
    raw = composed(recipient=Party("kim@example.org", name))
    (to,) = CHANNEL.parse(raw).to
    assert (to.address, to.name) == ("kim@example.org", name)
    (address,) = parsed(raw)["To"].addresses
    assert address.addr_spec == "kim@example.org"
    assert address.display_name.replace(" ", "") == name.replace(" ", "")


@pytest.mark.parametrize(
    "subject", ["", "a" * 500, "å" * 300, "kort", "ord " * 150, "=?utf-8?q?x?=", "x: y", "🐟 fisk"]
)
def test_subjects_of_all_kinds_come_through(subject: str) -> None:
    raw = composed(subject=subject)
    assert CHANNEL.parse(raw).subject == subject.strip()
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998


@pytest.mark.parametrize(
    "text",
    ["", ".", "..\n.", "From kim", "å" * 5000, "rad\n" * 500, "slut  \nblank ", "tab\there", "=20 =C3"],
)
def test_texts_of_all_kinds_come_through(text: str) -> None:
    raw = composed(text=text)
    assert raw.isascii()
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 78
    assert parsed(raw).get_content().replace("\r\n", "\n").rstrip("\n") == text.rstrip("\n")


def test_the_bytes_are_the_same_at_every_try_and_need_no_clock() -> None:
    word = outgoing(files=(File("a.txt", "text/plain", b"x"),))
    assert CHANNEL.compose(word, Settings()) == CHANNEL.compose(word, Settings())
    assert parsed(composed(sent_at=None))["Date"] is None


def test_a_nested_mail_goes_as_a_file_whose_bytes_are_kept() -> None:
    inner = b"From: a@example.org\r\n\r\nhej\r\n"
    mail = parsed(composed(files=(File("svar.eml", "message/rfc822", inner),)))
    (file,) = mail.iter_attachments()
    assert file.get_payload(decode=True) == inner


def test_the_settings_of_a_place_name_the_sender_where_a_word_names_nobody() -> None:
    raw = CHANNEL.compose(outgoing(sender_name=""), Settings(sender_name="Kommunen"))
    assert parsed(raw)["From"] == "Kommunen <gata.park@example.org>"


@pytest.mark.parametrize(
    "bad",
    [
        {"host": "a b"},
        {"host": "x\r\ny"},
        {"port": 0},
        {"port": 70000},
        {"security": "ssl"},
        {"password_variable": "hunter2"},
        {"password_variable": "GENSVAR_SECRET_KEY"},
    ],
)
def test_settings_that_cannot_be_are_refused(bad: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        Settings(**bad)  # type: ignore[arg-type]


def test_what_our_own_code_cannot_read_is_a_state_not_a_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(raw: bytes) -> None:
        raise RecursionError

    monkeypatch.setattr(reading, "read", fails)
    with pytest.raises(Unreadable, match=r"kept|bevarat|sparat"):
        CHANNEL.parse(b"x")


def test_a_mail_asks_for_an_answer_by_mail_and_gives_no_yes() -> None:
    wishes = CHANNEL.parse(composed()).wishes
    assert (wishes.answer_by, wishes.may_publish, wishes.show_name) == (AnswerBy.SAME, None, False)


def test_the_word_of_the_tests_is_a_word() -> None:
    assert isinstance(outgoing(), Outgoing)


@pytest.mark.parametrize(
    ("subject", "more", "kind"),
    [
        ("رد تلقائي: Snö", "", Kind.AUTOMATIC),
        ("Автоматична відповідь: Snö", "", Kind.AUTOMATIC),
        ("Poissaoloilmoitus: Snö", "", Kind.AUTOMATIC),
        ("Out of Office AutoReply: Snow", "", Kind.AUTOMATIC),
        ("Automatiskt svar", "", Kind.AUTOMATIC),
        ("Autosvar från er fungerar inte", "", Kind.MESSAGE),
        ("Out of office hours: who ploughs?", "", Kind.MESSAGE),
        ("Autosvar från Kim Ek", "In-Reply-To: <1@example.net>\r\n", Kind.AUTOMATIC),
    ],
)
def test_a_subject_that_only_begins_as_a_machines_is_a_persons(subject: str, more: str, kind: Kind) -> None:
    raw = f"From: kim@example.org\r\nSubject: {subject}\r\n{more}\r\nHej"
    assert CHANNEL.parse(raw.encode()).kind is kind


def test_a_report_about_no_mail_of_ours_keeps_what_it_came_with() -> None:
    mail = EmailMessage()
    mail["Subject"], mail["Content-Type"] = "Report domain: a.example", "multipart/report; report-type=tlsrpt"
    for kind, data in (
        ("text/plain", b"A report."),
        ("application/tlsrpt+gzip", b"H4sI"),  # RFC 8460 § 5.3
        ("message/rfc822", b"Subject: x\n\nhttps://norrvik.example/samtal/x"),
    ):
        part = EmailMessage()
        part["Content-Type"] = kind
        part.set_payload(data.decode("latin-1"))
        mail.attach(part)
    word = CHANNEL.parse(mail.as_bytes())
    assert (word.kind, [file.content_type for file in word.files]) == (
        Kind.AUTOMATIC,
        ["application/tlsrpt+gzip"],
    )
