"""Every row stands on exactly one page, also where many have the same time and others come in meanwhile."""

from __future__ import annotations

import datetime as dt

import pytest

from gensvar.core import clock, keyset
from gensvar.core.models import PublicChange

pytestmark = pytest.mark.django_db
BEGIN: tuple[dt.datetime, int] | None = None


def rows(*minutes: int) -> list[int]:
    """So many minutes ago; gives the ids, newest first."""
    now = clock.now()
    made = [
        PublicChange.objects.create(at=now - dt.timedelta(minutes=ago), takes_away=False) for ago in minutes
    ]
    return [one.pk for one in sorted(made, key=lambda one: (one.at, one.pk), reverse=True)]


def test_page_by_page_each_row_comes_once_and_what_came_meanwhile_disturbs_none() -> None:
    expected = rows(3, 1, 2, 2, 2, 2, 5)
    found: list[int] = []
    page, key = keyset.newest(PublicChange.objects.all(), "at", BEGIN, 2)
    found += [one.pk for one in page]
    rows(0)
    while key is not None:
        page, key = keyset.newest(PublicChange.objects.all(), "at", key, 2)
        found += [one.pk for one in page]
    assert found == expected


def test_a_page_that_is_just_full_is_the_last() -> None:
    expected = rows(2, 1)
    page, key = keyset.newest(PublicChange.objects.all(), "at", BEGIN, 2)
    assert ([one.pk for one in page], key) == (expected, None)


def test_what_is_older_than_a_key_and_what_is_not_are_all() -> None:
    rows(2, 1, 1, 1, 0)
    middle = PublicChange.objects.order_by("-at", "-pk")[2]
    older = keyset.older("at", (middle.at, middle.pk))
    assert PublicChange.objects.filter(older).count() == 2
    assert PublicChange.objects.exclude(older).count() == 3
