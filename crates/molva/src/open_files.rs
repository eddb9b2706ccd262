//! How many files this process may have open. A connection is one, and systems allow few unless they are asked for more.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// What everything but connections needs: the store, the archive, requests to networks.
const ELSEWHERE: u64 = 512;

/// Asks for as many files as the system grants; answers how many connections there is room for, at most those wanted.
pub(crate) fn make_room(connections: u32) -> usize {
    let before = getrlimit(Resource::Nofile);
    // A refusal leaves the limit as it was, which is read again below.
    let _ = setrlimit(Resource::Nofile, Rlimit { current: before.maximum, maximum: before.maximum });
    let room = room(connections, getrlimit(Resource::Nofile).current);
    if room < connections as usize {
        tracing::warn!(
            connections.wanted = connections,
            connections.most = room,
            "the system allows fewer open files than connections need; raise its limit (`LimitNOFILE`, `ulimit -n`)"
        );
    }
    room
}

/// Of few files a half.
fn room(connections: u32, files: Option<u64>) -> usize {
    let left = files.map_or(u64::MAX, |files| files.saturating_sub(ELSEWHERE).max(files / 2));
    usize::try_from(left).unwrap_or(usize::MAX).min(connections as usize)
}

#[cfg(test)]
mod tests {
    use super::room;

    #[test]
    fn connections_leave_files_to_the_rest() {
        assert_eq!(room(2_048, None), 2_048);
        assert_eq!(room(2_048, Some(1_048_576)), 2_048);
        assert_eq!(room(2_048, Some(2_048)), 1_536);
        assert_eq!(room(2_048, Some(256)), 128);
    }
}
