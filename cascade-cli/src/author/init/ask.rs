//! Questions to the person at the terminal.

use crate::author::scaffold::adopt::Offer;
use crate::cli::error::Failure;
use dialoguer::{Confirm, Input, MultiSelect};
use std::io::{self, IsTerminal};

/// Returns true if there is somebody to ask.
pub(super) fn is_possible() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks for a text until it fits; an empty answer is the default.
pub(super) fn text(
    question: &str,
    default: &str,
    fits: impl Fn(&str) -> Result<(), String>,
) -> Result<String, Failure> {
    let input = Input::<String>::new()
        .with_prompt(question)
        .default(default.to_owned())
        .validate_with(|text: &String| fits(text));
    input.interact_text().map_err(|error| cancelled(&error))
}

/// Asks which workflows become callbacks.
pub(super) fn callbacks(offers: Vec<Offer>) -> Result<Vec<Offer>, Failure> {
    let shown: Vec<String> = offers
        .iter()
        .map(|offer| {
            format!(
                "{:<8}  {}{}",
                offer.role.to_string(),
                offer.path,
                declared(offer)
            )
        })
        .collect();
    let chosen = MultiSelect::new()
        .with_prompt("These workflows can be called. Which ones become callbacks? (space selects)")
        .items(&shown)
        .defaults(&vec![true; shown.len()])
        .interact()
        .map_err(|error| cancelled(&error))?;
    let offers = offers.into_iter().enumerate();
    let offers = offers.filter(|(position, _)| chosen.contains(position));
    Ok(offers.map(|(_, offer)| offer).collect())
}

/// Asks whether to go on.
pub(super) fn confirmed(question: &str) -> Result<bool, Failure> {
    let confirm = Confirm::new().with_prompt(question).default(true);
    confirm.interact().map_err(|error| cancelled(&error))
}

/// Returns what a workflow takes and gives, for people.
pub(super) fn declared(offer: &Offer) -> String {
    let contract = &offer.contract;
    let list = |what: &str, names: Vec<&str>| match names.is_empty() {
        true => String::new(),
        false => format!("; {what} {}", names.join(", ")),
    };
    let inputs = contract.inputs.keys().map(String::as_str).collect();
    let outputs = contract.outputs.keys().map(String::as_str).collect();
    let secrets = contract.secrets.keys().map(String::as_str).collect();
    format!(
        "{}{}{}",
        list("inputs", inputs),
        list("outputs", outputs),
        list("secrets", secrets)
    )
}

pub(super) fn cancelled(cause: &dyn std::fmt::Display) -> Failure {
    Failure::new("no answer was given")
        .cause(cause)
        .help("nothing was written; `--yes` takes what is proposed, and flags answer each question")
}
