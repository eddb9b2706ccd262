//! Networks, and the settings their forms are generated from.

use molva_connectors as connectors;
use serde::Serialize;
use utoipa::ToSchema;

use crate::locale::Locale;
use crate::wire::oauth::ConsentOffer;

/// A network Molva can listen to.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Connector {
    /// `feed`, `mastodon`, …
    pub name: String,
    pub title: String,
    /// What it brings, how fast, what it needs.
    pub summary: String,
    pub mode: ConnectorMode,
    pub capabilities: Capabilities,
    pub settings: Vec<Setting>,
    /// The form by which an account is connected; null: it cannot be answered from here.
    #[schema(required)]
    pub reply_settings: Option<Vec<Setting>>,
    /// How it lets us in by consent on its own page; null: tokens are copied by hand, or none is needed.
    #[schema(required)]
    pub oauth: Option<ConsentOffer>,
    /// Whether the network can call; see `getSourceWebhook`.
    pub webhooks: bool,
    /// Whether it can be asked for what the topics look for; see `getSourceSearch`.
    pub searches: bool,
    /// A source with default settings may be added by one click.
    pub add_by_hand: bool,
}

/// How items arrive.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ConnectorMode {
    /// We ask from time to time.
    Poll,
    /// A connection stays open.
    Stream,
    /// They call us.
    Push,
    /// A person gives us a file.
    File,
}

/// What the network allows.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct Capabilities {
    pub keyword_listen: bool,
    pub account_listen: bool,
    pub backfill: bool,
    pub delete_events: bool,
    pub metrics: bool,
}

/// What a setting holds, which decides the form's control.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum SettingKind {
    Text,
    Url,
    Secret,
    Number,
    /// `true` or `false`.
    Flag,
    Choice,
    /// Several values, one a line.
    List,
}

/// One field of the form.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Setting {
    pub key: String,
    pub kind: SettingKind,
    pub label: String,
    /// Where to find the value, what it does.
    pub help: String,
    pub required: bool,
    #[schema(required)]
    pub default: Option<String>,
    #[schema(required)]
    pub placeholder: Option<String>,
    /// Bounds of a number.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub min: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub max: Option<i64>,
    /// Values of a choice.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub choices: Option<Vec<Choice>>,
    /// The field is shown only while this holds; absent: always. Otherwise it is not required, and what is given for it is not read.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub shown_when: Option<ShownWhen>,
}

/// Another setting of the same form, shown itself, has one of these values, or has it as its default where none is given.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ShownWhen {
    /// Its key.
    pub setting: String,
    pub is: Vec<String>,
}

/// One value of a choice.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Choice {
    pub value: String,
    pub label: String,
}

impl Connector {
    pub(crate) fn of(connector: &dyn connectors::Connector, locale: Locale) -> Self {
        let descriptor = connector.descriptor();
        let capabilities = descriptor.capabilities;
        let form = |settings: &[connectors::Setting]| {
            settings.iter().map(|setting| Setting::of(setting, locale)).collect::<Vec<_>>()
        };
        Self {
            name: descriptor.name.to_owned(),
            title: locale.of(descriptor.title).to_owned(),
            summary: locale.of(descriptor.summary).to_owned(),
            mode: match descriptor.mode {
                connectors::Mode::Poll => ConnectorMode::Poll,
                connectors::Mode::Stream => ConnectorMode::Stream,
                connectors::Mode::Push => ConnectorMode::Push,
                connectors::Mode::File => ConnectorMode::File,
            },
            capabilities: Capabilities {
                keyword_listen: capabilities.keyword_listen,
                account_listen: capabilities.account_listen,
                backfill: capabilities.backfill,
                delete_events: capabilities.delete_events,
                metrics: capabilities.metrics,
            },
            settings: form(descriptor.settings),
            reply_settings: connector.replies().map(|replies| form(replies.account_settings())),
            oauth: ConsentOffer::of(connector, locale),
            webhooks: connector.webhooks().is_some(),
            searches: connector.searches().is_some(),
            add_by_hand: descriptor.add_by_hand,
        }
    }
}

impl Setting {
    fn of(setting: &connectors::Setting, locale: Locale) -> Self {
        let (mut bounds, mut choices) = ((None, None), None);
        let kind = match setting.kind {
            connectors::SettingKind::Text => SettingKind::Text,
            connectors::SettingKind::Url => SettingKind::Url,
            connectors::SettingKind::Secret => SettingKind::Secret,
            connectors::SettingKind::Flag => SettingKind::Flag,
            connectors::SettingKind::List => SettingKind::List,
            connectors::SettingKind::Number { min, max } => {
                bounds = (Some(min), Some(max));
                SettingKind::Number
            }
            connectors::SettingKind::Choice(values) => {
                let values = values
                    .iter()
                    .map(|(value, label)| Choice { value: (*value).to_owned(), label: locale.of(*label).to_owned() });
                choices = Some(values.collect());
                SettingKind::Choice
            }
        };
        Self {
            key: setting.key.to_owned(),
            kind,
            label: locale.of(setting.label).to_owned(),
            help: locale.of(setting.help).to_owned(),
            required: setting.required,
            default: setting.default.map(ToOwned::to_owned),
            placeholder: setting.placeholder.map(ToOwned::to_owned),
            min: bounds.0,
            max: bounds.1,
            choices,
            shown_when: setting.shown_when.map(|condition| ShownWhen {
                setting: condition.setting.to_owned(),
                is: condition.is.iter().map(|value| (*value).to_owned()).collect(),
            }),
        }
    }
}
