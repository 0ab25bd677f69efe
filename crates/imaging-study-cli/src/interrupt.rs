//! Ending on Ctrl-C or SIGTERM without leaving anything behind.

/// Lets Ctrl-C and SIGTERM, and SIGHUP where it is known that nobody wants to outlive the terminal,
/// remove the temporary files and end the process with 128 and the number of the signal. A run that
/// has none of these just ends.
#[cfg(unix)]
pub(crate) fn watch() {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;

    // What was started to ignore a signal, as nohup does, goes on ignoring it.
    let ignored = ignored_signals();
    let wanted = [SIGINT, SIGTERM, SIGHUP].into_iter();
    let wanted = wanted.filter(|&signal| match ignored {
        Some(ignored) => ignored & 1 << (signal - 1) == 0,
        None => signal != SIGHUP,
    });
    // Without the watch, a signal ends the process as it does any other.
    let Ok(mut signals) = Signals::new(wanted) else {
        return;
    };
    let watch = move || {
        if let Some(signal) = signals.forever().next() {
            let name = match signal {
                SIGINT => "SIGINT",
                SIGTERM => "SIGTERM",
                _ => "SIGHUP",
            };
            end(name, 128 + signal);
        }
    };
    let _ = std::thread::Builder::new().spawn(watch);
}

/// A bit for each signal that the process ignores, the first for signal 1, where the system tells.
#[cfg(unix)]
fn ignored_signals() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("SigIgn:"))?;
    u64::from_str_radix(line.trim(), 16).ok()
}

/// Lets Ctrl-C remove the temporary files and end the process with 130.
#[cfg(windows)]
pub(crate) fn watch() {
    // Without the handler, Ctrl-C ends the process as it does any other.
    let _ = ctrlc::set_handler(|| end("Ctrl-C", 130));
}

#[cfg(not(any(unix, windows)))]
pub(crate) fn watch() {}

#[cfg(any(unix, windows))]
fn end(signal: &str, status: i32) {
    use std::io::{self, IsTerminal as _, Write as _};

    let mut stderr = io::stderr();
    // A progress bar may stand on the line.
    let line = if stderr.is_terminal() { "\n" } else { "" };
    // Who has closed stderr does not want to read it.
    let _ = writeln!(stderr, "{line}error: stopped by {signal}");
    crate::temporary::remove_all_and_exit(status);
}
