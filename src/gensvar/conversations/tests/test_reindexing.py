"""The index of messages can be made anew while the house runs, stopped and repeated, and says when it is of another version."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from gensvar.conversations import index, queries, reindexing, services, stems
from gensvar.conversations.models import Message
from gensvar.conversations.tests.scene import Scene
from gensvar.core.roles import Role
from gensvar.people.tests.factories import make_function, make_person, user_of

pytestmark = [pytest.mark.django_db, pytest.mark.full_text]


def rows() -> dict[int, set[str]]:
    """Each message with all words of the index, marks too."""
    sqlite = connection.vendor == "sqlite"
    columns = "rowid, words" if sqlite else "message_id, tsvector_to_array(words)"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM conversations_search")
        return {pk: set(words.split() if sqlite else words) for pk, words in cursor.fetchall()}


def spoil() -> None:
    """As if an older version had written it: other stems, and a row of a message that is gone."""
    for pk in rows():
        index.remove(pk)
        index.add(pk, ["gammal"], ["=cemail"])


def said(scene: Scene) -> None:
    """Words in, out and among us, one with a file, one passed on and asked about."""
    boss = user_of(
        make_person("Bo Alm", make_function("Kansliet", coordinates=True), roles=(Role.COORDINATOR,))
    )
    for number in range(7):
        scene.mail(f"Snöröjningen på gata {number}")
    word = Message.objects.order_by("pk")[2]
    services.add_note(word.conversation, "@Kim Ek, vad tror du om halkan?", by=boss)
    other = make_function("Skolan")
    services.pass_to(word.conversation, other, by=boss)


def test_what_is_made_anew_is_what_was_made_at_first(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reindexing, "STEP", 3)
    said(scene)
    first = rows()
    assert not reindexing.is_stale()
    spoil()
    assert reindexing.is_stale()
    told: list[tuple[int, int]] = []
    assert reindexing.rebuild(lambda done, total: told.append((done, total))) == len(first)
    assert rows() == first
    assert told[-1] == (len(first), len(first))
    assert not reindexing.is_stale()


def test_it_asks_no_more_for_more_messages(scene: Scene, django_assert_num_queries: Any) -> None:
    said(scene)
    with django_assert_num_queries(2):
        list(reindexing._stemmed(Message.objects.only(*reindexing._TEXTS)))


def test_it_may_be_stopped_and_repeated(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reindexing, "STEP", 3)
    said(scene)
    first = rows()
    spoil()
    told: list[int] = []
    assert reindexing.rebuild(lambda done, total: told.append(done), stopped=lambda: bool(told)) is None
    newest = sorted(first)[-3:]
    assert {pk: words for pk, words in rows().items() if words == first[pk]} == {
        pk: first[pk] for pk in newest
    }
    assert reindexing.rebuild() == len(first)
    assert rows() == first


def test_what_comes_while_it_is_made_is_found(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reindexing, "STEP", 3)
    said(scene)
    came: list[str] = []

    def meanwhile(done: int, total: int) -> None:
        if not came:
            came.append(scene.mail("Lyktan är trasig").conversation.number)

    reindexing.rebuild(meanwhile)
    kim = user_of(scene.kim)
    assert [one.number for one in queries.search_messages(kim, "lyktor").rows] == came


def test_an_index_of_other_stems_is_known(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not reindexing.is_stale()
    said(scene)
    monkeypatch.setattr(reindexing, "indexed", lambda *texts: [word[:3] for word in stems.stems(*texts)])
    assert reindexing.is_stale()
    reindexing.rebuild()
    assert not reindexing.is_stale()
