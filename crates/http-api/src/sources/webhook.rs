use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use molva_connectors::webhook::{Webhooks, address};
use molva_connectors::{Connector, Localized, Settings};
use molva_domain::SourceId;
use molva_storage::source::{Source, SourceDraft};

use crate::access::caller::Caller;
use crate::access::idempotency::ShowsSecret;
use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::locale::{Locale, text};
use crate::problem::Problem;
use crate::request::PathId;
use crate::sources::{stored, unknown};
use crate::wire::source::SourceWebhook;

/// Where the network of a source calls, what to do there, and how calls go.
#[utoipa::path(
    get, path = "/api/sources/{id}/webhook", operation_id = "getSourceWebhook", tag = "sources", params(("id" = String, Path)),
    responses((status = 200, body = SourceWebhook), (status = 404, description = "`not_found`, also where its network does not call")),
)]
pub(crate) async fn get_source_webhook(
    State(api): State<Api>,
    locale: Locale,
    PathId(id): PathId<SourceId>,
) -> Answer<SourceWebhook> {
    let source = stored(&api, id).await?;
    let webhooks = webhooks(&source)?;
    ok(shown(&api, &source, webhooks, None, locale).await?)
}

/// Makes a new address and, where both sides know one, a new secret, which is shown this once. The old ones count no longer.
#[utoipa::path(
    post, path = "/api/sources/{id}/webhook", operation_id = "renewSourceWebhook", tag = "sources",
    params(("id" = String, Path)),
    responses((status = 200, body = SourceWebhook), (status = 404, description = "`not_found`, also where its network does not call")),
)]
pub(crate) async fn renew_source_webhook(
    State(api): State<Api>,
    caller: Caller,
    locale: Locale,
    PathId(id): PathId<SourceId>,
) -> Result<Response, Problem> {
    let source = stored(&api, id).await?;
    let webhooks = webhooks(&source)?;
    let shared = webhooks.shared_secret().map(|setting| (setting, address::new_secret()));
    let mut secrets = BTreeMap::from([(address::ADDRESS_KEY.to_owned(), address::new_secret())]);
    secrets.extend(shared.clone().map(|(setting, secret)| (setting.to_owned(), secret)));
    let Source { connector, name, settings, .. } = source;
    let draft = SourceDraft { connector, name, settings, secrets };
    let updated = api.storage().update_source(api.workspace(), caller.actor(), id, draft).await?;
    let source = updated.ok_or_else(unknown)?;
    api.called_sources.forget(id);
    api.pipeline().source_changed(api.workspace(), id);
    let secret = shared.map(|(_, secret)| secret.expose().to_owned());
    let body = shown(&api, &source, webhooks, secret, locale).await?;
    let mut response = axum::Json(body).into_response();
    response.extensions_mut().insert(ShowsSecret);
    Ok(response)
}

fn webhooks(source: &Source) -> Result<&'static dyn Webhooks, Problem> {
    let connector = molva_connectors::find(&source.connector);
    connector.and_then(Connector::webhooks).ok_or_else(|| Problem::not_found(NOT_CALLED))
}

async fn shown(
    api: &Api,
    source: &Source,
    webhooks: &dyn Webhooks,
    secret: Option<String>,
    locale: Locale,
) -> Result<SourceWebhook, Problem> {
    let secrets = api.storage().source_secrets(api.workspace(), source.id).await?;
    let settings = Settings::new(source.settings.clone(), secrets);
    let tally = api.call_tallies.of(source.id);
    let source_key = source.id.to_string();
    Ok(SourceWebhook {
        address: api.pipeline().webhook_address(&source.connector, &source_key, &settings),
        path: address::path(&source.connector, &source_key, &settings),
        wanted: webhooks.wanted(&settings),
        guide: webhooks.guide(&settings).map(|guide| locale.of(guide).to_owned()),
        secret_setting: webhooks.shared_secret().map(str::to_owned),
        secret,
        waiting: api.storage().count_waiting_webhooks(api.workspace(), source.id).await?,
        counted_since: api.call_tallies.since().into(),
        taken: tally.taken,
        repeated: tally.repeated,
        refused: tally.refused,
        last_call_at: tally.last_at.map(Into::into),
        last_refused_at: tally.last_refusal.map(|(at, _)| at.into()),
        last_refusal: tally.last_refusal.map(|(_, why)| why.to_owned()),
    })
}

const NOT_CALLED: Localized = text(
    "the network of this source does not call; it is asked",
    "сеть этого источника не вызывает Молву; её опрашивают",
    "мережа цього джерела не викликає Молву; її опитують",
);
