//! The one binary. It alone reads the command line, the environment and configuration files.
//!
//! Start with [`commands`], the list of what can be done.

mod authorities;
mod commands;
mod config;
mod dictionaries;
mod logging;
mod open_files;
mod options;
mod output;
mod second;
mod server;

use std::process::ExitCode;

use clap::Parser as _;

use crate::commands::Cli;

fn main() -> ExitCode {
    let arguments = match config::with_file(std::env::args_os().collect()) {
        Ok(arguments) => arguments,
        Err(error) => {
            output::failure(&error);
            return ExitCode::from(2);
        }
    };
    let cli = Cli::parse_from(arguments);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            output::failure(&anyhow::Error::new(error).context("the runtime cannot start"));
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(commands::run(cli.command)) {
        Ok(code) => code,
        Err(error) => {
            output::failure(&error);
            ExitCode::FAILURE
        }
    }
}
