//! Ukrainian: words and rules.

mod bank_and_shop;
mod chatter;
mod everyone;
mod pastime;
mod street;
mod telecom;
mod words;

pub(crate) use words::VOCABULARY;
