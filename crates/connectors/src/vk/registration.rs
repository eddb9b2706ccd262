//! Telling VK where to call: a server of the Callback API, <https://dev.vk.com/ru/method/groups.addCallbackServer>.
//!
//! VK asks the new server for a string it told us before. So the string, and the number of the group, are written into the settings
//! first; the receiver knows them some seconds later.

use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use super::NETWORK;
use super::callback::DELIVERY;
use super::client::Client;
use crate::error::ConnectorError;
use crate::session::{Report, Session};
use crate::webhook::address;

/// As VK shows it among the servers of the group; at most 14 characters.
const TITLE: &str = "Molva";
const SECRET: &str = "callback_secret";
/// The receiver learns of changed settings within three seconds.
const LEARNT: Duration = Duration::from_secs(4);
/// VK confirms a new server within a moment.
const CONFIRMED: Duration = Duration::from_secs(3);
const LOOK_EVERY: Duration = Duration::from_secs(60);
/// What is asked for. Private messages are dropped again where they are not wanted.
const EVENTS: [&str; 18] = [
    "wall_post_new",
    "wall_repost",
    "wall_reply_new",
    "wall_reply_edit",
    "wall_reply_delete",
    "wall_reply_restore",
    "board_post_new",
    "board_post_edit",
    "board_post_delete",
    "board_post_restore",
    "photo_comment_new",
    "photo_comment_edit",
    "photo_comment_delete",
    "video_comment_new",
    "video_comment_edit",
    "video_comment_delete",
    "market_comment_new",
    "market_comment_delete",
];
const MESSAGES: [&str; 2] = ["message_new", "message_edit"];

#[derive(Deserialize)]
struct Servers {
    #[serde(default)]
    items: Vec<Server>,
}

/// A server of the group, by VK's word.
#[derive(Clone, Debug, Deserialize)]
struct Server {
    id: u64,
    #[serde(default)]
    url: String,
    #[serde(default)]
    secret_key: String,
    /// `ok`, `wait`, `failed`, `unconfigured`.
    #[serde(default)]
    status: String,
}

#[derive(Deserialize)]
struct Code {
    code: String,
}

#[derive(Deserialize)]
struct Added {
    server_id: u64,
}

/// Tells VK where to call, and looks whether it gets through, until cancelled. Where the token may not, everything has to be set up by
/// hand, and there is nothing to look at.
pub(super) async fn listen(session: &Session, client: &Client, group: u64) -> Result<(), ConnectorError> {
    let address = own_address(session)?;
    let mut fresh = true;
    loop {
        match keep_up(session, client, group, address, fresh).await {
            Ok(()) => session.report(Report::Alive).await,
            Err(ConnectorError::Forbidden(_) | ConnectorError::Invalid { setting: "access_token", .. })
                if by_hand(session) =>
            {
                session.report(Report::Alive).await;
            }
            Err(error @ ConnectorError::Cancelled) => return Err(error),
            Err(error) if error.needs_a_person() => return Err(error),
            Err(error) => session.report(Report::Problem(error)).await,
        }
        fresh = false;
        session.pause(LOOK_EVERY).await?;
    }
}

/// What a test of the settings finds.
pub(super) async fn try_out(session: &Session, client: &Client, group: u64) -> Result<String, ConnectorError> {
    own_address(session)?;
    match servers(session, client, group).await {
        Ok(servers) => Ok(format!("VK is told to call Molva; {} servers are called now", servers.len())),
        Err(ConnectorError::Forbidden(_) | ConnectorError::Invalid { setting: "access_token", .. })
            if by_hand(session) =>
        {
            Ok("the token may not set up calls, so that the address has to be entered in VK by hand".to_owned())
        }
        Err(error) => Err(error),
    }
}

/// Removes the servers that are this source's.
pub(super) async fn take_back(session: &Session, client: &Client, group: u64) -> Result<(), ConnectorError> {
    for server in servers(session, client, group).await?.iter().filter(|server| server.is_of(session)) {
        delete(session, client, group, server).await?;
    }
    Ok(())
}

/// Where VK shall call, or what to do so that it can.
fn own_address(session: &Session) -> Result<&str, ConnectorError> {
    address::own(session, DELIVERY, "VK")
}

/// Whether somebody entered what VK shows for that.
fn by_hand(session: &Session) -> bool {
    ["group_id", "callback_confirmation"].into_iter().all(|setting| session.settings.text(setting).is_some())
}

async fn keep_up(
    session: &Session,
    client: &Client,
    group: u64,
    address: &str,
    fresh: bool,
) -> Result<(), ConnectorError> {
    let secret = session.settings.needed_secret(SECRET, "is empty; make a new one on the page of the source")?;
    let ours: Vec<Server> =
        servers(session, client, group).await?.into_iter().filter(|server| server.is_of(session)).collect();
    let right = |server: &&Server| server.url == address && server.secret_key == secret.expose();
    let works = ours.iter().find(right).filter(|server| server.status == "ok").map(|server| server.id);
    for server in ours.iter().filter(|server| Some(server.id) != works) {
        // An older address, or one that VK could not confirm: it is asked for anew.
        delete(session, client, group, server).await?;
    }
    let group_id = group.to_string();
    let server_id = match works {
        Some(_) if !fresh => return Ok(()),
        Some(id) => id,
        None => {
            let code: Code =
                client.call(session, "groups.getCallbackConfirmationCode", &[("group_id", &group_id)]).await?;
            tell_receiver(session, &group_id, &code.code).await?;
            let parameters =
                [("group_id", &*group_id), ("url", address), ("title", TITLE), ("secret_key", secret.expose())];
            let added: Added = client.call(session, "groups.addCallbackServer", &parameters).await?;
            added.server_id
        }
    };
    let (server, version) = (server_id.to_string(), super::client::VERSION);
    let mut parameters = vec![("group_id", &*group_id), ("server_id", &*server), ("api_version", version)];
    parameters.extend(EVENTS.map(|event| (event, "1")));
    let messages = if session.settings.text("messages") == Some("true") { "1" } else { "0" };
    parameters.extend(MESSAGES.map(|event| (event, messages)));
    let _: Value = client.call(session, "groups.setCallbackSettings", &parameters).await?;
    if works.is_none() {
        session.pause(CONFIRMED).await?;
        let server = servers(session, client, group).await?.into_iter().find(|server| server.id == server_id);
        let status = server.map_or_else(|| "gone".to_owned(), |server| server.status);
        if status != "ok" {
            let message = format!(
                "VK did not confirm the address yet (`{status}`); check that this Molva is reached from outside at its public address"
            );
            return Err(ConnectorError::Transient { message, retry_after: None });
        }
    }
    Ok(())
}

/// Writes down what the receiver must know to answer VK's question, and waits until it does.
async fn tell_receiver(session: &Session, group: &str, code: &str) -> Result<(), ConnectorError> {
    for (setting, value) in [("group_id", group), ("callback_confirmation", code)] {
        session.report(Report::Moved { setting, value: value.to_owned() }).await;
    }
    // By our clock, whatever the network's.
    tokio::select! {
        () = session.cancel.cancelled() => Err(ConnectorError::Cancelled),
        () = tokio::time::sleep(LEARNT) => Ok(()),
    }
}

async fn servers(session: &Session, client: &Client, group: u64) -> Result<Vec<Server>, ConnectorError> {
    let found: Servers = client.call(session, "groups.getCallbackServers", &[("group_id", &group.to_string())]).await?;
    Ok(found.items)
}

async fn delete(session: &Session, client: &Client, group: u64, server: &Server) -> Result<(), ConnectorError> {
    let (group, server) = (group.to_string(), server.id.to_string());
    let parameters = [("group_id", &*group), ("server_id", &*server)];
    let _: Value = client.call(session, "groups.deleteCallbackServer", &parameters).await?;
    Ok(())
}

impl Server {
    fn is_of(&self, session: &Session) -> bool {
        address::is_of(&self.url, NETWORK, &session.source_key)
    }
}
