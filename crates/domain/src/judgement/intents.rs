//! Several intents at once: one post complains and asks for help.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Intent;

/// A set of intents, in the order of [`Intent::ALL`]. In JSON a list of names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Intents(u16);

impl Intents {
    pub const EMPTY: Self = Self(0);

    /// Bit `n` stands for `Intent::ALL[n]`: what storage keeps.
    #[must_use]
    pub const fn bits(self) -> u16 {
        self.0
    }

    /// Reads [`Self::bits`]; bits that stand for nothing are left out.
    #[must_use]
    pub const fn from_bits(bits: u16) -> Self {
        Self(bits & ((1 << Intent::ALL.len()) - 1))
    }

    #[must_use]
    pub const fn contains(self, intent: Intent) -> bool {
        self.0 & (1 << intent as u16) != 0
    }

    /// The set with the intent in it.
    #[must_use]
    pub const fn with(self, intent: Intent) -> Self {
        Self(self.0 | (1 << intent as u16))
    }

    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub fn iter(self) -> impl Iterator<Item = Intent> {
        Intent::ALL.iter().copied().filter(move |intent| self.contains(*intent))
    }

    /// Reads what `Display` writes. `None` when a name is unknown.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        text.split(',').filter(|name| !name.is_empty()).map(Intent::parse).collect()
    }
}

impl FromIterator<Intent> for Intents {
    fn from_iter<I: IntoIterator<Item = Intent>>(intents: I) -> Self {
        intents.into_iter().fold(Self::EMPTY, Self::with)
    }
}

impl fmt::Display for Intents {
    /// `complaint,help`; nothing for the empty set.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, intent) in self.iter().enumerate() {
            write!(f, "{}{intent}", if index == 0 { "" } else { "," })?;
        }
        Ok(())
    }
}

impl Serialize for Intents {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for Intents {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(<Vec<Intent>>::deserialize(deserializer)?.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_is_written_in_the_order_of_the_intents_and_read_back() {
        let set: Intents = [Intent::Help, Intent::Complaint, Intent::Help].into_iter().collect();
        assert_eq!(set.to_string(), "complaint,help");
        assert_eq!(Intents::parse("complaint,help"), Some(set));
        assert_eq!(Intents::parse(""), Some(Intents::EMPTY));
        assert_eq!(Intents::parse("complaint,hunger"), None);
        assert_eq!(Intents::from_bits(set.bits() | 0x8000), set);
        assert_eq!(set.iter().collect::<Vec<_>>(), [Intent::Complaint, Intent::Help]);
    }
}
