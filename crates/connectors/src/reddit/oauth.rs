//! Consent on Reddit: a token of a day, kept alive by a refresh token that lasts until it is taken back.
//!
//! Source: <https://github.com/reddit-archive/reddit/wiki/OAuth2>. `duration=permanent` is what brings a refresh token; a code
//! serves once, for ten minutes; the client proves itself by HTTP Basic, and a wrong one is told with a bare 401.

use super::descriptor::SITE_URL;
use crate::error::ConnectorError;
use crate::http::parse_url;
use crate::oauth::{ClientBy, ClientProof, Endpoints, OAuth, Refresh, Rights, beside};
use crate::settings::{Localized, Settings};

/// To write, one has to read what was written: `history` is the account's own comments, in which a reply is looked for.
pub(super) const RIGHTS: &[&str] = &["identity", "read", "submit", "history"];
const READING: &[&str] = &["read"];

pub(super) static OAUTH: OAuth = OAuth {
    client: ClientBy::Owner {
        console: "https://www.reddit.com/prefs/apps",
        hosts: &["www.reddit.com"],
        needs_secret: true,
        steps: Localized {
            en: "Once Reddit has approved you, create another app there of the kind “web app” with this redirect address. The client id stands under its name, the secret beside “secret”.",
            ru: "Когда Reddit одобрит доступ, создайте там приложение вида «web app» с этим адресом возврата. Идентификатор клиента написан под его названием, секрет — рядом со словом «secret».",
            uk: "Коли Reddit схвалить доступ, створіть там застосунок виду «web app» із цією адресою повернення. Ідентифікатор клієнта написаний під його назвою, секрет — поруч зі словом «secret».",
        },
    },
    endpoints,
    listen: Rights { asked: READING, needed: READING },
    reply: Rights { asked: RIGHTS, needed: RIGHTS },
    rights_of: None,
    separator: " ",
    proof: ClientProof::Basic,
    refresh: Refresh::Lasting,
    token_key: "access_token",
    client_secret_key: None,
    instead: &["client_id", "client_secret", "password"],
    comes_along: None,
    giving: None,
};

fn endpoints(settings: &Settings) -> Result<Endpoints, ConnectorError> {
    let base = parse_url("site_url", settings.text("site_url").or(SITE_URL.default).unwrap_or_default())?;
    Ok(Endpoints {
        revoke: Some(beside(&base, "/api/v1/revoke_token")),
        with: &[("duration", "permanent")],
        ..Endpoints::new(beside(&base, "/api/v1/authorize"), beside(&base, "/api/v1/access_token"))
    })
}
