//! What values of facets are called.

use std::collections::HashMap;

use molva_archive::{FacetCounts, FacetValue as Counted};
use molva_domain::{MentionId, StoryId, TopicId};
use molva_storage::mention::Mention;

use crate::api::Api;
use crate::problem::Problem;
use crate::wire::search::{FacetName, FacetValue, FacetValues};

/// Authors and communities are called what the newest of their mentions calls them; all of them are read at once.
pub(super) async fn label(api: &Api, facets: Vec<(FacetName, FacetCounts)>) -> Result<Vec<FacetValues>, Problem> {
    let mut topics: HashMap<String, String> = HashMap::new();
    if facets.iter().any(|(name, counts)| matches!(name, FacetName::Topic) && !counts.values.is_empty()) {
        let known = api.storage().topics(api.workspace()).await?;
        topics.extend(known.into_iter().map(|topic| (TopicId::to_string(&topic.id), topic.name)));
    }
    let examples = facets.iter().filter(|(name, _)| matches!(name, FacetName::Author | FacetName::Community));
    let mut ids: Vec<MentionId> =
        examples.flat_map(|(_, counts)| counts.values.iter().map(|value| value.newest)).collect();
    ids.sort_unstable();
    ids.dedup();
    let examples = api.storage().mentions_by_id(api.workspace(), &ids).await?;
    let examples: HashMap<MentionId, Mention> = examples.into_iter().map(|mention| (mention.id, mention)).collect();
    let stories = titles(api, facets.iter().filter(|(name, _)| matches!(name, FacetName::Story))).await?;
    let called = |name: FacetName, value: &Counted| match name {
        FacetName::Topic => topics.get(&value.value).cloned(),
        FacetName::Story => stories.get(&value.value).cloned(),
        FacetName::Author => examples.get(&value.newest).and_then(author),
        FacetName::Community => {
            let community = examples.get(&value.newest).and_then(|mention| mention.post.community.as_ref());
            community.and_then(|community| community.title.clone())
        }
        _ => None,
    };
    let shown = facets.into_iter().map(|(name, counts)| {
        let values = counts.values.into_iter().map(|value| {
            let label = called(name, &value).filter(|label| !label.is_empty());
            FacetValue {
                label: label.unwrap_or_else(|| value.value.clone()),
                mentions: value.mentions,
                value: value.value,
            }
        });
        FacetValues {
            facet: name,
            values: values.collect(),
            distinct: counts.distinct,
            others: counts.others,
            without: counts.without,
        }
    });
    Ok(shown.collect())
}

/// Titles of stories by their ids.
async fn titles(
    api: &Api,
    facets: impl Iterator<Item = &(FacetName, FacetCounts)>,
) -> Result<HashMap<String, String>, Problem> {
    let ids: Vec<StoryId> =
        facets.flat_map(|(_, counts)| &counts.values).filter_map(|value| value.value.parse().ok()).collect();
    let stories = api.storage().stories_without_topics(api.workspace(), &ids).await?;
    Ok(stories.into_iter().map(|(id, story)| (id.to_string(), story.title)).collect())
}

fn author(mention: &Mention) -> Option<String> {
    let author = &mention.post.author;
    author.name.clone().or_else(|| author.handle.clone()).or_else(|| author.urn.as_ref().map(ToString::to_string))
}
