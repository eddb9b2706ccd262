//! Which files may go with a reply.

use molva_connectors::{AttachmentProblem, AttachmentRule, Localized};
use molva_domain::{AttachmentId, ReplyVisibility};

use crate::api::Api;
use crate::locale::{Message, text as said};
use crate::problem::Problem;
use crate::wire::attachment::AttachmentDraft;

/// What the reply is to take: files that are there and that the network takes.
pub(super) async fn check(
    api: &Api,
    drafts: Vec<AttachmentDraft>,
    rule: Result<AttachmentRule, Localized>,
    visibility: ReplyVisibility,
) -> Result<Vec<(AttachmentId, Option<String>)>, Problem> {
    if drafts.is_empty() {
        return Ok(Vec::new());
    }
    let rule = rule.map_err(|why| wrong("not_taken", why))?;
    // Before anything is read: somebody may name thousands.
    if drafts.len() > rule.most as usize {
        return Err(problem(AttachmentProblem::TooMany { most: rule.most }));
    }
    let (mut wanted, mut types) = (Vec::with_capacity(drafts.len()), Vec::with_capacity(drafts.len()));
    for draft in drafts {
        let unknown = || wrong("unknown", UNKNOWN);
        let id: AttachmentId = draft.id.parse().map_err(|_| unknown())?;
        let file = api.storage().attachment(api.workspace(), id).await?.ok_or_else(unknown)?;
        let alt = draft.alt.map(|alt| alt.trim().to_owned()).filter(|alt| !alt.is_empty());
        rule.check(&file.media_type, file.size, alt.as_deref()).map_err(problem)?;
        wanted.push((id, alt));
        types.push(file.media_type);
    }
    let types: Vec<&str> = types.iter().map(String::as_str).collect();
    rule.check_together(&types, visibility).map_err(problem)?;
    Ok(wanted)
}

fn problem(problem: AttachmentProblem) -> Problem {
    match problem {
        AttachmentProblem::TooMany { most } => wrong("too_many", Message::with(TOO_MANY, [&most.to_string()])),
        AttachmentProblem::NotAlone => wrong("not_alone", NOT_ALONE),
        AttachmentProblem::NotPrivate => wrong("not_private", NOT_PRIVATE),
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

const NOT_ALONE: Localized = said(
    "this network takes a file of this type only by itself; take the others away",
    "файл такого вида эта сеть принимает только один; уберите остальные",
    "файл такого виду ця мережа приймає лише один; приберіть решту",
);
const NOT_PRIVATE: Localized = said(
    "files go with public replies here; answer in public or take them away",
    "файлы здесь прикладываются только к публичным ответам; ответьте публично или уберите их",
    "файли тут додаються лише до публічних відповідей; дайте відповідь публічно або приберіть їх",
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
