"""Turns are given in the order of asking, however quickly somebody asks again."""

from __future__ import annotations

import threading

import pytest

from gensvar.core.fairness import Queue

PATIENCE = 120.0  # seconds before a test calls it stuck


def waiting_in(queue: Queue) -> int:
    return len(queue._waiting)


def test_turns_are_given_in_the_order_of_asking() -> None:
    queue, order = Queue(), []
    threads = []

    def work(name: int) -> None:
        with queue.turn():
            order.append(name)

    with queue.turn():
        for name in range(8):
            threads.append(threading.Thread(target=work, args=(name,)))
            threads[-1].start()
            while waiting_in(queue) <= name:
                assert threads[-1].is_alive()
    for thread in threads:
        thread.join(PATIENCE)
    assert order == list(range(8))


def test_whoever_writes_without_a_pause_keeps_nobody_out() -> None:
    queue, done, turns = Queue(), threading.Event(), []

    def busy() -> None:
        while not done.is_set():
            with queue.turn():
                turns.append(1)

    thread = threading.Thread(target=busy)
    thread.start()
    try:
        while not turns:
            assert thread.is_alive()
        for _ in range(50):
            before = len(turns)
            with queue.turn():
                assert len(turns) - before < 1000  # asked, and given: not after all that the other wanted
    finally:
        done.set()
        thread.join(PATIENCE)
    assert not thread.is_alive()


def test_a_turn_may_be_taken_again_by_who_has_it_and_is_free_after_an_error() -> None:
    queue = Queue()
    with pytest.raises(ValueError, match="on purpose"), queue.turn(), queue.turn():
        raise ValueError("on purpose")
    taken = threading.Thread(target=lambda: queue.turn().__enter__())
    taken.start()
    taken.join(PATIENCE)
    assert not taken.is_alive()


def test_who_is_called_away_while_waiting_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    queue = Queue()
    held, free = threading.Event(), threading.Event()

    def hold() -> None:
        with queue.turn():
            held.set()
            free.wait(PATIENCE)

    holder = threading.Thread(target=hold)
    holder.start()
    assert held.wait(PATIENCE)

    class Interrupted(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("gensvar.core.fairness.threading.Event", Interrupted)
        with pytest.raises(KeyboardInterrupt), queue.turn():
            pass
    assert waiting_in(queue) == 0
    free.set()
    holder.join(PATIENCE)
    with queue.turn():
        assert waiting_in(queue) == 0
