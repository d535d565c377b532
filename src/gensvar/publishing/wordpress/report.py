"""Says what could not be taken as it was, and why: from the rows, so that it is whole however often one stopped.

Neighbour: the command line writes it to the screen and to a file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gensvar.publishing.comments.models import Comment
from gensvar.publishing.wordpress.importing import BroughtHome
from gensvar.publishing.wordpress.keeping import POSTS
from gensvar.publishing.wordpress.models import OldItem, OldSite
from gensvar.publishing.wordpress.uploads import ATTACHMENT
from gensvar.publishing.wordpress.values import Note

SAID: Final[dict[Note, str | Promise]] = {
    Note.FAILED: gettext_lazy("Went wrong; they are kept and tried again at the next run"),
    Note.LOCKED: gettext_lazy("Were behind a password: kept as drafts"),
    Note.HIDDEN: gettext_lazy("Were not public: kept as drafts"),
    Note.NO_DATE: gettext_lazy("Had no date, or one before 1900 or after 2099: kept as drafts"),
    Note.TRASH: gettext_lazy("Lay in the trash: kept as read, no page was made"),
    Note.KIND: gettext_lazy("Are of a kind that there is not here: kept as read"),
    Note.LETTER: gettext_lazy(
        "Were sent to the blog by others, through a form: private, so neither read nor kept"
    ),
    Note.CHANGED: gettext_lazy("Differ in a newer export: the post here was left as it is"),
    Note.PICTURE_AWAY: gettext_lazy("Pictures whose file was not given"),
    Note.PICTURE_REFUSED: gettext_lazy("Files that are no picture that can be shown"),
    Note.PICTURE_UNTOLD: gettext_lazy("Pictures without words for those who cannot see them: write them"),
    Note.SHORTCODE: gettext_lazy("Shortcodes of an extension: taken out, words between them kept"),
    Note.BLOCK: gettext_lazy("Blocks that WordPress fills by itself: left out"),
    Note.EMBED: gettext_lazy("Others' pages shown within ours: became plain links, or were left out"),
    Note.TABLE: gettext_lazy("Tables: became lists"),
    Note.STRUCK: gettext_lazy("Words that were struck through: kept, and no longer struck through"),
    Note.SHORTENED: gettext_lazy("Too long for their place, so cut off; here they are whole"),
    Note.FIELD: gettext_lazy("Fields of an extension that hold words: not taken"),
    Note.FORM: gettext_lazy("Forms: left out"),
    Note.FILE: gettext_lazy("Links to files of the old blog, which are not brought along"),
    Note.PING: gettext_lazy("Notices from other blogs (pingbacks): not taken"),
    Note.COMMENTS_WAIT: gettext_lazy("Comments under what is not public: kept as read"),
    Note.COMMENT_EMPTY: gettext_lazy("Comments without words or time: not taken"),
    Note.ADDRESS_TAKEN: gettext_lazy("Somebody else's page has their address: they got another"),
    Note.ADDRESS_OURS: gettext_lazy(
        "Their old address is a page of ours, which stays: it leads nowhere else"
    ),
    Note.TAG: gettext_lazy("Tags that are no topic here: not taken"),
}
MOST: Final = 500  # rows of one reason in the file


def lines(done: BroughtHome) -> Iterator[str]:
    """The whole report, as lines of text."""
    for path, kept in done.read.items():
        yield _("%(file)s: %(new)s new, %(known)s already here, %(changed)s changed since.") % {
            "file": path,
            "new": kept.new,
            "known": kept.known,
            "changed": kept.changed,
        }
        yield from _faults(done, path)
    for site in done.sites:
        yield ""
        yield f"{site.title or site.address} ({site.address})"
        yield from _counts(site)
        yield from _reasons(site)


def _faults(done: BroughtHome, path: str) -> Iterator[str]:
    kept = done.read[path]
    if kept.broken is not None:
        yield "  " + _(
            "The file breaks off at line %(line)s (byte %(at)s): %(reason)s. The last that is whole: “%(last)s”. What"
            " stood before is here; say the same again with the whole file, and nothing comes twice."
        ) % {
            "line": kept.broken.line,
            "at": kept.broken.at,
            "reason": kept.broken.reason,
            "last": kept.last or _("none"),
        }
    for title in kept.dropped:
        yield "  " + _("Too large to be read: “%(title)s”.") % {"title": title}
    if kept.unnumbered:
        yield "  " + _("Without a number, so not taken: %(count)s.") % {"count": kept.unnumbered}
    if kept.mended:
        yield "  " + _("Characters that no such file may hold, left out: %(count)s.") % {"count": kept.mended}


def _counts(site: OldSite) -> Iterator[str]:
    rows = site.items.filter(kind__in=POSTS)
    shown = rows.filter(post__live=True).count()
    hidden = rows.filter(post__live=False).count()
    waiting = rows.filter(state=OldItem.State.WAITING).count()
    pictures = site.items.filter(kind=ATTACHMENT)
    said = Comment.objects.filter(pk__in=site.comments.values("comment")).order_by()
    states = dict(said.values_list("state").annotate(Count("pk")))
    yield "  " + _(
        "Posts: %(shown)s public, %(hidden)s kept as drafts, %(waiting)s wait for the next run."
    ) % {
        "shown": shown,
        "hidden": hidden,
        "waiting": waiting,
    }
    yield "  " + _(
        "Comments: %(shown)s shown, %(waiting)s wait to be read, %(removed)s kept and not shown."
    ) % {
        "shown": states.get(Comment.State.SHOWN, 0),
        "waiting": states.get(Comment.State.WAITING, 0),
        "removed": states.get(Comment.State.REMOVED, 0),
    }
    yield "  " + _(
        "Files: %(used)s pictures are here, %(unused)s files stand in no post or could not be had."
    ) % {
        "used": pictures.filter(image__isnull=False).count(),
        "unused": pictures.filter(image__isnull=True).count(),
    }


def _reasons(site: OldSite) -> Iterator[str]:
    found: dict[str, Counter[str]] = {}
    for number, title, notes in (
        site.items.exclude(notes=[]).order_by("number").values_list("number", "title", "notes").iterator(500)
    ):
        for code, detail in notes:
            place = detail if code == Note.TAG else f"{number} “{title}”: {detail}"
            found.setdefault(code, Counter())[place] += 1
    for note, words in SAID.items():
        told = found.get(note)
        if not told:
            continue
        yield ""
        yield f"  {words} ({sum(told.values())}):"
        for place, count in list(told.items())[:MOST]:
            yield f"    {place}" + (f" ({count})" if count > 1 else "")
        if len(told) > MOST:
            yield "    " + _("and %(count)s more") % {"count": len(told) - MOST}
