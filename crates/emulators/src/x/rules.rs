//! Rules of the stream: of the whole application, at most a thousand, no two alike.

use axum::http::StatusCode;
use molva_domain::Timestamp;
use serde_json::{Value, json};

use super::problem::Problem;
use super::query::Query;
use super::tweets::Tweet;
use super::{Call, X};
use crate::faults::Fault;

const MOST: usize = 1_000;
const LONGEST: usize = 1_024;

#[derive(Debug, Default)]
pub(super) struct Rules {
    all: Vec<Rule>,
    last: u64,
}

#[derive(Clone, Debug)]
struct Rule {
    id: u64,
    value: String,
    tag: Option<String>,
    query: Query,
}

impl Rule {
    fn told(&self) -> Value {
        let mut told = json!({"id": self.id.to_string(), "value": self.value});
        if let Some(tag) = &self.tag {
            told["tag"] = json!(tag);
        }
        told
    }
}

impl Rules {
    pub(super) const fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Which of them a post fits, as the stream tells it.
    pub(super) fn matching(&self, tweet: &Tweet, above: Option<&Tweet>) -> Vec<Value> {
        let fitting = self.all.iter().filter(|rule| rule.query.matches(tweet, above));
        fitting
            .map(|rule| {
                let mut told = rule.told();
                told.as_object_mut().map(|fields| fields.remove("value"));
                told
            })
            .collect()
    }

    fn add(&mut self, wanted: &Value, dry: bool) -> Result<Value, Value> {
        let value = wanted["value"].as_str().unwrap_or_default().to_owned();
        let wrong = |title: &str, kind: &str, detail: &str| {
            let kind = format!("https://api.x.com/2/problems/{kind}");
            json!({"title": title, "type": kind, "value": value, "details": [detail], "detail": detail})
        };
        if let Some(same) = self.all.iter().find(|rule| rule.value == value) {
            let mut told = wrong("DuplicateRule", "duplicate-rules", "a rule with this value is there");
            told["id"] = json!(same.id.to_string());
            return Err(told);
        }
        if value.chars().count() > LONGEST {
            return Err(wrong("UnprocessableEntity", "invalid-rules", "the rule is longer than 1024 characters"));
        }
        let query = Query::parse(&value).map_err(|error| wrong("UnprocessableEntity", "invalid-rules", &error))?;
        self.last += 1;
        let tag = wanted["tag"].as_str().map(str::to_owned);
        let rule = Rule { id: 1_165_037_377_523_306_000 + self.last, value, tag, query };
        let told = rule.told();
        if !dry {
            self.all.push(rule);
        }
        Ok(told)
    }
}

fn sent(call: &Call) -> String {
    Timestamp::from_secs(call.now).to_rfc3339()
}

fn app_only(call: &Call) -> Result<(), Problem> {
    if call.caller.is_app() { Ok(()) } else { Err(Problem::wrong_token("OAuth 2.0 Application-Only")) }
}

pub(super) fn list(x: &X, call: &Call, _: Option<Fault>) -> Result<(StatusCode, Value), Problem> {
    app_only(call)?;
    let own = x.own();
    let rules: Vec<Value> = own.rules.all.iter().map(Rule::told).collect();
    let mut told = json!({"meta": {"sent": sent(call), "result_count": rules.len()}});
    if !rules.is_empty() {
        told["data"] = rules.into();
    }
    Ok((StatusCode::OK, told))
}

pub(super) fn change(x: &X, call: &Call, _: Option<Fault>) -> Result<(StatusCode, Value), Problem> {
    app_only(call)?;
    let dry = call.text("dry_run") == Some("true");
    let mut own = x.own();
    if let Some(ids) = call.body.pointer("/delete/ids").and_then(Value::as_array) {
        let before = own.rules.all.len();
        own.rules.all.retain(|rule| !ids.contains(&json!(rule.id.to_string())));
        let deleted = before - own.rules.all.len();
        let summary = json!({"deleted": deleted, "not_deleted": ids.len() - deleted.min(ids.len())});
        return Ok((StatusCode::OK, json!({"meta": {"sent": sent(call), "summary": summary}})));
    }
    let wanted = call.body["add"].as_array().filter(|add| !add.is_empty());
    let wanted = wanted.ok_or_else(|| Problem::invalid("JSON doesn't match expected schema"))?;
    if own.rules.all.len() + wanted.len() > MOST {
        return Err(Problem::new(422, "RulesCapExceeded", "Rules capped at allocated count.", "rule-cap"));
    }
    let (mut made, mut wrong) = (Vec::new(), Vec::new());
    for rule in wanted {
        match own.rules.add(rule, dry) {
            Ok(told) => made.push(told),
            Err(told) => wrong.push(told),
        }
    }
    let summary =
        json!({"created": made.len(), "not_created": wrong.len(), "valid": made.len(), "invalid": wrong.len()});
    let mut told = json!({"meta": {"sent": sent(call), "summary": summary}});
    if !made.is_empty() {
        told["data"] = made.into();
    }
    if !wrong.is_empty() {
        told["errors"] = wrong.into();
    }
    Ok((StatusCode::CREATED, told))
}
