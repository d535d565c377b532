"""The words of the `gensvar` command, gathered from the modules beside this one; each imports what it needs when it runs."""

from __future__ import annotations

from typing import Final

import click

from gensvar import __version__
from gensvar.config.commands import beginning, keeping, looking, moving, running

SECTIONS: Final[dict[str, tuple[click.Command, ...]]] = {
    "Run it": (running.run, running.web, running.mail, running.worker, running.prepare),
    "Begin": (beginning.init, beginning.demo),
    "Look after it": (looking.check, looking.status),
    "Words in and out": (moving.deliver, moving.import_, moving.export),
    "Keep it safe": (keeping.backup, keeping.restore, keeping.upgrade),
}


class InSections(click.Group):
    """Lists the words by what they are for."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write one section a purpose."""
        for title, commands in SECTIONS.items():
            with formatter.section(title):
                rows = [(str(command.name), command.get_short_help_str(100)) for command in commands]
                formatter.write_dl(rows)


@click.group(cls=InSections, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="Gensvar %(version)s")
def gensvar() -> None:
    """Gensvar: a municipality's open conversation.

    Settings come from the environment; all data lie in GENSVAR_HOME (now: var/ in this folder, unless set).
    “gensvar WORD --help” says more of each word.
    """


for _commands in SECTIONS.values():
    for _command in _commands:
        gensvar.add_command(_command)
