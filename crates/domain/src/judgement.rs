//! The words in which enrichment and the work on cases judge a mention. Tone stands in `mention.rs`.

use crate::names::named_enum;

named_enum! {
    /// What the author wants.
    pub enum Intent {
        Complaint = "complaint",
        /// Asks for help.
        Help = "help",
        Question = "question",
        Idea = "idea",
        Praise = "praise",
        /// Wants to buy.
        Purchase = "purchase",
        /// Threatens to leave.
        Churn = "churn",
        News = "news",
        Advert = "advert",
        Spam = "spam",
    }
}

named_enum! {
    /// Where in the consumer cycle the author stands.
    pub enum Stage {
        Search = "search",
        Buy = "buy",
        Use = "use",
        /// Gets service.
        Service = "service",
        Leave = "leave",
    }
}

named_enum! {
    /// How far the work on a case is.
    pub enum CaseStatus {
        New = "new",
        Open = "open",
        /// For the author or for another department.
        Waiting = "waiting",
        Solved = "solved",
        Closed = "closed",
    }
}

named_enum! {
    /// How the promise of time stands.
    pub enum SlaState {
        /// The clock runs, nothing is pressing.
        Running = "running",
        /// The clock is stopped.
        Paused = "paused",
        /// Soon breached.
        AtRisk = "at_risk",
        Breached = "breached",
        Met = "met",
    }
}
