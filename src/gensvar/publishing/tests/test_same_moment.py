"""Two of the staff at the same text at the same moment, on real committed rows: nobody waits for the other in a circle."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from gensvar.publishing import services
from gensvar.publishing.models import PublicText
from gensvar.publishing.tests.scene import stage

ROUNDS = 40


@pytest.mark.django_db(transaction=True)
def test_one_approves_and_the_other_takes_it_back_without_an_end_to_either() -> None:
    staged = stage()
    exchange = services.prepare(staged.conversation, by=staged.editor)
    keys = list(exchange.texts.values_list("pk", flat=True))
    begin, faults = threading.Barrier(2), list[Exception]()

    def again_and_again(do: Callable[[PublicText], None]) -> None:
        begin.wait(120)
        try:
            for number in range(ROUNDS):
                do(PublicText.objects.get(pk=keys[number % len(keys)]))
        except Exception as error:  # the test looks at it
            faults.append(error)
        finally:
            connection.close()

    works = (
        lambda text: services.approve(text, by=staged.editor),
        lambda text: services.unapprove(text, by=staged.editor),
    )
    threads = [threading.Thread(target=again_and_again, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert faults == []
