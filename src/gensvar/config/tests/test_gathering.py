"""What is gathered is whole in every encoding, and small where residents fetch it."""

from __future__ import annotations

import gzip
import random
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import pytest

from gensvar.config.gathering import LARGE, Quick


@pytest.mark.parametrize("size", [2_000, LARGE, LARGE + 1, 4 * LARGE])
def test_a_file_comes_back_whole_from_both_encodings(tmp_path: Path, size: int) -> None:
    chance = random.Random(size)
    words = " ".join(chance.choice(["plog", "väg", "vatten", "skola", "lampa"]) for _ in range(size)).encode()
    place = tmp_path / "face.css"
    place.write_bytes(words[:size])
    assert len(Quick(quiet=True).compress(str(place))) == 2
    assert brotli.decompress(place.with_suffix(".css.br").read_bytes()) == words[:size]
    assert gzip.decompress(place.with_suffix(".css.gz").read_bytes()) == words[:size]


def test_the_same_bytes_are_packed_once_under_however_many_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed: list[bytes] = []
    pack = Quick.compress_brotli

    def noted(data: bytes) -> bytes:
        packed.append(data)
        return pack(data)

    monkeypatch.setattr(Quick, "compress_brotli", staticmethod(noted))
    quick = Quick(quiet=True)
    for name, data in (("face.css", b"a" * 2000), ("face.1a2b.css", b"a" * 2000), ("other.css", b"b" * 2000)):
        (tmp_path / name).write_bytes(data)
        quick.compress(str(tmp_path / name))
    assert packed == [b"a" * 2000, b"b" * 2000]
    for name in ("face.css", "face.1a2b.css"):
        assert brotli.decompress((tmp_path / f"{name}.br").read_bytes()) == b"a" * 2000


def test_our_own_style_sheet_is_as_small_as_it_can_be() -> None:
    sheet = (Path(__file__).parents[2] / "square/static/gensvar/square.css").read_bytes()
    assert len(sheet) <= LARGE
    assert Quick.compress_brotli(sheet) == brotli.compress(sheet, quality=11)
