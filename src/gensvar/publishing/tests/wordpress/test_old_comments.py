"""The comments of an old blog: under their post, kept where they were not shown, and nobody's address."""

from __future__ import annotations

from pathlib import Path

import pytest

from gensvar.conversations import protecting
from gensvar.conversations.models import Contact, ContactAddress, Conversation, Message
from gensvar.conversations.numbering import next_number
from gensvar.conversations.states import State
from gensvar.core import clock
from gensvar.core.models import PublicChange
from gensvar.core.roles import Role
from gensvar.people.tests.factories import make_user
from gensvar.publishing.comments import gate as comments
from gensvar.publishing.comments.models import Comment
from gensvar.publishing.tests.wordpress.exports import bring, comment, export, item, told_of
from gensvar.publishing.wordpress.making import Choices
from gensvar.publishing.wordpress.models import OldComment, OldItem

pytestmark = pytest.mark.django_db


@pytest.mark.django_db(transaction=True)
def test_a_page_that_is_kept_learns_of_a_comment_that_comes_later(tmp_path: Path, choices: Choices) -> None:
    path = export(tmp_path / "b.xml", item(5, "Ett", "Ord", slug="ett"))
    bring(choices, path)
    PublicChange.objects.all().delete()
    bring(choices, path)
    assert not PublicChange.objects.exists()
    bring(choices, export(path, item(5, "Ett", "Ord", slug="ett", comments=comment(1, "Bra"))))
    assert PublicChange.objects.exists()


def test_comments_stand_under_the_post_and_what_was_not_shown_is_kept(
    tmp_path: Path, choices: Choices
) -> None:
    words = (
        comment(1, "Plogar ni <a href='https://a.example/x'>här</a>?", author="Nisse")
        + comment(2, "Ja", parent=1, author="Maja Sund", user_id=1)
        + comment(3, "Tack", parent=2)
        + comment(4, "Väntar", approved="0")
        + comment(5, "Köp piller", approved="spam")
        + comment(6, "Borta", approved="trash")
        + comment(7, "Svar på det som är borta", parent=6)
        + comment(8, "Länk", type="pingback")
    )
    done = bring(choices, export(tmp_path / "b.xml", item(5, "Ett", "Ord", slug="ett", comments=words)))
    thread = comments.thread("post", "2014/ett")
    assert [(one.name, one.text) for one in thread.comments] == [
        ("Nisse", "Plogar ni här (https://a.example/x)?"),
        ("Nisse", "Svar på det som är borta"),
    ]
    assert [one.text for one in thread.comments[0].replies] == ["Ja", "Tack"]
    states = dict(Comment.objects.order_by().values_list("message__text", "state"))
    assert (states["Väntar"], states["Köp piller"], states["Borta"]) == ("waiting", "removed", "removed")
    assert "pingback" in told_of(done)
    assert Conversation.objects.get(messages__text="Köp piller").state == State.SPAM
    assert set(Conversation.objects.exclude(state=State.SPAM).values_list("state", "imported")) == {
        (State.CLOSED, True)
    }


def test_whoever_wrote_a_comment_is_one_contact_without_an_address_to_mail(
    tmp_path: Path, choices: Choices
) -> None:
    words = comment(1, "Ett") + comment(2, "Två") + comment(3, "Tre", author_email="")
    bring(choices, export(tmp_path / "b.xml", item(5, "Ett", "Ord", slug="ett", comments=words)))
    assert Contact.objects.count() == 2
    assert not ContactAddress.objects.exists()
    assert set(Message.objects.values_list("sender_address", flat=True)) == {"nisse@post.example", ""}
    assert not any("192.0.2" in str(row.read_raw()) for row in OldItem.objects.all())


def test_nothing_of_a_protected_identity_is_shown(tmp_path: Path, choices: Choices) -> None:
    hidden = Contact.objects.create(name="N", protected=True, created_at=clock.now())
    ContactAddress.objects.create(contact=hidden, channel="email", address="nisse@post.example")
    bring(choices, export(tmp_path / "b.xml", item(5, "Ett", "Ord", slug="ett", comments=comment(1, "Hej"))))
    assert comments.thread("post", "2014/ett").comments == ()
    kept = OldComment.objects.get().comment
    assert kept.called == str(kept.message.contact) == "Skyddad identitet"
    assert kept.message.conversation.contact_name == ""
    assert kept.message.contact != hidden  # whoever wrote it has only said that the address is theirs


def test_who_is_protected_after_it_came_home_is_so_there_too(tmp_path: Path, choices: Choices) -> None:
    words = comment(1, "Hej") + comment(2, "Jag med", author_email="bo@post.example", author="Bo")
    bring(choices, export(tmp_path / "b.xml", item(5, "Ett", "Ord", slug="ett", comments=words)))
    assert choices.place is not None
    writer = Contact.objects.create(name="Nisse Ek", created_at=clock.now())
    ContactAddress.objects.create(contact=writer, channel="email", address="Nisse@post.example")
    asked = Conversation.objects.create(
        number=next_number(),
        channel="email",
        contact_point=choices.place,
        function=choices.function,
        contact=writer,
        contact_name="Nisse Ek",
        opened_at=clock.now(),
        last_at=clock.now(),
    )
    by = make_user(Role.COORDINATOR)
    protecting.protect(asked, by=by)
    assert [one.text for one in comments.thread("post", "2014/ett").comments] == ["Jag med"]
    kept = OldComment.objects.get(number=1).comment
    assert kept.called == "Skyddad identitet"
    assert kept.message.conversation.contact_name == ""
    protecting.protect_no_more(asked, by=by)
    assert len(comments.thread("post", "2014/ett").comments) == 2
