//! From the wire's selection to what the archive is asked.

use molva_archive::{Facet, Filter};
use molva_connectors::Localized;
use molva_domain::{Intent, MentionState, Stage, Timestamp};
use molva_query::{Query, Scope};

use crate::api::Api;
use crate::locale::{Locale, Message, text};
use crate::problem::Problem;
use crate::queries;
use crate::request::Checks;
use crate::wire::questions::AskedPeriod;
use crate::wire::selection::{Included, SelectedJudge, SelectedSpam, SelectedTone, Selection};

/// Values of one part at most.
const MAX_VALUES: usize = 1_000;
/// Longest value; the archive keeps no longer one.
const MAX_VALUE_BYTES: usize = 1_000;

/// A selection that has been read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Selected {
    pub(crate) query: Option<Query>,
    pub(crate) filter: Filter,
}

impl Selected {
    /// As the questions take it.
    pub(crate) fn of(&self) -> molva_insights::Selected<'_> {
        molva_insights::Selected { query: self.query.as_ref(), filter: &self.filter }
    }
}

/// Reads a selection, its query with the workspace's lists. 422 with everything that is wrong, fields under `selection.`.
pub(crate) async fn read(api: &Api, selection: &Selection, locale: Locale) -> Result<Selected, Problem> {
    let mut checks = Checks::default();
    let filter = filter(selection, &mut checks);
    checks.finish()?;
    let query = match selection.query.as_deref().filter(|query| !query.trim().is_empty()) {
        Some(query) => Some(queries::read_sound(api, query, Scope::Mentions, locale).await?),
        None => None,
    };
    Ok(Selected { query, filter })
}

/// Reads all but the query.
pub(crate) fn filter(selection: &Selection, checks: &mut Checks) -> Filter {
    let includes = |wanted| selection.include.contains(&wanted);
    let mut filter = Filter {
        from: time(checks, "selection.from", selection.from.as_deref()),
        before: time(checks, "selection.to", selection.to.as_deref()),
        without_copies: !includes(Included::Copies),
        // Who chooses spam, or what is none, has chosen.
        without_spam: !includes(Included::Spam) && selection.spam.is_empty(),
        ..Filter::default()
    };
    check_order(checks, "selection.to", filter.from, filter.before);
    if bounded(checks, "topic", selection.topic.len()) {
        filter.topics =
            checks.each("selection.topic", selection.topic.iter().map(String::as_str), |id| id.parse().ok());
    }
    filter.states = if !selection.state.is_empty() {
        selection.state.iter().map(|state| state.0).collect()
    } else if includes(Included::Binned) {
        Vec::new()
    } else {
        not_binned()
    };
    let texts: [(Facet, &[String]); 14] = [
        (Facet::Network, &selection.network),
        (Facet::Site, &selection.site),
        (Facet::Community, &selection.community),
        (Facet::Author, &selection.author),
        (Facet::Language, &selection.language),
        (Facet::Story, &selection.story),
        (Facet::Tag, &selection.tag),
        (Facet::Country, &selection.country),
        (Facet::Region, &selection.region),
        (Facet::City, &selection.city),
        (Facet::Hashtag, &selection.hashtag),
        (Facet::Link, &selection.link),
        (Facet::Emoji, &selection.emoji),
        (Facet::Word, &selection.word),
    ];
    for (facet, values) in texts {
        let field = format!("selection.{}", facet.as_str());
        if !values.is_empty() && bounded(checks, facet.as_str(), values.len()) {
            let whole = |value: &str| (value.len() <= MAX_VALUE_BYTES).then(|| value.to_owned());
            filter.facets.push((facet, checks.each(&field, values.iter().map(String::as_str), whole)));
        }
    }
    let words: [(Facet, Vec<&'static str>); 6] = [
        (Facet::Kind, selection.kind.iter().map(|kind| kind.0.as_str()).collect()),
        (Facet::Tone, selection.tone.iter().map(|tone| tone_value(*tone)).collect()),
        (Facet::Intent, selection.intent.iter().map(|intent| intent.0.map_or("", Intent::as_str)).collect()),
        (Facet::Stage, selection.stage.iter().map(|stage| stage.0.map_or("", Stage::as_str)).collect()),
        (Facet::Spam, selection.spam.iter().map(|spam| spam_value(*spam)).collect()),
        (Facet::JudgedBy, selection.judged_by.iter().map(|judge| judge_value(*judge)).collect()),
    ];
    for (facet, values) in words {
        if !values.is_empty() && bounded(checks, facet.as_str(), values.len()) {
            filter.facets.push((facet, values.into_iter().map(str::to_owned).collect()));
        }
    }
    filter
}

/// The states that are meant when none is chosen.
pub(crate) fn not_binned() -> Vec<MentionState> {
    vec![MentionState::New, MentionState::Kept]
}

/// Reads a period; `None` when something is wrong, which `checks` then knows.
pub(crate) fn period(checks: &mut Checks, field: &str, period: &AskedPeriod) -> Option<(Timestamp, Timestamp)> {
    let from = time(checks, &format!("{field}.from"), Some(&period.from));
    let to = time(checks, &format!("{field}.to"), Some(&period.to));
    check_order(checks, &format!("{field}.to"), from, to);
    from.zip(to).filter(|(from, to)| from < to)
}

fn time(checks: &mut Checks, field: &str, value: Option<&str>) -> Option<Timestamp> {
    checks.each(field, value.into_iter(), Timestamp::parse).pop()
}

fn check_order(checks: &mut Checks, field: &str, from: Option<Timestamp>, to: Option<Timestamp>) {
    if let (Some(from), Some(to)) = (from, to)
        && from >= to
    {
        checks.wrong(field, "before_from", BEFORE_FROM);
    }
}

fn bounded(checks: &mut Checks, part: &str, values: usize) -> bool {
    if values > MAX_VALUES {
        let most = MAX_VALUES.to_string();
        checks.wrong(format!("selection.{part}"), "too_many", Message::with(TOO_MANY, [&most]));
    }
    values <= MAX_VALUES
}

const fn tone_value(tone: SelectedTone) -> &'static str {
    match tone {
        SelectedTone::Negative => "negative",
        SelectedTone::Neutral => "neutral",
        SelectedTone::Positive => "positive",
        SelectedTone::None => "",
    }
}

const fn spam_value(spam: SelectedSpam) -> &'static str {
    match spam {
        SelectedSpam::Yes => "yes",
        SelectedSpam::No => "no",
        SelectedSpam::None => "",
    }
}

const fn judge_value(judge: SelectedJudge) -> &'static str {
    match judge {
        SelectedJudge::People => "people",
        SelectedJudge::Machine => "machine",
        SelectedJudge::None => "",
    }
}

const BEFORE_FROM: Localized = text(
    "must lie after `from`; swap the two",
    "должно быть позже `from`; поменяйте их местами",
    "має бути пізніше за `from`; поміняйте їх місцями",
);
const TOO_MANY: Localized = text(
    "holds more than {0} values; choose fewer",
    "содержит больше {0} значений; выберите меньше",
    "містить більше ніж {0} значень; виберіть менше",
);

#[cfg(test)]
mod tests {
    use molva_domain::TopicId;
    use serde_json::json;

    use super::*;

    fn check(selection: serde_json::Value) -> Result<Filter, String> {
        let selection: Selection = serde_json::from_value(selection).map_err(|error| error.to_string())?;
        let mut checks = Checks::default();
        let filter = filter(&selection, &mut checks);
        checks.finish().map_err(|problem| format!("{problem:?}"))?;
        Ok(filter)
    }

    #[test]
    fn an_empty_selection_leaves_out_binned_mentions_copies_and_spam() {
        let usual = Filter {
            states: vec![MentionState::New, MentionState::Kept],
            without_copies: true,
            without_spam: true,
            ..Filter::default()
        };
        assert_eq!(check(json!({})), Ok(usual));
        assert_eq!(check(json!({"include": ["binned", "copies", "spam"]})), Ok(Filter::default()));
        assert_eq!(check(json!({"state": ["binned"]})).map(|filter| filter.states), Ok(vec![MentionState::Binned]));
    }

    #[test]
    fn who_chooses_spam_or_what_is_none_gets_exactly_that() {
        for (selection, expected) in [
            (json!({"spam": ["yes"]}), vec!["yes"]),
            (json!({"spam": ["no", "none"]}), vec!["no", ""]),
            (json!({"spam": ["yes"], "include": ["spam"]}), vec!["yes"]),
        ] {
            let filter = check(selection).expect("a good selection");
            let expected = expected.into_iter().map(str::to_owned).collect();
            assert_eq!((filter.facets, filter.without_spam), (vec![(Facet::Spam, expected)], false));
        }
    }

    #[test]
    fn every_part_reaches_the_filter() {
        let filter = check(json!({
            "query": "связь", "topic": ["1", "2"], "network": ["rss"], "site": ["a.example"], "community": ["vk/1"],
            "author": ["00000000000000aa"], "language": ["ru"], "kind": ["comment"], "state": ["kept"], "tone": ["none", "negative"],
            "tag": [""], "country": ["RU"], "region": ["x"], "city": ["y"], "hashtag": ["#a"], "link": ["http://a/"], "emoji": ["😡"],
            "word": ["связь"], "intent": ["none", "churn"], "stage": ["leave", "none"], "story": ["7", ""], "judged_by": ["people", "none"], "from": "2026-03-01T00:00:00Z", "to": "2026-03-02T00:00:00Z", "include": ["copies"],
        }));
        let filter = filter.expect("a good selection");
        assert_eq!(filter.topics, [TopicId(1), TopicId(2)]);
        assert_eq!(
            (filter.states.as_slice(), filter.without_copies, filter.without_spam),
            ([MentionState::Kept].as_slice(), false, true)
        );
        assert_eq!(
            (filter.from, filter.before),
            (Timestamp::parse("2026-03-01T00:00:00Z"), Timestamp::parse("2026-03-02T00:00:00Z"))
        );
        let facets: Vec<(&str, String)> =
            filter.facets.iter().map(|(facet, values)| (facet.as_str(), values.join("|"))).collect();
        let expected = [
            ("network", "rss"),
            ("site", "a.example"),
            ("community", "vk/1"),
            ("author", "00000000000000aa"),
            ("language", "ru"),
            ("story", "7|"),
            ("tag", ""),
            ("country", "RU"),
            ("region", "x"),
            ("city", "y"),
            ("hashtag", "#a"),
            ("link", "http://a/"),
            ("emoji", "😡"),
            ("word", "связь"),
            ("kind", "comment"),
            ("tone", "|negative"),
            ("intent", "|churn"),
            ("stage", "leave|"),
            ("judged_by", "people|"),
        ];
        assert_eq!(facets, expected.map(|(facet, values)| (facet, values.to_owned())));
    }

    #[test]
    fn what_is_wrong_is_told_by_its_field() {
        for (selection, field) in [
            (json!({"topic": ["x"]}), "selection.topic"),
            (json!({"from": "yesterday"}), "selection.from"),
            (json!({"from": "2026-03-02T00:00:00Z", "to": "2026-03-02T00:00:00Z"}), "selection.to"),
            (json!({"site": ["x".repeat(1_001)]}), "selection.site"),
            (json!({"word": vec!["x"; 1_001]}), "selection.word"),
        ] {
            let problem = check(selection).expect_err("a problem");
            assert!(problem.contains(&format!("field: \"{field}\"")), "{problem}");
        }
        for wrong in [
            json!({"topics": []}),
            json!({"tone": ["glad"]}),
            json!({"include": ["all"]}),
            json!({"kind": [""]}),
            json!({"intent": ["anger"]}),
        ] {
            assert!(check(wrong.clone()).is_err(), "{wrong}");
        }
    }
}
