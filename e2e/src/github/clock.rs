//! The time of the server.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::Context;

/// A clock that everything on the server reads. Clones show the same time.
#[derive(Debug, Clone)]
pub struct Clock(Arc<Mutex<Mode>>);

#[derive(Debug, Clone)]
enum Mode {
    Running {
        ahead: Duration,
    },
    Stopped(SystemTime),
    /// Stopped at the seconds since 1970 that a file says, which other processes move, too.
    Kept(PathBuf),
}

impl Clock {
    /// The machine's time.
    #[must_use]
    pub fn running() -> Self {
        let ahead = Duration::ZERO;
        Self(Arc::new(Mutex::new(Mode::Running { ahead })))
    }

    /// A time that only [`Clock::advance`] and [`Clock::set`] move.
    #[must_use]
    pub fn stopped(at: SystemTime) -> Self {
        Self(Arc::new(Mutex::new(Mode::Stopped(at))))
    }

    /// A time that stands in a file, in seconds since 1970.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn kept(file: &Path, at: SystemTime) -> anyhow::Result<Self> {
        write(file, at)?;
        Ok(Self(Arc::new(Mutex::new(Mode::Kept(file.to_owned())))))
    }

    /// Stops the clock at `at`.
    pub fn set(&self, at: SystemTime) {
        *self.mode() = Mode::Stopped(at);
    }

    /// Moves the time forward; a running clock keeps running.
    pub fn advance(&self, by: Duration) {
        match &mut *self.mode() {
            Mode::Running { ahead } => *ahead += by,
            Mode::Stopped(at) => *at += by,
            // Whoever made the clock could write the file.
            Mode::Kept(file) => drop(write(file, read(file) + by)),
        }
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> SystemTime {
        match &*self.mode() {
            Mode::Running { ahead } => SystemTime::now() + *ahead,
            Mode::Stopped(at) => *at,
            Mode::Kept(file) => read(file),
        }
    }

    /// The time as the API writes it: RFC 3339, UTC, whole seconds.
    #[must_use]
    pub fn stamp(&self) -> String {
        stamp(self.now())
    }

    pub(super) fn seconds(&self) -> u64 {
        seconds(self.now())
    }

    fn mode(&self) -> std::sync::MutexGuard<'_, Mode> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Lets time pass on a clock in a file.
///
/// # Errors
/// The file cannot be written.
pub(crate) fn pass(file: &Path, time: Duration) -> anyhow::Result<()> {
    let then = read(file) + time;
    write(file, then)
}

/// The time in a file; now, if none is in it.
#[must_use]
pub(crate) fn read(file: &Path) -> SystemTime {
    let text = std::fs::read_to_string(file).ok();
    let seconds = text.and_then(|text| text.trim().parse().ok());
    seconds.map_or_else(SystemTime::now, |seconds| {
        UNIX_EPOCH + Duration::from_secs(seconds)
    })
}

fn write(file: &Path, at: SystemTime) -> anyhow::Result<()> {
    let folder = file.parent().context("a clock without a folder")?;
    // Nobody may read half of it.
    let whole = tempfile::NamedTempFile::new_in(folder)?;
    std::fs::write(whole.path(), seconds(at).to_string())?;
    whole.persist(file)?;
    Ok(())
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}

/// A time as the API writes it: RFC 3339, UTC, whole seconds.
#[must_use]
pub fn stamp(time: SystemTime) -> String {
    let seconds = seconds(time);
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    let (year, month, day) = date(days);
    let (hour, minute, second) = (rest / 3_600, rest / 60 % 60, rest % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// The proleptic Gregorian date so many days after 1970-01-01, in years that begin with March.
fn date(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 {
        from_march + 3
    } else {
        from_march - 9
    };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_in_utc() {
        for (seconds, expected) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_399, "2000-02-28T23:59:59Z"),
            (951_868_799, "2000-02-29T23:59:59Z"),
            (1_767_225_600, "2026-01-01T00:00:00Z"),
        ] {
            let time = UNIX_EPOCH + Duration::from_secs(seconds);
            assert_eq!(stamp(time), expected);
        }
    }
}
