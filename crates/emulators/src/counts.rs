//! What reached an emulator, for those who check the other end.

use std::collections::BTreeMap;

use serde::Serialize;

/// How often a reply arrived.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Received {
    /// Requests with this key.
    pub asked: u64,
    /// Things that came to be of them: more than one is a reply said twice.
    pub made: u64,
}

/// Sums since the start.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// By method.
    pub requests: BTreeMap<String, u64>,
    /// Requests above the network's limits, and those that came before the wait they had been told was over.
    pub limits_exceeded: u64,
    /// Things told, each as often as it was told.
    pub items_served: u64,
    /// Calls that were made to those who want to be called, each try.
    pub calls: u64,
    /// By kind.
    pub faults: BTreeMap<&'static str, u64>,
    /// By the network's own key where it has one, else by the text.
    pub replies: BTreeMap<String, Received>,
}

impl Counts {
    pub(crate) fn request(&mut self, method: &str) {
        *self.requests.entry(method.to_owned()).or_default() += 1;
    }

    pub(crate) fn reply(&mut self, key: &str, made: bool) {
        let received = self.replies.entry(key.to_owned()).or_default();
        received.asked += 1;
        received.made += u64::from(made);
    }
}
