"""Voices and "what if they leave" in the desk: who sees whose figures, hand-computed numbers, and what falls with whom."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.utils.translation import override

from gensvar.answers.models import Delivery
from gensvar.contactpoints.models import ContactPoint
from gensvar.contactpoints.outside_logins.models import OutsideLogin
from gensvar.contactpoints.tests.factories import make_contact_point
from gensvar.conversations.models import Conversation, Message
from gensvar.core import clock
from gensvar.core.models import Topic
from gensvar.core.roles import Role
from gensvar.desk.tests.scene import logged_in, question
from gensvar.desk.voices import sentences
from gensvar.people.models import Function, Person, Tenure
from gensvar.people.tests.factories import make_function, make_person, user_of
from gensvar.voices import sums
from gensvar.voices.mending import Mending
from gensvar.voices.models import LastAnswer, SaidDay, SaidWord
from gensvar.voices.truck import TruckFactor
from tests.browser import no_wider_than

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django.live_server_helper import LiveServer

    from tests.browser import Violation

VOICES, LEAVING, SPEAK = "/desk/roster/", "/desk/roster/om-de-slutar/", "/desk/roster/vem-far-tala/"


@dataclass(frozen=True, slots=True)
class Podium:
    """Bo says 60 % of all; the consultant Axel alone answers about ice, and owns the only place."""

    streets: Function
    place: ContactPoint
    snow: Topic
    ice: Topic
    bo: Person
    kim: Person
    axel: Person
    boss: Person

    def says(self, person: Person, topic: Topic, messages: int, **more: Any) -> None:
        key = f",{topic.pk},"
        fields = {"day": clock.today(), "channel": "email", **more}
        SaidDay.objects.create(
            **fields,
            person=person,
            function=self.streets,
            contact_point=self.place,
            topics=key,
            messages=messages,
            words=messages * 10,
        )
        sums.write_all_months()
        LastAnswer.objects.update_or_create(
            contact_point=self.place, person=person, topics=key, defaults={"day": fields["day"]}
        )


def make_podium() -> Podium:
    streets, office = make_function("Gata & park"), make_function("Kommunkansliet", coordinates=True)
    bo, kim = make_person("Bo Berg", streets), make_person("Kim Ek", streets)
    until = clock.today() + dt.timedelta(days=30)
    axel = make_person("Axel Brodin", streets, kind=Tenure.Kind.EXTERNAL, until=until)
    boss = make_person("Carin Norr", office, roles=(Role.COORDINATOR,))
    place = make_contact_point(streets, address="gata@norrvik.example", name="Gatans brevlåda", owner=axel)
    snow = Topic.objects.create(slug="sno", name="Snö")
    ice = Topic.objects.create(slug="is", name="Halka")
    town = Podium(streets, place, snow, ice, bo, kim, axel, boss)
    town.says(bo, snow, 6)
    town.says(kim, snow, 2)
    town.says(axel, ice, 2)
    return town


@pytest.fixture
def town(db: None) -> Podium:
    return make_podium()


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().replace("\N{NO-BREAK SPACE}", " ").split())


def test_who_holds_it_together_reads_the_finding_first_then_names_in_their_order(town: Podium) -> None:
    question(town.place)
    page = read(logged_in(town.boss), VOICES)
    assert "60 % av det vi sade kom från en person" in page
    assert "<dd>2,3</dd>" in page  # 100 / (36 + 4 + 4)
    assert page.index(">Axel Brodin</th><td>2</td><td>20 %") < page.index(">Bo Berg</th><td>6</td><td>60 %")
    assert "1 av 1 samtal" in page
    assert "Om Bo Berg, som säger mest, slutade" in page
    words = read(logged_in(town.boss), f"{VOICES}?unit=words")
    assert "60 % av orden som vi skrev kom från en person" in words
    assert ">Bo Berg</th><td>60</td>" in words


def test_every_table_says_beside_who_speaks_how_much_is_unanswered_and_how_long_an_answer_takes(
    town: Podium,
) -> None:
    first, second = question(town.place), question(town.place)
    for one in (first, second):
        one.topics.add(town.snow)
    schools = make_function("Skola")
    Conversation.objects.filter(pk=first.pk).update(answered_at=first.opened_at + dt.timedelta(hours=5))
    Conversation.objects.filter(pk=question(town.place).pk).update(function=schools)
    Conversation.objects.filter(pk=question(town.place).pk).update(function=None, channel="web")
    page = read(logged_in(town.boss), VOICES)
    assert page.count('<th scope="col">Obesvarat</th><th scope="col">Tid till svar</th>') == 4
    streets = ">Gata &amp; park</th><td>10</td><td>100 %</td><td>2</td><td>50 %</td><td>5,0 tim</td>"
    assert streets in page
    assert ">Skola</th><td>0</td><td>0 %</td><td>1</td><td>100 %</td><td>–</td>" in page, "asked, never said"
    assert ">utan funktion</th><td>0</td><td>0 %</td><td>1</td><td>100 %</td><td>–</td>" in page
    assert (
        ">E-post</th><td>10</td><td>3</td><td>2,3</td><td>60 %</td><td>3</td><td>67 %</td><td>färre än hälften har fått svar</td>"
        in page
    )
    assert (
        ">Snö</th><td>8</td><td>2</td><td>1,6</td><td>75 %</td><td>2</td><td>50 %</td><td>5,0 tim</td>"
        in page
    )
    assert ">Halka</th><td>2</td><td>1</td><td>1,0</td><td>100 %</td><td>0</td><td>–</td><td>–</td>" in page
    assert ">utan ämne</th><td>0</td><td>0</td><td>–</td><td>–</td><td>2</td><td>100 %</td><td>–</td>" in page
    month = ">10</td><td>3</td><td>2,3</td><td>60 %</td><td>4</td><td>75 %</td><td>färre än hälften har fått svar</td>"
    assert month in page, "the month"
    assert "<dd>färre än hälften har fått svar</dd>" in page


def test_known_recipients_are_counted_and_what_is_not_known_is_never_called_none(town: Podium) -> None:
    asked, today = question(town.place), clock.today()
    keys = {"function": town.streets, "day": today}
    word = Message.objects.create(
        conversation=asked, direction="out", author="staff", channel="email", text="Ja.", at=clock.now()
    )
    mail = {
        "raw_size": 0,
        "kind": "answer",
        "channel": "email",
        "state": "sent",
        "message": word,
        "created_at": word.at,
    }
    Delivery.objects.create(**mail, message_identifier="<1@x>", send_after=word.at, sent_at=word.at)
    here = {"contact_point": town.place, "conversation_id": asked.pk, "channel": "email"}
    SaidWord.objects.create(**keys, **here, person=town.kim, source="message", source_id=word.pk, words=1)
    SaidWord.objects.create(**keys, person=town.bo, source="post", source_id=9, channel="post", words=3)
    page = read(logged_in(town.boss), f"{VOICES}?unit=recipients")
    assert "Räknat i kända mottagare" in page
    assert "Om de läste det är inte känt" in page
    assert "Känt om 25 % av orden och om 1 av 2 meddelanden" in page
    assert ">Bo Berg</th><td>inte känt</td><td>–</td>" in page
    assert ">Kim Ek</th><td>1</td><td>100 %</td>" in page
    assert ">Inlägg</th><td>inte känt</td><td>–</td><td>–</td>" in page
    assert ">E-post</th><td>1</td><td>1</td><td>1,0</td><td>100 %</td>" in page
    assert ">Gata &amp; park</th><td>1</td><td>100 %</td>" in page
    own = read(logged_in(town.bo), f"{VOICES}?unit=recipients")
    assert "Det är inte känt om någon fick det du sade under perioden" in own
    assert "</th><td>inte känt</td></tr>" in own


def test_the_choice_stands_in_the_address_and_what_cannot_be_is_said(town: Podium) -> None:
    long_ago = clock.today() - dt.timedelta(days=200)
    town.says(town.kim, town.snow, 7, day=long_ago)
    client = logged_in(town.boss)
    assert ">Kim Ek</th><td>2</td>" in read(client, VOICES)
    assert ">Kim Ek</th><td>9</td>" in read(client, f"{VOICES}?from={long_ago}")
    about_ice = read(client, f"{VOICES}?topic=is")
    assert "100 % av det vi sade" in about_ice
    assert ">Bo Berg</th>" not in about_ice
    assert ">Bo Berg</th>" not in read(client, f"{VOICES}?channel=web")
    assert "är ingen dag" in read(client, f"{VOICES}?from=i+g%C3%A5r")
    assert "ligger före" in read(client, f"{VOICES}?from=2026-02-01&to=2026-01-01")
    for odd in (
        "from=0001-01-01",
        "to=9999-12-31",
        "from=1990-01-01&to=1990-01-02",
        "topic=x&channel=x&unit=x",
    ):
        assert client.get(f"{VOICES}?{odd}").status_code == 200


def test_others_see_their_own_figures_and_no_name_but_their_own(town: Podium) -> None:
    page = read(logged_in(town.kim), VOICES)
    assert "Du skrev 2 meddelanden" in page
    for hidden in ("Bo Berg", "Axel Brodin", "60 %", "20 %", "Om de slutar"):
        assert hidden not in page
    assert 'href="/roster"' in page


def test_what_falls_with_the_consultants(town: Podium) -> None:
    asked = question(town.place)
    Conversation.objects.filter(pk=asked.pk).update(assignee=town.axel)
    client = logged_in(town.boss)
    page = read(client, f"{LEAVING}?external=1")
    assert "Utan Axel Brodin" in page
    assert "1 av 2 platser × ämnen har ingen kvar" in page
    assert "<li>Halka</li>" in page  # a topic that nobody else ever answered
    assert "varken ägare eller ersättare kvar" in page
    assert ">Öppna samtal</th><td>1</td>" in page
    assert asked.number in page
    assert "1 steg räcker, och färre räcker inte" in page
    assert "Gatans brevlåda · Halka: " in page
    assert read(client, f"{LEAVING}?person={town.axel.pk}").count("✕") == page.count("✕")


def test_a_deputy_whose_date_has_passed_is_not_said_to_stay(town: Podium) -> None:
    ContactPoint.objects.update(owner=town.bo, deputy=town.axel)
    client = logged_in(town.boss)
    before = read(client, f"{LEAVING}?person={town.bo.pk}")
    assert "<td>är kvar</td>" in before
    assert "varken ägare eller ersättare kvar" not in before
    Tenure.objects.filter(person=town.axel).update(ends=clock.today() - dt.timedelta(days=1))
    page = read(client, f"{LEAVING}?person={town.bo.pk}")
    assert "✕ har slutat" in page
    assert "varken ägare eller ersättare kvar" in page
    assert "Utse en ägare eller ersättare" in page


def test_who_leaves_alone_leaves_no_place_dark_where_another_answers(town: Podium) -> None:
    client = logged_in(town.boss)
    assert (
        read(client, f"{LEAVING}?person={town.bo.pk}").count("Ingen plats × ämne skulle stå utan någon.") == 2
    )
    OutsideLogin.objects.create(name="Torgprat").known_by.add(town.bo)
    alone = read(client, f"{LEAVING}?person={town.bo.pk}")  # nobody is safe who could not log in there
    assert "1 inloggning utanför skulle ingen kunna." in alone.partition('id="leaving-mend"')[0]
    assert "Låt någon som är kvar lära sig" in alone
    assert alone.count("Ingen plats × ämne skulle stå utan någon.") == 1
    both = read(client, f"{LEAVING}?person={town.bo.pk}&person={town.kim.pk}")
    assert "1 av 2 platser" in both
    assert 'action="#leaving-finding"' in both  # one lands at what falls, and not above all the names again
    assert '<h2 id="leaving-finding" tabindex="-1">' in both
    everybody = f"{LEAVING}?external=1&person={town.bo.pk}&person={town.kim.pk}"
    assert "alla slutar" in read(client, everybody)
    nobody = read(client, everybody)
    assert "Gata &amp; park</li>" in nobody  # a function without anybody
    assert "Se till att någon som är kvar kan svara i " in nobody
    assert "faller inget" in read(client, f"{LEAVING}?person=")
    assert client.get(f"{LEAVING}?person=x&person={'9' * 40}").status_code == 200


def test_bounds_are_said_as_bounds() -> None:
    with override("sv"):
        found = TruckFactor(
            cells=100, lower=3, upper=5, leavers=frozenset({1, 2, 3, 4, 5}), greedy=(1, 2, 3, 4, 5, 6)
        )
        said = sentences.truck(found)
        assert "Minst 3 och högst 5" in said
        assert "6" in said
        assert "minst 1 behövs" in sentences.steps(Mending(steps=(None, None), lower=1, greedy=2))  # type: ignore[arg-type]


def test_who_could_speak_on_a_past_day_is_told_of_those_who_left_too(town: Podium) -> None:
    Tenure.objects.create(
        person=town.boss, function=town.streets, starts=dt.date(2020, 1, 1), ends=dt.date(2020, 12, 31)
    )
    client = logged_in(town.boss)
    page = read(client, f"{SPEAK}?day=2020-12-31")
    first, last = (f'<time class="desk-date">2020-{day}</time>' for day in ("01-01", "12-31"))
    assert f"Carin Norr, anställd, {first} – {last}" in page
    assert "Kim Ek" not in page
    assert "Carin Norr, anställd, <time" not in read(client, f"{SPEAK}?day=2021-01-01")
    assert "är ingen dag" in read(client, f"{SPEAK}?day=igår")

    tenure = Tenure.objects.get(person=town.boss, starts=dt.date(2020, 1, 1))
    tenure.person = town.bo
    tenure.save()
    address = f"{SPEAK}{tenure.pk}/ratta/"
    assert address in read(client, f"{SPEAK}?day=2020-12-31")
    days = {"starts": "2020-01-01", "ends": "2020-11-30", "seen_starts": "2020-01-01"}
    answer = client.post(address, days | {"seen_ends": "2020-12-30", "reason": "Fel månad"})
    assert "har ändrat de här dagarna" in answer.content.decode()  # another was faster
    client.post(address, days | {"seen_ends": "2020-12-31", "reason": "Fel månad"})
    page = read(client, f"{SPEAK}?day=2020-12-31")
    assert "Bo Berg, anställd, <time" not in page
    for part in ("Bo Berg", "antogs ha den"):
        assert part in page
    for part in (f"{first} – {last}", "Fel månad"):
        assert part in page
        assert part in read(client, address)


@pytest.mark.parametrize("many", [1, 15])
def test_the_pages_cost_the_same_however_many_speak(
    town: Podium, many: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for number in range(many):
        person = make_person(f"Person {number:02}", town.streets)
        town.says(person, Topic.objects.create(slug=f"a{number}", name=f"Ämne {number}"), 1)
        word = {"person": person, "function": town.streets, "day": clock.today(), "channel": "post"}
        SaidWord.objects.create(**word, source="post", source_id=number, words=1)
    client = logged_in(town.boss)
    client.get(VOICES)
    with django_assert_num_queries(32):
        client.get(VOICES)
    with django_assert_num_queries(26):
        client.get(f"{VOICES}?unit=recipients")
    with django_assert_num_queries(49):
        client.get(f"{LEAVING}?external=1&person={town.bo.pk}")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_pages_are_for_everyone_in_light_dark_and_on_a_phone_with_and_without_script(
    open_page: Callable[..., Page], live_server: LiveServer, axe: Callable[[Page], list[Violation]]
) -> None:
    from playwright.sync_api import expect

    town = make_podium()
    Conversation.objects.filter(pk=question(town.place).pk).update(assignee=town.axel)
    OutsideLogin.objects.create(name="Torgprat").known_by.add(town.axel)
    client = Client()
    client.force_login(user_of(town.boss))
    key = client.cookies["sessionid"].value
    page = open_page(base_url=live_server.url, viewport={"width": 360, "height": 740})
    page.context.add_cookies([{"name": "sessionid", "value": key, "url": live_server.url}])
    found = []
    for address in (VOICES, f"{LEAVING}?external=1"):
        page.goto(address)
        no_wider_than(page, 360)
        found += [(address, one.scheme, one.rule, one.element, one.html[:200]) for one in axe(page)]
    assert found == []
    bare = open_page(base_url=live_server.url, java_script_enabled=False)
    bare.context.add_cookies([{"name": "sessionid", "value": key, "url": live_server.url}])
    bare.goto(VOICES)
    bare.get_by_label("Räknat som").select_option("words")
    bare.get_by_role("button", name="Visa").click()
    expect(bare).to_have_url(re.compile("unit=words"))
    bare.get_by_role("link", name="Om de slutar?").first.click()
    bare.get_by_label("Alla som är externa").check()
    bare.get_by_role("button", name="Se vad som faller").click()
    expect(bare.get_by_role("heading", name="Utan Axel Brodin")).to_be_visible()
