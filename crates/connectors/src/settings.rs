//! Settings of a source: declared by its connector, shown as a form, checked once, read typed.

use std::collections::BTreeMap;

use molva_domain::Secret;

use crate::error::ConnectorError;

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
}

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
    pub fn check(&self, declared: &[Setting]) -> Vec<ConnectorError> {
        let _ = declared;
        todo!()
    }

    /// The value, `None` when absent or blank.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&str> {
        self.values.get(key).map(|value| value.trim()).filter(|value| !value.is_empty())
    }

    #[must_use]
    pub fn secret(&self, key: &str) -> Option<&Secret> {
        self.secrets.get(key).filter(|secret| !secret.is_empty())
    }

    #[must_use]
    pub fn number(&self, key: &str) -> Option<i64> {
        self.text(key)?.parse().ok()
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
