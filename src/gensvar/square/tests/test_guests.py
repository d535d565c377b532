"""A guest's page behind the mailed link, and what everybody sees of a guest's post."""

from __future__ import annotations

import datetime as dt
import io
import json
import logging
import re
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.http import Http404, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from PIL import Image as Pillow
from wagtail.images.models import Image
from wagtail.models import Collection, GroupCollectionPermission

from gensvar.core import clock, tokens
from gensvar.core.roles import Role
from gensvar.desk.tests.scene import photograph
from gensvar.publishing import library
from gensvar.publishing.guests import agreeing, letters, pictures, services
from gensvar.publishing.guests.models import GuestPicture, GuestVersion, GuestVoice
from gensvar.publishing.guests.writing import Written
from gensvar.publishing.posts import services as posts
from gensvar.publishing.posts.models import Byline, GuestByline, Post, PostPicture, Source
from gensvar.publishing.posts.pictures import given_for_another
from gensvar.publishing.tests.guests_scene import (
    TEXT,
    address_of,
    agreed,
    draft_of,
    handed_in,
    invite,
    published,
    wording_of,
)
from gensvar.publishing.tests.posts_scene import Paper, draft
from gensvar.publishing.tests.posts_scene import photograph as picture_of_ours
from gensvar.publishing.tests.scene import member
from gensvar.square import posts as square_posts
from gensvar.square.logs import HideKeys
from gensvar.square.tests.scene import form_id

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper() -> Paper:
    return Paper.make()


def press(client: Client, guest: GuestVoice, action: str, **fields: Any) -> HttpResponse:
    """Fill in and press a button of the page."""
    given = {"form": form_id(), "website": "", "action": action, **fields}
    return client.post(address_of(guest), given)  # type: ignore[return-value]


def typed(seen: int = 0, **fields: Any) -> dict[str, Any]:
    return {"title": TEXT.title, "lead": TEXT.lead, "text": TEXT.text, "seen": seen, **fields}


def test_the_page_is_the_guests_alone_and_no_cache_keeps_it(client: Client, paper: Paper) -> None:
    response = client.get(address_of(invite(paper)))
    page = response.content.decode()
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in response.headers["X-Robots-Tag"]
    assert not response.cookies
    assert "Bron vid kvarnen" in page
    assert "Kim Ek på Gata &amp; park tar hand om din text." in page
    assert "anna@example.org" not in page


def test_a_link_that_was_replaced_or_made_for_something_else_opens_nothing(
    client: Client, paper: Paper
) -> None:
    guest = invite(paper)
    old = address_of(guest)
    services.send_new_link(guest, by=paper.editor)
    other = tokens.make("newsletter", services.locked(guest).key)
    for path in (old, f"/gast/{other}", "/gast/x"):
        assert client.get(path).status_code == 404
        assert client.post(path, {"action": "save"}).status_code == 404


def test_no_log_line_holds_the_link(paper: Paper) -> None:
    path = address_of(invite(paper))
    record = logging.LogRecord("x", logging.INFO, "", 0, "GET %s 200", (f"{path}?ny=ja",), None)
    HideKeys().filter(record)
    assert record.getMessage() == "GET /gast/…?ny=ja 200"


def test_the_guest_saves_goes_on_and_hands_in(client: Client, paper: Paper) -> None:
    guest = invite(paper)
    assert (
        press(client, guest, "remark", **typed(lead="", title="", text=""), words="Hur långt?").status_code
        == 303
    )
    assert not guest.versions.exists()
    asked = press(client, guest, "remark", **typed(lead="", title="Halv"), words="Får jag ha bilder?")
    assert asked.status_code == 303
    assert (guest.versions.get().title, guest.remarks.count()) == ("Halv", 2)  # a question costs no text
    guest.versions.all().delete()
    waits = press(client, guest, "save", **typed(lead=""), words="Inte skickat")
    assert ">Inte skickat</textarea>" in waits.content.decode()  # nor a save the question
    guest.versions.all().delete()
    saved = press(client, guest, "save", **typed(lead=""))
    assert saved.status_code == 303
    assert saved["Referrer-Policy"] == "no-referrer"
    page = client.get(address_of(guest)).content.decode()
    assert TEXT.title in page
    assert 'name="seen" value="1"' in page
    refused = press(client, guest, "hand_in", **typed(1, lead=""))
    assert refused.status_code == 422
    assert TEXT.title in refused.content.decode()
    assert press(client, guest, "hand_in", **typed(1)).status_code == 303
    page = client.get(address_of(guest) + "?ny=inlamnat").content.decode()
    assert 'role="status" tabindex="-1" autofocus><p>Tack.' in page  # where whoever listens begins to read
    assert "Nu är det vår tur" in page or "Det är vår tur" in page
    assert "<li>räcket</li>" in page
    assert 'value="save"' not in page


def test_what_was_typed_is_there_again_whatever_refuses_it(client: Client, paper: Paper) -> None:
    guest = invite(paper)
    old = press(client, guest, "save", **typed(text="Mina egna ord"), form="fel")
    assert old.status_code == 422
    assert "Mina egna ord" in old.content.decode()
    strange = client.post(
        address_of(guest),
        {"form": form_id(), "action": "save", **typed(text="Mina egna ord")},
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert strange.status_code == 422
    assert "Mina egna ord" in strange.content.decode()
    long = press(client, guest, "save", **typed(text="x" * 30_001))
    assert long.status_code == 422
    assert "x" * 30_001 in long.content.decode()
    assert not GuestVersion.objects.exists()
    with clock.moved(dt.timedelta(days=15)):
        late = press(client, guest, "save", form=form_id(), **typed(text="Mina egna ord"))
        assert late.status_code == 422


def test_a_newer_version_of_the_editor_is_shown_beside_what_the_guest_typed(
    client: Client, paper: Paper
) -> None:
    guest = invite(paper)
    press(client, guest, "save", **typed())
    services.write(
        guest, Written("Ny rubrik", "Ny.", "Redaktörens."), seen=1, person=paper.person, by=paper.editor
    )
    refused = press(client, guest, "save", **typed(1, text="Gästens nya"))
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "Den nyare versionen, av" in page
    assert "Redaktörens." in page
    assert "Gästens nya" in page
    assert 'name="seen" value="2"' in page
    assert GuestVersion.objects.filter(aside=True, text="Gästens nya").exists()
    assert press(client, guest, "save", **typed(2, text="Gästens nya")).status_code == 303


def test_the_guest_says_yes_to_what_stands_there_and_to_nothing_that_came_meanwhile(
    client: Client, paper: Paper
) -> None:
    guest = handed_in(paper)
    found = re.search(
        r'name="wording" value="([0-9a-f]{64})"', client.get(address_of(guest)).content.decode()
    )
    assert found is not None
    post = draft_of(guest)
    post.lead = "Ändrad."
    post.save_revision()
    refused = press(client, guest, "yes", wording=found[1])
    assert refused.status_code == 422
    assert "Ändrad." in refused.content.decode()
    again = re.search(r'name="wording" value="([0-9a-f]{64})"', refused.content.decode())
    assert again is not None
    assert press(client, guest, "yes", wording=again[1]).status_code == 303
    assert "Du har sagt ja" in client.get(address_of(guest)).content.decode()


def test_the_guest_sees_who_signs_it_too_and_what_it_answers_before_saying_yes(
    client: Client, paper: Paper
) -> None:
    guest = handed_in(paper)
    post = draft_of(guest)
    post.bylines = [Byline(person=paper.person, function=paper.function)]
    post.answers = Source.objects.create(
        title="Riv bron", medium="Bladet", date=clock.today(), quote="Ingen går där."
    )
    post.save_revision()
    page = client.get(address_of(guest)).content.decode()
    wording = page.partition('id="wording"')[2].partition("</article>")[0]
    for words in ("<h3>Det här svarar vi på</h3>", "Riv bron", "Ingen går där.", "Anna Lind", "Kim Ek"):
        assert words in wording, words


def test_a_word_to_us_and_the_wish_to_leave(
    client: Client, paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    guest = agreed(paper)
    assert press(client, guest, "remark", words="").status_code == 422
    assert press(client, guest, "remark", words="Byt rubriken").status_code == 303
    assert press(client, guest, "remark", words="Byt rubriken ").status_code == 303  # a second click
    assert guest.remarks.count() == 1
    assert "Byt rubriken" in client.get(address_of(guest)).content.decode()
    assert services.locked(guest).state == GuestVoice.State.HANDED_IN
    monkeypatch.setattr("gensvar.square.guests.OFTEN", 0)
    assert press(client, guest, "remark", words="Mer").status_code == 429
    assert press(client, guest, "leave", words="Jag ångrar mig").status_code == 303, "however often"
    assert "Du bad oss dra in den" in client.get(address_of(guest)).content.decode()


def test_everybody_reads_it_under_the_guests_name_marked_as_a_guest(client: Client, paper: Paper) -> None:
    guest = agreed(paper)
    post = draft_of(guest)
    posts.publish(post, by=paper.editor)
    page = client.get(f"/nytt/{clock.today().year}/{post.slug}").content.decode()
    assert "Gäst: <strong>Anna Lind</strong>, Kvarnens vänner" in page
    assert "inbjuden av Gata &amp; park" in page
    assert '<meta property="article:author" content="Anna Lind">' in page
    assert "anna@example.org" not in page
    assert "Gäst: <strong>Anna Lind</strong>" in client.get("/nytt").content.decode()
    for form in ("atom", "rss", "json"):
        feed = client.get(f"/folj/alla.{form}").content.decode()
        assert "Anna Lind, Kvarnens vänner (gäst)" in feed, form
    found = client.get("/sok?q=kvarnen").content.decode()
    assert "Anna Lind, Kvarnens vänner (gäst)" in found
    shown = client.get(address_of(guest)).content.decode()
    assert f"/nytt/{clock.today().year}/{post.slug}" in shown


def test_the_key_of_the_link_is_known_to_one_purpose(paper: Paper) -> None:
    assert letters.link(invite(paper)).rpartition("/")[0].endswith("/gast")


def test_a_hand_in_that_is_lost_on_the_way_has_saved_nothing_either(paper: Paper) -> None:
    guest = invite(paper)
    client = Client(raise_request_exception=False)
    lost: list[str] = []

    def lose(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith(f'INSERT INTO "{GuestByline._meta.db_table}"'):
            lost.append(sql)
            raise OperationalError("the database does not answer")
        return execute(sql, *rest)

    with connection.execute_wrapper(lose):
        answer = press(client, guest, "hand_in", **typed())
    assert lost
    assert answer.status_code == 503
    assert "Inget skickades" in answer.content.decode()
    assert not guest.versions.exists()
    assert press(client, guest, "hand_in", **typed()).status_code == 303
    assert guest.versions.count() == 1


def test_what_cannot_be_handed_in_is_saved_all_the_same(client: Client, paper: Paper) -> None:
    guest = invite(paper)
    answer = press(client, guest, "hand_in", **typed(lead=""))
    assert answer.status_code == 422
    assert guest.versions.get().title == TEXT.title


def gives(
    client: Client, guest: GuestVoice, data: bytes, action: str = "save", **fields: Any
) -> HttpResponse:
    words = {"alternative": "Gångbron i snö", "taken_by": "Anna Lind", **fields}
    file = SimpleUploadedFile("../bron.jpg", data, "image/jpeg")
    return press(client, guest, action, picture=file, **typed(**words))


@pytest.mark.filterwarnings(
    "ignore::ResourceWarning"
)  # Wagtail leaves a small picture that it made to the collector
def test_a_picture_comes_with_its_words_and_is_seen_by_nobody_else_before_the_text_is_public(
    client: Client, paper: Paper
) -> None:
    guest, other = invite(paper), invite(paper, email="bo@example.org")
    for refused in ({"alternative": ""}, {"taken_by": " "}):
        answer = gives(client, guest, photograph(), **refused)
        assert (answer.status_code, GuestPicture.objects.count()) == (422, 0)
        assert TEXT.title in answer.content.decode()
    svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    assert gives(client, guest, svg).status_code == 422
    assert (
        press(client, guest, "save", **typed(taken_by="Anna")).status_code == 422
    )  # the browser dropped the file
    for alternative in ("Gangbron", "Gångbron i snö"):  # the same picture is kept once, with the newest words
        assert gives(client, guest, photograph(), alternative=alternative, gone="9" * 20).status_code == 303
    one = GuestPicture.objects.get()
    own = f"{address_of(guest)}/bild/{one.pk}"
    assert f'src="{own}" alt="Gångbron i snö"' in client.get(address_of(guest)).content.decode()
    shown = client.get(own)
    assert (shown["Cache-Control"], shown["Content-Type"]) == ("no-store", "image/webp")
    assert b"HemligKamera" not in shown.content
    assert "sandbox" in shown["Content-Security-Policy"]
    assert client.get(f"{address_of(other)}/bild/{one.pk}").status_code == 404

    press(client, guest, "hand_in", **typed(1))
    guest.refresh_from_db()
    handed, image = draft_of(guest), GuestPicture.objects.get().image
    assert image is not None
    assert image.title == f"Gäst {guest.pk}/{one.pk}"
    assert handed.body[-1].value["caption"] == "Foto: Anna Lind"
    assert handed.body[-1].value["alternative"] == "Gångbron i snö"
    assert client.get(f"/media/{image.file.name}").status_code == 404
    stays_with_its_draft(image, guest, paper)
    agreeing.say_yes(guest, wording_of(guest).digest)
    assert not PostPicture.objects.exists()
    with pytest.raises(Http404):
        square_posts.picture(RequestFactory().get("/"), one.sha256)
    post = published(GuestVoice.objects.get(pk=guest.pk), paper)
    kept = PostPicture.objects.get(post=post)
    assert client.get(f"/nytt/bild/{kept.sha256}").status_code == 200


def stays_with_its_draft(image: Image, guest: GuestVoice, paper: Paper) -> None:
    """Only who may open the draft sees or chooses it, and it goes into no other post."""
    ours = picture_of_ours()
    Image.objects.update(collection=Collection.get_first_root_node())
    Image.objects.filter(pk=image.pk).update(title="Gångbron i snö")
    import_module("gensvar.publishing.migrations.0027_guests_pictures_apart").set_apart(apps, None)
    import_module("gensvar.publishing.migrations.0030_guests_pictures_untold").tell_nothing(apps, None)
    for one, place in ((image, library.guests()), (ours, library.ours())):
        one.refresh_from_db()
        assert one.collection == place, "what lay together before the upgrade"
    assert image.title == f"Gäst {guest.pk}/{guest.pictures.get().pk}", "its words are told to nobody else"
    editor, writer = Client(), Client()
    editor.force_login(paper.editor)
    author = member("skribent@norrvik.example", Role.ANSWERER)
    writer.force_login(author)
    among_all = reverse("wagtailimages_chooser:choose_results")
    chosen = reverse("wagtailimages_chooser:chosen", args=[image.pk])
    files = [f"/media/{image.file.name}", image.get_rendition("max-165x165").url]
    for asks, apart, status in ((editor, True, 200), (writer, False, 404)):
        listed = asks.get(among_all).content.decode()
        assert (ours.title in listed, image.title in listed) == (True, False)
        found = asks.get(among_all, {"collection_id": library.guests().pk}).content.decode()
        assert (image.title in found) is apart
        assert [asks.get(path).status_code for path in files] == [status, status]
        assert asks.get(ours.file.url).status_code == 200
    assert image.title not in editor.get(among_all, {"q": "gäst"}).content.decode()
    assert json.loads(editor.get(chosen).content)["result"]["title"] == image.title
    assert writer.get(chosen).status_code != 200
    Post.objects.filter(pk=guest.post_id).update(owner=author)  # who looks after the guest may be no editor
    assert writer.get(files[0]).status_code == 200

    assert given_for_another(draft_of(guest)) == []
    picture = {"image": image, "alternative": "x", "caption": ""}
    other = draft(paper, body=[("picture", picture)])
    with pytest.raises(ValidationError, match="till en annan text"):
        posts.publish(other, by=paper.editor)
    fields = {"title": other.title, "slug": other.slug, "lead": other.lead, "body-count": "1"}
    part = {"deleted": "", "order": "0", "type": "picture", "id": "", "value-caption": ""}
    fields |= {f"body-0-{name}": value for name, value in part.items()}
    for rows in ("bylines", "comments"):
        fields |= {f"{rows}-TOTAL_FORMS": "0", f"{rows}-INITIAL_FORMS": "0"}
    fields |= {"body-0-value-image": str(image.pk), "body-0-value-alternative": "x"}
    refused = editor.post(f"/desk/pages/{other.pk}/edit/", fields)
    assert "till en annan text" in refused.content.decode()


def test_a_collection_that_was_taken_away_is_made_anew_and_nobody_chooses_in_it(db: None) -> None:
    Collection.objects.get(name=library.GUESTS).delete()
    made = library.guests()
    assert (made.name, made.get_parent()) == (library.GUESTS, Collection.get_first_root_node())
    assert library.guests() == made
    assert not GroupCollectionPermission.objects.filter(collection=made).exists()


def test_a_text_has_few_pictures_and_one_is_taken_away_with_a_save(client: Client, paper: Paper) -> None:
    guest = invite(paper)
    for side in range(pictures.MOST + 1):
        out = io.BytesIO()
        Pillow.new("RGB", (10 + side, 10)).save(out, "PNG")
        status = gives(client, guest, out.getvalue()).status_code
        assert status == (303 if side < pictures.MOST else 422)
    first = pictures.standing(guest)[0]
    press(client, guest, "save", **typed(), gone=[str(first.pk), "x"])
    assert pictures.standing(guest).count() == pictures.MOST - 1
    assert client.get(f"{address_of(guest)}/bild/{first.pk}").status_code == 404
    press(client, guest, "hand_in", **typed(1))
    guest.refresh_from_db()
    assert len(draft_of(guest).body) == pictures.MOST  # the text, and those that stay
