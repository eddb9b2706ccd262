//! Feeds, look by look.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use molva_connectors::feed::FeedConnector;
use molva_connectors::http::HttpClient;
use molva_connectors::{Connector as _, ConnectorError, Report, Session};
use molva_domain::{GapCause, MediaKind, PostKind, RejectionReason, Timestamp};

use crate::world::{Collector, START, limits, listen_until, serve, session};

/// An hour passes in a second and a half.
const SCALE: f64 = 2_400.0;

/// A feed of numbered entries, an hour apart, newest first; number 0 was published a day before the start.
fn numbered(numbers: &[i64]) -> String {
    let items: String = numbers
        .iter()
        .rev()
        .map(|number| {
            let date = Timestamp::from_secs(START.as_secs() - 86_400 + number * 3_600).to_rfc3339();
            format!("<item><guid>n{number}</guid><title>t{number}</title><description>text {number}</description><pubDate>{date}</pubDate></item>")
        })
        .collect();
    format!(
        "<rss version=\"2.0\"><channel><title>Wire</title><link>https://news.example/</link>{items}</channel></rss>"
    )
}

/// A path and what it answers.
type Answer = (&'static str, fn() -> Response);

/// Answers by a script of looks; the last answer is repeated.
#[derive(Clone)]
struct Script {
    answers: Arc<Vec<Answer>>,
    asked: Arc<Mutex<Vec<(String, HeaderMap)>>>,
}

impl Script {
    /// Starts a server: for each path its answers in order.
    async fn serve(answers: &[Answer]) -> (std::net::SocketAddr, Self) {
        let script = Self { answers: Arc::new(answers.to_vec()), asked: Arc::default() };
        let router = Router::new().fallback(Self::answer).with_state(script.clone());
        (serve(router).await, script)
    }

    async fn answer(State(script): State<Self>, request: Request) -> Response {
        let path = request.uri().path().to_owned();
        let mut asked = script.asked.lock().expect("a lock");
        let before = asked.iter().filter(|(known, _)| *known == path).count();
        asked.push((path.clone(), request.headers().clone()));
        let mine: Vec<_> = script.answers.iter().filter(|(known, _)| *known == path).collect();
        match mine.get(before).or(mine.last()) {
            Some((_, answer)) => answer(),
            None => StatusCode::NOT_FOUND.into_response(),
        }
    }

    fn asked(&self, path: &str) -> usize {
        self.asked.lock().expect("a lock").iter().filter(|(known, _)| known == path).count()
    }

    fn header(&self, index: usize, name: &str) -> Option<String> {
        let asked = self.asked.lock().expect("a lock");
        asked[index].1.get(name).map(|value| value.to_str().expect("text").to_owned())
    }
}

fn feed_session(address: std::net::SocketAddr, path: &str, collector: &Collector) -> Session {
    let url = format!("http://{address}{path}");
    session(HttpClient::new(limits(&[address])), SCALE, &[("url", url.as_str())], collector)
}

fn tagged(body: String, etag: &str) -> Response {
    ([(header::ETAG, etag.to_owned()), (header::CONTENT_TYPE, "application/rss+xml".to_owned())], body).into_response()
}

#[tokio::test]
async fn the_first_look_brings_history_and_later_ones_only_what_is_new() {
    let (address, script) = Script::serve(&[
        ("/feed", || tagged(numbered(&[1, 2, 3]), "\"a\"")),
        ("/feed", || (StatusCode::NOT_MODIFIED, [(header::ETAG, "\"a\"")]).into_response()),
        ("/feed", || tagged(numbered(&[2, 3, 4]).replace("text 3", "text 3, corrected"), "\"b\"")),
        ("/feed", || StatusCode::NOT_MODIFIED.into_response()),
    ])
    .await;
    let collector = Collector::default();
    let mine = feed_session(address, "/feed", &collector);
    listen_until(&FeedConnector, &mine, || script.asked("/feed") >= 4).await.expect("no end");
    assert_eq!(collector.texts(), ["text 1", "text 2", "text 3", "text 3, corrected", "text 4"]);
    let posts = collector.posts();
    assert_eq!(posts[2].urn, posts[3].urn);
    assert_eq!(posts[0].published_at, Timestamp::from_secs(START.as_secs() - 82_800));
    assert!(posts[0].fetched_at >= START);
    let community = posts[0].community.clone().expect("a community");
    assert_eq!((community.key.as_str(), community.title.as_deref()), ("rss/news.example", Some("Wire")));
    assert_eq!((posts[0].network.as_str(), posts[0].kind), ("rss", PostKind::Article));
    let tags: Vec<_> = (0..4).map(|look| script.header(look, "if-none-match")).collect();
    assert_eq!(tags, [None, Some("\"a\"".into()), Some("\"a\"".into()), Some("\"b\"".into())]);
    assert_eq!(collector.problems(), Vec::<&str>::new());
}

#[tokio::test]
async fn a_restart_brings_nothing_twice_and_comes_no_earlier_than_promised() {
    let (address, script) = Script::serve(&[
        ("/feed", || tagged(numbered(&[1, 2]).replace("<link>", "<ttl>120</ttl><link>"), "\"a\"")),
        ("/feed", || tagged(numbered(&[1, 2, 3]), "\"b\"")),
    ])
    .await;
    let first = Collector::default();
    listen_until(&FeedConnector, &feed_session(address, "/feed", &first), || first.cursor().is_some())
        .await
        .expect("no end");
    let second = Collector::default();
    let again = Session { cursor: first.cursor(), ..feed_session(address, "/feed", &second) };
    let restarted = again.now();
    listen_until(&FeedConnector, &again, || second.cursor().is_some()).await.expect("no end");
    assert_eq!(second.texts(), ["text 3"]);
    let waited = again.now().since(restarted).mul_f64(SCALE);
    assert!(waited >= Duration::from_secs(120 * 60), "{waited:?}");
    assert_eq!((script.asked("/feed"), script.header(1, "if-none-match")), (2, Some("\"a\"".into())));
}

#[tokio::test]
async fn a_kill_between_batches_loses_and_doubles_nothing() {
    let (address, _) = Script::serve(&[("/feed", || numbered(&(0..450).collect::<Vec<_>>()).into_response())]).await;
    let first = Collector::failing_after(1);
    let ended = listen_until(&FeedConnector, &feed_session(address, "/feed", &first), || false).await;
    assert_eq!(ended.map_err(|error| error.code()), Err("not_stored"));
    assert_eq!((first.posts().len(), first.cursor()), (200, None));
    let second = Collector::default();
    listen_until(&FeedConnector, &feed_session(address, "/feed", &second), || second.cursor().is_some())
        .await
        .expect("no end");
    let names = |collector: &Collector| {
        collector.posts().into_iter().map(|post| post.urn).collect::<std::collections::BTreeSet<_>>()
    };
    assert_eq!((second.posts().len(), names(&second).len()), (450, 450));
    assert!(names(&first).is_subset(&names(&second)));
}

#[tokio::test]
async fn what_is_gone_is_not_asked_again() {
    let (address, script) = Script::serve(&[("/feed", || StatusCode::GONE.into_response())]).await;
    let collector = Collector::default();
    let ended = listen_until(&FeedConnector, &feed_session(address, "/feed", &collector), || false).await;
    assert!(matches!(ended, Err(ConnectorError::Gone(_))), "{ended:?}");
    assert_eq!(script.asked("/feed"), 1);
}

#[tokio::test]
async fn failures_are_told_and_waited_out() {
    let (address, script) = Script::serve(&[
        ("/feed", || (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, "1800")]).into_response()),
        ("/feed", || StatusCode::INTERNAL_SERVER_ERROR.into_response()),
        ("/feed", || StatusCode::NOT_FOUND.into_response()),
        ("/feed", || "<rss><channel><item><title>cut in the mid".into_response()),
        ("/feed", || "<!doctype html><html><body>Sorry, maintenance".into_response()),
        ("/feed", || numbered(&[1]).into_response()),
    ])
    .await;
    let collector = Collector::default();
    // A day passes in three seconds.
    let mine = session(
        HttpClient::new(limits(&[address])),
        30_000.0,
        &[("url", &format!("http://{address}/feed"))],
        &collector,
    );
    listen_until(&FeedConnector, &mine, || collector.texts() == ["text 1"]).await.expect("no end");
    assert_eq!(collector.problems(), ["rate_limited", "transient", "not_found", "protocol", "not_found"]);
    assert_eq!(script.asked("/feed"), 6);
    let waits: Vec<_> = collector
        .reports()
        .into_iter()
        .filter_map(|report| if let Report::NextAttempt(at) = report { Some(at) } else { None })
        .collect();
    assert!(waits[0] >= START.plus(Duration::from_secs(1_800) / 30_000), "{waits:?}");
    assert!(
        waits[2] >= waits[1].plus(Duration::from_secs(3_600) / 30_000),
        "a missing feed is asked after an hour at the soonest"
    );
    assert_eq!(collector.rejections().len(), 1);
}

#[tokio::test]
async fn a_permanent_move_is_told_and_keeps_the_posts() {
    let (address, script) = Script::serve(&[
        ("/old", || numbered(&[1]).into_response()),
        ("/old", || (StatusCode::MOVED_PERMANENTLY, [(header::LOCATION, "/new")]).into_response()),
        ("/new", || numbered(&[1, 2]).into_response()),
    ])
    .await;
    let collector = Collector::default();
    let mine = feed_session(address, "/old", &collector);
    listen_until(&FeedConnector, &mine, || script.asked("/new") >= 2).await.expect("no end");
    assert_eq!(collector.texts(), ["text 1", "text 2"]);
    assert_eq!(script.asked("/old"), 2, "the new address is asked from then on");
    let moved = Report::Moved { setting: "url", value: format!("http://{address}/new") };
    assert_eq!(collector.reports().iter().filter(|report| **report == moved).count(), 1);
    let later = Collector::default();
    let resumed = Session { cursor: collector.cursor(), ..feed_session(address, "/new", &later) };
    listen_until(&FeedConnector, &resumed, || later.cursor().is_some()).await.expect("no end");
    assert_eq!(later.texts(), Vec::<String>::new());
}

#[tokio::test]
async fn a_page_leads_to_the_feed_it_announces() {
    let page = || {
        "<html><head><title>News</title><link rel=alternate type='application/rss+xml' title='Comments' href='/comments'>\
         <link rel=alternate type='application/rss+xml' title='News' href='/wire'></head></html>"
            .into_response()
    };
    let (address, script) = Script::serve(&[("/", page), ("/wire", || numbered(&[1]).into_response())]).await;
    let collector = Collector::default();
    let mine = feed_session(address, "/", &collector);
    listen_until(&FeedConnector, &mine, || script.asked("/wire") >= 2).await.expect("no end");
    assert_eq!(collector.texts(), ["text 1"]);
    assert_eq!((script.asked("/"), script.asked("/comments")), (1, 0));
    assert!(collector.reports().contains(&Report::Moved { setting: "url", value: format!("http://{address}/wire") }));
    let found = FeedConnector.probe(&feed_session(address, "/", &collector)).await.expect("a feed");
    assert_eq!(found, format!("`Wire` at http://{address}/wire: 1 entries, the newest of 2026-02-28T13:00:00.000Z"));
}

#[tokio::test]
async fn a_page_without_a_word_on_feeds_is_searched_in_the_usual_places() {
    let (address, _) = Script::serve(&[
        ("/blog/", || "<html><body>hello</body></html>".into_response()),
        ("/rss.xml", || numbered(&[7]).into_response()),
    ])
    .await;
    let found = FeedConnector.probe(&feed_session(address, "/blog/", &Collector::default())).await.expect("a feed");
    assert!(found.contains("/rss.xml"), "{found}");
    let (address, _) = Script::serve(&[("/", || "<html></html>".into_response())]).await;
    let missing = FeedConnector.probe(&feed_session(address, "/", &Collector::default())).await.expect_err("no feed");
    assert!(missing.to_string().contains("is a page without a feed"), "{missing}");
}

#[tokio::test]
async fn a_feed_that_ends_with_its_newest_entry_is_delivered_oldest_first_too() {
    let (address, _) = Script::serve(&[("/feed", || numbered(&[3, 2, 1]).into_response())]).await;
    let collector = Collector::default();
    let mine = feed_session(address, "/feed", &collector);
    listen_until(&FeedConnector, &mine, || collector.cursor().is_some()).await.expect("no end");
    assert_eq!(collector.texts(), ["text 1", "text 2", "text 3"]);
}

#[tokio::test]
async fn a_window_without_anything_known_is_a_gap() {
    let (address, script) = Script::serve(&[
        ("/feed", || numbered(&[1, 2]).into_response()),
        ("/feed", || numbered(&[10, 11]).into_response()),
        ("/feed", || numbered(&[10, 11]).into_response()),
    ])
    .await;
    let collector = Collector::default();
    let mine = feed_session(address, "/feed", &collector);
    listen_until(&FeedConnector, &mine, || script.asked("/feed") >= 3).await.expect("no end");
    let at = |number: i64| Timestamp::from_secs(START.as_secs() - 86_400 + number * 3_600);
    let gaps: Vec<_> = collector
        .reports()
        .into_iter()
        .filter(|report| matches!(report, Report::GapOpened { .. } | Report::GapClosed { .. }))
        .collect();
    assert_eq!(gaps, [Report::GapOpened { from: at(2), cause: GapCause::Overflow }, Report::GapClosed { to: at(10) }]);
}

#[tokio::test]
async fn a_broken_entry_is_counted_once_and_the_others_stand() {
    let (address, script) = Script::serve(&[("/feed", || {
        let broken = "<item><guid>x</guid></b><title>a</title></item><item><guid>y</guid></item>";
        numbered(&[1, 2]).replacen("<item>", &format!("{broken}<item>"), 1).into_response()
    })])
    .await;
    let collector = Collector::default();
    let mine = feed_session(address, "/feed", &collector);
    listen_until(&FeedConnector, &mine, || script.asked("/feed") >= 3).await.expect("no end");
    assert_eq!(collector.texts(), ["text 1", "text 2"]);
    let rejected: Vec<_> =
        collector.rejections().into_iter().map(|rejection| (rejection.reason, rejection.place)).collect();
    assert_eq!(
        rejected,
        [(RejectionReason::EmptyText, "entry 2".into()), (RejectionReason::Malformed, "entry 1".into())]
    );
    assert_eq!(collector.problems(), Vec::<&str>::new());
}

/// One entry of a document, as a post.
async fn only(body: Vec<u8>, content_type: &'static str) -> molva_domain::Post {
    let body = Arc::new(body);
    let router = Router::new().fallback(move || {
        let body = Arc::clone(&body);
        async move { ([(header::CONTENT_TYPE, content_type)], body.to_vec()) }
    });
    let address = serve(router).await;
    let collector = Collector::default();
    let mine = feed_session(address, "/feed", &collector);
    listen_until(&FeedConnector, &mine, || collector.cursor().is_some()).await.expect("no end");
    let posts = collector.posts();
    assert_eq!(posts.len(), 1, "{:?}", collector.rejections());
    posts.into_iter().next().expect("a post")
}

#[tokio::test]
async fn everything_an_rss_entry_says_is_kept() {
    let body = "<?xml version='1.0'?><rss version='2.0' xmlns:slash='http://purl.org/rss/1.0/modules/slash/'><channel>\
        <title>Блог &amp; Ко</title><link>https://www.blog.example/</link><language>ru-RU</language><item>\
        <title>Тариф &quot;Волна&quot; &mdash; AT&T</title><link>/p/1</link><guid isPermaLink='false'>42</guid>\
        <dc:creator><![CDATA[Анна К.]]></dc:creator><pubDate>Sun, 01 Mar 2026 12:30:00 +0300</pubDate>\
        <description>short</description><content:encoded><![CDATA[<p>Связь <b>пропала</b>,<br>звоню в <a href='/help'>поддержку</a>.</p><img src='/a.png' alt='Экран'>]]></content:encoded>\
        <slash:comments>17</slash:comments><enclosure url='https://blog.example/a.mp3' type='audio/mpeg' length='1'/></item></channel></rss>";
    let post = only(body.into(), "application/rss+xml").await;
    assert_eq!(post.title.as_deref(), Some("Тариф \"Волна\" — AT&T"));
    assert_eq!(post.text, "Связь пропала,\nзвоню в поддержку.");
    assert_eq!(post.author.name.as_deref(), Some("Анна К."));
    assert_eq!(post.language.map(|language| language.to_string()).as_deref(), Some("ru"));
    assert_eq!(post.published_at, Timestamp::parse("2026-03-01T09:30:00Z").expect("a time"));
    assert_eq!(post.engagement.comments, Some(17));
    let path = |address: &str| url::Url::parse(address).expect("an address").path().to_owned();
    assert_eq!(post.url.as_deref().map(path).as_deref(), Some("/p/1"));
    assert_eq!(post.links.iter().map(|link| path(link)).collect::<Vec<_>>(), ["/help"]);
    let media: Vec<_> = post.media.iter().map(|media| (media.kind, path(&media.url), media.alt.as_deref())).collect();
    assert_eq!(media, [(MediaKind::Image, "/a.png".into(), Some("Экран")), (MediaKind::Audio, "/a.mp3".into(), None)]);
    assert_eq!(post.community.expect("a community").key, "rss/blog.example");
}

#[tokio::test]
async fn atom_json_rdf_and_old_encodings_are_read_alike() {
    let atom = "<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='uk'><title>A</title><link href='https://a.example/'/><author><name>Олена</name></author>\
        <entry><id>tag:1</id><title type='html'>Про &lt;b&gt;зв’язок&lt;/b&gt;</title><link rel='alternate' href='https://a.example/1'/>\
        <published>2026-02-01T10:00:00Z</published><updated>2026-02-02T10:00:00Z</updated><content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>Немає <i>зв’язку</i></p></div></content></entry></feed>";
    let post = only(atom.into(), "application/atom+xml").await;
    assert_eq!((post.title.as_deref(), post.text.as_str()), (Some("Про зв’язок"), "Немає зв’язку"));
    assert_eq!(post.author.name.as_deref(), Some("Олена"));
    assert_eq!(post.edited_at, Timestamp::parse("2026-02-02T10:00:00Z"));

    let json = r#"{"version":"https://jsonfeed.org/version/1","title":"J","home_page_url":"https://j.example/","items":[
        {"id":7,"url":"https://j.example/7","content_text":"One\n\nTwo","date_published":"2026-02-01T10:00:00+02:00","author":{"name":"Ann"},
         "attachments":[{"url":"https://j.example/7.mp4","mime_type":"video/mp4"}]}]}"#;
    let post = only(json.into(), "application/feed+json").await;
    assert_eq!((post.text.as_str(), post.media.len(), post.author.name.as_deref()), ("One\n\nTwo", 1, Some("Ann")));
    assert_eq!(post.published_at, Timestamp::parse("2026-02-01T08:00:00Z").expect("a time"));

    let rdf = "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/' xmlns:dc='http://purl.org/dc/elements/1.1/'>\
        <channel rdf:about='x'><title>R</title><link>https://r.example/</link></channel><item rdf:about='https://r.example/1'><title>Title</title>\
        <link>https://r.example/1</link><dc:date>2026-02-01T10:00Z</dc:date><dc:creator>Bob</dc:creator></item></rdf:RDF>";
    let post = only(rdf.into(), "application/rdf+xml").await;
    assert_eq!(
        (post.title.as_deref(), post.text.as_str(), post.author.name.as_deref()),
        (Some("Title"), "", Some("Bob"))
    );
    assert_eq!(post.published_at, Timestamp::parse("2026-02-01T10:00:00Z").expect("a time"));

    let mut old = b"<?xml version=\"1.0\" encoding=\"windows-1251\"?><rss version=\"0.91\"><channel><title>x</title><item><title>".to_vec();
    old.extend_from_slice(b"\xd1\xe2\xff\xe7\xfc</title><link>https://o.example/1</link></item></channel></rss>");
    assert_eq!(only(old, "text/xml").await.title.as_deref(), Some("Связь"));
}

#[tokio::test]
async fn an_undated_history_is_as_old_as_its_feed_and_what_comes_later_is_new() {
    let entry = |number: u32| format!("<item><guid>u{number}</guid><title>u{number}</title></item>");
    static FIRST: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    static LATER: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    let feed = |items: String| {
        format!(
            "<rss version='2.0'><channel><title>x</title><lastBuildDate>Mon, 02 Feb 2026 00:00:00 GMT</lastBuildDate>{items}</channel></rss>"
        )
    };
    FIRST.get_or_init(|| feed(entry(1)));
    LATER.get_or_init(|| feed(entry(2) + &entry(1)));
    let (address, _) = Script::serve(&[
        ("/feed", || FIRST.get().cloned().unwrap_or_default().into_response()),
        ("/feed", || LATER.get().cloned().unwrap_or_default().into_response()),
    ])
    .await;
    let collector = Collector::default();
    let mine = feed_session(address, "/feed", &collector);
    listen_until(&FeedConnector, &mine, || collector.posts().len() == 2).await.expect("no end");
    let posts = collector.posts();
    assert_eq!(Some(posts[0].published_at), Timestamp::parse("2026-02-02T00:00:00Z"));
    assert_eq!(posts[1].published_at, posts[1].fetched_at);
}

#[tokio::test]
async fn a_feed_inside_is_refused_at_once() {
    let collector = Collector::default();
    let mine = session(HttpClient::new(limits(&[])), 1.0, &[("url", "http://169.254.169.254/feed")], &collector);
    let ended = listen_until(&FeedConnector, &mine, || false).await;
    assert!(matches!(ended, Err(ConnectorError::Blocked(_))), "{ended:?}");
}
