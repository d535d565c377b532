"""All log-ins outside on one screen: who hangs on whom, said in words; added, changed and closed also where no place is ours."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

import pytest

from gensvar.contactpoints.outside_logins.models import KnowingCorrection, OutsideLogin
from gensvar.core import clock
from gensvar.core.models import AuditEntry
from gensvar.core.roles import Role
from gensvar.desk.tests.scene import Town, logged_in
from gensvar.people.models import Person, Tenure

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db
LIST = "/desk/inloggningar-utanfor/"


@pytest.fixture
def client(town: Town) -> Client:
    return logged_in(town.by_role[Role.COORDINATOR])


def known(name: str, *persons: Person, **fields: object) -> OutsideLogin:
    made = OutsideLogin.objects.create(name=name, **fields)
    made.known_by.set(persons)
    return made


def rows(client: Client) -> list[tuple[str, list[str]]]:
    """Each row of the list, as it stands: its name and its marks."""
    page = client.get(LIST).content.decode()
    found = []
    for row in page.split('<li class="desk-table-row">')[1:]:
        name = re.search(r'<strong><a href="[^"]+">([^<]+)<', row)
        marks = re.findall(r'<span class="desk-mark[^"]*">.*?</svg>([^<]+)</span>', row, re.DOTALL)
        assert name is not None
        found.append((name[1], [mark.strip() for mark in marks]))
    return found


def test_the_list_says_in_words_what_hangs_on_whom_and_puts_it_first(client: Client, town: Town) -> None:
    outsider = town.by_role[Role.EXTERNAL]
    Tenure.objects.filter(person=outsider).update(kind=Tenure.Kind.EXTERNAL, ends=clock.today())
    yesterday = clock.today() - dt.timedelta(days=1)
    Tenure.objects.filter(person=town.sam).update(starts=yesterday, ends=yesterday)
    known("A två kan", town.kim, town.robin)
    known("B en kan", town.kim, point=town.mailbox)
    known("C externa kan", outsider)
    known("D ingen kan")
    known("E stängd", ended_on=clock.today())
    known("F slutat", town.sam)
    known("G kvar hos en som slutat", town.kim, town.robin, town.sam)
    one, external = "bara en kan den", "bara externa kan den"
    assert rows(client) == [
        ("D ingen kan", ["ingen kan den"]),
        ("F slutat", ["alla som kan den har slutat"]),
        ("C externa kan", [external, one]),
        ("B en kan", [one]),
        ("G kvar hos en som slutat", ["en som har slutat kan den ännu"]),
        ("A två kan", []),
        ("E stängd", []),
    ]
    page = client.get(LIST).content.decode()
    assert "5 av 6 inloggningar" in page
    assert f'href="/desk/platser/{town.mailbox.pk}/"' in page
    assert "Sam Åberg (har slutat)" in page
    assert f"{outsider.name} (extern)" in page


def test_the_list_asks_as_much_for_many_as_for_few(
    client: Client, town: Town, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    known("Sidan", town.kim)
    client.get(LIST)
    for _round in range(2):
        with django_assert_num_queries(15):
            client.get(LIST)
        for number in range(20):
            known(f"Konto {number}", town.kim, town.sam, point=town.mailbox, witness=town.robin)


def test_one_without_a_place_is_added_changed_and_closed(client: Client, town: Town) -> None:
    tomorrow = clock.today() + dt.timedelta(days=1)
    data = {"name": "Lokalbokningen", "kind": "shared", "point": "", "known_by": [town.kim.pk]}
    page = client.post(f"{LIST}ny/", data | {"ended_on": tomorrow.isoformat()}).content.decode()
    assert not OutsideLogin.objects.exists()
    assert 'value="Lokalbokningen"' in page
    assert re.search(rf'<input type="checkbox" name="known_by" value="{town.kim.pk}"[^>]* checked', page)
    assert "Skriv aldrig ett lösenord" in page
    assert client.post(f"{LIST}ny/", data)["Location"] == LIST
    login = OutsideLogin.objects.get()
    assert (login.point, list(login.known_by.all())) == (None, [town.kim])
    assert AuditEntry.objects.filter(action="contactpoints.save_login").count() == 1
    at = f"{LIST}{login.pk}/"
    assert at in client.get(f"/desk/roster/om-de-slutar/?person={town.kim.pk}").content.decode()

    Person.objects.filter(pk=town.kim.pk).update(active=False)
    assert "Kim Ek (har slutat)" in client.get(at).content.decode()  # as long as it is not changed
    both = data | {"known_by": [town.kim.pk, town.robin.pk], "point": town.mailbox.pk, "since": "2025-03-01"}
    assert client.post(at, both | {"told_by": town.robin.pk}).status_code == 200  # nobody tells themselves
    client.post(at, both | {"told_by": town.kim.pk})
    login.refresh_from_db()
    assert login.point == town.mailbox
    assert set(login.known_by.all()) == {town.kim, town.robin}
    told = "Robin Öst (sedan 2025-03-01, från Kim Ek)"
    for place in (LIST, f"/desk/platser/{town.mailbox.pk}/"):
        assert told in client.get(place).content.decode()
    assert LIST in client.get(f"/desk/platser/{town.mailbox.pk}/").content.decode()
    login_was_corrected(client, town, login)

    today = clock.today().isoformat()
    client.post(at, data | {"known_by": [town.robin.pk], "changed_on": today, "witness": town.sam.pk})
    client.post(at, data | {"known_by": [town.robin.pk], "ended_on": today})
    login.refresh_from_db()
    assert login.ended_on == clock.today()
    assert rows(client) == [("Lokalbokningen", [])]


def login_was_corrected(client: Client, town: Town, login: OutsideLogin) -> None:
    """How Robin knows it, which was noted wrongly, and Kim, of whom nothing was noted."""
    at, today = f"{LIST}{login.pk}/", clock.today()
    robins, kims = (f"{at}kanner/{one.pk}/" for one in (town.robin, town.kim))
    assert robins in client.get(at).content.decode()
    seen = {"seen_since": "2025-03-01", "seen_told_by": town.kim.pk}
    right = {"since": "2024-03-01", "told_by": town.sam.pk, "reason": "Fel år"} | seen
    for wrong in (
        {"reason": " "},
        {"since": (today + dt.timedelta(days=1)).isoformat()},
        {"told_by": town.robin.pk},
        {"seen_told_by": town.sam.pk},  # another was faster
        {"since": "2025-03-01", "told_by": town.kim.pk},  # nothing changes
    ):
        assert client.post(robins, right | wrong).status_code == 200, wrong
    assert not KnowingCorrection.objects.exists()
    assert client.post(robins, right)["Location"] == at
    client.post(kims, {"since": "2023-05-01"})
    page = client.get(at).content.decode()
    for words in ("sedan 2024-03-01, från Sam Åberg", "sedan 2023-05-01"):
        assert words in page
    assert f'<time class="desk-date">{today}</time>' in page
    assert "var det noterat som: sedan 2025-03-01, från Kim Ek.</span> <bdi>Fel år</bdi>" in page
    assert AuditEntry.objects.filter(action="contactpoints.correct_knowing").count() == 2


def test_others_write_nothing(town: Town) -> None:
    login = known("Sidan", town.kim)
    knowing = f"{LIST}{login.pk}/kanner/{town.kim.pk}/"
    for role in (Role.ANSWERER, Role.EDITOR, Role.REGISTRAR, Role.EXTERNAL):
        other = logged_in(town.by_role[role])
        for address in (LIST, f"{LIST}ny/", f"{LIST}{login.pk}/", knowing):
            assert other.post(address, {"name": "Ny", "kind": "shared"}).status_code == 403, (role, address)
    assert OutsideLogin.objects.get().name == "Sidan"
