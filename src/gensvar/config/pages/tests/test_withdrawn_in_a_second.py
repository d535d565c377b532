"""A post that is published and withdrawn within a second: followed through every public address that there is.

Nobody lists where a post may stand: the pages themselves are walked, link by link, so that a new page is looked at too.
"""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from django.db import transaction
from wagtail.rich_text import RichText

from gensvar.config.pages.tests.scene import Web
from gensvar.core import clock
from gensvar.core.recurring import TimeCame

if TYPE_CHECKING:
    from gensvar.answers.tests.sink import Sink
    from gensvar.publishing.posts.models import Post
    from gensvar.publishing.tests.posts_scene import Paper

LETTER: dict[str, Any] = {"medium": "Bladet", "date": dt.date(2026, 1, 7), "url": "https://bladet.example/7"}

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.one_database,
]  # others ask of what it finds

# Words that stand in nothing else: of the title, the lead, the text, a picture, and the address.
MARKS = ("kvartsblå", "hjorthorn", "lavendelsnö", "citronplog", "quartzblue", "kvartsbla", "qblue")
SEARCHED = ("/sok?q=lavendelsnö", "/sok?q=kvartsblåt", "/en/sok?q=quartzblue")  # the second is spelled wrong
BEGINNINGS = ("/", "/sitemap.xml", *SEARCHED)
_LINK = re.compile(r"""(?:href|src|srcset)=["']([^"']+)["']|<loc>([^<]+)</loc>|https?://[^\s"'<>\\]+""")
# Not of the public, or the same in another language: of those only the post itself and what hangs on it.
_LEADS_AWAY = re.compile(
    r"/(?:static|desk|konto|utseende|vapen|en)/(?!nytt/2)|/tillganglighet/beratta$|/dela/bild/(?!nytt-)"
    # Nobody wrote in this one; and of one stream the other two forms are enough, which test_feeds shows to be made alike.
    r"|/ar/(?!nytt/[0-9]{4}/[a-z])|/ar/.*/kommentera$|/folj/(?!alla\.).*\.(?:rss|json)$"
)
# The same words in another form, which test_feeds and test_commenting show to be made of what the first one is.
_AGAIN = re.compile(
    r"/folj/.*\.(?:rss|json)$|/en/.*/kommentera$|/ar/|/en/nytt/[0-9]{4}(?:/[0-9]{2})?$|/sok\?q=kvarts"
)


@dataclass
class Walk:
    """What a reader finds who follows every link; by address, what stood there."""

    web: Web
    seen: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def through(cls, web: Web, *more: str) -> Walk:
        made = cls(web)
        waiting = [*BEGINNINGS, *more]
        while waiting:
            address = waiting.pop()
            if address not in made.seen:
                made.seen[address] = answer = look(web, address)
                waiting += [one for one in links_in(answer, address) if one not in made.seen]
        return made

    def tells(self) -> set[str]:
        """The addresses that tell of the post."""
        return {address for address, answer in self.seen.items() if telling(answer, address)}


def look(web: Web, address: str, **headers: str) -> Any:
    parts = urlsplit(address)
    return web.get(unquote(parts.path, "latin-1"), parts.query, **headers)


def links_in(answer: Any, address: str) -> Iterator[str]:
    """The addresses of this house that stand in it: no list's further pages of other words, no other language's forms."""
    if (there := answer.headers.get("Location")) is not None:
        yield from ours(there, address)
    if "text" in answer.headers.get("Content-Type", "") or "xml" in answer.headers.get("Content-Type", ""):
        for found in _LINK.finditer(html.unescape(answer.text)):
            for one in (found[1] or found[2] or found[0]).split(", "):
                yield from ours(one.split(" ")[0], address)


def ours(link: str, address: str) -> Iterator[str]:
    parts = urlsplit(urljoin(f"http://localhost{address}", link))
    here = parts.scheme in {"http", "https"} and parts.hostname in {"localhost", "127.0.0.1"}
    if here and not _LEADS_AWAY.match(parts.path):
        yield parts.path + (f"?{parts.query}" if parts.query else "")


def telling(answer: Any, address: str) -> bool:
    """Whether a word of the post stands in it, its headers included, that the reader did not type in the address."""
    kind = answer.headers.get("Content-Type", "")
    said = f"{answer.headers} {answer.text if 'image' not in kind else ''}".casefold()
    return any(mark in said for mark in MARKS if mark not in address)


@dataclass(frozen=True, slots=True)
class Stage:
    """A post in two languages, and everything that it may stand in."""

    paper: Paper
    swedish: Post
    english: Post
    linking: Post  # another one, whose text links to it

    @classmethod
    def make(cls, sink: Sink) -> Stage:
        from gensvar.core.models import Topic
        from gensvar.learning import ties
        from gensvar.learning.tests.scene import Town
        from gensvar.publishing.positions.causes import Led
        from gensvar.publishing.posts import services
        from gensvar.publishing.posts.models import Series, Source
        from gensvar.publishing.tests.positions_scene import stand
        from gensvar.publishing.tests.posts_scene import Paper, draft, home, photograph

        town, paper = Town(sink), Paper.make()
        letter = Source.objects.create(title="Vi snöar in", quote="Ingen plogar.", **LETTER)
        chain: dict[str, Any] = {
            "series": Series.objects.create(slug="vinter", name="Vintern"),
            "answers": letter,
        }
        picture = ("picture", {"image": photograph(), "alternative": "Citronplogen", "caption": ""})
        text = ("text", RichText("<p>Här ligger lavendelsnö.</p>"))
        said: dict[str, Any] = {"slug": "kvartsbla", "lead": "Hjorthorn i drivan.", "body": [text, picture]}
        swedish = draft(paper, "Kvartsblått besked", **said, **chain)
        swedish.topics = [Topic.objects.create(slug="sno", name="Snö")]
        swedish.save()
        swedish.save_revision(user=paper.editor)
        english = swedish.copy_for_translation(home("en").locale)
        english.title, english.slug, english.lead = "Quartzblue", "qblue", "In English."
        english.body = [("text", RichText("<p>Snow.</p>"))]
        english.save_revision(user=paper.editor)
        linked = RichText(f'<p>Läs <a linktype="page" id="{swedish.pk}">mer</a>.</p>')
        linking = draft(paper, "En annan text", body=[("text", linked)], **chain)
        services.publish(linking, by=paper.editor)
        Source.objects.create(title="Tack", quote="Nu går det.", answers_post=swedish, **LETTER)
        ties.tie_post(town.published(), swedish, by=town.user())
        stand(paper, causes=[Led(post_id=swedish.pk)])
        return cls(paper, swedish, english, linking)

    def show(self) -> None:
        """Publish it, make its pictures' sizes."""
        from gensvar.publishing.posts import pictures, services

        for one in (self.swedish, self.english):
            one.refresh_from_db()
            services.publish(one.get_latest_revision_as_object(), by=self.paper.editor)
        while pictures.PostPicture.objects.filter(shown=True, sized=False).exists():
            pictures.make_sizes(TimeCame("publishing.make_sizes_of_pictures", 2))()

    def hide(self, post: Post) -> None:
        from gensvar.publishing.posts import services

        post.refresh_from_db()
        services.withdraw(post, "Fel siffra", by=self.paper.editor)


def followers() -> dict[str, Any]:
    """One who follows everything at each pace, since yesterday; their letters come at once, in an hour, in a week."""
    from gensvar.publishing.newsletters.models import Following, Subscriber

    yesterday, found = clock.now() - dt.timedelta(days=1), {}
    for pace, waits in {"each": None, "daily": dt.timedelta(hours=1), "weekly": dt.timedelta(days=7)}.items():
        found[pace] = one = Subscriber.objects.create(
            address=f"{pace}@post.example", pace=pace, asked_at=yesterday, confirmed_at=yesterday,
            next_at=None if waits is None else clock.now() + waits,
        )  # fmt: skip
        Following.objects.create(
            subscriber=one, scope="alla", pace=pace, asked_at=yesterday, confirmed_at=yesterday
        )
    return found


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    """A mail server of the others."""
    from gensvar.answers.tests.sink import Sink

    with Sink() as server:
        settings.GENSVAR_MAIL_OUT = server.url
        yield server


def shown_at(stage: Stage) -> set[str]:
    """Where it has to stand, so that a walk which looks at nothing does not pass."""
    year, month = clock.today().year, f"{clock.today():%m}"
    streams = (
        "alla",
        "amne/sno",
        f"funktion/{stage.paper.function.slug}",
        f"person/{stage.paper.person.pk}-kim-ek",
    )
    return {
        *("/", "/nytt", f"/nytt/{year}", f"/nytt/{year}/{month}", "/amne/sno", *SEARCHED),
        *(f"/nytt/{year}/kvartsbla", f"/en/nytt/{year}/qblue", f"/sitemap-nytt-{year}-{month}.xml"),
        *(f"/folj/{stream}.atom" for stream in streams),
        *("/folj/alla.rss", "/folj/alla.json"),
        f"/k/{short_link(str(stage.swedish.pk))}",
        *(f"/nytt/{year}/{stage.linking.slug}", "/vi-star-for/hur-snabbt-plogar-vi"),
    }


def own(stage: Stage) -> re.Pattern[str]:
    """The addresses of the post itself, of its pictures and of its short links, in every language."""
    keys = [str(one.pk) for one in (stage.swedish, stage.english)]
    codes = [short_link(one) for one in keys]
    return re.compile(
        r"(?:/en|/ar)?/(?:nytt/[0-9]{4}/(?:kvartsbla|qblue)|nytt/bild/"
        rf"|k/(?:{'|'.join(codes)})|dela/bild/nytt-(?:{'|'.join(keys)})/)"
    )


def short_link(key: str) -> str:
    from gensvar.publishing import short_links
    from gensvar.publishing.models import ShortLink

    return short_links.code_of(ShortLink.Kind.PAGE, key)


def feeds_in(addresses: set[str]) -> set[str]:
    """Each that is among them, in all its forms."""
    streams = {one.removesuffix(".atom") for one in addresses if re.search(r"^/folj/.*\.atom$", one)}
    return {f"{stream}.{form}" for stream in streams for form in ("atom", "rss", "json")}


def feeds_told_of() -> set[str]:
    from gensvar.core.models import Event
    from gensvar.publishing.events import EntryChanged
    from gensvar.square import hub

    facts = Event.objects.filter(fact=EntryChanged.name).order_by("-pk")[:2]  # of the two withdrawals
    found = {one for fact in facts for one in hub.feeds_of(EntryChanged(**fact.payload))}
    return {urlsplit(one).path for one in found}


def told_by_mail(sink: Sink) -> dict[str, int]:
    """How many letters with a word of the post each follower got."""
    found: dict[str, int] = {}
    for mail in sink.taken:
        if any(mark in str(mail.mail).casefold() + mail.text.casefold() for mark in MARKS):
            found[mail.recipients[0]] = found.get(mail.recipients[0], 0) + 1
    return found


def write_letters() -> None:
    from gensvar.publishing.newsletters import due

    with transaction.atomic():
        due.write_letters(TimeCame("newsletters.write_letters", 60))


def test_a_post_that_is_withdrawn_in_the_second_that_it_was_published_is_nowhere(
    web: Web, sink: Sink
) -> None:
    from gensvar.core import runner

    stage = Stage.make(sink)
    runner.run_waiting()
    followers()
    stage.show()
    write_letters()  # the one that comes at once is written, and not yet sent
    shown = Walk.through(web, f"/nytt/{clock.today().year}")  # a year is linked from nowhere
    told = shown.tells()
    assert told >= shown_at(stage), "the test itself: it stands wherever it should"
    stage.hide(stage.swedish)
    stage.hide(stage.english)
    of_it, heard = own(stage), feeds_told_of()
    runner.run_waiting()
    for address in (one for one in shown.seen if one in told or of_it.match(one)):
        after = look(web, address, if_none_match=shown.seen[address].headers.get("ETag", '""'))
        assert not telling(after, address), (address, after.text)
        assert not of_it.match(address) or after.status in {404, 410}, address
        assert after.status != 304, address
    assert feeds_in(told) <= heard, "whoever follows by WebSub is told of each feed that changed"
    assert told_by_mail(sink) == {}
    stage.show()
    once = {one for one in told if not _AGAIN.match(one)}
    assert {one for one in once if telling(look(web, one), one)} == once
    for days in (0, 1, 8):
        with clock.moved(dt.timedelta(days=days)):
            write_letters()
            runner.run_waiting()
    assert told_by_mail(sink) == {f"{pace}@post.example": 1 for pace in ("each", "daily", "weekly")}
