//! What sources and accounts with the same secrets share within the program: a token that was made of them, what is left of a limit.

use std::any::Any;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

/// What nobody uses is forgotten when there is so much of it.
const MOST: usize = 256;

type Kept = HashMap<[u8; 32], Arc<dyn Any + Send + Sync>>;

static KEPT: LazyLock<Mutex<Kept>> = LazyLock::new(Mutex::default);

/// What belongs to these parts: the network, its address, and the secrets. Always of the same type for the same network.
pub(crate) fn of<T: Default + Send + Sync + 'static>(parts: &[&str]) -> Arc<T> {
    let key = crate::digest::bytes(parts);
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(found) = kept.get(&key).and_then(|found| Arc::clone(found).downcast().ok()) {
        return found;
    }
    if kept.len() >= MOST {
        kept.retain(|_, one| Arc::strong_count(one) > 1);
    }
    // All of them in use: the newest goes without company.
    let made = Arc::<T>::default();
    if kept.len() < MOST {
        kept.insert(key, Arc::clone(&made) as Arc<dyn Any + Send + Sync>);
    }
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_secrets_share_and_others_do_not() {
        let first: Arc<Mutex<u32>> = of(&["test", "a"]);
        *first.lock().expect("a number") = 7;
        assert_eq!(*of::<Mutex<u32>>(&["test", "a"]).lock().expect("a number"), 7);
        assert_eq!(*of::<Mutex<u32>>(&["test", "b"]).lock().expect("a number"), 0);
    }
}
