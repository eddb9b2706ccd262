//! What a source asks for: channels, videos, and searches of a person's and of the topics.

use super::{Client, LATE, List, MAX_LISTS, wanted};
use crate::connector::BoxFuture;
use crate::error::ConnectorError;
use crate::search;
use crate::session::Session;
use crate::settings::Settings;
use crate::walk::{self, Lists, NewestFirst};

/// What a list is of.
pub(super) enum Of {
    Channel(String),
    Video(String),
    Search {
        words: String,
        /// Asked for because a topic looks for it.
        of_topics: bool,
    },
}

impl Of {
    /// For people.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Channel(id) => format!("channel {id}"),
            Self::Video(id) => format!("video {id}"),
            Self::Search { words, .. } => format!("videos with `{words}`"),
        }
    }
}

/// What a source asks for.
pub(super) struct Asked<'a> {
    pub settings: &'a Settings,
    pub client: &'a Client,
}

impl<'a> Asked<'a> {
    /// What a person named.
    pub(super) fn by_hand(&self) -> Result<Vec<Of>, ConnectorError> {
        let mut all = Vec::new();
        for line in self.settings.list("channels") {
            all.push(Of::Channel(id(line, "channels", 24)?));
        }
        for line in self.settings.list("videos") {
            all.push(Of::Video(id(line, "videos", 11)?));
        }
        all.extend(wanted::by_hand(self.settings).into_iter().map(|words| Of::Search { words, of_topics: false }));
        if all.len() > MAX_LISTS {
            return Err(problem(
                "has too many entries with `videos` and `words`: a hundred in all; add another source",
            ));
        }
        Ok(all)
    }

    /// That, and what the topics look for.
    pub(super) async fn lists(&self, session: &Session) -> Result<Vec<List<'a>>, ConnectorError> {
        let mut all = self.by_hand()?;
        if all.is_empty() && session.topics.is_none() {
            return Err(problem(
                "is empty, and so are `videos` and `words`: name a channel, a video or words to search for",
            ));
        }
        let topics = wanted::now(session, self.settings).await?;
        all.extend(topics.into_iter().map(|words| Of::Search { words, of_topics: true }));
        let searches = all.iter().filter(|of| matches!(of, Of::Search { .. })).count();
        let every = self.client.budget.pause_of_searches(searches as u64);
        let history = self.settings.history().max(LATE);
        Ok(all.into_iter().map(|of| List { client: self.client, of, every, history }).collect())
    }
}

fn problem(message: &str) -> ConnectorError {
    ConnectorError::invalid("channels", message)
}

impl Lists for Asked<'_> {
    fn now<'a>(
        &'a self,
        session: &'a Session,
    ) -> BoxFuture<'a, Result<Vec<Box<dyn NewestFirst + 'a>>, ConnectorError>> {
        Box::pin(async move { Ok(walk::boxed(self.lists(session).await?)) })
    }

    fn change<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, ()> {
        Box::pin(search::change(session, wanted::of_topics(self.settings)))
    }
}

/// The id alone, of the thing or of its address: `UC…` of a channel, eleven characters of a video.
pub(super) fn id(text: &str, setting: &'static str, length: usize) -> Result<String, ConnectorError> {
    let is_id = |text: &str| {
        text.len() == length && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    let mut pieces = text.split(['/', '?', '=', '&']);
    match pieces.find(|piece| is_id(piece)) {
        Some(id) if length != 24 || id.starts_with("UC") => Ok(id.to_owned()),
        _ => {
            let shown: String = text.chars().take(60).collect();
            let message = if length == 24 {
                format!(
                    "`{shown}` names no channel; write the id that begins with UC, from “Share channel” on its page"
                )
            } else {
                format!("`{shown}` names no video; write its address or the eleven characters of its id")
            };
            Err(ConnectorError::invalid(setting, message))
        }
    }
}
