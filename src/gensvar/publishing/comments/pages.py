"""The public pages that comments stand under: each found through its own gate, with who answers for it."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override

from gensvar.people.models import Function
from gensvar.publishing import gate as exchanges
from gensvar.publishing.comments.models import On
from gensvar.publishing.models import PublicExchange
from gensvar.publishing.posts import gate as posts
from gensvar.publishing.posts import guest_bylines
from gensvar.publishing.posts.models import Byline, Post
from gensvar.publishing.posts.values import Place


@dataclass(frozen=True, slots=True)
class CommentedPage:
    """A page that may be seen now."""

    kind: str
    key: str
    title: str
    language: str  # of the headline, may be empty
    address: str  # in the reader's language, or in its own where it is translated
    function: Function | None
    conversation_id: int | None = None


def page_of(kind: str, key: str) -> CommentedPage | None:
    """That page, or None for whatever may not be seen."""
    if kind == On.EXCHANGE:
        return _exchange(key)
    return _post(key) if kind == On.POST else None


def _exchange(number: str) -> CommentedPage | None:
    found = exchanges.find(number)
    if found is None:
        return None
    row = PublicExchange.objects.select_related("function", "conversation__function").get(number=number)
    return CommentedPage(
        On.EXCHANGE,
        number,
        found.title,
        found.title_language,
        reverse("square:exchange", args=[found.number, found.slug]),
        row.conversation.function or row.function,
        row.conversation_id,
    )


def post_at(year: int, slug: str, language: str) -> CommentedPage | None:
    """The post that may be seen at that address, where several languages have it the one in this language."""
    rows = list(_at(year, slug))
    shown = posts.shown_among(row.pk for row in rows)
    order = (language, settings.LANGUAGE_CODE)
    rows.sort(key=lambda row: [row.locale.language_code != one for one in order])
    return next((_page(row) for row in rows if row.pk in shown), None)


def _post(key: str) -> CommentedPage | None:
    place = Place.read(key)
    if place is None:
        return None
    rows = {row.locale.language_code: row for row in _at(place.year, place.slug)}
    row = rows.get(place.language)
    if row is None and place.language == settings.LANGUAGE_CODE:  # kept before keys named another language
        row = next(iter(rows.values()), None)
    return _page(row) if row is not None else None


def _at(year: int, slug: str) -> QuerySet[Post]:
    rows: QuerySet[Post] = Post.objects.filter(slug=slug, first_published_at__year=year)
    return rows.select_related("locale").order_by("pk")


def _page(row: Post) -> CommentedPage | None:
    at = row.first_published_at
    year = timezone.localtime(at).year if at is not None else 0
    found = posts.find(year, row.slug, row.locale.language_code)
    if found is None or found.key != row.pk:
        return None
    with override(found.language if len(found.translations) > 1 else get_language()):
        address = reverse("square:post", args=[found.year, found.slug])
    return CommentedPage(
        On.POST,
        found.place,
        found.title,
        found.language,
        address,
        _answering(row),
    )


def _answering(post: Post) -> Function | None:
    """The function of the post's contact box, else that of its first byline, else the one that invited its guest."""
    for part in post.body:
        if part.block_type == "contact":
            named = Function.objects.filter(slug=str(part.value.get("function", "")), active=True).first()
            if named is not None:
                return named
    first: Byline | None = post.bylines.select_related("function").order_by("sort_order", "pk").first()
    if first is not None:
        return first.function
    guest = guest_bylines.of(post.pk)
    return guest.function if guest is not None else None
