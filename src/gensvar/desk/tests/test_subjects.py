"""What a conversation is called: a long subject ends between words and says so, and the whole of it can be read and heard."""

from __future__ import annotations

import pytest

from gensvar.conversations import cleaning
from gensvar.conversations.models import Conversation
from gensvar.desk.tests.scene import Town, logged_in, make_town, question

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
