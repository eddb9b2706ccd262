//! How the words of two texts stand beside each other: an edit replaces words one for one, cuts an end or adds to it; who
//! says the same in other words changes the middle, and both ends.

use super::signature::Seen;

/// Words that do not agree, by those of the text that has fewer.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Alignment {
    /// Between words that agree, as many in one text as in the other.
    pub replaced: f32,
    /// Between words that agree, more in one than in the other.
    pub reworded: f32,
    /// Before the first word that agrees, of the text that has fewer there.
    pub beginnings: f32,
    /// Behind the last word that agrees, likewise.
    pub ends: f32,
}

/// More words of one text than this are not looked at.
const MOST: usize = 64;

impl Alignment {
    /// The alignment, and the words in the longest run that agrees. `seen` holds the words of `left`; no word is in a text
    /// twice.
    pub(super) fn of(seen: &Seen, left: &[u16], right: &[u16]) -> (Self, u32) {
        let mut pairs = [(0_u8, 0_u8); MOST];
        let mut count = 0;
        for (at, word) in right.iter().enumerate().take(MOST).filter(|(_, word)| seen.contains(**word)) {
            if let Some(place) = left.iter().take(MOST).position(|other| other == word) {
                pairs[count] = (at as u8, place as u8);
                count += 1;
            }
        }
        let chain = longest_chain(&mut pairs, count);
        let (left_words, right_words) = (left.len().min(MOST), right.len().min(MOST));
        let fewer = left_words.min(right_words).max(1) as f32;
        let [Some((right_first, left_first)), Some((right_last, left_last))] = [chain.first(), chain.last()] else {
            return (Self { beginnings: 1.0, ends: 1.0, ..Self::default() }, 0);
        };
        let (mut replaced, mut reworded, mut run, mut longest) = (0, 0, 1, 1);
        for pair in chain.windows(2) {
            let (right_gap, left_gap) = (pair[1].0 - pair[0].0 - 1, pair[1].1 - pair[0].1 - 1);
            if right_gap == left_gap {
                replaced += u32::from(right_gap);
            } else {
                reworded += u32::from(right_gap.max(left_gap));
            }
            run = if right_gap == 0 && left_gap == 0 { run + 1 } else { 1 };
            longest = longest.max(run);
        }
        let ends = (right_words - 1 - usize::from(*right_last)).min(left_words - 1 - usize::from(*left_last));
        let alignment = Self {
            replaced: (replaced as f32 / fewer).min(1.0),
            reworded: (reworded as f32 / fewer).min(1.0),
            beginnings: f32::from(*right_first.min(left_first)) / fewer,
            ends: ends as f32 / fewer,
        };
        (alignment, longest)
    }
}

/// Leaves the longest chain of pairs that grow on both sides; the first side grows already.
fn longest_chain(pairs: &mut [(u8, u8); MOST], count: usize) -> &[(u8, u8)] {
    if pairs[..count].is_sorted_by(|one, next| one.1 < next.1) {
        return &pairs[..count];
    }
    let (mut lengths, mut before) = ([1_u8; MOST], [u8::MAX; MOST]);
    let mut best = 0;
    for at in 0..count {
        for earlier in 0..at {
            if pairs[earlier].1 < pairs[at].1 && lengths[earlier] >= lengths[at] {
                lengths[at] = lengths[earlier] + 1;
                before[at] = earlier as u8;
            }
        }
        if lengths[at] > lengths[best] {
            best = at;
        }
    }
    let length = usize::from(lengths[best]);
    let mut at = best;
    let mut chain = [(0, 0); MOST];
    for place in (0..length).rev() {
        chain[place] = pairs[at];
        at = usize::from(before[at]).min(MOST - 1);
    }
    *pairs = chain;
    &pairs[..length]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn align(left: &[u16], right: &[u16]) -> (Alignment, u32) {
        let mut seen = Seen::default();
        left.iter().for_each(|word| _ = seen.insert(*word));
        Alignment::of(&seen, left, right)
    }

    #[test]
    fn words_replaced_one_for_one_are_told_from_a_middle_in_other_words() {
        let (same, run) = align(&[1, 2, 3, 4], &[1, 2, 3, 4]);
        assert_eq!((same, run), (Alignment::default(), 4));
        assert_eq!(align(&[1, 2, 3, 4], &[1, 9, 3, 4]), (Alignment { replaced: 0.25, ..Alignment::default() }, 2));
        assert_eq!(align(&[1, 2, 3, 4], &[1, 9, 8, 3, 4]), (Alignment { reworded: 0.5, ..Alignment::default() }, 2));
    }

    #[test]
    fn an_end_that_one_text_has_alone_is_none_of_both() {
        assert_eq!(align(&[1, 2, 3, 4], &[7, 8, 1, 2, 3, 4, 9]), (Alignment::default(), 4));
        let both = Alignment { beginnings: 0.25, ends: 0.25, ..Alignment::default() };
        assert_eq!(align(&[5, 1, 2, 6], &[7, 8, 1, 2, 9]), (both, 2));
    }

    #[test]
    fn of_words_in_another_order_the_longest_chain_counts() {
        assert_eq!(align(&[1, 2, 3, 4, 5], &[5, 1, 2, 3, 4]), (Alignment::default(), 4));
        assert_eq!(align(&[1, 2], &[3, 4]).1, 0);
    }
}
