"""The addresses of an old blog lead to where its words stand now, for good, and to no other place in the world."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from PIL import Image as Pillow

from gensvar.contactpoints.models import ContactPoint
from gensvar.people.models import Function
from gensvar.publishing.posts.models import Post, PostPicture
from gensvar.publishing.tests.wordpress.exports import OLD, SAMPLES, export, item
from gensvar.publishing.wordpress import importing
from gensvar.publishing.wordpress.making import Choices

if TYPE_CHECKING:
    from tests.scenes import Scenes

pytestmark = pytest.mark.django_db
TERMS = [("category", "vinter", "Vintern"), ("category", "vagar", "Vägar")]


def bring(*paths: Path, files: Path | None = None) -> None:
    function, _new = Function.objects.get_or_create(slug="ledning", defaults={"name": "Kommunledningen"})
    place, _new = ContactPoint.objects.get_or_create(
        channel="web", address="skriv", defaults={"name": "Skriv", "function": function, "state": "live"}
    )
    importing.bring_home(paths, Choices(function, files=files, place=place))


@pytest.fixture
def blog(scenes: Scenes, tmp_path: Path) -> Iterator[None]:
    def play() -> None:
        an_old_blog(tmp_path)

    with scenes.meet(play):
        yield


def an_old_blog(folder: Path) -> None:
    link = f"<a href='{OLD}/2014/03/sno/#kommentar'>snön</a> <a href='/?p=5'>igen</a> <a href='../2014/03/sno'>än</a> <a href='https://a.example/'>a</a>"
    bring(
        export(
            folder / "b.xml",
            item(5, "Snön", "Ord", slug="sno", terms=TERMS),
            item(
                6, "Isen", f"Läs om {link}", slug="isen", date_gmt="2013-12-31 23:30:00", link=f"{OLD}/isen/"
            ),
            item(7, "Om oss", "Ord", slug="om", type="page", link=f"{OLD}/om/"),
            item(8, "Utkast", "Ord", status="draft", link=f"{OLD}/?p=8"),
            item(
                9,
                "Räksmörgås",
                "Ord",
                slug="r%c3%a4ksm%c3%b6rg%c3%a5s",
                link=f"{OLD}/r%C3%A4ksm%C3%B6rg%C3%A5s/",
            ),
        )
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/2014/03/sno/", "/nytt/2014/sno"),
        ("/2014/03/sno", "/nytt/2014/sno"),
        ("/2014/03/sno/?utm_source=x", "/nytt/2014/sno"),
        ("/?p=5", "/nytt/2014/sno"),
        ("/?page_id=7", "/nytt/2014/om"),
        ("/isen/page/2/", "/nytt/2014/isen"),
        ("/r%C3%A4ksm%C3%B6rg%C3%A5s/", "/nytt/2014/r%C3%A4ksm%C3%B6rg%C3%A5s"),
        ("/feed/", "/folj/alla.rss"),
        ("/feed/atom/", "/folj/alla.atom"),
        ("/?feed=rss2", "/folj/alla.rss"),
        ("/category/vinter/", "/amne/vinter"),
        ("/category/arstid/vinter/feed/", "/folj/amne/vinter.rss"),
        ("/2014/03/", "/nytt/2014/03"),
        ("/2014/", "/nytt/2014"),
    ],
)
@pytest.mark.usefixtures("blog")
def test_an_old_address_leads_to_the_new_one_for_good(client: Client, old: str, new: str) -> None:
    response = client.get(old)
    if response.status_code == 301 and response["Location"].endswith("/") and "?" not in old:
        response = client.get(response["Location"])  # CommonMiddleware sets the last slash first
    assert (response.status_code, response["Location"]) == (301, new)
    assert client.get(new).status_code == 200


@pytest.mark.parametrize("old", ["/2014/03/annat/", "/wp-login.php", "/xmlrpc.php", "/2014/03/sno/x"])
@pytest.mark.usefixtures("blog")
def test_what_never_was_is_not_there(client: Client, old: str) -> None:
    response = client.get(old, follow=True)
    assert response.status_code == 404


@pytest.mark.parametrize("old", ["/?p=8", "/?p=999", "/?p=5%00", "/?p=https://ond.example", "/?page_id=-1"])
@pytest.mark.usefixtures("blog")
def test_a_number_of_nothing_public_leads_to_the_front_page(client: Client, old: str) -> None:
    response = client.get(old)
    assert (response.status_code, response["Location"]) == (302, "/")


@pytest.mark.parametrize(
    "old",
    [
        "//ond.example/2014/03/sno/",
        "/%5C%5Cond.example/",
        "/2014/03/sno//ond.example",
        "/https://ond.example/",
    ],
)
@pytest.mark.usefixtures("blog")
def test_nobody_is_sent_elsewhere(client: Client, old: str) -> None:
    response = client.get(old)
    assert response.status_code in {301, 404}
    assert "Location" not in response or not response["Location"].startswith(("//", "http", "/\\"))


@pytest.mark.usefixtures("blog")
def test_links_between_old_posts_lead_to_the_new_addresses(client: Client) -> None:
    page = client.get("/nytt/2014/isen").content.decode()
    assert page.count('href="/nytt/2014/sno"') == 3
    assert 'href="https://a.example/"' in page
    assert OLD not in page


@pytest.mark.usefixtures("blog")
def test_a_page_of_ours_stays_where_it_is_and_a_withdrawn_post_says_so(client: Client) -> None:
    assert client.get("/om").status_code == 200
    Post.objects.get(slug="sno").unpublish()
    response = client.get("/2014/03/sno/", follow=True)
    assert response.status_code == 410


def test_of_two_blogs_the_one_of_that_host_name_is_meant(client: Client, tmp_path: Path) -> None:
    one, other = "http://testserver", "https://annan.example"
    bring(
        export(tmp_path / "a.xml", item(5, "A", "Ord", slug="a", link=f"{other}/hej/"), url=other),
        export(tmp_path / "b.xml", item(5, "B", "Ord", slug="b", link=f"{one}/hej/"), url=one),
    )
    assert client.get("/hej/")["Location"] == "/nytt/2014/b"
    assert client.get("/?p=5")["Location"] == "/nytt/2014/b"


def test_of_two_blogs_the_picture_of_that_host_name_is_meant(client: Client, tmp_path: Path) -> None:
    for name, url in (("annan", "https://annan.example"), ("var", "http://testserver")):
        folder = tmp_path / name
        folder.mkdir()
        Pillow.new("RGB", (400, 300), "red" if name == "var" else "blue").save(folder / "a.png")
        file = f"{url}/wp-content/uploads/a.png"
        bring(
            export(
                folder / "b.xml",
                item(4, "A", slug="a-bild", type="attachment", status="inherit", file=file, link=f"{url}/a/"),
                item(5, name, f"<img src='{file}'>", slug=name, link=f"{url}/{name}/"),
                url=url,
            ),
            files=folder,
        )
    ours = PostPicture.objects.get(post__slug="var")
    assert client.get("/wp-content/uploads/a-30x20.png")["Location"] == f"/nytt/bild/{ours.sha256}"
    ours.post.unpublish()
    other = PostPicture.objects.get(post__slug="annan")
    assert client.get("/wp-content/uploads/a.png")["Location"] == f"/nytt/bild/{other.sha256}"


def test_files_and_their_pages_lead_to_the_picture_and_to_the_post_around_it(
    client: Client, tmp_path: Path
) -> None:
    """Of a real export, whose picture hangs under nothing; then of one that hangs under a post and whose file was not given."""
    bring(SAMPLES / "blogg.xml", files=SAMPLES / "uploads")
    oldest = PostPicture.objects.select_related("post").order_by("post").first()
    assert oldest is not None
    page, picture = f"/nytt/2014/{oldest.post.slug}", f"/nytt/bild/{oldest.sha256}"
    for old in ("/img_2034/", "/?attachment_id=4"):
        response = client.get(old)
        assert (response.status_code, response["Location"]) == (301, page)
    for file in ("plog.jpg", "plog-300x200.jpg"):
        response = client.get(f"/wp-content/uploads/2014/03/{file}")
        assert (response.status_code, response["Location"]) == (301, picture)
    assert client.get("/wp-content/uploads/2014/03/annan.jpg").status_code == 404
    post = client.get("/2014/03/sa-plogar-vi-varfor/", follow=True).content.decode()
    for kept in (
        "<h1",
        "Så plogar vi &amp; varför",
        "Maja Sund",
        'alt="En plog på Storgatan"',
        "Plogar ni Åvägen?",
    ):
        assert kept in post
    assert 'href="/nytt/2014/sa-plogar-vi-varfor"' in client.get("/?p=6", follow=True).content.decode()
    for post in Post.objects.filter(pictures__isnull=False):
        post.unpublish()
    assert client.get("/wp-content/uploads/2014/03/plog.jpg").status_code == 404
    hung: dict[str, Any] = {
        "type": "attachment",
        "status": "inherit",
        "file": f"{OLD}/wp-content/uploads/a.pdf",
    }
    link = f"<a href='{OLD}/2014/03/protokoll/bilaga/'>bilagan</a>"
    bring(
        export(
            tmp_path / "b.xml",
            item(70, "Bilaga", slug="bilaga", parent=71, link=f"{OLD}/2014/03/protokoll/bilaga/", **hung),
            item(71, "Protokoll", "Ord", slug="protokoll"),
            item(72, "Läs", link, slug="las"),
            item(80, "Lika", slug="lika", link=f"{OLD}/lika/", **hung),
            item(81, "Lika", "Ord", slug="lika", link=f"{OLD}/lika/"),
        )
    )
    for old in ("/2014/03/protokoll/bilaga/", "/?attachment_id=70"):
        assert client.get(old)["Location"] == "/nytt/2014/protokoll"
    assert 'href="/nytt/2014/protokoll"' in client.get("/nytt/2014/las").content.decode()
    assert client.get("/lika/")["Location"] == "/nytt/2014/lika", "a post goes before the page of a file"
