//! The language of a post, by a small linear model over its letters; unknown is said as unknown.
