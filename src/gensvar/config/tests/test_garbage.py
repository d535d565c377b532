"""Nobody looks for garbage in what is imported, neither meanwhile nor later, and whoever looked before looks again."""

from __future__ import annotations

import gc

import pytest

from gensvar.config import garbage


def test_what_is_imported_is_set_apart_and_only_what_follows_is_looked_through(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked_through: list[bool] = []
    monkeypatch.setattr(gc, "freeze", lambda: looked_through.append(gc.isenabled()))

    with garbage.lasting():
        assert not gc.isenabled()

    assert gc.isenabled()
    with pytest.raises(ModuleNotFoundError), garbage.lasting():
        raise ModuleNotFoundError
    assert gc.isenabled()
    assert looked_through == [False, False], "set apart before anyone looks: twice, once for each block"


def test_who_looks_for_none_is_left_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gc, "freeze", lambda: None)
    gc.disable()
    try:
        with garbage.lasting():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
