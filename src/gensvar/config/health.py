"""Examines each part of Gensvar and says what to do where it is not well; changes nothing but a file that it takes away again."""

from __future__ import annotations

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

from gensvar.config import preparing
from gensvar.config.processes import presence
from gensvar.config.processes.supervisor import answers

LEAST_SPACE: Final = 1 << 30  # bytes free on the disk; under this we warn, under a tenth of it we call it bad
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
    findings = [*database, _files(), _space(), _static(), _secret()]
    if all(finding.part not in {"Database", "Tables"} or finding.state == "well" for finding in database):
        findings += _asked(_work_given_up, _places, _channels)
        if running:
            findings += _asked(_worker)
    return findings + (_ports() if running else [])


def _asked(*questions: Callable[[], list[Finding]]) -> Iterator[Finding]:
    for question in questions:
        try:
            yield from question()
        except DatabaseError as error:
            yield Finding(
                "Database", "bad", f"it broke off an answer: {error}", "Look at its log; then ask again."
            )


def _database() -> list[Finding]:
    try:
        connection.ensure_connection()
        pending = preparing.pending_migrations()
    except DatabaseError as error:
        return [Finding("Database", "bad", f"does not answer: {error}", "Start it, or mend DATABASE_URL.")]
    found = [well("Database", f"{connection.display_name} answers"), _durability()]
    if pending:
        found.insert(
            1, Finding("Tables", "bad", f"{len(pending)} migrations have not run", "Run: gensvar upgrade")
        )
    else:
        found.insert(1, well("Tables", "are of this version"))
    return found


def _durability() -> Finding:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA journal_mode")
            journal = cursor.fetchone()[0]
            cursor.execute("PRAGMA synchronous")
            full = cursor.fetchone()[0] >= 2  # 2 is FULL, 3 is EXTRA
            wrong = [] if journal == "wal" else [f"journal mode {journal} instead of wal"]
            wrong += [] if full else ["commits are not synchronous"]
        else:
            cursor.execute("SELECT current_setting('fsync'), current_setting('synchronous_commit')")
            fsync, commit = cursor.fetchone()
            wrong = [] if fsync == "on" else ["fsync is off"]
            wrong += ["synchronous_commit is off"] if commit == "off" else []
    if wrong:
        advice = "A power cut could take accepted words: set this right in the database."
        return Finding("Durability", "bad", ", ".join(wrong), advice)
    return well("Durability", "a committed word survives a power cut")


def _files() -> Finding:
    place = Path(settings.GENSVAR_HOME) / "files"
    try:
        place.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=place) as file:
            file.write(b"gensvar")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        return Finding(
            "Files",
            "bad",
            f"{place}: {error.strerror}",
            "Give the user that runs Gensvar the right to write there.",
        )
    return well("Files", f"{place} can be written, and synced to the disk")


def _space() -> Finding:
    free = shutil.disk_usage(settings.GENSVAR_HOME).free
    said = f"{free / (1 << 30):.1f} GB free in {settings.GENSVAR_HOME}"
    if free >= LEAST_SPACE:
        return well("Disk", said)
    state: Literal["unsure", "bad"] = "bad" if free < LEAST_SPACE / 10 else "unsure"
    return Finding("Disk", state, said, "Make room: mail is refused when the disk is full.")


def _static() -> Finding:
    if settings.WHITENOISE_USE_FINDERS:
        return well("Style sheets", "are read where they are written (debug or testing)")
    if preparing.static_is_stale():
        return Finding("Style sheets", "bad", "are not gathered for this version", "Run: gensvar prepare")
    return well("Style sheets", "are gathered")


def _secret() -> Finding:
    kept = Path(settings.GENSVAR_HOME) / "secret-key"
    readable = [
        path for path in (kept, kept.with_name("settings.env")) if path.exists() and _others_read(path)
    ]
    if readable:
        names = " ".join(str(path) for path in readable)
        return Finding("Secrets", "bad", f"others can read {names}", f"Run: chmod 600 {names}")
    return well("Secrets", "are readable by us alone")


def _others_read(path: Path) -> bool:
    return bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))


def _work_given_up() -> list[Finding]:
    from gensvar.answers.models import Delivery
    from gensvar.core.models import Event
    from gensvar.intake.models import Envelope

    unread = Envelope.objects.filter(state=Envelope.State.FAILED).count()
    undelivered = Delivery.objects.filter(state=Delivery.State.FAILED).count()
    given_up = Event.objects.filter(state=Event.State.FAILED).count()
    return [
        _count(
            "Envelopes",
            unread,
            "could not be read",
            "all are read",
            "See them in the desk, and try again there.",
        ),
        _count(
            "Deliveries",
            undelivered,
            "failed",
            "none has failed",
            "See why on each answer in the desk's outbox.",
        ),
        _count(
            "Handlers",
            given_up,
            "were given up",
            "none was given up",
            "The log says why; the words themselves are kept.",
        ),
    ]


def _count(part: str, number: int, wrong: str, right: str, advice: str) -> Finding:
    return Finding(part, "unsure", f"{number} {wrong}", advice) if number else well(part, right)


def _places() -> list[Finding]:
    from django.db.models import Q

    from gensvar.contactpoints.models import ContactPoint
    from gensvar.people.queries import coordinating_function

    live = ContactPoint.objects.filter(state=ContactPoint.State.LIVE)
    bare = live.filter(Q(owner=None) | Q(deputy=None)).order_by("name")
    found = []
    if coordinating_function() is None:
        advice = "Tick “holds it together” on one function in the desk."
        found.append(
            Finding("Functions", "unsure", "none holds it together: nobody gets what nobody owns", advice)
        )
    if names := [point.name for point in bare[:4]]:
        more = f" and {bare.count() - 3} more" if len(names) > 3 else ""
        said = f"no owner or no deputy: {', '.join(names[:3])}{more}"
        found.append(
            Finding("Places", "unsure", said, "Name both in the desk, so that nobody is indispensable.")
        )
    else:
        found.append(well("Places", f"{live.count()} open, each with owner and deputy"))
    return found


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
            found.append(Finding(f"{point}", "bad", str(error), "Mend its settings in the desk."))
            continue
        for problem in problems:
            finding = Finding(f"Channel {point.channel}", "unsure", problem.what, problem.hint)
            if finding not in found:
                found.append(finding)
    return found or [well("Channels", "say that all is well")]


def _worker() -> list[Finding]:
    from gensvar.config.status import oldest_waiting

    waited = oldest_waiting().total_seconds()
    here = presence.is_present("worker")
    if waited > LATE:
        advice = "Look at its log." if here else "Start one: gensvar worker (or gensvar run)"
        return [Finding("Worker", "bad", f"work has waited {waited:.0f} s", advice)]
    if here:
        return [well("Worker", "is at work")]
    if connection.vendor == "sqlite":
        return [Finding("Worker", "bad", "none is at work", "Start one: gensvar worker (or gensvar run)")]
    return [
        Finding("Worker", "unsure", "none is at work on this machine", "Well, if another machine has one.")
    ]


def _ports() -> list[Finding]:
    found = []
    for part, host, port, word in (
        ("Web", settings.GENSVAR_HOST, settings.PORT, "web"),
        ("SMTP", settings.GENSVAR_MAIL_HOST, settings.GENSVAR_SMTP_PORT, "mail"),
        ("LMTP", settings.GENSVAR_MAIL_HOST, settings.GENSVAR_LMTP_PORT, "mail"),
    ):
        if answers(host, port):
            found.append(well(part, f"answers on {host}:{port}"))
        else:
            advice = f"Start it: gensvar {word} (or gensvar run)"
            found.append(Finding(part, "bad", f"nothing answers on {host}:{port}", advice))
    return found
