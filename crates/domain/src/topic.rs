//! What is listened for.

use crate::names::named_enum;

named_enum! {
    /// How wide the object of a topic is, the widest first.
    pub enum TopicLevel {
        Company = "company",
        Brand = "brand",
        Product = "product",
        Service = "service",
    }
}

named_enum! {
    /// Whose object it is.
    pub enum TopicKind {
        Own = "own",
        Competitor = "competitor",
        Market = "market",
    }
}
