//! Whether a reply that may have arrived is there: among what stands below what it answers, and among what YouTube holds back, which it
//! shows to the owner of the channel only.

use http::{Method, StatusCode};
use molva_domain::Timestamp;

use super::reply::{Account, Place, Thing};
use super::{Answer, NETWORK};
use crate::error::ConnectorError;
use crate::reply::words::same_words;
use crate::reply::{AccountFacts, Outgoing, not_before, too_deep};

const PAGE: usize = 100;
/// Pages that are looked through.
const PAGES: usize = 20;
/// Words of YouTube for what it does not show.
const HELD: [&str; 2] = ["heldForReview", "likelySpam"];

/// A list that is looked through.
struct Look<'a> {
    method: &'static str,
    of: Vec<(&'static str, &'a str)>,
    /// What comes after something that is older is older too.
    until: Option<Timestamp>,
}

/// What a look came to.
enum Found {
    Ours(Box<Thing>),
    Nothing,
    /// What is answered is not there any more, and with it what stood below it.
    Gone,
}

impl Account<'_> {
    /// # Errors
    /// `Forbidden` where the network will never tell.
    pub(super) async fn find(
        &self,
        facts: &AccountFacts,
        reply: &Outgoing,
        place: &Place,
        text: &str,
    ) -> Result<Option<Thing>, ConnectorError> {
        let since = not_before(reply, facts);
        let shown = match place {
            Place::Thread(id) => Look { method: "comments", of: vec![("parentId", id)], until: None },
            // Threads come the newest first, replies in no order that is promised.
            Place::Video(id) => {
                Look { method: "commentThreads", of: vec![("videoId", id), ("order", "time")], until: Some(since) }
            }
        };
        match self.look(&shown, |comment| is_ours(comment, facts, since, text)).await? {
            Found::Ours(comment) => return Ok(Some(*comment)),
            Found::Gone => return Ok(None),
            Found::Nothing => {}
        }
        let channel = facts.native_id.as_str();
        if reply.target.community != Some(format!("{NETWORK}/{channel}")) {
            let message = "it is not to be seen there, and what YouTube holds back below a video it shows to the owner of the channel \
                           only; look there before you send it again";
            return Err(ConnectorError::Forbidden(message.to_owned()));
        }
        let stands_there = |comment: &Thing| match place {
            Place::Thread(id) => comment.id.split_once('.').is_some_and(|(thread, _)| thread == id),
            Place::Video(id) => !comment.id.contains('.') && comment.snippet.video_id.as_ref() == Some(id),
        };
        for status in HELD {
            let of = vec![("allThreadsRelatedToChannelId", channel), ("moderationStatus", status)];
            let held = Look { method: "commentThreads", of, until: None };
            let wanted = |comment: &Thing| stands_there(comment) && is_ours(comment, facts, since, text);
            if let Found::Ours(comment) = self.look(&held, wanted).await? {
                return Ok(Some(*comment));
            }
        }
        Ok(None)
    }

    async fn look(&self, look: &Look<'_>, wanted: impl Fn(&Thing) -> bool) -> Result<Found, ConnectorError> {
        let (size, part) = (PAGE.to_string(), if look.until.is_some() { "snippet" } else { "snippet,replies" });
        let part = if look.method == "comments" { "snippet" } else { part };
        let mut next: Option<String> = None;
        for _ in 0..PAGES {
            let mut query = vec![("part", part), ("maxResults", &*size), ("textFormat", "plainText")];
            query.extend(look.of.iter().copied().chain(next.as_deref().map(|next| ("pageToken", next))));
            let answer = self.ask(Method::GET, look.method, &query, None).await?;
            if answer.status == StatusCode::NOT_FOUND {
                return Ok(Found::Gone);
            }
            let page: Answer = self.checked(answer)?.json()?;
            let things = page.items.into_iter().filter_map(|raw| serde_json::from_value::<Thing>(raw).ok());
            let comments: Vec<Thing> = things.flat_map(Thing::all).collect();
            let is_old = |comment: &Thing| look.until.zip(written(comment)).is_some_and(|(until, at)| at < until);
            let is_over = comments.iter().any(is_old);
            if let Some(found) = comments.into_iter().find(&wanted) {
                return Ok(Found::Ours(Box::new(found)));
            }
            next = page.next.filter(|token| !is_over && !token.is_empty() && Some(token) != next.as_ref());
            if next.is_none() {
                return Ok(Found::Nothing);
            }
        }
        Err(too_deep(PAGES * PAGE, "comments"))
    }
}

fn written(comment: &Thing) -> Option<Timestamp> {
    Timestamp::parse(comment.snippet.published_at.as_deref()?)
}

fn is_ours(comment: &Thing, facts: &AccountFacts, since: Timestamp, text: &str) -> bool {
    // `{value: ID}`, or the id itself in old answers.
    let author = comment.snippet.author_channel_id.as_ref().and_then(|id| id.get("value").unwrap_or(id).as_str());
    let said = comment.snippet.text_original.as_deref().or(comment.snippet.text_display.as_deref());
    author == Some(&*facts.native_id)
        && written(comment).is_some_and(|at| at >= since)
        && said.is_some_and(|said| same_words(text, said))
}
