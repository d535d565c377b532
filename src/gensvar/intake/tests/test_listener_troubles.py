"""When the store cannot take a mail, and when those who bring it are slow or many."""

from __future__ import annotations

import contextlib
import smtplib
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from gensvar.contactpoints.models import ContactPoint
from gensvar.core import files
from gensvar.intake import dialogue, listener
from gensvar.intake.listener import MailServer
from gensvar.intake.models import Envelope
from gensvar.intake.tests.mails import make_mail
from gensvar.intake.tests.wire import GATA, data, kept, raw_client

# --- When the store cannot take it -----------------------------------------------------------------


def test_a_full_disk_is_said_as_452_and_nothing_is_taken(
    smtp: smtplib.SMTP, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    raw = make_mail("x" * (files.IN_ROW + 1))
    with small_disk(monkeypatch, tmp_path):
        assert data(smtp, raw)[0] == 452
    assert not Envelope.objects.exists()
    assert data(smtp, raw)[0] == 250


def test_a_locked_or_absent_database_is_said_as_451_and_the_mail_is_taken_later(smtp: smtplib.SMTP) -> None:
    raw = make_mail()
    smtp.ehlo()
    smtp.mail("a@b")
    assert smtp.rcpt(GATA)[0] == 250
    with envelope_table_away():
        assert smtp.data(raw)[0] == 451
    assert data(smtp, raw)[0] == 250
    assert kept() == [raw]


# --- Those who are slow or many --------------------------------------------------------------------


def test_when_all_connections_are_taken_a_new_one_is_asked_to_come_back(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listener, "MOST_CONNECTIONS", 2)
    with contextlib.ExitStack() as stack:
        for _ in range(2):
            stack.enter_context(smtplib.SMTP("127.0.0.1", server.smtp_port, timeout=120)).ehlo()
        with pytest.raises(smtplib.SMTPConnectError) as refused:
            smtplib.SMTP("127.0.0.1", server.smtp_port, timeout=120)
        assert refused.value.smtp_code == 421


def test_a_silent_connection_makes_room_for_one_who_speaks(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listener, "MOST_CONNECTIONS", 1)
    monkeypatch.setattr(listener, "SILENT", 0.0)
    silent = socket.create_connection(("127.0.0.1", server.smtp_port), timeout=120)
    silent.recv(100)
    with smtplib.SMTP("127.0.0.1", server.smtp_port, timeout=120) as client:
        assert data(client, make_mail())[0] == 250
    assert b"421" in silent.recv(1000)
    silent.close()


def test_a_mail_that_comes_in_drops_is_hung_up_on(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with raw_client(server.smtp_port) as say:
        say(b"EHLO x", b"MAIL FROM:<a@b>", f"RCPT TO:<{GATA}>".encode(), b"DATA")
        monkeypatch.setattr(dialogue, "IDLE", -1000.0)
        with contextlib.suppress(ConnectionError):  # it may hang up before it has heard all
            assert say(make_mail("x" * 200_000) + b".")[0][:3] in {b"421", b""}
    monkeypatch.undo()
    with smtplib.SMTP("127.0.0.1", server.smtp_port, timeout=120) as client:
        assert data(client, make_mail())[0] == 250
    assert Envelope.objects.count() == 1


def test_who_only_keeps_us_busy_is_hung_up_on(server: MailServer) -> None:
    with raw_client(server.smtp_port) as say:
        replies = say(b"EHLO x", *[b"NOOP"] * 101)
        assert replies[-1][:3] == b"421"


def test_a_connection_that_breaks_off_inside_a_mail_leaves_nothing(server: MailServer) -> None:
    with raw_client(server.smtp_port) as say:
        say(b"EHLO x", b"MAIL FROM:<a@b>", f"RCPT TO:<{GATA}>".encode(), b"DATA")
    with smtplib.SMTP("127.0.0.1", server.smtp_port, timeout=120) as client:
        assert data(client, make_mail())[0] == 250
    assert Envelope.objects.count() == 1


def test_the_server_stops_while_somebody_is_connected(places: list[ContactPoint]) -> None:
    server = MailServer(host="127.0.0.1", smtp_port=0, lmtp_port=0)
    server.start()
    with socket.create_connection(("127.0.0.1", server.smtp_port), timeout=120) as client:
        assert client.recv(100).startswith(b"220")
        server.stop()
        assert client.recv(100) == b""


# --- Tools ------------------------------------------------------------


@contextlib.contextmanager
def small_disk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """The folder for files is on a device that is always full: what is written there fails as on a full disk."""
    import errno

    def full(data: bytes) -> str:
        with open("/dev/full", "wb", buffering=0) as device:
            device.write(data)
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(files, "keep", full)
        yield


@contextlib.contextmanager
def envelope_table_away() -> Iterator[None]:
    """The table cannot be written: as when the database is being moved."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE intake_envelope RENAME TO intake_envelope_away")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE intake_envelope_away RENAME TO intake_envelope")
