//! Replies: what we say to mentions, and where each of them is on its way.
//!
//! Every change reads the row, decides and writes it back under the lock of the workspace, so that a person who takes a reply
//! back and a process that claims it never both succeed. [`claim`] is the way out of here, [`settle`] the way back.

use molva_domain::{
    AccountId, Actor, AttachmentId, EventKind, MentionId, ReplyId, ReplyState, ReplyVisibility, Timestamp, Urn,
    WorkspaceId,
};
use serde_json::{Value as Json, json};

use crate::account;
use crate::event::{NewEvent, read_actor, write_actor};
use crate::page::Position;
use crate::source::Problem;
use crate::sql::{Assembly, Columns, Connection, Row, Statement, Transaction, Value};
use crate::{Result, Storage, StorageError};

mod attachment;
mod change;
mod claim;
mod forget;
mod settle;

pub use attachment::{Attachment, MAX_PENDING_ATTACHMENTS, NewAttachment};
pub use change::ReplyChange;
pub use claim::{ClaimedReply, ReplyClaim};
pub use settle::Settled;

/// Replies of one workspace that are still on their way.
pub const MAX_OPEN_REPLIES: u32 = 20_000;
/// Rows of a page at most.
const LARGEST_PAGE: u32 = 200;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// Also its key on the network.
    pub id: ReplyId,
    pub workspace: WorkspaceId,
    pub mention: MentionId,
    /// JSON, opaque here: what is answered, as the network knows it. The mention may be gone before the reply is on its way.
    pub target: String,
    pub account: AccountId,
    pub visibility: ReplyVisibility,
    pub text: String,
    /// What goes with it, in order.
    pub attachments: Vec<Attachment>,
    pub state: ReplyState,
    pub send_after: Timestamp,
    /// How often it was handed to the network.
    pub attempts: u32,
    /// How often the network was asked for it in vain since it was last handed over.
    pub looks: u32,
    pub first_tried_at: Option<Timestamp>,
    /// Begin of the present row of tries; a person can begin another one.
    pub tries_began_at: Option<Timestamp>,
    /// When something is to be done for it next; `None`: nothing by itself.
    pub next_at: Option<Timestamp>,
    /// What it is called on the network.
    pub urn: Option<Urn>,
    pub url: Option<String>,
    pub problem: Option<Problem>,
    pub written_by: Person,
    /// Who worded it as it is now: another person has to approve it.
    pub worded_by: Actor,
    pub approved_by: Option<Person>,
    pub created_at: Timestamp,
    pub changed_at: Timestamp,
    pub sent_at: Option<Timestamp>,
}

/// Who did something, and what they were called then: a token may be gone by the time it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub actor: Actor,
    pub name: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplyDraft {
    pub mention: MentionId,
    /// JSON; see [`Reply::target`].
    pub target: String,
    pub account: AccountId,
    pub visibility: ReplyVisibility,
    pub text: String,
    pub send_after: Timestamp,
    /// Files of the writer that no other reply has, and what each shows.
    pub attachments: Vec<(AttachmentId, Option<String>)>,
}

/// Which replies are asked for; empty: all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReplyFilter {
    pub states: Vec<ReplyState>,
    pub account: Option<AccountId>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplyPage {
    pub replies: Vec<Reply>,
    /// Where the next page begins; `None` at the end.
    pub next: Option<String>,
}

const COLUMNS: &str = "SELECT id, workspace_id, mention_id, target, account_id, visibility, text, state, send_after, attempts, looks, \
     first_tried_at, tries_began_at, next_at, urn, url, problem_code, problem, written_kind, written_id, written_name, \
     worded_kind, worded_id, approved_kind, approved_id, approved_name, created_at, changed_at, sent_at, attachments FROM reply \
     WHERE workspace_id = ";

impl Storage {
    /// It awaits approval where its account asks for that, else its time. `Missing` when there is no such account or it is
    /// disconnected, `Full` at [`MAX_OPEN_REPLIES`].
    pub async fn create_reply(&self, workspace: WorkspaceId, writer: Person, draft: ReplyDraft) -> Result<Reply> {
        let now = self.now();
        let mut transaction = self.begin().await?;
        transaction.lock_workspace(workspace).await?;
        let counted = "SELECT COUNT(id) FROM reply WHERE workspace_id = $1 AND next_at IS NOT NULL";
        transaction.refuse_full(workspace, "reply", counted, MAX_OPEN_REPLIES).await?;
        let account = account::connected(&mut transaction, workspace, draft.account).await?;
        let missing = || StorageError::Missing { what: "account", name: draft.account.to_string() };
        let waits_for_a_person = account.ok_or_else(missing)?.needs_approval;
        let id = self.ids().next();
        let attachments = attachment::bind(&mut transaction, workspace, writer.actor, id, draft.attachments).await?;
        let reply = Reply {
            id,
            workspace,
            mention: draft.mention,
            target: draft.target,
            account: draft.account,
            visibility: draft.visibility,
            text: draft.text,
            attachments,
            state: if waits_for_a_person { ReplyState::AwaitingApproval } else { ReplyState::Waiting },
            send_after: draft.send_after,
            attempts: 0,
            looks: 0,
            first_tried_at: None,
            tries_began_at: None,
            next_at: (!waits_for_a_person).then_some(draft.send_after),
            urn: None,
            url: None,
            problem: None,
            worded_by: writer.actor,
            written_by: writer,
            approved_by: None,
            created_at: now,
            changed_at: now,
            sent_at: None,
        };
        let (kind, id) = write_actor(reply.written_by.actor);
        transaction
            .execute(
                Statement::new(
                    "INSERT INTO reply (id, workspace_id, mention_id, account_id, visibility, text, state, send_after, attempts, \
                     looks, next_at, lease_until, lease_fence, written_kind, written_id, written_name, worded_kind, worded_id, \
                     created_at, changed_at, target, attachments) \
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, $9, 0, 0, $10, $11, $12, $10, $11, $13, $13, $14, $15)",
                )
                .bind(reply.id.0)
                .bind(workspace.0)
                .bind(reply.mention.0)
                .bind(reply.account.0)
                .bind(reply.visibility.as_str())
                .bind(reply.text.as_str())
                .bind(reply.state.as_str())
                .bind(reply.send_after)
                .bind(reply.next_at)
                .bind(kind)
                .bind(id)
                .bind(reply.written_by.name.as_str())
                .bind(now)
                .bind(reply.target.as_str())
                .bind(attachment::write(&reply.attachments)?),
            )
            .await?;
        let event = NewEvent::changed(EventKind::ReplyChanged, reply.id.0, Json::Null, outline(&reply));
        transaction.record(workspace, now, reply.written_by.actor, vec![event]).await?;
        self.commit(transaction).await?;
        Ok(reply)
    }

    pub async fn reply(&self, workspace: WorkspaceId, id: ReplyId) -> Result<Option<Reply>> {
        one(&mut Connection::Pool(self.database()), workspace, id).await
    }

    /// Oldest first, the oldest 200.
    pub async fn replies_to(&self, workspace: WorkspaceId, mention: MentionId) -> Result<Vec<Reply>> {
        let mut query = Assembly::default();
        query.push(COLUMNS).bind(workspace.0).push(" AND mention_id = ").bind(mention.0);
        query.push(" ORDER BY id LIMIT ").bind(u64::from(LARGEST_PAGE));
        self.database().all(query.into_statement()).await?.iter().map(read).collect()
    }

    /// Newest first. `cursor` is `next` of the page before; `limit` at most 200.
    pub async fn replies(
        &self,
        workspace: WorkspaceId,
        filter: &ReplyFilter,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<ReplyPage> {
        let position = cursor.map(Position::read).transpose()?;
        let limit = limit.clamp(1, LARGEST_PAGE) as usize;
        let mut query = Assembly::default();
        query.push(COLUMNS).bind(workspace.0);
        for (index, state) in filter.states.iter().enumerate() {
            query.push(if index == 0 { " AND state IN (" } else { ", " }).bind(state.as_str());
        }
        if !filter.states.is_empty() {
            query.push(")");
        }
        if let Some(account) = filter.account {
            query.push(" AND account_id = ").bind(account.0);
        }
        if let Some(position) = position {
            query.push(" AND id < ").bind(position.id);
        }
        query.push(" ORDER BY id DESC LIMIT ").bind(limit as u64 + 1);
        let rows = self.database().all(query.into_statement()).await?;
        let mut replies = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
        let more = replies.len() > limit;
        replies.truncate(limit);
        let next = replies.last().filter(|_| more);
        let next = next.map(|last| Position { sort_at: last.created_at, id: last.id.0 }.write());
        Ok(ReplyPage { replies, next })
    }
}

/// Takes back what was not handed over, and leaves to a person what may have arrived, of an account that goes away.
pub(crate) async fn withdraw(
    transaction: &mut Transaction,
    workspace: WorkspaceId,
    account: AccountId,
    now: Timestamp,
) -> Result<Vec<NewEvent>> {
    let mut query = Assembly::default();
    query.push(COLUMNS).bind(workspace.0).push(" AND account_id = ").bind(account.0);
    query.push(" AND lease_until <= ").bind(now);
    query.push(" AND state IN ('awaiting_approval', 'waiting', 'retrying', 'sending', 'unsure')");
    let mut events = Vec::new();
    for row in transaction.all(query.into_statement()).await? {
        let before = read(&row)?;
        let after = withdrawn(&before, now);
        events.extend(write(transaction, &before, &after).await?);
    }
    Ok(events)
}

/// What a reply is without its account.
fn withdrawn(before: &Reply, now: Timestamp) -> Reply {
    let state = account::after_disconnection(before.state);
    let (code, message) = if state == ReplyState::Refused {
        ("not_known", "the account was disconnected before it was known whether the reply arrived; look for it there")
    } else {
        ("account_disconnected", "the account was disconnected before the reply was sent")
    };
    let problem = Problem { code: code.to_owned(), message: message.to_owned() };
    Reply { state, next_at: None, problem: Some(problem), changed_at: now, ..before.clone() }
}

/// Writes what can change of a reply; the event when its state is another.
async fn write(transaction: &mut Transaction, before: &Reply, after: &Reply) -> Result<Option<NewEvent>> {
    let (worded_kind, worded_id) = write_actor(after.worded_by);
    let approved = after.approved_by.as_ref().map(|person| (write_actor(person.actor), person.name.as_str()));
    let values = [
        Value::from(after.text.as_str()),
        after.state.as_str().into(),
        after.send_after.into(),
        i64::from(after.attempts).into(),
        i64::from(after.looks).into(),
        after.first_tried_at.into(),
        after.tries_began_at.into(),
        after.next_at.into(),
        after.urn.as_ref().map(Urn::as_str).into(),
        after.url.as_deref().into(),
        after.problem.as_ref().map(|problem| problem.code.as_str()).into(),
        after.problem.as_ref().map(|problem| problem.message.as_str()).into(),
        worded_kind.into(),
        worded_id.into(),
        approved.map(|((kind, _), _)| kind).into(),
        approved.and_then(|((_, id), _)| id).into(),
        approved.map(|(_, name)| name).into(),
        after.changed_at.into(),
        after.sent_at.into(),
    ];
    transaction
        .execute(
            Statement::new(
                "UPDATE reply SET text = $3, state = $4, send_after = $5, attempts = $6, looks = $7, first_tried_at = $8, \
                 tries_began_at = $9, next_at = $10, urn = $11, url = $12, problem_code = $13, problem = $14, worded_kind = $15, \
                 worded_id = $16, approved_kind = $17, approved_id = $18, approved_name = $19, changed_at = $20, sent_at = $21 \
                 WHERE workspace_id = $1 AND id = $2",
            )
            .bind(after.workspace.0)
            .bind(after.id.0)
            .bind_all(values),
        )
        .await?;
    let told = (after.state, after.send_after, &after.text) != (before.state, before.send_after, &before.text);
    Ok(told.then(|| NewEvent::changed(EventKind::ReplyChanged, after.id.0, outline(before), outline(after))))
}

/// For events: never the text.
fn outline(reply: &Reply) -> Json {
    json!({
        "state": reply.state,
        "mention_id": reply.mention,
        "account_id": reply.account,
        "attempts": reply.attempts,
        "problem": reply.problem.as_ref().map(|problem| &problem.code),
    })
}

async fn one(connection: &mut Connection<'_>, workspace: WorkspaceId, id: ReplyId) -> Result<Option<Reply>> {
    let mut query = Assembly::default();
    query.push(COLUMNS).bind(workspace.0).push(" AND id = ").bind(id.0);
    connection.all(query.into_statement()).await?.first().map(read).transpose()
}

fn read(row: &Row) -> Result<Reply> {
    let mut columns = row.columns();
    Ok(Reply {
        id: ReplyId(columns.integer()?),
        workspace: WorkspaceId(columns.integer()?),
        mention: MentionId(columns.integer()?),
        target: columns.text()?,
        account: AccountId(columns.integer()?),
        visibility: columns.parsed("reply visibility", ReplyVisibility::parse)?,
        text: columns.text()?,
        state: columns.parsed("reply state", ReplyState::parse)?,
        send_after: columns.time()?,
        attempts: small(&mut columns)?,
        looks: small(&mut columns)?,
        first_tried_at: columns.maybe_time()?,
        tries_began_at: columns.maybe_time()?,
        next_at: columns.maybe_time()?,
        urn: columns.maybe_text()?.map(Urn::new),
        url: columns.maybe_text()?,
        problem: match (columns.maybe_text()?, columns.maybe_text()?) {
            (Some(code), Some(message)) => Some(Problem { code, message }),
            _ => None,
        },
        written_by: Person { actor: read_actor(&columns.text()?, columns.maybe_integer()?)?, name: columns.text()? },
        worded_by: read_actor(&columns.text()?, columns.maybe_integer()?)?,
        approved_by: match (columns.maybe_text()?, columns.maybe_integer()?, columns.maybe_text()?) {
            (Some(kind), id, name) => Some(Person { actor: read_actor(&kind, id)?, name: name.unwrap_or_default() }),
            _ => None,
        },
        created_at: columns.time()?,
        changed_at: columns.time()?,
        sent_at: columns.maybe_time()?,
        attachments: attachment::read(columns.maybe_text()?.as_deref())?,
    })
}

fn small(columns: &mut Columns<'_>) -> Result<u32> {
    Ok(u32::try_from(columns.count()?).unwrap_or(u32::MAX))
}
