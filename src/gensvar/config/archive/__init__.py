"""Backups: one tar file with the database, all files and the secret key, and the digest of each.

`writing` makes it while Gensvar runs, `reading` brings it back, `databases` knows the two engines. Members of the tar:
`database.sqlite3` or `database.pgdump`, `secret-key`, `settings.env`, `files/…`, `media/…`, `SHA256SUMS` (as
`sha256sum --check` reads it) and `manifest.json`.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Final

from gensvar.config.language import gettext_noop as _

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
DIGESTS: Final = "SHA256SUMS"
TREES: Final = ("files", "media")
SHOWN: Final = {  # tables whose counts a person wants to see
    _("envelopes"): "intake_envelope",
    _("conversations"): "conversations_conversation",
    _("messages"): "conversations_message",
    _("attachments"): "conversations_attachment",
    _("deliveries"): "answers_delivery",
    _("persons"): "people_person",
}


class ArchiveError(Exception):
    """What is wrong, what was kept, and what to do."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive says of itself. `rows` counts every table; `digests` is the SHA-256 of SHA256SUMS."""

    format: int
    gensvar: str
    made_at: str
    engine: str  # "sqlite" or "postgresql"
    migrations: int
    rows: dict[str, int]
    files: int
    digests: str

    def as_json(self) -> dict[str, object]:
        """For manifest.json."""
        return asdict(self)
