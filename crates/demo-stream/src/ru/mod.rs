//! Russian: words and rules.

mod bank;
mod chatter;
mod everyone;
mod outage;
mod pastime;
mod shop;
mod street;
mod telecom;
mod words;

pub(crate) use words::VOCABULARY;
