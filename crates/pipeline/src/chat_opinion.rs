//! A second opinion by a chat endpoint.

use std::sync::Arc;
use std::time::Duration;

use molva_connectors::ConnectorError;
use molva_connectors::chat::{ChatAnswer, ChatEndpoint, ChatQuestion};
use molva_domain::{Clock, Intent, Stage, Timestamp, Tone};
use molva_enrichment::slow::{Asked, OpinionError, SecondOpinion};
use molva_enrichment::{Enricher, Judgement, Models};
use tokio::runtime::Handle;

/// What is said without a probability is taken for as likely as this.
const SAID: f32 = 0.9;
const WAIT: Duration = Duration::from_secs(30);

/// Asks a chat endpoint about one mention after the other. Spam and motive stay as the fast models say.
pub struct ByChat {
    endpoint: ChatEndpoint,
    clock: Arc<dyn Clock>,
    runtime: Handle,
}

impl ByChat {
    /// `runtime` is where requests run while a thread of its own waits for them.
    #[must_use]
    pub fn new(endpoint: ChatEndpoint, clock: Arc<dyn Clock>, runtime: Handle) -> Self {
        Self { endpoint, clock, runtime }
    }
}

impl SecondOpinion for ByChat {
    fn name(&self) -> &str {
        self.endpoint.model()
    }

    fn knows(&self, _asked: &Asked<'_>) -> bool {
        true
    }

    fn judge(&self, models: &Models, asked: &[Asked<'_>]) -> Result<Vec<Option<Judgement>>, OpinionError> {
        let mut enricher = Enricher::default();
        let mut judged = Vec::with_capacity(asked.len());
        for asked in asked {
            let now = self.clock.now();
            let question = ChatQuestion { text: asked.passage(), object: name_of(asked) };
            match self.runtime.block_on(self.endpoint.judge(question, now)) {
                Ok(answer) => {
                    let Asked { title, text, language, signs, object } = *asked;
                    let first = enricher.judge(models, title, text, language, &signs, object);
                    judged.push(Some(bettered(first, answer)));
                }
                Err(ConnectorError::Protocol(_)) => judged.push(None),
                // What was answered is kept; the rest is not known.
                Err(_) if judged.iter().any(Option::is_some) => break,
                Err(error) => return Err(in_words(&error, now)),
            }
        }
        judged.resize(asked.len(), None);
        Ok(judged)
    }
}

/// The object as the post calls it first.
fn name_of<'a>(asked: &Asked<'a>) -> Option<&'a str> {
    let span = asked.object?.own.first()?;
    let text = if span.in_title { asked.title } else { asked.text };
    text.get(span.start as usize..span.end as usize)
}

fn in_words(error: &ConnectorError, now: Timestamp) -> OpinionError {
    let reason = error.to_string();
    match error {
        ConnectorError::RateLimited { until } | ConnectorError::QuotaExhausted { until } => {
            OpinionError::Later { wait: until.map_or(WAIT, |until| until.since(now)), reason }
        }
        ConnectorError::Transient { retry_after, .. } => {
            OpinionError::Later { wait: retry_after.unwrap_or(WAIT), reason }
        }
        ConnectorError::Unreachable(_) => OpinionError::Later { wait: WAIT, reason },
        _ => OpinionError::Broken(reason),
    }
}

fn bettered(mut judgement: Judgement, answer: ChatAnswer) -> Judgement {
    let of = |tone: Tone| if tone == answer.tone { SAID } else { (1.0 - SAID) / 2.0 };
    judgement.tone.said = answer.tone;
    (judgement.tone.negative, judgement.tone.neutral, judgement.tone.positive) =
        (of(Tone::Negative), of(Tone::Neutral), of(Tone::Positive));
    for intent in Intent::ALL.iter().copied().filter(|intent| *intent != Intent::Spam) {
        let (place, bit) = (intent as usize, 1 << intent as u16);
        if answer.intents.contains(intent) {
            judgement.intents[place] = judgement.intents[place].max(SAID);
            judgement.intents_said |= bit;
        } else {
            judgement.intents[place] = judgement.intents[place].min(1.0 - SAID);
            judgement.intents_said &= !bit;
        }
    }
    let rest = (1.0 - SAID) / Stage::ALL.len() as f32;
    judgement.stage.said = answer.stage;
    judgement.stage.scores = [rest; Stage::ALL.len()];
    judgement.stage.none = rest;
    match answer.stage {
        Some(stage) => judgement.stage.scores[stage as usize] = SAID,
        None => judgement.stage.none = SAID,
    }
    judgement
}
