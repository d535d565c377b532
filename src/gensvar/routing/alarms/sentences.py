"""An alarm in words: the same on the screen and in the mail."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from gensvar.core import clock
from gensvar.routing.models import Alarm


def sentence(alarm: Alarm) -> str:
    """What is wrong, in one sentence, in the language that is active."""
    if alarm.tenure is not None:
        assert alarm.tenure.ends is not None
        about = {
            "person": alarm.tenure.person.name,
            "function": alarm.tenure.function,
            "day": date_format(alarm.tenure.ends, "j F Y"),
        }
        if alarm.tenure.ends < clock.today():
            return (
                _("%(person)s was external and held %(function)s until %(day)s: no handover is done.") % about
            )
        return _("%(person)s is external and holds %(function)s until %(day)s: the handover is due.") % about
    values = {"place": alarm.point}
    if alarm.why == Alarm.Why.AWAY:
        return _("%(place)s: neither owner nor deputy is there today.") % values
    if alarm.why == Alarm.Why.UNABLE:
        return (
            _(
                "%(place)s: neither owner nor deputy can answer. They have no log-in that may be used, or no role for it."
            )
            % values
        )
    if alarm.why == Alarm.Why.MOVED:
        return (
            _(
                "%(place)s: its function is closed, or neither owner nor deputy holds it any more. What comes goes to others."
            )
            % values
        )
    return _("%(place)s has neither owner nor deputy.") % values
