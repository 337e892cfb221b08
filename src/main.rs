//! The command line. Start at [`main`]; the work is in `vigie::runtime`.
#![warn(clippy::disallowed_methods)]

use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use clap::{Parser, Subcommand};
use vigie::app::Setup;
use vigie::config::{self, Settings};
use vigie::runtime::demo::{self, Demo, DemoOptions};
use vigie::runtime::{Assembly, SystemClock, check, learning, office, setup, tour};
use vigie::sandbox::SandboxClock;
use vigie::store::Store;

/// The lookout for social-media teams in Slack and Discord: turns messages into tickets, gives each an owner, and sees to it.
#[derive(Debug, Parser)]
#[command(
    name = "vigie",
    version,
    about,
    after_help = "Examples:\n  vigie demo            try it, no account needed\n  vigie check           find every mistake in config/\n  vigie serve           run it\n  vigie setup slack     print the app manifest to paste"
)]
struct Cli {
    /// Folder with vigie.toml, office.toml and triage.toml.
    #[arg(long, global = true, default_value = "config", env = "VIGIE_CONFIG")]
    config: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run Vigie with the settings of the configuration folder and the environment.
    #[command(
        after_help = "Stops cleanly on SIGTERM or Ctrl-C: what is in flight is finished or kept for the next start."
    )]
    Serve,
    /// Try Vigie: a local Slack, Discord and social network with a sample office, in the browser.
    #[command(
        after_help = "Examples:\n  vigie demo\n  vigie demo --port 4100 --quiet-customers\n  vigie demo --tour       plays the main job without a browser"
    )]
    Demo {
        /// Play the whole path without a browser, print it, and exit 0 only if every step held.
        #[arg(long)]
        tour: bool,
        /// Port of the page on 127.0.0.1 (any free one by default).
        #[arg(long)]
        port: Option<u16>,
        /// Database file, or a postgres:// address; a fresh file in the folder for temporary files by default.
        #[arg(long)]
        database: Option<PathBuf>,
        /// Do not let sample customers write by themselves.
        #[arg(long)]
        quiet_customers: bool,
    },
    /// Check settings, office and rules: every mistake at once, with file, line and a cure.
    #[command(
        after_help = "Exit code 0: usable, 1: mistakes found.\nExamples:\n  vigie check\n  vigie check --tokens --format json"
    )]
    Check {
        /// Also try the tokens against Slack and Discord.
        #[arg(long)]
        tokens: bool,
        /// text or json.
        #[arg(long, default_value = "text")]
        format: String,
    },
    /// Bring the database up to date without starting.
    Migrate,
    /// Try rules on past messages before they are in force.
    Backtest {
        #[command(subcommand)]
        what: learning::Backtest,
    },
    /// Take out what the team has taught Vigie.
    Export {
        #[command(subcommand)]
        what: learning::Export,
    },
    /// Train a model on messages that the team has labelled itself. No network, nothing leaves the machine.
    Train {
        #[command(subcommand)]
        what: learning::Train,
    },
    /// The office in force as a file, and a file as the office in force.
    Office {
        #[command(subcommand)]
        action: OfficeAction,
    },
    /// Print what to paste or click to install Vigie in a workspace.
    Setup {
        #[command(subcommand)]
        chat: SetupChat,
    },
}

#[derive(Debug, Subcommand)]
enum OfficeAction {
    /// Print people, roles, rota, rules and everything else of the office in force, as `vigie office apply` reads it.
    #[command(after_help = "Example:\n  vigie office export > office.toml")]
    Export {
        /// text or json.
        #[arg(long, default_value = "text")]
        format: String,
    },
    /// Show what a file would change; with --yes it holds from then on, for a running Vigie too.
    #[command(
        after_help = "Refuses what would leave open work without anybody, and says what to do first.\nExit code 0: fine, 1: mistakes or refused.\nExamples:\n  vigie office apply office.toml\n  vigie office apply office.toml --yes\n  vigie office apply office.toml --yes --as lea"
    )]
    Apply {
        /// The office file.
        file: PathBuf,
        /// Do it.
        #[arg(long)]
        yes: bool,
        /// Who wants it, for the audit log: a member's short name, or any name; by default the user logged in here.
        #[arg(long = "as", value_name = "NAME")]
        named: Option<String>,
        /// text or json.
        #[arg(long, default_value = "text")]
        format: String,
    },
}

#[derive(Debug, Subcommand)]
enum SetupChat {
    /// The app manifest for Slack.
    Slack {
        /// Public address of this Vigie, for HTTP mode; without it the manifest is for Socket Mode.
        #[arg(long)]
        url: Option<String>,
    },
    /// The invitation link for Discord.
    Discord {
        /// The application's id, from the developer portal.
        #[arg(long)]
        application: Option<String>,
    },
}

fn main() -> ExitCode {
    // The TLS provider must be there before any client is made: reqwest panics without one.
    if rustls::crypto::ring::default_provider().install_default().is_err() {
        eprintln!("vigie: a TLS provider was already installed");
    }
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("vigie: the runtime could not start: {error}");
            return ExitCode::FAILURE;
        }
    };
    let outcome = runtime.block_on(run(cli));
    runtime.shutdown_timeout(Duration::from_millis(300));
    match outcome {
        Ok(code) => code,
        Err(error) => {
            eprintln!("vigie: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    match cli.command {
        Command::Serve => serve(&cli.config).await,
        Command::Demo { tour: true, database, .. } => {
            telemetry(vigie::telemetry::LogFormat::Text, Some("error"));
            tour::play(&database_of(database)).await
        }
        Command::Demo { port, database, quiet_customers, .. } => {
            run_demo(port, &database_of(database), quiet_customers).await
        }
        Command::Check { tokens, format } => check::run(&cli.config, tokens, &format).await,
        Command::Backtest { what } => what.run(cli.config),
        Command::Train { what } => what.run(),
        Command::Export { what } => what.run(cli.config).await,
        Command::Office { action: OfficeAction::Export { format } } => office::print(&cli.config, &format).await,
        Command::Office { action: OfficeAction::Apply { file, yes, named, format } } => {
            office::apply(&cli.config, &file, yes, named.as_deref(), &format).await
        }
        Command::Migrate => migrate(&cli.config).await,
        Command::Setup { chat: SetupChat::Slack { url } } => {
            println!("{}", setup::slack(url.as_deref()));
            Ok(ExitCode::SUCCESS)
        }
        Command::Setup { chat: SetupChat::Discord { application } } => {
            println!("{}", setup::discord(application.as_deref()));
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn telemetry(format: vigie::telemetry::LogFormat, fallback: Option<&str>) {
    let filter = std::env::var("RUST_LOG").ok();
    if let Err(error) = vigie::telemetry::start(format, filter.as_deref().or(fallback)) {
        eprintln!("vigie: {error}");
    }
}

fn database_of(database: Option<PathBuf>) -> String {
    let path = database.unwrap_or_else(|| demo::fresh_database(&std::env::temp_dir()));
    let path = path.display().to_string();
    if path.contains("://") { path } else { format!("sqlite:{path}") }
}

async fn serve(folder: &std::path::Path) -> anyhow::Result<ExitCode> {
    let Some((settings, setup)) = loaded(folder)? else { return Ok(ExitCode::FAILURE) };
    telemetry(format_of(&settings), None);
    let vigie = Assembly::start(&settings, setup, Arc::new(SystemClock), false).await?;
    tracing::info!(address = %vigie.address, chats = ?vigie.app.chats(), "ready");
    stop_signal().await?;
    tracing::info!("stopping");
    vigie.stop().await;
    Ok(ExitCode::SUCCESS)
}

fn format_of(settings: &Settings) -> vigie::telemetry::LogFormat {
    match settings.log {
        config::settings::LogStyle::Json => vigie::telemetry::LogFormat::Json,
        _ => vigie::telemetry::LogFormat::Text,
    }
}

/// Settings, office and rules; `None` when they have mistakes, which were printed.
fn loaded(folder: &std::path::Path) -> anyhow::Result<Option<(Settings, Setup)>> {
    let found = check::load(folder);
    if found.findings.iter().any(|finding| finding.severity == config::Severity::Error) {
        eprintln!("{}", config::report(&found.findings, config::Format::Text, std::io::stderr().is_terminal()));
        return Ok(None);
    }
    let settings = found.settings.context("settings")?;
    let setup = found.setup.context("office")?;
    Ok(Some((settings, setup)))
}

async fn migrate(folder: &std::path::Path) -> anyhow::Result<ExitCode> {
    use secrecy::ExposeSecret;
    let found = check::load(folder);
    let settings = found.settings.context("the settings have mistakes; run `vigie check`")?;
    let store = Store::open(settings.database_url.expose_secret()).await?;
    store.migrate().await?;
    println!("The database is up to date.");
    Ok(ExitCode::SUCCESS)
}

async fn run_demo(port: Option<u16>, database: &str, quiet: bool) -> anyhow::Result<ExitCode> {
    telemetry(vigie::telemetry::LogFormat::Text, Some("warn"));
    #[allow(clippy::disallowed_methods, reason = "the demo starts on today's working morning")]
    let clock = SandboxClock::running_from(demo::working_morning(chrono::Utc::now()));
    let options = DemoOptions { database: database.to_owned(), page_port: port, clock, manual: false, page: true };
    let demo = Demo::start(options).await?;
    if let Some(page) = &demo.page {
        println!("Vigie demo: open {}", page.url());
    }
    println!("Database:   {}", database.trim_start_matches("sqlite:"));
    println!("Vigie:      http://{}/readyz", demo.vigie.address);
    println!("Stop with Ctrl-C.");
    tokio::select! {
        signal = stop_signal() => signal?,
        () = demo.stream(Duration::from_secs(45)), if !quiet => {}
    }
    demo.vigie.stop().await;
    Ok(ExitCode::SUCCESS)
}

async fn stop_signal() -> anyhow::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        _ = terminate.recv() => {}
        interrupted = tokio::signal::ctrl_c() => interrupted?,
    }
    Ok(())
}
