//! Every network Molva can listen to. A new one is a file beside this and a row here.

use crate::connector::Connector;

/// In the order of the gallery.
pub static CONNECTORS: &[&dyn Connector] =
    &[&crate::feed::FeedConnector, &crate::mastodon::Mastodon, &crate::bluesky::Bluesky, &crate::push::Push];

/// The connector of that name.
#[must_use]
pub fn find(name: &str) -> Option<&'static dyn Connector> {
    CONNECTORS.iter().copied().find(|connector| connector.descriptor().name == name)
}
