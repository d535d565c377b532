"""Which tables public pages are made of, and which writes to them change a page: one table, as flow.py is one.

A page that was made from a table that stands in none of the two is not kept (making.py): who forgets a line here makes
a page slow, never wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gensvar.core.freshness import Shown

SHOWN: Mapping[str, Shown] = {
    "intake_envelope": Shown(frozenset(), new_rows=False),  # where a word came from, which never changes
    "publishing_publicexchange": Shown(),
    "publishing_publicexchange_topics": Shown(),
    "publishing_publictext": Shown(),
    "publishing_publicpicture": Shown(),
    "publishing_shortlink": Shown(),
    "learning_outcome": Shown(),
    "learning_outcome_topics": Shown(),
    "learning_step": Shown(),
    "learning_conversationtie": Shown(),
    "learning_posttie": Shown(),
    # What is proposed is nobody's business yet; whatever changes what is seen sets this column too.
    "learning_experiment": Shown(frozenset({"changed_at"}), new_rows=False),
    "learning_experiment_successors": Shown(),
    "learning_experiment_topics": Shown(),
    "learning_line": Shown(),
    # Nothing of a round is seen before it is published; whatever changes what is seen sets this column too.
    "learning_survey": Shown(frozenset({"changed_at"}), new_rows=False),
    "learning_surveyform": Shown(new_rows=False),
    "learning_question": Shown(new_rows=False),
    "learning_tally": Shown(new_rows=False),
    "learning_freetext": Shown(frozenset(), new_rows=False),
    "publishing_post": Shown(),
    "publishing_post_topics": Shown(),
    "publishing_postshome": Shown(),
    "publishing_postpicture": Shown(),
    "publishing_picturesize": Shown(),
    "publishing_postdecision": Shown(),
    "publishing_byline": Shown(),
    "publishing_guestbyline": Shown(),
    "publishing_series": Shown(),
    "publishing_source": Shown(),
    # A draft shows nothing: a wording is seen once it is decided and its day has come, which its update tells.
    "publishing_position": Shown(new_rows=False),
    "publishing_position_topics": Shown(),
    "publishing_wording": Shown(frozenset({"decided_at", "holds_from", "told_at"}), new_rows=False),
    "publishing_cause": Shown(frozenset({"exchange_id", "post_id"}), new_rows=False),
    "publishing_comment": Shown(frozenset({"state", "parent_id", "shown_name"}), new_rows=False),
    "publishing_commentanswer": Shown(),
    "publishing_commentdecision": Shown(),
    "publishing_commentsclosed": Shown(),
    "publishing_moderationground": Shown(),
    "publishing_appearance": Shown(),
    "publishing_appearance_topics": Shown(),
    "publishing_earliertelling": Shown(),
    "core_topic": Shown(),
    # A draft writes here each time that it is saved, while its editor types; what is seen is written at its publishing.
    "wagtailcore_page": Shown(
        frozenset({"live", "title", "slug", "path", "url_path", "locale_id", "translation_key", "expire_at"})
        | {"first_published_at", "last_published_at"}
    ),
    "wagtailcore_pageviewrestriction": Shown(),
    "wagtailimages_image": Shown(),
    "wagtailimages_rendition": Shown(new_rows=False),  # made by the first page that shows it
    "contactpoints_contactpoint": Shown(),
    "contactpoints_provider": Shown(),
    "contactpoints_office": Shown(),
    "contactpoints_officeday": Shown(),
    "publishing_statementversion": Shown(),
    "people_function": Shown(),
    "people_person": Shown(),
    "people_tenure": Shown(),
    "routing_specialday": Shown(),
    "routing_workingweek": Shown(),
    # Words arrive all day: a new row of these shows nothing until somebody approves it, so it is no change.
    # Its state, when it becomes or ceases to be spam, is told by conversations.moves: it changes with every word.
    "conversations_conversation": Shown(frozenset({"visibility"}), new_rows=False),
    "conversations_message": Shown(
        frozenset({"may_publish", "direction", "author", "contact_id", "conversation_id", "person_id"}),
        new_rows=False,
    ),
    # Somebody new in a conversation has no approved word there yet, so no name of theirs stands anywhere.
    "conversations_participant": Shown(
        frozenset({"show_name", "conversation_id", "contact_id"}), new_rows=False
    ),
    "conversations_contact": Shown(frozenset({"protected"}), new_rows=False),
    # Sums move with every answer, and the page of voices tells of a quarter that is over: within a minute is enough.
    "voices_saidday": Shown(frozenset(), new_rows=False),
    "voices_saidmonth": Shown(frozenset(), new_rows=False),
}

# Read for a public page, and changed only with a new version or with what stands above.
STEADY: Final = frozenset({"wagtailcore_site", "wagtailcore_locale", "django_content_type"})
