//! Commands that do what was asked but for where: a name without its folder, a link that leads nowhere, a folder that is
//! still to be made.
//!
//! A small model writes `mv Documents/cv.docx resume.docx` where a file is to be renamed, which takes it out of its folder.
//! Each mending looks at one simple command whose operands are plain, and at the deed that the request names.

use super::entities::trim_punctuation;
use super::shell_words::{self, Token, TokenKind};
use crate::context::{Context, Os};
use crate::line::Dialect;

/// The command with what is amiss set right; `None` where nothing is.
pub(super) fn mended(command: &str, words: &str, context: &Context) -> Option<String> {
    if !matches!(context.dialect, Dialect::Bash | Dialect::Zsh | Dialect::Posix | Dialect::Fish) {
        return None;
    }
    let tokens = shell_words::cut(command);
    if tokens.iter().any(|token| token.kind != TokenKind::Bare) {
        return None;
    }
    let (program, rest) = tokens.split_first()?;
    let lower: Vec<String> =
        words.split_whitespace().map(|word| trim_punctuation(word).to_lowercase()).collect();
    match program.text {
        "mv" => renamed(command, rest, &lower).or_else(|| in_new_folder(command, rest, &lower)),
        "ln" => linked(command, rest, &lower, context.os),
        "cp" | "tar" => in_new_folder(command, rest, &lower),
        _ => None,
    }
}

/// "the largest files" are several: `head -n 1` shows one. Nobody says how many, so it is ten.
pub(super) fn in_plural(command: &str, words: &str) -> Option<String> {
    let lower: Vec<String> =
        words.split_whitespace().map(|word| trim_punctuation(word).to_lowercase()).collect();
    let is_most = |word: &str| MOST.binary_search(&word).is_ok();
    let are_several = |word: &str| SEVERAL.binary_search(&word).is_ok();
    let says_several = lower.windows(2).any(|pair| is_most(&pair[0]) && are_several(&pair[1]))
        || lower.windows(3).any(|three| is_most(&three[0]) && are_several(&three[2]));
    let says_how_many = lower.iter().any(|word| {
        word.chars().any(|c| c.is_ascii_digit())
            || matches!(word.as_str(), "each" | "every" | "one" | "per" | "single")
    });
    if !says_several || says_how_many {
        return None;
    }
    let found: Vec<usize> = ["head -n 1", "tail -n 1", "head -1", "tail -1"]
        .iter()
        .flat_map(|ending| command.match_indices(ending).map(|(at, text)| at + text.len()))
        .filter(|&end| command.get(end..).is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_digit())))
        .collect();
    let [end] = found[..] else { return None };
    let mut out = command.to_owned();
    out.insert(end, '0');
    Some(out)
}

/// Words that say which of many. Sorted.
const MOST: &[&str] = &["biggest", "fattest", "largest", "latest", "longest", "newest", "oldest", "smallest"];

/// Things of which there are several. Sorted.
const SEVERAL: &[&str] = &[
    "commits",
    "directories",
    "dirs",
    "files",
    "folders",
    "images",
    "logs",
    "pdfs",
    "photos",
    "pictures",
    "subfolders",
    "videos",
];

/// The command with the letters of a value changed as zsh does it: `${f,,}` and `${f^^}` are bash's.
pub(super) fn in_zsh(command: &str, dialect: Dialect) -> Option<String> {
    if dialect != Dialect::Zsh {
        return None;
    }
    let mut out = command.to_owned();
    for (marks, flag) in [(",,}", 'L'), ("^^}", 'U')] {
        while let Some(end) = out.find(marks) {
            let start = out.get(..end)?.rfind("${")?;
            let name = out.get(start + 2..end)?;
            if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
                return None;
            }
            let changed = format!("${{({flag}){name}}}");
            out.replace_range(start..end + marks.len(), &changed);
        }
    }
    (out != command).then_some(out)
}

/// A path that means itself: no pattern, no variable.
fn is_plain(path: &str) -> bool {
    !path.is_empty()
        && path.chars().all(|c| c.is_alphanumeric() || "/._-~+,@".contains(c))
        && !path.starts_with('-')
}

fn operands<'t>(rest: &[Token<'t>]) -> Vec<Token<'t>> {
    rest.iter().copied().filter(|token| !token.text.starts_with('-')).collect()
}

/// "rename a/b to c": `mv a/b c` takes it out of its folder, `mv a/b a/c` does not.
fn renamed(command: &str, rest: &[Token<'_>], words: &[String]) -> Option<String> {
    let says = |deed: &str| words.iter().any(|word| word.starts_with(deed));
    if !says("renam") || says("mov") {
        return None;
    }
    let [from, to] = operands(rest)[..] else { return None };
    let (folder, _) = from.text.trim_end_matches('/').rsplit_once('/')?;
    let is_name = is_plain(to.text) && !to.text.contains('/') && !matches!(to.text, "." | ".." | "~");
    if !is_plain(folder) || !is_name {
        return None;
    }
    let mut out = command.to_owned();
    out.insert_str(to.span.start, &format!("{folder}/"));
    Some(out)
}

/// `ln -s a/b elsewhere/`: a relative target is looked for beside the link, so it leads nowhere. GNU's `-r` works it out.
fn linked(command: &str, rest: &[Token<'_>], words: &[String], os: Os) -> Option<String> {
    let [target, link] = operands(rest)[..] else { return None };
    let mut flags = rest.iter().filter(|token| token.text.starts_with('-'));
    let soft = flags.clone().find(|token| {
        let letters = token.text.trim_start_matches('-');
        !token.text.starts_with("--") && letters.contains('s') && !letters.contains('r')
    })?;
    let works_it_out = flags.any(|token| token.text == "--relative");
    let is_below_here = is_plain(target.text) && !target.text.starts_with(['/', '~', '.']);
    let elsewhere = link.text.trim_start_matches("./").contains('/');
    // As the request spells it, the target is meant from where the command runs.
    let is_named = words
        .iter()
        .any(|word| word.trim_end_matches('/') == target.text.trim_end_matches('/').to_lowercase());
    if works_it_out || !is_below_here || !elsewhere || !is_named {
        return None;
    }
    let mut out = command.to_owned();
    match os {
        Os::Linux => out.insert(soft.span.end, 'r'),
        _ => out.replace_range(target.span.start..target.span.end, &format!("\"$PWD/{}\"", target.text)),
    }
    Some(out)
}

/// "unpack it into a new folder called x": the folder is made first.
fn in_new_folder(command: &str, rest: &[Token<'_>], words: &[String]) -> Option<String> {
    let is_folder = |word: &str| matches!(word, "folder" | "directory" | "dir");
    let new = words.windows(2).any(|pair| pair[0] == "new" && is_folder(&pair[1]));
    if !new {
        return None;
    }
    let by_flag = rest.windows(2).find(|pair| pair[0].text == "-C").map(|pair| pair[1]);
    let folder = if command.starts_with("tar ") { by_flag? } else { *operands(rest).last()? };
    let name = folder.text.trim_end_matches('/');
    let is_said = words.iter().any(|word| word.trim_end_matches('/') == name.to_lowercase());
    let goes_into = command.starts_with("tar ") || folder.text.ends_with('/') || operands(rest).len() > 2;
    (is_plain(name) && is_said && goes_into).then(|| format!("mkdir -p {name} && {command}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_are_shown_where_several_are_meant() {
        assert!(MOST.is_sorted_by(|a, b| a < b) && SEVERAL.is_sorted_by(|a, b| a < b));
        let check = |words: &str, command: &str, expect: Option<&str>| {
            assert_eq!(in_plural(command, words).as_deref(), expect, "{words:?} {command:?}");
        };
        check("largest files under src", "ls -S src | head -n 1", Some("ls -S src | head -n 10"));
        check("the newest log files", "ls -t | head -1", Some("ls -t | head -10"));
        check("largest file under src", "ls -S src | head -n 1", None);
        check("3 largest files", "ls -S | head -n 3", None);
        check("largest files of each folder", "ls -S | head -n 1", None);
        check("largest files", "ls -S | head -n 15", None);
    }

    fn check(request: &str, command: &str, expect: Option<&str>) {
        let found = mended(command, request, &Context::new(Dialect::Bash));
        assert_eq!(found.as_deref(), expect, "{request:?} {command:?}");
    }

    #[test]
    fn letters_are_changed_as_the_shell_does_it() {
        let check = |command: &str, expect: Option<&str>| {
            assert_eq!(in_zsh(command, Dialect::Zsh).as_deref(), expect, "{command}");
        };
        check("mv -- \"$f\" \"${f,,}\"", Some("mv -- \"$f\" \"${(L)f}\""));
        check("echo ${a^^}${b^^}", Some("echo ${(U)a}${(U)b}"));
        check("echo ${a:-x,,}", None);
        check("echo ,,} ^^}", None);
        check("ls", None);
        assert_eq!(in_zsh("echo ${a^^}", Dialect::Bash), None);
    }

    #[test]
    fn a_new_name_stays_in_its_folder() {
        check("rename src/old.rs to new.rs", "mv src/old.rs new.rs", Some("mv src/old.rs src/new.rs"));
        check("rename src/old.rs to new.rs", "mv -n src/old.rs src/new.rs", None);
        check("rename a.txt to b.txt", "mv a.txt b.txt", None);
        check("move src/old.rs here and rename it to new.rs", "mv src/old.rs new.rs", None);
        check("rename src/old.rs to ../new.rs", "mv src/old.rs ../new.rs", None);
    }

    #[test]
    fn a_link_leads_to_what_was_named() {
        check(
            "link docs/plan.md in ~/Desktop",
            "ln -s docs/plan.md ~/Desktop/",
            Some("ln -sr docs/plan.md ~/Desktop/"),
        );
        check("symlink tool.sh into bin/", "ln -sf tool.sh bin/tool", Some("ln -sfr tool.sh bin/tool"));
        check("link /opt/x/bin/x into ~/bin", "ln -s /opt/x/bin/x ~/bin/", None);
        check("make current a link to releases/v2", "ln -s releases/v2 current", None);
        check("link bin/sync to ../tools/sync.sh", "ln -s ../tools/sync.sh bin/sync", None);
        check("hard link docs/plan.md as old/plan.md", "ln docs/plan.md old/plan.md", None);
        let mac = Context::new(Dialect::Zsh).with_os(Os::MacOs);
        let found = mended("ln -s docs/plan.md ~/Desktop/", "link docs/plan.md on my desktop", &mac);
        assert_eq!(found.as_deref(), Some("ln -s \"$PWD/docs/plan.md\" ~/Desktop/"));
    }

    #[test]
    fn a_new_folder_is_made() {
        check(
            "unpack a.tar into a new folder called out",
            "tar -xf a.tar -C out",
            Some("mkdir -p out && tar -xf a.tar -C out"),
        );
        check("unpack a.tar into the folder out", "tar -xf a.tar -C out", None);
        check(
            "copy all pdfs to a new directory named papers",
            "cp a.pdf b.pdf papers/",
            Some("mkdir -p papers && cp a.pdf b.pdf papers/"),
        );
        check("copy conf to a new folder conf.old", "cp -r conf conf.old", None);
    }
}
