//! What a post must show to pass a test of a field, as a text: so that queries of one author or one community can be
//! looked up instead of being tried on every post.

use molva_domain::Post;

use crate::field::{FieldTest, host_of};

/// Where a sign is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum SignKind {
    Network,
    Community,
    Author,
    Site,
}

impl FieldTest {
    /// The sign that every post passing this test shows in [`each_sign`]; `None` when there is no such.
    #[must_use]
    pub fn sign(&self) -> Option<(SignKind, &str)> {
        match self {
            Self::Network(name) => Some((SignKind::Network, name)),
            Self::Community(key) => Some((SignKind::Community, key)),
            Self::AuthorHandle(handle) => Some((SignKind::Author, handle)),
            Self::Site(host) => Some((SignKind::Site, host)),
            _ => None,
        }
    }
}

/// Calls `sign` with every sign a post shows.
pub fn each_sign(post: &Post, mut sign: impl FnMut(SignKind, &str)) {
    sign(SignKind::Network, &post.network.to_lowercase());
    if let Some(community) = &post.community {
        sign(SignKind::Community, &community.key.to_lowercase());
    }
    if let Some(handle) = &post.author.handle {
        let handle = handle.trim_start_matches('@').to_lowercase();
        sign(SignKind::Author, &handle);
        // Where servers have users, the user's name alone counts too.
        if let Some((user, _)) = handle.split_once('@') {
            sign(SignKind::Author, user);
        }
    }
    if let Some(url) = &post.url {
        let host = host_of(url);
        let mut rest = host.as_str();
        sign(SignKind::Site, rest);
        while let Some((_, above)) = rest.split_once('.') {
            sign(SignKind::Site, above);
            rest = above;
        }
    }
}

#[cfg(test)]
mod tests {
    use molva_domain::{Author, Community, Timestamp, Urn};

    use super::*;
    use crate::syntax::Node;

    #[test]
    fn whoever_passes_a_test_shows_its_sign() {
        let at = Timestamp::default();
        let mut post = Post::new(Urn::new("urn:smm:vk:post:1"), "VK", String::new(), at, at);
        post.community = Some(Community { key: "vk/Клуб".into(), ..Community::default() });
        post.author = Author { handle: Some("@Имя@m.example".into()), ..Author::default() };
        post.url = Some("https://www.news.pikabu.ru:443/story".into());
        let mut shown = Vec::new();
        each_sign(&post, |kind, text| shown.push((kind, text.to_owned())));
        for text in [
            "network:vk",
            "community:vk/клуб",
            "author:@имя",
            "author:@имя@m.example",
            "site:pikabu.ru",
            "site:news.pikabu.ru",
            "site:ru",
        ] {
            let query = crate::parse(text).query.expect("a query");
            let Node::Field(test) = &query.expr().node else { panic!("{text} is a field") };
            let (kind, sign) = test.sign().expect("a sign");
            assert_eq!(query.matches(&post), shown.contains(&(kind, sign.to_owned())), "{text}");
        }
    }
}
