//! A home with a `.zshrc` in it, and zsh in a terminal there.

use std::path::{Path, PathBuf};
use std::process::Command;

use portable_pty::CommandBuilder;
use tempfile::TempDir;
use vt100::Screen;

use crate::daemon::{Daemon, Script};
use crate::terminal::{Terminal, cells, ghost};

/// The plugin as it lies in the repository.
pub const PLUGIN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../zsh-plugin/cmdai.plugin.zsh");

/// True where zsh is installed. Says so where it is not, and fails where `CMDAI_REQUIRE_ZSH` wants it.
///
/// # Panics
/// There is no zsh and there has to be one.
#[must_use]
pub fn installed() -> bool {
    if Command::new("zsh")
        .args(["-fc", "zmodload zsh/net/socket zsh/system"])
        .status()
        .is_ok_and(|s| s.success())
    {
        return true;
    }
    assert!(std::env::var_os("CMDAI_REQUIRE_ZSH").is_none(), "zsh is not installed");
    eprintln!("SKIPPED: zsh with its modules is not installed; nothing about the plugin was tested");
    false
}

/// A home, a socket's path and what is set there.
pub struct Place {
    home: TempDir,
    vars: Vec<(String, String)>,
    before: String,
    after: String,
    size: (u16, u16),
}

impl Default for Place {
    fn default() -> Self {
        Self::new()
    }
}

impl Place {
    /// An empty home.
    ///
    /// # Panics
    /// No temporary directory can be made.
    #[must_use]
    pub fn new() -> Self {
        let home = tempfile::Builder::new().prefix("ci").tempdir().expect("a directory");
        Self { home, vars: Vec::new(), before: String::new(), after: String::new(), size: (12, 80) }
    }

    /// The same with these lines of `.zshrc` before the plugin.
    #[must_use]
    pub fn before(mut self, lines: &str) -> Self {
        self.before += lines;
        self.before.push('\n');
        self
    }

    /// The same with these lines of `.zshrc` after the plugin.
    #[must_use]
    pub fn after(mut self, lines: &str) -> Self {
        self.after += lines;
        self.after.push('\n');
        self
    }

    /// The same with a variable.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.vars.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same with a terminal of this size: rows and columns.
    #[must_use]
    pub fn sized(mut self, rows: u16, cols: u16) -> Self {
        self.size = (rows, cols);
        self
    }

    /// The home.
    #[must_use]
    pub fn dir(&self) -> &Path {
        self.home.path()
    }

    /// Where the daemon's socket is.
    #[must_use]
    pub fn socket(&self) -> PathBuf {
        self.home.path().join("d/s")
    }

    /// Starts a scripted daemon.
    #[must_use]
    pub fn daemon(&self, script: Script) -> Daemon {
        Daemon::start(&self.socket(), script)
    }

    /// Starts zsh with the plugin, and waits for its prompt.
    #[must_use]
    pub fn zsh(&self) -> Terminal {
        self.zsh_with(&format!("source {PLUGIN}"))
    }

    /// The same with other lines in place of the plugin.
    ///
    /// # Panics
    /// There is no prompt.
    #[must_use]
    pub fn zsh_with(&self, load: &str) -> Terminal {
        let rc = format!(
            "PS1='%% '\nHISTFILE=$ZDOTDIR/history SAVEHIST=100 HISTSIZE=100\n{}{load}\n{}",
            self.before, self.after
        );
        std::fs::write(self.dir().join(".zshrc"), rc).expect("a home");
        let mut command = CommandBuilder::new("zsh");
        command.args(["-d", "-i"]);
        command.env_clear();
        command.cwd(self.dir());
        command.env("HOME", self.dir());
        command.env("ZDOTDIR", self.dir());
        command.env("PATH", "/usr/bin:/bin");
        command.env("TERM", "xterm-256color");
        command.env("LANG", "C.UTF-8");
        command.env("CMDAI_SOCKET", self.socket());
        command.env("CMDAI_BIN", "/nonexistent/cmdai");
        for (name, value) in &self.vars {
            command.env(name, value);
        }
        let (rows, cols) = self.size;
        let mut terminal = Terminal::start(command, rows, cols);
        terminal.until("the first prompt", at_prompt);
        terminal
    }

    /// True where a file of this name was made in the home: the proof that a line ran.
    #[must_use]
    pub fn ran(&self, name: &str) -> bool {
        self.dir().join(name).exists()
    }
}

/// Where the caller has the model and its runtime, if not where the binary looks by itself.
pub fn elsewhere() -> impl Iterator<Item = (&'static str, String)> {
    ["CMDAI_MODEL", "CMDAI_ORT_DYLIB"].into_iter().filter_map(|name| Some((name, std::env::var(name).ok()?)))
}

/// True where the cursor stands at an empty prompt.
#[must_use]
pub fn at_prompt(screen: &Screen) -> bool {
    let (row, col) = screen.cursor_position();
    let text: String = cells(screen, row).take(12).map(|(text, _)| text).collect();
    col == 2 && text.trim_end() == "%"
}

/// True where this stands on the screen and the cursor at an empty prompt below it: that line is done.
pub fn done(line: &str) -> impl Fn(&Screen) -> bool {
    let line = format!("% {line}");
    move |screen| at_prompt(screen) && screen.contents().contains(&line)
}

/// What is on the screen, without the blanks at the ends of lines.
#[must_use]
pub fn lines(screen: &Screen) -> String {
    screen.contents().lines().map(str::trim_end).collect::<Vec<_>>().join("\n").trim_end().to_owned()
}

/// What stands in the row of the cursor, without a ghost.
#[must_use]
pub fn typed(screen: &Screen) -> String {
    ghost(screen).0
}

/// True where the row of the cursor holds this, and this ghost.
pub fn is(typed: &str, shown: &str) -> impl Fn(&Screen) -> bool {
    let expect = (format!("% {typed}").trim_end().to_owned(), shown.to_owned());
    move |screen| ghost(screen) == expect
}
