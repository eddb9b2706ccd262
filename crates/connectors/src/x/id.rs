//! Ids of posts, which hold the moment they were made: 41 bits of milliseconds above 22 bits of machine and sequence.

use molva_domain::Timestamp;

/// When X's ids begin, in Unix milliseconds.
const EPOCH_MS: i64 = 1_288_834_974_657;
const BELOW: u32 = 22;

/// The least id of that moment: everything made since then has a greater one.
pub(super) fn at(moment: Timestamp) -> u64 {
    u64::try_from(moment.as_millis() - EPOCH_MS).unwrap_or(0) << BELOW
}

/// When a post of that id was made.
pub(super) fn moment(id: u64) -> Timestamp {
    Timestamp::from_millis(i64::try_from(id >> BELOW).unwrap_or(0) + EPOCH_MS)
}

/// An id as X writes it.
pub(super) fn parse(text: &str) -> Option<u64> {
    text.parse().ok().filter(|id| *id > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_tells_when_its_post_was_made() {
        // A post of the samples: 2019-12-31T19:26:16.000Z.
        let id = 1_212_092_628_029_698_048;
        assert_eq!(moment(id).as_secs(), 1_577_820_376);
        let second = Timestamp::from_secs(1_577_820_376);
        assert!(at(second) <= id && at(Timestamp::from_secs(1_577_820_377)) > id);
        assert_eq!((parse("12"), parse("0"), parse("a1"), parse("")), (Some(12), None, None, None));
    }
}
