//! What is known of a mention beside its words, as terms `name=value`: the same terms are made of a mention and of a test.

use molva_domain::{Language, MediaKind, MentionState, Post, Timestamp, TopicId};
use molva_query::field::{
    Attachment, FieldTest, JudgedTest, Judgement, NumberField, ScoreField, TextFacts, TextField, host_of, normal_words,
    spaced,
};
use tantivy::TantivyDocument;

use crate::ask::Filter;
use crate::document::Document;
use crate::facet::{Facet, Judge, Marks, author_hash, author_key, bounded_value, plain_address};
use crate::said::{Lemmas, Said};
use crate::schema::Fields;
use crate::tokens::{bounded, tokens_of};

/// A host is not longer; whoever writes a longer one is not found by it.
const MAX_HOST: usize = 255;
/// Of a longer address the first bytes are searched.
const MAX_ADDRESS: usize = 8_192;

/// How a test of a field is answered.
pub(crate) enum Answer {
    /// The mention has one of these facts.
    Facts(Vec<String>),
    /// Its time lies between these, in microseconds; the second does not belong to it.
    Published(i64, i64),
    Number(NumberField, u64, u64),
    Score(ScoreField, std::ops::Bound<f64>, std::ops::Bound<f64>),
    /// The address contains it.
    Url(String),
    /// One of the links contains it.
    Link(String),
}

pub(crate) fn answer(test: &FieldTest) -> Answer {
    let fact = |name: &str, value: &str| Answer::Facts(vec![fact(name, value)]);
    match test {
        FieldTest::Network(name) => fact("network", name),
        FieldTest::Kind(kind) => fact("kind", kind.as_str()),
        FieldTest::Site(host) => fact("site", host),
        FieldTest::Url(part) => Answer::Url(part.clone()),
        FieldTest::Community(key) => fact("community", key),
        FieldTest::Link(part) if part.contains('/') => Answer::Link(part.clone()),
        FieldTest::Link(host) => fact("link", host),
        FieldTest::AuthorHandle(handle) => fact("handle", handle),
        FieldTest::AuthorName(name) => fact("author", name),
        FieldTest::AuthorCity(city) => fact("city", city),
        FieldTest::Verified(yes) => fact("verified", yes_or_no(*yes)),
        FieldTest::Language(language) => fact("lang", language.code()),
        FieldTest::Has(attachment) => fact("has", attachment_name(*attachment)),
        FieldTest::Published(range) => Answer::Published(range.from.as_micros(), range.before.as_micros()),
        FieldTest::Hour(first, last) => Answer::Facts(
            (0..24)
                .filter(|hour| hour_is_within(*hour, *first, *last))
                .map(|hour| hour_fact(i64::from(hour)))
                .collect(),
        ),
        FieldTest::Number(field, range) => Answer::Number(*field, range.from, range.to),
        FieldTest::Judged(test) => match test {
            JudgedTest::Tone(tone) => fact("tone", tone.as_str()),
            JudgedTest::Intent(intent) => fact("intent", intent.as_str()),
            JudgedTest::Stage(stage) => fact("stage", stage.as_str()),
            JudgedTest::CaseStatus(status) => fact("case.status", status.as_str()),
            JudgedTest::CaseSla(state) => fact("case.sla", state.as_str()),
            JudgedTest::Text(field, text) => fact(field.name(), text),
            JudgedTest::Score(field, range) => {
                Answer::Score(*field, range.from.map(exact_score), range.to.map(exact_score))
            }
        },
    }
}

pub(crate) fn topic_fact(topic: TopicId) -> String {
    fact("topic_id", &topic.to_string())
}

/// What mentions have that matched one of these topics.
pub(crate) fn topic_facts(topics: &[String]) -> Vec<String> {
    topics.iter().map(|topic| fact(TextField::Topic.name(), topic)).collect()
}

pub(crate) fn state_fact(state: MentionState) -> String {
    fact("state", state.as_str())
}

fn fact(name: &str, value: &str) -> String {
    bounded(format!("{name}={value}"))
}

/// The two zeros are one number.
pub(crate) fn exact_score(score: f32) -> f64 {
    f64::from(score) + 0.0
}

const fn yes_or_no(yes: bool) -> &'static str {
    if yes { "yes" } else { "no" }
}

const fn attachment_name(attachment: Attachment) -> &'static str {
    match attachment {
        Attachment::Image => "image",
        Attachment::Video => "video",
        Attachment::Audio => "audio",
        Attachment::Document => "document",
        Attachment::Link => "link",
        Attachment::Question => "question",
    }
}

const fn hour_is_within(hour: u8, first: u8, last: u8) -> bool {
    if first <= last { first <= hour && hour <= last } else { hour >= first || hour <= last }
}

fn hour_fact(hour: i64) -> String {
    fact("hour", &hour.to_string())
}

fn hour_of(at: Timestamp) -> i64 {
    at.as_secs().rem_euclid(86_400) / 3_600
}

/// What is kept from mention to mention while they are read.
#[derive(Default)]
pub(crate) struct Reading {
    analysis: molva_text::Analysis,
    lemmas: Lemmas,
}

/// The mention as an index takes it.
pub(crate) fn index_document(fields: &Fields, document: &Document<'_>, reading: &mut Reading) -> TantivyDocument {
    let post = document.post;
    let (title, text) = (post.title.as_deref().unwrap_or_default(), post.text.as_str());
    let Reading { analysis, lemmas } = reading;
    analysis.run(title, text, &molva_text::PrefixFilter::default());
    let known = TextFacts { language: analysis.language(title, text), question: analysis.has_question() };
    let tokens = tokens_of(post, analysis);
    let mut row = TantivyDocument::new();
    row.add_i64(fields.id, document.id.0);
    row.add_i64(fields.at, document.at().as_micros());
    row.add_pre_tokenized_text(fields.words, tokens.all);
    if post.title.is_some() {
        row.add_pre_tokenized_text(fields.title, tokens.title);
    }
    row.add_i64(fields.published, post.published_at.as_micros());
    let numbers = [
        (fields.followers, post.author.followers),
        (fields.rating, post.engagement.rating.map(u64::from)),
        (fields.likes, post.engagement.likes),
        (fields.reposts, post.engagement.reposts),
        (fields.comments, post.engagement.comments),
        (fields.views, post.engagement.views),
    ];
    for (field, number) in numbers {
        if let Some(number) = number {
            row.add_u64(field, number);
        }
    }
    for (field, score) in [(fields.spam, document.judgement.spam), (fields.bot, document.judgement.bot)] {
        if let Some(score) = score.filter(|score| !score.is_nan()) {
            row.add_f64(field, exact_score(score));
        }
    }
    if let Some(url) = &post.url {
        row.add_text(fields.url, address(url));
    }
    // The others stand whole in the column of their facet.
    for link in post.links.iter().filter(|link| bounded_value(plain_address(link)).len() != link.len()) {
        row.add_text(fields.links, address(link));
    }
    row.add_u64(fields.marks, marks(document, analysis.tokens().len()).pack());
    if let Some(author) = author_key(post) {
        row.add_u64(fields.author, author_hash(&author));
    }
    let said = lemmas.said(analysis, title, text);
    for (facet, field) in &fields.facets {
        each_value(*facet, document, &known, &said, |value| row.add_text(*field, value));
    }
    for fact in facts_of(document, post, &known) {
        row.add_text(fields.facts, fact);
    }
    row
}

fn marks(document: &Document<'_>, tokens: usize) -> Marks {
    let Judgement { tone, intents, stage, spam, .. } = document.judgement;
    let spam = spam.filter(|spam| !spam.is_nan());
    let judged = tone.is_some() || stage.is_some() || spam.is_some() || !intents.is_empty();
    Marks {
        state: document.state,
        tone: *tone,
        copy: document.copy_of.is_some(),
        spam: spam.map(|spam| spam >= Filter::SPAM),
        kind: document.post.kind,
        stage: *stage,
        judge: if document.by_people { Some(Judge::People) } else { judged.then_some(Judge::Machine) },
        intents: *intents,
        length: (usize::BITS - tokens.leading_zeros()).min(15),
    }
}

/// The values of a facet that has a column of texts, each once, none empty.
fn each_value(facet: Facet, document: &Document<'_>, known: &TextFacts, said: &Said, mut take: impl FnMut(&str)) {
    let post = document.post;
    let mut one = |value: &str| {
        let value = bounded_value(value);
        if !value.is_empty() {
            take(value);
        }
    };
    match facet {
        Facet::Kind
        | Facet::State
        | Facet::Tone
        | Facet::Intent
        | Facet::Stage
        | Facet::Spam
        | Facet::JudgedBy
        | Facet::Author => {}
        Facet::Topic => one(&document.topic.to_string()),
        Facet::Network => one(&post.network.to_lowercase()),
        Facet::Site => post.url.iter().for_each(|url| one(&host_of(url))),
        Facet::Community => post.community.iter().for_each(|community| one(&community.key.to_lowercase())),
        Facet::Language => post.language.or(known.language).iter().for_each(|language| one(language.code())),
        Facet::City => post.author.city.iter().for_each(|city| one(city.trim())),
        Facet::Country => post.author.country.iter().for_each(|country| one(country.trim())),
        Facet::Region => post.author.region.iter().for_each(|region| one(region.trim())),
        Facet::Story => each_once(document.judgement.stories.iter().map(|story| bounded_value(story)), one),
        Facet::Tag => each_once(document.judgement.tags.iter().map(|tag| bounded_value(tag.trim())), one),
        Facet::Link => each_once(post.links.iter().map(|link| bounded_value(plain_address(link))), one),
        Facet::Hashtag => said.hashtags.iter().for_each(|value| one(value)),
        Facet::Emoji => said.emoji.iter().for_each(|value| one(value)),
        Facet::Word => said.words.iter().for_each(|value| one(value)),
    }
}

fn each_once<'a>(values: impl Iterator<Item = &'a str>, take: impl FnMut(&str)) {
    let mut values: Vec<&str> = values.collect();
    values.sort_unstable();
    values.dedup();
    values.into_iter().for_each(take);
}

fn address(url: &str) -> String {
    let mut address = url.to_lowercase();
    address.truncate(address.floor_char_boundary(MAX_ADDRESS));
    address
}

fn facts_of(document: &Document<'_>, post: &Post, known: &TextFacts) -> Vec<String> {
    let mut facts = vec![
        topic_fact(document.topic),
        state_fact(document.state),
        fact("network", &post.network.to_lowercase()),
        fact("kind", post.kind.as_str()),
        hour_fact(hour_of(post.published_at)),
    ];
    facts.extend(post.url.iter().flat_map(|url| hosts("site", url)));
    facts.extend(post.links.iter().flat_map(|link| hosts("link", link)));
    facts.extend(post.community.iter().map(|community| fact("community", &community.key.to_lowercase())));
    if let Some(handle) = &post.author.handle {
        let own = handle.trim_start_matches('@').to_lowercase();
        facts.extend(own.split('@').next().map(|name| fact("handle", name)));
        facts.push(fact("handle", &own));
        facts.push(fact("author", &normal_words(handle)));
    }
    facts.extend(post.author.name.iter().map(|name| fact("author", &normal_words(name))));
    facts.extend(post.author.city.iter().map(|city| fact("city", &normal_words(city))));
    facts.extend(post.author.verified.map(|verified| fact("verified", yes_or_no(verified))));
    let language: Option<Language> = post.language.or(known.language);
    facts.extend(language.map(|language| fact("lang", language.code())));
    facts.extend(attachments(post, known).into_iter().map(|attachment| fact("has", attachment_name(attachment))));
    judged(document.judgement, &mut facts);
    facts.sort_unstable();
    facts.dedup();
    facts
}

fn attachments(post: &Post, known: &TextFacts) -> Vec<Attachment> {
    let of_media = post.media.iter().map(|media| match media.kind {
        MediaKind::Image => Attachment::Image,
        MediaKind::Video => Attachment::Video,
        MediaKind::Audio => Attachment::Audio,
        MediaKind::Document => Attachment::Document,
        MediaKind::Link => Attachment::Link,
    });
    let link = (!post.links.is_empty()).then_some(Attachment::Link);
    of_media.chain(link).chain(known.question.then_some(Attachment::Question)).collect()
}

fn judged(judgement: &Judgement, facts: &mut Vec<String>) {
    facts.extend(judgement.tone.map(|tone| fact("tone", tone.as_str())));
    facts.extend(judgement.intents.iter().map(|intent| fact("intent", intent.as_str())));
    facts.extend(judgement.stage.map(|stage| fact("stage", stage.as_str())));
    facts.extend(judgement.case_status.map(|status| fact("case.status", status.as_str())));
    facts.extend(judgement.case_sla.map(|state| fact("case.sla", state.as_str())));
    let mut texts = |field: TextField, values: &[String]| {
        facts.extend(values.iter().map(|value| fact(field.name(), &spaced(value))));
    };
    texts(TextField::Motive, judgement.motive.as_slice());
    texts(TextField::Tag, &judgement.tags);
    texts(TextField::Topic, &judgement.topics);
    texts(TextField::Story, &judgement.stories);
    texts(TextField::Queue, judgement.case_queue.as_slice());
    texts(TextField::Segment, judgement.customer_segment.as_slice());
}

/// The host of an address and every host above it.
fn hosts(name: &str, address: &str) -> Vec<String> {
    let host = host_of(address);
    if host.len() > MAX_HOST {
        return Vec::new();
    }
    let above = host.match_indices('.').map(|(dot, _)| &host[dot + 1..]);
    std::iter::once(host.as_str()).chain(above).map(|host| fact(name, host)).collect()
}
