"""Guest voices: written together without loss, and nothing of it public without the guest's yes to that very wording."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from gensvar.answers.models import Delivery
from gensvar.contactpoints.tests.factories import make_contact_point
from gensvar.core import clock
from gensvar.core.access import NotAllowed
from gensvar.core.models import Event, User
from gensvar.core.recurring import TimeCame
from gensvar.core.roles import Role
from gensvar.publishing.events import GuestPublished
from gensvar.publishing.guests import agreeing, services
from gensvar.publishing.guests.models import GuestVersion, GuestVoice, GuestYes
from gensvar.publishing.guests.writing import Written, rich
from gensvar.publishing.posts import gate
from gensvar.publishing.posts import services as posts
from gensvar.publishing.posts.clockwork import keep_times
from gensvar.publishing.posts.guest_bylines import GuestByline
from gensvar.publishing.posts.models import Byline, Post, Source
from gensvar.publishing.services import NotPublishable
from gensvar.publishing.tests.guests_scene import (
    TEXT,
    agreed,
    draft_of,
    handed_in,
    invite,
    published,
    wording_of,
)
from gensvar.publishing.tests.posts_scene import Paper, draft, home
from gensvar.publishing.tests.scene import member

pytestmark = pytest.mark.django_db

State = GuestVoice.State


@pytest.fixture
def paper() -> Paper:
    return Paper.make()


def mails_to(address: str) -> list[Delivery]:
    return list(Delivery.objects.filter(recipient=address).order_by("pk"))


def run_facts() -> None:
    for event in Event.objects.filter(fact="guest_published"):
        agreeing.tell_published(GuestPublished(**event.payload))


def test_an_invitation_goes_by_the_one_outbox_signed_by_who_looks_after_the_guest(paper: Paper) -> None:
    guest = invite(paper)
    assert invite(paper) == guest  # a second click
    (mail,) = mails_to("anna@example.org")
    assert (mail.kind, mail.person, mail.function) == (Delivery.Kind.GUEST, paper.person, paper.function)
    assert "/gast/" in mail.text
    assert "Bron vid kvarnen" in mail.text
    assert "Kim Ek" in mail.text


def test_an_invitation_to_something_else_or_after_one_that_was_taken_back_is_another(paper: Paper) -> None:
    guest = invite(paper)
    assert invite(paper, about="Räcket") != guest
    services.take_back(guest, by=paper.editor)
    again = invite(paper)
    assert again != guest
    with clock.moved(dt.timedelta(minutes=11)):
        assert invite(paper) not in {guest, again}


def test_who_may_not_publish_may_not_invite(paper: Paper) -> None:
    paper_of_another = Paper(member("bo@norrvik.example", Role.ANSWERER), paper.person, paper.function)
    with pytest.raises(NotAllowed):
        invite(paper_of_another)


def test_who_looks_after_a_guest_speaks_for_the_function_that_invites(paper: Paper) -> None:
    with pytest.raises(NotPublishable):
        invite(paper, host=Paper.make().person)


@pytest.mark.parametrize(
    "wrong",
    [{"email": "gata@norrvik.example"}, {"email": "anna"}, {"last_day": dt.date(2020, 1, 1)}],
)
def test_an_invitation_that_could_not_work_is_refused_in_words(
    paper: Paper, wrong: dict[str, object]
) -> None:
    make_contact_point(paper.function, address="gata@norrvik.example")
    with pytest.raises(NotPublishable) as refusal:
        invite(paper, **wrong)
    assert refusal.value.reasons
    assert not GuestVoice.objects.exists()
    assert not Delivery.objects.exists()


def test_each_turn_is_kept_with_who_made_it(paper: Paper) -> None:
    guest = invite(paper)
    services.write(guest, TEXT, seen=0)
    shorter = Written(TEXT.title, TEXT.lead, "Varje dag går jag över bron.")
    services.write(guest, shorter, seen=1, person=paper.person, by=paper.editor)
    services.write(guest, shorter, seen=2)  # the same words are no new version
    rows = list(guest.versions.order_by("number").values_list("number", "person", "aside"))
    assert rows == [(1, None, False), (2, paper.person.pk, False)]
    assert "Vi har" in mails_to("anna@example.org")[-1].subject


def test_a_save_on_top_of_somebody_elses_newer_version_is_kept_aside_and_shows_both(paper: Paper) -> None:
    guest = invite(paper)
    services.write(guest, TEXT, seen=0)
    services.write(guest, Written("Bron", "Kort.", "Vår."), seen=1, person=paper.person, by=paper.editor)
    mine = services.write(guest, Written("Min bro", "Kort.", "Min."), seen=1)
    assert mine.newer is not None
    assert (mine.newer.title, mine.version.title, mine.version.aside) == ("Bron", "Min bro", True)
    newest = services.newest(guest)
    assert newest is not None
    assert newest.title == "Bron"
    again = services.write(guest, Written("Min bro", "Kort.", "Min."), seen=newest.number)
    assert again.newer is None
    assert GuestVersion.objects.filter(guest=guest).count() == 4


def test_what_is_handed_in_is_a_draft_under_the_guests_name_and_whoever_looks_after_it_is_told(
    paper: Paper,
) -> None:
    guest = handed_in(paper)
    assert guest.state == State.HANDED_IN
    assert guest.post is not None
    assert not guest.post.live
    assert str(guest.post.guest_byline) == "Anna Lind, Kvarnens vänner"
    (told,) = mails_to(paper.editor.email)
    assert "Anna Lind" in told.subject
    assert "bron" not in told.text
    assert not guest.post.may_vanish


def test_half_a_text_is_saved_but_not_handed_in(paper: Paper) -> None:
    guest = invite(paper)
    services.write(guest, Written("Bron"), seen=0)
    with pytest.raises(NotPublishable):
        services.hand_in(guest)
    assert guest.versions.get().title == "Bron"


def test_after_the_last_day_nothing_is_written_any_more(paper: Paper) -> None:
    guest = invite(paper)
    with clock.moved(dt.timedelta(days=15)):
        with pytest.raises(NotPublishable):
            services.write(guest, TEXT, seen=0)
        assert services.locked(guest).has_ended
        services.move_last_day(guest, clock.today(), by=paper.editor)
        assert services.write(guest, TEXT, seen=0).newer is None


def test_no_way_publishes_a_guests_words_without_their_yes(paper: Paper) -> None:
    guest = handed_in(paper)
    post = draft_of(guest)
    with pytest.raises(ValidationError), transaction.atomic():
        posts.publish(post, by=paper.editor)
    post = draft_of(guest)
    post.live = True
    with pytest.raises(ValidationError):
        post.save()
    post = draft_of(guest)
    post.go_live_at = clock.now() + dt.timedelta(hours=1)
    post.save_revision().publish()
    with clock.moved(dt.timedelta(hours=2)):
        keep_times(TimeCame("publishing.keep_times_of_posts", 10.0))
    assert not Post.objects.filter(live=True).exists()
    Post.objects.filter(pk=post.pk).update(live=True, first_published_at=clock.now())
    assert not gate.is_shown(post.pk), "the gate itself asks for the yes"


def test_a_yes_holds_for_one_wording_alone(paper: Paper) -> None:
    guest = agreed(paper)
    post = draft_of(guest)
    post.title = "Bron"
    post.save_revision()
    found = agreeing.wording(guest)
    assert found is not None
    assert not found.agreed
    with pytest.raises(ValidationError), transaction.atomic():
        posts.publish(draft_of(guest), by=paper.editor)
    with pytest.raises(NotPublishable):
        agreeing.say_yes(guest, GuestYes.objects.get().digest)
    agreeing.ask(guest, by=paper.editor)
    assert services.locked(guest).state == State.ASKED
    agreeing.say_yes(guest, found.digest)
    posts.publish(draft_of(guest), by=paper.editor)
    assert GuestYes.objects.count() == 2
    assert GuestYes.objects.first() is not None


def test_the_page_editors_own_marks_are_no_words(paper: Paper) -> None:
    guest = agreed(paper)
    post = draft_of(guest)
    source = post.body[0].value.source
    post.body = [("text", type(post.body[0].value)(source.replace("<p>", '<p data-block-key="a1b2c">')))]
    post.save_revision()
    found = agreeing.wording(guest)
    assert found is not None
    assert found.agreed
    published(guest, paper)


def test_published_it_stands_under_the_guests_name_and_the_guest_is_told_once(paper: Paper) -> None:
    guest = agreed(paper)
    post = published(guest, paper)
    shown = gate.find_by_key(post.pk)
    assert shown is not None
    assert [(one.name, one.title, one.guest) for one in shown.bylines] == [
        ("Anna Lind", "Kvarnens vänner", True)
    ]
    run_facts()
    run_facts()
    told = [
        one for one in mails_to("anna@example.org") if f"/nytt/{clock.today().year}/{post.slug}" in one.text
    ]
    assert len(told) == 1
    assert gate.page("sv", function=paper.function.slug).posts == ()


def test_a_live_post_with_a_new_draft_keeps_standing_until_the_guest_agrees(paper: Paper) -> None:
    guest = agreed(paper)
    post = published(guest, paper)
    changed = draft_of(guest)
    changed.lead = "Om bron."
    changed.save_revision()
    assert gate.is_shown(post.pk)
    with pytest.raises(ValidationError), transaction.atomic():
        posts.publish(draft_of(guest), by=paper.editor)
    shown = gate.find_by_key(post.pk)
    assert shown is not None
    assert shown.lead == TEXT.lead


def test_taken_back_the_link_opens_nothing_more_and_what_was_written_is_kept(paper: Paper) -> None:
    guest = agreed(paper)
    services.take_back(guest, by=paper.editor)
    guest = services.locked(guest)
    with pytest.raises(NotPublishable):
        services.remark(guest, "Varför?")
    with pytest.raises(ValidationError), transaction.atomic():
        posts.publish(draft_of(guest), by=paper.editor)
    assert guest.versions.count() == 1


def test_a_published_text_is_not_taken_back_but_withdrawn_as_the_editor_decides(paper: Paper) -> None:
    guest = agreed(paper)
    post = published(guest, paper)
    with pytest.raises(NotPublishable):
        services.take_back(guest, by=paper.editor)
    agreeing.ask_to_leave(guest, "Jag har ändrat mig.")
    assert gate.is_shown(post.pk), "an editor decides"
    assert "Anna Lind" in mails_to(paper.editor.email)[-1].subject
    agreeing.decide(guest, "Texten är en del av ett samtal.", withdraw=False, by=paper.editor)
    assert gate.is_shown(post.pk)
    agreeing.ask_to_leave(guest, "Snälla.")
    agreeing.decide(guest, "Vi tar bort den.", withdraw=True, by=paper.editor)
    assert not gate.is_shown(post.pk)
    assert "Vi tar bort den." in mails_to("anna@example.org")[-1].text


def test_a_yes_to_what_is_not_public_is_void_at_once_when_the_guest_wants_to_leave(paper: Paper) -> None:
    guest = agreed(paper)
    agreeing.ask_to_leave(guest, "")
    with pytest.raises(ValidationError), transaction.atomic():
        posts.publish(draft_of(guest), by=paper.editor)
    assert GuestYes.objects.get().taken_back_at is not None
    assert GuestByline.objects.get().agreed_to == ""


def test_a_new_link_closes_the_one_before_it(paper: Paper) -> None:
    guest = invite(paper)
    old = guest.key
    services.send_new_link(guest, by=paper.editor)
    assert services.locked(guest).key != old
    assert len(mails_to("anna@example.org")) == 2


def test_plain_text_becomes_paragraphs_headings_and_lists_and_never_a_tag() -> None:
    assert rich("Ett & <b>två</b>\nrad\n\n## Rubrik\n- en\n- två") == (
        "<p>Ett &amp; &lt;b&gt;två&lt;/b&gt;<br/>rad</p><h2>Rubrik</h2><ul><li>en</li><li>två</li></ul>"
    )


@pytest.mark.parametrize("superuser", [False, True])
def test_a_guests_post_is_not_copied(paper: Paper, superuser: bool) -> None:
    user = User.objects.create_superuser("rot@norrvik.example") if superuser else paper.editor
    assert draft(paper).permissions_for_user(user).can_copy()
    assert not draft_of(agreed(paper)).permissions_for_user(user).can_copy()


def test_a_guests_words_in_another_language_are_not_published_as_if_they_were_ours(paper: Paper) -> None:
    guest = agreed(paper)
    post = published(guest, paper)
    english = post.copy_for_translation(home("en").locale)
    english.title, english.slug = "The bridge", "the-bridge"
    english.bylines = [Byline(person=paper.person, function=paper.function)]
    with pytest.raises(ValidationError), transaction.atomic():
        posts.publish(english, by=paper.editor)
    assert not Post.objects.get(pk=english.pk).live


@pytest.mark.parametrize("changed", ["who signs it too", "what it answers", "which question it answers"])
def test_a_yes_is_also_to_who_signs_it_too_and_to_what_it_answers(paper: Paper, changed: str) -> None:
    guest = agreed(paper)
    post = draft_of(guest)
    if changed == "who signs it too":
        post.bylines = [Byline(person=paper.person, function=paper.function)]
    elif changed == "what it answers":
        post.answers = Source.objects.create(title="Riv bron", medium="Bladet", date=clock.today())
    else:
        post.answers_number = "2026-000123"
    post.save_revision(user=paper.editor)
    assert not wording_of(guest).agreed
    with pytest.raises(ValidationError), transaction.atomic():
        posts.publish(draft_of(guest), by=paper.editor)
    agreeing.say_yes(guest, wording_of(guest).digest)
    assert gate.is_shown(published(guest, paper).pk)


def test_a_yes_is_to_those_who_sign_it_too_in_their_order(paper: Paper) -> None:
    guest = agreed(paper)
    both = [
        Byline(person=paper.person, function=paper.function, sort_order=0),
        Byline(guest="Bo Ek", function=paper.function, sort_order=1),
    ]
    post = draft_of(guest)
    post.bylines = both
    post.save_revision(user=paper.editor)
    agreeing.say_yes(guest, wording_of(guest).digest)
    post = draft_of(guest)
    both[0].sort_order, both[1].sort_order = 1, 0
    post.bylines = both
    post.save_revision(user=paper.editor)
    assert not wording_of(guest).agreed
