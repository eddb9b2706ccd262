//! One reply's turn: ask whether the network has it, send it where it has not, write down what came of it.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt as _;
use molva_connectors::{
    AccountFacts, AccountSession, Attachment, ConnectorError, Outgoing, Replies, ReplyTarget, SendError, Sent,
};
use molva_domain::{AccountState, ReplyState, Timestamp};
use molva_storage::oauth::GrantOwner;
use molva_storage::reply::{ClaimedReply, Reply, Settled};
use molva_storage::source::Problem;

use super::LEASE;
use super::circuit::Pulse;
use super::schedule::{GIVE_UP_AFTER, back_off, before_look, told};
use crate::accounts::NoSession;
use crate::ingest::Pipeline;

/// One question to a network; what takes longer has an unknown end.
const TURN_LIMIT: Duration = Duration::from_secs(90);

/// Never fails: what cannot be settled is left to whoever claims it next.
pub(super) async fn attempt(pipeline: &Pipeline, claimed: ClaimedReply) -> Pulse {
    let mut turn = Turn { pipeline, claimed };
    let (settled, pulse) = turn.take().await;
    let reply = &turn.claimed.reply;
    let outcome = outcome(&settled);
    let refused = matches!(settled, Settled::Account { .. });
    metrics::counter!("molva_reply_turns_total", "outcome" => outcome).increment(1);
    match pipeline.storage().settle_reply(&turn.claimed, settled).await {
        Ok(Some(after)) => {
            tracing::info!(reply = %reply.id, account = %reply.account, state = %after.state, attempts = after.attempts, "a reply had its turn");
        }
        Ok(None) => {
            tracing::warn!(reply = %reply.id, "a reply was taken over by another process; what came of it here is not written")
        }
        Err(error) => {
            tracing::warn!(reply = %reply.id, %error, "what came of a reply could not be written, the network will be asked for it")
        }
    }
    if refused {
        pipeline.token_refused(GrantOwner::Account(reply.account)).await;
    }
    pulse
}

const fn outcome(settled: &Settled) -> &'static str {
    match settled {
        Settled::Sent { .. } => "sent",
        Settled::Later { .. } => "later",
        Settled::Unsure { .. } => "unsure",
        Settled::Refused(_) => "refused",
        Settled::Account { .. } => "account",
    }
}

/// What to write, and what it means for the account.
type End = (Settled, Pulse);

struct Turn<'a> {
    pipeline: &'a Pipeline,
    claimed: ClaimedReply,
}

/// What is needed to speak of a reply with its network.
struct Line {
    replies: &'static dyn Replies,
    session: AccountSession,
    facts: AccountFacts,
    outgoing: Outgoing,
}

impl Turn<'_> {
    async fn take(&mut self) -> End {
        let line = match self.line().await {
            Ok(line) => line,
            Err(end) => return end,
        };
        let unsure = self.reply().state == ReplyState::Unsure;
        // Of a reply that was put off it is certain that it did not arrive: looking is a safeguard then, and a network that
        // cannot be looked at, such as Telegram, must not hold it up.
        if unsure || self.reply().attempts > 1 {
            match guarded(line.replies.find(&line.session, &line.facts, &line.outgoing)).await {
                Guarded::Answer(Ok(Some(sent))) => return sent_as(sent),
                Guarded::Answer(Ok(None)) => {}
                Guarded::Answer(Err(_)) | Guarded::None(_) if !unsure => {}
                Guarded::Answer(Err(error)) => return self.not_looked(error),
                Guarded::None(message) => {
                    return self.not_looked(ConnectorError::Transient { message, retry_after: None });
                }
            }
        }
        if self.is_too_late() {
            return (Settled::Refused(problem("too_late", "it could not be sent for 24 hours")), Pulse::Well);
        }
        if unsure {
            let looks = self.reply().looks.saturating_add(1);
            if let Some(wait) = before_look(looks) {
                let until = self.after(wait);
                let asked = problem(
                    "looking",
                    "the network does not have it so far; it is asked again before the reply is sent anew",
                );
                return (Settled::Unsure { until, looks, problem: asked }, Pulse::Well);
            }
            // The network had time enough and says that it does not have it.
            match self.pipeline.storage().hand_over_again(&self.claimed, LEASE).await {
                Ok(Some(claimed)) => self.claimed = claimed,
                Ok(None) => return self.unsure("another process has taken it over".to_owned()),
                Err(error) => return self.unsure(format!("that it is sent again could not be written down: {error}")),
            }
        }
        match guarded(line.replies.send(&line.session, &line.facts, &line.outgoing)).await {
            Guarded::Answer(Ok(sent)) => sent_as(sent),
            Guarded::Answer(Err(error)) => self.not_sent(error),
            Guarded::None(message) => self.unsure(message),
        }
    }

    fn reply(&self) -> &Reply {
        &self.claimed.reply
    }

    fn after(&self, wait: Duration) -> Timestamp {
        self.pipeline.storage().now().plus(self.pipeline.scaled(wait))
    }

    fn is_too_late(&self) -> bool {
        let now = self.pipeline.storage().now();
        self.reply().tries_began_at.is_some_and(|began| now.since(began) > self.pipeline.scaled(GIVE_UP_AFTER))
    }

    async fn line(&self) -> Result<Line, End> {
        let reply = self.reply();
        let later = |code: &str, message: String| {
            let wait = back_off(reply.attempts, reply.id);
            self.waits(wait, problem(code, &message))
        };
        let account = match self.pipeline.storage().account(reply.workspace, reply.account).await {
            Ok(Some(account)) => account,
            Ok(None) => return Err((Settled::Refused(problem("account_gone", "its account is gone")), Pulse::Well)),
            Err(error) => return Err(later("storage", format!("its account cannot be read: {error}"))),
        };
        let Ok(target) = serde_json::from_str::<ReplyTarget>(&reply.target) else {
            return Err((Settled::Refused(problem("target_unknown", "what it answers cannot be read")), Pulse::Well));
        };
        let (replies, session) = match self.pipeline.account_session(&account).await {
            Ok(found) => found,
            Err(NoSession::CannotAnswer) => {
                let message = format!("this version cannot answer on `{}`", account.connector);
                return Err((Settled::Refused(problem("cannot_answer", &message)), Pulse::Well));
            }
            Err(NoSession::Secrets(error)) => {
                let problem = problem("secrets", &format!("the secrets of the account cannot be opened: {error}"));
                return Err((Settled::Account { state: AccountState::Expired, problem }, Pulse::Well));
            }
        };
        let facts = match account.facts.as_deref().and_then(|facts| serde_json::from_str(facts).ok()) {
            Some(facts) => facts,
            None => match guarded(replies.probe(&session)).await {
                Guarded::Answer(Ok(facts)) => facts,
                Guarded::Answer(Err(error)) => return Err(self.not_looked(error)),
                Guarded::None(message) => return Err(later("transient", message)),
            },
        };
        let files = self.pipeline.storage().attachments_of(reply).await;
        let files = files.map_err(|error| later("storage", format!("its files cannot be read: {error}")))?;
        let attachments = files.into_iter().map(|(file, bytes)| Attachment {
            name: file.name,
            media_type: file.media_type,
            alt: file.alt,
            bytes,
        });
        let outgoing = Outgoing {
            id: reply.id,
            target,
            text: reply.text.clone(),
            visibility: reply.visibility,
            first_tried_at: reply.first_tried_at,
            attachments: attachments.collect(),
        };
        Ok(Line { replies, session, facts, outgoing })
    }

    /// The network could not be asked whether it has the reply. One that may have arrived is not sent; one that certainly did not
    /// waits like any that was not accepted.
    fn not_looked(&self, error: ConnectorError) -> End {
        let message = error.to_string();
        let state = match error {
            ConnectorError::AuthExpired => Some(AccountState::Expired),
            ConnectorError::AuthRevoked(_) => Some(AccountState::Revoked),
            _ => None,
        };
        if let Some(state) = state {
            return account_trouble(state, &message);
        }
        // The network will never tell: only a person can look, and what waits behind it must not wait for that.
        if self.reply().state == ReplyState::Unsure && matches!(error, ConnectorError::Forbidden(_)) {
            let message = format!("whether it arrived cannot be found out ({message})");
            return (Settled::Refused(problem("not_known", &message)), Pulse::Well);
        }
        let until = match &error {
            ConnectorError::RateLimited { until } | ConnectorError::QuotaExhausted { until } => self.told(*until),
            ConnectorError::Transient { retry_after: Some(wait), .. } => {
                Some(self.pipeline.storage().now().plus(*wait))
            }
            _ => None,
        };
        let (code, wait) = (error.code(), back_off(self.reply().attempts, self.reply().id));
        if self.is_too_late() {
            let (code, message) = if self.reply().state == ReplyState::Unsure {
                (
                    "not_known",
                    "whether it arrived could not be found out for 24 hours; look for it there before you send it again",
                )
            } else {
                ("too_late", "it could not be sent for 24 hours")
            };
            return (Settled::Refused(problem(code, message)), Pulse::Trouble { until });
        }
        let at = until.unwrap_or_else(|| self.after(wait));
        let settled = if self.reply().state == ReplyState::Unsure {
            Settled::Unsure { until: at, looks: self.reply().looks, problem: problem(code, &message) }
        } else {
            Settled::Later { until: at, problem: problem(code, &message) }
        };
        (settled, Pulse::Trouble { until })
    }

    fn not_sent(&self, error: SendError) -> End {
        match error {
            SendError::Refused { code, message } => (Settled::Refused(problem(code, &message)), Pulse::Well),
            SendError::Later { message, until } => match self.told(until) {
                Some(until) => {
                    let settled = Settled::Later { until, problem: problem("later", &message) };
                    (settled, Pulse::Trouble { until: Some(until) })
                }
                None => self.waits(back_off(self.reply().attempts, self.reply().id), problem("later", &message)),
            },
            SendError::Unsure { message } => self.unsure(message),
            SendError::Account { expired, message } => {
                account_trouble(if expired { AccountState::Expired } else { AccountState::Revoked }, &message)
            }
        }
    }

    fn told(&self, until: Option<Timestamp>) -> Option<Timestamp> {
        told(until, self.pipeline.storage().now())
    }

    fn waits(&self, wait: Duration, problem: Problem) -> End {
        let until = self.after(wait);
        let settled = if self.reply().state == ReplyState::Unsure {
            Settled::Unsure { until, looks: self.reply().looks, problem }
        } else {
            Settled::Later { until, problem }
        };
        (settled, Pulse::Trouble { until: None })
    }

    /// It may have arrived: the network is asked soon.
    fn unsure(&self, message: String) -> End {
        let until = self.after(before_look(0).unwrap_or_default());
        (Settled::Unsure { until, looks: 0, problem: problem("unsure", &message) }, Pulse::Trouble { until: None })
    }
}

fn sent_as(sent: Sent) -> End {
    (Settled::Sent { urn: sent.urn, url: sent.url }, Pulse::Well)
}

fn account_trouble(state: AccountState, message: &str) -> End {
    let code = if state == AccountState::Expired { "account_expired" } else { "account_revoked" };
    (Settled::Account { state, problem: problem(code, message) }, Pulse::Well)
}

fn problem(code: &str, message: &str) -> Problem {
    Problem { code: code.to_owned(), message: message.to_owned() }
}

/// What came of a question to a network's code.
pub(crate) enum Guarded<T> {
    Answer(T),
    /// It took too long or failed inside; a sentence that says so.
    None(String),
}

/// Neither a network that never answers nor one whose code panics may hold up or end the delivery.
pub(crate) async fn guarded<T>(question: impl Future<Output = T> + Send) -> Guarded<T> {
    match tokio::time::timeout(TURN_LIMIT, AssertUnwindSafe(question).catch_unwind()).await {
        Ok(Ok(answer)) => Guarded::Answer(answer),
        Ok(Err(_panic)) => {
            metrics::counter!("molva_sender_panics_total").increment(1);
            tracing::error!("the sender of a network panicked; the others go on");
            Guarded::None("the sender failed inside; please report it".to_owned())
        }
        Err(_elapsed) => Guarded::None(format!("no answer within {} s", TURN_LIMIT.as_secs())),
    }
}
