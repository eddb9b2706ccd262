//! What we say to mentions.

pub(crate) mod advice;
pub(crate) mod approve;
pub(crate) mod cancel;
pub(crate) mod change;
pub(crate) mod create;
pub(crate) mod desk;
mod files;
pub(crate) mod list;
pub(crate) mod of_mention;
pub(crate) mod options;
pub(crate) mod send_again;
mod text;

use axum::http::StatusCode;
use molva_connectors::Localized;
use molva_domain::{ReplyId, ReplyState};
use molva_storage::reply::{Reply, ReplyChange};

use crate::api::Api;
use crate::locale::{Message, text as said};
use crate::problem::Problem;

/// For so long a reply can be taken back when its writer names no time.
const UNDO_SECONDS: u32 = 10;

fn unknown() -> Problem {
    Problem::not_found(UNKNOWN)
}

async fn stored(api: &Api, id: ReplyId) -> Result<Reply, Problem> {
    api.storage().reply(api.workspace(), id).await?.ok_or_else(unknown)
}

/// The reply as it is now, or why it could not be changed.
fn changed(change: ReplyChange) -> Result<Reply, Problem> {
    match change {
        ReplyChange::Done(reply) => Ok(*reply),
        ReplyChange::Missing => Err(unknown()),
        ReplyChange::OwnWords => Err(Problem::new(StatusCode::FORBIDDEN, "own_words", OWN_WORDS)),
        ReplyChange::NotNow(state) => {
            let detail = Message::said(|language| {
                let locale = crate::locale::Locale::of_language(language);
                locale.of(NOT_NOW).replace("{0}", locale.of(state_name(state)))
            });
            Err(Problem::new(StatusCode::CONFLICT, "not_possible_now", detail))
        }
    }
}

fn not_yours() -> Problem {
    Problem::new(StatusCode::FORBIDDEN, "not_yours", NOT_YOURS)
}

const fn state_name(state: ReplyState) -> Localized {
    match state {
        ReplyState::AwaitingApproval => said("awaiting approval", "ждёт согласования", "чекає на погодження"),
        ReplyState::Waiting => said("waiting to be sent", "ждёт отправки", "чекає на надсилання"),
        ReplyState::Sending => said("being sent", "отправляется", "надсилається"),
        ReplyState::Unsure => {
            said("looked for at the network", "проверяется, дошёл ли он", "перевіряється, чи дійшла вона")
        }
        ReplyState::Sent => said("sent", "отправлен", "надіслано"),
        ReplyState::Retrying => said("tried again later", "будет отправлен позже", "буде надіслано пізніше"),
        ReplyState::Refused => said("refused", "не принят", "не прийнято"),
        ReplyState::Cancelled => said("cancelled", "отменён", "скасовано"),
    }
}

const UNKNOWN: Localized = said(
    "there is no reply with this id; look at the list of replies",
    "ответа с таким номером нет; посмотрите список ответов",
    "відповіді з таким номером немає; перегляньте список відповідей",
);
const OWN_WORDS: Localized = said(
    "another person has to approve it: these are your own words",
    "согласовать должен другой человек: это ваши собственные слова",
    "погодити має інша людина: це ваші власні слова",
);
const NOT_NOW: Localized = said(
    "this is not possible just now: the reply is {0}",
    "сейчас это невозможно: состояние ответа — {0}",
    "зараз це неможливо: стан відповіді — {0}",
);
const NOT_YOURS: Localized = said(
    "this is the own account of somebody else; only they write from it",
    "это личная учётная запись другого человека; писать с неё может только он",
    "це особистий обліковий запис іншої людини; писати з нього може лише вона",
);
