"""The public pages that comments stand under: each found through its own gate, with who answers for it."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from gensvar.people.models import Function
from gensvar.publishing import gate as exchanges
from gensvar.publishing.comments.models import On
from gensvar.publishing.models import PublicExchange
from gensvar.publishing.posts import gate as posts
from gensvar.publishing.posts import guest_bylines
from gensvar.publishing.posts.models import Byline, Post


@dataclass(frozen=True, slots=True)
class CommentedPage:
    """A page that may be seen now."""

    kind: str
    key: str
    title: str
    language: str  # of the headline, may be empty
    address: str  # in the reader's language
    function: Function | None
    conversation_id: int | None = None
    post_key: int = 0  # of a post


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


def _post(key: str) -> CommentedPage | None:
    year, _mark, slug = key.partition("/")
    if not year.isdecimal() or not slug:
        return None
    row = Post.objects.filter(slug=slug, first_published_at__year=int(year)).select_related("locale").first()
    found = posts.find(int(year), slug, row.locale.language_code) if row is not None else None
    if row is None or found is None:
        return None
    return CommentedPage(
        On.POST,
        f"{found.year}/{found.slug}",
        found.title,
        found.language,
        reverse("square:post", args=[found.year, found.slug]),
        _answering(row),
        post_key=found.key,
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
