use axum::extract::State;
use molva_insights::collection::{QuotaCut, SourceCoverage};
use molva_insights::trust::{self, TrustQuestion};

use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::labelling::audited;
use crate::locale::Locale;
use crate::questions::collection;
use crate::request::Json;
use crate::search::months;
use crate::selection;
use crate::wire::Id;
use crate::wire::questions::trust as shape;
use crate::wire::questions::trust::{Part, SourceTrust, Trust, TrustRequest, TrustedSource};
use crate::wire::words::Word;

/// Sources and cuts told at once.
const MAX_SHOWN: usize = 200;

/// How far the figures of a selection can be trusted, and why.
#[utoipa::path(
    post, path = "/api/questions/trust", operation_id = "askTrust", tag = "questions", request_body = TrustRequest,
    responses(
        (status = 200, body = Trust),
        (status = 422, description = "`query_has_errors` with `diagnostics`, or `invalid_fields`"),
        (status = 503, description = "`busy`; `Retry-After` says when to ask again"),
    ),
)]
pub(crate) async fn ask_trust(State(api): State<Api>, locale: Locale, Json(body): Json<TrustRequest>) -> Answer<Trust> {
    let selected = selection::read(&api, &body.selection, locale).await?;
    let audited = audited::read(&api, &selected, None).await?.part();
    let labelled = audited.mentions;
    let collection = collection::read(&api, selected.filter.from, selected.filter.before).await?;
    let (incomplete, now) = (api.incomplete(), api.now());
    let filling = incomplete.map(|filling| (filling.done, filling.total));
    let trust = api
        .ask_archive(move |archive| {
            trust::trust(archive, &TrustQuestion { of: selected.of(), collection: &collection, filling, labelled, now })
        })
        .await?;
    let coverage = trust.coverage;
    ok(Trust {
        score: Word(trust.score),
        reasons: trust.reasons.iter().map(|reason| reason.sentence(locale.language())).collect(),
        sources: SourceTrust {
            expected: coverage.expected,
            delivering: coverage.delivering,
            list: coverage.sources.into_iter().take(MAX_SHOWN).map(source).collect(),
        },
        gaps: collection::gaps(coverage.gaps),
        gap_share: coverage.gap_share,
        quota_cuts: coverage.cuts.into_iter().take(MAX_SHOWN).map(cut).collect(),
        duplicates: Part { mentions: trust.copies, share: trust.copies_share },
        binned: trust.binned,
        spam: trust.spam,
        audited,
        judged_by_people: Part { mentions: trust.judged, share: trust.judged_share },
        incomplete,
        missing: months(&trust.missing),
    })
}

fn source(source: SourceCoverage) -> TrustedSource {
    TrustedSource {
        source_id: Id::of(source.source),
        name: source.name,
        network: source.connector,
        state: Word(source.state),
        delivering: source.delivering,
        gap_seconds: source.down.as_secs(),
    }
}

fn cut(cut: QuotaCut) -> shape::QuotaCut {
    shape::QuotaCut { source_id: Id::of(cut.source), name: cut.name, at: cut.at.into() }
}
