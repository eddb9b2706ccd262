//! Files that go with a reply.

use std::fmt;

use molva_domain::ReplyVisibility;

use crate::settings::Localized;

/// Pictures that browsers show and networks take.
pub const IMAGES: &[&str] = &["image/jpeg", "image/png", "image/webp", "image/gif"];
/// What goes with a letter or a message as a document.
pub const DOCUMENTS: &[&str] = &["image/jpeg", "image/png", "image/webp", "image/gif", "application/pdf"];

/// Why no file goes with a reply, where the network has no place for any.
pub const NO_FILES: Localized = Localized {
    en: "This network takes no files with a reply.",
    ru: "Эта сеть не принимает файлы с ответом.",
    uk: "Ця мережа не приймає файлів із відповіддю.",
};

/// A file as it is handed to a network.
#[derive(Clone, PartialEq, Eq)]
pub struct Attachment {
    pub name: String,
    /// By what stands in it, never by what it is called.
    pub media_type: String,
    /// What it shows, in words, for those who do not see it.
    pub alt: Option<String>,
    pub bytes: Vec<u8>,
}

impl fmt::Debug for Attachment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Attachment({}, {} bytes)", self.media_type, self.bytes.len())
    }
}

impl Attachment {
    /// Whether it is shown as a picture.
    #[must_use]
    pub fn is_image(&self) -> bool {
        self.media_type.starts_with("image/")
    }
}

/// Which files a network takes with one reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttachmentRule {
    pub most: u32,
    /// Of one file.
    pub bytes: u64,
    pub media_types: &'static [&'static str],
    /// Longest description in characters; `None`: the network has none.
    pub alt: Option<u32>,
    /// How long the text may be beside files, in the unit of the reply's length; `None`: as long as without.
    pub text: Option<u32>,
    /// Types of which one file goes with a reply, and no other beside it.
    pub alone: &'static [&'static str],
    /// Whether they may go with a private answer to something public, too.
    pub private: bool,
}

/// What is wrong with the files of a reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttachmentProblem {
    TooMany {
        most: u32,
    },
    /// One of them has to go without the others.
    NotAlone,
    /// Only what is said in public has files there.
    NotPrivate,
    WrongType,
    TooBig {
        most: u64,
    },
    AltTooLong {
        most: u32,
    },
}

impl AttachmentRule {
    /// So many of those types, so large each; the rest as most networks have it.
    #[must_use]
    pub const fn new(most: u32, bytes: u64, media_types: &'static [&'static str]) -> Self {
        Self { most, bytes, media_types, alt: None, text: None, alone: &[], private: true }
    }

    /// Looks at one file; at all of them together looks [`Self::check_together`].
    ///
    /// # Errors
    /// What the network would refuse it for.
    pub fn check(&self, media_type: &str, bytes: u64, alt: Option<&str>) -> Result<(), AttachmentProblem> {
        if !self.media_types.contains(&media_type) {
            return Err(AttachmentProblem::WrongType);
        }
        if bytes > self.bytes {
            return Err(AttachmentProblem::TooBig { most: self.bytes });
        }
        match (self.alt, alt.map(|alt| alt.chars().count())) {
            (Some(most), Some(length)) if length > most as usize => Err(AttachmentProblem::AltTooLong { most }),
            _ => Ok(()),
        }
    }

    /// Looks at the types of all files of a reply.
    ///
    /// # Errors
    /// When there are more than the network takes with one reply, or they may not go together, or not with this one.
    pub fn check_together(&self, media_types: &[&str], visibility: ReplyVisibility) -> Result<(), AttachmentProblem> {
        if media_types.len() > self.most as usize {
            return Err(AttachmentProblem::TooMany { most: self.most });
        }
        if media_types.len() > 1 && media_types.iter().any(|media_type| self.alone.contains(media_type)) {
            return Err(AttachmentProblem::NotAlone);
        }
        if !media_types.is_empty() && !self.private && visibility == ReplyVisibility::Private {
            return Err(AttachmentProblem::NotPrivate);
        }
        Ok(())
    }
}

/// The type of a file by its first bytes, of those that may go with a reply.
#[must_use]
pub fn media_type(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some("image/png"),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some("image/gif"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        [b'%', b'P', b'D', b'F', b'-', ..] => Some("application/pdf"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_stands_in_it() {
        let check = |bytes: &[u8]| media_type(bytes);
        assert_eq!(check(b"\xff\xd8\xff\xe0\0\x10JFIF"), Some("image/jpeg"));
        assert_eq!(check(b"\x89PNG\r\n\x1a\n\0"), Some("image/png"));
        assert_eq!(check(b"GIF89a\x01"), Some("image/gif"));
        assert_eq!(check(b"RIFF\x10\0\0\0WEBPVP8 "), Some("image/webp"));
        assert_eq!(check(b"%PDF-1.7\n"), Some("application/pdf"));
        for other in [&b"<svg onload=alert(1)>"[..], b"<html>", b"MZ\x90", b"", b"\x89PNG", b"RIFF\0\0\0\0WAVE"] {
            assert_eq!(check(other), None);
        }
    }

    #[test]
    fn what_a_network_would_refuse_is_told_before() {
        let rule = AttachmentRule { alt: Some(5), alone: &["image/gif"], ..AttachmentRule::new(2, 100, IMAGES) };
        assert_eq!(rule.check("image/png", 100, Some("привет")), Err(AttachmentProblem::AltTooLong { most: 5 }));
        assert_eq!(rule.check("image/png", 100, Some("домик")), Ok(()));
        assert_eq!(rule.check("image/png", 101, None), Err(AttachmentProblem::TooBig { most: 100 }));
        assert_eq!(rule.check("application/pdf", 1, None), Err(AttachmentProblem::WrongType));
        let together = |types: &[&str]| rule.check_together(types, ReplyVisibility::Private);
        assert_eq!(together(&["image/png", "image/jpeg"]), Ok(()));
        assert_eq!(together(&["image/png"; 3]), Err(AttachmentProblem::TooMany { most: 2 }));
        assert_eq!(together(&["image/gif"]), Ok(()));
        assert_eq!(together(&["image/png", "image/gif"]), Err(AttachmentProblem::NotAlone));
        let public = AttachmentRule { private: false, ..rule };
        let check = |visibility| public.check_together(&["image/png"], visibility);
        assert_eq!(check(ReplyVisibility::Private), Err(AttachmentProblem::NotPrivate));
        assert_eq!(
            (check(ReplyVisibility::Public), public.check_together(&[], ReplyVisibility::Private)),
            (Ok(()), Ok(()))
        );
    }
}
