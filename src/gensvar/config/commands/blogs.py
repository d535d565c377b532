"""`gensvar import wordpress`: an old blog comes home, with a bar while it does and a report of what could not be taken."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gensvar.config.commands.setting_up import spoken, with_django
from gensvar.config.commands.stopping import stop_asked
from gensvar.config.language import gettext as _

if TYPE_CHECKING:
    from gensvar.publishing.wordpress.making import Choices

SHOWN_LINES = 40


@click.command(
    name="wordpress",
    help=_(
        "Bring a blog home from WordPress's export (WXR): posts, pages, comments, pictures, old addresses.\n\n"
        "May be stopped and repeated: nothing comes twice. Nothing is mailed, and no feed is pinged."
    ),
)
@click.argument(
    "files",
    metavar="FILE...",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option("--function", required=True, help=_("The short name of the function that stands behind it."))
@click.option(
    "--files",
    "uploads",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help=_("The folder wp-content/uploads with its pictures."),
)
@click.option(
    "--authors",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=_("A TOML file: which author is which person. Others sign as guests."),
)
@click.option(
    "--series",
    multiple=True,
    help=_("The short name of a category that becomes a series; may be said again."),
)
@click.option(
    "--language", type=click.Choice(["sv", "en"]), help=_("Its language; else what the export says.")
)
@click.option(
    "--report", type=click.Path(dir_okay=False, path_type=Path), help=_("Where the report is written.")
)
@with_django
def wordpress(
    files: tuple[Path, ...],
    function: str,
    uploads: Path | None,
    authors: Path | None,
    series: tuple[str, ...],
    language: str | None,
    report: Path | None,
) -> None:
    """Read, make, and say what came of it."""
    from gensvar.config.commands.progress import told
    from gensvar.publishing.wordpress import importing
    from gensvar.publishing.wordpress import report as reporting
    from gensvar.publishing.wordpress.reading import NotAnExport

    with stop_asked() as stop, spoken():
        choices = _choices(function, authors, series, uploads)
        try:
            with told(_("Reading"), bytes_=True) as reading, told(_("Bringing home")) as making:
                done = importing.bring_home(
                    files,
                    choices,
                    language=language or "",
                    reading=reading,
                    making=making,
                    stopped=lambda: bool(stop),
                )
        except NotAnExport as error:
            raise click.ClickException(
                _("This is no WordPress export: {reason}. Nothing of it was kept.").format(reason=error)
            ) from error
        said = list(reporting.lines(done))
        _show(said, _written(said, report))
        if done.stopped:
            click.echo(
                _("Stopped. What is counted here is kept. Say the same again to go on: nothing comes twice."),
                err=True,
            )
            raise SystemExit(128 + stop[0])
    if not done.whole:
        raise SystemExit(1)


def _choices(function: str, authors: Path | None, series: Iterable[str], uploads: Path | None) -> Choices:
    from gensvar.publishing.wordpress import importing
    from gensvar.publishing.wordpress.making import Choices

    try:
        return Choices(
            function=importing.function_named(function),
            authors=importing.authors_in(authors) if authors is not None else {},
            series=frozenset(series),
            files=uploads,
        )
    except importing.BadChoice as error:
        raise click.ClickException(_("{error} Nothing was read.").format(error=error)) from error


def _written(said: list[str], report: Path | None) -> Path:
    """The report as a file: where it was asked for, else among our own."""
    from django.conf import settings

    from gensvar.core import clock

    name = f"wordpress-{clock.now():%Y%m%d-%H%M%S}.txt"
    path = report or Path(settings.GENSVAR_HOME) / "reports" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(said) + "\n", encoding="utf-8")
    return path


def _show(said: list[str], path: Path) -> None:
    for line in said[:SHOWN_LINES]:
        click.echo(line)
    if len(said) > SHOWN_LINES:
        click.echo(_("… {count} lines more in the report.").format(count=len(said) - SHOWN_LINES))
    click.echo(_("The report: {path}").format(path=path))
