"""The municipality that is measured: its places, and the questions by which a measurement knows that it is done."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from django.db import connection

from bench.mails import PLACES, Mail
from gensvar.contactpoints.models import ContactPoint
from gensvar.conversations.models import Message
from gensvar.conversations.queries import search_messages
from gensvar.core.models import Event, User
from gensvar.core.roles import Role
from gensvar.people.models import Function

STEP = 0.05  # seconds between two looks


class Town:
    """Three functions, each with a mail address, and a coordinator who searches."""

    def __init__(self) -> None:
        from django.contrib.auth.models import Group

        for number, address in enumerate(PLACES):
            function = Function.objects.create(
                slug=f"bench-{number}", name=f"Bench {number}", coordinates=number == 2
            )
            ContactPoint.objects.create(
                channel="email",
                address=address,
                name=address,
                function=function,
                state=ContactPoint.State.LIVE,
            )
        self.searcher = User.objects.create_user("coordinator@norrvik.example")
        self.searcher.groups.add(Group.objects.get(name=Role.COORDINATOR))

    def wait_until_found(self, mails: Sequence[Mail], count: int, patience: float) -> None:
        """Return when so many mails stand in their conversations and the last of these are found by search."""
        self._wait(lambda: not self._unread(), patience)
        if (stand := Message.objects.filter(envelope__isnull=False).count()) != count:
            raise RuntimeError(f"{count} mails were accepted, but {stand} stand in conversations.")
        for mail in mails[-8:]:
            if len(search_messages(self.searcher, mail.mark).rows) != 1:
                raise RuntimeError(f"The mail with “{mail.mark}” is not found by search.")

    def wait_until_quiet(self, patience: float) -> None:
        """Return when nothing waits any more, receipts included."""
        waiting = Event.objects.filter(state=Event.State.WAITING, key=None)
        self._wait(lambda: not waiting.exists(), patience)

    def _unread(self) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM intake_envelope WHERE state = 'received' LIMIT 1")
            return cursor.fetchone() is not None

    def _wait(self, done: Callable[[], bool], patience: float) -> None:
        until = time.monotonic() + patience
        while not done():
            if time.monotonic() > until:
                raise TimeoutError(f"It was not done after {patience:.0f} seconds.")
            time.sleep(STEP)
