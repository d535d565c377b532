"""Topics in the desk: chosen beside a conversation, proposed from earlier words, inherited by what is made public."""

from __future__ import annotations

import pytest
from django.test import Client

from gensvar.conversations.topics import proposed
from gensvar.core.models import Topic
from gensvar.core.roles import Role
from gensvar.desk.tests.scene import Town, logged_in, make_town, question
from gensvar.publishing import services
from gensvar.publishing.models import PublicExchange

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Town:
    return make_town()


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
