//! A key that is equal for posts that say the same words.

use crate::analysis::{Analysis, TokenKind};
use crate::hash::{Key, KeySpace, START};

/// Fewer words than this say nothing worth grouping.
const FEWEST_WORDS: usize = 3;

impl Analysis {
    /// Over the words and hashtags in their order, without links, mentions, emoji and `RT @name:` heads.
    /// Zero when there are fewer than three; zero never groups.
    #[must_use]
    pub fn content_hash(&self) -> i64 {
        let retweet = Key::of_text("rt", KeySpace::Form);
        let mut tokens = self.tokens.iter().filter(|token| !token.derived).peekable();
        let (mut hash, mut words) = (START, 0);
        while let Some(token) = tokens.next() {
            if !matches!(token.kind, TokenKind::Word | TokenKind::Hashtag) {
                continue;
            }
            if token.key == retweet && tokens.peek().is_some_and(|next| next.kind == TokenKind::Mention) {
                continue;
            }
            hash = (hash.rotate_left(23) ^ token.key.get()).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            words += 1;
        }
        if words < FEWEST_WORDS { 0 } else { (hash ^ (hash >> 31)) as i64 | 1 }
    }
}

#[cfg(test)]
mod tests {
    use crate::content_hash;

    #[test]
    fn a_repost_says_the_same_as_its_original() {
        let original = content_hash(None, "У Билайна опять нет связи!");
        assert_ne!(original, 0);
        assert_eq!(content_hash(None, "RT @news: у билайна ОПЯТЬ нет связи http://t.co/abc"), original);
        assert_eq!(content_hash(None, "RT @a: RT @b: у билайна опять нет связи 😡"), original);
        assert_ne!(content_hash(None, "у билайна опять есть связь"), original);
    }

    #[test]
    fn too_little_said_never_groups() {
        assert_eq!(content_hash(None, "@beeline http://t.co/1 спасибо большое"), 0);
        assert_eq!(content_hash(Some(""), ""), 0);
    }

    #[test]
    fn the_order_of_words_counts_and_the_hash_never_changes() {
        assert_ne!(content_hash(None, "раз два три"), content_hash(None, "три два раз"));
        // Stored in databases: a change here needs a migration.
        assert_eq!(content_hash(None, "one two three"), content_hash(Some("one"), "two three"));
    }
}
