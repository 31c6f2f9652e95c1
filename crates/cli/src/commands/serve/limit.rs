//! How many connections the system lets a server have.

/// So many are enough for one server; each takes some memory.
const MOST: usize = 16_384;
/// What else is open: the store, connections to systems, files.
const OTHERS: usize = 512;

/// The number of connections, after the limit of open files was raised as far as it may be.
#[cfg(unix)]
pub(super) fn connections() -> usize {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let (mut limit, wanted) = (getrlimit(Resource::Nofile), (MOST + OTHERS) as u64);
    let wanted = limit.maximum.map_or(wanted, |most| most.min(wanted));
    if limit.current.is_some_and(|current| current < wanted) {
        limit.current = Some(wanted);
        // Where that is not allowed the limit stays what it is.
        let _ = setrlimit(Resource::Nofile, limit);
    }
    of_files(getrlimit(Resource::Nofile).current)
}

#[cfg(not(unix))]
pub(super) fn connections() -> usize {
    of_files(None)
}

fn of_files(limit: Option<u64>) -> usize {
    let files = limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(usize::MAX);
    // Where few files may be open the half of them is for connections.
    files.saturating_sub(OTHERS).max(files / 2).min(MOST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_files_are_left_for_other_things() {
        assert_eq!([Some(256), Some(1024), Some(20_000), None].map(of_files), [128, 512, MOST, MOST]);
        assert_eq!(of_files(Some(4096)), 4096 - OTHERS);
    }
}
