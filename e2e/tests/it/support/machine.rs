//! The machine that all tests share, also those of other processes: whatever keeps a core busy takes
//! a place on it.

use fs4::fs_std::FileExt;
use std::fs::File;
use std::num::NonZero;
use std::path::Path;
use std::time::Duration;

/// Places on the machine, which are free again when this is dropped.
#[must_use]
pub(crate) struct Places {
    _locked: Vec<File>,
}

/// Waits for the place of one core: a run of act, or commands one after the other.
pub(crate) fn one_core() -> Places {
    loop {
        let free = places().find(|place| place.try_lock_exclusive().unwrap());
        if let Some(place) = free {
            return Places {
                _locked: vec![place],
            };
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Waits for the places of all cores: commands that run into each other on purpose.
pub(crate) fn every_core() -> Places {
    let places: Vec<File> = places().collect();
    for place in &places {
        place.lock_exclusive().unwrap();
    }
    Places { _locked: places }
}

/// One file for each core, always in the same order.
fn places() -> impl Iterator<Item = File> {
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    (0..cores).map(move |core| File::create(folder.join(format!("core-{core}"))).unwrap())
}
