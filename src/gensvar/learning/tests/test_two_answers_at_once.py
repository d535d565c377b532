"""Two sendings of one link at the same moment are one answer, on both databases."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from gensvar.learning.surveys import answering
from gensvar.learning.surveys.models import Invitation, SealedAnswer
from gensvar.learning.tests.leading import House, invitation


@pytest.mark.django_db(transaction=True)
def test_one_link_answered_in_many_windows_at_once_is_answered_once() -> None:
    house = House()
    survey = house.opened()
    found = [invitation(survey, person) for person in house.led[:3]]
    taken: list[int] = []
    ready = threading.Barrier(6)

    def send(one: Invitation) -> None:
        ready.wait()
        try:
            answering.answer(one, {"direction": 3})
            taken.append(one.pk)
        except answering.NotTaken:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=[one]) for one in found * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == sorted(one.pk for one in found)
    assert SealedAnswer.objects.count() == 3
