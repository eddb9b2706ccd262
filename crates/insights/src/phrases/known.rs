use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use molva_domain::MentionId;

use super::ReadText;

/// Bytes of each generation.
const ROOM: usize = 16 << 20;
/// What an entry takes beside its text.
const OVERHEAD: usize = 64;

/// Texts that were read before: samples of one topic have many of them in common. What is stored under a mention never changes, and
/// a mention that is gone is in no sample.
///
/// Texts are kept in two generations. When the young one is full the old one is dropped and the young one grows old; whoever is asked
/// for is young again.
#[derive(Default)]
pub struct KnownTexts(Mutex<Generations>);

#[derive(Default)]
struct Generations {
    young: HashMap<MentionId, Arc<ReadText>>,
    bytes: usize,
    old: HashMap<MentionId, Arc<ReadText>>,
}

impl KnownTexts {
    /// The texts that are known, and the mentions whose texts are not, both in the order given.
    #[must_use]
    pub fn of(&self, ids: &[MentionId]) -> (Vec<Arc<ReadText>>, Vec<MentionId>) {
        let mut generations = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut known, mut unknown) = (Vec::with_capacity(ids.len()), Vec::new());
        for id in ids {
            match generations.get(*id) {
                Some(text) => known.push(text),
                None => unknown.push(*id),
            }
        }
        (known, unknown)
    }

    /// Keeps texts for the next time.
    pub fn keep(&self, texts: &[(MentionId, Arc<ReadText>)]) {
        let mut generations = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (id, text) in texts {
            generations.put(*id, Arc::clone(text));
        }
    }
}

impl fmt::Debug for KnownTexts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KnownTexts").finish_non_exhaustive()
    }
}

impl Generations {
    fn get(&mut self, id: MentionId) -> Option<Arc<ReadText>> {
        if let Some(young) = self.young.get(&id) {
            return Some(Arc::clone(young));
        }
        let old = self.old.remove(&id)?;
        self.put(id, Arc::clone(&old));
        Some(old)
    }

    fn put(&mut self, id: MentionId, text: Arc<ReadText>) {
        let bytes = text.bytes() + OVERHEAD;
        if self.bytes + bytes > ROOM {
            self.old = std::mem::take(&mut self.young);
            self.bytes = 0;
        }
        if self.young.insert(id, text).is_none() {
            self.bytes += bytes;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::phrases::Reader;

    #[test]
    fn texts_are_known_until_others_take_their_room() {
        let known = KnownTexts::default();
        let mut reader = Reader::default();
        let text = Arc::new(reader.read("", &"слово ".repeat(500)));
        let fits = ROOM as i64 / (text.bytes() + OVERHEAD) as i64;
        let keep = |id: i64| known.keep(&[(MentionId(id), Arc::clone(&text))]);
        let is_known = |id: i64| known.of(&[MentionId(id)]).0.len() == 1;
        (0..fits).for_each(keep);
        let (texts, unknown) = known.of(&[MentionId(1), MentionId(-7), MentionId(2)]);
        assert_eq!((texts, unknown), (vec![Arc::clone(&text); 2], vec![MentionId(-7)]));
        // The next generation: what is asked for goes along.
        (fits..fits + 5).for_each(keep);
        assert!(is_known(0) && is_known(1));
        (fits + 5..fits * 2).for_each(keep);
        assert_eq!([0, 1, 2, fits, fits * 2 - 1].map(is_known), [true, true, false, true, true]);
        let generations = known.0.lock().expect("whole");
        assert!(generations.bytes <= ROOM && generations.young.len() as i64 <= fits);
    }
}
