"""Handover on the screen: chosen, reviewed in words by a second coordinator, done, ticked off, undone; nobody else sees it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.utils.translation import gettext, override

from gensvar.contactpoints.outside_logins.models import OutsideLogin
from gensvar.conversations.models import Conversation
from gensvar.core import clock
from gensvar.core.models import AuditEntry
from gensvar.core.roles import Role
from gensvar.desk.tests.scene import Town, logged_in
from gensvar.people.handover.models import Handover
from gensvar.people.handover.states import State
from gensvar.people.models import Person, Tenure
from tests.leaver import done, town_with_a_leaver
from tests.scenes import Scenes

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db
LIST = "/desk/overlamningar/"


@pytest.fixture
def town(scenes: Scenes) -> Iterator[Town]:
    with scenes.meet(town_with_a_leaver) as town:
        yield town


def rut(town: Town) -> Client:
    return logged_in(town.by_role[Role.COORDINATOR])


def siv() -> Client:
    return logged_in(Person.objects.get(name="Siv Berg"))


def begun(town: Town, client: Client) -> str:
    """The address of a handover of Kim's, just begun."""
    data = {"person": town.kim.pk, "last_day": clock.today().isoformat(), "reason": "Ny tjänst"}
    return client.post(LIST, data)["Location"]


def choose(client: Client, address: str, **chosen: object) -> str:
    data = {"act": "choose", "last_day": clock.today().isoformat(), "reason": "", **chosen}
    return client.post(address, data, follow=True).content.decode()


def mark_in(page: str) -> str:
    found = re.search(r'name="mark" value="([0-9a-f]{64})"', page)
    assert found is not None
    return found[1]


def test_the_whole_way(town: Town) -> None:
    client = rut(town)
    address = begun(town, client)
    page = client.get(address).content.decode()
    assert "Choose who takes it over" in page or "Välj vem" in page  # pages belong to no function
    assert 'value="confirm"' not in client.get(f"{address}?step=review").content.decode()

    to_robin = dict.fromkeys(("pages|*", "followed|*", "plans|*"), town.robin.pk)
    page = choose(client, address, **to_robin, **{"surveys|*": town.by_role[Role.COORDINATOR].pk})
    mark = mark_in(page)
    asked = Conversation.objects.filter(assignee=town.kim).get()
    assert f'/desk/inkorg/{asked.number}/"><bdi>{asked.subject}</bdi></a>' in page  # what it is about
    assert "alone_because" in page  # she prepared it herself, and Siv is there
    client.post(address, {"act": "confirm", "mark": mark})
    assert Handover.objects.get().state == State.PREPARED

    other = siv()
    page = other.get(address).content.decode()  # as the list leads there: to review it
    assert "alone_because" not in page
    assert 'value="confirm"' not in other.get(f"{address}?step=choose").content.decode()
    other.post(address, {"act": "confirm", "mark": mark_in(page)})
    handover = Handover.objects.get()
    assert handover.state == State.DONE
    assert handover.documents.count() == 1
    assert "ordnat" in other.get(address).content.decode()  # the log-in that ends is handed over to nobody

    answer = other.get(f"{address}dokument/")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer.content.startswith(b"%PDF-")
    assert AuditEntry.objects.filter(action="handover.document").exists()

    item = handover.items.get(open=True)
    data = {"act": "witness", "item": item.pk, "changed_on": clock.today().isoformat()}
    other.post(address, data)  # nobody saw it
    assert handover.items.filter(open=True).exists()
    other.post(address, data | {"witness": town.robin.pk})
    handover.refresh_from_db()
    assert handover.state == State.FINISHED

    page = other.post(address, {"act": "undo"}, follow=True).content.decode()
    handover.refresh_from_db()
    assert handover.state == State.UNDONE
    assert handover.items.filter(state="stayed").count() == 1  # what was changed outside is changed
    assert 'value="undo"' not in page


def test_each_thing_can_go_to_somebody_else(town: Town) -> None:
    client = rut(town)
    address = begun(town, client)
    view = town.kim.saved_views.get()
    external = town.by_role[Role.EXTERNAL]
    choose(client, address, **{"views|*": town.robin.pk, f"views|{view.pk}": external.pk})
    assert Handover.objects.get().choices["views"] == {"*": town.robin.pk, str(view.pk): external.pk}
    choose(
        client, address, **{f"views|{view.pk}": "", "pages|*": "9999999"}
    )  # what the form lacks stays; nonsense does not
    assert Handover.objects.get().choices["views"] == {"*": town.robin.pk}
    assert "*" not in Handover.objects.get().choices.get("pages", {})


def test_who_chooses_after_another_has_chosen_is_told_and_undoes_nothing_of_it(town: Town) -> None:
    client, other = rut(town), siv()
    address = begun(town, client)
    found = re.search(r'name="seen" value="([0-9a-f]{64})"', client.get(address).content.decode())
    assert found is not None
    choose(client, address, seen=found[1], reason="Rut valde", **{"pages|*": str(town.robin.pk)})
    page = choose(other, address, seen=found[1], reason="En annan")
    assert "Någon annan har valt sedan du tittade" in page
    kept = Handover.objects.get()
    assert (kept.reason, kept.choices["pages"]) == ("Rut valde", {"*": town.robin.pk})


def test_nothing_of_it_opens_for_others(town: Town) -> None:
    handover = done(town)
    for role in (Role.ANSWERER, Role.EDITOR, Role.REGISTRAR, Role.EXTERNAL):
        client = logged_in(town.by_role[role])
        for address in (LIST, f"{LIST}{handover.pk}/", f"{LIST}{handover.pk}/dokument/"):
            assert client.get(address).status_code == 403, (role, address)
        assert client.post(f"{LIST}{handover.pk}/", {"act": "undo"}).status_code == 403
    handover.refresh_from_db()
    assert handover.undone_at is None


def test_the_list_asks_as_much_for_many_as_for_few(
    town: Town, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = rut(town)
    begun(town, client)
    client.get(LIST)
    with django_assert_num_queries(15):
        client.get(LIST)
    for person in Person.objects.exclude(pk__in=[town.kim.pk, town.by_role[Role.COORDINATOR].pk]):
        client.post(LIST, {"person": person.pk, "last_day": clock.today().isoformat()})
    with django_assert_num_queries(15):
        assert client.get(LIST).content.decode().count("/desk/overlamningar/") > 6


def test_a_log_in_outside_is_kept_with_who_knows_it_and_told_where_somebody_leaves(town: Town) -> None:
    client = rut(town)
    place = town.mailbox.pk
    data = {"name": "Kontot hos Mastodon", "kind": "shared", "known_by": [town.kim.pk]}
    assert client.post(f"/desk/platser/{place}/inloggning/ny/", data).status_code == 302
    login = OutsideLogin.objects.get(name="Kontot hos Mastodon")
    assert "Kontot hos Mastodon" in client.get(f"/desk/platser/{place}/").content.decode()
    leaving = f"/desk/roster/om-de-slutar/?person={town.kim.pk}"
    assert "Kontot hos Mastodon" in client.get(leaving).content.decode()

    address = f"/desk/platser/{place}/inloggning/{login.pk}/"
    both = data | {"known_by": [town.kim.pk, town.robin.pk]}
    answer = client.post(address, both | {"changed_on": clock.today().isoformat()})
    assert answer.status_code == 200  # a change needs who saw it
    client.post(address, both | {"changed_on": clock.today().isoformat(), "witness": town.robin.pk})
    login.refresh_from_db()
    assert (login.changed_on, login.witness) == (clock.today(), town.robin)
    assert "Kontot hos Mastodon" not in client.get(leaving).content.decode()
    yesterday = clock.today() - dt.timedelta(days=1)
    Tenure.objects.filter(person=town.robin).update(starts=yesterday, ends=yesterday)
    assert (
        "Kontot hos Mastodon" in client.get(leaving).content.decode()
    )  # Robin has left and knows it no more
    assert client.get(f"/desk/platser/{town.school_mailbox.pk}/inloggning/{login.pk}/").status_code == 404


def test_a_deputy_has_the_same_swedish_word_as_on_the_list_of_places() -> None:
    with override("sv"):
        said = [gettext("has no deputy"), gettext("places, as deputy")]
        said.append(gettext("The place then lacks its deputy: name one."))
    assert all("ersättare" in one for one in said)
