//! Mentions as the archive takes them in.

use molva_archive::{Archive, Document};
use molva_query::field::Judgement;
use molva_storage::mention::Mention;

use crate::found::known;

/// What is known of a mention. Topics are named by their ids: their names may change, see [`Archive::name_topics`].
pub(super) fn judgement(mention: &Mention) -> Judgement {
    let topics = mention.topics.iter().map(|topic| Archive::topic_key(*topic)).collect();
    Judgement { topics, ..known(mention) }
}

pub(super) fn document<'a>(mention: &'a Mention, judgement: &'a Judgement) -> Document<'a> {
    Document {
        id: mention.id,
        topic: mention.topic,
        state: mention.state,
        post: &mention.post,
        judgement,
        by_people: !mention.by_people.is_empty(),
        copy_of: mention.copy_of,
    }
}
