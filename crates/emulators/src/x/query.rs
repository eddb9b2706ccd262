//! The language of searches and rules, as far as programs use it: words, phrases, `OR`, brackets, `-`, and operators.
//! <https://docs.x.com/x-api/posts/search/integrate/build-a-query>.

use super::tweets::{Tweet, username, words};
use crate::searching::named;

/// A query, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Query {
    All(Vec<Query>),
    Any(Vec<Query>),
    Not(Box<Query>),
    /// These words, one behind the other.
    Phrase(Vec<String>),
    /// An emoji.
    Sign(String),
    Tag(String),
    Mention(String),
    From(String),
    To(String),
    Conversation(u64),
    Url(String),
    Lang(String),
    IsReply,
    HasLinks,
    /// Of kinds that are not in this world: reposts, quotes, pictures.
    Never,
}

const LANGUAGE: &str = "ru";

impl Query {
    /// # Errors
    /// What X would say.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut reader = Reader { rest: text.trim(), depth: 0 };
        let query = reader.any()?;
        if !reader.rest.is_empty() {
            return Err(format!("no viable alternative at input '{}'", reader.rest));
        }
        if !query.stands_alone() {
            return Err("Rules must contain at least one positive, non-stopword clause".to_owned());
        }
        Ok(query)
    }

    /// Something must be there; that something is not there, or of what kind a post is, is no search.
    fn stands_alone(&self) -> bool {
        match self {
            Self::All(all) => all.iter().any(Self::stands_alone),
            Self::Any(any) => any.iter().all(Self::stands_alone),
            Self::Not(_) | Self::Lang(_) | Self::IsReply | Self::HasLinks | Self::Never => false,
            _ => true,
        }
    }

    pub(super) fn matches(&self, tweet: &Tweet, above: Option<&Tweet>) -> bool {
        let text = || tweet.text.to_lowercase();
        match self {
            Self::All(all) => all.iter().all(|one| one.matches(tweet, above)),
            Self::Any(any) => any.iter().any(|one| one.matches(tweet, above)),
            Self::Not(one) => !one.matches(tweet, above),
            Self::Phrase(phrase) => match &phrase[..] {
                [word] => tweet.words.contains(word),
                _ => tweet.words.windows(phrase.len()).any(|window| window == phrase),
            },
            Self::Sign(sign) => tweet.text.contains(sign.as_str()),
            Self::Tag(tag) => named(&text(), '#', tag),
            Self::Mention(name) => named(&text(), '@', name),
            Self::From(name) => username(tweet.author) == *name,
            Self::To(name) => above.is_some_and(|above| username(above.author) == *name),
            Self::Conversation(id) => tweet.root == *id,
            Self::Url(part) => text().split_whitespace().any(|word| word.starts_with("http") && word.contains(part)),
            Self::Lang(tag) => tag == LANGUAGE,
            Self::IsReply => tweet.above.is_some(),
            Self::HasLinks => text().contains("http://") || text().contains("https://"),
            Self::Never => false,
        }
    }
}

/// Whether a rule would bring what somebody says.
pub(super) fn fits(rule: &str, author: u64, text: &str) -> Result<bool, String> {
    let (words, text) = (words(text), text.to_owned());
    let tweet = Tweet {
        place: 1,
        said: 1,
        versions: vec![1],
        author,
        text,
        words,
        above: None,
        root: 1,
        media: Vec::new(),
        deleted: false,
    };
    Ok(Query::parse(rule)?.matches(&tweet, None))
}

struct Reader<'a> {
    rest: &'a str,
    depth: usize,
}

impl Reader<'_> {
    fn any(&mut self) -> Result<Query, String> {
        let mut parts = vec![self.all()?];
        while let Some(rest) = self.rest.strip_prefix("OR").filter(|rest| rest.starts_with([' ', '('])) {
            self.rest = rest.trim_start();
            parts.push(self.all()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Query::Any(parts) })
    }

    fn all(&mut self) -> Result<Query, String> {
        let mut parts = Vec::new();
        while !self.rest.is_empty() && !self.rest.starts_with(')') {
            let or = self.rest.strip_prefix("OR").is_some_and(|rest| rest.starts_with([' ', '(']));
            if or && !parts.is_empty() {
                break;
            }
            parts.push(self.one()?);
        }
        match parts.len() {
            0 => Err("missing a clause".to_owned()),
            1 => Ok(parts.remove(0)),
            _ => Ok(Query::All(parts)),
        }
    }

    fn one(&mut self) -> Result<Query, String> {
        self.depth += 1;
        if self.depth > 2_000 {
            return Err("the rule is too complex".to_owned());
        }
        if let Some(rest) = self.rest.strip_prefix('-') {
            self.rest = rest;
            return Ok(Query::Not(Box::new(self.one()?)));
        }
        if let Some(rest) = self.rest.strip_prefix('(') {
            self.rest = rest.trim_start();
            let inside = self.any()?;
            self.rest = self.rest.strip_prefix(')').ok_or("missing ')'")?.trim_start();
            return Ok(inside);
        }
        if let Some(rest) = self.rest.strip_prefix('"') {
            let (phrase, rest) = rest.split_once('"').ok_or("missing '\"'")?;
            self.rest = rest.trim_start();
            return Ok(Query::Phrase(words(phrase)));
        }
        let end = self.rest.find(|letter: char| letter.is_whitespace() || "()".contains(letter));
        let (word, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest.trim_start();
        operator(&word.to_lowercase())
    }
}

fn operator(word: &str) -> Result<Query, String> {
    let name = |text: &str| text.trim_start_matches('@').to_owned();
    if let Some(tag) = word.strip_prefix('#') {
        return Ok(Query::Tag(tag.to_owned()));
    }
    if let Some(mention) = word.strip_prefix('@') {
        return Ok(Query::Mention(mention.to_owned()));
    }
    match word.split_once(':') {
        Some(("from", value)) => Ok(Query::From(name(value))),
        Some(("to", value)) => Ok(Query::To(name(value))),
        Some(("lang", value)) => Ok(Query::Lang(value.to_owned())),
        Some(("url", value)) => Ok(Query::Url(value.trim_matches('"').to_owned())),
        Some(("conversation_id", value)) => {
            value.parse().map(Query::Conversation).map_err(|_| format!("`{value}` is no id"))
        }
        Some(("is", "reply")) => Ok(Query::IsReply),
        Some(("is", "retweet" | "quote" | "verified" | "nullcast")) => Ok(Query::Never),
        Some(("has", "links")) => Ok(Query::HasLinks),
        Some(("has", "images" | "media" | "videos" | "geo")) => Ok(Query::Never),
        Some((other, _)) if other.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_') => {
            Err(format!("Reference to invalid operator '{other}'"))
        }
        _ => match words(word) {
            words if words.is_empty() && word.chars().all(|sign| sign > '\u{2000}') && !word.is_empty() => {
                Ok(Query::Sign(word.to_owned()))
            }
            words if words.is_empty() => Err(format!("no viable alternative at input '{word}'")),
            words => Ok(Query::Phrase(words)),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tweet(author: u64, text: &str) -> Tweet {
        let (words, text) = (words(text), text.to_owned());
        let versions = vec![5];
        Tweet {
            place: 1,
            said: 1,
            versions,
            author,
            text,
            words,
            above: None,
            root: 5,
            deleted: false,
            media: Vec::new(),
        }
    }

    #[test]
    fn rules_match_as_x_says() {
        let said = tweet(1_005, "@brand1 Снова НЕТ сети, #связь https://shop.example/a?b");
        let answered = Tweet { above: Some(4), ..said.clone() };
        let check = |query: &str| Query::parse(query).expect(query).matches(&answered, Some(&tweet(1, "Что нового?")));
        for query in [
            "сети",
            "нет сети",
            "\"нет сети\"",
            "нет OR молва",
            "(молва OR сети) -is:retweet",
            "@brand1 -из",
            "#связь has:links is:reply",
            "from:person1005 to:brand1",
            "url:shop.example lang:ru",
            "conversation_id:5",
            "молва OR (снова (нет OR да))",
        ] {
            assert!(check(query), "{query}");
        }
        for query in
            ["сет", "\"сети нет\"", "@brand", "#связ", "сети -нет", "from:brand1", "сети lang:uk", "сети is:quote"]
        {
            assert!(!check(query), "{query}");
        }
    }

    #[test]
    fn what_x_does_not_take_is_refused() {
        for query in
            ["", "-кот", "lang:ru", "(кот", "кот)", "\"кот", "точка:где proximity:7 foo:bar", "is:retweet OR кот"]
        {
            assert!(Query::parse(query).is_err(), "{query}");
        }
    }
}
