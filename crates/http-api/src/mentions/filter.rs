//! The filter of lists and counts, from the query string.

use molva_connectors::Localized;
use molva_domain::{Intent, Language, MentionState, Timestamp, Tone};
use molva_storage::mention::MentionFilter;
use utoipa::IntoParams;

use crate::locale::text;
use crate::request::{Checks, Parameters};
use crate::wire::words::{IntentWord, MentionStateWord, StageOrNone};

/// Keys of the filter.
pub(crate) const KEYS: [&str; 17] = [
    "topic",
    "network",
    "source",
    "language",
    "state",
    "tone",
    "intent",
    "stage",
    "spam",
    "story",
    "one_per_story",
    "tag",
    "author",
    "text",
    "from",
    "to",
    "copies",
];
const MAX_TEXT_CHARS: usize = 200;

/// All that are given must hold; of one key that repeats, any.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes the query string; it is read by hand because keys repeat")]
pub(crate) struct MentionFilterParams {
    /// Ids of topics.
    #[param(required = false)]
    topic: Vec<String>,
    /// `mastodon`, `bluesky`, `rss`, …
    #[param(required = false)]
    network: Vec<String>,
    /// Ids of sources.
    #[param(required = false)]
    source: Vec<String>,
    /// ISO 639-1.
    #[param(required = false)]
    language: Vec<String>,
    /// None given: everything but binned.
    #[param(required = false)]
    state: Vec<MentionStateWord>,
    /// `negative`, `neutral`, `positive`, or `none` for mentions nobody has judged.
    #[param(required = false)]
    tone: Vec<String>,
    #[param(required = false)]
    intent: Vec<IntentWord>,
    /// `none` for mentions at no stage, judged or not.
    #[param(required = false)]
    stage: Vec<StageOrNone>,
    /// `false` leaves out what is probably spam. Absent: it is shown.
    spam: Option<bool>,
    /// Id of a story.
    story: Option<String>,
    /// Of each story the first that the other keys show, and nothing else of it.
    one_per_story: Option<bool>,
    #[param(required = false)]
    tag: Vec<String>,
    /// Handle or name, whole, any case.
    author: Option<String>,
    /// Part of the text or title, any case.
    text: Option<String>,
    /// Published at or after, RFC 3339.
    from: Option<String>,
    /// Published before, RFC 3339.
    to: Option<String>,
    /// Copies as cards of their own.
    copies: Option<bool>,
}

/// Reads the filter; what is wrong goes to `checks`.
pub(crate) fn read(parameters: &Parameters, checks: &mut Checks) -> MentionFilter {
    let owned = |value: &str| Some(value.to_owned()).filter(|value| value.chars().count() <= MAX_TEXT_CHARS);
    let filter = MentionFilter {
        topics: checks.each("topic", parameters.all("topic"), |id| id.parse().ok()),
        networks: checks.each("network", parameters.all("network"), owned),
        sources: checks.each("source", parameters.all("source"), |id| id.parse().ok()),
        languages: checks.each("language", parameters.all("language"), Language::parse),
        states: checks.each("state", parameters.all("state"), MentionState::parse),
        tones: checks.each("tone", parameters.all("tone"), tone),
        intents: checks.each("intent", parameters.all("intent"), Intent::parse),
        stages: checks.each("stage", parameters.all("stage"), |word| StageOrNone::parse(word).map(|word| word.0)),
        without_spam: flag(checks, parameters, "spam") == Some(false),
        story: checks.each("story", parameters.one("story").into_iter(), |id| id.parse().ok()).pop(),
        one_per_story: flag(checks, parameters, "one_per_story") == Some(true),
        tags: checks.each("tag", parameters.all("tag"), owned),
        author: checks.each("author", parameters.one("author").into_iter(), owned).pop(),
        text: checks.each("text", parameters.one("text").into_iter(), owned).pop(),
        from: checks.each("from", parameters.one("from").into_iter(), Timestamp::parse).pop(),
        to: checks.each("to", parameters.one("to").into_iter(), Timestamp::parse).pop(),
        with_copies: flag(checks, parameters, "copies") == Some(true),
    };
    if let (Some(from), Some(to)) = (filter.from, filter.to)
        && from >= to
    {
        checks.wrong("to", "before_from", BEFORE_FROM);
    }
    filter
}

fn flag(checks: &mut Checks, parameters: &Parameters, key: &str) -> Option<bool> {
    checks.each(key, parameters.one(key).into_iter(), |flag| flag.parse().ok()).pop()
}

fn tone(word: &str) -> Option<Option<Tone>> {
    if word == "none" { Some(None) } else { Tone::parse(word).map(Some) }
}

const BEFORE_FROM: Localized = text(
    "must lie after `from`; swap the two",
    "должно быть позже `from`; поменяйте их местами",
    "має бути пізніше за `from`; поміняйте їх місцями",
);

#[cfg(test)]
mod tests {
    use molva_domain::{SourceId, Stage, StoryId, TopicId};

    use super::*;

    fn check(query: &str) -> Result<MentionFilter, &'static str> {
        let parameters = Parameters::parse(Some(query), &KEYS).map_err(|problem| problem.code())?;
        let mut checks = Checks::default();
        let filter = read(&parameters, &mut checks);
        checks.finish().map_err(|problem| problem.code())?;
        Ok(filter)
    }

    #[test]
    fn every_key_reaches_the_filter() {
        let filter = check(
            "topic=1&topic=2&network=rss&source=3&language=uk&state=kept&tone=none&tone=negative&tag=a&author=anna\
             &text=%D1%8F&from=2026-03-01T00:00:00Z&to=2026-03-02T00:00:00Z&copies=true\
             &intent=churn&intent=help&stage=none&stage=leave&spam=false&story=9&one_per_story=true",
        );
        let filter = filter.expect("a good filter");
        assert_eq!(filter.topics, [TopicId(1), TopicId(2)]);
        assert_eq!((filter.networks, filter.tags), (vec!["rss".to_owned()], vec!["a".to_owned()]));
        assert_eq!(filter.sources, [SourceId(3)]);
        assert_eq!(filter.languages, [Language::UKRAINIAN]);
        assert_eq!(filter.states, [MentionState::Kept]);
        assert_eq!(filter.tones, [None, Some(Tone::Negative)]);
        assert_eq!((filter.author.as_deref(), filter.text.as_deref()), (Some("anna"), Some("я")));
        assert_eq!(
            (filter.from, filter.to),
            (Timestamp::parse("2026-03-01T00:00:00Z"), Timestamp::parse("2026-03-02T00:00:00Z"))
        );
        assert_eq!(filter.intents, [Intent::Churn, Intent::Help]);
        assert_eq!(filter.stages, [None, Some(Stage::Leave)]);
        assert_eq!(filter.story, Some(StoryId(9)));
        assert!(filter.with_copies && filter.without_spam && filter.one_per_story);
    }

    #[test]
    fn spam_is_shown_unless_it_is_refused() {
        let without_spam = |query| check(query).map(|filter| filter.without_spam);
        assert_eq!(["", "spam=true", "spam=false"].map(without_spam), [Ok(false), Ok(false), Ok(true)]);
    }

    #[test]
    fn what_cannot_be_read_is_refused_and_not_left_out() {
        for query in [
            "topic=x",
            "state=gone",
            "tone=angry",
            "from=yesterday",
            "copies=maybe",
            "intent=none",
            "stage=birth",
            "spam=some",
            "story=x",
            "language=1",
            "topics=1",
            "from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z",
        ] {
            assert_eq!(check(query).err(), Some("invalid_fields"), "{query}");
        }
    }
}
