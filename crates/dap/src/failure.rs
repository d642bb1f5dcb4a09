//! Why a request fails, as editors know it: a number, a summary, and the details.

/// What could not be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Launch,
    Attach,
    Initialize,
    SetBreakpoints,
    StackTrace,
    ListLocals,
    ListArguments,
    ListGlobals,
    LookupVariable,
    Evaluate,
    Halt,
    ExceptionInfo,
    SetVariable,
    Disassemble,
    ListRegisters,
    RunCommand,
    ReadMemory,
    DataBreakpointInfo,
    WriteMemory,
    Running,
    Internal,
}

impl Kind {
    /// The number that Delve gives it.
    pub(crate) fn id(self) -> i64 {
        match self {
            Kind::Launch => 3000,
            Kind::Attach => 3001,
            Kind::Initialize => 3002,
            Kind::SetBreakpoints => 2002,
            Kind::StackTrace => 2004,
            Kind::ListLocals => 2005,
            Kind::ListArguments => 2006,
            Kind::ListGlobals => 2007,
            Kind::LookupVariable => 2008,
            Kind::Evaluate => 2009,
            Kind::Halt => 2010,
            Kind::ExceptionInfo => 2011,
            Kind::SetVariable => 2012,
            Kind::Disassemble => 2013,
            Kind::ListRegisters => 2014,
            Kind::RunCommand => 2015,
            Kind::ReadMemory => 2016,
            Kind::DataBreakpointInfo => 2017,
            Kind::WriteMemory => 2018,
            Kind::Running => 4000,
            Kind::Internal => 8888,
        }
    }

    /// What a failure of this kind begins with.
    fn summary(self) -> &'static str {
        match self {
            Kind::Launch => "Failed to launch",
            Kind::Attach => "Failed to attach",
            Kind::Initialize => "Failed to initialize",
            Kind::SetBreakpoints => "Unable to set or clear breakpoints",
            Kind::StackTrace => "Unable to produce stack trace",
            Kind::ListLocals => "Unable to list locals",
            Kind::ListArguments => "Unable to list args",
            Kind::ListGlobals => "Unable to list globals",
            Kind::LookupVariable => "Unable to lookup variable",
            Kind::Evaluate => "Unable to evaluate expression",
            Kind::Halt => "Unable to halt execution",
            Kind::ExceptionInfo => "Unable to get exception info",
            Kind::SetVariable => "Unable to set variable",
            Kind::Disassemble => "Unable to disassemble",
            Kind::ListRegisters => "Unable to list registers",
            Kind::RunCommand => "Unable to run dlv command",
            Kind::ReadMemory => "Unable to read memory",
            Kind::DataBreakpointInfo => "Unable to get data breakpoint info",
            Kind::WriteMemory => "Unable to write memory",
            Kind::Running => "Unable to process request",
            Kind::Internal => "Internal Error",
        }
    }

    /// A failure of this kind, of which the user hears where the editor puts it.
    pub(crate) fn because(self, details: impl Into<String>) -> Failure {
        Failure { kind: self, summary: self.summary().to_owned(), details: details.into(), show_user: false }
    }
}

/// Why a request fails.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    pub(crate) kind: Kind,
    pub(crate) summary: String,
    pub(crate) details: String,
    /// The editor shows it in a window of its own.
    pub(crate) show_user: bool,
}

impl Failure {
    /// The same, shown to the user in a window.
    pub(crate) fn shown(mut self) -> Failure {
        self.show_user = true;
        self
    }

    /// The same under another heading.
    pub(crate) fn headed(mut self, summary: impl Into<String>) -> Failure {
        self.summary = summary.into();
        self
    }

    /// The whole text.
    pub(crate) fn text(&self) -> String {
        match self.details.is_empty() {
            true => self.summary.clone(),
            false => format!("{}: {}", self.summary, self.details),
        }
    }

    pub(crate) fn is_internal(&self) -> bool {
        self.kind == Kind::Internal
    }
}
