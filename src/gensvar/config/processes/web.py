"""Serves the web by granian: one main process that keeps a few workers alive; the worker's own code is config.wsgi."""

from __future__ import annotations

import importlib
import multiprocessing
import os
from collections.abc import Callable
from typing import Any, Final

from gensvar.config import garbage, settings
from gensvar.config.processes import lifeline, presence

TARGET: Final = "gensvar.config.wsgi"
MAIN: Final = "GENSVAR_WEB_MAIN"  # in a worker's environment: the process id of granian's main process
CROWD: Final = 4096  # connections that may wait to be let in (the kernel's own limit may be lower)
LAST_REQUESTS: Final = 4  # seconds that a worker gets to finish what it is answering


def serve() -> None:
    """Serve until SIGTERM or SIGINT. Raises SystemExit(1) when the workers cannot be kept alive."""
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    presence.announce("web")
    os.environ[MAIN] = str(os.getpid())
    if multiprocessing.get_start_method() == "fork":
        load()
    server = Server(
        TARGET,
        address=settings.GENSVAR_HOST,
        port=settings.PORT,
        interface=Interfaces.WSGI,
        workers=settings.GENSVAR_WEB_WORKERS,
        blocking_threads=settings.GENSVAR_WEB_THREADS,
        backlog=CROWD,
        backpressure=settings.GENSVAR_WEB_THREADS * 16,
        respawn_failed_workers=True,
        workers_kill_timeout=LAST_REQUESTS,
        websockets=False,
        process_name="gensvar web",
        log_level=LogLevels.critical,
    )
    server.serve(target_loader=load_worker)


def load() -> None:
    """Import the application with all its pages before a fork: the children share its memory, and each answers at once."""
    from django.db import connections
    from django.urls import get_resolver

    with garbage.lasting():
        importlib.import_module(TARGET)
        len(get_resolver().url_patterns)  # imports every view
        connections.close_all()  # a connection must never be shared by two processes


def load_worker(target: str) -> Callable[..., Any]:
    """The WSGI application, in a worker that ends with its main process. granian calls this in each new worker."""
    lifeline.hold(
        int(os.environ[MAIN]), at_once=True
    )  # granian's own way down can hang, with a transaction open
    application: Callable[..., Any] = importlib.import_module(target).application
    return application
