//! For networks that know no "or": every alternative is a search of its own.

use std::collections::HashSet;

use molva_domain::{Untold, UntoldWhy};

use super::clause::Clause;

/// Alternatives that several choices beside each other may make; beyond that the longest choice is left out.
const MOST_TOGETHER: usize = 12;

/// What must all be there.
type Terms = Vec<String>;

/// Searches for `clause`, none longer than `room` characters.
pub(crate) fn alternatives(clause: &Clause, room: usize, widened: &mut Vec<Untold>) -> Vec<String> {
    let all = spread(clause, widened);
    // Whoever asks for a word alone is told of everything that holds it.
    let alone: HashSet<String> = all.iter().filter(|terms| terms.len() == 1).flatten().cloned().collect();
    let mut seen = HashSet::new();
    let mut searches = Vec::new();
    for mut terms in all {
        let more = terms.len() > 1 && terms.iter().any(|term| alone.contains(term));
        if more || terms.is_empty() {
            continue;
        }
        while terms.len() > 1 && length(&terms) > room {
            let shortest = (0..terms.len()).min_by_key(|at| terms[*at].chars().count()).unwrap_or(0);
            widened.push(Untold::new(UntoldWhy::Long, &terms.remove(shortest)));
        }
        let search = terms.join(" ");
        if seen.insert(search.clone()) {
            searches.push(search);
        }
    }
    searches
}

fn length(terms: &Terms) -> usize {
    terms.iter().map(|term| term.chars().count() + 1).sum::<usize>().saturating_sub(1)
}

fn spread(clause: &Clause, widened: &mut Vec<Untold>) -> Vec<Terms> {
    match clause {
        Clause::One(term) => vec![vec![term.clone()]],
        Clause::Any(parts) => parts.iter().flat_map(|part| spread(part, widened)).collect(),
        Clause::All(parts) => {
            let mut choices: Vec<Vec<Terms>> = parts.iter().map(|part| spread(part, widened)).collect();
            let count = |choices: &[Vec<Terms>]| choices.iter().map(Vec::len).fold(1, usize::saturating_mul);
            while choices.len() > 1 && count(&choices) > MOST_TOGETHER {
                let widest = (0..choices.len()).max_by_key(|at| choices[*at].len()).unwrap_or(0);
                widened.push(Untold::new(UntoldWhy::Long, &shown(&choices.remove(widest))));
            }
            choices.into_iter().fold(vec![Vec::new()], |found, choice| {
                found.iter().flat_map(|terms| choice.iter().map(move |more| joined(terms, more))).collect()
            })
        }
    }
}

fn joined(terms: &Terms, more: &Terms) -> Terms {
    let new = more.iter().filter(|term| !terms.contains(term)).cloned();
    terms.iter().cloned().chain(new).collect()
}

/// For people; no more of it than is read.
fn shown(choice: &[Terms]) -> String {
    choice.iter().take(8).map(|terms| terms.join(" ")).collect::<Vec<_>>().join(" OR ")
}
