//! The two engines behind one face.

use molva_domain::EventId;
use sqlx::{AssertSqlSafe, PgPool, Postgres, Sqlite, SqlitePool};

use super::value::{Row, Statement};
use crate::Result;

/// The pools of one open database.
#[derive(Clone, Debug)]
pub(crate) enum Database {
    /// One connection writes, some read: SQLite allows no second writer, and waiting in our queue is fairer than in its lock.
    Sqlite {
        writer: SqlitePool,
        readers: SqlitePool,
    },
    Postgres(PgPool),
}

impl Database {
    /// Begins a transaction that may write. On SQLite it takes the write lock at once.
    pub(crate) async fn begin(&self) -> Result<Transaction> {
        let engine = match self {
            Self::Sqlite { writer, .. } => Engine::Sqlite(writer.begin_with("BEGIN IMMEDIATE").await?),
            Self::Postgres(pool) => Engine::Postgres(pool.begin().await?),
        };
        Ok(Transaction { engine, newest_event: None })
    }

    pub(crate) async fn all(&self, statement: Statement) -> Result<Vec<Row>> {
        match self {
            Self::Sqlite { readers, .. } => {
                let (sql, arguments) = statement.into_sqlite()?;
                let rows = sqlx::query_with::<Sqlite, _>(sql, arguments).fetch_all(readers).await?;
                Ok(rows.into_iter().map(Row::Sqlite).collect())
            }
            Self::Postgres(pool) => {
                let (sql, arguments) = statement.into_postgres()?;
                let rows = sqlx::query_with::<Postgres, _>(sql, arguments).fetch_all(pool).await?;
                Ok(rows.into_iter().map(Row::Postgres).collect())
            }
        }
    }

    pub(crate) async fn optional(&self, statement: Statement) -> Result<Option<Row>> {
        Ok(self.all(statement).await?.into_iter().next())
    }

    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

enum Engine {
    Sqlite(sqlx::Transaction<'static, Sqlite>),
    Postgres(sqlx::Transaction<'static, Postgres>),
}

/// A transaction; dropped without a commit it never was.
pub(crate) struct Transaction {
    engine: Engine,
    /// The newest event written in it, for the wake-up after the commit.
    pub(crate) newest_event: Option<EventId>,
}

impl Transaction {
    pub(crate) const fn is_postgres(&self) -> bool {
        matches!(self.engine, Engine::Postgres(_))
    }

    /// Returns the number of rows changed.
    pub(crate) async fn execute(&mut self, statement: Statement) -> Result<u64> {
        match &mut self.engine {
            Engine::Sqlite(transaction) => {
                let (sql, arguments) = statement.into_sqlite()?;
                Ok(sqlx::query_with::<Sqlite, _>(sql, arguments).execute(&mut **transaction).await?.rows_affected())
            }
            Engine::Postgres(transaction) => {
                let (sql, arguments) = statement.into_postgres()?;
                Ok(sqlx::query_with::<Postgres, _>(sql, arguments).execute(&mut **transaction).await?.rows_affected())
            }
        }
    }

    pub(crate) async fn all(&mut self, statement: Statement) -> Result<Vec<Row>> {
        match &mut self.engine {
            Engine::Sqlite(transaction) => {
                let (sql, arguments) = statement.into_sqlite()?;
                let rows = sqlx::query_with::<Sqlite, _>(sql, arguments).fetch_all(&mut **transaction).await?;
                Ok(rows.into_iter().map(Row::Sqlite).collect())
            }
            Engine::Postgres(transaction) => {
                let (sql, arguments) = statement.into_postgres()?;
                let rows = sqlx::query_with::<Postgres, _>(sql, arguments).fetch_all(&mut **transaction).await?;
                Ok(rows.into_iter().map(Row::Postgres).collect())
            }
        }
    }

    pub(crate) async fn optional(&mut self, statement: Statement) -> Result<Option<Row>> {
        Ok(self.all(statement).await?.into_iter().next())
    }

    /// Runs several statements without values, as a migration does.
    pub(crate) async fn script(&mut self, sql: String) -> Result<()> {
        match &mut self.engine {
            Engine::Sqlite(transaction) => {
                sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut **transaction).await?;
            }
            Engine::Postgres(transaction) => {
                sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut **transaction).await?;
            }
        }
        Ok(())
    }

    pub(crate) async fn commit(self) -> Result<()> {
        match self.engine {
            Engine::Sqlite(transaction) => transaction.commit().await?,
            Engine::Postgres(transaction) => transaction.commit().await?,
        }
        Ok(())
    }
}

/// Where a statement that only reads may run: beside a transaction or inside one.
pub(crate) enum Connection<'a> {
    Pool(&'a Database),
    Transaction(&'a mut Transaction),
}

impl Connection<'_> {
    pub(crate) const fn is_postgres(&self) -> bool {
        match self {
            Self::Pool(database) => matches!(database, Database::Postgres(_)),
            Self::Transaction(transaction) => transaction.is_postgres(),
        }
    }

    pub(crate) async fn all(&mut self, statement: Statement) -> Result<Vec<Row>> {
        match self {
            Self::Pool(database) => database.all(statement).await,
            Self::Transaction(transaction) => transaction.all(statement).await,
        }
    }
}
