//! A CAR file, as commits carry it: a header and blocks, each with its name. Follows `ipld.io/specs/transport/car/carv1`.

use ipld_core::cid::Cid;

/// Most blocks looked at in one commit.
const MAX_BLOCKS: usize = 20_000;

/// The blocks of a CAR file by name. They are looked for one by one: a commit asks for few.
#[derive(Debug)]
pub(super) struct Blocks<'a>(Vec<(Cid, &'a [u8])>);

impl<'a> Blocks<'a> {
    /// Reads as far as the file is whole; what follows a break is not there.
    pub(super) fn read(car: &'a [u8]) -> Self {
        let mut blocks = Vec::new();
        let mut rest = car;
        // The header names the root, which is of no use here.
        if take(&mut rest).is_none() {
            return Self(blocks);
        }
        while blocks.len() < MAX_BLOCKS
            && let Some(section) = take(&mut rest)
        {
            let mut content = section;
            match Cid::read_bytes(&mut content) {
                Ok(name) => blocks.push((name, content)),
                Err(_) => break,
            }
        }
        Self(blocks)
    }

    pub(super) fn get(&self, name: &Cid) -> Option<&'a [u8]> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, content)| *content)
    }
}

/// Takes a section: its length as a varint, then so many bytes.
fn take<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let mut length: u64 = 0;
    for (index, &byte) in rest.iter().enumerate().take(9) {
        length |= u64::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            let (section, after) = rest[index + 1..].split_at_checked(usize::try_from(length).ok()?)?;
            *rest = after;
            return Some(section);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The name of `{}` in DAG-CBOR.
    fn name() -> Cid {
        "bafyreigbtj4x7ip5legnfznufuopl4sg4knzc2cof6duas4b3q2fy6swua".parse().expect("a CID")
    }

    fn car(content: &[u8]) -> Vec<u8> {
        let mut section = name().to_bytes();
        section.extend_from_slice(content);
        let mut car = vec![1, 0xa0];
        car.push(u8::try_from(section.len()).expect("short"));
        car.extend_from_slice(&section);
        car
    }

    #[test]
    fn a_block_is_found_by_its_name() {
        let car = car(&[0xa0]);
        assert_eq!(Blocks::read(&car).get(&name()), Some(&[0xa0][..]));
        assert_eq!(Blocks::read(&car[..car.len() - 1]).get(&name()), None);
        assert_eq!(Blocks::read(&[]).get(&name()), None);
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            prop_assert!(Blocks::read(&bytes).0.len() <= bytes.len());
        }
    }
}
