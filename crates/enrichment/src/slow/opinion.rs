//! Who is asked for a second opinion, and how.

use std::time::Duration;

use molva_domain::Language;

use super::heads::{Heads, Second};
use super::{EncodeFailed, Encoder};
use crate::enricher::Enricher;
use crate::judgement::{Judgement, Object, PostSigns, Span};
use crate::models::Models;

/// Bytes of a post that are handed on; of longer ones those around the object, else the first.
const WINDOW: usize = 1_000;

/// A mention that is to be judged again.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    pub title: &'a str,
    pub text: &'a str,
    pub language: Option<Language>,
    pub signs: PostSigns,
    pub object: Option<Object<'a>>,
}

/// Judges again what the fast models judged. May block for seconds: not for a thread that serves others.
pub trait SecondOpinion: Send + Sync {
    /// Says who judges, in a word or two for logs and pages.
    fn name(&self) -> &str;

    /// Whether it knows anything better of such a mention.
    fn knows(&self, asked: &Asked<'_>) -> bool;

    /// One judgement for each mention asked, in the same order. What it knows nothing better about stays as `models` say.
    ///
    /// # Errors
    /// When none could be judged; one that could not be judged alone is answered by `None`.
    fn judge(&self, models: &Models, asked: &[Asked<'_>]) -> Result<Vec<Option<Judgement>>, OpinionError>;
}

/// Why nothing was judged. Never holds a word of a post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OpinionError {
    /// It will work later, not before this time has passed.
    Later { wait: Duration, reason: String },
    /// It will not work until somebody changes something.
    Broken(String),
}

impl std::fmt::Display for OpinionError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Later { wait, reason } => write!(formatter, "{reason}; asked again in {} s", wait.as_secs()),
            Self::Broken(reason) => formatter.write_str(reason),
        }
    }
}

impl std::error::Error for OpinionError {}

impl From<EncodeFailed> for OpinionError {
    fn from(EncodeFailed(reason): EncodeFailed) -> Self {
        Self::Broken(reason)
    }
}

/// A second opinion by an encoder on this machine.
pub struct ByEncoder<E> {
    encoder: E,
    heads: Heads,
}

impl<E: Encoder> ByEncoder<E> {
    /// `heads` over vectors of `encoder`.
    ///
    /// # Errors
    /// When the heads were learnt with another encoder.
    pub fn new(encoder: E, heads: Heads) -> Result<Self, OpinionError> {
        if heads.encoder() != encoder.name() {
            return Err(OpinionError::Broken(format!(
                "the heads were learnt with the encoder `{}`, this one is `{}`; learn them anew with `molva train --encoder`",
                heads.encoder(),
                encoder.name()
            )));
        }
        Ok(Self { encoder, heads })
    }

    #[must_use]
    pub const fn heads(&self) -> &Heads {
        &self.heads
    }
}

impl<E: Encoder> SecondOpinion for ByEncoder<E> {
    fn name(&self) -> &str {
        self.encoder.name()
    }

    fn knows(&self, asked: &Asked<'_>) -> bool {
        self.heads.knows(asked)
    }

    fn judge(&self, models: &Models, asked: &[Asked<'_>]) -> Result<Vec<Option<Judgement>>, OpinionError> {
        self.heads.check(models)?;
        let mut enricher = Enricher::default();
        let mut judged: Vec<Option<Judgement>> = vec![None; asked.len()];
        // What no head was learnt for is not worth a vector.
        let worth: Vec<usize> = (0..asked.len()).filter(|index| self.heads.knows(&asked[*index])).collect();
        let passages: Vec<&str> = worth.iter().map(|index| asked[*index].passage()).collect();
        let vectors = self.encoder.encode(&passages)?;
        let mut vector_of = vec![None; asked.len()];
        worth.into_iter().zip(&vectors).for_each(|(index, vector)| vector_of[index] = Some(vector));
        for ((asked, vector), judged) in asked.iter().zip(vector_of).zip(&mut judged) {
            let Asked { title, text, language, signs, object } = *asked;
            *judged = Some(match vector {
                None => enricher.judge(models, title, text, language, &signs, object),
                Some(vector) => {
                    let second = Second { heads: &self.heads, vector: self.heads.spread.of(vector) };
                    enricher.judge_again(models, &second, (title, text), language, &signs, object)
                }
            });
        }
        Ok(judged)
    }
}

impl<'a> Asked<'a> {
    /// What of the mention is handed on: the text around the object, or the title where there is no text.
    #[must_use]
    pub fn passage(&self) -> &'a str {
        let own = self.object.and_then(|object| object.own.iter().find(|span| !span.in_title));
        if self.text.is_empty() { passage(self.title, None) } else { passage(self.text, own) }
    }
}

pub(crate) fn passage<'a>(text: &'a str, own: Option<&Span>) -> &'a str {
    if text.len() <= WINDOW {
        return text;
    }
    let middle = own.map_or(0, |span| span.start as usize).min(text.len());
    let from = middle.saturating_sub(WINDOW / 2).min(text.len() - WINDOW);
    &text[text.ceil_char_boundary(from)..text.floor_char_boundary(from + WINDOW)]
}
