//! What a dialect's file says of it.

/// How one product writes queries.
#[derive(Debug)]
pub(super) struct Grammar {
    /// Operators that are words or signs of their own.
    pub(super) operators: &'static [(&'static str, Operator)],
    /// `and` is an operator as `AND` is.
    pub(super) any_case: bool,
    /// `NEAR` without a number.
    pub(super) usual_distance: Option<u32>,
    /// The number of a distance counts the words between, not the steps from one word to the other.
    pub(super) counts_between: bool,
    /// `a /2 b`
    pub(super) slash_distance: bool,
    /// `a NEAR/2f b`: in this order.
    pub(super) ordered_suffix: bool,
    /// Words without an operator between them.
    pub(super) space: Space,
    /// A word finds its other forms too.
    pub(super) inflects: bool,
    /// Signs inside words are compared: `h&m`, `100%`.
    pub(super) signs: bool,
    /// `{Word}` is compared with its capitals.
    pub(super) braces: bool,
    /// `+"word"` is this form, `++"Word"` this form with these capitals.
    pub(super) plus_is_raw: bool,
    /// `(a AND b)~5`
    pub(super) group_slop: bool,
    /// `atleast3 word`
    pub(super) frequency: bool,
    /// `word^5`
    pub(super) boost: bool,
    /// `<<< … >>>`
    pub(super) comments: bool,
    pub(super) fields: &'static [(&'static str, To)],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    And,
    Or,
    Not,
    Near,
    OrderedNear,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Space {
    And,
    /// Close to each other.
    Proximity,
}

/// What becomes of a field.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum To {
    /// Ours of that name, with the value as it is.
    Field(&'static str),
    /// Ours of that name; its values go by other names.
    Named(&'static str, &'static [(&'static str, &'static str)]),
    /// Ours of that name with a range: `[10 TO 50]`, `>10`, `10`.
    Range(&'static str),
    /// Minutes of a day, ours are hours.
    Minutes,
    Title,
    /// A word of the text; we look everywhere.
    Text,
    /// A word with its capitals.
    Cased,
    Hashtag,
    Mention,
    /// A group of that network: `community:network/name`.
    Community(&'static str),
    /// Known, but nothing of ours is like it.
    Nothing,
}

/// The names of yes and no, for fields of ours that take them.
pub(super) const YES_NO: &[(&str, &str)] =
    &[("true", "verified:yes"), ("false", "verified:no"), ("yes", "verified:yes"), ("no", "verified:no")];
