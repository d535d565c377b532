"""What the registrar takes out as a file: of which days, without what opens something, and nothing of protected identities."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from gensvar.conversations import export, services
from gensvar.conversations.models import Contact, Conversation
from gensvar.core import clock
from gensvar.core.models import AuditEntry
from gensvar.core.roles import Role
from gensvar.desk.tests.scene import Town, logged_in, question
from gensvar.people.tests.factories import user_of

pytestmark = pytest.mark.django_db


def test_it_is_streamed_noted_and_says_nothing_of_who_is_protected(town: Town) -> None:
    told = question(town.mailbox, "Snön")
    token = told.participants.get().token
    hidden = question(town.mailbox, "Om Eva", sender="Eva Dal <eva@example.org>", text="Eva Dal, Ekvägen 3")
    elsewhere = question(town.school_mailbox, "Skolan")
    services.add_note(told, f"Hon bor granne med mig. /k/{token}", by=user_of(town.kim))
    Contact.objects.filter(conversations=hidden).update(protected=True)
    registrar, today = town.by_role[Role.REGISTRAR], clock.today().isoformat()
    client = logged_in(registrar)
    asked = {"starts": today, "ends": today, "function": town.streets.pk, "state": "open", "written": "jsonl"}

    def taken(**more: object) -> str:
        given = client.post("/desk/lamna-ut/", asked | more)
        assert given.streaming
        assert given["Content-Disposition"].startswith("attachment")
        return given.getvalue().decode()

    rows = {one["number"]: one for one in map(json.loads, taken().splitlines())}
    assert set(rows) == {told.number, hidden.number}
    assert [one["direction"] for one in rows[told.number]["messages"]] == ["in"], (
        "the receipt is in no thread, the note left out"
    )
    assert rows[hidden.number] | {"state": ""} == {
        "number": hidden.number,
        "subject": "",
        "state": "",
        "visibility": hidden.visibility,
        "contact_point": "",
        "function": town.streets.name,
        "writer_addresses": [],
        "protected": True,
        "messages": [],
    }
    noted = AuditEntry.objects.get(action="conversations.give_out")
    assert (noted.user, noted.details["count"]) == (user_of(registrar), 2)
    whole = taken(notes="on", written="txt", function="")
    assert "granne" in whole
    assert elsewhere.number in whole
    assert re.search(
        r"\n(Från|Svar av|Anteckning av) [^\n]+, \d{4}-\d\d-\d\d \d\d:\d\d\n\n    Hej, vår gata är inte plogad",
        whole,
    )
    for secret in (token, "Ekvägen", "eva@example.org", "Om Eva"):
        assert secret not in whole
    assert "skyddad identitet" in whole
    Conversation.objects.filter(pk=told.pk).update(state="spam")
    assert told.number not in taken(state="")
    wrong = client.post("/desk/lamna-ut/", asked | {"ends": "2020-01-01"})
    assert not wrong.streaming
    assert "före den första" in wrong.content.decode()
    assert not client.post("/desk/lamna-ut/", asked | {"ends": "9999-12-31"}).streaming


def test_a_file_that_could_not_be_written_to_its_end_never_leaves(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    question(town.mailbox), question(town.mailbox)
    client, today = logged_in(town.by_role[Role.REGISTRAR]), clock.today().isoformat()
    written: list[Any] = []

    def fails_at_the_second(value: Any) -> Any:
        if written:
            raise ValueError("no such row")
        written.append(value)
        return value

    monkeypatch.setattr(export, "_without_keys", fails_at_the_second)
    with pytest.raises(ValueError, match="no such row"):
        client.post("/desk/lamna-ut/", {"starts": today, "ends": today, "written": "jsonl"})
    assert written
    assert not AuditEntry.objects.filter(action="conversations.give_out").exists()
