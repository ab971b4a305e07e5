//! Moving the state between the manifest and branches: what was found, and what is to be written.

use super::{Destination, Home, Managed, StateFile};
use std::fmt;

/// The facts that a move is decided by.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'a> {
    /// The place that the state is to be moved to.
    pub target: &'a Home,
    /// The place that the configuration names now.
    pub configured: &'a Home,
    /// Deployments that run, or vanished: the environment of each, and its run.
    pub running: &'a [(String, String)],
    /// The sections of the manifest in the working tree.
    pub here: &'a Managed,
    /// The sections of the manifest on the trunk.
    pub trunk: &'a Managed,
    /// The file of the branch that is the target.
    pub at_target: Option<&'a StateFile>,
    /// The file of the branch that the configuration names, if it is another one.
    pub at_configured: Option<&'a StateFile>,
    /// The file that the bookmark points to.
    pub bookmark: Option<&'a StateFile>,
    /// The state below the commit that moved it off its branch, where the bookmark points to that.
    pub moved: Option<&'a Managed>,
    /// The state branch held at some time what the manifest on the trunk holds.
    pub is_known: bool,
}

/// A place that the state comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// There was none.
    Nowhere,
    /// The manifest on the trunk.
    Manifest,
    /// The branch that the configuration names.
    Configured,
    /// The branch that is the target.
    Target,
    /// The bookmark: the branch is gone, or the move to the manifest never arrived.
    Bookmark,
}

/// A move that loses nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct Relocation {
    /// The state that is moved.
    pub state: Managed,
    /// The place that it comes from.
    pub origin: Origin,
    /// The target's branch gets the state.
    pub writes_target: bool,
    /// The branch that had the state, if it is still there, gets a note of where it went.
    pub closes_origin: bool,
}

/// A reason why the state is not moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Immovable {
    /// Deployments run, or vanished.
    Running(Vec<(String, String)>),
    /// The manifest and the branch hold different states, and the branch never held the manifest's.
    Contradiction,
    /// Two branches hold different states.
    TwoBranches,
    /// The manifest in the working tree holds another state than that on the trunk.
    Behind,
}

/// Decides how the state is moved.
///
/// # Errors
/// Deployments run, or it is not clear which state is the right one.
pub fn relocate(scene: &Scene<'_>) -> Result<Relocation, Immovable> {
    if !scene.running.is_empty() {
        return Err(Immovable::Running(scene.running.to_vec()));
    }
    let (origin, state) = origin(scene)?;
    let on_branch = matches!(
        origin,
        Origin::Configured | Origin::Target | Origin::Bookmark
    );
    if on_branch && !scene.trunk.is_empty() && *scene.trunk != state && !scene.is_known {
        return Err(Immovable::Contradiction);
    }
    let here = scene.here;
    if !here.is_empty() && here != scene.trunk && *here != state {
        return Err(Immovable::Behind);
    }
    let to_branch = matches!(scene.target, Home::Branch(_));
    let is_closed = matches!(scene.bookmark, Some(StateFile::Moved(_)));
    Ok(Relocation {
        writes_target: to_branch && (origin != Origin::Target || scene.at_target.is_none()),
        closes_origin: match origin {
            Origin::Configured => true,
            // The branch may be there, with a configuration that does not name it any more.
            Origin::Bookmark => !is_closed,
            Origin::Nowhere | Origin::Manifest | Origin::Target => false,
        },
        state,
        origin,
    })
}

fn origin(scene: &Scene<'_>) -> Result<(Origin, Managed), Immovable> {
    let filled = |file: Option<&StateFile>| {
        let held = file.and_then(StateFile::held);
        held.filter(|managed| !managed.is_empty()).cloned()
    };
    match (filled(scene.at_target), filled(scene.at_configured)) {
        (Some(one), Some(other)) if one != other => return Err(Immovable::TwoBranches),
        (_, Some(state)) => return Ok((Origin::Configured, state)),
        (Some(state), None) => return Ok((Origin::Target, state)),
        (None, None) => {}
    }
    if let Some(state) = filled(scene.bookmark) {
        return Ok((Origin::Bookmark, state));
    }
    if !scene.trunk.is_empty() {
        return Ok((Origin::Manifest, scene.trunk.clone()));
    }
    match (scene.bookmark, scene.moved) {
        (Some(StateFile::Moved(Destination::Manifest(_))), Some(moved)) if !moved.is_empty() => {
            Ok((Origin::Bookmark, moved.clone()))
        }
        _ if scene.at_target.and_then(StateFile::held).is_some() => {
            Ok((Origin::Target, Managed::default()))
        }
        _ => Ok((Origin::Nowhere, Managed::default())),
    }
}

impl Immovable {
    /// Returns the way out.
    #[must_use]
    pub const fn help(&self) -> &'static str {
        match self {
            Self::Running(_) => {
                "move the state when they have ended; a deployment whose run vanished ends with the next run for that environment"
            }
            Self::Contradiction => {
                "compare `cascade status` with what the environments really hold; if the branch is right, remove `state` and `latest_release` from the manifest on the trunk, and if the manifest is right, push a commit to the branch whose `state.yaml` has its sections"
            }
            Self::TwoBranches => {
                "compare the `state.yaml` of both, and delete the branch that is wrong"
            }
            Self::Behind => "bring the working tree up to date: `git pull`",
        }
    }
}

impl fmt::Display for Immovable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Running(deployments) => {
                let each = deployments.iter().map(|(environment, run)| match run.as_str() {
                    "" => environment.clone(),
                    run => format!("{environment} ({run})"),
                });
                let each: Vec<String> = each.collect();
                write!(f, "a deployment is under way: {}", each.join(", "))
            }
            Self::Contradiction => f.write_str(
                "the manifest on the trunk and the state branch hold different states, and the branch never held that of the manifest",
            ),
            Self::TwoBranches => f.write_str("two branches hold different states"),
            Self::Behind => f.write_str(
                "the manifest in the working tree holds another state than that on the trunk",
            ),
        }
    }
}

impl std::error::Error for Immovable {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::LatestRelease;

    fn state(version: &str) -> Managed {
        Managed {
            latest_release: LatestRelease {
                version: Some(version.to_owned()),
                ..LatestRelease::default()
            },
            ..Managed::default()
        }
    }

    fn held(version: &str) -> StateFile {
        StateFile::Held(Box::new(state(version)))
    }

    fn to_manifest() -> StateFile {
        StateFile::Moved(Destination::Manifest("m.yaml".to_owned()))
    }

    struct Places {
        branch: Home,
        other: Home,
        manifest: Home,
        none: Managed,
        one: Managed,
    }

    fn places() -> Places {
        Places {
            branch: Home::Branch("state".to_owned()),
            other: Home::Branch("other".to_owned()),
            manifest: Home::Manifest("m.yaml".to_owned()),
            none: Managed::default(),
            one: state("v1"),
        }
    }

    impl Places {
        fn scene(&self) -> Scene<'_> {
            Scene {
                target: &self.branch,
                configured: &self.manifest,
                running: &[],
                here: &self.none,
                trunk: &self.none,
                at_target: None,
                at_configured: None,
                bookmark: None,
                moved: None,
                is_known: false,
            }
        }
    }

    fn moved(scene: &Scene<'_>) -> (Origin, Option<String>, bool, bool) {
        let moved = relocate(scene).unwrap();
        let version = moved.state.latest_release.version;
        (
            moved.origin,
            version,
            moved.writes_target,
            moved.closes_origin,
        )
    }

    fn v(version: &str) -> Option<String> {
        Some(version.to_owned())
    }

    #[test]
    fn the_manifest_moves_to_a_branch_and_an_empty_one_makes_it() {
        let places = places();
        let scene = Scene {
            here: &places.one,
            trunk: &places.one,
            ..places.scene()
        };
        assert_eq!(moved(&scene), (Origin::Manifest, v("v1"), true, false));
        assert_eq!(moved(&places.scene()), (Origin::Nowhere, None, true, false));
    }

    #[test]
    fn a_move_that_crashed_goes_on() {
        let places = places();
        let (there, left) = (held("v1"), &places.one);
        for here in [&places.none, left] {
            let scene = Scene {
                here,
                trunk: left,
                at_target: Some(&there),
                bookmark: Some(&there),
                ..places.scene()
            };
            assert_eq!(moved(&scene), (Origin::Target, v("v1"), false, false));
        }
        let closed = to_manifest();
        let back = Scene {
            target: &places.manifest,
            configured: &places.branch,
            at_configured: Some(&closed),
            bookmark: Some(&closed),
            moved: Some(&places.one),
            ..places.scene()
        };
        assert_eq!(moved(&back), (Origin::Bookmark, v("v1"), false, false));
        let half = Scene {
            here: &places.one,
            ..back
        };
        assert_eq!(moved(&half), (Origin::Bookmark, v("v1"), false, false));
    }

    #[test]
    fn what_the_manifest_kept_of_a_moved_state_is_no_contradiction() {
        let places = places();
        let there = held("v2");
        let scene = Scene {
            here: &places.one,
            trunk: &places.one,
            at_target: Some(&there),
            bookmark: Some(&there),
            ..places.scene()
        };
        assert_eq!(relocate(&scene), Err(Immovable::Contradiction));
        let known = Scene {
            is_known: true,
            ..scene
        };
        assert_eq!(moved(&known), (Origin::Target, v("v2"), false, false));
    }

    #[test]
    fn the_state_goes_back_and_to_other_branches() {
        let places = places();
        let there = held("v1");
        let scene = Scene {
            target: &places.manifest,
            configured: &places.branch,
            at_configured: Some(&there),
            bookmark: Some(&there),
            ..places.scene()
        };
        assert_eq!(moved(&scene), (Origin::Configured, v("v1"), false, true));
        let renamed = Scene {
            target: &places.other,
            ..scene
        };
        assert_eq!(moved(&renamed), (Origin::Configured, v("v1"), true, true));
        let gone = Scene {
            target: &places.branch,
            at_configured: None,
            ..scene
        };
        assert_eq!(moved(&gone), (Origin::Bookmark, v("v1"), true, true));
        let both = held("v2");
        let two = Scene {
            target: &places.other,
            at_target: Some(&both),
            ..scene
        };
        assert_eq!(relocate(&two), Err(Immovable::TwoBranches));
    }

    #[test]
    fn nothing_moves_under_a_deployment_or_from_an_old_clone() {
        let places = places();
        let running = [("dev".to_owned(), "https://x.example/1".to_owned())];
        let scene = Scene {
            running: &running,
            ..places.scene()
        };
        assert_eq!(relocate(&scene), Err(Immovable::Running(running.to_vec())));
        let newer = state("v2");
        let scene = Scene {
            here: &places.one,
            trunk: &newer,
            ..places.scene()
        };
        assert_eq!(relocate(&scene), Err(Immovable::Behind));
    }
}
