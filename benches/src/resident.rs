//! How much memory the process took from the system.

/// The largest amount of memory in bytes that this process has had resident, where the system
/// tells it (`VmHWM` of Linux).
#[must_use]
pub fn peak_resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kilobytes * 1024)
}
