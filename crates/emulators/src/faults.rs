//! What goes wrong on purpose: a share of the answers, each kind in turn.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

/// A way to fail. Which of them a request can meet is its network's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// Refused as above the limit, in the network's words.
    RateLimit,
    /// The token is not accepted.
    ExpiredToken,
    /// A person must prove to be one.
    Captcha,
    /// What is asked about is gone.
    DeletedParent,
    /// An inner error of the network.
    ServerError,
    /// Something is told twice.
    Duplicate,
    /// Not in the order that was promised.
    OutOfOrder,
    /// The answer ends in its middle. What was asked for was done.
    CutJson,
    /// Fields that no contract names.
    UnknownFields,
    /// The second half of the answer comes late.
    SlowBody,
    /// A stream says nothing more and stays open.
    Silent,
    /// A stream says that it ends, and ends.
    Disconnect,
}

impl Fault {
    pub const ALL: [Self; 10] = [
        Self::RateLimit,
        Self::ExpiredToken,
        Self::Captcha,
        Self::DeletedParent,
        Self::ServerError,
        Self::Duplicate,
        Self::OutOfOrder,
        Self::CutJson,
        Self::UnknownFields,
        Self::SlowBody,
    ];

    /// Of a question.
    pub(crate) const ASKING: &'static [Self] =
        &[Self::RateLimit, Self::ExpiredToken, Self::ServerError, Self::CutJson, Self::UnknownFields, Self::SlowBody];

    /// Of a list.
    pub(crate) const READING: &'static [Self] = &[
        Self::RateLimit,
        Self::ExpiredToken,
        Self::ServerError,
        Self::Duplicate,
        Self::OutOfOrder,
        Self::CutJson,
        Self::UnknownFields,
        Self::SlowBody,
    ];

    /// Of something that is written below something else.
    pub(crate) const WRITING: &'static [Self] = &[
        Self::RateLimit,
        Self::ExpiredToken,
        Self::DeletedParent,
        Self::ServerError,
        Self::CutJson,
        Self::UnknownFields,
        Self::SlowBody,
    ];

    /// The same where the network wants to see that a person writes.
    pub(crate) const WRITING_AS_A_PERSON: &'static [Self] = &[
        Self::RateLimit,
        Self::ExpiredToken,
        Self::Captcha,
        Self::DeletedParent,
        Self::ServerError,
        Self::CutJson,
        Self::UnknownFields,
        Self::SlowBody,
    ];

    /// Of streams without end, beside the others.
    pub const OF_STREAMS: [Self; 2] = [Self::Silent, Self::Disconnect];

    /// As it is written on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::RateLimit => "rate_limit",
            Self::ExpiredToken => "expired_token",
            Self::Captcha => "captcha",
            Self::DeletedParent => "deleted_parent",
            Self::ServerError => "server_error",
            Self::Duplicate => "duplicate",
            Self::OutOfOrder => "out_of_order",
            Self::CutJson => "cut_json",
            Self::UnknownFields => "unknown_fields",
            Self::SlowBody => "slow_body",
            Self::Silent => "silent",
            Self::Disconnect => "disconnect",
        }
    }
}

/// What is to go wrong. `{"share": 0.05}` spoils one answer in twenty, each kind in turn; `{"share": 1, "kinds": ["captcha"]}` asks
/// for a captcha every time; `{"next": 2, "kinds": ["cut_json"]}` cuts the next two answers.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Faults {
    /// Of all answers, 0 to 1.
    pub share: f64,
    pub kinds: Vec<Fault>,
    /// So many answers are spoilt whatever the share.
    pub next: u64,
    /// How long a slow body waits in its middle.
    pub slow_ms: u64,
    /// No page holds more, whatever is asked for.
    pub page: usize,
    /// The network's clock is ahead by so much.
    pub clock_skew_s: i64,
    #[serde(skip)]
    waiting: VecDeque<Fault>,
    #[serde(skip)]
    owed: f64,
}

impl Default for Faults {
    fn default() -> Self {
        Self {
            share: 0.0,
            kinds: Fault::ALL.to_vec(),
            next: 0,
            slow_ms: 1_000,
            page: usize::MAX,
            clock_skew_s: 0,
            waiting: VecDeque::new(),
            owed: 0.0,
        }
    }
}

impl Faults {
    /// A share of the answers, every kind.
    #[must_use]
    pub fn share(share: f64) -> Self {
        Self { share, ..Self::default() }
    }

    /// The next answer that it fits is spoilt so, and no other.
    #[must_use]
    pub fn once(kind: Fault) -> Self {
        Self { kinds: vec![kind], next: 1, ..Self::default() }
    }

    /// The fault of this answer, of those it can meet. A kind that does not fit waits for an answer that it fits.
    pub(crate) fn draw(&mut self, fitting: &[Fault]) -> Option<Fault> {
        self.owed += self.share.clamp(0.0, 1.0);
        if self.next > 0 {
            self.owed = self.owed.max(1.0);
        }
        if self.owed < 1.0 {
            return None;
        }
        if self.waiting.is_empty() {
            self.waiting = self.kinds.iter().copied().collect();
        }
        let position = self.waiting.iter().position(|fault| fitting.contains(fault))?;
        let fault = self.waiting.remove(position)?;
        self.waiting.push_back(fault);
        self.owed -= 1.0;
        self.next = self.next.saturating_sub(1);
        Some(fault)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_of_the_answers_meets_each_kind_in_turn() {
        let mut faults = Faults::share(0.05);
        let drawn: Vec<Fault> = (0..2_000).filter_map(|_| faults.draw(&Fault::ALL)).collect();
        assert!((99..=100).contains(&drawn.len()), "{}", drawn.len());
        assert!(Fault::ALL.iter().all(|kind| drawn.iter().filter(|fault| *fault == kind).count() >= 9), "{drawn:?}");
    }

    #[test]
    fn a_kind_that_does_not_fit_waits() {
        let mut faults = Faults { kinds: vec![Fault::Captcha, Fault::CutJson], next: 2, ..Faults::default() };
        assert_eq!(faults.draw(&[Fault::CutJson]), Some(Fault::CutJson));
        assert_eq!(faults.draw(&[Fault::SlowBody]), None);
        assert_eq!(faults.draw(&Fault::ALL), Some(Fault::Captcha));
        assert_eq!(faults.draw(&Fault::ALL), None);
    }
}
