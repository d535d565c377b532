"""Counting what comes from one network: one count for all web processes, and nobody's address in it."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from typing import Any

import pytest

from gensvar.core import clock
from gensvar.square import limits
from gensvar.square.models import Knocks

ASKS_FIVE_TIMES = """
import datetime, os, sys, django
os.environ["DJANGO_SETTINGS_MODULE"] = "gensvar.config.settings"
django.setup()
from django.test import RequestFactory
from gensvar.core import clock
from gensvar.square import limits
request = RequestFactory().post("/skriv", REMOTE_ADDR="192.0.2.7")
print("ready", flush=True)
input()
with clock.moved(datetime.timedelta(seconds=float(sys.argv[1]))):
    print(*(limits.too_many(request) for _ in range(5)), flush=True)
"""


@pytest.mark.django_db(transaction=True)
def test_two_processes_share_one_count(rf: Any, settings: Any) -> None:
    """This one, and one that it starts."""
    settings.GENSVAR_FORM_LIMIT = 7
    environment = os.environ | {"GENSVAR_FORM_LIMIT": "7", "GENSVAR_SECRET_KEY": settings.SECRET_KEY}
    span = limits.SPAN.total_seconds()
    to_its_middle = span / 2 - clock.now().timestamp() % span  # so that no span ends between the two
    command = [sys.executable, "-c", ASKS_FIVE_TIMES, str(to_its_middle)]
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
        with clock.moved(dt.timedelta(seconds=to_its_middle)):
            ours = [limits.too_many(rf.post("/skriv", REMOTE_ADDR="192.0.2.7")) for _ in range(5)]
        theirs = process.communicate(timeout=120)[0].split()
    assert Knocks.objects.get().count == 10
    answers = [*map(str, ours), *theirs]
    assert (answers.count("False"), answers.count("True")) == (7, 3)


@pytest.mark.django_db
def test_the_same_address_is_another_digest_another_day_and_for_another_thing(rf: Any) -> None:
    request = rf.post("/skriv", REMOTE_ADDR="192.0.2.7")
    seen = set()
    for what in ("word", "similar"):
        limits.too_many(request, what)
        seen |= set(Knocks.objects.values_list("digest", flat=True))
    assert len(seen) == 2
    today = clock.today()
    assert limits._key_of(today) != limits._key_of(today.replace(year=today.year + 1))
    assert "192.0.2.7" not in str(list(Knocks.objects.values()))


@pytest.mark.django_db
@pytest.mark.usefixtures("one_span")
def test_each_thing_has_a_share_of_its_own(rf: Any, settings: Any) -> None:
    settings.GENSVAR_FORM_LIMIT = 1
    request = rf.post("/skriv", REMOTE_ADDR="2001:db8:1:2::9")
    assert [limits.too_many(request) for _ in range(2)] == [False, True]
    assert [limits.too_many(request, "similar", 2) for _ in range(3)] == [False, False, True]
    neighbour = rf.post("/skriv", REMOTE_ADDR="2001:db8:1:3::9")
    assert not limits.too_many(neighbour)
