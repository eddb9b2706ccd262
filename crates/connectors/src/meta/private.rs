//! Private messages of a page or of the account that is linked with it: said, and looked for.
//!
//! Meta takes a file only as a message of its own. The files of a reply go first and its words last, so that a reply is there when its
//! words are, and files of ours that no words of ours follow are those of a try that was cut off: they are not said again.

use serde::Deserialize;
use serde_json::{Value, json};

use super::conversation;
use super::graph::{File, Graph, Page};
use super::login::Login;
use super::refusal::Failure;
use super::replies::is_ours;
use super::{id, time};
use crate::error::ConnectorError;
use crate::http::Method;
use crate::reply::{AccountFacts, AccountSession, Attachment, AttachmentRule, Outgoing, Sent, not_before};

/// Eight megabytes is the least of what both take, of pictures; each file is a message, so that many of them would be a flood.
pub(crate) const FILES: AttachmentRule =
    AttachmentRule::new(5, 8_000_000, &["image/jpeg", "image/png", "image/gif", "application/pdf"]);

/// Whom a private message goes to.
#[derive(Clone, Copy, Debug)]
pub(crate) enum To<'a> {
    Person(&'a str),
    /// Whoever wrote that comment; Meta takes one such message of a comment.
    CommentBy(&'a str),
    PostBy(&'a str),
}

/// Who speaks: the network, and by what number.
#[derive(Clone, Copy)]
pub(crate) struct Desk<'a> {
    pub network: &'static str,
    pub graph: &'a Graph,
    pub account: &'a AccountSession,
    pub facts: &'a AccountFacts,
    pub reply: &'a Outgoing,
}

#[derive(Deserialize)]
struct Taken {
    #[serde(default)]
    recipient_id: String,
    message_id: String,
}

impl Desk<'_> {
    /// Says the files, then the words, in the name of the page whose token it is.
    pub(crate) async fn say(&self, to: To<'_>) -> Result<Sent, Failure> {
        if let To::Person(person) = to
            && !self.reply.attachments.is_empty()
        {
            let there = self.begun(person).await?;
            for file in self.reply.attachments.iter().skip(there) {
                self.say_file(person, file).await?;
            }
        }
        let recipient = match to {
            To::Person(id) => json!({ "id": id }),
            To::CommentBy(id) => json!({ "comment_id": id }),
            To::PostBy(id) => json!({ "post_id": id }),
        };
        let (recipient, message) = (recipient.to_string(), json!({ "text": self.reply.text.trim() }).to_string());
        // The way without a page knows no kinds of messages; what is empty is not sent.
        let kind = if self.graph.login() == Login::Facebook { "RESPONSE" } else { "" };
        let parameters = [("recipient", &*recipient), ("messaging_type", kind), ("message", &*message)];
        let (taken, _) = self.graph.once::<Taken>(self.account, Method::POST, "me/messages", &parameters).await?;
        let person = match to {
            To::Person(id) => id,
            _ => taken.recipient_id.as_str(),
        };
        Ok(self.sent(person, &taken.message_id))
    }

    async fn say_file(&self, person: &str, file: &Attachment) -> Result<(), Failure> {
        let kind = if file.is_image() { "image" } else { "file" };
        let (recipient, message) = (json!({ "id": person }), json!({"attachment": {"type": kind, "payload": {}}}));
        let (recipient, message) = (recipient.to_string(), message.to_string());
        let parameters = [("recipient", &*recipient), ("messaging_type", "RESPONSE"), ("message", &*message)];
        let file = File { field: "filedata", name: plain_name(&file.name), file };
        self.graph.with_file::<Taken>(self.account, "me/messages", &parameters, &file).await?;
        Ok(())
    }

    /// How many files of this reply an earlier try has said.
    async fn begun(&self, person: &str) -> Result<usize, Failure> {
        let since = not_before(self.reply, self.facts);
        let messages = self.messages(person, "id,from,message,created_time,attachments").await?;
        let alone = |raw: &&Value| {
            let words = raw.get("message").and_then(Value::as_str).unwrap_or_default();
            let own = id(&raw["from"]["id"]).as_deref() == Some(&*self.facts.native_id);
            own && words.is_empty()
                && raw.get("attachments").is_some()
                && time(&raw["created_time"]).is_some_and(|at| at >= since)
        };
        Ok(messages.iter().take_while(alone).count())
    }

    /// The newest messages of the conversation with somebody, the newest first.
    async fn messages(&self, person: &str, fields: &str) -> Result<Vec<Value>, Failure> {
        let platform = if self.network == "instagram" { "instagram" } else { "messenger" };
        let fields = format!("messages.limit(50){{{fields}}}");
        let parameters = [("user_id", person), ("platform", platform), ("fields", &*fields)];
        let (page, _) = self.graph.once::<Page>(self.account, Method::GET, "me/conversations", &parameters).await?;
        let lists = page.data.iter().filter_map(|one| one.pointer("/messages/data")?.as_array());
        Ok(lists.flatten().cloned().collect())
    }

    /// What we said in the conversation with somebody, if we said it.
    pub(crate) async fn said_to(&self, person: &str) -> Result<Option<Sent>, ConnectorError> {
        let asked = self.messages(person, "id,from,message,created_time").await;
        let messages = asked.map_err(|failure| failure.explain(self.account.now(), self.graph.usage()))?;
        let ours = messages.iter().find(|raw| is_ours(raw, "message", self.facts, self.reply));
        let mid = ours.and_then(|raw| raw.get("id")?.as_str());
        Ok(mid.map(|mid| self.sent(person, mid)))
    }

    fn sent(&self, person: &str, mid: &str) -> Sent {
        Sent { urn: conversation::urn(self.network, &self.facts.native_id, person, mid), url: None }
    }
}

/// A name that Meta takes: letters that are not of ASCII are no part of one there.
fn plain_name(name: &str) -> &str {
    if name.is_ascii() {
        return name;
    }
    match name.rsplit_once('.') {
        Some((_, "jpg" | "jpeg")) => "picture.jpg",
        Some((_, "png")) => "picture.png",
        Some((_, "gif")) => "picture.gif",
        Some((_, "pdf")) => "document.pdf",
        _ => "file",
    }
}
