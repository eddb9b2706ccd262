use molva_domain::{CaseStatus, Intent, Intents, Language, PostKind, SlaState, Stage, Tone};

use super::post;
use crate::field::{Attachment, Judgement};
use crate::{FIELDS, FieldStage, NoLists, Parsed, Reading, Scope, parse, parse_with};

fn read(text: &str) -> Parsed {
    parse_with(text, &Reading { scope: Scope::Mentions, lists: &NoLists })
}

#[test]
fn judged_and_worked_fields_ask_what_is_known_of_a_mention() {
    let judgement = Judgement {
        tone: Some(Tone::Negative),
        intents: Intents::EMPTY.with(Intent::Complaint).with(Intent::Help),
        stage: Some(Stage::Service),
        motive: Some("Плохая  связь".to_owned()),
        spam: Some(0.8),
        bot: Some(0.1),
        tags: vec!["VIP".to_owned(), "срочно".to_owned()],
        topics: vec!["Наш бренд".to_owned()],
        stories: vec!["17".to_owned()],
        case_status: Some(CaseStatus::Open),
        case_queue: Some("Вторая линия".to_owned()),
        case_sla: Some(SlaState::AtRisk),
        customer_segment: Some("b2b".to_owned()),
    };
    for (query, expected) in [
        ("tone:negative", true),
        ("tone:(positive, NEGATIVE)", true),
        ("tone:neutral", false),
        ("intent:complaint", true),
        ("intent:complaint AND intent:help", true),
        ("intent:(churn, help)", true),
        ("связь -intent:help", false),
        ("intent:churn", false),
        ("stage:service", true),
        ("motive:\"плохая связь\"", true),
        ("spam:>0.8", false),
        ("spam:>=0.8", true),
        ("spam:0.5..0.9", true),
        ("spam:>=80%", true),
        ("bot:<0.2", true),
        ("bot:<=0.05", false),
        ("tag:vip", true),
        ("tag:другое", false),
        ("topic:\"наш бренд\"", true),
        ("story:17", true),
        ("case.status:open", true),
        ("case.queue:\"Вторая линия\"", true),
        ("case.sla:at_risk", true),
        ("case.sla:breached", false),
        ("customer.segment:B2B", true),
        ("связь -tone:negative", false),
    ] {
        let parsed = read(query);
        let read_query = parsed.query.unwrap_or_else(|| panic!("{query}: {:?}", parsed.diagnostics));
        assert_eq!(read_query.matches_judged(&post("связь"), &judgement), expected, "{query}");
        assert!(!read(&query.replace("связь -", "")).query.expect("a query").matches(&post("связь")), "{query}");
        let again = read(&read_query.canonical()).query.expect("a canonical query");
        assert_eq!(again.canonical(), read_query.canonical());
        assert_eq!(again.matches_judged(&post("связь"), &judgement), expected, "{}", read_query.canonical());
    }
}

#[test]
fn a_topic_may_not_ask_what_is_known_only_later() {
    for field in FIELDS.iter().filter(|field| field.stage != FieldStage::Post) {
        for example in field.examples {
            assert_eq!(parse(example).diagnostics[0].code, "field_not_in_topics", "{example}");
            assert!(read(example).query.is_some(), "{example}");
        }
    }
}

#[test]
fn a_wrong_value_is_answered_with_those_there_are() {
    let parsed = read("tone:negativ");
    assert_eq!(parsed.diagnostics[0].message(Language::ENGLISH), "this field takes only: negative, neutral, positive");
    assert_eq!(parsed.diagnostics[0].replacement.as_deref(), Some("tone:negative"));
    let codes = |text: &str| read(text).diagnostics[0].code;
    assert_eq!(codes("spam:>2"), "field_value");
    assert_eq!(codes("spam:>1"), "empty_range");
    assert_eq!(codes("bot:0.9..0.1"), "empty_range");
    assert_eq!(codes("spam:NaN"), "field_value");
    assert_eq!(codes("tag:"), "field_value");
    assert_eq!(codes("kind:коммент"), "field_choice");
}

#[test]
fn help_knows_every_field_and_its_values() {
    for field in FIELDS {
        for example in field.examples {
            let known = read(example).query.is_some() || field.name == "list";
            assert!(known && example.starts_with(&format!("{}:", field.name)), "{example}");
        }
        for value in field.values {
            assert!(read(&format!("{}:{value}", field.name)).query.is_some(), "{}:{value}", field.name);
        }
    }
    let values = |name: &str| FIELDS.iter().find(|field| field.name == name).map_or(0, |field| field.values.len());
    assert_eq!(
        ["kind", "tone", "intent", "stage", "case.status", "case.sla", "has"].map(values),
        [
            PostKind::ALL.len(),
            Tone::ALL.len(),
            Intent::ALL.len(),
            Stage::ALL.len(),
            CaseStatus::ALL.len(),
            SlaState::ALL.len(),
            Attachment::ALL.len(),
        ]
    );
}
