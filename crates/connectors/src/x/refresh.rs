//! Posts by their ids, a hundred in a call: <https://docs.x.com/x-api/posts/lookup/introduction>. `errors` names those that are gone.
//!
//! What came today costs nothing when it is asked for again; what came on another day is paid for anew, so it is asked for only while
//! hardly anything of the day's cap is spent. The listener's [`Ledger`] counts both.

use std::sync::Arc;

use molva_domain::{Post, Timestamp};

use super::client::{Ask, Client, Failure};
use super::fields::Names;
use super::ledger::Ledger;
use super::watch::Due;
use super::wire::Page;
use super::{NETWORK, id, read, wire, with_defaults};
use crate::error::ConnectorError;
use crate::refresh::Refresh;
use crate::session::{Item, Session};
use crate::shared;

/// Posts of one call.
const AT_ONCE: u32 = 100;

pub(super) static REFRESH: Refresh = Refresh::new(AT_ONCE, |session, posts| Box::pin(look_up(session, posts)));

async fn look_up(session: &Session, posts: &[Post]) -> Result<Vec<Item>, ConnectorError> {
    let session = &with_defaults(session);
    let client = Client::of(&session.settings)?;
    let ledger = Ledger::of(client.host(), &session.source_key);
    let wanted = session.settings.text("follow_up") != Some("false");
    let Some(ledger) = ledger.filter(|_| wanted) else { return Ok(Vec::new()) };
    let due: Vec<_> = posts.iter().filter_map(|post| named(post, &ledger, session.now())).collect();
    if due.is_empty() {
        return Ok(Vec::new());
    }
    let due = Due::of(due);
    let page = ask(session, &client, &ledger, &due.ids()).await?;
    let mut items: Vec<Item> = due.gone(&page.errors).map(|found| found.item).collect();
    // Of an edited post the version is told that was asked for, and which the newest is.
    let newest: Vec<String> = page.data.iter().filter_map(newest_of).collect();
    items.extend(read_all(&page, session.now()));
    if !newest.is_empty() {
        let page = ask(session, &client, &ledger, &newest.join(",")).await?;
        items.extend(read_all(&page, session.now()));
    }
    Ok(items)
}

fn named(post: &Post, ledger: &Ledger, now: Timestamp) -> Option<(u64, molva_domain::Urn)> {
    let parts = post.urn.parts_of(NETWORK, "post")?;
    let id = id::parse(&parts.native)?;
    let affordable = ledger.is_paid(now, &parts.native) || ledger.has_spent_little(now);
    affordable.then(|| (id, post.urn.clone()))
}

/// The newest version of a post, where it is another one.
fn newest_of(raw: &serde_json::Value) -> Option<String> {
    let post = <wire::Post as serde::Deserialize>::deserialize(raw).ok()?;
    let own = id::parse(&post.id)?;
    let newest = post.versions().iter().filter_map(|version| id::parse(version)).max()?;
    (newest > own).then(|| newest.to_string())
}

fn read_all(page: &Page, now: Timestamp) -> impl Iterator<Item = Item> {
    page.data.iter().map(move |raw| read::post(raw, &page.includes, now, "look-up").item)
}

async fn ask(session: &Session, client: &Client, ledger: &Ledger, ids: &str) -> Result<Page, ConnectorError> {
    ledger.room(session.now(), 1)?;
    let names: Arc<Names> = shared::of(&[NETWORK, "names", client.host()]);
    loop {
        let mut query = vec![("ids", ids)];
        query.extend(names.fields());
        let answer = client.call_once::<Page>(session, &Ask::get("/2/tweets", "/2/tweets", &query)).await;
        match answer {
            Ok(answer) => {
                let (page, now) = (answer.value, session.now());
                ledger.came(now, read::paid(&page.data, &page.includes));
                return Ok(page);
            }
            Err(Failure::Refused(problem)) if names.change_for(&problem) => {}
            Err(failure) => return Err(failure.error("follow_up", session.now())),
        }
    }
}
