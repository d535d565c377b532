"""Seals short secrets that must lie in the database; a copy of it alone opens none of them.

Neighbours: the second factor of log-ins, and what contact points keep for their channels.
"""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

__all__ = ["InvalidToken", "seal", "unseal"]


def _of(purpose: str) -> MultiFernet:
    """Seals with today's secret key; opens what older ones sealed too."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    digests = (hashlib.sha256(f"{purpose}\0{key}".encode()).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


def seal(text: str, purpose: str) -> str:
    """The text, sealed with the secret key; a seal of one purpose is not opened for another."""
    return _of(purpose).encrypt(text.encode()).decode()


def unseal(sealed: str, purpose: str) -> str:
    """The text again. Raises InvalidToken when no known key sealed it for that purpose."""
    return _of(purpose).decrypt(sealed.encode()).decode()
