//! A comment as the REST API tells it. Source: the comments endpoint of the WordPress REST API handbook.

use molva_domain::{Author, Community, Language, Post, PostKind, Rejection, RejectionReason, Timestamp, Urn};
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use crate::digest;
use crate::html;

pub(super) const NETWORK: &str = "wordpress";
/// What is asked for of each comment.
pub(super) const FIELDS: &str = "id,post,parent,author,author_name,author_url,date_gmt,content,link,_links,_embedded";

/// A site and what its comments have in common.
#[derive(Clone, Debug)]
pub(super) struct Site {
    /// Its front page, with a slash at the end.
    pub url: Url,
    /// Host and path, part of every URN.
    pub instance: String,
    pub language: Option<Language>,
}

impl Site {
    pub(super) fn new(mut url: Url, language: Option<Language>) -> Self {
        if !url.path().ends_with('/') {
            url.set_path(&format!("{}/", url.path()));
        }
        let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
        let host = url.host_str().unwrap_or_default().trim_start_matches("www.");
        let instance = format!("{host}{port}{}", url.path().trim_end_matches('/'));
        Self { url, instance, language }
    }

    /// Where comments may be asked for: the first works on every site, the second where parameters are rewritten away.
    pub(super) fn endpoints(&self) -> impl Iterator<Item = Url> {
        let mut by_parameter = self.url.clone();
        by_parameter.query_pairs_mut().append_pair("rest_route", "/wp/v2/comments");
        [Some(by_parameter), self.url.join("wp-json/wp/v2/comments").ok()].into_iter().flatten()
    }

    pub(super) fn community(&self) -> Community {
        Community {
            key: format!("{NETWORK}/{}", self.instance),
            title: Some(self.instance.clone()),
            url: Some(self.url.to_string()),
        }
    }
}

pub(super) fn urn(instance: &str, id: u64) -> Urn {
    Urn::of(NETWORK, Some(instance), "comment", &id.to_string())
}

#[derive(Deserialize)]
struct Wire {
    id: u64,
    #[serde(default)]
    post: u64,
    #[serde(default)]
    parent: u64,
    #[serde(default)]
    author: u64,
    #[serde(default)]
    author_name: String,
    #[serde(default)]
    author_url: String,
    date_gmt: String,
    content: Rendered,
    #[serde(default)]
    link: String,
    #[serde(rename = "_embedded", default)]
    embedded: Embedded,
}

#[derive(Deserialize, Default)]
struct Rendered {
    #[serde(default)]
    rendered: String,
}

#[derive(Deserialize, Default)]
struct Embedded {
    #[serde(default)]
    up: Vec<Value>,
}

/// Reads one comment; its id comes along.
pub(super) fn read(raw: &Value, site: &Site, now: Timestamp, place: &str) -> Result<(u64, Post), Rejection> {
    let reject = |reason, message: String| Err(Rejection::new(reason, place, message, &raw.to_string()));
    let wire = match Wire::deserialize(raw) {
        Ok(wire) => wire,
        Err(error) => {
            return reject(RejectionReason::Malformed, format!("the comment is not as WordPress promises: {error}"));
        }
    };
    // Without a zone, but in UTC.
    let Some(published_at) = Timestamp::parse(&format!("{}Z", wire.date_gmt.trim_end_matches('Z'))) else {
        return reject(RejectionReason::InvalidDate, format!("`date_gmt` of comment {} is no time", wire.id));
    };
    let plain = html::to_plain(&wire.content.rendered, Some(&site.url));
    if plain.text.is_empty() {
        return reject(RejectionReason::EmptyText, format!("comment {} has no text", wire.id));
    }
    if plain.text.len() > Post::MAX_TEXT_BYTES {
        return reject(RejectionReason::TooLarge, format!("comment {} is longer than 1 MiB", wire.id));
    }
    let name = html::to_line(&wire.author_name);
    let author_id = if wire.author > 0 { wire.author.to_string() } else { digest::hex(&[&name, &wire.author_url], 16) };
    let instance = Some(site.instance.as_str());
    let title = wire.embedded.up.first().and_then(|post| post.pointer("/title/rendered")?.as_str()).map(html::to_line);
    let in_reply_to = match (wire.parent, wire.post) {
        (0, 0) => None,
        (0, post) => Some(Urn::of(NETWORK, instance, "post", &post.to_string())),
        (parent, _) => Some(urn(&site.instance, parent)),
    };
    let post = Post {
        kind: PostKind::Comment,
        author: Author {
            urn: (!name.is_empty() || wire.author > 0).then(|| Urn::of(NETWORK, instance, "author", &author_id)),
            name: (!name.is_empty()).then_some(name),
            url: html::absolute(&wire.author_url, None).map(String::from),
            ..Author::default()
        },
        community: Some(site.community()),
        title: title.filter(|title| !title.is_empty()),
        language: site.language,
        url: html::absolute(&wire.link, Some(&site.url)).map(String::from),
        in_reply_to,
        links: plain.links,
        media: plain.media,
        ..Post::new(urn(&site.instance, wire.id), NETWORK, plain.text, published_at, now)
    };
    Ok((wire.id, post))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_772_366_400);

    fn site() -> Site {
        Site::new(Url::parse("https://www.blog.example/ua").expect("an address"), None)
    }

    #[test]
    fn a_comment_becomes_a_post_that_knows_what_it_answers() {
        let raw = json!({"id": 7, "post": 3, "parent": 5, "author": 0, "author_name": "Анна &amp; Ко", "author_url": "",
            "date_gmt": "2026-03-01T09:30:00", "content": {"rendered": "<p>Связь <a href=\"/x\">пропала</a></p>\n"},
            "link": "https://www.blog.example/ua/p/#comment-7", "_embedded": {"up": [{"title": {"rendered": "Тарифы &#8212; 2026"}}]}});
        let (id, post) = read(&raw, &site(), NOW, "page 1").expect("a comment");
        assert_eq!((id, post.urn.as_str()), (7, "urn:smm:wordpress:blog.example/ua:comment:7"));
        assert_eq!(post.in_reply_to.as_ref().map(Urn::as_str), Some("urn:smm:wordpress:blog.example/ua:comment:5"));
        assert_eq!((post.text.as_str(), post.title.as_deref()), ("Связь пропала", Some("Тарифы — 2026")));
        assert_eq!(post.published_at, Timestamp::parse("2026-03-01T09:30:00Z").expect("a time"));
        assert_eq!(post.author.name.as_deref(), Some("Анна & Ко"));
        assert_eq!(post.links, ["https://www.blog.example/x"]);
        assert_eq!(post.community.map(|community| community.key).as_deref(), Some("wordpress/blog.example/ua"));
    }

    #[test]
    fn a_comment_that_is_not_as_promised_is_rejected_with_its_place() {
        let reason = |raw: Value| {
            read(&raw, &site(), NOW, "page 2, comment 3")
                .map(drop)
                .map_err(|rejection| (rejection.reason, rejection.place))
        };
        let place = || "page 2, comment 3".to_owned();
        assert_eq!(reason(json!({"id": "x"})), Err((RejectionReason::Malformed, place())));
        assert_eq!(
            reason(json!({"id": 1, "date_gmt": "soon", "content": {"rendered": "x"}})),
            Err((RejectionReason::InvalidDate, place()))
        );
        assert_eq!(
            reason(json!({"id": 1, "date_gmt": "2026-03-01T09:30:00", "content": {"rendered": "<p> </p>"}})),
            Err((RejectionReason::EmptyText, place()))
        );
    }
}
