"""Comments: kept at once, shown only confirmed and let through; and those who try otherwise."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from gensvar.answers.models import Delivery
from gensvar.conversations import services as conversations
from gensvar.conversations.models import Contact, Conversation, Message, Participant
from gensvar.conversations.queries import resident_thread
from gensvar.core import clock, tokens
from gensvar.core.models import AuditEntry
from gensvar.publishing import gate as exchanges
from gensvar.publishing import services as publishing
from gensvar.publishing.comments import gate, moderation
from gensvar.publishing.comments.models import Comment, CommentAnswer
from gensvar.publishing.services import NotPublishable
from gensvar.square.tests import comments_scene as stage
from gensvar.square.tests import scene
from gensvar.square.tests.comments_scene import SANDBOX as SECRET
from gensvar.square.tests.comments_scene import Commented, comment, confirm, ground, mails, page, shown

pytestmark = pytest.mark.django_db

STATE = Comment.State


@pytest.fixture
def after(settings: Any) -> None:
    settings.GENSVAR_COMMENTS = "after"


# --- The way that it goes --------------------------------------------------------------------------


def test_a_comment_opens_a_conversation_of_its_own_with_those_who_answer_for_the_page(
    commented: Commented,
) -> None:
    one = comment(commented)
    conversation = one.message.conversation
    assert one.message.envelope is not None
    assert b"Bra att det plogas" in one.message.envelope.read_raw()
    assert conversation.function == commented.town.function, "not the function of the form"
    assert conversation.linked_from == commented.exchange.conversation
    assert conversation.due_at is not None
    assert conversation.visibility == Conversation.Visibility.PRIVATE
    assert conversation.pk != commented.exchange.conversation_id


def test_who_sent_it_gets_no_key_to_it_and_one_mail_that_quotes_nothing(commented: Commented) -> None:
    answer = stage.send(commented, SECRET, name="Köp billiga klockor")
    assert answer["Location"] == "/kommentar/tack"
    assert Client().get("/kommentar/tack").status_code == 200
    (mail,) = mails(Comment.objects.get())
    assert mail.recipient == stage.BEA
    assert mail.recipient_name == ""
    for foreign in (SECRET, "klockor", commented.exchange.title):
        assert foreign not in mail.subject + mail.text
    assert "/samtal/" not in mail.text


def test_before_it_is_confirmed_it_is_kept_and_seen_nowhere(commented: Commented, after: None) -> None:
    one = comment(commented, SECRET)
    assert one.state == STATE.UNCONFIRMED
    number = commented.exchange.number
    for path in (
        commented.page,
        commented.form,
        f"{commented.form}?svar={one.pk}",
        "/",
        "/fragor",
        "/sok?q=sandlådan",
        "/folj/alla.atom",
        "/folj/alla.rss",
        "/folj/alla.json",
        "/kommentar/tack",
        stage.link_in(mails(one)[0], "bekrafta"),
    ):
        assert "andlådan vid" not in Client().get(path, follow=True).content.decode(), path
    assert gate.find(one.pk, "exchange", number) is None
    with pytest.raises(NotPublishable):
        moderation.show(one, by=commented.town.staff)


def test_opening_the_mailed_link_confirms_nothing_and_pressing_the_button_twice_is_once(
    commented: Commented,
) -> None:
    one = comment(commented)
    path = stage.link_in(mails(one)[0], "bekrafta")
    for _ in range(2):
        assert Client().get(path).status_code == 200
    assert Comment.objects.get().state == STATE.UNCONFIRMED
    confirmed = confirm(one)
    assert confirmed.state == STATE.WAITING
    moderation.remove(confirmed, ground(), "", by=commented.town.staff)
    assert confirm(one).state == STATE.REMOVED, "an old link shows nothing anew"
    assert AuditEntry.objects.filter(action="comments.confirmed").count() == 1


def test_read_before_it_waits_for_a_person_and_read_after_it_is_shown_at_once(
    commented: Commented, settings: Any
) -> None:
    one = confirm(comment(commented, SECRET))
    assert one.state == STATE.WAITING
    assert SECRET not in page(commented)
    moderation.show(one, by=commented.town.staff)
    assert SECRET in page(commented)
    settings.GENSVAR_COMMENTS = "after"
    assert "Någon i kommunen" not in page(commented)
    assert confirm(comment(commented, "Och gungorna knakar.", name="")).state == STATE.SHOWN
    assert "Någon i kommunen" in page(commented)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"text": "Ring Anna Lindqvist på 070-174 06 05."}, "personal"),
        ({"text": "Hälsar Bea, bea@post.example"}, "personal"),
        ({"text": "Se www.ett.example och https://tva.example nu"}, "links"),
        ({"name": "Kim Ek"}, "name"),
        ({"name": "Norrviks kommun"}, "name"),
        ({"name": "Bea 070-174 06 05"}, "name"),
    ],
)
def test_what_a_person_should_look_at_waits_also_where_comments_are_read_after(
    commented: Commented, after: None, fields: dict[str, str], why: str
) -> None:
    one = confirm(comment(commented, **fields))
    assert one.found == [why]
    assert one.state == STATE.WAITING


def test_a_reply_is_linked_to_what_it_replies_to_and_stands_below_it_in_two_levels(
    commented: Commented, after: None
) -> None:
    first = shown(commented, "Plogen var snäll.")
    second = shown(
        commented, "Det tyckte jag med.", reply_to=str(first.pk), email="cia@post.example", name="Cia"
    )
    english = "And so did I, it is the best of them."
    third = shown(commented, english, reply_to=str(second.pk), email="dan@post.example", name="Dan")
    assert (second.parent, third.parent) == (first, first)
    assert second.message.conversation.linked_from == first.message.conversation
    assert third.message.conversation.linked_from == second.message.conversation
    (top,) = gate.thread("exchange", commented.exchange.number).comments
    assert [one.name for one in top.replies] == ["Cia", "Dan"]
    assert 'id="kommentar-' in page(commented)
    assert f'dir="auto" lang="en">{english}' in page(commented), "written on a page in Swedish"


def test_after_it_is_confirmed_our_answer_goes_by_mail_and_may_stand_below_it(commented: Commented) -> None:
    one = comment(commented, SECRET)
    participant = Participant.objects.get(conversation=one.message.conversation)
    assert participant.answer_by == "here", (
        "nothing but the question is mailed to an address that nobody confirmed"
    )
    one = confirm(one)
    participant.refresh_from_db()
    assert participant.answer_by == "email"
    moderation.show(one, by=commented.town.staff)
    said = scene.answer(commented.town, participant, "Hej Bea, sanden kommer på fredag.")
    assert "sanden kommer" not in page(commented), "not without a person's yes"
    proposed = moderation.proposed_answer(said)
    assert "Bea" not in proposed
    with pytest.raises(NotPublishable):
        moderation.show_answer(one, said, "Hej Bea, sanden kommer på fredag.", by=commented.town.staff)
    row = moderation.show_answer(one, said, proposed, by=commented.town.staff)
    assert "sanden kommer på fredag" in page(commented)
    moderation.hide_answer(row, by=commented.town.staff)
    assert "sanden kommer" not in page(commented)


def test_an_answer_from_elsewhere_never_stands_below_a_comment(commented: Commented) -> None:
    one = shown(commented)
    elsewhere = commented.exchange.conversation.messages.get(direction=Message.Direction.OUT)
    theirs = commented.exchange.conversation.messages.get(direction=Message.Direction.IN)
    participant = Participant.objects.get(conversation=one.message.conversation)
    forward = scene.answer(commented.town, participant, "Kan ni titta till henne?")
    Message.objects.filter(pk=forward.pk).update(marks=["forward"])
    forward.refresh_from_db()
    for message in (elsewhere, theirs, one.message, forward):
        with pytest.raises(NotPublishable):
            moderation.show_answer(one, message, "I kväll.", by=commented.town.staff)
    for message in (elsewhere, forward):
        CommentAnswer.objects.create(
            comment=one,
            message=message,
            text="SMUGEN",
            approved_at=clock.now(),
            approved_by=commented.town.staff,
        )
    assert "SMUGEN" not in page(commented)


# --- Those who may not be seen, and those who try ---------------------------------------------------


def test_the_gate_asks_anew_at_every_reading(commented: Commented) -> None:
    one = shown(commented)
    message, kim = one.message, commented.town.staff
    assert message.contact_id is not None
    conversations.set_may_publish(message, False)
    assert SECRET not in page(commented)
    conversations.set_may_publish(message, True)
    assert SECRET in page(commented)
    Contact.objects.filter(pk=message.contact_id).update(protected=True)
    assert SECRET not in page(commented)
    Contact.objects.filter(pk=message.contact_id).update(protected=False)
    conversations.mark_spam(message.conversation, by=kim)
    assert SECRET not in page(commented)
    conversations.not_spam(message.conversation, by=kim)
    participant = Participant.objects.get(conversation=message.conversation)
    conversations.set_show_name(participant, False)
    assert "<bdi>Bea</bdi>" not in page(commented)
    publishing.withdraw(commented.exchange, "Fel", by=kim)
    assert Client().get(commented.page).status_code == 410
    assert Client().get(commented.form).status_code == 404


def test_nobodys_private_link_or_mail_shows_anothers_words(commented: Commented, after: None) -> None:
    first = shown(commented)
    second = comment(
        commented, "Bara mellan oss.", reply_to=str(first.pk), email="cia@post.example", name="Cia"
    )
    for one, hidden in ((first, "Bara mellan oss."), (second, SECRET)):
        participant = Participant.objects.get(conversation=one.message.conversation)
        assert [word.pk for word in resident_thread(participant)] == [one.message.pk]
        assert hidden not in Client().get(f"/samtal/{participant.token}").content.decode()
        assert all(hidden not in mail.text for mail in mails(one))
    asker = Participant.objects.get(conversation=commented.exchange.conversation)
    assert SECRET not in Client().get(f"/samtal/{asker.token}").content.decode()


def test_forged_and_foreign_tokens_open_nothing(commented: Commented) -> None:
    one, other = shown(commented), comment(commented, "En annan.", email="cia@post.example")
    decision = moderation.remove(one, ground(), "", by=commented.town.staff)
    good = tokens.make("comment-confirm", other.key)
    participant = Participant.objects.get(conversation=other.message.conversation)
    for token in (
        good[:-2] + ("aa" if good[-2:] != "aa" else "bb"),
        tokens.make("comment-confirm", tokens.new_key()),
        tokens.make("comment-appeal", other.key),
        tokens.make("conversation", other.key),
        participant.token,
        "a" * 36,
        "%00" * 5,
    ):
        assert Client().get(f"/kommentar/bekrafta/{token}").status_code == 404
        assert Client().post(f"/kommentar/bekrafta/{token}").status_code == 404
    for token in (
        tokens.make("comment-confirm", decision.key),
        good,
        tokens.make("comment-appeal", other.key),
    ):
        assert Client().get(f"/kommentar/overklaga/{token}").status_code == 404
    assert Comment.objects.get(pk=other.pk).state == STATE.UNCONFIRMED


def test_a_link_confirms_for_two_weeks(commented: Commented) -> None:
    one = comment(commented)
    with clock.moved(dt.timedelta(days=15)):
        assert confirm(one).state == STATE.UNCONFIRMED


def test_another_site_cannot_press_the_button(commented: Commented) -> None:
    path = stage.link_in(mails(comment(commented))[0], "bekrafta")
    assert Client().post(path, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 404
    assert Client().post(path, headers={"Origin": "https://elak.example"}).status_code == 404
    assert Comment.objects.get().state == STATE.UNCONFIRMED
    assert (
        Client()
        .post(commented.form, stage.filled(commented, "Hej"), headers={"Sec-Fetch-Site": "cross-site"})
        .status_code
        == 422
    )


def test_the_same_form_sent_twice_is_one_comment(commented: Commented) -> None:
    sent = stage.filled(commented, "En gång.")
    for _ in range(2):
        assert Client().post(commented.form, sent).status_code == 303
    stage.work()
    assert Comment.objects.count() == 1
    assert len(mails(Comment.objects.get())) == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"token": "a" * 36},
        {"comment_on": "exchange 2026-999999"},
        {"may_publish": "0"},
        {"answer_by": "email"},
        {"email": ["bea@post.example", "offer@post.example"]},
        {"postal_address": "Storgatan 1"},
        {"text": ["ett", "två"]},
    ],
)
def test_a_form_with_more_or_other_than_ours_is_refused(commented: Commented, fields: dict[str, Any]) -> None:
    assert stage.send(commented, **({"text": "Hej"} | fields)).status_code == 400
    assert not Comment.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"email": "bea@post.example\r\nBcc: alla@post.example"},
        {"name": "Bea\nSubject: Hej"},
        {"email": "bea"},
        {"email": ""},
        {"text": " "},
        {"text": "x" * 5001},
        {"website": "x"},
    ],
)
def test_headers_and_empty_words_do_not_get_in(commented: Commented, fields: dict[str, str]) -> None:
    assert stage.send(commented, **({"text": "Hej"} | fields)).status_code == 422
    assert not Comment.objects.exists()


def test_a_word_in_a_conversation_that_stood_before_is_no_comment(commented: Commented) -> None:
    """The bytes of a comment with somebody's token, handed to intake past the form, join and are never shown."""
    from gensvar.intake.models import Envelope
    from gensvar.publishing.comments.events import CommentKept
    from gensvar.square import arriving

    asker = Participant.objects.get(conversation=commented.exchange.conversation)
    body = f"text=Smugen&token={asker.token}&may_publish=1"
    from django.http import QueryDict

    raw = f"Content-Type: application/x-www-form-urlencoded\r\n\r\n{body}".encode()
    post = arriving.Post(raw, QueryDict(body), ())
    arriving.keep(
        post,
        source=Envelope.Source.FORM,
        fact=lambda number: CommentKept(number, "exchange", commented.exchange.number),
    )
    stage.work()
    assert Message.objects.filter(text="Smugen").exists()
    assert not Comment.objects.exists()


def test_one_address_gets_three_questions_an_hour_and_one_of_ours_none(commented: Commented) -> None:
    for number in range(5):
        comment(commented, f"Kommentar {number}")
    assert Delivery.objects.filter(recipient=stage.BEA).count() == 3
    stage.send(commented, "Hej", email="kommun@norrvik.example")
    assert not Delivery.objects.filter(recipient="kommun@norrvik.example").exists()


@pytest.mark.usefixtures("one_span")
def test_one_network_may_send_a_tenth_as_many_comments_as_words(commented: Commented, settings: Any) -> None:
    settings.GENSVAR_FORM_LIMIT = 30
    assert [stage.send(commented, f"Hej {n}").status_code for n in range(4)] == [303, 303, 303, 429]


def test_words_are_shown_as_words(commented: Commented) -> None:
    shown(commented, "<script>alert(1)</script> http://elak.example", name="<b>Bea</b>")
    seen = page(commented)
    assert "<script>alert" not in seen
    assert "<b>Bea" not in seen
    assert "&lt;script&gt;alert" in seen
    assert 'href="http://elak.example' not in seen


def test_a_page_of_many_comments_is_read_with_a_steady_number_of_queries(
    commented: Commented, after: None, django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = commented.exchange.number
    with django_assert_num_queries(1):
        gate.thread("exchange", number)
    first = shown(commented, "Ett.")
    shown(commented, "Två.", email="cia@post.example", reply_to=str(first.pk))
    with django_assert_num_queries(1):
        gate.thread("exchange", number)
    for name in ("dan", "eva", "ivo"):
        shown(commented, f"{name} var här.", email=f"{name}@post.example")
    with django_assert_num_queries(1):
        assert len(gate.thread("exchange", number).comments) == 4
    monkeypatch.setattr(gate, "PAGE", 2)
    second = gate.thread("exchange", number, 2)
    assert [one.text for one in second.comments] == ["eva var här.", "ivo var här."]
    assert (second.before, second.after) == (1, 0)
    assert exchanges.find(number) is not None
