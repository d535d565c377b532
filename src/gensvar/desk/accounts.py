"""How allauth behaves here: log-ins are given, not taken, and its mail goes through the one outbox like every other word.

Neighbours: answers.queueing takes the mail; desk.outbox keeps what a secret link says from everybody's eyes.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
from typing import Any
from urllib.parse import quote

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import default_token_generator
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.utils import user_pk_to_url_str
from allauth.core import context
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language, override

from gensvar.answers import queueing
from gensvar.answers.models import Delivery
from gensvar.answers.ways import mail
from gensvar.contactpoints.queries import speaking
from gensvar.core.models import User
from gensvar.people.access import with_access

log = logging.getLogger(__name__)


class NoAddressToSendFrom(Exception):
    """No e-mail address of the municipality is open, so that mail to staff has nothing to be sent from."""


class AccountAdapter(DefaultAccountAdapter):
    """Closes sign-up and sends by the outbox."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: an administrator gives log-ins."""
        return False

    def format_email_subject(self, subject: str) -> str:
        """The subject as it is, without the host's name before it."""
        return str(subject)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not of whoever sets up a first second factor just after the log-in: they wrote their password a moment ago."""
        user = context.request.user
        logged_in = max((one["at"] for one in get_authentication_records(context.request, user)), default=0.0)
        if time.time() - logged_in < app_settings.REAUTHENTICATION_TIMEOUT:
            moment = dt.datetime.fromtimestamp(logged_in, dt.UTC)
            if not Authenticator.objects.filter(user=user, created_at__lt=moment).exists():
                return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The secret link, under our own address whatever host the request named."""
        return reset_url(key)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Put allauth's mail into the outbox; nothing happens for an address without a log-in."""
        user = context.get("user") or User.objects.filter(email__iexact=email).first()
        if not isinstance(user, User) or not with_access().filter(pk=user.pk).exists():
            return
        with override(user.language):
            values = {**context, "email": email, "user": user, "municipality": settings.GENSVAR_NAME}
            subject = " ".join(render_to_string(f"{template_prefix}_subject.txt", values).split())
            text = render_to_string(f"{template_prefix}_message.txt", values).strip()
        try:
            send_to_staff(user, subject, text)
        except NoAddressToSendFrom:
            log.error("Mail to the log-in %s was not sent: no e-mail address of ours is open.", user.pk)


def reset_url(key: str) -> str:
    """The address that sets a password, for allauth's key."""
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
    return settings.GENSVAR_URL + path.replace("UID-KEY", quote(key))


@transaction.atomic
def send_to_staff(user: User, subject: str, text: str) -> Delivery:
    """Queue one mail to the owner of a log-in, from the coordinating function. Raises NoAddressToSendFrom."""
    place = speaking(mail(), None)
    if place is None:
        raise NoAddressToSendFrom(NoAddressToSendFrom.__doc__)
    return queueing.put(
        Delivery(
            kind=Delivery.Kind.NOTICE,
            contact_point=place,
            channel=place.channel,
            recipient=user.email,
            recipient_name=user.get_full_name(),
            subject=subject,
            text=text,
            language=user.language,
        )
    )


def invite(user: User, by: User) -> Delivery:
    """Send a link that sets the first password (or a new one), in the user's language. Raises NoAddressToSendFrom."""
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    with override(user.language or get_language()):
        values = {
            "user": user,
            "by": by,
            "url": reset_url(key),
            "log_in": settings.GENSVAR_URL + reverse("account_login"),
            "municipality": settings.GENSVAR_NAME,
            "days": settings.PASSWORD_RESET_TIMEOUT // 86_400,
        }
        subject = " ".join(render_to_string("desk/mail/invitation_subject.txt", values).split())
        text = render_to_string("desk/mail/invitation.txt", values).strip()
    return send_to_staff(user, subject, text)
