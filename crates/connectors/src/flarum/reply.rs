//! Answers in discussions of a Flarum forum. Whom an answer is for stands in its text, as a mention of the post. The API knows no
//! keys of ours: a reply is found among what its user wrote, by its discussion and its words.

use std::time::Duration;

use http::{Method, StatusCode};
use molva_domain::{PostKind, Secret, Timestamp, Urn};
use serde::Deserialize;
use serde_json::{Value, json};

use super::NETWORK;
use super::descriptor::ACCOUNT;
use crate::connector::BoxFuture;
use crate::error::ConnectorError;
use crate::forum::{self, Place};
use crate::html;
use crate::http::{Request, Response};
use crate::line::Line;
use crate::pace;
use crate::reply::words::same_words;
use crate::reply::{
    AccountFacts, AccountSession, LengthRule, LengthUnit, Outgoing, Replies, ReplyTarget, SendError, Sent, WhyNot,
    clock_skew, fits, not_before, quoted, too_deep,
};
use crate::settings::{Setting, Settings};

/// Characters of a post.
const LONGEST: u32 = 63_000;
/// A user may write a post every ten seconds; keys of the forum itself more often.
const FLOOD: Duration = Duration::from_secs(10);
const PAGE: usize = 50;
/// Pages of what a user wrote that are looked through.
const PAGES: usize = 20;
const MAX_ANSWER_BYTES: u64 = 16 << 20;

/// The network as one answers on it.
#[derive(Debug)]
pub(super) struct FlarumReplies;

struct Account<'a> {
    session: &'a AccountSession,
    place: Place,
    /// The whole value of the header, which may name a user beside the key.
    key: Secret,
    /// Between two posts.
    gap: Duration,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct One {
    data: Resource,
    included: Vec<Resource>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Several {
    data: Vec<Resource>,
}

/// A thing in the form of <https://jsonapi.org>.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Resource {
    id: String,
    attributes: Attributes,
    relationships: Value,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Attributes {
    username: String,
    display_name: Option<String>,
    slug: Option<String>,
    number: Option<u64>,
    created_at: String,
    content: Option<Value>,
    content_html: Option<String>,
    is_hidden: bool,
}

impl Resource {
    fn related(&self, name: &str) -> Option<&str> {
        self.relationships.get(name)?.pointer("/data/id")?.as_str()
    }
}

impl Replies for FlarumReplies {
    fn account_settings(&self) -> &'static [Setting] {
        ACCOUNT
    }

    fn probe<'a>(&'a self, session: &'a AccountSession) -> BoxFuture<'a, Result<AccountFacts, ConnectorError>> {
        Box::pin(async move {
            let account = Account::of(session)?;
            let answer = account.checked(account.ask("api", &[]).await?)?;
            let skew = clock_skew(&answer, session.now());
            let forum: One = answer.json()?;
            let actor = forum.data.related("actor").and_then(|id| forum.included.iter().find(|one| one.id == id));
            let Some(user) = actor.filter(|user| !user.attributes.username.is_empty()) else {
                return Err(ConnectorError::AuthRevoked(account.key_refused("it is nobody's")));
            };
            let slug = user.attributes.slug.as_deref().unwrap_or(&user.attributes.username);
            Ok(AccountFacts {
                url: account.place.page(&format!("u/{slug}")),
                name: user.attributes.display_name.clone().filter(|name| !name.trim().is_empty()),
                clock_skew_seconds: skew,
                ..AccountFacts::new(
                    user.id.clone(),
                    user.attributes.username.clone(),
                    LengthRule::new(LONGEST, LengthUnit::Characters),
                )
            })
        })
    }

    fn may_reply(&self, target: &ReplyTarget, settings: &Settings, _facts: &AccountFacts) -> Result<(), WhyNot> {
        forum::may_reply(NETWORK, target, settings)
    }

    /// The first post of a discussion is answered by whatever stands below it.
    fn greeting(&self, target: &ReplyTarget, _settings: &Settings, facts: &AccountFacts) -> Option<String> {
        let (_, id) = forum::answered(NETWORK, target).filter(|_| target.kind != PostKind::Post)?;
        let handle = target.author_handle.as_deref().filter(|handle| !handle.is_empty() && *handle != facts.handle)?;
        Some(format!("@\"{}\"#p{id} ", handle.replace('"', "")))
    }

    fn send<'a>(
        &'a self,
        session: &'a AccountSession,
        facts: &'a AccountFacts,
        reply: &'a Outgoing,
    ) -> BoxFuture<'a, Result<Sent, SendError>> {
        Box::pin(async move {
            let before = |error| SendError::before(error, session.now());
            let account = Account::of(session).map_err(before)?;
            let (_, id) = forum::answered(NETWORK, &reply.target).ok_or_else(|| account.gone())?;
            let greeting = self.greeting(&reply.target, &session.settings, facts).unwrap_or_default();
            let text = reply.text.trim();
            let text = if text.contains(&format!("\"#p{id}")) { text.to_owned() } else { format!("{greeting}{text}") };
            fits(facts, &text)?;
            let discussion = account.discussion_of(&id).await.map_err(before)?.ok_or_else(|| account.gone())?;
            let body = json!({"data": {"type": "posts", "attributes": {"content": text},
                "relationships": {"discussion": {"data": {"type": "discussions", "id": discussion}}}}});
            let request = account.request(Method::POST, "api/posts", &[]).map_err(before)?.json(&body);
            let lane = pace::lane(account.place.url.as_str(), account.key.expose());
            let turn = Line::from(session).turn(lane, account.gap).await.map_err(before)?;
            let answer = session.send(request).await;
            turn.end(Duration::ZERO);
            let answer = answer.map_err(SendError::of)?;
            if !answer.status.is_success() {
                return Err(account.refused(&answer));
            }
            let made: One = answer.json().map_err(SendError::of)?;
            if made.data.id.is_empty() {
                let message = format!("{} took it and did not say as what", account.place.instance);
                return Err(SendError::Unsure { message });
            }
            Ok(account.sent(&made.data, &discussion))
        })
    }

    fn find<'a>(
        &'a self,
        session: &'a AccountSession,
        facts: &'a AccountFacts,
        reply: &'a Outgoing,
    ) -> BoxFuture<'a, Result<Option<Sent>, ConnectorError>> {
        Box::pin(async move {
            let account = Account::of(session)?;
            let Some((_, id)) = forum::answered(NETWORK, &reply.target) else { return Ok(None) };
            let since = not_before(reply, facts);
            // What is answered may be gone by now: then the words alone decide.
            let discussion = account.discussion_of(&id).await?;
            let limit = PAGE.to_string();
            let mut passed = 0;
            for _ in 0..PAGES {
                let offset = passed.to_string();
                let query = [
                    ("filter[author]", facts.handle.as_str()),
                    ("filter[type]", "comment"),
                    ("sort", "-createdAt"),
                    ("page[limit]", &limit),
                    ("page[offset]", &offset),
                ];
                let page: Several = account.checked(account.ask("api/posts", &query).await?)?.json()?;
                let new = |post: &Resource| Timestamp::parse(&post.attributes.created_at).is_some_and(|at| at >= since);
                let is_ours = |post: &&Resource| {
                    new(post)
                        && discussion.as_deref().is_none_or(|discussion| post.related("discussion") == Some(discussion))
                        && same_words(without_mention(&reply.text), without_mention(&account.text_of(post)))
                };
                if let Some(post) = page.data.iter().find(is_ours) {
                    let discussion = post.related("discussion").unwrap_or_default().to_owned();
                    return Ok(Some(account.sent(post, &discussion)));
                }
                if page.data.is_empty() || page.data.iter().any(|post| !new(post)) {
                    return Ok(None);
                }
                // What is told twice is not twice there.
                passed += page.data.len().min(PAGE);
            }
            Err(too_deep(passed, "posts"))
        })
    }
}

/// Without the mention at its beginning, which a forum sets anew with the name its author has now.
fn without_mention(text: &str) -> &str {
    let text = text.trim();
    let Some((_, rest)) = text.strip_prefix('@').and_then(|rest| rest.split_once("\"#p")) else { return text };
    rest.trim_start_matches(|letter: char| letter.is_ascii_digit()).trim_start()
}

impl<'a> Account<'a> {
    fn of(session: &'a AccountSession) -> Result<Self, ConnectorError> {
        let settings = &session.settings;
        let key = settings.needed_secret("api_key", "is required: a user's access token, or a key of the forum")?;
        let user = settings.text("user_id").map(|user| format!("; userId={user}"));
        let gap = if user.is_some() { Duration::ZERO } else { FLOOD };
        let key = Secret::new(format!("Token {}{}", key.expose(), user.unwrap_or_default()));
        Ok(Self { session, place: Place::new(settings)?, key, gap })
    }

    fn request(&self, method: Method, path: &str, query: &[(&str, &str)]) -> Result<Request, ConnectorError> {
        let request = Request::new(method, self.place.asked(path, query)?).header("accept", "application/vnd.api+json");
        Ok(request.secret_header("authorization", &self.key).max_body_bytes(MAX_ANSWER_BYTES))
    }

    async fn ask(&self, path: &str, query: &[(&str, &str)]) -> Result<Response, ConnectorError> {
        self.session.send(self.request(Method::GET, path, query)?).await
    }

    /// The discussion of a post that can be answered.
    async fn discussion_of(&self, id: &str) -> Result<Option<String>, ConnectorError> {
        let answer = self.ask(&format!("api/posts/{id}"), &[]).await?;
        if matches!(answer.status, StatusCode::NOT_FOUND | StatusCode::GONE) {
            return Ok(None);
        }
        let post = self.checked(answer)?.json::<One>()?.data;
        Ok(post.related("discussion").filter(|_| !post.attributes.is_hidden).map(str::to_owned))
    }

    /// What was written, which its author is told; else what is shown of it.
    fn text_of(&self, post: &Resource) -> String {
        let written = post.attributes.content.as_ref().and_then(Value::as_str);
        let shown =
            || html::to_plain(post.attributes.content_html.as_deref().unwrap_or_default(), Some(&self.place.url));
        written.map_or_else(|| shown().text, str::to_owned)
    }

    fn sent(&self, post: &Resource, discussion: &str) -> Sent {
        let number = post.attributes.number.map(|number| format!("/{number}")).unwrap_or_default();
        Sent {
            urn: Urn::of(NETWORK, Some(&self.place.instance), "post", &post.id),
            url: self.place.page(&format!("d/{discussion}{number}")),
        }
    }

    fn gone(&self) -> SendError {
        forum::gone(&self.place.instance)
    }

    fn key_refused(&self, why: &str) -> String {
        format!("{} does not take the key ({why}); make a new one there", self.place.instance)
    }

    fn checked(&self, answer: Response) -> Result<Response, ConnectorError> {
        if answer.status == StatusCode::UNAUTHORIZED {
            return Err(ConnectorError::AuthRevoked(self.key_refused("it is not known")));
        }
        answer.error_for_status(&self.place.instance, self.session.now())
    }

    /// What the forum said instead of taking the post.
    fn refused(&self, answer: &Response) -> SendError {
        let told: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let text = |name: &str| told.pointer(&format!("/errors/0/{name}")).and_then(Value::as_str).unwrap_or_default();
        let said = quoted(if text("detail").is_empty() { text("code") } else { text("detail") });
        let forum = &self.place.instance;
        let now = self.session.now();
        match answer.status {
            StatusCode::UNPROCESSABLE_ENTITY if said.contains("greater than") || said.contains("63000") => {
                SendError::refused("too_long", format!("{forum} finds the text too long ({said}); shorten it"))
            }
            StatusCode::UNPROCESSABLE_ENTITY | StatusCode::BAD_REQUEST => {
                SendError::refused("invalid", format!("{forum} does not take the text ({said}); change it"))
            }
            StatusCode::FORBIDDEN => SendError::refused(
                "thread_closed",
                format!("{forum} does not let this user post there ({said}); the discussion may be closed"),
            ),
            StatusCode::UNAUTHORIZED => {
                SendError::Account { expired: false, message: self.key_refused("it is not known") }
            }
            StatusCode::NOT_FOUND | StatusCode::GONE => self.gone(),
            // It does not say for how long.
            StatusCode::TOO_MANY_REQUESTS if answer.header("retry-after").is_none() => SendError::Later {
                message: format!("{forum} takes no more posts for a moment"),
                until: Some(now.plus(FLOOD)),
            },
            _ => SendError::of_answer(answer, forum, now),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mention_a_forum_sets_anew_is_not_part_of_what_was_said() {
        assert_eq!(without_mention("@\"anna\"#p12 Спасибо, #p4"), "Спасибо, #p4");
        assert_eq!(without_mention(" @\"Анна Белых\"#p12\nСпасибо"), "Спасибо");
        assert_eq!(without_mention("пишите на @anna"), "пишите на @anna");
    }
}
