//! A post and what is known of it as a mention.

use libfuzzer_sys::arbitrary::{Result, Unstructured};
use molva_domain::{
    Author, CaseStatus, Community, Engagement, Intent, Language, Media, MediaKind, Post, PostKind, SlaState, Stage,
    Timestamp, Tone, Urn,
};
use molva_query::field::Judgement;

use crate::vocabulary::word;

const SEPARATORS: &[&str] =
    &[" ", " ", " ", ", ", ". ", "! ", "? ", "\n", "-", "", "'", " http://t.co/x?y ", "… ", "_"];

fn text(source: &mut Unstructured<'_>, longest: usize) -> Result<String> {
    let mut text = String::new();
    for _ in 0..source.int_in_range(0..=longest)? {
        if source.ratio(1, 30)? {
            text.push_str(source.arbitrary::<&str>()?.get(..8).unwrap_or("\u{301}"));
        } else {
            text.push_str(&word(source)?);
        }
        text.push_str(source.choose(SEPARATORS)?);
    }
    Ok(text)
}

fn maybe<T>(source: &mut Unstructured<'_>, value: T) -> Result<Option<T>> {
    Ok(if source.ratio(1, 2)? { Some(value) } else { None })
}

fn number(source: &mut Unstructured<'_>) -> Result<Option<u64>> {
    let number = source.int_in_range(0..=4)?;
    Ok((number < 4).then_some(number))
}

pub(crate) fn post(source: &mut Unstructured<'_>) -> Result<Post> {
    let body = text(source, 20)?;
    let at = Timestamp::from_secs(1_772_323_200 + source.int_in_range(0..=48)? * 3_600);
    let network = (*source.choose(&["vk", "ok", "Mastodon"])?).to_owned();
    let mut post = Post::new(Urn::new("urn:smm:vk:post:1"), &network, body, at, at);
    if source.ratio(1, 2)? {
        post.title = Some(text(source, 8)?);
    }
    post.kind = *source.choose(PostKind::ALL)?;
    post.language = maybe(source, Language::UKRAINIAN)?;
    post.url = maybe(source, "https://news.pikabu.ru/story/1".to_owned())?;
    post.links = maybe(source, "http://dom.ru/tariff".to_owned())?.into_iter().collect();
    for kind in [MediaKind::Image, MediaKind::Video] {
        post.media.extend(maybe(source, Media { kind, url: "http://m.example/1".into(), alt: None })?);
    }
    post.community = maybe(source, Community { key: "vk/123".into(), ..Community::default() })?;
    post.author = Author {
        handle: maybe(source, "Name".to_owned())?,
        name: maybe(source, "Иван Петров".to_owned())?,
        city: maybe(source, "Энгельс".to_owned())?,
        followers: number(source)?,
        verified: *source.choose(&[None, Some(true), Some(false)])?,
        ..Author::default()
    };
    post.engagement = Engagement {
        likes: number(source)?,
        reposts: number(source)?,
        comments: number(source)?,
        views: number(source)?,
        rating: number(source)?.map(|rating| rating as u8),
    };
    Ok(post)
}

pub(crate) fn judgement(source: &mut Unstructured<'_>) -> Result<Judgement> {
    if source.ratio(1, 2)? {
        return Ok(Judgement::EMPTY);
    }
    let text = |source: &mut Unstructured<'_>, text: &str| maybe(source, text.to_owned());
    Ok(Judgement {
        tone: Some(*source.choose(Tone::ALL)?),
        intent: Some(*source.choose(Intent::ALL)?),
        stage: Some(*source.choose(Stage::ALL)?),
        motive: text(source, "Связь")?,
        spam: Some(f32::from(source.arbitrary::<u8>()?) / 255.0),
        bot: Some(f32::from(source.arbitrary::<u8>()?) / 255.0),
        tags: text(source, "VIP")?.into_iter().chain(text(source, "очень  срочно")?).collect(),
        topics: text(source, "Наш бренд")?.into_iter().collect(),
        stories: text(source, "17")?.into_iter().collect(),
        case_status: Some(*source.choose(CaseStatus::ALL)?),
        case_queue: text(source, "Вторая линия")?,
        case_sla: Some(*source.choose(SlaState::ALL)?),
        customer_segment: text(source, "B2B")?,
    })
}
