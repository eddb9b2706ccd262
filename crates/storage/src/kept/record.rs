//! A post of the kept stream as bytes: postcard, whose fields have no names, so that a field cannot be added in the middle.
//!
//! What posts came to have later stands behind the first form, and only where there is something to write. Records of
//! versions before end early.

use serde::{Deserialize, Serialize};

use super::KeptPost;

/// What the first form does not hold. Further fields need a further part, behind this one.
#[derive(Serialize, Deserialize)]
struct Place {
    region: Option<String>,
    country: Option<String>,
}

/// Appends a record. `None` when a part of the post cannot be written.
pub(super) fn write(kept: &KeptPost, to: Vec<u8>) -> Option<Vec<u8>> {
    let out = postcard::to_extend(kept, to).ok()?;
    let author = &kept.post.author;
    if author.region.is_none() && author.country.is_none() {
        return Some(out);
    }
    let place = Place { region: author.region.clone(), country: author.country.clone() };
    postcard::to_extend(&place, out).ok()
}

/// `None` when the record is of a form that this version does not know.
pub(super) fn read(bytes: &[u8]) -> Option<KeptPost> {
    let (mut kept, rest) = postcard::take_from_bytes::<KeptPost>(bytes).ok()?;
    if !rest.is_empty() {
        let place: Place = postcard::from_bytes(rest).ok()?;
        kept.post.author.region = place.region;
        kept.post.author.country = place.country;
    }
    Some(kept)
}

#[cfg(test)]
mod tests {
    use molva_domain::{Post, Timestamp, Urn};

    use super::*;

    fn kept() -> KeptPost {
        let at = Timestamp::from_secs(1_700_000_000);
        let mut post = Post::new(Urn::new("urn:smm:test:post:1"), "test", "text".to_owned(), at, at);
        post.author.city = Some("Гродно".to_owned());
        KeptPost { source: 5, content_hash: 7, post }
    }

    #[test]
    fn a_place_comes_back_as_it_was() {
        let mut given = kept();
        given.post.author.country = Some("BY".to_owned());
        let bytes = write(&given, Vec::new()).expect("a record");
        assert_eq!(read(&bytes), Some(given));
    }

    #[test]
    fn a_record_of_the_first_form_is_still_read() {
        let bytes = postcard::to_stdvec(&kept()).expect("a record");
        assert_eq!(write(&kept(), Vec::new()), Some(bytes.clone()));
        assert_eq!(read(&bytes), Some(kept()));
    }
}
