//! `cmdai init`: the text that a shell's startup file evaluates.
//!
//! The plugin is one file, which also works by itself; here it gets the path of this binary, and is
//! evaluated under the shell's own options, whatever the user set before.

use std::fmt::Write as _;

use crate::args::InitShell;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input;

const ZSH: &str = include_str!("../../zsh-plugin/cmdai.plugin.zsh");

/// Prints the text for a shell.
///
/// # Errors
/// Standard output cannot be written.
pub(crate) fn run(shell: InitShell) -> Result<Exit, Failure> {
    match shell {
        InitShell::Zsh => input::print(&zsh(std::env::current_exe().ok().as_deref()))?,
    }
    Ok(Exit::Ok)
}

/// A function that reads the plugin with the options of zsh itself. `eval` parses all of its text first, so the
/// plugin is a quoted word in it: aliases of the user cannot touch it.
fn zsh(binary: Option<&std::path::Path>) -> String {
    let mut text = String::from("function _cmdai_read {\n'builtin' 'emulate' '-L' 'zsh' '-o' 'no_aliases'\n");
    if let Some(path) = binary.and_then(|path| path.to_str()) {
        let set = quote(&format!("CMDAI_BIN={path}"));
        let _ = writeln!(text, "[[ -n \"${{CMDAI_BIN-}}\" ]] || 'builtin' 'typeset' '-g' {set}");
    }
    let _ = write!(
        text,
        "'builtin' 'eval' {}\n}}\n_cmdai_read\n'builtin' 'unfunction' '_cmdai_read'\n",
        quote(ZSH)
    );
    text
}

/// One word of a shell, whatever stands in it.
fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plugin_is_one_quoted_word_with_the_path_before_it() {
        let text = zsh(Some(std::path::Path::new("/opt/it's/cmdai")));
        assert!(text.contains(r"'typeset' '-g' 'CMDAI_BIN=/opt/it'\''s/cmdai'"), "{}", &text[..300]);
        assert!(text.ends_with("'builtin' 'unfunction' '_cmdai_read'\n"));
        assert!(!zsh(None).contains("'CMDAI_BIN="));
    }
}
