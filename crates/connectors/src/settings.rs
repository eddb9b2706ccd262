//! Settings of a source: declared by its connector, shown as a form, checked once, read typed.

mod condition;
mod problem;

use std::collections::BTreeMap;
use std::time::Duration;

use molva_domain::Secret;
use url::Url;

use crate::error::ConnectorError;
use crate::oauth::OAuth;
pub use condition::ShownWhen;
pub(crate) use condition::when;
pub use problem::{Said, SettingProblem, filled};

/// A text in the three languages of the interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Localized {
    pub en: &'static str,
    pub ru: &'static str,
    pub uk: &'static str,
}

/// What a setting holds, which decides the form's control.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingKind {
    Text,
    /// `http`, `https`, `ws` or `wss`.
    Url,
    /// Sealed at rest, never shown again.
    Secret,
    Number {
        min: i64,
        max: i64,
    },
    /// `true` or `false`.
    Flag,
    /// One of these: value and label.
    Choice(&'static [(&'static str, Localized)]),
    /// Several values, one a line.
    List,
}

#[derive(Clone, Copy, Debug)]
pub struct Setting {
    pub key: &'static str,
    pub kind: SettingKind,
    pub label: Localized,
    /// Where to find the value, what it does.
    pub help: Localized,
    pub required: bool,
    pub default: Option<&'static str>,
    pub placeholder: Option<&'static str>,
    /// `None`: always.
    pub shown_when: Option<ShownWhen>,
}

/// The token of a consent, where none can be entered by hand.
pub(crate) const CONSENTED: Setting = Setting {
    key: "access_token",
    kind: SettingKind::Secret,
    label: Localized {
        en: "Access by consent", ru: "Доступ через согласие", uk: "Доступ через згоду"
    },
    help: Localized {
        en: "Comes from the network's own page; Molva keeps it alive.",
        ru: "Приходит со страницы самой сети; Molva продлевает его сама.",
        uk: "Надходить зі сторінки самої мережі; Molva продовжує його сама.",
    },
    required: false,
    default: None,
    placeholder: None,
    shown_when: None,
};

/// Stands for the key in [`ConnectorError::Invalid`] when the key itself is not known.
const UNKNOWN_SETTING: &str = "unknown";

/// Longest value of one setting.
const MAX_VALUE_BYTES: usize = 64 << 10;

/// The values of one source.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    values: BTreeMap<String, String>,
    secrets: BTreeMap<String, Secret>,
}

impl Settings {
    #[must_use]
    pub const fn new(values: BTreeMap<String, String>, secrets: BTreeMap<String, Secret>) -> Self {
        Self { values, secrets }
    }

    /// Checks against the declaration: unknown keys, required ones, numbers in range, choices, addresses. Every problem, not the first.
    /// What is not shown is not required; what is given for it must still be of its kind.
    #[must_use]
    pub fn check(&self, declared: &[Setting]) -> Vec<SettingProblem> {
        self.check_with(declared, None)
    }

    /// The same where a consent may stand for some of them.
    #[must_use]
    pub fn check_with(&self, declared: &[Setting], oauth: Option<&OAuth>) -> Vec<SettingProblem> {
        let agreed = |oauth: &&OAuth| self.secret(oauth.token_key).is_some() && self.shows(declared, oauth.token_key);
        let spared = oauth.filter(agreed).map_or(&[][..], |oauth| oauth.instead);
        let known = |key: &str| declared.iter().find(|setting| setting.key == key);
        let mut problems = Vec::new();
        for key in self.values.keys().chain(self.secrets.keys()) {
            if known(key).is_none() {
                let names: Vec<_> = declared.iter().map(|setting| setting.key).collect();
                let said = Said::with(problem::UNKNOWN, [head(key), &names.join(", ")]);
                problems.push(SettingProblem { setting: UNKNOWN_SETTING, said });
            }
        }
        for setting in declared {
            let needed = !spared.contains(&setting.key) && self.shows(declared, setting.key);
            let setting = Setting { required: setting.required && needed, ..*setting };
            if let Err(said) = self.check_one(&setting) {
                problems.push(SettingProblem { setting: setting.key, said });
            }
        }
        problems
    }

    fn check_one(&self, setting: &Setting) -> Result<(), Said> {
        let key = setting.key;
        if setting.kind == SettingKind::Secret {
            return match self.secret(key) {
                _ if self.values.contains_key(key) => Err(problem::A_SECRET.into()),
                None if setting.required => Err(problem::REQUIRED.into()),
                Some(secret) if secret.expose().len() > MAX_VALUE_BYTES => Err(too_long()),
                _ => Ok(()),
            };
        }
        if self.secrets.contains_key(key) {
            return Err(problem::NO_SECRET.into());
        }
        let Some(value) = self.text(key) else {
            let lacking = setting.required && setting.default.is_none();
            return if lacking { Err(problem::REQUIRED.into()) } else { Ok(()) };
        };
        if value.len() > MAX_VALUE_BYTES {
            return Err(too_long());
        }
        if value.contains('\0') {
            return Err(problem::NUL.into());
        }
        check_value(setting.kind, value)
    }

    /// As a run reads them: the declared defaults filled in where a value is absent or blank, and without what is not shown.
    #[must_use]
    pub fn with_defaults(mut self, declared: &[Setting]) -> Self {
        let hidden: Vec<_> = declared.iter().filter(|setting| !self.shows(declared, setting.key)).collect();
        for setting in &hidden {
            self.values.remove(setting.key);
            self.secrets.remove(setting.key);
        }
        for setting in declared {
            if let Some(default) = setting.default
                && self.text(setting.key).is_none()
                && !hidden.iter().any(|hidden| hidden.key == setting.key)
            {
                self.values.insert(setting.key.to_owned(), default.to_owned());
            }
        }
        self
    }

    /// The value, `None` when absent or blank.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&str> {
        self.values.get(key).map(|value| value.trim()).filter(|value| !value.is_empty())
    }

    /// The secret, `None` when absent or blank.
    #[must_use]
    pub fn secret(&self, key: &str) -> Option<&Secret> {
        self.secrets.get(key).filter(|secret| !secret.expose().trim().is_empty())
    }

    /// The value where nothing works without it; the message says what it is, or where it comes from.
    pub(crate) fn needed(&self, setting: &'static str, message: &str) -> Result<&str, ConnectorError> {
        self.text(setting).ok_or_else(|| ConnectorError::invalid(setting, message))
    }

    pub(crate) fn needed_secret(&self, setting: &'static str, message: &str) -> Result<&Secret, ConnectorError> {
        self.secret(setting).ok_or_else(|| ConnectorError::invalid(setting, message))
    }

    /// Every secret there is.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = &str> {
        self.secrets.values().map(Secret::expose)
    }

    #[must_use]
    pub fn number(&self, key: &str) -> Option<i64> {
        self.text(key)?.parse().ok()
    }

    /// How far back the first look goes: a week unless `history_days` says otherwise.
    pub(crate) fn history(&self) -> Duration {
        let days = self.number("history_days").unwrap_or(7).clamp(0, 3_650).unsigned_abs();
        Duration::from_secs(days * 86_400)
    }

    #[must_use]
    pub fn flag(&self, key: &str) -> bool {
        self.text(key) == Some("true")
    }

    /// Lines that are not blank.
    pub fn list(&self, key: &str) -> impl Iterator<Item = &str> {
        self.values.get(key).into_iter().flat_map(|value| value.lines()).map(str::trim).filter(|line| !line.is_empty())
    }
}

fn check_value(kind: SettingKind, value: &str) -> Result<(), Said> {
    match kind {
        SettingKind::Text | SettingKind::Secret | SettingKind::List => Ok(()),
        SettingKind::Url => match Url::parse(value) {
            Ok(url) if matches!(url.scheme(), "http" | "https" | "ws" | "wss") && url.has_host() => Ok(()),
            // `example.org/feed` is what people type; connectors read it as https.
            Err(_)
                if Url::parse(&format!("https://{value}"))
                    .is_ok_and(|url| url.host_str().is_some_and(looks_like_host)) =>
            {
                Ok(())
            }
            _ => Err(Said::with(problem::NO_ADDRESS, [head(value)])),
        },
        SettingKind::Number { min, max } => match value.parse::<i64>() {
            Ok(number) if (min..=max).contains(&number) => Ok(()),
            Ok(_) => Err(Said::with(problem::OUT_OF_RANGE, [head(value), &min.to_string(), &max.to_string()])),
            Err(_) => Err(Said::with(problem::NO_NUMBER, [head(value), &min.to_string(), &max.to_string()])),
        },
        SettingKind::Flag if matches!(value, "true" | "false") => Ok(()),
        SettingKind::Flag => Err(Said::with(problem::NO_FLAG, [head(value)])),
        SettingKind::Choice(choices) if choices.iter().any(|(choice, _)| *choice == value) => Ok(()),
        SettingKind::Choice(choices) => {
            let names: Vec<_> = choices.iter().map(|(choice, _)| *choice).collect();
            Err(Said::with(problem::NO_CHOICE, [head(value), &names.join(", ")]))
        }
    }
}

fn looks_like_host(host: &str) -> bool {
    host.contains('.') || host == "localhost" || host.starts_with('[')
}

/// The beginning of a value, so that a message stays a sentence.
fn head(value: &str) -> &str {
    &value[..value.floor_char_boundary(80)]
}

fn too_long() -> Said {
    Said::with(problem::TOO_LONG, [&MAX_VALUE_BYTES.to_string()])
}

#[cfg(test)]
mod tests {
    use super::*;

    const LABEL: Localized = Localized { en: "x", ru: "x", uk: "x" };

    const fn setting(key: &'static str, kind: SettingKind, required: bool, default: Option<&'static str>) -> Setting {
        Setting { key, kind, label: LABEL, help: LABEL, required, default, placeholder: None, shown_when: None }
    }

    const DECLARED: &[Setting] = &[
        setting("address", SettingKind::Url, true, None),
        setting("interval", SettingKind::Number { min: 1, max: 60 }, true, Some("5")),
        setting("old_posts", SettingKind::Flag, false, None),
        setting("order", SettingKind::Choice(&[("new", LABEL), ("old", LABEL)]), false, Some("new")),
        setting("password", SettingKind::Secret, true, None),
    ];

    fn settings(values: &[(&str, &str)], secrets: &[(&str, &str)]) -> Settings {
        Settings::new(
            values.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
            secrets.iter().map(|(key, value)| ((*key).to_owned(), Secret::new(*value))).collect(),
        )
    }

    fn problems(values: &[(&str, &str)], secrets: &[(&str, &str)]) -> Vec<String> {
        settings(values, secrets).check(DECLARED).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn good_settings_have_no_problem() {
        assert_eq!(problems(&[("address", "https://a.example/feed")], &[("password", "x")]), Vec::<String>::new());
        assert_eq!(problems(&[("address", " a.example/feed ")], &[("password", "x")]), Vec::<String>::new());
    }

    #[test]
    fn every_problem_is_told_at_once() {
        let values =
            [("address", "ftp://a"), ("interval", "61"), ("old_posts", "yes"), ("order", "random"), ("colour", "red")];
        assert_eq!(
            problems(&values, &[]),
            [
                "setting `unknown`: there is no setting `colour`; known are address, interval, old_posts, order, password",
                "setting `address`: `ftp://a` is not a web address; write it as https://example.org/feed",
                "setting `interval`: 61 is out of range; give a number from 1 to 60",
                "setting `old_posts`: `yes` is neither `true` nor `false`",
                "setting `order`: `random` is none of new, old",
                "setting `password`: is required",
            ]
        );
    }

    #[test]
    fn what_is_wrong_is_said_in_the_languages_of_the_forms() {
        let wrong = settings(&[("address", "{1}"), ("interval", "061")], &[("password", " ")]).check(DECLARED);
        let said = |pick: fn(Localized) -> &'static str| {
            wrong.iter().map(|one| filled(pick(one.said.text), &one.said.values)).collect::<Vec<_>>()
        };
        assert_eq!(
            said(|text| text.ru),
            [
                "`{1}` — не адрес в интернете; напишите его так: https://example.org/feed",
                "061 не подходит; введите число от 1 до 60",
                "нужно заполнить",
            ]
        );
        assert_eq!(
            said(|text| text.uk),
            [
                "`{1}` — не адреса в інтернеті; напишіть її так: https://example.org/feed",
                "061 не підходить; введіть число від 1 до 60",
                "потрібно заповнити",
            ]
        );
    }

    #[test]
    fn a_consent_stands_for_what_is_entered_without_one() {
        let oauth = crate::Connector::oauth(&crate::reddit::Reddit).expect("consent");
        let declared = [setting("client_id", SettingKind::Text, true, None), CONSENTED];
        let problems = |secrets: &[(&str, &str)]| settings(&[], secrets).check_with(&declared, Some(oauth)).len();
        assert_eq!((problems(&[]), problems(&[("access_token", "t")])), (1, 0));
    }

    #[test]
    fn a_secret_in_the_open_is_refused_without_being_repeated() {
        let found = problems(&[("address", "https://a.example"), ("password", "hunter2")], &[]);
        assert_eq!(found, ["setting `password`: is a secret and must be given as one"]);
    }

    #[test]
    fn defaults_fill_what_is_absent_or_blank() {
        let filled = settings(&[("order", "old"), ("interval", " ")], &[]).with_defaults(DECLARED);
        assert_eq!(
            (filled.number("interval"), filled.text("order"), filled.text("address")),
            (Some(5), Some("old"), None)
        );
    }
}
