//! What is wrong with what was entered for a setting, told in the languages of those who fill in forms.

use std::fmt;

use super::Localized;
use crate::error::ConnectorError;

/// A setting that does not fit its declaration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingProblem {
    /// Its key.
    pub setting: &'static str,
    pub said: Said,
}

/// A sentence in three languages, with values for its `{0}`, `{1}`, ….
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    pub text: Localized,
    pub values: Vec<String>,
}

impl Said {
    pub(super) fn with<const N: usize>(text: Localized, values: [&str; N]) -> Self {
        Self { text, values: values.iter().map(ToString::to_string).collect() }
    }
}

impl From<Localized> for Said {
    fn from(text: Localized) -> Self {
        Self::with(text, [])
    }
}

impl fmt::Display for SettingProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        ConnectorError::from(self.clone()).fmt(f)
    }
}

/// Logs and commands speak English.
impl From<SettingProblem> for ConnectorError {
    fn from(SettingProblem { setting, said }: SettingProblem) -> Self {
        Self::Invalid { setting, message: filled(said.text.en, &said.values) }
    }
}

/// A sentence with its values in the places of `{0}`, `{1}`, ….
#[must_use]
pub fn filled(text: &str, values: &[String]) -> String {
    let mut rest = text;
    let mut out = String::with_capacity(rest.len());
    // One pass, so that a value that looks like a placeholder stays what it is.
    while let Some(start) = rest.find('{') {
        let (before, after) = rest.split_at(start);
        out.push_str(before);
        let value = after.get(1..2).and_then(|digit| digit.parse::<usize>().ok()).and_then(|n| values.get(n));
        match value.filter(|_| after.get(2..3) == Some("}")) {
            Some(value) => {
                out.push_str(value);
                rest = &after[3..];
            }
            None => {
                out.push('{');
                rest = &after[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

const fn text(en: &'static str, ru: &'static str, uk: &'static str) -> Localized {
    Localized { en, ru, uk }
}

pub(super) const UNKNOWN: Localized = text(
    "there is no setting `{0}`; known are {1}",
    "настройки `{0}` нет; есть {1}",
    "налаштування `{0}` немає; є {1}",
);
pub(super) const REQUIRED: Localized = text("is required", "нужно заполнить", "потрібно заповнити");
pub(super) const A_SECRET: Localized = text(
    "is a secret and must be given as one",
    "это секрет, его передают среди секретов",
    "це секрет, його передають серед секретів",
);
pub(super) const NO_SECRET: Localized = text(
    "is no secret and must be given in the open",
    "это не секрет, его передают среди настроек",
    "це не секрет, його передають серед налаштувань",
);
pub(super) const TOO_LONG: Localized =
    text("is longer than {0} bytes; shorten it", "длиннее {0} байт; сократите", "довше за {0} байтів; скоротіть");
pub(super) const NUL: Localized = text(
    "holds a NUL character; remove it",
    "содержит нулевой знак; уберите его",
    "містить нульовий знак; приберіть його",
);
pub(super) const NO_ADDRESS: Localized = text(
    "`{0}` is not a web address; write it as https://example.org/feed",
    "`{0}` — не адрес в интернете; напишите его так: https://example.org/feed",
    "`{0}` — не адреса в інтернеті; напишіть її так: https://example.org/feed",
);
pub(super) const OUT_OF_RANGE: Localized = text(
    "{0} is out of range; give a number from {1} to {2}",
    "{0} не подходит; введите число от {1} до {2}",
    "{0} не підходить; введіть число від {1} до {2}",
);
pub(super) const NO_NUMBER: Localized = text(
    "`{0}` is not a whole number; give one from {1} to {2}",
    "`{0}` — не целое число; введите число от {1} до {2}",
    "`{0}` — не ціле число; введіть число від {1} до {2}",
);
pub(super) const NO_FLAG: Localized = text(
    "`{0}` is neither `true` nor `false`",
    "`{0}` — это ни `true`, ни `false`",
    "`{0}` — це ні `true`, ні `false`",
);
pub(super) const NO_CHOICE: Localized =
    text("`{0}` is none of {1}", "`{0}` нет среди возможных: {1}", "`{0}` немає серед можливих: {1}");
