//! Whom a reply names. On this network only who is named in a text is told of it.

use crate::reply::{AccountFacts, Outgoing};

/// The text with the mention of whom it answers, as the account's own server writes it. The one we know them by may be that of
/// another server, under another of its names. `acct` is whom the parent is by, as the server `host` calls them.
pub(super) fn addressed(reply: &Outgoing, facts: &AccountFacts, acct: &str, host: &str) -> String {
    let acct = acct.trim_start_matches('@');
    let known = reply.target.author_handle.as_deref().unwrap_or_default().trim_start_matches('@');
    let acct = if acct.is_empty() { known } else { acct };
    let text = reply.text.trim();
    let local = acct.split_once('@').is_none();
    let own = facts.handle == acct || (local && facts.handle.split('@').next() == Some(acct));
    let domain = facts.handle.split_once('@').map_or(host, |(_, domain)| domain);
    let as_known = local.then(|| format!("{acct}@{domain}"));
    if acct.is_empty() || own || mentions(text, acct) || as_known.is_some_and(|handle| mentions(text, &handle)) {
        return text.to_owned();
    }
    let greeted = format!("@{known}");
    match text.get(..greeted.len()).filter(|start| !known.is_empty() && start.eq_ignore_ascii_case(&greeted)) {
        Some(_) if ends_name(&text[greeted.len()..]) => format!("@{acct}{}", &text[greeted.len()..]),
        _ => format!("@{acct} {text}"),
    }
}

/// Whether the text names them: `@acct`, with nothing before or after that would make it another name.
fn mentions(text: &str, acct: &str) -> bool {
    let (text, wanted) = (text.to_lowercase(), format!("@{}", acct.to_lowercase()));
    text.match_indices(&wanted).any(|(at, found)| {
        let before = text[..at].chars().next_back();
        before.is_none_or(|sign| !sign.is_alphanumeric() && !"@/_".contains(sign))
            && ends_name(&text[at + found.len()..])
    })
}

fn ends_name(rest: &str) -> bool {
    let mut signs = rest.chars();
    match signs.next() {
        None => true,
        // A full stop or hyphen belongs to the name only when it goes on behind it.
        Some('.' | '-') => signs.next().is_none_or(|sign| !sign.is_ascii_alphanumeric()),
        Some(sign) => !sign.is_ascii_alphanumeric() && sign != '_' && sign != '@',
    }
}

#[cfg(test)]
mod tests {
    use super::super::reply::tests::{facts, reply};
    use super::*;

    fn out(text: &str, handle: &str, acct: &str) -> String {
        addressed(&reply(text, handle), &facts(), acct, "m.example")
    }

    #[test]
    fn whoever_is_answered_is_named_once_and_as_the_own_server_names_them() {
        let handle = "olena@web.o.example";
        assert_eq!(out("Починили 👍", handle, "olena@o.example"), "@olena@o.example Починили 👍");
        assert_eq!(out("@olena@web.o.example, починили", handle, "olena@o.example"), "@olena@o.example, починили");
        assert_eq!(out("Да, @Olena@O.example!", handle, "olena@o.example"), "Да, @Olena@O.example!");
        assert_eq!(out("@anna да", "anna@m.example", "anna"), "@anna да");
        assert_eq!(out("@anna@m.example да", "anna@m.example", "anna"), "@anna@m.example да");
        // Somebody else of a longer name, or of another server, is not whom we answer.
        assert_eq!(out("@anna_k да", "anna@m.example", "anna"), "@anna @anna_k да");
        assert_eq!(out("@anna@x.example да", "anna@m.example", "anna"), "@anna @anna@x.example да");
        assert_eq!(out("себе", "shop@m.example", "shop"), "себе");
    }
}
