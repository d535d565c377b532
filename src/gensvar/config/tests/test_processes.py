"""What the supervisor and its children make of those who started them, without starting anything."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from multiprocessing.context import ForkProcess
from types import SimpleNamespace

import click
import pytest

from gensvar.config.processes import stopping, supervisor
from gensvar.config.processes.lifeline import STARTER

pytestmark = pytest.mark.one_database


@pytest.fixture
def under_nohup() -> Iterator[None]:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.mark.usefixtures("under_nohup")
def test_a_terminal_that_closes_stops_nothing_that_was_started_to_outlive_it() -> None:
    town = supervisor.Supervisor([], print, on_ready=lambda: None, port=("127.0.0.1", 1))
    with town._asked_to_stop(), stopping.stop_on_signals() as stopped:
        os.kill(os.getpid(), signal.SIGHUP)
        assert (town.wanted, stopped.is_set()) == (0, False)
        os.kill(os.getpid(), signal.SIGTERM)
        assert stopped.is_set()


def test_a_child_whose_starter_is_gone_before_it_runs_knows_whom_it_should_have_ended_with(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said: list[tuple[str, ...]] = []
    command = SimpleNamespace(main=lambda words, prog_name: said.append(words))
    context = SimpleNamespace(find_root=lambda: SimpleNamespace(command=command))
    monkeypatch.setattr(ForkProcess, "start", ForkProcess.run)  # here, not in a fork
    monkeypatch.setattr(os, "getppid", lambda: 1)  # what a child is told that has become somebody else's
    monkeypatch.setattr(signal, "signal", lambda number, handler: None)
    monkeypatch.setattr(supervisor, "setproctitle", lambda title: None)
    monkeypatch.setattr(click, "get_current_context", lambda: context)
    monkeypatch.setenv(STARTER, "")
    monkeypatch.setenv("SPT_NOENV", "")
    supervisor.begin("web")
    assert said == [("web",)]
    assert os.environ[STARTER] == str(os.getpid())
