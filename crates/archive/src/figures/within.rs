//! A question as far as one slice is concerned: what the other months are asked makes no difference to its answer.

use crate::ask::{Ask, Cells, FacetAsk};
use crate::facet::Facet;
use crate::slice::Slice;

/// Edges and slots outside of the slice are left out, and how many values are shown. Authors are one question, whatever is told of
/// them.
pub(super) fn within(ask: &Ask, slice: Slice) -> Ask {
    let (start, end) = slice.span();
    let behind = ask.edges.partition_point(|edge| *edge < end);
    let edges = &ask.edges[first_edge(ask, slice)..ask.edges.len().min(behind + 1)];
    let cells = ask.cells.as_ref().map(|cells| {
        let slot = i128::try_from(cells.slot.as_micros()).unwrap_or(i128::MAX);
        let slots = cells.cell_of_slot.len();
        let number = |micros: i64| {
            let passed = (i128::from(micros) - i128::from(cells.start.as_micros())).div_euclid(slot);
            usize::try_from(passed.clamp(0, slots as i128)).unwrap_or(slots)
        };
        let (first, last) = (number(start.as_micros()), (number(end.as_micros()) + 1).min(slots));
        let skipped = cells.slot.saturating_mul(u32::try_from(first).unwrap_or(u32::MAX));
        Cells {
            start: cells.start.plus(skipped),
            slot: cells.slot,
            cell_of_slot: cells.cell_of_slot.get(first..last).unwrap_or_default().to_vec(),
        }
    });
    let by_author = |asked: &FacetAsk| asked.facet == Facet::Author;
    let others = ask.facets.iter().filter(|asked| !by_author(asked));
    Ask {
        facets: others.map(|asked| FacetAsk { limit: 0, ..*asked }).collect(),
        edges: edges.iter().map(|edge| (*edge).clamp(start, end)).collect(),
        bucket_details: ask.bucket_details,
        cells,
        authors: ask.authors || ask.facets.iter().any(by_author),
        loudest: 0,
    }
}

/// The number of the first edge that is asked of a slice.
pub(super) fn first_edge(ask: &Ask, slice: Slice) -> usize {
    ask.edges.partition_point(|edge| *edge <= slice.span().0).saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use molva_domain::Timestamp;

    use super::*;

    fn time(text: &str) -> Timestamp {
        Timestamp::parse(text).expect("a time")
    }

    #[test]
    fn a_slice_is_asked_for_its_own_edges_and_slots() {
        let day = |day: &str| time(&format!("{day}T00:00:00Z"));
        let edges = ["2026-01-01", "2026-01-20", "2026-02-10", "2026-02-20", "2026-03-10", "2026-04-01"].map(day);
        let start = day("2026-01-01");
        let cells = Cells { start, slot: Duration::from_secs(86_400), cell_of_slot: (0..90).collect() };
        let ask = Ask { edges: edges.to_vec(), cells: Some(cells), ..Ask::default() };
        let asked = |slice: &str| within(&ask, Slice::parse(slice).expect("a slice"));
        let february = asked("2026-02");
        assert_eq!(february.edges, ["2026-02-01", "2026-02-10", "2026-02-20", "2026-03-01"].map(day));
        let cells = february.cells.expect("cells");
        assert_eq!((cells.start, cells.cell_of_slot), (day("2026-02-01"), (31..60).collect()));
        assert_eq!(first_edge(&ask, Slice::parse("2026-02").expect("a slice")), 1);
        let (before, after) = (asked("2025-12"), asked("2026-05"));
        assert_eq!(before.edges, [day("2026-01-01")]);
        assert_eq!(after.edges, [day("2026-05-01")]);
        assert_eq!(after.cells.map(|cells| cells.cell_of_slot.len()), Some(0));
    }
}
