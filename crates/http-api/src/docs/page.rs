use std::fmt::Write as _;
use std::sync::LazyLock;

use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderName, HeaderValue};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::digest::{SHA256, digest};
use serde_json::Value;

use crate::docs::document;
use crate::docs::schema_text::{escape, prose, type_of};

const STYLE: &str = include_str!("page.css");

static PAGE: LazyLock<String> = LazyLock::new(|| render(&document::value()));
/// Nothing but the one style sheet inside the page, known by its digest.
static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let style = STANDARD.encode(digest(&SHA256, STYLE.as_bytes()));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
});

/// This API, for people.
#[utoipa::path(
    get, path = "/api/docs", operation_id = "getDocs", tag = "docs",
    responses((status = 200, body = String, content_type = "text/html")),
)]
pub(crate) async fn get_docs() -> ([(HeaderName, HeaderValue); 2], &'static str) {
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    ([(CONTENT_TYPE, html), (CONTENT_SECURITY_POLICY, POLICY.clone())], PAGE.as_str())
}

fn render(document: &Value) -> String {
    let mut page = String::new();
    // Writing to a `String` cannot fail.
    let _ = write_page(&mut page, document);
    page
}

fn write_page(out: &mut String, document: &Value) -> std::fmt::Result {
    let version = escape(document["info"]["version"].as_str().unwrap_or_default());
    write!(
        out,
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Molva API {version}</title>\
         <meta name=\"viewport\" content=\"width=device-width\"><style>{STYLE}</style></head><body>"
    )?;
    let tags: Vec<&Value> = document["tags"].as_array().into_iter().flatten().collect();
    write!(out, "<nav aria-label=\"Contents\"><a class=\"brand\" href=\"#top\">Molva API</a><ul>")?;
    for tag in &tags {
        let name = escape(tag["name"].as_str().unwrap_or_default());
        write!(out, "<li><a href=\"#tag-{name}\">{name}</a></li>")?;
    }
    write!(
        out,
        "<li><a href=\"#schemas\">schemas</a></li></ul></nav><main id=\"top\"><h1>Molva API <small>{version}</small></h1>"
    )?;
    for paragraph in document["info"]["description"].as_str().unwrap_or_default().split("\n\n") {
        write!(out, "<p>{}</p>", prose(paragraph))?;
    }
    write!(out, "<p>For programs: <a href=\"/api/openapi.json\">openapi.json</a> (OpenAPI 3.1).</p>")?;
    for tag in &tags {
        write_tag(out, document, tag)?;
    }
    write_schemas(out, document)?;
    write!(out, "</main></body></html>")
}

fn write_tag(out: &mut String, document: &Value, tag: &Value) -> std::fmt::Result {
    let name = tag["name"].as_str().unwrap_or_default();
    let about = prose(tag["description"].as_str().unwrap_or_default());
    write!(out, "<section id=\"tag-{0}\"><h2>{0}</h2><p>{about}</p>", escape(name))?;
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten() {
            if operation["tags"].as_array().is_some_and(|tags| tags.iter().any(|tag| tag == name)) {
                write_operation(out, path, method, operation)?;
            }
        }
    }
    write!(out, "</section>")
}

fn write_operation(out: &mut String, path: &str, method: &str, operation: &Value) -> std::fmt::Result {
    let id = escape(operation["operationId"].as_str().unwrap_or_default());
    write!(
        out,
        "<article id=\"{id}\"><h3><span class=\"method {method}\">{}</span> <code>{}</code></h3><p><strong>{}</strong></p>",
        method.to_uppercase(),
        escape(path),
        prose(operation["summary"].as_str().unwrap_or_default())
    )?;
    for paragraph in operation["description"].as_str().unwrap_or_default().split("\n\n").filter(|text| !text.is_empty())
    {
        write!(out, "<p>{}</p>", prose(paragraph))?;
    }
    if let Some(parameters) = operation["parameters"].as_array().filter(|list| !list.is_empty()) {
        write!(out, "<table><caption>Parameters</caption><tbody>")?;
        for parameter in parameters {
            let place = escape(parameter["in"].as_str().unwrap_or_default());
            let name = escape(parameter["name"].as_str().unwrap_or_default());
            let about = prose(parameter["description"].as_str().unwrap_or_default());
            let kind = type_of(&parameter["schema"]);
            write!(
                out,
                "<tr><th scope=\"row\"><code>{name}</code></th><td>{place}</td><td>{kind}</td><td>{about}</td></tr>"
            )?;
        }
        write!(out, "</tbody></table>")?;
    }
    for (kind, content) in operation["requestBody"]["content"].as_object().into_iter().flatten() {
        write!(out, "<p>Body <code>{}</code>: {}</p>", escape(kind), type_of(&content["schema"]))?;
    }
    write!(out, "<table><caption>Answers</caption><tbody>")?;
    for (status, response) in operation["responses"].as_object().into_iter().flatten() {
        let about = prose(response["description"].as_str().unwrap_or_default());
        let contents = response["content"].as_object().into_iter().flatten();
        let bodies: Vec<String> = contents.map(|(_, content)| type_of(&content["schema"])).collect();
        write!(
            out,
            "<tr><th scope=\"row\">{}</th><td>{}</td><td>{about}</td></tr>",
            escape(status),
            bodies.join(" or ")
        )?;
    }
    write!(out, "</tbody></table></article>")
}

fn write_schemas(out: &mut String, document: &Value) -> std::fmt::Result {
    write!(out, "<section id=\"schemas\"><h2>schemas</h2>")?;
    for (name, schema) in document["components"]["schemas"].as_object().into_iter().flatten() {
        let about = prose(schema["description"].as_str().unwrap_or_default());
        write!(out, "<article id=\"schema-{0}\"><h3>{0}</h3><p>{about}</p>", escape(name))?;
        let required = schema["required"].as_array();
        match schema["properties"].as_object() {
            None => write!(out, "<p>{}</p>", type_of(schema))?,
            Some(properties) => {
                write!(out, "<table><tbody>")?;
                for (field, schema) in properties {
                    let is_required = required.is_some_and(|names| names.iter().any(|name| name == field));
                    let mark = if is_required { "" } else { "optional" };
                    let about = prose(schema["description"].as_str().unwrap_or_default());
                    let kind = type_of(schema);
                    let field = escape(field);
                    write!(
                        out,
                        "<tr><th scope=\"row\"><code>{field}</code></th><td>{mark}</td><td>{kind}</td><td>{about}</td></tr>"
                    )?;
                }
                write!(out, "</tbody></table>")?;
            }
        }
        write!(out, "</article>")?;
    }
    write!(out, "</section>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_shows_every_operation_and_leads_nowhere_else() {
        let document = document::value();
        let page = render(&document);
        let operations = document["paths"].as_object().into_iter().flatten().flat_map(|(_, item)| item.as_object());
        for operation in operations.flatten().map(|(_, operation)| operation) {
            let id = operation["operationId"].as_str().expect("every operation has an id");
            assert!(page.contains(&format!("<article id=\"{id}\">")), "`{id}` is not on the page");
        }
        assert!(!page.contains("http://") && !page.contains("https://"), "the page names another host");
        assert!(!page.contains("<script"));
    }

    #[test]
    fn every_link_inside_the_page_has_its_target() {
        let page = render(&document::value());
        for link in page.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(page.contains(&format!("id=\"{link}\"")), "`#{link}` leads nowhere");
        }
    }
}
