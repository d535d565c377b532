"""A contact point's settings of its channel: checked by the channel, stored with their secrets sealed, and opened again.

Neighbours: queries.channel_settings gives them to whoever sends; the desk's one generic page edits them.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from gensvar.contactpoints.models import ContactPoint
from gensvar.contract.channel import channel
from gensvar.contract.settings import BadSetting, settings_of
from gensvar.contract.values import Problem
from gensvar.core import audit, seals
from gensvar.core.access import require
from gensvar.core.models import User
from gensvar.core.roles import May

log = logging.getLogger(__name__)

PURPOSE: Final = "gensvar contact point"
SEALED: Final = "sealed"


def opened(stored: Mapping[str, Any]) -> dict[str, Any]:
    """The stored values with their secrets; one that no known key opens is left out, as if it had not been given."""
    found = {}
    for name, value in stored.items():
        if isinstance(value, dict) and SEALED in value:
            try:
                found[name] = seals.unseal(str(value[SEALED]), PURPOSE)
            except seals.InvalidToken:
                log.error("A sealed setting (%s) cannot be opened with today's secret key.", name)
        else:
            found[name] = value
    return found


@transaction.atomic
def save_channel_settings(point: ContactPoint, values: Mapping[str, Any], *, by: User | None) -> None:
    """Store these values over those that are there; a secret is sealed, and forgotten when it is empty.

    The audit trail says which settings changed, never to what. Raises NotAllowed, LookupError where the channel is not
    installed, and ValidationError (by field, where the channel names one).
    """
    if by is not None:
        require(by, May.MANAGE_CHANNELS)
    made = channel(point.channel).Settings
    known = {one.name: one for one in settings_of(made)}
    point.refresh_from_db(fields=["settings"], from_queryset=ContactPoint.objects.select_for_update())
    before = opened(point.settings)
    after = before | {name: value for name, value in values.items() if name in known}
    try:
        made(**{name: value for name, value in after.items() if name in known})
    except BadSetting as error:
        raise ValidationError({error.field: str(error)}) from error
    except (TypeError, ValueError) as error:
        raise ValidationError(str(error)) from error
    changed = sorted(name for name in known if name in after and after[name] != before.get(name))
    for name in changed:
        point.settings[name] = after[name]
        if known[name].secret:
            del point.settings[name]
            if after[name]:
                point.settings[name] = {SEALED: seals.seal(str(after[name]), PURPOSE)}
    point.save(update_fields=["settings"])
    audit.note(by, "contactpoints.settings", point, changed=changed)


def check_channel(point: ContactPoint) -> list[Problem]:
    """What the channel finds wrong with what is stored, in words without any secret; an empty list where all is well.

    Asks the world outside, for some seconds at the most. Raises LookupError where the channel is not installed.
    """
    form = channel(point.channel)
    values = opened(point.settings)
    known = {one.name: one for one in settings_of(form.Settings)}
    secrets = [str(values[name]) for name, one in known.items() if one.secret and values.get(name)]
    try:
        found = form.check(form.Settings(**{name: value for name, value in values.items() if name in known}))
    except ValueError as error:
        found = [Problem(str(error), _("Change it here and save."))]
    except (
        Exception
    ) as error:  # a channel of somebody else's; what it says may hold a secret, so it is not logged
        log.error("The check of the channel %s broke: %s", point.channel, type(error).__name__)
        what = _("The check itself broke (%(fault)s). Nothing was changed.") % {"fault": type(error).__name__}
        return [Problem(what, _("Tell whoever looks after this channel."))]
    return [Problem(_without(secrets, one.what), _without(secrets, one.hint)) for one in found]


def _without(secrets: list[str], text: str) -> str:
    for secret in secrets:
        text = text.replace(secret, "•••")
    return text
