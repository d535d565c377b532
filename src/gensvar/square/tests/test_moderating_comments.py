"""A comment is taken away only with a ground, kept, told, and judged anew by another; replies and answers around it."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from gensvar.answers.models import Delivery
from gensvar.conversations.models import Participant
from gensvar.core import clock
from gensvar.core.models import AuditEntry
from gensvar.publishing.comments import moderation, rules
from gensvar.publishing.comments.models import Appeal, Comment
from gensvar.publishing.services import NotPublishable
from gensvar.square.tests import comments_scene as stage
from gensvar.square.tests import scene
from gensvar.square.tests.comments_scene import SANDBOX as SECRET
from gensvar.square.tests.comments_scene import Commented, ground, mails, page, shown

pytestmark = pytest.mark.django_db

STATE = Comment.State


@pytest.fixture
def after(settings: Any) -> None:
    settings.GENSVAR_COMMENTS = "after"


# --- Moderation -----------------------------------------------------------------------------------


def test_taken_away_with_a_ground_kept_told_appealed_and_shown_again_by_another(commented: Commented) -> None:
    one = shown(commented)
    kim = commented.town.staff
    with pytest.raises(NotPublishable):
        moderation.remove(one, None, "", by=kim)
    decision = moderation.remove(one, ground("reklam"), "Skriv gärna utan reklam.", by=kim)
    assert SECRET not in page(commented)
    assert decision.kept_text == SECRET
    notice = mails(one)[-1]
    assert notice.kind == Delivery.Kind.DECISION
    assert "Reklam eller skräp" in notice.text
    assert "Kim Ek" in notice.text
    assert SECRET not in notice.text
    path = stage.link_in(notice, "overklaga")
    participant = Participant.objects.get(conversation=one.message.conversation)
    client = Client()
    assert "Reklam eller skräp" in client.get(path).content.decode()
    sent = {
        "form": scene.form_id(),
        "website": "",
        "token": participant.token,
        "text": "Det är ingen reklam.",
    }
    assert client.post(path, sent).status_code == 303
    stage.work()
    appeal = Appeal.objects.get()
    assert appeal.message.conversation == one.message.conversation
    assert appeal.message.text == "Det är ingen reklam."
    assert "Tack. En annan person tittar på det." in client.get(path).content.decode()
    with pytest.raises(PermissionDenied):
        moderation.judge(appeal, restore=True, words="Nej", by=kim)
    moderation.judge(appeal, restore=True, words="Du har rätt.", by=commented.rut)
    assert SECRET in page(commented)
    link = client.get(path).content.decode()
    assert "Din kommentar visas igen" in link
    assert "Du har rätt." in link
    assert "tittar på det" not in link
    assert "visas igen" in mails(one)[-1].text
    with pytest.raises(NotPublishable):
        moderation.judge(appeal, restore=False, words="Eller?", by=commented.siv)
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"comments.removed", "comments.appealed", "comments.restored"} <= actions


def test_a_coordinator_does_not_judge_an_appeal_against_their_own_decision(commented: Commented) -> None:
    one = shown(commented)
    decision = moderation.remove(one, ground(), "", by=commented.rut)
    path = stage.link_in(mails(one)[-1], "overklaga")
    appeal = Appeal.objects.create(decision=decision, message=one.message, at=clock.now())
    with pytest.raises(PermissionDenied):
        moderation.judge(appeal, restore=True, words="Jo", by=commented.rut)
    moderation.judge(appeal, restore=False, words="Den står inte där.", by=commented.siv)
    assert SECRET not in page(commented)
    link = Client().get(path).content.decode()
    assert "visas fortfarande inte" in link
    assert "Den står inte där." in link


def test_a_ground_that_has_ended_is_none(commented: Commented) -> None:
    one = shown(commented)
    old = ground()
    old.until = clock.today() - dt.timedelta(days=1)
    old.save()
    with pytest.raises(NotPublishable):
        moderation.remove(one, old, "", by=commented.town.staff)


def test_replies_stay_where_what_they_reply_to_was_taken_away(commented: Commented, after: None) -> None:
    first = shown(commented)
    shown(commented, "Håller med.", reply_to=str(first.pk), email="cia@post.example", name="Cia")
    moderation.remove(first, ground("hot"), "", by=commented.town.staff)
    seen = page(commented)
    assert SECRET not in seen
    assert "Bea" not in seen
    assert "Orsaken: Hot" in seen
    assert "Håller med." in seen
    beyond = Client().get(f"{commented.page}?kommentarer=3").content.decode()
    assert "Ingen har kommenterat än." not in beyond, "as where a link of a feed names a page that there was"
    assert 'href="?kommentarer=1#kommentarer"' in beyond


def test_a_page_can_be_closed_for_new_comments_and_the_house_can_take_none(
    commented: Commented, settings: Any
) -> None:
    one = shown(commented)
    moderation.close_page(one, by=commented.town.staff)
    assert stage.send(commented).status_code == 403
    assert SECRET in page(commented)
    assert commented.form not in page(commented)
    moderation.open_page(one, by=commented.town.staff)
    assert Client().get(commented.form).status_code == 200
    settings.GENSVAR_COMMENTS = "off"
    assert Client().get(commented.form).status_code == 403


def test_a_comment_made_to_cost_time_is_looked_at_in_a_moment() -> None:
    began = time.thread_time()
    assert rules.findings("a-" * 10_000, "") == []
    assert time.thread_time() - began < 1  # it took four
