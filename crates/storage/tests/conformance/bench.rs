//! A store to test on, and short ways to fill it.

use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use std::{env, process, sync::Arc};

use molva_domain::{
    Actor, ManualClock, Post, Rejection, RejectionReason, Secret, SourceId, Tally, Timestamp, TopicId, TopicKind,
    TopicLevel, Urn, WorkspaceId,
};
use molva_storage::intake::{MatchSpan, PreparedBatch, PreparedItem, PreparedPost, TopicMatch};
use molva_storage::kept::KeptLimits;
use molva_storage::source::SourceDraft;
use molva_storage::topic::TopicDraft;
use molva_storage::{Storage, StorageOptions};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use tempfile::TempDir;

pub(crate) const START: Timestamp = Timestamp::from_secs(1_700_000_000);

pub(crate) struct Bench {
    pub(crate) storage: Storage,
    pub(crate) clock: ManualClock,
    pub(crate) workspace: WorkspaceId,
    pub(crate) folder: TempDir,
    limits: KeptLimits,
    /// Address and name of the database made for the test.
    postgres: Option<(String, String)>,
}

impl Bench {
    pub(crate) async fn sqlite() -> Self {
        Self::open(None).await
    }

    /// `None`, and a line that says so, when no server is given.
    pub(crate) async fn postgres() -> Option<Self> {
        static SAID: Once = Once::new();
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let Ok(server) = env::var("MOLVA_TEST_POSTGRES") else {
            // Not `eprintln`, whose output the test runner swallows.
            SAID.call_once(|| {
                let said = b"storage conformance on PostgreSQL skipped: MOLVA_TEST_POSTGRES is not set\n";
                std::io::stderr().write_all(said).unwrap();
            });
            return None;
        };
        let name = format!("molva_test_{}_{}", process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let mut connection = PgConnection::connect(&server).await.unwrap();
        connection.execute(AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.unwrap();
        connection.close().await.unwrap();
        Some(Self::open(Some((server, name))).await)
    }

    async fn open(postgres: Option<(String, String)>) -> Self {
        let clock = ManualClock::at(START);
        let folder = tempfile::tempdir().unwrap();
        let limits = KeptLimits::default();
        let storage = Storage::open(options(&folder, &clock, limits, postgres.as_ref())).await.unwrap();
        let workspace = storage.ensure_workspace("Test").await.unwrap().id;
        Self { storage, clock, workspace, folder, limits, postgres }
    }

    pub(crate) async fn finish(self) {
        self.storage.close().await;
        if let Some((server, name)) = self.postgres {
            let mut connection = PgConnection::connect(&server).await.unwrap();
            connection.execute(AssertSqlSafe(format!("DROP DATABASE {name} WITH (FORCE)"))).await.unwrap();
        }
    }

    /// Another handle on the same store, as another process would open it.
    pub(crate) async fn again(&self) -> Storage {
        self.again_with(self.limits).await
    }

    pub(crate) async fn again_with(&self, limits: KeptLimits) -> Storage {
        Storage::open(self.options(limits)).await.unwrap()
    }

    pub(crate) fn options(&self, limits: KeptLimits) -> StorageOptions {
        options(&self.folder, &self.clock, limits, self.postgres.as_ref())
    }

    /// Runs SQL that the store itself would never run.
    pub(crate) async fn sabotage(&self, sql: &'static str) {
        match &self.postgres {
            Some((server, name)) => {
                let mut connection = PgConnection::connect(&at_database(server, name)).await.unwrap();
                connection.execute(sql).await.unwrap();
            }
            None => {
                let path = self.folder.path().join("molva.sqlite");
                let mut connection =
                    sqlx::SqliteConnection::connect(&format!("sqlite://{}", path.display())).await.unwrap();
                connection.execute(sql).await.unwrap();
            }
        }
    }

    pub(crate) async fn source(&self, name: &str) -> SourceId {
        let draft = SourceDraft {
            connector: "push".to_owned(),
            name: name.to_owned(),
            settings: Default::default(),
            secrets: Default::default(),
        };
        self.storage.create_source(self.workspace, Actor::System, draft).await.unwrap().id
    }

    pub(crate) async fn topic(&self, name: &str) -> TopicId {
        self.storage.create_topic(self.workspace, Actor::System, topic_draft(name, "слово")).await.unwrap().id
    }

    pub(crate) fn batch(&self, source: SourceId, items: Vec<PreparedItem>) -> PreparedBatch {
        PreparedBatch {
            workspace: self.workspace,
            source,
            lease: None,
            items,
            cursor: None,
            delivery: None,
            received_at: self.storage.now(),
        }
    }

    pub(crate) async fn store(&self, source: SourceId, items: Vec<PreparedItem>) -> Tally {
        self.store_batch(self.batch(source, items)).await
    }

    pub(crate) async fn store_batch(&self, batch: PreparedBatch) -> Tally {
        self.storage.store(vec![batch]).await.unwrap().remove(0).unwrap()
    }

    pub(crate) async fn total(&self) -> Tally {
        let mut total = Tally::default();
        for (_, tally) in self.storage.ledger_totals(self.workspace).await.unwrap() {
            total.add(&tally);
        }
        total
    }

    /// The files of the kept stream, oldest first.
    pub(crate) fn segments(&self) -> Vec<PathBuf> {
        let folder = self.folder.path().join("kept").join(self.workspace.to_string());
        let mut files: Vec<PathBuf> = match std::fs::read_dir(folder) {
            Ok(entries) => entries.map(|entry| entry.unwrap().path()).collect(),
            Err(_) => Vec::new(),
        };
        files.sort();
        files
    }
}

fn options(
    folder: &TempDir,
    clock: &ManualClock,
    kept: KeptLimits,
    postgres: Option<&(String, String)>,
) -> StorageOptions {
    StorageOptions {
        data_dir: folder.path().to_owned(),
        postgres_url: postgres.map(|(server, name)| Secret::new(at_database(server, name))),
        clock: Arc::new(clock.clone()),
        node: 1,
        kept,
        sealing_key: None,
    }
}

/// The server's address with another database.
fn at_database(server: &str, name: &str) -> String {
    let (rest, query) = server.split_once('?').map_or((server, None), |(rest, query)| (rest, Some(query)));
    let host = rest.rsplit_once('/').filter(|(before, _)| !before.ends_with('/')).map_or(rest, |(host, _)| host);
    query.map_or_else(|| format!("{host}/{name}"), |query| format!("{host}/{name}?{query}"))
}

pub(crate) fn topic_draft(name: &str, query: &str) -> TopicDraft {
    TopicDraft {
        name: name.to_owned(),
        level: TopicLevel::Brand,
        kind: TopicKind::Own,
        query: query.to_owned(),
        lists: Vec::new(),
    }
}

/// A post of its own; larger numbers are newer.
pub(crate) fn post(number: i64) -> Post {
    let at = START.plus(Duration::from_secs(u64::try_from(number).unwrap()));
    let urn = Urn::of("test", None, "post", &number.to_string());
    Post::new(urn, "test", format!("пост номер {number}"), at, at)
}

/// Says the same words as every other post of that hash; 0 never does.
pub(crate) fn prepared(post: Post, content_hash: i64, topics: &[TopicId]) -> PreparedItem {
    let spans = vec![MatchSpan { in_title: false, start: 0, end: 4 }];
    let matches = topics.iter().map(|topic| TopicMatch { topic: *topic, spans: spans.clone(), judged: None }).collect();
    PreparedItem::Post(Box::new(PreparedPost { post, content_hash, matches, signature: Vec::new() }))
}

pub(crate) fn matched(number: i64, topic: TopicId) -> PreparedItem {
    prepared(post(number), 0, &[topic])
}

pub(crate) fn unmatched(number: i64) -> PreparedItem {
    prepared(post(number), 0, &[])
}

pub(crate) fn rejected(reason: RejectionReason) -> PreparedItem {
    PreparedItem::Rejected(Rejection::new(reason, "line 1", "the line is no JSON", "{"))
}

pub(crate) fn tally(stored: u64, unmatched: u64, duplicate: u64, rejected: u64) -> Tally {
    Tally { received: stored + unmatched + duplicate + rejected, stored, unmatched, duplicate, updated: 0, rejected }
}
