//! Reading requests: JSON bodies, ids in paths, query strings, and checks that report every field at once.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse as _;
use molva_connectors::Localized;
use serde::de::DeserializeOwned;
use url::form_urlencoded;

use crate::locale::{Message, text};
use crate::problem::{FieldProblem, Problem, TOO_LARGE};

/// Largest body but for pushes.
pub(crate) const MAX_BODY_BYTES: usize = 1 << 20;
/// Parameters of one query string.
const MAX_PARAMETERS: usize = 1_000;

/// A JSON body.
pub(crate) struct Json<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        if !is_json(request.headers()) {
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", NOT_JSON));
        }
        let bytes = Bytes::from_request(request, state).await.map_err(body_problem)?;
        parse(&bytes).map(Self)
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let essence = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()?.split(';').next());
    essence.is_some_and(|essence| {
        let essence = essence.trim().to_ascii_lowercase();
        essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
    })
}

pub(crate) fn body_problem(rejection: BytesRejection) -> Problem {
    if rejection.into_response().status() == StatusCode::PAYLOAD_TOO_LARGE {
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", TOO_LARGE)
    } else {
        Problem::new(StatusCode::BAD_REQUEST, "body_cut_off", CUT_OFF)
    }
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let field = error.path().to_string();
        let cause = error.into_inner();
        if cause.is_data() {
            let field = if field == "." { "body".to_owned() } else { field };
            let said = cause.to_string();
            // serde adds ` at line 1 column 2`, which the field says better.
            let said = said.split(" at line ").next().unwrap_or_default();
            Problem::field(&field, "invalid_value", Message::with(INVALID_VALUE, [said]))
        } else {
            malformed(&cause)
        }
    })?;
    json.end().map_err(|error| malformed(&error))?;
    Ok(value)
}

fn malformed(cause: &serde_json::Error) -> Problem {
    let (line, column) = (cause.line().to_string(), cause.column().to_string());
    Problem::new(StatusCode::BAD_REQUEST, "malformed_json", Message::with(MALFORMED, [&line, &column]))
}

/// The id in the path, and what it names, for the 404.
pub(crate) struct PathId<T>(pub(crate) T);

impl<T: std::str::FromStr, S: Send + Sync> FromRequestParts<S> for PathId<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let Path(id) = Path::<String>::from_request_parts(parts, state).await.map_err(|_| Problem::not_found(NO_ID))?;
        id.parse().map(Self).map_err(|_| Problem::not_found(NO_ID))
    }
}

/// The query string: keys may repeat; a key the endpoint does not know is an error, because a misspelt filter finds too much.
#[derive(Debug)]
pub(crate) struct Parameters(Vec<(String, String)>);

impl Parameters {
    pub(crate) fn parse(query: Option<&str>, known: &[&str]) -> Result<Self, Problem> {
        let pairs: Vec<(String, String)> = form_urlencoded::parse(query.unwrap_or_default().as_bytes())
            .into_owned()
            .take(MAX_PARAMETERS + 1)
            .collect();
        if pairs.len() > MAX_PARAMETERS {
            return Err(Problem::new(StatusCode::BAD_REQUEST, "too_many_parameters", TOO_MANY_PARAMETERS));
        }
        let unknown = pairs.iter().find(|(key, _)| !known.contains(&key.as_str()));
        match unknown {
            Some((key, _)) => {
                let key: String = key.chars().take(64).collect();
                let detail = Message::with(UNKNOWN_PARAMETER, [&known.join("`, `")]);
                Err(Problem::field(&key, "unknown_parameter", detail))
            }
            None => Ok(Self(pairs)),
        }
    }

    /// Every value of a key that may repeat; empty ones are left out.
    pub(crate) fn all<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(name, value)| name == key && !value.is_empty()).map(|(_, value)| value.as_str())
    }

    /// The last value of a key.
    pub(crate) fn one<'a>(&'a self, key: &'a str) -> Option<&'a str> {
        self.all(key).last()
    }
}

/// Collects what is wrong with the fields of a request.
#[derive(Debug, Default)]
pub(crate) struct Checks(Vec<FieldProblem>);

impl Checks {
    pub(crate) fn wrong(&mut self, field: impl Into<String>, code: &'static str, message: impl Into<Message>) {
        self.0.push(FieldProblem { field: field.into(), code, message: message.into() });
    }

    /// A line people read: trimmed, not empty, no control characters, at most so many characters.
    pub(crate) fn line(&mut self, field: &str, value: &str, max_chars: usize) -> String {
        let value = value.trim();
        if value.is_empty() {
            self.wrong(field, "required", REQUIRED);
        } else if value.chars().count() > max_chars {
            self.wrong(field, "too_long", Message::with(TOO_LONG, [&max_chars.to_string()]));
        } else if value.chars().any(char::is_control) {
            self.wrong(field, "control_characters", CONTROL_CHARACTERS);
        }
        value.to_owned()
    }

    /// Each value through `parse`; those that fail are reported under the field's name.
    pub(crate) fn each<'a, T>(
        &mut self,
        field: &str,
        values: impl Iterator<Item = &'a str>,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Vec<T> {
        let mut out = Vec::new();
        for value in values {
            match parse(value) {
                Some(value) => out.push(value),
                None => {
                    let shown: String = value.chars().take(64).collect();
                    self.wrong(field, "invalid_value", Message::with(NOT_A_VALUE, [&shown]));
                }
            }
        }
        out
    }

    /// A whole number within bounds, or the default when it is not given.
    pub(crate) fn number(&mut self, field: &str, value: Option<&str>, default: u32, max: u32) -> u32 {
        match value.map(str::parse) {
            None => default,
            Some(Ok(number)) if (1..=max).contains(&number) => number,
            Some(_) => {
                self.wrong(field, "out_of_range", Message::with(OUT_OF_RANGE, [&max.to_string()]));
                default
            }
        }
    }

    /// The same for a number of a body.
    pub(crate) fn within(&mut self, field: &str, value: Option<u32>, default: u32, max: u32) -> u32 {
        let number = value.unwrap_or(default);
        if !(1..=max).contains(&number) {
            self.wrong(field, "out_of_range", Message::with(OUT_OF_RANGE, [&max.to_string()]));
        }
        number
    }

    /// 422 with everything that is wrong.
    pub(crate) fn finish(self) -> Result<(), Problem> {
        if self.0.is_empty() { Ok(()) } else { Err(Problem::fields(self.0)) }
    }
}

const NOT_JSON: Localized = text(
    "the body must be JSON; send `Content-Type: application/json`",
    "тело должно быть в формате JSON; передайте `Content-Type: application/json`",
    "тіло має бути у форматі JSON; передайте `Content-Type: application/json`",
);
pub(crate) const CUT_OFF: Localized = text(
    "the body was cut off on its way; send it again",
    "тело запроса оборвалось по пути; отправьте его снова",
    "тіло запиту обірвалося в дорозі; надішліть його знову",
);
const MALFORMED: Localized = text(
    "the body is not JSON: look at line {0}, column {1}",
    "тело — не JSON: посмотрите строку {0}, позицию {1}",
    "тіло — не JSON: подивіться рядок {0}, позицію {1}",
);
const INVALID_VALUE: Localized = text("does not fit: {0}", "не подходит: {0}", "не підходить: {0}");
const NOT_A_VALUE: Localized =
    text("`{0}` is not a value this takes", "значение «{0}» здесь не подходит", "значення «{0}» тут не підходить");
pub(crate) const NO_ID: Localized = text(
    "there is nothing with this id; it may have been deleted, list what there is",
    "такого нет; возможно, оно удалено — посмотрите список",
    "такого немає; можливо, його видалено — перегляньте список",
);
const TOO_MANY_PARAMETERS: Localized = text(
    "there are more than 1000 parameters; ask for less at once",
    "параметров больше 1000; запросите меньше за раз",
    "параметрів більше ніж 1000; запитайте менше за раз",
);
const UNKNOWN_PARAMETER: Localized =
    text("is not known here; there are `{0}`", "здесь не известен; есть `{0}`", "тут не відомий; є `{0}`");
pub(crate) const REQUIRED: Localized = text("is needed; fill it in", "нужно заполнить", "потрібно заповнити");
const TOO_LONG: Localized = text(
    "is longer than {0} characters; shorten it",
    "длиннее {0} знаков; сократите",
    "довше за {0} знаків; скоротіть",
);
const CONTROL_CHARACTERS: Localized = text(
    "holds control characters; write plain text in one line",
    "содержит управляющие знаки; напишите обычный текст в одну строку",
    "містить керівні знаки; напишіть звичайний текст в один рядок",
);
const OUT_OF_RANGE: Localized =
    text("is a whole number from 1 to {0}", "целое число от 1 до {0}", "ціле число від 1 до {0}");

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Body {
        #[expect(dead_code, reason = "only its type matters here")]
        names: Vec<String>,
    }

    fn code(body: &[u8]) -> &'static str {
        parse::<Body>(body).map_or_else(|problem| problem.code(), |_| "parses")
    }

    #[test]
    fn malformed_json_and_a_wrong_field_are_told_apart() {
        assert_eq!(code(br#"{"names":["a"]}"#), "parses");
        assert_eq!(code(br#"{"names":["a"]} x"#), "malformed_json");
        assert_eq!(code(br#"{"names":["#), "malformed_json");
        assert_eq!(code(br#"{"names":[1]}"#), "invalid_fields");
        assert_eq!(code(br#"{"names":[],"more":1}"#), "invalid_fields");
        assert_eq!(code(b""), "malformed_json");
    }

    #[test]
    fn a_query_string_repeats_keys_and_refuses_unknown_ones() {
        let parameters = Parameters::parse(Some("topic=1&topic=2&text=%D1%8F+b&from="), &["topic", "text", "from"]);
        let parameters = parameters.expect("known keys");
        assert_eq!(parameters.all("topic").collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!((parameters.one("text"), parameters.one("from")), (Some("я b"), None));
        assert_eq!(Parameters::parse(Some("topics=1"), &["topic"]).map_err(|p| p.code()).err(), Some("invalid_fields"));
    }
}
