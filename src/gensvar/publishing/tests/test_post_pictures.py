"""Pictures of posts: in sizes and kinds that are made beside, cut around the focal point, and shown only with their post."""

from __future__ import annotations

import gc
import io
import struct
import zlib
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.images import ImageFile
from django.test import Client
from PIL import Image as Pillow
from wagtail.images.forms import get_image_form
from wagtail.images.models import Image

from gensvar.core import clock, freshness
from gensvar.core.recurring import TimeCame
from gensvar.publishing import pictures
from gensvar.publishing.posts import blocks, gate, services
from gensvar.publishing.posts import pictures as kept
from gensvar.publishing.posts.models import PictureSize, Post, PostPicture
from gensvar.publishing.renditions import renditions
from gensvar.publishing.tests.posts_scene import Paper, draft, photograph

pytestmark = pytest.mark.django_db
FACT = TimeCame("publishing.make_sizes_of_pictures", 2)


@pytest.fixture
def paper() -> Paper:
    return Paper.make()


def landscape(*, focus: tuple[int, int] | None = None, size: tuple[int, int] = (2000, 400)) -> Image:
    """Blue above, red below."""
    pixels = Pillow.new("RGB", size, (20, 40, 160))
    pixels.paste((180, 30, 30), (0, size[1] // 2, *size))
    out = io.BytesIO()
    pixels.save(out, "JPEG")
    out.seek(0)
    image = Image(title="Himlen", file=ImageFile(out, name="himlen.jpg"))
    if focus is not None:
        image.focal_point_x, image.focal_point_y = focus
        image.focal_point_width = image.focal_point_height = 10
    image.save()
    return image


def with_picture(paper: Paper, image: Image) -> Post:
    return draft(paper, body=[("picture", {"image": image, "alternative": "Himlen", "caption": ""})])


def make_all() -> None:
    """Run the work by the clock until nothing is left to make."""
    while PostPicture.objects.filter(shown=True, sized=False).exists():
        kept.make_sizes(FACT)()


def opened(sha256: str) -> Pillow.Image:
    found = gate.picture(sha256)
    assert found is not None
    with Pillow.open(io.BytesIO(found[0])) as picture:
        assert not picture.getexif()
        return picture.convert("RGB")


def bomb(side: int = 60_000) -> bytes:
    """A PNG whose head says that it is side × side pixels; there is next to nothing in it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def test_a_page_offers_newer_kinds_in_several_widths_and_one_for_everybody(
    paper: Paper, client: Client
) -> None:
    post = with_picture(paper, landscape())
    services.publish(post, by=paper.editor)
    address = f"/nytt/{clock.today().year}/{post.slug}"
    assert "<picture>" not in client.get(address).content.decode(), (
        "before they are made the picture stands alone"
    )
    assert 'alt="Himlen"' in client.get(address).content.decode()
    make_all()
    page = client.get(address).content.decode()
    assert page.index('type="image/avif"') < page.index('type="image/webp"')
    for width in (480, 960, 1600):
        assert page.count(f" {width}w") == 2
    assert 'width="1600" height="320" loading="lazy"' in page
    for size in PictureSize.objects.all():
        answer = client.get(f"/nytt/bild/{size.sha256}")
        assert answer.headers["Content-Type"] == size.content_type
        assert opened(size.sha256).size == (size.width, size.height)


def test_a_card_is_cut_around_the_focal_point(paper: Paper, client: Client) -> None:
    post = with_picture(paper, landscape(focus=(360, 1370), size=(720, 1440)))
    library = get_image_form(Image)
    before = library(instance=Image.objects.get(), user=paper.editor)
    services.publish(post, by=paper.editor)
    after = library(instance=Image.objects.get(), user=paper.editor)
    assert ["som den var" in one.fields["file"].help_text for one in (before, after)] == [False, True]
    make_all()
    (card,) = [one.card for one in gate.page("sv").posts]
    assert card is not None
    assert (card.width, card.height) == (640, 360)
    for across in (5, 320, 635):
        red, _green, blue = opened(card.plain.sha256).getpixel((across, 150))  # type: ignore[misc]
        assert red > 120 > blue, "only what is below is seen"
    assert 'class="card card--pictured"' in client.get("/nytt").content.decode()
    image = Image.objects.get()
    image.focal_point_y = 72
    image.save()
    services.publish(Post.objects.get().get_latest_revision_as_object(), by=paper.editor)
    make_all()
    (card,) = [one.card for one in gate.page("sv").posts]
    assert card is not None
    red, _green, blue = opened(card.plain.sha256).getpixel((320, 150))  # type: ignore[misc]
    assert blue > 120 > red, "a new focal point counts from the next publication"


def test_every_size_closes_with_its_post(
    paper: Paper, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = with_picture(paper, landscape())
    services.publish(post, by=paper.editor)
    changes: list[bool] = []
    with monkeypatch.context() as noting:
        noting.setattr(freshness, "changed", lambda *, takes_away=True: changes.append(takes_away))
        make_all()
    assert set(changes) == {False}, "they hide no kept page: the picture is shown already"
    digests = [*PictureSize.objects.values_list("sha256", flat=True), PostPicture.objects.get().sha256]
    addresses = [f"/nytt/bild/{one}" for one in digests]
    assert len(addresses) == 13
    assert {client.get(one).status_code for one in addresses} == {200}
    services.withdraw(post, "Fel bild", by=paper.editor)
    assert {client.get(one).status_code for one in addresses} == {404}


def test_a_draft_of_a_live_post_neither_shows_its_pictures_nor_hides_those_that_are_shown(
    paper: Paper,
) -> None:
    post = with_picture(paper, photograph())
    services.publish(post, by=paper.editor)
    shown = PostPicture.objects.get()
    secret = landscape()
    post.body = [("picture", {"image": secret, "alternative": "Hemlig", "caption": ""})]
    post.save_revision(user=paper.editor)
    assert gate.picture(shown.sha256) is not None
    with secret.open_file() as file:
        would_be = pictures.clean(file.read(), quality=kept.QUALITY)
    assert not PostPicture.objects.filter(image=secret).exists()
    assert would_be.data


def test_a_picture_whose_file_was_lost_is_left_out_and_the_post_is_shown(paper: Paper) -> None:
    image = photograph()
    post = with_picture(paper, image)
    image.file.storage.delete(image.file.name)
    services.publish(post, by=paper.editor)
    found = gate.find(clock.today().year, post.slug, "sv")
    assert found is not None
    assert found.parts == ()
    assert [one.pk for one in kept.left_out(post.pk, post.body)] == [image.pk]


def test_nothing_is_made_larger_and_what_is_transparent_stays_so() -> None:
    out = io.BytesIO()
    Pillow.new("RGBA", (300, 200), (0, 0, 0, 0)).save(out, "PNG")
    made = list(renditions(pictures.clean(out.getvalue()).data))
    assert {one.width for one in made if not one.card} == {300}
    plain = next(one for one in made if one.content_type == "image/png" and not one.card)
    with Pillow.open(io.BytesIO(plain.data)) as picture:
        assert picture.getpixel((1, 1))[3] == 0  # type: ignore[index]


def test_fifty_million_pixels_are_taken_and_a_bomb_is_never_unpacked() -> None:
    out = io.BytesIO()
    Pillow.new("RGB", (8660, 5780), (40, 90, 70)).save(out, "JPEG")
    found = pictures.clean(out.getvalue())
    assert (found.width, found.height) == (1600, 1068)
    for side in (8_000, 13_000, 60_000):
        with pytest.raises(pictures.TooManyPixels):
            pictures.clean(bomb(side))


def test_the_library_refuses_what_nobody_could_be_shown_and_says_why(paper: Paper, client: Client) -> None:
    whole = io.BytesIO()
    Pillow.effect_noise((400, 400), 90).convert("RGB").save(whole, "JPEG")
    evil = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    client.force_login(paper.editor)
    said: dict[str, str] = {}
    given: dict[str, tuple[str, bytes]] = {
        "half": ("halv.jpg", whole.getvalue()[: len(whole.getvalue()) // 2]),
        "bomb": ("bomb.png", bomb(9_000)),
        "svg": ("ond.svg", evil),
        "svg as png": ("ond.png", evil),
    }
    for name, (file_name, data) in given.items():
        file: Any = io.BytesIO(data)
        file.name = file_name
        said[name] = client.post("/desk/images/chooser/create/", {
            "image-chooser-upload-title": "Bild", "image-chooser-upload-file": file,
        }).json()["htmlFragment"]  # fmt: skip
    assert not Image.objects.exists()
    assert "Bilden är trasig" in said["half"]
    assert "fler än 60 miljoner bildpunkter" in said["bomb"]
    assert "trasig" in said["svg as png"]
    assert "JPEG, PNG" in said["svg"], "the kinds that are taken are named"
    client.post("/desk/images/multiple/add/", {"title": "x", "files[]": io.BytesIO(bomb(9_000))})
    assert not Image.objects.exists()


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "ftp://film.example/1",
        "https://localhost/film",
        "https://127.0.0.1/film",
        "https://[::1]/film",
        "https://film.example@ond.example/1",
        "https://[trasig/1",
    ],
)
def test_a_film_that_leads_nowhere_or_deceives_is_refused(address: str) -> None:
    with pytest.raises(ValidationError):
        blocks.Film().child_blocks["url"].clean(address)


@pytest.mark.parametrize(
    "address", ["https://film.example/1?t=5", "https://åsele.example/film", "http://a.b.se"]
)
def test_a_film_by_name_is_taken_without_asking_its_host(address: str) -> None:
    assert blocks.Film().child_blocks["url"].clean(address) == address


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("who", ["anybody", "registrar"])
def test_no_address_of_wagtails_gives_what_is_not_published(paper: Paper, client: Client, who: str) -> None:
    image = photograph()
    rendition = image.get_rendition("width-200")
    post = with_picture(paper, image)
    if who == "registrar":
        from gensvar.core.roles import Role
        from gensvar.publishing.tests.scene import member

        client.force_login(member("reg@norrvik.example", Role.REGISTRAR))
    name = image.file.name.rpartition("/")[2]
    for address in (
        image.file.url,
        rendition.url,
        f"/media/{name}",
        f"/media/original_images/../original_images/{name}",
        f"/media/original_images/%2e%2e/{name}",
        f"/static/../media/original_images/{name}",
        f"/images/{image.pk}/original/{name}",
        f"/images/aaaa/{image.pk}/width-200/",
        "/documents/1/a.pdf",
        "/_util/authenticate_with_password/1/1/",
        f"/en/media/original_images/{name}",
        f"/nytt/bild/{image.pk}",
        f"/api/v2/images/{image.pk}/",
        f"/api/v3/images/{image.pk}/",
        f"/desk/images/{image.pk}/preview/width-200/",
        f"/desk/pages/{post.pk}/view_draft/",
    ):
        answer = client.get(address)
        assert answer.status_code in {301, 302, 403, 404}, address
        assert not answer.headers.get("Content-Type", "").startswith("image/"), address
    del rendition, image
    gc.collect()  # Wagtail leaves its files open until then
