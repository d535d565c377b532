"""A public answer to comment on, residents who comment and confirm, and those who moderate; mail goes to a real server."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from django.conf import LazySettings
from django.contrib.auth.models import Group
from django.http import HttpResponse
from django.test import Client

from gensvar.answers.models import Delivery
from gensvar.contactpoints.models import ContactPoint
from gensvar.core import clock, runner
from gensvar.core.models import User
from gensvar.core.roles import Role
from gensvar.people.models import Function, Person, Tenure
from gensvar.publishing.comments import letters, moderation, taking
from gensvar.publishing.comments.models import Comment, ModerationGround
from gensvar.publishing.models import PublicExchange
from gensvar.square.tests import scene

__all__ = ["letters", "scene"]

BEA = "bea@post.example"
SANDBOX = "Sandlådan vid Björkvägen är tom"


@dataclass(frozen=True, slots=True)
class Commented:
    """The town, a public answer of its streets, and two coordinators beside the editor Kim."""

    town: scene.Town
    exchange: PublicExchange
    rut: User
    siv: User

    @property
    def page(self) -> str:
        """The public page's address."""
        return f"/fragor/{self.exchange.number}-{self.exchange.slug}"

    @property
    def form(self) -> str:
        """The address of the form below it."""
        return f"/fragor/{self.exchange.number}/kommentera"


def make() -> Commented:
    """Make the rows; the exchange by the real way."""
    town = scene.town()
    office = Function.objects.create(slug="kansli", name="Kansliet", coordinates=True)
    ContactPoint.objects.create(
        channel="email", address="kommun@norrvik.example", name="Kommunen", function=office, state="live"
    )
    asked = scene.written(Client(), may_publish="1")
    runner.run_waiting(network=False)
    scene.answer(town, asked)
    exchange = scene.published(town, asked)
    ContactPoint.objects.filter(pk=town.form.pk).update(
        function=office
    )  # the form belongs to another function
    return Commented(town, exchange, *(_coordinator(name, office) for name in ("Rut", "Siv")))


def _coordinator(name: str, office: Function) -> User:
    user = User.objects.create_user(f"{name.lower()}@norrvik.example", None)
    user.groups.set(Group.objects.filter(name=Role.COORDINATOR))
    person = Person.objects.create(user=user, name=f"{name} Öst", shown=True)
    Tenure.objects.create(person=person, function=office, starts=dt.date(2020, 1, 1))
    return user


def filled(commented: Commented, text: str, **fields: Any) -> dict[str, str]:
    """The form as Bea's browser sends it."""
    return {
        "form": scene.form_id(),
        "website": "",
        "language": "sv",
        "comment_on": f"exchange {commented.exchange.number}",
        "subject": "Kommentar",
        "answer_by": "here",
        "may_publish": "1",
        "show_name": "1",
        "text": text,
        "name": "Bea",
        "email": BEA,
    } | fields


def send(commented: Commented, text: str = "Bra att det plogas.", **fields: Any) -> HttpResponse:
    """Bea sends a comment, and the workers do what is due."""
    answer = Client().post(commented.form, filled(commented, text, **fields))
    work()
    return answer  # type: ignore[return-value]


def work() -> None:
    """All that is due now and soon; nothing leaves the house."""
    for seconds in (0, 1, 3):
        with clock.moved(dt.timedelta(seconds=seconds)):
            runner.run_waiting(network=False)


def comment(commented: Commented, text: str = "Bra att det plogas.", **fields: Any) -> Comment:
    """A comment that is kept, not confirmed."""
    answer = send(commented, text, **fields)
    assert answer.status_code == 303, re.findall(r"<li>(.*?)</li>", answer.content.decode())[:4]
    return Comment.objects.latest("pk")


def link_in(delivery: Delivery, name: str) -> str:
    """The path behind the link of that kind in a mail."""
    found = re.search(rf"https?://[^/\s]+(/(?:en/)?kommentar/{name}/\S+)", delivery.text)
    assert found is not None, delivery.text
    return found[1]


def mails(one: Comment) -> list[Delivery]:
    """What was mailed to its writer, oldest first."""
    return list(Delivery.objects.filter(conversation=one.message.conversation_id).order_by("pk"))


def confirm(one: Comment) -> Comment:
    """Its writer opens the mailed link and presses the button."""
    path = link_in(mails(one)[0], "bekrafta")
    client = Client()
    assert client.get(path).status_code == 200
    assert client.post(path).status_code == 303
    return Comment.objects.get(pk=one.pk)


def ground(slug: str = "hot") -> ModerationGround:
    """A ground of that name."""
    return ModerationGround.objects.get(slug=slug)


def page(commented: Commented) -> str:
    answer = Client().get(commented.page)
    assert answer.status_code == 200
    return answer.content.decode()


def shown(commented: Commented, text: str = SANDBOX, **fields: Any) -> Comment:
    """A comment that everybody reads; its writer need not open the mail here."""
    one = taking.confirm(comment(commented, text, **fields))
    if one.state == Comment.State.WAITING:
        moderation.show(one, by=commented.town.staff)
    return Comment.objects.get(pk=one.pk)


def pages(commented: Commented, settings: LazySettings) -> list[str]:
    """A thread with an answer, a reply and a gap, and every page around it."""
    settings.GENSVAR_COMMENTS = "after"
    first = shown(commented, "Gungan " + "knarrarochgnisslar" * 8)
    shown(commented, "Det gör den.", reply_to=str(first.pk), email="cia@post.example", name="")
    gone = shown(commented, "Bort med den.", email="dan@post.example", name="Dan")
    shown(commented, "Varför det?", reply_to=str(gone.pk), email="eva@post.example", name="Eva")
    participant = letters.writer_of(first.message)
    assert participant is not None
    said = scene.answer(commented.town, participant, "Vi smörjer den på torsdag.")
    moderation.show_answer(first, said, said.text, by=commented.town.staff)
    moderation.remove(gone, ground("annat-amne"), "", by=commented.town.staff)
    waiting = comment(commented, "Och rutschkanan?", email="ivo@post.example", name="Ivo")
    settings.GENSVAR_COMMENTS = "before"
    return [
        commented.page,
        f"/en{commented.page}",
        f"/ar{commented.page}",
        commented.form,
        f"/en{commented.form}",
        f"/ar{commented.form}",
        f"{commented.form}?svar={first.pk}",
        "/kommentar/tack",
        link_in(mails(waiting)[0], "bekrafta"),
        link_in(mails(first)[0], "bekrafta"),
        link_in(mails(gone)[-1], "overklaga"),
        link_in(mails(gone)[-1], "overklaga") + "?ny=1",
    ]
