//! Callbacks in an order in which each comes after what it waits for.

use crate::manifest::Name;
use crate::pipeline::{Callback, CallbackKind};
use std::collections::{HashMap, VecDeque};

/// Items so that each comes after the items of `kind` that it waits for; what is free to go first
/// goes in order of declaration. Linear in items and dependencies.
pub(crate) fn by_dependency<T>(
    items: &[T],
    callback: impl Fn(&T) -> &Callback,
    kind: CallbackKind,
) -> Vec<&T> {
    let places: HashMap<&Name, usize> = items
        .iter()
        .enumerate()
        .map(|(place, item)| (&callback(item).name, place))
        .collect();
    let mut followers: Vec<Vec<usize>> = vec![Vec::new(); items.len()];
    let mut open: Vec<usize> = vec![0; items.len()];
    for (place, item) in items.iter().enumerate() {
        for dependency in callback(item)
            .dependencies
            .iter()
            .filter(|each| each.kind == kind)
        {
            if let Some(before) = places.get(&dependency.name) {
                followers[*before].push(place);
                open[place] += 1;
            }
        }
    }
    let mut ready: VecDeque<usize> = (0..items.len()).filter(|place| open[*place] == 0).collect();
    let mut ordered = Vec::with_capacity(items.len());
    while let Some(place) = ready.pop_front() {
        ordered.push(&items[place]);
        for follower in &followers[place] {
            open[*follower] -= 1;
            if open[*follower] == 0 {
                ready.push_back(*follower);
            }
        }
    }
    ordered
}
