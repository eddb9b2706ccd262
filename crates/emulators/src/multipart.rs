//! Forms with files (`multipart/form-data`, RFC 7578), as clients send them.

/// A field, or a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub name: String,
    /// Of a file.
    pub file_name: Option<String>,
    pub media_type: Option<String>,
    pub body: Vec<u8>,
}

/// The parts of a body; none when it is no such form, or is cut.
#[must_use]
pub fn parts(content_type: &str, body: &[u8]) -> Option<Vec<Part>> {
    let boundary = content_type.strip_prefix("multipart/form-data").and_then(|rest| rest.split_once("boundary="))?;
    let boundary = format!("--{}", boundary.1.split(';').next().unwrap_or_default().trim().trim_matches('"'));
    let mut rest = body.get(find(body, boundary.as_bytes())? + boundary.len()..)?;
    let mut parts = Vec::new();
    while let Some(after) = rest.strip_prefix(b"\r\n") {
        let end = find(after, format!("\r\n{boundary}").as_bytes())?;
        parts.push(part(&after[..end])?);
        rest = &after[end + 2 + boundary.len()..];
    }
    rest.starts_with(b"--").then_some(parts)
}

fn part(whole: &[u8]) -> Option<Part> {
    let middle = find(whole, b"\r\n\r\n")?;
    let headers = std::str::from_utf8(&whole[..middle]).ok()?;
    let header = |wanted: &str| {
        let lines = headers.split("\r\n").filter_map(|line| line.split_once(':'));
        lines.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value.trim().to_owned())
    };
    let disposition = header("content-disposition")?;
    let field = |name: &str| {
        let begin = disposition.find(&format!("; {name}=\""))? + name.len() + 4;
        disposition[begin..].split('"').next().map(str::to_owned)
    };
    let (name, file_name) = (field("name")?, field("filename"));
    Some(Part { name, file_name, media_type: header("content-type"), body: whole[middle + 4..].to_vec() })
}

fn find(body: &[u8], wanted: &[u8]) -> Option<usize> {
    body.windows(wanted.len()).position(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_read_whole_or_not_at_all() {
        let body = b"--x1\r\nContent-Disposition: form-data; name=\"chat_id\"\r\n\r\n7\r\n--x1\r\n\
            content-disposition: form-data; name=\"photo\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n\x89\r\n\r\n-\r\n--x1--\r\n";
        let field = Part { name: "chat_id".into(), file_name: None, media_type: None, body: b"7".to_vec() };
        let file = Part {
            name: "photo".into(),
            file_name: Some("a.png".into()),
            media_type: Some("image/png".into()),
            body: b"\x89\r\n\r\n-".to_vec(),
        };
        assert_eq!(parts("multipart/form-data; boundary=x1", body), Some(vec![field, file]));
        assert_eq!(parts("multipart/form-data; boundary=\"x1\"", &body[..100]), None);
        assert_eq!(parts("application/json", b"{}"), None);
    }
}
