"""A protected person's number: nowhere, but in the answer to one button, and the log says who pressed it."""

from __future__ import annotations

import pytest
from django.test import Client

from gensvar.contract.addresses import join_plus
from gensvar.conversations import services
from gensvar.conversations.cleaning import CUT
from gensvar.conversations.models import Contact, Conversation, Message, Participant
from gensvar.core import clock
from gensvar.core.models import AuditEntry
from gensvar.core.roles import Role
from gensvar.desk.tests.scene import Town, logged_in, question
from gensvar.routing.tests.scene import word_comes

pytestmark = pytest.mark.django_db
NUMBER = "0910-55 66 77"


@pytest.fixture
def asked(town: Town) -> Conversation:
    found = question(town.mailbox)
    Contact.objects.update(protected=True)
    Participant.objects.update(answer_by="phone", phone=NUMBER)
    return found


def button(conversation: Conversation) -> str:
    return f"/desk/inkorg/{conversation.number}/visa-nummer/"


@pytest.mark.parametrize("role", [Role.ANSWERER, Role.EDITOR, Role.COORDINATOR])
def test_who_answers_here_sees_it_once_and_the_log_says_so(
    town: Town, asked: Conversation, role: Role
) -> None:
    client = logged_in(town.by_role[role])
    page = client.get(f"/desk/inkorg/{asked.number}/").content.decode()
    assert "Visa numret" in page
    assert NUMBER not in page
    answer = client.post(button(asked))
    assert NUMBER in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "no-referrer"
    kept = AuditEntry.objects.get(action="answers.reveal_phone")
    assert (kept.user, kept.target_id) == (town.user(role), str(asked.pk))
    assert kept.details == {"contact": asked.contact_id}
    assert client.get(button(asked)).status_code == 405


@pytest.mark.parametrize("role", [Role.EXTERNAL, Role.REGISTRAR, Role.ADMINISTRATOR])
def test_others_have_no_button_and_are_refused(town: Town, asked: Conversation, role: Role) -> None:
    client = logged_in(town.by_role[role])
    assert "Visa numret" not in client.get(f"/desk/inkorg/{asked.number}/").content.decode()
    answer = client.post(button(asked))
    assert answer.status_code == 403
    assert NUMBER not in answer.content.decode()
    assert not AuditEntry.objects.filter(action="answers.reveal_phone").exists()


def test_of_another_function_it_is_not_there(town: Town, asked: Conversation) -> None:
    assert logged_in(town.sam).post(button(asked)).status_code == 404
    assert Client().post(button(asked)).status_code == 403


@pytest.mark.parametrize("change", [{"answer_by": "same"}, {"contact__protected": False}, {"phone": ""}])
def test_where_no_protected_person_wishes_a_call_there_is_nothing_to_reveal(
    town: Town, asked: Conversation, change: dict[str, object]
) -> None:
    for name, value in change.items():
        if not name.startswith("contact__"):
            Participant.objects.update(**{name: value})
        else:
            Contact.objects.update(**{name.removeprefix("contact__"): value})
    client = logged_in(town.kim)
    assert "Visa numret" not in client.get(f"/desk/inkorg/{asked.number}/").content.decode()
    assert client.post(button(asked)).status_code == 404


def test_the_number_stands_on_no_other_page(town: Town, asked: Conversation) -> None:
    kim, rut = logged_in(town.kim), logged_in(town.by_role[Role.COORDINATOR])
    kim.post(button(asked))
    form = {"kind": "answer", "text": "Vi ringer.", "act": "send"}
    assert NUMBER not in kim.post(f"/desk/inkorg/{asked.number}/skriv/", form, follow=True).content.decode()
    delivery = asked.deliveries.get(kind="answer")
    for client, address in (
        (kim, f"/desk/inkorg/{asked.number}/"),
        (kim, "/desk/inkorg/?queue=functions"),
        (kim, "/desk/inkorg/nytt/"),
        (rut, "/desk/utkorg/"),
        (rut, f"/desk/utkorg/{delivery.pk}/"),
    ):
        page = client.get(address).content.decode()
        for spelling in (NUMBER, NUMBER.replace(" ", ""), "0910556677"):
            assert spelling not in page, address
    for words in (NUMBER, "0910", "556677"):
        assert asked.number not in kim.get(f"/desk/inkorg/?q={words}").content.decode()


POSTAL = "Sjögatan 7\n961 00 Norrvik"


@pytest.fixture
def to_be_posted(town: Town) -> Conversation:
    found = question(town.mailbox)
    Participant.objects.update(answer_by="letter", postal_address=POSTAL)
    return found


def test_who_posts_an_answer_reads_where_to_and_who_may_not_see_contacts_does_not(
    town: Town, to_be_posted: Conversation
) -> None:
    page = logged_in(town.kim).get(f"/desk/inkorg/{to_be_posted.number}/").content.decode()
    assert "Vill ha svaret som brev: Sjögatan 7, 961 00 Norrvik" in page
    assert "Du postar det till Anna Lind, Sjögatan 7, 961 00 Norrvik: " in page
    external = logged_in(town.by_role[Role.EXTERNAL])
    answer = external.get(f"/desk/inkorg/{to_be_posted.number}/").content.decode()
    assert "Sjögatan" not in answer
    assert "fråga en samordnare om adressen" in answer

    Participant.objects.update(answer_by="phone", phone=NUMBER)
    here = f"/desk/inkorg/{to_be_posted.number}/"
    form = {"kind": "answer", "text": "Vi ringer.", "act": "send"}
    assert f"Du ringer Anna Lind på {NUMBER}" in logged_in(town.kim).get(here).content.decode()
    assert f"Ska ringas till {NUMBER}" in (
        logged_in(town.kim).post(f"{here}skriv/", form, follow=True).content.decode()
    )
    page = external.get(here).content.decode()
    assert page.lower().count("fråga en samordnare om numret") == 2, (
        "before the next answer, and on the sent one"
    )
    assert NUMBER not in page
    sent = to_be_posted.messages.get(direction="out")
    assert NUMBER not in external.get(f"{here}svar/{sent.pk}/").content.decode()


def test_a_protected_persons_postal_address_is_shown_once_as_a_number_is(
    town: Town, to_be_posted: Conversation
) -> None:
    Contact.objects.update(protected=True)
    client = logged_in(town.kim)
    page = client.get(f"/desk/inkorg/{to_be_posted.number}/").content.decode()
    assert "Visa postadressen" in page
    assert "Sjögatan" not in page
    assert "Sjögatan 7<br>961 00 Norrvik" in client.post(button(to_be_posted)).content.decode()
    assert AuditEntry.objects.get(action="answers.reveal_letter").user == town.kim.user


def test_staff_protect_an_identity_and_only_a_coordinator_ends_it(town: Town) -> None:
    found, other = question(town.mailbox), question(town.school_mailbox, "Skolvägen")
    kim, rut = logged_in(town.kim), logged_in(town.by_role[Role.COORDINATOR])
    here = f"/desk/inkorg/{found.number}/"
    assert "Anna Lind" in kim.get(here).content.decode()
    page = kim.post(f"{here}skydda/", follow=True).content.decode()
    assert "Skyddat: namn och adress" in page
    for client, address in (
        (kim, here),
        (rut, "/desk/inkorg/?queue=all"),
        (rut, f"/desk/inkorg/{other.number}/"),
    ):
        shown = client.get(address).content.decode()
        assert "Anna Lind" not in shown
        assert "anna@example.org" not in shown
    assert "skydda-inte" not in page
    assert kim.post(f"{here}skydda-inte/").status_code == 403
    assert Contact.objects.get().protected
    assert "redan skyddad" in rut.post(f"{here}skydda/", follow=True).content.decode()
    assert "Anna Lind" in rut.post(f"{here}skydda-inte/", follow=True).content.decode()
    assert "Anna Lind" in kim.get("/desk/inkorg/?queue=all").content.decode()
    entries = AuditEntry.objects.filter(action__startswith="conversation.protect").order_by("pk")
    assert [(one.action, one.user) for one in entries] == [
        ("conversation.protect", town.user(Role.ANSWERER)),
        ("conversation.protect_no_more", town.user(Role.COORDINATOR)),
    ]


def test_another_persons_mail_does_not_say_where_a_protected_one_who_takes_part_is_reached(
    town: Town,
) -> None:
    moa, other = "Moa <moa@example.org>", "moa.ny@example.org"
    begun = word_comes(town.mailbox, sender=moa, headers={"Cc": "bo@example.org"}).conversation
    word_comes(town.mailbox, sender=other, text="En annan sak.", subject="Annat")
    said = Contact.objects.filter(addresses__address__in=("moa@example.org", other)).order_by("pk")
    said.update(same_person=said[0].pk, protected=True)
    here = town.mailbox.address.replace("@", f"+{begun.participants.get(address='bo@example.org').token}@")
    word = word_comes(
        town.mailbox,
        to=here,
        sender="Bo <bo@example.org>",
        headers={"Cc": f"MOA@example.org, {other}, eva@example.org"},
    )
    Message.objects.filter(pk=word.pk).update(marks=[CUT])
    Conversation.objects.filter(pk=begun.pk).update(contact=word.contact)  # Bo's, and she takes part
    asked, received = f"/desk/inkorg/{begun.number}/", f"/desk/ord/{word.pk}/som-mottaget/"
    kim = logged_in(town.kim)
    page = kim.get(asked).content.decode()
    assert "även till eva@example.org<" in page
    assert "moa" not in page.lower()

    assert "Fråga en samordnare." in page  # who gives it out, of the mail as it was received
    assert received not in page
    assert kim.get(received).status_code == 404
    assert logged_in(town.by_role[Role.REGISTRAR]).get(received).status_code == 404
    coordinator = logged_in(town.by_role[Role.COORDINATOR])
    assert received in coordinator.get(asked).content.decode()
    assert b"MOA@example.org" in coordinator.get(received).content
    assert AuditEntry.objects.get(action="message.download").details == {"protected": True}
    said.update(protected=False)
    assert b"MOA@example.org" in kim.get(received).content


def test_each_who_wrote_is_protected_alone_and_so_is_it_ended(town: Town) -> None:
    found, lamp = question(town.mailbox), question(town.mailbox, "Lampan", sender="Cia <cia@example.org>")
    reply = join_plus(town.mailbox.address, found.participants.get().token)
    word_comes(town.mailbox, to=reply, sender="Bea Ny <bea@example.org>", text="Jag är hennes syster.")
    kim, rut = logged_in(town.kim), logged_in(town.by_role[Role.COORDINATOR])
    kim.post(f"/desk/inkorg/{lamp.number}/sla-ihop/", {"other": found.number})
    anna, bea, cia = (Contact.objects.get(name=name) for name in ("Anna Lind", "Bea Ny", "Cia"))
    here = f"/desk/inkorg/{found.number}/"

    page = kim.get(here).content.decode()
    assert all(f"Skydda {one.name}</span>" in page for one in (anna, bea, cia))
    kim.post(f"{here}skydda/", {"contact": bea.pk})
    services.protect(lamp, by=town.user(Role.ANSWERER))  # by the number under which Cia wrote
    page = rut.get(here).content.decode()
    for one, address in ((anna, "anna@"), (bea, "bea@"), (cia, "cia@")):
        assert (one.name in page, address in page) == (one == anna, one == anna)
    assert page.count("Avsluta skyddet för den som först skrev ") == 2

    stranger = Contact.objects.create(name="Dan", created_at=clock.now())
    for wrong in (stranger.pk, "x"):
        refused = kim.post(f"{here}skydda/", {"contact": wrong}, follow=True).content.decode()
        assert "Det går inte att säga något om den som skrev" in refused
    rut.post(f"{here}skydda-inte/", {"contact": bea.pk})
    assert set(Contact.objects.filter(protected=True)) == {cia}
    noted = AuditEntry.objects.filter(action__startswith="conversation.protect").order_by("pk")
    assert [one.details["contact"] for one in noted] == [bea.pk, cia.pk, bea.pk]
