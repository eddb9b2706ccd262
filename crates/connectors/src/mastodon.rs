//! Mastodon and whatever speaks its API (Pleroma, GoToSocial, snac): hashtags, public timelines, searches.
//!
//! Streams where the server has them, pages where it has not; after every interruption the pages are read from the cursor
//! on, so that nothing is lost. A post is named by its `uri`, which is the same on every server; a deletion names the
//! server's own id, so it is understood for the latest twenty thousand statuses of a run.
//!
//! Start with [`listener`]; [`status`] is the mapping.

mod account;
mod account_form;
mod addressee;
mod channel;
mod cursor;
mod listener;
mod locate;
mod media;
mod names;
mod numbers;
mod oauth;
mod refresh;
mod reply;
mod server;
mod status;
mod stream;

use crate::connector::{BoxFuture, Capabilities, Connector, Descriptor, Mode};
use crate::error::ConnectorError;
use crate::oauth::OAuth;
use crate::refresh::Refresh;
use crate::reply::Replies;
use crate::session::Session;
use crate::settings::{Localized, Setting, SettingKind};
use channel::Channel;
use listener::Listener;
use server::Server;

/// The row of the table.
#[derive(Debug)]
pub struct Mastodon;

static DESCRIPTOR: Descriptor = Descriptor {
    name: "mastodon",
    title: Localized { en: "Mastodon", ru: "Mastodon", uk: "Mastodon" },
    summary: Localized {
        en: "Hashtags, public timelines and searches of a Mastodon server (Pleroma, GoToSocial and snac too), within seconds where the server streams. Most servers stream only to those with an access token.",
        ru: "Хештеги, публичные ленты и поиск сервера Mastodon (а также Pleroma, GoToSocial, snac) — за секунды, если сервер ведёт трансляцию. Большинство серверов ведут её только для тех, у кого есть токен доступа.",
        uk: "Хештеги, публічні стрічки й пошук сервера Mastodon (а також Pleroma, GoToSocial, snac) — за секунди, якщо сервер веде трансляцію. Більшість серверів ведуть її лише для тих, хто має токен доступу.",
    },
    mode: Mode::Stream,
    capabilities: Capabilities {
        keyword_listen: true,
        account_listen: false,
        backfill: true,
        delete_events: true,
        metrics: true,
    },
    settings: &[
        Setting {
            key: "instance",
            kind: SettingKind::Url,
            label: Localized { en: "Server", ru: "Сервер", uk: "Сервер" },
            help: Localized {
                en: "Address of the server whose view of the network is listened to. A large server sees more of the others.",
                ru: "Адрес сервера, глазами которого слушаем сеть. Большой сервер видит больше чужих записей.",
                uk: "Адреса сервера, очима якого слухаємо мережу. Великий сервер бачить більше чужих дописів.",
            },
            required: true,
            default: None,
            placeholder: Some("https://mastodon.social"),
            shown_when: None,
        },
        Setting {
            key: "access_token",
            kind: SettingKind::Secret,
            label: Localized { en: "Access token", ru: "Токен доступа", uk: "Токен доступу" },
            help: Localized {
                en: "On the server: Preferences, Development, New application, right `read`. Needed for streaming on most servers and for search.",
                ru: "На сервере: Настройки, Разработка, Новое приложение, право `read`. Нужен для трансляции на большинстве серверов и для поиска.",
                uk: "На сервері: Налаштування, Розробка, Новий застосунок, право `read`. Потрібен для трансляції на більшості серверів і для пошуку.",
            },
            required: false,
            default: None,
            placeholder: None,
            shown_when: None,
        },
        Setting {
            key: "hashtags",
            kind: SettingKind::List,
            label: Localized { en: "Hashtags", ru: "Хештеги", uk: "Хештеги" },
            help: Localized {
                en: "One a line, with or without `#`. At most 16 together with the searches.",
                ru: "По одному в строке, с `#` или без. Вместе с поисками не больше 16.",
                uk: "По одному в рядку, з `#` чи без. Разом із пошуками не більше 16.",
            },
            required: false,
            default: None,
            placeholder: Some("минск"),
            shown_when: None,
        },
        Setting {
            key: "timeline",
            kind: SettingKind::Choice(&[
                ("none", Localized { en: "None", ru: "Никакую", uk: "Жодну" }),
                (
                    "local",
                    Localized {
                        en: "Posts of this server", ru: "Записи этого сервера", uk: "Дописи цього сервера"
                    },
                ),
                (
                    "federated",
                    Localized {
                        en: "All posts this server sees",
                        ru: "Все записи, которые видит сервер",
                        uk: "Усі дописи, які бачить сервер",
                    },
                ),
                (
                    "remote",
                    Localized {
                        en: "Posts of other servers",
                        ru: "Записи других серверов",
                        uk: "Дописи інших серверів",
                    },
                ),
            ]),
            label: Localized {
                en: "Public timeline", ru: "Публичная лента", uk: "Публічна стрічка"
            },
            help: Localized {
                en: "Everything public, to be matched here by your topics. On a large server that is many posts a second.",
                ru: "Всё публичное; нужное отберут ваши темы. На большом сервере это много записей в секунду.",
                uk: "Усе публічне; потрібне відберуть ваші теми. На великому сервері це багато дописів за секунду.",
            },
            required: false,
            default: Some("none"),
            placeholder: None,
            shown_when: None,
        },
        Setting {
            key: "words",
            kind: SettingKind::List,
            label: Localized { en: "Searches", ru: "Поиск", uk: "Пошук" },
            help: Localized {
                en: "Words to search for, one query a line, asked every minute. Servers find only posts whose authors allow it; needs an access token.",
                ru: "Слова для поиска, по запросу в строке; опрос раз в минуту. Сервер находит лишь записи авторов, которые это разрешили; нужен токен доступа.",
                uk: "Слова для пошуку, по запиту в рядку; опитування раз на хвилину. Сервер знаходить лише дописи авторів, які це дозволили; потрібен токен доступу.",
            },
            required: false,
            default: None,
            placeholder: None,
            shown_when: None,
        },
    ],
    silent_after_s: Some(6 * 3_600),
    add_by_hand: true,
};

impl Connector for Mastodon {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn probe<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<String, ConnectorError>> {
        Box::pin(async move {
            let channels = Channel::wanted(&session.settings)?;
            let server = Server::discover(session).await?;
            let mut found = 0;
            for channel in &channels {
                found += server.page(session, channel, server::At::Newest).await?.statuses.len();
            }
            let streams = stream::Live::open(session, &server, &channels).await?.is_some();
            let way = if streams { "streaming" } else { "asking every minute" };
            Ok(format!("{} ({}, {}): {found} recent posts, {way}", server.title, server.host, server.version))
        })
    }

    fn listen<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<(), ConnectorError>> {
        Box::pin(async move {
            let channels = Channel::wanted(&session.settings)?;
            let server = Server::discover(session).await?;
            Listener::new(session, server, channels).run().await
        })
    }

    fn oauth(&self) -> Option<&'static OAuth> {
        Some(&oauth::OAUTH)
    }

    fn refresh(&self) -> Option<&'static Refresh> {
        Some(&refresh::REFRESH)
    }

    fn replies(&self) -> Option<&'static dyn Replies> {
        Some(&reply::MastodonReplies)
    }
}
