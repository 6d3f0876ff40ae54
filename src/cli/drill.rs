//! `watchfloor drill`: the console, or an AWS endpoint on loopback, on an embedded estate.

use std::io::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use color_eyre::eyre::{Result, WrapErr, eyre};

use crate::cli::console::{self, WATCHED_SPEED};
use crate::cli::exit::{Exit, UsageError};
use crate::cli::source::{DrillArgs, LookArgs, Source, SourceArgs};
use crate::drill::server;
use crate::shell::termination::Termination;

/// A whole simulated estate in this process: no AWS account, no network.
#[derive(Debug, clap::Args)]
pub struct DrillCommand {
    /// The estate.
    #[arg(default_value = "payments")]
    estate: String,
    /// Serve the estate as an AWS endpoint on this loopback address instead of opening the console,
    /// e.g. 127.0.0.1:4566.
    #[arg(long, value_name = "ADDR")]
    serve: Option<SocketAddr>,
    #[command(flatten)]
    run: DrillArgs,
    #[command(flatten)]
    look: LookArgs,
}

/// Runs the command.
pub fn run(args: &DrillCommand) -> Result<Exit> {
    let source = SourceArgs { config: None, drill: Some(args.estate.clone()), run: args.run.clone() };
    match args.serve {
        None => console::open(&Source::open(&source, &args.look, WATCHED_SPEED)?, None),
        Some(address) => serve(&Source::open(&source, &args.look, 1.0)?, address, args.run.latency),
    }
}

fn serve(source: &Source, address: SocketAddr, latency: Duration) -> Result<Exit> {
    let drill = source.drill.clone().ok_or_else(|| eyre!("no drill"))?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let mut termination = Termination::listen().wrap_err("signals")?;
        let server = server::serve(Arc::new(drill.endpoint().open().latency(latency)), address)
            .await
            .map_err(|error| UsageError(error.to_string()))?;
        {
            let mut out = std::io::stdout().lock();
            writeln!(out, "http://{}", server.address)?;
            for environment in &source.config.environments {
                let (account, region) = (environment.account.as_deref(), environment.region.as_deref());
                let (account, region) = (account.unwrap_or_default(), region.unwrap_or_default());
                writeln!(out, "  {:<28} AWS_ACCESS_KEY_ID={account} AWS_REGION={region}", environment.label())?;
            }
            writeln!(out, "any secret key will do, e.g. AWS_SECRET_ACCESS_KEY=x; ctrl-c stops it")?;
            out.flush()?;
        }
        let number = termination.received().await;
        server.stop().await;
        Ok(Exit::Signal(number))
    })
}
