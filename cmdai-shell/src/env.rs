//! The environment variables that cmdai reads: one table, from which the manual is made.

use std::ffi::OsString;

/// The log of verdicts.
pub(crate) const AUDIT: &str = "CMDAI_AUDIT";
/// The table of more tools.
pub(crate) const BREADTH: &str = "CMDAI_BREADTH";
/// The folder of Claude Code's settings.
pub(crate) const CLAUDE_CONFIG_DIR: &str = "CLAUDE_CONFIG_DIR";
/// The folder of Codex's settings.
pub(crate) const CODEX_HOME: &str = "CODEX_HOME";
/// The folder of Copilot CLI's settings.
pub(crate) const COPILOT_HOME: &str = "COPILOT_HOME";
/// The configuration file.
pub(crate) const CONFIG: &str = "CMDAI_CONFIG";
/// The history file of the shell, where it exports it.
pub(crate) const HISTFILE: &str = "HISTFILE";
/// The model's folder.
pub(crate) const MODEL: &str = "CMDAI_MODEL";
/// The policy, in place of the user's own.
pub(crate) const POLICY: &str = "CMDAI_POLICY";
/// Whose verdicts.
pub(crate) const PROFILE: &str = "CMDAI_PROFILE";
/// The directory, as the shell calls it.
pub(crate) const PWD: &str = "PWD";
/// The folder for what lives as long as a login.
pub(crate) const RUNTIME_DIR: &str = "XDG_RUNTIME_DIR";
/// The folder for what a program remembers.
pub(crate) const STATE_HOME: &str = "XDG_STATE_HOME";
/// The ONNX Runtime library.
pub(crate) const ORT_DYLIB: &str = "CMDAI_ORT_DYLIB";
/// The daemon's socket.
pub(crate) const SOCKET: &str = "CMDAI_SOCKET";
/// The user's login shell.
pub(crate) const SHELL: &str = "SHELL";

/// The folder of zsh's own files.
pub(crate) const ZDOTDIR: &str = "ZDOTDIR";

/// Every variable with its meaning, sorted by name.
pub(crate) const ALL: &[(&str, &str)] = &[
    (AUDIT, "1, 0 or a path: the log of verdicts, whatever the key audit says"),
    (BREADTH, "path of the table of more tools that explain and generate know, or none; see cmdai doctor"),
    (CONFIG, "path of the configuration file, in place of cmdai/config.toml in the configuration folder"),
    (MODEL, "folder of the model; the key model.path comes first"),
    (ORT_DYLIB, "path of the ONNX Runtime library; the key onnxruntime.path comes first"),
    (POLICY, "path of the policy, in place of cmdai/policy.toml in the configuration folder"),
    (PROFILE, "person or agent: whose verdicts check gives; --profile comes first"),
    (SOCKET, "path of the daemon's socket, below 100 bytes, in a folder of your own"),
    (CLAUDE_CONFIG_DIR, "where hook install finds the settings of Claude Code, in place of ~/.claude"),
    ("CLICOLOR_FORCE", "set and not 0: colour even where output is not a terminal"),
    (CODEX_HOME, "where hook install finds the settings of Codex, in place of ~/.codex"),
    ("CONDA_PREFIX", "as VIRTUAL_ENV"),
    (COPILOT_HOME, "where hook install finds the settings of Copilot CLI, in place of ~/.copilot"),
    ("DISPLAY", "set: copy with xclip or xsel where they are installed"),
    (HISTFILE, "where history import finds the history of zsh or bash, where it is exported"),
    (
        "HOME",
        "the home directory, an absolute path; unset, that of the account, in which nothing is written then; relative, none",
    ),
    ("LD_LIBRARY_PATH", "where else the ONNX Runtime library may be; DYLD_LIBRARY_PATH on macOS"),
    ("NO_COLOR", "set: no colour, unless --color says otherwise"),
    ("ORT_DYLIB_PATH", "as CMDAI_ORT_DYLIB, which comes first; shared with other programs"),
    ("PATH", "where the programs are that a command may use"),
    (PWD, "the directory as history list --cwd means it, where links lead to it"),
    ("RUST_BACKTRACE", "set and not 0: an internal error shows where it happened"),
    (SHELL, "the shell, where the process that started cmdai is none"),
    ("SSH_TTY", "set: copy through the terminal, since the clipboard is on the other machine"),
    ("TERM", "dumb: no colour, no keys"),
    ("TMPDIR", "where the daemon's socket is made where there is no XDG_RUNTIME_DIR, in place of /tmp"),
    ("VIRTUAL_ENV", "a Python environment whose onnxruntime package may be used"),
    ("WAYLAND_DISPLAY", "set: copy with wl-copy where it is installed"),
    ("XDG_CACHE_HOME", "the cache folder, in place of ~/.cache"),
    ("XDG_CONFIG_HOME", "the configuration folder, in place of ~/.config"),
    ("XDG_DATA_HOME", "the data folder, where the history lies, in place of ~/.local/share"),
    (RUNTIME_DIR, "where the daemon's socket is made, and a line that was allowed once is remembered"),
    (STATE_HOME, "where the log of verdicts lies, in place of ~/.local/state"),
    (ZDOTDIR, "where history import finds zsh's history, in place of the home directory"),
];

/// The value of a variable, where it is set and not empty.
pub(crate) fn value(name: &str) -> Option<OsString> {
    debug_assert!(ALL.iter().any(|(known, _)| *known == name), "{name} is not in the table");
    std::env::var_os(name).filter(|value| !value.is_empty())
}

/// The same as text; a value that is not UTF-8 is no value.
pub(crate) fn text(name: &str) -> Option<String> {
    value(name)?.into_string().ok()
}

/// True where a variable is set to anything.
pub(crate) fn is_set(name: &str) -> bool {
    value(name).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_unique_and_documented() {
        let own = ALL.iter().take_while(|(name, _)| name.starts_with("CMDAI_")).count();
        for part in [&ALL[..own], &ALL[own..]] {
            assert!(part.is_sorted_by(|a, b| a.0 < b.0));
        }
        assert!(ALL[own..].iter().all(|(name, _)| !name.starts_with("CMDAI_")));
        assert!(ALL.iter().all(|(_, doc)| doc.len() > 3 && !doc.ends_with('.')));
    }
}
