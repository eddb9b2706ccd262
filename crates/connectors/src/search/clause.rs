//! What is looked for, its words written as a network takes them.

use std::collections::HashSet;

/// A part of a query.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Clause {
    One(String),
    All(Vec<Self>),
    Any(Vec<Self>),
}

impl Clause {
    /// One of them, each named once.
    pub(crate) fn any(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut flat = Vec::new();
        for part in parts {
            match part {
                Self::Any(parts) => flat.extend(parts),
                part => flat.push(part),
            }
        }
        let mut seen = HashSet::new();
        flat.retain(|part| seen.insert(part.clone()));
        if flat.len() == 1 { flat.remove(0) } else { Self::Any(flat) }
    }

    /// One of these texts, each named once.
    pub(crate) fn choice(texts: impl IntoIterator<Item = String>) -> Self {
        Self::any(texts.into_iter().map(Self::One))
    }
}
