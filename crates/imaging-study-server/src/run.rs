//! What the program does.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::PathBuf;

use imaging_study_any::Endpoints;
use imaging_study_rest::{Layout, Service, StoreError};
use tokio::net::TcpListener;

use crate::arguments::Arguments;
use crate::import::{ImportCounts, import};
use crate::links::Links;
use crate::server::{Limits, Server, host_name, is_of_machine};
use crate::store::SqliteStore;
use crate::tokens::{Tokens, TokensError, open_access};

/// Why the program does not serve.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// Others would reach a server that asks nobody for a token.
    #[error("to listen on an address that others reach, give --tokens")]
    Open,
    /// The studies cannot be opened or stored.
    #[error("{}: {source}{}", .path.display(), because(.source))]
    Store {
        /// The file.
        path: PathBuf,
        /// Why.
        source: StoreError,
    },
    /// A file cannot be read.
    #[error("{}: {source}", .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The tokens cannot be read.
    #[error(transparent)]
    Tokens(#[from] TokensError),
    /// The address cannot be listened on.
    #[error("listening: {0}")]
    Listen(#[source] io::Error),
    /// The server cannot go on.
    #[error("serving: {0}")]
    Serve(#[source] io::Error),
}

fn because(error: &StoreError) -> String {
    let source = std::error::Error::source(error);
    source.map_or_else(String::new, |source| format!(": {source}"))
}

/// Runs the program: imports, and serves until it is told to stop by Ctrl-C or SIGTERM.
///
/// # Errors
///
/// What keeps it from it.
pub fn run(arguments: &Arguments) -> Result<(), RunError> {
    if arguments.tokens.is_none() && !is_of_machine(arguments.listen) && !arguments.import_only {
        return Err(RunError::Open);
    }
    let tokens = match &arguments.tokens {
        None => None,
        Some(path) => {
            let text = std::fs::read_to_string(path).map_err(|source| RunError::File {
                path: path.clone(),
                source,
            })?;
            Some(Tokens::parse(&text)?)
        }
    };
    let of_store = |source| RunError::Store {
        path: arguments.data.clone(),
        source,
    };
    let store = SqliteStore::open(&arguments.data).map_err(of_store)?;
    let layouts = vec![
        Layout::standard("fhir"),
        Layout::organizations("a"),
        Layout::sites(),
    ];
    let mut service = Service::new(store, layouts);
    service = match tokens {
        Some(tokens) => service.with_policy(move |sender| tokens.access(sender)),
        None => service.with_policy(open_access),
    };
    service.settings.version = arguments.fhir_version;
    service
        .settings
        .namespaces
        .clone_from(&arguments.organization);
    let base = arguments.base.clone();
    service.settings.base = base.unwrap_or_else(|| format!("http://{}", arguments.listen));
    if let Some(path) = &arguments.import {
        let counts = import_file(&service, path, &of_store)?;
        let ImportCounts {
            created,
            updated,
            unchanged,
            skipped,
        } = counts;
        eprintln!(
            "imported: {created} new, {updated} changed, {unchanged} as before, {skipped} skipped"
        );
        if arguments.import_only {
            return service.store().close().map_err(of_store);
        }
    }
    let links = links(arguments)?;
    serve(arguments, service, links)
}

fn links(arguments: &Arguments) -> Result<Links, RunError> {
    let mut links = Links::default();
    links.viewer.clone_from(&arguments.viewer);
    links.hosts.clone_from(&arguments.allow_host);
    if let Some(path) = &arguments.endpoints {
        let of_file = |source| RunError::File {
            path: path.clone(),
            source,
        };
        let bytes = std::fs::read(path).map_err(of_file)?;
        let read = Endpoints::from_json(&bytes);
        links.endpoints = read.map_err(|error| of_file(io::Error::other(error)))?;
    }
    Ok(links)
}

fn import_file(
    service: &Service<SqliteStore>,
    path: &PathBuf,
    of_store: &impl Fn(StoreError) -> RunError,
) -> Result<ImportCounts, RunError> {
    let input: Box<dyn BufRead> = match path.as_os_str() == "-" {
        true => Box::new(io::stdin().lock()),
        false => {
            let file = File::open(path).map_err(|source| RunError::File {
                path: path.clone(),
                source,
            })?;
            Box::new(BufReader::new(file))
        }
    };
    let report = |line: u64, why: &str| eprintln!("line {line} is skipped: {why}");
    import(service, input, report).map_err(of_store)
}

fn serve(
    arguments: &Arguments,
    mut service: Service<SqliteStore>,
    links: Links,
) -> Result<(), RunError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .max_blocking_threads(64)
        // As much as a study takes that is as deep as may be; it is only taken where it is needed.
        .thread_stack_size(16 << 20)
        .build()
        .map_err(RunError::Serve)?;
    runtime.block_on(async {
        let listener = TcpListener::bind(arguments.listen).await;
        let listener = listener.map_err(RunError::Listen)?;
        let address = listener.local_addr().map_err(RunError::Listen)?;
        let mut hosts = vec![address.ip().to_string()];
        match &arguments.base {
            // Without a port in it, the system chose one.
            None => service.settings.base = format!("http://{address}"),
            Some(base) => {
                let host = base.split("://").nth(1).unwrap_or_default();
                let host = host.split('/').next().unwrap_or_default();
                hosts.push(host_name(host).to_owned());
            }
        }
        let server = Server {
            service,
            hosts,
            limits: Limits::default(),
            links,
            log_cdata: arguments.log_cdata,
        };
        let stop = stopped().map_err(RunError::Serve)?;
        let mut out = io::stdout();
        let _ = writeln!(out, "listening on http://{address}/fhir");
        let _ = out.flush();
        server.serve(listener, stop).await.map_err(RunError::Serve)
    })
}

/// Done when the program is told to stop.
#[cfg(unix)]
fn stopped() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Done when the program is told to stop.
#[cfg(not(unix))]
fn stopped() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
