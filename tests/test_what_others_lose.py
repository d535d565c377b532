"""How other systems lose, mix up or double mail, row by row: each failure has the test of ours that it cannot happen here.

The list was gathered from the trackers of seven such systems. A row names a failure in our own words and the tests that
show it; what nothing else showed is tested below. A test that is renamed or taken away is missed here.
"""

from __future__ import annotations

import functools
import re
from email.policy import compat32

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gensvar.channels.email.parts import take_apart
from gensvar.contactpoints.tests.factories import make_contact_point
from gensvar.conversations.models import Message
from gensvar.core import runner
from gensvar.intake.models import Envelope
from gensvar.intake.services import receive
from gensvar.people.tests.factories import make_function
from gensvar.routing.tests.scene import raw_mail
from tests.databases import ROOT

LOST = {
    "a mail that cannot be parsed is out of sight": [
        "intake/test_receiving::test_bytes_and_fact_are_there_together",
        "intake/test_receiving::test_a_failed_envelope_is_shown_and_can_be_read_again",
        "conversations/test_reading::test_what_cannot_be_read_is_a_visible_failure_and_can_be_tried_again",
        "desk/test_files::test_what_could_not_be_read_is_shown_saved_and_read_again",
    ],
    "one bad mail stops those behind it": [
        "conversations/test_reading::test_one_bad_mail_does_not_stop_the_others",
        "channels/email/test_hostile::test_no_mail_takes_long",
    ],
    "a mail is accepted before it is safe": [
        "intake/test_listener::test_a_mail_is_kept_as_it_came_when_250_is_said",
        "intake/test_listener_troubles::test_a_full_disk_is_said_as_452_and_nothing_is_taken",
        "intake/test_bringing::test_the_pipe_says_75_when_the_database_is_away",
    ],
    "two who bring the same mail at once make two of it": [
        "intake/test_receiving::test_twenty_who_bring_the_same_mails_at_once_leave_each_there_once",
        "intake/test_bringing::test_two_importers_at_once_bring_each_mail_once",
    ],
    "a mail to two of our addresses becomes one": [
        "intake/test_receiving::test_one_mail_to_two_addresses_of_ours_is_two_envelopes",
        "intake/test_listener::test_one_mail_to_two_of_our_addresses_is_two_envelopes",
    ],
    "another mail under a used Message-ID is taken for the first": [
        "intake/test_receiving::test_another_mail_under_a_used_message_id_is_kept_and_marked",
    ],
    "a mail without Message-ID is passed over": [
        "intake/test_identity::test_a_mail_without_message_id_gets_one_from_its_content",
    ],
    "letters beyond ASCII are decoded before anybody knows their charset": [
        "channels/email/test_samples::test_a_sample_is_read_as_expected",
        "intake/test_listener::test_odd_bodies_come_through_untouched",
    ],
    "what a machine sent is thrown away": [
        "conversations/test_reading::test_a_machine_s_mail_is_kept_and_marked",
        "answers/test_receipts::test_what_only_its_subject_tells_to_be_a_machines_gets_no_receipt_and_is_kept_as_one",
    ],
}

THREADS = {
    "our own token leads before anything else": [
        "conversations/test_threading::test_our_token_is_enough_whatever_the_subject_and_references_say",
        "conversations/test_threading::test_our_token_in_a_message_id_that_is_answered_is_enough",
    ],
    "then the references, and the subject alone never": [
        "conversations/test_threading::test_a_reply_by_reference_comes_into_its_conversation",
        "conversations/test_threading::test_the_same_subject_alone_joins_nothing",
        "conversations/test_threading::test_the_number_in_a_subject_opens_nothing",
    ],
    "a stranger who quotes it does not come in": [
        "conversations/test_threading::test_a_stranger_who_quotes_the_references_gets_a_linked_conversation_of_their_own",
        "conversations/test_threading::test_a_token_of_another_conversation_leads_only_there",
    ],
    "a reply to what was merged or closed arrives": [
        "conversations/test_threading::test_a_reply_to_a_merged_conversation_arrives_where_it_went",
        "conversations/test_threading::test_a_closed_conversation_opens_again_and_a_snoozed_one_wakes",
    ],
    "a token cannot be guessed": [
        "conversations/test_threading::test_a_forged_token_opens_nothing",
        "core/test_tokens::*",
    ],
}

LOOPS = {
    "each sign of a machine stops the receipt": [
        "answers/test_receipts::test_machines_get_no_receipt",
        "answers/test_receipts::test_our_own_addresses_and_those_that_nobody_reads_get_no_receipt",
        "channels/email/test_channel::test_a_receipt_is_marked_so_that_no_machine_answers_it",
    ],
    "one address gets one receipt in a while": [
        "answers/test_receipts::test_one_address_gets_one_receipt_an_hour_and_five_a_day_over_all_conversations",
        "answers/test_receipts::test_an_auto_responder_that_answers_everything_gets_at_most_one_receipt",
    ],
}

BOUNCES = {
    "a report is tied to the word that it is about": [
        "answers/test_bounces::test_a_bounce_that_comes_by_mail_fails_the_answer_and_reopens_the_conversation",
        "answers/test_bounces::test_a_bounce_of_one_recipient_leaves_the_others_alone",
        "answers/test_bounces::test_a_complaint_marks_the_address_and_nothing_else",
    ],
    "for good is shown, for a while is tried again, a full mailbox too": [
        "answers/test_bounces::test_permanent_statuses_fail_the_delivery",
        "answers/test_bounces::test_what_failed_for_a_while_only_is_sent_again_a_day_later",
        "answers/test_when_sending_fails::test_a_full_mailbox_is_tried_again",
    ],
    "the return address is signed": [
        "answers/test_sending::test_the_envelope_sender_tells_bounces_where_to_go",
        "answers/test_bounces::test_a_forged_token_changes_nothing_even_with_the_right_message_id",
    ],
}

SENDING = {
    "an answer and its sending are one transaction, and its Message-ID stays": [
        "core/test_runner::test_a_fact_outside_a_transaction_is_refused",
        "answers/test_sending::test_running_the_same_fact_again_sends_nothing_twice",
        "answers/test_when_sending_fails::test_greylisting_is_outlasted_and_each_try_carries_the_same_message_id",
    ],
    "the tries last for days, a refusal shows at once": [
        "answers/test_when_sending_fails::test_the_second_try_comes_after_five_minutes_and_then_one_each_hour",
        "answers/test_when_sending_fails::test_the_tries_last_seven_days",
        "answers/test_when_sending_fails::test_a_refusal_shows_at_once_and_reopens_the_conversation",
    ],
    "one bad recipient does not stop the others": [
        "answers/test_when_sending_fails::test_one_refused_recipient_does_not_stop_the_others",
    ],
    "a failed answer opens the conversation again": [
        "answers/test_when_sending_fails::test_after_seven_days_the_answer_has_failed_and_it_is_our_turn_again",
    ],
    "a reply goes to those whom staff saw": [
        "answers/test_who_may_send::test_the_answer_goes_to_those_whom_the_screen_showed_and_nobody_else",
    ],
    "staff who answer from their own program are seen": [
        "conversations/test_threading::test_staff_who_answer_from_their_own_program_are_seen_among_us_only",
    ],
}

READING = {
    "the text where it is good, else the page reduced, and nothing remote": [
        "channels/email/test_hostile::test_harmful_html_is_made_harmless",
        "channels/email/test_hostile::test_remote_pictures_wait_and_enclosed_ones_are_named",
        "desk/test_files::test_html_is_shown_without_powers_and_remote_pictures_only_when_asked_for",
        "samples: body-alternative-both-good body-plain-says-nothing body-html-title-and-preheader",
    ],
    "quotations and signatures are folded and never lost": [
        "channels/email/test_quoting::test_a_reply_header_and_its_quotation_are_folded",
        "channels/email/test_quoting::test_the_header_block_of_outlook_is_folded_with_all_below",
        "channels/email/test_quoting::test_a_signature_after_its_dashes_is_folded",
        "channels/email/test_quoting::test_nothing_is_lost_by_folding",
        "samples: body-forwarded-by-apple",
    ],
    "files by odd names, in text, in winmail.dat, mails in mails": [
        "samples: file-name-rfc2231 file-name-rfc2047 file-name-unquoted-with-spaces file-name-raw-bytes",
        "samples: file-uuencoded-in-text file-winmail file-calendar file-nested-mail body-calendar-alone",
    ],
    "signed and encrypted mail is shown as such": [
        "samples: file-smime-signed file-pgp-encrypted file-pgp-inline body-pgp-signed-inline",
    ],
    "a mail over the limit is refused while it is brought": [
        "intake/test_listener::test_a_mail_over_the_limit_is_refused_at_mail_and_after_data",
        "intake/test_listener::test_lmtp_refuses_a_large_mail_once_for_each_recipient",
    ],
}

SCALE = {
    "a list, a thread, a search and the numbers beside queues cost the same however much there is": [
        "desk/test_inbox::test_a_list_costs_the_same_however_long_it_is",
        "desk/test_inbox::test_the_poll_costs_little_when_nothing_changed",
        "conversations/test_queries::test_the_inbox_costs_the_same_queries_however_much_is_in_it",
        "conversations/test_queries::test_a_thread_costs_the_same_queries_however_long_it_is",
        "conversations/test_queries::test_a_search_costs_the_same_whatever_it_finds",
        "conversations/test_queries::test_every_queue_and_its_number_agree",
    ],
    "the table of work is never searched by parts of words": [
        "tests/test_what_others_lose::test_the_worker_asks_for_work_by_no_part_of_a_word",
    ],
    "a thread is read by its index": [
        "tests/test_what_others_lose::test_a_thread_has_an_index_in_the_order_that_it_is_read",
    ],
    "header fields are not parsed anew at each access": [
        "tests/test_what_others_lose::test_a_mail_is_taken_apart_by_the_quick_rules",
    ],
}

ROWS = {**LOST, **THREADS, **LOOPS, **BOUNCES, **SENDING, **READING, **SCALE}


@functools.cache
def _tests() -> frozenset[str]:
    """Every test function there is, as room/module::name."""
    found = set()
    for path in [*(ROOT / "src").rglob("test_*.py"), *(ROOT / "tests").rglob("test_*.py")]:
        place = path.relative_to(ROOT).with_suffix("").as_posix().removeprefix("src/gensvar/")
        place = place.replace("/tests/", "/")
        found |= {
            f"{place}::{name}" for name in re.findall(r"^def (test_\w+)", path.read_text(), re.MULTILINE)
        }
        found.add(f"{place}::*")
    return frozenset(found)


@pytest.mark.parametrize("row", ROWS)
def test_what_others_lose_is_shown_not_to_be_lost_here(row: str) -> None:
    samples = ROOT / "src" / "gensvar" / "channels" / "email" / "tests" / "samples"
    for shown in ROWS[row]:
        if shown.startswith("samples: "):
            missing = [one for one in shown.split()[1:] if not (samples / f"{one}.json").exists()]
            assert not missing
        else:
            assert shown in _tests()


@pytest.mark.django_db
def test_the_worker_asks_for_work_by_no_part_of_a_word() -> None:
    place = make_contact_point(make_function())
    raw = raw_mail(to=place.address)
    receive(raw, contact_point=place, source=Envelope.Source.SMTP, recipient=place.address)
    with CaptureQueriesContext(connection) as asked:
        runner.run_waiting(network=False)
    said = [sql for one in asked.captured_queries if "core_event" in (sql := str(one["sql"]))]
    assert said
    assert not [one for one in said if " LIKE " in one.upper()]


def test_a_thread_has_an_index_in_the_order_that_it_is_read() -> None:
    assert any(index.fields[:2] == ["conversation", "at"] for index in Message._meta.indexes)


def test_a_mail_is_taken_apart_by_the_quick_rules() -> None:
    assert take_apart(b"Subject: x\r\n\r\nhej").policy is compat32
    mixed = take_apart(b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nhej\r\n--b--\r\n")
    assert {part.policy for part in mixed.walk()} == {compat32}
