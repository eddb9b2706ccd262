//! Files of a post. The forum keeps them beforehand, the same file once; the post names them in its text, as the forum's own composer does.

use http::{Method, StatusCode};
use serde::Deserialize;

use super::reply::{Account, refusal};
use crate::error::ConnectorError;
use crate::http::{Part, Response};
use crate::reply::upload::{LIMIT, not_taken};
use crate::reply::{Attachment, AttachmentRule, SendError, attachment};

/// What forums take when their owner changed nothing (`max_image_size_kb`, `authorized_extensions`); the most of a post is our own.
pub(super) const RULE: AttachmentRule =
    AttachmentRule { alt: Some(500), ..AttachmentRule::new(10, 4 << 20, attachment::IMAGES) };

/// Where kept files are: `upload://rmvjm4vF4eEwxBgYvGeUXUzZMp7.png`.
const KEPT: &str = "upload://";

#[derive(Default, Deserialize)]
#[serde(default)]
struct Kept {
    short_url: String,
    width: Option<u32>,
    height: Option<u32>,
}

impl Kept {
    /// What names it in a text; `None` when the forum does not say where it is.
    fn markdown(&self, file: &Attachment) -> Option<String> {
        let name = self.short_url.strip_prefix(KEPT)?;
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.') {
            return None;
        }
        let words =
            file.alt.as_deref().unwrap_or_else(|| file.name.rsplit_once('.').map_or(&*file.name, |(stem, _)| stem));
        let words: String =
            words.chars().map(|letter| if "[]|\r\n\\".contains(letter) { ' ' } else { letter }).collect();
        let size = self.width.zip(self.height).map(|(width, height)| format!("|{width}x{height}"));
        Some(format!("![{}{}]({KEPT}{name})", words.trim(), size.unwrap_or_default()))
    }
}

/// The text with its files below it.
pub(super) async fn with_files(account: &Account<'_>, text: &str, files: &[Attachment]) -> Result<String, SendError> {
    let mut whole = text.to_owned();
    for (index, file) in files.iter().enumerate() {
        whole.push_str(if index == 0 { "\n\n" } else { "\n" });
        whole.push_str(&upload(account, file).await?);
    }
    Ok(whole)
}

async fn upload(account: &Account<'_>, file: &Attachment) -> Result<String, SendError> {
    let now = account.session.now();
    let before = |error| SendError::before(error, now);
    let parts = [
        Part::field("type", "composer"),
        Part::field("upload_type", "composer"),
        Part::field("synchronous", "true"),
        Part::file("file", &file.name, &file.media_type, &file.bytes),
    ];
    let request = account.request(Method::POST, "uploads.json", &[]).map_err(before)?.multipart(&parts).timeout(LIMIT);
    account.room().map_err(before)?;
    let answer = account.session.send(request).await.map_err(before)?;
    if !answer.status.is_success() {
        return Err(refused(account, answer));
    }
    let kept: Kept = answer.json().map_err(before)?;
    let unnamed = || ConnectorError::Protocol(format!("{} does not say where it keeps a file", account.place.instance));
    kept.markdown(file).ok_or_else(|| before(unnamed()))
}

fn refused(account: &Account<'_>, answer: Response) -> SendError {
    let said = refusal(&answer).said();
    let forum = &account.place.instance;
    match answer.status {
        StatusCode::UNPROCESSABLE_ENTITY | StatusCode::PAYLOAD_TOO_LARGE | StatusCode::BAD_REQUEST => {
            not_taken(forum, &said)
        }
        // The key may be good and only lack this right.
        StatusCode::FORBIDDEN => SendError::refused(
            "missing_right",
            format!("the key may not bring files to {forum} ({said}); let an administrator give it `uploads: create`"),
        ),
        StatusCode::NOT_FOUND => not_taken(forum, &said),
        _ => match account.checked(answer) {
            Ok(_) => SendError::Later { message: format!("{forum} took a file and said no"), until: None },
            Err(error) => SendError::before(error, account.session.now()),
        },
    }
}

/// The text of a post without the lines that name its files.
pub(super) fn without_files(raw: &str) -> String {
    let is_file = |line: &&str| line.starts_with("![") && line.ends_with(')') && line.contains(&format!("]({KEPT}"));
    raw.lines().filter(|line| !is_file(&line.trim())).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_as_the_composer_names_it_and_left_out_when_words_are_compared() {
        let mut file = Attachment {
            name: "карта покрытия.png".to_owned(),
            media_type: "image/png".to_owned(),
            alt: Some("Карта [юг]".to_owned()),
            bytes: Vec::new(),
        };
        let kept = Kept { short_url: "upload://ab12.png".to_owned(), width: Some(640), height: Some(480) };
        assert_eq!(kept.markdown(&file).as_deref(), Some("![Карта  юг|640x480](upload://ab12.png)"));
        file.alt = None;
        let bare = Kept { width: None, ..kept };
        let named = bare.markdown(&file).expect("a name");
        assert_eq!(named, "![карта покрытия](upload://ab12.png)");
        assert_eq!(without_files(&format!("Починили\n\n{named}\n{named}")), "Починили\n");
        assert_eq!(without_files("![x](https://a.example/1.png)"), "![x](https://a.example/1.png)");
        let evil = Kept { short_url: "upload://a)[x](javascript:1".to_owned(), ..bare };
        assert_eq!(evil.markdown(&file), None);
    }
}
