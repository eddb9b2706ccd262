//! The invented world: its companies, its languages, its networks.

use std::sync::LazyLock;

use molva_domain::Language;

use crate::grammar::Grammar;
use crate::words::Vocabulary;
use crate::{en, ru, uk};

/// What a company sells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trade {
    Telecom,
    Bank,
    Shop,
}

impl Trade {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Telecom => "telecom",
            Self::Bank => "bank",
            Self::Shop => "shop",
        }
    }
}

/// Name, what it is, trade, Latin handle, share of the brand talk. The names belong to nobody.
pub(crate) const BRANDS: [(&str, &str, Trade, &str, f64); 5] = [
    ("Звенора", "telecom operator", Trade::Telecom, "zvenora", 0.42),
    ("Брамтел", "telecom operator, a competitor", Trade::Telecom, "bramtel", 0.18),
    ("Вейлинк", "telecom operator, a competitor", Trade::Telecom, "veylink", 0.12),
    ("Ферзьбанк", "bank", Trade::Bank, "ferzbank", 0.16),
    ("Полмара", "online shop", Trade::Shop, "polmara", 0.12),
];

/// A language of the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tongue {
    Russian,
    Ukrainian,
    English,
}

impl Tongue {
    pub(crate) const fn language(self) -> Language {
        match self {
            Self::Russian => Language::RUSSIAN,
            Self::Ukrainian => Language::UKRAINIAN,
            Self::English => Language::ENGLISH,
        }
    }

    pub(crate) fn vocabulary(self) -> &'static Vocabulary {
        match self {
            Self::Russian => &ru::VOCABULARY,
            Self::Ukrainian => &uk::VOCABULARY,
            Self::English => &en::VOCABULARY,
        }
    }

    /// The parsed rules of the language; parsed on first use.
    pub(crate) fn grammar(self) -> &'static Grammar {
        static ALL: LazyLock<[Grammar; 3]> = LazyLock::new(|| {
            [Tongue::Russian, Tongue::Ukrainian, Tongue::English].map(|it| Grammar::parse(it.vocabulary().rules))
        });
        &ALL[self as usize]
    }

    /// Where that language is spoken, by share.
    pub(crate) const fn networks(self) -> &'static [(Network, f64)] {
        use Network::{Bluesky, Facebook, Forum, Mastodon, News, Ok, Reviews, Telegram, Vk, X};
        match self {
            Self::Russian => &[
                (Vk, 0.36),
                (Telegram, 0.28),
                (Ok, 0.08),
                (X, 0.06),
                (Mastodon, 0.03),
                (Forum, 0.09),
                (Reviews, 0.05),
                (News, 0.05),
            ],
            Self::Ukrainian => &[
                (Telegram, 0.34),
                (Facebook, 0.30),
                (X, 0.12),
                (Mastodon, 0.03),
                (Forum, 0.10),
                (Reviews, 0.06),
                (News, 0.05),
            ],
            Self::English => {
                &[(X, 0.34), (Mastodon, 0.22), (Bluesky, 0.14), (Forum, 0.16), (Reviews, 0.09), (News, 0.05)]
            }
        }
    }
}

/// A kind of place that looks like a network everybody knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Network {
    Vk,
    Telegram,
    Ok,
    X,
    Facebook,
    Mastodon,
    Bluesky,
    Forum,
    Reviews,
    News,
}

impl Network {
    /// The value of the query language's `network:` field.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Vk => "vk",
            Self::Telegram => "telegram",
            Self::Ok => "ok",
            Self::X => "x",
            Self::Facebook => "facebook",
            Self::Mastodon => "mastodon",
            Self::Bluesky => "bluesky",
            Self::Forum => "forum",
            Self::Reviews => "reviews",
            Self::News => "news",
        }
    }

    /// How often a post there is made in a community and not on the author's own page.
    pub(crate) const fn communal(self) -> f64 {
        match self {
            Self::Vk | Self::Ok | Self::Facebook => 0.55,
            Self::Telegram => 0.92,
            Self::Forum | Self::Reviews | Self::News => 1.0,
            Self::X | Self::Mastodon | Self::Bluesky => 0.0,
        }
    }

    /// How carelessly people write there, from 0 to 1.
    pub(crate) const fn looseness(self) -> f64 {
        match self {
            Self::Telegram => 1.0,
            Self::Vk | Self::Ok | Self::X => 0.8,
            Self::Facebook | Self::Mastodon | Self::Bluesky | Self::Forum => 0.5,
            Self::Reviews => 0.3,
            Self::News => 0.4,
        }
    }

    /// Handles there are nicknames and not first and last names.
    pub(crate) const fn pseudonymous(self) -> bool {
        !matches!(self, Self::Vk | Self::Ok | Self::Facebook | Self::Reviews)
    }
}
