"""What a report brings back is our own mail, for somebody else: it may hold what opens something, so nobody is shown it.

Since reports are read without it (channels.email.reading) this is for those that were read before. Neighbours: the desk's
thread and files, answers.forwarding.
"""

from __future__ import annotations

from typing import Final

from django.db.models import Q

from gensvar.contract.reports import without_copy
from gensvar.contract.values import REPORTED
from gensvar.conversations.models import Attachment, Message
from gensvar.conversations.typed_keys import REPORTS

RETURNED: Final = Q(message__kind__in=REPORTS) & ~Q(content_type__in=REPORTED)  # of attachments


def told_text(message: Message) -> str:
    """The text of a message, of a report its own words."""
    return without_copy(message.text) if message.kind in REPORTS else message.text


def told_files(message: Message) -> list[Attachment]:
    """The files of a message, fetched beforehand, without those that a report brought back."""
    files = message.attachments.all()
    return [one for one in files if message.kind not in REPORTS or one.content_type in REPORTED]
