//! Answers below comments of a WordPress site, over its REST API with an application password. The API knows no keys: a reply
//! is found by its author and its words below what it answers, and the site itself refuses the same comment twice (409).

use http::{Method, StatusCode};
use molva_domain::{PostKind, Secret, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};
use std::time::Duration;

use super::account_form::{OTHER_SITE, SETTINGS};
use super::comment::{self, NETWORK, Site};
use crate::connector::BoxFuture;
use crate::error::ConnectorError;
use crate::html;
use crate::http::{Request, Response, parse_url};
use crate::reply::words::same_words;
use crate::reply::{
    AccountFacts, AccountSession, LengthRule, LengthUnit, Outgoing, Replies, ReplyTarget, SendError, Sent, WhyNot,
    clock_skew, not_before, quoted,
};
use crate::settings::{Setting, Settings};

const COMMENTS: &str = "/wp/v2/comments";
/// The column a comment is kept in holds so many bytes.
const MAX_BYTES: u32 = 65_525;
/// A person may write a comment every 15 seconds, unless the site says otherwise.
const FLOOD: Duration = Duration::from_secs(15);
/// Pages of 100 comments below one that are looked through for ours.
const PAGES: usize = 5;
const MAX_ANSWER_BYTES: u64 = 16 << 20;

/// The network as one answers on it.
#[derive(Debug)]
pub(super) struct WordPressReplies;

struct Account<'a> {
    session: &'a AccountSession,
    site: Site,
    login: String,
    password: Secret,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct User {
    id: u64,
    name: String,
    slug: String,
    username: Option<String>,
    link: Option<String>,
    roles: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Comment {
    id: u64,
    post: u64,
    author: u64,
    date_gmt: String,
    content: Content,
    link: String,
    status: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Content {
    rendered: String,
    /// As it was written; for those who may edit.
    raw: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Refusal {
    code: String,
    message: String,
}

impl Replies for WordPressReplies {
    fn account_settings(&self) -> &'static [Setting] {
        SETTINGS
    }

    fn probe<'a>(&'a self, account: &'a AccountSession) -> BoxFuture<'a, Result<AccountFacts, ConnectorError>> {
        Box::pin(async move {
            let account = Account::of(account)?;
            let (answer, _) = account.ask("/wp/v2/users/me", &[("context", "edit")]).await?;
            let answer = account.checked(answer)?;
            let skew = clock_skew(&answer, account.session.now());
            let user: User = answer.json()?;
            if user.id == 0 {
                let message = format!("{} does not say whose the password is", account.site.instance);
                return Err(ConnectorError::Protocol(message));
            }
            Ok(AccountFacts {
                name: Some(user.name).filter(|name| !name.trim().is_empty()),
                url: user.link.filter(|link| !link.is_empty()),
                scopes: user.roles,
                clock_skew_seconds: skew,
                ..AccountFacts::new(
                    user.id.to_string(),
                    user.username.unwrap_or(user.slug),
                    LengthRule { bytes: Some(MAX_BYTES), ..LengthRule::new(MAX_BYTES, LengthUnit::Characters) },
                )
            })
        })
    }

    fn may_reply(&self, target: &ReplyTarget, settings: &Settings, _facts: &AccountFacts) -> Result<(), WhyNot> {
        let site =
            settings.text("url").and_then(|address| parse_url("url", address).ok()).map(|url| Site::new(url, None));
        match (site, comment_of(target)) {
            (Some(site), Some((instance, _))) if site.instance == instance && target.kind == PostKind::Comment => {
                Ok(())
            }
            _ => Err(OTHER_SITE),
        }
    }

    fn send<'a>(
        &'a self,
        account: &'a AccountSession,
        facts: &'a AccountFacts,
        reply: &'a Outgoing,
    ) -> BoxFuture<'a, Result<Sent, SendError>> {
        Box::pin(async move {
            let before = |error| SendError::before(error, account.now());
            let content = escaped(reply.text.trim());
            if content.len() > MAX_BYTES as usize {
                let message = format!("the comment has {} bytes, {MAX_BYTES} are allowed; shorten it", content.len());
                return Err(SendError::refused("too_long", message));
            }
            let site = Account::of(account).map_err(before)?;
            let (_, id) = comment_of(&reply.target).ok_or_else(|| gone(&site))?;
            let (parent, place) = site.comment(id).await.map_err(before)?;
            let parent = parent.ok_or_else(|| gone(&site))?;
            // With the author said, a site that does not take the password does not take it for a stranger's comment either.
            let author: u64 = facts.native_id.parse().unwrap_or_default();
            let body = json!({ "post": parent.post, "parent": id, "content": content, "author": author });
            let request = site.request(Method::POST, COMMENTS, place, &[]).json(&body);
            let answer = account.send(request).await.map_err(SendError::of)?;
            if answer.status.is_success() {
                let comment: Comment = answer.json().map_err(SendError::of)?;
                if comment.id == 0 {
                    let message = format!("{} took it and did not say as what", site.site.instance);
                    return Err(SendError::Unsure { message });
                }
                return Ok(site.sent(&comment));
            }
            if refusal(&answer).0 == "comment_duplicate" {
                return match site.find(facts, reply).await {
                    Ok(Some(sent)) => Ok(sent),
                    Ok(None) => Err(SendError::refused(
                        "duplicate",
                        format!(
                            "{} has this very comment already, perhaps held for moderation; look there, or say it otherwise",
                            site.site.instance
                        ),
                    )),
                    Err(error) => Err(SendError::Unsure { message: error.to_string() }),
                };
            }
            Err(site.refused(&answer))
        })
    }

    fn find<'a>(
        &'a self,
        account: &'a AccountSession,
        facts: &'a AccountFacts,
        reply: &'a Outgoing,
    ) -> BoxFuture<'a, Result<Option<Sent>, ConnectorError>> {
        Box::pin(async move { Account::of(account)?.find(facts, reply).await })
    }
}

/// The site and the id of the comment that is answered.
fn comment_of(target: &ReplyTarget) -> Option<(String, u64)> {
    let parts = target.urn.parts_of(NETWORK, "comment")?;
    Some((parts.instance?, parts.native.parse().ok()?))
}

/// What a person typed, as HTML that shows just that.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

impl<'a> Account<'a> {
    fn of(session: &'a AccountSession) -> Result<Self, ConnectorError> {
        let settings = &session.settings;
        let mut url = parse_url("url", settings.text("url").unwrap_or_default())?;
        url.set_query(None);
        url.set_fragment(None);
        Ok(Self {
            session,
            site: Site::new(url, None),
            login: settings.needed("login", "is required")?.to_owned(),
            password: settings.needed_secret("password", "is required")?.clone(),
        })
    }

    /// Asks at both places the API may be; beside the answer, at which it was.
    async fn ask(&self, route: &str, query: &[(&str, &str)]) -> Result<(Response, usize), ConnectorError> {
        let answer = self.session.send(self.request(Method::GET, route, 0, query)).await?;
        if serde_json::from_slice::<Value>(&answer.body).is_ok() {
            return Ok((answer, 0));
        }
        Ok((self.session.send(self.request(Method::GET, route, 1, query)).await?, 1))
    }

    fn request(&self, method: Method, route: &str, place: usize, query: &[(&str, &str)]) -> Request {
        let mut url = self.site.url.clone();
        if place == 0 {
            url.query_pairs_mut().append_pair("rest_route", route);
        } else {
            url.set_path(&format!("{}wp-json{route}", self.site.url.path()));
        }
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        Request::new(method, url)
            .header("accept", "application/json")
            .basic(&self.login, &self.password)
            .max_body_bytes(MAX_ANSWER_BYTES)
    }

    /// A comment that can be answered, `None` when there is none any more; and where the API was.
    async fn comment(&self, id: u64) -> Result<(Option<Comment>, usize), ConnectorError> {
        let (answer, place) = self.ask(&format!("{COMMENTS}/{id}"), &[]).await?;
        let (code, _) = refusal(&answer);
        if matches!(code.as_str(), "rest_comment_invalid_id" | "rest_cannot_read" | "rest_post_invalid_id") {
            return Ok((None, place));
        }
        let comment: Comment = self.checked(answer)?.json()?;
        Ok((Some(comment).filter(|comment| !matches!(comment.status.as_str(), "trash" | "spam")), place))
    }

    async fn find(&self, facts: &AccountFacts, reply: &Outgoing) -> Result<Option<Sent>, ConnectorError> {
        let Some((_, id)) = comment_of(&reply.target) else { return Ok(None) };
        let since = not_before(reply, facts);
        let parent = id.to_string();
        for page in 1..=PAGES {
            let page = page.to_string();
            let query = [
                ("parent", parent.as_str()),
                ("per_page", "100"),
                ("page", &page),
                ("order", "desc"),
                ("orderby", "date_gmt"),
            ];
            // Those who moderate see what is held too, and every comment as it was written.
            let mut all = query.to_vec();
            all.extend([("context", "edit"), ("status", "all")]);
            let (mut answer, _) = self.ask(COMMENTS, &all).await?;
            if matches!(answer.status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) {
                answer = self.ask(COMMENTS, &query).await?.0;
            }
            // Past the last page the API answers 400.
            if page != "1" && answer.status == StatusCode::BAD_REQUEST {
                break;
            }
            let comments: Vec<Comment> = self.checked(answer)?.json()?;
            let ours = comments.iter().find(|comment| {
                comment.author.to_string() == facts.native_id
                    && written(comment).is_some_and(|at| at >= since)
                    && same_words(
                        &reply.text,
                        &html::to_plain(comment.content.raw.as_ref().unwrap_or(&comment.content.rendered), None).text,
                    )
            });
            if let Some(comment) = ours {
                return Ok(Some(self.sent(comment)));
            }
            if comments.len() < 100 || comments.last().and_then(written).is_some_and(|at| at < since) {
                break;
            }
        }
        Ok(None)
    }

    fn sent(&self, comment: &Comment) -> Sent {
        Sent {
            urn: comment::urn(&self.site.instance, comment.id),
            url: Some(comment.link.clone()).filter(|link| !link.is_empty()),
        }
    }

    /// An answer that is none.
    fn checked(&self, answer: Response) -> Result<Response, ConnectorError> {
        if answer.status.is_success() {
            return Ok(answer);
        }
        let (_, said) = refusal(&answer);
        match answer.status {
            StatusCode::UNAUTHORIZED => Err(ConnectorError::AuthRevoked(self.password_refused(&said))),
            StatusCode::FORBIDDEN => {
                Err(ConnectorError::Forbidden(format!("{} does not let this user do it ({said})", self.site.instance)))
            }
            _ => answer.error_for_status(&self.site.instance, self.session.now()),
        }
    }

    fn password_refused(&self, said: &str) -> String {
        format!(
            "{} does not take the user name and application password ({said}); make a new one there under Users, Profile, \
             Application Passwords",
            self.site.instance
        )
    }

    /// What the site said instead of taking the comment.
    fn refused(&self, answer: &Response) -> SendError {
        let (code, said) = refusal(answer);
        let site = &self.site.instance;
        let now = self.session.now();
        match code.as_str() {
            "rest_comment_closed" => {
                SendError::refused("thread_closed", format!("comments are closed there ({said}); open the original"))
            }
            "rest_comment_invalid_post_id"
            | "rest_comment_draft_post"
            | "rest_comment_trash_post"
            | "rest_cannot_read_post" => gone(self),
            "comment_content_column_length" => {
                SendError::refused("too_long", format!("{site} finds the comment too long; shorten it"))
            }
            "rest_comment_content_invalid" => {
                SendError::refused("invalid", format!("{site} does not take the text ({said}); change it"))
            }
            "comment_flood" => SendError::Later {
                message: format!("{site} takes no more comments for a moment ({said})"),
                until: Some(now.plus(FLOOD)),
            },
            "rest_comment_invalid_author"
            | "rest_comment_login_required"
            | "rest_not_logged_in"
            | "incorrect_password"
            | "invalid_username"
            | "rest_comment_author_data_required" => {
                SendError::Account { expired: false, message: self.password_refused(&said) }
            }
            _ => match answer.status {
                StatusCode::UNAUTHORIZED => {
                    SendError::Account { expired: false, message: self.password_refused(&said) }
                }
                status if status.is_client_error() && status != StatusCode::TOO_MANY_REQUESTS => SendError::refused(
                    "forbidden",
                    format!("{site} does not take the comment ({said}); open the original"),
                ),
                _ => SendError::of_answer(answer, site, now),
            },
        }
    }
}

fn gone(account: &Account<'_>) -> SendError {
    SendError::refused(
        "parent_gone",
        format!("the comment is no longer on {}; there is nothing to answer any more", account.site.instance),
    )
}

/// Without a zone, but in UTC.
fn written(comment: &Comment) -> Option<Timestamp> {
    Timestamp::parse(&format!("{}Z", comment.date_gmt.trim_end_matches('Z')))
}

/// The error's code and the site's sentence.
fn refusal(answer: &Response) -> (String, String) {
    if answer.status.is_success() {
        return Default::default();
    }
    let refusal: Refusal = serde_json::from_slice(&answer.body).unwrap_or_default();
    let said = if refusal.message.is_empty() {
        format!("status {}", answer.status.as_u16())
    } else {
        quoted(&refusal.message)
    };
    (refusal.code, said)
}
