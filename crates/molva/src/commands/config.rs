//! `molva config`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;

use crate::{config, output};

#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Names every problem of a configuration file
    Check {
        #[arg(default_value = "molva.toml", value_name = "FILE")]
        file: PathBuf,
    },
    /// Prints the JSON Schema of the configuration file
    Schema,
}

impl ConfigCommand {
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Schema => {
                output::line(serde_json::to_string_pretty(&config::schema())?);
                Ok(ExitCode::SUCCESS)
            }
            Self::Check { file } => {
                let problems = config::check(&file)?;
                if problems.is_empty() {
                    output::line(format!("`{}` is well", file.display()));
                    return Ok(ExitCode::SUCCESS);
                }
                for problem in problems {
                    output::line(problem);
                }
                Ok(ExitCode::FAILURE)
            }
        }
    }
}
