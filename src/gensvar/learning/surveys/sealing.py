"""Seals an answer until all are opened together: AES-256-GCM (NIST SP 800-38D) under a key made from the server's secret.

The key stands in no database, outbox or log; it is derived for this purpose alone (HKDF, RFC 5869). Every answer to a form is
as long as any other, and carries no time (core.seals' tokens do). Neighbours: answering seals, opening opens.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from gensvar.learning.surveys.models import Question

LONGEST: Final = 1000  # characters of one text
_JOINERS: Final = frozenset(
    "\u200c\u200d"
)  # of letters and of pictures: the only ones of their kind that are let through
_NONCE: Final = 12  # bytes
_A_CHARACTER: Final = 4  # bytes at most, in UTF-8 and with JSON's escapes of what `clean` lets through
_A_QUESTION: Final = 40  # bytes for its key, a step, and JSON's own marks

Given = Mapping[str, int | str]
"""What one person answered, by the keys of the questions: a step (0 cannot say), or words. What was left out is not there."""


class Unopenable(Exception):
    """No known secret key sealed this answer. Give the former one in GENSVAR_SECRET_KEY_FALLBACKS."""


def clean(text: str) -> str:
    """The text without what only machines read, at most LONGEST characters of it."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(one for one in lines if one == "\n" or one in _JOINERS or one.isprintable()).strip()[
        :LONGEST
    ]


def size_of(questions: Iterable[Question]) -> int:
    """How many bytes every answer to these questions takes before it is sealed."""
    texts = (LONGEST * _A_CHARACTER if one.kind == Question.Kind.TEXT else 0 for one in questions)
    return _A_QUESTION + sum(_A_QUESTION + text for text in texts)


def seal(given: Given, survey: int, size: int) -> bytes:
    """The answer, for that survey alone. Raises ValueError where it does not fit in `size` bytes."""
    plain = json.dumps(given, ensure_ascii=False, separators=(",", ":")).encode()
    if len(plain) > size:
        raise ValueError("An answer is longer than its form allows.")
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(_key(settings.SECRET_KEY)).encrypt(nonce, plain.ljust(size), _bound_to(survey))


def unseal(sealed: bytes, survey: int) -> Given:
    """The answer again. Raises Unopenable when no known key sealed it for that survey."""
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            plain = AESGCM(_key(secret)).decrypt(sealed[:_NONCE], sealed[_NONCE:], _bound_to(survey))
        except InvalidTag:
            continue
        given: Given = json.loads(plain)
        return given
    raise Unopenable


def _key(secret: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=b"gensvar.learning.surveys").derive(secret.encode())


def _bound_to(survey: int) -> bytes:
    return f"survey {survey}".encode()
