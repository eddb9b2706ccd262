//! Bluesky and all of AT Protocol: every public post, within a second, from a Jetstream or from the raw stream of
//! repositories that relays and personal data servers speak.
//!
//! No server filters by words; topics are matched here. A post is named `at://did/collection/key`. Accounts that are
//! deleted or taken down are told as the deletion of the account's own URN (`urn:smm:bluesky:author:…`).
//!
//! Start with [`listener`]; [`wire`] is the choice of protocols, [`post`] the mapping.

mod account;
mod blocks;
mod cursor;
mod event;
mod facets;
mod firehose;
mod jetstream;
mod listener;
mod memory;
mod post;
mod refresh;
mod reply;
mod tid;
mod wire;

use std::time::Duration;

use tokio::time::timeout;

use crate::connector::{BoxFuture, Capabilities, Connector, Descriptor, Mode};
use crate::error::ConnectorError;
use crate::refresh::Refresh;
use crate::reply::Replies;
use crate::session::Session;
use crate::settings::{Localized, Setting, SettingKind};
use crate::websocket::OpenError;
use listener::Listener;
use wire::Target;

/// How long a trial listens.
const PROBE_TIME: Duration = Duration::from_secs(3);

/// The row of the table.
#[derive(Debug)]
pub struct Bluesky;

static DESCRIPTOR: Descriptor = Descriptor {
    name: "bluesky",
    title: Localized { en: "Bluesky", ru: "Bluesky", uk: "Bluesky" },
    summary: Localized {
        en: "Every public post of Bluesky within a second, matched here by your topics. No account needed; some 50 posts a second come in.",
        ru: "Каждая публичная запись Bluesky в течение секунды; нужное отберут ваши темы. Учётная запись не нужна; приходит около 50 записей в секунду.",
        uk: "Кожен публічний допис Bluesky протягом секунди; потрібне відберуть ваші теми. Обліковий запис не потрібен; надходить близько 50 дописів за секунду.",
    },
    mode: Mode::Stream,
    capabilities: Capabilities {
        keyword_listen: false,
        account_listen: true,
        backfill: true,
        delete_events: true,
        metrics: true,
    },
    settings: &[
        Setting {
            key: "mode",
            kind: SettingKind::Choice(&[
                ("jetstream2", Localized { en: "Jetstream", ru: "Jetstream", uk: "Jetstream" }),
                (
                    "jetstream1",
                    Localized {
                        en: "Jetstream, first version",
                        ru: "Jetstream, первая версия",
                        uk: "Jetstream, перша версія",
                    },
                ),
                (
                    "firehose",
                    Localized {
                        en: "Raw stream of a relay or data server",
                        ru: "Прямой поток ретранслятора или сервера данных",
                        uk: "Прямий потік ретранслятора чи сервера даних",
                    },
                ),
            ]),
            label: Localized {
                en: "Way to listen", ru: "Способ слушать", uk: "Спосіб слухати"
            },
            help: Localized {
                en: "Jetstream sends only posts and is light. The raw stream sends everything people do, ten times as much, and comes straight from the source.",
                ru: "Jetstream присылает только записи и не нагружает сеть. Прямой поток присылает все действия людей, в десять раз больше, зато из первых рук.",
                uk: "Jetstream надсилає лише дописи й не навантажує мережу. Прямий потік надсилає всі дії людей, удесятеро більше, зате з перших рук.",
            },
            required: false,
            default: Some("jetstream2"),
            placeholder: None,
            shown_when: None,
        },
        Setting {
            key: "host",
            kind: SettingKind::Url,
            label: Localized { en: "Server", ru: "Сервер", uk: "Сервер" },
            help: Localized {
                en: "Leave it empty for a public server of Bluesky, or name your own.",
                ru: "Оставьте пустым для общедоступного сервера Bluesky или укажите свой.",
                uk: "Залиште порожнім для загальнодоступного сервера Bluesky або вкажіть свій.",
            },
            required: false,
            default: None,
            placeholder: Some("wss://jetstream1.us-east.bsky.network"),
            shown_when: None,
        },
        Setting {
            key: "accounts",
            kind: SettingKind::List,
            label: Localized {
                en: "Only these accounts", ru: "Только эти авторы", uk: "Лише ці автори"
            },
            help: Localized {
                en: "DIDs, one a line, at most 100. Empty: everybody.",
                ru: "Идентификаторы DID, по одному в строке, не больше 100. Пусто — все.",
                uk: "Ідентифікатори DID, по одному в рядку, не більше 100. Порожньо — усі.",
            },
            required: false,
            default: None,
            placeholder: Some("did:plc:z72i7hdynmk6r22z27h6tvur"),
            shown_when: None,
        },
        Setting {
            key: "reposts",
            kind: SettingKind::Flag,
            label: Localized { en: "Reposts too", ru: "И репосты", uk: "І репости" },
            help: Localized {
                en: "Counts reposts of posts seen in the last quarter of an hour or so. About twice as many events.",
                ru: "Учитывать репосты записей, увиденных примерно за последние четверть часа. Событий станет вдвое больше.",
                uk: "Враховувати репости дописів, побачених приблизно за останню чверть години. Подій стане вдвічі більше.",
            },
            required: false,
            default: Some("false"),
            placeholder: None,
            shown_when: None,
        },
        Setting {
            key: "view",
            kind: SettingKind::Url,
            label: Localized {
                en: "Where likes are counted",
                ru: "Где считаются отметки",
                uk: "Де рахуються вподобання",
            },
            help: Localized {
                en: "A public view of the network, asked now and then about posts that were found. Only for a view of your own.",
                ru: "Общедоступное представление сети: его изредка спрашивают о найденных записях. Только если у вас своё.",
                uk: "Загальнодоступне подання мережі: його зрідка питають про знайдені дописи. Лише якщо у вас власне.",
            },
            required: false,
            default: Some("https://public.api.bsky.app"),
            placeholder: None,
            shown_when: None,
        },
    ],
    silent_after_s: Some(600),
    add_by_hand: true,
};

impl Connector for Bluesky {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn probe<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<String, ConnectorError>> {
        Box::pin(async move {
            let target = Target::of(session)?;
            let url = target.url(None);
            let mut socket = listener::open(session, &target, &url).await.map_err(|error| match error {
                OpenError::Failed(error) => error,
                OpenError::Refused { status, headers, .. } => {
                    listener::refused(&target, status, &headers, "", false, session.now())
                }
            })?;
            let mut messages = 0_u32;
            // A quiet server is none that fails.
            while let Ok(message) = timeout(PROBE_TIME, socket.next()).await {
                listener::read(target.wire, &message?)?;
                messages += 1;
                if messages == 20 {
                    break;
                }
            }
            Ok(match messages {
                0 => format!("{} is connected and quiet", target.host),
                _ => format!("{} is connected and sends posts", target.host),
            })
        })
    }

    fn listen<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<(), ConnectorError>> {
        Box::pin(async move {
            let target = Target::of(session)?;
            Listener::new(session, target).run().await
        })
    }

    fn refresh(&self) -> Option<&'static Refresh> {
        Some(&refresh::REFRESH)
    }

    fn replies(&self) -> Option<&'static dyn Replies> {
        Some(&reply::BlueskyReplies)
    }
}
