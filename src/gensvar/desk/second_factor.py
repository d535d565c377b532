"""Keeps the secrets of authenticator apps and recovery codes sealed in the database; a copy of it alone opens nobody's log-in."""

from __future__ import annotations

from typing import Final

from allauth.mfa.adapter import DefaultMFAAdapter

from gensvar.core import seals

PURPOSE: Final = "gensvar second factor"


class SealedSecrets(DefaultMFAAdapter):
    """allauth's adapter, which stores in clear text unless told how to seal."""

    def encrypt(self, text: str) -> str:
        """The text, sealed with the secret key."""
        return seals.seal(text, PURPOSE)

    def decrypt(self, encrypted_text: str) -> str:
        """The text again. Raises cryptography.fernet.InvalidToken when no known key sealed it."""
        return seals.unseal(encrypted_text, PURPOSE)
