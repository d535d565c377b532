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


def test_our_own_style_sheet_is_as_small_as_it_can_be() -> None:
    sheet = (Path(__file__).parents[2] / "square/static/gensvar/square.css").read_bytes()
    assert len(sheet) <= LARGE
    assert Quick.compress_brotli(sheet) == brotli.compress(sheet, quality=11)
