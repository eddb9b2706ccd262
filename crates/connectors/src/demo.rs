//! The demo stream as a network: invented posts, live, after a history of three days.
//!
//! The generator has a clock of its own. Up to the moment a source is added it runs with ours, so that day and night are where
//! one expects them; from then on it runs `speed` times as fast, and what it publishes is dated back to our time: at speed 24 an
//! hour shows what happens in a day.

use std::time::Duration;

use molva_demo_stream::DemoStream;
use molva_domain::{Post, Timestamp};
use serde::{Deserialize, Serialize};

use crate::connector::{BoxFuture, Capabilities, Connector, Descriptor, Mode};
use crate::error::ConnectorError;
use crate::session::{Batch, Item, Report, Session};
use crate::settings::{Localized, Setting, SettingKind};

/// History made up when the source is new; after a longer pause only so much of what was missed.
const HISTORY: Duration = Duration::from_secs(3 * 86_400);
/// Live posts are handed over this often.
const TICK: Duration = Duration::from_millis(500);
/// Posts of one batch, about.
const BATCH_POSTS: u64 = 500;

/// The row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Demo;

impl Connector for Demo {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn probe<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<String, ConnectorError>> {
        Box::pin(async move {
            let pace = Pace::read(session);
            Ok(format!("a demo of {} invented posts a day, {} times as fast as life", pace.posts_per_day, pace.speed))
        })
    }

    fn listen<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<(), ConnectorError>> {
        Box::pin(listen(session))
    }
}

async fn listen(session: &Session) -> Result<(), ConnectorError> {
    let pace = Pace::read(session);
    let stream = DemoStream::new(pace.seed, pace.posts_per_day);
    let mut cursor = Cursor::read(session.cursor.as_deref(), pace, session.now());
    session.report(Report::Alive).await;
    loop {
        let told = session.now();
        let until = cursor.demo_time(told);
        // A long stretch (the history, a night without us) is made up in pieces of about a batch.
        while cursor.until < until {
            let to = cursor.until.plus(pace.stretch()).min(until);
            let posts = stream.between(cursor.until, to);
            cursor.until = to;
            // A quiet moment is not worth a transaction.
            if !posts.is_empty() {
                let now = session.now();
                let items = posts.into_iter().map(|post| Item::Post(Box::new(cursor.dated_back(post, now)))).collect();
                session.deliver(Batch { items, cursor: Some(cursor.write()) }).await?;
            }
        }
        session.report(Report::Alive).await;
        session.report(Report::Lag(session.now().since(told))).await;
        session.pause(TICK.mul_f64(session.time_scale)).await?;
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Pace {
    seed: u64,
    posts_per_day: u32,
    /// Days of the demo in one of ours.
    speed: u32,
}

impl Pace {
    fn read(session: &Session) -> Self {
        let settings = session.settings.clone().with_defaults(DESCRIPTOR.settings);
        let number = |key: &str, otherwise: u32| {
            settings.number(key).and_then(|value| u32::try_from(value).ok()).unwrap_or(otherwise)
        };
        Self {
            seed: u64::from(number("seed", 1)),
            posts_per_day: number("posts_per_day", 20_000).max(1),
            speed: number("speed", 1).max(1),
        }
    }

    /// Demo time in which about a batch of posts is published.
    fn stretch(self) -> Duration {
        let seconds = 86_400 * BATCH_POSTS / u64::from(self.posts_per_day);
        Duration::from_secs(seconds.clamp(1, 86_400))
    }
}

/// How the two clocks belong together and up to where the stream was told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Cursor {
    pace: Pace,
    /// Our time and the demo's at the moment from which the demo runs at its own speed.
    real: Timestamp,
    demo: Timestamp,
    /// Demo time up to which everything was delivered.
    until: Timestamp,
}

impl Cursor {
    /// Settings that changed start the demo anew, without a second history.
    fn read(text: Option<&str>, pace: Pace, now: Timestamp) -> Self {
        match text.and_then(|text| serde_json::from_str::<Self>(text).ok()) {
            None => Self { pace, real: now, demo: now, until: now.minus(HISTORY) },
            Some(cursor) if cursor.pace == pace => {
                let earliest = cursor.demo_time(now).minus(HISTORY);
                Self { until: cursor.until.max(earliest), ..cursor }
            }
            // The demo's clock goes on from where it was, so that no post comes twice.
            Some(cursor) => {
                let demo = cursor.until.max(now);
                Self { pace, real: now, demo, until: demo }
            }
        }
    }

    fn write(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    fn demo_time(&self, real: Timestamp) -> Timestamp {
        self.demo.plus(real.since(self.real).saturating_mul(self.pace.speed))
    }

    fn real_time(&self, demo: Timestamp) -> Timestamp {
        if demo >= self.demo {
            self.real.plus(demo.since(self.demo) / self.pace.speed)
        } else {
            self.real.minus(self.demo.since(demo))
        }
    }

    fn dated_back(&self, post: Post, now: Timestamp) -> Post {
        Post {
            published_at: self.real_time(post.published_at),
            edited_at: post.edited_at.map(|edited| self.real_time(edited)),
            fetched_at: now,
            ..post
        }
    }
}

static DESCRIPTOR: Descriptor = Descriptor {
    name: "demo",
    title: Localized {
        en: "Demo stream", ru: "Демонстрационный поток", uk: "Демонстраційний потік"
    },
    summary: Localized {
        en: "Invented posts about invented companies, in three languages, live, with a history of three days. Nothing in it is real; it shows what Molva does before the first real source is added.",
        ru: "Выдуманные посты о выдуманных компаниях на трёх языках, в прямом эфире, с историей за три дня. Ничего настоящего: показывает, что умеет Molva, пока нет первого источника.",
        uk: "Вигадані дописи про вигадані компанії трьома мовами, наживо, з історією за три дні. Нічого справжнього: показує, що вміє Molva, поки немає першого джерела.",
    },
    mode: Mode::Stream,
    capabilities: Capabilities {
        keyword_listen: false,
        account_listen: false,
        backfill: true,
        delete_events: false,
        metrics: true,
    },
    settings: SETTINGS,
    // It is meant never to stop talking; at its slowest and at night there may be minutes between two posts.
    silent_after_s: Some(3_600),
    add_by_hand: true,
};

const SETTINGS: &[Setting] = &[
    Setting {
        key: "posts_per_day",
        kind: SettingKind::Number { min: 100, max: 5_000_000 },
        label: Localized { en: "Posts a day", ru: "Постов в сутки", uk: "Дописів на добу" },
        help: Localized {
            en: "The mean over a day of the demo; more by day, fewer at night.",
            ru: "В среднем за сутки демонстрации: днём больше, ночью меньше.",
            uk: "У середньому за добу демонстрації: удень більше, уночі менше.",
        },
        required: false,
        default: Some("20000"),
        placeholder: None,
        shown_when: None,
    },
    Setting {
        key: "speed",
        kind: SettingKind::Number { min: 1, max: 1_000 },
        label: Localized { en: "Speed", ru: "Скорость", uk: "Швидкість" },
        help: Localized {
            en: "How many times faster than life: at 24 a day passes in an hour.",
            ru: "Во сколько раз быстрее жизни: при 24 сутки проходят за час.",
            uk: "У скільки разів швидше за життя: при 24 доба минає за годину.",
        },
        required: false,
        default: Some("1"),
        placeholder: None,
        shown_when: None,
    },
    Setting {
        key: "seed",
        kind: SettingKind::Number { min: 0, max: 4_294_967_295 },
        label: Localized { en: "Seed", ru: "Зерно", uk: "Зерно" },
        help: Localized {
            en: "Another number gives another stream; the same number always the same.",
            ru: "Другое число даёт другой поток, то же самое — всегда тот же.",
            uk: "Інше число дає інший потік, те саме — завжди той самий.",
        },
        required: false,
        default: Some("1"),
        placeholder: None,
        shown_when: None,
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_772_366_400);
    const HOUR: Duration = Duration::from_secs(3_600);

    fn pace(speed: u32) -> Pace {
        Pace { seed: 1, posts_per_day: 1_000, speed }
    }

    #[test]
    fn history_keeps_its_hours_and_the_present_runs_at_its_speed() {
        let cursor = Cursor::read(None, pace(24), NOW);
        assert_eq!((cursor.until, cursor.demo_time(NOW)), (NOW.minus(HISTORY), NOW));
        assert_eq!(cursor.demo_time(NOW.plus(HOUR)), NOW.plus(HOUR * 24));
        assert_eq!(cursor.real_time(NOW.plus(HOUR * 24)), NOW.plus(HOUR));
        assert_eq!(cursor.real_time(NOW.minus(HOUR)), NOW.minus(HOUR));
    }

    #[test]
    fn a_long_pause_is_made_up_for_three_days_only() {
        let mut cursor = Cursor::read(None, pace(1), NOW);
        cursor.until = NOW;
        let later = NOW.plus(HOUR * 24 * 10);
        assert_eq!(Cursor::read(Some(&cursor.write()), pace(1), later).until, later.minus(HISTORY));
        assert_eq!(Cursor::read(Some(&cursor.write()), pace(1), NOW.plus(HOUR)).until, NOW);
    }

    #[test]
    fn other_settings_bring_no_second_history() {
        let cursor = Cursor { until: NOW.plus(HOUR), ..Cursor::read(None, pace(2), NOW) };
        let changed = Cursor::read(Some(&cursor.write()), pace(5), NOW.plus(HOUR / 2));
        assert_eq!((changed.until, changed.demo_time(NOW.plus(HOUR / 2))), (NOW.plus(HOUR), NOW.plus(HOUR)));
    }

    #[test]
    fn a_stretch_holds_about_a_batch() {
        assert_eq!(pace(1).stretch(), HOUR * 12);
        assert_eq!(Pace { posts_per_day: 5_000_000, ..pace(1) }.stretch(), Duration::from_secs(8));
    }
}
