"""Keeps the secrets of authenticator apps and recovery codes sealed in the database; a copy of it alone opens nobody's log-in."""

from __future__ import annotations

from typing import ClassVar, Final

from allauth.mfa.adapter import DefaultMFAAdapter
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gensvar.core import seals

PURPOSE: Final = "gensvar second factor"


class SealedSecrets(DefaultMFAAdapter):
    """allauth's adapter, which stores in clear text unless told how to seal; a wrong code is told in our words."""

    error_messages: ClassVar[dict[str, str | Promise]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("The code is not right, or has been used. Wait for the next one and write that."),
    }

    def encrypt(self, text: str) -> str:
        """The text, sealed with the secret key."""
        return seals.seal(text, PURPOSE)

    def decrypt(self, encrypted_text: str) -> str:
        """The text again. Raises cryptography.fernet.InvalidToken when no known key sealed it."""
        return seals.unseal(encrypted_text, PURPOSE)
