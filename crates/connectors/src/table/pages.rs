//! `docs/networks`: a page a network. People write it; what the row says stands at its end and is made from it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::CONNECTORS;
use crate::changes;
use crate::connector::{Connector, Mode};
use crate::settings::{Setting, SettingKind};

const MADE: &str = "\n<!-- What follows is made from the table of networks; after a change run\n     `UPDATE_NETWORKS=1 cargo test -p molva-connectors page` -->\n";

#[test]
fn the_page_of_every_network_ends_with_what_its_row_says() {
    let mut wrong = Vec::new();
    for connector in CONNECTORS {
        let path = page(connector.descriptor().name);
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        let by_hand = kept.split_once(MADE).map_or(kept.trim_end(), |(by_hand, _)| by_hand.trim_end());
        let made = format!("{by_hand}\n{MADE}{}", from_row(*connector));
        if std::env::var_os("UPDATE_NETWORKS").is_some() {
            std::fs::write(&path, &made).expect("the page is written");
        } else if kept != made {
            wrong.push(path);
        }
        assert!(
            by_hand.trim().len() > 200,
            "{} says nothing of keys, costs and limits",
            page(connector.descriptor().name).display()
        );
    }
    assert!(wrong.is_empty(), "run `UPDATE_NETWORKS=1 cargo test -p molva-connectors page` for {wrong:?}");
}

fn page(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../docs/networks/{name}.md"))
}

fn from_row(connector: &dyn Connector) -> String {
    let row = connector.descriptor();
    let mut text = String::new();
    let arrives = match row.mode {
        Mode::Poll => "asked from time to time",
        Mode::Stream => "a connection stays open",
        Mode::Push => "they call Molva",
        Mode::File => "a file is read",
    };
    let can = row.capabilities;
    let yes = |can: bool| if can { "yes" } else { "no" };
    let changes = changes::of(row.name).expect("every network says what becomes of its posts");
    let _ = write!(
        text,
        "\n## In short\n\n| | |\n|---|---|\n| posts arrive | {arrives} |\n| listens to words | {} |\n| listens to an account or a place | {} |\n\
         | looks back | {} |\n| follows edits | {} |\n| follows deletions | {} |\n| what is said while Molva is away | {} |\n| likes, comments, views | {} |\n| looks young posts up again | {} |\n| answers | {} |\n",
        yes(can.keyword_listen),
        yes(can.account_listen),
        yes(can.backfill),
        changes.edits,
        changes.deletions,
        changes.missed,
        yes(can.metrics),
        yes(connector.refresh().is_some()),
        yes(connector.replies().is_some()),
    );
    table(&mut text, &format!("Settings of a source (`{}`)", row.name), row.settings);
    if let Some(replies) = connector.replies() {
        table(&mut text, "Settings of an account that answers", replies.account_settings());
    }
    text
}

fn table(text: &mut String, title: &str, settings: &[Setting]) {
    if settings.is_empty() {
        return;
    }
    let _ = write!(text, "\n## {title}\n\n| setting | is | |\n|---|---|---|\n");
    for setting in settings {
        let kind = match setting.kind {
            SettingKind::Text => "text".to_owned(),
            SettingKind::Url => "an address".to_owned(),
            SettingKind::Secret => "a secret".to_owned(),
            SettingKind::Number { min, max } => format!("a number from {min} to {max}"),
            SettingKind::Flag => "`true` or `false`".to_owned(),
            SettingKind::Choice(choices) => {
                choices.iter().map(|(value, _)| format!("`{value}`")).collect::<Vec<_>>().join(", ")
            }
            SettingKind::List => "several, one a line".to_owned(),
        };
        let needed = match (setting.required, setting.default) {
            (_, Some(default)) => format!("; `{default}` unless given"),
            (true, None) => "; required".to_owned(),
            (false, None) => String::new(),
        };
        let only = setting.shown_when.map_or_else(String::new, |condition| {
            let values: Vec<_> = condition.is.iter().map(|value| format!("`{value}`")).collect();
            format!("; only when `{}` is {}", condition.setting, values.join(" or "))
        });
        let _ = writeln!(
            text,
            "| `{}` | {}{needed}{only} | {}: {} |",
            setting.key,
            kind,
            setting.label.en,
            setting.help.en.replace('|', "\\|")
        );
    }
}
