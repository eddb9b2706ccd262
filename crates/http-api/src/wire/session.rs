//! Who is signed in, and first steps.

use molva_storage::user::User;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::wire::{Id, Workspace};

/// Whether the owner is still to be made.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Setup {
    pub needed: bool,
    /// Molva's version.
    pub version: String,
}

/// A language of the interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum LocaleCode {
    Ru,
    Uk,
    En,
}

impl LocaleCode {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Ru => "ru",
            Self::Uk => "uk",
            Self::En => "en",
        }
    }
}

/// The first person of this Molva.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOwner {
    /// From the one-time link.
    pub secret: String,
    pub name: String,
    pub login: String,
    /// At least ten characters.
    #[schema(format = Password, min_length = 10)]
    pub password: String,
    pub locale: LocaleCode,
    /// The zone days will be counted in, as the browser names it; one that is not known leaves UTC.
    #[serde(default)]
    pub time_zone: Option<String>,
}

/// Who signs in.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    pub login: String,
    #[schema(format = Password)]
    pub password: String,
}

/// A change to oneself.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MeChange {
    #[serde(default)]
    pub locale: Option<LocaleCode>,
}

/// The signed-in person and where they work.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Me {
    pub user: Account,
    pub workspace: Workspace,
    /// Molva's version.
    pub version: String,
    /// A source of the demo stream exists and runs: what is on the screen is made up.
    pub live_demo: bool,
}

/// A person.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Account {
    pub id: Id,
    pub name: String,
    pub login: String,
    /// `owner` for now.
    pub role: String,
    pub locale: LocaleCode,
}

impl From<&User> for Account {
    fn from(user: &User) -> Self {
        Self {
            id: Id::of(user.id),
            name: user.name.clone(),
            login: user.login.clone(),
            role: user.role.clone(),
            locale: match user.locale.as_str() {
                "ru" => LocaleCode::Ru,
                "uk" => LocaleCode::Uk,
                _ => LocaleCode::En,
            },
        }
    }
}
