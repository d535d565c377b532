"""Where the old blog's addresses lead now: its posts, pages of files and pictures by path or number, its feeds, months and categories.

Only addresses of our own come out of here, without a host: nobody can be sent elsewhere by them. Neighbours: keeping
writes the rows, the square answers with a redirect.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from django.urls import NoReverseMatch, reverse
from django.utils import timezone, translation

from gensvar.core import topics as vocabulary
from gensvar.publishing.posts import gate
from gensvar.publishing.wordpress import uploads
from gensvar.publishing.wordpress.models import OldAddress, OldItem, OldSite

LONGEST: Final = 700
NUMBERED: Final = ("p", "page_id", "attachment_id")  # what WordPress asks for by number
_FEED: Final = re.compile(
    r"(?:^|/)(?:feed(?:/(?P<form>rss2?|atom|rdf))?|(?P<file>rss2?|atom|rdf)(?:\.xml|\.php)?)$"
)
_TERM: Final = re.compile(r"/(?P<kind>category|kategori|tag|etikett)/(?:[^/]+/)*(?P<slug>[^/]+)$")
_MONTH: Final = re.compile(r"/(?P<year>(?:19|20)[0-9]{2})(?:/(?P<month>0[1-9]|1[0-2])(?:/[0-9]{2})?)?$")
_PAGED: Final = re.compile(r"/(?:page|comment-page-)/?[0-9]{1,6}$")


def site_address(url: str) -> str:
    """A blog's address as rows name it: host and path, without scheme, "www." and last slash. Empty for no address."""
    try:
        split = urlsplit(url.strip())
        host = split.hostname or ""
    except ValueError:
        return ""
    path = unquote(split.path).rstrip("/")
    return f"{host.removeprefix('www.')}{path}"[:250] if host else ""


def base_of(site: str) -> str:
    """The path that a blog begins at."""
    _host, slash, path = site.partition("/")
    return f"{slash}{path}"


def number_key(site: str, number: int) -> str:
    """The key of the address that every item has: `?p=` and its number."""
    return f"{base_of(site)}?p={number}"


def key_of(path: str, query: str = "") -> str:
    """What an address is known by: its decoded path without the last slash, and the number of `?p=` and `?page_id=`."""
    asked = parse_qs(query[:2000])
    number = next((asked[name][0] for name in NUMBERED if name in asked), "")
    path = unicodedata.normalize("NFC", path).rstrip("/")
    if number:
        return f"{path}?p={int(number)}" if re.fullmatch(r"[0-9]{1,18}", number) else ""
    return path


def key_of_link(link: str) -> str:
    """The key of a permalink; empty for none that can be kept."""
    try:
        split = urlsplit(link)
    except ValueError:
        return ""
    key = key_of(unquote(split.path), split.query)
    return key if len(key) <= LONGEST and "\0" not in key else ""


def term_key(kind: str, slug: str) -> str:
    """The key of a category's or a tag's page, wherever the blog had it."""
    return f"{'tag' if kind == 'post_tag' else 'category'}:{slug}"[:LONGEST]


def planned(item: OldItem) -> str:
    """The address that an item has or will have here; empty where it was not public."""
    if not item.shown or not item.slug or item.at is None:
        return ""
    try:
        with translation.override(item.site.language):
            return reverse("square:post", args=[timezone.localtime(item.at).year, item.slug])
    except NoReverseMatch:
        return ""


def find(host: str, path: str, query: Mapping[str, str] | None = None) -> str | None:
    """Where an address that nothing of ours stands at leads now; None where it was no blog's. Few, cheap queries."""
    if len(path) > LONGEST or "\0" in path:
        return None
    asked = "&".join(f"{key}={query[key]}" for key in NUMBERED if query and key in query)
    key = _PAGED.sub("", key_of(path, asked)) if not asked else key_of(path, asked)
    rows = (
        OldAddress.objects.filter(path=key).select_related("site", "item__post", "item__site") if key else []
    )
    host = host.removeprefix("www.")
    known = sorted(rows, key=lambda row: (row.site.host != host, row.pk))
    for row in known:
        if row.item is not None and (there := _of_item(row.item)):
            return there
    if asked:
        return None
    if picture := uploads.picture_at(host, path):
        return picture
    return _listed(host, key, query or {})


def _of_item(item: OldItem) -> str:
    """The page of its post, where it is or was public; for the page of a file that of the post where it stood."""
    if item.kind == uploads.ATTACHMENT:
        around = uploads.item_of_page(item)
        return _of_item(around) if around is not None else ""
    post = item.post
    if post is None or post.first_published_at is None:
        return ""
    if not gate.is_shown(post.pk) and not post.decisions.exists():
        return ""
    year = timezone.localtime(post.first_published_at).year
    with translation.override(item.site.language):
        return reverse("square:post", args=[year, post.slug])


def _listed(host: str, path: str, query: Mapping[str, str]) -> str | None:
    """Feeds, categories and months: these have the same form in every blog."""
    sites = sorted(OldSite.objects.order_by("pk"), key=lambda one: one.host != host)
    site = next((one for one in sites if _within(one, path)), None)
    if site is None:
        return None
    rest = path[len(base_of(site.address)) :]
    with translation.override(site.language):
        feed = _FEED.search(rest)
        term = _TERM.search(rest[: feed.start()] if feed else rest)
        topic = _topic(site, term) if term else ""
        if feed or "feed" in query:
            form = "atom" if (feed and "atom" in feed[0]) or query.get("feed") == "atom" else "rss"
            if topic:
                return reverse("square:feed_of", args=["amne", topic, form])
            return reverse("square:feed", args=[form]) if not feed or not rest[: feed.start()] else None
        if term:
            return reverse("square:topic", args=[topic]) if topic else reverse("square:posts")
        if month := _MONTH.fullmatch(rest):
            if month["year"] <= "1999":
                return reverse("square:posts")
            if month["month"]:
                return reverse("square:posts_month", args=[month["year"], month["month"]])
            return reverse("square:posts_year", args=[month["year"]])
    return None


def _within(site: OldSite, path: str) -> bool:
    """Whether the blog may have had that path: any, or those below its own folder."""
    base = base_of(site.address)
    return not base or path == base or path.startswith(f"{base}/")


def _topic(site: OldSite, term: re.Match[str]) -> str:
    kind = "post_tag" if term["kind"] in {"tag", "etikett"} else "category"
    row = OldAddress.objects.filter(site=site, path=term_key(kind, term["slug"])).first()
    found = vocabulary.find(row.topic) if row is not None and row.topic else None
    return found.slug if found is not None else ""
