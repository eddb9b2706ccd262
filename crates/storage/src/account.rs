//! Accounts: who we are on a network. Settings, sealed secrets, whose it is, and whether the network still accepts it.

use std::collections::BTreeMap;

use molva_domain::{AccountId, AccountState, Actor, EventKind, ReplyState, Secret, Timestamp, UserId, WorkspaceId};
use serde_json::{Value as Json, json};

use crate::event::NewEvent;
use crate::oauth::{self, Grant, GrantOwner, NewGrant};
use crate::reply;
use crate::secret::ACCOUNT;
use crate::source::Problem;
use crate::sql::{Connection, Row, Statement, Transaction, Value};
use crate::{Result, Storage, StorageError};

/// Accounts of one workspace that are not disconnected.
pub const MAX_ACCOUNTS: u32 = 500;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub id: AccountId,
    pub workspace: WorkspaceId,
    /// Name of the connector's row in the table.
    pub connector: String,
    /// Unique among those that are not disconnected.
    pub name: String,
    /// Values by the setting's key; secrets are not among them.
    pub settings: BTreeMap<String, String>,
    /// Keys of the secrets that are set; none once it is disconnected.
    pub secret_keys: Vec<String>,
    /// `None`: the company's.
    pub holder: Option<Holder>,
    pub state: AccountState,
    /// Another person than the writer has to agree to each reply.
    pub needs_approval: bool,
    /// JSON, opaque here: what the network said of it when it was last asked and answered well.
    pub facts: Option<String>,
    pub checked_at: Option<Timestamp>,
    pub problem: Option<Problem>,
    pub created_at: Timestamp,
    pub disconnected_at: Option<Timestamp>,
    /// It was connected by consent on the network's own page.
    pub grant: Option<Grant>,
}

/// The person an account belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    pub user: UserId,
    pub name: String,
    /// When they agreed to its use.
    pub consent_at: Timestamp,
}

#[derive(Clone, Debug)]
pub struct AccountDraft {
    pub connector: String,
    pub name: String,
    pub settings: BTreeMap<String, String>,
    pub secrets: BTreeMap<String, Secret>,
    /// Who agreed that theirs is used; `None`: it is the company's.
    pub holder: Option<UserId>,
    pub needs_approval: bool,
    /// JSON; see [`Account::facts`].
    pub facts: String,
}

/// What a person changes of an account; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct AccountChange {
    pub name: Option<String>,
    pub needs_approval: Option<bool>,
    /// Those given replace, others stay.
    pub secrets: BTreeMap<String, Secret>,
    /// What the network says of the new secrets: the account is connected again.
    pub facts: Option<String>,
}

/// What came of asking the network for an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountReport {
    /// It is accepted: JSON, see [`Account::facts`].
    Well { facts: String },
    /// It is not, as it is.
    NotAccepted { state: AccountState, problem: Problem },
    /// The network could not be asked; the state stays.
    NotReached { problem: Problem },
}

const COLUMNS: &str = "SELECT a.id, a.workspace_id, a.connector, a.name, a.settings, a.holder_user, u.name, a.consent_at, a.state, \
     a.needs_approval, a.facts, a.checked_at, a.problem_code, a.problem, a.created_at, a.disconnected_at, \
     g.obtained_at, g.ends_at, g.renewable_until, g.refresh_at \
     FROM account a LEFT JOIN app_user u ON u.id = a.holder_user \
     LEFT JOIN oauth_grant g ON g.owner_kind = 'account' AND g.owner_id = a.id WHERE a.workspace_id = $1";

impl Storage {
    /// `Taken` when a connected account has that name, `Full` at [`MAX_ACCOUNTS`].
    pub async fn create_account(&self, workspace: WorkspaceId, actor: Actor, draft: AccountDraft) -> Result<Account> {
        self.create_account_by(workspace, actor, draft, None).await
    }

    /// The same, with what keeps its token alive.
    pub async fn create_account_by(
        &self,
        workspace: WorkspaceId,
        actor: Actor,
        draft: AccountDraft,
        grant: Option<NewGrant>,
    ) -> Result<Account> {
        let now = self.now();
        let id: AccountId = self.ids().next();
        let mut transaction = self.begin().await?;
        transaction.lock_workspace(workspace).await?;
        let counted = "SELECT COUNT(id) FROM account WHERE workspace_id = $1 AND disconnected_at IS NULL";
        transaction.refuse_full(workspace, "account", counted, MAX_ACCOUNTS).await?;
        transaction
            .execute(
                Statement::new(
                    "INSERT INTO account (id, workspace_id, connector, name, settings, holder_user, consent_at, state, \
                     needs_approval, facts, checked_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)",
                )
                .bind(id.0)
                .bind(workspace.0)
                .bind(draft.connector.as_str())
                .bind(draft.name.as_str())
                .bind(json!(draft.settings).to_string())
                .bind(draft.holder.map(|user| user.0))
                .bind(draft.holder.map(|_| now))
                .bind(AccountState::Connected.as_str())
                .bind(draft.needs_approval)
                .bind(draft.facts)
                .bind(now),
            )
            .await
            .map_err(|error| error.or_taken("account", &draft.name))?;
        self.keep_secrets(&mut transaction, &ACCOUNT, workspace, id.0, &draft.secrets).await?;
        if let Some(grant) = grant {
            self.keep_grant(&mut transaction, workspace, GrantOwner::Account(id), grant).await?;
        }
        let account = existing(&mut Connection::Transaction(&mut transaction), workspace, id).await?;
        let event = NewEvent::changed(EventKind::AccountCreated, id.0, Json::Null, outline(&account));
        transaction.record(workspace, now, actor, vec![event]).await?;
        self.commit(transaction).await?;
        Ok(account)
    }

    /// `None` when there is none or it is disconnected, `Taken` when another has the name.
    pub async fn update_account(
        &self,
        workspace: WorkspaceId,
        actor: Actor,
        id: AccountId,
        change: AccountChange,
    ) -> Result<Option<Account>> {
        self.update_account_by(workspace, actor, id, change, None).await
    }

    /// The same, with what keeps the new token alive. New secrets without that are kept alive by nobody.
    pub async fn update_account_by(
        &self,
        workspace: WorkspaceId,
        actor: Actor,
        id: AccountId,
        change: AccountChange,
        grant: Option<NewGrant>,
    ) -> Result<Option<Account>> {
        let mut transaction = self.begin().await?;
        transaction.lock_workspace(workspace).await?;
        let Some(before) = connected(&mut transaction, workspace, id).await? else { return Ok(None) };
        let name = change.name.as_ref().unwrap_or(&before.name);
        transaction
            .execute(
                Statement::new("UPDATE account SET name = $3, needs_approval = $4 WHERE workspace_id = $1 AND id = $2")
                    .bind(workspace.0)
                    .bind(id.0)
                    .bind(name.as_str())
                    .bind(change.needs_approval.unwrap_or(before.needs_approval)),
            )
            .await
            .map_err(|error| error.or_taken("account", name))?;
        self.keep_secrets(&mut transaction, &ACCOUNT, workspace, id.0, &change.secrets).await?;
        if let Some(grant) = grant {
            self.keep_grant(&mut transaction, workspace, GrantOwner::Account(id), grant).await?;
        } else if !change.secrets.is_empty() {
            oauth::forget_grant(&mut transaction, workspace, GrantOwner::Account(id)).await?;
        }
        if let Some(facts) = change.facts {
            write_report(&mut transaction, &before, self.now(), AccountReport::Well { facts }).await?;
        }
        let after = existing(&mut Connection::Transaction(&mut transaction), workspace, id).await?;
        let event = NewEvent::changed(EventKind::AccountChanged, id.0, outline(&before), outline(&after));
        transaction.record(workspace, self.now(), actor, vec![event]).await?;
        self.commit(transaction).await?;
        Ok(Some(after))
    }

    /// Wipes its secrets and takes back what was not handed over yet, in one transaction. What may have arrived is left for a
    /// person to look at. `None` when there is none; disconnecting again changes nothing.
    pub async fn disconnect_account(
        &self,
        workspace: WorkspaceId,
        actor: Actor,
        id: AccountId,
    ) -> Result<Option<Account>> {
        let now = self.now();
        let mut transaction = self.begin().await?;
        transaction.lock_workspace(workspace).await?;
        let Some(before) = find(&mut Connection::Transaction(&mut transaction), workspace, id).await? else {
            return Ok(None);
        };
        if before.state == AccountState::Disconnected {
            return Ok(Some(before));
        }
        let wipe = Statement::new("DELETE FROM account_secret WHERE workspace_id = $1 AND account_id = $2");
        transaction.execute(wipe.bind(workspace.0).bind(id.0)).await?;
        oauth::forget_grant(&mut transaction, workspace, GrantOwner::Account(id)).await?;
        transaction
            .execute(
                Statement::new(
                    "UPDATE account SET state = $3, disconnected_at = $4, problem_code = NULL, problem = NULL \
                     WHERE workspace_id = $1 AND id = $2",
                )
                .bind(workspace.0)
                .bind(id.0)
                .bind(AccountState::Disconnected.as_str())
                .bind(now),
            )
            .await?;
        let mut events = reply::withdraw(&mut transaction, workspace, id, now).await?;
        let after = existing(&mut Connection::Transaction(&mut transaction), workspace, id).await?;
        events.push(NewEvent::changed(EventKind::AccountDisconnected, id.0, outline(&before), outline(&after)));
        transaction.record(workspace, now, actor, events).await?;
        self.commit(transaction).await?;
        Ok(Some(after))
    }

    /// Oldest first, the disconnected ones among them.
    pub async fn accounts(&self, workspace: WorkspaceId) -> Result<Vec<Account>> {
        load(&mut Connection::Pool(self.database()), workspace, None).await
    }

    pub async fn account(&self, workspace: WorkspaceId, id: AccountId) -> Result<Option<Account>> {
        find(&mut Connection::Pool(self.database()), workspace, id).await
    }

    /// The secrets in the clear, for the connector alone.
    pub async fn account_secrets(&self, workspace: WorkspaceId, id: AccountId) -> Result<BTreeMap<String, Secret>> {
        self.opened(&ACCOUNT, workspace, id.0).await
    }

    /// Writes down what the network says of it; an event when state or problem are others than before. `None` when there is none
    /// or it is disconnected.
    pub async fn report_account(
        &self,
        workspace: WorkspaceId,
        id: AccountId,
        report: AccountReport,
    ) -> Result<Option<Account>> {
        let now = self.now();
        let mut transaction = self.begin().await?;
        transaction.lock_workspace(workspace).await?;
        let Some(before) = connected(&mut transaction, workspace, id).await? else { return Ok(None) };
        let events = write_report(&mut transaction, &before, now, report).await?;
        transaction.record(workspace, now, Actor::System, events).await?;
        let after = existing(&mut Connection::Transaction(&mut transaction), workspace, id).await?;
        self.commit(transaction).await?;
        Ok(Some(after))
    }
}

/// Writes a report without committing; answers the events that tell of it.
pub(crate) async fn write_report(
    transaction: &mut Transaction,
    before: &Account,
    now: Timestamp,
    report: AccountReport,
) -> Result<Vec<NewEvent>> {
    let after = match report {
        AccountReport::Well { facts } => {
            Account { state: AccountState::Connected, facts: Some(facts), problem: None, ..before.clone() }
        }
        AccountReport::NotAccepted { state, problem } => Account { state, problem: Some(problem), ..before.clone() },
        AccountReport::NotReached { problem } => Account { problem: Some(problem), ..before.clone() },
    };
    transaction
        .execute(
            Statement::new(
                "UPDATE account SET state = $3, facts = $4, checked_at = $5, problem_code = $6, problem = $7 \
                 WHERE workspace_id = $1 AND id = $2",
            )
            .bind(before.workspace.0)
            .bind(before.id.0)
            .bind(after.state.as_str())
            .bind(after.facts.as_deref())
            .bind(now)
            .bind(after.problem.as_ref().map(|problem| problem.code.as_str()))
            .bind(after.problem.as_ref().map(|problem| problem.message.as_str())),
        )
        .await?;
    let told = (after.state, &after.problem) != (before.state, &before.problem);
    let event =
        told.then(|| NewEvent::changed(EventKind::AccountChanged, after.id.0, outline(before), outline(&after)));
    Ok(event.into_iter().collect())
}

/// For events: settings by name only, and no facts.
fn outline(account: &Account) -> Json {
    json!({
        "name": account.name,
        "connector": account.connector,
        "state": account.state,
        "needs_approval": account.needs_approval,
        "holder": account.holder.as_ref().map(|holder| holder.user),
        "settings": account.settings.keys().collect::<Vec<_>>(),
        "secrets": account.secret_keys,
    })
}

/// `None` when there is none or it is disconnected.
pub(crate) async fn connected(
    transaction: &mut Transaction,
    workspace: WorkspaceId,
    id: AccountId,
) -> Result<Option<Account>> {
    let found = find(&mut Connection::Transaction(transaction), workspace, id).await?;
    Ok(found.filter(|account| account.state != AccountState::Disconnected))
}

async fn find(connection: &mut Connection<'_>, workspace: WorkspaceId, id: AccountId) -> Result<Option<Account>> {
    Ok(load(connection, workspace, Some(id)).await?.into_iter().next())
}

async fn existing(connection: &mut Connection<'_>, workspace: WorkspaceId, id: AccountId) -> Result<Account> {
    let missing = || StorageError::Missing { what: "account", name: id.to_string() };
    find(connection, workspace, id).await?.ok_or_else(missing)
}

async fn load(connection: &mut Connection<'_>, workspace: WorkspaceId, id: Option<AccountId>) -> Result<Vec<Account>> {
    let wanted = if id.is_some() { "AND a.id = $2" } else { "" };
    let bound = id.map(|id| Value::from(id.0));
    let statement = Statement::assembled(format!("{COLUMNS} {wanted} ORDER BY a.id").into());
    let rows = connection.all(statement.bind(workspace.0).bind_all(bound)).await?;
    let mut accounts = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
    let mut keys = ACCOUNT.keys(connection, workspace, id.map(|id| id.0)).await?;
    for account in &mut accounts {
        account.secret_keys = keys.remove(&account.id.0).unwrap_or_default();
    }
    Ok(accounts)
}

fn read(row: &Row) -> Result<Account> {
    let mut columns = row.columns();
    Ok(Account {
        id: AccountId(columns.integer()?),
        workspace: WorkspaceId(columns.integer()?),
        connector: columns.text()?,
        name: columns.text()?,
        settings: columns.parsed("account setting", |text| serde_json::from_str(text).ok())?,
        secret_keys: Vec::new(),
        holder: match (columns.maybe_integer()?, columns.maybe_text()?, columns.maybe_time()?) {
            (Some(user), name, Some(consent_at)) => {
                Some(Holder { user: UserId(user), name: name.unwrap_or_default(), consent_at })
            }
            _ => None,
        },
        state: columns.parsed("account state", AccountState::parse)?,
        needs_approval: columns.flag()?,
        facts: columns.maybe_text()?,
        checked_at: columns.maybe_time()?,
        problem: match (columns.maybe_text()?, columns.maybe_text()?) {
            (Some(code), Some(message)) => Some(Problem { code, message }),
            _ => None,
        },
        created_at: columns.time()?,
        disconnected_at: columns.maybe_time()?,
        grant: Grant::read(&mut columns)?,
    })
}

/// What becomes of a reply whose account is disconnected, by where it is.
pub(crate) const fn after_disconnection(state: ReplyState) -> ReplyState {
    match state {
        ReplyState::AwaitingApproval | ReplyState::Waiting | ReplyState::Retrying => ReplyState::Cancelled,
        ReplyState::Sending | ReplyState::Unsure => ReplyState::Refused,
        settled => settled,
    }
}
