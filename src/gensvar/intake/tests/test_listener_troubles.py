"""When the store cannot take a mail, and when those who bring it are slow or many."""

from __future__ import annotations

import contextlib
import logging
import os
import smtplib
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import InterfaceError, connection, transaction
from django.db.backends.signals import connection_created
from pytest_django import Settings

from gensvar.contactpoints.models import ContactPoint
from gensvar.core import files
from gensvar.intake import dialogue, keeper, listener
from gensvar.intake.listener import MailServer
from gensvar.intake.models import Envelope
from gensvar.intake.tests.mails import make_mail
from gensvar.intake.tests.wire import GATA, SKOLA, data, kept, raw_client

# --- When the store cannot take it -----------------------------------------------------------------


def test_a_full_disk_is_said_as_452_and_nothing_is_taken(
    smtp: smtplib.SMTP, monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path
) -> None:
    raw = make_mail("x" * (files.IN_ROW + 1))
    settings.GENSVAR_HOME = tmp_path
    with full_disk(monkeypatch):
        assert data(smtp, raw)[0] == 452
    assert not Envelope.objects.exists()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()], "half a file takes no room"
    assert data(smtp, raw)[0] == 250
    assert kept() == [raw]


def test_a_full_database_is_said_as_452_to_each_of_lmtp_too_and_the_mail_is_taken_later(
    smtp: smtplib.SMTP, lmtp: smtplib.LMTP
) -> None:
    raw = make_mail(
        "x" * (files.IN_ROW - 10_000)
    )  # small enough for a row, larger than what is free in any page
    with full_database():
        assert data(smtp, raw)[0] == 452
        assert data(lmtp, raw)[0] == 452
    assert not Envelope.objects.exists()
    assert data(smtp, raw)[0] == 250
    assert kept() == [raw]


def test_what_nobody_foresaw_is_said_to_each_recipient_of_lmtp_so_that_no_reply_is_taken_for_anothers(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(arrivals: object) -> None:
        raise InterfaceError("what no DatabaseError is")

    monkeypatch.setattr(keeper, "receive_all", broken)
    with raw_client(server.lmtp_port) as say:
        two = [f"RCPT TO:<{address}>".encode() for address in (GATA, SKOLA)]
        say(b"LHLO x", b"MAIL FROM:<a@b>", *two, b"DATA")
        replies = say(make_mail() + b".", b"NOOP", more=1)
        assert [reply[:3] for reply in replies] == [b"451", b"451", b"250"]


def test_a_database_that_another_holds_is_said_as_451_and_the_mail_is_taken_later(
    smtp: smtplib.SMTP, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = make_mail()
    wait = {"sqlite": ("timeout", 0.1), "postgresql": ("options", "-c lock_timeout=100")}[connection.vendor]
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], *wait)
    with transaction.atomic():  # which is SQLite's lock for all who write
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("LOCK TABLE intake_envelope IN EXCLUSIVE MODE")
        assert data(smtp, raw)[0] == 451
    assert data(smtp, raw)[0] == 250
    assert kept() == [raw]


def test_an_absent_database_is_said_as_451_and_the_mail_is_taken_later(smtp: smtplib.SMTP) -> None:
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


def test_who_says_a_mail_where_commands_should_be_is_hung_up_on_and_none_of_it_stands_in_a_log(
    server: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with raw_client(server.smtp_port) as say:
        replies = say(b"EHLO x", b"MAIL FROM:<anna@b>", *[b"hemligt"] * 5)
    assert replies[-1].startswith(b"502")
    assert "hemligt" not in caplog.text.lower()
    assert "anna@b" not in caplog.text


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
def full_disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every new file lies on a device that is always full: the system itself says so to who writes."""
    make = tempfile.mkstemp

    def on_the_full_device(**where: Any) -> tuple[int, str]:
        handle, path = make(**where)
        device = os.open("/dev/full", os.O_WRONLY)
        os.dup2(device, handle)
        os.close(device)
        return handle, path

    with monkeypatch.context() as patch:
        patch.setattr(tempfile, "mkstemp", on_the_full_device)
        yield


@contextlib.contextmanager
def full_database() -> Iterator[None]:
    """No connection that is opened meanwhile finds room for a page more; PostgreSQL says what it says on a full disk."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE FUNCTION is_full() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION"
                " 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$ LANGUAGE plpgsql;"
                "CREATE TRIGGER is_full BEFORE INSERT ON intake_envelope EXECUTE FUNCTION is_full()"
            )
        yield
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER is_full ON intake_envelope")
        return

    def no_page_more(*, connection: Any, **_: Any) -> None:
        connection.connection.execute("PRAGMA max_page_count = 1")  # SQLite takes what it has as the least

    connection_created.connect(no_page_more)
    try:
        yield
    finally:
        connection_created.disconnect(no_page_more)


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
