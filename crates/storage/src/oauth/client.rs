//! Us, as networks know us.

use molva_domain::{Actor, EventKind, Secret, Timestamp, WorkspaceId};
use serde_json::{Value as Json, json};

use super::context;
use crate::event::NewEvent;
use crate::sql::{Connection, Row, Statement, Transaction};
use crate::{Result, Storage};

/// Clients of one workspace; servers of the Mastodon API make one each.
const MAX_CLIENTS: u32 = 2_000;

/// A client that is registered with a network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OAuthClient {
    pub connector: String,
    /// Empty where the network is one.
    pub server: String,
    pub client_id: String,
    pub secret: Option<Secret>,
    /// Where the network may send people back to; `None`: the owner entered that there.
    pub redirect: Option<String>,
    pub chosen_at: Timestamp,
}

/// One to be kept.
#[derive(Clone, Debug)]
pub struct NewOAuthClient {
    pub connector: String,
    pub server: String,
    pub client_id: String,
    /// `None` keeps the secret of a client with that id.
    pub secret: Option<Secret>,
    pub redirect: Option<String>,
}

const COLUMNS: &str = "SELECT id, workspace_id, connector, server, client_id, sealed, redirect, chosen_at FROM oauth_client \
     WHERE workspace_id = $1";

impl Storage {
    /// The one in use: the newest of the server.
    pub async fn oauth_client(
        &self,
        workspace: WorkspaceId,
        connector: &str,
        server: &str,
    ) -> Result<Option<OAuthClient>> {
        let sql = format!("{COLUMNS} AND connector = $2 AND server = $3 ORDER BY chosen_at DESC, id DESC LIMIT 1");
        let statement = Statement::assembled(sql.into()).bind(workspace.0).bind(connector).bind(server);
        Ok(self.clients(&mut Connection::Pool(self.database()), statement).await?.into_iter().next())
    }

    /// The one of that id, in use or not: what was given to it only it can renew.
    pub async fn oauth_client_by_id(
        &self,
        workspace: WorkspaceId,
        connector: &str,
        server: &str,
        client_id: &str,
    ) -> Result<Option<OAuthClient>> {
        let sql = format!("{COLUMNS} AND connector = $2 AND server = $3 AND client_id = $4");
        let statement = Statement::assembled(sql.into()).bind(workspace.0).bind(connector).bind(server);
        Ok(self.clients(&mut Connection::Pool(self.database()), statement.bind(client_id)).await?.into_iter().next())
    }

    /// Those in use that an owner entered, by network and server.
    pub async fn oauth_clients(&self, workspace: WorkspaceId) -> Result<Vec<OAuthClient>> {
        let sql = format!("{COLUMNS} AND redirect IS NULL ORDER BY connector, server, chosen_at DESC, id DESC");
        let statement = Statement::assembled(sql.into()).bind(workspace.0);
        let mut clients = self.clients(&mut Connection::Pool(self.database()), statement).await?;
        clients.dedup_by(|later, first| (&later.connector, &later.server) == (&first.connector, &first.server));
        Ok(clients)
    }

    /// Takes a client into use. What was given to another one goes on with that.
    pub async fn keep_oauth_client(&self, workspace: WorkspaceId, actor: Actor, client: NewOAuthClient) -> Result<()> {
        let now = self.now();
        let mut transaction = self.begin().await?;
        transaction.lock_workspace(workspace).await?;
        let NewOAuthClient { connector, server, client_id, secret, redirect } = client;
        let statement = Statement::new(
            "SELECT id FROM oauth_client WHERE workspace_id = $1 AND connector = $2 AND server = $3 AND client_id = $4",
        );
        let statement = statement.bind(workspace.0).bind(connector.as_str()).bind(server.as_str());
        let known = transaction.optional(statement.bind(client_id.as_str())).await?;
        let id = match known {
            Some(row) => row.columns().integer()?,
            None => {
                let counted = "SELECT COUNT(id) FROM oauth_client WHERE workspace_id = $1";
                transaction.refuse_full(workspace, "client", counted, MAX_CLIENTS).await?;
                let id = self.ids().next::<i64>();
                let statement = Statement::new(
                    "INSERT INTO oauth_client (id, workspace_id, connector, server, client_id, chosen_at) \
                     VALUES ($1, $2, $3, $4, $5, $6)",
                );
                let statement = statement.bind(id).bind(workspace.0).bind(connector.as_str());
                transaction.execute(statement.bind(server.as_str()).bind(client_id.as_str()).bind(now)).await?;
                id
            }
        };
        // Those that networks make themselves are no decision of a person.
        let entered = redirect.is_none();
        let chosen = Statement::new("UPDATE oauth_client SET chosen_at = $2, redirect = $3 WHERE id = $1");
        transaction.execute(chosen.bind(id).bind(now).bind(redirect)).await?;
        if let Some(secret) = &secret {
            let sealed = self.inner.seal.seal(&context(workspace.0, id, "client"), secret.expose())?;
            let statement = Statement::new("UPDATE oauth_client SET sealed = $2 WHERE id = $1");
            transaction.execute(statement.bind(id).bind(sealed)).await?;
        }
        if entered {
            let after = json!({"connector": connector, "server": server, "client_id": client_id});
            self.tell(&mut transaction, workspace, actor, Json::Null, after).await?;
        }
        self.commit(transaction).await
    }

    /// Forgets all clients of a server that an owner entered; what was given to them can no longer be renewed. `false` when there is none.
    pub async fn forget_oauth_clients(
        &self,
        workspace: WorkspaceId,
        actor: Actor,
        connector: &str,
        server: &str,
    ) -> Result<bool> {
        let mut transaction = self.begin().await?;
        transaction.lock_workspace(workspace).await?;
        let statement = Statement::new(
            "DELETE FROM oauth_client WHERE workspace_id = $1 AND connector = $2 AND server = $3 AND redirect IS NULL",
        );
        let gone = transaction.execute(statement.bind(workspace.0).bind(connector).bind(server)).await?;
        if gone > 0 {
            let before = json!({"connector": connector, "server": server});
            self.tell(&mut transaction, workspace, actor, before, Json::Null).await?;
        }
        self.commit(transaction).await?;
        Ok(gone > 0)
    }

    async fn tell(
        &self,
        transaction: &mut Transaction,
        workspace: WorkspaceId,
        actor: Actor,
        before: Json,
        after: Json,
    ) -> Result<()> {
        let (before, after) = (json!({"oauth_client": before}), json!({"oauth_client": after}));
        let event = NewEvent::changed(EventKind::WorkspaceChanged, workspace.0, before, after);
        transaction.record(workspace, self.now(), actor, vec![event]).await
    }

    async fn clients(&self, connection: &mut Connection<'_>, statement: Statement) -> Result<Vec<OAuthClient>> {
        connection.all(statement).await?.iter().map(|row| self.client(row)).collect()
    }

    fn client(&self, row: &Row) -> Result<OAuthClient> {
        let mut columns = row.columns();
        let (id, workspace) = (columns.integer()?, columns.integer()?);
        let (connector, server, client_id) = (columns.text()?, columns.text()?, columns.text()?);
        let sealed = columns.maybe_bytes()?;
        let open =
            |sealed: Vec<u8>| self.inner.seal.unseal(&context(workspace, id, "client"), &sealed).map(Secret::new);
        Ok(OAuthClient {
            connector,
            server,
            client_id,
            secret: sealed.map(open).transpose()?,
            redirect: columns.maybe_text()?,
            chosen_at: columns.time()?,
        })
    }
}
