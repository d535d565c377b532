"""One page edits the settings of every channel, also of one that this package has never heard of; secrets only go in."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from gensvar.contactpoints.models import ContactPoint
from gensvar.contactpoints.own_settings import check_channel, save_channel_settings
from gensvar.contactpoints.queries import channel_settings
from gensvar.contactpoints.tests.factories import make_contact_point
from gensvar.contract.settings import setting, settings_of
from gensvar.contract.testing import ChannelContract
from gensvar.core.access import NotAllowed
from gensvar.core.models import AuditEntry
from gensvar.core.roles import Role
from gensvar.desk.tests.pigeon import PigeonChannel, installed
from gensvar.desk.tests.scene import Town, logged_in
from gensvar.people.tests.factories import user_of

pytestmark = pytest.mark.django_db

SECRET = "trumpetstöten vid sjön"
FIELDS = {
    "loft": "tower",
    "pigeons": "3",
    "feed": "none",
    "wind": "south",
    "height": "",
    "secret:whistle": "",
}


class TestPigeon(ChannelContract):
    channel = PigeonChannel()
    address = "Kim"


@pytest.fixture
def admin(town: Town) -> Client:
    return logged_in(town.by_role[Role.ADMINISTRATOR])


@pytest.fixture
def loft(town: Town, tmp_path: Path) -> Iterator[ContactPoint]:
    with installed("pigeon", "gensvar.desk.tests.pigeon:PigeonChannel", tmp_path):
        yield make_contact_point(town.streets, channel="pigeon", address="loft")


def address(point: ContactPoint) -> str:
    return f"/desk/platser/{point.pk}/kanal/"


def save(client: Client, point: ContactPoint, **fields: str) -> str:
    fields = {"secret:whistle" if name == "whistle" else name: value for name, value in fields.items()}
    data = FIELDS | fields | {"act": "save"}
    page = client.post(address(point), data, follow=True).content.decode()
    point.refresh_from_db()
    return page


def check(client: Client, point: ContactPoint) -> str:
    return client.post(address(point), {"act": "check"}).content.decode()


def test_the_place_leads_to_the_settings_of_its_mail_server(admin: Client, town: Town) -> None:
    place = f"/desk/platser/{town.mailbox.pk}/"
    assert address(town.mailbox) in admin.get(place).content.decode()
    assert address(town.mailbox) not in logged_in(town.by_role[Role.COORDINATOR]).get(place).content.decode()
    page = admin.get(address(town.mailbox)).content.decode()
    for words in ("Mejlserver", "Port", "Säkerhet", "Kontrollera nu", "STARTTLS"):
        assert words in page
    fields = {"act": "save", "host": "mail.norrvik.example", "port": "465", "security": "tls"}
    assert "Sparat" in admin.post(address(town.mailbox), fields, follow=True).content.decode()
    town.mailbox.refresh_from_db()
    made = channel_settings(town.mailbox)
    assert (made.host, made.port, made.security) == ("mail.norrvik.example", 465, "tls")


@pytest.mark.parametrize(
    ("field", "value"),
    [("host", "a b"), ("port", "99999"), ("port", "sju"), ("password_variable", "hunter2")],
)
def test_what_cannot_be_is_said_beside_its_field(admin: Client, town: Town, field: str, value: str) -> None:
    data = {"act": "save", "host": "", "port": "587", "security": "tls", field: value}
    page = admin.post(address(town.mailbox), data).content.decode()
    beside = re.search(rf'<div class="desk-field"><label for="setting_{field}">.*?</div>', page, re.DOTALL)
    assert beside is not None
    assert 'role="alert"' in beside[0]
    assert 'aria-invalid="true"' in beside[0]
    town.mailbox.refresh_from_db()
    assert town.mailbox.settings == {}


def test_a_channel_of_another_package_gets_its_form_without_a_change(
    admin: Client, loft: ContactPoint
) -> None:
    page = admin.get(address(loft)).content.decode()
    for words in ("Platser", "Where they sleep.", "Pigeons", 'type="number"', 'type="checkbox"', "Corn"):
        assert words in page
    assert "Sparat" in save(admin, loft)
    made = channel_settings(loft)
    assert (made.loft, made.pigeons, made.fast, made.feed, made.wind, made.height, made.whistle) == (
        *("tower", 3, False, "none", "south", None, ""),
    )
    save(admin, loft, fast="on", height="2.5")
    assert (channel_settings(loft).fast, channel_settings(loft).height) == (True, 2.5)
    assert "At least one pigeon" in save(admin, loft, pigeons="0")
    assert "Nobody sleeps in the feed." in save(admin, loft, loft="none")
    assert channel_settings(loft).pigeons == 3


def test_the_channel_in_memory_needs_no_words_for_its_form(admin: Client, town: Town, tmp_path: Path) -> None:
    with installed("memory", "gensvar.contract.testing:MemoryChannel", tmp_path):
        point = make_contact_point(town.streets, channel="memory", address="minne")
        assert ">Note</label>" in admin.get(address(point)).content.decode()
        save(admin, point, note="Hej")
        assert channel_settings(point).note == "Hej"
        assert "Memory" in admin.get("/desk/platser/").content.decode()
        assert "Allt är bra" in check(admin, point)


def test_a_form_without_settings_says_so_and_a_lost_channel_is_not_there(admin: Client, town: Town) -> None:
    form = make_contact_point(town.office, channel="web", address="skriv")
    assert "inget att ställa in" in admin.get(address(form)).content.decode()
    lost = make_contact_point(town.office, channel="fax", address="123")
    assert admin.get(address(lost)).status_code == 404


def test_a_secret_goes_in_and_never_comes_out(
    admin: Client, loft: ContactPoint, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    pages = [save(admin, loft, whistle=SECRET), save(admin, loft, loft="far", pigeons="0", whistle=SECRET)]
    assert "Det som är hemligt visas aldrig igen" in pages[1]
    assert channel_settings(loft).whistle == SECRET
    assert SECRET not in json.dumps(loft.settings, ensure_ascii=False)
    pages += [save(admin, loft, loft="far"), admin.get(address(loft)).content.decode(), check(admin, loft)]
    assert channel_settings(loft).whistle == SECRET, "left empty it is kept"
    assert "No pigeon hears •••." in pages[-1]
    save(admin, loft, loft="broken")
    pages += [check(admin, loft), admin.get(f"/desk/platser/{loft.pk}/").content.decode()]
    assert "RuntimeError" in pages[-2]
    trail = [str(entry.details) for entry in AuditEntry.objects.filter(action="contactpoints.settings")]
    assert any("whistle" in one for one in trail)
    for said in (*pages, *trail, caplog.text, repr(channel_settings(loft))):
        assert SECRET not in said
    save(admin, loft, **{"forget:whistle": "on"})
    assert channel_settings(loft).whistle == ""
    assert "whistle" not in loft.settings


def test_a_secret_that_todays_key_cannot_open_is_as_if_it_had_not_been_given(
    admin: Client, loft: ContactPoint, settings: Any
) -> None:
    save(admin, loft, whistle=SECRET)
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another key, for another time"
    assert channel_settings(loft).whistle == ""
    settings.SECRET_KEY_FALLBACKS = [old]
    assert channel_settings(loft).whistle == SECRET


def test_the_check_says_in_words_what_is_wrong_and_what_to_do(
    admin: Client, town: Town, loft: ContactPoint, settings: Any
) -> None:
    page = check(admin, loft)
    assert "Nobody whistles &lt;b&gt;here&lt;/b&gt;." in page
    assert "Get a whistle." in page
    loft.settings = {"pigeons": 0}
    loft.save()
    assert "At least one pigeon" in check(admin, loft)
    settings.GENSVAR_MAIL_OUT = "smtp://127.0.0.1:1"
    assert "127.0.0.1:1" in check(admin, town.mailbox)
    settings.GENSVAR_MAIL_OUT = "kept"
    assert "Allt är bra" in check(admin, town.mailbox)
    assert check_channel(town.mailbox) == []


def test_it_speaks_the_readers_language(admin: Client, town: Town, loft: ContactPoint) -> None:
    assert ">ingen</option>" in admin.get(address(loft)).content.decode()
    user = user_of(town.by_role[Role.ADMINISTRATOR])
    user.language = "en"
    user.save()
    page = admin.get(address(loft)).content.decode()
    assert ">none</option>" in page
    for words in ("Does it work?", "Check now", "Save"):
        assert words in page
    assert "Mail server" in admin.get(address(town.mailbox)).content.decode()


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_only_administrators_change_settings(town: Town, loft: ContactPoint, role: Role) -> None:
    client = logged_in(town.by_role[role])
    assert client.post(address(loft), FIELDS | {"act": "save"}).status_code == 403
    with pytest.raises(NotAllowed):
        save_channel_settings(loft, {"loft": "x"}, by=user_of(town.by_role[role]))
    loft.refresh_from_db()
    assert loft.settings == {}


def test_changing_one_thing_asks_the_database_little(
    admin: Client, loft: ContactPoint, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    admin.get(address(loft))
    with django_assert_max_num_queries(13):
        admin.get(address(loft))


def test_a_kind_that_no_page_can_show_is_refused_where_the_channel_is_made() -> None:
    import dataclasses

    made = dataclasses.make_dataclass("Odd", [("doves", dict[str, str], setting(None))], frozen=True)
    with pytest.raises(TypeError, match="doves"):
        settings_of(made)
