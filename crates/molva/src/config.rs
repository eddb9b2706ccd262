//! The configuration file: the same names and meanings as the options of `molva serve`, so there is one thing to learn.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::parser::ValueSource;
use clap::{ArgMatches, Command, CommandFactory as _};
use serde_json::{Value, json};

use crate::authorities;
use crate::commands::Cli;

/// Read from the current folder when no file is named.
const DEFAULT_FILE: &str = "molva.toml";

/// Adds to a command line what the configuration file says and neither it nor the environment does.
pub(crate) fn with_file(arguments: Vec<OsString>) -> anyhow::Result<Vec<OsString>> {
    let command = Cli::command();
    // A wrong command line is reported by the real parse, with its usage.
    let Ok(matches) = command.clone().try_get_matches_from(&arguments) else { return Ok(arguments) };
    let (command, matches) = innermost(&command, &matches);
    let Some(path) = file_named(matches) else { return Ok(arguments) };
    let mut arguments = arguments;
    for (key, values) in read(&path)? {
        let Some(argument) = command.get_arguments().find(|argument| argument.get_long() == Some(&key)) else {
            continue;
        };
        let said = matches.value_source(argument.get_id().as_str());
        if matches!(said, Some(ValueSource::CommandLine | ValueSource::EnvVariable)) {
            continue;
        }
        arguments.extend(values.iter().filter_map(|value| as_argument(&key, value, takes_value(argument))));
    }
    Ok(arguments)
}

/// Every problem of a file, one sentence each.
pub(crate) fn check(path: &Path) -> anyhow::Result<Vec<String>> {
    let serve = serve_command();
    let mut problems = Vec::new();
    let mut arguments = vec![OsString::from("molva"), OsString::from("serve")];
    for (key, values) in read(path)? {
        match serve.get_arguments().find(|argument| argument.get_long() == Some(&key)) {
            None => problems.push(format!("`{key}` is not an option; `molva config schema` lists them all")),
            Some(argument) => {
                if key == "extra-ca-file" {
                    let read = |file: &String| authorities::of_file(Path::new(file)).err();
                    problems.extend(values.iter().filter_map(read).map(|error| format!("{error:#}")));
                }
                arguments.extend(values.iter().filter_map(|value| as_argument(&key, value, takes_value(argument))));
            }
        }
    }
    if let Err(error) = Cli::command().try_get_matches_from(arguments) {
        let text = error.to_string();
        let first = text.lines().next().unwrap_or_default();
        problems.push(first.trim_start_matches("error: ").to_owned());
    }
    Ok(problems)
}

/// JSON Schema of the file, made from the options themselves.
pub(crate) fn schema() -> Value {
    let mut properties = serde_json::Map::new();
    for argument in serve_command().get_arguments().filter(|argument| !argument.is_hide_set()) {
        let Some(long) = argument.get_long().filter(|long| !["help", "config", "json"].contains(long)) else {
            continue;
        };
        let default = argument.get_default_values().first().and_then(|value| value.to_str());
        let kind = if !takes_value(argument) {
            json!({"type": "boolean"})
        } else if argument.get_value_delimiter().is_some() {
            json!({"type": "array", "items": {"type": "string"}})
        } else if default.is_some_and(|value| value.parse::<f64>().is_ok()) {
            json!({"type": "number"})
        } else {
            json!({"type": "string"})
        };
        let mut property = kind;
        property["description"] = json!(argument.get_help().map(ToString::to_string).unwrap_or_default());
        if let Some(default) = default.filter(|_| takes_value(argument)) {
            property["default"] = default.parse::<f64>().map_or_else(|_| json!(default), |number| json!(number));
        }
        if let Some(variable) = argument.get_env().and_then(|variable| variable.to_str()) {
            property["x-environment"] = json!(variable);
        }
        properties.insert(long.to_owned(), property);
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "molva.toml",
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
    })
}

fn serve_command() -> Command {
    let mut command = Cli::command();
    command.build();
    command.find_subcommand("serve").cloned().unwrap_or(command)
}

fn innermost<'a>(command: &'a Command, matches: &'a ArgMatches) -> (&'a Command, &'a ArgMatches) {
    match matches.subcommand() {
        Some((name, inner)) => match command.find_subcommand(name) {
            Some(subcommand) => innermost(subcommand, inner),
            None => (command, matches),
        },
        None => (command, matches),
    }
}

fn file_named(matches: &ArgMatches) -> Option<PathBuf> {
    let named = matches.try_get_one::<PathBuf>("config").ok()?;
    named.cloned().or_else(|| Some(PathBuf::from(DEFAULT_FILE)).filter(|path| path.is_file()))
}

fn takes_value(argument: &clap::Arg) -> bool {
    argument.get_action().takes_values()
}

fn as_argument(key: &str, value: &str, takes_value: bool) -> Option<OsString> {
    match (takes_value, value) {
        (true, value) => Some(format!("--{key}={value}").into()),
        (false, "true") => Some(format!("--{key}").into()),
        (false, _) => None,
    }
}

/// Keys and their values as text; an array has several.
fn read(path: &Path) -> anyhow::Result<BTreeMap<String, Vec<String>>> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("the configuration file `{}` cannot be read", path.display()))?;
    let table: toml::Table =
        toml::from_str(&text).with_context(|| format!("the configuration file `{}` is not TOML", path.display()))?;
    table.into_iter().map(|(key, value)| Ok((key.replace('_', "-"), as_texts(&key, value)?))).collect()
}

fn as_texts(key: &str, value: toml::Value) -> anyhow::Result<Vec<String>> {
    Ok(match value {
        toml::Value::String(text) => vec![text],
        toml::Value::Integer(number) => vec![number.to_string()],
        toml::Value::Float(number) => vec![number.to_string()],
        toml::Value::Boolean(flag) => vec![flag.to_string()],
        toml::Value::Array(values) => {
            let nested: anyhow::Result<Vec<_>> = values.into_iter().map(|value| as_texts(key, value)).collect();
            nested?.into_iter().flatten().collect()
        }
        toml::Value::Table(_) | toml::Value::Datetime(_) => {
            bail!(
                "`{key}` in the configuration file is a table or a date; options are text, numbers, true/false or lists"
            )
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().expect("a temporary file");
        std::fs::write(file.path(), text).expect("written");
        file
    }

    fn arguments(words: &[&str]) -> Vec<OsString> {
        words.iter().map(OsString::from).collect()
    }

    #[test]
    fn the_command_line_wins_over_the_file() {
        let file = file("listen = \"127.0.0.1:9\"\nkept_days = 5\ndemo = true\n");
        let path = file.path().to_str().expect("a path");
        let said = arguments(&["molva", "serve", "--config", path, "--listen", "127.0.0.1:7"]);
        let full = with_file(said.clone()).expect("readable");
        let added: Vec<_> = full[said.len()..].iter().map(|word| word.to_str().expect("text")).collect();
        assert_eq!(added, ["--demo", "--kept-days=5"]);
    }

    #[test]
    fn every_problem_of_a_file_is_named() {
        let file = file("listn = \"127.0.0.1:9\"\nkept-days = \"many\"\n");
        let problems = check(file.path()).expect("readable");
        assert_eq!(problems.len(), 2, "{problems:?}");
        assert!(problems[0].contains("`listn`") && problems[1].contains("many"), "{problems:?}");
    }

    #[test]
    fn the_schema_knows_every_option_of_serve_with_its_default() {
        let schema = schema();
        assert_eq!(schema["properties"]["kept-days"]["default"], json!(3.0));
        assert_eq!(schema["properties"]["allow-private-host"]["type"], json!("array"));
        assert_eq!(schema["properties"]["listen"]["x-environment"], json!("MOLVA_LISTEN"));
    }
}
