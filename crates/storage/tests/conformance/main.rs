//! What a store must do, said once and held by both engines.
//!
//! SQLite always runs. PostgreSQL runs when `MOLVA_TEST_POSTGRES` is the address of a superuser; each test makes a database of
//! its own there.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod accounts;
mod audits;
mod bench;
mod bulk;
mod edits;
mod events;
mod exported;
mod intake;
mod judgements;
mod kept;
mod law;
mod lists;
mod mentions;
mod models;
mod oauth;
mod people;
mod refreshes;
mod replies;
mod second;
mod sources;
mod stories;
mod threads;
mod views;
mod webhooks;

macro_rules! conformance {
    ($($module:ident: $($name:ident),+ $(,)?;)+) => {
        mod sqlite {
            $($(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() {
                    let bench = crate::bench::Bench::sqlite().await;
                    crate::$module::$name(&bench).await;
                    bench.finish().await;
                }
            )+)+
        }
        mod postgres {
            $($(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() {
                    let Some(bench) = crate::bench::Bench::postgres().await else { return };
                    crate::$module::$name(&bench).await;
                    bench.finish().await;
                }
            )+)+
        }
    };
}

conformance! {
    oauth:
        who_was_sent_away_comes_back_once_in_time_and_in_their_own_session,
        the_newest_client_is_in_use_and_former_ones_stay,
        one_process_renews_a_token_and_it_is_known_when_its_answer_was_lost,
        a_token_that_was_given_anew_meanwhile_is_not_overwritten;
    second: a_day_of_second_opinions_is_never_overdrawn;
    webhooks: a_call_is_kept_once_and_known_again_for_a_week;
    intake:
        every_item_ends_in_one_outcome_and_the_sums_balance,
        a_post_comes_once_however_often_it_is_delivered,
        a_replayed_delivery_counts_nothing_and_answers_the_first_tally,
        a_batch_under_a_lost_lease_is_refused_and_the_others_are_stored,
        cursor_and_times_move_with_the_batch,
        a_match_of_a_deleted_topic_is_no_match,
        a_stored_post_comes_back_as_it_was,
        a_nul_is_stored_as_a_replacement_character,
        a_post_deleted_by_its_network_loses_its_words,
        a_deletion_that_comes_before_its_post_holds_for_two_days,
        quarantine_keeps_the_newest_hundred,
        batches_of_many_sizes_are_stored_whole;
    law: the_ledger_balances_whatever_comes;
    edits:
        an_edit_takes_the_place_of_what_was_said_and_that_is_kept,
        an_edit_brings_mentions_and_takes_none_away,
        how_a_post_was_before_or_is_shown_elsewhere_is_no_edit,
        what_a_person_said_of_a_post_stays_when_it_is_edited,
        an_edited_post_leaves_the_copies_it_stood_with,
        counts_follow_and_make_no_version,
        a_kept_post_is_kept_as_it_was_edited_last,
        of_many_versions_the_first_and_the_newest_are_kept_until_the_post_is_deleted,
        a_post_and_its_edits_may_come_at_once,
        a_post_stored_before_edits_were_noted_is_compared_with_its_row;
    mentions:
        exact_copies_stand_behind_the_first,
        the_oldest_copy_takes_the_place_of_a_deleted_post,
        a_list_over_all_topics_shows_a_post_once,
        filters_choose_what_they_say,
        text_is_found_in_any_case_and_signs_are_literal,
        pages_neither_repeat_nor_lose_a_mention_while_others_arrive,
        changes_are_labelled_and_logged,
        mentions_of_a_deleted_topic_leave_every_list,
        an_unknown_cursor_is_refused;
    judgements:
        a_mention_comes_back_as_it_was_judged,
        what_a_person_says_holds_until_they_take_it_back,
        judgements_are_filtered_by_what_counts,
        the_walk_finds_what_another_model_judged_newest_first;
    audits:
        a_round_is_drawn_once_and_its_audits_know_what_was_said_then,
        a_third_of_a_round_is_shown_to_two_people,
        answers_come_with_what_the_mention_is_now_and_change_nothing;
    models:
        one_model_is_in_use_and_others_can_be_taken_back,
        a_refused_model_is_told_of_and_never_used,
        old_models_are_forgotten_but_not_the_one_in_use,
        mentions_teach_by_what_people_said_or_left;
    bulk:
        mentions_of_a_stretch_of_time_come_page_by_page_newest_first,
        mentions_in_bulk_are_those_of_topics_that_live,
        a_deletion_says_which_copies_stand_for_themselves_now;
    exported: a_file_has_what_a_list_shows_and_long_texts_when_asked;
    kept:
        what_was_kept_is_scanned_back,
        posts_that_come_one_by_one_share_a_block,
        bytes_behind_the_committed_length_are_cut_off,
        a_damaged_block_is_skipped_and_counted,
        a_file_cut_short_is_not_written_to_again,
        a_backfill_moves_posts_in_the_ledger,
        a_kept_post_deleted_by_its_network_is_not_scanned,
        old_segments_are_dropped_and_their_posts_may_come_again,
        too_much_is_dropped_oldest_first;
    sources:
        a_source_lives_from_creation_to_deletion,
        secrets_are_sealed_and_replaced_one_by_one,
        one_process_holds_the_lease,
        a_report_changes_what_it_names,
        gaps_open_once_and_close_together,
        a_paused_source_stays_paused;
    accounts:
        an_account_lives_from_connection_to_disconnection,
        the_sealing_key_is_replaced_wherever_that_is_cut_off;
    replies:
        of_two_processes_one_sends_a_reply,
        a_reply_that_was_being_sent_when_its_sender_died_comes_back_as_unsure,
        replies_of_an_account_that_is_not_accepted_wait_until_it_is,
        disconnecting_wipes_secrets_and_takes_back_what_waits,
        another_person_than_who_worded_it_approves,
        a_refused_reply_is_tried_again_when_a_person_asks,
        replies_are_listed_newest_first_page_by_page,
        a_file_belongs_to_the_one_reply_that_took_it,
        files_go_with_time_from_replies_that_are_done_and_from_no_others,
        files_of_many_replies_go_a_few_at_a_time;
    refreshes: posts_of_a_source_are_due_when_planned_until_they_are_not_any_more;
    threads:
        what_is_answered_to_us_joins_the_thread_whatever_it_says,
        what_we_said_ourselves_is_no_mention_to_act_on;
    stories:
        a_story_begins_with_its_second_post,
        a_list_shows_a_story_once_or_alone,
        the_largest_stories_come_page_by_page,
        people_join_stories_and_take_them_apart,
        a_post_nobody_stored_begins_no_story,
        a_backfill_counts_in_stories,
        a_story_does_not_go_on_saying_a_deleted_post;
    people:
        the_first_owner_is_made_once,
        sessions_end,
        tokens_are_found_by_digest_and_revoked,
        an_idempotent_answer_is_kept_for_a_day,
        topics_have_versions_and_unique_names;
    lists:
        a_list_lives_from_creation_to_deletion,
        a_list_that_somebody_else_changed_is_not_overwritten,
        a_list_that_topics_use_stays_under_its_name,
        a_topic_cannot_use_a_list_that_does_not_exist,
        lists_of_other_workspaces_are_not_seen,
        there_is_a_largest_number_of_lists;
    views:
        a_view_lives_from_creation_to_deletion,
        a_view_is_seen_by_its_owner_or_by_all_and_changed_by_whom_may,
        there_is_a_largest_number_of_views,
        an_annotation_lives_from_creation_to_deletion,
        annotations_are_found_by_time_and_topic,
        a_workspace_has_a_time_zone_that_can_be_changed;
    events:
        events_come_in_the_order_of_commits_under_many_writers,
        a_commit_wakes_readers_of_every_process,
        a_newer_database_is_refused,
        two_processes_make_one_workspace;
}
