//! What the generator meant by a post: the ground truth, kept apart from what a network would show.

/// Why somebody wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Intent {
    /// Life, not brands: most of the stream.
    Chatter,
    Question,
    Complaint,
    Praise,
    /// The brand's own advertisement.
    Advert,
    /// The same text by many authors.
    Spam,
    /// A favour asked of friends.
    Help,
    /// Somebody is about to buy and chooses.
    Purchase,
    /// A complaint that names nobody.
    Nameless,
    /// Somebody is about to leave, or left.
    Churn,
    Job,
    News,
    /// A customer's review with a rating.
    Review,
    /// A witness of an outage, or a repost of one.
    Outage,
    /// An answer by the brand's own account.
    Support,
    /// An answer by somebody else.
    Answer,
}

impl Intent {
    /// The stable name, lower case.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Chatter => "chatter",
            Self::Question => "question",
            Self::Complaint => "complaint",
            Self::Praise => "praise",
            Self::Advert => "advert",
            Self::Spam => "spam",
            Self::Help => "help",
            Self::Purchase => "purchase",
            Self::Nameless => "nameless",
            Self::Churn => "churn",
            Self::Job => "job",
            Self::News => "news",
            Self::Review => "review",
            Self::Outage => "outage",
            Self::Support => "support",
            Self::Answer => "answer",
        }
    }
}

/// The truth about one post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label {
    pub intent: Intent,
    /// Index into [`crate::DemoStream::brands`]: whom it is about, even where no name is said.
    pub brand: Option<usize>,
    /// Which outage it belongs to.
    pub outage: Option<u64>,
    /// Which copy-paste campaign it belongs to.
    pub campaign: Option<u64>,
}

impl Label {
    pub(crate) const fn new(intent: Intent, brand: Option<usize>) -> Self {
        Self { intent, brand, outage: None, campaign: None }
    }
}
