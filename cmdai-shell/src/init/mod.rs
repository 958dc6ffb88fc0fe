//! `cmdai init`: the text that a shell's startup file evaluates.
//!
//! The plugin is two files, which also work by themselves; here they get the path of this binary, and are
//! read under the shell's own options, whatever the user set before. Mostly they lie in the cache ([`kept`]), and a few
//! lines read them from there. Where they cannot, all is printed: the first is a here-document then: zsh reads that in a
//! third of the time that it takes to evaluate the same text, since a list that is evaluated is parsed as a whole. The
//! second is kept as text until something of it is called.

mod kept;

use std::fmt::Write as _;

use crate::args::{InitArgs, InitShell};
use crate::exit::Exit;
use crate::failure::{Failure, io_message};
use crate::input;

const ZSH: &str = include_str!("../../../zsh-plugin/cmdai.plugin.zsh");
const LATER: &str = include_str!("../../../zsh-plugin/later.zsh");

/// Prints the text for a shell.
///
/// # Errors
/// Standard output cannot be written.
pub(crate) fn run(args: &InitArgs) -> Result<Exit, Failure> {
    let InitShell::Zsh = args.shell;
    if let Some(aside) = &args.compiled {
        kept::take_compiled(aside).map_err(|error| {
            Failure::new(Exit::Usage, format!("take over {}", aside.display()), io_message(&error))
        })?;
        return Ok(Exit::Ok);
    }
    let how = if args.quoted {
        How::Quoted
    } else if let Some(kept) = (!args.whole).then(kept::find).flatten() {
        How::Kept(kept)
    } else {
        How::Here
    };
    let binary = std::env::current_exe().ok();
    input::print(&zsh(binary.as_deref(), &how))?;
    Ok(Exit::Ok)
}

/// How the text that is printed brings the plugin.
enum How {
    /// It reads the files in the cache.
    Kept(kept::Kept),
    /// As here-documents.
    Here,
    /// As quoted words, for where no here-document can be made.
    Quoted,
}

/// What a start of zsh says, `cmdai init zsh`, for which no arguments need to be understood.
pub(crate) fn is_start(argv: &[std::ffi::OsString]) -> bool {
    matches!(argv, [_, init, shell] if init == "init" && shell == "zsh")
}

/// The arguments of [`is_start`].
pub(crate) fn start() -> InitArgs {
    InitArgs { shell: InitShell::Zsh, whole: false, quoted: false, compiled: None }
}

/// What ends a here-document.
const END: &str = "END_OF_CMDAI_PLUGIN";

/// A file of the plugin without its comments and indentation, more than a quarter of what zsh would read at each start:
/// half a millisecond. No text of it that is shown or sent has several lines.
fn bare(file: &str) -> String {
    let lines = file.lines().map(str::trim_start);
    lines.filter(|line| !line.is_empty() && !line.starts_with('#')).flat_map(|line| [line, "\n"]).collect()
}

/// A function that reads the plugin with the options of zsh itself. `eval` parses all of its text first, so the plugin
/// is data in it: aliases of the user cannot touch it. Where no here-document can be made (no folder for temporary
/// files, no `/dev/stdin`), the function asks for the same as one quoted word.
fn zsh(binary: Option<&std::path::Path>, how: &How) -> String {
    let mut text = String::from("function _cmdai_read {\n'builtin' 'emulate' '-L' 'zsh' '-o' 'no_aliases'\n");
    // What begins a comment is said by a variable.
    text += "'builtin' 'local' 'histchars=!^#'\n";
    if let Some(path) = binary.and_then(|path| path.to_str()) {
        let set = quote(&format!("CMDAI_BIN={path}"));
        let _ = writeln!(
            text,
            "[[ -n \"${{CMDAI_BIN-}}\" ]] || 'builtin' 'typeset' '-g' {set} '_cmdai_set_bin=1'"
        );
    }
    // Both halves of one version, or none: what is loaded stays.
    text += "[[ -n \"${_cmdai_loaded-}\" ]] && 'builtin' 'return' '0'\n";
    if let How::Kept(kept) = how
        && let Some(file) = kept.file.to_str()
    {
        if let Some(folder) = kept.uncompiled.as_deref().and_then(|folder| folder.to_str()) {
            let set = quote(&format!("_cmdai_uncompiled={folder}"));
            let _ = writeln!(text, "'builtin' 'typeset' '-g' {set}");
        }
        text += "'builtin' 'local' '_cmdai_reading=1'\n";
        let _ = writeln!(text, "'builtin' 'source' {} 2>/dev/null", quote(file));
    } else if let How::Quoted = how {
        let _ =
            writeln!(text, "'builtin' 'typeset' '-g' {}", quote(&format!("_cmdai_later={}", bare(LATER))));
        let _ = writeln!(text, "'builtin' 'eval' {}", quote(&bare(ZSH)));
    } else {
        let (plugin, later) = (bare(ZSH), bare(LATER));
        text += "'builtin' 'zmodload' '-F' 'zsh/system' 'b:sysread' 2>/dev/null\n";
        let _ = writeln!(text, "'builtin' 'typeset' '-g' '_cmdai_later='");
        let _ = write!(text, "'sysread' '-s' '131072' '_cmdai_later' 2>/dev/null <<'{END}'\n{later}{END}\n");
        let _ = write!(text, "'builtin' 'source' '/dev/stdin' 2>/dev/null <<'{END}'\n{plugin}{END}\n");
    }
    if !matches!(how, How::Quoted) {
        let again = r#"'builtin' 'eval' "$('command' "${CMDAI_BIN:-cmdai}" 'init' 'zsh' '--quoted')""#;
        let _ = writeln!(text, "[[ -n \"${{_cmdai_hooks-}}\" && -n \"${{_cmdai_later-}}\" ]] || {again}");
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
        for (how, quoted) in [(How::Quoted, true), (How::Here, false)] {
            let text = zsh(Some(std::path::Path::new("/opt/it's/cmdai")), &how);
            assert!(text.contains(r"'typeset' '-g' 'CMDAI_BIN=/opt/it'\''s/cmdai'"), "{}", &text[..300]);
            assert!(text.ends_with("'builtin' 'unfunction' '_cmdai_read' 2>/dev/null\n"));
            assert_eq!(text.contains(&quote(&bare(ZSH))), quoted);
            assert!(!zsh(None, &how).contains("'CMDAI_BIN="));
        }
        assert!(!ZSH.contains(END) && ZSH.ends_with('\n') && !LATER.contains(END) && LATER.ends_with('\n'));
        // What `sysread` takes at once.
        assert!(LATER.len() < 131_072);
    }

    /// A function that the first half does not name would not be found before the second is read.
    #[test]
    fn the_first_half_names_all_of_the_second() {
        let stub = ZSH.split("\nfunction ").nth(1).and_then(|rest| rest.split_once(" {\n")).unwrap().0;
        let named: Vec<_> = stub.split_ascii_whitespace().filter(|word| *word != "\\").collect();
        let defined: Vec<_> = LATER.lines().filter_map(|line| Some(line.split_once("() {")?.0)).collect();
        assert_eq!(named, defined.into_iter().filter(|name| !name.starts_with(' ')).collect::<Vec<_>>());
        let once = |name: &&str| ZSH.lines().any(|line| line.starts_with(&format!("{name}()")));
        assert!(!named.iter().any(once), "defined in both halves");
    }
}
