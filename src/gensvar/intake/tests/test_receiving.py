"""Keeping: what was accepted is there once, whoever brings it and however often."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections
from pytest_django import Settings

from gensvar.contactpoints.models import ContactPoint
from gensvar.contactpoints.tests.factories import make_contact_point
from gensvar.core import files
from gensvar.core.models import Event
from gensvar.core.roles import Role
from gensvar.core.tests.disk import watched
from gensvar.intake import queries, services
from gensvar.intake.keeper import Keeper
from gensvar.intake.models import Envelope
from gensvar.intake.services import Arrival, receive, receive_all
from gensvar.intake.tests.mails import make_mail
from gensvar.people.tests.factories import make_function, make_user

SMTP = Envelope.Source.SMTP


@pytest.fixture
def place(db: None) -> ContactPoint:
    return make_contact_point(make_function(), address="gata@norrvik.example")


def test_bytes_and_fact_are_there_together(place: ContactPoint) -> None:
    raw = make_mail() + b"\xff\x00\r\n"
    received = receive(
        raw, contact_point=place, source=SMTP, mail_from="anna@example.se", recipient="GATA@norrvik.example"
    )
    envelope = Envelope.objects.get()
    assert received.new
    assert envelope.pk == received.envelope_id
    assert envelope.read_raw() == raw
    assert (envelope.mail_from, envelope.recipient, envelope.state) == (
        "anna@example.se",
        "GATA@norrvik.example",
        "received",
    )
    assert [event.pk for event in Event.objects.filter(fact="envelope_received")] == received.event_ids


def test_the_same_mail_again_is_the_one_that_is_there(place: ContactPoint) -> None:
    raw = make_mail()
    first = receive(raw, contact_point=place, source=SMTP)
    again = receive(b"Received: by another way\r\n" + raw, contact_point=place, source=Envelope.Source.LMTP)
    assert (again.new, again.envelope_id, again.event_ids) == (False, first.envelope_id, [])
    assert Envelope.objects.count() == 1


def test_another_mail_under_a_used_message_id_is_kept_and_marked(place: ContactPoint) -> None:
    first = receive(make_mail("ett", message_id="x@y"), contact_point=place, source=SMTP)
    second = receive(make_mail("två", message_id="x@y"), contact_point=place, source=SMTP)
    assert second.new
    assert (first.reused_id, second.reused_id) == (False, True)
    assert Envelope.objects.get(pk=second.envelope_id).reused_id


def test_one_mail_to_two_addresses_of_ours_is_two_envelopes(place: ContactPoint) -> None:
    other = make_contact_point(make_function("Skolan"))
    raw = make_mail()
    both = receive_all([Arrival(raw, place, SMTP), Arrival(raw, other, SMTP)])
    assert [one.new for one in both] == [True, True]
    assert not any(one.reused_id for one in both)


def test_a_large_mail_lies_in_a_file_that_was_there_before_its_row(
    place: ContactPoint, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.GENSVAR_HOME = tmp_path
    raw = make_mail("x" * (files.IN_ROW + 1))
    acts = watched(monkeypatch)

    def write_down(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("INSERT INTO"):
            acts.append(("row", Path(sql.split()[2].strip('"')), 0))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(write_down):
        envelope = Envelope.objects.get(pk=receive(raw, contact_point=place, source=SMTP).envelope_id)
    assert envelope.raw is None
    assert files.read(envelope.raw_sha256) == raw == envelope.read_raw()
    file = files.path_of(envelope.raw_sha256)
    assert acts[0][::2] == ("sync", len(raw))
    assert [act[:2] for act in acts[1:]] == [
        ("name", file),
        ("sync", file.parent),
        ("sync", file.parent.parent),
        ("sync", tmp_path),
        ("row", Path("intake_envelope")),
        ("row", Path("core_event")),
    ]


def test_addresses_with_bytes_that_no_database_takes_are_kept_readable(place: ContactPoint) -> None:
    received = receive(
        make_mail(), contact_point=place, source=SMTP, mail_from="b\udce5d\0@x", recipient="y" * 900
    )
    envelope = Envelope.objects.get(pk=received.envelope_id)
    assert envelope.mail_from == "b\\udce5d@x"
    assert len(envelope.recipient) == 320


def test_keeping_costs_two_statements(place: ContactPoint, django_assert_num_queries: object) -> None:
    raw = make_mail()
    with django_assert_num_queries(4):  # type: ignore[operator]  # savepoint, envelope, event, release
        receive(raw, contact_point=place, source=SMTP)


@pytest.fixture
def keeper(transactional_db: None) -> Iterator[Keeper]:
    keeper = Keeper()
    keeper.start()
    yield keeper
    keeper.stop()


def test_a_mail_that_cannot_be_kept_takes_no_other_with_it(keeper: Keeper) -> None:
    place = make_contact_point(make_function())
    nowhere = ContactPoint(pk=None, channel="email")
    answers = [
        keeper.keep([Arrival(make_mail(), place, SMTP)]),
        keeper.keep([Arrival(make_mail(), nowhere, SMTP)]),
        keeper.keep([Arrival(make_mail(), place, SMTP)]),
    ]
    assert answers[0].result(30)[0].new
    assert answers[1].exception(30) is not None
    assert answers[2].result(30)[0].new
    assert Envelope.objects.count() == 2


def test_who_hangs_up_while_they_wait_ends_the_keeping_for_nobody_else(transactional_db: None) -> None:
    keeper, place = Keeper(), make_contact_point(make_function())
    keeper.keep([Arrival(make_mail(), place, SMTP)]).cancel()
    keeper.start()
    assert keeper.keep([Arrival(make_mail(), place, SMTP)]).result(30)[0].new
    keeper.stop()


@pytest.mark.django_db(transaction=True)
def test_twenty_who_bring_the_same_mails_at_once_leave_each_there_once() -> None:
    place = make_contact_point(make_function())
    mails = [make_mail(f"ord {number}") for number in range(5)]

    def bring(turn: int) -> int:
        try:
            order = mails if turn % 2 else mails[::-1]
            return sum(one.new for one in receive_all([Arrival(raw, place, SMTP) for raw in order]))
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(bring, range(20))) == 5
    assert Envelope.objects.count() == 5
    assert Event.objects.filter(fact="envelope_received").count() == 5
    connections.close_all()


def test_a_failed_envelope_is_shown_and_can_be_read_again(place: ContactPoint) -> None:
    envelope = Envelope.objects.get(pk=receive(make_mail(), contact_point=place, source=SMTP).envelope_id)
    Envelope.objects.update(state=Envelope.State.FAILED, error="ValueError: so")
    assert [one.error for one in queries.failed_envelopes()] == ["ValueError: so"]
    registrar = make_user(Role.REGISTRAR)
    assert len(services.retry(envelope, by=registrar)) == 1
    assert services.retry(envelope, by=registrar) == []
    assert Envelope.objects.get().state == Envelope.State.RECEIVED


def test_only_those_who_may_see_envelopes_have_them_read_again(place: ContactPoint) -> None:
    from gensvar.core.access import NotAllowed

    envelope = Envelope.objects.get(pk=receive(make_mail(), contact_point=place, source=SMTP).envelope_id)
    with pytest.raises(NotAllowed):
        services.retry(envelope, by=make_user(Role.ANSWERER))
