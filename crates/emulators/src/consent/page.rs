//! The page on which a person agrees, as networks of one application have it, and the way back from it.

use std::collections::HashMap;
use std::fmt::Write as _;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use url::Url;

use super::{Agreed, Manner};
use crate::sandbox::Sandbox;

pub(crate) type Fields = HashMap<String, String>;

/// A network's page.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Page {
    pub title: &'static str,
    /// Where the answer is sent.
    pub path: &'static str,
    pub client: &'static str,
    /// Tokens begin with it.
    pub prefix: &'static str,
    /// Between rights.
    pub separator: &'static str,
    /// What brings a refresh token: name and value; without a name everybody gets one.
    pub lasting: (&'static str, &'static str),
    /// Numbers of the people who may be signed in, and what they are called.
    pub people: &'static [(u64, &'static str)],
}

const KEPT: [&str; 4] = ["redirect_uri", "state", "code_challenge", "scope"];

pub(crate) fn fields(text: &[u8]) -> Fields {
    url::form_urlencoded::parse(text).into_owned().collect()
}

impl Page {
    /// A person is asked.
    pub(crate) fn ask(&self, asked: &Fields) -> Response {
        let one = |name: &str| asked.get(name).map(String::as_str).unwrap_or_default();
        let proof = (one("code_challenge_method"), one("code_challenge").len());
        let wrong = [
            (one("client_id") != self.client, "client_id"),
            (one("response_type") != "code", "response_type"),
            (!matches!(proof, ("S256", 43) | ("", 0)), "code_challenge"),
            (one("state").is_empty(), "state"),
            (one("scope").is_empty(), "scope"),
            (Url::parse(one("redirect_uri")).is_err(), "redirect_uri"),
        ];
        if let Some((_, name)) = wrong.iter().find(|(wrong, _)| *wrong) {
            return (StatusCode::BAD_REQUEST, Html(format!("<!doctype html><p>{name} is wrong"))).into_response();
        }
        let escaped = |text: &str| text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
        let (name, value) = self.lasting;
        let lasting = if name.is_empty() || one(name) == value { "yes" } else { "" };
        let mut inside = format!("<input type=hidden name=lasting value=\"{lasting}\">");
        for name in KEPT {
            let _ = write!(inside, "<input type=hidden name={name} value=\"{}\">", escaped(one(name)));
        }
        for right in one("scope").split(self.separator).map(escaped) {
            let _ = write!(
                inside,
                "<p><label><input type=checkbox name=right value=\"{right}\" checked> {right}</label></p>"
            );
        }
        for (id, name) in self.people {
            let _ = write!(inside, "<button name=person value={id}>{name}</button> ");
        }
        let Self { title, path, .. } = self;
        Html(format!(
            "<!doctype html><html lang=en><title>{title}</title><h1>Sandbox of {title}</h1><p>Molva asks for:</p>\
             <form method=post action={path}>{inside}<button name=person value=0>No</button></form>"
        ))
        .into_response()
    }

    /// The person's answer, who is sent back with it. A form without a `right` allows everything that was asked for.
    pub(crate) fn answer(&self, sandbox: &Sandbox, body: &[u8]) -> Response {
        let answer = fields(body);
        let one = |name: &str| answer.get(name).map(String::as_str).unwrap_or_default();
        let Ok(mut back) = Url::parse(one("redirect_uri")) else { return StatusCode::BAD_REQUEST.into_response() };
        let person = one("person").parse().ok().filter(|person| self.people.iter().any(|(id, _)| id == person));
        let ticked = url::form_urlencoded::parse(body).into_owned().filter(|(name, _)| name == "right");
        let ticked: Vec<String> = ticked.map(|(_, right)| right).collect();
        let scope = if ticked.is_empty() { one("scope").to_owned() } else { ticked.join(self.separator) };
        let at = sandbox.now();
        let code = person.map(|person| {
            sandbox.inside().grants.agree(Agreed {
                prefix: self.prefix,
                client: self.client.to_owned(),
                redirect: one("redirect_uri").to_owned(),
                challenge: one("code_challenge").to_owned(),
                device: String::new(),
                person,
                scope,
                lasting: !one("lasting").is_empty(),
                at,
            })
        });
        let (name, value) = code.as_deref().map_or(("error", "access_denied"), |code| ("code", code));
        back.query_pairs_mut().append_pair(name, value).append_pair("state", one("state"));
        Redirect::to(back.as_str()).into_response()
    }
}

/// `POST /_consent`: how the network behaves from now on.
pub(crate) async fn behave(State(sandbox): State<Sandbox>, Json(manner): Json<Manner>) -> Json<Manner> {
    sandbox.inside().grants.behave(manner.clone());
    Json(manner)
}
