//! Which words a query is posted under: a post that holds none of them cannot match.

use crate::code::{Operator, Part};

/// The rarest group of atoms of which a matching post must hold one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Anchor<'a> {
    /// Expected uses of all of them among a million tokens.
    pub(crate) cost: u64,
    pub(crate) atoms: Vec<&'a [u32]>,
}

/// `None` when the query demands no word. `cost` tells the expected uses of an atom.
pub(crate) fn cheapest<'a>(part: Part<'a>, cost: &impl Fn(u32) -> u64) -> Option<Anchor<'a>> {
    let cheapest_of =
        |part: Part<'a>| part.parts().filter_map(|part| cheapest(part, cost)).min_by_key(|anchor| anchor.cost);
    match part.operator() {
        Operator::Any | Operator::Word | Operator::TitleWord => {
            Some(Anchor { cost: part.atoms().iter().map(|atom| cost(*atom)).sum(), atoms: vec![part.atoms()] })
        }
        Operator::All
        | Operator::Row
        | Operator::Close
        | Operator::Times
        | Operator::Near
        | Operator::OrderedNear
        | Operator::Sentence => cheapest_of(part),
        Operator::Some | Operator::Either | Operator::Place => {
            part.parts().map(|part| cheapest(part, cost)).collect::<Option<Vec<_>>>().map(union)
        }
        Operator::AtLeast => {
            let needed = (part.parts().count() + 1).checked_sub(part.number() as usize)?;
            let mut anchors: Vec<_> = part.parts().filter_map(|part| cheapest(part, cost)).collect();
            anchors.sort_by_key(|anchor| anchor.cost);
            anchors.truncate(needed);
            (anchors.len() == needed).then(|| union(anchors))
        }
        Operator::SignedField => Some(Anchor { cost: cost(part.sign()[0]), atoms: vec![part.sign()] }),
        Operator::None | Operator::NoPlace | Operator::Field | Operator::NoField => None,
    }
}

fn union(anchors: Vec<Anchor<'_>>) -> Anchor<'_> {
    let mut all = Anchor::default();
    for anchor in anchors {
        all.cost += anchor.cost;
        all.atoms.extend(anchor.atoms);
    }
    all
}
