//! One pushed item: strict about types, so that a sender's mistake is told and not guessed around.

use molva_domain::{
    Author, Community, Engagement, Language, Media, MediaKind, Post, PostKind, RejectionReason, Timestamp, Urn,
    country_code,
};
use ring::digest;
use serde_json::{Map, Value};

use crate::import::moment_of_integer;
use crate::plain_text::{MAX_LINK_BYTES, MAX_LINKS, links_in, without_nul};

const MAX_DETAIL_BYTES: usize = 2_048;
const MAX_ID_BYTES: usize = 4_096;
const MAX_MEDIA: usize = 32;

type Refusal = (RejectionReason, String);

/// Reads an item.
pub(super) fn read(source_key: &str, raw: &str, now: Timestamp) -> Result<Post, Refusal> {
    let value: Value = serde_json::from_str(raw).map_err(|error| {
        (RejectionReason::Malformed, format!("not JSON: {}", error.to_string().replace("line 1 ", "")))
    })?;
    let Value::Object(object) = value else {
        return Err((RejectionReason::Malformed, format!("an item is an object `{{…}}`, not {}", kind_of(&value))));
    };
    let fields = Fields { object: &object, path: "" };
    let id = fields.id("id")?.ok_or((RejectionReason::MissingId, "field `id` is missing".to_owned()))?;
    let text = fields.text("text", Post::MAX_TEXT_BYTES)?.unwrap_or_default();
    let title = fields.text("title", MAX_DETAIL_BYTES)?;
    if text.is_empty() && title.is_none() {
        return Err((
            RejectionReason::EmptyText,
            "field `text` is missing or blank, and there is no `title`".to_owned(),
        ));
    }
    let network = fields.text("network", 32)?.map_or_else(|| Ok("push".to_owned()), network)?;
    // A reference may name a post of any source, an item's own id never does: no sender can pass for another.
    let reference = |id: String| {
        if id.starts_with("urn:smm:") && id.len() <= Urn::MAX_BYTES {
            Urn::new(id)
        } else {
            urn_of(&network, source_key, &id)
        }
    };
    let urn = urn_of(&network, source_key, &id);
    let mut post = Post::new(urn, &network, text, fields.date("published")?.unwrap_or(now), now);
    post.kind = fields.named("kind", PostKind::parse, PostKind::ALL)?.unwrap_or(PostKind::Post);
    post.title = title;
    post.url = fields.address("url")?;
    post.author = fields
        .object("author")?
        .map_or_else(|| Ok(Author::default()), |author| read_author(&author, &network, source_key))?;
    post.community = fields.object("community")?.map(|community| read_community(&community, &network)).transpose()?;
    post.language = fields
        .text("language", 64)?
        .map(|tag| {
            Language::parse(&tag)
                .ok_or_else(|| invalid(format!("field `language` is no language tag such as `ru`: `{tag}`")))
        })
        .transpose()?;
    post.edited_at = fields.date("edited")?;
    post.in_reply_to = fields.id("in_reply_to")?.map(reference);
    post.repost_of = fields.id("repost_of")?.map(reference);
    post.quote_of = fields.id("quote_of")?.map(reference);
    post.links = read_links(&fields, &post.text)?;
    post.media = read_media(&fields)?;
    post.engagement =
        fields.object("engagement")?.map_or_else(|| Ok(Engagement::default()), |counts| read_engagement(&counts))?;
    Ok(post)
}

fn read_author(author: &Fields<'_>, network: &str, source_key: &str) -> Result<Author, Refusal> {
    let handle = author.text("handle", 256)?.map(|handle| handle.trim_start_matches('@').to_owned());
    Ok(Author {
        urn: handle.as_deref().map(|handle| Urn::of(network, Some(source_key), "author", handle)),
        handle,
        name: author.text("name", MAX_DETAIL_BYTES)?,
        url: author.address("url")?,
        followers: author.count("followers")?,
        verified: author.flag("verified")?,
        bot: author.flag("bot")?,
        city: author.text("city", 256)?,
        region: author.text("region", 256)?,
        country: read_country(author)?,
    })
}

fn read_country(author: &Fields<'_>) -> Result<Option<String>, Refusal> {
    let Some(name) = author.text("country", 64)? else { return Ok(None) };
    country_code(&name).map(|code| Some(code.to_owned())).ok_or_else(|| {
        invalid(format!("field `author.country` must be a code of ISO 3166-1 alpha-2 such as `BY`, not `{name}`"))
    })
}

fn read_community(community: &Fields<'_>, network: &str) -> Result<Community, Refusal> {
    let key = community.text("key", 256)?.ok_or_else(|| invalid("field `community.key` is missing".to_owned()))?;
    Ok(Community {
        key: format!("{network}/{key}"),
        title: community.text("title", MAX_DETAIL_BYTES)?,
        url: community.address("url")?,
    })
}

fn read_links(fields: &Fields<'_>, text: &str) -> Result<Vec<String>, Refusal> {
    let mut links = links_in(text);
    for link in fields.list("links", MAX_LINKS)? {
        let Value::String(link) = link else {
            return Err(invalid(format!("field `links` must hold addresses, not {}", kind_of(link))));
        };
        let link = web_address(link, "links")?;
        if !links.contains(&link) && links.len() < MAX_LINKS {
            links.push(link);
        }
    }
    Ok(links)
}

fn read_media(fields: &Fields<'_>) -> Result<Vec<Media>, Refusal> {
    fields
        .list("media", MAX_MEDIA)?
        .iter()
        .map(|media| {
            let Value::Object(object) = media else {
                return Err(invalid(format!("field `media` must hold objects, not {}", kind_of(media))));
            };
            let media = Fields { object, path: "media." };
            Ok(Media {
                kind: media.named("kind", MediaKind::parse, MediaKind::ALL)?.unwrap_or(MediaKind::Link),
                url: media.address("url")?.ok_or_else(|| invalid("field `media.url` is missing".to_owned()))?,
                alt: media.text("alt", MAX_DETAIL_BYTES)?,
            })
        })
        .collect()
}

fn read_engagement(counts: &Fields<'_>) -> Result<Engagement, Refusal> {
    let rating = counts.count("rating")?;
    if rating.is_some_and(|stars| !(1..=5).contains(&stars)) {
        return Err(invalid("field `engagement.rating` must be a whole number from 1 to 5".to_owned()));
    }
    Ok(Engagement {
        likes: counts.count("likes")?,
        reposts: counts.count("reposts")?,
        comments: counts.count("comments")?,
        views: counts.count("views")?,
        rating: rating.and_then(|stars| u8::try_from(stars).ok()),
    })
}

/// Values of an object, each checked for its type; `null` and blank text are absent.
struct Fields<'a> {
    object: &'a Map<String, Value>,
    path: &'static str,
}

impl Fields<'_> {
    fn get(&self, key: &str) -> Option<&Value> {
        self.object.get(key).filter(|value| !value.is_null())
    }

    fn wrong(&self, key: &str, wanted: &str, found: &Value) -> Refusal {
        invalid(format!("field `{}{key}` must be {wanted}, not {}", self.path, kind_of(found)))
    }

    fn text(&self, key: &str, max_bytes: usize) -> Result<Option<String>, Refusal> {
        let Some(value) = self.get(key) else { return Ok(None) };
        let Value::String(text) = value else { return Err(self.wrong(key, "text", value)) };
        if text.len() > max_bytes {
            let message = format!("field `{}{key}` has {} bytes, more than {max_bytes}", self.path, text.len());
            return Err((RejectionReason::TooLarge, message));
        }
        let text = without_nul(text).trim().to_owned();
        Ok((!text.is_empty()).then_some(text))
    }

    fn id(&self, key: &str) -> Result<Option<String>, Refusal> {
        match self.get(key) {
            Some(Value::Number(number)) if number.is_i64() || number.is_u64() => Ok(Some(number.to_string())),
            Some(value @ (Value::Number(_) | Value::Bool(_) | Value::Array(_) | Value::Object(_))) => {
                Err(self.wrong(key, "text or a whole number", value))
            }
            _ => self.text(key, MAX_ID_BYTES),
        }
    }

    fn count(&self, key: &str) -> Result<Option<u64>, Refusal> {
        let Some(value) = self.get(key) else { return Ok(None) };
        value.as_u64().map(Some).ok_or_else(|| self.wrong(key, "a whole number from 0", value))
    }

    fn flag(&self, key: &str) -> Result<Option<bool>, Refusal> {
        let Some(value) = self.get(key) else { return Ok(None) };
        value.as_bool().map(Some).ok_or_else(|| self.wrong(key, "`true` or `false`", value))
    }

    fn date(&self, key: &str) -> Result<Option<Timestamp>, Refusal> {
        let Some(value) = self.get(key) else { return Ok(None) };
        let moment = match value {
            Value::String(text) => Timestamp::parse(text).filter(|moment| *moment >= Timestamp::EARLIEST),
            Value::Number(number) => number.as_i64().filter(|number| *number >= 100_000).and_then(moment_of_integer),
            _ => None,
        };
        moment.map(Some).ok_or_else(|| {
            let message = format!(
                "field `{}{key}` must be RFC 3339 such as `2026-03-01T12:30:00Z`, or whole seconds, milliseconds or \
                 microseconds since 1970",
                self.path
            );
            (RejectionReason::InvalidDate, message)
        })
    }

    fn address(&self, key: &'static str) -> Result<Option<String>, Refusal> {
        self.text(key, MAX_LINK_BYTES)?.map(|text| web_address(&text, &format!("{}{key}", self.path))).transpose()
    }

    fn named<T: std::fmt::Display>(
        &self,
        key: &str,
        parse: fn(&str) -> Option<T>,
        all: &[T],
    ) -> Result<Option<T>, Refusal> {
        let Some(name) = self.text(key, 64)? else { return Ok(None) };
        parse(&name).map(Some).ok_or_else(|| {
            let known: Vec<String> = all.iter().map(ToString::to_string).collect();
            invalid(format!("field `{}{key}` must be one of {}, not `{name}`", self.path, known.join(", ")))
        })
    }

    fn object(&self, key: &'static str) -> Result<Option<Fields<'_>>, Refusal> {
        let Some(value) = self.get(key) else { return Ok(None) };
        let path = match key {
            "author" => "author.",
            "community" => "community.",
            _ => "engagement.",
        };
        value.as_object().map(|object| Some(Fields { object, path })).ok_or_else(|| self.wrong(key, "an object", value))
    }

    fn list(&self, key: &str, max: usize) -> Result<&[Value], Refusal> {
        let Some(value) = self.get(key) else { return Ok(&[]) };
        let list = value.as_array().ok_or_else(|| self.wrong(key, "a list", value))?;
        if list.len() > max {
            return Err((RejectionReason::TooLarge, format!("field `{key}` holds more than {max} elements")));
        }
        Ok(list)
    }
}

/// The sender's ids are its own: the source is part of the URN.
fn urn_of(network: &str, source_key: &str, id: &str) -> Urn {
    let urn = Urn::of(network, Some(source_key), "post", id);
    if urn.as_str().len() <= Urn::MAX_BYTES {
        return urn;
    }
    let hash = digest::digest(&digest::SHA256, id.as_bytes());
    let short = base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, &hash.as_ref()[..20]);
    Urn::of(network, Some(source_key), "post", &format!("sha256-{short}"))
}

fn network(name: String) -> Result<String, Refusal> {
    let plain = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte));
    if plain { Ok(name) } else { Err(invalid(format!("field `network` may hold a-z, 0-9, `-` and `_`, not `{name}`"))) }
}

fn web_address(text: &str, field: &str) -> Result<String, Refusal> {
    let is_web = text.len() <= MAX_LINK_BYTES
        && url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    if is_web {
        Ok(text.to_owned())
    } else {
        Err(invalid(format!("field `{field}` must be a whole http or https address")))
    }
}

const fn invalid(message: String) -> Refusal {
    (RejectionReason::InvalidField, message)
}

const fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a flag",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
