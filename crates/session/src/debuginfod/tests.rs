//! A script in the place of `debuginfod-find`.

use std::sync::{Arc, Condvar};

use super::*;

/// A program that does what `script` says, and what was told of it.
struct Fake {
    folder: tempfile::TempDir,
    told: Arc<Mutex<Vec<String>>>,
    /// Something was told.
    news: Arc<Condvar>,
    debuginfod: Arc<Debuginfod>,
}

/// Has another process write it: a file that this one has open for writing cannot be executed, nor while a child that
/// another test is starting still has it open (execve(2), ETXTBSY).
fn write_program(path: &Path, text: &str) {
    let mut writer = std::process::Command::new("/bin/sh");
    writer.args(["-c", "cat > \"$0\" && chmod 755 \"$0\""]).arg(path);
    let mut writer = writer.stdin(std::process::Stdio::piped()).spawn().unwrap();
    std::io::Write::write_all(&mut writer.stdin.take().unwrap(), text.as_bytes()).unwrap();
    assert!(writer.wait().unwrap().success());
}

fn fake(script: &str) -> Fake {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("debuginfod-find");
    write_program(&program, &format!("#!/bin/sh\ncd {}\n{script}\n", folder.path().display()));
    let told: Arc<Mutex<Vec<String>>> = Arc::default();
    let news: Arc<Condvar> = Arc::default();
    let (seen, bell) = (told.clone(), news.clone());
    let progress: Progress = Box::new(move |download| {
        seen.lock().unwrap().push(format!("{}{}", download.progress, if download.over { "." } else { "" }));
        bell.notify_all();
    });
    let debuginfod = Arc::new(Debuginfod::with_program(program.into(), true, Some(progress)));
    Fake { folder, told, news, debuginfod }
}

impl Fake {
    fn fetch(&self, wanted: Wanted<'_>) -> Result<PathBuf, NotFetched> {
        self.debuginfod.fetch(wanted, "abcdef", Path::new("/bin/x"))
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

#[test]
fn what_is_fetched_is_where_the_program_says() {
    let fake = fake(
        r#"[ "$*" = "-v debuginfo abcdef" ] || exit 2
        printf 'Progress 1 / 0\nProgress 5 / 10\nDownloading from http://h 2000000/1\rHeaders:\n' >&2
        touch found; echo $PWD/found"#,
    );
    assert_eq!(fake.fetch(Wanted::DebugInfo), Ok(fake.file("found")));
    assert_eq!(*fake.told.lock().unwrap(), ["started", "connecting", "50% of 10 bytes", "2.0 MB", "done."]);
    assert!(matches!(fake.fetch(Wanted::Source("/a.c")), Err(NotFetched::NotFound(_))));
}

#[test]
fn servers_are_asked_once_for_what_they_do_not_have() {
    let fake = fake("echo x >> asked; echo 'Server query failed: No such file or directory' >&2; exit 1");
    let missing = "debuginfod-find: Server query failed: No such file or directory";
    assert_eq!(fake.fetch(Wanted::DebugInfo).unwrap_err().to_string(), missing);
    assert!(matches!(fake.fetch(Wanted::DebugInfo), Err(NotFetched::NotFound(_))));
    assert_eq!(std::fs::read_to_string(fake.file("asked")).unwrap(), "x\n");
    assert_eq!(*fake.told.lock().unwrap(), ["started", "not found."]);
}

#[test]
fn an_answer_that_is_no_file_is_none() {
    assert!(matches!(
        fake("echo /nowhere/to/be/found").fetch(Wanted::DebugInfo),
        Err(NotFetched::NotFound(_))
    ));
    assert!(matches!(fake("true").fetch(Wanted::DebugInfo), Err(NotFetched::NotFound(_))));
    // More output than is read, and bytes that are no text.
    let flood = "head -c 300000 /dev/zero; head -c 300000 /dev/urandom >&2";
    assert!(matches!(
        fake(flood).fetch(Wanted::DebugInfo),
        Err(NotFetched::NotFound(_) | NotFetched::Cancelled)
    ));
}

#[test]
fn a_download_can_be_called_off() {
    let fake = Arc::new(fake("echo 'Progress 1 / 2' >&2; exec sleep 1000"));
    let other = fake.clone();
    let waiting = std::thread::spawn(move || other.fetch(Wanted::DebugInfo));
    let told = |told: &Vec<String>| told.len() >= 2;
    drop(fake.news.wait_while(fake.told.lock().unwrap(), |seen| !told(seen)).unwrap());
    fake.debuginfod.cancel();
    assert_eq!(waiting.join().unwrap(), Err(NotFetched::Cancelled));
    assert_eq!(fake.told.lock().unwrap().last().unwrap(), "cancelled.");
    // That is no answer of the server's: the next one is asked again.
    assert!(fake.debuginfod.missing.lock().unwrap().is_empty());
}

#[test]
fn without_servers_or_program_nothing_is_run() {
    let none = Debuginfod::with_program("debuginfod-find".into(), false, None);
    assert_eq!(none.fetch(Wanted::DebugInfo, "ab", Path::new("x")), Err(NotFetched::NotConfigured));
    let absent = Debuginfod::with_program("/nowhere/debuginfod-find".into(), true, None);
    assert_eq!(absent.fetch(Wanted::DebugInfo, "ab", Path::new("x")), Err(NotFetched::NotInstalled));
}
