//! Columns of a comma-separated file: `awk '{print $2}' people.csv` takes the second word of a line, not its second column.
//!
//! The name of the file says how it is separated, unless the request says otherwise. Only the first command of a pipeline
//! that takes columns reads the file as it is; what comes after reads what that one wrote.

use super::entities::trim_punctuation;
use super::shell_words::{self, Token, TokenKind};
use crate::line::Dialect;

/// Words of a request that say what stands between columns, or that it is no table. Sorted.
const SAYS: &[&str] = &[
    "blank",
    "blanks",
    "colon",
    "pipe",
    "semicolon",
    "semicolons",
    "separated",
    "separator",
    "space",
    "spaces",
    "tab",
    "tabs",
    "tsv",
    "whitespace",
    "word",
    "words",
];

/// Programs that pass lines on with their columns as they are.
const PASSES: &[&str] = &["cat", "grep", "head", "sed", "tail"];

/// The command with the separator that its file has; `None` where it has one, or needs none.
pub(super) fn by_comma(command: &str, words: &str, dialect: Dialect) -> Option<String> {
    if !command.contains(".csv")
        || !matches!(dialect, Dialect::Bash | Dialect::Zsh | Dialect::Posix | Dialect::Fish)
    {
        return None;
    }
    let is_said = |word: &str| {
        let word = word.to_lowercase();
        let plain = word.trim_matches(|c: char| !c.is_alphanumeric());
        SAYS.binary_search(&plain).is_ok() || plain.ends_with("-separated")
    };
    if words.split_whitespace().any(is_said) {
        return None;
    }
    let tokens = shell_words::cut(command);
    let mut reads = false;
    for part in tokens.split(|token| token.kind == TokenKind::Control) {
        let (program, rest) = part.split_first()?;
        reads |= rest.iter().any(|token| shell_words::unquoted(token.text).ends_with(".csv"));
        if let Some(flag) = lacking(program.text, rest).filter(|_| reads) {
            let mut out = command.to_owned();
            out.insert_str(program.span.end, &format!(" {flag}"));
            return Some(out);
        }
        // What another program writes is another table.
        if !PASSES.contains(&program.text) {
            return None;
        }
    }
    None
}

/// The command without a comma for the separator where a request speaks of columns of a plain text, and says no word of commas.
pub(super) fn by_blanks(command: &str, words: &str, dialect: Dialect) -> Option<String> {
    if !matches!(dialect, Dialect::Bash | Dialect::Zsh | Dialect::Posix | Dialect::Fish) {
        return None;
    }
    let lower = words.to_lowercase();
    let is_text = |word: &str| {
        let word = trim_punctuation(word);
        word.ends_with(".txt") || word.ends_with(".log")
    };
    if !words.split_whitespace().any(is_text)
        || ["csv", "comma", ",\"", "','", "separat", "delimit"].iter().any(|word| lower.contains(word))
    {
        return None;
    }
    let (at, _) = [" -t, ", " -F, ", " -t',' ", " -F',' "]
        .iter()
        .find_map(|flag| command.match_indices(flag).next())?;
    let program = command.get(..at)?.rsplit([' ', '|', ';', '&']).next()?;
    let end = at + command.get(at + 1..)?.find(' ')? + 1;
    matches!(program, "sort" | "awk").then(|| {
        format!("{}{}", command.get(..at).unwrap_or_default(), command.get(end..).unwrap_or_default())
    })
}

/// The flag that says "by comma", where the command takes columns apart and does not say by what.
fn lacking(program: &str, rest: &[Token<'_>]) -> Option<&'static str> {
    let has = |flags: &[&str]| rest.iter().any(|token| flags.iter().any(|flag| token.text.starts_with(flag)));
    match program {
        "awk" => {
            let code =
                rest.iter().find(|token| token.kind == TokenKind::Quoted && token.text.contains('{'))?;
            let column = |(at, _): (usize, &str)| {
                code.text
                    .as_bytes()
                    .get(at + 1)
                    .is_some_and(|next| matches!(next, b'1'..=b'9') || next.is_ascii_uppercase())
            };
            let takes = code.text.match_indices('$').any(column);
            let says = has(&["-F", "--field-separator", "--csv", "-v"])
                || code.text.contains("FS")
                || code.text.contains("split(");
            (takes && !says).then_some("-F,")
        }
        "cut" => (has(&["-f", "--fields"]) && !has(&["-d", "--delimiter"])).then_some("-d,"),
        "sort" => (has(&["-k", "--key"]) && !has(&["-t", "--field-separator"])).then_some("-t,"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(request: &str, command: &str, expect: Option<&str>) {
        assert_eq!(by_comma(command, request, Dialect::Bash).as_deref(), expect, "{request:?} {command:?}");
    }

    #[test]
    fn the_words_are_sorted() {
        assert!(SAYS.is_sorted() && PASSES.is_sorted());
    }

    #[test]
    fn columns_of_a_table_stand_between_commas() {
        let second = "print the second column of people.csv";
        check(second, "awk '{print $2}' people.csv", Some("awk -F, '{print $2}' people.csv"));
        check(second, "cut -f2 people.csv", Some("cut -d, -f2 people.csv"));
        check(second, "cat people.csv | awk '{print $2}'", Some("cat people.csv | awk -F, '{print $2}'"));
        check("last column of a.csv", "awk '{print $NF}' < a.csv", Some("awk -F, '{print $NF}' < a.csv"));
        check("sort a.csv by column 3", "sort -k3,3n a.csv", Some("sort -t, -k3,3n a.csv"));
        check(
            "sum column 2 of a.csv and skip the header",
            "tail -n +2 a.csv | awk '{s += $2} END {print s}'",
            Some("tail -n +2 a.csv | awk -F, '{s += $2} END {print s}'"),
        );
    }

    #[test]
    fn columns_of_a_text_stand_between_blanks() {
        let check = |request: &str, command: &str, expect: Option<&str>| {
            assert_eq!(
                by_blanks(command, request, Dialect::Bash).as_deref(),
                expect,
                "{request:?} {command:?}"
            );
        };
        check(
            "sort scores.txt on the third column",
            "sort -t, -k3,3nr scores.txt",
            Some("sort -k3,3nr scores.txt"),
        );
        check(
            "second column of a.txt",
            "cat a.txt | awk -F, '{print $2}'",
            Some("cat a.txt | awk '{print $2}'"),
        );
        check("sort the comma separated a.txt by column 3", "sort -t, -k3 a.txt", None);
        check("sort a.csv by column 3", "sort -t, -k3 a.csv", None);
        check("join a.txt and b.txt", "paste -d, a.txt b.txt", None);
    }

    #[test]
    fn what_says_how_it_is_separated_stays() {
        check("second column of a.csv", "awk -F';' '{print $2}' a.csv", None);
        check("second column of a.csv", "awk 'BEGIN {FS=\",\"} {print $2}' a.csv", None);
        check("second column of the tab separated a.csv", "cut -f2 a.csv", None);
        check("second word of each line in a.csv", "awk '{print $2}' a.csv", None);
        check("lines of a.csv with more than 3 fields", "awk 'NF > 3' a.csv", None);
        check("count lines of each csv", "wc -l *.csv | awk '{print $2, $1}'", None);
        check("biggest csv", "ls -l *.csv | sort -k5 -n", None);
        check("print whole lines of a.csv that hold x", "awk '/x/ {print $0}' a.csv", None);
    }
}
