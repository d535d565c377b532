"""Administration: functions, persons, log-ins, places and days, by plain forms and the services of their rooms."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils.translation import override

from gensvar.answers.models import Delivery
from gensvar.contactpoints.models import ContactPoint
from gensvar.contract.addresses import TOKEN
from gensvar.core import clock, runner, times
from gensvar.core.models import User
from gensvar.core.roles import Role
from gensvar.core.seals import seal
from gensvar.desk.second_factor import PURPOSE
from gensvar.desk.tests.scene import Town, logged_in, question
from gensvar.people.models import Function, Person
from gensvar.people.tests.factories import user_of
from gensvar.publishing import short_links
from gensvar.publishing.models import ShortLink
from gensvar.routing.models import SpecialDay, WorkingWeek

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(town: Town) -> Client:
    return logged_in(town.by_role[Role.ADMINISTRATOR])


def send(client: Client, where: str, /, **data: object) -> str:
    return client.post(where, data, follow=True).content.decode()


def test_a_function_is_made_and_changed(admin: Client, town: Town) -> None:
    page = send(admin, "/desk/funktioner/ny/", name="Kultur", slug="kultur", active="on")
    assert "Kultur är sparad" in page
    kultur = Function.objects.get(slug="kultur")
    send(admin, f"/desk/funktioner/{kultur.pk}/", name="Kultur & fritid", slug="kultur", active="on")
    kultur.refresh_from_db()
    assert kultur.name == "Kultur & fritid"


def test_a_new_colleague_gets_a_function_a_log_in_and_a_link_that_sets_the_password(
    admin: Client, town: Town
) -> None:
    send(admin, "/desk/personer/ny/", name="Alva Ny", title="trädgårdsmästare", active="on")
    alva = Person.objects.get(name="Alva Ny")
    page = f"/desk/personer/{alva.pk}/"
    today = clock.today().isoformat()
    assert f'name="starts" value="{today}"' in admin.get(page).content.decode()
    send(admin, page, act="tenure", function=town.streets.pk, kind="employee", starts=today)
    shown = send(
        admin, page, act="login", email="alva@norrvik.example", roles=[Role.ANSWERER.value], language="sv"
    )
    assert "på väg till alva@norrvik.example" in shown
    user = User.objects.get(email="alva@norrvik.example")
    assert user.roles == {Role.ANSWERER}
    mail = Delivery.objects.get(recipient="alva@norrvik.example")
    link = re.search(r"https?://\S+/konto/password/reset/key/\S+", mail.text)
    assert link is not None
    stranger = Client()
    form = stranger.get(link[0][link[0].index("/konto/") :], follow=True)
    assert "Välj ett lösenord" in form.content.decode()
    new = {"password1": "gräsklippare i skymning", "password2": "gräsklippare i skymning"}
    assert stranger.post(form.redirect_chain[-1][0], new, follow=True).status_code == 200
    assert stranger.login(email="alva@norrvik.example", password="gräsklippare i skymning")
    assert stranger.get("/desk/inkorg/").status_code == 200


def test_who_lost_the_app_with_the_codes_begins_anew_by_another_administrators_hand_and_nobody_by_their_own(
    admin: Client, town: Town
) -> None:
    kim, me = user_of(town.kim), town.user(Role.ADMINISTRATOR)
    here = logged_in(town.kim)
    for user in (kim, me):
        Authenticator.objects.create(
            user=user, type=Authenticator.Type.TOTP, data={"secret": seal("x", PURPOSE)}
        )
    send(admin, f"/desk/personer/{town.kim.pk}/", act="begin-anew")
    assert not Authenticator.objects.filter(user=kim).exists()
    assert here.get("/desk/inkorg/").status_code == 302, "the session goes on"
    assert "/password/reset/key/" in Delivery.objects.get(recipient=kim.email).text

    own = f"/desk/personer/{town.by_role[Role.ADMINISTRATOR].pk}/"
    assert "begin-anew" not in admin.get(own).content.decode()
    assert "en annan administratör" in send(admin, own, act="begin-anew")


def test_the_secret_link_is_shown_to_nobody_but_in_the_demo(
    admin: Client, town: Town, settings: object
) -> None:
    send(admin, f"/desk/personer/{town.kim.pk}/", act="invite")
    mail = Delivery.objects.get(recipient="kim@norrvik.example")
    listed = admin.get("/desk/utkorg/").content.decode()
    assert "kim@norrvik.example" in listed
    assert "hemlig länk" in listed
    assert "/password/reset/" not in listed
    assert admin.get(f"/desk/utkorg/{mail.pk}/").status_code == 403
    settings.GENSVAR_DEMO = True  # type: ignore[attr-defined]
    assert "/password/reset/" in admin.get(f"/desk/utkorg/{mail.pk}/").content.decode()


def test_the_outbox_shows_words_only_to_who_reads_the_conversation_and_never_a_private_link(
    admin: Client, town: Town
) -> None:
    asked = question(town.mailbox)
    client = logged_in(town.kim)
    client.post(
        f"/desk/inkorg/{asked.number}/skriv/", {"kind": "answer", "text": "Vi plogar.", "act": "send"}
    )
    with clock.moved(dt.timedelta(minutes=1)):
        runner.run_waiting()
    listed = admin.get("/desk/utkorg/").content.decode()
    assert "Snöröjning" not in listed
    assert "någon på example.org" in listed
    assert "anna@" not in listed.lower()
    assert "Anna" not in listed
    answer = Delivery.objects.get(kind="answer")
    assert admin.get(f"/desk/utkorg/{answer.pk}/").status_code == 403
    page = logged_in(town.by_role[Role.COORDINATOR]).get(f"/desk/utkorg/{answer.pk}/").content.decode()
    assert "Vi plogar." in page
    assert answer.raw_size
    assert not TOKEN.search(page)


def test_roles_and_the_end_of_access_change_at_once(admin: Client, town: Town) -> None:
    page = f"/desk/personer/{town.kim.pk}/"
    today, yesterday = clock.today(), (clock.today() - dt.timedelta(days=1)).isoformat()
    assert "Din inloggning gäller" not in logged_in(town.kim).get("/desk/inkorg/").content.decode()
    send(admin, page, act="access", roles=["editor"], language="sv", until=today.isoformat(), active="on")
    told = f"Din inloggning gäller till och med {times.day(today)}."
    with override("sv"):
        assert told in logged_in(town.kim).get("/desk/inkorg/").content.decode()
    send(admin, page, act="access", roles=[Role.EDITOR.value], language="en", until=yesterday, active="on")
    kim = user_of(town.kim)
    assert kim.roles == {Role.EDITOR}
    assert kim.language == "en"
    assert not kim.has_access


def test_whoever_is_external_holds_no_other_role(admin: Client, town: Town) -> None:
    """Wagtail's reviews and snippets ask each group for itself, so a role that counts for nothing must not be held."""
    both = [Role.EXTERNAL.value, Role.EDITOR.value]
    page = send(admin, f"/desk/personer/{town.kim.pk}/", act="access", roles=both, language="sv", active="on")
    assert "Den som är extern har ingen annan roll." in page
    assert user_of(town.kim).roles == {Role.ANSWERER}


def test_what_the_last_one_holds_cannot_be_given_up(admin: Client, town: Town) -> None:
    last = town.by_role[Role.ADMINISTRATOR]
    page = send(
        admin,
        f"/desk/personer/{last.pk}/",
        act="access",
        roles=[Role.ANSWERER.value],
        language="sv",
        active="on",
    )
    assert 'role="alert"' in page
    assert user_of(last).roles == {Role.ADMINISTRATOR}
    page = send(
        admin, f"/desk/funktioner/{town.office.pk}/", name="Kansli", slug=town.office.slug, active="on"
    )
    assert 'role="alert"' in page
    town.office.refresh_from_db()
    assert town.office.coordinates


def test_tenures_end_and_a_persons_page_leads_to_their_absences(admin: Client, town: Town) -> None:
    page = f"/desk/personer/{town.kim.pk}/"
    tenure = town.kim.tenures.get()
    send(admin, page, act="end-tenure", tenure=tenure.pk, ends=clock.today().isoformat())
    tenure.refresh_from_db()
    assert tenure.ends == clock.today()
    assert f'href="/desk/franvaro/vilka/{town.kim.pk}/"' in admin.get(page).content.decode()


def test_a_last_day_can_be_mended_until_it_has_passed(admin: Client, town: Town) -> None:
    page = f"/desk/personer/{town.kim.pk}/"
    tenure = town.kim.tenures.get()
    mistyped, meant = (clock.today() + dt.timedelta(days=days) for days in (3, 13))
    seen = send(admin, page, act="end-tenure", tenure=tenure.pk, ends=mistyped.isoformat())
    assert f'name="ends" required value="{mistyped.isoformat()}"' in seen
    assert "Ändra sista dagen" in seen
    send(admin, page, act="end-tenure", tenure=tenure.pk, ends=meant.isoformat())
    tenure.refresh_from_db()
    assert tenure.ends == meant
    tenure.ends = clock.today() - dt.timedelta(days=1)
    tenure.save()
    assert 'value="end-tenure"' not in admin.get(page).content.decode()


def test_a_place_opens_with_the_warnings_it_deserves(admin: Client, town: Town) -> None:
    fields = {
        "channel": "email",
        "address": "Park@Norrvik.example",
        "name": "Parkerna",
        "purpose": "Om träd",
        "function": town.streets.pk,
        "state": "live",
        "place": "dialogue",
        "languages": "sv",
        "answer_within": 5,
    }
    page = send(admin, "/desk/platser/ny/", **fields)
    assert "Utse en ägare innan platsen öppnar" in page
    assert "Säg vad platsen är till för" in send(admin, "/desk/platser/ny/", **fields | {"purpose": ""})
    fields |= {
        "owner": town.kim.pk,
        "deputy": town.kim.pk,
        "notice": "Det här gäller.",
        "archiving": "E-arkivet",
    }
    page = send(admin, "/desk/platser/ny/", **fields | {"notice": ""})
    assert "Skriv vad som gäller här innan platsen öppnar" in page
    assert not ContactPoint.objects.filter(name="Parkerna").exists()
    page = send(admin, "/desk/platser/ny/", **fields)
    assert "Parkerna är sparad" in page
    point = ContactPoint.objects.get(name="Parkerna")
    assert short_links.code_of(ShortLink.Kind.PLACE, str(point.pk))
    assert point.address == "park@norrvik.example"
    page = send(admin, f"/desk/platser/{point.pk}/", **fields | {"address": "ingen adress"})
    assert 'role="alert"' in page
    send(admin, f"/desk/platser/{point.pk}/", **fields | {"address": "parker@norrvik.example"})
    page = admin.get(f"/desk/platser/{point.pk}/").content.decode()
    assert "Ta inte emot mer på park@norrvik.example" in page
    former = point.former_addresses.get()
    page = send(admin, f"/desk/platser/{point.pk}/tidigare/{former.pk}/")
    assert "Adresser som den hade förut" not in page
    ContactPoint.objects.filter(pk=point.pk).update(owner=None, deputy=None)
    listed = admin.get("/desk/platser/").content.decode()
    assert "saknar ägare och ersättare" in listed
    ContactPoint.objects.filter(pk=point.pk).update(owner=town.kim, deputy=town.kim, notice="")
    assert "Skriv vad som gäller här innan platsen öppnar" in admin.get("/desk/platser/").content.decode()


def test_the_week_and_the_special_days(admin: Client) -> None:
    send(admin, "/desk/arbetsdagar/", act="week", monday="on", tuesday="on", day_ends="15:30")
    week = WorkingWeek.objects.get()
    assert (week.monday, week.friday, week.day_ends) == (True, False, dt.time(15, 30))
    day = (clock.today() + dt.timedelta(days=1)).isoformat()
    assert "Stängt" in send(admin, "/desk/arbetsdagar/", act="day", date=day, name="Stängt för flytt")
    send(admin, "/desk/arbetsdagar/", act="day", date=day, name="Flytt", worked="on")
    special = SpecialDay.objects.get(date=day)
    assert (special.name, special.worked) == ("Flytt", True)
    send(admin, "/desk/arbetsdagar/", act="remove", day=special.pk)
    assert not SpecialDay.objects.filter(date=day).exists()
