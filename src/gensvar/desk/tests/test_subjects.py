"""What a conversation is called: a long subject ends between words and says so, and the whole of it can be read and heard."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from django.utils.translation import override

from gensvar.contactpoints.tests.factories import make_contact_point
from gensvar.conversations import cleaning
from gensvar.conversations.models import Conversation
from gensvar.desk import subjects
from gensvar.desk.tests.scene import Town, logged_in, make_town, question
from gensvar.intake.models import Envelope
from gensvar.routing.tests.scene import word_comes

LONG = " ".join(["Snöröjningen på Storgatan"] * 12)  # 311 characters


def test_a_subject_is_cut_between_words_and_says_so() -> None:
    kept = cleaning.subject_line(LONG)
    assert len(kept) <= 250
    assert kept.endswith((" Snöröjningen …", " på …", " Storgatan …"))
    assert cleaning.subject_line("Storgatan") == "Storgatan"
    assert cleaning.subject_line("x" * 250) == "x" * 250
    assert cleaning.subject_line("x" * 251) == "x" * 248 + " …"


@pytest.mark.django_db
@pytest.mark.parametrize("older", [False, True])
def test_the_pane_shows_the_cut_one_and_holds_the_whole(*, older: bool) -> None:
    town: Town = make_town()
    asked = question(town.mailbox, LONG)
    assert asked.subject.endswith(" …")
    if older:  # as they were kept before: cut wherever the room ended
        Conversation.objects.filter(pk=asked.pk).update(subject=LONG[:248])
    page = logged_in(town.kim).get(f"/desk/inkorg/{asked.number}/").content.decode()
    shown = cleaning.subject_line(LONG)
    assert f'<bdi title="{LONG}" aria-hidden="true">{shown}</bdi><bdi class="w-sr-only">{LONG}</bdi>' in page
    assert "desk-word-subject" not in page  # it is not said once more at the word


@pytest.mark.django_db
def test_a_word_from_the_private_link_has_its_writers_name_and_its_first_line_once() -> None:
    town = make_town()
    form = make_contact_point(town.streets, channel="web", address="skriv")
    head = b"Content-Type: application/x-www-form-urlencoded\r\n\r\n"
    first = {"text": "Vem bor där?", "name": "Anna Lind", "answer_by": "here"}
    begun = word_comes(form, raw=head + urlencode(first).encode(), source=Envelope.Source.FORM).conversation
    more = {"text": "Ingen har svarat.", "token": begun.participants.get().token}
    word_comes(form, raw=head + urlencode(more).encode(), source=Envelope.Source.LINK)
    page = logged_in(town.kim).get(f"/desk/inkorg/{begun.number}/").content.decode()
    assert page.count("<strong><bdi>Anna Lind</bdi></strong>") == 2
    assert "desk-word-subject" not in page


@pytest.mark.parametrize("subject", ["Comment: En natt", "تعليق: En natt", "Kommentar: En natt"])
def test_what_a_form_says_before_a_subject_is_read_in_the_readers_language(subject: str) -> None:
    came = Conversation(channel="web", subject=subject)
    assert subjects.as_read(came) == subjects.called(came).shown == "Kommentar: En natt"
    with override("en"):
        assert subjects.as_read(came) == "Comment: En natt"
    assert (
        subjects.as_read(Conversation(channel="email", subject=subject)) == subject
    )  # so they wrote it themselves
    assert subjects.as_read(Conversation(channel="web", subject="About: ")) == "About: "


@pytest.mark.django_db
def test_a_long_subject_and_one_in_a_language_that_the_town_has_left_are_read_so_too(settings: Any) -> None:
    asked = question(make_town().mailbox)
    asked.channel, asked.subject = "web", f"Comment: {LONG[:200]}"
    assert subjects.called(asked).shown == subjects.as_read(asked) == f"Kommentar: {LONG[:200]}"
    settings.LANGUAGES, settings.GENSVAR_LANGUAGES_LEFT = [("sv", "svenska")], ["en", "ar"]
    subjects._first_words.cache_clear()
    assert subjects.as_read(Conversation(channel="web", subject="تعليق: En natt")) == "Kommentar: En natt"
    subjects._first_words.cache_clear()
