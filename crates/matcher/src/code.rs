//! A compiled query: a tree written as one run of 32-bit words, so that a hundred thousand of them lie side by side.
//!
//! A part begins with a header of operator and length in words, itself included; then come its numbers, then its parts or
//! atoms. What has a place in a text (`Word` and below) stands only inside `Place` and `NoPlace`.

/// What a part demands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub(crate) enum Operator {
    /// Every part.
    All,
    /// One part or more.
    Some,
    /// `count`, parts: so many of them.
    AtLeast,
    /// Atoms: one of them is in the post.
    Any,
    /// Atoms: none of them is.
    None,
    /// The part has a place.
    Place,
    NoPlace,
    /// `field`: the test passes.
    Field,
    /// `field`, atom: the test passes, and no post passes it that does not show this sign.
    SignedField,
    NoField,
    /// Atoms: where one of them stands.
    Word,
    /// Atoms: where one of them stands in the title.
    TitleWord,
    /// Words, adjacent, in this order.
    Row,
    /// `longest`, parts `Times`: all words within so many positions.
    Close,
    /// `count`, a word: as often as that.
    Times,
    /// `distance`, left, right.
    Near,
    /// `distance`, left, right, in this order.
    OrderedNear,
    /// Left and right in one sentence.
    Sentence,
    /// Where one of the parts stands.
    Either,
}

const OPERATORS: [Operator; 32] = {
    let mut table = [Operator::Either; 32];
    let all = [
        Operator::All,
        Operator::Some,
        Operator::AtLeast,
        Operator::Any,
        Operator::None,
        Operator::Place,
        Operator::NoPlace,
        Operator::Field,
        Operator::SignedField,
        Operator::NoField,
        Operator::Word,
        Operator::TitleWord,
        Operator::Row,
        Operator::Close,
        Operator::Times,
        Operator::Near,
        Operator::OrderedNear,
        Operator::Sentence,
        Operator::Either,
    ];
    let mut number = 0;
    while number < all.len() {
        table[all[number] as usize] = all[number];
        number += 1;
    }
    table
};

const LENGTH_BITS: u32 = 27;

impl Operator {
    /// Numbers between the header and the parts or atoms.
    const fn numbers(self) -> usize {
        matches!(
            self,
            Self::AtLeast
                | Self::Close
                | Self::Times
                | Self::Near
                | Self::OrderedNear
                | Self::Field
                | Self::SignedField
                | Self::NoField
        ) as usize
    }

    const fn holds_atoms(self) -> bool {
        matches!(self, Self::Any | Self::None | Self::Word | Self::TitleWord | Self::SignedField)
    }

    const fn holds_test(self) -> bool {
        matches!(self, Self::Field | Self::SignedField | Self::NoField)
    }
}

const fn operator_of(header: u32) -> Operator {
    OPERATORS[(header >> LENGTH_BITS) as usize]
}

const fn length_of(header: u32) -> usize {
    (header & ((1 << LENGTH_BITS) - 1)) as usize
}

/// One part of a compiled query.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part<'a>(&'a [u32]);

impl<'a> Part<'a> {
    /// The whole of a query's code.
    pub(crate) const fn root(code: &'a [u32]) -> Self {
        Self(code)
    }

    #[inline]
    pub(crate) const fn operator(self) -> Operator {
        operator_of(self.0[0])
    }

    /// The number of operators that have one.
    #[inline]
    pub(crate) const fn number(self) -> u32 {
        self.0[1]
    }

    /// The atoms of operators that hold atoms, ascending.
    #[inline]
    pub(crate) fn atoms(self) -> &'a [u32] {
        &self.0[1..]
    }

    /// The atom of a signed field.
    pub(crate) fn sign(self) -> &'a [u32] {
        &self.0[2..]
    }

    #[inline]
    pub(crate) fn parts(self) -> impl Iterator<Item = Self> + Clone {
        let mut rest = &self.0[1 + self.operator().numbers()..];
        std::iter::from_fn(move || {
            let (part, others) = rest.split_at_checked(length_of(*rest.first()?))?;
            rest = others;
            Some(Self(part))
        })
    }

    /// The two sides of a distance or a sentence.
    pub(crate) fn sides(self) -> (Self, Self) {
        let mut parts = self.parts();
        let left = parts.next().unwrap_or(self);
        (left, parts.next().unwrap_or(left))
    }
}

/// Writes the code of one query.
#[derive(Debug, Default)]
pub(crate) struct Writer {
    words: Vec<u32>,
}

impl Writer {
    /// A part whose numbers, atoms or parts `inside` writes.
    pub(crate) fn part(&mut self, operator: Operator, inside: impl FnOnce(&mut Self)) {
        let header = self.words.len();
        self.words.push(0);
        inside(self);
        self.words[header] = (operator as u32) << LENGTH_BITS | (self.words.len() - header) as u32;
    }

    pub(crate) fn number(&mut self, number: u32) {
        self.words.push(number);
    }

    pub(crate) fn finish(self) -> Box<[u32]> {
        self.words.into()
    }
}

/// Calls `atom` for the atoms of each list and `field` for the number of each field test.
pub(crate) fn renumber(code: &mut [u32], mut atoms: impl FnMut(&mut [u32]), mut field: impl FnMut(&mut u32)) {
    let mut at = 0;
    while let Some(&header) = code.get(at) {
        let operator = operator_of(header);
        if operator.holds_test() {
            field(&mut code[at + 1]);
        }
        let inside = at + 1 + operator.numbers();
        if operator.holds_atoms() {
            let end = at + length_of(header);
            atoms(&mut code[inside..end]);
            at = end;
        } else {
            at = inside;
        }
    }
}
