//! Answers about examples that were not learnt from: every example is judged by a model that never saw its fold.

use super::dice::Dice;
use super::dual::Weights;
use super::rows::Matrix;

/// Deals rows to folds at random; texts that say the same fall into the same fold.
pub(crate) fn at_random<'a>(texts: impl Iterator<Item = &'a str>, folds: usize) -> Vec<usize> {
    texts
        .enumerate()
        .map(|(index, text)| {
            let same = molva_text::content_hash(None, text);
            let seed = if same == 0 { index as u64 } else { same as u64 };
            Dice::new(seed).below(folds)
        })
        .collect()
}

/// Deals rows to folds in the order of time, so that no fold is learnt from posts of its own days.
pub(crate) fn by_time(times: &[i64], folds: usize) -> Vec<usize> {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    let bound = |fold: usize| sorted[(sorted.len() * fold / folds).min(sorted.len() - 1)];
    let bounds: Vec<i64> = (1..folds).map(bound).collect();
    times.iter().map(|time| bounds.partition_point(|bound| bound <= time)).collect()
}

/// What models learnt from the other folds say of each row. `learn` learns from the rows it is given.
pub(crate) fn margins(
    matrix: &Matrix,
    folds: &[usize],
    outputs: usize,
    learn: &(dyn Fn(&[usize]) -> Weights + Sync),
) -> Vec<f32> {
    let count = folds.iter().max().map_or(0, |last| last + 1);
    let one = |fold: usize| {
        let which: Vec<usize> = (0..folds.len()).filter(|row| folds[*row] != fold).collect();
        let weights = learn(&which);
        let rows: Vec<usize> = (0..folds.len()).filter(|row| folds[*row] == fold).collect();
        let mut margins = vec![0.0; rows.len() * outputs];
        for (row, margins) in rows.iter().zip(margins.chunks_exact_mut(outputs)) {
            weights.margins(matrix.row(*row), margins);
        }
        (rows, margins)
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(count.max(1));
    let work = |thread: usize| (0..count).skip(thread).step_by(threads).map(one).collect::<Vec<_>>();
    let learnt: Vec<_> = std::thread::scope(|scope| {
        let work = &work;
        let handles: Vec<_> = (0..threads).map(|thread| scope.spawn(move || work(thread))).collect();
        handles.into_iter().flat_map(|handle| handle.join().unwrap_or_default()).collect()
    });
    let mut all = vec![0.0; folds.len() * outputs];
    for (rows, margins) in learnt {
        for (row, margins) in rows.iter().zip(margins.chunks_exact(outputs)) {
            all[row * outputs..][..outputs].copy_from_slice(margins);
        }
    }
    all
}
