"""The files under a word of the thread, ready to be shown. Neighbours: pane shows them, files gives them out."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from gensvar.conversations.models import Attachment, Message
from gensvar.conversations.returned import told_files
from gensvar.desk.pictures import THUMBNAILS


@dataclass(frozen=True, slots=True)
class FileShown:
    """A file of a message: its link, and a small picture where it is one."""

    filename: str
    size: int
    url: str
    thumbnail: str


def files_of(message: Message) -> list[FileShown]:
    """What somebody enclosed; the forms of the text itself are none."""
    return [_shown(one) for one in told_files(message) if one.role == "attachment"]


def _shown(attachment: Attachment) -> FileShown:
    return FileShown(
        filename=attachment.filename or _("file without a name"),
        size=attachment.size,
        url=reverse("desk:file", args=[attachment.pk]),
        thumbnail=reverse("desk:thumbnail", args=[attachment.pk])
        if attachment.content_type in THUMBNAILS
        else "",
    )
