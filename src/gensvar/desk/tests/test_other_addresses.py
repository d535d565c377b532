"""The writer's card: other addresses that colleagues hold to be theirs, one history, and nothing of a protected identity."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from gensvar.conversations.models import Contact, ContactAddress, Conversation, OtherAddress
from gensvar.core import clock
from gensvar.core.roles import Role
from gensvar.desk.tests.scene import Town, logged_in, question
from gensvar.routing.tests.scene import word_comes

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db
WORK = "anna@arbetet.example"
WHY = "Hon ringde och sade det."


@pytest.fixture
def asked(town: Town) -> Conversation:
    return question(town.mailbox)


def here(conversation: Conversation, act: str = "") -> str:
    return f"/desk/inkorg/{conversation.number}/{act}"


def say(client: Client, conversation: Conversation, address: str = WORK, reason: str = WHY) -> str:
    """What one reads after the button."""
    form = {"address": address, "reason": reason}
    return client.post(here(conversation, "skriver-ocksa-fran/"), form, follow=True).content.decode()


def told(client: Client, conversation: Conversation, address: str = WORK) -> None:
    """The same, where nobody reads on."""
    form = {"address": address, "reason": WHY}
    assert client.post(here(conversation, "skriver-ocksa-fran/"), form).status_code == 302


def card(client: Client, conversation: Conversation) -> str:
    return card_of(client.get(here(conversation)).content.decode())


def card_of(page: str) -> str:
    return page.partition('desk-writer">')[2].partition("</section>")[0]


def heading(client: Client, conversation: Conversation) -> str:
    page = client.get(here(conversation)).content.decode()
    return page.partition('class="desk-thread-head"')[2].partition("</header>")[0]


def test_the_history_of_both_addresses_stands_on_both_cards(town: Town, asked: Conversation) -> None:
    kim = logged_in(town.kim)
    other = question(town.mailbox, "Lampan", sender=f"A. Lind <{WORK}>")
    assert "Lampan" not in card(kim, asked)
    assert f"Noterat: {WORK} är samma persons" in say(kim, asked)
    for one, address, subject in ((asked, WORK, "Lampan"), (other, "anna@example.org", "Snöröjning")):
        shown = card(kim, one)
        for words in (address, subject, WHY, town.kim.name):
            assert words in shown


def test_the_log_lines_say_who_said_it_and_who_took_it_back(town: Town, asked: Conversation) -> None:
    kim, robin = logged_in(town.kim), logged_in(town.robin)
    told(kim, asked)
    back = here(asked, "skriver-inte-fran/")
    said = OtherAddress.objects.get()
    page = robin.post(back, {"said": said.pk}, follow=True).content.decode()
    assert "Återtaget" in page
    assert "redan återtaget" in robin.post(back, {"said": said.pk}, follow=True).content.decode()
    lines = re.findall(rf">([^<>]*{WORK}[^<>]*)</p>", heading(kim, asked))
    assert [line.partition(": ")[2] for line in lines] == [
        f"{town.robin.name} tog tillbaka att {WORK} är samma persons.",
        f"{town.kim.name} sade att {WORK} är samma persons.",
    ]
    assert WORK not in card(kim, asked)


def test_who_else_wrote_here_is_offered(town: Town, asked: Conversation) -> None:
    kim = logged_in(town.kim)
    assert "<datalist" not in card(kim, asked)
    (part,) = asked.participants.all()
    word_comes(town.mailbox, to=f"gata+{part.token}@norrvik.example", sender=WORK, text="Jag igen.")
    assert f'<option value="{WORK}">' in card(kim, asked)
    told(kim, asked)
    assert "<datalist" not in card(kim, asked)


@pytest.mark.parametrize(
    ("address", "reason", "words"),
    [
        ("", WHY, "adress"),
        ("anna", WHY, "adress"),
        (WORK, "", "Skriv varför"),
        ("kim@norrvik.example", WHY, "inte"),
    ],
)
def test_a_refusal_says_why_and_that_nothing_was_changed(
    town: Town, asked: Conversation, address: str, reason: str, words: str
) -> None:
    page = say(logged_in(town.kim), asked, address, reason)
    assert words in page
    assert "Inget har ändrats" in page
    assert not OtherAddress.objects.exists()


def test_only_the_mark_of_the_address_that_bounces_stands_there(town: Town, asked: Conversation) -> None:
    kim = logged_in(town.kim)
    told(kim, asked)
    ContactAddress.objects.filter(address=WORK).update(bounced_at=clock.now())
    shown = card(kim, asked)
    assert shown.count("studsar") == 1
    assert shown.index("anna@example.org") < shown.index(WORK) < shown.index("studsar")


def test_who_may_not_see_contacts_reads_nothing_of_it(town: Town, asked: Conversation) -> None:
    told(logged_in(town.kim), asked)
    page = logged_in(town.by_role[Role.EXTERNAL]).get(here(asked)).content.decode()
    assert WORK not in page
    assert WHY not in page
    assert "Skriver också från" not in page
    registrar = card(logged_in(town.by_role[Role.REGISTRAR]), asked)
    assert WORK in registrar
    assert "skriver-inte-fran" not in registrar
    assert "skriver-ocksa-fran" not in registrar


def test_one_sees_no_conversation_of_the_other_address_that_one_did_not_see_before(
    town: Town, asked: Conversation
) -> None:
    other = question(town.school_mailbox, "Läxhjälp", sender=WORK)
    kim = logged_in(town.kim)
    told(kim, asked)
    assert "Läxhjälp" not in kim.get(here(asked)).content.decode()
    assert other.number not in kim.get(here(asked)).content.decode()
    assert "Läxhjälp" in card(logged_in(town.by_role[Role.COORDINATOR]), asked)


@pytest.mark.parametrize("protected", ["anna@example.org", WORK])
def test_a_protected_identity_is_found_by_nothing_that_was_said(
    town: Town, asked: Conversation, protected: str
) -> None:
    kim, rut = logged_in(town.kim), logged_in(town.by_role[Role.COORDINATOR])
    other = question(town.mailbox, "Lampan", sender=f"A. Lind <{WORK}>")
    say(kim, asked)
    said = OtherAddress.objects.get()
    Contact.objects.filter(addresses__address=protected).update(protected=True)
    covered, seen = (asked, other) if protected != WORK else (other, asked)
    for client in (kim, rut):
        for one in (covered, seen):
            page = client.get(here(one)).content.decode()
            assert protected not in page
            assert WHY not in page
            assert (other if one == asked else asked).number not in card_of(page)
            assert one != covered or "skriver-ocksa-fran" not in card_of(page)
        assert client.post(here(seen, "skriver-inte-fran/"), {"said": said.pk}).status_code == 404
        back = client.post(here(covered, "skriver-inte-fran/"), {"said": said.pk}, follow=True)
        assert "Det går inte att säga något om den som skrev" in back.content.decode()
        assert "Det går inte att säga något om den som skrev" in say(client, covered, "mer@example.net")
    assert OtherAddress.objects.get().taken_back_at is None
    assert "Noterat" in say(kim, seen, protected)  # as of a stranger: a refusal would tell
    assert covered.number not in card(kim, seen)


def test_to_protect_one_address_covers_each_that_is_held_to_be_the_same_persons(
    town: Town, asked: Conversation
) -> None:
    kim, rut = logged_in(town.kim), logged_in(town.by_role[Role.COORDINATOR])
    other = question(town.mailbox, "Lampan", sender=f"A. Lind <{WORK}>")
    told(kim, asked)
    kim.post(here(asked, "skydda/"))
    for address in (here(asked), here(other), "/desk/inkorg/?queue=all"):
        page = rut.get(address).content.decode()
        for hidden in ("anna@example.org", WORK, "Anna Lind", "A. Lind"):
            assert hidden not in page, address
    rut.post(here(other, "skydda-inte/"))
    for name in ("Anna Lind", "A. Lind"):
        assert name in rut.get("/desk/inkorg/?queue=all").content.decode()
    assert not Contact.objects.filter(protected=True).exists()


def test_what_was_refused_stands_in_the_form_once_more_and_in_no_address(
    town: Town, asked: Conversation
) -> None:
    kim = logged_in(town.kim)
    form = {"address": 'anna at "arbetet"', "reason": WHY}
    answer = kim.post(here(asked, "skriver-ocksa-fran/"), form)
    assert "arbetet" not in answer["Location"]
    first, second = card(kim, asked), card(kim, asked)
    assert 'class="desk-also" open' in first
    assert 'value="anna at &quot;arbetet&quot;"' in first
    assert f'value="{WHY}"' in first
    assert WHY not in second
    kim.post(here(asked, "skriver-ocksa-fran/"), form)
    assert WHY not in card(kim, question(town.mailbox, "En annan"))
    assert WHY not in card(logged_in(town.robin), asked)


def test_spam_offers_nothing(town: Town, asked: Conversation) -> None:
    kim = logged_in(town.kim)
    kim.post(here(asked, "skrap/"))
    assert "Skriver också från" not in card(kim, asked)
    assert "Inget har ändrats" in say(kim, asked)


def test_the_card_costs_the_same_however_many_addresses(
    town: Town, asked: Conversation, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    kim = logged_in(town.kim)
    told(kim, asked)
    kim.get(here(asked))
    with django_assert_max_num_queries(59) as taken:
        kim.get(here(asked))
    cost = len(taken)
    for number in range(8):
        question(town.mailbox, f"Fråga {number}", sender=f"anna{number}@example.net")
        told(kim, asked, f"anna{number}@example.net")
    kim.get(here(asked))  # reads what was said of it all
    with django_assert_max_num_queries(cost):
        assert "anna7@example.net" in kim.get(here(asked)).content.decode()


def test_the_card_of_somebody_without_a_name_has_a_heading(town: Town, asked: Conversation) -> None:
    Contact.objects.update(name="")
    assert '<h3 dir="auto">okänd</h3>' in card(logged_in(town.kim), asked)
