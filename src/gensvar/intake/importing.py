"""Brings old mail home: may be stopped and repeated, also by two at once, and no mail comes twice.

Neighbours: boxes reads, services keeps; imported mail gets no receipt and no deadline.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import DatabaseError, OperationalError
from django.utils.translation import gettext as _

from gensvar.contactpoints.models import ContactPoint
from gensvar.intake import boxes
from gensvar.intake.models import Envelope
from gensvar.intake.services import Arrival, receive_all

BATCH: Final = 100  # mails in one transaction
BATCH_BYTES: Final = 8 * 1024 * 1024


@dataclass(slots=True)
class Imported:
    """How far an import has come. `failed` names what could not be taken, and why."""

    total_bytes: int = 0
    done_bytes: int = 0
    new: int = 0
    known: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)
    stopped: bool = False  # before the end; what is counted is kept

    @property
    def read(self) -> int:
        """How many mails were seen."""
        return self.new + self.known + len(self.failed)


def import_path(
    path: Path | str,
    contact_point: ContactPoint,
    progress: Callable[[Imported], None] | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> Imported:
    """Keep every mail of an mbox, a Maildir, a folder of .eml/.box or a single file; `progress` is told after each batch.

    As soon as `stopped` says so it ends; the mails counted by then are kept, and those read for the next batch are not.
    Raises NoMail where there is none, DatabaseError when the store does not answer: what was kept before stays kept.
    """
    path = Path(path)
    counts = Imported(total_bytes=boxes.size_of(path))
    batch: list[Arrival] = []
    size = 0
    for file, raw in _mails(path, counts):
        if stopped():
            counts.stopped = True
            return counts
        counts.done_bytes += len(raw)
        if not raw.strip():
            continue
        if len(raw) > settings.GENSVAR_LARGEST_WORD:
            too_large = _("larger than %(bytes)s bytes") % {"bytes": settings.GENSVAR_LARGEST_WORD}
            counts.failed.append((str(file), too_large))
            continue
        batch.append(Arrival(raw, contact_point, Envelope.Source.IMPORT, recipient=contact_point.address))
        size += len(raw)
        if len(batch) >= BATCH or size >= BATCH_BYTES:
            _keep(batch, counts, progress)
            batch, size = [], 0
    _keep(batch, counts, progress)
    counts.done_bytes = counts.total_bytes
    if progress is not None:
        progress(counts)
    return counts


def _mails(path: Path, counts: Imported) -> Iterator[tuple[Path, bytes]]:
    for file in boxes.files_of(path):
        try:
            for raw in boxes.mails_of(file):
                yield file, raw
        except OSError as error:
            counts.failed.append((str(file), error.strerror or str(error)))
        except boxes.NotAMail:
            counts.failed.append((str(file), _("not a mail: it has no header field of one")))


def _keep(batch: list[Arrival], counts: Imported, progress: Callable[[Imported], None] | None) -> None:
    if not batch:
        return
    try:
        received = receive_all(batch)
    except OperationalError:
        raise
    except DatabaseError:
        if len(batch) == 1:
            raise
        for arrival in batch:  # find the one that the others suffer from
            _keep([arrival], counts, None)
        return
    counts.new += sum(one.new for one in received)
    counts.known += sum(not one.new for one in received)
    if progress is not None:
        progress(counts)
