//! For networks that know choices but no brackets: `a|b "c d"|e` is one of the first and one of the second.

use std::collections::HashSet;

use molva_domain::{Untold, UntoldWhy};

use super::clause::Clause;

/// Choices that must all be met; the longest of more are left out.
const MOST_TOGETHER: usize = 6;

/// One of these.
pub(crate) type Choice = Vec<String>;

/// Choices that must all be met, and ask for no less than `clause`.
pub(crate) fn choices(clause: &Clause, widened: &mut Vec<Untold>) -> Vec<Choice> {
    let mut all = spread(clause, widened);
    while all.len() > MOST_TOGETHER {
        let longest = (0..all.len()).max_by_key(|at| all[*at].len()).unwrap_or(0);
        left_out(&all.remove(longest), widened);
    }
    all
}

fn spread(clause: &Clause, widened: &mut Vec<Untold>) -> Vec<Choice> {
    match clause {
        Clause::One(term) => vec![vec![term.clone()]],
        Clause::All(parts) => {
            let mut all: Vec<Choice> = Vec::new();
            for choice in parts.iter().flat_map(|part| spread(part, widened)) {
                if !all.contains(&choice) {
                    all.push(choice);
                }
            }
            all
        }
        Clause::Any(parts) => {
            let each: Vec<Vec<Choice>> = parts.iter().map(|part| spread(part, widened)).collect();
            if each.iter().map(Vec::len).fold(1, usize::saturating_mul) > MOST_TOGETHER {
                // One of all that is rarest in each.
                widened.push(Untold::new(UntoldWhy::Long, &shown(&each)));
                return vec![joined(each.iter().filter_map(|choices| rarest(choices)))];
            }
            each.iter().fold(vec![Vec::new()], |found, choices| {
                found.iter().flat_map(|one| choices.iter().map(move |other| joined([one, other]))).collect()
            })
        }
    }
}

/// Of few words, and of long ones.
pub(crate) fn rarest(choices: &[Choice]) -> Option<&Choice> {
    let letters = |choice: &Choice| choice.iter().map(|term| term.chars().count()).min().unwrap_or(0);
    choices.iter().min_by_key(|choice| (choice.len(), std::cmp::Reverse(letters(choice))))
}

fn joined<'c>(choices: impl IntoIterator<Item = &'c Choice>) -> Choice {
    let mut seen = HashSet::new();
    choices.into_iter().flatten().filter(|term| seen.insert(*term)).cloned().collect()
}

/// As one search.
pub(crate) fn write(choices: &[Choice]) -> String {
    choices.iter().map(|choice| choice.join("|")).collect::<Vec<_>>().join(" ")
}

/// As searches of at most `room` characters: the longest choice is shared out among them, what is too long beside it is left out.
pub(crate) fn fit(mut choices: Vec<Choice>, room: usize, widened: &mut Vec<Untold>) -> Vec<String> {
    let length = |choices: &[Choice]| write(choices).chars().count();
    loop {
        if length(&choices) <= room {
            return if choices.is_empty() { Vec::new() } else { vec![write(&choices)] };
        }
        let longest = (0..choices.len()).max_by_key(|at| length(&choices[*at..=*at])).unwrap_or(0);
        let choice = choices.remove(longest);
        let others = write(&choices);
        let used = if choices.is_empty() { 0 } else { others.chars().count() + 1 };
        if used * 2 > room {
            left_out(&choice, widened);
            continue;
        }
        return pack(&choice, room - used)
            .into_iter()
            .map(|some| if used == 0 { some } else { format!("{some} {others}") })
            .collect();
    }
}

/// As few lists of choices as fit; a term that is longer by itself stands alone.
pub(crate) fn pack(choice: &[String], room: usize) -> Vec<String> {
    let mut packs: Vec<(String, usize)> = Vec::new();
    for term in choice {
        let length = term.chars().count();
        match packs.last_mut() {
            Some((pack, used)) if *used + 1 + length <= room => {
                pack.push('|');
                pack.push_str(term);
                *used += 1 + length;
            }
            _ => packs.push((term.clone(), length)),
        }
    }
    packs.into_iter().map(|(pack, _)| pack).collect()
}

pub(crate) fn left_out(choice: &Choice, widened: &mut Vec<Untold>) {
    widened.push(Untold::new(UntoldWhy::Long, &choice[..choice.len().min(8)].join(" OR ")));
}

/// For people; no more of it than is read.
fn shown(each: &[Vec<Choice>]) -> String {
    each.iter().take(8).map(|choices| write(choices)).collect::<Vec<_>>().join(" OR ")
}
