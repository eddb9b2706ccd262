//! What a person can do about a source that does not collect, by the code of its problem.

use molva_connectors::Localized;

use crate::locale::text;

/// Code of a source that answers well but has had nothing new for too long.
pub(crate) const SILENT: &str = "silent";
/// What is said of it.
pub(crate) const NOTHING_NEW: Localized = text(
    "nothing new for longer than this source usually takes",
    "ничего нового дольше, чем обычно бывает у этого источника",
    "нічого нового довше, ніж зазвичай буває в цього джерела",
);

/// Code of `molva_connectors::ConnectorError` -> the way out.
const ADVICE: &[(&str, Localized)] = &[
    (
        "rate_limited",
        text(
            "Nothing to do: Molva waits as long as the network asks and goes on by itself.",
            "Делать ничего не нужно: Молва подождёт, сколько просит сеть, и продолжит сама.",
            "Робити нічого не треба: Молва зачекає, скільки просить мережа, і продовжить сама.",
        ),
    ),
    (
        "quota_exhausted",
        text(
            "Wait until the quota starts anew, or ask the network for a larger one; fewer sources on the same key help too.",
            "Подождите, пока квота обновится, или запросите у сети большую; поможет и меньше источников на одном ключе.",
            "Зачекайте, доки квота оновиться, або попросіть у мережі більшу; допоможе й менше джерел на одному ключі.",
        ),
    ),
    (
        "auth_expired",
        text(
            "Get a fresh access token from the network and put it into the source's settings.",
            "Получите у сети новый ключ доступа и впишите его в настройки источника.",
            "Отримайте в мережі новий ключ доступу і впишіть його в налаштування джерела.",
        ),
    ),
    (
        "auth_revoked",
        text(
            "The network does not accept the access token: make another one there and put it into the source's settings.",
            "Сеть не принимает ключ доступа: создайте там другой и впишите его в настройки источника.",
            "Мережа не приймає ключ доступу: створіть там інший і впишіть його в налаштування джерела.",
        ),
    ),
    (
        "forbidden",
        text(
            "The network refuses: check that the page is public and that the access token may read it, then resume the source.",
            "Сеть отказывает: проверьте, что страница открыта и ключ доступа может её читать, затем возобновите источник.",
            "Мережа відмовляє: перевірте, що сторінка відкрита і ключ доступу може її читати, потім відновіть джерело.",
        ),
    ),
    (
        "gone",
        text(
            "The address is gone for good: find the new one and put it into the settings, or delete the source.",
            "Адреса больше нет: найдите новый и впишите его в настройки или удалите источник.",
            "Адреси більше немає: знайдіть нову і впишіть її в налаштування або видаліть джерело.",
        ),
    ),
    (
        "not_found",
        text(
            "Open the address in a browser: if it does not open there, correct it in the source's settings.",
            "Откройте адрес в браузере: если не открывается и там, исправьте его в настройках источника.",
            "Відкрийте адресу в браузері: якщо не відкривається й там, виправте її в налаштуваннях джерела.",
        ),
    ),
    (
        "invalid_setting",
        text(
            "Correct the setting that is named and save the source.",
            "Исправьте названную настройку и сохраните источник.",
            "Виправте назване налаштування і збережіть джерело.",
        ),
    ),
    (
        "cursor_lost",
        text(
            "The network no longer has what came in between; Molva goes on from now and shows the gap in the ledger.",
            "У сети больше нет того, что было в промежутке; Молва продолжает с текущего места и показывает пробел в журнале.",
            "У мережі вже немає того, що було в проміжку; Молва продовжує з цього місця і показує прогалину в журналі.",
        ),
    ),
    (
        "address_blocked",
        text(
            "The address is inside a private network; if that is meant, the operator adds its host to `allow-private-host`.",
            "Адрес находится во внутренней сети; если так и задумано, администратор добавляет его в `allow-private-host`.",
            "Адреса розташована у внутрішній мережі; якщо так і задумано, адміністратор додає її до `allow-private-host`.",
        ),
    ),
    (
        "transient",
        text(
            "Molva tries again by itself; if it lasts for hours, check that the address opens in a browser.",
            "Молва пробует снова сама; если это длится часами, проверьте, открывается ли адрес в браузере.",
            "Молва пробує знову сама; якщо це триває годинами, перевірте, чи відкривається адреса в браузері.",
        ),
    ),
    (
        "protocol",
        text(
            "The answer is not what was expected: check that the address is of this kind of source; if it is, report it with the message.",
            "Ответ не такой, как ожидалось: проверьте, что адрес подходит этому виду источника; если подходит, сообщите нам текст ошибки.",
            "Відповідь не така, як очікувалося: перевірте, що адреса пасує цьому виду джерела; якщо пасує, повідомте нам текст помилки.",
        ),
    ),
    (
        "not_stored",
        text(
            "Molva could not store what came: check the free space on its disk and its log; nothing is lost, it will be read again.",
            "Молва не смогла сохранить полученное: проверьте место на диске и журнал; ничего не потеряно, будет прочитано снова.",
            "Молва не змогла зберегти отримане: перевірте місце на диску і журнал; нічого не втрачено, буде прочитано знову.",
        ),
    ),
    (
        "cancelled",
        text(
            "The source was stopped; resume it when it is wanted again.",
            "Источник остановлен; возобновите его, когда он снова понадобится.",
            "Джерело зупинено; відновіть його, коли воно знову знадобиться.",
        ),
    ),
    (
        "panic",
        text(
            "The connector failed inside and was started again; if it keeps failing, report it with the log of that minute.",
            "В подключении произошёл сбой, оно запущено заново; если сбои повторяются, сообщите нам журнал за эту минуту.",
            "У підключенні стався збій, його запущено заново; якщо збої повторюються, повідомте нам журнал за цю хвилину.",
        ),
    ),
    (
        SILENT,
        text(
            "Nothing new for longer than usual: open the original in a browser and see whether it has anything newer.",
            "Ничего нового дольше обычного: откройте оригинал в браузере и посмотрите, есть ли там что-то новее.",
            "Нічого нового довше, ніж зазвичай: відкрийте оригінал у браузері і подивіться, чи є там щось новіше.",
        ),
    ),
];

const OTHERWISE: Localized = text(
    "Look into the server's log for this source; pausing and resuming it starts it anew.",
    "Посмотрите журнал сервера по этому источнику; пауза и возобновление запустят его заново.",
    "Подивіться журнал сервера щодо цього джерела; пауза і відновлення запустять його заново.",
);

/// The way out of a problem.
pub(crate) fn for_code(code: &str) -> Localized {
    known(code).unwrap_or(OTHERWISE)
}

/// The same, when there is advice for this very code.
pub(crate) fn known(code: &str) -> Option<Localized> {
    ADVICE.iter().find(|(known, _)| *known == code).map(|(_, advice)| *advice)
}

#[cfg(test)]
mod tests {
    use molva_connectors::ConnectorError as E;

    use super::*;

    #[test]
    fn every_error_of_a_connector_has_a_way_out() {
        let errors = [
            E::RateLimited { until: None },
            E::QuotaExhausted { until: None },
            E::AuthExpired,
            E::AuthRevoked(String::new()),
            E::Forbidden(String::new()),
            E::Gone(String::new()),
            E::NotFound(String::new()),
            E::Invalid { setting: "", message: String::new() },
            E::CursorLost(String::new()),
            E::Blocked(String::new()),
            E::Transient { message: String::new(), retry_after: None },
            E::Protocol(String::new()),
            E::NotStored(String::new()),
            E::Cancelled,
        ];
        for error in errors {
            assert_ne!(for_code(error.code()), OTHERWISE, "`{}` has no advice", error.code());
        }
        assert_eq!(for_code("something new"), OTHERWISE);
    }
}
