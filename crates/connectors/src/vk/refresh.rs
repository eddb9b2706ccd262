//! Posts of walls by their ids, a hundred in a call: `wall.getById`.

use molva_domain::{Post, Urn};

use super::client::Client;
use super::people::{FIELDS, People};
use super::target::Page;
use super::{DESCRIPTOR, NETWORK, read};
use crate::error::ConnectorError;
use crate::refresh::Refresh;
use crate::session::{Item, Session};

/// Posts of one call; VK takes no more.
const AT_ONCE: u32 = 100;

pub(super) static REFRESH: Refresh = Refresh::new(AT_ONCE, |session, posts| Box::pin(look_up(session, posts)));

async fn look_up(session: &Session, posts: &[Post]) -> Result<Vec<Item>, ConnectorError> {
    let ids: Vec<String> = posts.iter().filter_map(|post| id(&post.urn)).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let session = &session.with_defaults(DESCRIPTOR.settings);
    let client = Client::of(session, "access_token")?;
    let ids = ids.join(",");
    let parameters = [("posts", &*ids), ("extended", "1"), ("fields", FIELDS)];
    let page: Page = client.call(session, "wall.getById", &parameters).await?;
    let (mut people, now) = (People::default(), session.now());
    people.meet(&page.profiles, &page.groups);
    Ok(page.items.iter().map(|raw| read::post(raw, &people, now, "wall").item).collect())
}

/// `-1_45`; comments cannot be asked for so.
fn id(urn: &Urn) -> Option<String> {
    Some(urn.parts_of(NETWORK, "post")?.native)
}
