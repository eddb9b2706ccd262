//! A network that can be answered: every text of at most twenty letters, but not under what is locked.

use molva_connectors::connector::{BoxFuture, Capabilities, Connector, Descriptor, Mode};
use molva_connectors::reply::{LengthRule, LengthUnit};
use molva_connectors::{
    AccountFacts, AccountSession, Attachment, AttachmentRule, ConnectorError, Localized, Outgoing, Replies, ReplyRule,
    ReplyTarget, SendError, Sent, Session, Setting, SettingKind, Settings, WhyNot,
};
use molva_domain::{ReplyVisibility, Urn};

const TEXT: Localized = Localized { en: "toy", ru: "игрушка", uk: "іграшка" };

pub(crate) struct Toy;

pub(crate) fn find(name: &str) -> Option<&'static dyn Connector> {
    if name == "toy" { Some(&Toy) } else { molva_connectors::find(name) }
}

const fn setting(key: &'static str, kind: SettingKind) -> Setting {
    Setting { key, kind, label: TEXT, help: TEXT, required: true, default: None, placeholder: None, shown_when: None }
}

impl Connector for Toy {
    fn descriptor(&self) -> &'static Descriptor {
        static DESCRIPTOR: Descriptor = Descriptor {
            name: "toy",
            title: TEXT,
            summary: TEXT,
            mode: Mode::Push,
            capabilities: Capabilities {
                keyword_listen: false,
                account_listen: false,
                backfill: false,
                delete_events: false,
                metrics: false,
            },
            settings: &[],
            silent_after_s: None,
            add_by_hand: false,
        };
        &DESCRIPTOR
    }

    fn probe<'a>(&'a self, _session: &'a Session) -> BoxFuture<'a, Result<String, ConnectorError>> {
        Box::pin(async { Ok("found".to_owned()) })
    }

    fn listen<'a>(&'a self, _session: &'a Session) -> BoxFuture<'a, Result<(), ConnectorError>> {
        Box::pin(async { Ok(()) })
    }

    fn replies(&self) -> Option<&'static dyn Replies> {
        Some(&Toy)
    }
}

impl Replies for Toy {
    fn account_settings(&self) -> &'static [Setting] {
        static SETTINGS: &[Setting] = &[setting("server", SettingKind::Url), setting("token", SettingKind::Secret)];
        SETTINGS
    }

    fn probe<'a>(&'a self, account: &'a AccountSession) -> BoxFuture<'a, Result<AccountFacts, ConnectorError>> {
        Box::pin(async move {
            let token = account.settings.secret("token").map(|token| token.expose()).unwrap_or_default();
            let Some(handle) = token.strip_prefix("good ") else {
                return Err(ConnectorError::AuthRevoked("make another one".to_owned()));
            };
            Ok(AccountFacts {
                native_id: handle.to_owned(),
                handle: handle.to_owned(),
                name: None,
                url: None,
                scopes: vec!["write".to_owned()],
                missing: None,
                expires_at: None,
                quota: None,
                clock_skew_seconds: None,
                rule: ReplyRule {
                    length: LengthRule::new(20, LengthUnit::Graphemes),
                    visibilities: vec![ReplyVisibility::Public],
                },
            })
        })
    }

    fn may_reply(&self, target: &ReplyTarget, _settings: &Settings, _facts: &AccountFacts) -> Result<(), WhyNot> {
        if target.url.as_deref().is_some_and(|url| url.ends_with("/locked")) {
            let reason =
                Localized { en: "the thread is locked", ru: "тема закрыта", uk: "тему закрито" };
            return Err(WhyNot { code: "locked", reason });
        }
        Ok(())
    }

    fn attachments(
        &self,
        target: &ReplyTarget,
        _settings: &Settings,
        _facts: &AccountFacts,
    ) -> Result<AttachmentRule, Localized> {
        if target.url.as_deref().is_some_and(|url| url.ends_with("/locked")) {
            return Err(Localized { en: "words only", ru: "только слова", uk: "лише слова" });
        }
        let rule = AttachmentRule::new(2, 100, &["image/png", "image/gif"]);
        Ok(AttachmentRule { alt: Some(10), text: Some(8), alone: &["image/gif"], private: false, ..rule })
    }

    fn send<'a>(
        &'a self,
        _account: &'a AccountSession,
        _facts: &'a AccountFacts,
        reply: &'a Outgoing,
    ) -> BoxFuture<'a, Result<Sent, SendError>> {
        Box::pin(async move {
            let refused = match reply.text.as_str() {
                "refuse me" => Some("thread_closed"),
                "too late" => Some("window_closed"),
                _ => None,
            };
            if let Some(code) = refused {
                return Err(SendError::Refused { code, message: "closed".to_owned() });
            }
            let id = reply.id.to_string();
            let told = |file: &Attachment| format!("{}+{}", file.bytes.len(), file.alt.as_deref().unwrap_or("-"));
            let files: Vec<String> = reply.attachments.iter().map(told).collect();
            if !files.is_empty() {
                let url = Some(format!("https://toy.example/sent?files={}", files.join(",")));
                return Ok(Sent { urn: Urn::of("toy", None, "post", &id), url });
            }
            Ok(Sent { urn: Urn::of("toy", None, "post", &id), url: Some("https://toy.example/sent".to_owned()) })
        })
    }

    fn find<'a>(
        &'a self,
        _account: &'a AccountSession,
        _facts: &'a AccountFacts,
        _reply: &'a Outgoing,
    ) -> BoxFuture<'a, Result<Option<Sent>, ConnectorError>> {
        Box::pin(async { Ok(None) })
    }
}
