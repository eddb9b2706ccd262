//! Answering a letter, and how far "exactly once" goes with SMTP.
//!
//! A reply has one Message-ID at every try. It is handed to our own address in the same transaction as to its addressee: a
//! server answers for all addresses of a letter at once (RFC 5321, 4.1.1.4), so that the copy in our mailbox proves that the
//! letter was accepted, and [`Replies::find`] has something to look for when the answer got lost. A copy takes its way, so its
//! absence proves something only after [`SETTLED`].

use std::time::Duration;

use molva_domain::ReplyVisibility;
use tokio::time::timeout;

use super::descriptor::ACCOUNT_SETTINGS;
use super::imap::Imap;
use super::outgoing::{self, Answered, From, reply_message_id};
use super::server::{Login, MailServer};
use super::smtp::Smtp;
use super::{NETWORK, community_key, letter_urn, message_id_of};
use crate::connector::BoxFuture;
use crate::error::ConnectorError;
use crate::reply::{
    AccountFacts, AccountSession, AttachmentRule, LengthRule, LengthUnit, Outgoing, Replies, ReplyRule, ReplyTarget,
    SendError, Sent, WhyNot, attachment,
};
use crate::settings::{Localized, Setting, Settings};

/// Longest reply, in characters; servers take far more, readers do not.
const MAX_CHARACTERS: u32 = 100_000;
/// So long after the first try nothing of it is under way any more, and the copy of a letter that was accepted lies in our
/// mailbox.
const SETTLED: Duration = Duration::from_secs(120);
/// Everything before the letter is handed over; with the time for handing it over still well below [`SETTLED`].
const PREPARED: Duration = Duration::from_secs(45);
/// How often a copy is looked for within one question, and how long between.
const LOOKS: usize = 4;
const BETWEEN_LOOKS: Duration = Duration::from_millis(700);
/// Together they stay below the 25 MB of most servers, as they grow by a third on the way.
const FILES: AttachmentRule = AttachmentRule::new(4, 4_500_000, attachment::DOCUMENTS);

#[derive(Debug)]
pub(super) struct MailReplies;

/// An account's settings, read.
struct Account {
    address: String,
    name: Option<String>,
    login: Login,
    imap: MailServer,
    smtp: MailServer,
    mailbox: String,
}

impl Account {
    fn of(settings: &Settings) -> Result<Self, ConnectorError> {
        let settings = settings.clone().with_defaults(ACCOUNT_SETTINGS);
        let login = Login::of(&settings)?;
        let address = settings.text("address").unwrap_or(&login.user).to_ascii_lowercase();
        if !outgoing::is_address(&address) {
            return Err(ConnectorError::invalid("address", "is no e-mail address; write it as info@example.org"));
        }
        Ok(Self {
            name: settings.text("name").map(str::to_owned),
            imap: MailServer::imap(&settings)?,
            smtp: MailServer::smtp(&settings)?,
            mailbox: settings.text("mailbox").unwrap_or("INBOX").to_owned(),
            address,
            login,
        })
    }

    async fn imap(&self, account: &AccountSession) -> Result<Imap, ConnectorError> {
        Imap::open(&account.http, &self.imap, &self.login).await
    }

    async fn smtp(&self, account: &AccountSession) -> Result<Smtp, ConnectorError> {
        Smtp::open(&account.http, &self.smtp, &self.login, outgoing::domain(&self.address)).await
    }

    /// The letter that is answered, wherever it was filed.
    async fn answered(&self, imap: &mut Imap, id: &str) -> Result<Option<Answered>, ConnectorError> {
        let mut mailboxes = vec![self.mailbox.clone()];
        let mut others_known = false;
        while let Some(mailbox) = mailboxes.pop() {
            imap.examine(&mailbox).await?;
            if let Some(uid) = imap.by_message_id(id).await?
                && let Some(headers) = imap.headers(uid).await?
            {
                return Ok(Answered::read(id, &headers));
            }
            if !std::mem::replace(&mut others_known, true) {
                mailboxes.extend(imap.other_mailboxes().await?);
            }
        }
        Ok(None)
    }

    async fn send(&self, account: &AccountSession, reply: &Outgoing) -> Result<Sent, SendError> {
        let prepared = timeout(PREPARED, self.prepare(account, reply)).await;
        let (smtp, to, letter) = prepared.map_err(|_| SendError::Later {
            message: format!("the mail servers took longer than {} s to get ready", PREPARED.as_secs()),
            until: None,
        })??;
        smtp.send(&self.address, &[&to, &self.address], &letter).await?;
        Ok(self.sent(reply))
    }

    /// Everything up to the moment at which the letter is handed over: the open way, the addressee, the letter.
    async fn prepare(&self, account: &AccountSession, reply: &Outgoing) -> Result<(Smtp, String, Vec<u8>), SendError> {
        let before = |error| SendError::before(error, account.now());
        let gone = |message: &str| SendError::refused("parent_gone", message);
        let id = message_id_of(&reply.target.urn)
            .ok_or_else(|| gone("the letter has no Message-ID that could be answered"))?;
        let mut imap = self.imap(account).await.map_err(before)?;
        let answered = self.answered(&mut imap, &id).await.map_err(before)?;
        imap.leave().await;
        let answered =
            answered.ok_or_else(|| gone("the letter is no longer in the mailbox; answer it from your mail program"))?;
        if answered.to == self.address {
            return Err(gone("its author wants answers at our own address; nobody would get it"));
        }
        let from = From { address: &self.address, name: self.name.as_deref() };
        let letter = outgoing::letter(from, &answered, reply.id, &reply.text, &reply.attachments, account.now())
            .map_err(|message| SendError::refused("invalid", message))?;
        Ok((self.smtp(account).await.map_err(before)?, answered.to, letter))
    }

    fn sent(&self, reply: &Outgoing) -> Sent {
        Sent { urn: letter_urn(&reply_message_id(reply.id, &self.address)), url: None }
    }

    /// Whether the copy lies in the mailbox, or where the server files what was sent.
    async fn find(&self, account: &AccountSession, reply: &Outgoing) -> Result<Option<Sent>, ConnectorError> {
        let id = reply_message_id(reply.id, &self.address);
        let mut imap = self.imap(account).await?;
        let mut mailboxes = vec![self.mailbox.clone()];
        mailboxes.extend(imap.other_mailboxes().await?);
        for look in 0..LOOKS {
            if look > 0 {
                tokio::time::sleep(BETWEEN_LOOKS).await;
            }
            for mailbox in &mailboxes {
                imap.examine(mailbox).await?;
                if imap.by_message_id(&id).await?.is_some() {
                    imap.leave().await;
                    return Ok(Some(self.sent(reply)));
                }
            }
        }
        imap.leave().await;
        match reply.first_tried_at {
            Some(first) if account.now().since(first) < SETTLED => Err(ConnectorError::Transient {
                message: "its copy is not in the mailbox yet, and it may still be on its way".to_owned(),
                retry_after: Some(SETTLED - account.now().since(first)),
            }),
            _ => Ok(None),
        }
    }
}

/// Ends a question when the caller no longer wants its answer.
async fn unless_cancelled<T>(
    account: &AccountSession,
    asking: impl Future<Output = Result<T, ConnectorError>>,
) -> Result<T, ConnectorError> {
    tokio::select! {
        () = account.cancel.cancelled() => Err(ConnectorError::Cancelled),
        answer = asking => answer,
    }
}

impl Replies for MailReplies {
    fn account_settings(&self) -> &'static [Setting] {
        ACCOUNT_SETTINGS
    }

    fn probe<'a>(&'a self, account: &'a AccountSession) -> BoxFuture<'a, Result<AccountFacts, ConnectorError>> {
        Box::pin(unless_cancelled(account, async {
            let read = Account::of(&account.settings)?;
            let mut imap = read.imap(account).await?;
            imap.examine(&read.mailbox).await?;
            imap.leave().await;
            read.smtp(account).await?.quit().await;
            let length = LengthRule::new(MAX_CHARACTERS, LengthUnit::Characters);
            Ok(AccountFacts {
                name: read.name,
                rule: ReplyRule { length, visibilities: vec![ReplyVisibility::Private] },
                ..AccountFacts::new(read.address.clone(), read.address, length)
            })
        }))
    }

    fn attachments(
        &self,
        _target: &ReplyTarget,
        _settings: &Settings,
        _facts: &AccountFacts,
    ) -> Result<AttachmentRule, Localized> {
        Ok(FILES)
    }

    fn may_reply(&self, target: &ReplyTarget, settings: &Settings, _facts: &AccountFacts) -> Result<(), WhyNot> {
        if message_id_of(&target.urn).is_none() {
            return Err(WhyNot { code: "read_only", reason: NAMELESS });
        }
        if target.author_handle.is_none() {
            return Err(WhyNot { code: "read_only", reason: NOBODY });
        }
        let ours = Account::of(settings).ok().map(|account| community_key(&account.login.user, account.imap.host()));
        let theirs = target.community.as_deref().filter(|key| key.starts_with(NETWORK));
        if theirs.is_some() && theirs != ours.as_deref() {
            return Err(WhyNot { code: "other_server", reason: OTHER_MAILBOX });
        }
        Ok(())
    }

    fn send<'a>(
        &'a self,
        account: &'a AccountSession,
        _facts: &'a AccountFacts,
        reply: &'a Outgoing,
    ) -> BoxFuture<'a, Result<Sent, SendError>> {
        Box::pin(async move {
            let read = Account::of(&account.settings).map_err(SendError::of)?;
            read.send(account, reply).await
        })
    }

    fn find<'a>(
        &'a self,
        account: &'a AccountSession,
        _facts: &'a AccountFacts,
        reply: &'a Outgoing,
    ) -> BoxFuture<'a, Result<Option<Sent>, ConnectorError>> {
        Box::pin(unless_cancelled(account, async { Account::of(&account.settings)?.find(account, reply).await }))
    }
}

const NAMELESS: Localized = Localized {
    en: "the letter has no Message-ID, so that an answer could not be joined to it",
    ru: "у письма нет Message-ID, и ответ нельзя связать с ним",
    uk: "лист не має Message-ID, і відповідь не можна пов’язати з ним",
};
const NOBODY: Localized = Localized {
    en: "the letter says no address of its author",
    ru: "в письме нет адреса отправителя",
    uk: "у листі немає адреси відправника",
};
const OTHER_MAILBOX: Localized = Localized {
    en: "the letter came to another mailbox; answer it from the account of that one",
    ru: "письмо пришло в другой ящик; ответьте с его учётной записи",
    uk: "лист надійшов до іншої скриньки; дайте відповідь з її облікового запису",
};
