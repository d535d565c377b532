"""Who may open what: a table of every address of the desk and every role. An address that is missing here fails the tests."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import pytest
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest
from django.test import Client
from django.urls import URLPattern, reverse
from wagtail.admin.menu import Menu

from gensvar.answers.models import Delivery
from gensvar.contactpoints.models import FormerAddress
from gensvar.contactpoints.municipality.models import Office
from gensvar.contactpoints.outside_logins.models import OutsideLogin
from gensvar.conversations.models import Attachment, Contact, Conversation, Message
from gensvar.core import clock, runner
from gensvar.core.models import Topic, User
from gensvar.core.playbooks import file
from gensvar.core.playbooks import services as playbooks
from gensvar.core.roles import Role
from gensvar.desk import saved
from gensvar.desk.tests.role_table import MEANING, POSTED, ROLES, TABLE, WITHOUT_FRAME
from gensvar.desk.tests.scene import (
    Town,
    envelope_that_failed,
    photograph,
    question,
    question_with_files,
)
from gensvar.desk.urls import urlpatterns
from gensvar.learning import services as learning
from gensvar.learning.surveys import services as leading
from gensvar.learning.surveys.models import SurveyForm
from gensvar.learning.tests.experiments import experiment
from gensvar.people.handover import services as handing
from gensvar.people.models import Person, Tenure
from gensvar.people.tests.factories import user_of
from gensvar.publishing import services as publishing
from gensvar.publishing import short_links
from gensvar.publishing.accessibility.models import Failure
from gensvar.publishing.comments.models import Comment
from gensvar.publishing.guests import pictures
from gensvar.publishing.guests import services as guests
from gensvar.publishing.links.models import DeadShortLink, OutsideLink
from gensvar.publishing.models import ShortLink
from gensvar.publishing.positions.models import Position
from gensvar.publishing.tests.appearances_scene import appearance
from gensvar.publishing.tests.guests_scene import TEXT, invite
from gensvar.publishing.tests.posts_scene import Paper

pytestmark = pytest.mark.django_db
ASKED = {
    "coordinator": "publish public_picture draft_file outcome positions watching looked dead_short_link failure",
    "external": "calendar looked",
}


def names() -> set[str]:
    """The name of every address of the desk."""
    found = set()
    for pattern in urlpatterns:
        assert isinstance(pattern, URLPattern)
        found.add(pattern.name or str(pattern.pattern))
    return found


def test_every_address_stands_in_the_table() -> None:
    assert names() == set(TABLE)


def test_every_address_says_which_permissions_it_needs() -> None:
    open_to_all = {"account", "logout", "login", "password_reset"}
    silent = {
        p.name for p in urlpatterns if isinstance(p, URLPattern) and not getattr(p.callback, "needs", ())
    }
    assert silent == open_to_all


def of_guests_and_handovers(town: Town) -> dict[str, list[object]]:
    """A guest who writes, a handover being prepared, a log-in outside, a place's former address, a playbook that came."""
    guest = invite(Paper(user_of(town.robin), town.robin, town.streets))
    handover = handing.prepare(town.kim, clock.today(), by=town.user(Role.COORDINATOR))
    login = OutsideLogin.objects.create(name="Sidan", point=town.mailbox)
    booking = OutsideLogin.objects.create(name="Bokningen")
    former = FormerAddress.objects.create(
        point=town.mailbox, channel="email", address="old@norrvik.example", left_on=clock.today()
    )
    booking.known_by.add(town.robin)
    shows = pictures.cleaned(pictures.Given(photograph(), "Bron", "Anna"))
    guests.write(guest, TEXT, seen=0, picture=shows)
    return {
        "guest": [guest.pk],
        "guest_picture": [guest.pk, guest.pictures.get().pk],
        "handover": [handover.pk],
        "handover_document": [handover.pk],
        "playbook": [playbooks.bring(file.write("Söderby", {}), by=town.user(Role.ADMINISTRATOR)).pk],
        "new_outside_login": [town.mailbox.pk],
        "end_former_address": [town.mailbox.pk, former.pk],
        "outside_login": [town.mailbox.pk, login.pk],
        "change_outside_login": [booking.pk],
        "knowing": [booking.pk, town.robin.pk],
    }


def of_what_is_learnt(town: Town) -> dict[str, list[object]]:
    """A survey of how somebody leads with its questions, an experiment, and where somebody spoke."""
    form = SurveyForm.objects.get()
    survey = leading.prepare(town.kim, town.streets, form, clock.today(), by=town.user(Role.COORDINATOR))
    return {
        "survey": [survey.pk],
        "survey_form": [form.pk],
        "experiment": [experiment(town.kim, town.streets).pk],
        "appearance": [appearance(town.kim, town.streets, by=user_of(town.robin)).pk],
    }


def of_links(since: dt.datetime) -> dict[str, list[object]]:
    """A link of ours out of the house, and a short link that leads nowhere."""
    link = OutsideLink.objects.create(
        digest="1", address="https://a.example/", host="a.example", since=since, next_at=since
    )
    short = short_links.make(ShortLink.Kind.PLACE, "0", by=None)
    dead = DeadShortLink.objects.create(link=short, why=DeadShortLink.Why.MISSING, since=since)
    return {"link": [link.pk], "dead_short_link": [dead.pk]}


def shown_with(attachment: Attachment, *, by: User) -> str:
    """The digest of a picture that would be seen with its word."""
    asked = attachment.message.conversation
    text = publishing.prepare(asked, by=by).texts.get(message=attachment.message)
    return publishing.add_picture(text, attachment, "En trasig lampa", by=by).sha256


@pytest.fixture
def addresses(town: Town) -> dict[str, str]:
    """An address of each name, of things that the street office has."""
    asked = question_with_files(town.mailbox)
    files = Attachment.objects.filter(message__conversation=asked).order_by("pk")
    delivery = Delivery.objects.filter(conversation=asked)[0]
    word = Message.objects.get(conversation=asked)
    envelope = envelope_that_failed(town.mailbox)
    comment = Comment.objects.create(on_kind="exchange", on_key="2026-000001", message=word, came_at=word.at)
    position = Position.objects.create(
        function=town.streets, begun_at=clock.now(), begun_by=user_of(town.robin)
    )
    outcome = learning.propose(
        title="Sand", said="Det är halt.", function=town.streets, language="sv", by=user_of(town.kim)
    )
    arguments: dict[str, list[object]] = {
        "take_back": [asked.number, word.pk],
        "deliveries": [asked.number, word.pk],
        "try_again": [asked.number, 0],
        "by_hand": [asked.number, 0],
        "draft_file": [0],
        **{name: [files.get(filename="lampa.png").pk] for name in ("file", "thumbnail")},
        "html": [word.pk],
        "received": [word.pk],
        "envelope_raw": [envelope.pk],
        "envelope_retry": [envelope.pk],
        "delivery": [delivery.pk],
        "comment": [comment.pk],
        "outcome": [outcome.pk],
        "saved_view": [saved.keep(town.kim, "Snö", "q=sn%C3%B6", town.streets).pk],
        "failure": [Failure.objects.first().pk],  # type: ignore[union-attr]
        "office": [Office.objects.create(name="Receptionen", function=town.office, address="Torget 1").pk],
        "position": [position.pk],
        "position_wording": [position.pk],
        "function": [town.streets.pk],
        **{name: [town.kim.pk] for name in ("person", "absences_of")},
        "correct_tenure": [Tenure.objects.filter(person=town.kim)[0].pk],
        "topic": [Topic.objects.create(slug="sno", name="Snö").pk],
        **{name: [town.mailbox.pk] for name in ("contact_point", "contact_point_settings")},
        **of_guests_and_handovers(town),
        **of_what_is_learnt(town),
        "looked": [town.mailbox.pk],
        "public_picture": [asked.number, shown_with(files.get(filename="lampa.png"), by=user_of(town.robin))],
        **of_links(word.at),
        **{
            name: [asked.number]
            for name in TABLE
            if name.startswith("act_") or name in {"conversation", "write", "publish", "reveal_phone"}
        },
    }
    return {name: reverse(f"desk:{name}", args=arguments.get(name)) for name in TABLE}


@pytest.fixture
def one_menu(monkeypatch: pytest.MonkeyPatch) -> None:
    """The menu is the same on all pages of a log-in, whose own table is another test's: it is made once for them all."""
    made: dict[object, Any] = {}
    make = Menu.render_component

    def once(menu: Menu, request: HttpRequest) -> Any:
        key = (menu, request.user.pk)
        if key not in made:
            made[key] = make(menu, request)
        return made[key]

    monkeypatch.setattr(Menu, "render_component", once)


@pytest.mark.one_database  # what these addresses ask is asked by the tests of each of them, and by the next one
@pytest.mark.usefixtures("one_menu")
@pytest.mark.parametrize("role", ROLES)
def test_each_role_opens_what_the_table_says(role: str, town: Town, addresses: dict[str, str]) -> None:
    assert opened(role, town, addresses) == said(role, addresses)


@pytest.mark.usefixtures("one_menu")
@pytest.mark.parametrize("role", ASKED)
def test_what_nobody_else_asks_so_is_answered(role: str, town: Town, addresses: dict[str, str]) -> None:
    """Another role sees other things, so it asks for them in other words, here of each database."""
    few = {name: addresses[name] for name in ASKED[role].split()}
    assert opened(role, town, few) == said(role, few)


def said(role: str, names: Iterable[str]) -> dict[str, int]:
    """What the table says of that role and these addresses."""
    return {name: MEANING[TABLE[name].split()[ROLES.index(role)]] for name in names}


def opened(role: str, town: Town, addresses: dict[str, str]) -> dict[str, int]:
    """How each address answers somebody of that role."""
    client, expected, seen = Client(), said(role, addresses), dict[str, int]()
    for name, address in addresses.items():
        if SESSION_KEY not in client.session:  # some addresses log out
            client.force_login(user_of(town.by_role[Role(role)]))
        posted = name in POSTED or name.startswith("act_")
        data = {"kind": "answer" if role != "registrar" else "note", "act": "save", "text": "Hej"}
        frame = WITHOUT_FRAME if expected[name] in {403, 404} & {*seen.values()} else {}
        answer = client.post(address, data, headers=frame) if posted else client.get(address, headers=frame)
        seen[name] = answer.status_code
        Contact.objects.update(protected=False)  # what one act hides the next address shows
    return seen


def test_a_stranger_opens_nothing(addresses: dict[str, str]) -> None:
    open_to_all = {"logout", "login", "password_reset"}
    for name, address in addresses.items():
        if name in POSTED - open_to_all:
            answer = Client().post(address)
            assert (answer.status_code, "Du har loggats ut" in answer.content.decode()) == (403, True), name
            continue
        answer = Client().post(address) if name in POSTED else Client().get(address)
        assert answer.status_code == 302, name
        if name not in open_to_all:
            assert answer["Location"].startswith("/konto/login/"), name


def test_nothing_of_another_function_opens(town: Town, addresses: dict[str, str]) -> None:
    client = Client()
    client.force_login(user_of(town.sam))
    of_a_conversation = {n for n in TABLE if n.startswith("act_")} | {
        "conversation",
        "file",
        "thumbnail",
        "html",
        "received",
    }
    for name in of_a_conversation:
        address = addresses[name]
        asks = client.post if name.startswith("act_") else client.get
        answer = asks(address, headers=WITHOUT_FRAME)
        assert answer.status_code == 404, name


def test_somebody_whose_access_has_ended_is_out_at_once(town: Town) -> None:
    user = user_of(town.kim)
    client = Client()
    client.force_login(user)
    assert client.get("/desk/inkorg/").status_code == 200
    user.access_until = "2020-01-01"
    user.save()
    assert client.get("/desk/inkorg/")["Location"].startswith("/konto/login/")


@pytest.mark.parametrize("ending", ["person", "log-in", "last day"])
def test_access_ends_at_the_next_request_whatever_ended_it(town: Town, ending: str) -> None:
    client = Client()
    client.force_login(user_of(town.kim))
    assert client.get("/desk/inkorg/").status_code == 200
    kims = User.objects.filter(person=town.kim)
    if ending == "person":
        Person.objects.filter(pk=town.kim.pk).update(active=False)  # as an import or the database alone does
    elif ending == "log-in":
        kims.update(is_active=False)
    else:
        kims.update(access_until=clock.today() - dt.timedelta(days=1))
    assert client.get("/desk/inkorg/")["Location"].startswith("/konto/login/")
    assert client.get("/desk/pages/")["Location"].startswith(("/konto/login/", "/desk/login/"))
    news = client.get("/desk/inkorg/nytt/", headers={"X-Requested-With": "XMLHttpRequest"})
    assert news.status_code == 401
    client.post("/konto/login/", {"login": town.kim.email, "password": "secret"})
    assert client.get("/desk/inkorg/").status_code == 302


def test_an_inactive_person_gets_no_link_to_a_new_password(town: Town) -> None:
    Person.objects.filter(pk=town.kim.pk).update(active=False)
    Client().post("/konto/password/reset/", {"email": town.kim.email})
    assert runner.run_waiting(network=False) == 1
    assert not Delivery.objects.exists()


def test_the_last_day_passes_while_one_is_logged_in(town: Town) -> None:
    User.objects.filter(person=town.kim).update(access_until=clock.today())
    client = Client()
    client.force_login(user_of(town.kim))
    assert client.get("/desk/inkorg/").status_code == 200
    with clock.moved(dt.timedelta(days=1)):
        assert client.get("/desk/inkorg/").status_code == 302


def test_an_external_persons_last_tenure_ends_while_they_are_logged_in(town: Town) -> None:
    outsider = town.by_role[Role.EXTERNAL]
    Tenure.objects.filter(person=outsider).update(kind=Tenure.Kind.EXTERNAL, ends=clock.today())
    client = Client()
    client.force_login(user_of(outsider))
    assert client.get("/desk/inkorg/").status_code == 200
    with clock.moved(dt.timedelta(days=1)):
        assert client.get("/desk/inkorg/").status_code == 302


def test_the_menu_shows_only_what_the_role_may_open(town: Town) -> None:
    client = Client()
    client.force_login(user_of(town.by_role[Role.ADMINISTRATOR]))
    page = client.get("/desk/personer/").content.decode()
    for label in ("Personer", "Funktioner", "Platser", "Arbetsdagar", "Utkorg"):
        assert f'"{label}"' in page
    client.force_login(user_of(town.kim))
    page = client.get("/desk/inkorg/").content.decode()
    assert '"Personer"' not in page
    assert '"Utkorg"' not in page


def test_a_question_that_moves_to_another_function_is_gone_for_the_first(town: Town) -> None:
    asked: Conversation = question(town.mailbox)
    client = Client()
    client.force_login(user_of(town.kim))
    answer = client.post(
        f"/desk/inkorg/{asked.number}/lamna-over/?queue=functions",
        {"function": town.schools.slug},
        follow=True,
    )
    assert answer.redirect_chain[-1][0] == "/desk/inkorg/?queue=functions"
    assert f"{asked.number}</span> hör nu till Skola" in answer.content.decode()
