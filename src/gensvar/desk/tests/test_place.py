"""Where one stands in the inbox, as its address says it."""

from __future__ import annotations

import datetime as dt

from django.http import QueryDict

from gensvar.desk.place import Place, write_key

NOW = dt.datetime(2026, 11, 24, 20, 0, tzinfo=dt.UTC)


def test_a_place_in_the_inbox_survives_its_address() -> None:
    place = Place(queue="function:gata-park", q="snö & is", channel="email", before=(NOW, 7))
    assert Place.read(QueryDict(place.query[1:])) == place
    assert Place.read(QueryDict("queue=<x>&before=nonsense&q=  ")) == Place()
    assert write_key((NOW, 7)) == "1795550400000000-7"
