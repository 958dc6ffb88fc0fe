//! Whether a command does in the directory where it is asked for: what it reads is there, and is what the program can read.

use super::Request;
use super::entities::trim_punctuation;
use super::places;
use super::shell_words::{self, TokenKind};
use super::tree::{self, EntryKind, Tree};
use crate::context::Context;
use crate::line::{Dialect, Span};
use crate::safety::{Effect, EffectKind, Report};

/// What a command is held against.
pub(super) struct Here<'a> {
    pub(super) tree: &'a Tree,
    pub(super) context: &'a Context,
    /// The words of the request.
    pub(super) words: &'a str,
    /// True where the request names the folder in which it shall be done.
    pub(super) has_place: bool,
}

impl<'a> Here<'a> {
    /// `None` where nobody looked.
    pub(super) fn new(request: &'a Request, words: &'a str, has_place: bool) -> Option<Self> {
        request.context.cwd.as_ref()?;
        Some(Self { tree: request.tree.as_deref()?, context: &request.context, words, has_place })
    }

    /// The path of an effect as it is below the directory.
    fn below(&self, text: &str) -> Option<String> {
        let cwd = self.context.cwd.as_deref()?.trim_end_matches('/');
        let text = match (text.strip_prefix("~/"), self.context.home.as_deref()) {
            (Some(rest), Some(home)) => format!("{}/{rest}", home.trim_end_matches('/')),
            _ => text.to_owned(),
        };
        if text.starts_with(['/', '~', '$', '-']) {
            let rest = text.strip_prefix(cwd)?;
            return if rest.is_empty() {
                Some(".".to_owned())
            } else {
                rest.strip_prefix('/').map(str::to_owned)
            };
        }
        Some(text)
    }

    /// Why the command would fail here, in a short phrase; `None` where nothing is known to be amiss.
    pub(super) fn misfit(&self, command: &str, report: &Report) -> Option<String> {
        if let Some(reason) = self.outside_work_tree(report) {
            return Some(reason);
        }
        if let Some(pattern) = self.invented_ending(command) {
            return Some(format!("there is no {pattern} here"));
        }
        let mut made: Vec<String> = Vec::new();
        // What is made by one part may be read by a later one; effects stand in no order.
        for effect in report.effects.iter().filter(|effect| makes(effect.kind)) {
            made.extend(self.below(&effect.target.text));
        }
        let reads = report.effects.iter().filter(|effect| uses(effect.kind));
        for effect in reads {
            let Some(path) = self.below(&effect.target.text) else { continue };
            let path = path.trim_end_matches('/');
            if path.is_empty() || path == "." || path.contains(['$', '{', '}', '\\']) {
                continue;
            }
            let is_made = made.iter().any(|made| {
                let made = made.trim_end_matches('/');
                path == made || path.strip_prefix(made).is_some_and(|rest| rest.starts_with('/'))
            });
            let text = written(command, effect).unwrap_or(path);
            // What a program looks for by itself (`find -name x -delete`) is no word of the command.
            if !tree::is_pattern(path) && !is_literal(path, text) {
                continue;
            }
            if !is_made && self.is_absent(path, text, command) && !self.says(text) {
                return Some(format!("there is no {path} here"));
            }
            if let Some(reason) = self.of_wrong_kind(path, effect, command) {
                return Some(reason);
            }
        }
        None
    }

    /// A pattern of an ending that nothing here has and nobody named: `-name '*.rs'` for "count the lines in src".
    fn invented_ending(&self, command: &str) -> Option<String> {
        let tokens = shell_words::cut(command);
        let is_positive = |at: usize| {
            !at.checked_sub(2)
                .and_then(|at| tokens.get(at))
                .is_some_and(|token| matches!(token.text, "!" | "-not"))
        };
        let mut pairs = tokens.windows(2).enumerate().filter(|(at, _)| is_positive(at + 1));
        pairs.find_map(|(_, pair)| {
            let [flag, pattern] = pair else { return None };
            let pattern = shell_words::unquoted(pattern.text);
            let ending = pattern.strip_prefix("*.")?;
            let is_plain = !ending.is_empty() && ending.chars().all(char::is_alphanumeric);
            let said = self.words.to_lowercase();
            let is_said =
                said.contains(&ending.to_lowercase()) || said.contains("image") || said.contains("picture");
            let is_there = || {
                self.tree.paths().any(|(path, _)| {
                    path.rsplit_once('.').is_some_and(|(_, own)| own.eq_ignore_ascii_case(ending))
                })
            };
            let is_invented = matches!(flag.text, "-name" | "-iname")
                && is_plain
                && !is_said
                && self.tree.is_all_whole()
                && !is_there();
            is_invented.then_some(pattern)
        })
    }

    /// True where nothing here is meant by a path or pattern.
    fn is_absent(&self, path: &str, written: &str, command: &str) -> bool {
        if !tree::is_pattern(path) {
            return self.tree.kind(path) == Some(None);
        }
        // What programs match themselves (`-name '*.log'`) is part of the path here, too; what a loop goes over stands elsewhere.
        let is_of_shell = |text: &str| {
            let text = text.trim_start_matches("./").trim_end_matches('/');
            tree::is_pattern(text) && path.ends_with(text)
        };
        let tokens = shell_words::cut(command);
        let mut of_shell =
            tokens.iter().filter(|token| token.kind == TokenKind::Bare && is_of_shell(token.text));
        let pattern = if written.ends_with('/') { format!("{path}/") } else { path.to_owned() };
        // Who asks for zip files where none is gets what would find them, in the folder that was named.
        let ending = path.rsplit_once("*.").map(|(_, ending)| ending.to_lowercase());
        let is_asked = !self.has_place
            && ending.is_some_and(|ending| !ending.is_empty() && self.words.to_lowercase().contains(&ending));
        !is_asked && of_shell.next().is_some() && self.tree.has_match(&pattern) == Some(false)
    }

    /// True where the request has the words for it: who names what is not there knows why.
    fn says(&self, text: &str) -> bool {
        let text = shell_words::unquoted(text);
        let bare = text.trim_end_matches('/').trim_start_matches("./");
        !bare.is_empty() && self.words.contains(bare)
    }

    /// A folder given to a program that reads files only.
    fn of_wrong_kind(&self, path: &str, effect: &Effect, command: &str) -> Option<String> {
        if tree::is_pattern(path) || self.tree.kind(path) != Some(Some(EntryKind::Folder)) {
            return None;
        }
        let reads_file = effect.kind == EffectKind::Read
            && (READS_FILES.binary_search(&effect.program.as_str()).is_ok()
                || effect.program == "grep" && !is_recursive(command, "grep"));
        let overwrites = effect.kind == EffectKind::Overwrite && effect.program.is_empty();
        (reads_file || overwrites).then(|| format!("{path} is a folder"))
    }

    /// Git, asked for what it can only tell of a work tree.
    fn outside_work_tree(&self, report: &Report) -> Option<String> {
        if self.context.in_work_tree || self.tree.kind(".git") != Some(None) {
            return None;
        }
        let has_git_words = self
            .words
            .split(|c: char| !c.is_alphanumeric())
            .any(|word| GIT_WORDS.binary_search(&word.to_lowercase().as_str()).is_ok());
        let is_git = report.commands.iter().any(|command| {
            let mut words = command.argv.iter().map(|word| word.as_deref().unwrap_or_default());
            words.next() == Some("git")
                && words.next().is_some_and(|verb| {
                    !verb.starts_with('-')
                        && !NEEDS_NO_TREE.contains(&verb)
                        && !words.any(|word| word == "--no-index" || word == "--global")
                })
        });
        (is_git && !has_git_words).then(|| "this is no git repository".to_owned())
    }

    /// The command with what a folder needs: `grep -r`, `zip -r`, `cp -r`; a folder that things are moved into is made first.
    pub(super) fn mended(&self, command: &str, report: &Report) -> Option<String> {
        self.deepened(command, report)
            .or_else(|| self.folded(command))
            .or_else(|| self.zipped(command))
            .or_else(|| self.appended(command, report))
            .or_else(|| self.with_target(command, report))
    }

    fn deepened(&self, command: &str, report: &Report) -> Option<String> {
        if !matches!(
            self.context.dialect,
            Dialect::Bash | Dialect::Zsh | Dialect::Posix | Dialect::Fish | Dialect::Nu
        ) {
            return None;
        }
        let tokens = shell_words::cut(command);
        for effect in report
            .effects
            .iter()
            .filter(|effect| matches!(effect.kind, EffectKind::Read | EffectKind::Delete))
        {
            let Some(path) = self.below(&effect.target.text) else { continue };
            let program = effect.program.as_str();
            let path = path.as_str();
            let is_folder = path != "."
                && !tree::is_pattern(path)
                && self.tree.kind(path) == Some(Some(EntryKind::Folder));
            let deep = match program {
                "grep" | "zip" | "cp" | "scp" => "-r",
                // "delete the notes file" does not mean the folder.
                "rm" if effect.kind == EffectKind::Delete && self.means_folder(path) => "-r",
                _ => continue,
            };
            if !is_folder || is_recursive(command, program) {
                continue;
            }
            let mut begins = tokens.iter().enumerate().filter(|(at, token)| {
                token.text == program
                    && at
                        .checked_sub(1)
                        .and_then(|at| tokens.get(at))
                        .is_none_or(|before| before.kind == TokenKind::Control || before.text == "sudo")
            });
            let (_, token) = begins.next()?;
            if begins.next().is_some() {
                return None;
            }
            let mut out = command.to_owned();
            out.insert_str(token.span.end, &format!(" {deep}"));
            return Some(out);
        }
        None
    }

    /// True where the request speaks of a folder, or has its name spelled as one.
    fn means_folder(&self, path: &str) -> bool {
        let mut words = self.words.split_whitespace().map(trim_punctuation);
        words.any(|word| {
            word.trim_start_matches("./") == format!("{path}/") || places::is_folder(&word.to_lowercase())
        })
    }

    /// `-iname` where files have the ending in other cases, too, and the request makes nothing of it.
    fn folded(&self, command: &str) -> Option<String> {
        let lower = self.words.to_lowercase();
        let is_about_case =
            ["case", "renam", "upper", "lower", "capital", "exten"].iter().any(|word| lower.contains(word));
        if is_about_case || !command.starts_with("find ") {
            return None;
        }
        let tokens = shell_words::cut(command);
        let mut out = command.to_owned();
        for pair in tokens.windows(2).rev() {
            let [flag, pattern] = pair else { continue };
            let pattern = shell_words::unquoted(pattern.text);
            let Some(ending) = pattern.strip_prefix("*.").filter(|_| flag.text == "-name") else { continue };
            let is_other = |path: &str| {
                path.rsplit_once('.')
                    .is_some_and(|(_, own)| own != ending && own.eq_ignore_ascii_case(ending))
            };
            // Who writes several cases means these.
            let is_one = !self.words.contains(&ending.to_uppercase()) || ending == ending.to_uppercase();
            if is_one
                && lower.contains(&ending.to_lowercase())
                && self.tree.paths().any(|(path, _)| is_other(path))
            {
                out.replace_range(flag.span.start..flag.span.end, "-iname");
            }
        }
        (out != command).then_some(out)
    }

    /// `zip notes`, which makes an empty archive of that name of a folder.
    fn zipped(&self, command: &str) -> Option<String> {
        let name = command.strip_prefix("zip ")?.strip_prefix("-r ").unwrap_or(command.strip_prefix("zip ")?);
        let folder = name.trim_end_matches('/');
        let is_plain =
            !folder.is_empty() && folder.chars().all(|c| c.is_alphanumeric() || "/._-".contains(c));
        let is_folder =
            is_plain && !folder.starts_with('-') && self.tree.kind(folder) == Some(Some(EntryKind::Folder));
        is_folder.then(|| format!("zip -r {folder}.zip {folder}"))
    }

    /// A line that is written into a file which is there goes to its end, unless the request says that the rest may go.
    fn appended(&self, command: &str, report: &Report) -> Option<String> {
        let is_replaced = self
            .words
            .split(|c: char| !c.is_alphanumeric())
            .any(|word| REPLACES.binary_search(&word.to_lowercase().as_str()).is_ok());
        let tokens = shell_words::cut(command);
        let (program, rest) = tokens.split_first()?;
        let mut redirections =
            rest.iter().enumerate().filter(|(_, token)| token.kind == TokenKind::Redirection);
        let (at, redirection) = redirections.next()?;
        let is_alone =
            redirections.next().is_none() && rest.iter().all(|token| token.kind != TokenKind::Control);
        let target = shell_words::unquoted(rest.get(at + 1)?.text);
        let is_there =
            self.below(&target).is_some_and(|path| self.tree.kind(&path) == Some(Some(EntryKind::File)));
        let writes = matches!(program.text, "echo" | "printf")
            && redirection.text == ">"
            // There it compares.
            && self.context.dialect != Dialect::Nu
            && !report.abridged;
        if is_replaced || !writes || !is_alone || !is_there {
            return None;
        }
        let mut out = command.to_owned();
        out.insert(redirection.span.end, '>');
        Some(out)
    }

    /// Several things moved or copied to a folder that is not there.
    fn with_target(&self, command: &str, report: &Report) -> Option<String> {
        if !matches!(self.context.dialect, Dialect::Bash | Dialect::Zsh | Dialect::Posix | Dialect::Fish) {
            return None;
        }
        let tokens = shell_words::cut(command);
        let (program, rest) = tokens.split_first()?;
        if !matches!(program.text, "mv" | "cp")
            || rest.iter().any(|token| matches!(token.kind, TokenKind::Control | TokenKind::Redirection))
        {
            return None;
        }
        let operands: Vec<_> = rest.iter().filter(|token| !token.text.starts_with('-')).collect();
        let by_flag = rest.windows(2).find(|pair| pair[0].text == "-t").map(|pair| pair[1]);
        let target = by_flag.or_else(|| operands.last().map(|token| **token))?;
        let from = operands.iter().filter(|token| token.span != target.span);
        let are_several = by_flag.is_some()
            || from.clone().count() > 1
            || from.clone().any(|token| tree::is_pattern(token.text))
            || target.text.ends_with('/');
        let name = target.text.trim_end_matches('/');
        let is_plain = !name.is_empty()
            && target.kind == TokenKind::Bare
            && name.chars().all(|c| c.is_alphanumeric() || "/._-".contains(c))
            && !name.starts_with('-');
        let is_absent = self.below(name).is_some_and(|path| self.tree.kind(&path) == Some(None));
        // Only where nothing else is made: the report knows the command as it is.
        let is_alone = report.commands.len() <= 1;
        (are_several && is_plain && is_absent && is_alone && self.says(name))
            .then(|| format!("mkdir -p {name} && {command}"))
    }
}

/// True where the path is what a word says, in the directory that the command works in.
fn is_literal(path: &str, written: &str) -> bool {
    let word = shell_words::unquoted(written);
    let word = word.trim_start_matches("./").trim_end_matches('/');
    !word.is_empty() && path.strip_suffix(word).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
}

/// The words that an effect is about, as they were written.
fn written<'c>(command: &'c str, effect: &Effect) -> Option<&'c str> {
    let Span { start, end } = effect.target.span;
    command.get(start..end).filter(|text| !text.is_empty())
}

fn makes(kind: EffectKind) -> bool {
    matches!(kind, EffectKind::Create | EffectKind::Overwrite | EffectKind::Fetch | EffectKind::Install)
}

fn uses(kind: EffectKind) -> bool {
    matches!(
        kind,
        EffectKind::Read
            | EffectKind::ReadSecret
            | EffectKind::Delete
            | EffectKind::Move
            | EffectKind::Permission
            | EffectKind::Overwrite
    )
}

/// True where the program has a flag that makes it go through folders.
fn is_recursive(command: &str, program: &str) -> bool {
    let mut tokens = shell_words::cut(command).into_iter().skip_while(|token| token.text != program).skip(1);
    tokens.any(|token| {
        matches!(token.text, "--recursive" | "--dereference-recursive" | "--archive" | "--include" | "-d")
            || token.text.starts_with("--include=")
            || token.text.starts_with('-')
                && !token.text.starts_with("--")
                && token.text.contains(['r', 'R', 'a'])
    })
}

/// Programs that cannot read a folder. Sorted.
const READS_FILES: &[&str] = &[
    "awk",
    "base64",
    "bat",
    "cat",
    "comm",
    "cut",
    "fold",
    "gunzip",
    "head",
    "join",
    "jq",
    "md5sum",
    "nl",
    "paste",
    "sed",
    "sha1sum",
    "sha256sum",
    "shuf",
    "sort",
    "tac",
    "tail",
    "uniq",
    "unzip",
    "wc",
    "xxd",
    "zcat",
];

/// Words that say that what a file holds may go. Sorted.
const REPLACES: &[&str] = &[
    "change",
    "clear",
    "clobber",
    "empty",
    "fresh",
    "instead",
    "only",
    "overwrite",
    "overwriting",
    "replace",
    "replacing",
    "reset",
    "set",
    "truncate",
];

/// Verbs of git that work anywhere.
const NEEDS_NO_TREE: &[&str] = &["clone", "config", "help", "init", "ls-remote", "version"];

/// Words that mean git, whatever the directory is. Sorted.
const GIT_WORDS: &[&str] = &[
    "bisect",
    "blame",
    "branch",
    "branches",
    "checkout",
    "cherry",
    "commit",
    "commits",
    "committed",
    "diff",
    "git",
    "github",
    "gitlab",
    "head",
    "main",
    "master",
    "merge",
    "merged",
    "origin",
    "pull",
    "push",
    "pushed",
    "rebase",
    "remote",
    "remotes",
    "repo",
    "repository",
    "reset",
    "revert",
    "staged",
    "stash",
    "submodule",
    "submodules",
    "tag",
    "tags",
    "tracked",
    "uncommitted",
    "unstaged",
    "untracked",
    "upstream",
    "worktree",
    "worktrees",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::safety::{Profile, check_as};

    fn tree() -> Tree {
        let mut tree = Tree::default();
        for folder in ["logs", "src", "old"] {
            tree.insert(folder, EntryKind::Folder);
            tree.set_whole(folder);
        }
        for file in ["logs/app.log", "a.txt", "src/main.c", "src/OLD.C"] {
            tree.insert(file, EntryKind::File);
        }
        tree.set_whole("");
        tree
    }

    fn with<T>(words: &str, command: &str, look: impl FnOnce(&Here<'_>, &Report) -> T) -> T {
        let context = Context::new(Dialect::Bash).with_cwd("/home/me/x").with_home("/home/me");
        let tree = tree();
        let report = check_as(command, &context, Profile::Person);
        look(&Here { tree: &tree, context: &context, words, has_place: false }, &report)
    }

    #[test]
    fn tables_are_sorted() {
        assert!(READS_FILES.is_sorted_by(|a, b| a < b) && GIT_WORDS.is_sorted_by(|a, b| a < b));
        assert!(REPLACES.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn what_is_not_there_does_not_fit() {
        for (words, command, fits) in [
            ("count lines", "wc -l a.txt", true),
            ("count lines", "wc -l b.txt", false),
            ("count lines of b.txt", "wc -l b.txt", true),
            ("count lines", "cat ./a.txt | wc -l", true),
            ("count lines", "wc -l src", false),
            ("count lines", "wc -l src/*.c", true),
            ("count lines", "wc -l src/*.h", false),
            ("count h files", "find src -name '*.h' | wc -l", true),
            ("count", "find sources -name '*.h' | wc -l", false),
            ("count lines", "find src -name '*.rs' -exec cat {} + | wc -l", false),
            ("count lines", "find src -name '*.c' -exec cat {} + | wc -l", true),
            ("count lines of what is no rs file", "find src ! -name '*.rs' -exec cat {} + | wc -l", true),
            ("newest", "ls -t logs/*/ | head -n 1", false),
            ("newest", "ls -t */ | head -n 1", true),
            ("make it", "touch x.txt && cat x.txt", true),
            ("make it", "echo hi > x.txt; cat x.txt", true),
            ("search", "grep -n main src", false),
            ("search", "grep -rn main src", true),
            ("delete", "rm -r builds", false),
            ("when was a.txt changed", "git log -1 -- a.txt", false),
            ("last commit", "git log -1", true),
            ("start over", "git init", true),
            ("rename", "for f in *.JPG; do mv -- \"$f\" \"${f%.JPG}.jpg\"; done", false),
            ("rename", "for f in *.txt; do mv -- \"$f\" \"${f%.txt}.md\"; done", true),
            ("read", "cat /etc/hosts", true),
            ("read", "cat ../a", true),
            ("test the zip files", "for f in *.zip; do unzip -t \"$f\"; done", true),
            ("delete", "find . -type d -name builds -prune -exec rm -rf {} +", true),
            ("delete h", "find . -name '*.h' -delete", true),
            ("remove all but the newest 10", "ls -t | tail -n +$((10 + 1)) | xargs -r -d '\\n' rm --", true),
            ("count", "(cd logs && wc -l app.log)", true),
            ("count", "(cd logs && wc -l other.log)", false),
        ] {
            let misfit = with(words, command, |here, report| here.misfit(command, report));
            assert_eq!(misfit.is_none(), fits, "{command}: {misfit:?}");
        }
    }

    #[test]
    fn folders_get_what_they_need() {
        for (words, command, expect) in [
            ("search", "grep -n main src", Some("grep -r -n main src")),
            ("search", "grep -rn main src", None),
            ("search", "grep -n main a.txt", None),
            ("zip src", "zip src.zip src", Some("zip -r src.zip src")),
            ("copy", "cp src old", Some("cp -r src old")),
            ("delete the folder src", "rm src", Some("rm -r src")),
            ("delete src/", "rm src", Some("rm -r src")),
            ("delete the src file", "rm src", None),
            ("move the txt files to docs", "mv *.txt docs", Some("mkdir -p docs && mv *.txt docs")),
            ("move the txt files to old", "mv *.txt old", None),
            ("rename a.txt to docs", "mv a.txt docs", None),
            ("list the c files in src", "find src -name '*.c'", Some("find src -iname '*.c'")),
            ("rename the c files to h", "find src -name '*.c'", None),
            ("txt files", "find . -name '*.txt'", None),
            ("zip src", "zip src", Some("zip -r src.zip src")),
            ("zip a.txt", "zip a.txt", None),
            ("write \"hi\" in a.txt", "echo \"hi\" > a.txt", Some("echo \"hi\" >> a.txt")),
            ("overwrite a.txt with hi", "echo hi > a.txt", None),
            ("write hi to new.txt", "echo hi > new.txt", None),
        ] {
            let mended = with(words, command, |here, report| here.mended(command, report));
            assert_eq!(mended.as_deref(), expect, "{command}");
        }
    }
}
