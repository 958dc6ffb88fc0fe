//! A command for the current directory, made to work in the folder that the request names: most of what authors write down
//! says nothing of a place, and people have one in mind.

use super::entities::{Entity, EntityKind, trim_punctuation};
use super::places;
use super::shell_words::{self, Token, TokenKind};
use crate::line::Dialect;

/// The only folder that the request names as the place where it shall be done.
pub(super) fn place<'a>(words: &str, named: &'a [Entity]) -> Option<&'a str> {
    let is_folder = |entity: &&Entity| match entity.kind {
        EntityKind::Place => true,
        EntityKind::Path => is_folder(&entity.text),
        _ => false,
    };
    let mut folders = named.iter().filter(is_folder);
    let folder = folders.next()?.text.as_str();
    (folders.next().is_none() && is_plain(folder) && is_where(words, folder))
        .then(|| folder.trim_end_matches('/'))
}

/// True for the spelling of a folder that is not the current one, nor all there is.
fn is_folder(path: &str) -> bool {
    let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    !name.contains('.') && !matches!(path, "~" | "/" | "~/") && !name.is_empty()
}

/// True for text that means itself in every shell.
fn is_plain(text: &str) -> bool {
    text.chars().all(|c| c.is_alphanumeric() || "/._-~".contains(c)) && !text.starts_with('-')
}

/// True where the request speaks of what is in the folder, and not of what shall get there.
fn is_where(words: &str, folder: &str) -> bool {
    let tokens: Vec<String> =
        words.split_whitespace().map(|word| trim_punctuation(word).to_lowercase()).collect();
    let folder = folder.to_lowercase();
    let Some(at) = tokens.iter().position(|token| *token == folder) else { return false };
    let before = tokens.get(..at).unwrap_or_default().iter().rev();
    let first = before.map(String::as_str).find(|word| !places::is_between(word));
    let is_called_folder = tokens.get(at + 1).is_some_and(|next| places::is_folder(next));
    matches!(first, Some("below" | "beneath" | "from" | "in" | "inside" | "under" | "within"))
        || is_called_folder && words.contains(" of ")
}

/// The command for that folder; `None` where it names one, or does not tell how.
pub(super) fn placed(command: &str, place: &str, dialect: Dialect) -> Option<String> {
    let tokens = shell_words::cut(command);
    if tokens.iter().any(|token| names_place(token)) {
        return None;
    }
    let patterns: Vec<&Token<'_>> = tokens
        .iter()
        .enumerate()
        .filter(|&(at, token)| {
            (dialect != Dialect::PowerShell || at == 1)
                && is_pattern(token)
                && !is_for_names(at.checked_sub(1).and_then(|at| tokens.get(at)))
        })
        .map(|(_, token)| token)
        .collect();
    let mut out = command.to_owned();
    if !patterns.is_empty() && changes_whole_names(command, place) {
        return inside(command, place, dialect);
    }
    if !patterns.is_empty() {
        for token in patterns.iter().rev() {
            let rest = token.text.strip_prefix("./").unwrap_or(token.text);
            out.replace_range(token.span.start..token.span.end, &format!("{place}/{rest}"));
        }
        return Some(out);
    }
    let is_dot = |token: &&Token<'_>| token.kind == TokenKind::Bare && matches!(token.text, "." | "./");
    let mut dots = tokens.iter().skip(1).filter(is_dot);
    if let Some(dot) = dots.next() {
        out.replace_range(dot.span.start..dot.span.end, place);
        return dots.next().is_none().then_some(out);
    }
    let end =
        tokens.iter().position(|token| token.kind != TokenKind::Bare && token.kind != TokenKind::Quoted);
    let first = tokens.get(..end.unwrap_or(tokens.len()))?;
    let (program, rest) = first.split_first()?;
    let is_operand = |token: &&Token<'_>| {
        !token.text.starts_with('-') && !token.text.bytes().all(|byte| byte.is_ascii_digit())
    };
    let operands = rest.iter().filter(is_operand).count();
    let last = first.last()?.span.end;
    let is_deep = || rest.iter().any(|token| token.text.starts_with('-') && token.text.contains(['r', 'R']));
    let (at, text) = match program.text {
        "find" if operands == 0 || rest.first().is_some_and(|token| token.text.starts_with('-')) => {
            (program.span.end, format!(" {place}"))
        }
        "gci" | "Get-ChildItem"
            if rest.first().is_none_or(|token| token.text.starts_with('-'))
                && !rest.iter().any(|token| matches!(token.text, "-Path" | "-LiteralPath")) =>
        {
            (program.span.end, format!(" {place}"))
        }
        "ls" | "du" | "tree" | "dir" | "eza" | "exa" if operands == 0 => (last, format!(" {place}")),
        "rg" | "fd" | "ag" if operands == 1 => (last, format!(" {place}")),
        "grep" if operands == 1 && is_deep() => (last, format!(" {place}")),
        "git" | "make" => (program.span.end, format!(" -C {place}")),
        "cargo" | "composer" | "docker" | "go" | "mvn" | "npm" | "npx" | "pnpm" | "pytest" | "python"
        | "python3" | "terraform" | "yarn" => return inside(command, place, dialect),
        _ => return None,
    };
    out.insert_str(at, &text);
    Some(out)
}

/// The command, run in that folder and nowhere else.
fn inside(command: &str, place: &str, dialect: Dialect) -> Option<String> {
    Some(match dialect {
        Dialect::Bash | Dialect::Zsh | Dialect::Posix => format!("(cd {place} && {command})"),
        Dialect::Fish => format!("pushd {place} && begin; {command}; end; popd"),
        Dialect::Nu => format!("do {{ cd {place}; {command} }}"),
        Dialect::PowerShell => format!("Push-Location {place}; {command}; Pop-Location"),
    })
}

/// True for what makes new names of whole ones: the folder would be changed with them.
fn changes_whole_names(command: &str, place: &str) -> bool {
    let is_renamed = ["mmv ", "prename ", "rename ", "zmv "].iter().any(|program| command.contains(program));
    let lowers = ["${f,,}", "lower"].iter().any(|part| command.contains(part));
    let changes = ["${f^^}", "upper", "${f#", "$((", "tr ", "sed ", "replace", "_$f", "-$f"];
    is_renamed
        || command.contains("mv ")
            && command.contains("for ")
            && (changes.iter().any(|part| command.contains(part))
                || lowers && place.contains(char::is_uppercase)
                || command.contains("${f/") && !place.chars().all(char::is_alphanumeric))
}

/// True for a word that says by itself where it is.
fn names_place(token: &Token<'_>) -> bool {
    let text = token.text.trim_matches(['"', '\'']);
    token.kind != TokenKind::Control
        && (text.starts_with('~') || text.starts_with('/') && text != "/dev/null" || text.starts_with("../"))
}

/// True for a pattern of names of files that are here.
fn is_pattern(token: &Token<'_>) -> bool {
    let text = token.text.strip_prefix("./").unwrap_or(token.text);
    token.kind == TokenKind::Bare
        && text.contains('*')
        && (!text.contains('/') || text.starts_with('*'))
        && !text.replace("[:", "").replace(":]", "").contains(['$', '=', ':', '{'])
        && !text.starts_with('-')
}

/// True for an option that takes a pattern of names.
fn is_for_names(before: Option<&Token<'_>>) -> bool {
    before.is_some_and(|token| {
        matches!(
            token.text,
            "-name"
                | "-iname"
                | "-path"
                | "-ipath"
                | "-wholename"
                | "-g"
                | "--glob"
                | "--include"
                | "--exclude"
                | "-x"
                | "-I"
                | "-P"
                | "-Filter"
                | "-Include"
                | "-Exclude"
                | "-like"
                | "-notlike"
        ) || token.text.ends_with(|c: char| c.is_ascii_digit())
            || token.text.ends_with(')')
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::entities;

    fn check(command: &str, expect: Option<&str>) {
        assert_eq!(placed(command, "notes", Dialect::Bash).as_deref(), expect, "{command}");
    }

    #[test]
    fn commands_for_here_become_commands_for_there() {
        check(
            "for f in *.txt; do mv -- \"$f\" \"${f%.txt}.md\"; done",
            Some("for f in notes/*.txt; do mv -- \"$f\" \"${f%.txt}.md\"; done"),
        );
        check(
            "for f in *[[:lower:]]*; do mv -- \"$f\" \"${f^^}\"; done",
            Some("(cd notes && for f in *[[:lower:]]*; do mv -- \"$f\" \"${f^^}\"; done)"),
        );
        check("wc -l ./*.csv *.tsv", Some("wc -l notes/*.csv notes/*.tsv"));
        check("find . -name '*.log' -delete", Some("find notes -name '*.log' -delete"));
        check("find -type f", Some("find notes -type f"));
        check("ls -la | sort", Some("ls -la notes | sort"));
        check("du -d 1 -h", Some("du -d 1 -h notes"));
        check("grep -rn TODO", Some("grep -rn TODO notes"));
        check("git log --oneline", Some("git -C notes log --oneline"));
        check("gci -Filter *.txt -File", Some("gci notes -Filter *.txt -File"));
        check("npm test", Some("(cd notes && npm test)"));
        check(
            "ls -t backup-*.gz | tail -n +6 | xargs -r rm --",
            Some("ls -t notes/backup-*.gz | tail -n +6 | xargs -r rm --"),
        );
        check("print -rl -- **/*(.om[1,5])", Some("print -rl -- notes/**/*(.om[1,5])"));
        check("find . -name *.log", Some("find notes -name *.log"));
    }

    #[test]
    fn what_names_a_place_or_has_none_stays() {
        check("du -sh ~/*", None);
        check("wc -l a.txt", None);
        check("cp -r . ..", Some("cp -r notes .."));
        check("diff -r . ./", None);
        check("systemctl status", None);
        check("rm -rf /srv/*", None);
    }

    #[test]
    fn only_the_place_where_it_is_done_counts() {
        let check = |words: &str, expect: Option<&str>| {
            assert_eq!(place(words, &entities::named(words)), expect, "{words}");
        };
        check("change the ending of every .txt in notes to .md", Some("notes"));
        check("sha256 of each file in the release folder", Some("release"));
        check("count the rows of each csv under data/exports", Some("data/exports"));
        check("how many lines are in each .py file of my homework folder", Some("homework"));
        check("move every txt file to notes", None);
        check("copy the pdfs from invoices to archive", Some("invoices"));
        check("list the files in this folder", None);
        check("list the files in /", None);
    }

    proptest::proptest! {
        #[test]
        fn no_command_breaks_it(command in "(\\PC|\\*|\\.|/| |-r |ls |find |grep |'){0,40}") {
            placed(&command, "notes", Dialect::Zsh);
        }
    }
}
