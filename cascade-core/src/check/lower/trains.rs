//! Components that are linked: each with all that its links lead to, in both directions.

use crate::changes::Pattern;
use crate::manifest::Config;
use crate::pipeline::{Component, Member, Train};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Gives every linked component its train, and what the train watches: all of it is released as soon
/// as one of its members changes.
pub(in crate::check) fn link(config: &Config, components: &mut [Component]) {
    for members in trains(config, components) {
        let member = |place: &usize| {
            let component = &components[*place];
            let environments = component.environments.iter();
            Some(Member {
                name: component.identity.as_ref()?.name.clone(),
                tag_grammar: component.tag_grammar.clone(),
                environments: environments.map(|each| each.name.clone()).collect(),
            })
        };
        let train = Arc::new(Train {
            members: members.iter().filter_map(member).collect(),
        });
        let watched = watched(&members, components);
        for place in members {
            let component = &mut components[place];
            component.push_filter.clone_from(&watched);
            if let Some(identity) = &mut component.identity {
                identity.train = Some(Arc::clone(&train));
            }
        }
    }
}

/// Returns the places of the members of each train, in the order of declaration.
fn trains(config: &Config, components: &[Component]) -> Vec<Vec<usize>> {
    let names = components
        .iter()
        .map(|each| each.name().unwrap_or_default());
    let places: HashMap<&str, usize> = names.zip(0..).collect();
    let mut links: Vec<Vec<usize>> = vec![Vec::new(); components.len()];
    for (name, block) in &config.components {
        let linked = block.keys.linked_with.iter();
        let linked = linked.filter_map(|each| places.get(each.as_str()));
        let Some(own) = places.get(name.as_str()) else {
            continue;
        };
        for other in linked {
            links[*own].push(*other);
            links[*other].push(*own);
        }
    }
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    for start in 0..components.len() {
        if links[start].is_empty() || !seen.insert(start) {
            continue;
        }
        let mut members = vec![start];
        let mut next = 0;
        while let Some(place) = members.get(next).copied() {
            let new = links[place].iter().filter(|each| seen.insert(**each));
            members.extend(new.copied().collect::<Vec<_>>());
            next += 1;
        }
        members.sort_unstable();
        found.push(members);
    }
    found
}

/// Returns what any of them watches. An exclusion that not all of them have, as they have those of
/// `shared_paths`, would take out what another one watches.
fn watched(members: &[usize], components: &[Component]) -> Vec<Pattern> {
    let filters = members.iter().map(|place| &components[*place].push_filter);
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for pattern in filters.clone().flatten() {
        *counts.entry(pattern.as_str()).or_default() += 1;
    }
    let counts_for_all =
        |pattern: &&Pattern| !pattern.excludes() || counts[pattern.as_str()] == members.len();
    let mut seen = HashSet::new();
    let all = filters.flatten().filter(counts_for_all);
    all.filter(|pattern| seen.insert(pattern.as_str()))
        .cloned()
        .collect()
}
