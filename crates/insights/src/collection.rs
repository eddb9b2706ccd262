//! What the collection ledger says of a period: which sources should have collected, when they did not.

use std::time::Duration;

use molva_archive::{Facet, Filter};
use molva_domain::{Gap, GapCause, SourceId, SourceState, Timestamp};

use crate::measure::real;
use crate::selected::Stretch;

/// A period that ended less than this ago is judged by the state of its sources now.
const JUST_NOW: Duration = Duration::from_secs(600);

/// A source, as far as trust is concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceSeen {
    pub id: SourceId,
    pub name: String,
    /// Name of the connector.
    pub connector: String,
    pub state: SourceState,
    pub created_at: Timestamp,
    pub last_success_at: Option<Timestamp>,
    /// The one network it brings posts of; `None`: any.
    pub network: Option<String>,
    /// It goes on collecting; a file does not.
    pub collects: bool,
    /// Since when the network withholds items because its quota is used up.
    pub cut_since: Option<Timestamp>,
}

/// A stretch in which a source may have missed items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceGap {
    pub source: SourceId,
    /// The source's name.
    pub name: String,
    pub gap: Gap,
}

/// Sources and their gaps, as the storage has them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Collection {
    pub sources: Vec<SourceSeen>,
    /// Newest first.
    pub gaps: Vec<(SourceId, Gap)>,
}

/// How well a period is covered.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Coverage {
    /// Sources that should have collected.
    pub expected: u64,
    /// Those of them that did and do.
    pub delivering: u64,
    /// All expected ones, those not delivering first, then by time down.
    pub sources: Vec<SourceCoverage>,
    /// Newest first.
    pub gaps: Vec<SourceGap>,
    /// Time down of the time expected; `None` when nothing was expected.
    pub gap_share: Option<f64>,
    /// Newest first.
    pub cuts: Vec<QuotaCut>,
    /// Part of the period before the first source was added, 0 to 1.
    pub unwatched: f64,
}

/// How well one source covers a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceCoverage {
    pub source: SourceId,
    pub name: String,
    pub connector: String,
    pub state: SourceState,
    pub delivering: bool,
    /// Time down within the period.
    pub down: Duration,
}

/// A network withheld items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuotaCut {
    pub source: SourceId,
    pub name: String,
    pub at: Timestamp,
}

impl Collection {
    /// Gaps that overlap a stretch, of sources that should bring mentions of the filter; newest first.
    #[must_use]
    pub fn gaps_in(&self, stretch: Stretch, filter: &Filter) -> Vec<SourceGap> {
        let overlaps =
            |gap: &Gap| gap.from < stretch.before && gap.to.is_none_or(|to| to > stretch.from && to > gap.from);
        let overlapping = self.gaps.iter().filter(|(_, gap)| overlaps(gap));
        let named = overlapping.filter_map(|(id, gap)| {
            let source = self.sources.iter().find(|source| source.id == *id && should_bring(source, filter))?;
            Some(SourceGap { source: *id, name: source.name.clone(), gap: *gap })
        });
        named.collect()
    }

    /// How well a stretch is covered, up to now.
    #[must_use]
    pub fn coverage(&self, stretch: Stretch, filter: &Filter, now: Timestamp) -> Coverage {
        let Some(stretch) = Stretch::new(stretch.from, stretch.before.min(now)) else { return Coverage::default() };
        let expected: Vec<(&SourceSeen, Stretch)> = self
            .sources
            .iter()
            .filter(|source| should_bring(source, filter))
            .filter_map(|source| Some((source, Stretch::new(stretch.from.max(source.created_at), stretch.before)?)))
            .collect();
        let gaps = self.gaps_in(stretch, filter);
        let mut sources: Vec<SourceCoverage> = expected
            .iter()
            .map(|(source, expected)| {
                let down = time_down(&gaps, source.id, *expected);
                let delivering = delivers(source, &gaps, stretch, now) && down < expected.before.since(expected.from);
                SourceCoverage {
                    source: source.id,
                    name: source.name.clone(),
                    connector: source.connector.clone(),
                    state: source.state,
                    delivering,
                    down,
                }
            })
            .collect();
        sources.sort_by(|a, b| (a.delivering, b.down, &a.name).cmp(&(b.delivering, a.down, &b.name)));
        let seconds = |time: Duration| time.as_secs_f64();
        let wanted: f64 = expected.iter().map(|(_, stretch)| seconds(stretch.before.since(stretch.from))).sum();
        let missed: f64 = sources.iter().map(|source| seconds(source.down)).sum();
        let first = expected.iter().map(|(source, _)| source.created_at).min();
        let unwatched = first.map_or(0.0, |first| {
            seconds(first.min(stretch.before).since(stretch.from)) / seconds(stretch.before.since(stretch.from))
        });
        Coverage {
            expected: expected.len() as u64,
            delivering: sources.iter().filter(|source| source.delivering).count() as u64,
            gap_share: (wanted > 0.0).then(|| missed / wanted),
            cuts: cuts(&expected, &gaps, stretch, now),
            sources,
            gaps,
            unwatched,
        }
    }
}

impl Coverage {
    /// Expected sources that do not deliver.
    #[must_use]
    pub fn down(&self) -> u64 {
        self.expected - self.delivering
    }

    /// Some of the expected sources deliver, 0 to 1; 1 when none is expected.
    #[must_use]
    pub fn delivering_share(&self) -> f64 {
        if self.expected == 0 { 1.0 } else { real(self.delivering) / real(self.expected) }
    }
}

/// A source that should be collecting what the filter lets through. Which network a filter wants is known where it says so; what
/// a query says of networks is not looked into.
fn should_bring(source: &SourceSeen, filter: &Filter) -> bool {
    let on = source.collects && !matches!(source.state, SourceState::Paused | SourceState::Finished);
    let networks = filter.facets.iter().filter(|(facet, values)| *facet == Facet::Network && !values.is_empty());
    on && source.network.as_ref().is_none_or(|network| networks.into_iter().all(|(_, values)| values.contains(network)))
}

/// At the end of the stretch.
fn delivers(source: &SourceSeen, gaps: &[SourceGap], stretch: Stretch, now: Timestamp) -> bool {
    if now.since(stretch.before) <= JUST_NOW {
        return match source.state {
            SourceState::Running => true,
            SourceState::Starting => source.last_success_at.is_some(),
            _ => false,
        };
    }
    let mut own = gaps.iter().filter(|gap| gap.source == source.id);
    !own.any(|gap| gap.gap.from < stretch.before && gap.gap.to.is_none_or(|to| to >= stretch.before))
}

/// Time of the stretch within gaps of a source; where they overlap it counts once.
fn time_down(gaps: &[SourceGap], source: SourceId, stretch: Stretch) -> Duration {
    let own = gaps.iter().filter(|gap| gap.source == source);
    let mut spans: Vec<(Timestamp, Timestamp)> = own
        .map(|gap| (gap.gap.from.max(stretch.from), gap.gap.to.unwrap_or(stretch.before).min(stretch.before)))
        .filter(|(from, to)| from < to)
        .collect();
    spans.sort_unstable();
    let (mut down, mut reached) = (Duration::ZERO, stretch.from);
    for (from, to) in spans {
        down += to.since(from.max(reached));
        reached = reached.max(to);
    }
    down
}

fn cuts(expected: &[(&SourceSeen, Stretch)], gaps: &[SourceGap], stretch: Stretch, now: Timestamp) -> Vec<QuotaCut> {
    let overflows = gaps.iter().filter(|gap| gap.gap.cause == GapCause::Overflow);
    let overflows = overflows.map(|gap| QuotaCut {
        source: gap.source,
        name: gap.name.clone(),
        at: gap.gap.from.max(stretch.from),
    });
    // A quota that is used up now says nothing of a period that is over.
    let recent = now.since(stretch.before) <= JUST_NOW;
    let spent = expected.iter().filter(|_| recent).filter_map(|(source, expected)| {
        let at = source.cut_since?.max(expected.from);
        Some(QuotaCut { source: source.id, name: source.name.clone(), at })
    });
    let mut cuts: Vec<QuotaCut> = overflows.chain(spent).collect();
    cuts.sort_by(|a, b| b.at.cmp(&a.at).then(a.source.cmp(&b.source)));
    cuts
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600;

    fn hour(hour: i64) -> Timestamp {
        Timestamp::from_secs(1_767_225_600 + hour * HOUR)
    }

    fn stretch(from: i64, before: i64) -> Stretch {
        Stretch { from: hour(from), before: hour(before) }
    }

    fn source(id: i64, state: SourceState, created: i64) -> SourceSeen {
        SourceSeen {
            id: SourceId(id),
            name: format!("source {id}"),
            connector: "feed".to_owned(),
            state,
            created_at: hour(created),
            last_success_at: None,
            network: None,
            collects: true,
            cut_since: None,
        }
    }

    fn gap(source: i64, from: i64, to: Option<i64>, cause: GapCause) -> (SourceId, Gap) {
        (SourceId(source), Gap { from: hour(from), to: to.map(hour), cause })
    }

    #[test]
    fn coverage_is_worked_out_of_sources_and_gaps() {
        let collection = Collection {
            sources: vec![
                source(1, SourceState::Running, -100),
                source(2, SourceState::Failing, 50),
                source(3, SourceState::Paused, -100),
                SourceSeen { collects: false, ..source(4, SourceState::Finished, -100) },
                source(5, SourceState::Running, 200),
            ],
            gaps: vec![
                gap(2, 90, None, GapCause::Failing),
                gap(1, 20, Some(40), GapCause::Overflow),
                gap(1, 10, Some(30), GapCause::Disconnected),
                gap(1, -50, Some(-40), GapCause::Stopped),
                gap(3, 0, None, GapCause::Failing),
            ],
        };
        let coverage = collection.coverage(stretch(0, 100), &Filter::default(), hour(100));
        // The first is expected for 100 hours and down for 30, the second for 50 and 10.
        assert_eq!(coverage.gap_share, Some(40.0 / 150.0));
        assert_eq!((coverage.expected, coverage.delivering, coverage.down(), coverage.unwatched), (2, 1, 1, 0.0));
        let sources: Vec<_> =
            coverage.sources.iter().map(|one| (one.source.0, one.delivering, one.down.as_secs() / 3_600)).collect();
        assert_eq!(sources, [(2, false, 10), (1, true, 30)]);
        let gaps: Vec<_> = coverage.gaps.iter().map(|gap| (gap.source.0, gap.gap.from)).collect();
        assert_eq!(gaps, [(2, hour(90)), (1, hour(20)), (1, hour(10))]);
        let cuts: Vec<_> = coverage.cuts.iter().map(|cut| (cut.source.0, cut.at)).collect();
        assert_eq!(cuts, [(1, hour(20))]);
        // A month later the state of today says nothing of that period; the open gap does.
        let later = collection.coverage(stretch(0, 100), &Filter::default(), hour(900));
        assert_eq!((later.expected, later.delivering), (2, 1));
        // Before the second failed, both delivered.
        let earlier = collection.coverage(stretch(0, 80), &Filter::default(), hour(900));
        assert_eq!((earlier.expected, earlier.delivering, earlier.gap_share), (2, 2, Some(30.0 / 110.0)));
    }

    #[test]
    fn time_before_the_first_source_is_told_and_nothing_expected_has_no_share() {
        let collection = Collection { sources: vec![source(1, SourceState::Running, 75)], gaps: Vec::new() };
        let coverage = collection.coverage(stretch(0, 100), &Filter::default(), hour(100));
        assert_eq!((coverage.unwatched, coverage.gap_share), (0.75, Some(0.0)));
        let before = collection.coverage(stretch(0, 50), &Filter::default(), hour(100));
        assert_eq!((before.expected, before.gap_share), (0, None));
        let to_come = collection.coverage(stretch(200, 300), &Filter::default(), hour(100));
        assert_eq!(to_come, Coverage::default());
    }

    #[test]
    fn sources_of_networks_that_are_left_out_do_not_count() {
        let mastodon = SourceSeen { network: Some("mastodon".to_owned()), ..source(1, SourceState::Silent, 0) };
        let collection = Collection { sources: vec![mastodon], gaps: vec![gap(1, 1, Some(2), GapCause::Disconnected)] };
        let of =
            |network: &str| Filter { facets: vec![(Facet::Network, vec![network.to_owned()])], ..Filter::default() };
        let left_out = collection.coverage(stretch(0, 10), &of("vk"), hour(10));
        assert_eq!((left_out.expected, left_out.gaps.len()), (0, 0));
        let meant = collection.coverage(stretch(0, 10), &of("mastodon"), hour(10));
        assert_eq!((meant.expected, meant.delivering, meant.gaps.len()), (1, 0, 1));
    }
}
