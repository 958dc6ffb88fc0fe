//! Runs the binary in an empty home with nothing of the tester's environment.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// What a run left behind.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// A home and what is set for the next runs.
pub(crate) struct Place {
    pub(crate) home: TempDir,
    vars: Vec<(String, String)>,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self { home: tempfile::tempdir().unwrap(), vars: Vec::new() }
    }

    /// The same with a variable.
    pub(crate) fn with(mut self, name: &str, value: impl AsRef<Path>) -> Self {
        self.vars.push((name.to_owned(), value.as_ref().to_str().unwrap().to_owned()));
        self
    }

    /// The same where there is no model, whatever the source tree holds.
    pub(crate) fn without_model(self) -> Self {
        self.with("CMDAI_MODEL", "/nonexistent/model")
    }

    /// Writes the configuration file.
    pub(crate) fn config(&self, text: impl AsRef<[u8]>) {
        let folder = self.home.path().join(".config/cmdai");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("config.toml"), text).unwrap();
    }

    /// The command, not yet started.
    pub(crate) fn command<S: AsRef<std::ffi::OsStr>>(&self, args: &[S]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cmdai"));
        command.args(args).env_clear().current_dir(self.home.path());
        command.env("HOME", self.home.path()).env("SHELL", "/bin/sh").env("PATH", "/usr/bin:/bin");
        // The table of more tools is there or not, by how the checkout was set up.
        command.env("CMDAI_BREADTH", "none");
        // Nobody is to be answered by the daemon of whoever runs the tests.
        command.env("CMDAI_SOCKET", self.home.path().join("daemon/s"));
        command.envs(self.vars.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs with nothing on standard input.
    #[track_caller]
    pub(crate) fn run<S: AsRef<std::ffi::OsStr>>(&self, args: &[S]) -> Run {
        self.pipe(args, "")
    }

    /// Runs with this on standard input.
    #[track_caller]
    pub(crate) fn pipe<S: AsRef<std::ffi::OsStr>>(&self, args: &[S], input: impl AsRef<[u8]>) -> Run {
        let mut command = self.command(args);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let input = input.as_ref().to_vec();
        // A run that refuses its input early closes the pipe; that is no failure of the test.
        let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap();
        let text = |bytes: Vec<u8>| {
            String::from_utf8(bytes).unwrap().replace(self.home.path().to_str().unwrap(), "[HOME]")
        };
        let code = output.status.code().unwrap_or_else(|| panic!("ended by {}", output.status));
        Run { code, stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}

impl Run {
    /// Checks code, standard output and standard error at once.
    #[track_caller]
    pub(crate) fn is(&self, code: i32, stdout: &str, stderr: &str) {
        let expect = Self { code, stdout: stdout.to_owned(), stderr: stderr.to_owned() };
        assert!(*self == expect, "got {self:#?}\nnot {expect:#?}");
    }

    /// Checks for a failure: its code, nothing on standard output, one line and perhaps a hint that hold these words.
    #[track_caller]
    pub(crate) fn fails(&self, code: i32, words: &[&str]) {
        let lines = self.stderr.lines().count();
        let holds = words.iter().all(|word| self.stderr.contains(word));
        let form = self.stderr.starts_with("cmdai: ") && (lines == 1 || self.stderr.contains("\nhint: "));
        assert!(
            self.code == code && self.stdout.is_empty() && holds && form,
            "got {self:#?}\nnot {code} {words:?}"
        );
        assert!(!self.stderr.contains("panicked"), "{self:#?}");
    }

    /// The JSON on standard output.
    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:#?}"))
    }

    /// The lines of JSON on standard output.
    #[track_caller]
    pub(crate) fn json_lines(&self) -> Vec<serde_json::Value> {
        self.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}
