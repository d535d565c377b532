"""A signature that is asked for goes over with a handover, can be given there, and comes back within the week."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gensvar.answers import cosigning, services
from gensvar.answers.models import CoSigner, Draft
from gensvar.conversations.models import Mention
from gensvar.core.access import NotAllowed
from gensvar.desk.tests.scene import Town
from gensvar.people.handover import services as handing
from gensvar.people.handover.models import HandoverItem
from gensvar.people.handover.plan import plan_of
from gensvar.people.tests.factories import user_of
from tests.leaver import done, prepared, siv, town_with_a_leaver
from tests.scenes import Scenes

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(scenes: Scenes) -> Iterator[Town]:
    with scenes.meet(town_with_a_leaver) as town:
        yield town


def to_be_signed() -> CoSigner:
    return CoSigner.objects.select_related("draft__conversation", "draft__person").get()


def signs(asked: CoSigner, town: Town) -> None:
    cosigning.sign(asked, cosigning.words_of(asked.draft), by=user_of(town.robin))


def test_who_takes_it_over_is_asked_and_may_sign_and_the_answer_goes_out_in_both_names(town: Town) -> None:
    with pytest.raises(NotAllowed):
        signs(to_be_signed(), town)
    done(town)
    asked = to_be_signed()
    assert asked.person == town.robin
    assert asked.draft.conversation is not None
    assert cosigning.asked_of(town.robin, asked.draft.conversation.pk) == [asked]
    waiting = Mention.objects.filter(message__person=town.sam, seen_at=None)
    assert [one.person for one in waiting] == [town.robin]
    signs(asked, town)
    message = services.send_answer(asked.draft, by=user_of(town.sam))
    assert (message.person, message.co_signer) == (town.sam, town.robin)


def test_it_stands_in_the_plan_and_goes_back_unless_it_was_signed(town: Town) -> None:
    number = to_be_signed().draft.conversation
    handover = done(town)
    item = HandoverItem.objects.get(kind="signatures")
    assert (item.label, item.to) == (str(number.number if number else ""), town.robin)
    assert handing.undo(handover, by=siv())["stayed"] == 0
    assert to_be_signed().person == town.kim
    waiting = Mention.objects.filter(message__person=town.sam, seen_at=None)
    assert [one.person for one in waiting] == [town.kim]


def test_what_the_other_has_signed_meanwhile_stays_with_them(town: Town) -> None:
    handover = done(town)
    signs(to_be_signed(), town)
    handing.undo(handover, by=siv())
    assert HandoverItem.objects.get(kind="signatures").state == HandoverItem.State.STAYED
    assert to_be_signed().person == town.robin


def test_a_signature_that_is_given_is_history_until_the_words_change(town: Town) -> None:
    asked = to_be_signed()
    cosigning.sign(asked, cosigning.words_of(asked.draft), by=user_of(town.kim))
    kinds = [holding.kind for holding, _line in plan_of(prepared(town)).lines]
    assert "signatures" not in kinds
    Draft.objects.filter(pk=asked.draft_id).update(text="Vi byter den i morgon.")
    done(town)
    asked = to_be_signed()
    assert (asked.person, asked.signed) == (town.robin, "")


def test_a_writer_who_takes_it_over_answers_alone_and_undoing_asks_again(town: Town) -> None:
    draft = to_be_signed().draft
    Draft.objects.filter(pk=draft.pk).update(person=town.robin)
    handover = done(town)
    assert not CoSigner.objects.exists()
    handing.undo(handover, by=siv())
    assert to_be_signed().person == town.kim
