//! What we say to people, and from which identity.

use crate::names::named_enum;

named_enum! {
    /// Whether an account can be used.
    pub enum AccountState {
        /// The network accepts it.
        Connected = "connected",
        /// Its token is too old; a new one has to be entered.
        Expired = "expired",
        /// The network no longer accepts it, or forbids what it is for.
        Revoked = "revoked",
        /// A person took it away; its secrets are wiped.
        Disconnected = "disconnected",
    }
}

named_enum! {
    /// Where a reply is on its way.
    pub enum ReplyState {
        /// Another person has to agree first.
        AwaitingApproval = "awaiting_approval",
        /// It will be sent at its time; until then it can be taken back.
        Waiting = "waiting",
        /// Handed to the network; the answer is awaited.
        Sending = "sending",
        /// Handed to the network, and whether it arrived is not known: the network is asked before it is sent again.
        Unsure = "unsure",
        /// The network has it.
        Sent = "sent",
        /// Not accepted for now; it will be tried again.
        Retrying = "retrying",
        /// The network will not take it. A person has to decide.
        Refused = "refused",
        /// Taken back before it was sent.
        Cancelled = "cancelled",
    }
}

impl ReplyState {
    /// Nothing will happen to it by itself any more.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Sent | Self::Refused | Self::Cancelled)
    }

    /// It has not been handed to the network yet, so that a person may change or cancel it.
    #[must_use]
    pub const fn is_ours(self) -> bool {
        matches!(self, Self::AwaitingApproval | Self::Waiting)
    }
}

named_enum! {
    /// Who will see a reply.
    pub enum ReplyVisibility {
        /// Whoever sees what it answers.
        Public = "public",
        /// Its addressee alone.
        Private = "private",
    }
}
