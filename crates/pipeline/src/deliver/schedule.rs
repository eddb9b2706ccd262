//! When a reply has its next turn, and when it has none any more.

use std::time::Duration;

use molva_domain::{ReplyId, Timestamp};

/// After a reply may have arrived, the network is asked for it after these waits; when it says no each time, it is sent again. The
/// waits give a request that was cut off on our side time to be worked off on theirs.
const LOOKS: [Duration; 3] = [Duration::from_secs(2), Duration::from_secs(10), Duration::from_secs(60)];
/// First and longest wait before a reply that was not accepted is tried again.
const BACK_OFF: (Duration, Duration) = (Duration::from_secs(5), Duration::from_secs(3_600));
/// Nobody wants an answer any more that comes so late.
pub(super) const GIVE_UP_AFTER: Duration = Duration::from_secs(24 * 3_600);

/// The wait before the network is asked for it, having been asked so often in vain; `None`: it was asked often enough.
pub(super) fn before_look(looks: u32) -> Option<Duration> {
    LOOKS.get(looks as usize).copied()
}

/// Five seconds, doubled with each try up to an hour, with a quarter of jitter by the reply's id.
pub(super) fn back_off(tries: u32, reply: ReplyId) -> Duration {
    let wait = BACK_OFF.0.saturating_mul(1 << tries.saturating_sub(1).min(20)).min(BACK_OFF.1);
    // The low bits of an id count up from nought; these are mixed from all of them.
    let mixed = reply.0.cast_unsigned().wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56;
    let jitter = f64::from(u32::try_from(mixed).unwrap_or(0)) / 1_024.0;
    wait + wait.mul_f64(jitter)
}

/// The moment a network named, unless it is out of reason.
pub(super) fn told(until: Option<Timestamp>, now: Timestamp) -> Option<Timestamp> {
    until.map(|until| until.clamp(now.plus(Duration::from_secs(1)), now.plus(GIVE_UP_AFTER)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_an_hour_and_differ_between_replies() {
        let waits: Vec<u64> = [1, 2, 5, 40].map(|tries| back_off(tries, ReplyId(0)).as_secs()).to_vec();
        assert_eq!(waits, [5, 10, 80, 3_600]);
        let spread: Vec<Duration> = (1..100).map(|id| back_off(40, ReplyId(id))).collect();
        let (least, most) = (spread.iter().min().copied(), spread.iter().max().copied());
        assert!(least >= Some(BACK_OFF.1) && most <= Some(BACK_OFF.1.mul_f64(1.25)), "{least:?} {most:?}");
        assert!(least < most);
    }

    #[test]
    fn a_network_cannot_put_us_off_for_ever_or_call_us_at_once() {
        let now = Timestamp::from_secs(1_800_000_000);
        let at = |seconds| Some(now.plus(Duration::from_secs(seconds)));
        assert_eq!(told(Some(Timestamp::from_secs(0)), now), at(1));
        assert_eq!(told(at(90), now), at(90));
        assert_eq!(told(at(10_000_000), now), at(86_400));
        assert_eq!(told(None, now), None);
    }
}
