"""Log-in: by address and password, a second factor where the role asks for it, and no other door."""

from __future__ import annotations

import datetime as dt
import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gensvar.answers.models import Delivery
from gensvar.core import clock, runner
from gensvar.core.models import User
from gensvar.core.roles import Role
from gensvar.desk.counting import LogInsShared
from gensvar.desk.models import LogInCount
from gensvar.desk.tests.scene import Town
from gensvar.people.tests.factories import user_of

pytestmark = pytest.mark.django_db


def log_in(client: Client, email: str, password: str = "secret") -> str:
    answer = client.post("/konto/login/", {"login": email, "password": password}, follow=True)
    return str(answer.request["PATH_INFO"])


def test_one_logs_in_with_ones_address_in_any_case_and_lands_in_the_inbox(town: Town) -> None:
    assert log_in(Client(), "Kim@Norrvik.example") == "/desk/inkorg/"
    assert log_in(Client(), "kim@norrvik.example", "wrong") == "/konto/login/"


def test_ended_access_does_not_log_in(town: Town) -> None:
    User.objects.filter(email="kim@norrvik.example").update(access_until="2020-01-01")
    assert log_in(Client(), "kim@norrvik.example") == "/konto/login/"


def test_guessing_is_slowed_down(town: Town) -> None:
    client = Client()
    for _ in range(6):
        page = client.post("/konto/login/", {"login": "kim@norrvik.example", "password": "wrong"})
        cache.clear()  # as in another process, or in this one begun anew
    assert log_in(client, "kim@norrvik.example") == "/konto/login/"
    assert "kim@" not in str(LogInCount.objects.values())
    assert page.status_code in {200, 429}


@pytest.mark.parametrize("address", ["/desk/login/", "/_util/login/", "/desk/password_reset/"])
def test_wagtails_own_doors_lead_to_ours(address: str) -> None:
    assert Client().get(address)["Location"].startswith("/konto/")


@pytest.mark.parametrize(
    "address", ["/konto/signup/", "/konto/email/", "/konto/confirm-email/x/", "/konto/login/code/confirm/"]
)
def test_nobody_signs_up_or_changes_an_address_alone(address: str) -> None:
    assert Client().get(address).status_code == 404


def test_logging_out_closes_the_desk(town: Town) -> None:
    client = Client()
    log_in(client, "kim@norrvik.example")
    client.post("/desk/logout/")
    assert client.get("/desk/inkorg/").status_code == 302


def test_a_forgotten_password_is_mended_by_a_link_in_the_outbox(town: Town) -> None:
    client = Client()
    client.post("/konto/password/reset/", {"email": "kim@norrvik.example"}, headers={"host": "localhost"})
    runner.run_waiting(network=False)
    mail = Delivery.objects.get()
    assert (mail.kind, mail.recipient, mail.subject) == (
        "notice",
        "kim@norrvik.example",
        "Välj ett nytt lösenord",
    )
    link = re.search(r"http\S+", mail.text)
    assert link is not None
    assert "localhost" not in link[0]  # our own address, whatever host the request named
    form = client.get(link[0][link[0].index("/konto/") :], follow=True)
    new = {"password1": "en helt ny mening", "password2": "en helt ny mening"}
    client.post(form.redirect_chain[-1][0], new)
    assert log_in(Client(), "kim@norrvik.example", "en helt ny mening") == "/desk/inkorg/"
    again = Client().get(link[0][link[0].index("/konto/") :], follow=True).content.decode()
    assert "Länken gäller inte längre" in again


def test_a_stranger_learns_nothing_from_the_reset_form(town: Town) -> None:
    answers, statements = [], []
    for address in ("kim@norrvik.example", "nobody@example.org"):
        with CaptureQueriesContext(connection) as asked:
            answers.append(Client().post("/konto/password/reset/", {"email": address}, follow=True))
        statements.append([query["sql"].split('"')[0] for query in asked])
    known, unknown = answers
    assert known.redirect_chain == unknown.redirect_chain
    assert known.content.replace(b"kim@norrvik.example", b"") == unknown.content.replace(
        b"nobody@example.org", b""
    )
    assert statements[0] == statements[1], "what differs is done later: the clock tells nothing either"
    assert not Delivery.objects.exists()
    runner.run_waiting(network=False)
    assert Delivery.objects.get().recipient == "kim@norrvik.example"


def test_roles_that_see_much_need_a_second_factor(town: Town, settings: object) -> None:
    settings.GENSVAR_REQUIRE_MFA = True  # type: ignore[attr-defined]
    for role in (Role.ADMINISTRATOR, Role.COORDINATOR, Role.REGISTRAR):
        client = Client()
        client.force_login(town.user(role))
        assert client.get("/desk/utkorg/")["Location"] == "/konto/tva-steg/totp/activate/"
        assert client.get("/desk/pages/")["Location"] == "/konto/tva-steg/totp/activate/"
    for role in (Role.ANSWERER, Role.EDITOR, Role.EXTERNAL):
        client = Client()
        client.force_login(town.user(role))
        assert client.get("/desk/inkorg/").status_code == 200


def test_a_first_second_factor_is_set_up_just_after_the_log_in_without_the_password_again(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, activate = Client(), "/konto/tva-steg/totp/activate/"
    log_in(client, "kim@norrvik.example")
    assert client.get(activate).status_code == 200
    later = time.time() + 301
    monkeypatch.setattr("gensvar.desk.accounts.time.time", lambda: later)
    assert "reauthenticate" in client.get(activate)["Location"], "somebody else may sit there by now"
    monkeypatch.undo()
    known = Authenticator.objects.create(
        user=User.objects.get(email="kim@norrvik.example"), type=Authenticator.Type.RECOVERY_CODES, data={}
    )
    Authenticator.objects.filter(pk=known.pk).update(created_at=clock.now() - dt.timedelta(days=1))
    assert "reauthenticate" in client.get(activate)["Location"], "to change one asks for it"


def test_with_a_second_factor_the_password_alone_opens_nothing(town: Town, settings: object) -> None:
    settings.GENSVAR_REQUIRE_MFA = True  # type: ignore[attr-defined]
    user = town.user(Role.COORDINATOR)
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    assert secret not in str(Authenticator.objects.get(type="totp").data)  # sealed in the database
    client = Client()
    assert log_in(client, user.email) == "/konto/tva-steg/authenticate/"
    assert client.get("/desk/inkorg/").status_code == 302
    counter = next(iter(yield_hotp_counters_from_time()))
    code = {"code": format_hotp_value(hotp_value(secret, counter))}
    client.post("/konto/tva-steg/authenticate/", code)
    assert client.get("/desk/inkorg/").status_code == 200

    cache.clear()  # as in another process: there too that code has been used
    client = Client()
    log_in(client, user.email)
    client.post("/konto/tva-steg/authenticate/", code)
    assert client.get("/desk/inkorg/").status_code == 302


def test_what_is_counted_at_the_log_in_is_one_for_all_and_runs_out() -> None:
    ours, theirs = LogInsShared("a", {}), LogInsShared("b", {})
    ours.set("mine", 1)
    assert theirs.get("mine") is None

    assert ours.add("allauth.code", "y", timeout=30)
    assert not theirs.add("allauth.code", "n", timeout=30)
    theirs.set("allauth:rl", [2.5, 1.0], 60)
    assert ours.get("allauth:rl") == [2.5, 1.0]
    with clock.moved(dt.timedelta(seconds=31)):
        assert ours.get("allauth.code") is None
        assert theirs.add("allauth.code", "n")
        assert not ours.add("allauth.code", "y")
        assert (ours.delete("allauth:rl"), theirs.delete("allauth:rl")) == (True, False)
        assert theirs.get("allauth:rl", "none") == "none"
    with clock.moved(dt.timedelta(days=1)):
        ours.set("allauth:rl", [])
    assert LogInCount.objects.count() == 1  # what had run out is gone


def test_each_person_is_met_in_their_own_language(town: Town) -> None:
    client = Client()
    client.force_login(user_of(town.kim))
    page = client.get("/desk/inkorg/").content.decode()
    assert 'lang="sv"' in page
    assert "Inkorg" in page
    User.objects.filter(email="kim@norrvik.example").update(language="en")
    page = client.get("/desk/inkorg/").content.decode()
    assert 'lang="en"' in page
    assert "Inbox" in page
    assert '"Account"' in page  # Wagtail's own words agree


def test_the_account_page_changes_language_and_turns_keys_off(town: Town) -> None:
    client = Client()
    client.force_login(user_of(town.kim))
    page = client.get("/desk/account/").content.decode()
    assert "language-language" in page
    assert "locale-preferred_language" not in page
    fields = {
        "name_email-first_name": "Kim",
        "name_email-last_name": "Ek",
        "language-language": "en",
        "theme-theme": "system",
        "theme-contrast": "system",
        "theme-density": "default",
    }
    assert client.post("/desk/account/", fields).status_code == 302
    assert user_of(town.kim).language == "en"
    page = client.get("/desk/inkorg/").content.decode()
    assert '"KEYBOARD_SHORTCUTS_ENABLED": false' in page
