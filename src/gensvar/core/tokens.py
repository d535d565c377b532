"""Unguessable tokens for links and mail addresses: a random key and its HMAC, in lower case (mail folds case)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from typing import Final

from django.conf import settings

KEY_BYTES = 10
MAC_BYTES = 12
PURPOSES: Final = (
    "conversation",
    "bounce",
    "survey",
    "guest-voice",
    "comment-confirm",
    "comment-appeal",
    "newsletter",
    "newsletter-confirm",
    "envelope",
)  # all that a token can be for: `core.covering` looks for each
LAST: Final = "aqAQ"  # what the last letter can be: it has four bits to spare
LENGTH = 36  # characters: 22 bytes in base32 without padding; fits a mail's local part (RFC 5321 § 4.5.3.1.1)


def new_key() -> str:
    """A random key of 80 bits as 20 hexadecimal characters, to be stored in a row."""
    return secrets.token_hex(KEY_BYTES)


def _mac(secret: str, purpose: str, key: bytes) -> bytes:
    return hmac.digest(secret.encode(), purpose.encode() + b"\0" + key, hashlib.sha256)[:MAC_BYTES]


def make(purpose: str, key: str) -> str:
    """The token that opens what `key` names, for one purpose of PURPOSES: 36 characters of a–z2–7.

    Raises ValueError for another purpose: no screen would know such a token and cover it.
    """
    if purpose not in PURPOSES:
        raise ValueError(f"“{purpose}” is not among the purposes of tokens.")
    raw = bytes.fromhex(key)
    return base64.b32encode(raw + _mac(settings.SECRET_KEY, purpose, raw)).decode().rstrip("=").lower()


def read(purpose: str, token: str) -> str | None:
    """The key inside a genuine token, or None for anything else. Compared in constant time; old secrets still open."""
    raw = _bytes(token)
    return raw[:KEY_BYTES].hex() if raw and _is_genuine(purpose, raw) else None


def opens(token: str) -> bool:
    """Whether it is a genuine token, whatever it is for."""
    raw = _bytes(token)
    return raw is not None and any(_is_genuine(purpose, raw) for purpose in PURPOSES)


def _bytes(token: str) -> bytes | None:
    if len(token) != LENGTH or token[-1] not in LAST:
        return None
    try:
        return base64.b32decode(token.upper() + "====")
    except ValueError:
        return None


def _is_genuine(purpose: str, raw: bytes) -> bool:
    key, mac = raw[:KEY_BYTES], raw[KEY_BYTES:]
    ours = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return any(hmac.compare_digest(mac, _mac(secret, purpose, key)) for secret in ours)
