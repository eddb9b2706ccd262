//! What came of earlier rounds: how often the machine was right, and how far people agree.

use std::collections::HashMap;

use molva_domain::{Intent, RoundId};
use molva_insights::estimate::kappa;
use molva_storage::audit::{Answered, Round, RoundStratum};

use crate::api::Api;
use crate::problem::Problem;
use crate::wire::labelling::{Accuracy, Agreement, LabelledWeek};

/// With fewer answers nothing is said of the machine.
const FEWEST: usize = 10;

pub(super) async fn read(api: &Api, rounds: &[Round]) -> Result<(Agreement, Vec<LabelledWeek>), Problem> {
    let Some(oldest) = rounds.last() else { return Ok((Agreement::default(), Vec::new())) };
    let answered = api.storage().answered_audits(api.workspace(), Some(oldest.from), None).await?;
    let strata = api.storage().audit_strata(api.workspace(), Some(oldest.from), None).await?;
    let week = |round: &Round| {
        let own: Vec<&Answered> = answered.iter().filter(|answered| answered.audit.round == round.id).collect();
        LabelledWeek {
            week: round.from.into(),
            to: round.to.into(),
            size: round.size,
            answered: own.len() as u64,
            accuracy_of_model: (own.len() >= FEWEST).then(|| accuracy(round.id, &own, &strata)).flatten(),
        }
    };
    let history = rounds.iter().map(week).filter(|week| week.answered > 0).collect();
    Ok((agreement(&answered), history))
}

/// Of what the machine said when the mentions were drawn. `None` when it had said nothing.
fn accuracy(round: RoundId, answered: &[&Answered], strata: &[RoundStratum]) -> Option<Accuracy> {
    let mut labels: HashMap<u32, f64> = HashMap::new();
    answered.iter().for_each(|answered| *labels.entry(answered.audit.stratum).or_default() += 1.0);
    let (mut right, mut all) = (0.0, 0.0);
    for answered in answered {
        let Some(said) = &answered.audit.said else { continue };
        let stratum = answered.audit.stratum;
        let own = |known: &&RoundStratum| known.round == round && known.stratum == stratum;
        let population = strata.iter().find(own).map_or(0, |known| known.population);
        #[expect(clippy::cast_precision_loss, reason = "a weight")]
        let weight = population as f64 / labels[&stratum];
        let agreeing = answered.answers.iter().filter(|(.., answer)| answer.tone == said.tone).count();
        #[expect(clippy::cast_precision_loss, reason = "a few people")]
        let agreeing = agreeing as f64 / answered.answers.len() as f64;
        right += weight * agreeing;
        all += weight;
    }
    (all > 0.0).then(|| Accuracy { tone: right / all })
}

/// Over the first two answers of mentions that have two.
pub(super) fn agreement<'a>(answered: impl IntoIterator<Item = &'a Answered>) -> Agreement {
    let pairs: Vec<_> = answered
        .into_iter()
        .filter_map(|answered| Some((answered.answers.first()?.2, answered.answers.get(1)?.2)))
        .collect();
    let intents = pairs.iter().flat_map(|(one, other)| {
        Intent::ALL.iter().map(|intent| (one.intents.contains(*intent), other.intents.contains(*intent)))
    });
    Agreement {
        mentions: pairs.len() as u64,
        tone: kappa(&pairs.iter().map(|(one, other)| (one.tone, other.tone)).collect::<Vec<_>>()),
        intents: kappa(&intents.collect::<Vec<_>>()),
        stage: kappa(&pairs.iter().map(|(one, other)| (one.stage, other.stage)).collect::<Vec<_>>()),
        spam: kappa(&pairs.iter().map(|(one, other)| (one.spam, other.spam)).collect::<Vec<_>>()),
        relevant: kappa(&pairs.iter().map(|(one, other)| (one.relevant, other.relevant)).collect::<Vec<_>>()),
    }
}
