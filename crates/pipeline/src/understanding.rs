//! What a mention says, judged by the active model where posts are prepared, and why, when somebody asks.

use std::sync::{Arc, PoisonError};

use molva_domain::{Intents, MachineJudgement, ModelId, Post, Span, ToneScores, TopicId, TopicKind};
use molva_enrichment::slow::{Asked, OpinionError, SecondOpinion};
use molva_enrichment::stories::Signer;
use molva_enrichment::{Enricher, Explanation, Judgement, Models, Object, PostSigns, Span as Place};
use molva_storage::intake::{Judged, MatchSpan, TopicMatch};
use molva_storage::mention::Mention;
use molva_text::Analysis;

use crate::ingest::{Inner, Pipeline, match_span};
use crate::second::SecondOptions;

/// The model that judges what arrives.
#[derive(Clone, Debug)]
pub struct ActiveModel {
    pub id: ModelId,
    pub models: Arc<Models>,
}

impl ActiveModel {
    /// The one that comes with Molva.
    #[must_use]
    pub fn shipped() -> Self {
        Self { id: ModelId::SHIPPED, models: Arc::new(Models::shipped().clone()) }
    }
}

/// A judgement with its reasons.
#[derive(Clone, Debug)]
pub struct Explained {
    /// The model that was asked: the active one, which need not be the one whose judgement is stored.
    pub model: ModelId,
    pub judgement: MachineJudgement,
    pub reasons: Explanation,
}

/// Buffers of one thread that judges and signs.
#[derive(Default)]
pub(crate) struct Reader {
    enricher: Enricher,
    signer: Signer,
    own: Vec<Place>,
    others: Vec<Place>,
}

impl Reader {
    /// For the index of stories.
    pub(crate) fn sign(&mut self, title: Option<&str>, text: &str) -> Vec<u8> {
        self.signer.sign(title.unwrap_or_default(), text).to_bytes()
    }

    /// The same of a post whose tokens are known.
    pub(crate) fn sign_analysed(&mut self, analysis: &Analysis, post: &Post) -> Vec<u8> {
        self.signer.sign_analysed(analysis, post.title.as_deref().unwrap_or_default(), &post.text).to_bytes()
    }

    /// `analysis`: the tokens of the post, where they are known.
    fn judge(&mut self, model: &ActiveModel, post: &Post, topic: TopicId, analysis: Option<&Analysis>) -> Judged {
        let object = Some(Object { own: &self.own, others: &self.others });
        let title = post.title.as_deref().unwrap_or_default();
        let (models, language, signs) = (&model.models, post.language, signs_of(post));
        let said = match analysis {
            Some(analysis) => {
                self.enricher.judge_analysed(models, analysis, (title, &post.text), language, &signs, object)
            }
            None => self.enricher.judge(models, title, &post.text, language, &signs, object),
        };
        let relevance = self.enricher.relevance(models, topic.0);
        Judged { model: model.id, judgement: MachineJudgement { relevance, ..in_words_of_domain(&said) } }
    }

    fn explain(&mut self, model: &ActiveModel, post: &Post, topic: TopicId) -> Explained {
        let Judged { model: id, judgement } = self.judge(model, post, topic, None);
        let object = Object { own: &self.own, others: &self.others };
        let title = post.title.as_deref().unwrap_or_default();
        let (language, signs) = (post.language, signs_of(post));
        let reasons = self.enricher.explain(&model.models, title, &post.text, language, &signs, Some(object));
        Explained { model: id, judgement, reasons }
    }

    /// Where the object stands in the post read last, and where its rivals do.
    pub(crate) fn places(&self) -> (&[Place], &[Place]) {
        (&self.own, &self.others)
    }

    /// The object's places, and those of its rivals that are not among them.
    fn stand_at(&mut self, own: &[MatchSpan], others: impl Iterator<Item = MatchSpan>) {
        self.own.clear();
        self.own.extend(own.iter().copied().map(place));
        self.others.clear();
        let overlaps = |other: &MatchSpan| {
            own.iter().any(|own| own.in_title == other.in_title && own.start < other.end && other.start < own.end)
        };
        self.others.extend(others.filter(|other| !overlaps(other)).map(place));
    }
}

impl Inner {
    /// Judges each match of a post, whose tokens these are, towards its own object.
    pub(crate) fn judge_matches(
        &self,
        reader: &mut Reader,
        model: &ActiveModel,
        (post, analysis): (&Post, &Analysis),
        hits: Vec<(TopicId, Vec<MatchSpan>)>,
    ) -> Vec<TopicMatch> {
        let judged: Vec<Option<Judged>> =
            (0..hits.len()).map(|index| self.judge_match(reader, model, (post, analysis), &hits, index)).collect();
        hits.into_iter().zip(judged).map(|((topic, spans), judged)| TopicMatch { topic, spans, judged }).collect()
    }

    /// Judges one match of a post: where the others are brands, they are its rivals. `None` when posts are not judged as they
    /// come.
    pub(crate) fn judge_match(
        &self,
        reader: &mut Reader,
        model: &ActiveModel,
        (post, analysis): (&Post, &Analysis),
        hits: &[(TopicId, Vec<MatchSpan>)],
        index: usize,
    ) -> Option<Judged> {
        let (own_topic, own) = hits.get(index).filter(|_| self.options.judge_at_once)?;
        let rivals = hits.iter().filter(|(topic, _)| topic != own_topic && self.names_a_brand(*topic));
        reader.stand_at(own, rivals.flat_map(|(_, spans)| spans.iter().copied()));
        Some(reader.judge(model, post, *own_topic, Some(analysis)))
    }

    /// Judges stored mentions as they would be judged if they came today. Off the runtime.
    pub(crate) fn judge_stored(&self, model: &ActiveModel, mentions: &[Mention]) -> Vec<MachineJudgement> {
        let mut reader = self.readers.take();
        let judged = mentions
            .iter()
            .map(|mention| {
                self.stand_at_stored(&mut reader, mention);
                reader.judge(model, &mention.post, mention.topic, None).judgement
            })
            .collect();
        self.readers.give_back(reader);
        judged
    }

    /// Judges stored mentions once more, by somebody who knows better. May take seconds. Off the runtime.
    pub(crate) fn judge_again(
        &self,
        model: &ActiveModel,
        opinion: &dyn SecondOpinion,
        mentions: &[&Mention],
    ) -> Result<Vec<Option<MachineJudgement>>, OpinionError> {
        let mut reader = self.readers.take();
        let places: Vec<(Vec<Place>, Vec<Place>)> = mentions
            .iter()
            .map(|mention| {
                self.stand_at_stored(&mut reader, mention);
                (reader.own.clone(), reader.others.clone())
            })
            .collect();
        self.readers.give_back(reader);
        let asked: Vec<Asked<'_>> = mentions
            .iter()
            .zip(&places)
            .map(|(mention, (own, others))| asked(&mention.post, Object { own, others }))
            .collect();
        let judged = opinion.judge(&model.models, &asked)?;
        Ok(judged.iter().map(|judged| judged.as_ref().map(in_words_of_domain)).collect())
    }

    /// Whether there is anything better to be known of a mention.
    pub(crate) fn knows(&self, options: &SecondOptions, mention: &Mention) -> bool {
        let own: Vec<Place> = mention.spans.iter().copied().map(place).collect();
        options.opinion.knows(&asked(&mention.post, Object { own: &own, others: &[] }))
    }

    /// The places of the mention's words, and those of rivals by the queries as they are now.
    pub(crate) fn stand_at_stored(&self, reader: &mut Reader, mention: &Mention) {
        if mention.topics.len() < 2 {
            return reader.stand_at(&mention.spans, std::iter::empty());
        }
        let mut scratch = self.scratches.take();
        let hits = self.matcher.snapshot().matches(&mention.post, &mut scratch);
        self.scratches.give_back(scratch);
        let rivals = hits.into_iter().filter(|hit| {
            let topic = TopicId(hit.query);
            topic != mention.topic && self.names_a_brand(topic)
        });
        reader.stand_at(&mention.spans, rivals.flat_map(|hit| hit.spans).map(match_span));
    }

    fn names_a_brand(&self, topic: TopicId) -> bool {
        let kinds = self.kinds.read().unwrap_or_else(PoisonError::into_inner);
        matches!(kinds.get(&topic), Some(TopicKind::Own | TopicKind::Competitor))
    }

    pub(crate) fn active_model(&self) -> Arc<ActiveModel> {
        Arc::clone(&self.model.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Pipeline {
    /// The model that judges what arrives.
    #[must_use]
    pub fn models(&self) -> Arc<ActiveModel> {
        self.inner.active_model()
    }

    /// Judges with another model from now on; what was judged before is judged anew in the background.
    pub fn use_model(&self, model: ActiveModel) {
        *self.inner.model.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(model);
        self.inner.judging.wake();
    }

    /// Why the active model judges a mention as it does. `None` for a post that its network deleted.
    pub async fn explain(&self, mention: Mention) -> Option<Explained> {
        if mention.post_deleted {
            return None;
        }
        let (inner, model) = (Arc::clone(&self.inner), self.models());
        let explained = tokio::task::spawn_blocking(move || {
            let mut reader = inner.readers.take();
            inner.stand_at_stored(&mut reader, &mention);
            let explained = reader.explain(&model, &mention.post, mention.topic);
            inner.readers.give_back(reader);
            explained
        });
        explained.await.ok()
    }
}

fn asked<'a>(post: &'a Post, object: Object<'a>) -> Asked<'a> {
    Asked {
        title: post.title.as_deref().unwrap_or_default(),
        text: &post.text,
        language: post.language,
        signs: signs_of(post),
        object: Some(object),
    }
}

fn place(span: MatchSpan) -> Place {
    Place { in_title: span.in_title, start: span.start, end: span.end }
}

pub(crate) fn signs_of(post: &Post) -> PostSigns {
    let beside_the_text = post.links.iter().filter(|link| !post.text.contains(link.as_str())).count();
    PostSigns {
        kind: Some(post.kind),
        followers: post.author.followers,
        bot: post.author.bot,
        links: u32::try_from(beside_the_text).unwrap_or(u32::MAX),
        rating: post.engagement.rating,
    }
}

fn in_words_of_domain(said: &Judgement) -> MachineJudgement {
    let stage = said.stage.said;
    MachineJudgement {
        tone: said.tone.said,
        tone_scores: ToneScores {
            negative: said.tone.negative,
            neutral: said.tone.neutral,
            positive: said.tone.positive,
        },
        intents: Intents::from_bits(said.intents_said),
        intent_scores: said.intents,
        stage,
        stage_score: stage.map_or(said.stage.none, |stage| said.stage.scores[stage as usize]),
        spam: said.spam,
        bot: said.bot,
        motive: said.motive.map(|Place { in_title, start, end }| Span { in_title, start, end }),
        relevance: None,
        second: None,
    }
}
