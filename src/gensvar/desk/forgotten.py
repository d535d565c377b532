"""The form for a new password: whoever asks learns nothing of who has a log-in, not by the clock either.

What differs is done by the worker, later. Neighbour: accounts puts the mail into the outbox.
"""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ResetPasswordForm, default_token_generator
from allauth.account.internal.flows.password_reset import request_password_reset
from django.db import transaction
from django.http import HttpRequest

from gensvar.core.events import emit
from gensvar.core.models import User
from gensvar.desk.events import PasswordForgotten
from gensvar.people.access import with_access


class AskForPassword(ResetPasswordForm):
    """allauth's form, which does the same for every address: it looks once, and writes one row."""

    def clean_email(self) -> str:
        """The address; nobody is looked up yet."""
        return str(get_adapter().clean_email(self.cleaned_data["email"]))

    @transaction.atomic
    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Let the worker send a link, where there is anybody to send it to."""
        email = str(self.cleaned_data["email"])
        found = User.objects.filter(email__iexact=email).values_list("pk", flat=True).first()
        emit(PasswordForgotten(found or 0))
        return email


def send_link(fact: PasswordForgotten) -> None:
    """Handler: a link at which the owner of that log-in sets a new password, if it may be used."""
    user = with_access().filter(pk=fact.user_id).first()
    if user is not None:
        request_password_reset(None, user.email, [user], default_token_generator)
