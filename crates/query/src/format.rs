//! Lays a query out for people.

pub(crate) fn format(text: &str) -> String {
    text.trim().to_owned()
}
