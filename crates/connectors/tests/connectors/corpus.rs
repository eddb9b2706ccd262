//! Feeds as people really write them: the files feedparser is tested with, and what chance makes of feeds.

use std::path::{Path, PathBuf};
use std::time::Duration;

use molva_connectors::feed::read_document;
use proptest::prelude::*;

fn files_under(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            files_under(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "xml" || extension == "json") {
            found.push(path);
        }
    }
}

/// `MOLVA_FEED_CORPUS` names a folder with the unpacked source archive of feedparser 6.0.14:
/// `pip download --no-deps --no-binary :all: feedparser==6.0.14`.
#[test]
fn every_file_of_the_feedparser_corpus_ends_in_counted_outcomes() {
    let Some(folder) = std::env::var_os("MOLVA_FEED_CORPUS") else {
        println!("skipped: MOLVA_FEED_CORPUS is not set");
        return;
    };
    let mut files = Vec::new();
    files_under(Path::new(&folder), &mut files);
    files.sort();
    assert!(files.len() > 2_000, "the corpus has {} files", files.len());
    let mut names: [Vec<String>; 4] = Default::default();
    for file in &files {
        let bytes = std::fs::read(file).expect("a file");
        let content_type = header_of(&bytes);
        let class = match read_document(&bytes, content_type.as_deref()) {
            Err(_) => 3,
            Ok(counted) if counted.broken > 0 => 2,
            Ok(counted) if counted.posts > 0 => 0,
            Ok(_) => 1,
        };
        names[class].push(file.display().to_string());
    }
    let [posts, wordless, broken, no_feed] = names.each_ref().map(Vec::len);
    println!(
        "{} files: {posts} with posts, {wordless} whose entries have no words, {broken} with a broken entry, {no_feed} not feeds",
        files.len()
    );
    if std::env::var_os("MOLVA_FEED_CORPUS_NAMES").is_some() {
        println!("broken: {:#?}\nno feed: {:#?}", names[2], names[3]);
    }
    // Of 2,242: 21 are in EBCDIC, 15 in a format of 1997, and most of the wordless test one field of a head or of an entry.
    assert!((posts + wordless) * 100 >= files.len() * 96, "{posts} and {wordless} of {} were read", files.len());
}

/// The files say in a comment what the server would say in a header.
fn header_of(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(1_024)]).into_owned();
    let line = head.lines().find(|line| line.trim_start().to_ascii_lowercase().starts_with("content-type:"))?;
    line.split_once(':').map(|(_, value)| value.trim().to_owned())
}

const SEEDS: [&str; 4] = [
    "<?xml version='1.0' encoding='windows-1251'?><rss version='2.0'><channel><title>a</title><ttl>5</ttl><item><guid>1</guid><title>x &amp; y</title><author>a@b.cc (Анна)</author><description><![CDATA[<p>z]]></description><pubDate>Sun, 01 Mar 2026 09:30:00 GMT</pubDate></item></channel></rss>",
    "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='/b/'><title type='html'>&lt;b&gt;</title><entry><id>1</id><content type='xhtml'><div>x</div></content><link href='q'/><updated>2026-03-01T09:30:00Z</updated></entry></feed>",
    "<rdf:RDF xmlns='http://purl.org/rss/1.0/'><channel><title>r</title></channel><item rdf:about='u'><title>t</title><dc:creator>«я»x@y.zz</dc:creator></item></rdf:RDF>",
    "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"j\",\"items\":[{\"id\":1,\"content_text\":\"x\",\"authors\":[{\"name\":\"«я»x@y.zz\"}]}]}",
];

fn count(bytes: &[u8]) {
    if let Ok(counted) = read_document(bytes, Some("text/xml")) {
        assert!(counted.posts + counted.empty + counted.broken <= 1_001);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        count(&bytes);
    }

    #[test]
    fn no_damage_to_a_feed_makes_the_reader_panic(
        seed in 0..SEEDS.len(),
        cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<u8>()), 1..8),
    ) {
        let mut bytes = SEEDS[seed].as_bytes().to_vec();
        for (from, to, with) in cuts {
            let (from, to) = (from.index(bytes.len()), to.index(bytes.len()));
            let piece = bytes[from.min(to)..from.max(to)].to_vec();
            match with % 3 {
                0 => bytes[from] = with,
                1 => drop(bytes.splice(from..from, piece.into_iter().take(60))),
                _ => drop(bytes.drain(from.min(to)..(from.min(to) + 10).min(from.max(to)))),
            }
            if bytes.is_empty() {
                break;
            }
        }
        count(&bytes);
    }
}

#[tokio::test]
async fn documents_made_to_hurt_are_read_in_a_moment() {
    let deep = "<b>".repeat(50_000);
    let entities = format!("<!DOCTYPE x [<!ENTITY a '{}'><!ENTITY b '{}'>]>", "a".repeat(1_000), "&a;".repeat(1_000));
    let documents = [
        format!("<rss version='2.0'><channel><item><title>{deep}</title></item></channel></rss>"),
        format!(
            "<rss version='2.0'><channel><item><title>x</title><description><![CDATA[{deep}]]></description></item></channel></rss>"
        ),
        format!(
            "{entities}<rss version='2.0'><channel><item><title>x</title><description>{}</description></item></channel></rss>",
            "&b;".repeat(1_000)
        ),
        format!("<rss version='2.0'><channel>{}", "<item>".repeat(200_000)),
        format!("<rss version='2.0'><channel><item><title>{}</title></item></channel></rss>", "&".repeat(1 << 18)),
        format!("<rss version='2.0'><channel><item {}", "<a \"'".repeat(200_000)),
        format!("<feed>{}", "<entry><id>1</id></entry>".repeat(50_000)),
        "<!".repeat(500_000),
        format!("<rss><channel><item><title>{}</title></item>", "&nbsp;".repeat(40_000)),
        format!("{{\"version\":\"https://jsonfeed.org/version/1\",\"items\":{}", "[".repeat(500_000)),
    ];
    for (number, document) in documents.iter().enumerate() {
        let started = std::time::Instant::now();
        let _ = read_document(document.as_bytes(), None);
        // Linear time is a second or two on a busy machine; square time would be minutes.
        assert!(started.elapsed() < Duration::from_secs(60), "document {number} took {:?}", started.elapsed());
    }
}
