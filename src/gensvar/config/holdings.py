"""What a leaver holds, kind by kind in the order in which it moves, and which relations to a person are history and why.

A test walks every relation to a person or a log-in: one that stands in neither table fails it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence

from gensvar.answers.held import Drafts
from gensvar.answers.held_signatures import Signatures
from gensvar.contactpoints.held import Deputised, Owned
from gensvar.contactpoints.outside_logins.held import OutsideLogins
from gensvar.conversations.held import Asked, Assigned
from gensvar.desk.held import Views
from gensvar.learning.held import Steps
from gensvar.learning.surveys.held import Surveys
from gensvar.learning.workshop.held import Experiments
from gensvar.people.correcting import Spoke
from gensvar.people.handover.holding import Holding
from gensvar.people.handover.own import Functions, LogIn
from gensvar.people.models import Person
from gensvar.publishing.guests.held import Guests
from gensvar.publishing.held import Followed, Locks, Pages, Wordings
from gensvar.publishing.plans.held import Plans
from gensvar.publishing.positions.held import decided_in_advance
from gensvar.publishing.posts.held import signed_in_advance
from gensvar.voices.spoken import spoke

HOLDINGS: Sequence[Holding] = (
    Functions(),
    Assigned(),
    Asked(),
    Drafts(),
    Signatures(),
    Owned(),
    Deputised(),
    Pages(),
    Guests(),
    Plans(),
    Locks(),
    Followed(),
    Wordings(),
    Steps(),
    Experiments(),
    Surveys(),
    Views(),
    OutsideLogins(),
    LogIn(),
)

REMARKS: Sequence[Callable[[Person, dt.date], Sequence[str]]] = (signed_in_advance, decided_in_advance)
"""What no handover moves and whoever reviews one should know: sentences about the leaver and their last day, from each room."""

SPOKEN: Sequence[Spoke] = (spoke,)
"""Who tells whether somebody spoke for a function in some days: no correction of a tenure covers that up."""

_ACT = "who did it; an act is not undone by leaving"
_SAID = "who said it; words keep their speaker"
_COUNT = "who said it, as a number"
_OWN = "a part of the log-in, of use to nobody else, and closed with it"
_HANDOVER = "the handover's own record"

HISTORY: Mapping[str, str] = {
    "core.AuditEntry.user": _ACT,
    "core.Playbook.brought_by": _ACT,
    "core.Playbook.taken_by": _ACT,
    "core.User_groups.user": "roles end with the log-in; a role that nobody else has stops the handover",
    "core.User_user_permissions.user": "not used: roles say what one may",
    "people.Absence.person": "their own days away",
    "people.AbsenceCalendar.person": "their own calendar, whose address is forgotten when they have left",
    "people.TenureCorrection.by": _ACT,
    "people.Handover.person": _HANDOVER,
    "people.Handover.prepared_by": _HANDOVER,
    "people.Handover.reviewed_by": _HANDOVER,
    "people.Handover.undone_by": _HANDOVER,
    "people.HandoverItem.to": _HANDOVER,
    "people.HandoverItem.witness": _HANDOVER,
    "contactpoints.PlaceLook.by": _ACT,
    "contactpoints.Provider.saved_by": _ACT,
    "contactpoints.OutsideLogin.witness": _ACT,
    "contactpoints.KnownBy.told_by": _SAID,
    "contactpoints.KnowingCorrection.person": "a correction's own record",
    "contactpoints.KnowingCorrection.told_by_before": _SAID,
    "contactpoints.KnowingCorrection.told_by_after": _SAID,
    "contactpoints.KnowingCorrection.by": _ACT,
    "conversations.Message.person": _SAID,
    "conversations.Message.co_signer": _SAID,
    "conversations.Mention.by": _ACT,
    "conversations.OtherAddress.said_by": _ACT,
    "conversations.OtherAddress.taken_back_by": _ACT,
    "answers.Delivery.person": _SAID,
    "publishing.PublicExchange.published_by": _ACT,
    "publishing.PublicText.approved_by": _ACT,
    "publishing.ShortLink.made_by": _ACT,
    "publishing.Byline.person": "who stands behind a post; what is not public yet is named over the review, and signed anew or left",
    "publishing.PostDecision.by": _ACT,
    "publishing.CommentDecision.by": _ACT,
    "publishing.CommentDecision.person": _ACT,
    "publishing.CommentAnswer.approved_by": _ACT,
    "publishing.CommentsClosed.by": _ACT,
    "publishing.LinkDecision.by": _ACT,
    "publishing.DeadShortLink.settled_by": _ACT,
    "publishing.StatementVersion.published_by": _ACT,
    "publishing.GuestVoice.invited_by": _ACT,
    "publishing.GuestVersion.person": _SAID,
    "publishing.GuestRemark.person": _SAID,
    "publishing.Appearance.person": _SAID,
    "publishing.Appearance.entered_by": _ACT,
    "publishing.EarlierTelling.person": _SAID,
    "publishing.EarlierTelling.by": _ACT,
    "publishing.Position.begun_by": _ACT,
    "publishing.Wording.written_by": _ACT,
    "publishing.Wording.decided_by": _ACT,
    "learning.Outcome.proposed_by": _ACT,
    "learning.Step.published_by": _ACT,
    "learning.ConversationTie.by": _ACT,
    "learning.PostTie.by": _ACT,
    "learning.Experiment.proposed_by": _ACT,
    "learning.Experiment.successors": "who could take over counts only while they work here",
    "learning.Experiment_successors.person": "who could take over counts only while they work here",
    "learning.Line.person": _SAID,
    "learning.Line.by": _ACT,
    "learning.SurveyForm.made_by": _ACT,
    "learning.Survey.leader": "whom it is about; who runs it decides what becomes of it",
    "learning.Invitation.person": "who was asked; a link that is not used ends with the round",
    "learning.FreeText.decided_by": _ACT,
    "voices.SaidWord.person": _COUNT,
    "voices.SaidDay.person": _COUNT,
    "voices.SaidMonth.person": _COUNT,
    "voices.LastAnswer.person": _COUNT,
    "voices.WritingLimit.by": _ACT,
    "wagtailusers.UserProfile.user": _OWN,
    "wagtaildocs.Document.uploaded_by_user": _ACT,
    "wagtailimages.Image.uploaded_by_user": _ACT,
    "wagtailadmin.EditingSession.user": _OWN,
    "wagtailadmin.FormState.user": _OWN,
    "wagtailcore.APIToken.user": _OWN,
    "wagtailcore.ModelLogEntry.user": _ACT,
    "wagtailcore.Revision.user": _SAID,
    "wagtailcore.UploadedFile.uploaded_by_user": _OWN,
    "wagtailcore.WorkflowState.requested_by": "who asked for the review; a review waits with a group, and the page has a new owner",
    "wagtailcore.TaskState.finished_by": _ACT,
    "wagtailcore.PageLogEntry.user": _ACT,
    "wagtailcore.Comment.user": _SAID,
    "wagtailcore.Comment.resolved_by": _ACT,
    "wagtailcore.CommentReply.user": _SAID,
    "account.EmailAddress.user": _OWN,
    "mfa.Authenticator.user": _OWN,
}
