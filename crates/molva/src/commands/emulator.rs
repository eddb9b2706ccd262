//! `molva emulator`

use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use clap::Args;
use molva_domain::SystemClock;
use molva_emulators::{EMULATORS, Emulator, Sandbox, Seed};
use tokio::net::TcpListener;

use crate::output;

/// A stand-in for a network, with an invented world, for trying sources and replies without an account. Point the source's
/// address at it and allow Molva to reach it: `molva serve --allow-private-host 127.0.0.1:8090`.
#[derive(Args, Debug)]
pub(crate) struct EmulatorCommand {
    /// Which network: vk, telegram, meta (Facebook and Instagram), max, ok, x, reddit, discourse, nodebb, flarum, youtube,
    /// googleplay, appstore
    name: String,

    /// Where it listens
    #[arg(long, default_value = "127.0.0.1:8090", value_name = "ADDRESS")]
    listen: SocketAddr,

    /// So many things were said there in the last day
    #[arg(long, default_value_t = 200)]
    items: usize,

    /// Another seed gives another world
    #[arg(long, default_value_t = 1)]
    seed: u64,

    /// Every so many seconds somebody says something; 0 is silence
    #[arg(long, default_value_t = 10, value_name = "SECONDS")]
    every: u64,

    /// So many seconds of the network's limits and waits pass in a second
    #[arg(long, default_value_t = 1.0, hide = true)]
    time_scale: f64,
}

impl EmulatorCommand {
    pub(crate) async fn run(self) -> anyhow::Result<ExitCode> {
        let emulator = Emulator::find(&self.name).with_context(|| {
            let names: Vec<&str> = EMULATORS.iter().map(|emulator| emulator.name).collect();
            format!("there is no emulator `{}`; there are {}", self.name, names.join(", "))
        })?;
        let listener = TcpListener::bind(self.listen).await.with_context(|| {
            format!("cannot listen on `{}`; another program may hold the port, try another", self.listen)
        })?;
        let sandbox = Sandbox::new(Arc::new(SystemClock), self.time_scale);
        self.say(&sandbox, &Seed { items: self.items, seed: self.seed, ..Seed::default() });
        output::line(format!("{} listens at http://{}", emulator.name, listener.local_addr()?));
        emulator.keys.iter().for_each(|key| output::line(format!("  {key}")));
        let brands: Vec<&str> = molva_emulators::spoken_of().collect();
        output::line(format!("  people there write of {}", brands.join(", ")));
        let app = emulator.router(sandbox.clone());
        tokio::select! {
            ended = axum::serve(listener, app).into_future() => ended?,
            () = self.go_on(&sandbox) => {}
            interrupted = tokio::signal::ctrl_c() => interrupted?,
        }
        Ok(ExitCode::SUCCESS)
    }

    async fn go_on(&self, sandbox: &Sandbox) {
        for number in 1.. {
            match self.every {
                0 => return std::future::pending().await,
                seconds => tokio::time::sleep(Duration::from_secs(seconds)).await,
            }
            let seed = self.seed.wrapping_add(number).wrapping_mul(1_000_003);
            self.say(sandbox, &Seed { items: 1, seed, span_s: 0, ..Seed::default() });
        }
    }

    fn say(&self, sandbox: &Sandbox, seed: &Seed) {
        let now = sandbox.now();
        sandbox.inside().world.seed(seed, now);
        sandbox.changed();
    }
}
