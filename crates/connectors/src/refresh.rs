//! Looking posts up again: what they say and how many like them by now.

use molva_domain::Post;

use crate::connector::BoxFuture;
use crate::error::ConnectorError;
use crate::session::{Item, Session};

/// Of the posts that a call for many of them does not bring so many are asked for alone, to know whether they are gone.
pub(crate) const ALONE: usize = 5;

/// How a network is asked about posts that it told before. For networks where one cheap call answers for many.
#[derive(Debug)]
pub struct Refresh {
    at_once: u32,
    look_up: LookUp,
}

type LookUp = for<'a> fn(&'a Session, &'a [Post]) -> BoxFuture<'a, Result<Vec<Item>, ConnectorError>>;

impl Refresh {
    #[must_use]
    pub const fn new(at_once: u32, look_up: LookUp) -> Self {
        Self { at_once, look_up }
    }

    /// Posts of one look.
    #[must_use]
    pub const fn at_once(&self) -> u32 {
        self.at_once
    }

    /// What the network says of posts now: those that it can look up among the first of them, in any order. Of a post as it is known
    /// only what the network tells is changed. A post that is gone is [`Item::Deleted`], where the network's contract says that what
    /// is not found is gone; of a post that it says nothing of nothing is known. Keeps what its limits reserve for replies.
    ///
    /// # Errors
    /// As of listening.
    pub async fn look_up(&self, session: &Session, posts: &[Post]) -> Result<Vec<Item>, ConnectorError> {
        let first = posts.len().min(self.at_once as usize);
        (self.look_up)(session, &posts[..first]).await
    }
}

/// Asks for all of them at once; where the network refuses a call because one of them is not there, for the halves, down to the one.
/// What was told, and what is not there. At most so many calls.
pub(crate) async fn in_halves<'a, T>(
    ids: &[String],
    calls: usize,
    ask: impl Fn(String) -> BoxFuture<'a, Result<T, ConnectorError>>,
) -> Result<(Vec<T>, Vec<String>), ConnectorError> {
    let (mut told, mut gone, mut left) = (Vec::new(), Vec::new(), Vec::new());
    left.extend((!ids.is_empty()).then_some(ids));
    for _ in 0..calls {
        let Some(some) = left.pop() else { break };
        match ask(some.join(",")).await {
            Ok(answer) => told.push(answer),
            Err(ConnectorError::NotFound(_) | ConnectorError::Gone(_)) => match some {
                [one] => gone.push(one.clone()),
                _ => left.extend(<[_; 2]>::from(some.split_at(some.len() / 2))),
            },
            Err(error) => return Err(error),
        }
    }
    Ok((told, gone))
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[tokio::test]
    async fn what_is_not_there_is_found_by_halves_and_no_more_is_asked_than_allowed() {
        let ids: Vec<String> = (1..=8).map(|number| number.to_string()).collect();
        let calls = Cell::new(0);
        let ask = |some: String| -> BoxFuture<'_, Result<String, ConnectorError>> {
            calls.set(calls.get() + 1);
            let missing = some.split(',').any(|id| id == "3");
            Box::pin(async move { if missing { Err(ConnectorError::NotFound(some)) } else { Ok(some) } })
        };
        let (told, gone) = in_halves(&ids, 20, ask).await.expect("answers");
        assert_eq!((told, gone, calls.get()), (vec!["5,6,7,8".into(), "4".into(), "1,2".into()], vec!["3".into()], 7));
        let (told, gone) = in_halves(&ids, 2, ask).await.expect("answers");
        assert_eq!((told, gone.len()), (vec!["5,6,7,8".to_owned()], 0));
        assert_eq!(in_halves(&[], 9, ask).await.expect("nothing").0, [""; 0]);
    }
}
