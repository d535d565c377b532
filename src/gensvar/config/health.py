"""Examines each part of Gensvar and says what to do where it is not well; changes nothing but a file that it takes away again."""

from __future__ import annotations

import datetime as dt
import errno
import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils.formats import number_format
from django.utils.timezone import localtime

from gensvar.config import preparing
from gensvar.config.archive.databases import is_damaged
from gensvar.config.archive.writing import last_made
from gensvar.config.language import gettext as _
from gensvar.config.language import ngettext
from gensvar.config.processes import presence
from gensvar.config.processes.supervisor import answers
from gensvar.core import clock

LEAST_SPACE: Final = 1 << 30  # bytes free on the disk; under this we warn, under a tenth of it we call it bad
BACKUP_LATE: Final = dt.timedelta(days=2)  # one night may fail; after the second somebody should look
LATE: Final = 60.0  # seconds that due work may wait before a worker must be missing


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of one part: well, bad, or unsure (worth a look, nothing is lost by it)."""

    part: str
    state: Literal["well", "unsure", "bad"]
    said: str
    advice: str = ""


def well(part: str, said: str) -> Finding:
    """This part is well."""
    return Finding(part, "well", said)


def examine(*, running: bool = True) -> list[Finding]:
    """Everything, in the order in which one would mend it. Without `running`, what needs a running Gensvar is left out."""
    database = _database()
    findings = [*database, _files(), _space(), *_backup(), _static(), _secret(), _others()]
    if all(
        finding.part not in {_("Database"), _("Tables")} or finding.state == "well" for finding in database
    ):
        findings += _asked(_key, _clock, _work_given_up, _places, _links, _channels)
        if running:
            findings += _asked(_worker)
    return findings + (_ports() if running else [])


def _asked(*questions: Callable[[], list[Finding]]) -> Iterator[Finding]:
    for question in questions:
        try:
            yield from question()
        except DatabaseError as error:
            yield Finding(
                _("Database"),
                "bad",
                _("it broke off an answer: {error}").format(error=error),
                _("Look at its log; then ask again."),
            )


def _database() -> list[Finding]:
    try:
        connection.ensure_connection()
        pending = preparing.pending_migrations()
    except DatabaseError as error:
        said = _("does not answer: {error}").format(error=error)
        advice = (
            _("Bring back a backup: gensvar restore ARCHIVE --replace")
            if is_damaged(error)
            else _("See what is said of files and disk below.")
            if connection.vendor == "sqlite"
            else _("Start it, or mend DATABASE_URL.")
        )
        return [Finding(_("Database"), "bad", said, advice)]
    tables = well(_("Tables"), _("are of this version"))
    if pending and not preparing.has_tables():
        advice = _("Run: gensvar init. Where words were kept before, look at DATABASE_URL and GENSVAR_HOME.")
        tables = Finding(_("Tables"), "bad", _("there are none: nothing is set up yet"), advice)
    elif pending:
        said = ngettext("one migration has not run", "{count} migrations have not run", len(pending))
        tables = Finding(_("Tables"), "bad", said.format(count=len(pending)), _("Run: gensvar upgrade"))
    answers_ = well(_("Database"), _("{database} answers").format(database=connection.display_name))
    return [answers_, tables, _durability()]


def _durability() -> Finding:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA journal_mode")
            journal = cursor.fetchone()[0]
            cursor.execute("PRAGMA synchronous")
            full = cursor.fetchone()[0] >= 2  # 2 is FULL, 3 is EXTRA
            wrong = (
                []
                if journal == "wal"
                else [_("journal mode {journal} instead of wal").format(journal=journal)]
            )
            wrong += [] if full else [_("commits are not synchronous")]
        else:
            cursor.execute("SELECT current_setting('fsync'), current_setting('synchronous_commit')")
            fsync, commit = cursor.fetchone()
            wrong = [] if fsync == "on" else [_("fsync is off")]
            wrong += [_("synchronous_commit is off")] if commit == "off" else []
    if wrong:
        advice = _("A power cut could take accepted words: set this right in the database.")
        return Finding(_("Durability"), "bad", ", ".join(wrong), advice)
    return well(_("Durability"), _("a committed word survives a power cut"))


def _files() -> Finding:
    place = Path(settings.GENSVAR_HOME) / "files"
    try:
        place.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=place) as file:
            file.write(b"gensvar")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        advice = (
            _("Make room: mail is refused when the disk is full.")
            if error.errno in {errno.ENOSPC, errno.EDQUOT}
            else _("Give the user that runs Gensvar the right to write there.")
            if isinstance(error, PermissionError)
            else _("Look at that disk, and at how it is mounted: no mail is taken meanwhile.")
        )
        return Finding(_("Files"), "bad", f"{place}: {error.strerror}", advice)
    return well(_("Files"), _("{place} can be written, and synced to the disk").format(place=place))


def _space() -> Finding:
    free = shutil.disk_usage(settings.GENSVAR_HOME).free
    amount = number_format(free / (1 << 30), 1)
    said = _("{amount} GB free in {place}").format(amount=amount, place=settings.GENSVAR_HOME)
    if free >= LEAST_SPACE:
        return well(_("Disk"), said)
    state: Literal["unsure", "bad"] = "bad" if free < LEAST_SPACE / 10 else "unsure"
    return Finding(_("Disk"), state, said, _("Make room: mail is refused when the disk is full."))


def _backup() -> list[Finding]:
    """Whether one is made every night: nobody misses what was never made until it is needed."""
    if settings.GENSVAR_DEMO:
        return []
    made = last_made()
    if made is None:
        said = _("none was ever made here")
        return [Finding(_("Backup"), "unsure", said, _("Let “gensvar backup” run every night."))]
    said = _("the last was made on {day}").format(day=f"{localtime(made):%Y-%m-%d %H:%M}")
    if clock.now() - made > BACKUP_LATE:
        advice = _("See in the log of what runs “gensvar backup” every night why it makes none.")
        return [Finding(_("Backup"), "unsure", said, advice)]
    return [well(_("Backup"), said)]


def _static() -> Finding:
    if settings.WHITENOISE_USE_FINDERS:
        return well(_("Style sheets"), _("are read where they are written (debug or testing)"))
    if preparing.static_is_stale():
        return Finding(
            _("Style sheets"), "bad", _("are not gathered for this version"), _("Run: gensvar prepare")
        )
    return well(_("Style sheets"), _("are gathered"))


def _secret() -> Finding:
    kept = Path(settings.GENSVAR_HOME) / "secret-key"
    readable = [
        path for path in (kept, kept.with_name("settings.env")) if path.exists() and _others_read(path)
    ]
    if readable:
        names = " ".join(str(path) for path in readable)
        return Finding(
            _("Secrets"),
            "bad",
            _("others can read {files}").format(files=names),
            _("Run: chmod 600 {files}").format(files=names),
        )
    return well(_("Secrets"), _("are readable by us alone"))


def _key() -> list[Finding]:
    """Whether the secret key is the one with which second factors were sealed: else nobody who needs one gets in."""
    from allauth.mfa.models import Authenticator

    from gensvar.core import seals
    from gensvar.desk.second_factor import PURPOSE

    newest = Authenticator.objects.filter(type=Authenticator.Type.TOTP).order_by("pk").last()
    if newest is None:
        return []
    try:
        seals.unseal(newest.data["secret"], PURPOSE)
    except seals.InvalidToken:
        said = _(
            "the secret key is not the one that these data were made with: log-ins and links in mail stay closed"
        )
        advice = _("Put that key back (it is in every backup), or name it in GENSVAR_SECRET_KEY_FALLBACKS.")
        return [Finding(_("Secrets"), "bad", said, advice)]
    return [well(_("Secrets"), _("the secret key is the one that these data were made with"))]


def _clock() -> list[Finding]:
    """Whether something was done at a time that has not come: the clock was ahead, or it is behind now."""
    from gensvar.core import backwards
    from gensvar.core.models import AuditEntry

    ahead = AuditEntry.objects.filter(at__gt=clock.now() + backwards.APART).count()
    if not ahead and not backwards.waiting_too_long().exists():
        return []
    said = _("was ahead, or is behind now; acts at times that have not come: {count}").format(count=ahead)
    advice = _("Let NTP keep it. What waited too long for it goes on within ten minutes of work.")
    return [Finding(_("Clock"), "unsure", said, advice)]


def _others_read(path: Path) -> bool:
    return bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))


def _others() -> Finding:
    """Whether a user of this machine who is neither us nor of our group could read residents' words."""
    home = Path(settings.GENSVAR_HOME)
    open_ = {path: "700" for path in [home] if _anyone_reads(path)}
    if connection.vendor == "sqlite":
        database = Path(connection.settings_dict["NAME"])
        beside = [database.with_name(database.name + suffix) for suffix in ("", "-wal", "-shm")]
        open_ |= {path: "600" for path in beside if path.exists() and _anyone_reads(path)}
    if open_:
        names = " ".join(str(path) for path in open_)
        commands = " && ".join(
            f"chmod {mode} {' '.join(str(path) for path in open_ if open_[path] == mode)}"
            for mode in sorted(set(open_.values()), reverse=True)
        )
        said = _("every user of this machine can read {files}").format(files=names)
        return Finding(_("Residents' words"), "bad", said, _("Run: {commands}").format(commands=commands))
    return well(_("Residents' words"), _("no other user of this machine can read them"))


def _anyone_reads(path: Path) -> bool:
    """Whether its mode lets everybody read it, and no folder above keeps them out."""
    may_read = path.stat().st_mode & stat.S_IROTH
    return bool(may_read) and all(folder.stat().st_mode & stat.S_IXOTH for folder in path.parents)


def _work_given_up() -> list[Finding]:
    from gensvar.answers.models import Delivery
    from gensvar.core.models import Event
    from gensvar.intake.models import Envelope

    unread = Envelope.objects.filter(state=Envelope.State.FAILED).count()
    undelivered = Delivery.objects.filter(state=Delivery.State.FAILED).count()
    given_up = Event.objects.filter(state=Event.State.FAILED).count()
    return [
        _count(
            _("Envelopes"),
            unread,
            _("{count} could not be read"),
            _("all are read"),
            _("See them in the desk, and try again there."),
        ),
        _count(
            _("Deliveries"),
            undelivered,
            _("{count} failed"),
            _("none has failed"),
            _("See why on each answer in the desk's outbox."),
        ),
        _count(
            _("Handlers"),
            given_up,
            _("{count} were given up"),
            _("none was given up"),
            _("The log says why; the words themselves are kept."),
        ),
    ]


def _count(part: str, number: int, wrong: str, right: str, advice: str) -> Finding:
    return Finding(part, "unsure", wrong.format(count=number), advice) if number else well(part, right)


def _places() -> list[Finding]:
    from django.db.models import Q

    from gensvar.contactpoints.models import ContactPoint
    from gensvar.people.queries import coordinating_function

    live = ContactPoint.objects.filter(state=ContactPoint.State.LIVE)
    bare = live.filter(Q(owner=None) | Q(deputy=None)).order_by("name")
    found = []
    if coordinating_function() is None:
        said = _("none holds it together: nobody gets what nobody owns")
        advice = _("Tick “holds it together” on one function in the desk.")
        found.append(Finding(_("Functions"), "unsure", said, advice))
    if names := [point.name for point in bare[:4]]:
        said = _("no owner or no deputy: {names}").format(names=", ".join(names[:3]))
        said += _(" and {count} more").format(count=bare.count() - 3) if len(names) > 3 else ""
        advice = _("Name both in the desk, so that nobody is indispensable.")
        found.append(Finding(_("Places"), "unsure", said, advice))
    else:
        said = _("{count} open, each with owner and deputy").format(count=live.count())
        found.append(well(_("Places"), said))
    untold = live.filter(Q(notice="") | Q(archiving="")).count()
    if untold:
        said = ngettext(
            "{count} open without notice or archiving decision",
            "{count} open without notice or archiving decision",
            untold,
        )
        advice = _("Write both in the desk; a place opened from now on must have them.")
        found.append(Finding(_("Places"), "unsure", said.format(count=untold), advice))
    return found


def _links() -> list[Finding]:
    from gensvar.publishing.links.queries import count_in_need

    return [
        _count(
            _("Links"),
            count_in_need(),
            _("{count} need somebody: broken, taken over, or leading nowhere"),
            _("none needs anybody"),
            _("See them in the desk, under Links."),
        )
    ]


def _channels() -> list[Finding]:
    from gensvar.contactpoints.models import ContactPoint
    from gensvar.contactpoints.queries import channel_settings
    from gensvar.contract.channel import channel

    found = []
    for point in ContactPoint.objects.filter(state=ContactPoint.State.LIVE).order_by("channel", "address"):
        try:
            form = channel(point.channel)
            problems = form.check(channel_settings(point))
        except (LookupError, TypeError, ValueError) as error:
            found.append(Finding(f"{point}", "bad", str(error), _("Mend its settings in the desk.")))
            continue
        for problem in problems:
            finding = Finding(
                _("Channel {name}").format(name=point.channel), "unsure", problem.what, problem.hint
            )
            if finding not in found:
                found.append(finding)
    return found or [well(_("Channels"), _("say that all is well"))]


def _worker() -> list[Finding]:
    from gensvar.config.status import oldest_waiting

    waited = oldest_waiting().total_seconds()
    here = presence.is_present("worker")
    start = _("Start one: gensvar worker (or gensvar run)")
    if waited > LATE:
        advice = _("Look at its log.") if here else start
        said = _("work has waited {seconds} s").format(seconds=f"{waited:.0f}")
        return [Finding(_("Worker"), "bad", said, advice)]
    if here:
        return [well(_("Worker"), _("is at work"))]
    if connection.vendor == "sqlite":
        return [Finding(_("Worker"), "bad", _("none is at work"), start)]
    said = _("none is at work on this machine")
    return [Finding(_("Worker"), "unsure", said, _("Well, if another machine has one."))]


def _ports() -> list[Finding]:
    found = []
    for part, host, port, word in (
        (_("Web"), settings.GENSVAR_HOST, settings.PORT, "web"),
        ("SMTP", settings.GENSVAR_MAIL_HOST, settings.GENSVAR_SMTP_PORT, "mail"),
        ("LMTP", settings.GENSVAR_MAIL_HOST, settings.GENSVAR_LMTP_PORT, "mail"),
    ):
        if answers(host, port):
            found.append(well(part, _("answers on {place}").format(place=f"{host}:{port}")))
        else:
            said = _("nothing answers on {place}").format(place=f"{host}:{port}")
            advice = _("Start it: gensvar {word} (or gensvar run)").format(word=word)
            found.append(Finding(part, "bad", said, advice))
    return found
