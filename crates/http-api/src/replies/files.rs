//! Which files may go with a reply.

use molva_connectors::{AttachmentProblem, AttachmentRule, Localized};
use molva_domain::AttachmentId;

use crate::api::Api;
use crate::locale::{Message, text as said};
use crate::problem::Problem;
use crate::wire::attachment::AttachmentDraft;

/// What the reply is to take: files that are there and that the network takes.
pub(super) async fn check(
    api: &Api,
    drafts: Vec<AttachmentDraft>,
    rule: Option<AttachmentRule>,
) -> Result<Vec<(AttachmentId, Option<String>)>, Problem> {
    if drafts.is_empty() {
        return Ok(Vec::new());
    }
    let rule = rule.ok_or_else(|| wrong("not_taken", NOT_TAKEN))?;
    rule.check_count(drafts.len()).map_err(problem)?;
    let mut wanted = Vec::with_capacity(drafts.len());
    for draft in drafts {
        let unknown = || wrong("unknown", UNKNOWN);
        let id: AttachmentId = draft.id.parse().map_err(|_| unknown())?;
        let file = api.storage().attachment(api.workspace(), id).await?.ok_or_else(unknown)?;
        let alt = draft.alt.map(|alt| alt.trim().to_owned()).filter(|alt| !alt.is_empty());
        rule.check(&file.media_type, file.size, alt.as_deref()).map_err(problem)?;
        wanted.push((id, alt));
    }
    Ok(wanted)
}

fn problem(problem: AttachmentProblem) -> Problem {
    match problem {
        AttachmentProblem::TooMany { most } => wrong("too_many", Message::with(TOO_MANY, [&most.to_string()])),
        AttachmentProblem::WrongType => wrong("not_taken", WRONG_TYPE),
        AttachmentProblem::TooBig { most } => {
            wrong("too_big", Message::with(TOO_BIG, [&format!("{:.1}", most as f64 / 1e6)]))
        }
        AttachmentProblem::AltTooLong { most } => wrong("alt_too_long", Message::with(ALT, [&most.to_string()])),
    }
}

fn wrong(code: &'static str, message: impl Into<Message>) -> Problem {
    Problem::field("attachments", code, message)
}

const NOT_TAKEN: Localized = said(
    "this network takes no files with a reply; send it without",
    "эта сеть не принимает файлы с ответом; отправьте без них",
    "ця мережа не приймає файлів із відповіддю; надішліть без них",
);
const WRONG_TYPE: Localized = said(
    "this network does not take files of this type; send another one",
    "эта сеть не принимает файлы такого вида; приложите другой",
    "ця мережа не приймає файлів такого виду; додайте інший",
);
const TOO_MANY: Localized = said(
    "this network takes at most {0} files with a reply; take some away",
    "эта сеть принимает с ответом не больше {0} файлов; уберите лишние",
    "ця мережа приймає з відповіддю щонайбільше {0} файлів; приберіть зайві",
);
const TOO_BIG: Localized = said(
    "this network takes files of at most {0} MB; make it smaller",
    "эта сеть принимает файлы не больше {0} МБ; уменьшите файл",
    "ця мережа приймає файли щонайбільше {0} МБ; зменште файл",
);
const ALT: Localized = said(
    "the description of a file is longer than {0} characters; shorten it",
    "описание файла длиннее {0} знаков; сократите",
    "опис файлу довший за {0} знаків; скоротіть",
);
const UNKNOWN: Localized = said(
    "a file is not there any more; add it again",
    "файла больше нет; приложите его снова",
    "файлу вже немає; додайте його знову",
);
