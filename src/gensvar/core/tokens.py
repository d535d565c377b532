"""Unguessable tokens for links and mail addresses: a random key and its HMAC, in lower case (mail folds case)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

from django.conf import settings

KEY_BYTES = 10
MAC_BYTES = 12
LENGTH = 36  # characters: 22 bytes in base32 without padding; fits a mail's local part (RFC 5321 § 4.5.3.1.1)


def new_key() -> str:
    """A random key of 80 bits as 20 hexadecimal characters, to be stored in a row."""
    return secrets.token_hex(KEY_BYTES)


def _mac(secret: str, purpose: str, key: bytes) -> bytes:
    return hmac.new(secret.encode(), purpose.encode() + b"\0" + key, hashlib.sha256).digest()[:MAC_BYTES]


def make(purpose: str, key: str) -> str:
    """The token that opens what `key` names, for one purpose ("conversation", "bounce"): 36 characters of a–z2–7."""
    raw = bytes.fromhex(key)
    return base64.b32encode(raw + _mac(settings.SECRET_KEY, purpose, raw)).decode().rstrip("=").lower()


def read(purpose: str, token: str) -> str | None:
    """The key inside a genuine token, or None for anything else. Compared in constant time; old secrets still open."""
    if len(token) != LENGTH:
        return None
    try:
        raw = base64.b32decode(token.upper() + "====")
    except ValueError:
        return None
    if base64.b32encode(raw).decode().rstrip("=") != token.upper():  # the last letter has four bits to spare
        return None
    key, mac = raw[:KEY_BYTES], raw[KEY_BYTES:]
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        if hmac.compare_digest(mac, _mac(secret, purpose, key)):
            return key.hex()
    return None
