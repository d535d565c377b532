"""A setting that cannot be understood stops the start with one sentence that names it."""

from __future__ import annotations

from pathlib import Path

import pytest

from gensvar.config import environment


def test_a_wrong_colour_and_a_lost_coat_of_arms_stop_the_start_with_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GENSVAR_COLOUR", "red")
    with pytest.raises(environment.BadSetting, match="GENSVAR_COLOUR"):
        environment.colour("GENSVAR_COLOUR", "#1f5d4c")
    monkeypatch.setenv("GENSVAR_ARMS", str(tmp_path / "none.svg"))
    with pytest.raises(environment.BadSetting, match="GENSVAR_ARMS"):
        environment.picture("GENSVAR_ARMS")
