"""An editor, a person with a function, and a draft, for the tests of posts."""

from __future__ import annotations

import datetime as dt
import io
import itertools
from dataclasses import dataclass
from typing import Any

from django.core.files.images import ImageFile
from PIL import Image as Pillow
from wagtail.images.models import Image

from gensvar.core.models import User
from gensvar.core.roles import Role
from gensvar.people.models import Function, Person, Tenure
from gensvar.publishing import library
from gensvar.publishing.posts.models import Byline, Post, PostsHome
from gensvar.publishing.tests.scene import member

_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Paper:
    """Those behind a post."""

    editor: User
    person: Person
    function: Function

    @classmethod
    def make(cls) -> Paper:
        """Make the rows."""
        number = next(_numbers)
        function = Function.objects.create(
            slug=f"plog-{number}", name="Gata & park", name_en="Streets & parks"
        )
        editor = member(f"redaktor{number}@norrvik.example", Role.EDITOR)
        person = Person.objects.create(user=editor, name="Kim Ek", title="gatuingenjör", shown=True)
        Tenure.objects.create(person=person, function=function, starts=dt.date(2020, 1, 1))
        return cls(editor, person, function)


def home(language: str) -> PostsHome:
    """Where posts of that language hang."""
    found: PostsHome = PostsHome.objects.get(locale__language_code=language)
    return found


def draft(
    paper: Paper,
    title: str = "Så plogar vi",
    *,
    signed: bool = True,
    body: Any = (),
    owner: Any = None,
    **fields: Any,
) -> Post:
    """A draft as the editor's form would leave it."""
    number = next(_numbers)
    fields = {"slug": f"sa-plogar-vi-{number}", "lead": "Först skolvägarna, sedan resten.", **fields}
    post = Post(title=title, live=False, owner=owner or paper.editor, body=list(body), **fields)
    if signed:
        post.bylines = [Byline(person=paper.person, function=paper.function)]
    home("sv").add_child(instance=post)
    post.save_revision(user=paper.editor)
    return post


def photograph(*, gps: bool = False) -> Image:
    """A small JPEG, with the place where it was taken if asked."""
    pixels = Pillow.new("RGB", (640, 400), (40, 90, 70))
    exif = Pillow.Exif()
    if gps:
        exif[0x010F] = "Kamera"
        exif.get_ifd(0x8825)[1] = "N"
    out = io.BytesIO()
    pixels.save(out, "JPEG", exif=exif)
    out.seek(0)
    file = ImageFile(out, name=f"plog-{next(_numbers)}.jpg")
    return Image.objects.create(title="Plogen", file=file, collection=library.ours())
