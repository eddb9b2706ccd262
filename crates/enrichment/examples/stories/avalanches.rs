//! Avalanches of a stream, found without the index, and what became of them in it.

use std::collections::HashMap;
use std::time::Duration;

use molva_domain::Timestamp;

/// Posts that have fewer letters are in none.
const SHORTEST: usize = 30;
/// An avalanche that rests for longer than this is over; the same words later are another one.
const REST: Duration = Duration::from_secs(3 * 86_400);

/// Posts of one avalanche, by their places in the stream.
pub(crate) struct Avalanche {
    pub(crate) posts: Vec<usize>,
}

/// At least `fewest` posts that begin with the same `letters` (those that have fewer: with the very same), whoever reposted
/// them, link or comment behind them aside.
pub(crate) fn avalanches<'a>(
    posts: impl Iterator<Item = (&'a str, Timestamp)>,
    fewest: usize,
    letters: usize,
) -> Vec<Avalanche> {
    let mut alike: HashMap<String, Vec<(Timestamp, usize)>> = HashMap::new();
    for (place, (text, at)) in posts.enumerate() {
        let beginning = beginning(text, letters);
        if beginning.chars().count() >= SHORTEST {
            alike.entry(beginning).or_default().push((at, place));
        }
    }
    let mut found = Vec::new();
    for mut told in alike.into_values() {
        told.sort_unstable();
        let runs = told.chunk_by(|one, next| next.0.since(one.0) <= REST);
        let runs = runs.filter(|run| run.len() >= fewest);
        found.extend(runs.map(|run| Avalanche { posts: run.iter().map(|(_, place)| *place).collect() }));
    }
    found.sort_by_key(|avalanche| (std::cmp::Reverse(avalanche.posts.len()), avalanche.posts[0]));
    found
}

/// The first letters and digits of a text without marks of reposts, names of those addressed and links.
fn beginning(text: &str, most: usize) -> String {
    let words = text.split_whitespace().filter(|word| {
        let is_name = word.trim_start_matches(['"', '«', '(']).starts_with('@');
        !(is_name || *word == "RT" || word.contains("://"))
    });
    let letters = words.flat_map(str::chars).filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase);
    letters.take(most).collect()
}
