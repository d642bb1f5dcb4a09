//! The folder in which indices are kept from one start to the next.
//!
//! A file is written beside its place and renamed into it when whole, so any number of debuggers may read and write
//! at once. Nothing here fails: without the folder, every index is built anew.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::sealed::Store;

/// Bytes that all files may take together, unless configured.
const DEFAULT_LIMIT: u64 = 1 << 30;

const EXTENSION: &str = "names";
const UNFINISHED: &str = "unfinished";

/// An unfinished file so old belongs to a debugger that was killed.
const ABANDONED: Duration = Duration::from_hours(24);

/// A folder of indices, bounded in size: those not used for longest make room.
#[derive(Clone, Debug)]
pub struct Cache {
    folder: PathBuf,
    limit: u64,
}

impl Cache {
    /// The cache in `folder`, whose files may take `limit` bytes together. The folder need not exist.
    pub fn new(folder: PathBuf, limit: u64) -> Cache {
        Cache { folder, limit }
    }

    /// The user's: `ADIT_CACHE_DIR`, else `adit` in `XDG_CACHE_HOME`, else `.cache/adit` in `HOME`. None if
    /// `ADIT_CACHE_DIR` is `off`, or no variable says where. `ADIT_CACHE_LIMIT` is its size in MiB.
    pub fn of_user(variable: impl Fn(&str) -> Option<OsString>) -> Option<Cache> {
        let folder_in = |name: &str| variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let folder = match folder_in("ADIT_CACHE_DIR") {
            Some(off) if off == Path::new("off") => return None,
            Some(folder) => folder,
            // A relative path there is invalid, says the XDG Base Directory Specification.
            None => match folder_in("XDG_CACHE_HOME").filter(|path| path.is_absolute()) {
                Some(caches) => caches.join("adit"),
                None => folder_in("HOME")?.join(".cache").join("adit"),
            },
        };
        let limit = variable("ADIT_CACHE_LIMIT").and_then(|text| text.to_str()?.parse::<u64>().ok());
        Some(Cache::new(folder, limit.map_or(DEFAULT_LIMIT, |mebibytes| mebibytes.saturating_mul(1 << 20))))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name).with_extension(EXTENSION)
    }

    /// Maps a file, and marks it as just used.
    pub(super) fn load(&self, name: &str) -> Option<Store> {
        let path = self.path(name);
        let store = map(&path)?;
        // Where it may not be written, it is not this debugger's to evict either.
        let touched =
            File::options().append(true).open(&path).and_then(|file| file.set_modified(SystemTime::now()));
        if let Err(error) = touched {
            tracing::debug!("{} is not marked as used: {error}", path.display());
        }
        Some(store)
    }

    /// Writes a file, and maps it. `None` if that did not work.
    pub(super) fn save(&self, name: &str, bytes: &[u8]) -> Option<Store> {
        let path = self.path(name);
        if bytes.len() as u64 > self.limit {
            return None;
        }
        match self.write(&path, bytes) {
            Ok(()) => {
                self.evict(&path);
                map(&path)
            }
            Err(error) => {
                tracing::debug!("{} is not written: {error}", path.display());
                None
            }
        }
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> std::io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let suffix = format!(".{UNFINISHED}");
        let mut file = tempfile::Builder::new().prefix("index").suffix(&suffix).tempfile_in(&self.folder)?;
        file.write_all(bytes)?;
        file.persist(path).map(|_| ()).map_err(|error| error.error)
    }

    /// Removes a file that proved damaged, or another program's.
    pub(super) fn discard(&self, name: &str) {
        let path = self.path(name);
        if let Err(error) = fs::remove_file(&path) {
            tracing::debug!("{} is not removed: {error}", path.display());
        }
    }

    /// Removes what was not used for longest until the rest is within the limit. Another debugger that has such a
    /// file mapped keeps what it has.
    fn evict(&self, keep: &Path) {
        let Ok(entries) = fs::read_dir(&self.folder) else { return };
        let now = SystemTime::now();
        let mut files = Vec::new();
        for entry in entries.flatten() {
            let (path, Ok(metadata)) = (entry.path(), entry.metadata()) else { continue };
            let Ok(used) = metadata.modified() else { continue };
            let extension = path.extension().and_then(|extension| extension.to_str());
            let is_abandoned = || now.duration_since(used).is_ok_and(|age| age > ABANDONED);
            match extension {
                Some(EXTENSION) => files.push((path != keep, used, metadata.len(), path)),
                Some(UNFINISHED) if is_abandoned() => drop(fs::remove_file(&path)),
                _ => {}
            }
        }
        let mut total: u64 = files.iter().map(|(_, _, size, _)| *size).sum();
        // The one to keep sorts first among all, the others by age.
        files.sort_unstable();
        for (_, _, size, path) in files.iter().skip(1) {
            if total <= self.limit {
                break;
            }
            match fs::remove_file(path) {
                Ok(()) => total -= size,
                Err(error) => tracing::debug!("{} is not removed: {error}", path.display()),
            }
        }
    }
}

fn map(path: &Path) -> Option<Store> {
    let file = File::open(path).ok()?;
    let metadata = file.metadata().ok()?;
    if !metadata.is_file() || metadata.len() == 0 {
        return None;
    }
    crate::binary::map(&file).ok().map(Store::Mapped)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_says_where() {
        let folder = |variables: &[(&str, &str)]| {
            let find =
                |name: &str| variables.iter().find(|(key, _)| *key == name).map(|(_, v)| OsString::from(v));
            Cache::of_user(find).map(|cache| cache.folder)
        };
        assert_eq!(folder(&[("HOME", "/h")]), Some("/h/.cache/adit".into()));
        assert_eq!(folder(&[("HOME", "/h"), ("XDG_CACHE_HOME", "/x")]), Some("/x/adit".into()));
        assert_eq!(folder(&[("HOME", "/h"), ("XDG_CACHE_HOME", "x")]), Some("/h/.cache/adit".into()));
        assert_eq!(folder(&[("HOME", "/h"), ("ADIT_CACHE_DIR", "/c")]), Some("/c".into()));
        assert_eq!(folder(&[("HOME", "/h"), ("ADIT_CACHE_DIR", "off")]), None);
        assert_eq!(folder(&[]), None);
    }

    #[test]
    fn what_was_not_used_for_longest_makes_room() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path().to_owned(), 250);
        let day = |day: u64| SystemTime::UNIX_EPOCH + Duration::from_hours(24 * day);
        for (name, used) in [("a", day(2)), ("b", day(1)), ("c", day(3))] {
            let path = cache.path(name);
            fs::write(&path, [0; 100]).unwrap();
            File::options().append(true).open(&path).unwrap().set_modified(used).unwrap();
        }
        assert!(cache.load("b").is_some(), "and that is a use");
        assert!(cache.save("d", &[1; 100]).is_some());
        assert!(cache.load("a").is_none() && cache.load("c").is_none());
        assert!(cache.load("b").is_some() && cache.load("d").is_some());
        assert!(cache.save("e", &[1; 251]).is_none(), "larger than all may be");
        assert!(cache.load("b").is_some());
    }

    #[test]
    fn a_folder_that_can_not_be_is_no_failure() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        let cache = Cache::new(file.join("cache"), 1000);
        assert!(cache.save("a", b"x").is_none());
        assert!(cache.load("a").is_none());
        cache.discard("a");
    }
}
