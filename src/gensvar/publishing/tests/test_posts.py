"""Posts: who stands behind them, what is seen of them, and that nothing once public vanishes."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.test import Client
from PIL import Image as Pillow
from wagtail.models import Page

from gensvar.core import clock
from gensvar.core.access import NotAllowed
from gensvar.core.models import Event, User
from gensvar.core.roles import Role
from gensvar.people.models import Function, Person
from gensvar.publishing.posts import clockwork, gate, leaning, services
from gensvar.publishing.posts.events import PostTimed
from gensvar.publishing.posts.models import Byline, Post, PostPicture, PostsHome, Source
from gensvar.publishing.services import NotPublishable
from gensvar.publishing.tests.posts_scene import Paper, draft, home, photograph
from gensvar.publishing.tests.scene import member, stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper() -> Paper:
    return Paper.make()


def found(post: Post, language: str = "sv") -> Any:
    """What the gate gives at the address of the post."""
    post = Post.objects.get(pk=post.pk)
    year = (post.first_published_at or clock.now()).year
    return gate.find(year, post.slug, language)


def test_there_is_one_home_a_language_and_editors_may_publish_there() -> None:
    assert {one.locale.language_code for one in PostsHome.objects.all()} == {"sv", "en"}
    sv, en = home("sv"), home("en")
    assert sv.translation_key == en.translation_key
    for page in (sv, en):
        may = {role: page.permissions_for_user(member(f"{role}-{page.pk}@n.example", role)) for role in Role}
        assert {role for role, one in may.items() if one.can_add_subpage()} == {
            Role.ANSWERER,
            Role.EDITOR,
            Role.COORDINATOR,
            Role.EXTERNAL,
        }
        assert {role for role, one in may.items() if one.can_publish_subpage()} == {
            Role.EDITOR,
            Role.COORDINATOR,
        }


def test_a_draft_is_nobodys_business_and_a_published_post_everybodys(paper: Paper) -> None:
    post = draft(paper)
    assert found(post) is None
    services.publish(post, by=paper.editor)
    shown = found(post)
    assert shown.title == post.title
    assert [(one.name, one.function) for one in shown.bylines] == [("Kim Ek", "Gata & park")]
    assert [one.title for one in gate.page("sv").posts] == [post.title]


def test_nothing_is_published_without_a_byline_whatever_the_way(paper: Paper) -> None:
    post = draft(paper, signed=False)
    with pytest.raises(ValidationError):
        services.publish(post, by=paper.editor)
    with pytest.raises(ValidationError):
        Post.objects.get(pk=post.pk).get_latest_revision().publish(user=paper.editor)
    assert not Post.objects.get(pk=post.pk).live
    Post.objects.filter(pk=post.pk).update(live=True, first_published_at=clock.now())
    assert found(post) is None, "the gate itself asks for a byline"


def test_who_did_not_agree_to_be_named_is_not_and_the_function_stands_alone(paper: Paper) -> None:
    post = draft(paper)
    services.publish(post, by=paper.editor)
    Person.objects.filter(pk=paper.person.pk).update(shown=False)
    assert [(one.name, one.title, one.function) for one in found(post).bylines] == [("", "", "Gata & park")]


def test_a_guest_signs_by_name_and_the_function_stands_behind_it(paper: Paper) -> None:
    post = draft(paper, signed=False)
    post.bylines = [Byline(guest="Maja Sund", function=paper.function)]
    services.publish(post, by=paper.editor)
    assert [(one.name, one.title, one.function) for one in found(post).bylines] == [
        ("Maja Sund", "", "Gata & park")
    ]
    assert str(post.bylines.get()) == "Maja Sund, Gata & park"
    for byline in (Byline(post=post), Byline(post=post, person=paper.person, guest="Maja Sund")):
        byline.function = paper.function
        with pytest.raises(ValidationError):
            byline.full_clean()


def test_only_those_who_may_publish_do(paper: Paper) -> None:
    post = draft(paper)
    for role in (Role.ANSWERER, Role.EXTERNAL, Role.REGISTRAR, Role.ADMINISTRATOR):
        with pytest.raises(NotAllowed):
            services.publish(post, by=member(f"{role}@norrvik.example", role))
    assert found(post) is None


def test_external_people_draft_but_send_nothing_on_whatever_else_they_are(paper: Paper) -> None:
    both = member("axel@norrvik.example", Role.EXTERNAL, Role.EDITOR)
    post = draft(paper, owner=both)
    may = post.permissions_for_user(both)
    assert may.can_edit()
    assert not may.can_publish()
    assert not may.can_submit_for_moderation()
    answerer = member("bo@norrvik.example", Role.ANSWERER)
    other = draft(paper, owner=answerer)
    assert other.permissions_for_user(answerer).can_submit_for_moderation()
    assert not other.permissions_for_user(answerer).can_publish()
    assert not other.permissions_for_user(both).can_edit()


def test_a_withdrawn_post_is_gone_at_once_and_kept_with_its_reason(paper: Paper) -> None:
    post = draft(paper)
    services.publish(post, by=paper.editor)
    with pytest.raises(NotPublishable):
        services.withdraw(post, "  ", by=paper.editor)
    services.withdraw(post, "Fel siffra", by=paper.editor)
    assert found(post) is None
    assert gate.was_shown(clock.now().year, post.slug)
    assert [(one.kind, one.reason) for one in post.decisions.order_by("pk")] == [
        ("published", ""),
        ("withdrawn", "Fel siffra"),
    ]
    assert post.decisions.get(kind="withdrawn").by == paper.editor
    assert post.revisions.exists()


def test_what_wagtail_unpublishes_is_gone_and_written_down(paper: Paper) -> None:
    post = draft(paper)
    services.publish(post, by=paper.editor)
    post.unpublish(user=paper.editor)
    assert found(post) is None
    assert [one.kind for one in post.decisions.order_by("pk")] == ["published", "withdrawn"]


def test_a_post_whose_time_is_over_is_not_seen_even_before_the_clockwork_comes_by(paper: Paper) -> None:
    post = draft(paper)
    services.publish(post, by=paper.editor)
    Post.objects.filter(pk=post.pk).update(expire_at=clock.now() - dt.timedelta(minutes=1))
    assert found(post) is None


def due() -> list[dt.datetime]:
    """When a worker looks at posts because of a time that was set for one."""
    return list(Event.objects.filter(fact="post_timed").order_by("run_at").values_list("run_at", flat=True))


def test_at_each_time_that_is_set_a_worker_looks_at_that_post_alone(paper: Paper) -> None:
    now = clock.now().replace(microsecond=0)  # revisions keep no smaller parts
    comes, ends, past = (now + dt.timedelta(minutes=one) for one in (60, 120, -1))
    post = draft(paper, go_live_at=comes, expire_at=ends)
    other = draft(paper)
    services.publish(other, by=paper.editor)
    post.get_latest_revision().publish(user=paper.editor)
    assert due() == [comes]
    revision = post.revisions.latest("pk")
    revision.content["go_live_at"], revision.approved_go_live_at = past.isoformat(), past
    revision.save()
    clockwork.keep_time(PostTimed(other.pk))
    assert found(post) is None
    clockwork.keep_time(PostTimed(post.pk))
    assert found(post) is not None
    assert due() == [comes, ends]
    Post.objects.update(expire_at=past)
    clockwork.keep_time(PostTimed(post.pk))
    assert [one.live for one in Post.objects.order_by("pk")] == [False, True]
    assert [one.kind for one in post.decisions.order_by("pk")] == ["published", "withdrawn"]


WAYS = {
    "the page itself": lambda post: post.delete(),
    "its kind": lambda post: Post.objects.filter(pk=post.pk).delete(),
    "as any page": lambda post: Page.objects.filter(pk=post.pk).delete(),
    "its parent": lambda post: home("sv").delete(),
    "all of it": lambda post: Page.objects.get(depth=1).delete(),
}


@pytest.mark.parametrize("way", WAYS)
def test_no_deletion_takes_what_was_public_once(paper: Paper, way: str) -> None:
    post = draft(paper)
    services.publish(post, by=paper.editor)
    services.withdraw(post, "Fel siffra", by=paper.editor)
    with pytest.raises(ProtectedError), transaction.atomic():
        WAYS[way](Post.objects.get(pk=post.pk))
    assert Post.objects.filter(pk=post.pk).exists()


def test_a_draft_that_nobody_saw_may_be_thrown_away(paper: Paper) -> None:
    post = draft(paper)
    assert post.permissions_for_user(paper.editor).can_delete()
    post.delete()
    assert not Post.objects.exists()


def test_an_address_stays_after_it_was_public(paper: Paper) -> None:
    post = draft(paper)
    services.publish(post, by=paper.editor)
    post.slug = "nagot-annat"
    with pytest.raises(ValidationError):
        post.full_clean()


def test_a_picture_is_shown_without_its_metadata_as_long_as_its_post(paper: Paper) -> None:
    image = photograph(gps=True)
    post = draft(paper, body=[("picture", {"image": image, "alternative": "En plog", "caption": ""})])
    assert not PostPicture.objects.exists()
    services.publish(post, by=paper.editor)
    (part,) = found(post).parts
    kept = gate.picture(part.words["picture"].plain.sha256)
    assert kept is not None
    with Pillow.open(io.BytesIO(kept[0])) as opened:
        assert not opened.getexif()
        assert "exif" not in opened.info
    assert part.words["picture"].alternative == "En plog"
    with pytest.raises(ProtectedError):
        image.delete()
    services.withdraw(post, "Fel bild", by=paper.editor)
    assert gate.picture(part.words["picture"].plain.sha256) is None


def test_a_picture_that_left_the_post_is_not_fetched_any_more(paper: Paper) -> None:
    post = draft(paper, body=[("picture", {"image": photograph(), "alternative": "En plog", "caption": ""})])
    services.publish(post, by=paper.editor)
    sha256 = PostPicture.objects.get().sha256
    post.body = []
    services.publish(post, by=paper.editor)
    assert gate.picture(sha256) is None


def test_an_unpublished_change_is_not_seen(paper: Paper) -> None:
    post = draft(paper)
    services.publish(post, by=paper.editor)
    post.title = "Hemlig ny rubrik"
    post.save_revision(user=paper.editor)
    assert found(post).title != "Hemlig ny rubrik"


def test_what_was_written_about_the_same_thing_is_one_chain_oldest_first(paper: Paper) -> None:
    day = clock.today()
    editorial = Source.objects.create(
        kind="editorial", title="Plogningen", medium="Norrviksbladet", date=day - dt.timedelta(days=9)
    )
    letter = Source.objects.create(
        title="Vi snöar in", medium="Norrviksbladet", date=day - dt.timedelta(days=5), answers=editorial
    )
    post = draft(paper, answers=letter)
    services.publish(post, by=paper.editor)
    next_letter = Source.objects.create(
        title="Ändå", medium="Norrviksbladet", date=day + dt.timedelta(days=2), answers_post=post
    )
    hidden = draft(paper, title="Ett svar till", answers=next_letter)
    assert [(one.title, one.ours, one.here, one.answered) for one in found(post).chain] == [
        ("Plogningen", False, False, False),
        ("Vi snöar in", False, False, True),
        (post.title, True, True, False),
        ("Ändå", False, False, False),
    ]
    services.publish(hidden, by=paper.editor)
    assert "Ett svar till" in [one.title for one in found(post).chain]
    alone = draft(paper, title="Något annat")
    services.publish(alone, by=paper.editor)
    assert found(alone).chain == ()
    Source.objects.create(title="Emot", medium="Bladet", date=day + dt.timedelta(days=1), answers_post=alone)
    assert [one.title for one in found(alone).chain] == [alone.title, "Emot"]
    with pytest.raises(ProtectedError):
        letter.delete()


def test_a_post_that_is_not_public_hangs_nothing_under_one_that_is(paper: Paper) -> None:
    """Whoever only drafts writes such posts and what answers them; a page that is not live is its row at each saving."""
    day = clock.today()
    source = Source.objects.create(title="Plogningen", medium="Bladet", date=day)
    post, other = draft(paper, answers=source), draft(paper, answers=source)
    services.publish(post, by=paper.editor)
    hung = Source.objects.create(title="Så sa ingen", medium="Bladet", date=day, answers_post=other)
    assert [one.title for one in found(post).chain] == ["Plogningen", post.title]
    assert not leaning.read_by_all(hung)
    services.publish(other, by=paper.editor)
    assert "Så sa ingen" in [one.title for one in found(post).chain]
    Post.objects.filter(pk=other.pk).update(expire_at=clock.now())  # live until the clock has been there
    assert leaning.read_by_all(Source(answers_post=other)), "around what it answers, not that alone"


def test_a_source_answers_one_thing_at_most(paper: Paper) -> None:
    first = Source.objects.create(title="Ett", medium="Bladet", date=clock.today())
    with pytest.raises(ValidationError):
        Source(
            title="Två", medium="Bladet", date=clock.today(), answers=first, answers_post=draft(paper)
        ).clean()


def test_an_exchange_is_answered_in_a_post_only_while_the_gate_shows_it(paper: Paper) -> None:
    staged = stage()
    post = draft(paper, answers_number=staged.conversation.number)
    services.publish(post, by=paper.editor)
    assert found(post).exchange is None
    staged.publish()
    assert found(post).exchange.number == staged.conversation.number


def test_a_translation_stands_in_for_its_original_in_its_own_language(paper: Paper, settings: Any) -> None:
    post = draft(paper)
    services.publish(post, by=paper.editor)
    assert [one.language for one in gate.page("en").posts] == ["sv"]
    english = post.copy_for_translation(home("en").locale)
    english.title, english.slug = "Ploughing", "ploughing"
    english.save_revision(user=paper.editor)
    assert [one.language for one in gate.page("en").posts] == ["sv"]
    services.publish(english, by=paper.editor)
    assert [one.title for one in gate.page("en").posts] == ["Ploughing"]
    assert found(post, "en").title == "Ploughing"
    assert found(post).title == post.title
    assert [one.language for one in gate.page("ar").posts] == ["sv"], (
        "once, though it stands in two languages"
    )
    assert len(gate.months("ar")) == 1
    Post.objects.filter(pk=english.pk).update(slug=post.slug)
    settings.LANGUAGE_CODE = "en"
    assert [one.language for one in gate.page("ar").posts] == [found(post, "ar").language] == ["en"]
    settings.LANGUAGE_CODE = "sv"
    services.withdraw(post, "Fel", by=paper.editor)
    assert {one.language for code in ("sv", "en", "ar") for one in gate.page(code).posts} == {"en"}


def test_bylines_hold_their_person_and_function(paper: Paper) -> None:
    services.publish(draft(paper), by=paper.editor)
    assert Byline.objects.count() == 1
    for row in (paper.person, Function.objects.get(pk=paper.function.pk)):
        with pytest.raises(ProtectedError):
            row.delete()


@pytest.mark.parametrize("superuser", [False, True])
def test_the_shell_deletes_nothing_that_was_public_one_by_one_or_in_bulk(
    paper: Paper, client: Client, superuser: bool
) -> None:
    user = User.objects.create_superuser("rot@norrvik.example") if superuser else paper.editor
    post = draft(paper)
    services.publish(post, by=paper.editor)
    services.withdraw(post, "Fel siffra", by=paper.editor)
    client.force_login(user)
    parent = home("sv").pk
    for way in (
        f"/desk/pages/{post.pk}/delete/",
        f"/desk/pages/{parent}/delete/",
        f"/desk/bulk/wagtailcore/page/delete/?id={post.pk}",
        f"/desk/bulk/wagtailcore/page/delete/?id={parent}",
    ):
        client.post(way, {"confirm": "yes"})
        assert Post.objects.filter(pk=post.pk).exists(), way
