"""The words of the `gensvar` command, gathered from the modules beside this one; each imports what it needs when it runs."""

from __future__ import annotations

from typing import Any, Final

import click

from gensvar import __version__
from gensvar.config.commands import beginning, blogs, keeping, looking, moving, playbooks, running, voices
from gensvar.config.environment import BadSetting
from gensvar.config.language import gettext as _

SECTIONS: Final[dict[str, tuple[click.Command, ...]]] = {
    _("Run it"): (running.run, running.web, running.mail, running.worker, running.prepare),
    _("Begin"): (beginning.init, beginning.let_in, beginning.demo),
    _("Look after it"): (looking.check, looking.status, voices.voices),
    _("Words in and out"): (moving.deliver, moving.import_, moving.export, playbooks.playbook),
    _("Keep it safe"): (keeping.backup, keeping.restore, keeping.upgrade, keeping.reindex),
}


class InSections(click.Group):
    """Lists the words by what they are for; a setting that cannot be is one sentence, whichever word met it."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the word."""
        try:
            return super().invoke(ctx)
        except BadSetting as error:
            raise click.ClickException(str(error)) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write one section a purpose."""
        for title, commands in SECTIONS.items():
            with formatter.section(title):
                rows = [(str(command.name), command.get_short_help_str(100)) for command in commands]
                formatter.write_dl(rows)


@click.group(
    cls=InSections,
    options_metavar="",
    subcommand_metavar=_("WORD [OPTIONS]"),
    context_settings={"help_option_names": ["-h", "--help"]},
    help=_(
        "Gensvar: a municipality's open conversation.\n\n"
        "Settings come from the environment; all data lie in GENSVAR_HOME (now: var/ in this folder, unless set). "
        "“gensvar WORD --help” says more of each word."
    ),
)
@click.version_option(__version__, message="Gensvar %(version)s")
def gensvar() -> None:
    """The command itself; its words follow."""


moving.import_.add_command(blogs.wordpress)
for _commands in SECTIONS.values():
    for _command in _commands:
        _parts = _command.commands.values() if isinstance(_command, click.Group) else ()
        for _one in (_command, *_parts):
            _one.options_metavar = _("[OPTIONS]")
        gensvar.add_command(_command)
