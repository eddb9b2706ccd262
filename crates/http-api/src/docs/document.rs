//! The OpenAPI document: what the handlers say, and what the table of access says about all of them.

use serde_json::Value;
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::header::Header;
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{Components, InfoBuilder, OpenApi, Ref, RefOr, Required, Response, ResponseBuilder};
use utoipa::{PartialSchema as _, ToSchema as _};

use crate::access::table::{Access, RULES, Rule};
use crate::wire;

const SESSION: &str = "session";
const TOKEN: &str = "token";
const PROBLEM_TYPE: &str = "application/problem+json";

const TAGS: &[(&str, &str)] = &[
    ("setup", "First steps: the owner of a new Molva."),
    ("session", "Signing in and out, and who is signed in."),
    ("topics", "What is listened for."),
    ("queries", "Looking at queries without storing anything."),
    ("lists", "Named lists of words or authors that queries use."),
    ("mentions", "Posts that matched a topic, and what machine and people judged of them."),
    ("labelling", "Five minutes a week: mentions drawn at random and labelled blind, by which figures are corrected."),
    ("stories", "Posts that tell the same, whatever their networks and topics."),
    (
        "questions",
        "The five questions over the archive: how much, how often, where, by whom, of what; in which mood and what for; and how far \
         to trust it.",
    ),
    ("labelling", "Blind answers about a random few, and how far they show the machine's shares to be off."),
    ("model", "What people taught the models: how good they are for it, learning anew, going back."),
    ("search", "The whole history: what is found, how many, of what kinds, when; changes to all of it."),
    ("archive", "What search and figures read: how it is, and making it anew."),
    ("views", "Pages as somebody arranged them, under a name."),
    ("annotations", "What happened when: notes on the time line."),
    ("workspace", "The name of the workspace and its time zone."),
    ("exports", "Files of mentions and figures, of any length."),
    ("accounts", "Who we are on networks: what we answer from."),
    ("oauth", "Access by consent on a network's own page."),
    ("replies", "What we say to mentions: written, approved, sent exactly once."),
    ("sources", "Places posts are collected from."),
    ("ledger", "Where every item ended: received = stored + unmatched + duplicate + updated + rejected."),
    ("push", "Handing posts in."),
    ("webhooks", "Where networks call."),
    ("events", "What happens, as it happens."),
    ("tokens", "Keys of programs."),
    ("docs", "This document."),
    ("operations", "For operators and their programs."),
];

const ABOUT: &str = "The public API of Molva. The web app uses nothing else.\n\n\
    Ids are strings. Times are RFC 3339 in UTC with milliseconds. Offsets are UTF-16 code units. Errors are \
    `application/problem+json` with a stable `code` and a `detail` that says the way out, in the language of the user or of \
    `Accept-Language` (ru, uk, en).\n\n\
    People sign in and carry the cookie `molva_session`; their changes need the header `X-Molva-Csrf: 1` and the same origin. \
    Programs send `Authorization: Bearer molva_…` with a token of the scope the operation names.";

/// The document, pretty-printed, with a line feed at its end.
pub(crate) fn json() -> String {
    let mut text = serde_json::to_string_pretty(&value()).unwrap_or_default();
    text.push('\n');
    text
}

/// The document as JSON.
pub(crate) fn value() -> Value {
    serde_json::to_value(build()).unwrap_or_default()
}

fn build() -> OpenApi {
    let mut document = crate::router::routes().into_openapi();
    document.info = InfoBuilder::new()
        .title("Molva")
        .version(crate::VERSION)
        .description(Some(ABOUT))
        .license(Some(utoipa::openapi::LicenseBuilder::new().name("Apache-2.0").identifier(Some("Apache-2.0")).build()))
        .build();
    document.tags = Some(
        TAGS.iter().map(|(name, about)| TagBuilder::new().name(*name).description(Some(*about)).build()).collect(),
    );
    let components = document.components.get_or_insert_with(Components::new);
    add_schemas(components);
    for rule in RULES {
        let item = document.paths.paths.get_mut(rule.path);
        if let Some(operation) = item.and_then(|item| operation_of(item, rule.method)) {
            complete(operation, rule);
        }
    }
    document
}

fn add_schemas(components: &mut Components) {
    components.schemas.insert("Problem".to_owned(), wire::Problem::schema());
    let mut nested = Vec::new();
    wire::Problem::schemas(&mut nested);
    components.schemas.extend(nested);
    let cookie = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description(
        "molva_session",
        "A signed-in person. Changes need `X-Molva-Csrf: 1` and the same origin.",
    )));
    let mut bearer = Http::new(HttpAuthScheme::Bearer);
    bearer.description = Some("An API token: `Authorization: Bearer molva_…`.".to_owned());
    components.add_security_scheme(SESSION, cookie);
    components.add_security_scheme(TOKEN, SecurityScheme::Http(bearer));
}

fn operation_of<'a>(item: &'a mut PathItem, method: &str) -> Option<&'a mut Operation> {
    match method {
        "GET" => item.get.as_mut(),
        "POST" => item.post.as_mut(),
        "PUT" => item.put.as_mut(),
        "PATCH" => item.patch.as_mut(),
        "DELETE" => item.delete.as_mut(),
        _ => None,
    }
}

/// What follows from the rule: who may, what it costs, and the shape of every error.
fn complete(operation: &mut Operation, rule: &Rule) {
    let session = SecurityRequirement::new(SESSION, Vec::<String>::new());
    let token = SecurityRequirement::new(TOKEN, rule.access.scope());
    let (security, who) = match rule.access {
        Access::Anyone => (Vec::new(), "Open to anyone.".to_owned()),
        Access::Person => (vec![session], "For a signed-in person.".to_owned()),
        Access::Read => (vec![session, token], "For a signed-in person, or a token of scope `read`.".to_owned()),
        Access::Write => (vec![session, token], "For a signed-in person, or a token of scope `write`.".to_owned()),
        Access::Push => {
            (vec![SecurityRequirement::default(), token], "For a signed body, or a token of scope `push`.".to_owned())
        }
        Access::Metrics => {
            (vec![SecurityRequirement::default(), token], "For this machine, or a token of scope `read`.".to_owned())
        }
    };
    operation.security = Some(security);
    let about = operation.description.take().unwrap_or_default();
    operation.description = Some(format!("{about}\n\n{who}").trim().to_owned());
    if rule.keeps_answers {
        operation.parameters.get_or_insert_with(Vec::new).push(RefOr::T(idempotency_key()));
    }
    for (status, response) in &mut operation.responses.responses {
        let RefOr::T(response) = response else { continue };
        if status.starts_with(['4', '5']) && response.content.is_empty() {
            let description = std::mem::take(&mut response.description);
            *response = problem(&description);
        }
        // OpenAPI 3.1 wants a description of each.
        if response.description.is_empty() {
            response.description = if status == "204" { "Done." } else { "What was asked for." }.to_owned();
        }
        if rule.keeps_answers && status.starts_with('2') {
            response.headers.insert("Idempotency-Replayed".to_owned(), RefOr::T(replayed()));
        }
    }
    let otherwise = problem("Any other error.");
    operation.responses.responses.insert("default".to_owned(), RefOr::T(otherwise));
}

fn problem(description: &str) -> Response {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    ResponseBuilder::new().description(description).content(PROBLEM_TYPE, content).build()
}

fn idempotency_key() -> Parameter {
    ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(
            "Sent again with the same key within a day, the request is not done twice but gets the first answer.",
        ))
        .schema(Some(ObjectBuilder::new().schema_type(Type::String).max_length(Some(255))))
        .build()
}

fn replayed() -> Header {
    let mut header = Header::default();
    header.description = Some("`true` when this is the kept answer of the first request.".to_owned());
    header
}
