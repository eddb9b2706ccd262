//! Stand-ins for networks that cannot be installed, built from their published contracts: a sandbox for trying Molva, and the other
//! end of its tests.
//!
//! All of them show the same invented [`World`], break in the ways [`Faults`] asks for, enforce the limits of their network and count
//! what reached them. They know nothing of Molva's connectors; programs of others are run against them to keep them honest.
//!
//! Start with [`EMULATORS`], the list; then [`world`]; then any network's file.

pub mod app_store;
mod calls;
mod consent;
mod control;
mod counts;
pub mod discourse;
mod faults;
pub mod flarum;
mod forum;
mod google;
pub mod google_play;
mod limits;
pub mod max;
pub mod meta;
pub mod multipart;
pub mod nodebb;
pub mod ok;
pub mod reddit;
mod rest;
mod sandbox;
mod searching;
mod spoil;
pub mod telegram;
pub mod uploads;
pub mod vk;
pub mod world;
pub mod x;
pub mod youtube;

use axum::Router;
use axum::extract::DefaultBodyLimit;

pub use counts::{Counts, Received};
pub use faults::{Fault, Faults};
pub use sandbox::{Inside, Sandbox};
pub use world::{Kind, PLACES, Said, Saying, Seed, Who, World, spoken_of};

/// The largest file that Molva keeps, in a form, or as text in JSON.
const MAX_BODY_BYTES: usize = 24 << 20;

/// A network that can be played.
#[derive(Clone, Copy, Debug)]
pub struct Emulator {
    pub name: &'static str,
    /// What one needs to speak to it, a line each.
    pub keys: &'static [&'static str],
    router: fn(Sandbox) -> Router,
}

/// Every emulator.
pub static EMULATORS: &[Emulator] = &[
    Emulator { name: "vk", keys: vk::KEYS, router: vk::router },
    Emulator { name: "telegram", keys: telegram::KEYS, router: telegram::router },
    Emulator { name: "reddit", keys: reddit::KEYS, router: reddit::router },
    Emulator { name: "discourse", keys: discourse::KEYS, router: discourse::router },
    Emulator { name: "nodebb", keys: nodebb::KEYS, router: nodebb::router },
    Emulator { name: "flarum", keys: flarum::KEYS, router: flarum::router },
    Emulator { name: "max", keys: max::KEYS, router: max::router },
    Emulator { name: "ok", keys: ok::KEYS, router: ok::router },
    Emulator { name: "x", keys: x::KEYS, router: x::router },
    Emulator { name: "meta", keys: meta::KEYS, router: meta::router },
    Emulator { name: "youtube", keys: youtube::KEYS, router: youtube::router },
    Emulator { name: "googleplay", keys: google_play::KEYS, router: google_play::router },
    Emulator { name: "appstore", keys: app_store::KEYS, router: app_store::router },
];

impl Emulator {
    /// The one of that name.
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Self> {
        EMULATORS.iter().find(|emulator| emulator.name == name)
    }

    /// Its server: the network's own addresses, and `/_faults`, `/_seed`, `/_say`, `/_edit`, `/_delete`, `/_forget`, `/_counts`.
    pub fn router(&self, sandbox: Sandbox) -> Router {
        let router = (self.router)(sandbox.clone()).merge(control::router(sandbox));
        router.layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
    }
}
