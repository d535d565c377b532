"""Rounds from the first question to the published page: who is asked, when it opens, what four and five answers make of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.db import IntegrityError, transaction
from django.utils.translation import override

from gensvar.answers.models import Delivery
from gensvar.core import clock
from gensvar.core.access import NotAllowed
from gensvar.core.models import AuditEntry
from gensvar.core.recurring import TimeCame
from gensvar.learning.surveys import answering, checking, gate, inviting, opening, services, wording
from gensvar.learning.surveys.models import FreeText, Invitation, SealedAnswer, Survey, SurveyForm, Tally
from gensvar.learning.surveys.wording import Asked
from gensvar.learning.tests.leading import ANSWERS, NAMES, House, answer, invitation
from gensvar.people.models import Person
from gensvar.people.tests.factories import make_person, user_of
from gensvar.publishing import short_links
from gensvar.publishing.models import ShortLink
from gensvar.publishing.services import NotPublishable

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with override("en"):
        yield


@pytest.fixture
def house() -> House:
    return House()


def test_those_who_hold_what_the_leader_holds_are_asked_and_can_be_changed_before_it_opens(
    house: House,
) -> None:
    survey = house.prepared()
    names = survey.invitations.order_by("person__name").values_list("person__name", flat=True)
    assert list(names) == list(NAMES)
    other = make_person("Gun Sjö", house.office)
    services.save_asked(survey, [*house.led[:4], other, house.ulla], by=house.by)
    assert survey.invitations.count() == 5, "the leader is never asked"
    services.open_(survey, by=house.by)
    with pytest.raises(NotPublishable, match="People have been asked"):
        services.save_asked(survey, house.led, by=house.by)
    mails = Delivery.objects.filter(kind=Delivery.Kind.SURVEY)
    assert set(mails.values_list("recipient_name", flat=True)) == {*NAMES[:4], "Gun Sjö"}
    assert len({one.text for one in mails}) == 5, "each has a link of their own"


def test_somebody_without_a_log_in_is_asked_too_and_nobody_without_a_mailbox(house: House) -> None:
    survey = house.prepared()
    by_mail = Person.objects.create(name="Hans Ö", email="hans@norrvik.example")
    nowhere = Person.objects.create(name="Ingen Post")
    services.save_asked(survey, [*house.led[:4], by_mail, nowhere], by=house.by)
    with pytest.raises(NotPublishable, match="Ingen Post"):
        services.open_(survey, by=house.by)
    services.save_asked(survey, [*house.led[:4], by_mail], by=house.by)
    services.open_(survey, by=house.by)
    assert Delivery.objects.filter(recipient="hans@norrvik.example", state="waiting").exists()


def test_fewer_than_five_are_never_asked_since_nothing_could_be_opened(house: House) -> None:
    survey = house.prepared()
    services.save_asked(survey, house.led[:4], by=house.by)
    with pytest.raises(NotPublishable, match="At least 5"):
        services.open_(survey, by=house.by)
    assert not Delivery.objects.exists()


def test_four_answers_open_nothing_and_the_fifth_opens_all_at_once(house: House) -> None:
    survey = house.closed(*ANSWERS[:4])
    assert survey.state == Survey.State.CLOSED
    assert gate.as_it_would_be(survey) is None
    assert (Tally.objects.count(), FreeText.objects.count(), SealedAnswer.objects.count()) == (0, 0, 4)
    with pytest.raises(NotPublishable, match="too few"):
        services.open_answers(survey, by=house.by)
    with pytest.raises(NotPublishable):
        services.publish(survey, by=house.by)
    with pytest.raises(answering.NotTaken):
        answer(survey, house.led[4], ANSWERS[4])
    services.prolong(survey, clock.today() + dt.timedelta(days=3), by=house.by)
    answer(survey, house.led[4], ANSWERS[4])
    assert gate.as_it_would_be(Survey.objects.get()) is None, "nothing is shown while it is open"
    assert services.close(survey, by=house.by)
    survey.refresh_from_db()
    assert (survey.asked, survey.answered) == (6, 5)
    tally = Tally.objects.get(question__key="direction")
    assert tally.steps == (1, 1, 0, 2, 1)
    assert set(FreeText.objects.values_list("words", flat=True)) == {
        str(given[key]) for given in ANSWERS for key in ("keep", "change") if key in given
    }
    assert not SealedAnswer.objects.exists()
    assert not Invitation.objects.filter(answered=True).exists(), "who answered is forgotten"


def test_a_statement_that_fewer_than_five_judged_leaves_no_sum_at_all(house: House) -> None:
    house.closed(*ANSWERS)
    assert set(Tally.objects.values_list("question__key", flat=True)) == {"direction"}
    survey = Survey.objects.get()
    shown = gate.as_it_would_be(survey)
    assert shown is not None
    counted = {one.key: one.counted for one in shown.questions if one.is_scale}
    assert counted["listens"] is None, "four chose a step, one could not say"
    assert counted["helps"] is None


def test_each_link_answers_once(house: House) -> None:
    survey = house.opened()
    answer(survey, house.led[0], ANSWERS[0])
    with pytest.raises(answering.NotTaken):
        answer(survey, house.led[0], ANSWERS[1])
    assert SealedAnswer.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.create(survey=survey, person=house.led[0])


def test_the_last_day_ends_at_midnight_in_the_municipality_and_the_clock_closes(house: House) -> None:
    survey = house.opened(days=0)
    for person, given in zip(house.led, ANSWERS, strict=False):
        answer(survey, person, given)
    opening.close_what_is_over(TimeCame("learning.close_surveys", 60))
    survey.refresh_from_db()
    assert survey.state == Survey.State.OPEN
    midnight = clock.begins(clock.today() + dt.timedelta(days=1))
    with clock.moved(midnight - clock.now() + dt.timedelta(seconds=1)):
        with pytest.raises(answering.NotTaken):  # whether or not the clock has closed it
            answer(survey, house.led[5], ANSWERS[0])
        opening.close_what_is_over(TimeCame("learning.close_surveys", 60))
    survey.refresh_from_db()
    assert survey.state == Survey.State.OPENED


def test_a_reminder_goes_once_to_those_who_have_not_answered(house: House) -> None:
    survey = house.opened()
    answer(survey, house.led[0], ANSWERS[0])
    assert services.remind(survey, by=house.by) == 5
    reminded = Invitation.objects.filter(reminder__isnull=False)
    assert not reminded.filter(person=house.led[0]).exists()
    with pytest.raises(NotPublishable):
        services.remind(survey, by=house.by)
    waiting = reminded.select_related("reminder").filter(person=house.led[1]).get()
    assert waiting.reminder is not None
    assert inviting.instead_of_sending(waiting.reminder) is None
    answer(survey, house.led[1], ANSWERS[1])
    assert inviting.instead_of_sending(waiting.reminder) is not None, "who has answered is not asked again"


def test_whoever_it_is_about_does_nothing_to_it_and_sees_no_invitation(house: House) -> None:
    survey = house.opened()
    for act in (
        lambda: services.close(survey, by=user_of(house.ulla)),
        lambda: services.remind(survey, by=user_of(house.ulla)),
        lambda: services.prepare(
            house.ulla, house.function, survey.form, survey.last_day, by=user_of(house.ulla)
        ),
    ):
        with pytest.raises(NotAllowed):
            act()
    with pytest.raises(NotAllowed):
        services.close(survey, by=user_of(house.led[0]))
    from gensvar.answers.queries import outbox

    assert not outbox(user_of(house.ulla)).filter(kind=Delivery.Kind.SURVEY).exists()


def test_a_round_that_never_gets_enough_ends_by_a_decision_that_is_kept(house: House) -> None:
    survey = house.closed(*ANSWERS[:3])
    with pytest.raises(NotPublishable, match="Say why"):
        services.end(survey, " ", by=house.by)
    services.end(survey, "Halva gruppen har slutat.", by=house.by)
    survey.refresh_from_db()
    assert (survey.state, survey.answered) == (Survey.State.ENDED, 3)
    assert not SealedAnswer.objects.exists()
    assert AuditEntry.objects.get(action="surveys.ended").details["answered"] == 3
    house.prepared()  # another may begin now


def test_one_round_of_a_leader_and_function_goes_on_at_a_time(house: House) -> None:
    house.opened()
    with pytest.raises(NotPublishable, match="goes on"):
        house.prepared()


def test_a_form_that_was_asked_is_never_changed_and_another_continues_from_it(house: House) -> None:
    form = SurveyForm.objects.get()
    question = form.questions.first()
    assert question is not None
    house.opened()
    with pytest.raises(NotPublishable, match="Continue from it"):
        wording.save(form, "Annat", "", [Asked("Ny?", "", "text")], by=house.by)
    question.words = "Annat"
    with pytest.raises(ValueError, match="never changed"):
        question.save()
    more = wording.continue_from(form, by=house.by)
    keys = list(form.questions.values_list("key", flat=True))
    assert list(more.questions.values_list("key", flat=True)) == keys
    asked = [Asked(one.words, one.words_en, one.kind, one.key) for one in more.questions.all()[:2]]
    with pytest.raises(NotPublishable, match="Two questions"):
        wording.save(more, "Kortare", "", [asked[0], asked[0]], by=house.by)
    wording.save(more, "Kortare", "", [*asked, Asked("Trivs du?", "", "scale")], by=house.by)
    found = list(more.questions.values_list("key", flat=True))
    assert found[:2] == keys[:2]
    assert found[2] not in keys, "another question has a key of its own"


def test_texts_are_released_masked_or_kept_back_and_never_rewritten(house: House) -> None:
    survey = house.closed(*ANSWERS)
    with pytest.raises(NotPublishable, match="every text"):
        services.publish(survey, by=house.by)
    named = survey.texts.get(words__contains="Ali Berg")
    proposed = checking.proposed(named, checking.names_in(survey))
    assert "Ali Berg" not in proposed
    with pytest.raises(NotPublishable, match="Only parts"):
        checking.release(named, "Fler möten, tycker [namn] och jag.", by=house.by)
    checking.release(named, proposed, by=house.by)
    with pytest.raises(NotPublishable, match="Say why"):
        checking.keep_back(survey.texts.get(words="Öppenheten."), "", by=house.by)
    checking.keep_back(survey.texts.get(words="Öppenheten."), "Går att känna igen.", by=house.by)
    for text in survey.texts.filter(state=FreeText.State.WAITING):
        checking.release(text, text.words, by=house.by)
    services.publish(survey, by=house.by)
    shown = gate.find(Survey.objects.get().slug)
    assert shown is not None
    by_key = {one.key: one for one in shown.questions}
    assert by_key["keep"].texts == ("Fortsätt med måndagsmötena.",)
    assert by_key["keep"].kept_back == 1
    assert proposed in by_key["change"].texts


@pytest.mark.parametrize(
    ("words", "shown", "holds"),
    [
        ("Prata med Bo.", "Prata med Bo.", True),
        ("Prata med Bo.", "Prata med [namn].", True),
        ("Prata med Bo om Bo.", "Prata med [namn] om [namn].", True),
        ("Prata med Bo.", "[namn]", True),
        ("Prata med Bo.", "Prata inte med [namn].", False),
        ("Prata med Bo.", "Prata med Bo.[namn]", False),
        ("Prata med Bo.", "Prata med", False),
        ("Prata med Bo.", "", False),
        ("a" * 900, "[x]".join("a" * 300), True),
        ("Säg [ja].", "Säg [ja].", True),
    ],
)
def test_only_parts_may_be_taken_out(words: str, shown: str, holds: bool) -> None:
    assert checking.is_masked(words, shown) is holds


def test_years_are_compared_by_the_keys_of_the_questions(house: House) -> None:
    with clock.moved(-dt.timedelta(days=400)):
        before = house.published()
    more = wording.continue_from(before.form, by=house.by)
    asked = [Asked(one.words, one.words_en, one.kind, one.key) for one in more.questions.all()]
    asked[0] = Asked("Jag vet vart vi ska.", "", "scale", asked[0].key)
    asked[1] = Asked("Hen lyssnar.", "", "scale")
    wording.save(more, "Kortare", "", asked, by=house.by)
    house_form = SurveyForm.objects.get(pk=more.pk)
    survey = house.prepared(form=house_form)
    services.open_(survey, by=house.by)
    for person in house.led:
        answer(survey, person, {"direction": 4})
    services.close(survey, by=house.by)
    services.publish(survey, by=house.by)
    shown = gate.find(Survey.objects.get(pk=survey.pk).slug)
    assert shown is not None
    (earlier,) = shown.questions[0].earlier
    assert (earlier.year, earlier.counted.steps) == (before.last_day.year, (1, 1, 0, 2, 1))
    assert earlier.words == "I know where we are going, and why."
    assert earlier.path == f"/en/hur-vi-leder/{before.slug}"
    assert shown.questions[1].earlier == (), "it asks something else"
    services.withdraw(before, "Fel", by=house.by)
    shown = gate.find(shown.slug)
    assert shown is not None
    assert shown.questions[0].earlier == (), "what is withdrawn is compared with no more"


def test_it_is_published_with_a_short_link_withdrawn_with_a_reason_and_comes_back_at_its_address(
    house: House,
) -> None:
    survey = house.published()
    code = short_links.code_of(ShortLink.Kind.SURVEY, str(survey.pk))
    assert code
    assert survey.slug == f"{survey.last_day.year}-gata-park"
    with pytest.raises(NotPublishable, match="Say why"):
        services.withdraw(survey, "", by=house.by)
    services.withdraw(survey, "Fel siffror", by=house.by)
    assert gate.find(survey.slug) is None
    assert gate.was_shown(survey.slug)
    services.publish(survey, by=house.by)
    assert gate.find(survey.slug) is not None
    assert short_links.code_of(ShortLink.Kind.SURVEY, str(survey.pk)) == code


def test_a_leader_who_did_not_agree_is_not_named(house: House) -> None:
    Person.objects.filter(pk=house.ulla.pk).update(shown=False)
    survey = house.published(*ANSWERS[:4], {"direction": 3, "keep": "Att Ulla Norr lyssnar."})
    (written,) = survey.texts.filter(words__contains="Ulla Norr")
    assert "Ulla" not in written.shown
    assert checking.names_in(Survey.objects.get()).count(house.ulla.name) == 1
    Person.objects.filter(pk=house.ulla.pk).update(shown=True)
    assert house.ulla.name not in checking.names_in(survey), "the page itself names her"
    Person.objects.filter(pk=house.ulla.pk).update(shown=False)
    shown = gate.find(survey.slug)
    assert shown is not None
    assert shown.leader == ""
    assert "ulla" not in shown.path


def test_the_database_itself_refuses_a_result_of_four(house: House) -> None:
    survey = house.closed(*ANSWERS[:4])
    with pytest.raises(IntegrityError), transaction.atomic():
        Survey.objects.filter(pk=survey.pk).update(state=Survey.State.PUBLISHED, answered=4)
    question = survey.form.questions.all()[0]
    with pytest.raises(IntegrityError), transaction.atomic():
        Tally.objects.create(
            survey=survey,
            question=question,
            step_1=4,
            step_2=0,
            step_3=0,
            step_4=0,
            step_5=0,
            cannot_say=0,
            chose=4,
        )


def test_a_link_of_a_round_in_preparation_opens_nothing(house: House) -> None:
    from gensvar.core import tokens

    survey = house.prepared()
    token = tokens.make(inviting.PURPOSE, invitation(survey, house.led[0]).key)
    assert answering.find(token) is None
    assert answering.find("a" * 36) is None
    services.open_(survey, by=house.by)
    assert answering.find(token) is not None
