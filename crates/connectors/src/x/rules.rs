//! What is searched for, as X wants it: queries of a search, rules of the stream.
//!
//! Each line is one query in X's own words, of a person or of a topic. Lines are joined by `OR` as far as X's limits let them, because X
//! counts rules and requests, not words. Rules of the stream belong to the whole application: those of others are left alone, ours carry
//! the name of the source, and new ones are added before old ones are taken away, so that nothing is missed in between.

use std::collections::HashSet;

use serde::Deserialize;

use super::wanted;

/// Rules handed over at once.
pub(super) const AT_ONCE: usize = 25;

/// Lines joined to as few queries as fit; `ending` stands behind each (` -is:retweet`).
///
/// # Errors
/// The line that is longer than a query by itself, as a sentence.
pub(super) fn pack<'a>(
    lines: impl IntoIterator<Item = &'a str>,
    ending: &str,
    longest: usize,
) -> Result<Vec<String>, String> {
    const OR: &str = " OR ";
    let room = longest.saturating_sub(ending.chars().count() + "()".len());
    let mut groups: Vec<(Vec<String>, usize)> = Vec::new();
    for line in lines {
        // A line of several words is one thing only in brackets.
        let line = if line.contains(char::is_whitespace) { format!("({line})") } else { line.to_owned() };
        let length = line.chars().count();
        if length > room {
            let head: String = line.chars().take(40).collect();
            return Err(format!(
                "`{head}…` is longer than the {room} characters that X takes; make two searches of it"
            ));
        }
        match groups.last_mut() {
            Some((group, used)) if *used + OR.len() + length <= room => {
                group.push(line);
                *used += OR.len() + length;
            }
            _ => groups.push((vec![line], length)),
        }
    }
    let joined = groups.into_iter().map(|(group, _)| match &group[..] {
        [one] => format!("{one}{ending}"),
        _ if ending.is_empty() => group.join(OR),
        _ => format!("({}){ending}", group.join(OR)),
    });
    Ok(joined.collect())
}

/// A rule as X tells it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct Rule {
    pub id: String,
    pub value: String,
    pub tag: Option<String>,
}

/// What is to be done so that the stream has the wanted rules.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Change {
    pub add: Vec<wanted::Rule>,
    /// Ids.
    pub delete: Vec<String>,
    /// Rules of others.
    pub foreign: usize,
}

/// Whether a rule carries our tag, alone or with what follows it.
fn is_ours(rule: &Rule, tag: &str) -> bool {
    rule.tag
        .as_deref()
        .and_then(|own| own.strip_prefix(tag))
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

/// Of the rules there are, those with our tag and another value go.
pub(super) fn change(wanted: &[wanted::Rule], there: &[Rule], tag: &str) -> Change {
    let ours = |rule: &&Rule| is_ours(rule, tag);
    let has: HashSet<&str> = there.iter().filter(ours).map(|rule| rule.value.as_str()).collect();
    let stays: HashSet<&str> = wanted.iter().map(|rule| rule.value.as_str()).collect();
    Change {
        add: wanted.iter().filter(|rule| !has.contains(rule.value.as_str())).cloned().collect(),
        delete: there
            .iter()
            .filter(ours)
            .filter(|rule| !stays.contains(rule.value.as_str()))
            .map(|rule| rule.id.clone())
            .collect(),
        foreign: there.iter().filter(|rule| !ours(rule)).count(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_joined_as_far_as_they_fit() {
        let check = |lines: &[&str], ending, longest| pack(lines.iter().copied(), ending, longest);
        assert_eq!(check(&["molva"], "", 512), Ok(vec!["molva".to_owned()]));
        assert_eq!(
            check(&["molva", "\"big shop\"", "@help", "a OR b"], " -is:retweet", 512),
            Ok(vec!["(molva OR (\"big shop\") OR @help OR (a OR b)) -is:retweet".to_owned()])
        );
        assert_eq!(check(&["aaaa", "bbbb", "cccc"], "", 14), Ok(vec!["aaaa OR bbbb".to_owned(), "cccc".to_owned()]));
        assert_eq!(check(&["ы"; 200], "", 512).map(|queries| queries.len()), Ok(2));
        assert!(check(&["abcdefghij"], "", 10).is_err_and(|message| message.starts_with("`abcdefghij…` is longer")));
        let long = check(&["сломался"; 300], " -is:retweet", 512).expect("queries");
        assert!(long.iter().all(|query| query.chars().count() <= 512), "{long:?}");
    }

    #[test]
    fn only_our_own_rules_are_changed() {
        let rule = |id: &str, value: &str, tag: Option<&str>| Rule {
            id: id.to_owned(),
            value: value.to_owned(),
            tag: tag.map(str::to_owned),
        };
        let there = [
            rule("1", "cat", None),
            rule("2", "dog", Some("molva 7")),
            rule("3", "cow", Some("molva 7")),
            rule("4", "cow", Some("molva 8")),
            rule("5", "hen", Some("molva 7 topic 3")),
            rule("6", "hen", Some("molva 70")),
        ];
        let wanted =
            ["cow", "cat"].map(|value| wanted::Rule { value: value.to_owned(), tag: "molva 7 topic 9".to_owned() });
        let delete = ["2", "5"].map(str::to_owned).to_vec();
        let expected = Change { add: vec![wanted[1].clone()], delete, foreign: 3 };
        assert_eq!(change(&wanted, &there, "molva 7"), expected);
    }
}
