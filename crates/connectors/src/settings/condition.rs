//! Settings that mean something only beside a certain value of another one: a password where nobody agrees on a page.
//!
//! What is not shown counts as not given: it is not required, and a run does not see it. It stays stored, as a secret that was
//! entered once would otherwise be lost by trying another choice.

use super::{Setting, Settings};

/// Another setting of the same form, and its values beside which this one is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShownWhen {
    pub setting: &'static str,
    pub is: &'static [&'static str],
}

/// For [`Setting::shown_when`].
pub(crate) const fn when(setting: &'static str, is: &'static [&'static str]) -> Option<ShownWhen> {
    Some(ShownWhen { setting, is })
}

impl Settings {
    /// Whether the form as it is filled in shows this setting: its condition holds, and what the condition asks is shown itself.
    #[must_use]
    pub fn shows(&self, declared: &[Setting], key: &str) -> bool {
        let of = |key: &str| declared.iter().find(|setting| setting.key == key);
        let mut asked = of(key);
        // A condition names an earlier setting; the bound is for a form that does not keep to it.
        for _ in declared {
            let Some(condition) = asked.and_then(|setting| setting.shown_when) else { break };
            asked = of(condition.setting);
            let value = self.text(condition.setting).or_else(|| asked.and_then(|setting| setting.default));
            if !value.is_some_and(|value| condition.is.contains(&value)) {
                return false;
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use molva_domain::Secret;

    use super::*;
    use crate::settings::{Localized, SettingKind};

    const LABEL: Localized = Localized { en: "x", ru: "x", uk: "x" };

    const fn setting(
        key: &'static str,
        kind: SettingKind,
        required: bool,
        default: Option<&'static str>,
        shown_when: Option<ShownWhen>,
    ) -> Setting {
        Setting { key, kind, label: LABEL, help: LABEL, required, default, placeholder: None, shown_when }
    }

    const DECLARED: &[Setting] = &[
        setting("what", SettingKind::Choice(&[("words", LABEL), ("own", LABEL)]), false, Some("words"), None),
        setting("words", SettingKind::List, true, None, when("what", &["words"])),
        setting("calls", SettingKind::Flag, false, Some("false"), when("what", &["own"])),
        setting("port", SettingKind::Number { min: 1, max: 9 }, false, Some("5"), when("calls", &["true"])),
        setting("key", SettingKind::Secret, true, None, when("calls", &["true"])),
    ];

    fn settings(values: &[(&str, &str)], secrets: &[(&str, &str)]) -> Settings {
        let owned = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
        let secrets = secrets.iter().map(|(key, value)| ((*key).to_owned(), Secret::new(*value)));
        Settings::new(values.iter().map(owned).collect::<BTreeMap<_, _>>(), secrets.collect())
    }

    fn problems(values: &[(&str, &str)], secrets: &[(&str, &str)]) -> Vec<String> {
        settings(values, secrets).check(DECLARED).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn only_what_is_shown_is_required() {
        assert_eq!(problems(&[], &[]), ["setting `words`: is required"]);
        assert_eq!(problems(&[("what", "own")], &[]), Vec::<String>::new());
        assert_eq!(problems(&[("what", "own"), ("calls", "true")], &[]), ["setting `key`: is required"]);
    }

    #[test]
    fn what_a_hidden_setting_asks_for_is_hidden_too() {
        let left_over = [("what", "words"), ("words", "molva"), ("calls", "true")];
        assert_eq!(problems(&left_over, &[]), Vec::<String>::new());
        let shown = |key| settings(&left_over, &[]).shows(DECLARED, key);
        assert_eq!(["what", "words", "calls", "port", "key"].map(shown), [true, true, false, false, false]);
    }

    #[test]
    fn a_run_does_not_see_what_is_hidden() {
        let given = settings(&[("words", "molva"), ("calls", "true"), ("port", "7")], &[("key", "k")]);
        let run = given.clone().with_defaults(DECLARED);
        assert_eq!((run.text("words"), run.text("calls"), run.number("port")), (Some("molva"), None, None));
        assert!(run.secret("key").is_none() && given.secret("key").is_some());
        let own = settings(&[("what", "own"), ("calls", "true"), ("words", "molva")], &[("key", "k")]);
        let own = own.with_defaults(DECLARED);
        assert_eq!((own.text("words"), own.number("port")), (None, Some(5)));
        assert!(own.secret("key").is_some());
    }

    #[test]
    fn what_is_given_for_a_hidden_setting_must_be_of_its_kind() {
        let wrong = [("words", "molva"), ("port", "many"), ("key", "in the open")];
        assert_eq!(
            problems(&wrong, &[]),
            [
                "setting `port`: `many` is not a whole number; give one from 1 to 9",
                "setting `key`: is a secret and must be given as one",
            ]
        );
    }
}
