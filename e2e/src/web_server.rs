//! Web servers of our own for Molva to read: a router on a free port, and the text of a feed.

use std::fmt::Write as _;
use std::net::SocketAddr;

use axum::Router;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// A server that stops with its handle.
#[derive(Debug)]
pub struct WebServer {
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl WebServer {
    /// # Errors
    /// When no port is free.
    pub async fn start(router: Router) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let task = tokio::spawn(async move {
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { address, task })
    }

    /// `127.0.0.1:PORT`, as `--allow-private-host` takes it.
    #[must_use]
    pub fn host(&self) -> String {
        self.address.to_string()
    }

    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

impl Drop for WebServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// One entry of a feed.
#[derive(Clone, Debug)]
pub struct Entry {
    pub guid: String,
    pub title: String,
    pub text: String,
    /// Seconds since 1970.
    pub published_s: i64,
}

/// An RSS 2.0 document, newest entry first as real feeds are. `ttl_minutes` is how long readers are told to wait.
#[must_use]
pub fn rss<'a>(
    title: &str,
    ttl_minutes: Option<u32>,
    oldest_first: impl DoubleEndedIterator<Item = &'a Entry>,
) -> String {
    let mut feed =
        format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\"><channel><title>{title}</title>");
    feed.push_str("<link>http://example.com/</link><description>test</description>");
    if let Some(minutes) = ttl_minutes {
        let _ = write!(feed, "<ttl>{minutes}</ttl>");
    }
    for entry in oldest_first.rev() {
        let _ = write!(
            feed,
            "<item><guid isPermaLink=\"false\">{}</guid><title>{}</title><link>http://example.com/{}</link>\
             <pubDate>{}</pubDate><description>{}</description></item>",
            entry.guid,
            entry.title,
            entry.guid,
            rfc2822(entry.published_s),
            entry.text,
        );
    }
    feed.push_str("</channel></rss>");
    feed
}

/// Year, month and day, by the civil calendar of Howard Hinnant's `civil_from_days`.
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_index = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_index + 2) / 5 + 1;
    let month = if month_index < 10 { month_index + 3 } else { month_index - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// `Sun, 01 Mar 2026 09:30:00 GMT`
#[must_use]
pub fn rfc2822(seconds: i64) -> String {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (year, month, day) = civil(days);
    let name =
        |names: &[&'static str], index: i64| usize::try_from(index).map_or("", |index| names[index % names.len()]);
    format!(
        "{}, {day:02} {} {year:04} {:02}:{:02}:{:02} GMT",
        name(&DAYS, days.rem_euclid(7)),
        name(&MONTHS, month - 1),
        second / 3_600,
        second / 60 % 60,
        second % 60,
    )
}

/// `2026-03-01T09:30:00.000Z`
#[must_use]
pub fn rfc3339(seconds: i64) -> String {
    let (year, month, day) = civil(seconds.div_euclid(86_400));
    let second = seconds.rem_euclid(86_400);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}.000Z", second / 3_600, second / 60 % 60, second % 60)
}

/// The machine's time, in seconds since 1970.
#[must_use]
pub fn now_s() -> i64 {
    #[expect(clippy::disallowed_methods, reason = "a network has no clock but the machine's")]
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(now.as_secs()).unwrap_or(i64::MAX)
}
