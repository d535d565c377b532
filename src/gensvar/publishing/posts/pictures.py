"""Pictures of posts as they may be seen: kept when a post is published, made in every size beside it, never by a reader.

Neighbours: models calls `keep`, the worker runs `make_sizes` (config.flow), gate and parts show what is here.
"""

from __future__ import annotations

import logging
from typing import Any, ClassVar

from django.db import models
from wagtail.images.models import Image

from gensvar.core import clock, files, freshness
from gensvar.core.events import Again, Settle
from gensvar.core.recurring import TimeCame, recurring_apart
from gensvar.publishing import pictures
from gensvar.publishing.renditions import MIDDLE, Focus, Rendition, renditions

logger = logging.getLogger(__name__)

QUALITY = 90  # of the one that all sizes are made from


class PostPicture(models.Model):
    """A picture of a post as it may be seen: without metadata; it holds the image that it was made of."""

    post = models.ForeignKey("publishing.Post", on_delete=models.PROTECT, related_name="pictures")
    image = models.ForeignKey(Image, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64, db_index=True)
    content_type = models.CharField(max_length=40)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    shown = models.BooleanField(default=True)
    place = models.PositiveSmallIntegerField(default=0)  # among the pictures of the post
    focus_x = models.PositiveSmallIntegerField(default=MIDDLE[0])  # thousandths from the left
    focus_y = models.PositiveSmallIntegerField(default=MIDDLE[1])  # thousandths from the top
    made_of = models.CharField(max_length=64, blank=True)  # SHA-1 of the editor's file
    sized = models.BooleanField(default=False)  # whether its sizes were made, or cannot be

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["post", "image"], name="post_picture_once")]
        indexes: ClassVar = [
            models.Index(
                fields=["id"], name="post_picture_unsized", condition=models.Q(sized=False, shown=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.post_id}/{self.image_id}"


class PictureSize(models.Model):
    """One file of such a picture (publishing.renditions); shown exactly as long as the picture itself."""

    picture = models.ForeignKey(PostPicture, on_delete=models.CASCADE, related_name="sizes")
    card = models.BooleanField()
    content_type = models.CharField(max_length=40)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["picture", "card", "width", "content_type"], name="picture_size_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.picture_id} {self.width} {self.content_type}"


def images_in(body: Any) -> list[Image]:
    """The images that stand in a post's parts, in their order."""
    return [
        part.value["image"] for part in body if part.block_type in {"picture", "film"} and part.value["image"]
    ]


def keep(post: int, body: Any) -> None:
    """Make of each picture that stands in the body of that post (its key) one that may be shown: pixels only, kept under its own digest.

    In the transaction that publishes; what was made of the same file before is taken as it is. The sizes follow by the
    clock. A picture that cannot be read is left out: `left_out` names it.
    """
    there = list({image.pk: image for image in images_in(body)}.values())
    PostPicture.objects.filter(post=post).exclude(image__in=there).update(shown=False)
    before = {one.image_id: one for one in PostPicture.objects.filter(post=post)}
    for place, image in enumerate(there):
        row = before.get(image.pk) or PostPicture(post_id=post, image=image)
        try:
            _make(row, image)
        except (pictures.NotAPicture, OSError):
            logger.exception("Image %s of post %s cannot be shown; the post is.", image.pk, post)
            PostPicture.objects.filter(pk=row.pk).update(shown=False)
            continue
        row.place, row.shown = place, True
        row.save()


def left_out(post: int, body: Any) -> list[Image]:
    """The images of a published post that could not be read and so are not shown."""
    shown = set(PostPicture.objects.filter(post=post, shown=True).values_list("image_id", flat=True))
    return [image for image in images_in(body) if image.pk not in shown]


def given_for_another(post: Any) -> list[str]:
    """The titles of the images in that post's parts (as it is held in memory) that a guest gave for another text."""
    there = {image.pk for image in images_in(post.body)}
    if not there:
        return []
    given = Image.objects.filter(pk__in=there, guest_picture__isnull=False)
    others = given.exclude(guest_picture__guest__post__translation_key=post.translation_key)
    return [str(title) for title in others.order_by("pk").values_list("title", flat=True)]


def focus_of(image: Image) -> Focus:
    """Its focal point as the editor set it, or the middle."""
    point = image.get_focal_point()
    if point is None or not image.width or not image.height:
        return MIDDLE
    across, down = point.centroid.x * 1000 / image.width, point.centroid.y * 1000 / image.height
    return max(0, min(1000, round(across))), max(0, min(1000, round(down)))


def _make(row: PostPicture, image: Image) -> None:
    focus, file_hash = focus_of(image), image.get_file_hash()
    same_file = row.pk and row.made_of == file_hash
    if same_file and (row.focus_x, row.focus_y) == focus:
        return
    row.focus_x, row.focus_y = focus
    if not same_file:
        with image.open_file() as file:
            made = pictures.clean(file.read(), quality=QUALITY)
        row.sha256, row.content_type, row.made_of = files.keep(made.data), made.content_type, file_hash
        row.width, row.height = made.width, made.height
    row.sized = False
    if row.pk:
        row.sizes.all().delete()


@recurring_apart
def make_sizes(fact: TimeCame) -> Settle:
    """Recurring: makes every file of one picture that lacks them, newest first, so that an import of thousands holds up nobody.

    Comes back at once while there are more. What cannot be made is not tried again: the picture itself is shown.
    """
    row = PostPicture.objects.filter(shown=True, sized=False).order_by("-pk").first()
    if row is None:
        return fact.next_time
    try:
        made = [_size(row, one) for one in renditions(files.read(row.sha256), (row.focus_x, row.focus_y))]
    except Exception:  # an encoder may raise anything; the other pictures wait
        logger.exception("The sizes of picture %s could not be made; it is shown as it is.", row.pk)
        made = []

    def write() -> Again:
        same = {name: getattr(row, name) for name in ("pk", "sha256", "focus_x", "focus_y")}
        with (
            freshness.adding()
        ):  # the picture itself is shown already: nobody waits for a page because of its sizes
            if PostPicture.objects.filter(**same, sized=False).update(sized=True):
                PictureSize.objects.bulk_create(made, ignore_conflicts=True)
        return clock.now()

    return write


def _size(row: PostPicture, made: Rendition) -> PictureSize:
    return PictureSize(
        picture=row,
        card=made.card,
        content_type=made.content_type,
        width=made.width,
        height=made.height,
        sha256=files.keep(made.data),
    )
