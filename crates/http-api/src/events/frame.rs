//! Frames of a stream (WHATWG HTML, 9.2 Server-sent events), written once for all clients.

use axum::body::Bytes;
use molva_domain::{Event, EventId, EventKind, Timestamp};

use crate::wire;

/// What clients hear of; who signed in and which tokens there are is nobody else's business.
pub(crate) const KINDS: &[EventKind] = &[
    EventKind::MentionCreated,
    EventKind::MentionChanged,
    EventKind::MentionEdited,
    EventKind::TopicCreated,
    EventKind::TopicChanged,
    EventKind::TopicDeleted,
    EventKind::ListCreated,
    EventKind::ListChanged,
    EventKind::ListDeleted,
    EventKind::SourceCreated,
    EventKind::SourceChanged,
    EventKind::SourceDeleted,
    EventKind::PostDeleted,
    EventKind::AccountCreated,
    EventKind::AccountChanged,
    EventKind::AccountDisconnected,
    EventKind::ReplyChanged,
];

/// One event, ready to send.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    pub(crate) id: EventId,
    /// For mentions the topic.
    pub(crate) topic: Option<i64>,
    pub(crate) bytes: Bytes,
}

impl Frame {
    pub(crate) fn of(event: &Event) -> Self {
        let data = serde_json::to_string(&wire::Event::from(event)).unwrap_or_default();
        let bytes = format!("event: {}\nid: {}\ndata: {data}\n\n", event.kind, event.id);
        Self { id: event.id, topic: event.topic, bytes: bytes.into() }
    }

    /// Events that belong to another topic are left out; those of no topic go to everybody.
    pub(crate) fn is_for(&self, topic: Option<i64>) -> bool {
        topic.is_none() || self.topic.is_none() || self.topic == topic
    }
}

/// The first frame. Its id is where the client stands: the last event, or the one it resumes after; were it the last event while
/// older ones are still being sent, a cut in between would lose them.
pub(crate) fn hello(stands_at: EventId, last: EventId) -> String {
    format!("retry: 1000\nevent: hello\nid: {stands_at}\ndata: {{\"last\":\"{last}\"}}\n\n")
}

/// Too much was missed to be sent one by one: the client fetches anew and goes on from here.
pub(crate) fn reset(last: EventId) -> String {
    format!("event: reset\nid: {last}\ndata: {{\"last\":\"{last}\"}}\n\n")
}

/// A sign of life. Its id moves a client on that filters, so that it does not resume from long ago.
pub(crate) fn ping(stands_at: EventId, now: Timestamp) -> String {
    format!("event: ping\nid: {stands_at}\ndata: {{\"at\":\"{now}\"}}\n\n")
}

#[cfg(test)]
mod tests {
    use molva_domain::{Actor, SourceId, WorkspaceId};

    use super::*;

    #[test]
    fn an_event_becomes_one_frame_with_its_id() {
        let event = Event {
            id: EventId(7),
            workspace: WorkspaceId(1),
            at: Timestamp::from_secs(1_800_000_000),
            actor: Actor::Source(SourceId(3)),
            kind: EventKind::MentionCreated,
            subject: 9_007_199_254_740_993,
            topic: Some(5),
            change: Some(r#"{"before":null}"#.into()),
        };
        let frame = Frame::of(&event);
        let text = std::str::from_utf8(&frame.bytes).expect("text");
        let data = r#"{"id":"7","at":"2027-01-15T08:00:00.000Z","kind":"mention.created","subject_id":"9007199254740993","topic_id":"5","actor":{"kind":"source","id":"3"}}"#;
        assert_eq!(text, format!("event: mention.created\nid: 7\ndata: {data}\n\n"));
        assert_eq!((frame.is_for(None), frame.is_for(Some(5)), frame.is_for(Some(6))), (true, true, false));
    }

    #[test]
    fn an_event_of_a_reply_says_where_it_is() {
        let event = Event {
            id: EventId(8),
            workspace: WorkspaceId(1),
            at: Timestamp::from_secs(1_800_000_000),
            actor: Actor::System,
            kind: EventKind::ReplyChanged,
            subject: 12,
            topic: None,
            change: Some(r#"{"before":null,"after":{"state":"sent","mention_id":"34","attempts":1}}"#.into()),
        };
        let frame = Frame::of(&event);
        let text = std::str::from_utf8(&frame.bytes).expect("text");
        assert!(text.ends_with(",\"reply_id\":\"12\",\"mention_id\":\"34\",\"state\":\"sent\"}\n\n"), "{text}");
    }
}
