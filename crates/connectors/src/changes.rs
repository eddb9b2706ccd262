//! What becomes known of a post after it was heard, network by network: edits, deletions, and what was said while nobody listened. The
//! pages of `docs/networks` are made of it, and the contract test plays every network and holds it to its word.

use std::fmt;

/// How a change of a post comes to be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// To those who go on listening.
    Listening,
    /// To those who ask about the post again while it is young: [`crate::refresh`].
    AskingAgain,
    /// To nobody; why.
    Never(&'static str),
}

/// What becomes of what was said while nobody listened, also behind a place that the network no longer knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missed {
    /// It is read again.
    ReadAgain,
    /// It is read again as far as that; what lies further back is a gap.
    AsFar(&'static str),
    /// It is a gap; why.
    Gap(&'static str),
    /// There is nothing to miss; why.
    Nothing(&'static str),
}

/// A network.
#[derive(Clone, Copy, Debug)]
pub struct Changes {
    /// Name of the row.
    pub network: &'static str,
    pub edits: Told,
    pub deletions: Told,
    pub missed: Missed,
}

use Missed::{AsFar, Gap, Nothing, ReadAgain};
use Told::{AskingAgain, Listening, Never};

const fn row(network: &'static str, edits: Told, deletions: Told, missed: Missed) -> Changes {
    Changes { network, edits, deletions, missed }
}

/// One for each row of [`crate::table::CONNECTORS`], in the same order.
pub static CHANGES: &[Changes] = &[
    row(
        "feed",
        Listening,
        Never("a feed shows its latest entries, and one that is no longer among them may only be old"),
        AsFar("the latest entries that the feed shows"),
    ),
    row("wordpress", AskingAgain, AskingAgain, AsFar("5,000 comments")),
    row("mastodon", Listening, Listening, AsFar("10,000 posts, or 2,000 where the server has lost the place")),
    row("bluesky", Listening, Listening, AsFar("the last days, which the stream keeps")),
    row("vk", Listening, Listening, ReadAgain),
    row("ok", Listening, Listening, AsFar("topics and their comments; messages of that time are told to nobody")),
    row(
        "telegram",
        Listening,
        Never("a bot is told of no deletion and cannot ask for a message"),
        Gap("a bot is told of the last day only, and cannot read what was said before"),
    ),
    row("max", Listening, Listening, AsFar("what still stands in the chats, without edits and removals of that time")),
    row("matrix", Listening, Listening, ReadAgain),
    row("x", AskingAgain, AskingAgain, AsFar("a week, by search")),
    row("facebook", Listening, Listening, ReadAgain),
    row("instagram", AskingAgain, AskingAgain, ReadAgain),
    row("discourse", AskingAgain, AskingAgain, AsFar("20,000 posts")),
    row("nodebb", AskingAgain, AskingAgain, AsFar("20,000 posts")),
    row("flarum", AskingAgain, AskingAgain, AsFar("20,000 posts")),
    row("hackernews", AskingAgain, AskingAgain, AsFar("300,000 items")),
    row("reddit", AskingAgain, AskingAgain, AsFar("the thousand things that Reddit lists")),
    row("youtube", AskingAgain, AskingAgain, AsFar("10,000 comments of each channel")),
    row(
        "appstore",
        Listening,
        Never(
            "a review that was taken away is left out of Apple's list without a word, like one that is too old for it",
        ),
        AsFar("500 reviews of each country, or all of an app of your own"),
    ),
    row(
        "googleplay",
        Listening,
        Never("Google lists the reviews of a week, and one that is no longer among them may only be old"),
        AsFar("a week"),
    ),
    row(
        "mail",
        Never("a letter that was sent does not change"),
        Never("a letter that somebody clears out of the mailbox was written all the same"),
        ReadAgain,
    ),
    row(
        "push",
        Listening,
        Never("whoever pushes has no word for it"),
        Nothing("whoever pushes is told what was taken in, and pushes the rest again"),
    ),
    row(
        "import",
        Never("a file is read once"),
        Never("a file is read once"),
        Nothing("a file is read on from where reading stopped"),
    ),
    row(
        "demo",
        Never("invented posts stay as they are"),
        Never("invented posts stay as they are"),
        Nothing("the stream invents what it would have said meanwhile"),
    ),
];

/// What is known of changes in the network of that name.
#[must_use]
pub fn of(network: &str) -> Option<&'static Changes> {
    CHANGES.iter().find(|row| row.network == network)
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Listening => f.write_str("as they happen, or at the next look"),
            Self::AskingAgain => f.write_str("when a young post is looked up again"),
            Self::Never(why) => write!(f, "no: {why}"),
        }
    }
}

impl fmt::Display for Missed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ReadAgain => f.write_str("is read again"),
            Self::AsFar(how_far) => write!(f, "is read again as far as {how_far}; the rest shows as a gap"),
            Self::Gap(why) => write!(f, "shows as a gap: {why}"),
            Self::Nothing(why) => write!(f, "nothing: {why}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::CONNECTORS;

    #[test]
    fn every_network_says_what_becomes_of_its_posts_and_says_nothing_else_elsewhere() {
        let told: Vec<_> = CHANGES.iter().map(|row| row.network).collect();
        let names: Vec<_> = CONNECTORS.iter().map(|connector| connector.descriptor().name).collect();
        assert_eq!(told, names);
        for (row, connector) in CHANGES.iter().zip(CONNECTORS) {
            let follows = !matches!(row.deletions, Never(_));
            assert_eq!(connector.descriptor().capabilities.delete_events, follows, "{}", row.network);
            let asks = [row.edits, row.deletions].contains(&AskingAgain);
            assert!(!asks || connector.refresh().is_some(), "{} cannot be asked again", row.network);
        }
    }
}
