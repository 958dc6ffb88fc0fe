//! Commands of gnuplot that reach a shell: `system`, `!`, backquotes, and files that are pipes.

use super::Payload;
use crate::line::Dialect;
use crate::safety::machine::{Flow, Machine};

impl Machine<'_> {
    /// Commands of gnuplot, one a line or split by `;`.
    pub(super) fn plots(&mut self, what: Payload<'_>) {
        let mut variables: Vec<(String, String)> = Vec::new();
        // The command that `print` prints into.
        let mut pipe: Option<String> = None;
        for statement in statements(what.text) {
            if !self.spend(1 + statement.len() / 64) {
                return;
            }
            let statement = statement.trim();
            if let Some(code) = statement.strip_prefix('!') {
                self.shell_of_plot(code, what);
                continue;
            }
            let end = statement.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(statement.len());
            let (word, rest) = statement.split_at(end);
            let assigned = rest.trim_start().strip_prefix('=').filter(|text| !text.starts_with('='));
            if let Some(text) = assigned.and_then(|text| joined(text, &variables))
                && variables.len() < 64
            {
                variables.push((word.to_owned(), text));
            }
            for (at, _) in statement.match_indices("system").take(8) {
                let code = statement.get(at + 6..).unwrap_or_default().trim_start();
                if let Some(code) = joined(code.trim_start_matches('('), &variables) {
                    self.shell_of_plot(&code, what);
                }
            }
            if matches!(word, "eval" | "evaluate" | "do")
                && let Some(text) = joined(rest, &variables)
            {
                self.script(Payload { text: &text, ..what });
            }
            // Data that begins with `<` is what a command prints; output that begins with `|` goes into one.
            let reads = matches!(word, "plot" | "p" | "pl" | "splot" | "sp" | "replot" | "rep" | "fit" | "f")
                || matches!(word, "stats" | "load" | "call" | "l" | "test");
            if word == "print"
                && let Some(code) = pipe.clone()
                && let Some(text) = joined(rest, &variables)
            {
                let state = self.state.clone();
                let flow = Flow { input: Some(&text), want: false };
                self.code_in(code.trim(), what.span, flow, Dialect::Bash);
                self.state = state;
            }
            if matches!(word, "set" | "se")
                && let Some(code) =
                    rest.trim_start().strip_prefix("print").and_then(|rest| joined(rest, &variables))
            {
                pipe = code.trim_start().strip_prefix('|').map(str::to_owned);
            }
            let writes = matches!(word, "set" | "se" | "save");
            for (quoted, is_code) in strings(statement) {
                let text = quoted.trim_start();
                let code = match (text.strip_prefix('<'), text.strip_prefix('|')) {
                    (Some(code), _) if reads => code,
                    (_, Some(code)) if writes => code,
                    _ if is_code => text,
                    _ => continue,
                };
                self.shell_of_plot(code, what);
            }
            for (name, text) in variables.clone() {
                let pipe = text.trim_start().strip_prefix('<').filter(|_| reads);
                if let Some(code) = pipe
                    && rest.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|word| word == name)
                {
                    self.shell_of_plot(code, what);
                }
            }
        }
    }

    fn shell_of_plot(&mut self, code: &str, what: Payload<'_>) {
        let state = self.state.clone();
        self.code_in(code.trim(), what.span, Flow::default(), Dialect::Bash);
        self.state = state;
    }
}

/// The text cut at line ends and at `;` outside strings.
fn statements(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut from = 0;
    let mut quote = None;
    for (at, letter) in text.char_indices() {
        match (quote, letter) {
            (None, '"' | '\'' | '`') => quote = Some(letter),
            (Some(open), _) if open == letter => quote = None,
            (_, '\n') | (None, ';') if out.len() < 256 => {
                out.push(text.get(from..at).unwrap_or_default());
                from = at + 1;
                quote = None;
            }
            _ => {}
        }
    }
    out.push(text.get(from..).unwrap_or_default());
    out
}

/// The strings of a statement; true with those in backquotes, which are code.
fn strings(statement: &str) -> Vec<(String, bool)> {
    let mut out = Vec::new();
    let mut rest = statement;
    while let Some(at) = rest.find(['"', '\'', '`']).filter(|_| out.len() < 32) {
        let Some(quote) = rest.get(at..).and_then(|rest| rest.chars().next()) else { break };
        let mut text = String::new();
        let mut end = rest.len();
        let mut letters = rest.char_indices().skip_while(|(place, _)| *place <= at);
        while let Some((place, letter)) = letters.next() {
            match letter {
                '\\' if quote == '"' => text.extend(letters.next().map(|(_, letter)| letter)),
                _ if letter == quote => {
                    end = place + 1;
                    break;
                }
                other => text.push(other),
            }
        }
        // Backquotes in double quotes are replaced too.
        if quote == '"' {
            let inner: Vec<&str> = text.split('`').skip(1).step_by(2).collect();
            out.extend(inner.into_iter().map(|code| (code.to_owned(), true)));
        }
        out.push((text, quote == '`'));
        rest = rest.get(end..).unwrap_or_default();
    }
    out
}

/// Strings and variables joined by points, from the start of `text`.
fn joined(text: &str, variables: &[(String, String)]) -> Option<String> {
    let mut rest = text.trim_start();
    let mut out: Option<String> = None;
    for _ in 0..16 {
        if rest.starts_with(['"', '\'']) {
            let (piece, more) = super::editors::one_string(rest)?;
            out.get_or_insert_default().push_str(&piece);
            rest = more;
        } else {
            let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
            let (name, more) = rest.split_at(end);
            let Some((_, piece)) = variables.iter().rev().find(|(known, _)| known == name) else {
                return out;
            };
            out.get_or_insert_default().push_str(piece);
            rest = more;
        }
        match rest.trim_start().strip_prefix('.') {
            Some(more) => rest = more.trim_start(),
            None => return out,
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::safety::{Risk, check};
    use crate::{Context, Dialect};

    #[test]
    fn plots_that_reach_a_shell() {
        let risk = |line: &str| check(line, &Context::new(Dialect::Bash)).risk;
        for line in [
            r#"gnuplot -e "plot '< rm -rf /home'""#,
            r#"gnuplot -e "set output '| rm -rf /home'""#,
            r#"gnuplot -e "set print \"|rm -rf /home\"""#,
            r#"gnuplot -e 'c = "rm -rf "; system(c . "/home")'"#,
            r#"gnuplot -e 'system "rm -rf /home"'"#,
            r#"gnuplot -e 'x = `rm -rf /home`'"#,
            r#"gnuplot -e '!rm -rf /home'"#,
            r#"gnuplot -e "load '< rm -rf /home'""#,
            r#"gnuplot -e "f = '< rm -rf /home'; plot f""#,
            r#"gnuplot <<< '! rm -rf /home'"#,
        ] {
            assert_eq!(risk(line), Risk::Critical, "{line}");
        }
        for line in [
            r#"gnuplot -e "plot '< sort lat.dat' with lines""#,
            r#"gnuplot -e "set title '< rm -rf /home'; plot 'a.dat'""#,
            r#"gnuplot -e 'set label "system rm -rf /home" at 1,1'"#,
            r#"gnuplot -e "set output 'x.png'; plot sin(x)""#,
            "gnuplot plot.gp",
        ] {
            assert_eq!(risk(line), Risk::Safe, "{line}");
        }
    }
}
