"""Topics in the desk: chosen beside a conversation, proposed from earlier words, inherited by what is made public."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client

from gensvar.answers import drafts
from gensvar.answers.models import Delivery, Draft
from gensvar.conversations.models import Message
from gensvar.conversations.topics import proposed
from gensvar.core import clock, runner
from gensvar.core.models import Topic
from gensvar.core.roles import Role
from gensvar.desk.tests.scene import Town, logged_in, question
from gensvar.people.tests.factories import user_of
from gensvar.publishing import services
from gensvar.publishing.models import PublicExchange
from gensvar.voices.models import LastAnswer

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(town: Town) -> Client:
    return logged_in(town.by_role[Role.ADMINISTRATOR])


def send(client: Client, where: str, /, **data: object) -> str:
    return client.post(where, data, follow=True).content.decode()


def test_topics_are_chosen_beside_the_conversation(town: Town) -> None:
    Topic.objects.create(slug="trafik", name="Trafik")
    Topic.objects.create(slug="vagbelysning", name="Vägbelysning")
    asked, client = question(town.mailbox), logged_in(town.kim)
    where = f"/desk/inkorg/{asked.number}/amnen/"
    assert "Det handlar om Trafik" in send(client, where, topic=["trafik", "finns-inte"])
    assert "Trafik, Vägbelysning" in send(client, where, add="vagbelysning")
    assert "inget ämne" in send(client, where)
    assert not asked.topics.exists()


def test_earlier_words_and_the_topics_own_name_propose_it(town: Town) -> None:
    snow = Topic.objects.create(slug="vinter", name="Vinterväghållning")
    food = Topic.objects.create(slug="maltider", name="Måltider")
    for subject in ("Snöröjning på Skolgatan", "Plogen glömde oss: snö"):
        question(town.mailbox, subject).topics.add(snow)
    question(town.school_mailbox, "Lunchen i matsalen").topics.add(food)
    asked = question(town.mailbox, "Snöröjning på Storgatan")
    assert proposed(asked) == [snow]
    asked.topics.add(snow)
    assert proposed(asked) == []
    assert proposed(question(town.mailbox, "Skolans måltider")) == [food]
    assert proposed(question(town.mailbox, "Bygglov för altan")) == []


def test_the_public_side_inherits_its_topics_and_they_can_be_changed(town: Town) -> None:
    snow = Topic.objects.create(slug="vinter", name="Vinterväghållning")
    Topic.objects.create(slug="trafik", name="Trafik")
    asked, client = question(town.mailbox), logged_in(town.robin)
    asked.topics.add(snow)
    services.prepare(asked, by=town.user(Role.EDITOR))
    exchange = PublicExchange.objects.get(conversation=asked)
    assert list(exchange.topics.all()) == [snow]
    page = send(client, f"/desk/inkorg/{asked.number}/publicera/", action="topics", topic="trafik")
    assert "Ämnena är sparade" in page
    assert [one.slug for one in exchange.topics.all()] == ["trafik"]
    assert list(asked.topics.all()) == [snow]


def test_the_vocabulary_is_named_merged_and_only_cleared_of_what_nobody_uses(
    admin: Client, town: Town
) -> None:
    assert "Snö är sparat" in send(admin, "/desk/amnen/nytt/", name="Snö", name_en="Snow", slug="sno")
    send(admin, "/desk/amnen/nytt/", name="Vinter", slug="vinter")
    assert 'role="alert"' in send(admin, "/desk/amnen/nytt/", name="Annat", slug="sno")
    snow, winter = Topic.objects.get(slug="sno"), Topic.objects.get(slug="vinter")
    asked = question(town.mailbox)
    asked.topics.add(snow)
    assert "används" in send(admin, f"/desk/amnen/{snow.pk}/", action="delete")
    assert "Snö är nu Vinter" in send(admin, f"/desk/amnen/{snow.pk}/", action="merge", into=winter.pk)
    assert list(asked.topics.all()) == [winter]
    assert admin.get(f"/desk/amnen/{snow.pk}/").status_code == 404
    send(admin, "/desk/amnen/nytt/", name="Tyst", slug="tyst")
    quiet = Topic.objects.get(slug="tyst")
    assert "Tyst är borttaget" in send(admin, f"/desk/amnen/{quiet.pk}/", action="delete")
    assert not Topic.objects.filter(slug="tyst").exists()


def test_who_may_know_is_proposed_with_reasons_and_can_be_asked(town: Town) -> None:
    snow = Topic.objects.create(slug="vinter", name="Vinterväghållning")
    asked, client = question(town.mailbox), logged_in(town.kim)
    asked.topics.add(snow)
    LastAnswer.objects.create(
        contact_point=town.school_mailbox, person=town.sam, topics=f",{snow.pk},", day="2026-11-03"
    )
    with clock.moved(dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC) - clock.now()):
        page = client.get(f"/desk/inkorg/{asked.number}/").content.decode()
    assert "Svarade om Vinterväghållning, senast den 3 november 2026." in page
    assert "Robin Öst" not in page[page.index("Vem vet?") :], "who only holds the function stands back"
    asking = client.get(f"/desk/inkorg/{asked.number}/?write=note&ask={town.sam.pk}").content.decode()
    assert ">@Sam Åberg </textarea>" in asking
    nobody = client.get(f"/desk/inkorg/{asked.number}/?write=note&ask=x").content.decode()
    assert re.search(r'<textarea id="desk-text"[^>]*></textarea>', nobody)


def test_the_pen_is_passed_with_thanks_that_reach_whoever_takes_it(town: Town) -> None:
    asked, client = question(town.mailbox), logged_in(town.kim)
    where = f"/desk/inkorg/{asked.number}/penna/"
    assert "Skriv ett tack" in send(client, where, person=town.sam.pk, thanks=" ")
    asked.refresh_from_db()
    assert asked.assignee_id != town.sam.pk, "nothing is given without a word of thanks"
    assert "Sam Åberg har pennan nu" in send(
        client, where, person=town.sam.pk, thanks="Tack, du kan skolvägen."
    )
    asked.refresh_from_db()
    assert asked.assignee == town.sam
    note = asked.messages.get(direction=Message.Direction.NOTE)
    assert (note.text, note.person) == ("Tack, du kan skolvägen.", town.kim)
    assert [one.person for one in note.mentions.all()] == [town.sam]
    runner.run_waiting(network=False)
    notice = Delivery.objects.get(kind=Delivery.Kind.NOTICE)
    assert notice.recipient == "sam@norrvik.example"
    assert "skolvägen" not in notice.subject + notice.text, (
        "a mail to a colleague carries no words of the conversation"
    )
    assert logged_in(town.sam).get(f"/desk/inkorg/{asked.number}/").status_code == 200
    user_of(town.robin).groups.clear()  # at their desk still, but nobody who could answer
    assert (
        f'<option value="{town.robin.pk}"' not in client.get(f"/desk/inkorg/{asked.number}/").content.decode()
    )
    given = send(client, f"/desk/inkorg/{asked.number}/tilldela/", person=town.robin.pk)
    assert "Robin Öst kan inte svara här" in given
    asked.refresh_from_db()
    assert asked.assignee == town.sam
    refused = send(client, where, person=town.robin.pk, thanks="Tack, du som kan <plogar>.")
    assert "Robin Öst kan inte svara här" in refused
    assert "required>Tack, du som kan &lt;plogar&gt;.</textarea>" in refused, (
        "the words of thanks are given back"
    )
    assert "du som kan" not in client.get(f"/desk/inkorg/{asked.number}/").content.decode()
    assert "Välj någon annan" in send(client, where, person=999999, thanks="Tack")


def test_an_answer_in_two_names_is_asked_for_signed_and_sent_in_the_desk(town: Town) -> None:
    asked, kim, sam = question(town.mailbox), logged_in(town.kim), logged_in(town.sam)
    where = f"/desk/inkorg/{asked.number}/"
    answer = {"kind": "answer", "text": "Skolvägen plogas före sju.", "function": town.streets.slug}
    told = send(kim, f"{where}skriv/", **answer, act="ask", beside=town.sam.pk)
    assert "Sam Åberg har fått frågan" in told
    assert "Sam Åberg är tillfrågad" in told
    assert "har inte skrivit under just de här orden" in send(kim, f"{where}skriv/", **answer, act="send")
    beside = drafts.add_file(Draft.objects.get(person=town.kim), "karta.txt", "text/plain", b"Storgatan")
    page = sam.get(where).content.decode()
    assert "Kim Ek ber dig skriva under det här svaret" in page
    assert "I namn av Gata &amp; park" in page
    address = f"/desk/fil/utkast/{beside.pk}/"
    assert f'href="{address}"' in page
    assert sam.get(address).content == b"Storgatan"
    assert kim.get(address).content == b"Storgatan"
    assert logged_in(town.robin).get(address).status_code == 404, "nobody else opens what is not sent"
    hidden = dict(re.findall(r'name="(asked|words)" value="([^"]+)"', page))
    send(kim, f"{where}skriv/", **{**answer, "text": "Skolvägen plogas före åtta."}, act="save")
    assert "ändrades efter att du såg dem" in send(sam, f"{where}skriv-under/", **hidden)
    hidden = dict(re.findall(r'name="(asked|words)" value="([^"]+)"', sam.get(where).content.decode()))
    assert "Du har skrivit under" in send(sam, f"{where}skriv-under/", **hidden)
    page = kim.get(where).content.decode()
    assert "Sam Åberg har skrivit under de här orden" in page
    assert "Kim Ek och Sam Åberg" in page, "the foot says in whose names it goes"
    send(kim, f"{where}skriv/", kind="answer", text="Skolvägen plogas före åtta.", act="send")
    word = Message.objects.get(conversation=asked, direction=Message.Direction.OUT, author="staff")
    assert (word.person, word.co_signer) == (town.kim, town.sam)
    assert "Ingen väntar på ditt namn" in send(sam, f"{where}skriv-inte-under/", **hidden)


def test_one_may_answer_alone_after_all_and_not_be_named(town: Town) -> None:
    asked, kim, sam = question(town.mailbox), logged_in(town.kim), logged_in(town.sam)
    where = f"/desk/inkorg/{asked.number}/"
    answer = {"kind": "answer", "text": "Vi plogar."}
    send(kim, f"{where}skriv/", **answer, act="ask", beside=town.sam.pk)
    hidden = dict(re.findall(r'name="(asked)" value="([^"]+)"', sam.get(where).content.decode()))
    assert "Kim Ek svarar utan ditt namn" in send(sam, f"{where}skriv-inte-under/", **hidden)
    send(kim, f"{where}skriv/", **answer, act="ask", beside=town.sam.pk)
    assert "Nu är svaret bara ditt" in send(kim, f"{where}skriv/", **answer, act="alone")
    send(kim, f"{where}skriv/", **answer, act="send")
    word = Message.objects.get(conversation=asked, direction=Message.Direction.OUT, author="staff")
    assert word.co_signer is None
