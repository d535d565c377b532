"""What we tell, in public: the list, a post, its chain and pictures, and nothing that is not live."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from gensvar.core import clock
from gensvar.publishing.posts import services
from gensvar.publishing.posts.models import Post, PostPicture, Source
from gensvar.publishing.tests.posts_scene import Paper, draft, home, photograph
from gensvar.publishing.tests.scene import stage

pytestmark = pytest.mark.django_db

BODY: Any = [
    ("film", {"title": "Plogen i natt", "url": "https://film.example/1", "image": None, "length": "2 min"})
]


@pytest.fixture
def paper() -> Paper:
    return Paper.make()


def published(paper: Paper, **fields: Any) -> tuple[Post, str]:
    """A live post and its address."""
    post = draft(paper, **fields)
    services.publish(post, by=paper.editor)
    return post, f"/nytt/{clock.today().year}/{post.slug}"


def test_a_post_shows_who_stands_behind_it_what_it_says_and_where_to_write(
    client: Client, paper: Paper
) -> None:
    _post, address = published(paper, body=BODY)
    response = client.get(address)
    page = response.content.decode()
    assert response.status_code == 200
    assert "<strong>Kim Ek</strong>, gatuingenjör, Gata &amp; park" in page
    assert "Först skolvägarna" in page
    assert (
        '<a class="ds-link" href="https://film.example/1" rel="noreferrer">Se filmen: Plogen i natt</a>'
        in page
    )
    assert "<iframe" not in page
    assert "<script>" not in page
    assert 'src="http' not in page
    assert not response.cookies
    assert "Vary" not in response.headers
    assert response.headers["Cache-Control"].startswith("public")


def test_what_is_not_live_is_not_there_and_what_was_withdrawn_says_so(client: Client, paper: Paper) -> None:
    hidden = draft(paper)
    assert client.get(f"/nytt/{clock.today().year}/{hidden.slug}").status_code == 404
    assert hidden.title not in client.get("/nytt").content.decode()
    post, address = published(paper)
    services.withdraw(post, "Fel siffra", by=paper.editor)
    response = client.get(address)
    assert response.status_code == 410
    assert "Fel siffra" not in response.content.decode()
    assert post.lead not in response.content.decode()
    for way in (
        f"/{post.slug}/",
        f"/nytt/{post.slug}/",
        f"/en/{post.slug}/",
        "/nytt/2026/12",
        "/nytt/0000/x",
    ):
        assert client.get(way, follow=True).status_code in {404, 410}


def test_wagtails_own_address_leads_to_ours(client: Client, paper: Paper) -> None:
    post, address = published(paper)
    assert client.get(f"/{post.slug}/").headers["Location"].endswith(address)


def test_originals_and_documents_have_no_address(client: Client, paper: Paper) -> None:
    image = photograph()
    published(paper, body=[("picture", {"image": image, "alternative": "En plog", "caption": ""})])
    for way in (
        f"/media/{image.file.name}",
        image.file.url,
        "/documents/1/a.pdf",
        f"/images/x/{image.pk}/original/",
    ):
        assert client.get(way).status_code == 404


def test_a_picture_of_a_post_is_fetched_as_long_as_the_post_is_live(client: Client, paper: Paper) -> None:
    post, address = published(
        paper, body=[("picture", {"image": photograph(), "alternative": "En plog", "caption": ""})]
    )
    found = re.search(r'src="(/nytt/bild/[0-9a-f]{64})" alt="En plog"', client.get(address).content.decode())
    assert found
    assert client.get(found[1]).headers["Content-Type"] == "image/webp"
    services.withdraw(post, "Fel bild", by=paper.editor)
    assert PostPicture.objects.exists()
    assert client.get(found[1]).status_code == 404


def test_the_chain_is_shown_with_source_date_and_link(client: Client, paper: Paper) -> None:
    letter = Source.objects.create(
        title="Vi snöar in",
        medium="Norrviksbladet",
        date=dt.date(2026, 1, 7),
        url="https://bladet.example/7",
        quote="Ingen plogar hos oss.",
    )
    _post, address = published(paper, answers=letter)
    page = client.get(address).content.decode()
    assert "Ingen plogar hos oss." in page
    assert (
        'href="https://bladet.example/7" rel="noreferrer" dir="auto">Vi snöar in</a>, insändare, Norrviksbladet'
        in page
    )
    assert '<time datetime="2026-01-07">' in page
    assert "Det här har sagts" in page


def test_the_english_side_shows_the_translation_and_else_the_swedish_post_marked_as_such(
    client: Client, paper: Paper
) -> None:
    post, address = published(paper)
    page = client.get(f"/en{address}").content.decode()
    assert f'<h1 dir="auto" lang="sv">{post.title}</h1>' in page
    assert f'<title lang="sv">{post.title} · ' in page
    assert f"<title>{post.title} · " in client.get(address).content.decode()
    english = post.copy_for_translation(home("en").locale)
    english.title, english.slug = "Ploughing", "ploughing"
    services.publish(english, by=paper.editor)
    assert client.get(f"/en{address}").headers["Location"] == f"/en/nytt/{clock.today().year}/ploughing"
    assert "Ploughing" in client.get("/en/nytt").content.decode()
    assert "Ploughing" not in client.get("/nytt").content.decode()


def test_a_post_and_its_translations_that_may_be_seen_name_each_other(client: Client, paper: Paper) -> None:
    post, address = published(paper)

    def links(path: str) -> tuple[dict[str, str], list[str]]:
        page = client.get(path).content.decode()
        head = dict(re.findall(r'<link rel="alternate" hreflang="([\w-]+)" href="([^"]+)">', page))
        body = re.findall(r'<a class="ds-link" href="([^"]+)" lang="\w+" hreflang="\w+">', page)
        assert set(re.findall(r'<a href="([^"]+)" lang="\w+" hreflang', page)) <= set(head.values())
        return head, body

    alone = {"sv": address, "en": f"/en{address}", "ar": f"/ar{address}", "x-default": address}
    assert links(address) == links(f"/en{address}") == (alone, [])
    english = post.copy_for_translation(home("en").locale)
    english.title, english.slug = "Ploughing", "ploughing"
    english.save_revision(user=paper.editor)
    assert links(address) == (alone, []), "a draft is named by nobody"
    services.publish(english, by=paper.editor)
    there = f"/en/nytt/{clock.today().year}/ploughing"
    named = alone | {"en": there}
    assert links(address) == (named, [there])
    assert links(there) == (named, [address])
    assert links(f"/ar{address}") == (named, [there])
    services.withdraw(english, "Fel", by=paper.editor)
    assert links(address) == (alone, [])


def test_our_own_words_around_a_swedish_post_keep_the_language_of_the_page(
    client: Client, paper: Paper
) -> None:
    letter = Source.objects.create(
        title="Vi snöar in", medium="Bladet", date=dt.date(2026, 1, 7), quote="Snö."
    )
    contact = ("contact", {"function": paper.function.slug, "text": "Fråga om snö."})
    _post, address = published(paper, answers=letter, body=[contact])
    page = client.get(f"/en{address}").content.decode()
    assert page.index("What we answer") < page.index('<blockquote dir="auto" lang="sv">')
    assert page.index("What we answer") < page.rindex('<div dir="auto" lang="sv">')
    box = page[page.index('<section class="ask-too" lang="en" dir="ltr">') :]
    assert box.index("Write to us") < box.index("</section>")
    assert '<p dir="auto" lang="sv">Fråga om snö.</p>' in box
    assert 'class="ask-too" lang="ar" dir="rtl"' in client.get(f"/ar{address}").content.decode()
    assert '<q><bdi lang="sv">Vi snöar in</bdi></q>' in client.get("/ar/nytt").content.decode()


def test_a_month_shows_its_own_and_no_other(client: Client, paper: Paper) -> None:
    post, _address = published(paper, title="I dag")
    published(paper, title="Förr")
    Post.objects.filter(title="Förr").update(
        first_published_at=dt.datetime(2025, 12, 31, 23, 30, tzinfo=dt.UTC)
    )
    assert client.get("/nytt?manad=2026-01")["Location"] == "/nytt/2026/01"
    page = client.get("/nytt/2026/01").content.decode()
    assert "Förr" in page, "the month is the municipality's, not Greenwich's"
    this_month = f"/nytt/{clock.today():%Y/%m}"
    assert set(re.findall(r'href="(/nytt/[0-9]{4}/[0-9]{2})"', page)) >= {"/nytt/2026/01", this_month}
    assert "/nytt/2025/12" not in page
    assert f">{post.title}<" not in page
    assert client.get("/nytt?manad=2026-99'").status_code == 200
    assert "Förr" in client.get("/nytt/2026").content.decode()
    for nothing in ("/nytt/1999", "/nytt/2025/12"):
        answer = client.get(nothing)
        assert answer.status_code == 404
        assert "Inget från den tiden" in answer.content.decode()
    assert client.get("/nytt/2026/13", follow=True).status_code == 404


def test_a_post_of_an_old_blog_that_is_called_as_a_month_keeps_its_address(
    client: Client, paper: Paper
) -> None:
    post, _address = published(paper)
    Post.objects.filter(pk=post.pk).update(
        slug="03", first_published_at=dt.datetime(2014, 5, 1, 12, tzinfo=dt.UTC)
    )
    assert post.lead in client.get("/nytt/2014/03").content.decode()
    assert client.get("/nytt/2014/04").status_code == 404


def test_a_post_of_a_year_that_no_address_says_is_not_shown_and_breaks_nothing(
    client: Client, paper: Paper
) -> None:
    published(paper, title="Dagens")
    post, _address = published(paper, title="Gammalt")
    Post.objects.filter(pk=post.pk).update(first_published_at=dt.datetime(1, 5, 1, tzinfo=dt.UTC))
    for path in ("/", "/nytt", "/folj/alla.atom", "/sitemap.xml", "/sok?q=plogar"):
        page = client.get(path).content.decode()
        assert "Gammalt" not in page
    assert Post.objects.get(pk=post.pk).url is None
    assert client.get(f"/nytt/{post.slug}/").status_code == 404, "at Wagtail's own address neither"


def test_the_front_page_mixes_posts_and_answers_newest_first(
    client: Client, paper: Paper, django_assert_num_queries: Callable[[int], Any]
) -> None:
    staged = stage()
    staged.publish()
    post, address = published(paper)
    with django_assert_num_queries(11):
        page = client.get("/").content.decode()
    assert page.index(address) < page.index(f"/fragor/{staged.conversation.number}")
    assert page.count('class="card"') == 2
    services.withdraw(post, "Fel siffra", by=paper.editor)
    assert address not in client.get("/").content.decode()


def test_feeds_carry_the_whole_text_of_a_post_with_absolute_addresses(client: Client, paper: Paper) -> None:
    image = ("picture", {"image": photograph(), "alternative": "En plog", "caption": ""})
    published(paper, body=[("text", "<p>Sju bilar kör från klockan tre.</p>"), image])
    (item,) = client.get("/folj/alla.json").json()["items"]
    assert "Sju bilar kör från klockan tre." in item["content_html"]
    assert re.search(r'src="https?://[^/"]+/nytt/bild/[0-9a-f]{64}"', item["content_html"])


def test_a_post_costs_at_most_eleven_queries(
    client: Client, paper: Paper, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    letter = Source.objects.create(title="Vi snöar in", medium="Bladet", date=dt.date(2026, 1, 7))
    _post, address = published(paper, answers=letter, body=BODY)
    with django_assert_max_num_queries(11):
        client.get(address)
