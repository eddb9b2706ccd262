//! What the words of long lists ask for: worked out once for all queries that name the list.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use hashbrown::HashMap;
use molva_query::syntax::{Expr, Node, Word};

use crate::symbol::{self, LONG_LIST, Symbol};

/// The lists that queries were compiled with and that are still in use somewhere.
#[derive(Debug, Default)]
pub(crate) struct Lists(Mutex<HashMap<usize, Known, foldhash::fast::FixedState>>);

#[derive(Debug)]
struct Known {
    /// Keeps the address from being used for another list.
    list: Weak<Expr>,
    symbols: Arc<[Symbol]>,
}

impl Lists {
    /// What the plain words among the parts of a list ask for.
    pub(crate) fn words(&self, list: &Arc<Expr>, parts: &[Expr]) -> Arc<[Symbol]> {
        if parts.len() <= LONG_LIST {
            return symbols(parts);
        }
        let address = Arc::as_ptr(list).addr();
        // Held while a list is worked out: whoever asks for the same meanwhile would only do it once more.
        let mut lists = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lists.get(&address).filter(|known| known.list.strong_count() > 0) {
            return Arc::clone(&known.symbols);
        }
        lists.retain(|_, known| known.list.strong_count() > 0);
        let symbols = symbols(parts);
        lists.insert(address, Known { list: Arc::downgrade(list), symbols: Arc::clone(&symbols) });
        symbols
    }
}

fn symbols(parts: &[Expr]) -> Arc<[Symbol]> {
    symbol::of_list(parts.iter().filter_map(as_word).map(|word| &word.test)).into()
}

pub(crate) fn as_word(expr: &Expr) -> Option<&Word> {
    if let Node::Word(word) = &expr.node { Some(word) } else { None }
}
