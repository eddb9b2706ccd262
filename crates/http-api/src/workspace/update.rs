use axum::extract::State;
use molva_connectors::Localized;
use molva_insights::calendar::Zone;
use molva_storage::workspace::WorkspaceChange as Change;

use crate::access::caller::Caller;
use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::locale::{Message, text};
use crate::problem::Problem;
use crate::request::{Checks, Json};
use crate::wire::Workspace;
use crate::wire::workspace::WorkspaceChange;

const MAX_NAME_CHARS: usize = 120;

/// Renames the workspace, or counts its days in another time zone from now on.
#[utoipa::path(
    patch, path = "/api/workspace", operation_id = "updateWorkspace", tag = "workspace", request_body = WorkspaceChange,
    responses((status = 200, body = Workspace), (status = 422, description = "`invalid_fields`")),
)]
pub(crate) async fn update_workspace(
    State(api): State<Api>,
    caller: Caller,
    Json(body): Json<WorkspaceChange>,
) -> Answer<Workspace> {
    let change = check(&body)?;
    let changed = api.storage().update_workspace(api.workspace(), caller.actor(), change).await?;
    ok(changed.ok_or_else(|| super::gone(&api))?.into())
}

fn check(body: &WorkspaceChange) -> Result<Change, Problem> {
    let mut checks = Checks::default();
    let name = body.name.as_deref().map(|name| checks.line("name", name, MAX_NAME_CHARS));
    let time_zone = body.time_zone.as_deref().and_then(|given| {
        let zone = Zone::parse(given);
        if zone.is_none() {
            let shown: String = given.chars().take(64).collect();
            checks.wrong("time_zone", "unknown_time_zone", Message::with(UNKNOWN_ZONE, [&shown]));
        }
        zone
    });
    checks.finish()?;
    Ok(Change { name, time_zone: time_zone.map(|zone| zone.name().to_owned()) })
}

const UNKNOWN_ZONE: Localized = text(
    "`{0}` is no time zone of the IANA database; write one such as `Europe/Kyiv`",
    "«{0}» нет среди часовых поясов базы IANA; напишите, например, `Europe/Moscow`",
    "«{0}» немає серед часових поясів бази IANA; напишіть, наприклад, `Europe/Kyiv`",
);

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(name: &str) -> Result<Option<String>, &'static str> {
        let body = WorkspaceChange { name: None, time_zone: Some(name.to_owned()) };
        check(&body).map(|change| change.time_zone).map_err(|problem| problem.code())
    }

    #[test]
    fn a_zone_is_one_of_the_iana_database() {
        assert_eq!(zone("Asia/Yekaterinburg"), Ok(Some("Asia/Yekaterinburg".to_owned())));
        for wrong in ["Europe/Nowhere", "", "+03:00"] {
            assert_eq!(zone(wrong), Err("invalid_fields"), "{wrong}");
        }
    }
}
