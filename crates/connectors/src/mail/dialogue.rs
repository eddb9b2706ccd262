//! Questions to an IMAP server, each with everything that is said until it is answered.
//!
//! The library reads single answers well, but takes a question that was refused, and an answer that breaks off between two
//! lines, for one that found nothing. Letters would be passed over so, and replies sent twice; therefore the dialogue is ours.

use std::io;
use std::time::Duration;

use async_imap::Session;
use async_imap::error::Error;
use async_imap::imap_proto::{MailboxDatum, RequestId, Response, Status};
use tokio::time::timeout;

use super::metered::Metered;
use crate::error::ConnectorError;

/// A question and its answer.
pub(super) const ANSWER: Duration = Duration::from_secs(60);
/// Until a server that can be waited with begins to wait.
const WAITING_BEGINS: Duration = Duration::from_secs(15);
/// A clock may be played quicker than a server is.
const QUICKEST: Duration = Duration::from_secs(1);

pub(super) struct Dialogue {
    session: Session<Metered>,
    name: String,
    time_scale: f64,
    /// Letters were told of beside the answers.
    told: bool,
}

/// Why a question has no answer.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unanswered {
    /// The server says no, in these words. It can be asked something else.
    Refused(String),
    /// The connection is of no more use.
    Broken(ConnectorError),
}

/// How a wait for news ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Woken {
    News,
    Nothing,
    /// The server does not want to wait now.
    Refused,
    /// It says neither that it waits nor that it does not: the connection is of no more use.
    Silent,
}

impl Dialogue {
    pub(super) const fn new(session: Session<Metered>, name: String) -> Self {
        Self { session, name, time_scale: 1.0, told: false }
    }

    /// Time passes so much quicker than on a clock.
    pub(super) const fn at_pace(&mut self, time_scale: f64) {
        self.time_scale = time_scale;
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Asks; each answer goes to `heed` before it is known whether it is the whole. At most so many bytes are read.
    pub(super) async fn ask(
        &mut self,
        command: &str,
        allowed_bytes: u64,
        heed: impl FnMut(&Response<'_>) + Send,
    ) -> Result<(), Unanswered> {
        self.session.as_mut().allow(allowed_bytes);
        let longest = self.scaled(ANSWER);
        let asking = async {
            let tag = self.say(command).await?;
            self.until_answered(&tag, heed).await
        };
        let asked = timeout(longest, asking).await;
        asked.unwrap_or_else(|_| Err(Unanswered::Broken(slow(&self.name, longest))))
    }

    /// Whether letters were told of since the last time.
    pub(super) const fn news(&mut self) -> bool {
        std::mem::replace(&mut self.told, false)
    }

    /// Waits with the server until it tells of letters (IDLE, RFC 2177), at most so long. What it told within the answers to
    /// earlier questions it will not tell again.
    pub(super) async fn wait(&mut self, longest: Duration, allowed_bytes: u64) -> Result<Woken, ConnectorError> {
        self.session.as_mut().allow(allowed_bytes);
        if self.news() {
            return Ok(Woken::News);
        }
        let begins = self.scaled(WAITING_BEGINS);
        let beginning = async {
            let tag = self.say("IDLE").await?;
            self.until_it_waits(&tag).await.map(|()| tag)
        };
        let tag = match timeout(begins, beginning).await {
            Ok(Ok(tag)) => tag,
            Ok(Err(Unanswered::Refused(_))) => return Ok(Woken::Refused),
            Ok(Err(Unanswered::Broken(error))) => return Err(error),
            Err(_) => return Ok(Woken::Silent),
        };
        if !self.told
            && let Ok(heard) = timeout(longest, self.until_told(&tag)).await
            && heard? == Waited::Ended
        {
            return Ok(if self.news() { Woken::News } else { Woken::Nothing });
        }
        let answered = self.scaled(ANSWER);
        let ending = async {
            self.session.run_command_untagged("DONE").await.map_err(|error| explain(error, &self.name))?;
            // Whether it ends well or is refused, nobody waits any more.
            match self.until_answered(&tag, |_| {}).await {
                Ok(()) | Err(Unanswered::Refused(_)) => Ok(()),
                Err(Unanswered::Broken(error)) => Err(error),
            }
        };
        let ended = timeout(answered, ending).await;
        ended.unwrap_or_else(|_| Err(slow(&self.name, answered)))?;
        Ok(if self.news() { Woken::News } else { Woken::Nothing })
    }

    /// Says goodbye; nobody waits long for the answer.
    pub(super) async fn leave(mut self) {
        let _ = timeout(Duration::from_secs(2), self.ask("LOGOUT", 1 << 16, |_| {})).await;
    }

    fn scaled(&self, time: Duration) -> Duration {
        if self.time_scale > 1.0 { time.div_f64(self.time_scale).max(QUICKEST) } else { time }
    }

    async fn say(&mut self, command: &str) -> Result<RequestId, Unanswered> {
        let said = self.session.run_command(command).await;
        said.map_err(|error| Unanswered::Broken(explain(error, &self.name)))
    }

    async fn until_answered(
        &mut self,
        tag: &RequestId,
        mut heed: impl FnMut(&Response<'_>) + Send,
    ) -> Result<(), Unanswered> {
        loop {
            if let Some(answer) = self.next(tag, &mut heed).await? {
                return answer;
            }
        }
    }

    async fn until_it_waits(&mut self, tag: &RequestId) -> Result<(), Unanswered> {
        let mut waits = false;
        while !waits {
            let heard =
                self.next(tag, &mut |said: &Response<'_>| waits |= matches!(said, Response::Continue(_))).await?;
            if let Some(answer) = heard {
                // An answer before the wait began is none to it.
                answer?;
                return Err(Unanswered::Refused("it does not wait".to_owned()));
            }
        }
        Ok(())
    }

    async fn until_told(&mut self, tag: &RequestId) -> Result<Waited, ConnectorError> {
        while !self.told {
            match self.next(tag, &mut |_: &Response<'_>| {}).await {
                Ok(None) => {}
                // Some servers end a wait of their own accord.
                Ok(Some(_)) => return Ok(Waited::Ended),
                Err(Unanswered::Broken(error)) => return Err(error),
                Err(Unanswered::Refused(_)) => return Ok(Waited::Ended),
            }
        }
        Ok(Waited::Told)
    }

    /// The next thing that is said: `None` as long as the question is not answered.
    async fn next(
        &mut self,
        tag: &RequestId,
        heed: &mut (impl FnMut(&Response<'_>) + Send),
    ) -> Result<Option<Result<(), Unanswered>>, Unanswered> {
        let broken = |error| Unanswered::Broken(error);
        let said = self.session.read_response().await.map_err(|error| broken(explain(Error::Io(error), &self.name)))?;
        let said = said.ok_or_else(|| broken(lost(&self.name)))?;
        match said.parsed() {
            Response::Done { tag: of, status, outcome } if of == tag => {
                let words = || first_line(outcome.information.as_deref().unwrap_or_default());
                Ok(Some(match status {
                    Status::Ok => Ok(()),
                    Status::No | Status::Bad => Err(Unanswered::Refused(words())),
                    Status::PreAuth | Status::Bye => Err(broken(lost(&self.name))),
                }))
            }
            Response::Data { status: Status::Bye, outcome } => {
                let words = first_line(outcome.information.as_deref().unwrap_or_default());
                Err(broken(transient(format!("{} closes the connection: {words}", self.name))))
            }
            said => {
                self.told |= matches!(said, Response::MailboxData(MailboxDatum::Exists(_)));
                heed(said);
                Ok(None)
            }
        }
    }
}

/// Why waiting for letters is over.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Waited {
    Told,
    Ended,
}

impl Unanswered {
    /// As an error of the run.
    pub(super) fn explain(self, name: &str) -> ConnectorError {
        match self {
            Self::Refused(words) => explain(Error::No(words), name),
            Self::Broken(error) => error,
        }
    }
}

/// Whether a refusal says itself that it passes, by a code of RFC 5530. A login that is refused so needs no person.
pub(super) fn passes(text: &str) -> bool {
    ["UNAVAILABLE", "INUSE", "[LIMIT]", "SERVERBUG"].iter().any(|code| text.contains(code))
}

/// A sentence for an error of the library. Its own words may quote letters, so that only a server's refusal is repeated.
pub(super) fn explain(error: Error, name: &str) -> ConnectorError {
    match error {
        Error::Io(error) if error.kind() == io::ErrorKind::FileTooLarge => {
            ConnectorError::Protocol(format!("the answer of {name} is longer than it may be"))
        }
        Error::Io(error) if error.kind() == io::ErrorKind::Other => {
            ConnectorError::Protocol(format!("the answer of {name} is not IMAP"))
        }
        Error::Io(error) => transient(format!("the connection to {name} broke: {}", error.kind())),
        Error::ConnectionLost => lost(name),
        Error::No(text) | Error::Bad(text) if passes(&text) => {
            transient(format!("{name} is not available now: {}", first_line(&text)))
        }
        Error::No(text) | Error::Bad(text) => {
            ConnectorError::Protocol(format!("{name} refuses: {}", first_line(&text)))
        }
        _ => ConnectorError::Protocol(format!("the answer of {name} is not as promised")),
    }
}

pub(super) fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().chars().filter(|c| !c.is_control()).take(200).collect()
}

pub(super) fn lost(name: &str) -> ConnectorError {
    transient(format!("{name} closed the connection"))
}

pub(super) fn slow(name: &str, longest: Duration) -> ConnectorError {
    transient(format!("{name} did not answer within {} s", longest.as_secs()))
}

const fn transient(message: String) -> ConnectorError {
    ConnectorError::Transient { message, retry_after: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_of_the_library_repeats_nothing_of_a_letter() {
        let error = Error::Io(io::Error::other("Verify during parsing of \"Dear Anna, my password is\""));
        assert_eq!(explain(error, "m:993").to_string(), "unexpected answer: the answer of m:993 is not IMAP");
    }

    #[test]
    fn a_refusal_that_passes_is_told_from_one_that_does_not() {
        let code = |words: &str| Unanswered::Refused(words.to_owned()).explain("m:993").code();
        assert_eq!(code("[UNAVAILABLE] come again"), "transient");
        assert_eq!(code("[INUSE] another program has it"), "transient");
        assert_eq!(code("no such thing"), "protocol");
    }
}
