use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use molva_connectors::Localized;
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::locale::{Message, text};
use crate::problem::Problem;

/// A database that does not answer within this time is not there.
const PATIENCE: Duration = Duration::from_secs(3);

/// Ready to work.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub(crate) struct Readiness {
    /// `ready`
    status: &'static str,
    /// `sqlite` or `postgres`.
    store: &'static str,
    /// Number of the last migration.
    schema: u32,
}

/// The database answers and has every migration.
#[utoipa::path(
    get, path = "/readyz", operation_id = "getReadiness", tag = "operations",
    responses((status = 200, body = Readiness), (status = 503, description = "`store_unreachable`, `migrations_pending`, `stopping`")),
)]
pub(crate) async fn readyz(State(api): State<Api>) -> Answer<Readiness> {
    let unavailable = StatusCode::SERVICE_UNAVAILABLE;
    if api.app.stop.is_cancelled() {
        return Err(Problem::new(unavailable, "stopping", STOPPING));
    }
    let storage = api.storage();
    let looked = tokio::time::timeout(PATIENCE, async {
        storage.ping().await?;
        storage.schema_version().await
    });
    let (applied, known) = match looked.await {
        Ok(Ok(versions)) => versions,
        Ok(Err(error)) => {
            tracing::warn!(%error, "not ready: the database does not answer");
            return Err(Problem::new(unavailable, "store_unreachable", UNREACHABLE));
        }
        Err(_elapsed) => return Err(Problem::new(unavailable, "store_unreachable", UNREACHABLE)),
    };
    if applied != known {
        let detail = Message::with(PENDING, [&applied.to_string(), &known.to_string()]);
        return Err(Problem::new(unavailable, "migrations_pending", detail));
    }
    ok(Readiness { status: "ready", store: storage.engine(), schema: applied })
}

const STOPPING: Localized = text(
    "Molva is shutting down; send requests elsewhere",
    "Молва останавливается; направьте запросы в другое место",
    "Молва зупиняється; спрямуйте запити в інше місце",
);
const UNREACHABLE: Localized = text(
    "the database does not answer; look into the server's log and run `molva doctor`",
    "база данных не отвечает; посмотрите журнал сервера и запустите `molva doctor`",
    "база даних не відповідає; подивіться журнал сервера і запустіть `molva doctor`",
);
const PENDING: Localized = text(
    "the database has migration {0} of {1}; run `molva migrate`",
    "в базе данных миграция {0} из {1}; запустите `molva migrate`",
    "у базі даних міграція {0} з {1}; запустіть `molva migrate`",
);
