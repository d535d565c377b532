"""Guests who write in the demo's town, and the plans that fill its calendar, by the very services of real use. Neighbour: load."""

from __future__ import annotations

import datetime as dt
import tomllib
from typing import Any

from wagtail.log_actions import LogContext

from gensvar.config.demo.acts import Town
from gensvar.config.demo.positions import days_ago
from gensvar.config.demo.script import FOLDER
from gensvar.core import clock
from gensvar.publishing.guests import agreeing, services
from gensvar.publishing.guests.models import GuestVoice
from gensvar.publishing.guests.services import Invitation
from gensvar.publishing.guests.writing import Written
from gensvar.publishing.plans import services as plans
from gensvar.publishing.posts import services as posts
from gensvar.publishing.posts.models import Byline, Post, PostsHome
from gensvar.voices import writers

EDITOR = "rut"  # a person's key in town.toml: who publishes, and sets the limit
Row = dict[str, Any]


def read() -> Row:
    """The guests, the plans and the limit of the script."""
    with (FOLDER / "guests.toml").open("rb") as file:
        return tomllib.load(file)


def play(town: Town) -> int:
    """Invite, write, agree and plan; gives how many guests there are. Raises KeyError for unknown names."""
    told = read()
    for row in told["guest"]:
        with days_ago(row["invited_days_ago"]):
            guest = _invite(town, row)
        with days_ago(max(row["invited_days_ago"] - 2, 1)):
            _write(town, guest, row)
        if row["stage"] == "published":
            with days_ago(row["published_days_ago"]):
                _publish(town, guest)
    for row in told["plan"]:
        _plan(town, row)
    writers.set_limit(told["limit"]["percent"], told["limit"]["days"], by=town.user(EDITOR))
    return len(told["guest"])


def _invite(town: Town, row: Row) -> GuestVoice:
    last_day = clock.today() + dt.timedelta(days=row["invited_days_ago"] + row.get("days_left", 0))
    named = {name: row[name] for name in ("name", "email", "kind", "about")}
    invitation = Invitation(
        **named,
        association=row.get("association", ""),
        language="sv",
        last_day=last_day,
        function=town.functions[row["function"]],
        host=town.persons[row["by"]],
    )
    return services.invite(invitation, by=town.user(row["by"]))


def _write(town: Town, guest: GuestVoice, row: Row) -> None:
    if "first" in row:
        services.write(guest, Written.tidied(row["title"], "", row["first"]), seen=0)
    host = town.persons[row["by"]]
    services.remark(guest, row["remark"], person=host, by=town.user(row["by"]))
    last = services.newest(guest)
    written = Written.tidied(row["title"], row["lead"], row["text"])
    services.write(guest, written, seen=last.number if last is not None else 0)


def _publish(town: Town, guest: GuestVoice) -> None:
    editor = town.user(EDITOR)
    services.hand_in(guest)
    agreeing.ask(guest, by=editor)
    found = agreeing.wording(GuestVoice.objects.get(pk=guest.pk))
    assert found is not None, "it is handed in"
    agreeing.say_yes(guest, found.digest)
    with LogContext(user=editor):
        posts.publish(found.draft, by=editor)


def _plan(town: Town, row: Row) -> None:
    editor, writer = town.user(EDITOR), town.persons[row["by"]]
    day = clock.today() + dt.timedelta(days=row["in_days"])
    post = Post(title=row["title"], slug="", lead=row["lead"], live=False, owner=writer.user)
    post.bylines = [Byline(person=writer, function=town.functions[row["function"]])]
    home: PostsHome = PostsHome.objects.get(locale__language_code="sv")
    with LogContext(user=editor):
        home.add_child(instance=post)
        if "goes_live" not in row:
            post.save_revision(user=editor)
            plans.plan(post, day, writer, seen=0, by=editor)
            return
        post.go_live_at = clock.begins(day) + dt.timedelta(hours=row["goes_live"])
        post.save_revision(user=editor).publish(user=editor)
