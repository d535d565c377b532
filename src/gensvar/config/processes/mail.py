"""Takes mail by SMTP and LMTP until it is told to stop; the servers themselves are intake's."""

from __future__ import annotations

from gensvar.config.processes import presence
from gensvar.config.processes.stopping import stop_on_signals


def serve() -> None:
    """Listen on the ports of the settings until SIGTERM or SIGINT; Django must be set up."""
    from gensvar.intake.listener import MailServer

    presence.announce("mail")
    with stop_on_signals() as stopped:
        MailServer().serve(stopped)
