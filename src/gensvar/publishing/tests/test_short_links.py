"""Short links: made at publishing, one a page, for good, and counted without knowing who."""

from __future__ import annotations

import pytest

from gensvar.publishing import gate, services, short_links
from gensvar.publishing.models import ShortLink, ShortLinkDay
from gensvar.publishing.tests.scene import stage

pytestmark = pytest.mark.django_db

EXCHANGE = ShortLink.Kind.EXCHANGE


def test_what_is_published_has_a_short_link_and_keeps_it_when_it_is_published_again() -> None:
    staged = stage()
    exchange = staged.publish()
    code = short_links.code_of(EXCHANGE, exchange.number)
    assert len(code) == short_links.LENGTH
    assert set(code) <= set(short_links.LETTERS)
    services.withdraw(exchange, "Fel", by=staged.editor)
    staged.publish()
    assert short_links.code_of(EXCHANGE, exchange.number) == code
    assert ShortLink.objects.count() == 1


def test_what_is_only_prepared_has_none() -> None:
    staged = stage()
    services.prepare(staged.conversation, by=staged.editor)
    assert short_links.code_of(EXCHANGE, staged.conversation.number) == ""


def test_a_taken_code_is_not_given_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    codes = iter(["aaaaaaa", "aaaaaaa", "bbbbbbb"])
    monkeypatch.setattr(short_links, "new_code", lambda: next(codes))
    first = short_links.make(ShortLink.Kind.PLACE, "1", by=None)
    second = short_links.make(ShortLink.Kind.PLACE, "2", by=None)
    assert (first.code, second.code) == ("aaaaaaa", "bbbbbbb")


def test_a_day_is_one_row_with_a_number() -> None:
    link = short_links.make(ShortLink.Kind.PLACE, "1", by=None)
    for _ in range(3):
        short_links.count(link)
    assert [day.count for day in ShortLinkDay.objects.all()] == [3]


def test_a_changed_text_says_when_it_changed() -> None:
    staged = stage()
    exchange = staged.publish()
    first = gate.find(exchange.number)
    services.save_title(exchange, "Plogning på Storgatan", by=staged.editor)
    second = gate.find(exchange.number)
    assert first is not None
    assert second is not None
    assert first.changed_at is not None
    assert second.changed_at is not None
    assert second.changed_at > first.changed_at
    assert second.published_at == first.published_at
