"""Makes a post of an old item: dated as it was, signed, silent. No feed pings, no letter is written, nothing comes on top.

Neighbours: body makes its parts, sayings brings its comments, importing calls this for each row that waits.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import OperationalError, transaction
from django.utils.text import slugify
from wagtail.models import Locale
from wagtail.rich_text import RichText

from gensvar.contactpoints.models import ContactPoint
from gensvar.core import audit, clock, freshness
from gensvar.core import topics as vocabulary
from gensvar.core.models import Topic
from gensvar.core.stops import stop
from gensvar.people.models import Function, Person
from gensvar.publishing.posts.models import Byline, Post, PostsHome, Series
from gensvar.publishing.wordpress import addresses, body, extras, items, sayings
from gensvar.publishing.wordpress.finding import Surroundings
from gensvar.publishing.wordpress.keeping import free_slug
from gensvar.publishing.wordpress.markup import plain
from gensvar.publishing.wordpress.models import OldAddress, OldItem
from gensvar.publishing.wordpress.values import Item, Note, Notes

logger = logging.getLogger(__name__)

LONGEST_TITLE: Final = 255
SHORT_TITLE: Final = 80  # of one that had none
LONGEST_LEAD: Final = 500
SHORT_LEAD: Final = 300
NO_LEAD: Final = "–"
NO_TOPIC: Final = frozenset(  # how something is shown, or said otherwise
    {"author", "post_format", "nav_menu", "language", "post_translations", "wp_theme", "wp_pattern_category"}
)
NO_CATEGORY: Final = frozenset({"uncategorized", "okategoriserade", "okategoriserat", "allmant", "general"})
_NO_LEAD: Final = re.compile(  # headings, and where links lead
    r"<h[23]>[^<]*(?:<(?!/?h[23]>)[^<]*)*</h[23]>|</?a\b[^<>]*>"
)


@dataclass(frozen=True, slots=True)
class Choices:
    """What whoever brings a blog home decides."""

    function: Function  # stands behind all of it
    authors: dict[str, tuple[Person, Function | None]] = field(default_factory=dict)  # by login
    series: frozenset[str] = frozenset()  # short names of categories that are read one after the other
    files: Path | None = None  # the folder wp-content/uploads
    place: ContactPoint | None = None  # where its comments are said to have come in


def make(row: OldItem, choices: Choices) -> bool:
    """Make what is still missing of it; False where it went wrong and is kept, to be tried again. Raises OperationalError."""
    try:
        item = items.from_bytes(row.read_raw())
        _post(row.pk, item, choices)
        row.refresh_from_db()
        if row.post is not None:
            sayings.bring_all(row, item, choices.place, choices.function)
        OldItem.objects.filter(pk=row.pk).update(state=OldItem.State.MADE)
    except OperationalError:
        raise
    except Exception as error:
        logger.exception("Item %s of %s could not be brought home; it is kept.", row.number, row.site)
        told = [one for one in row.notes if one[0] != Note.FAILED]
        notes = [*told, [Note.FAILED, f"{type(error).__name__}: {error}"[:300]]]
        OldItem.objects.filter(pk=row.pk).update(state=OldItem.State.FAILED, notes=notes)
        return False
    return True


@transaction.atomic
@freshness.adding()
def _post(pk: int, item: Item, choices: Choices) -> None:
    """The post itself, once: a row that has been taken is not taken again, whoever took its post away since."""
    row = OldItem.objects.select_for_update().select_related("site").get(pk=pk)
    if row.taken_at is not None:
        return
    notes: Notes = [one for one in row.notes if one[0] != Note.FAILED]
    _tell_hidden(row, item, notes)
    notes += [[Note.FIELD, name] for name in item.fields]
    finder = Surroundings(row, choices.files, notes, page=item.link)
    parts = body.parts_of(extras.content(item), finder, notes)
    lead = _lead(item, parts, notes)
    extras.put_first(item, parts, finder, notes)
    post = _new_post(row, item, parts, lead)
    _tell_shortened(item, notes)
    post.bylines = _bylines(item, row, choices)
    topics, post.series = _terms(item, row, choices, notes)
    home = PostsHome.objects.get(locale__language_code=row.site.language)
    _hang(post, home, item, row, notes)
    post.topics = topics
    post.save()
    revision = post.save_revision(clean=False)
    if post.live:
        Post.objects.filter(pk=post.pk).update(live_revision=revision, has_unpublished_changes=False)
    stop("wordpress.before_commit")
    row.post, row.taken_at, row.notes, row.slug = post, clock.now(), notes, post.slug
    row.save(update_fields=["post", "taken_at", "notes", "slug"])
    audit.note(None, "posts.brought_home", post, item=row.pk)


def _new_post(row: OldItem, item: Item, parts: list[tuple[str, Any]], lead: str) -> Post:
    at = row.at if row.shown else None
    title = (item.title or (_shortened(lead, SHORT_TITLE) if lead != NO_LEAD else row.slug))[:LONGEST_TITLE]
    return Post(
        title=title,
        draft_title=title,
        slug=row.slug,
        locale=Locale.objects.get(language_code=row.site.language),
        lead=lead,
        body=[(kind, RichText(value) if kind == "text" else value) for kind, value in parts],
        live=row.shown,
        has_unpublished_changes=not row.shown,
        first_published_at=at,
        last_published_at=at,
    )


def _hang(post: Post, home: PostsHome, item: Item, row: OldItem, notes: Notes) -> None:
    """Put it where posts hang; where somebody took its address meanwhile, at another."""
    try:
        with transaction.atomic():
            home.add_child(instance=post)
            return
    except ValidationError as error:
        if "slug" not in error.message_dict:
            raise
    notes.append([Note.ADDRESS_TAKEN, post.slug])
    post.slug = free_slug(item, row.site)
    home.refresh_from_db()
    home.add_child(instance=post)


def _tell_hidden(row: OldItem, item: Item, notes: Notes) -> None:
    if item.locked:
        notes.append([Note.LOCKED, item.status])
    elif item.status != "publish":
        notes.append([Note.HIDDEN, item.status])
    elif not row.shown:
        notes.append([Note.NO_DATE if row.at is None else Note.HIDDEN, item.at or item.published])


def _tell_shortened(item: Item, notes: Notes) -> None:
    if len(item.title) > LONGEST_TITLE:
        notes.append([Note.SHORTENED, item.title])


def _bylines(item: Item, row: OldItem, choices: Choices) -> list[Byline]:
    """A person where the mapping says so; else a guest by the name that stood there. Never a log-in."""
    made: list[Byline] = []
    for login, name in extras.authors(item, row.site.authors):
        person, function = choices.authors.get(login, (None, None))
        function = function or choices.function
        guest = "" if person is not None else (name or row.site.title or row.site.address)[:120]
        if not any((one.person, one.guest) == (person, guest) for one in made):
            made.append(Byline(person=person, guest=guest, function=function))
    return made


def _lead(item: Item, parts: list[tuple[str, Any]], notes: Notes) -> str:
    """The excerpt, else the first paragraph, which then stands there and not twice, also where a picture comes before it; a long
    one gives its beginning."""
    if excerpt := " ".join(plain(item.excerpt).split()):
        if len(excerpt) > LONGEST_LEAD:
            notes.append([Note.SHORTENED, excerpt])
        return _shortened(excerpt, LONGEST_LEAD)
    at = next((number for number, (kind, _value) in enumerate(parts) if kind != "picture"), len(parts))
    begins = parts[at][1] if parts[at:] and parts[at][0] == "text" else ""
    if (first := re.match(r"<p>(.*?)</p>", begins, re.DOTALL)) is not None:
        words = " ".join(plain(first[1]).split())
        if len(words) <= LONGEST_LEAD and "<a " not in first[1]:
            rest = begins[first.end() :]
            parts[at : at + 1] = [("text", rest)] if rest else []
            return words
    text = "".join(value for kind, value in parts if kind == "text")
    words = " ".join(plain(_NO_LEAD.sub(" ", text)).split()) or " ".join(plain(text).split())
    return _shortened(words, SHORT_LEAD) or item.title[:LONGEST_LEAD] or NO_LEAD


def _shortened(words: str, longest: int) -> str:
    return words if len(words) <= longest else words[: longest - 2].rpartition(" ")[0] + " …"


def _terms(item: Item, row: OldItem, choices: Choices, notes: Notes) -> tuple[list[Topic], Series | None]:
    """Categories become topics, or series where that was chosen; a tag only joins a topic that there is."""
    topics: dict[int, Topic] = {}
    series: Series | None = None
    for kind, slug, name in item.terms:
        if kind == "category" and slug in choices.series:
            series, _new = Series.objects.get_or_create(
                slug=_short_name(slug, name), defaults={"name": (name or slug)[:120]}
            )
        elif kind not in {"category", "post_tag"}:
            if kind not in NO_TOPIC:
                notes.append([Note.TAG, f"{kind}: {name or slug}"])
        elif slug not in NO_CATEGORY:
            topic = _topic(kind, slug, name)
            if topic is None:
                notes.append([Note.TAG, name or slug])
                continue
            topics[topic.pk] = topic
            OldAddress.objects.get_or_create(
                site=row.site, path=addresses.term_key(kind, slug), defaults={"topic": topic.slug}
            )
    return list(topics.values()), series


def _topic(kind: str, slug: str, name: str) -> Topic | None:
    short = _short_name(slug, name)
    found = vocabulary.find(short) or vocabulary.in_use().filter(name__iexact=name).first()
    if found is not None or kind != "category" or not short:
        return found
    made, new = Topic.objects.get_or_create(slug=short, defaults={"name": (name or slug)[:80]})
    if new:
        audit.note(None, "topics.brought_home", made, slug=short)
    return made


def _short_name(slug: str, name: str) -> str:
    return slugify(slug if slug.isascii() and "%" not in slug else name)[:60].strip("-")
