"""Who may do something to a round, and the round as it is now: never whoever it is about."""

from __future__ import annotations

from django.utils.translation import gettext as _

from gensvar.core.access import NotAllowed, require
from gensvar.core.models import User
from gensvar.core.roles import May
from gensvar.learning.surveys.models import Survey


def may_run(survey: Survey, user: User) -> bool:
    """Whether that log-in may see and do what belongs to the round before it is public."""
    return user.may(May.RUN_SURVEYS) and survey.leader.user_id != user.pk


def locked(survey: Survey, by: User) -> Survey:
    """The round as it is now, kept so until the transaction ends. Raises NotAllowed."""
    require(by, May.RUN_SURVEYS)
    rows = Survey.objects.select_for_update(of=("self",))
    found = rows.select_related("leader", "function", "form", "run_by").get(pk=survey.pk)
    if not may_run(found, by):
        raise NotAllowed(_("This is about you. Somebody else holds it together."))
    return found
