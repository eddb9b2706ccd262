//! Forms with files (`multipart/form-data`, RFC 7578).

use crate::digest;

/// A field of a form.
#[derive(Clone, Copy, Debug)]
pub struct Part<'a> {
    pub name: &'a str,
    /// Of a file: what it is called, and its type.
    pub file: Option<(&'a str, &'a str)>,
    pub body: &'a [u8],
}

impl<'a> Part<'a> {
    #[must_use]
    pub const fn field(name: &'a str, value: &'a str) -> Self {
        Self { name, file: None, body: value.as_bytes() }
    }

    #[must_use]
    pub const fn file(name: &'a str, file_name: &'a str, media_type: &'a str, body: &'a [u8]) -> Self {
        Self { name, file: Some((file_name, media_type)), body }
    }
}

/// The type of the body, and the body. The line between the parts is a digest of them, so that none can hold it.
pub(super) fn encode(parts: &[Part<'_>]) -> (String, Vec<u8>) {
    let boundary = format!("molva-{}", digest::hex(&parts.iter().map(|part| part.body).collect::<Vec<_>>(), 16));
    let mut body = Vec::with_capacity(parts.iter().map(|part| part.body.len() + 256).sum());
    for part in parts {
        body.extend(format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"", quoted(part.name)).bytes());
        if let Some((name, media_type)) = part.file {
            body.extend(format!("; filename=\"{}\"\r\nContent-Type: {media_type}", quoted(name)).bytes());
        }
        body.extend(b"\r\n\r\n");
        body.extend(part.body);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{boundary}--\r\n").bytes());
    (format!("multipart/form-data; boundary={boundary}"), body)
}

/// As browsers write names: a quote or a line break would end them.
fn quoted(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_bring_in_a_part_of_its_own() {
        let (media_type, body) =
            encode(&[Part::field("description", "кот"), Part::file("file", "a\"\r\nX: y", "image/png", b"\x89PNG")]);
        let boundary = media_type.strip_prefix("multipart/form-data; boundary=").expect("a boundary");
        let mut expected = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"description\"\r\n\r\nкот\r\n--{boundary}\r\n\
             Content-Disposition: form-data; name=\"file\"; filename=\"a%22%0D%0AX: y\"\r\nContent-Type: image/png\r\n\r\n"
        )
        .into_bytes();
        expected.extend(b"\x89PNG");
        expected.extend(format!("\r\n--{boundary}--\r\n").bytes());
        assert_eq!(body, expected);
    }
}
