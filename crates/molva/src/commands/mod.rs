//! Everything the binary can do, one file a command.

mod archive;
mod bulk;
mod config;
mod demo;
mod demo_fill;
mod doctor;
mod emulator;
pub(crate) mod encoder;
mod enrich;
mod eval;
mod export;
mod import;
mod list;
mod migrate;
mod query;
mod query_forms;
mod query_import;
mod query_knowledge;
mod query_match;
mod query_text;
mod secret;
mod serve;
mod source;
mod token;
mod topic;
mod train;
mod training_data;
mod vectors;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Hears what people say of a company, decides who must act, answers, and proves what came of it.
#[derive(Debug, Parser)]
#[command(name = "molva", version, propagate_version = true, max_term_width = 110)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Runs everything: collects, matches, serves the page and the API
    Serve(serve::Serve),
    /// Tries Molva without leaving traces: a live demo stream in a temporary folder
    Demo(demo::Demo),
    /// Reads a file of posts: JSONL, CSV or XLSX, plain or gzip; a run that was cut off goes on where it stopped
    Import(import::Import),
    /// Writes mentions into CSV, XLSX, JSONL or Parquet
    #[command(subcommand)]
    Export(export::ExportCommand),
    /// Adds, lists and tests the places posts are collected from
    #[command(subcommand)]
    Source(source::SourceCommand),
    /// Adds and lists what is listened for
    #[command(subcommand)]
    Topic(topic::TopicCommand),
    /// Shows and changes the named lists that queries use
    #[command(subcommand)]
    List(list::ListCommand),
    /// Explains, checks, lays out, imports and matches queries
    #[command(subcommand)]
    Query(query::QueryCommand),
    /// Judges posts of a file: language, tone, intent, stage, spam, story
    Enrich(enrich::Enrich),
    /// Learns the models of tone, intent, stage and spam from labelled sets
    Train(train::Train),
    /// Measures by cross-validation how good models are that are learnt from labelled sets
    Eval(eval::Eval),
    /// Imports and shows sentence encoders, for second opinions
    #[command(subcommand)]
    Encoder(encoder::EncoderCommand),
    /// Plays a network, for trying sources and replies without an account
    Emulator(emulator::EmulatorCommand),
    /// Checks the store, the ledger and the sources, and says what to do
    Doctor(doctor::Doctor),
    /// Shows, rebuilds and verifies the archive that searches are answered from
    #[command(subcommand)]
    Archive(archive::ArchiveCommand),
    /// Brings the database to this version (every start does it too)
    Migrate(migrate::Migrate),
    /// Checks a configuration file, or prints its schema
    #[command(subcommand)]
    Config(config::ConfigCommand),
    /// Replaces the key under which secrets of sources and accounts are sealed
    #[command(subcommand)]
    Secret(secret::SecretCommand),
    /// Makes tokens for the API
    #[command(subcommand)]
    Token(token::TokenCommand),
}

pub(crate) async fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Serve(serve) => serve.run().await,
        Command::Demo(demo) => demo.run().await,
        Command::Import(import) => import.run().await,
        Command::Export(export) => export.run().await,
        Command::Source(source) => source.run().await,
        Command::Topic(topic) => topic.run().await,
        Command::List(list) => list.run().await,
        Command::Query(query) => query.run().await,
        Command::Enrich(enrich) => enrich.run(),
        Command::Train(train) => train.run(),
        Command::Eval(eval) => eval.run(),
        Command::Encoder(encoder) => encoder.run(),
        Command::Emulator(emulator) => emulator.run().await,
        Command::Doctor(doctor) => doctor.run().await,
        Command::Archive(archive) => archive.run().await,
        Command::Migrate(migrate) => migrate.run().await,
        Command::Config(config) => config.run(),
        Command::Secret(secret) => secret.run().await,
        Command::Token(token) => token.run().await,
    }
}
