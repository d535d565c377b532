"""Keeps the secrets of authenticator apps and recovery codes sealed in the database; a copy of it alone opens nobody's log-in."""

from __future__ import annotations

import base64
import hashlib

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


def _seal() -> MultiFernet:
    """Seals with today's secret key; opens what older ones sealed too."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    digests = (hashlib.sha256(b"gensvar second factor\0" + key.encode()).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


class SealedSecrets(DefaultMFAAdapter):
    """allauth's adapter, which stores in clear text unless told how to seal."""

    def encrypt(self, text: str) -> str:
        """The text, sealed with the secret key."""
        return _seal().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The text again. Raises cryptography.fernet.InvalidToken when no known key sealed it."""
        return _seal().decrypt(encrypted_text.encode()).decode()
