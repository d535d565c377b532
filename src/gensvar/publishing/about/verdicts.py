"""Counts whether readers found an answer in an exchange: by day, without knowing who. Neighbours: the square asks, the desk shows."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.db.models import Sum

from gensvar.core import clock
from gensvar.publishing.about.models import Verdicts, WordAbout
from gensvar.publishing.models import PublicExchange


@dataclass(frozen=True, slots=True)
class Judged:
    """How many said yes and no in all, and how many of them wrote more."""

    yes: int
    no: int
    wrote: int

    @property
    def all(self) -> int:
        """Everybody who said something."""
        return self.yes + self.no


def count(key: int, *, answered: bool) -> None:
    """One more reader of the exchange of that key says that it was an answer, or none. One statement."""
    said = "yes" if answered else "no"
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO publishing_verdicts (exchange_id, day, yes, no) VALUES (%s, %s, %s, %s) "
            f"ON CONFLICT (exchange_id, day) DO UPDATE SET {said} = publishing_verdicts.{said} + 1",
            [key, connection.ops.adapt_datefield_value(clock.today()), int(answered), int(not answered)],
        )


def of_conversation(conversation_id: int) -> Judged | None:
    """What readers said of the public side of that conversation; None where it has none."""
    exchange = PublicExchange.objects.filter(conversation=conversation_id).only("number").first()
    if exchange is None:
        return None
    said = Verdicts.objects.filter(exchange=exchange).aggregate(yes=Sum("yes"), no=Sum("no"))
    words = WordAbout.objects.filter(
        on_kind=WordAbout.On.EXCHANGE,
        on_key=exchange.number,
        why__in=[WordAbout.Why.NO_ANSWER, WordAbout.Why.ANSWER],
    )
    return Judged(said["yes"] or 0, said["no"] or 0, words.count())
