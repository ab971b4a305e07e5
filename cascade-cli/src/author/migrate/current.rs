//! A repository that has a manifest: of the Go tool, or of this cascade.

use super::go_tool::GoTool;
use super::judge::{judge, place};
use super::tools::Tools;
use super::{Manifest, Migration, Scene};
use crate::cli::error::Failure;
use crate::project::manifest::read_file;
use crate::repository::Location;
use cascade_core::manifest::MANIFEST_KEY;
use cascade_core::manifest::draft::{Map, Node};
use cascade_core::manifest::yaml::splice::{Edit, SpliceError, configure};
use cascade_core::manifest::yaml::write::node;
use cascade_core::manifest::yaml::{self, Lines, ReadError};
use cascade_core::migration::{Note, Outcome, Place};
use cascade_core::protocol::MARKER;

/// Plans the edits of a manifest, and what becomes of the files around it.
pub(super) fn plan(scene: &Scene<'_>, location: &Location) -> Result<Migration, Failure> {
    let shown = location.shown();
    refuse_flags_of_new_manifests(scene, &shown)?;
    let key = scene.request.key.as_deref().unwrap_or(MANIFEST_KEY);
    let old = text(location, &shown)?;
    let config = config(&old, &shown, key)?;
    let go_tool = GoTool::find(scene);
    let mut from = Vec::new();
    let mut notes = Vec::new();
    let new = match old.starts_with(MARKER) {
        true => old.clone(),
        false => edited(scene, &old, (&config, &shown, key), &mut notes)?,
    };
    if new != old || go_tool.is_there() {
        from.push("the Go tool");
    }
    notes.extend(judge(&location.root, &shown, &new, key));
    notes.extend(state(&old, &shown, key, &config));
    let trunk = word(&config, "trunk_branch").unwrap_or_default();
    let tools = Tools::read(scene, &trunk)?;
    from.extend(&tools.names);
    notes.extend(releases(scene, &tools, &config, &shown)?);
    notes.extend(go_tool.notes.iter().cloned());
    let removed = match scene.args.remove {
        true => go_tool.removable,
        false => {
            notes.extend(go_tool.kept());
            Vec::new()
        }
    };
    Ok(Migration {
        root: location.root.clone(),
        from,
        manifest: Manifest {
            file: location.manifest.clone(),
            shown,
            old: Some(old),
            new,
        },
        removed,
        notes,
    })
}

/// Refuses flags that say what a new manifest holds.
fn refuse_flags_of_new_manifests(scene: &Scene<'_>, shown: &str) -> Result<(), Failure> {
    let given = [
        ("--component", scene.request.component.is_some()),
        ("--envs", scene.args.envs.is_some()),
        ("--name", scene.args.name.is_some()),
        ("--trunk", scene.args.trunk.is_some()),
    ];
    match given.iter().find(|(_, given)| *given) {
        None => Ok(()),
        Some((flag, _)) => {
            let failure = Failure::new(format!(
                "`{flag}` is for a new manifest, and `{shown}` is there"
            ));
            Err(failure.help(format!(
                "leave `{flag}` out, or change the manifest; nothing was written"
            )))
        }
    }
}

fn text(location: &Location, shown: &str) -> Result<String, Failure> {
    let is_link = location.manifest.symlink_metadata();
    if is_link.is_ok_and(|data| data.is_symlink()) {
        let failure = Failure::new(format!("`{shown}` is a symbolic link"));
        return Err(failure
            .help("put the manifest in the link's place, and migrate again; nothing was written"));
    }
    let bytes = read_file(location)?;
    String::from_utf8(bytes).map_err(|_| {
        Failure::new(format!("`{shown}` is not UTF-8"))
            .help("save it as UTF-8, and migrate again; nothing was written")
    })
}

fn config(text: &str, shown: &str, key: &str) -> Result<Map, Failure> {
    let manifest = yaml::Manifest::read(text.as_bytes(), key)
        .map_err(|errors| unreadable(shown, text, errors.first()))?;
    match manifest.config() {
        Node::Map(config) => Ok(config.clone()),
        other => Err(Failure::new(format!(
            "`{shown}`: `config` must be a mapping, and is {}",
            other.kind()
        ))
        .help("correct the file, and migrate again; nothing was written")),
    }
}

fn unreadable(shown: &str, text: &str, error: Option<&ReadError>) -> Failure {
    let at = error.map_or(0, |error| error.span.start);
    let line = Lines::new(text).position(text, at).line;
    let why = error.map_or("", |error| error.message.as_str());
    let failure = Failure::new(format!("`{shown}` cannot be read"));
    let help = error.and_then(|error| error.help.clone());
    failure
        .cause(format!("line {line}: {why}"))
        .help(match help {
            Some(help) => format!("{help}; nothing was written"),
            None => "correct the file, and migrate again; nothing was written".to_owned(),
        })
}

fn word(config: &Map, key: &str) -> Option<String> {
    match config.get(key)? {
        Node::Scalar(scalar) => Some(scalar.text()),
        _ => None,
    }
}

/// Removes the pins of the Go tool, and says how runs get this cascade.
fn edited(
    scene: &Scene<'_>,
    old: &str,
    (config, shown, key): (&Map, &str, &str),
    notes: &mut Vec<Note>,
) -> Result<String, Failure> {
    let mut text = old.to_owned();
    let pins = ["cli_version", "cli_version_sha"];
    for pin in pins.into_iter().filter(|pin| config.contains_key(*pin)) {
        // The older spelling of the version of a release of this cascade.
        if pin == "cli_version" && is_version_of_release(config) {
            continue;
        }
        let value = word(config, pin).map_or_else(String::new, |value| format!(": {value}"));
        let place = place(pin, shown, old, key);
        let message = format!("`{pin}{value}` pins the Go tool, and is removed");
        notes.push(Note::new(Outcome::Carried, place, message));
        text = changed(&text, (shown, key), pin, Edit::Remove)?;
    }
    if config.get("cli").is_none_or(|cli| *cli == Node::Null) {
        let block = scene.sources()?.installed(scene.terminal)?;
        let source = word(&block, "source").unwrap_or_default();
        let yaml = node(&Node::Map(block));
        text = changed(&text, (shown, key), "cli", Edit::Set(&yaml))?;
        let message = format!("`cli` says how runs get this cascade: `source: {source}`");
        notes.push(Note::new(Outcome::Carried, Place::file(shown), message));
    }
    Ok(text)
}

fn is_version_of_release(config: &Map) -> bool {
    let cli = config.get("cli");
    let source = cli.and_then(|cli| cli.get("source"));
    source == Some(&"release".into()) && cli.and_then(|cli| cli.get("version")).is_none()
}

fn changed(
    text: &str,
    (shown, key): (&str, &str),
    setting: &str,
    edit: Edit<'_>,
) -> Result<String, Failure> {
    configure(text, key, setting, edit).map_err(|error: SpliceError| {
        let what = match edit {
            Edit::Set(yaml) => format!("write it there yourself:\n{setting}:\n{}", indented(yaml)),
            Edit::Keep | Edit::Remove => format!("remove `{setting}` yourself"),
        };
        Failure::new(format!("`{setting}` cannot be changed in `{shown}`"))
            .cause(error)
            .help(format!("nothing was written; {what}"))
    })
}

fn indented(yaml: &str) -> String {
    yaml.lines().map(|line| format!("  {line}\n")).collect()
}

/// Returns what is told about the state, which stays where it is.
fn state(text: &str, shown: &str, key: &str, config: &Map) -> Option<Note> {
    let manifest = yaml::Manifest::read(text.as_bytes(), key).ok()?;
    let state = manifest.state().filter(|_| !config.contains_key("state"))?;
    let line = manifest.document().position(state.span().start).line;
    let message = "the state stays in the manifest";
    let note = Note::new(Outcome::Carried, Place::line(shown, line), message);
    Some(note.help("`cascade state move` moves it to a branch of its own, away from the trunk"))
}

/// Returns what is told about release tools beside a manifest, which is not edited because of them.
fn releases(
    scene: &Scene<'_>,
    tools: &Tools,
    config: &Map,
    shown: &str,
) -> Result<Vec<Note>, Failure> {
    if tools.names.is_empty() {
        return Ok(Vec::new());
    }
    let settings = tools.settings(scene, &scene.tags()?)?;
    let mut notes = tools.releases.notes.clone();
    notes.retain(|note| note.outcome != Outcome::Carried);
    let place = || Place::file(tools.releases.files.first().map_or(shown, String::as_str));
    for (setting, value) in &settings.map {
        let yaml = node(&Node::Map(Map::from_iter([(
            setting.clone(),
            value.clone(),
        )])));
        let note = match config.get(setting) {
            Some(there) if there == value => continue,
            Some(_) => Note::new(
                Outcome::LeftOut,
                place(),
                format!("`{shown}` has another `{setting}`, which stays"),
            )
            .help(format!("this configuration would be:\n{}", yaml.trim_end())),
            None => Note::new(
                Outcome::ByHand,
                place(),
                format!("`{shown}` is there already, and has no `{setting}`"),
            )
            .help(format!(
                "if this configuration is still in use, write below `config`:\n{}",
                yaml.trim_end()
            )),
        };
        notes.push(note);
    }
    Ok(notes)
}
