//! How often the right language is the likeliest, on texts kept aside.

use super::corpus::{Corpus, Words};
use super::sources::Tongue;
use super::train::Table;

pub(super) fn print<const N: usize>(tongues: &[&Tongue], corpora: &[Corpus], table: &Table<N>) {
    for (class, corpus) in corpora.iter().enumerate() {
        for kept in &corpus.kept {
            let mut right = [0_u32; 2];
            let mut taken_for = [0_u32; N];
            for (whole, short) in &kept.texts {
                for (right, words) in right.iter_mut().zip([whole, short]) {
                    *right += u32::from(likeliest(table, words) == Some(class));
                }
                if let Some(other) = likeliest(table, short).filter(|other| *other != class) {
                    taken_for[other] += 1;
                }
            }
            let all = kept.texts.len() as f32;
            let mut mistakes: Vec<(u32, &str)> =
                taken_for.iter().zip(tongues).map(|(count, tongue)| (*count, tongue.code)).collect();
            mistakes.sort_unstable_by(|a, b| b.cmp(a));
            let mistakes: Vec<String> = mistakes
                .iter()
                .take(3)
                .filter(|(count, _)| *count > 0)
                .map(|(count, code)| format!("{code} {count}"))
                .collect();
            eprintln!(
                "{} {} ({}): whole {:.3}, first 20 letters {:.3}; short ones taken for {}",
                tongues[class].code,
                kept.name,
                kept.texts.len(),
                right[0] as f32 / all,
                right[1] as f32 / all,
                mistakes.join(", "),
            );
        }
    }
}

fn likeliest<const N: usize>(table: &Table<N>, words: &Words) -> Option<usize> {
    let probabilities = table.probabilities(words.iter().flatten().copied());
    (!words.is_empty()).then(|| (0..N).max_by(|a, b| probabilities[*a].total_cmp(&probabilities[*b])))?
}
