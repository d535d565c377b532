"""The squashed migrations, which a new database runs, make the same models as those that an older one has had."""

from __future__ import annotations

import gc
from typing import Any, Final, cast

import pytest
from django.apps import apps
from django.apps.registry import Apps
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ModelState, ProjectState

from gensvar.core.migrating import looking_less

OURS: Final = sorted(config.label for config in apps.get_app_configs() if config.name.startswith("gensvar."))
REPLACED: Final = {"answers": 6, "core": 3, "publishing": 18}
"""How many migrations from before the first release one squashed migration of each room stands for."""


@pytest.fixture(scope="module")
def by_steps() -> ProjectState:
    """What the migrations make that were written one after the other."""
    loader = MigrationLoader(None, replace_migrations=False)
    steps = [node for node in loader.graph.leaf_nodes() if not loader.get_migration(*node).replaces]
    return loader.project_state(steps)


@pytest.fixture(scope="module")
def anew() -> MigrationLoader:
    """What a new database runs."""
    return MigrationLoader(None)


@pytest.fixture(scope="module")
def at_once(anew: MigrationLoader) -> ProjectState:
    """What they make there."""
    return anew.project_state()


def test_a_new_database_runs_the_squashed_migrations_alone(anew: MigrationLoader) -> None:
    squashed = {key: len(found.replaces) for key, found in anew.replacements.items() if key[0] in OURS}
    assert {room: count for (room, _), count in squashed.items()} == REPLACED
    assert set(squashed) <= set(anew.graph.nodes)
    assert not {replaced for key in squashed for replaced in anew.replacements[key].replaces} & set(
        anew.graph.nodes
    )


@pytest.mark.parametrize("room", OURS)
def test_both_ways_make_the_same_models(room: str, by_steps: ProjectState, at_once: ProjectState) -> None:
    assert described(at_once, room) == described(by_steps, room)


def described(state: ProjectState, room: str) -> dict[str, Any]:
    """The models of a room in the order that they are made, their columns in order, indexes and constraints by name."""
    return {model.name: parts(model) for (label, _), model in state.models.items() if label == room}


def parts(model: ModelState) -> dict[str, Any]:
    options = dict(model.options)
    indexes = sorted((one.deconstruct() for one in options.pop("indexes", [])), key=str)
    constraints = sorted((one.deconstruct() for one in options.pop("constraints", [])), key=str)
    fields = [(name, field.deconstruct()[1:]) for name, field in model.fields.items()]
    return {
        "fields": fields,
        "options": options,
        "indexes": indexes,
        "constraints": constraints,
        "bases": model.bases,
    }


def test_while_migrations_run_what_a_setting_swaps_is_looked_up_once_and_afterwards_all_is_as_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    often, djangos_own = gc.get_threshold(), cast(Any, Apps.get_swappable_settings_name)
    with looking_less():
        assert apps.get_swappable_settings_name("core.User") == "AUTH_USER_MODEL"
        djangos_own.cache_clear()  # as each model does that is drawn up
        with monkeypatch.context() as patched:
            patched.setattr(Apps, "get_models", lambda *_a, **_k: pytest.fail("it was looked up again"))
            assert apps.get_swappable_settings_name("core.User") == "AUTH_USER_MODEL"
        assert gc.get_threshold() > often
    assert gc.get_threshold() == often
    assert "get_swappable_settings_name" not in vars(apps)
