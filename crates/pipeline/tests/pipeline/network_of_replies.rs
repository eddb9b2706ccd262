//! A network that takes replies and does with them what a test wants. It knows no keys: what is sent twice is there twice.

use std::collections::{HashMap, VecDeque};
use std::sync::{LazyLock, Mutex};
use std::time::Duration;

use molva_connectors::connector::BoxFuture;
use molva_connectors::reply::{LengthRule, LengthUnit};
use molva_connectors::{
    AccountFacts, AccountSession, Connector, ConnectorError, Descriptor, Localized, Outgoing, Replies, ReplyRule,
    ReplyTarget, SendError, Sent, Session, Setting, SettingKind, Settings, WhyNot,
};
use molva_domain::{ReplyId, ReplyVisibility, Urn};

use crate::networks::named;

/// What happens to the next reply that is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Arrives,
    /// Only slowly.
    Slow,
    /// The answer is lost.
    AnswerLost,
    /// The request is lost, which looks the same from here.
    RequestLost,
    /// The connection is cut, and the network works the request off later.
    ArrivesAfterwards,
    /// The sender panics when it has arrived.
    Panics,
    Busy,
    Refused,
    TokenExpired,
}

/// One server of the network.
#[derive(Debug, Default)]
pub(crate) struct Board {
    pub(crate) arrived: Vec<(ReplyId, String)>,
    /// What happens to the next ones; when it is used up all arrive.
    pub(crate) fates: VecDeque<Fate>,
    /// What happens to all others.
    pub(crate) always: Option<Fate>,
    /// So many questions for a reply fail.
    pub(crate) blind: u32,
    pub(crate) token_expired: bool,
    pub(crate) sends: u32,
    speaking: u32,
    pub(crate) most_at_once: u32,
}

static BOARDS: LazyLock<Mutex<HashMap<String, Board>>> = LazyLock::new(Mutex::default);

/// Does something with the board of that name.
pub(crate) fn board<T>(name: &str, look: impl FnOnce(&mut Board) -> T) -> T {
    let mut boards = BOARDS.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    look(boards.entry(name.to_owned()).or_default())
}

const TEXT: Localized = Localized { en: "x", ru: "x", uk: "x" };
static SETTINGS: &[Setting] = &[Setting {
    key: "board",
    kind: SettingKind::Text,
    label: TEXT,
    help: TEXT,
    required: true,
    default: None,
    placeholder: None,
    shown_when: None,
}];

pub(crate) struct Boards;

impl Connector for Boards {
    fn descriptor(&self) -> &'static Descriptor {
        static DESCRIPTOR: Descriptor = named("boards");
        &DESCRIPTOR
    }

    fn probe<'a>(&'a self, _session: &'a Session) -> BoxFuture<'a, Result<String, ConnectorError>> {
        Box::pin(async { Ok("found".to_owned()) })
    }

    fn listen<'a>(&'a self, _session: &'a Session) -> BoxFuture<'a, Result<(), ConnectorError>> {
        Box::pin(async { Ok(()) })
    }

    fn replies(&self) -> Option<&'static dyn Replies> {
        Some(&Boards)
    }
}

fn name(account: &AccountSession) -> String {
    account.settings.text("board").unwrap_or_default().to_owned()
}

fn sent(id: ReplyId) -> Sent {
    Sent { urn: Urn::of("boards", None, "post", &id.to_string()), url: Some(format!("https://boards.example/{id}")) }
}

impl Replies for Boards {
    fn account_settings(&self) -> &'static [Setting] {
        SETTINGS
    }

    fn probe<'a>(&'a self, account: &'a AccountSession) -> BoxFuture<'a, Result<AccountFacts, ConnectorError>> {
        Box::pin(async move {
            if board(&name(account), |board| board.token_expired) {
                return Err(ConnectorError::AuthExpired);
            }
            Ok(AccountFacts {
                native_id: "1".to_owned(),
                handle: "us".to_owned(),
                name: None,
                url: None,
                scopes: Vec::new(),
                missing: None,
                expires_at: None,
                quota: None,
                clock_skew_seconds: None,
                rule: ReplyRule {
                    length: LengthRule::new(500, LengthUnit::Graphemes),
                    visibilities: vec![ReplyVisibility::Public],
                },
            })
        })
    }

    fn may_reply(&self, _target: &ReplyTarget, _settings: &Settings, _facts: &AccountFacts) -> Result<(), WhyNot> {
        Ok(())
    }

    fn send<'a>(
        &'a self,
        account: &'a AccountSession,
        _facts: &'a AccountFacts,
        reply: &'a Outgoing,
    ) -> BoxFuture<'a, Result<Sent, SendError>> {
        Box::pin(async move {
            let (name, id, text) = (name(account), reply.id, reply.text.clone());
            let fate = board(&name, |board| {
                board.sends += 1;
                board.speaking += 1;
                board.most_at_once = board.most_at_once.max(board.speaking);
                board.fates.pop_front().or(board.always).unwrap_or(Fate::Arrives)
            });
            tokio::time::sleep(Duration::from_millis(if fate == Fate::Slow { 40 } else { 1 })).await;
            let arrives = matches!(fate, Fate::Arrives | Fate::Slow | Fate::AnswerLost | Fate::Panics);
            board(&name, |board| {
                board.speaking -= 1;
                if arrives {
                    board.arrived.push((id, text.clone()));
                }
                if fate == Fate::TokenExpired {
                    board.token_expired = true;
                }
            });
            let cut = || Err(SendError::Unsure { message: "the connection was cut".to_owned() });
            match fate {
                Fate::Arrives | Fate::Slow => Ok(sent(id)),
                Fate::AnswerLost | Fate::RequestLost => cut(),
                Fate::ArrivesAfterwards => {
                    tokio::spawn(async move {
                        tokio::time::sleep(Duration::from_millis(60)).await;
                        board(&name, |board| board.arrived.push((id, text)));
                    });
                    cut()
                }
                Fate::Panics => panic!("on purpose"),
                Fate::Busy => Err(SendError::Later { message: "too many requests".to_owned(), until: None }),
                Fate::Refused => Err(SendError::Refused { code: "closed", message: "the thread is closed".to_owned() }),
                Fate::TokenExpired => {
                    Err(SendError::Account { expired: true, message: "the token is too old".to_owned() })
                }
            }
        })
    }

    fn find<'a>(
        &'a self,
        account: &'a AccountSession,
        _facts: &'a AccountFacts,
        reply: &'a Outgoing,
    ) -> BoxFuture<'a, Result<Option<Sent>, ConnectorError>> {
        Box::pin(async move {
            board(&name(account), |board| {
                if board.token_expired {
                    return Err(ConnectorError::AuthExpired);
                }
                if board.blind > 0 {
                    board.blind -= 1;
                    return Err(ConnectorError::Transient { message: "no answer".to_owned(), retry_after: None });
                }
                Ok(board.arrived.iter().any(|(id, _)| *id == reply.id).then(|| sent(reply.id)))
            })
        })
    }
}
