//! What the topics look for, as rules of the stream and queries of the search.

use molva_domain::{Sought, TopicSought, UntoldWhy};

use super::NETWORK;
use crate::search::boolean::{Dialect, is_common};
use crate::search::{self, TopicAsk};

/// Letters of a person's name on X.
const MAX_NAME: usize = 15;

const DIALECT: Dialect = Dialect {
    and: " ",
    tags: true,
    mention: |name| is_name(name).then(|| format!("@{name}")),
    author: |name| format!("from:{name}"),
};

/// Queries for one topic, none longer than `room` characters.
pub(super) fn compile(topic: &TopicSought, room: usize) -> TopicAsk {
    DIALECT.compile(topic, search::ask(&topic.sought, NETWORK, &takes), room)
}

fn takes(leaf: &Sought) -> Result<(), UntoldWhy> {
    let refused = match leaf {
        Sought::Word(spellings) => is_common(spellings),
        Sought::Row(words) => words.iter().all(|word| is_common(word)),
        Sought::Hashtag(text) | Sought::Mention(text) => !text.contains(char::is_alphanumeric),
        Sought::Emoji(sign) => {
            sign.is_empty() || sign.contains(['"', '(', ')', ':']) || sign.contains(char::is_whitespace)
        }
        // Nobody on X has such a name.
        Sought::Author(name) => !is_name(name),
        _ => false,
    };
    if refused { Err(UntoldWhy::Common) } else { Ok(()) }
}

fn is_name(name: &str) -> bool {
    (1..=MAX_NAME).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[cfg(test)]
mod tests;
