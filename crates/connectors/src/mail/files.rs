//! What lies beside the words of a letter: it is named, not read.

use mail_parser::{Message, MessagePart, MimeHeaders as _, PartType};
use molva_domain::{Media, MediaKind};

use super::message::line;

/// Most files that are named of one letter.
const MAX_FILES: usize = 20;

/// The files of a letter by their names. Pictures that its markup shows are part of its looks: logos, lines, smileys.
pub(super) fn files_of(message: &Message<'_>) -> Vec<Media> {
    let attached = message.attachments().filter(|part| !is_shown(part)).take(MAX_FILES).enumerate();
    attached
        .map(|(number, part)| Media { kind: kind(part), url: format!("mail:file/{}", number + 1), alt: name(part) })
        .collect()
}

fn is_shown(part: &MessagePart<'_>) -> bool {
    let attached = part.content_disposition().is_some_and(|how| how.ctype().eq_ignore_ascii_case("attachment"));
    !attached && part.content_id().is_some()
}

fn name(part: &MessagePart<'_>) -> Option<String> {
    let inside = if let PartType::Message(letter) = &part.body { letter.subject() } else { None };
    part.attachment_name().or(inside).map(line).filter(|name| !name.is_empty())
}

fn kind(part: &MessagePart<'_>) -> MediaKind {
    match part.content_type().map(|kind| kind.ctype().to_ascii_lowercase()).as_deref() {
        Some("image") => MediaKind::Image,
        Some("video") => MediaKind::Video,
        Some("audio") => MediaKind::Audio,
        _ => MediaKind::Document,
    }
}
