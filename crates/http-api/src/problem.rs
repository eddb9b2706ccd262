//! Errors as `application/problem+json` (RFC 9457): a stable `code` for machines, a `detail` with the way out for people.
//!
//! A handler answers a [`Problem`] in no particular language; [`render`] writes it in the reader's once the request is over.

use std::fmt::Display;
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use molva_connectors::Localized;
use molva_pipeline::IngestError;
use molva_storage::StorageError;

use crate::locale::{Locale, Message, text};
use crate::oauth;
use crate::wire;

/// Why a request was not done.
#[derive(Clone, Debug)]
pub(crate) struct Problem(Box<Content>);

#[derive(Clone, Debug)]
struct Content {
    status: StatusCode,
    code: &'static str,
    detail: Message,
    errors: Vec<FieldProblem>,
    diagnostics: Vec<wire::Diagnostic>,
    retry_after: Option<Duration>,
}

/// What is wrong with one field of the request.
#[derive(Clone, Debug)]
pub(crate) struct FieldProblem {
    /// Dotted path: `settings.url`.
    pub(crate) field: String,
    pub(crate) code: &'static str,
    pub(crate) message: Message,
}

impl Problem {
    pub(crate) fn new(status: StatusCode, code: &'static str, detail: impl Into<Message>) -> Self {
        Self(Box::new(Content {
            status,
            code,
            detail: detail.into(),
            errors: Vec::new(),
            diagnostics: Vec::new(),
            retry_after: None,
        }))
    }

    /// Logs the cause under an incident number and tells the client that number alone.
    pub(crate) fn internal(cause: impl Display) -> Self {
        let incident = crate::secret::random_hex();
        tracing::error!(incident = %incident, error = %cause, "a request failed");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", Message::with(INTERNAL, [&incident]))
    }

    pub(crate) fn not_found(what: Localized) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", what)
    }

    /// 422 with one entry for each field.
    pub(crate) fn fields(errors: Vec<FieldProblem>) -> Self {
        let mut problem = Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields", INVALID_FIELDS);
        problem.0.errors = errors;
        problem
    }

    pub(crate) fn field(field: &str, code: &'static str, message: impl Into<Message>) -> Self {
        Self::fields(vec![FieldProblem { field: field.to_owned(), code, message: message.into() }])
    }

    pub(crate) fn with_errors(mut self, errors: Vec<FieldProblem>) -> Self {
        self.0.errors = errors;
        self
    }

    pub(crate) fn with_diagnostics(mut self, diagnostics: Vec<wire::Diagnostic>) -> Self {
        self.0.diagnostics = diagnostics;
        self
    }

    pub(crate) fn retry_after(mut self, wait: Duration) -> Self {
        self.0.retry_after = Some(wait);
        self
    }

    #[cfg(test)]
    pub(crate) fn code(&self) -> &'static str {
        self.0.code
    }

    fn in_locale(&self, locale: Locale) -> wire::Problem {
        let content = &self.0;
        let errors = content.errors.iter().map(|error| wire::FieldProblem {
            field: error.field.clone(),
            code: error.code.to_owned(),
            message: error.message.in_locale(locale),
        });
        wire::Problem {
            kind: format!("urn:molva:problem:{}", content.code),
            title: locale.of(title(content.status)).to_owned(),
            status: content.status.as_u16(),
            detail: content.detail.in_locale(locale),
            code: content.code.to_owned(),
            errors: errors.collect(),
            diagnostics: content.diagnostics.clone(),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.0.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<StorageError> for Problem {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Taken { field, value } => {
                let code = if field == "login" { "login_taken" } else { "name_taken" };
                let taken = FieldProblem { field: field.to_owned(), code, message: TAKEN_FIELD.into() };
                Self::new(StatusCode::CONFLICT, code, Message::with(TAKEN, [&value])).with_errors(vec![taken])
            }
            StorageError::InUse { name, by, .. } => {
                Self::new(StatusCode::CONFLICT, "list_in_use", Message::with(IN_USE, [&name, &by.join("», «")]))
            }
            StorageError::Stale { .. } => Self::new(StatusCode::CONFLICT, "version_conflict", STALE),
            StorageError::Full { most, .. } => {
                Self::new(StatusCode::CONFLICT, "too_many", Message::with(FULL, [&most.to_string()]))
            }
            StorageError::Missing { what: "topic", .. } => Self::field("topic_id", "unknown_topic", UNKNOWN_TOPIC),
            StorageError::Missing { what: "account", .. } => {
                Self::new(StatusCode::CONFLICT, "account_gone", ACCOUNT_GONE)
            }
            StorageError::Missing { what: "attachment", .. } => Self::field("attachments", "unknown", ATTACHMENT_GONE),
            StorageError::Missing { name, .. } => {
                Self::new(StatusCode::CONFLICT, "list_missing", Message::with(MISSING, [&name]))
            }
            StorageError::InvalidCursor => Self::new(StatusCode::BAD_REQUEST, "invalid_cursor", INVALID_CURSOR),
            other => Self::internal(other),
        }
    }
}

impl From<molva_archive::Error> for Problem {
    fn from(error: molva_archive::Error) -> Self {
        Self::internal(error)
    }
}

impl From<IngestError> for Problem {
    fn from(error: IngestError) -> Self {
        match error {
            IngestError::Busy => Self::busy(Duration::from_secs(1)),
            IngestError::Stopping => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "stopping", STOPPING).retry_after(Duration::from_secs(5))
            }
            IngestError::Storage(error) => error.into(),
        }
    }
}

impl Problem {
    /// 503: as much is waiting as may wait.
    pub(crate) fn busy(wait: Duration) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", BUSY).retry_after(wait)
    }
}

/// Writes the problem of a response in the language of the reader; an error that brought no problem gets one by its status,
/// so that nothing a library says reaches a client.
pub(crate) async fn render(request: Request, next: Next) -> Response {
    let asked = Locale::negotiate(request.headers());
    let as_page = oauth::page::is_wanted(&request);
    let mut response = next.run(request).await;
    let status = response.status();
    let problem = match response.extensions_mut().remove::<Problem>() {
        Some(problem) => problem,
        None if status.is_client_error() || status.is_server_error() => by_status(status),
        None => return response,
    };
    let locale = response.extensions().get::<Locale>().copied().unwrap_or(asked);
    let said = problem.in_locale(locale);
    let (body, kind) = if as_page {
        (oauth::page::render(&said, locale).into_bytes(), "text/html; charset=utf-8")
    } else {
        (serde_json::to_vec(&said).unwrap_or_default(), "application/problem+json")
    };
    let headers = response.headers_mut();
    headers.remove(axum::http::header::CONTENT_LENGTH);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(axum::http::header::CONTENT_LANGUAGE, HeaderValue::from_static(locale.code()));
    if let Some(wait) = problem.0.retry_after {
        headers.insert(RETRY_AFTER, HeaderValue::from(wait.as_secs().max(1)));
    }
    *response.body_mut() = Body::from(body);
    response
}

fn by_status(status: StatusCode) -> Problem {
    match status {
        StatusCode::NOT_FOUND => Problem::new(status, "not_found", NO_SUCH_ADDRESS),
        StatusCode::PAYLOAD_TOO_LARGE => Problem::new(status, "body_too_large", TOO_LARGE),
        _ if status.is_server_error() => Problem::new(status, "internal", INTERNAL_UNNUMBERED),
        _ => Problem::new(status, "bad_request", BAD_REQUEST),
    }
}

const fn title(status: StatusCode) -> Localized {
    match status.as_u16() {
        400 => text("Request not understood", "Запрос не понят", "Запит не зрозумілий"),
        401 => text("Sign-in needed", "Нужен вход", "Потрібен вхід"),
        403 => text("Not allowed", "Не разрешено", "Не дозволено"),
        404 => text("Not found", "Не найдено", "Не знайдено"),
        405 => text("Method not allowed", "Метод не поддерживается", "Метод не підтримується"),
        409 => text("Conflict", "Противоречие", "Суперечність"),
        413 => text("Too large", "Слишком большой запрос", "Завеликий запит"),
        415 => text("Format not supported", "Формат не поддерживается", "Формат не підтримується"),
        422 => text("Check the fields", "Проверьте поля", "Перевірте поля"),
        429 => text("Too many attempts", "Слишком много попыток", "Забагато спроб"),
        503 => text("Not available just now", "Сейчас недоступно", "Зараз недоступно"),
        _ => text("Something failed", "Сбой", "Збій"),
    }
}

pub(crate) const NO_SUCH_ADDRESS: Localized = text(
    "there is no such address; `/api/docs` lists what there is",
    "такого адреса нет; что есть, перечислено в `/api/docs`",
    "такої адреси немає; що є, перелічено в `/api/docs`",
);
const INTERNAL: Localized = text(
    "something failed inside; try again, and if it stays, look for incident `{0}` in the server's log",
    "внутренний сбой; повторите попытку, а если не помогло, найдите в журнале сервера случай `{0}`",
    "внутрішній збій; повторіть спробу, а якщо не допомогло, знайдіть у журналі сервера випадок `{0}`",
);
const INTERNAL_UNNUMBERED: Localized = text(
    "something failed inside; try again, and if it stays, look into the server's log",
    "внутренний сбой; повторите попытку, а если не помогло, загляните в журнал сервера",
    "внутрішній збій; повторіть спробу, а якщо не допомогло, зазирніть у журнал сервера",
);
const INVALID_FIELDS: Localized = text(
    "some fields are not as they should be; each is named in `errors`",
    "некоторые поля заполнены неверно; каждое названо в `errors`",
    "деякі поля заповнено неправильно; кожне названо в `errors`",
);
const TAKEN: Localized = text(
    "`{0}` exists already; choose another name",
    "«{0}» уже есть; выберите другое имя",
    "«{0}» уже є; виберіть іншу назву",
);
const TAKEN_FIELD: Localized =
    text("exists already; choose another", "уже занято; выберите другое", "уже зайнято; виберіть інше");
const IN_USE: Localized = text(
    "list `{0}` keeps its name and stays while topics use it: «{1}»; change their queries first",
    "списком «{0}» пользуются темы: «{1}» — удалить или переименовать его нельзя; сначала измените их запросы",
    "списком «{0}» користуються теми: «{1}» — видалити або перейменувати його не можна; спершу змініть їхні запити",
);
const STALE: Localized = text(
    "somebody changed this meanwhile; fetch it again and make your change anew",
    "за это время кто-то уже внёс изменения; загрузите заново и повторите правку",
    "за цей час хтось уже вніс зміни; завантажте знову і повторіть правку",
);
const FULL: Localized = text(
    "there are {0} already, which is the most there may be; delete one that is not used",
    "их уже {0}, больше нельзя; удалите ненужный",
    "їх уже {0}, більше не можна; видаліть непотрібний",
);
const MISSING: Localized = text(
    "list `{0}` was deleted a moment ago; change the query, or make the list again",
    "список «{0}» только что удалили; измените запрос или создайте список заново",
    "список «{0}» щойно видалили; змініть запит або створіть список знову",
);
const ACCOUNT_GONE: Localized = text(
    "the account was disconnected a moment ago; choose another one",
    "учётную запись только что отключили; выберите другую",
    "обліковий запис щойно відключили; виберіть інший",
);
const ATTACHMENT_GONE: Localized = text(
    "a file is not there any more; add it again",
    "файла больше нет; приложите его снова",
    "файлу вже немає; додайте його знову",
);
const UNKNOWN_TOPIC: Localized = text(
    "names no topic there is; choose one of the list of topics",
    "такой темы нет; выберите из списка тем",
    "такої теми немає; виберіть зі списку тем",
);
const INVALID_CURSOR: Localized = text(
    "the page cursor is not one this server made; start again without `cursor`",
    "указатель страницы выдан не этим сервером; начните заново без `cursor`",
    "вказівник сторінки видав не цей сервер; почніть заново без `cursor`",
);
const BUSY: Localized = text(
    "more is waiting than may wait; send again after the time in `Retry-After`",
    "очередь заполнена; повторите через время, указанное в `Retry-After`",
    "черга заповнена; повторіть через час, указаний у `Retry-After`",
);
const STOPPING: Localized = text(
    "Molva is shutting down; send again when it is back",
    "Молва останавливается; повторите, когда она снова заработает",
    "Молва зупиняється; повторіть, коли вона знову запрацює",
);
pub(crate) const TOO_LARGE: Localized = text(
    "the body is larger than this address takes; send it in smaller parts",
    "тело запроса больше допустимого; отправьте его меньшими частями",
    "тіло запиту більше за допустиме; надішліть його меншими частинами",
);
const BAD_REQUEST: Localized = text(
    "the request cannot be understood; compare it with `/api/docs`",
    "запрос не удалось разобрать; сверьте его с `/api/docs`",
    "запит не вдалося розібрати; звірте його з `/api/docs`",
);
