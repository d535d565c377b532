"""An old blog comes home: its posts, comments and pictures, once, dated as they were, and silently."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image as Pillow

from gensvar.answers.models import Delivery
from gensvar.core.models import Event, Topic, User
from gensvar.people.models import Person
from gensvar.publishing import entries
from gensvar.publishing.comments import gate as comments
from gensvar.publishing.comments import rules
from gensvar.publishing.comments.models import Comment
from gensvar.publishing.posts import gate
from gensvar.publishing.posts.models import Post
from gensvar.publishing.tests.wordpress.exports import OLD, SAMPLES, bring, comment, export, item, told_of
from gensvar.publishing.wordpress import body, importing, items
from gensvar.publishing.wordpress.making import Choices
from gensvar.publishing.wordpress.models import OldItem

pytestmark = pytest.mark.django_db


def test_a_post_keeps_its_date_its_writer_and_its_words(tmp_path: Path, choices: Choices) -> None:
    words = "Först <strong>skolvägarna</strong>.\n\nSedan resten.<script>alert(1)</script>"
    terms = [
        ("category", "vinter", "Vintern"),
        ("post_tag", "sno", "snö"),
        ("category", "uncategorized", "-"),
    ]
    bring(
        choices, export(tmp_path / "b.xml", item(5, "Så plogar vi", words, slug="sa-plogar-vi", terms=terms))
    )
    found = gate.find(2014, "sa-plogar-vi", "sv")
    assert found is not None
    assert found.first_published_at == dt.datetime(2014, 3, 5, 10, 12, 13, tzinfo=dt.UTC)
    assert [(one.name, one.function) for one in found.bylines] == [("Maja Sund", "Kommunledningen")]
    assert found.lead == "Först skolvägarna."
    assert [str(one.words["html"].source) for one in found.parts] == ["<p>Sedan resten.</p>"]
    assert [one.name for one in found.topics] == ["Vintern"]
    assert list(Topic.objects.values_list("slug", flat=True)) == ["vinter"]
    assert not User.objects.exists()
    assert not Person.objects.exists()


def test_nothing_comes_twice_and_what_is_new_in_a_newer_export_comes(
    tmp_path: Path, choices: Choices
) -> None:
    first = comment(1, "Bra")
    path = export(tmp_path / "b.xml", item(5, "Ett", "Ord", slug="ett", comments=first))
    bring(choices, path)
    bring(choices, path)
    assert (Post.objects.count(), Comment.objects.count()) == (1, 1)
    more = first + comment(2, "Mycket bra")
    export(path, item(5, "Ett, ändrat", "Ord", slug="ett", comments=more), item(6, "Två", "Ord", slug="tva"))
    done = bring(choices, path)
    assert (done.read[str(path)].new, done.read[str(path)].changed) == (1, 1)
    assert sorted(Post.objects.values_list("title", flat=True)) == ["Ett", "Två"]
    assert Comment.objects.count() == 2
    assert "Differ in a newer export" in told_of(done)


def test_it_is_silent_and_nothing_old_comes_on_top(tmp_path: Path, choices: Choices) -> None:
    path = export(tmp_path / "b.xml", item(5, "Ett", "Ord", slug="ett", comments=comment(1, "Bra")))
    bring(choices, path)
    assert not Event.objects.exists()
    assert not Delivery.objects.exists()
    (entry,) = entries.page("sv").entries
    assert entry.at.year == 2014


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "draft", "date_gmt": "0000-00-00 00:00:00", "slug": ""},
        {"status": "private"},
        {"status": "pending"},
        {"status": "future", "date_gmt": "2031-01-01 00:00:00"},
        {"date_gmt": "2090-01-01 00:00:00"},
        {"password": "hemligt"},
        {"date": "1900-01-01 00:00:00", "date_gmt": "1899-12-31 22:59:59"},
        {"date": "0001-01-01 00:00:00", "date_gmt": "0000-00-00 00:00:00"},
    ],
    ids=[
        "draft",
        "private",
        "pending",
        "future",
        "public, but to come",
        "password",
        "before addresses",
        "year one",
    ],
)
def test_what_was_not_public_is_kept_as_a_draft(
    tmp_path: Path, choices: Choices, changes: dict[str, Any]
) -> None:
    path = export(tmp_path / "b.xml", item(5, "Hemligt", "Ord", comments=comment(1, "Hej"), **changes))
    done = bring(choices, path)
    post = Post.objects.get()
    assert not post.live
    assert post.first_published_at is None
    assert post.may_vanish
    assert entries.page("sv").entries == ()
    assert not Comment.objects.exists()
    assert "kept as drafts" in told_of(done)
    post.delete()
    bring(choices, path)
    assert not Post.objects.exists(), "what somebody threw away does not come back"


def test_what_stood_beside_the_words_of_a_post_comes_with_it_or_is_named(
    tmp_path: Path, choices: Choices
) -> None:
    meta = [
        ("footnotes", '[{"content":"Så sade <em>rådet</em>.","id":"a"}]'),
        ("enclosure", "https://ljud.example/1.mp3\n123\naudio/mpeg"),
        ("ingress", "En ingress som temat visade"),
        ("visningar", "1200"),
        ("_dolt", "Ord som bara maskiner läser"),
    ]
    terms = [
        ("author", "cap-chefen", "chefen"),
        ("author", "cap-siv-as", "Siv Ås"),
        ("omrade", "norr", "Norr"),
    ]
    words = "<!-- wp:heading --><h2>Rubrik</h2><!-- /wp:heading --><p>Ett <a href='/x'>ord</a></p><!-- wp:footnotes /-->"
    post = item(5, "", words, slug="ett", terms=terms, meta=meta, excerpt="Ord " * 200)
    bare = item(6, "", f"{words}<p>Slut</p>", slug="6")
    letter = item(7, "Anna Ek - 2014-03-05", "Ett brev", type="feedback")
    done = bring(choices, export(tmp_path / "b.xml", post, bare, letter))
    found = gate.find(2014, "ett", "sv")
    assert found is not None
    assert [one.name for one in found.bylines] == ["Maja Sund", "Siv Ås"]
    (text,) = [str(one.words["html"].source) for one in found.parts]
    assert "<ol><li>Så sade <i>rådet</i>.</li></ol>" in text
    assert 'href="https://ljud.example/1.mp3"' in text
    assert Post.objects.get(slug="post-6").title == "Ett ord Slut"
    told = told_of(done)
    for one in ("7 “”: feedback", "5 “”: ingress", "omrade: Norr", f"5 “”: {'Ord ' * 199}Ord"):
        assert one in told
    for one in ("visningar", "_dolt", "Anna"):
        assert one not in told


def test_a_private_letter_that_was_kept_before_is_emptied_when_the_blog_comes_again(
    tmp_path: Path, choices: Choices, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = export(tmp_path / "b.xml", item(7, "Anna Ek - 2014-03-05", "Ett brev", type="feedback"))
    with monkeypatch.context() as earlier:
        earlier.setattr(items, "LETTERS", frozenset())
        bring(choices, path)
    assert "Anna" in OldItem.objects.get().title
    bring(choices, path)
    row = OldItem.objects.get()
    assert (row.title, row.notes) == ("", [["letter", "feedback"]])
    assert b"Anna" not in row.read_raw()


def test_an_author_is_a_person_where_the_list_says_so(tmp_path: Path, choices: Choices) -> None:
    person = Person.objects.create(
        name="Maja Sund", title="kommundirektör", email="maja@n.example", shown=True
    )
    list_ = tmp_path / "authors.toml"
    list_.write_text('chefen = "maja@n.example"\n')
    signed = Choices(choices.function, authors=importing.authors_in(list_), place=choices.place)
    bring(signed, export(tmp_path / "b.xml", item(5, "Ett", "Ord", slug="ett")))
    assert Post.objects.get().bylines.get().person == person
    list_.write_text('chefen = "ingen@n.example"\n')
    with pytest.raises(importing.BadChoice, match="ingen@"):
        importing.authors_in(list_)


def test_a_file_cut_in_half_can_be_repeated_whole(tmp_path: Path, choices: Choices) -> None:
    path = export(tmp_path / "b.xml", *(item(n, f"Nr {n}", "Ord", slug=f"nr-{n}") for n in range(1, 8)))
    whole = path.read_text()
    path.write_text(whole[: whole.index("Nr 5")])
    done = bring(choices, path)
    told = told_of(done)
    assert not done.whole
    assert "breaks off at line" in told
    assert "“Nr 4”" in told
    assert Post.objects.filter(live=True).count() == 4
    path.write_text(whole)
    assert bring(choices, path).whole
    assert Post.objects.filter(live=True).count() == 7


def test_one_item_that_goes_wrong_takes_no_other_with_it(
    tmp_path: Path, choices: Choices, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = body.parts_of

    def stumbling(content: str, *rest: Any) -> Any:
        if "svårt" in content:
            raise RecursionError
        return read(content, *rest)

    monkeypatch.setattr(body, "parts_of", stumbling)
    path = export(
        tmp_path / "b.xml", item(1, "Svår", "svårt", slug="svar"), item(2, "Bra", "Ord", slug="bra")
    )
    done = bring(choices, path)
    assert gate.find(2014, "bra", "sv") is not None
    assert (done.made, done.failed) == (1, 1)
    assert "Went wrong" in told_of(done)


def test_a_post_of_fifty_thousand_layers_comes_home_with_its_words(tmp_path: Path, choices: Choices) -> None:
    deep = "<div>" * 50_000 + "djupt"
    done = bring(choices, export(tmp_path / "b.xml", item(1, "Djup", deep, slug="djup")))
    assert (done.made, done.failed) == (1, 0)
    assert "djupt" in Post.objects.get(slug="djup").lead


def photograph(path: Path, colour: str = "darkgreen") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Pillow.new("RGB", (640, 400), colour).save(path, "JPEG")


def test_pictures_come_where_the_files_are_given_and_pass_our_own_refusal(
    tmp_path: Path, choices: Choices
) -> None:
    uploads = tmp_path / "uploads"
    photograph(uploads / "2014/03/plog.jpg")
    photograph(uploads / "2014/03/vy.jpg", "white")
    (uploads / "2014/03/ond.svg").write_text("<svg onload='alert(1)'/>")
    (uploads / "2014/03/trasig.png").write_bytes(b"\x89PNG\r\n\x1a\n trasig")
    (tmp_path / "hemlig.jpg").write_bytes(io.BytesIO().getvalue())
    there = f"{OLD}/wp-content/uploads/2014/03"
    content = (
        f'[caption id="attachment_9" width="300"]<img class="wp-image-9" src="{there}/plog-300x200.jpg" /> Plogen[/caption]'
        f'\n\nText <img src="{there}/ond.svg" alt="x"> <img src="{there}/trasig.png" alt="x">'
        f'<img src="{there}/../../../../hemlig.jpg" alt="x"><img src="https://annan.example/y.jpg">'
    )
    path = export(
        tmp_path / "b.xml",
        item(5, "Ett", content, slug="ett", meta=[("_thumbnail_id", "10")]),
        item(
            10,
            "Badplatsen",
            excerpt="Ord " * 100,
            type="attachment",
            status="inherit",
            file="https://norrvik.files.wordpress.com/2014/03/vy.jpg",
        ),
        item(
            9,
            "IMG_1234",
            type="attachment",
            status="inherit",
            file=f"{there}/plog.jpg",
            meta=[("_wp_attachment_image_alt", "En plog på Storgatan")],
        ),
    )
    done = importing.bring_home([path], Choices(choices.function, files=uploads, place=choices.place))
    found = gate.find(2014, "ett", "sv")
    assert found is not None
    first, picture = [one.words for one in found.parts if one.kind == "picture"]
    assert first["picture"].alternative == "Badplatsen"  # the post's own, before its words
    assert (found.lead, [one.kind for one in found.parts]) == ("Text", ["picture", "text", "picture"])
    assert str(found.parts[1].words["html"].source) == f"<p>{'Ord ' * 99}Ord</p>", (
        "too long to stand below it"
    )
    assert (picture["picture"].alternative, picture["caption"]) == ("En plog på Storgatan", "Plogen")
    assert gate.picture(picture["picture"].plain.sha256) is not None
    told = told_of(done)
    for name in ("ond.svg", "trasig.png", "hemlig.jpg", "annan.example"):
        assert name in told


def test_a_category_becomes_a_series_where_that_was_chosen(tmp_path: Path, choices: Choices) -> None:
    terms = [("category", "veckobrev", "Veckobrev")]
    chosen = Choices(choices.function, series=frozenset({"veckobrev"}), place=choices.place)
    bring(chosen, export(tmp_path / "b.xml", item(5, "Ett", "Ord", slug="ett", terms=terms)))
    found = gate.find(2014, "ett", "sv")
    assert found is not None
    assert found.series == "Veckobrev"
    assert not Topic.objects.exists()


def test_a_blog_exported_by_a_real_wordpress_comes_home(choices: Choices) -> None:
    chosen = Choices(
        choices.function, files=SAMPLES / "uploads", series=frozenset({"veckobrev"}), place=choices.place
    )
    done = bring(chosen, SAMPLES / "blogg.xml")
    assert done.whole
    snow, ice = (
        gate.find(year, slug, "sv") for year, slug in ((2014, "sa-plogar-vi-varfor"), (2019, "isen-pa-an"))
    )
    assert snow is not None
    assert ice is not None
    assert (snow.title, snow.lead, [one.name for one in snow.topics]) == (
        "Så plogar vi & varför",
        "Först skolvägarna, sedan resten.",
        ["Vintern"],
    )
    assert [one.kind for one in snow.parts] == ["picture", "text", "film"]
    assert snow.parts[0].words["picture"].alternative == "En plog på Storgatan"
    assert snow.parts[2].words["url"] == "https://www.youtube.com/watch?v=abc123XYZ_-"
    assert [one.name for one in ice.bylines] == ["Kim Ek"]
    assert ice.series == "Veckobrev"
    assert [one.kind for one in ice.parts] == ["text", "picture", "film", "text"]
    assert str(ice.parts[0].words["html"].source) == (
        '<p>Läs först om <a href="/nytt/2014/sa-plogar-vi-varfor">plogningen</a>.</p><h2>Tjockleken</h2>'
        "<ul><li>Ån: 12 cm</li><li>Sjön: 20 cm</li></ul>"
    )
    assert ice.parts[2].words["title"] == "Isen spricker"
    assert not rules.takes("post", "2019/isen-pa-an")
    assert rules.takes("post", "2014/sa-plogar-vi-varfor")
    (thread,) = comments.thread("post", "2014/sa-plogar-vi-varfor").comments
    assert thread.text == "Plogar ni Åvägen?\n\nDet är halt."
    assert [(one.name, one.text) for one in thread.replies] == [("Maja", "Ja, i morgon."), ("Nisse", "Tack!")]
    drafts = Post.objects.filter(live=False).order_by("title").values_list("title", flat=True)
    assert list(drafts) == ["För nämnden", "Inte klar", "Låst"]
    told = told_of(done)
    for name in ("Slängd", "contact-form-7", "latest-posts", "pingback", "snö"):
        assert name in told
