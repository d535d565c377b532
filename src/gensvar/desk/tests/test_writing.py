"""Reading, answering, asking a colleague, passing on: with plain forms, as a browser without JavaScript does it."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from gensvar.answers.models import Delivery, Draft
from gensvar.answers.tests.sink import Sink
from gensvar.conversations.models import Contact, Conversation, Mention, Message
from gensvar.conversations.states import State
from gensvar.core import clock, runner, times
from gensvar.core.roles import Role
from gensvar.desk.senders import also_to
from gensvar.desk.tests.scene import Town, logged_in, question
from gensvar.people.tests.factories import make_absence
from gensvar.routing.tests.scene import fresh, word_comes

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(town: Town) -> Conversation:
    return question(town.mailbox)


@pytest.fixture
def kim(town: Town) -> Client:
    return logged_in(town.kim)


def at(conversation: Conversation, *more: object) -> str:
    return f"/desk/inkorg/{conversation.number}/" + "".join(f"{part}/" for part in more)


def write(client: Client, conversation: Conversation, act: str = "send", **fields: object) -> str:
    """Send the composer's form and give the page that one ends on."""
    data = {"kind": "answer", "text": "Vi plogar i natt.", "act": act, **fields}
    return client.post(at(conversation, "skriv"), data, follow=True).content.decode()


def test_opening_a_conversation_marks_it_as_seen_and_says_what_will_happen(
    kim: Client, asked: Conversation
) -> None:
    assert asked.unread
    page = kim.get(at(asked)).content.decode()
    assert not fresh(asked).unread
    assert "vår gata är inte plogad" in page
    assert re.search(r"Skickas som mejl till anna@example\.org från Gata &amp; park \(Kim Ek\)", page)


def test_a_mail_says_to_whom_else_it_went_and_no_key_of_a_reply_address(
    kim: Client, asked: Conversation, town: Town
) -> None:
    assert "även till" not in kim.get(at(asked)).content.decode()
    token = asked.participants.get().token
    headers = {"Cc": f"post+{token}@norrvik.example"}  # where a question by the form is replied to
    assert also_to(word_comes(town.mailbox, to=town.mailbox.address, headers=headers), asked) == ""
    here, before = town.mailbox.address.replace("@", f"+{token}@"), "gator@norrvik.example"
    town.mailbox.former_addresses.create(channel="email", address=before, left_on=clock.today())
    copied = f"Skolan <{town.school_mailbox.address}>, bo@example.org, {here}, {before}"
    word_comes(town.mailbox, to=here, headers={"Cc": copied})
    page = kim.get(at(asked)).content.decode()
    assert "även till skola@norrvik.example, bo@example.org<" in page
    assert token not in page


def test_a_report_without_a_sender_has_not_the_residents_name(kim: Client, asked: Conversation) -> None:
    report = asked.messages.get()
    report.pk, report.envelope, report.contact, report.kind = None, None, None, "bounce"
    report.sender_name = report.sender_address = ""
    report.save()
    page = kim.get(at(asked)).content.decode()
    assert page.count("<bdi>Anna Lind</bdi></strong>") == 1
    assert "<bdi>okänd</bdi></strong>" in page


def test_an_answer_waits_can_be_taken_back_and_is_then_a_draft_again(
    kim: Client, asked: Conversation
) -> None:
    page = write(kim, asked)
    assert "Du kan ångra dig i några sekunder" in page
    assert "Väntar" in page
    word = Message.objects.get(conversation=asked, direction="out")
    assert fresh(asked).state == State.WAITING
    page = kim.post(at(asked, "svar", word.pk, "angra"), follow=True).content.decode()
    assert "Ångrat. Inget skickades" in page
    assert "Vi plogar i natt.</textarea>" in page
    assert fresh(asked).state == State.OPEN


def test_after_the_time_to_undo_it_cannot_be_taken_back(kim: Client, asked: Conversation) -> None:
    write(kim, asked)
    word = Message.objects.get(conversation=asked, direction="out")
    Delivery.objects.filter(message=word).update(attempts=1)
    page = kim.post(at(asked, "svar", word.pk, "angra"), follow=True).content.decode()
    assert "kan inte tas tillbaka" in page or "redan på väg" in page
    assert Message.objects.filter(pk=word.pk).exists()


def test_a_draft_is_saved_and_stands_there_when_one_comes_back(kim: Client, asked: Conversation) -> None:
    page = write(kim, asked, act="save", text="Hej Anna, vi")
    assert "Sparat" in page
    assert "Hej Anna, vi</textarea>" in page
    assert "Hej Anna, vi</textarea>" in kim.get(at(asked)).content.decode()
    answer = kim.post(
        at(asked, "skriv"), {"kind": "answer", "text": "Hej"}, headers={"accept": "application/json"}
    )
    assert answer.json()["saved"].startswith("Sparat ")


def test_files_lie_beside_the_draft_and_can_be_taken_away(kim: Client, asked: Conversation) -> None:
    karta = SimpleUploadedFile("../../karta.pdf", b"%PDF-1.4", "application/pdf")
    page = write(kim, asked, act="save", files=karta)
    assert "karta.pdf" in page
    draft = Draft.objects.get(conversation=asked)
    page = write(kim, asked, act=f"remove-{draft.files.get().pk}")
    assert "karta.pdf" not in page


def test_an_empty_answer_is_not_sent_and_the_page_says_so(kim: Client, asked: Conversation) -> None:
    page = write(kim, asked, text="  ")
    assert "Inget skickades." in page  # and no word that something is kept
    assert not Delivery.objects.filter(conversation=asked, kind="answer").exists()


def test_something_new_meanwhile_stops_the_answer_once(kim: Client, asked: Conversation, town: Town) -> None:
    seen = Message.objects.get(conversation=asked)
    token = asked.participants.get().token
    word_comes(town.mailbox, to=town.mailbox.address.replace("@", f"+{token}@"), text="Glöm det, nu kom de.")
    page = write(kim, asked, seen=seen.pk)
    assert "Något nytt kom medan du skrev" in page
    assert "Vi plogar i natt.</textarea>" in page
    newest = Message.objects.filter(conversation=asked).latest("pk")
    assert "på väg" in write(kim, asked, seen=newest.pk)


def test_a_note_asks_a_colleague_who_then_sees_the_conversation(
    kim: Client, asked: Conversation, town: Town
) -> None:
    page = write(kim, asked, kind="note", text="@Sam Åberg vet du när?")
    assert "Bara kollegor ser den" in page
    assert Mention.objects.get().person == town.sam
    page = logged_in(town.sam).get(at(asked)).content.decode()
    assert "Intern anteckning" in page
    assert "Tillfrågade: Sam Åberg" in page


def test_who_may_not_answer_has_no_field_for_it(asked: Conversation, town: Town) -> None:
    registrar = logged_in(town.by_role[Role.REGISTRAR])
    page = registrar.get(at(asked)).content.decode()
    assert "Skicka svaret" not in page
    assert "Spara anteckningen" in page
    assert (
        registrar.post(at(asked, "skriv"), {"kind": "answer", "text": "x", "act": "send"}).status_code == 403
    )


def test_it_is_forwarded_with_a_word(kim: Client, asked: Conversation) -> None:
    page = write(kim, asked, kind="forward", recipient="trafikverket@example.org", text="Hör det till er?")
    assert "Skickat vidare till trafikverket@example.org" in page
    assert Delivery.objects.get(kind="forward").recipient == "trafikverket@example.org"


def test_the_buttons_do_what_they_say(kim: Client, asked: Conversation, town: Town) -> None:
    kim.post(at(asked, "ta"))
    assert fresh(asked).assignee == town.kim
    assert "Registrar Norr" not in kim.get(at(asked)).content.decode()
    registrar = town.by_role[Role.REGISTRAR]  # holds no function: it would not stay there
    assert (
        "Välj någon annan"
        in kim.post(at(asked, "tilldela"), {"person": registrar.pk}, follow=True).content.decode()
    )
    kim.post(at(asked, "tilldela"), {"person": town.robin.pk})
    assert fresh(asked).assignee == town.robin
    kim.post(at(asked, "tilldela"))
    assert fresh(asked).assignee is None
    forms = kim.get(at(asked)).content.decode().split("<form")
    sent = [set(found) for form in forms if (found := re.findall(r'name="(until\w*)"', form))]
    assert sent == [{"until"}, {"until_day"}]  # no press sends a date that was typed beside it
    pressed, typed = ((clock.today() + dt.timedelta(days=days)).isoformat() for days in (3, 9))
    for fields, day in (({"until_day": typed}, typed), ({"until": pressed, "until_day": typed}, pressed)):
        kim.post(at(asked, "sov"), fields)
        assert f"{fresh(asked).snoozed_until:%Y-%m-%d}" == day
    assert "vilar till" in kim.get("/desk/inkorg/?queue=snoozed").content.decode()
    kim.post(at(asked, "vakna"))
    assert fresh(asked).snoozed_until is None
    kim.post(at(asked, "stang"))
    assert fresh(asked).state == State.CLOSED
    kim.post(at(asked, "oppna"))
    assert fresh(asked).state == State.OPEN
    kim.post(at(asked, "skrap"))
    assert fresh(asked).state == State.SPAM
    assert asked.number in kim.get("/desk/inkorg/?queue=spam").content.decode()
    kim.post(at(asked, "inte-skrap"))
    assert fresh(asked).state == State.OPEN


def test_a_button_that_does_not_fit_changes_nothing_and_says_so(kim: Client, asked: Conversation) -> None:
    kim.post(at(asked, "stang"))
    page = kim.post(at(asked, "stang"), follow=True).content.decode()
    assert page.count("Inget har ändrats") == 1
    page = kim.post(at(asked, "sov"), {"until": "2020-01-01"}, follow=True).content.decode()
    assert "Välj en dag efter i dag" in page
    tomorrow = {"until": (clock.today() + dt.timedelta(days=1)).isoformat()}
    assert "kan inte ta det steget" in kim.post(at(asked, "sov"), tomorrow, follow=True).content.decode()


def test_nobody_takes_what_a_colleague_took_after_the_page_was_shown(
    kim: Client, asked: Conversation, town: Town
) -> None:
    shown = re.findall(r'name="(had)" value="(\d*)"', kim.get(at(asked)).content.decode())
    logged_in(town.robin).post(at(asked, "ta"), dict(shown))
    page = kim.post(at(asked, "ta"), dict(shown), follow=True).content.decode()
    assert "Robin Öst har tagit det sedan du såg det." in page
    assert fresh(asked).assignee == town.robin
    again = dict(re.findall(r'name="(had)" value="(\d*)"', page))
    away = make_absence(town.kim)
    assert "stannar det inte hos dig" in kim.post(at(asked, "ta"), again, follow=True).content.decode()
    assert fresh(asked).assignee == town.robin
    away.delete()
    kim.post(at(asked, "ta"), again)
    assert fresh(asked).assignee == town.kim


def test_two_conversations_are_linked_and_merged(kim: Client, asked: Conversation, town: Town) -> None:
    other = question(town.mailbox, "Plogningen igen")
    kim.post(at(asked, "lanka"), {"other": other.number})
    assert other.number in kim.get(at(asked)).content.decode()
    page = kim.post(at(asked, "sla-ihop"), {"other": other.number}, follow=True).content.decode()
    assert f'Sammanslaget med <span class="desk-whole">{other.number}</span>' in page
    assert fresh(asked).merged_into_id == other.pk
    strangers = question(town.school_mailbox, "Läxor")
    page = kim.post(at(other, "sla-ihop"), {"other": strangers.number}, follow=True).content.decode()
    assert "Du ser inget samtal med det numret" in page


def test_the_municipality_writes_first(kim: Client) -> None:
    first = {
        "recipient": "bo@example.org",
        "subject": "Avstängd gata",
        "text": "Vi gräver på måndag.",
        "act": "save",
    }
    assert (
        "Vi gräver på måndag.</textarea>"
        in kim.post("/desk/skriv-forst/", first, follow=True).content.decode()
    )
    page = kim.post("/desk/skriv-forst/", first | {"act": "send"}, follow=True).content.decode()
    assert "Samtalet har nummer" in page
    assert Delivery.objects.get(kind="first").recipient == "bo@example.org"
    page = kim.post(
        "/desk/skriv-forst/", first | {"act": "send", "recipient": "nej"}, follow=True
    ).content.decode()
    assert "det du skrev finns kvar" in page


def test_a_failed_delivery_says_why_and_can_be_tried_again(kim: Client, asked: Conversation) -> None:
    write(kim, asked)
    delivery = Delivery.objects.get(kind="answer")
    Delivery.objects.filter(pk=delivery.pk).update(state="failed", attempts=9, reply="550 no such user")
    page = kim.get(at(asked)).content.decode()
    assert "550 no such user" in page
    page = kim.post(at(asked, "leverans", delivery.pk, "igen"), follow=True).content.decode()
    assert "Vi försöker igen nu" in page
    delivery.refresh_from_db()
    assert delivery.state == "waiting"


def test_a_delayed_answer_says_when_it_is_tried_next_and_why(
    kim: Client, asked: Conversation, settings: object
) -> None:
    with Sink(greylists=True) as sink:
        settings.GENSVAR_MAIL_OUT = sink.url  # type: ignore[attr-defined]
        write(kim, asked)
        with clock.moved(dt.timedelta(minutes=1)):
            runner.run_waiting()
        assert sink.tried
        assert not sink.taken
        delivery = Delivery.objects.get(kind="answer")
        message = Message.objects.get(conversation=asked, direction="out")
        told = (
            f"Försenat till anna@example.org, nytt försök {times.said(delivery.next_try_at)}: "
            f"E-postservern {sink.host}:{sink.port} ber oss vänta: 451 4.7.1 We do not know you yet, try again later"
        )
        for page in (at(asked), at(asked, "svar", message.pk)):
            assert told in kim.get(page).content.decode()
        sink.greylists = False
        with clock.moved(dt.timedelta(minutes=7)):
            runner.run_waiting()
        assert delivery.message_identifier in {mail.message_id for mail in sink.taken}
    page = kim.get(at(asked)).content.decode()
    assert "Försenat" not in page
    assert "Skickat till anna@example.org" in page


def test_words_of_strangers_are_text_on_every_screen(kim: Client, town: Town) -> None:
    trick = "<script>alert(1)</script>{{ 7|add:7 }}' OR 1=1 --"
    asked = question(town.mailbox, trick, sender=f'"{trick}" <anna@example.org>', text=trick)
    for address in (at(asked), "/desk/inkorg/?queue=functions", f"/desk/inkorg/?q={trick}"):
        page = kim.get(address).content.decode()
        assert "<script>alert(1)" not in page
        assert "14&#x27; OR" not in page


def test_what_is_new_is_told_once_and_only_when_something_changed(
    kim: Client, town: Town, asked: Conversation
) -> None:
    version = re.search(r'data-version="(\d+)"', kim.get("/desk/inkorg/?queue=functions").content.decode())
    assert version is not None
    ask = f"/desk/inkorg/nytt/?queue=functions&version={version[1]}"
    assert kim.get(ask).status_code == 204
    newer = question(town.mailbox, "Hål i vägen")
    news = kim.get(ask).json()
    assert newer.number in news["rows"]
    assert kim.get(f"/desk/inkorg/nytt/?queue=functions&version={news['version']}").status_code == 204
    seen = Message.objects.get(conversation=asked)
    word_comes(
        town.mailbox,
        to=town.mailbox.address.replace("@", f"+{asked.participants.get().token}@"),
        text="Hallå?",
    )
    told = kim.get(f"{ask}&open={asked.number}&seen={seen.pk}").json()
    assert "något nytt här" in told["newer"]


def test_an_answer_that_was_kept_in_the_demo_is_seen_in_the_outbox(
    kim: Client, asked: Conversation, town: Town, settings: object
) -> None:
    settings.GENSVAR_MAIL_OUT = "kept"  # type: ignore[attr-defined]
    write(kim, asked)
    with clock.moved(dt.timedelta(minutes=1)):
        runner.run_waiting()
    coordinator = logged_in(town.by_role[Role.COORDINATOR])
    assert "anna@example.org" in coordinator.get("/desk/utkorg/?state=kept").content.decode()
    delivery = Delivery.objects.get(kind="answer")
    assert delivery.state == "kept"
    page = coordinator.get(f"/desk/utkorg/{delivery.pk}/").content.decode()
    assert "Message-ID" in page
    assert f'<a href="{at(asked)}"><span class="desk-whole">{asked.number}</span></a>' in page
    assert "Vi plogar i natt." in page


def test_the_address_of_a_protected_identity_stands_nowhere(
    kim: Client, asked: Conversation, town: Town
) -> None:
    Contact.objects.update(protected=True)
    write(kim, asked)
    rut = logged_in(town.by_role[Role.COORDINATOR])
    delivery = Delivery.objects.get(conversation=asked, kind="answer")
    for client, address in (
        (kim, at(asked)),
        (rut, "/desk/utkorg/"),
        (rut, f"/desk/utkorg/{delivery.pk}/"),
    ):
        page = client.get(address).content.decode()
        assert "någon med skyddad identitet" in page, address
        assert "anna@example.org" not in page, address
        assert "Anna Lind" not in page, address


@pytest.mark.parametrize(
    ("kind", "more"),
    [("answer", {}), ("note", {}), ("forward", {"recipient": "Bolaget@ute.example"})],
)
def test_what_the_back_button_shows_once_more_is_not_said_twice(
    kim: Client, asked: Conversation, kind: str, more: dict[str, str]
) -> None:
    form = {"kind": kind, "text": "Vi plogar\r\ni natt.", "seen": str(asked.messages.get().pk), **more}
    write(kim, asked, **form)
    said = asked.messages.count()
    page = write(kim, asked, **form)
    assert "Dina ord finns redan här" in page
    assert (asked.messages.count(), Draft.objects.count()) == (said, 0)
    write(kim, asked, **form | {"text": "Och sandar i morgon."})
    assert asked.messages.count() == said + 1


def test_the_same_words_may_be_said_again_by_who_has_seen_them_stand_there(
    kim: Client, asked: Conversation
) -> None:
    write(kim, asked, seen=asked.messages.get().pk)
    newest = asked.messages.order_by("-pk")[0].pk
    write(kim, asked, seen=newest)
    assert asked.messages.filter(direction="out").count() == 2


def test_a_character_that_no_database_keeps_is_left_out_of_what_is_typed(
    kim: Client, asked: Conversation
) -> None:
    write(kim, asked, "save", text="Vi plogar\0 i natt.", recipient="a\0@b.example")
    assert Draft.objects.get().text == "Vi plogar i natt."
    assert kim.get("/desk/inkorg/?function=%00&channel=%00").status_code == 200
    assert kim.get("/desk/inkorg/%00/").status_code == 404
