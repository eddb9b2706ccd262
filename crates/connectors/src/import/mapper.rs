//! From a row of cells to a post.

use std::borrow::Cow;

use molva_domain::{
    Author, Community, Engagement, Language, Post, PostKind, RejectionReason, Timestamp, Urn, country_code,
};
use ring::digest;

use super::cell::{Cell, Row};
use super::date::read_date;
use super::field::Field;
use super::{ImportPlan, UNKNOWN_NETWORK, hexadecimal};
use crate::plain_text::{links_in, without_nul};

/// Longest address, handle, name or title kept, in bytes.
const MAX_DETAIL_BYTES: usize = 2_048;
const MAX_PLACE_BYTES: usize = 256;
/// A number of at most so many digits in a file of an unknown network counts rows; it is no id.
const MAX_ROW_NUMBER_DIGITS: usize = 8;

/// Why a row is not a post: the reason and the sentence for people.
pub(crate) type Refusal = (RejectionReason, String);

/// Makes posts by a plan.
#[derive(Debug)]
pub(crate) struct Mapper {
    network: String,
    /// The file has a column of dates; without one every post is dated by the import.
    dated: bool,
    now: Timestamp,
}

impl Mapper {
    pub(crate) fn new(plan: &ImportPlan, now: Timestamp) -> Self {
        let network = network_name(&plan.network).unwrap_or_else(|| UNKNOWN_NETWORK.to_owned());
        Self { network, dated: plan.columns.contains_key(Field::Published.name()), now }
    }

    pub(crate) fn post(&self, mut row: Row<'_>) -> Result<Post, Refusal> {
        let text = self.text(&mut row)?;
        let title = row.take_text(Field::Title).map(|title| without_nul(cut(&title)).into_owned());
        if text.is_empty() && title.is_none() {
            return Err((RejectionReason::EmptyText, "neither text nor title".to_owned()));
        }
        let published_at = self.published(&row)?;
        let network = row
            .take_text(Field::Network)
            .and_then(|name| network_name(&name))
            .map_or(Cow::Borrowed(self.network.as_str()), Cow::Owned);
        let author = author(&mut row, &network);
        let id = id(&mut row)?;
        let urn = match id {
            Some(id) if network != UNKNOWN_NETWORK || !is_row_number(&id) => urn_of(&network, &id),
            id => self.derived_urn(&network, id.as_deref(), &author, published_at, title.as_deref(), &text),
        };
        let kind = row.take_text(Field::Kind).and_then(|name| PostKind::parse(&name.to_lowercase()));
        let mut post = Post::new(urn, &network, text, published_at, self.now);
        post.kind = kind.unwrap_or_else(|| kind_by_text(&post.network, &post.text));
        post.author = author;
        post.title = title;
        post.community = row.take_text(Field::Community).map(|title| {
            let title = cut(&title);
            Community { key: format!("{network}/{title}"), title: Some(title.to_owned()), url: None }
        });
        post.language = row.take_text(Field::Language).and_then(|tag| Language::parse(&tag));
        post.url = row.take_text(Field::Url).filter(|url| is_web_address(url)).map(Cow::into_owned);
        post.links = links_in(&post.text);
        post.engagement = engagement(&row);
        Ok(post)
    }

    fn text(&self, row: &mut Row<'_>) -> Result<String, Refusal> {
        let cell = row.take(Field::Text);
        if cell == Cell::Nested {
            return Err((RejectionReason::InvalidField, "`text` is an object or a list, not text".to_owned()));
        }
        let text = cell.into_text().unwrap_or_default();
        if text.len() > Post::MAX_TEXT_BYTES {
            let message = format!("the text has {} bytes, more than {}", text.len(), Post::MAX_TEXT_BYTES);
            return Err((RejectionReason::TooLarge, message));
        }
        Ok(without_nul(&text).into_owned())
    }

    fn published(&self, row: &Row<'_>) -> Result<Timestamp, Refusal> {
        if !self.dated {
            return Ok(self.now);
        }
        let cell = row.get(Field::Published);
        read_date(cell).ok_or_else(|| {
            let message = match cell.clone().into_text() {
                Some(written) => format!("`{}` is no date that can be read", cut_to(&written, 64)),
                None => "there is no date".to_owned(),
            };
            (RejectionReason::InvalidDate, message)
        })
    }

    fn derived_urn(
        &self,
        network: &str,
        id: Option<&str>,
        author: &Author,
        published_at: Timestamp,
        title: Option<&str>,
        text: &str,
    ) -> Urn {
        let mut context = digest::Context::new(&digest::SHA256);
        // Without a column of dates the time is that of the import and would make each reading new.
        let time = if self.dated { published_at.as_micros() } else { 0 };
        context.update(&time.to_le_bytes());
        let author = author.handle.as_deref().or(author.name.as_deref());
        for part in [id, author, title, Some(text)] {
            context.update(part.unwrap_or_default().as_bytes());
            context.update(&[0]);
        }
        Urn::of(network, None, "post", &format!("sha256-{}", &hexadecimal(context.finish().as_ref())[..40]))
    }
}

/// The URN of a post by the id its network gave; an id too long for a URN is hashed.
pub(crate) fn urn_of(network: &str, id: &str) -> Urn {
    let urn = Urn::of(network, None, "post", id);
    if urn.as_str().len() <= Urn::MAX_BYTES {
        return urn;
    }
    let hash = hexadecimal(digest::digest(&digest::SHA256, id.as_bytes()).as_ref());
    Urn::of(network, None, "post", &format!("sha256-{}", &hash[..40]))
}

/// A network's name in the form the query language uses: lower-case letters, digits, `-` and `_`; `None` when nothing is left.
pub(crate) fn network_name(name: &str) -> Option<String> {
    let name: String = name
        .trim()
        .to_lowercase()
        .chars()
        .map(|letter| if letter.is_whitespace() { '-' } else { letter })
        .filter(|letter| letter.is_alphanumeric() || "-_.".contains(*letter))
        .take(32)
        .collect();
    (!name.is_empty()).then_some(name)
}

/// Micro-blogs write a repost as `RT @name: …`; elsewhere that is a text like any other.
pub(crate) fn kind_by_text(network: &str, text: &str) -> PostKind {
    if matches!(network, "x" | "twitter") && is_repost_head(text) { PostKind::Repost } else { PostKind::Post }
}

/// Whether a text starts with `RT @name:`.
pub(crate) fn is_repost_head(text: &str) -> bool {
    text.strip_prefix("RT @").and_then(|rest| rest.split_once(':')).is_some_and(|(name, _)| {
        !name.is_empty() && name.len() <= 32 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    })
}

fn id(row: &mut Row<'_>) -> Result<Option<String>, Refusal> {
    match row.take(Field::Id) {
        Cell::Nested => Err((RejectionReason::InvalidField, "`id` is an object or a list, not an id".to_owned())),
        Cell::Number(number) if number.fract() != 0.0 || number.abs() >= 9_007_199_254_740_992.0 => Err((
            RejectionReason::InvalidField,
            "`id` is a number that has lost its last digits; write ids as text".to_owned(),
        )),
        cell => Ok(cell.into_text().map(Cow::into_owned)),
    }
}

fn is_row_number(id: &str) -> bool {
    id.len() <= MAX_ROW_NUMBER_DIGITS && id.bytes().all(|byte| byte.is_ascii_digit())
}

fn author(row: &mut Row<'_>, network: &str) -> Author {
    let handle = row
        .take_text(Field::Handle)
        .map(|handle| cut(handle.trim_start_matches('@')).to_owned())
        .filter(|handle| !handle.is_empty());
    let mut place = |field| row.take_text(field).map(|text| without_nul(cut_to(&text, MAX_PLACE_BYTES)).into_owned());
    let (city, region, country) = (place(Field::City), place(Field::Region), place(Field::Country));
    Author {
        city,
        region,
        country: country.as_deref().and_then(country_code).map(str::to_owned),
        urn: handle.as_deref().map(|handle| Urn::of(network, None, "author", cut_to(handle, 128))),
        name: row.take_text(Field::Author).map(|name| without_nul(cut(&name)).into_owned()),
        handle,
        followers: row.get(Field::Followers).to_count(),
        ..Author::default()
    }
}

fn engagement(row: &Row<'_>) -> Engagement {
    let count = |field| row.get(field).to_count();
    Engagement {
        likes: count(Field::Likes),
        reposts: count(Field::Reposts),
        comments: count(Field::Comments),
        views: count(Field::Views),
        rating: count(Field::Rating).and_then(|stars| u8::try_from(stars).ok()).filter(|stars| (1..=5).contains(stars)),
    }
}

fn is_web_address(url: &str) -> bool {
    url.len() <= MAX_DETAIL_BYTES && (url.starts_with("http://") || url.starts_with("https://"))
}

fn cut(text: &str) -> &str {
    cut_to(text, MAX_DETAIL_BYTES)
}

fn cut_to(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}
