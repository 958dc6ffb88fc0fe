//! What commands do to the world, as values: an [`Effect`] on a [`Target`].

use crate::line::Span;

/// One thing that a line would do.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Effect {
    /// What is done.
    pub kind: EffectKind,
    /// To what.
    pub target: Target,
    /// True where it reaches everything below the target.
    pub recursive: bool,
    /// The program that does it, after wrappers were peeled off.
    pub program: String,
    /// What else there is to know: the mode of [`EffectKind::Permission`], the signal of
    /// [`EffectKind::Kill`], the user of [`EffectKind::Privilege`]; mostly empty.
    pub detail: String,
    /// The words that say so.
    pub span: Span,
}

/// Kinds of effect. The list grows; a rule names those it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum EffectKind {
    /// Reads a file or state.
    Read,
    /// Reads a file that holds secrets.
    ReadSecret,
    /// Makes something new, or adds to it.
    Create,
    /// Replaces or truncates the content of what exists.
    Overwrite,
    /// Deletes.
    Delete,
    /// Moves or renames.
    Move,
    /// Writes to a device below its file system.
    WriteDevice,
    /// Runs text as code: the target says whether it came from the network.
    RunCode,
    /// Fetches from the network.
    Fetch,
    /// Sends data to another host.
    Send,
    /// Connects a shell to the network.
    RemoteShell,
    /// Runs with another user's rights.
    Privilege,
    /// Changes permissions or ownership.
    Permission,
    /// Ends processes.
    Kill,
    /// Makes something run again later without being asked.
    Persist,
    /// Throws away uncommitted or unpushed work.
    DiscardWork,
    /// Changes history that others may have.
    RewriteHistory,
    /// Drops, truncates or deletes data in a database.
    DropData,
    /// Deletes infrastructure.
    DestroyCloud,
    /// Opens something to everybody: a bucket, a firewall, a repository.
    Expose,
    /// Gives somebody rights, a key or a token; recursive where it gives all rights.
    Grant,
    /// Stops or takes away what others use, for a while; recursive where it is all of it.
    Interrupt,
    /// Gives a container, or what runs in one, the machine that it runs on.
    Escape,
    /// Puts something where others take it from; recursive where it stays there for good.
    Publish,
    /// Installs or removes software.
    Install,
    /// Changes the system's configuration or services.
    Configure,
    /// Deletes logs, or the history of what was done.
    HideTraces,
    /// Uses up memory, processes or disk until the machine stops.
    Exhaust,
    /// Turns a protection off.
    DisableProtection,
    /// Shuts the machine down or restarts it.
    Shutdown,
}

impl EffectKind {
    /// Every kind, in the order in which manuals list them.
    pub const ALL: &'static [Self] = &[
        Self::Read,
        Self::ReadSecret,
        Self::Create,
        Self::Overwrite,
        Self::Delete,
        Self::Move,
        Self::WriteDevice,
        Self::RunCode,
        Self::Fetch,
        Self::Send,
        Self::RemoteShell,
        Self::Privilege,
        Self::Permission,
        Self::Kill,
        Self::Persist,
        Self::DiscardWork,
        Self::RewriteHistory,
        Self::DropData,
        Self::DestroyCloud,
        Self::Expose,
        Self::Grant,
        Self::Interrupt,
        Self::Escape,
        Self::Publish,
        Self::Install,
        Self::Configure,
        Self::HideTraces,
        Self::Exhaust,
        Self::DisableProtection,
        Self::Shutdown,
    ];

    /// The name used in specs, policies and JSON: `discard-work`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::ReadSecret => "read-secret",
            Self::Create => "create",
            Self::Overwrite => "overwrite",
            Self::Delete => "delete",
            Self::Move => "move",
            Self::WriteDevice => "write-device",
            Self::RunCode => "run-code",
            Self::Fetch => "fetch",
            Self::Send => "send",
            Self::RemoteShell => "remote-shell",
            Self::Privilege => "privilege",
            Self::Permission => "permission",
            Self::Kill => "kill",
            Self::Persist => "persist",
            Self::DiscardWork => "discard-work",
            Self::RewriteHistory => "rewrite-history",
            Self::DropData => "drop-data",
            Self::DestroyCloud => "destroy-cloud",
            Self::Expose => "expose",
            Self::Grant => "grant",
            Self::Interrupt => "interrupt",
            Self::Escape => "escape",
            Self::Publish => "publish",
            Self::Install => "install",
            Self::Configure => "configure",
            Self::Exhaust => "exhaust",
            Self::DisableProtection => "disable-protection",
            Self::HideTraces => "hide-traces",
            Self::Shutdown => "shutdown",
        }
    }
}

/// What an effect is about.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Target {
    /// What sort of thing it is.
    pub class: TargetClass,
    /// Its text after resolution, as far as it is known: `/usr`, `build/*`, `$dir/x`.
    pub text: String,
    /// The word it was written as.
    pub span: Span,
}

/// What sort of thing a target is. For paths the class is decided after resolution and normalisation: `/tmp/../etc` is `System`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum TargetClass {
    /// No path, or one whose place cannot be told.
    Unknown,
    /// `/` or all below it.
    Root,
    /// A directory the system needs: `/usr`, `/etc`, `/boot`.
    System,
    /// A disk or partition.
    Device,
    /// The user's home directory itself.
    Home,
    /// Another user's home, or all homes.
    OtherHome,
    /// Keys, tokens and passwords: `~/.ssh`, `/etc/shadow`.
    Secret,
    /// A file that a shell or login runs: `~/.bashrc`.
    ShellStartup,
    /// Below the home directory.
    HomeFile,
    /// The working directory itself, or everything in it.
    WorkingDirectory,
    /// Above the working directory: `..`.
    Parent,
    /// Below the working directory, by a relative path.
    Local,
    /// Temporary and cache places, and harmless devices such as `/dev/null`.
    Temporary,
    /// Any other absolute path.
    OtherPath,
    /// Standard input or output.
    Stream,
    /// Another machine.
    Host,
    /// A process.
    Process,
    /// Something named in another system: a branch, a table, a cluster object.
    Named,
}
impl TargetClass {
    /// The name used in JSON: `shell-startup`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Root => "root",
            Self::System => "system",
            Self::Device => "device",
            Self::Home => "home",
            Self::OtherHome => "other-home",
            Self::Secret => "secret",
            Self::ShellStartup => "shell-startup",
            Self::HomeFile => "home-file",
            Self::WorkingDirectory => "working-directory",
            Self::Parent => "parent",
            Self::Local => "local",
            Self::Temporary => "temporary",
            Self::OtherPath => "other-path",
            Self::Stream => "stream",
            Self::Host => "host",
            Self::Process => "process",
            Self::Named => "named",
        }
    }
}
