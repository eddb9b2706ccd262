//! Posts and comments by their names, a hundred in a call: <https://www.reddit.com/dev/api#GET_api_info>.

use molva_domain::{Post, Urn};

use super::account::Account;
use super::descriptor::DESCRIPTOR;
use super::{Answer, MAX_PAGE_BYTES, NETWORK, PAGE, thing};
use crate::error::ConnectorError;
use crate::refresh::Refresh;
use crate::session::{Item, Session};

pub(super) static REFRESH: Refresh = Refresh::new(PAGE as u32, |session, posts| Box::pin(look_up(session, posts)));

async fn look_up(session: &Session, posts: &[Post]) -> Result<Vec<Item>, ConnectorError> {
    let names: Vec<String> = posts.iter().filter_map(|post| name(&post.urn)).collect();
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let account = Account::new(&session.settings.clone().with_defaults(DESCRIPTOR.settings))?;
    let mut url = account.address("api/info")?;
    url.query_pairs_mut().append_pair("raw_json", "1").append_pair("id", &names.join(","));
    let (answer, _) = account.get(session, url, MAX_PAGE_BYTES).await?;
    let now = session.now();
    let answer: Answer = answer.error_for_status("posts by their names", now)?.json()?;
    let found = answer.data.children.iter().enumerate();
    Ok(found.map(|(index, raw)| thing::found(raw, now, index).item).collect())
}

/// `t3_…` or `t1_…`.
fn name(urn: &Urn) -> Option<String> {
    let parts = urn.parts().filter(|parts| parts.network == NETWORK)?;
    matches!(parts.kind.as_str(), "post" | "comment").then_some(parts.native)
}
