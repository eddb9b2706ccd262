//! Names of records. Source: "Timestamp Identifiers" of the AT Protocol specifications.

use molva_domain::ReplyId;

const ALPHABET: &[u8; 32] = b"234567abcdefghijklmnopqrstuvwxyz";
const CLOCK_BITS: u32 = 10;
/// Of a [`ReplyId`] below its milliseconds: 9 bits of node, 12 of sequence.
const REST_BITS: u32 = 21;

/// The record key of a reply: microseconds since 1970 and ten more bits, in letters that sort as the numbers do.
///
/// A reply's id holds a millisecond and 21 bits; ten of them go where the protocol keeps a clock's number, the others into the
/// microseconds. Two ids share a key only when they are made within two milliseconds by processes whose numbers are 250 apart.
pub(super) fn record_key(id: ReplyId) -> String {
    let rest = id.0 & ((1 << REST_BITS) - 1);
    let micros = id.made_at().as_millis() * 1_000 + (rest >> CLOCK_BITS);
    let number = ((micros & ((1 << 53) - 1)) << CLOCK_BITS) | (rest & ((1 << CLOCK_BITS) - 1));
    (0..13).rev().map(|place| char::from(ALPHABET[(number >> (5 * place)) as usize & 31])).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::Arc;

    use molva_domain::{IdGenerator, ManualClock, Timestamp};

    use super::*;

    #[test]
    fn a_key_says_when_it_was_made() {
        // `3jzfcijpj2z2a` of the specification is 2023-06-30T02:29:34.107098Z… with its clock 8; made of the same millisecond.
        let at = Timestamp::from_micros(1_687_706_941_440_000);
        let key = record_key(ReplyId::first_at(at));
        let number = key.bytes().fold(0_i64, |number, letter| {
            (number << 5) | ALPHABET.iter().position(|known| *known == letter).expect("a letter") as i64
        });
        assert_eq!((key.len(), number >> CLOCK_BITS), (13, at.as_micros()));
    }

    #[test]
    fn keys_are_as_many_as_ids_and_stand_in_their_order() {
        let ids = IdGenerator::new(Arc::new(ManualClock::at(Timestamp::from_secs(1_772_366_400))), 511);
        let keys: Vec<String> = (0..20_000).map(|_| record_key(ids.next())).collect();
        assert!(keys.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(keys.iter().collect::<BTreeSet<_>>().len(), keys.len());
    }
}
