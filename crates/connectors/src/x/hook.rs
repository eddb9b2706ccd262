//! Seeing to it that X calls: an address of the application, and subscriptions of the X Activity API to what happens to an account.
//! <https://docs.x.com/x-api/webhooks/introduction>, <https://docs.x.com/x-api/activity/introduction>.

use serde::Deserialize;
use serde_json::json;

use super::client::{Ask, Client, Failure};
use super::webhook::DELIVERY;
use super::{NETWORK, wanted};
use crate::error::ConnectorError;
use crate::session::Session;
use crate::webhook::address;

const ADDRESSES: &str = "/2/webhooks";
const SUBSCRIPTIONS: &str = "/2/activity/subscriptions";
/// What is told of an account: who mentions it, and what of its own posts goes away. That costs nothing, mentions as much as read ones.
const EVENTS: [&str; 2] = ["post.mention.create", "post.delete"];

#[derive(Default, Deserialize)]
#[serde(default)]
struct Listed<T> {
    data: Vec<T>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Made<T> {
    data: T,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Address {
    id: String,
    url: String,
    valid: bool,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Subscription {
    subscription_id: String,
    event_type: String,
    tag: Option<String>,
    webhook_id: Option<String>,
    filter: Filter,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Filter {
    user_id: String,
}

/// Makes what is missing, so that X calls with what happens to `user`; whether all was there already.
pub(super) async fn keep(session: &Session, client: &Client, user: &str) -> Result<bool, ConnectorError> {
    let wanted = address::own(session, DELIVERY, "X")?;
    if session.settings.secret("consumer_secret").is_none() {
        return Err(ConnectorError::invalid("consumer_secret", "is required: X proves its calls with it"));
    }
    let mut whole = true;
    let mut here = None;
    for address in addresses(session, client).await? {
        if address.url == wanted {
            here = Some(address);
        } else {
            // One this source had before.
            delete(session, client, "/2/webhooks/:id", &format!("{ADDRESSES}/{}", address.id)).await?;
        }
    }
    let here = match here {
        Some(address) => address,
        None => {
            whole = false;
            let made: Made<Address> = post(session, client, ADDRESSES, &json!({ "url": wanted })).await?;
            made.data
        }
    };
    if !here.valid {
        whole = false;
        // X asks its question again.
        let path = format!("{ADDRESSES}/{}", here.id);
        client
            .call::<serde_json::Value>(session, &Ask::put("/2/webhooks/:id", &path))
            .await
            .map_err(|failure| explain(failure, session))?;
    }
    let tag = wanted::tag(session);
    let mut subscribed = Vec::new();
    for one in subscriptions(session, client, &tag).await? {
        if one.webhook_id.as_deref() == Some(&*here.id) && one.filter.user_id == user {
            subscribed.push(one.event_type);
        } else {
            delete(
                session,
                client,
                "/2/activity/subscriptions/:id",
                &format!("{SUBSCRIPTIONS}/{}", one.subscription_id),
            )
            .await?;
        }
    }
    // What happens to an account in private is told to the account itself.
    let person = Client::of_person(&session.settings)?;
    for event in EVENTS.iter().filter(|event| !subscribed.iter().any(|known| known == *event)) {
        whole = false;
        let body = json!({"event_type": event, "filter": {"user_id": user}, "tag": tag, "webhook_id": here.id});
        post::<serde_json::Value>(session, &person, SUBSCRIPTIONS, &body).await?;
    }
    Ok(whole)
}

/// Takes all of it back, without patience.
pub(super) async fn forget(session: &Session, client: &Client) -> Result<(), ConnectorError> {
    for one in subscriptions(session, client, &wanted::tag(session)).await? {
        delete(session, client, "/2/activity/subscriptions/:id", &format!("{SUBSCRIPTIONS}/{}", one.subscription_id))
            .await?;
    }
    for address in addresses(session, client).await? {
        delete(session, client, "/2/webhooks/:id", &format!("{ADDRESSES}/{}", address.id)).await?;
    }
    Ok(())
}

/// Those of this source.
async fn addresses(session: &Session, client: &Client) -> Result<Vec<Address>, ConnectorError> {
    let listed = client.call::<Listed<Address>>(session, &Ask::get(ADDRESSES, ADDRESSES, &[])).await;
    let listed = listed.map_err(|failure| explain(failure, session))?.value.data;
    Ok(listed.into_iter().filter(|one| address::is_of(&one.url, NETWORK, &session.source_key)).collect())
}

async fn subscriptions(session: &Session, client: &Client, tag: &str) -> Result<Vec<Subscription>, ConnectorError> {
    let ask = Ask::get(SUBSCRIPTIONS, SUBSCRIPTIONS, &[("max_results", "1000")]);
    let listed = client.call::<Listed<Subscription>>(session, &ask).await;
    let listed = listed.map_err(|failure| explain(failure, session))?.value.data;
    Ok(listed.into_iter().filter(|one| one.tag.as_deref() == Some(tag)).collect())
}

async fn post<T: serde::de::DeserializeOwned>(
    session: &Session,
    client: &Client,
    address: &'static str,
    body: &serde_json::Value,
) -> Result<T, ConnectorError> {
    let done = client.call_once::<T>(session, &Ask::post(address, address, body)).await;
    done.map(|answer| answer.value).map_err(|failure| explain(failure, session))
}

async fn delete(session: &Session, client: &Client, address: &'static str, path: &str) -> Result<(), ConnectorError> {
    let done = client.call_once::<serde_json::Value>(session, &Ask::delete(address, path)).await;
    match done {
        Err(Failure::Refused(problem)) if problem.status == 404 => Ok(()),
        done => done.map(drop).map_err(|failure| explain(failure, session)),
    }
}

fn explain(failure: Failure, session: &Session) -> ConnectorError {
    failure.error(DELIVERY, session.now())
}
