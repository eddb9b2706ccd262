//! Networks as they are: real servers where one can be installed, and stand-ins that speak the protocol where not.
//! `scripts/servers/*.sh` start the real ones and name them in `MOLVA_TEST_…`; a test without its server says so and passes.

#[path = "connectors/bluesky.rs"]
mod bluesky;
#[path = "connectors/contract.rs"]
mod contract;
#[path = "connectors/corpus.rs"]
mod corpus;
#[path = "connectors/demo.rs"]
mod demo;
#[path = "connectors/facebook.rs"]
mod facebook;
#[path = "connectors/feed.rs"]
mod feed;
#[path = "connectors/forums.rs"]
mod forums;
#[path = "connectors/http.rs"]
mod http;
#[path = "connectors/instagram.rs"]
mod instagram;
#[path = "connectors/mail.rs"]
mod mail;
#[path = "connectors/mail_server.rs"]
mod mail_server;
#[path = "connectors/mastodon.rs"]
mod mastodon;
#[path = "connectors/max.rs"]
mod max;
#[path = "connectors/newest_first.rs"]
mod newest_first;
#[path = "connectors/ok.rs"]
mod ok;
#[path = "connectors/polite.rs"]
mod polite;
#[path = "connectors/reddit.rs"]
mod reddit;
#[path = "connectors/reply_bluesky.rs"]
mod reply_bluesky;
#[path = "connectors/reply_discourse.rs"]
mod reply_discourse;
#[path = "connectors/reply_facebook.rs"]
mod reply_facebook;
#[path = "connectors/reply_forums.rs"]
mod reply_forums;
#[path = "connectors/reply_instagram.rs"]
mod reply_instagram;
#[path = "connectors/reply_mail.rs"]
mod reply_mail;
#[path = "connectors/reply_mastodon.rs"]
mod reply_mastodon;
#[path = "connectors/reply_max.rs"]
mod reply_max;
#[path = "connectors/reply_ok.rs"]
mod reply_ok;
#[path = "connectors/reply_reddit.rs"]
mod reply_reddit;
#[path = "connectors/reply_sandbox.rs"]
mod reply_sandbox;
#[path = "connectors/reply_stores.rs"]
mod reply_stores;
#[path = "connectors/reply_support.rs"]
mod reply_support;
#[path = "connectors/reply_telegram.rs"]
mod reply_telegram;
#[path = "connectors/reply_vk.rs"]
mod reply_vk;
#[path = "connectors/reply_wordpress.rs"]
mod reply_wordpress;
#[path = "connectors/reply_x.rs"]
mod reply_x;
#[path = "connectors/reply_youtube.rs"]
mod reply_youtube;
#[path = "connectors/sandbox.rs"]
mod sandbox;
#[path = "connectors/stores.rs"]
mod stores;
#[path = "connectors/support.rs"]
mod support;
#[path = "connectors/telegram.rs"]
mod telegram;
#[path = "connectors/toy_network.rs"]
mod toy_network;
#[path = "connectors/vk.rs"]
mod vk;
#[path = "connectors/walk.rs"]
mod walk;
#[path = "connectors/wordpress.rs"]
mod wordpress;
#[path = "connectors/world.rs"]
mod world;
#[path = "connectors/x.rs"]
mod x;
#[path = "connectors/youtube.rs"]
mod youtube;
