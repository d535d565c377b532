"""What makes two arrivals the same mail, and that nothing that arrives can make the answer fail."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gensvar.intake.identity import LONGEST_ID, identify
from gensvar.intake.tests.mails import make_mail


def test_what_mail_servers_add_on_the_way_makes_no_other_mail() -> None:
    mail = make_mail(message_id="one@example.se")
    travelled = (
        b"Return-Path: <x@y>\r\nReceived: from a by b;\r\n\tMon, 23 Nov 2026 09:00:01 +0100\r\n" + mail
    )
    assert identify(mail) == identify(travelled)


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_line_ends_make_no_other_mail(end: bytes) -> None:
    mail = make_mail("ett\ntvå", message_id="one@example.se")
    assert identify(mail.replace(b"\r\n", end)) == identify(mail)


def test_a_mail_from_a_box_is_the_one_that_came_over_the_wire() -> None:
    mail = make_mail("From the start\nslut", message_id="one@example.se")
    boxed = mail.replace(b"\r\n", b"\n").replace(b"\nFrom the", b"\n>From the") + b"\n"
    assert identify(boxed) == identify(mail)


@pytest.mark.parametrize(
    "changed",
    [
        {"text": "andra ord"},
        {"subject": "Något annat"},
        {"sender": "Bo <bo@example.se>"},
        {"date": "Mon, 23 Nov 2026 09:00:01 +0100"},
    ],
)
def test_other_words_under_the_same_message_id_are_another_mail(changed: dict[str, str]) -> None:
    one = identify(make_mail(message_id="one@example.se"))
    other = identify(make_mail(message_id="one@example.se", **changed))  # type: ignore[arg-type]
    assert one.message_id == other.message_id == "one@example.se"
    assert one.digest != other.digest


def test_a_mail_without_message_id_gets_one_from_its_content() -> None:
    one, again, other = (identify(make_mail(text, message_id=None)) for text in ("a", "a", "b"))
    assert one.derived
    assert one == again
    assert one.message_id != other.message_id


@pytest.mark.parametrize(
    "frame",
    [
        b"%s",
        b"\r\n%s",
        b"\r\nObs: %s\r\n\r\nHej",
        b"From: anna@example.se\r\nSubject: Lampan\r\n%s\r\n",
        b"From: anna@example.se\r\nSubject: Lampan\r\n%s\r\n\r\nHej",
    ],
)
def test_words_without_a_head_or_without_a_blank_line_above_them_are_told_apart(frame: bytes) -> None:
    one, other = (identify(frame % words) for words in (b"Lampan lyser", b"Lampan lyser inte"))
    assert one.digest != other.digest
    assert one == identify(frame % b"Lampan lyser")


def test_the_line_that_a_mailbox_puts_first_makes_no_other_mail() -> None:
    mail = make_mail(message_id="one@example.se")
    assert identify(b"From anna@example.se Mon Nov 23 09:00:01 2026\n" + mail) == identify(mail)


def test_an_endless_message_id_is_kept_as_its_digest() -> None:
    one, other = (identify(make_mail(message_id=f"{'x' * 5000}{end}@y")) for end in ("1", "2"))
    assert len(one.message_id) <= LONGEST_ID
    assert one.message_id != other.message_id


def test_folded_and_oddly_written_header_names_are_read() -> None:
    raw = b"FROM: a@b\r\nmessage-id:\r\n <folded@example.se>\r\nSubject : x\r\n\r\nbody"
    assert identify(raw).message_id == "folded@example.se"


def test_a_header_repeated_in_the_body_is_not_one() -> None:
    assert identify(b"From: a@b\n\nMessage-ID: <in-the-body@x>\n").derived


@given(st.binary(max_size=2000))
@example(b"")
@example(b"\r\n\r\n")
@example(b"Message-ID: \xff\xfe\x00<\x00>\r\n\r\n\x00")
@example(b"Message-ID: <" + b"\xe5" * 300)
def test_no_bytes_make_it_raise_and_every_answer_can_be_stored(raw: bytes) -> None:
    identity = identify(raw)
    assert 0 < len(identity.message_id) <= LONGEST_ID
    assert "\0" not in identity.message_id
    identity.message_id.encode()
    assert len(identity.digest) == 64
