"""How style sheets and scripts are laid where they are served from: named by their contents, compressed once.

Neighbours: settings names it, preparing gathers.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Final

import brotli  # type: ignore[import-untyped]
from whitenoise.compress import Compressor  # type: ignore[import-untyped]
from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]

LARGE: Final = 100_000  # bytes; what residents are sent is smaller, the desk's libraries are not
QUICKER: Final = 9  # of 11, for what is large: a fifth of the time, a tenth more bytes


class StaticNotGathered(Exception):
    """The style sheets are not where they are served from."""


class Once:
    """Packs the same bytes once, in whatever thread they come first; who comes with them later gets what came of it."""

    def __init__(self, pack: Callable[[bytes], bytes]) -> None:
        self.pack = pack
        self.packed: dict[bytes, Future[bytes]] = {}
        self.lock = threading.Lock()

    def __call__(self, data: bytes) -> bytes:
        key = hashlib.sha256(data).digest()
        with self.lock:
            known = key in self.packed
            packed = self.packed.setdefault(key, Future())
        if not known:
            try:
                packed.set_result(self.pack(data))
            except BaseException as error:
                packed.set_exception(error)
        return packed.result()


class Quick(Compressor):
    """Takes the last per cent out of what is small, and not out of what would keep a first start waiting for it.

    Each file lies there twice, under its own name and under that of its contents, and is packed once.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for kind in ("compress_brotli", "compress_gzip"):
            setattr(self, kind, Once(getattr(self, kind)))

    @staticmethod
    def compress_brotli(data: bytes) -> bytes:
        """The bytes in brotli's format (RFC 7932)."""
        packed: bytes = brotli.compress(data, quality=11 if len(data) <= LARGE else QUICKER)
        return packed


class Gathered(CompressedManifestStaticFilesStorage):
    """whitenoise's storage, with our compressor."""

    def create_compressor(self, **kwargs: Any) -> Compressor:
        """One for a gathering; the arguments are whitenoise's."""
        return Quick(**kwargs)
