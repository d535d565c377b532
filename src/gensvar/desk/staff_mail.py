"""Django's way out for mail, as Wagtail uses it for reviews: to our own log-ins, by the one outbox like every other word."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from gensvar.desk.accounts import NoAddressToSendFrom, send_to_staff
from gensvar.people.access import with_access

logger = logging.getLogger(__name__)


class OutboxBackend(BaseEmailBackend):
    """Queues each mail once for each of its readers who has access today; anybody else gets nothing."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Returns how many mails were queued."""
        queued = 0
        for message in email_messages:
            for user in with_access().filter(email__in=message.recipients()):
                try:
                    send_to_staff(user, str(message.subject), str(message.body).strip())
                except NoAddressToSendFrom:
                    logger.error("Mail to the log-in %s was not sent: no address of ours is open.", user.pk)
                else:
                    queued += 1
        return queued
