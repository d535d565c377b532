"""The demo's mail: nothing leaves the house. What Django itself sends (a password reset) is kept as files to look at.

The channel's own words are kept by the outbox; it sees this back end's name and hands nothing over.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class KeptBackend(BaseEmailBackend):
    """Writes each mail to `outbox/` in GENSVAR_HOME, readable by us alone, and says that it was sent."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep them; gives how many."""
        folder = Path(settings.GENSVAR_HOME) / "outbox"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for mail in email_messages:
            data = mail.message().as_bytes(linesep="\r\n")
            path = folder / f"{hashlib.sha256(data).hexdigest()[:24]}.eml"
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(data)
        return len(email_messages)
