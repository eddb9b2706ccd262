//! Work shared out to a few threads, so that a question over many slices uses more than one core.

use std::num::NonZero;
use std::ops::ControlFlow;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::error::Error;

/// Threads that answer one question at most: many people ask at once.
const MOST_THREADS: usize = 4;

/// Does the pieces of work numbered from 0 on, each thread with a state of its own, handed out in order until one breaks.
/// When a piece breaks, those before it have been begun and are finished; none behind it that was not begun is.
pub(crate) fn share<T: Send>(
    pieces: usize,
    state: impl Fn() -> T + Sync,
    work: impl Fn(&mut T, usize) -> Result<ControlFlow<()>, Error> + Sync,
) -> Result<Vec<T>, Error> {
    let next = AtomicUsize::new(0);
    let run = || {
        let mut own = state();
        loop {
            let piece = next.fetch_add(1, Ordering::Relaxed);
            if piece >= pieces {
                return Ok(own);
            }
            match work(&mut own, piece) {
                Ok(ControlFlow::Continue(())) => {}
                Ok(ControlFlow::Break(())) => next.store(pieces, Ordering::Relaxed),
                Err(error) => {
                    next.store(pieces, Ordering::Relaxed);
                    return Err(error);
                }
            }
        }
    };
    let threads = cores().min(MOST_THREADS).min(pieces);
    if threads < 2 {
        return run().map(|own| vec![own]);
    }
    thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(run)).collect();
        let mut states = vec![run()?];
        for other in others {
            states.push(other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?);
        }
        Ok(states)
    })
}

/// Asking the system takes longer than many a question.
fn cores() -> usize {
    static CORES: OnceLock<usize> = OnceLock::new();
    *CORES.get_or_init(|| thread::available_parallelism().map_or(1, NonZero::get))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_piece_is_done_once() {
        let states = share(1_000, Vec::new, |own, piece| {
            own.push(piece);
            Ok(ControlFlow::Continue(()))
        });
        let mut pieces: Vec<usize> = states.expect("done").into_iter().flatten().collect();
        pieces.sort_unstable();
        assert_eq!(pieces, (0..1_000).collect::<Vec<_>>());
    }

    #[test]
    fn nothing_new_is_begun_after_a_break_or_an_error() {
        let states = share(1_000, Vec::new, |own, piece| {
            own.push(piece);
            Ok(if piece == 10 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        });
        let pieces: Vec<usize> = states.expect("done").into_iter().flatten().collect();
        assert!((0..=10).all(|piece| pieces.contains(&piece)) && pieces.len() < 1_000);
        let failed = share(3, || (), |(), _| Err(Error::Question { reason: "x" }));
        assert!(matches!(failed, Err(Error::Question { reason: "x" })));
    }
}
