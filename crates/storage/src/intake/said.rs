//! What was delivered under a URN, in eight bytes: so that a duplicate is told from an edit without a look at the post.

use molva_domain::{Engagement, Post};
use ring::digest::{Context, SHA256};

use crate::sql::Value;

/// The upper 48 bits are of title and text; the lower 16 are of the counts, 0 when the network tells none of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Said(i64);

const COUNTS: i64 = 0xffff;
/// Set in all: no post says 0.
const NOTED: i64 = i64::MIN;

impl Said {
    pub(super) fn of(post: &Post) -> Self {
        let mut words = Context::new(&SHA256);
        if let Some(title) = &post.title {
            words.update(title.as_bytes());
        }
        // No text has this byte.
        words.update(&[0xff]);
        words.update(post.text.as_bytes());
        let mut first = [0; 8];
        first.copy_from_slice(&words.finish().as_ref()[..8]);
        Self((i64::from_be_bytes(first) | NOTED) & !COUNTS | i64::from(counts(&post.engagement)))
    }

    pub(super) const fn read(noted: i64) -> Self {
        Self(noted)
    }

    /// What stood there before it was noted, or cannot be known.
    pub(super) const fn is_unknown(self) -> bool {
        self.0 == 0
    }

    pub(super) const fn says_the_same_as(self, other: Self) -> bool {
        self.0 & !COUNTS == other.0 & !COUNTS
    }

    /// Nothing of what is delivered now is news.
    pub(super) const fn holds(self, delivered: Self) -> bool {
        self.says_the_same_as(delivered) && (delivered.0 & COUNTS == 0 || delivered.0 & COUNTS == self.0 & COUNTS)
    }
}

impl From<Said> for Value {
    fn from(said: Said) -> Self {
        said.0.into()
    }
}

/// Changes with the counts, as far as three digits show them: ten views more of a million are no news.
fn counts(engagement: &Engagement) -> u16 {
    let Engagement { likes, reposts, comments, views, rating } = *engagement;
    let numbers = [likes, reposts, comments, views, rating.map(u64::from)];
    if numbers.iter().all(Option::is_none) {
        return 0;
    }
    // FNV-1a over the numbers.
    let mixed = numbers.into_iter().fold(0xcbf2_9ce4_8422_2325_u64, |mixed, number| {
        (mixed ^ number.map_or(0, |number| three_digits(number) + 1)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    u16::try_from((mixed >> 48).max(1)).unwrap_or(1)
}

const fn three_digits(number: u64) -> u64 {
    let mut unit = 1;
    while number / unit >= 1_000 {
        unit *= 10;
    }
    number / unit * unit
}

#[cfg(test)]
mod tests {
    use molva_domain::{Timestamp, Urn};

    use super::*;

    fn post(title: Option<&str>, text: &str, views: Option<u64>) -> Said {
        let at = Timestamp::from_secs(1);
        let mut post = Post::new(Urn::new("urn:smm:x:post:1"), "x", text.to_owned(), at, at);
        post.title = title.map(str::to_owned);
        post.engagement.views = views;
        Said::of(&post)
    }

    #[test]
    fn other_words_are_told_from_the_same() {
        let said = post(None, "a", None);
        assert!(said.holds(post(None, "a", None)));
        for other in [post(None, "a.", None), post(Some("a"), "", None), post(Some(""), "a.", None)] {
            assert!(!said.holds(other) && !said.says_the_same_as(other));
        }
        assert!(Said::read(0).is_unknown() && !said.is_unknown());
        assert!(!Said::read(0).holds(said));
    }

    #[test]
    fn counts_that_changed_visibly_are_news_and_counts_that_are_not_told_are_none() {
        let said = post(None, "a", Some(12_345));
        assert!(said.holds(post(None, "a", Some(12_399))) && said.holds(post(None, "a", None)));
        for views in [0, 1, 12_300 - 1, 12_400] {
            let other = post(None, "a", Some(views));
            assert!(!said.holds(other) && said.says_the_same_as(other), "{views}");
        }
        assert!(!post(None, "a", None).holds(post(None, "a", Some(0))));
    }
}
