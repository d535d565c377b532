"""Shows how far something has come: a bar at a terminal, one line elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)


@contextmanager
def told(what: str, *, bytes_: bool = False) -> Iterator[Callable[[int, int], None]]:
    """Gives a function to call with (done, total), of pieces or bytes; nothing is shown before its first call."""
    console = Console(stderr=True)
    amount: ProgressColumn = DownloadColumn() if bytes_ else MofNCompleteColumn()
    columns = (TextColumn("{task.description}"), BarColumn(), amount, TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as shown:
        task = shown.add_task(what, total=None, visible=False)
        said = False

        def tell(done: int, total: int) -> None:
            nonlocal said
            shown.update(task, completed=done, total=total, visible=True)
            if not said and not console.is_terminal:
                console.print(f"{what} ...")
            said = True

        yield tell
