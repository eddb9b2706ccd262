//! The feeds a page announces.

use html5ever::tokenizer::{Tag, TagKind};
use url::Url;

use super::{Visit, absolute, attribute, has_word, one_line, tokenize};

/// A feed that a page announces with `<link rel="alternate">`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedLink {
    pub url: Url,
    pub title: String,
}

/// The feeds a page announces, in its order.
#[must_use]
pub fn feed_links(html: &str, page: &Url) -> Vec<FeedLink> {
    tokenize(html, LinkFinder { base: page.clone(), found: Vec::new() }).found
}
struct LinkFinder {
    base: Url,
    found: Vec<FeedLink>,
}

impl Visit for LinkFinder {
    fn tag(&mut self, tag: &Tag) {
        if tag.kind != TagKind::StartTag {
            return;
        }
        match &*tag.name {
            "base" => {
                if let Some(base) = attribute(tag, "href").and_then(|href| self.base.join(href).ok()) {
                    self.base = base;
                }
            }
            "link" | "a" if has_word(attribute(tag, "rel"), "alternate") && self.found.len() < 20 => {
                let kind = attribute(tag, "type").unwrap_or_default().to_ascii_lowercase();
                let kind = kind.split(';').next().unwrap_or_default().trim();
                let is_feed = matches!(
                    kind,
                    "application/rss+xml"
                        | "application/atom+xml"
                        | "application/rdf+xml"
                        | "application/feed+json"
                        | "application/json"
                        | "text/xml"
                        | "application/xml"
                );
                if let Some(url) =
                    attribute(tag, "href").filter(|_| is_feed).and_then(|href| absolute(href, Some(&self.base)))
                {
                    let title = one_line(attribute(tag, "title").unwrap_or_default());
                    self.found.push(FeedLink { url, title });
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_tells_its_feeds_relative_to_its_base() {
        let page = Url::parse("https://example.org/a/").expect("an address");
        let html = "<html><head><base href='/b/'><LINK REL='alternate' TYPE='application/rss+xml; charset=utf-8' href=feed title='Все &amp; сразу'>\
                    <link rel=stylesheet href=x.css><link rel=alternate hreflang=uk href=/uk><link rel='alternate home' type=application/atom+xml href=//c.example/atom>";
        let found: Vec<_> =
            feed_links(html, &page).into_iter().map(|link| (link.url.to_string(), link.title)).collect();
        let expected = [("https://example.org/b/feed", "Все & сразу"), ("https://c.example/atom", "")]
            .map(|(a, b)| (a.into(), b.into()));
        assert_eq!(found, expected);
    }
}
