//! `cmdai init`: the text that a shell's startup file evaluates.
//!
//! The plugin is one file, which also works by itself; here it gets the path of this binary, and is
//! read under the shell's own options, whatever the user set before. It is a here-document: zsh reads that in a third of
//! the time that it takes to evaluate the same text, since a list that is evaluated is parsed as a whole.

use std::fmt::Write as _;

use crate::args::{InitArgs, InitShell};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input;

const ZSH: &str = include_str!("../../zsh-plugin/cmdai.plugin.zsh");

/// Prints the text for a shell.
///
/// # Errors
/// Standard output cannot be written.
pub(crate) fn run(args: &InitArgs) -> Result<Exit, Failure> {
    match args.shell {
        InitShell::Zsh => {
            let binary = std::env::current_exe().ok();
            input::print(&zsh(binary.as_deref(), args.quoted))?;
        }
    }
    Ok(Exit::Ok)
}

/// What ends the here-document.
const END: &str = "END_OF_CMDAI_PLUGIN";

/// The plugin without its comments and indentation, more than a quarter of what zsh would read at each start: half a
/// millisecond. No text of it that is shown or sent has several lines.
fn plugin() -> String {
    let lines = ZSH.lines().map(str::trim_start);
    lines.filter(|line| !line.is_empty() && !line.starts_with('#')).flat_map(|line| [line, "\n"]).collect()
}

/// A function that reads the plugin with the options of zsh itself. `eval` parses all of its text first, so the plugin
/// is data in it: aliases of the user cannot touch it. Where no here-document can be made (no folder for temporary
/// files, no `/dev/stdin`), the function asks for the same as one quoted word.
fn zsh(binary: Option<&std::path::Path>, quoted: bool) -> String {
    let mut text = String::from("function _cmdai_read {\n'builtin' 'emulate' '-L' 'zsh' '-o' 'no_aliases'\n");
    if let Some(path) = binary.and_then(|path| path.to_str()) {
        let set = quote(&format!("CMDAI_BIN={path}"));
        let _ = writeln!(
            text,
            "[[ -n \"${{CMDAI_BIN-}}\" ]] || 'builtin' 'typeset' '-g' {set} '_cmdai_set_bin=1'"
        );
    }
    let plugin = plugin();
    if quoted {
        let _ = writeln!(text, "'builtin' 'eval' {}", quote(&plugin));
    } else {
        let _ = write!(text, "'builtin' 'source' '/dev/stdin' 2>/dev/null <<'{END}'\n{plugin}{END}\n");
        let again = r#"'builtin' 'eval' "$('command' "${CMDAI_BIN:-cmdai}" 'init' 'zsh' '--quoted')""#;
        let _ = writeln!(text, "[[ -n \"${{_cmdai_hooks-}}\" ]] || {again}");
    }
    text += "}\n_cmdai_read\n'builtin' 'unfunction' '_cmdai_read' 2>/dev/null\n";
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
    fn the_plugin_is_data_with_the_path_before_it() {
        for quoted in [true, false] {
            let text = zsh(Some(std::path::Path::new("/opt/it's/cmdai")), quoted);
            assert!(text.contains(r"'typeset' '-g' 'CMDAI_BIN=/opt/it'\''s/cmdai'"), "{}", &text[..300]);
            assert!(text.ends_with("'builtin' 'unfunction' '_cmdai_read' 2>/dev/null\n"));
            assert_eq!(text.contains(&quote(&plugin())), quoted);
            assert!(!zsh(None, quoted).contains("'CMDAI_BIN="));
        }
        assert!(!ZSH.contains(END) && ZSH.ends_with('\n'));
    }
}
