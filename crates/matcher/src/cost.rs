//! What a query will cost, told before it is saved.

/// How much work a query is for every post of the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Of a million posts, those that hold the rarest words it demands; `None` when it demands no word.
    pub looks_per_million: Option<u64>,
}

/// The same in classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CostClass {
    /// Looked at for less than 1 % of posts.
    Light,
    /// Less than 10 %.
    Moderate,
    Heavy,
    /// It demands no word: fields and exclusions are tested on every post.
    EveryPost,
}

impl Cost {
    #[must_use]
    pub const fn class(self) -> CostClass {
        match self.looks_per_million {
            Some(0..10_000) => CostClass::Light,
            Some(10_000..100_000) => CostClass::Moderate,
            Some(_) => CostClass::Heavy,
            None => CostClass::EveryPost,
        }
    }
}
