"""SMTP and LMTP over real sockets: what is said is true, and what is taken comes out byte for byte."""

from __future__ import annotations

import smtplib
import threading

import pytest

from gensvar.contactpoints.models import ContactPoint, FormerAddress
from gensvar.contactpoints.tests.factories import make_contact_point
from gensvar.contract.addresses import join_plus
from gensvar.core import clock, tokens
from gensvar.intake import addresses
from gensvar.intake.listener import MailServer
from gensvar.intake.models import Envelope
from gensvar.intake.tests.mails import make_mail
from gensvar.intake.tests.wire import GATA, LARGEST, SKOLA, data, kept, raw_client

# --- SMTP -----------------------------------------------------------------------------------


def test_a_mail_is_kept_as_it_came_when_250_is_said(smtp: smtplib.SMTP) -> None:
    raw = make_mail("rad\n.\n..två\n.tre\nå ä ö")
    assert data(smtp, raw)[0] == 250
    assert kept() == [raw]
    envelope = Envelope.objects.get()
    assert (envelope.source, envelope.mail_from, envelope.recipient) == ("smtp", "anna@example.se", GATA)


@pytest.mark.parametrize("body", [b"", b".", b"\r\n.\r\nrest", b"\r\n", b"a\nb\rc\r\n", b"\x00\xff\xe5"])
def test_odd_bodies_come_through_untouched(server: MailServer, body: bytes) -> None:
    raw = b"From: a@b\r\nSubject: x\r\n\r\n" + body + b"\r\n"
    with raw_client(server.smtp_port) as say:
        say(b"EHLO x", b"MAIL FROM:<a@b>", f"RCPT TO:<{GATA}>".encode(), b"DATA")
        stuffed = (b"\r\n" + raw).replace(b"\r\n.", b"\r\n..")[2:]
        assert say(stuffed + b".")[-1].startswith(b"250")
    assert kept() == [raw]


def test_only_a_whole_line_ends_a_mail_so_that_none_is_smuggled_in(server: MailServer) -> None:
    inner = (
        b"From: a@b\r\n\r\nx\n.\nMAIL FROM:<evil@x>\r\nRCPT TO:<"
        + GATA.encode()
        + b">\r\nDATA\r\ny\n.\r\nz\r\n"
    )
    with raw_client(server.smtp_port) as say:
        say(b"EHLO x", b"MAIL FROM:<a@b>", f"RCPT TO:<{GATA}>".encode(), b"DATA")
        assert say(inner + b".")[-1].startswith(b"250")
    assert kept() == [inner.replace(b"\r\n.", b"\r\n")]


def test_a_pipeline_of_commands_is_answered_in_order(server: MailServer) -> None:
    raw = make_mail()
    with raw_client(server.smtp_port) as say:
        assert b"PIPELINING" in b"".join(say(b"EHLO x"))
        replies = say(
            b"MAIL FROM:<a@b>", f"RCPT TO:<{GATA}>".encode(), b"RCPT TO:<nobody@norrvik.example>", b"DATA"
        )
        assert [reply[:3] for reply in replies] == [b"250", b"250", b"550", b"354"]
        assert [reply[:3] for reply in say(raw + b".", b"NOOP", b"QUIT")] == [b"250", b"250", b"221"]
    assert kept() == [raw]


def test_the_address_is_found_in_any_case_and_with_our_token_and_so_is_one_that_it_was_before(
    smtp: smtplib.SMTP, places: list[ContactPoint]
) -> None:
    token = tokens.make("conversation", tokens.new_key())
    before = "gator@norrvik.example"
    FormerAddress.objects.create(point=places[0], channel="email", address=before, left_on=clock.today())
    for address in (
        GATA.upper(),
        before,
        join_plus(before, token),
        join_plus(GATA, token),
        join_plus("Gata@Norrvik.Example", token.upper()),
    ):
        assert data(smtp, make_mail(), address)[0] == 250
    assert Envelope.objects.filter(contact_point=places[0]).count() == 5
    assert Envelope.objects.last().recipient == join_plus("Gata@Norrvik.Example", token.upper())  # type: ignore[union-attr]


@pytest.fixture
def closed(smtp: smtplib.SMTP, places: list[ContactPoint]) -> ContactPoint:
    """The school's place is closed, and Anna begins a mail."""
    places[1].state = ContactPoint.State.CLOSED
    places[1].save()
    smtp.ehlo()
    smtp.mail("anna@example.se")
    return places[1]


@pytest.mark.usefixtures("closed")
def test_an_unknown_or_closed_address_is_refused_at_once(smtp: smtplib.SMTP) -> None:
    for address in ("nobody@norrvik.example", SKOLA, f"gata+{'x' * 5}@norrvik.example", "gata"):
        assert smtp.rcpt(address)[0] in {550, 553}


def test_a_closed_address_still_takes_the_reply_to_what_was_written_from_it(
    smtp: smtplib.SMTP, closed: ContactPoint
) -> None:
    for purpose in ("conversation", "bounce"):
        assert smtp.rcpt(join_plus(SKOLA, tokens.make(purpose, tokens.new_key())))[0] == 250
    assert smtp.rcpt(join_plus(SKOLA, "a" * 36))[0] == 550, "anybody can make something of that form"
    assert smtp.rcpt(SKOLA)[0] == 550, "and what was taken for a token is not taken without one"
    assert smtp.data(make_mail("Tack, men gången är oplogad."))[0] == 250
    assert set(Envelope.objects.values_list("contact_point", flat=True)) == {closed.pk}
    # The return path of a newsletter belongs to no conversation: it is there for servers' reports alone.
    return_path = join_plus(SKOLA, tokens.make("bounce", tokens.new_key()))
    report = b"Content-Type: multipart/report; boundary=x\r\n" + make_mail("--x--")
    nested = b"".join(
        b"Content-Type: multipart/mixed; boundary=%d\r\n\r\n--%d\r\n" % (n, n) for n in range(1150)
    )
    mails = (make_mail("Tack för brevet!"), nested, report)
    assert [data(smtp, raw, return_path)[0] for raw in mails] == [550, 550, 250]
    both = make_mail("Till er båda")
    assert data(smtp, both, return_path, GATA)[0] == 250
    assert Envelope.objects.last().contact_point.address == GATA, "kept where it belongs"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "address", [b"\xff@norrvik.example", b"gata\xc3@norrvik.example", b"a b@x", b"@", b"<x", b"x" * 2000]
)
def test_an_address_that_is_none_is_refused_and_the_talk_goes_on(server: MailServer, address: bytes) -> None:
    with raw_client(server.smtp_port) as say:
        say(b"EHLO x", b"MAIL FROM:<a\xff@b>")
        assert say(b"RCPT TO:<" + address + b">")[0][:1] == b"5"
        assert say(f"RCPT TO:<{GATA}>".encode())[0][:3] == b"250"
        say(b"DATA")
        assert say(make_mail() + b".")[0][:3] == b"250"


def test_a_mail_over_the_limit_is_refused_at_mail_and_after_data(smtp: smtplib.SMTP) -> None:
    smtp.ehlo()
    assert smtp.esmtp_features["size"] == str(LARGEST)
    refused = smtp.mail("a@b", [f"SIZE={LARGEST + 1}"])
    assert refused == (552, b"5.3.4 This mail is larger than we can take (1024 kB).")
    assert data(smtp, make_mail("x" * (LARGEST + 1))) == refused
    assert data(smtp, make_mail("nästa går bra"))[0] == 250
    assert Envelope.objects.count() == 1


def test_a_mail_of_exactly_the_limit_is_taken(smtp: smtplib.SMTP) -> None:
    raw = make_mail()
    raw += b"x" * (LARGEST - len(raw) - 2) + b"\r\n"
    assert data(smtp, raw)[0] == 250
    assert kept() == [raw]


def test_lines_may_be_as_long_as_a_mail(smtp: smtplib.SMTP) -> None:
    raw = make_mail("ord " * 200_000)
    assert data(smtp, raw)[0] == 250
    assert kept() == [raw]


def test_a_bounce_has_no_sender(smtp: smtplib.SMTP) -> None:
    raw = make_mail()
    assert data(smtp, raw, sender="<>")[0] == 250
    assert Envelope.objects.get().mail_from == ""
    assert kept() == [b"Return-Path: <>\r\n" + raw], "what reads it sees that nobody may be answered"


def test_letters_beyond_ascii_are_taken_in_addresses_and_bodies(
    smtp: smtplib.SMTP, places: list[ContactPoint]
) -> None:
    make_contact_point(places[0].function, address="fråga@norrvik.example")
    smtp.ehlo()
    assert smtp.has_extn("smtputf8")
    assert smtp.has_extn("8bitmime")
    smtp.sendmail(
        "åsa@example.se", ["fråga@norrvik.example"], make_mail("åäö"), ["SMTPUTF8", "BODY=8BITMIME"]
    )
    assert Envelope.objects.get().mail_from == "åsa@example.se"


def test_one_mail_to_two_of_our_addresses_is_two_envelopes(smtp: smtplib.SMTP) -> None:
    assert data(smtp, make_mail(), GATA, SKOLA)[0] == 250
    assert Envelope.objects.count() == 2


def test_the_same_mail_twice_is_taken_twice_and_kept_once(smtp: smtplib.SMTP) -> None:
    raw = make_mail()
    assert data(smtp, raw)[0] == data(smtp, raw)[0] == 250
    assert len(kept()) == 1


def test_many_at_once_are_all_kept(server: MailServer) -> None:
    mails = [make_mail(f"ord {number}") for number in range(40)]
    failures: list[BaseException] = []

    def send(part: list[bytes]) -> None:
        try:
            with smtplib.SMTP("127.0.0.1", server.smtp_port, timeout=120) as client:
                for raw in part:
                    assert data(client, raw)[0] == 250
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=send, args=(mails[n::8],)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not failures
    assert sorted(kept()) == sorted(mails)


# --- LMTP -----------------------------------------------------------------------------------


def test_lmtp_answers_for_each_recipient_in_order(server: MailServer, places: list[ContactPoint]) -> None:
    raw = make_mail()
    with raw_client(server.lmtp_port) as say:
        greeting = b"".join(say(b"LHLO x"))
        assert b"ENHANCEDSTATUSCODES" in greeting
        assert b"PIPELINING" in greeting
        say(
            b"MAIL FROM:<a@b>",
            f"RCPT TO:<{GATA}>".encode(),
            b"RCPT TO:<no@norrvik.example>",
            f"RCPT TO:<{SKOLA}>".encode(),
        )
        say(b"DATA")
        replies = say(raw + b".", more=1)
    ids = [Envelope.objects.get(contact_point=place, source="lmtp").pk for place in places]
    assert replies == [f"250 2.0.0 Kept ({number})\r\n".encode() for number in ids], "each names its own"
    assert kept() == [raw, raw]


def test_a_place_that_closes_while_a_mail_comes_in_keeps_it_from_no_other(
    server: MailServer, places: list[ContactPoint], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(addresses, "REMEMBERED", 0.0)
    raw = make_mail()

    def answers(port: int, *, replies: int) -> list[bytes]:
        """To a mail for the school and the street, where the school's place closes after it was accepted."""
        ContactPoint.objects.filter(pk=places[1].pk).update(state=ContactPoint.State.LIVE)
        with raw_client(port) as say:
            say(b"LHLO x" if replies > 1 else b"EHLO x", b"MAIL FROM:<a@b>")
            taken = say(*(f"RCPT TO:<{address}>".encode() for address in (SKOLA, GATA)), b"DATA")
            assert [one[:3] for one in taken] == [b"250", b"250", b"354"]
            ContactPoint.objects.filter(pk=places[1].pk).update(state=ContactPoint.State.CLOSED)
            return [reply[:9] for reply in say(raw + b".", more=replies - 1)]

    assert answers(server.smtp_port, replies=1) == [b"451 4.3.0"], "one answer for both may not be for good"
    assert kept() == []
    assert answers(server.lmtp_port, replies=2) == [b"550 5.1.1", b"250 2.0.0"]
    assert kept() == [raw]


def test_lmtp_begins_with_lhlo_and_with_nothing_else(lmtp: smtplib.LMTP) -> None:
    assert lmtp.docmd("EHLO", "x")[0] == 500
    assert lmtp.docmd("HELO", "x")[0] == 500
    assert lmtp.docmd("MAIL", "FROM:<a@b>")[0] == 503
    assert lmtp.docmd("LHLO", "x")[0] == 250


def test_lmtp_has_no_answer_to_data_without_a_recipient(lmtp: smtplib.LMTP) -> None:
    lmtp.docmd("LHLO", "x")
    lmtp.docmd("MAIL", "FROM:<a@b>")
    assert lmtp.docmd("RCPT", "TO:<nobody@norrvik.example>")[0] == 550
    assert lmtp.docmd("DATA")[0] == 503


def test_lmtp_refuses_a_large_mail_once_for_each_recipient(server: MailServer) -> None:
    with raw_client(server.lmtp_port) as say:
        say(
            b"LHLO x",
            b"MAIL FROM:<a@b>",
            f"RCPT TO:<{GATA}>".encode(),
            f"RCPT TO:<{SKOLA}>".encode(),
            b"DATA",
        )
        replies = say(make_mail("x" * (LARGEST + 1)) + b".", more=1)
        assert [reply[:3] for reply in replies] == [b"552", b"552"]
