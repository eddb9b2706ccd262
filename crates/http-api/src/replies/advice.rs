//! What a person can do about a reply or an account, by the code of its problem.

use molva_connectors::Localized;

use crate::locale::text;
use crate::sources;

/// Sentences of our own, which are stored in English.
const SAID: &[(&str, Localized)] = &[
    (
        "looking",
        text(
            "it is not known whether it arrived; the network does not have it so far and is asked again before it is sent anew",
            "неизвестно, дошёл ли ответ; сеть его пока не видит, перед новой отправкой спросим её ещё раз",
            "невідомо, чи дійшла відповідь; мережа її поки не бачить, перед новим надсиланням спитаємо її ще раз",
        ),
    ),
    (
        "too_late",
        text(
            "it could not be sent for 24 hours",
            "его не удавалось отправить 24 часа",
            "її не вдавалося надіслати 24 години",
        ),
    ),
    (
        "not_known",
        text(
            "whether it arrived could not be found out",
            "не удалось узнать, дошёл ли он",
            "не вдалося з'ясувати, чи вона дійшла",
        ),
    ),
    (
        "account_disconnected",
        text(
            "the account was disconnected before it was sent",
            "учётная запись отключена раньше, чем он был отправлен",
            "обліковий запис відключено раніше, ніж її було надіслано",
        ),
    ),
];

/// Code -> the way out.
const ADVICE: &[(&str, Localized)] = &[
    (
        "looking",
        text(
            "Nothing to do: Molva looks for it there and sends it again only if it is missing.",
            "Делать ничего не нужно: Молва ищет его там и отправит снова, только если его нет.",
            "Робити нічого не треба: Молва шукає її там і надішле знову, лише якщо її немає.",
        ),
    ),
    (
        "unsure",
        text(
            "Nothing to do: Molva asks the network whether it has the reply before anything is sent again.",
            "Делать ничего не нужно: прежде чем отправлять снова, Молва спросит сеть, есть ли там ответ.",
            "Робити нічого не треба: перш ніж надсилати знову, Молва спитає мережу, чи є там відповідь.",
        ),
    ),
    (
        "later",
        text(
            "Nothing to do: it is tried again at the time shown.",
            "Делать ничего не нужно: следующая попытка — в указанное время.",
            "Робити нічого не треба: наступна спроба — у зазначений час.",
        ),
    ),
    (
        "too_late",
        text(
            "See whether it still fits, then send it again; or answer in the original.",
            "Проверьте, уместен ли он ещё, и отправьте снова; или ответьте в оригинале.",
            "Перевірте, чи вона ще доречна, і надішліть знову; або відповідайте в оригіналі.",
        ),
    ),
    (
        "not_known",
        text(
            "Open the original and look for the reply; send it again only if it is not there.",
            "Откройте оригинал и поищите ответ; отправляйте снова, только если его там нет.",
            "Відкрийте оригінал і пошукайте відповідь; надсилайте знову, лише якщо її там немає.",
        ),
    ),
    (
        "account_disconnected",
        text(
            "Connect the account again and write the reply anew.",
            "Подключите учётную запись снова и напишите ответ заново.",
            "Підключіть обліковий запис знову і напишіть відповідь наново.",
        ),
    ),
    (
        "account_expired",
        text(
            "Get a fresh token from the network and put it into the account; the reply then goes out by itself.",
            "Получите у сети новый ключ и впишите его в учётную запись; после этого ответ уйдёт сам.",
            "Отримайте в мережі новий ключ і впишіть його в обліковий запис; після цього відповідь піде сама.",
        ),
    ),
    (
        "account_revoked",
        text(
            "The network does not accept the account: make a new token there and put it into the account; the reply then goes out by itself.",
            "Сеть не принимает учётную запись: создайте там новый ключ и впишите его; после этого ответ уйдёт сам.",
            "Мережа не приймає обліковий запис: створіть там новий ключ і впишіть його; після цього відповідь піде сама.",
        ),
    ),
    (
        "consent_ended",
        text(
            "The network no longer renews the access: connect it again on the network's page; what waits then goes out by itself.",
            "Сеть больше не продлевает доступ: подключите заново на странице сети; то, что ждёт, уйдёт само.",
            "Мережа більше не подовжує доступ: підключіть знову на сторінці мережі; те, що чекає, піде саме.",
        ),
    ),
    (
        "renewal_lost",
        text(
            "The network's answer was lost while the access was renewed, and what it is renewed with serves once: connect it again on the network's page; what waits then goes out by itself.",
            "Ответ сети потерялся, когда доступ продлевался, а ключ продления действует один раз: подключите заново на странице сети; то, что ждёт, уйдёт само.",
            "Відповідь мережі загубилася, коли доступ подовжувався, а ключ подовження діє один раз: підключіть знову на сторінці мережі; те, що чекає, піде саме.",
        ),
    ),
    (
        "client_gone",
        text(
            "Molva's registration with the network was removed here: an owner enters the client id again, then connect it anew.",
            "Регистрация Молвы в этой сети здесь удалена: владелец снова вводит идентификатор клиента, потом подключите заново.",
            "Реєстрацію Молви в цій мережі тут видалено: власник знову вводить ідентифікатор клієнта, потім підключіть знову.",
        ),
    ),
    (
        "auth_expired",
        text(
            "Get a fresh token from the network and put it into the account.",
            "Получите у сети новый ключ и впишите его в учётную запись.",
            "Отримайте в мережі новий ключ і впишіть його в обліковий запис.",
        ),
    ),
    (
        "auth_revoked",
        text(
            "The network does not accept the token: make another one there and put it into the account.",
            "Сеть не принимает ключ: создайте там другой и впишите его в учётную запись.",
            "Мережа не приймає ключ: створіть там інший і впишіть його в обліковий запис.",
        ),
    ),
    (
        "secrets",
        text(
            "The token cannot be opened with the key of this server: enter it again, or restore the key from a backup.",
            "Ключ сервера не подходит к сохранённому токену: введите токен заново или восстановите ключ из резервной копии.",
            "Ключ сервера не підходить до збереженого токена: введіть токен знову або відновіть ключ із резервної копії.",
        ),
    ),
    (
        "parent_gone",
        text(
            "What it answers is gone: open the original to see; there is nothing to send it to.",
            "Того, на что он отвечает, больше нет: откройте оригинал и проверьте; отправлять некуда.",
            "Того, на що вона відповідає, більше немає: відкрийте оригінал і перевірте; надсилати нікуди.",
        ),
    ),
    (
        "thread_closed",
        text(
            "The discussion is closed: write to the author in private, or leave it.",
            "Обсуждение закрыто: напишите автору лично или оставьте как есть.",
            "Обговорення закрито: напишіть автору особисто або залиште як є.",
        ),
    ),
    (
        "encrypted",
        text(
            "Molva sends nothing in the open into an encrypted room: answer there with a program that has its keys.",
            "Молва ничего не отправляет открыто в шифрованную комнату: ответьте там программой, у которой есть её ключи.",
            "Молва нічого не надсилає відкрито до шифрованої кімнати: відповідайте там програмою, яка має її ключі.",
        ),
    ),
    (
        "window_closed",
        text(
            "The time in which the network lets one answer this is over: answer in public, or wait until the person writes again.",
            "Время, когда сеть позволяет на это ответить, прошло: ответьте публично или дождитесь, пока человек напишет снова.",
            "Час, коли мережа дозволяє на це відповісти, минув: відповідайте публічно або зачекайте, доки людина напише знову.",
        ),
    ),
    (
        "addressee_closed",
        text(
            "The person takes no messages from this account: answer in public, or leave it.",
            "Этот человек не принимает сообщений от этой учётной записи: ответьте публично или оставьте как есть.",
            "Ця людина не приймає повідомлень від цього облікового запису: відповідайте публічно або залиште як є.",
        ),
    ),
    ("too_long", text("Write it anew and shorter.", "Напишите заново и короче.", "Напишіть наново і коротше.")),
    (
        "duplicate",
        text(
            "The network has just had the same words from this account: look there, and word it otherwise if it is needed.",
            "Сеть только что получила те же слова от этой учётной записи: проверьте там и, если нужно, скажите иначе.",
            "Мережа щойно отримала ті самі слова від цього облікового запису: перевірте там і, якщо треба, скажіть інакше.",
        ),
    ),
    (
        "blocked",
        text(
            "The author has blocked this account: answer from another one, or leave it.",
            "Автор заблокировал эту учётную запись: ответьте с другой или оставьте как есть.",
            "Автор заблокував цей обліковий запис: відповідайте з іншого або залиште як є.",
        ),
    ),
    (
        "forbidden",
        text(
            "The network refuses: check what the account may do there, then send it again.",
            "Сеть отказывает: проверьте, что учётной записи там разрешено, и отправьте снова.",
            "Мережа відмовляє: перевірте, що обліковому запису там дозволено, і надішліть знову.",
        ),
    ),
];

const OTHERWISE: Localized = text(
    "Read what the network says, open the original, then send it again or answer there.",
    "Прочитайте, что говорит сеть, откройте оригинал, затем отправьте снова или ответьте там.",
    "Прочитайте, що каже мережа, відкрийте оригінал, потім надішліть знову або відповідайте там.",
);

/// The way out of a problem.
pub(crate) fn for_code(code: &str) -> Localized {
    let ours = ADVICE.iter().find(|(known, _)| *known == code).map(|(_, advice)| *advice);
    ours.or_else(|| sources::advice::known(code)).unwrap_or(OTHERWISE)
}

/// What we say of it ourselves, in the reader's language; `None`: it is the network's own word.
pub(crate) fn said_by_us(code: &str) -> Option<Localized> {
    SAID.iter().find(|(known, _)| *known == code).map(|(_, said)| *said)
}
