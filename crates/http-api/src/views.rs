//! Saved views.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod list;
pub(crate) mod update;

use axum::http::StatusCode;
use molva_connectors::Localized;
use molva_domain::ViewId;
use molva_storage::user::User;
use molva_storage::view::{Access, ViewDraft as Draft};

use crate::api::Api;
use crate::locale::{Message, text};
use crate::problem::Problem;
use crate::request::Checks;
use crate::wire::view::ViewDraft;

const MAX_NAME_CHARS: usize = 120;
const MAX_ADDRESS_BYTES: usize = 16 << 10;
/// Who may change what others share.
const ADMINS: [&str; 2] = ["owner", "admin"];

fn check(draft: ViewDraft) -> Result<Draft, Problem> {
    let mut checks = Checks::default();
    let name = checks.line("name", &draft.name, MAX_NAME_CHARS);
    let address = draft.address.trim().trim_start_matches('?').to_owned();
    if address.len() > MAX_ADDRESS_BYTES {
        checks.wrong("address", "too_long", Message::with(ADDRESS_TOO_LONG, [&MAX_ADDRESS_BYTES.to_string()]));
    } else if address.chars().any(char::is_control) {
        checks.wrong("address", "control_characters", NO_ADDRESS);
    }
    checks.finish()?;
    Ok(Draft { name, page: draft.page.0, address, shared: draft.shared })
}

fn access(user: &User) -> Access {
    if ADMINS.contains(&user.role.as_str()) { Access::OwnAndShared(user.id) } else { Access::Own(user.id) }
}

/// Why somebody's call reached no view: they see it but may not change it, or there is none for them.
async fn out_of_reach(api: &Api, user: &User, id: ViewId) -> Problem {
    match api.storage().view(api.workspace(), Some(user.id), id).await {
        Ok(Some(_)) => Problem::new(StatusCode::FORBIDDEN, "not_yours", NOT_YOURS),
        Ok(None) => Problem::not_found(UNKNOWN),
        Err(error) => error.into(),
    }
}

const UNKNOWN: Localized = text(
    "there is no view with this id; it may have been deleted, look at the views there are",
    "вида с таким номером нет; возможно, его удалили — посмотрите, какие есть",
    "вигляду з таким номером немає; можливо, його видалили — перегляньте, які є",
);
const NOT_YOURS: Localized = text(
    "this view is somebody else's; save one of your own under another name",
    "это чужой вид; сохраните свой под другим именем",
    "це чужий вигляд; збережіть свій під іншою назвою",
);
const ADDRESS_TOO_LONG: Localized = text(
    "is longer than {0} bytes; choose less, or put a long query into a list",
    "длиннее {0} байт; выберите меньше или вынесите длинный запрос в список",
    "довша за {0} байтів; виберіть менше або винесіть довгий запит до списку",
);
const NO_ADDRESS: Localized = text(
    "is not the query string of a page; copy it from the address bar",
    "не похожа на параметры адреса страницы; скопируйте их из адресной строки",
    "не схожа на параметри адреси сторінки; скопіюйте їх з адресного рядка",
);
