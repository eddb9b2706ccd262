use std::collections::BTreeMap;

use axum::extract::State;
use molva_connectors::{Mode, push};

use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::locale::Locale;
use crate::request::Json;
use crate::sources::{advice, draft, said};
use crate::wire::source::{SourceDraft, SourceTest};

/// Tries settings without storing anything. Takes 20 seconds at most.
#[utoipa::path(
    post, path = "/api/sources/test", operation_id = "testSource", tag = "sources", request_body = SourceDraft,
    responses((status = 200, body = SourceTest), (status = 422, description = "`invalid_fields`")),
)]
pub(crate) async fn test_source(
    State(api): State<Api>,
    locale: Locale,
    Json(body): Json<SourceDraft>,
) -> Answer<SourceTest> {
    let mut draft = draft::read(body)?;
    if let Some(key) = draft.secret_key().filter(|_| draft.descriptor.mode == Mode::Push) {
        draft.stored.secrets.entry(key.to_owned()).or_insert_with(push::new_secret);
    }
    draft.check(BTreeMap::new())?;
    ok(match api.pipeline().probe(&draft.stored).await {
        Ok(message) => SourceTest { ok: true, message, code: None, setting: None, advice: None },
        Err(error) => {
            let (setting, message) = said::tried(&error, locale);
            SourceTest {
                ok: false,
                message,
                code: Some(error.code().to_owned()),
                setting: setting.map(str::to_owned),
                advice: Some(locale.of(advice::for_code(error.code())).to_owned()),
            }
        }
    })
}
