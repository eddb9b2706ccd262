//! What a post says, judged: its language, the tone towards the object of a topic, what the author wants, where in the
//! consumer cycle they stand, spam, and which posts are the same story. Each judgement can say what it rests on.
//!
//! Pure CPU: no I/O, not async, knows no network and no storage. It sees posts through the one analysis of `molva_text`.
//! [`language`] and [`stories`] run on every post, the judgement of tone and intent on every mention.

pub mod language;
pub mod stories;
