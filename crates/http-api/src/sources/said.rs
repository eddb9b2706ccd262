//! What a connector says of its failure, begun in the reader's language. The head of the sentence is ours and known; what follows it is the
//! network's own word, or the connector's in English.

use molva_connectors::{ConnectorError, Localized, Setting};

use crate::locale::{Locale, text};

/// Code of `molva_connectors::ConnectorError` -> how its sentence begins.
const HEADS: &[(&str, Localized)] = &[
    ("rate_limited", text("rate limited by the network", "сеть просит подождать", "мережа просить зачекати")),
    ("quota_exhausted", text("the network's quota is used up", "квота сети исчерпана", "квоту мережі вичерпано")),
    ("auth_expired", text("the access token has expired", "срок ключа доступа истёк", "строк ключа доступу минув")),
    (
        "auth_revoked",
        text("the access token is not accepted: ", "ключ доступа не принят: ", "ключ доступу не прийнято: "),
    ),
    ("forbidden", text("forbidden: ", "сеть отказывает: ", "мережа відмовляє: ")),
    ("gone", text("gone for good: ", "этого больше нет: ", "цього більше немає: ")),
    ("not_found", text("not found: ", "не найдено: ", "не знайдено: ")),
    (
        "cursor_lost",
        text("the cursor is lost: ", "место, где остановились, потеряно: ", "місце, де зупинилися, втрачено: "),
    ),
    ("address_blocked", text("address not allowed: ", "адрес не разрешён: ", "адресу не дозволено: ")),
    ("transient", text("", "пока не получилось: ", "поки не вийшло: ")),
    ("protocol", text("unexpected answer: ", "неожиданный ответ: ", "несподівана відповідь: ")),
    ("not_stored", text("not stored: ", "не сохранено: ", "не збережено: ")),
    ("cancelled", text("stopped", "остановлено", "зупинено")),
];

/// The sentence of an error as it was written down, in the reader's language as far as it is ours. `declared` are the settings of the form, whose
/// labels people know.
pub(crate) fn said(code: &str, message: &str, declared: &[Setting], locale: Locale) -> String {
    if code == "invalid_setting" {
        return of_setting(message, declared, locale).unwrap_or_else(|| message.to_owned());
    }
    let head = HEADS.iter().find(|(known, _)| *known == code).map(|(_, head)| *head);
    let rest = head.and_then(|head| Some((head, message.strip_prefix(head.en)?)));
    rest.map_or_else(|| message.to_owned(), |(head, rest)| format!("{}{rest}", locale.of(head)))
}

fn of_setting(message: &str, declared: &[Setting], locale: Locale) -> Option<String> {
    let (key, rest) = message.strip_prefix("setting `")?.split_once("`: ")?;
    let label = declared.iter().find(|setting| setting.key == key)?.label;
    let quoted = locale.of(text("setting “{0}”: ", "настройка «{0}»: ", "налаштування «{0}»: "));
    Some(quoted.replace("{0}", locale.of(label)) + rest)
}

/// What failed where settings were tried: the setting that is to blame, if one is, and the sentence.
pub(crate) fn tried(error: &ConnectorError, locale: Locale) -> (Option<&'static str>, String) {
    match error {
        ConnectorError::Invalid { setting, message } => (Some(setting), message.clone()),
        other => (None, said(other.code(), &other.to_string(), &[], locale)),
    }
}

#[cfg(test)]
mod tests {
    use molva_connectors::ConnectorError as E;

    use super::*;

    #[test]
    fn every_error_of_a_connector_is_begun_in_the_readers_language() {
        let errors = [
            (E::RateLimited { until: None }, "сеть просит подождать"),
            (E::QuotaExhausted { until: None }, "квота сети исчерпана"),
            (E::AuthExpired, "срок ключа доступа истёк"),
            (E::AuthRevoked("VK says no".to_owned()), "ключ доступа не принят: VK says no"),
            (E::Forbidden("no".to_owned()), "сеть отказывает: no"),
            (E::Gone("no".to_owned()), "этого больше нет: no"),
            (E::NotFound("no".to_owned()), "не найдено: no"),
            (E::CursorLost("no".to_owned()), "место, где остановились, потеряно: no"),
            (E::Blocked("no".to_owned()), "адрес не разрешён: no"),
            (E::Unreachable("no".to_owned()), "пока не получилось: no"),
            (E::Transient { message: "no".to_owned(), retry_after: None }, "пока не получилось: no"),
            (E::Protocol("no".to_owned()), "неожиданный ответ: no"),
            (E::NotStored("no".to_owned()), "не сохранено: no"),
            (E::Cancelled, "остановлено"),
        ];
        for (error, expected) in errors {
            let written = error.to_string();
            assert_eq!(said(error.code(), &written, &[], Locale::Russian), expected);
            assert_eq!(said(error.code(), &written, &[], Locale::English), written);
        }
        assert_eq!(said("something new", "as it is", &[], Locale::Russian), "as it is");
    }

    #[test]
    fn a_setting_is_called_what_the_form_calls_it() {
        let declared = molva_connectors::find("mastodon").expect("a connector").descriptor().settings;
        let error = E::Invalid { setting: "hashtags", message: "`a b` is no hashtag".to_owned() };
        let told = |locale| said(error.code(), &error.to_string(), declared, locale);
        let label = declared.iter().find(|setting| setting.key == "hashtags").expect("declared").label;
        assert_eq!(told(Locale::Ukrainian), format!("налаштування «{}»: `a b` is no hashtag", label.uk));
        assert_eq!(told(Locale::English), format!("setting “{}”: `a b` is no hashtag", label.en));
    }
}
