"""The gate for posts: only what is live, within its time and signed passes. Everything public asks here (law 5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

from django.conf import settings
from django.db import DatabaseError
from django.db.models import CharField, Exists, F, Min, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast
from django.utils import timezone
from wagtail.models import Page

from gensvar.core import clock, files, keyset
from gensvar.core.models import Topic
from gensvar.people.models import Person
from gensvar.publishing import gate as exchanges
from gensvar.publishing import index
from gensvar.publishing import months as in_months
from gensvar.publishing.models import ShortLink
from gensvar.publishing.posts import chain, parts, words
from gensvar.publishing.posts.models import Byline, GuestByline, Post, PostDecision, PostPicture
from gensvar.publishing.posts.pictures import PictureSize
from gensvar.publishing.posts.values import (
    YEARS,
    InSeries,
    Picture,
    PostPage,
    PublishedByline,
    PublishedPost,
    Translation,
)
from gensvar.publishing.values import PublishedTopic

PAGE: Final = 12
IN_SERIES: Final = 12
MOST_LANGUAGES: Final = 100  # of one post


def page(
    language: str,
    before: tuple[dt.datetime, int] | None = None,
    size: int = PAGE,
    *,
    year: int = 0,
    month: int = 0,
    function: str = "",
    topic: str = "",
    person: int = 0,
    parts_too: bool = False,
) -> PostPage:
    """Posts newest first, after the key `before`; each once, in this language if it stands there, else as `_in` says.

    `parts_too` gives the text of each with it, for feeds.
    """
    rows = _in(language, _live())
    if year:
        begins, ends = clock.span_of(year, month)
        rows = rows.filter(first_published_at__gte=begins, first_published_at__lt=ends)
    signed = Byline.objects.filter(post=OuterRef("pk"))
    if function:
        rows = rows.filter(Exists(signed.filter(function__slug=function)))
    if person:
        rows = rows.filter(Exists(signed.filter(person=person, person__shown=True)))
    if topic:
        rows = rows.filter(topics__slug=topic)
    found, following = _some(rows, before, size)
    if parts_too:
        told = zip(found, parts.shown_in(found), strict=True)
        made = [replace(_summary(one), parts=said) for one, said in told]
    else:
        cards = _cards(one.pk for one in found)
        made = [replace(_summary(one), card=cards.get(one.pk)) for one in found]
    return PostPage(tuple(made), following)


def search(
    asked: Sequence[Sequence[str]],
    language: str,
    before: tuple[dt.datetime, int] | None = None,
    size: int = PAGE,
) -> PostPage:
    """Posts that hold one stem of each of these, newest first, after the key `before`, with what their parts say.

    Of translations that hold them one is given: the one that `_in` says.
    """
    if not asked:
        return PostPage((), None)
    live, holding = _live(), index.holding(asked, index.POSTS)
    other = live.filter(translation_key=OuterRef("translation_key"), locale__language_code=language)
    # Not by the key itself: SQLite would go through all that was found for each of its translations.
    among = live.alias(place=F("pk") + 0).filter(place__in=holding)
    rows = _in(language, live.filter(pk__in=holding), among)
    try:
        found, following = _some(rows, before, size, translated=Exists(other.exclude(pk=OuterRef("pk"))))
    except DatabaseError as error:
        if index.unknown_letter(error):
            return PostPage((), None)
        raise
    # What was hidden since it was indexed must not be guessed word by word: only what is read here finds.
    kept = (one for one in found if _holds(one, asked))
    return PostPage(tuple(_sought(one) for one in kept), following)


def months(language: str) -> tuple[dt.date, ...]:
    """The months in which something was published, newest first, as their first days."""
    return _months_of(_in(language, _live()))


def topics() -> QuerySet[Topic]:
    """The topics of what may be seen: each is asked for one post, instead of each post for its topics."""
    about = _live().filter(topics=OuterRef("pk")).order_by().values("pk")
    return Topic.objects.alias(post=Subquery(about[:1])).filter(post__isnull=False)


def authors() -> QuerySet[Person]:
    """Those who signed what may be seen and agreed to be named."""
    return Person.objects.filter(shown=True, pk__in=Byline.objects.filter(post__in=_live()).values("person"))


def find(year: int, slug: str, language: str) -> PublishedPost | None:
    """The post at this address, in this language if it is translated; None for whatever may not be seen."""
    live = _live()
    there = live.filter(slug=slug, first_published_at__year=year)
    same_post = live.filter(translation_key__in=there.values("translation_key"))
    chosen = _with_bylines(_chosen(same_post, MOST_LANGUAGES)).annotate(is_answered=chain.ANSWERED)
    rows = list(chosen.order_by("pk"))
    here = [one for one in rows if (one.slug, _translation(one).year) == (slug, year)]
    if not here:
        return None
    order = (language, settings.LANGUAGE_CODE)
    row = min(here, key=lambda one: [one.locale.language_code != code for code in order])
    same = [one for one in rows if one.translation_key == row.translation_key]
    row = next((one for one in same if one.locale.language_code == language), row)
    return replace(_whole(row, live), translations=tuple(_translation(one) for one in same))


def told_first_in(year: int, month: int, most: int) -> tuple[tuple[Translation, ...], ...]:
    """For each post that was first published in that month, newest first, the languages in which it may be read."""
    begins, ends = clock.span_of(year, month)
    keys = _told_in_none_before(begins).filter(first_published_at__gte=begins, first_published_at__lt=ends)
    newest = keys.order_by().values("translation_key").annotate(first=Min("first_published_at"))
    chosen = newest.order_by("-first", "translation_key").values_list("translation_key", flat=True)[:most]
    found: dict[Any, tuple[Translation, ...]] = dict.fromkeys(chosen, ())
    rows = _live().filter(translation_key__in=list(found)).select_related("locale")
    for one in rows.defer("body").order_by("pk"):
        found[one.translation_key] = (*found[one.translation_key], _translation(one))
    # One may have been withdrawn between the two readings.
    return tuple(one for one in found.values() if one)


def months_of_all() -> tuple[dt.date, ...]:
    """The months in which something was published first, in whatever language, newest first, as their first days."""
    return _months_of(_told_in_none_before(in_months.BEGINS))


def _months_of(rows: QuerySet[Post]) -> tuple[dt.date, ...]:
    return in_months.holding(rows, "first_published_at", Page.objects.filter(_in_years()))


def find_in(language: str, keys: QuerySet[Any]) -> tuple[PublishedPost, ...]:
    """Those of these translation keys that may be seen, newest first, each in this language if it stands there."""
    rows = _in(language, _live().filter(translation_key__in=keys))
    return tuple(_summary(one) for one in _with_bylines(rows).order_by("-first_published_at", "-pk"))


def is_shown(key: int, since: dt.datetime | None = None) -> bool:
    """Whether the post of that key may be seen now; with `since` (aware): and says what it said at that time."""
    rows = _live().filter(pk=key)
    return (rows if since is None else rows.exclude(last_published_at__gt=since)).exists()


def every_shown() -> Iterable[Post]:
    """Every post that may be seen, in every language, for the check of links; read a hundred at a time."""
    return _live().order_by("pk").iterator(chunk_size=100)


def shown_among(keys: Iterable[int]) -> set[int]:
    """Those of these keys whose posts may be seen now."""
    return set(_live().filter(pk__in=list(keys)).values_list("pk", flat=True))


def find_by_key(key: int) -> PublishedPost | None:
    """The post of that key in its own language, without its parts; None for whatever may not be seen."""
    row = _with_bylines(_live().filter(pk=key)).first()
    return _summary(row) if row is not None else None


def find_all(keys: Collection[int]) -> dict[int, PublishedPost]:
    """Those of these keys that may be seen now, without their parts; two readings however many, none for none."""
    if not keys:
        return {}
    return {one.pk: _summary(one) for one in _with_bylines(_live().filter(pk__in=keys))}


def find_at(places: Collection[str]) -> dict[str, PublishedPost]:
    """Those of these places (values.Place, written) whose posts may be seen; as find_all, with `translated`."""
    if not places:
        return {}
    live = _live()
    same = live.filter(translation_key=OuterRef("translation_key")).exclude(pk=OuterRef("pk"))
    rows = live.filter(slug__in={place.rpartition("/")[2] for place in places}).annotate(
        translated=Exists(same)
    )
    found = {one.place: one for one in map(_sought, _with_bylines(rows))}
    return {place: one for place, one in found.items() if place in places}


def was_shown(year: int, slug: str) -> bool:
    """Whether something public stood at this address once; ask where `find` gave nothing."""
    return PostDecision.objects.filter(
        kind=PostDecision.Kind.PUBLISHED, post__slug=slug, post__first_published_at__year=year
    ).exists()


def key_was_shown(key: int) -> bool:
    """Whether the post of that key was public once; ask where `find_by_key` gave nothing."""
    return PostDecision.objects.filter(kind=PostDecision.Kind.PUBLISHED, post=key).exists()


def picture(sha256: str) -> tuple[bytes, str] | None:
    """The bytes and content type of a picture that stands in a live post, or None."""
    shown = PostPicture.objects.filter(shown=True, post__in=_live())
    row: PostPicture | PictureSize | None = shown.filter(sha256=sha256).first()
    if row is None:
        row = PictureSize.objects.filter(sha256=sha256, picture__in=shown).first()
    return (files.read(sha256), row.content_type) if row is not None else None


def as_it_would_be(post: Post) -> PublishedPost:
    """What would be seen if this draft were published now; for those who write it."""
    return _whole(post, _live(), preview=True)


def _some(
    rows: QuerySet[Post], before: tuple[dt.datetime, int] | None, size: int, **more: Exists
) -> tuple[list[Post], tuple[dt.datetime, int] | None]:
    """At most `size` of the rows, newest first, after that key, and where the next ones begin; `more` is said of each."""
    rows = rows.filter(keyset.older("first_published_at", before)) if before is not None else rows
    chosen = _chosen(rows.order_by("-first_published_at", "-pk"), size + 1)
    return keyset.newest(_with_bylines(chosen).annotate(**more), "first_published_at", None, size)


def _chosen(rows: QuerySet[Post], most: int) -> QuerySet[Post]:
    """The first of these rows, chosen by themselves (the limit keeps that apart) before what is shown of them is joined.

    PostgreSQL weighs eight tables against each other, no more: else it reads every post for each page of one.
    """
    found: QuerySet[Post] = Post.objects.filter(pk__in=rows.values("pk")[:most])
    return found


def _told_in_none_before(begins: dt.datetime | RawSQL) -> QuerySet[Post]:
    """Posts that stood in no language before that time, each in all its languages."""
    live = _live()
    same = live.filter(translation_key=OuterRef("translation_key"), first_published_at__lt=begins)
    return live.filter(~Exists(same))


def _translation(post: Post) -> Translation:
    at = post.first_published_at or clock.now()
    return Translation(post.locale.language_code, timezone.localtime(at).year, post.slug, _changed(post, at))


def _changed(post: Post, at: dt.datetime) -> dt.datetime:
    """When what stands there was published last (aware), never before `at`, when it was first."""
    return max(at, post.last_published_at or at)


def _holds(post: Post, asked: Sequence[Sequence[str]]) -> bool:
    held = set(words.found_by(post))
    return all(not held.isdisjoint(either) for either in asked)


def _live() -> QuerySet[Post]:
    now = clock.now()
    rows: QuerySet[Post] = Post.objects.live().public()
    guest = GuestByline.objects.filter(post=OuterRef("pk"))
    return rows.filter(
        Q(expire_at__isnull=True) | Q(expire_at__gt=now),
        Exists(Byline.objects.filter(post=OuterRef("pk"))) | Exists(guest),
        ~Exists(guest.filter(agreed_to="")),
        _in_years(),
    )


def _in_years() -> Q:
    """First published at a time that an address can say."""
    begins, ends = clock.span_of(YEARS[0])[0], clock.span_of(YEARS[-1])[1]
    return Q(first_published_at__gte=begins, first_published_at__lt=ends)


def _in(language: str, rows: QuerySet[Post], among: QuerySet[Post] | None = None) -> QuerySet[Post]:
    """Each post of the rows once: in this language where that is one of them, else in the square's first, else as it was written
    first. `among` gives the same rows in another way, to be looked through for each."""
    same = (rows if among is None else among).filter(translation_key=OuterRef("translation_key"))
    here, first = Q(locale__language_code=language), Q(locale__language_code=settings.LANGUAGE_CODE)
    before = same.exclude(pk=OuterRef("pk")).filter(here | first | Q(pk__lt=OuterRef("pk")))
    return rows.filter(here | first & ~Exists(same.filter(here)) | ~Exists(before))


def _with_bylines(rows: QuerySet[Post]) -> QuerySet[Post]:
    signed = Byline.objects.select_related("person", "function").order_by("sort_order", "pk")
    link = ShortLink.objects.filter(
        kind=ShortLink.Kind.PAGE, key=Cast(OuterRef("pk"), CharField(max_length=40))
    )
    rows = rows.annotate(short_link=Subquery(link.values("code")))
    rows = rows.select_related("locale", "series", "answers", "guest_byline__function")
    return rows.prefetch_related(Prefetch("bylines", signed))


def _bylines(post: Post) -> tuple[PublishedByline, ...]:
    """A guest first, then those of ours who stand behind it too."""
    guest: GuestByline | None = getattr(post, "guest_byline", None)
    first: tuple[PublishedByline, ...] = ()
    if guest is not None:
        function = guest.function
        first = (PublishedByline(str(function), function.slug, guest.name, guest.association, guest=True),)
    return first + tuple(
        PublishedByline(
            str(one.function),
            one.function.slug,
            one.person.name if one.person is not None and one.person.shown else one.guest,
            one.person.title if one.person is not None and one.person.shown else "",
        )
        for one in post.bylines.all()
    )


def _cards(keys: Iterable[int]) -> dict[int, Picture]:
    """The first picture of each of these posts in a card's shape, by the post's key; one statement."""
    sizes = PictureSize.objects.filter(card=True, picture__shown=True, picture__post__in=list(keys))
    found: dict[int, tuple[PostPicture, list[PictureSize]]] = {}
    for one in sizes.select_related("picture").order_by("picture__place", "picture_id"):
        row, files = found.setdefault(one.picture.post_id, (one.picture, []))
        if row.pk == one.picture_id:
            files.append(one)
    return {post: parts.picture_of(row, files, "") for post, (row, files) in found.items()}


def _summary(post: Post) -> PublishedPost:
    at = post.first_published_at or clock.now()
    return PublishedPost(
        title=post.title,
        lead=post.lead,
        slug=post.slug,
        language=post.locale.language_code,
        first_published_at=at,
        changed_at=_changed(post, at),
        year=timezone.localtime(at).year,
        bylines=_bylines(post),
        series=str(post.series) if post.series else "",
        answers=post.answers.title if post.answers else "",
        code=getattr(post, "short_link", None) or "",
        key=post.pk or 0,
    )


def _sought(post: Post) -> PublishedPost:
    translated: bool = post.translated
    return replace(_summary(post), said=words.parts_of(post), translated=translated)


def _whole(post: Post, live: QuerySet[Post], *, preview: bool = False) -> PublishedPost:
    """`live` are the posts that may be seen: Wagtail asks for its restrictions each time that they are named."""
    short = _summary(post)
    series: tuple[InSeries, ...] = ()
    if post.series_id:
        others = _in(short.language, live).filter(series=post.series_id).exclude(pk=post.pk)
        rows = others.select_related("locale").defer("body").order_by("first_published_at")[:IN_SERIES]
        there = ((one.title, _translation(one)) for one in rows)
        series = tuple(InSeries(title, at.language, at.year, at.slug) for title, at in there)
    return replace(
        short,
        topics=tuple(map(PublishedTopic.of, post.topics.all())),
        parts=parts.shown(post, preview=preview),
        chain=chain.of(
            post,
            short,
            lambda keys: map(_summary, _with_bylines(_in(short.language, live).filter(pk__in=keys))),
        ),
        exchange=exchanges.find(post.answers_number) if post.answers_number else None,
        in_series=series,
    )
