"""What staff read before and after sending, drafts saved as typed, and the mail that tells a colleague of a question."""

from __future__ import annotations

import datetime as dt
from itertools import product

import pytest
from django.utils.translation import override

from gensvar.answers import drafts, services
from gensvar.answers.errors import TooLarge
from gensvar.answers.models import Delivery, Draft, DraftFile
from gensvar.answers.sentences import delivery_sentence
from gensvar.answers.tests.scene import Town, send_waiting, the_delivery
from gensvar.conversations import services as conversations
from gensvar.conversations.models import Contact, Participant
from gensvar.core.roles import Role
from gensvar.people.tests.factories import make_person, user_of


def sentence(town: Town, message: object) -> str:
    conversation = message.conversation  # type: ignore[attr-defined]
    return services.sending_sentence(conversation, town.kim, town.streets, contacts=True)


def test_the_foot_of_the_answer_field_says_what_will_happen(town: Town) -> None:
    message = town.asks()
    with override("sv"):
        assert sentence(town, message) == "Skickas som mejl till anna@example.org från Gata & park (Kim Ek)"
    with override("en"):
        assert sentence(town, message) == "Sent as e-mail to anna@example.org from Gata & park (Kim Ek)"


@pytest.mark.parametrize(
    ("answer_by", "told", "said"),
    [
        ("here", {}, "Visas på den egna länken, från Gata & park (Kim Ek)"),
        (
            "phone",
            {"phone": "0910-12 34 56"},
            "Du ringer Anna Lind på 0910-12 34 56: svaret visas på den egna länken, men inget skickas",
        ),
        (
            "letter",
            {"postal_address": "Storgatan 1\r\n 123 45 Norrvik\n"},
            "Du postar det till Anna Lind, Storgatan 1, 123 45 Norrvik: svaret visas på den egna länken, men inget skickas",
        ),
    ],
)
def test_it_says_so_when_nothing_is_sent(town: Town, answer_by: str, told: dict[str, str], said: str) -> None:
    message = town.asks()
    Participant.objects.update(answer_by=answer_by, **told)
    with override("sv"):
        assert sentence(town, message) == said


def test_what_became_of_it_is_said_in_whole_sentences(town: Town) -> None:
    town.sink.refuses.add("anna@example.org")
    sent = town.answer(town.asks())
    with override("sv"):
        assert delivery_sentence(the_delivery(sent)) == "Väntar på att skickas till anna@example.org"
        send_waiting()
        said = delivery_sentence(the_delivery(sent))
    assert said.startswith("Kom inte fram till anna@example.org: ")
    assert "550 5.1.1" in said


def test_no_sentence_tells_where_somebody_with_a_protected_identity_is(town: Town) -> None:
    town.sink.refuses.add("anna@example.org")
    message = town.asks()
    Contact.objects.update(protected=True)
    Participant.objects.update(phone="0910-12 34 56", postal_address="Storgatan 1")
    with override("sv"):
        assert (
            sentence(town, message)
            == "Skickas som mejl till någon med skyddad identitet från Gata & park (Kim Ek)"
        )
        sent = town.answer(message)
        assert (
            delivery_sentence(the_delivery(sent)) == "Väntar på att skickas till någon med skyddad identitet"
        )
        Delivery.objects.update(reply="550 5.1.1 <Anna@Example.org> finns inte", state="failed")
        assert (
            delivery_sentence(the_delivery(sent))
            == "Kom inte fram till någon med skyddad identitet: 550 5.1.1 <••••••••> finns inte"
        )
        for wish in ("phone", "letter"):
            Participant.objects.update(answer_by=wish)
            said = sentence(town, message)
            assert not [private for private in ("anna@", "0910", "Storgatan", "Anna") if private in said]


def test_the_time_of_a_delivery_reads_as_all_times_of_the_desk(town: Town) -> None:
    sent_at = dt.datetime(2024, 11, 18, 12, 22, tzinfo=dt.UTC)
    delivery = Delivery(channel="email", state="sent", recipient="anna@example.org", sent_at=sent_at)
    with override("sv"):
        assert delivery_sentence(delivery) == "Skickat till anna@example.org mån 18 nov. 2024 13:22"


def test_every_state_of_every_way_has_its_words() -> None:
    for state, channel in product(Delivery.State, ("email", "link", "phone", "letter")):
        with override("sv"):
            assert delivery_sentence(Delivery(channel=channel, state=state, recipient="anna@example.org"))


# --- Drafts -------------------------------------------------------------------------------------------


def test_a_draft_is_saved_as_typed_one_for_each_person_and_kind(town: Town) -> None:
    message = town.asks()
    first = town.draft(message, "Vi")
    second = town.draft(message, "Vi kommer")
    sams = town.draft(message, "Jag", person=make_person("Sam Berg", town.streets))
    assert first.pk == second.pk != sams.pk
    found = drafts.draft_of(town.kim, message.conversation)
    assert found is not None
    assert found.text == "Vi kommer"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Kim\\plan.pdf", "plan.pdf"),
        ("plan\r\nX-Evil: 1.pdf", "plan X-Evil: 1.pdf"),
        ("\u202efdp.exe", "fdp.exe"),
        ("..", "file"),
        ("a" * 400 + ".pdf", "a" * 196 + ".pdf"),
    ],
)
def test_file_names_are_bare_and_harmless(town: Town, given: str, kept: str) -> None:
    file = drafts.add_file(town.draft(town.asks()), given, "application/pdf", b"x")
    assert file.filename == kept


def test_more_than_mail_carries_is_refused_with_words(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "LARGEST", 1024 * 1024)
    draft = town.draft(town.asks())
    drafts.add_file(draft, "a", "text/plain", b"x" * 700_000)
    with pytest.raises(TooLarge):
        drafts.add_file(draft, "b", "text/plain", b"x" * 700_000)
    assert DraftFile.objects.count() == 1


def test_a_draft_and_its_files_can_be_thrown_away(town: Town) -> None:
    draft = town.draft(town.asks())
    file = drafts.add_file(draft, "a.txt", "text/plain", b"x")
    drafts.remove_file(file)
    drafts.add_file(draft, "b.txt", "text/plain", b"x")
    drafts.discard(draft)
    assert not Draft.objects.exists()
    assert not DraftFile.objects.exists()


# --- A colleague is asked -----------------------------------------------------------------------------


def test_a_colleague_who_is_asked_gets_a_mail_without_the_residents_words(town: Town) -> None:
    message = town.asks(subject="Hemligt ämne", text="Hemliga ord")
    sam = make_person("Sam Berg", email="sam@norrvik.example")
    conversations.add_note(message.conversation, "@Sam Berg hemlig fråga?", by=town.user())
    send_waiting()
    (taken,) = town.sink.to("sam@norrvik.example")
    number = message.conversation.number
    assert f"/desk/inkorg/{number}/" in taken.text
    assert taken.mail["Auto-Submitted"] == "auto-replied"
    assert "emlig" not in taken.text
    assert "emlig" not in str(taken.mail["Subject"])
    assert taken.reply_to == "gata@norrvik.example"
    assert sam.email in taken.recipients


def test_nobody_is_told_who_asked_themselves_or_may_not_log_in(town: Town) -> None:
    message = town.asks()
    gone = make_person("Ida Ö", town.streets)
    user = user_of(gone)
    user.is_active = False
    user.save()
    conversations.add_note(message.conversation, "@Kim Ek @Ida Ö kom ihåg", by=town.user())
    send_waiting()
    assert town.sink.taken == []


def test_the_notice_speaks_the_colleagues_language(town: Town) -> None:
    message = town.asks()
    pat = make_person("Pat Ros", town.streets, roles=(Role.ANSWERER,))
    user = user_of(pat)
    user.language = "en"
    user.save()
    conversations.add_note(message.conversation, "@Pat Ros can you?", by=town.user())
    send_waiting()
    assert town.sink.taken[0].text.startswith("Kim Ek asks you")
