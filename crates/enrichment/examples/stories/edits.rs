//! Edits of posts as people make them, seeded.

use std::collections::{BTreeMap, HashMap, HashSet};

/// A small generator, the same on every machine (SplitMix64).
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.below(at + 1));
        }
    }
}

pub(crate) const EDITS: [&str; 10] = [
    "repost cut at 140",
    "other link",
    "look-alike letters",
    "emoji and capitals",
    "hashtags added",
    "one word replaced",
    "two words replaced",
    "comment before",
    "three typos",
    "half kept",
];

/// One edit of a post. `words` are words of the whole collection, `other` another post of it.
pub(crate) fn edit(kind: usize, text: &str, words: &[&str], other: &str, dice: &mut Dice) -> String {
    match kind {
        0 => cut(&format!("RT @user{}: {text}", dice.below(10_000)), 140),
        1 => {
            let link = format!("https://t.co/{:08x}", dice.next() as u32);
            let kept: Vec<&str> = text.split_whitespace().filter(|word| !word.starts_with("http")).collect();
            format!("{} {link}", kept.join(" "))
        }
        2 => text.chars().map(|c| if dice.below(3) == 0 { look_alike(c) } else { c }).collect(),
        3 => {
            let loud = if dice.below(2) == 0 { text.to_uppercase() } else { text.to_lowercase() };
            format!("🔥🔥 {loud} 😡!!!")
        }
        4 => format!("{text} #{} #{}", plain(words[dice.below(words.len())]), plain(words[dice.below(words.len())])),
        5 | 6 => replace_words(text, kind - 4, words, dice),
        7 => {
            let comment: Vec<&str> = content_words(other).into_iter().take(5).collect();
            format!("{} {text}", comment.join(" "))
        }
        8 => typos(text, 3, dice),
        _ => {
            let all: Vec<&str> = text.split_whitespace().collect();
            let half = all.len().div_ceil(2);
            if dice.below(2) == 0 { all[..half].join(" ") } else { all[all.len() - half..].join(" ") }
        }
    }
}

/// The words of a post without links, mentions and `RT`, as a reader counts them.
pub(crate) fn content_words(text: &str) -> Vec<&str> {
    text.split_whitespace()
        .filter(|word| !word.starts_with("http") && !word.starts_with('@') && *word != "RT")
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .collect()
}

/// The set of words by which two posts are judged the same by a reader's count, apart from the product's own reading.
pub(crate) fn word_set(text: &str) -> HashSet<String> {
    content_words(text)
        .into_iter()
        .flat_map(|word| word.split(|c: char| !c.is_alphanumeric()))
        .filter(|word| !word.is_empty())
        .map(|word| word.chars().map(unlike).collect::<String>().to_lowercase().replace('ё', "е"))
        .collect()
}

/// Two posts of different origin that say the same in real life: most words are shared.
pub(crate) fn says_the_same(left: &HashSet<String>, right: &HashSet<String>) -> bool {
    let shared = left.intersection(right).count() as f64;
    let (fewer, either) = (left.len().min(right.len()) as f64, (left.len() + right.len()) as f64 - shared);
    shared >= 0.6 * either || shared >= 0.8 * fewer
}

/// A post as it is judged.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Judged<'a> {
    /// Posts made from one are a group.
    pub(crate) group: usize,
    pub(crate) story: i64,
    pub(crate) text: &'a str,
    /// What the post was made from: its own text for a post as it was found.
    pub(crate) origin: &'a str,
}

/// How well stories meet groups, in pairs of posts.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pairs {
    /// Pairs of one group.
    pub(crate) existing: u64,
    /// Of these, in one story.
    pub(crate) found: u64,
    /// Of different groups in one story: reposts that were in the collection before, and mistakes.
    pub(crate) crossing: u64,
    /// Of these, what the posts were made from does not say the same: mistakes.
    pub(crate) wrong: u64,
    /// Of these, the posts themselves do not say the same: counts two edits of what was one text as a mistake too.
    pub(crate) unlike: u64,
}

impl Pairs {
    pub(crate) fn precision(&self) -> f64 {
        self.found as f64 / (self.found + self.wrong) as f64
    }

    /// The same with a stricter count of mistakes.
    pub(crate) fn strict_precision(&self) -> f64 {
        self.found as f64 / (self.found + self.unlike) as f64
    }

    pub(crate) fn recall(&self) -> f64 {
        self.found as f64 / self.existing as f64
    }
}

/// Counts pairs; `show` sees every mistake.
pub(crate) fn count_pairs<'a>(posts: &[Judged<'a>], mut show: impl FnMut(&'a str, &'a str)) -> Pairs {
    let mut pairs = Pairs::default();
    let mut groups: HashMap<usize, u64> = HashMap::new();
    let mut stories: BTreeMap<i64, Vec<&Judged>> = BTreeMap::new();
    for post in posts {
        *groups.entry(post.group).or_default() += 1;
        stories.entry(post.story).or_default().push(post);
    }
    pairs.existing = groups.values().map(|size| size * (size - 1) / 2).sum();
    for members in stories.values().filter(|members| members.len() > 1) {
        let words: Vec<_> = members.iter().map(|post| (word_set(post.text), word_set(post.origin))).collect();
        for (at, left) in members.iter().enumerate() {
            for (right, other) in members[at + 1..].iter().zip(&words[at + 1..]) {
                if left.group == right.group {
                    pairs.found += 1;
                    continue;
                }
                pairs.crossing += 1;
                let alike = says_the_same(&words[at].0, &other.0);
                pairs.unlike += u64::from(!alike);
                if !alike && !says_the_same(&words[at].1, &other.1) {
                    pairs.wrong += 1;
                    show(left.text, right.text);
                }
            }
        }
    }
    pairs
}

fn cut(text: &str, letters: usize) -> String {
    if text.chars().count() <= letters {
        return text.to_owned();
    }
    text.chars().take(letters - 1).chain(['…']).collect()
}

fn look_alike(c: char) -> char {
    match c {
        'а' => 'a',
        'с' => 'c',
        'е' => 'e',
        'о' => 'o',
        'р' => 'p',
        'х' => 'x',
        'у' => 'y',
        'А' => 'A',
        'В' => 'B',
        'С' => 'C',
        'Е' => 'E',
        'Н' => 'H',
        'К' => 'K',
        'М' => 'M',
        'О' => 'O',
        'Р' => 'P',
        'Т' => 'T',
        'Х' => 'X',
        other => other,
    }
}

fn unlike(c: char) -> char {
    // The reader's count reads look-alikes as Cyrillic everywhere: equal for equal words, whatever they are.
    match c {
        'a' => 'а',
        'c' => 'с',
        'e' => 'е',
        'o' => 'о',
        'p' => 'р',
        'x' => 'х',
        'y' => 'у',
        'A' => 'А',
        'B' => 'В',
        'C' => 'С',
        'E' => 'Е',
        'H' => 'Н',
        'K' => 'К',
        'M' => 'М',
        'O' => 'О',
        'P' => 'Р',
        'T' => 'Т',
        'X' => 'Х',
        other => other,
    }
}

fn plain(word: &str) -> String {
    word.chars().filter(|c| c.is_alphanumeric()).collect()
}

fn replace_words(text: &str, count: usize, words: &[&str], dice: &mut Dice) -> String {
    let mut all: Vec<&str> = text.split_whitespace().collect();
    let mut places: Vec<usize> =
        (0..all.len()).filter(|at| content_words(all[*at]).len() == 1 && !all[*at].starts_with('#')).collect();
    dice.shuffle(&mut places);
    for at in places.into_iter().take(count) {
        all[at] = words[dice.below(words.len())];
    }
    all.join(" ")
}

fn typos(text: &str, count: usize, dice: &mut Dice) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    for _ in 0..count {
        let places: Vec<usize> =
            (1..letters.len()).filter(|at| letters[*at].is_alphabetic() && letters[at - 1].is_alphabetic()).collect();
        let Some(at) = places.get(dice.below(places.len())).copied() else { break };
        match dice.below(3) {
            0 => letters.swap(at - 1, at),
            1 => drop(letters.remove(at)),
            _ => letters[at] = ['а', 'о', 'е', 'и', 'п', 'т', 'м', 'л'][dice.below(8)],
        }
    }
    letters.into_iter().collect()
}
