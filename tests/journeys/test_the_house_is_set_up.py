"""An administrator sets up a function with its person, address and days; the new colleague comes in by mail, password and code."""

from __future__ import annotations

import base64
import datetime as dt
import hmac
import re
import smtplib
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from gensvar.answers.tests.sink import Sink, Taken
from gensvar.core import clock
from gensvar.core.roles import Role
from gensvar.desk.tests.scene import make_town
from tests.faults.town import Town
from tests.journeys import cast
from tests.journeys.steps import log_in, mail_to
from tests.looks import Look

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django import Settings

    from tests.browser import Violation

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

ALVA = "alva@norrvik.example"
CULTURE = "kultur@norrvik.example"
FIRST, SECOND = "gräsklippare i skymning", "en ny sommar vid sjön"
SIZES = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 360, "height": 740}}

# What comes from Wagtail's own shell, by rule and element; nothing else is excused.
WAGTAIL: set[tuple[str, str]] = set()


@pytest.fixture
def manners(manners: dict[str, str]) -> dict[str, str]:
    return manners | {"GENSVAR_REQUIRE_MFA": "1"}


@dataclass
class App:
    """An authenticator app (RFC 6238): a code is good for 30 seconds and once; its neighbours in time are good too."""

    secret: str
    used: set[str] = field(default_factory=set)

    def code(self) -> str:
        now = int(time.time()) // 30
        codes = [self._at(now + step) for step in (0, 1, -1)]
        code = next(code for code in codes if code not in self.used)
        self.used.add(code)
        return code

    def _at(self, counter: int) -> str:
        digest = hmac.digest(base64.b32decode(self.secret), counter.to_bytes(8, "big"), "sha1")
        place = digest[-1] & 15
        return f"{(int.from_bytes(digest[place : place + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06}"


def sets_up_second_factor(page: Page) -> App:
    """The page that stands before the desk until there is a second factor; just after the log-in it asks for no password."""
    page.get_by_text("Din roll behöver tvåstegsinloggning").wait_for()
    return switches_on(page)


def switches_on(page: Page) -> App:
    page.locator(".desk-secret").wait_for()
    app = App(page.locator(".desk-secret").inner_text())
    page.locator("input[name=code]").fill(app.code())
    page.get_by_role("button", name="Slå på").click()
    page.wait_for_url(lambda url: "activate" not in url)
    return app


def comes_in(page: Page, email: str, password: str, app: App) -> None:
    """Password and code, and the desk is open."""
    log_in(page, email, password)
    page.locator("input[name=code]").fill(app.code())
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/desk/" in url.partition("?")[0])


def secret_link(mail: Taken) -> str:
    found = re.search(r"https?://\S+/konto/password/reset/key/\S+", mail.text)
    assert found is not None
    return found[0]


def chooses_password(page: Page, link: str, password: str) -> None:
    page.goto(link)
    page.locator("input[name=password1]").fill(password)
    page.locator("input[name=password2]").fill(password)
    page.get_by_role("button", name="Spara lösenordet").click()
    page.wait_for_url(re.compile("/done/"))


def makes_function(page: Page) -> None:
    page.goto("/desk/funktioner/")
    page.get_by_role("link", name="Ny funktion").click()
    page.locator("#id_name").fill("Kultur")
    page.locator("#id_slug").fill("kultur")
    page.get_by_role("button", name="Spara").click()
    page.get_by_text("Kultur är sparad").wait_for()


def makes_person(page: Page) -> None:
    """Alva, who holds the function from today and may see much: so she needs a second factor."""
    page.goto("/desk/personer/")
    page.get_by_role("link", name="Ny person").click()
    page.locator("#id_name").fill("Alva Ny")
    page.locator("#id_title").fill("kulturchef")
    page.get_by_role("button", name="Spara").click()
    page.get_by_role("heading", name="Alva Ny").wait_for()
    holds_culture(page)
    page.locator("#login_email").fill(ALVA)
    page.locator("input[name=roles][value=coordinator]").check()
    page.get_by_role("button", name="Ge en inloggning").click()
    page.get_by_text(f"på väg till {ALVA}").wait_for()


def holds_culture(page: Page) -> None:
    page.locator("#tenure_function").select_option(label="Kultur")
    page.locator("#tenure_starts").fill(dt.datetime.now(tz=dt.UTC).date().isoformat())
    page.locator("form:has(#tenure_function) button[type=submit]").click()
    page.locator("li strong", has_text="Kultur").wait_for()


def ada_has_her_second_factor() -> None:
    """As Alva gets hers below. Inside the town's database."""
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    from gensvar.core.models import User

    TOTP.activate(User.objects.get(email=cast.ADMINISTRATOR), generate_totp_secret())


def kim_holds_culture() -> None:
    """As Alva was given it. Inside the town's database."""
    from gensvar.people.models import Function, Person, Tenure

    kim, culture = Person.objects.get(name="Kim Ek"), Function.objects.get(name="Kultur")
    Tenure.objects.create(person=kim, function=culture, starts=clock.today())


def opens_place(page: Page) -> None:
    """It opens with owner and deputy, who both hold the function, so nothing is warned of."""
    page.goto("/desk/platser/")
    page.get_by_role("link", name="Ny plats").click()
    page.locator("#id_channel").select_option("email")
    page.locator("#id_address").fill("Kultur@Norrvik.example")
    page.locator("#id_name").fill("Kulturen")
    page.locator("#id_function").select_option(label="Kultur")
    page.locator("#id_owner").select_option(label="Alva Ny")
    page.locator("#id_deputy").select_option(label="Kim Ek")
    page.locator("#id_state").select_option("live")
    page.locator("#id_purpose").fill("Frågor om bibliotek och fester")
    page.locator("#id_notice").fill("Det du skriver blir en allmän handling.")
    page.locator("#id_archiving").fill("Bevaras i e-arkivet.")
    page.get_by_role("button", name="Spara").click()
    page.get_by_text("Kulturen är sparad").wait_for()
    expect(page.locator(".desk-flash li.warning")).to_have_count(0)
    page.get_by_role("link", name="Kulturen").click()
    page.get_by_role("link", name="Inställningar").click()
    page.locator("#setting_sender_name").fill("Norrviks kultur")
    page.get_by_role("button", name="Spara").click()
    page.get_by_text("Sparat. Det gäller").wait_for()
    page.get_by_role("button", name="Kontrollera nu").click()
    page.get_by_text("Allt är bra med det som är sparat").wait_for()


def marks_a_day(page: Page) -> None:
    """A Saturday that is worked."""
    page.goto("/desk/arbetsdagar/")
    page.locator("#day_date").fill(f"{clock.today().year + 1}-10-09")
    page.locator("#day_name").fill("Öppet hus")
    page.locator("#day_worked").check()
    page.get_by_role("button", name="Lägg till dagen").click()
    page.get_by_role("button", name="Ta bort Öppet hus").wait_for()
    expect(page.locator("li", has_text="Öppet hus")).to_contain_text("arbetsdag")


def writes_to_culture(town: Town) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"] = "Anna <anna@post.example>", CULTURE
    mail["Subject"], mail["Message-ID"] = "Bokbussen", "<buss@post.example>"
    mail.set_content("När kommer bokbussen till Näset?\n")
    with smtplib.SMTP("127.0.0.1", town.smtp_port, timeout=60) as server:
        server.send_message(mail)


def logs_out(page: Page) -> None:
    page.goto("/konto/logout/")
    page.get_by_role("button", name="Logga ut").click()
    page.locator("input[name=login]").wait_for()
    page.goto("/desk/inkorg/")
    expect(page).to_have_url(re.compile("/konto/login/"))


def forgets_password(page: Page) -> None:
    page.goto("/konto/login/")
    page.get_by_role("link", name=re.compile("lösenord", re.IGNORECASE)).first.click()
    page.locator("input[name=email]").fill(ALVA)
    page.locator("input[name=email]").press("Enter")
    page.wait_for_url(re.compile("/done/"))


def test_an_administrator_sets_up_the_house_and_a_new_colleague_comes_in(
    town: Town,
    sink: Sink,
    visit: Callable[..., Page],
    at_desk: Callable[..., Page],
    in_town: Callable[[], AbstractContextManager[None]],
) -> None:
    with in_town():
        ada_has_her_second_factor()
    ada = at_desk(cast.ADMINISTRATOR)
    makes_function(ada)
    makes_person(ada)
    with in_town():
        kim_holds_culture()
    opens_place(ada)
    marks_a_day(ada)

    alva = visit()
    link = secret_link(mail_to(sink, ALVA))
    chooses_password(alva, link, FIRST)
    log_in(alva, ALVA, FIRST)
    app = sets_up_second_factor(alva)
    writes_to_culture(town)
    alva.goto("/desk/inkorg/?queue=functions")
    alva.get_by_role("link", name=re.compile("Bokbussen")).first.wait_for()
    logs_out(alva)

    before = len(sink.to(ALVA))
    forgets_password(alva)
    again = secret_link(mail_to(sink, ALVA, before))
    assert again != link
    chooses_password(alva, again, SECOND)
    comes_in(alva, ALVA, SECOND, app)
    stale = visit()
    stale.goto(link)
    stale.get_by_role("heading", name="Länken gäller inte längre").wait_for()


# The lists themselves are judged where more stands in them: `test_everyone_can_use_every_screen` in the desk's room.
# Of a new thing's form all is in the form of one that is there, or that is refused.
SCREENS = (
    "/desk/funktioner/{function}/",
    "/desk/personer/{person}/",
    "/desk/platser/{place}/",
    "/konto/tva-steg/",
    "/konto/tva-steg/recovery-codes/",
    "/konto/password/change/",
    "/konto/logout/",
)


def faults_of(page: Page, axe: Callable[..., list[Violation]]) -> list[str]:
    """What axe-core finds beside Wagtail's own, on a desktop in light and on a phone in dark, and whether the page is wider."""
    found = [
        f"{one.look} {one.rule} {one.html}"
        for one in axe(page, at=(Look("light"), Look("dark", SIZES["phone"]["width"])))
        if (one.rule, one.element) not in WAGTAIL
    ]
    for size in (SIZES["phone"], SIZES["desktop"]):
        page.set_viewport_size({"width": size["width"], "height": size["height"]})
        wide, width = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        found += [f"{wide} pixels wide, more than {width}"] if wide > width else []
    return found


@pytest.mark.django_db(transaction=True)
def test_everyone_can_use_every_screen_of_administration(
    enter: Callable[..., Page], axe: Callable[..., list[Violation]], sink: Sink, settings: Settings
) -> None:
    settings.GENSVAR_REQUIRE_MFA = True
    settings.GENSVAR_MAIL_OUT = sink.url
    house = make_town()
    page = enter(house.user(Role.ADMINISTRATOR))
    page.goto("/desk/")
    page.locator("input[name=password]").wait_for()
    found = {"the password once more": faults_of(page, axe)}
    page.locator("input[name=password]").fill("secret")
    page.keyboard.press("Enter")
    page.locator(".desk-secret").wait_for()
    found["a second factor"] = faults_of(page, axe)
    switches_on(page)
    for screen in SCREENS:
        address = screen.format(function=house.streets.pk, person=house.kim.pk, place=house.mailbox.pk)
        answer = page.goto(address)
        assert answer is not None
        assert answer.ok, address
        found[address] = faults_of(page, axe)
    page.goto(f"/desk/platser/{house.mailbox.pk}/kanal/")
    page.locator("#setting_port").fill("0")
    page.get_by_role("button", name="Spara").click()
    page.locator("[role=alert]").wait_for()
    found["a refused setting"] = faults_of(page, axe)
    page.get_by_role("button", name="Kontrollera nu").click()
    page.get_by_text("Allt är bra").wait_for()
    found["a checked setting"] = faults_of(page, axe)
    page.goto("/desk/platser/ny/")
    page.get_by_role("button", name="Spara").click()
    page.locator("[role=alert]").first.wait_for()
    found["a refused place"] = faults_of(page, axe)
    assert {where: what for where, what in found.items() if what} == {}
