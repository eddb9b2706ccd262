//! Networks that call us. A call is proved, kept, answered; the pipeline reads it afterwards.

pub(crate) mod ask;
pub(crate) mod called;
pub(crate) mod receive;
pub(crate) mod tally;

use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use molva_connectors::Localized;
use molva_connectors::webhook::{Answer, WebhookError};

use crate::api::Api;
use crate::locale::{Message, text};
use crate::problem::Problem;
use called::Called;

/// How a call ended, for `molva_webhooks_total` and the page of the source.
fn count(api: &Api, source: &Called, outcome: &'static str) {
    metrics::counter!("molva_webhooks_total", "connector" => source.connector, "outcome" => outcome).increment(1);
    api.call_tallies.add(source.id, outcome, api.now());
}

fn answered(answer: Answer) -> Response {
    ([(CONTENT_TYPE, answer.content_type)], answer.body).into_response()
}

fn refused(api: &Api, source: &Called, error: &WebhookError) -> Problem {
    let unauthorized = StatusCode::UNAUTHORIZED;
    let (outcome, problem) = match error {
        WebhookError::NotSetUp(setting) => {
            let detail = Message::with(NOT_SET_UP, [*setting]);
            ("not_set_up", Problem::new(StatusCode::CONFLICT, "webhook_not_set_up", detail))
        }
        WebhookError::MissingHeader(name) => {
            let detail = Message::with(MISSING_HEADER, [*name]);
            ("forged", Problem::new(unauthorized, "missing_signature_header", detail))
        }
        WebhookError::Forged => ("forged", Problem::new(unauthorized, "bad_signature", FORGED)),
        WebhookError::Malformed(_) => {
            ("malformed", Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "malformed_call", MALFORMED))
        }
    };
    count(api, source, outcome);
    problem
}

const UNKNOWN: Localized = text(
    "no source listens at this address; take it from the page of the source",
    "по этому адресу не слушает ни один источник; возьмите адрес на странице источника",
    "за цією адресою не слухає жодне джерело; візьміть адресу на сторінці джерела",
);
const NOT_SET_UP: Localized = text(
    "the source has no `{0}`, so that no call can be proved; enter it on the page of the source",
    "у источника не задано `{0}`, и вызов нельзя проверить; задайте его на странице источника",
    "джерело не має `{0}`, і виклик не можна перевірити; задайте його на сторінці джерела",
);
const MISSING_HEADER: Localized = text(
    "header `{0}` is missing; set the secret in the settings of the network",
    "нет заголовка `{0}`; задайте секрет в настройках сети",
    "немає заголовка `{0}`; задайте секрет у налаштуваннях мережі",
);
const FORGED: Localized = text(
    "the call cannot be proved to be the network's; check that the secret is the same on both sides",
    "не доказано, что вызов пришёл от сети; проверьте, что секрет одинаков с обеих сторон",
    "не доведено, що виклик надійшов від мережі; перевірте, що секрет однаковий з обох сторін",
);
const MALFORMED: Localized = text(
    "the call is not as the network promises; check that the network and the source belong together",
    "вызов не такой, как обещает сеть; проверьте, что сеть и источник соответствуют друг другу",
    "виклик не такий, як обіцяє мережа; перевірте, що мережа і джерело відповідають одне одному",
);
