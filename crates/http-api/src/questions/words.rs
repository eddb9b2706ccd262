use std::sync::Arc;

use axum::extract::State;
use molva_domain::MentionId;
use molva_insights::Stretch;
use molva_insights::phrases::{self, PhraseFigures};
use molva_insights::words::{self, Said, WordsQuestion};
use molva_storage::mention::MentionText;

use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::lists::off_the_runtime;
use crate::locale::Locale;
use crate::problem::Problem;
use crate::request::{Checks, Json};
use crate::search::months;
use crate::selection;
use crate::selection::Selected;
use crate::wire::questions::words::{Baseline, Phrase, Phrases, SaidWord, WordDrill, Words, WordsRequest};
use crate::wire::selection::Selection;

/// What is said: words, phrases, hashtags, emoji and links, beside a baseline.
#[utoipa::path(
    post, path = "/api/questions/words", operation_id = "askWords", tag = "questions", request_body = WordsRequest,
    responses(
        (status = 200, body = Words),
        (status = 422, description = "`query_has_errors` with `diagnostics`, or `invalid_fields`"),
        (status = 503, description = "`busy`; `Retry-After` says when to ask again"),
    ),
)]
pub(crate) async fn ask_words(State(api): State<Api>, locale: Locale, Json(body): Json<WordsRequest>) -> Answer<Words> {
    let mut checks = Checks::default();
    let limit = checks.within("limit", Some(body.limit), body.limit, super::MAX_ROWS) as usize;
    let baseline = super::stretch(&mut checks, "baseline", body.baseline.as_ref());
    checks.finish()?;
    answer(&api, locale, &body.selection, baseline, limit).await
}

/// The answer with so many rows of each list, also more than the page asks for.
pub(crate) async fn answer(
    api: &Api,
    locale: Locale,
    selection: &Selection,
    baseline: Option<Stretch>,
    limit: usize,
) -> Answer<Words> {
    let selected = selection::read(api, selection, locale).await?;
    let now = api.now();
    let sampled = sample(api, selected.clone(), limit);
    let counted = api
        .ask_archive(move |archive| words::words(archive, &WordsQuestion { of: selected.of(), baseline, limit, now }));
    // Side by side: phrases wait for the storage while words are counted.
    let (counted, phrases) = tokio::try_join!(counted, sampled)?;
    let said =
        |words: Vec<Said>, drill: fn(String) -> WordDrill| words.into_iter().map(|word| row(word, drill)).collect();
    let word: fn(String) -> WordDrill = |word| WordDrill { word: Some(vec![word]), ..WordDrill::default() };
    ok(Words {
        mentions: counted.mentions,
        baseline: Baseline {
            from: counted.baseline.map(|stretch| stretch.from.into()),
            to: counted.baseline.map(|stretch| stretch.before.into()),
            mentions: counted.baseline_mentions,
        },
        typical: said(counted.typical, word),
        rising: said(counted.rising, word),
        hashtags: said(counted.hashtags, |tag| WordDrill { hashtag: Some(vec![tag]), ..WordDrill::default() }),
        emoji: said(counted.emoji, |sign| WordDrill { emoji: Some(vec![sign]), ..WordDrill::default() }),
        links: said(counted.links, |link| WordDrill { link: Some(vec![link]), ..WordDrill::default() }),
        phrases: shown(phrases),
        incomplete: api.incomplete(),
        missing: months(&counted.missing),
    })
}

/// Phrases of an evenly spread sample.
async fn sample(api: &Api, selected: Selected, limit: usize) -> Result<PhraseFigures, Problem> {
    let sampled = api
        .ask_archive(move |archive| archive.sample(selected.query.as_ref(), &selected.filter, phrases::SAMPLE))
        .await?;
    let (mut texts, unknown) = api.known_texts.of(&sampled.ids);
    // Side by side: mostly they wait for the disk.
    let pieces: [&[MentionId]; 4] = pieces(&unknown);
    let [one, two, three, four] = pieces.map(|ids| api.storage().texts_of_mentions(api.workspace(), ids));
    let found = tokio::try_join!(one, two, three, four)?;
    let api = Arc::clone(api);
    off_the_runtime(move || {
        let mut reader = phrases::Reader::default();
        let mut read =
            |(id, title, text): &MentionText| (*id, Arc::new(reader.read(title.as_deref().unwrap_or_default(), text)));
        let found: Vec<_> = <[_; 4]>::from(found).iter().flatten().map(&mut read).collect();
        api.known_texts.keep(&found);
        texts.extend(found.into_iter().map(|(_, text)| text));
        phrases::phrases(&texts, limit)
    })
    .await
}

/// Neighbours stay together.
fn pieces<T, const N: usize>(whole: &[T]) -> [&[T]; N] {
    std::array::from_fn(|number| &whole[whole.len() * number / N..whole.len() * (number + 1) / N])
}

fn row(said: Said, drill: fn(String) -> WordDrill) -> SaidWord {
    SaidWord {
        drill: drill(said.word.clone()),
        word: said.word,
        mentions: said.mentions,
        share: said.share,
        baseline: said.baseline,
        baseline_share: said.baseline_share,
        lift: said.lift,
    }
}

fn shown(figures: PhraseFigures) -> Phrases {
    let phrase = |phrase: phrases::Phrase| Phrase {
        drill: WordDrill { query: Some(format!("\"{}\"", phrase.phrase)), ..WordDrill::default() },
        phrase: phrase.phrase,
        mentions: phrase.mentions,
        share: phrase.share,
        share_low: phrase.share_low,
        share_high: phrase.share_high,
    };
    Phrases { sampled: figures.sampled, values: figures.values.into_iter().map(phrase).collect() }
}
