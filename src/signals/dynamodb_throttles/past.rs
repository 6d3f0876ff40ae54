//! Tables as they were: their metrics tell how they did; capacity that was changed since is not known any more.

use jiff::Timestamp;

use super::{Inventory, Store};

/// The tables at `at`.
pub fn inventory(live: &Inventory, at: Timestamp) -> Inventory {
    let store = |store: &Store| {
        let changed = store.description.as_ref().and_then(|description| description.changed);
        let same = changed.is_none_or(|changed| changed <= at);
        Store { description: store.description.clone().filter(|_| same), ..store.clone() }
    };
    Inventory { stores: live.stores.iter().map(store).collect(), fault: live.fault.clone() }
}
