//! Errors of the standard library, and of the two packages that most programs wrap theirs with: the text that their
//! method `Error` would return.

use super::text::Text;
use super::view::View;
use super::{Family, Formatter, net, split_name};

/// Bytes of each string in an error's text. Texts are put together of several, and cut off at the end.
const LONGEST_PART: usize = 1024;
/// Errors that one error joins.
const MOST_JOINED: u64 = 64;

/// What makes the text of one type of errors.
type Reader = fn(&Formatter, &View<'_>) -> Option<Text>;

pub(super) fn family(package: &str, name: &str) -> Option<Family> {
    reader(package, name)?;
    Some(|f, view| {
        let (package, name) = split_name(view.type_name())?;
        Some(reader(package, name)?(f, view)?.limited(f.limit).quoted())
    })
}

fn reader(package: &str, name: &str) -> Option<Reader> {
    Some(match (package, name) {
        ("errors", "errorString") => |_, view| field(view, "s"),
        ("errors", "joinError") => joined,
        ("fmt", "wrapError" | "wrapErrors") => |_, view| field(view, "msg"),
        ("io/fs", "PathError") => |f, view| compose(f, view, &["Op", " ", "Path", ": "], "Err"),
        ("os", "LinkError") => |f, view| compose(f, view, &["Op", " ", "Old", " ", "New", ": "], "Err"),
        ("os", "SyscallError") => |f, view| compose(f, view, &["Syscall", ": "], "Err"),
        ("os/exec", "ExitError") => exit_error,
        ("os/exec", "Error") => |f, view| compose_quoted(f, view, "exec: ", "Name", ": "),
        ("syscall", "Errno") => |_, view| errno(view),
        ("internal/poll", "DeadlineExceededError") => |_, _| Some("i/o timeout".into()),
        ("internal/poll", "errNetClosing") => |_, _| Some("use of closed network connection".into()),
        ("context", "deadlineExceededError") => |_, _| Some("context deadline exceeded".into()),
        ("net", "OpError") => network,
        ("net", "DNSError") => |_, view| {
            let mut text = Text::from("lookup ");
            text.append(&field(view, "Name")?);
            let server = field(view, "Server")?;
            if !server.is_empty() {
                text.push(" on ");
                text.append(&server);
            }
            text.push(": ");
            text.append(&field(view, "Err")?);
            Some(text)
        },
        ("net", "AddrError") => |_, view| {
            let (error, addr) = (field(view, "Err")?, field(view, "Addr")?);
            if addr.is_empty() {
                return Some(error);
            }
            Some(concatenated(&["address ".into(), addr, ": ".into(), error]))
        },
        ("net", "ParseError") => |_, view| {
            Some(concatenated(&["invalid ".into(), field(view, "Type")?, ": ".into(), field(view, "Text")?]))
        },
        ("net", "UnknownNetworkError") => {
            |_, view| Some(concatenated(&["unknown network ".into(), view.text(LONGEST_PART)?]))
        }
        ("net", "timeoutError") => |_, _| Some("i/o timeout".into()),
        ("net", "canceledError") => |_, _| Some("operation was canceled".into()),
        ("net/url", "Error") => |f, view| {
            let op = field(view, "Op")?;
            let url: Text = field(view, "URL")?.quoted().as_str().into();
            Some(concatenated(&[op, " ".into(), url, ": ".into(), inner(f, view, "Err")?]))
        },
        ("strconv", "NumError") => |f, view| {
            let number: Text = field(view, "Num")?.quoted().as_str().into();
            let error = inner(f, view, "Err")?;
            Some(concatenated(&[
                "strconv.".into(),
                field(view, "Func")?,
                ": parsing ".into(),
                number,
                ": ".into(),
                error,
            ]))
        },
        ("encoding/json", "SyntaxError") => |_, view| field(view, "msg"),
        ("runtime", "errorString") => |_, view| runtime_error(&view.text(LONGEST_PART)?),
        ("runtime", "plainError") => |_, view| view.text(LONGEST_PART),
        ("runtime", "errorAddressString") => |_, view| runtime_error(&field(view, "msg")?),
        ("runtime", "boundsError") => bounds,
        ("runtime", "TypeAssertionError") => assertion,
        ("github.com/pkg/errors", "fundamental") => |_, view| field(view, "msg"),
        ("github.com/pkg/errors", "withStack") => |f, view| inner(f, view, "error"),
        ("github.com/pkg/errors", "withMessage") => |f, view| compose(f, view, &["msg", ": "], "cause"),
        ("golang.org/x/xerrors", "errorString") => |_, view| field(view, "s"),
        ("golang.org/x/xerrors", "wrapError" | "noWrapError") => {
            |f, view| compose(f, view, &["msg", ": "], "err")
        }
        _ => return None,
    })
}

fn field(view: &View<'_>, name: &str) -> Option<Text> {
    view.field(name)?.text(LONGEST_PART)
}

fn concatenated(parts: &[Text]) -> Text {
    let mut text = Text::default();
    parts.iter().for_each(|part| text.append(part));
    text
}

/// Fields with what is between them, and the text of the error in the last.
fn compose(f: &Formatter, view: &View<'_>, parts: &[&str], error: &str) -> Option<Text> {
    let mut text = Text::default();
    for pair in parts.chunks(2) {
        text.append(&field(view, pair[0])?);
        pair.get(1).iter().for_each(|between| text.push(between));
    }
    text.append(&inner(f, view, error)?);
    Some(text)
}

fn compose_quoted(f: &Formatter, view: &View<'_>, before: &str, name: &str, between: &str) -> Option<Text> {
    let name: Text = field(view, name)?.quoted().as_str().into();
    Some(concatenated(&[before.into(), name, between.into(), inner(f, view, "Err")?]))
}

/// The text of the error in a field.
fn inner(f: &Formatter, view: &View<'_>, name: &str) -> Option<Text> {
    error_in(f, &view.field(name)?)
}

/// The text of the error in an interface; of a type whose texts are not known, the type.
pub(super) fn error_in(f: &Formatter, interface: &View<'_>) -> Option<Text> {
    let Some(value) = interface.dynamic()? else { return Some("<nil>".into()) };
    let unknown = Text::from(format!("<{}>", value.type_name()).as_str());
    let Some(value) = value.behind() else { return Some(unknown) };
    let reader = split_name(value.type_name()).and_then(|(package, name)| reader(package, name));
    let Some(reader) = reader else { return Some(unknown) };
    if f.is_deep() {
        return Some("...".into());
    }
    f.nested(|| reader(f, &value))
}

/// `errors.Join`: one line each.
fn joined(f: &Formatter, view: &View<'_>) -> Option<Text> {
    let errors = view.field("errs")?.slice()?;
    let mut text = Text::default();
    for (i, error) in errors.iter(MOST_JOINED).enumerate() {
        text.push(if i > 0 { "\n" } else { "" });
        text.append(&error_in(f, &error)?);
    }
    if errors.len > MOST_JOINED {
        text.push("\n...");
    }
    Some(text)
}

/// `net.OpError` (`net/net.go`).
fn network(f: &Formatter, view: &View<'_>) -> Option<Text> {
    let mut text = field(view, "Op")?;
    let network = field(view, "Net")?;
    if !network.is_empty() {
        text.push(" ");
        text.append(&network);
    }
    let mut between = " ";
    for name in ["Source", "Addr"] {
        if let Some(addr) = view.field(name)?.dynamic()? {
            let shown = addr.behind().and_then(|addr| net::endpoint(f, &addr));
            text.push(between);
            text.push(&shown.unwrap_or_else(|| "?".to_owned()));
            between = "->";
        }
    }
    text.push(": ");
    text.append(&inner(f, view, "Err")?);
    Some(text)
}

/// The entry of one of package syscall's tables of texts (`syscall/zerrors_*.go`), as this very program has it.
fn table_entry(view: &View<'_>, table: &'static str, index: u64) -> Option<Text> {
    let (start, size) = view.loader.image.global(table)?;
    let word = view.loader.word_size() as u64;
    let offset = index.checked_mul(2 * word).filter(|offset| offset + 2 * word <= size)?;
    let start = start.offset(offset.cast_signed());
    let data = view.loader.target.read_pointer(start).ok()?;
    let len = view.loader.target.read_uint(start.offset(word.cast_signed()), word as usize).ok()?;
    let bytes = view.loader.string_bytes(data, i64::try_from(len).ok()?, LONGEST_PART).ok()?;
    (!bytes.is_empty()).then(|| Text::new(&bytes, len - bytes.len() as u64))
}

/// A system's own number. On Windows only those that Go made up have texts, from `APPLICATION_ERROR` on; those of
/// others come from the system (`syscall/types_windows.go`).
fn errno(view: &View<'_>) -> Option<Text> {
    const APPLICATION_ERROR: u64 = 1 << 29;
    let number = view.uint()?;
    if view.loader.image.binary.goos() == "windows" {
        let invented = number.checked_sub(APPLICATION_ERROR);
        let known = invented.and_then(|index| table_entry(view, "syscall.errors", index));
        return Some(known.unwrap_or_else(|| format!("winapi error #{number}").as_str().into()));
    }
    let unknown = || Text::from(format!("errno {number}").as_str());
    let has_table = view.global("syscall.errors").is_some();
    has_table.then(|| table_entry(view, "syscall.errors", number).unwrap_or_else(unknown))
}

/// How a process ended, as Unix encodes it (wait(2)).
fn exit_error(_: &Formatter, view: &View<'_>) -> Option<Text> {
    let state = view.field("ProcessState")?.pointee()??;
    let status = state.field("status")?.uint()?;
    let signal = status & 0x7f;
    if signal == 0 {
        return Some(format!("exit status {}", status >> 8 & 0xff).as_str().into());
    }
    let name = table_entry(view, "syscall.signals", signal);
    let name = name.unwrap_or_else(|| Text::from(format!("signal {signal}").as_str()));
    let core = if status & 0x80 != 0 { " (core dumped)" } else { "" };
    Some(concatenated(&["signal: ".into(), name, core.into()]))
}

fn runtime_error(text: &Text) -> Option<Text> {
    Some(concatenated(&["runtime error: ".into(), text.clone()]))
}

/// Index and slice errors (`runtime/error.go`, `boundsErrorFmts` and `boundsNegErrorFmts`).
fn bounds(_: &Formatter, view: &View<'_>) -> Option<Text> {
    const FORMATS: [(&str, &str); 9] = [
        ("index out of range [%x] with length %y", "index out of range [%x]"),
        ("slice bounds out of range [:%x] with length %y", "slice bounds out of range [:%x]"),
        ("slice bounds out of range [:%x] with capacity %y", "slice bounds out of range [:%x]"),
        ("slice bounds out of range [%x:%y]", "slice bounds out of range [%x:]"),
        ("slice bounds out of range [::%x] with length %y", "slice bounds out of range [::%x]"),
        ("slice bounds out of range [::%x] with capacity %y", "slice bounds out of range [::%x]"),
        ("slice bounds out of range [:%x:%y]", "slice bounds out of range [:%x:]"),
        ("slice bounds out of range [%x:%y:]", "slice bounds out of range [%x::]"),
        (
            "cannot convert slice with length %y to array or pointer to array with length %x",
            "cannot convert slice with length %y to array or pointer to array with length %x",
        ),
    ];
    let (x, y) = (view.field("x")?.int()?, view.field("y")?.int()?);
    let signed = view.field("signed")?.uint()? != 0;
    let (usual, negative) = FORMATS.get(usize::try_from(view.field("code")?.uint()?).ok()?)?;
    let format = if signed && x < 0 { negative } else { usual };
    let x = if signed { x.to_string() } else { x.cast_unsigned().to_string() };
    runtime_error(&format.replace("%x", &x).replace("%y", &y.to_string()).as_str().into())
}

/// `runtime.TypeAssertionError`, which holds type descriptors.
fn assertion(_: &Formatter, view: &View<'_>) -> Option<Text> {
    let name = |field: &str| {
        let descriptor = view.field(field)?.word(0)?;
        match descriptor {
            0 => Some(None),
            _ => Some(Some(view.loader.type_at(adit_process::Addr(descriptor)).ok()?.name.clone())),
        }
    };
    let interface = name("_interface")?.unwrap_or_else(|| "interface".into());
    let (concrete, asserted) = (name("concrete")?, name("asserted")?.unwrap_or_else(|| "?".into()));
    let missing = field(view, "missingMethod")?;
    let text = match concrete {
        None => format!("interface conversion: {interface} is nil, not {asserted}"),
        Some(concrete) if missing.is_empty() => {
            format!("interface conversion: {interface} is {concrete}, not {asserted}")
        }
        Some(concrete) => format!("interface conversion: {concrete} is not {asserted}: missing method "),
    };
    Some(concatenated(&[text.as_str().into(), missing]))
}
