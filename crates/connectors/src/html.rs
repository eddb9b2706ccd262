//! HTML to plain text, links and media, and to the feeds a page announces. Tokens only, no tree: linear in the input, whatever
//! it is ([`open_tag`] sees to the one thing that is not), and nothing to nest too deep.

mod feed_links;
mod open_tag;

use std::cell::{Cell, RefCell};

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use molva_domain::{Media, MediaKind};
use url::Url;

pub use feed_links::feed_links;
use open_tag::OpenTag;

/// Most links and most media kept of one post.
pub const MAX_LINKS: usize = 100;

/// A piece of HTML as a person would read it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plain {
    /// Lines and paragraphs kept, other white space collapsed.
    pub text: String,
    /// Absolute web addresses, each once, in their order.
    pub links: Vec<String>,
    pub media: Vec<Media>,
}

/// Reads a fragment; relative addresses are resolved against `base` and dropped without one.
#[must_use]
pub fn to_plain(html: &str, base: Option<&Url>) -> Plain {
    let reader = Reader { base: base.cloned(), ..Reader::default() };
    tokenize(html, reader).plain
}

/// The text alone: for titles and names, where lines make no sense.
#[must_use]
pub fn to_line(html: &str) -> String {
    if html.contains(['<', '&']) { one_line(&to_plain(html, None).text) } else { one_line(html) }
}

/// The same where something is left of it.
pub(crate) fn line(html: &str) -> Option<String> {
    Some(to_line(html)).filter(|line| !line.is_empty())
}

/// Collapses all white space and drops control characters.
#[must_use]
pub fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Plain text with lines kept: control characters dropped, ends trimmed, at most one blank line in a row.
#[must_use]
pub fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut blank = 0;
    for line in text.lines() {
        let line: String = line.chars().filter(|c| !c.is_control() || *c == '\t').collect();
        let line = line.trim_end();
        blank = if line.is_empty() { blank + 1 } else { 0 };
        if blank < 2 && !(out.is_empty() && line.is_empty()) {
            out.push_str(line);
            out.push('\n');
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// What is done with each token.
trait Visit {
    fn text(&mut self, _text: &str) {}
    fn tag(&mut self, tag: &Tag);
}

struct Sink<V> {
    visitor: RefCell<V>,
    /// Tokens told so far.
    told: Cell<u64>,
    /// What follows is text, whatever it looks like, until its own end tag.
    raw: Cell<bool>,
}

impl<V: Visit> TokenSink for Sink<V> {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        match token {
            Token::ParseError(_) => return TokenSinkResult::Continue,
            Token::CharacterTokens(text) => self.visitor.borrow_mut().text(&text),
            Token::TagToken(tag) => {
                self.visitor.borrow_mut().tag(&tag);
                let kind = (tag.kind == TagKind::StartTag).then(|| raw_kind(&tag.name)).flatten();
                self.raw.set(kind.is_some());
                self.told.set(self.told.get() + 1);
                return kind.map_or(TokenSinkResult::Continue, TokenSinkResult::RawData);
            }
            _ => {}
        }
        self.told.set(self.told.get() + 1);
        TokenSinkResult::Continue
    }
}

/// How what stands in an element of that name is read, where it is no markup.
fn raw_kind(name: &str) -> Option<RawKind> {
    match name {
        "script" => Some(RawKind::ScriptData),
        "style" | "iframe" | "noembed" | "noframes" | "xmp" => Some(RawKind::Rawtext),
        "title" | "textarea" => Some(RawKind::Rcdata),
        _ => None,
    }
}

/// What stands behind a tag with too many attributes is not read.
fn tokenize<V: Visit>(html: &str, visitor: V) -> V {
    let sink = Sink { visitor: RefCell::new(visitor), told: Cell::new(0), raw: Cell::new(false) };
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    let (input, mut tag) = (BufferQueue::default(), OpenTag::default());
    for piece in open_tag::pieces(html) {
        if !tag.takes(piece, tokenizer.sink.told.get(), tokenizer.sink.raw.get()) {
            break;
        }
        input.push_back(StrTendril::from_slice(piece));
        // A sink that never asks for a script to be run gets everything in one go.
        let _ = tokenizer.feed(&input);
    }
    tokenizer.end();
    tokenizer.sink.visitor.into_inner()
}

fn attribute<'a>(tag: &'a Tag, name: &str) -> Option<&'a str> {
    tag.attrs.iter().find(|attribute| &*attribute.name.local == name).map(|attribute| attribute.value.trim())
}

fn has_word(value: Option<&str>, word: &str) -> bool {
    value.is_some_and(|value| value.split_ascii_whitespace().any(|part| part.eq_ignore_ascii_case(word)))
}

#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Break {
    #[default]
    None,
    Space,
    Line,
    Paragraph,
}

#[derive(Default)]
struct Reader {
    plain: Plain,
    base: Option<Url>,
    /// What stands between the text so far and the next word.
    pending: Break,
    /// Depth of elements whose content nobody reads.
    hidden: usize,
    preformatted: usize,
    /// For each open `span` whether it hides its content or cuts it short.
    spans: Vec<Span>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Span {
    Plain,
    /// Mastodon hides the scheme and the tail of a shown address so.
    Invisible,
    Ellipsis,
}

impl Visit for Reader {
    fn text(&mut self, text: &str) {
        if self.hidden > 0 {
            return;
        }
        for c in text.chars() {
            if c == '\n' && self.preformatted > 0 {
                self.want(Break::Line);
            } else if c.is_whitespace() {
                self.want(Break::Space);
            } else if !c.is_control() {
                self.write_break();
                self.plain.text.push(c);
            }
        }
    }

    fn tag(&mut self, tag: &Tag) {
        let opens = tag.kind == TagKind::StartTag;
        match &*tag.name {
            "script" | "style" | "iframe" | "noembed" | "noframes" | "title" | "template" | "svg" | "math" => {
                self.hidden = if !opens {
                    self.hidden.saturating_sub(1)
                } else if tag.self_closing && matches!(&*tag.name, "svg" | "math") {
                    self.hidden
                } else {
                    self.hidden + 1
                };
            }
            "span" => self.span(tag, opens),
            "br" => self.want(if self.pending >= Break::Line { Break::Paragraph } else { Break::Line }),
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "blockquote" | "ul" | "ol" | "dl" | "table" | "figure"
            | "hr" => {
                self.want(Break::Paragraph);
            }
            "pre" => {
                self.want(Break::Paragraph);
                self.preformatted = if opens { self.preformatted + 1 } else { self.preformatted.saturating_sub(1) };
            }
            "div" | "li" | "tr" | "dt" | "dd" | "section" | "article" | "header" | "footer" | "figcaption"
            | "address" | "main" | "aside" | "nav" | "details" | "summary" | "option" | "caption" => {
                self.want(Break::Line)
            }
            "td" | "th" => self.want(Break::Space),
            "a" if opens => {
                if let Some(link) = self.absolute(attribute(tag, "href")) {
                    push_once(&mut self.plain.links, link);
                }
            }
            "img" if opens => self.image(tag),
            "video" | "audio" | "source" | "embed" if opens => {
                let kind = if &*tag.name == "audio" { MediaKind::Audio } else { MediaKind::Video };
                self.attach(kind, attribute(tag, "src"), None);
            }
            _ => {}
        }
    }
}

impl Reader {
    fn want(&mut self, wanted: Break) {
        self.pending = self.pending.max(wanted);
    }

    fn write_break(&mut self) {
        let pending = std::mem::take(&mut self.pending);
        if !self.plain.text.is_empty() {
            self.plain.text.push_str(match pending {
                Break::None => "",
                Break::Space => " ",
                Break::Line => "\n",
                Break::Paragraph => "\n\n",
            });
        }
    }

    fn span(&mut self, tag: &Tag, opens: bool) {
        if opens && self.spans.len() < 1_000 {
            let class = attribute(tag, "class");
            let span = match () {
                () if has_word(class, "invisible") => Span::Invisible,
                () if has_word(class, "ellipsis") => Span::Ellipsis,
                () => Span::Plain,
            };
            self.hidden += usize::from(span == Span::Invisible);
            self.spans.push(span);
        } else if !opens {
            match self.spans.pop() {
                Some(Span::Invisible) => self.hidden = self.hidden.saturating_sub(1),
                Some(Span::Ellipsis) if self.hidden == 0 => self.plain.text.push('…'),
                _ => {}
            }
        }
    }

    fn image(&mut self, tag: &Tag) {
        let alt = attribute(tag, "alt").map(one_line).filter(|alt| !alt.is_empty());
        let class = attribute(tag, "class").unwrap_or_default().to_ascii_lowercase();
        if class.contains("emoji") || class.contains("smiley") {
            // A smiley drawn as a picture is part of what was said.
            if let Some(alt) = alt.filter(|_| self.hidden == 0) {
                self.write_break();
                self.plain.text.push_str(&alt);
            }
            return;
        }
        // Counters and other invisible pictures show nothing.
        let tiny = |name: &str| matches!(attribute(tag, name), Some("0" | "1"));
        if !(tiny("width") || tiny("height")) {
            self.attach(MediaKind::Image, attribute(tag, "src"), alt);
        }
    }

    fn attach(&mut self, kind: MediaKind, address: Option<&str>, alt: Option<String>) {
        let Some(url) = self.absolute(address) else { return };
        if self.plain.media.len() < MAX_LINKS && self.plain.media.iter().all(|media| media.url != url) {
            self.plain.media.push(Media { kind, url, alt });
        }
    }

    fn absolute(&self, address: Option<&str>) -> Option<String> {
        absolute(address?, self.base.as_ref()).map(String::from)
    }
}

/// A web address, resolved; anything else (`mailto:`, `javascript:`, `data:`) is none.
#[must_use]
pub fn absolute(address: &str, base: Option<&Url>) -> Option<Url> {
    if address.is_empty() || address.len() > 4_096 || address.starts_with('#') {
        return None;
    }
    let url = match base {
        Some(base) => base.join(address).ok()?,
        None => Url::parse(address).ok()?,
    };
    (matches!(url.scheme(), "http" | "https") && url.has_host()).then_some(url)
}

fn push_once(links: &mut Vec<String>, link: String) {
    if links.len() < MAX_LINKS && !links.contains(&link) {
        links.push(link);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(html: &str, text: &str) {
        assert_eq!(to_plain(html, None).text, text);
    }

    #[test]
    fn paragraphs_and_lines_stay_and_other_space_goes() {
        check(
            "<p>Первый\n  абзац</p><p>Второй<br>строка</p><ul><li>раз<li>два</ul>",
            "Первый абзац\n\nВторой\nстрока\n\nраз\nдва",
        );
        check("<pre>a\n  b</pre>", "a\nb");
        check("one<b>two</b> <i>three</i>&nbsp;four", "onetwo three four");
    }

    #[test]
    fn entities_become_characters_once() {
        check("AT&amp;T &laquo;Волна&raquo; &#8212; &amp;lt; &#x1F600;", "AT&T «Волна» — &lt; 😀");
        check("5 < 6 & 7 > 2", "5 < 6 & 7 > 2");
    }

    #[test]
    fn nobody_reads_scripts_and_styles() {
        check("a<script>if (1<2) '</p>'</script>b<style>p{}</style>c<svg><text>x</text></svg>d<!-- e -->", "abcd");
        check("\0a\u{1}b<iframe src=x>no</iframe>", "ab");
    }

    #[test]
    fn a_shortened_address_reads_as_it_is_shown() {
        let html = "<a href=\"https://example.org/long/path\"><span class=\"invisible\">https://</span><span class=\"ellipsis\">example.org/lo</span><span class=\"invisible\">ng/path</span></a> ok";
        let plain = to_plain(html, None);
        assert_eq!(plain.text, "example.org/lo… ok");
        assert_eq!(plain.links, ["https://example.org/long/path"]);
    }

    #[test]
    fn links_and_media_are_absolute_and_safe() {
        let base = Url::parse("https://example.org/blog/").expect("an address");
        let html = "<a href=post>x</a><a href='javascript:alert(1)'>y</a><a href='/top#a'>z</a><a href=post>again</a>\
                    <img src=/cat.jpg alt=' A  cat '><img src=/count.gif width=1><img class=wp-smiley alt='🙂' src=/s.png>";
        let plain = to_plain(html, Some(&base));
        assert_eq!(plain.links, ["https://example.org/blog/post", "https://example.org/top#a"]);
        let cat =
            Media { kind: MediaKind::Image, url: "https://example.org/cat.jpg".into(), alt: Some("A cat".into()) };
        assert_eq!((plain.media, plain.text.as_str()), (vec![cat], "xyzagain🙂"));
    }

    #[test]
    fn plain_text_is_tidied_without_losing_its_lines() {
        assert_eq!(tidy("\n\n a \0b\r\n\n\n\nc  \n"), " a b\n\nc");
        assert_eq!(to_line(" <b>Тариф</b>\n  «Волна» &amp; Ко "), "Тариф «Волна» & Ко");
    }
}
