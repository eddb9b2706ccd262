use std::collections::BTreeMap;

use axum::extract::State;
use molva_domain::Tone;
use molva_pipeline::learning::ENOUGH_LABELS;
use molva_pipeline::{Automatic, Learnt, PartScore, Pipeline, Progress, Rest};
use molva_storage::audit::Answered;

use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::locale::Locale;
use crate::model::{drift, reason};
use crate::problem::Problem;
use crate::wire::Id;
use crate::wire::model::{
    ActiveModel, AutomaticTraining, BaseModel, Drift, ModelHead, ModelPage, ModelScore, PastModel, SecondOpinions,
    Steps, TrainingRest,
};
use crate::wire::words::Word;

/// With fewer labelled mentions nothing is said of who is taken for what.
const FEWEST: u64 = 10;

/// Which models judge, how good they are by what people say, and what was learnt before.
#[utoipa::path(
    get, path = "/api/model", operation_id = "getModel", tag = "model", responses((status = 200, body = ModelPage)),
)]
pub(crate) async fn get_model(State(api): State<Api>, locale: Locale) -> Answer<ModelPage> {
    ok(page(&api, locale).await?)
}

pub(super) async fn page(api: &Api, locale: Locale) -> Result<ModelPage, Problem> {
    let pipeline = api.pipeline();
    let models = pipeline.models();
    let learnt = pipeline.learnt().await?;
    let answered = api.storage().answered_audits(api.workspace(), None, None).await?;
    let active = learnt.iter().find(|one| one.stored.id == models.id);
    let (base, manifest) = Pipeline::shipped_models();
    let judged = pipeline.judging().await?;
    let automatic = pipeline.automatic_training().await?;
    let second_opinions = pipeline.second_opinions().await?;
    Ok(ModelPage {
        active: ActiveModel {
            id: Id::of(models.id),
            version: models.models.version().to_owned(),
            trained_at: active.map(|one| one.stored.created_at.into()),
            base: BaseModel { version: base, manifest },
        },
        labels: labels(api, &answered).await?,
        scores: scores(active, &learnt),
        confusion: confusion(active, &answered),
        drift: Drift { weeks: drift::weeks(api).await? },
        judged: judged.into(),
        history: learnt.iter().map(|one| past(one, locale)).collect(),
        training: pipeline.training().map(Into::into),
        automatic: automatic.into(),
        second_opinions: second_opinions.map(Into::into),
    })
}

impl From<Automatic> for AutomaticTraining {
    fn from(automatic: Automatic) -> Self {
        Self {
            rest: match automatic.rest {
                Rest::Due => TrainingRest::Due,
                Rest::Running => TrainingRest::Running,
                Rest::TooFewLabels => TrainingRest::TooFewLabels,
                Rest::TooSoon => TrainingRest::TooSoon,
                Rest::WentBack => TrainingRest::WentBack,
                Rest::Off => TrainingRest::Off,
            },
            labels: automatic.labels,
            needed: ENOUGH_LABELS,
            not_before: automatic.not_before.map(Into::into),
        }
    }
}

impl From<molva_pipeline::SecondOpinions> for SecondOpinions {
    fn from(second: molva_pipeline::SecondOpinions) -> Self {
        Self { by: Word(second.by), name: second.name, today: second.today, a_day: u64::from(second.a_day) }
    }
}

impl From<Progress> for Steps {
    fn from(progress: Progress) -> Self {
        Self { done: progress.done, total: progress.total }
    }
}

fn past(one: &Learnt, locale: Locale) -> PastModel {
    let (stored, report) = (&one.stored, one.report.as_ref());
    PastModel {
        id: Id::of(stored.id),
        created_at: stored.created_at.into(),
        state: Word(stored.state),
        reason: report.map(|report| reason::sentence(report).in_locale(locale)),
        before: report.and_then(|report| report.before),
        after: report.and_then(|report| report.after),
    }
}

/// Labels of mentions by what they say, blind answers among them.
pub(super) async fn labels(api: &Api, answered: &[Answered]) -> Result<BTreeMap<String, u64>, Problem> {
    let audits = answered.len() as u64;
    let mut labels: BTreeMap<String, u64> =
        ["tone", "intents", "stage", "spam", "relevance"].iter().map(|kind| ((*kind).to_owned(), audits)).collect();
    for (kind, count) in api.storage().labels_counted(api.workspace()).await? {
        match kind.as_str() {
            "tone" | "intents" | "stage" | "spam" | "story" => *labels.entry(kind).or_default() += count,
            "state" => *labels.entry("relevance".to_owned()).or_default() += count,
            _ => {}
        }
    }
    labels.retain(|_, count| *count > 0);
    Ok(labels)
}

/// Those of the model in use; while the shipped ones judge, theirs as the last training measured them.
fn scores(active: Option<&Learnt>, learnt: &[Learnt]) -> Vec<ModelScore> {
    let last = || learnt.iter().find(|one| one.report.as_ref().is_some_and(|report| !report.scores.is_empty()));
    let Some(report) = active.or_else(last).and_then(|one| one.report.as_ref()) else { return Vec::new() };
    let scores = report.scores.iter().filter(|score| active.is_some() || score.before.is_some());
    scores.filter_map(|score| shown(score, active.is_some())).collect()
}

fn shown(score: &PartScore, with_taught: bool) -> Option<ModelScore> {
    let head = match score.head.as_str() {
        "tone" => ModelHead::Tone,
        "intents" => ModelHead::Intents,
        "stage" => ModelHead::Stage,
        "spam" => ModelHead::Spam,
        "relevance" => ModelHead::Relevance,
        _ => return None,
    };
    Some(ModelScore {
        head,
        language: score.language.clone(),
        topic_id: score.topic.map(Id::of),
        metric: score.metric.clone(),
        before: score.before,
        after: with_taught.then_some(score.after),
        low: with_taught.then_some(score.low),
        high: with_taught.then_some(score.high),
        examples: score.examples as u64,
    })
}

/// What people said blind by what the machine says now; with few such labels, what training found on those held out.
fn confusion(active: Option<&Learnt>, answered: &[Answered]) -> Option<Vec<Vec<u64>>> {
    let mut counts = vec![vec![0; 3]; 3];
    for one in answered {
        let Some(judged) = &one.now.judged else { continue };
        let Some(((.., first), others)) = one.answers.split_first() else { continue };
        if first.relevant && !first.spam && others.iter().all(|(.., other)| other.tone == first.tone) {
            counts[place(first.tone)][place(judged.tone)] += 1;
        }
    }
    let enough = |counts: &[Vec<u64>]| counts.iter().flatten().sum::<u64>() >= FEWEST;
    if enough(&counts) {
        return Some(counts);
    }
    let held_out = active?.report.as_ref()?.confusion.iter().map(|row| row.to_vec()).collect::<Vec<_>>();
    enough(&held_out).then_some(held_out)
}

const fn place(tone: Tone) -> usize {
    match tone {
        Tone::Negative => 0,
        Tone::Neutral => 1,
        Tone::Positive => 2,
    }
}
