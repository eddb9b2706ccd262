//! What sets of customers' errands in English say about intents.
//!
//! The errands of banking77 are asked by customers: some because something went wrong for them, some to know. Those of
//! clinc150 are told to an assistant: few are questions to a company, most are neither.

use molva_domain::Intent;

/// Words in the names of banking77's errands that say that something went wrong.
const WENT_WRONG: &[&str] = &[
    "not_",
    "failed",
    "declined",
    "pending",
    "wrong",
    "lost_or_stolen",
    "compromised",
    "swallowed",
    "blocked",
    "unable",
    "delay",
    "reverted",
    "unrecognised",
    "charged",
    "forgotten",
    "not_recognised",
    "missing",
    "extra_charge",
];
/// Errands of clinc150 that are neither: said to a machine, or chat.
const NEITHER: &[&str] = &[
    "play_music",
    "timer",
    "greeting",
    "tell_joke",
    "thank_you",
    "goodbye",
    "yes",
    "no",
    "maybe",
    "fun_fact",
    "set_alarm",
    "next_song",
    "flip_coin",
    "roll_dice",
    "smart_home",
    "reminder_update",
    "shopping_list_update",
    "todo_list_update",
    "change_volume",
    "text",
    "make_call",
    "update_playlist",
    "whisper_mode",
];
/// Errands of leaving.
const LEAVES: &[&str] = &["terminate_account"];

/// The outputs that an errand says something about; `None` for errands that say nothing sure.
pub(super) fn outputs(text: &str, name: &str) -> Option<Vec<(usize, bool)>> {
    let (help, question, churn) = (Intent::Help as usize, Intent::Question as usize, Intent::Churn as usize);
    if NEITHER.contains(&name) {
        return Some(vec![(help, false), (question, false), (churn, false)]);
    }
    if LEAVES.contains(&name) {
        return Some(vec![(churn, true)]);
    }
    if !BANKING.iter().any(|prefix| name.starts_with(prefix)) {
        return None;
    }
    let wrong = WENT_WRONG.iter().any(|word| name.contains(word));
    let asks = text.trim_end().ends_with('?');
    Some(vec![(help, wrong), (question, asks && !wrong), (churn, false)])
}

/// Beginnings of the names of banking77's errands.
const BANKING: &[&str] = &[
    "activate_my_card",
    "age_limit",
    "apple_pay",
    "atm_support",
    "automatic_top_up",
    "balance_not",
    "beneficiary",
    "cancel_transfer",
    "card_",
    "cash_withdrawal",
    "change_pin",
    "compromised",
    "contactless",
    "country_support",
    "declined",
    "direct_debit",
    "disposable",
    "edit_personal",
    "exchange_",
    "extra_charge",
    "failed_transfer",
    "fiat_currency",
    "get_",
    "getting_",
    "lost_or",
    "order_physical",
    "passcode",
    "pending",
    "pin_blocked",
    "receiving_money",
    "Refund",
    "request_refund",
    "reverted",
    "supported_cards",
    "top_up",
    "topping_up",
    "transaction_charged",
    "transfer_",
    "unable_to",
    "verify",
    "virtual_card",
    "visa_or",
    "why_verify",
    "wrong_",
];
