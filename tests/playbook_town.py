"""A municipality with every kind of set-up, and the same database emptied of it, for the tests of playbooks."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import connection

from gensvar.config.demo.script import town as demo_town
from gensvar.contactpoints.models import ContactPoint
from gensvar.contactpoints.municipality.models import Provider
from gensvar.core import clock
from gensvar.core.models import Topic, User
from gensvar.core.playbooks import file, giving, services
from gensvar.core.playbooks.part import Kind
from gensvar.core.playbooks.plan import Plan, plan_of
from gensvar.core.roles import Role
from gensvar.desk import saved
from gensvar.desk.models import SavedView
from gensvar.people.models import Function, Person, Tenure
from gensvar.people.tests.factories import make_person, user_of
from gensvar.publishing.comments.models import ModerationGround
from gensvar.publishing.positions import services as positions
from gensvar.publishing.positions.models import Position, Wording
from gensvar.routing.models import SpecialDay, WorkingWeek

NOTICE = "Det du skriver blir en allmän handling."
WIPED = (
    *(SavedView, Wording, Position.topics.through, Position, ContactPoint, Provider, Tenure, Person),
    *(Function, Topic, ModerationGround, SpecialDay, WorkingWeek),
)


def administrator(name: str = "Alva Storm") -> User:
    """Who gives and takes."""
    return user_of(make_person(name, roles=(Role.ADMINISTRATOR,)))


def set_up_town() -> Person:
    """The demo's functions, topics and places with all else that a playbook holds; gives who holds the streets."""
    content = demo_town()
    functions = {row["slug"]: Function.objects.create(**row) for row in content["function"]}
    for row in content["topic"]:
        Topic.objects.create(slug=row["slug"], name=row["name"], name_en=row["name_en"])
    streets = functions["gata-park"]
    kim = make_person("Kim Ek", streets, roles=(Role.EDITOR,))
    for row in content["point"]:
        fields = {name: value for name, value in row.items() if name not in {"owner", "deputy"}}
        fields["function"] = functions[row["function"]]
        ContactPoint.objects.create(
            **fields,
            state=ContactPoint.State.LIVE,
            notice=NOTICE,
            archiving="Bevaras i Gensvar.",
            owner=kim,
            opened_on=clock.today(),
        )
    Provider.objects.create(**content["provider"], saved_at=clock.now())
    WorkingWeek.objects.update_or_create(pk=1, defaults={"friday": False, "day_ends": dt.time(15, 30)})
    SpecialDay.objects.create(date=dt.date(clock.today().year, 12, 28), name="Klämdag")
    ModerationGround.objects.create(slug="lokal", name="Egen regel", since=dt.date(2026, 1, 1), place=5)
    written = positions.Written("Först skolvägarna", "Vi plogar skolvägar först.", kim, streets)
    topic = Topic.objects.order_by("slug").values_list("slug", flat=True)[0]
    positions.decide(positions.begin(written, streets, [topic], by=user_of(kim)), by=user_of(kim))
    saved.keep(kim, "Snö", "q=sn%C3%B6&function=gata-park", streets)
    return kim


def empty_town() -> None:
    """Take all of it away, as no act of ours can: what remains is what an empty database has, and log-ins."""
    if connection.vendor == "postgresql":  # where the words by which a position is found hang on its row
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM publishing_search_positions")
    for model in WIPED:
        table = connection.ops.quote_name(model._meta.db_table)
        with connection.cursor() as cursor:
            if model is Topic:
                cursor.execute(f"UPDATE {table} SET merged_into_id = NULL")
            cursor.execute(f"DELETE FROM {table}")


def exported() -> bytes:
    """The file of what stands here, with all that was found in it."""
    made = giving.draft()
    return giving.give(made, {one.id for one in made.found}, by=None)


def written(*rows: dict[str, Any], part: str = "topics", **more: list[dict[str, Any]]) -> bytes:
    """A file of another municipality with these rows."""
    return file.write("Söderby", {part: list(rows), **more})  # type: ignore[arg-type]


def looked_at(data: bytes, by: User) -> Plan:
    """What a file would do here."""
    return plan_of(file.read(data), by)


def taken(data: bytes, by: User, chosen: set[str] | None = None) -> list[str]:
    """Take what is chosen, all that can be unless said; gives the ids of what was written."""
    plan = looked_at(data, by)
    done = services.take(
        services.bring(data, by=by), plan.offered if chosen is None else chosen, plan.mark, by=by
    )
    return [one["id"] for one in done.done]


def kinds(plan: Plan) -> dict[str, Kind]:
    """What each row of the file would do, by its id."""
    return {change.id: change.kind for _part, change in plan.changes}
