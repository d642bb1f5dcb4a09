//! The help topics that are no commands.

/// `help backend`.
pub(crate) const BACKEND: &str = "\
The --backend flag chooses what controls the program:

  default   the native backend
  native    this machine's own means: ptrace on Linux

Each backend does the same; native is the fastest.";

/// `help log`.
pub(crate) const LOG: &str = "\
--log turns logging on; --log-output chooses by a comma-separated list what is logged:

  debugger      what the debugger decides and does (the default)
  gdbwire       packets to and from a remote stub
  lldbout       the output of an lldb-server or debugserver
  debuglineerr  what could be passed over in broken line tables
  rpc           requests and responses of the JSON-RPC API
  dap           messages of the Debug Adapter Protocol
  fncall        calls of functions in the program
  minidump      reading of Windows minidumps
  stack         unwinding of stacks

--log-dest sends the log to a file, or to an open file descriptor by its number, instead of standard error.
A line is `<time> <level> layer=<component> <message>`.";

/// `help redirect`.
pub(crate) const REDIRECT: &str = "\
By default the program has the debugger's own standard input, output and error. The flag -r, which may be
given several times, sends one of them elsewhere:

  -r path             standard input comes from the file
  -r stdin:path       the same
  -r stdout:path      standard output goes to the file
  -r stderr:path      standard error goes to the file

--tty path gives all three to a terminal: run `tty` in another window and name what it prints. The two flags
exclude each other.";
