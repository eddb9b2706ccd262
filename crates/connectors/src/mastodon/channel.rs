//! What is listened to on a server: a public timeline, a hashtag, a search.

use std::borrow::Cow;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::error::ConnectorError;
use crate::settings::Settings;

/// Most hashtags and searches together; each costs a connection or a request a minute.
const MAX_CHANNELS: usize = 16;
const MAX_WORD_CHARS: usize = 60;

/// One thing to listen to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Channel {
    Public(Scope),
    /// Without `#`.
    Hashtag(String),
    /// Polled: no server streams a search.
    Search(String),
}

/// Whose posts a public timeline shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    Federated,
    Local,
    Remote,
}

impl Channel {
    /// The channels that settings ask for.
    pub(super) fn wanted(settings: &Settings) -> Result<Vec<Self>, ConnectorError> {
        let mut channels: Vec<Self> = match settings.text("timeline") {
            Some("federated") => vec![Self::Public(Scope::Federated)],
            Some("local") => vec![Self::Public(Scope::Local)],
            Some("remote") => vec![Self::Public(Scope::Remote)],
            _ => Vec::new(),
        };
        for line in settings.list("hashtags") {
            let tag = line.trim_start_matches('#');
            if tag.is_empty()
                || tag.chars().count() > MAX_WORD_CHARS
                || tag.contains(|c: char| c.is_whitespace() || c == '/')
            {
                return Err(ConnectorError::invalid(
                    "hashtags",
                    format!("`{line}` is no hashtag; write one a line, without blanks"),
                ));
            }
            channels.push(Self::Hashtag(tag.to_lowercase()));
        }
        for words in settings.list("words") {
            if words.chars().count() > MAX_WORD_CHARS {
                return Err(ConnectorError::invalid(
                    "words",
                    format!("`{words}` is longer than {MAX_WORD_CHARS} characters"),
                ));
            }
            channels.push(Self::Search(words.to_owned()));
        }
        channels.dedup();
        if channels.iter().any(|channel| matches!(channel, Self::Search(_)))
            && settings.secret("access_token").is_none()
        {
            return Err(ConnectorError::invalid("access_token", "search works only with an access token"));
        }
        match channels.len() {
            0 => Err(ConnectorError::invalid(
                "hashtags",
                "nothing to listen to; name a hashtag, words or a public timeline",
            )),
            1..=MAX_CHANNELS => Ok(channels),
            _ => Err(ConnectorError::invalid(
                "hashtags",
                format!("more than {MAX_CHANNELS} hashtags and searches; add a second source"),
            )),
        }
    }

    /// Its name in a cursor.
    pub(super) fn key(&self) -> String {
        match self {
            Self::Public(Scope::Federated) => "public".to_owned(),
            Self::Public(Scope::Local) => "public:local".to_owned(),
            Self::Public(Scope::Remote) => "public:remote".to_owned(),
            Self::Hashtag(tag) => format!("hashtag:{tag}"),
            Self::Search(words) => format!("search:{words}"),
        }
    }

    /// Path and query of its pages.
    pub(super) fn page(&self) -> (Cow<'static, str>, Vec<(&'static str, &str)>) {
        match self {
            Self::Public(Scope::Federated) => ("api/v1/timelines/public".into(), Vec::new()),
            Self::Public(Scope::Local) => ("api/v1/timelines/public".into(), vec![("local", "true")]),
            Self::Public(Scope::Remote) => ("api/v1/timelines/public".into(), vec![("remote", "true")]),
            Self::Hashtag(tag) => {
                (format!("api/v1/timelines/tag/{}", utf8_percent_encode(tag, NON_ALPHANUMERIC)).into(), Vec::new())
            }
            Self::Search(words) => ("api/v2/search".into(), vec![("q", words), ("type", "statuses")]),
        }
    }

    /// The parameters of its stream; `None` when there is none.
    pub(super) fn stream(&self) -> Option<Vec<(&'static str, &str)>> {
        match self {
            Self::Public(Scope::Federated) => Some(vec![("stream", "public")]),
            Self::Public(Scope::Local) => Some(vec![("stream", "public:local")]),
            Self::Public(Scope::Remote) => Some(vec![("stream", "public:remote")]),
            Self::Hashtag(tag) => Some(vec![("stream", "hashtag"), ("tag", tag)]),
            Self::Search(_) => None,
        }
    }

    /// Path and query of the same stream as server-sent events.
    pub(super) fn event_stream(&self) -> Option<(&'static str, Vec<(&'static str, &str)>)> {
        match self {
            Self::Public(Scope::Federated) => Some(("api/v1/streaming/public", Vec::new())),
            Self::Public(Scope::Local) => Some(("api/v1/streaming/public/local", Vec::new())),
            Self::Public(Scope::Remote) => Some(("api/v1/streaming/public/remote", Vec::new())),
            Self::Hashtag(tag) => Some(("api/v1/streaming/hashtag", vec![("tag", tag)])),
            Self::Search(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn check(pairs: &[(&str, &str)], expected: Result<&[&str], &str>) {
        let values = pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        let keys = Channel::wanted(&Settings::new(values, BTreeMap::new()))
            .map(|channels| channels.iter().map(Channel::key).collect::<Vec<_>>())
            .map_err(|error| error.to_string());
        let expected = expected.map(|keys| keys.iter().map(ToString::to_string).collect()).map_err(str::to_owned);
        assert_eq!(keys, expected);
    }

    #[test]
    fn settings_become_channels() {
        check(
            &[("timeline", "local"), ("hashtags", "#Минск\n rust \n")],
            Ok(&["public:local", "hashtag:минск", "hashtag:rust"]),
        );
    }

    #[test]
    fn settings_that_ask_for_nothing_or_the_impossible_are_told() {
        check(
            &[("timeline", "none")],
            Err("setting `hashtags`: nothing to listen to; name a hashtag, words or a public timeline"),
        );
        check(
            &[("hashtags", "two words")],
            Err("setting `hashtags`: `two words` is no hashtag; write one a line, without blanks"),
        );
        check(&[("words", "связь")], Err("setting `access_token`: search works only with an access token"));
    }
}
