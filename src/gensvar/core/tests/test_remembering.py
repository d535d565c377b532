"""What was read for the public is read once, until something public changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.utils import translation

from gensvar.core import clock, freshness, remembering
from gensvar.core.generation import generation
from gensvar.core.models import Topic
from gensvar.core.remembering import while_unchanged

pytestmark = pytest.mark.django_db(transaction=True)


class Reader:
    """Counts how often it is asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[object, ...]] = []
        self.names = while_unchanged(self._names)

    def _names(self, *given: object, **named: object) -> tuple[str, ...] | None:
        self.asked.append((*given, *sorted(named.items())))
        return tuple(Topic.objects.order_by("pk").values_list("name", flat=True)) or None


@pytest.fixture
def reader() -> Iterator[Reader]:
    Topic.objects.create(slug="gata", name="Gata")
    freshness.look(late=0)
    before = len(remembering._memories)
    yield Reader()
    del remembering._memories[before:]


def test_it_is_read_once_for_each_argument_and_language(reader: Reader) -> None:
    for _ in range(3):
        assert reader.names() == ("Gata",)
        assert reader.names(6, kind="post") == ("Gata",)
    assert reader.asked == [(), (6, ("kind", "post"))]
    with translation.override("en"):
        reader.names()
    assert len(reader.asked) == 3


def test_a_change_is_seen_at_once_also_by_who_is_told_of_it_later(reader: Reader) -> None:
    reader.names()
    Topic.objects.filter(slug="gata").update(name="Gata & park")
    assert reader.names() == ("Gata & park",)
    generation().raise_(takes_away=False)  # another process changed something
    reader.names()
    assert len(reader.asked) == 3


def test_in_a_transaction_nothing_is_remembered_nor_believed(reader: Reader) -> None:
    reader.names()
    with transaction.atomic():
        Topic.objects.filter(slug="gata").update(name="Kladd")
        assert reader.names() == ("Kladd",)
        transaction.set_rollback(True)
    assert reader.names() == ("Gata",)


def test_what_changed_while_it_was_read_is_not_remembered(reader: Reader) -> None:
    def read() -> tuple[str, ...]:
        found = tuple(Topic.objects.values_list("name", flat=True))
        if len(asked) == 0:
            Topic.objects.create(slug="skola", name="Skola")
        asked.append(found)
        return found

    asked: list[tuple[str, ...]] = []
    remembered = while_unchanged(read)
    assert len(remembered()) == 1
    assert len(remembered()) == len(remembered()) == 2
    assert len(asked) == 2


def test_nothing_and_errors_are_asked_for_again(reader: Reader) -> None:
    Topic.objects.all().delete()
    assert reader.names() is reader.names() is None
    assert len(reader.asked) == 2

    def broken() -> str:
        broken_asked.append(1)
        raise LookupError

    broken_asked: list[int] = []
    remembered = while_unchanged(broken)
    for _ in range(2):
        with pytest.raises(LookupError):
            remembered()
    assert len(broken_asked) == 2


def test_after_a_minute_it_is_read_anew(reader: Reader) -> None:
    noon = clock.begins(clock.today()) + dt.timedelta(hours=12) - clock.now()
    with clock.moved(noon):
        reader.names()
    with clock.moved(noon + dt.timedelta(seconds=59)):
        reader.names()
        assert len(reader.asked) == 1
    with clock.moved(noon + dt.timedelta(seconds=61)):
        reader.names()
    with clock.moved(noon - dt.timedelta(seconds=5)):
        reader.names()
    assert len(reader.asked) == 3


def test_the_next_day_begins_anew(reader: Reader) -> None:
    tomorrow = clock.begins(clock.today() + dt.timedelta(days=1))
    with clock.moved(tomorrow - clock.now() - dt.timedelta(seconds=5)):
        reader.names()
    with clock.moved(tomorrow - clock.now() + dt.timedelta(seconds=5)):
        reader.names()
    assert len(reader.asked) == 2


def test_where_the_number_cannot_be_known_nothing_is_remembered(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown() -> None:
        raise OSError

    monkeypatch.setattr(remembering, "generation", unknown)
    assert reader.names() == reader.names() == ("Gata",)
    assert len(reader.asked) == 2


def test_the_memory_is_bounded(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembering, "MOST", 2)
    for number in range(7):
        reader.names(number)
    assert max(len(memory) for memory in remembering._memories) <= 2
