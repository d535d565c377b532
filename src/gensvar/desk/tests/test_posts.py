"""Posts in the desk: withdrawn with a reason, never deleted with what they lean on; reviews are told by the one outbox."""

from __future__ import annotations

import re

import pytest
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.mail import EmailMessage, get_connection
from django.test import Client, RequestFactory
from wagtail import hooks

from gensvar.answers.models import Delivery
from gensvar.core import clock
from gensvar.core.roles import Role
from gensvar.desk import posts
from gensvar.desk.tests.scene import make_town
from gensvar.people.tests.factories import user_of
from gensvar.publishing.posts import services
from gensvar.publishing.posts.models import Post, Series, Source
from gensvar.publishing.tests.posts_scene import Paper, draft, photograph
from gensvar.publishing.tests.scene import member

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper() -> Paper:
    return Paper.make()


def test_a_post_is_withdrawn_with_a_reason_and_not_without(paper: Paper, client: Client) -> None:
    post = draft(paper)
    services.publish(post, by=paper.editor)
    client.force_login(paper.editor)
    address = f"/desk/pages/{post.pk}/unpublish/"
    assert 'name="reason"' in client.get(address).content.decode()
    assert client.post(address, {"reason": " "})["Location"] == address
    assert Post.objects.get().live
    client.post(address, {"reason": "Fel siffra"})
    assert not Post.objects.get().live
    last = post.decisions.order_by("pk").last()
    assert last is not None
    assert (last.kind, last.reason, last.by) == ("withdrawn", "Fel siffra", paper.editor)


def test_posts_are_not_withdrawn_many_at_a_time(paper: Paper, client: Client) -> None:
    post = draft(paper)
    services.publish(post, by=paper.editor)
    client.force_login(paper.editor)
    client.post(f"/desk/bulk/wagtailcore/page/unpublish/?id={post.pk}", {"confirm": "yes"})
    assert Post.objects.get().live


def test_the_list_of_series_is_called_by_the_plural_and_one_of_them_by_the_singular(
    paper: Paper, client: Client
) -> None:
    client.force_login(paper.editor)
    page = client.get("/desk/serier/", follow=True).content.decode()
    assert re.search(r"<title>\s*Serier\s", page)
    assert "Lägg till serie" in page
    Series.objects.create(slug="vintern", name="Vintern")
    page = client.get("/desk/serier/", follow=True).content.decode()
    assert "Kort namn" in page
    assert ">Slug" not in page
    assert '<nav aria-label="Åtgärder" id="w-slim-header-buttons"' in page


def test_sources_and_series_are_not_deleted_even_by_who_may_everything(paper: Paper, client: Client) -> None:
    source = Source.objects.create(title="Vi snöar in", medium="Bladet", date=clock.today())
    series = Series.objects.create(slug="vintern", name="Vintern")
    paper.editor.is_superuser = True
    paper.editor.save()
    client.force_login(paper.editor)
    for name, row in (("source", source), ("series", series)):
        client.post(f"/desk/snippets/publishing/{name}/delete/{row.pk}/")
        client.post(f"/desk/bulk/publishing/{name}/delete/?id={row.pk}", {"confirm": "yes"})
    assert Source.objects.exists()
    assert Series.objects.exists()


def test_whoever_only_drafts_writes_no_source_that_everybody_reads(paper: Paper, client: Client) -> None:
    """A source has no draft: the headline, the words quoted and the link under a public post would change at once."""
    fields = {"kind": "letter", "medium": "Bladet", "date": clock.today()}
    answered, quoted, other = (
        Source.objects.create(title=title, **fields) for title in ("Besvarad", "Citerad", "Ingens")
    )
    quotation = ("quotation", {"text": "Snön ligger kvar.", "who": "", "source": quoted})
    post = draft(paper, answers=answered, body=[quotation])
    services.publish(post, by=paper.editor)
    client.force_login(member("konsult@byra.example", Role.EXTERNAL))
    said = {"title": "Ändrad", "kind": "letter", "medium": "Bladet", "writer": "", "date": str(clock.today())}
    said |= {"url": "https://ond.example/", "quote": "Så sa ingen.", "answers": "", "answers_post": ""}
    address = "/desk/snippets/publishing/source"
    for source in (answered, quoted):
        assert (
            "i ett inlägg som är offentligt"
            in client.post(f"{address}/edit/{source.pk}/", said).content.decode()
        )
    client.post(f"{address}/edit/{other.pk}/", said | {"answers": answered.pk})
    client.post(f"{address}/add/", said | {"answers_post": post.pk})
    assert {*Source.objects.values_list("title", flat=True)} == {"Besvarad", "Citerad", "Ingens"}
    client.post(f"{address}/edit/{other.pk}/", said)
    client.post(f"{address}/add/", said)
    assert Source.objects.filter(title="Ändrad").count() == 2, "what a draft leans on is theirs to write"
    client.force_login(paper.editor)
    client.post(f"{address}/edit/{answered.pk}/", said)
    assert Source.objects.get(pk=answered.pk).title == "Ändrad"


def test_an_editor_hears_of_a_picture_that_cannot_be_shown(paper: Paper, client: Client) -> None:
    image = photograph()
    post = draft(paper, body=[("picture", {"image": image, "alternative": "En plog", "caption": ""})])
    image.file.storage.delete(image.file.name)
    services.publish(post, by=paper.editor)
    request = RequestFactory().get("/")
    said = CookieStorage(request)
    request._messages = said  # type: ignore[attr-defined]
    posts.say_what_is_left_out(request, Post.objects.get())
    assert [str(one) for one in said] == ["Bilden ”Plogen” kan inte läsas och visas inte. Välj den på nytt."]
    assert posts.say_what_is_left_out in hooks.get_hooks("after_publish_page")


def test_what_wagtail_mails_goes_to_our_log_ins_by_the_outbox_and_to_nobody_else() -> None:
    town = make_town()
    editor = user_of(town.by_role[Role.EDITOR])
    sent = EmailMessage("Att granska", "Ett inlägg väntar.", to=[editor.email, "frammande@exempel.example"])
    assert get_connection("gensvar.desk.staff_mail.OutboxBackend").send_messages([sent]) == 1
    queued = Delivery.objects.get(subject="Att granska")
    assert (queued.recipient, queued.text) == (editor.email, "Ett inlägg väntar.")
