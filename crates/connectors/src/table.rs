//! Every network Molva can listen to. A new one is a file beside this and a row here.

use crate::app_store::AppStore;
use crate::bluesky::Bluesky;
use crate::connector::Connector;
use crate::demo::Demo;
use crate::discourse::Discourse;
use crate::facebook::Facebook;
use crate::feed::FeedConnector;
use crate::flarum::Flarum;
use crate::google_play::GooglePlay;
use crate::hacker_news::HackerNews;
use crate::import::FileImport;
use crate::instagram::Instagram;
use crate::mail::Mail;
use crate::mastodon::Mastodon;
use crate::matrix::Matrix;
use crate::max::Max;
use crate::nodebb::NodeBb;
use crate::ok::Odnoklassniki;
use crate::push::Push;
use crate::reddit::Reddit;
use crate::telegram::Telegram;
use crate::vk::Vk;
use crate::wordpress::WordPress;
use crate::x::X;
use crate::youtube::YouTube;

/// In the order of the gallery.
pub static CONNECTORS: &[&dyn Connector] = &[
    &FeedConnector,
    &WordPress,
    &Mastodon,
    &Bluesky,
    &Vk,
    &Odnoklassniki,
    &Telegram,
    &Max,
    &Matrix,
    &X,
    &Facebook,
    &Instagram,
    &Discourse,
    &NodeBb,
    &Flarum,
    &HackerNews,
    &Reddit,
    &YouTube,
    &AppStore,
    &GooglePlay,
    &Mail,
    &Push,
    &FileImport,
    &Demo,
];

/// The connector of that name.
#[must_use]
pub fn find(name: &str) -> Option<&'static dyn Connector> {
    CONNECTORS.iter().copied().find(|connector| connector.descriptor().name == name)
}

#[cfg(test)]
mod pages;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::{Localized, SettingKind};

    #[test]
    fn every_row_is_found_by_its_own_name() {
        let names: Vec<_> = CONNECTORS.iter().map(|connector| connector.descriptor().name).collect();
        let found: Vec<_> = names.iter().filter_map(|name| find(name)).map(|found| found.descriptor().name).collect();
        assert_eq!(found, names);
    }

    #[test]
    fn every_text_of_a_form_is_there_in_three_languages() {
        let told = |text: Localized| [text.en, text.ru, text.uk].iter().all(|text| !text.trim().is_empty());
        for descriptor in CONNECTORS.iter().map(|connector| connector.descriptor()) {
            assert!(told(descriptor.title) && told(descriptor.summary), "{}", descriptor.name);
            for setting in descriptor.settings {
                let choices = if let SettingKind::Choice(choices) = setting.kind { choices } else { &[] };
                let all = [setting.label, setting.help].into_iter().chain(choices.iter().map(|(_, label)| *label));
                assert!(all.clone().count() >= 2 && all.into_iter().all(told), "{}.{}", descriptor.name, setting.key);
            }
        }
    }

    /// A form that is filled in from top to bottom never changes above the place where one is.
    #[test]
    fn a_setting_is_shown_by_values_of_one_that_stands_before_it() {
        for connector in CONNECTORS {
            let forms = [Some(connector.descriptor().settings), connector.replies().map(|one| one.account_settings())];
            for (index, setting, form) in forms
                .into_iter()
                .flatten()
                .flat_map(|form| form.iter().enumerate().map(move |(at, one)| (at, one, form)))
            {
                let Some(condition) = setting.shown_when else { continue };
                let name = format!("{}.{}", connector.descriptor().name, setting.key);
                let asked = form[..index].iter().find(|one| one.key == condition.setting);
                let can = match asked.map(|one| one.kind) {
                    Some(SettingKind::Choice(choices)) => choices.iter().map(|(value, _)| *value).collect(),
                    Some(SettingKind::Flag) => vec!["true", "false"],
                    other => panic!("{name} depends on {other:?}"),
                };
                let none_or_all = condition.is.is_empty() || can.iter().all(|value| condition.is.contains(value));
                assert!(!none_or_all && condition.is.iter().all(|value| can.contains(value)), "{name}: {condition:?}");
            }
        }
    }

    #[test]
    fn every_default_passes_its_own_check() {
        for descriptor in CONNECTORS.iter().map(|connector| connector.descriptor()) {
            let filled = crate::Settings::default().with_defaults(descriptor.settings);
            let wrong: Vec<_> = filled.check(descriptor.settings).iter().map(ToString::to_string).collect();
            assert!(wrong.iter().all(|problem| problem.ends_with("is required")), "{}: {wrong:?}", descriptor.name);
        }
    }
}
