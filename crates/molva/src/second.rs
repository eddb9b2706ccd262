//! Options of second opinions: off unless an encoder or an endpoint is named.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use clap::Args;
use molva_connectors::chat::ChatEndpoint;
use molva_connectors::http::HttpClient;
use molva_domain::{SecondBy, Secret, SystemClock};
use molva_enrichment::slow::SecondOpinion;
use molva_pipeline::{ByChat, SecondOptions};
use tokio::runtime::Handle;

use crate::commands::encoder;
use crate::options::NetworkOptions;

/// How often new mentions are looked at.
const EVERY: Duration = Duration::from_secs(5);

/// Who judges again what is in doubt, and what that may cost.
#[derive(Args, Clone, Debug)]
pub(crate) struct SecondOpinions {
    /// Asks this encoder about mentions whose tone is in doubt: a folder with `config.json`, `tokenizer.json`,
    /// `model.safetensors` and `molva.heads`
    #[arg(long, env = "MOLVA_SECOND_ENCODER", value_name = "DIR", conflicts_with = "second_chat")]
    pub(crate) second_encoder: Option<PathBuf>,

    /// Asks this chat endpoint in the way of OpenAI instead, e.g. `https://api.example.com/v1`: texts of posts are sent to it
    #[arg(long, env = "MOLVA_SECOND_CHAT", value_name = "URL", requires = "second_chat_model")]
    pub(crate) second_chat: Option<String>,

    /// Name of the endpoint's model
    #[arg(long, env = "MOLVA_SECOND_CHAT_MODEL", value_name = "NAME")]
    pub(crate) second_chat_model: Option<String>,

    /// Key of the endpoint, where it wants one; better in the variable than on the command line
    #[arg(long, env = "MOLVA_SECOND_CHAT_KEY", hide_env_values = true, value_name = "KEY")]
    pub(crate) second_chat_key: Option<String>,

    /// Mentions asked about in a day (of UTC) at most, restarts or not
    #[arg(long, env = "MOLVA_SECOND_A_DAY", default_value_t = 5_000, value_name = "N")]
    pub(crate) second_a_day: u32,

    /// Share of a core that second opinions may take, in percent
    #[arg(long, env = "MOLVA_SECOND_SHARE", default_value_t = 25, value_parser = clap::value_parser!(u32).range(1..=100), value_name = "PERCENT")]
    pub(crate) second_share: u32,

    /// A tone is in doubt when it is ahead of the next likely one by fewer percent than this
    #[arg(long, env = "MOLVA_SECOND_DOUBT", default_value_t = 25, value_parser = clap::value_parser!(u32).range(1..=100), value_name = "PERCENT")]
    pub(crate) second_doubt: u32,

    /// Of mentions whose tone is in no doubt, so many percent are asked about too, drawn at random
    #[arg(long, env = "MOLVA_SECOND_SAMPLE", default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=100), value_name = "PERCENT")]
    pub(crate) second_sample: u32,
}

impl SecondOpinions {
    /// What the pipeline is to do; `None` when nobody is named.
    pub(crate) fn options(&self, network: &NetworkOptions) -> anyhow::Result<Option<SecondOptions>> {
        let Some(opinion) = self.opinion(network)? else { return Ok(None) };
        let [share, doubt, sample] =
            [self.second_share, self.second_doubt, self.second_sample].map(|percent| percent as f32 / 100.0);
        let by = if self.second_encoder.is_some() { SecondBy::Encoder } else { SecondBy::Endpoint };
        tracing::info!(by = opinion.name(), a_day = self.second_a_day, share, doubt, sample, "second opinions are on");
        Ok(Some(SecondOptions { opinion, by, a_day: self.second_a_day, share, doubt, sample, every: EVERY }))
    }

    fn opinion(&self, network: &NetworkOptions) -> anyhow::Result<Option<Arc<dyn SecondOpinion>>> {
        if let Some(folder) = &self.second_encoder {
            // One thread, so that the share is one of a core.
            return Ok(Some(Arc::new(encoder::opinion(folder, None, NonZeroUsize::MIN)?)));
        }
        let (Some(base), Some(model)) = (&self.second_chat, &self.second_chat_model) else { return Ok(None) };
        let key = self.second_chat_key.clone().map(Secret::new);
        let endpoint = ChatEndpoint::new(base, model, key, HttpClient::new(network.limits()?))
            .context("`--second-chat` is no address of an endpoint")?;
        Ok(Some(Arc::new(ByChat::new(endpoint, Arc::new(SystemClock), Handle::current()))))
    }
}
