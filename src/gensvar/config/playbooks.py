"""What stands in a playbook, in the order in which it is taken in, and which tables do not and why.

A test walks every table: one that stands in neither of the two fails it. A later part (canned replies) is
one class beside its room and one line here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gensvar.contactpoints.municipality.playbook import Notices
from gensvar.contactpoints.playbook import Places
from gensvar.core.playbooks.part import Part
from gensvar.core.playbooks.vocabulary import Topics
from gensvar.desk.playbook import Views
from gensvar.desk.playbook_settings import Settings
from gensvar.learning.surveys.playbook import Forms
from gensvar.people.models import Person
from gensvar.people.playbook import Functions
from gensvar.publishing.comments.playbook import Grounds
from gensvar.publishing.positions.playbook import Positions
from gensvar.routing.playbook import Days, Week

PARTS: Sequence[Part] = (
    Functions(),
    Topics(),
    Places(),
    Notices(),
    Week(),
    Days(),
    Grounds(),
    Positions(),
    Views(),
    Forms(),
    Settings(),
)


def known_names() -> list[str]:
    """The names of everybody in the staff's list, also of those who have left."""
    return list(Person.objects.order_by("pk").values_list("name", flat=True))


_PERSONS = "persons, what they hold, and when they are away"
_WORDS = "what residents and staff said to each other"
_PUBLIC = "what one municipality said or did in public"
_ACTS = "what was done, when and by whom"
_WORK = "work that waits or was done"
_COUNTED = "counted from what was said"
_OWN = "a log-in, and what belongs to it"
_HERE = "where one municipality is found"
_FRAME = "the frame's own, made by the programme and not by a municipality"
_PAGES = "pages and pictures are content; their frame is made by migrations"
_FOLLOWERS = "those who follow one municipality, and what they were sent"
_OLD_BLOG = "one municipality's own old blog"
_LINKS = "which links one municipality has, and how they fare"

NOT_IN: Mapping[str, str] = {
    "core.User": _OWN,
    "core.User_groups": _OWN,
    "core.User_user_permissions": _OWN,
    "core.Event": _WORK,
    "core.AuditEntry": _ACTS,
    "core.Counter": _COUNTED,
    "core.PublicChange": _WORK,
    "core.Playbook": "playbooks that came here; one is not handed on inside another",
    "people.Person": _PERSONS,
    "people.Tenure": _PERSONS,
    "people.TenureCorrection": _PERSONS,
    "people.AbsenceCalendar": _PERSONS,
    "people.Absence": _PERSONS,
    "people.Handover": _PERSONS,
    "people.HandoverItem": _PERSONS,
    "people.HandoverDocument": _PERSONS,
    "contactpoints.PlaceLook": _ACTS,
    "contactpoints.FormerAddress": _HERE,
    "contactpoints.OutsideLogin": "who knows which log-in outside",
    "contactpoints.KnownBy": _PERSONS,
    "contactpoints.KnowingCorrection": _PERSONS,
    "contactpoints.Office": _HERE,
    "contactpoints.OfficeDay": _HERE,
    "intake.Envelope": _WORDS,
    "conversations.Contact": "residents",
    "conversations.ContactAddress": "residents",
    "conversations.OtherAddress": "residents",
    "conversations.Conversation": _WORDS,
    "conversations.Conversation_topics": _WORDS,
    "conversations.Participant": "residents",
    "conversations.Message": _WORDS,
    "conversations.Attachment": _WORDS,
    "conversations.Mention": _WORDS,
    "conversations.AwaitedReference": _WORDS,
    "conversations.QueueCount": _COUNTED,
    "routing.FilledYear": "every Gensvar fills in the holidays itself",
    "routing.Alarm": _WORK,
    "answers.Draft": _WORDS,
    "answers.CoSigner": _WORDS,
    "answers.OtherWording": _WORDS,
    "answers.DraftFile": _WORDS,
    "answers.Delivery": _WORDS,
    "answers.DeliveryFile": _WORDS,
    "publishing.PublicExchange": _PUBLIC,
    "publishing.PublicExchange_topics": _PUBLIC,
    "publishing.PublicText": _PUBLIC,
    "publishing.PublicPicture": _PUBLIC,
    "publishing.ShortLink": _PUBLIC,
    "publishing.ShortLinkDay": _COUNTED,
    "publishing.PostPicture": _PUBLIC,
    "publishing.PictureSize": _PUBLIC,
    "publishing.Source": _PUBLIC,
    "publishing.Series": "which posts belong together; a name without them says nothing",
    "publishing.PostsHome": _PAGES,
    "publishing.Post": _PUBLIC,
    "publishing.Post_topics": _PUBLIC,
    "publishing.Byline": _PERSONS,
    "publishing.Appearance": _PUBLIC,
    "publishing.Appearance_topics": _PUBLIC,
    "publishing.EarlierTelling": _PUBLIC,
    "publishing.GuestByline": _PERSONS,
    "publishing.GuestVoice": _PERSONS,
    "publishing.GuestVersion": _WORDS,
    "publishing.GuestRemark": _WORDS,
    "publishing.GuestPicture": _WORDS,
    "publishing.GuestYes": _ACTS,
    "publishing.PostPlan": _WORK,
    "publishing.PostDecision": _ACTS,
    "publishing.PostHold": _WORK,
    "publishing.Comment": _WORDS,
    "publishing.CommentDecision": _ACTS,
    "publishing.Appeal": _WORDS,
    "publishing.CommentAnswer": _PUBLIC,
    "publishing.CommentsClosed": _PUBLIC,
    "publishing.Subscriber": _FOLLOWERS,
    "publishing.Following": _FOLLOWERS,
    "publishing.Letter": _FOLLOWERS,
    "publishing.ToldEntry": _FOLLOWERS,
    "publishing.OldSite": _OLD_BLOG,
    "publishing.OldItem": _OLD_BLOG,
    "publishing.OldAddress": _OLD_BLOG,
    "publishing.OldComment": _OLD_BLOG,
    "publishing.OutsideLink": _LINKS,
    "publishing.LinkUse": _LINKS,
    "publishing.LinkLook": _LINKS,
    "publishing.LinkDecision": _LINKS,
    "publishing.DeadShortLink": _LINKS,
    "publishing.Statement": "what one municipality found when it tried its own pages; the law asks each to try",
    "publishing.Failure": "what one municipality found when it tried its own pages",
    "publishing.StatementVersion": _PUBLIC,
    "publishing.WordAbout": _WORDS,
    "publishing.Verdicts": _COUNTED,
    "publishing.Cause": _PUBLIC,
    "learning.Outcome": _PUBLIC,
    "learning.Outcome_topics": _PUBLIC,
    "learning.Step": _PUBLIC,
    "learning.ConversationTie": _WORDS,
    "learning.PostTie": _PUBLIC,
    "learning.ToldConversation": _WORDS,
    "learning.Experiment": _PUBLIC,
    "learning.Experiment_successors": _PERSONS,
    "learning.Experiment_topics": _PUBLIC,
    "learning.Line": _PUBLIC,
    "learning.Survey": _PERSONS,
    "learning.Invitation": _PERSONS,
    "learning.SealedAnswer": _WORDS,
    "learning.Tally": _PUBLIC,
    "learning.FreeText": _WORDS,
    "voices.WritingLimit": "what one coordinator aims at; a number for them to choose",
    "voices.SaidWord": _COUNTED,
    "voices.SaidDay": _COUNTED,
    "voices.SaidMonth": _COUNTED,
    "voices.LastAnswer": _COUNTED,
    "desk.LogInCount": _WORK,
    "square.Knocks": _WORK,
    "square.Submission": _WORK,
    "simple_translation.SimpleTranslation": _FRAME,
    "wagtailembeds.Embed": _FRAME,
    "wagtailusers.UserProfile": _OWN,
    "wagtaildocs.Document": _PAGES,
    "wagtailimages.Image": _PAGES,
    "wagtailimages.Rendition": _PAGES,
    "wagtailsearch.IndexEntry": _FRAME,
    "wagtailsearch.SQLiteFTSIndexEntry": _FRAME,
    "wagtailadmin.Admin": _FRAME,
    "wagtailadmin.EditingSession": _OWN,
    "wagtailadmin.FormState": _OWN,
    "wagtailcore.Locale": _FRAME,
    "wagtailcore.Site": _HERE,
    "wagtailcore.GroupSitePermission": _FRAME,
    "wagtailcore.APIToken": _OWN,
    "wagtailcore.ModelLogEntry": _ACTS,
    "wagtailcore.Revision": _PUBLIC,
    "wagtailcore.CollectionViewRestriction": _FRAME,
    "wagtailcore.CollectionViewRestriction_groups": _FRAME,
    "wagtailcore.Collection": _FRAME,
    "wagtailcore.GroupCollectionPermission": _FRAME,
    "wagtailcore.UploadedFile": _OWN,
    "wagtailcore.WorkflowContentType": _FRAME,
    "wagtailcore.WorkflowState": _WORK,
    "wagtailcore.Workflow": _FRAME,
    "wagtailcore.WorkflowTask": _FRAME,
    "wagtailcore.Task": _FRAME,
    "wagtailcore.GroupApprovalTask": _FRAME,
    "wagtailcore.GroupApprovalTask_groups": _FRAME,
    "wagtailcore.TaskState": _WORK,
    "wagtailcore.Page": _PAGES,
    "wagtailcore.GroupPagePermission": _FRAME,
    "wagtailcore.PageViewRestriction": _PAGES,
    "wagtailcore.PageViewRestriction_groups": _PAGES,
    "wagtailcore.WorkflowPage": _FRAME,
    "wagtailcore.PageLogEntry": _ACTS,
    "wagtailcore.Comment": _WORDS,
    "wagtailcore.CommentReply": _WORDS,
    "wagtailcore.PageSubscription": _OWN,
    "wagtailcore.ReferenceIndex": _FRAME,
    "taggit.Tag": _PAGES,
    "taggit.TaggedItem": _PAGES,
    "account.EmailAddress": _OWN,
    "account.EmailConfirmation": _OWN,
    "mfa.Authenticator": _OWN,
    "auth.Permission": _FRAME,
    "auth.Group": "the roles are the programme's; who has which is a matter of persons",
    "auth.Group_permissions": _FRAME,
    "contenttypes.ContentType": _FRAME,
    "sessions.Session": _OWN,
}
