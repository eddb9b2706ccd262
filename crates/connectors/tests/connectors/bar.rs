//! The bar of every connector: ten thousand things through a network that breaks in every way, none lost, none doubled, no limit
//! exceeded. `scripts/ten_thousand.sh` runs all of it and prints the rows as one table.

use std::collections::BTreeSet;
use std::sync::LazyLock;
use std::time::Duration;

use molva_emulators::Counts;

use crate::sandbox::Played;

/// Things that go through a network: `MOLVA_TEST_ITEMS`, or as many as take seconds.
pub(crate) static ITEMS: LazyLock<usize> = LazyLock::new(|| items_or(2_000));

/// As many as are told, or as take seconds where each waits for others.
pub(crate) fn items_or(usual: usize) -> usize {
    let told = std::env::var("MOLVA_TEST_ITEMS").ok().and_then(|items| items.parse().ok());
    told.map_or(usual, |items: usize| items.max(300))
}

/// How long they may take: a minute, and a second for ten.
pub(crate) static PATIENCE: LazyLock<Duration> = LazyLock::new(|| Duration::from_secs(60 + *ITEMS as u64 / 10));

/// What came of them.
#[derive(Default)]
pub(crate) struct Row<'a> {
    pub(crate) network: &'a str,
    pub(crate) way: &'a str,
    pub(crate) sent: usize,
    /// Delivered twice within a run.
    pub(crate) doubled: usize,
    /// Delivered again by a later run or call, which the store knows by the name.
    pub(crate) again: usize,
    pub(crate) seconds: f64,
}

impl Row<'_> {
    /// With what the emulator counted.
    pub(crate) fn print(&self, heard: &BTreeSet<String>, wanted: &BTreeSet<String>, played: &Played) {
        let (counts, skew) = {
            let inside = played.sandbox.inside();
            (inside.counts.clone(), inside.faults.clock_skew_s)
        };
        self.print_with(heard, wanted, &counts, skew);
    }

    pub(crate) fn print_with(&self, heard: &BTreeSet<String>, wanted: &BTreeSet<String>, counts: &Counts, skew: i64) {
        let Counts { requests, calls, limits_exceeded, faults, .. } = counts;
        let asked = requests.values().sum::<u64>() + calls;
        let kinds = faults.iter().map(|(kind, times)| format!("{kind} {times}"));
        let skewed = (skew != 0).then(|| format!("clock {skew:+} s"));
        let kinds: Vec<String> = kinds.chain(skewed).collect();
        let (stored, lost) = (heard.intersection(wanted).count(), wanted.difference(heard).count());
        let Self { network, way, sent, doubled, again, seconds } = self;
        let kinds = kinds.join(", ");
        eprintln!(
            "bar | {network} | {way} | {sent} | {stored} | {lost} | {doubled} | {again} | {asked} | {} | {kinds} | {limits_exceeded} | {seconds:.0} |",
            faults.values().sum::<u64>()
        );
    }
}
