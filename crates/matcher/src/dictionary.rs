//! Keys and their numbers: one look for each token of a post, most of them in vain.

use molva_text::Key;

/// An open-addressed table of keys that are hashes already. Numbers are given in the order of first appearance.
#[derive(Debug, Default)]
pub(crate) struct Dictionary {
    /// Low half of the key, three marks, number + 1; zero is empty. At most half of them are taken.
    slots: Vec<u64>,
    shift: u32,
    keys: Vec<Key>,
    /// A bit for each key by its low half: says no to most words of a post out of the nearest cache.
    bits: Vec<u64>,
}

/// What was found under a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry(u32);

impl Entry {
    #[inline]
    pub(crate) const fn number(self) -> u32 {
        (self.0 & NUMBER) - 1
    }

    #[inline]
    pub(crate) const fn has(self, mark: u32) -> bool {
        self.0 & mark != 0
    }
}

/// Marks for the owner's use.
pub(crate) const FIRST_MARK: u32 = 1 << 31;
pub(crate) const SECOND_MARK: u32 = 1 << 30;
pub(crate) const THIRD_MARK: u32 = 1 << 29;
const NUMBER: u32 = THIRD_MARK - 1;
const FEWEST_SLOTS: usize = 16;
const BITS_A_SLOT: usize = 8;

impl Dictionary {
    pub(crate) fn len(&self) -> usize {
        self.keys.len()
    }

    pub(crate) fn key(&self, number: u32) -> Key {
        self.keys[number as usize]
    }

    pub(crate) fn keys(&self) -> &[Key] {
        &self.keys
    }

    #[inline]
    pub(crate) fn get(&self, key: Key) -> Option<Entry> {
        let (word, bit) = self.bit(key);
        if (self.bits.get(word)? >> bit) & 1 == 0 {
            return None;
        }
        self.slots.get(self.find(key)?).map(|slot| Entry(*slot as u32))
    }

    #[inline]
    const fn bit(&self, key: Key) -> (usize, u32) {
        let bit = key.get() as usize & (self.bits.len() * 64).wrapping_sub(1);
        (bit >> 6, (bit & 63) as u32)
    }

    /// The slot of a key.
    #[inline]
    fn find(&self, key: Key) -> Option<usize> {
        let mask = self.slots.len().wrapping_sub(1);
        let mut at = (key.get() >> self.shift) as usize;
        loop {
            let slot = *self.slots.get(at)?;
            if slot == 0 {
                return None;
            }
            if (slot >> 32) as u32 == key.get() as u32 && self.keys[Entry(slot as u32).number() as usize] == key {
                return Some(at);
            }
            at = (at + 1) & mask;
        }
    }

    /// Marks a key that is there.
    pub(crate) fn mark(&mut self, key: Key, mark: u32) {
        if let Some(at) = self.find(key) {
            self.slots[at] |= u64::from(mark);
        }
    }

    /// The number of a key, a new one when it was not there.
    pub(crate) fn intern(&mut self, key: Key, mark: u32) -> u32 {
        if let Some(at) = self.find(key) {
            self.slots[at] |= u64::from(mark);
            return Entry(self.slots[at] as u32).number();
        }
        self.reserve(1);
        self.keys.push(key);
        self.place(key, self.keys.len() as u32 | mark);
        self.keys.len() as u32 - 1
    }

    /// Makes room for so many more keys. Ascending keys need it: while the table is small they all fall into its beginning,
    /// and each has to look past all that were there before.
    pub(crate) fn reserve(&mut self, more: usize) {
        let needed = (self.keys.len() + more) * 2;
        if needed > self.slots.len() {
            self.grow(needed.next_power_of_two().max(FEWEST_SLOTS));
        }
    }

    fn place(&mut self, key: Key, value: u32) {
        let (word, bit) = self.bit(key);
        self.bits[word] |= 1 << bit;
        let mask = self.slots.len() - 1;
        let mut at = (key.get() >> self.shift) as usize;
        while self.slots[at] != 0 {
            at = (at + 1) & mask;
        }
        self.slots[at] = key.get() << 32 | u64::from(value);
    }

    fn grow(&mut self, size: usize) {
        let old = std::mem::replace(&mut self.slots, vec![0; size]);
        self.shift = 64 - size.trailing_zeros();
        self.bits = vec![0; size * BITS_A_SLOT / 64];
        for slot in old.into_iter().filter(|slot| *slot != 0) {
            self.place(self.keys[Entry(slot as u32).number() as usize], slot as u32);
        }
    }

    pub(crate) fn shrink(&mut self) {
        self.keys.shrink_to_fit();
    }

    /// Bytes held.
    pub(crate) fn bytes(&self) -> usize {
        (self.slots.capacity() + self.keys.capacity() + self.bits.capacity()) * 8
    }
}

#[cfg(test)]
mod tests {
    use molva_text::KeySpace;

    use super::*;

    #[test]
    fn keys_keep_their_numbers_and_marks_while_it_grows() {
        let mut dictionary = Dictionary::default();
        let key = |number: u32| Key::of(u64::from(number), KeySpace::Form);
        assert_eq!(dictionary.get(key(1)), None);
        for number in 0..5_000 {
            let mark = if number % 3 == 0 { FIRST_MARK } else { 0 };
            assert_eq!(dictionary.intern(key(number), mark), number);
        }
        assert_eq!(dictionary.intern(key(4), SECOND_MARK), 4);
        for number in 0..5_000 {
            let entry = dictionary.get(key(number)).expect("it was put there");
            assert_eq!(
                (entry.number(), entry.has(FIRST_MARK), entry.has(SECOND_MARK)),
                (number, number % 3 == 0, number == 4)
            );
        }
        assert_eq!(dictionary.get(key(5_000)), None);
    }

    #[test]
    fn ascending_keys_for_which_room_was_made_lie_where_they_are_looked_for() {
        let mut keys: Vec<Key> = (0..4_000).map(|number| Key::of_text(&number.to_string(), KeySpace::Form)).collect();
        keys.sort_unstable();
        let mut dictionary = Dictionary::default();
        dictionary.reserve(keys.len());
        keys.iter().for_each(|key| {
            dictionary.intern(*key, 0);
        });
        let mask = dictionary.slots.len() - 1;
        let steps = |key: &Key| {
            let home = (key.get() >> dictionary.shift) as usize;
            dictionary.find(*key).expect("it was put there").wrapping_sub(home) & mask
        };
        assert!(keys.iter().map(steps).max() < Some(64));
    }
}
