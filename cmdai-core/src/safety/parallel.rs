//! `parallel`: a command for each of many arguments, put together from what it says of them.

use super::call::Call;
use super::expand::quoted_for_shell;
use super::machine::{Field, Flow, Machine, State, VALUE_BYTES};
use super::value::{self, Origin};

/// Arguments for which the command is read.
const ROUNDS: usize = 32;

impl Machine<'_> {
    /// `parallel` with no command of its own: each line of the list is one.
    pub(super) fn parallel_lines(&mut self, call: &Call<'_>, flow: Flow<'_>) -> Option<String> {
        let listed = self.listed_for_parallel(call).or_else(|| flow.input.map(str::to_owned))?;
        Some(self.parallel(call, &[], Flow { input: Some(&listed), ..flow }))
    }

    /// `parallel CODE ::: ARGUMENTS`, here or on other machines.
    pub(super) fn parallel_command(&mut self, call: &Call<'_>, rest: &[Field], flow: Flow<'_>) -> String {
        let listed = self.listed_for_parallel(call);
        let flow = Flow { input: listed.as_deref().or(flow.input), ..flow };
        let far = call.args.has_any(&["-S", "--nonall", "--onall", "--sshloginfile"])
            && call.args.values("-S").all(|item| item.text != ":");
        if !far {
            return self.parallel(call, rest, flow);
        }
        let state = std::mem::replace(&mut self.state, State::at(value::HOME.to_string()));
        let was_abroad = std::mem::replace(&mut self.abroad, true);
        let output = self.parallel(call, rest, flow);
        self.abroad = was_abroad;
        self.state = state;
        output
    }

    /// The list that `parallel -a FILE` goes through.
    fn listed_for_parallel(&mut self, call: &Call<'_>) -> Option<String> {
        let path = call.args.values("-a").next()?.text.to_owned();
        Some(self.read_path(&path, call.span, "parallel"))
    }

    fn parallel(&mut self, call: &Call<'_>, rest: &[Field], flow: Flow<'_>) -> String {
        let span = rest.first().map_or(call.span, |field| field.span);
        let is_mark = |field: &Field| matches!(field.text.as_str(), ":::" | ":::+" | "::::" | "::::+");
        let mut sources = rest.split(is_mark);
        let words: Vec<&str> = sources.next().unwrap_or_default().iter().map(|f| f.text.as_str()).collect();
        let code = words.join(" ");
        if call.args.has_any(&["--nonall", "--pipe", "--pipepart"]) {
            // What comes in is no list of arguments: it is passed on in pieces, or not at all.
            let input = flow.input.filter(|_| !call.args.has("--nonall"));
            return self.code(&code, self.at(span), Flow { input, ..flow });
        }
        let marks: Vec<Field> = rest.iter().filter(|field| is_mark(field)).cloned().collect();
        // Every argument of one source with the first of the others: enough to see what is run.
        let mut sources: Vec<Vec<String>> = match rest.iter().any(is_mark) {
            false => {
                let hole = self.unknowns.hole("…", Origin::Program).to_string();
                vec![flow.input.map_or(vec![hole], |input| input.lines().map(str::to_owned).collect())]
            }
            true => sources
                .zip(&marks)
                .map(|(source, mark)| match mark.text.starts_with("::::") {
                    false => source.iter().map(|field| field.text.clone()).collect(),
                    // The lines of files.
                    true => {
                        let mut lines: Vec<String> = Vec::new();
                        for file in source.iter().take(8) {
                            let text = self.read_path(&file.text, file.span, "parallel");
                            lines.extend(text.lines().take(256).map(str::to_owned));
                        }
                        lines
                    }
                })
                .collect(),
        };
        let parted = call.args.values("--colsep").last().map(|item| item.text.to_owned());
        if let (Some(sign), [source]) = (parted.filter(|sign| !sign.is_empty()), &sources[..]) {
            sources = columns(source, &sign);
        }
        let own = call.args.values("-I").last().map(|item| item.text.to_owned());
        let code = match own.filter(|sign| !sign.is_empty()) {
            Some(sign) => value::replaced(&code, &sign, "{}", true).unwrap_or(code),
            None => code,
        };
        let rounds = sources.iter().map(Vec::len).max().unwrap_or(0);
        let mut output = String::new();
        for round in 0..rounds.min(ROUNDS) {
            let arguments: Vec<&str> = sources
                .iter()
                .filter_map(|source| source.get(round).or(source.last()))
                .map(String::as_str)
                .collect();
            let line = filled(code.trim(), &arguments);
            if line.len() > VALUE_BYTES || !self.spend(1 + line.len() / 64) {
                self.cut = true;
                break;
            }
            output.push_str(&self.code(&line, self.at(span), Flow { input: None, ..flow }));
        }
        output
    }
}

/// Lines that a sign parts, column by column.
fn columns(lines: &[String], sign: &str) -> Vec<Vec<String>> {
    let sign = match sign {
        "\\t" => "\t",
        "\\s+" | "\\s" | "[ ]" => " ",
        plain => plain.trim_start_matches('\\'),
    };
    let mut columns: Vec<Vec<String>> = Vec::new();
    for line in lines.iter().take(ROUNDS) {
        for (at, text) in line.split(sign).take(8).enumerate() {
            if columns.len() <= at {
                columns.push(Vec::new());
            }
            columns[at].push(text.to_owned());
        }
    }
    columns
}

/// The command with the arguments in their places; behind it where it names none.
fn filled(code: &str, arguments: &[&str]) -> String {
    if code.is_empty() {
        return arguments.join(" ");
    }
    let all = |change: fn(&str) -> &str| {
        let texts: Vec<String> = arguments.iter().map(|text| quoted_for_shell(change(text))).collect();
        texts.join(" ")
    };
    if !code.contains('{') {
        return format!("{code} {}", all(whole));
    }
    let mut out = String::with_capacity(code.len() + 32);
    let mut rest = code;
    while let Some(open) = rest.find('{').filter(|_| out.len() <= VALUE_BYTES) {
        out.push_str(rest.get(..open).unwrap_or_default());
        let inner = rest.get(open + 1..).unwrap_or_default();
        let place = inner.split_once('}').and_then(|(place, behind)| {
            let digits = place.len() - place.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let (number, form) = place.split_at_checked(digits)?;
            let change = form_of(form)?;
            let text = match number.parse::<usize>() {
                Ok(number) => quoted_for_shell(change(arguments.get(number.checked_sub(1)?)?)),
                Err(_) => all(change),
            };
            Some((text, behind))
        });
        match place {
            Some((text, behind)) => {
                out.push_str(&text);
                rest = behind;
            }
            None => {
                out.push('{');
                rest = inner;
            }
        }
    }
    out.push_str(rest);
    out
}

/// What stands behind the number of a place, as a change of the argument: `{/}` its name, `{//}` its folder, `{.}` without
/// its ending.
fn form_of(form: &str) -> Option<fn(&str) -> &str> {
    Some(match form {
        "" => whole,
        "." => without_ending,
        "/" => name,
        "//" => folder,
        "/." => |text| without_ending(name(text)),
        _ => return None,
    })
}

fn whole(text: &str) -> &str {
    text
}

fn name(text: &str) -> &str {
    text.rsplit('/').next().unwrap_or(text)
}

fn folder(text: &str) -> &str {
    match text.rsplit_once('/') {
        Some(("", _)) => "/",
        Some((folder, _)) => folder,
        None => ".",
    }
}

fn without_ending(text: &str) -> &str {
    match text.rsplit_once('.') {
        Some((before, ending)) if !ending.contains('/') && !before.is_empty() && !before.ends_with('/') => {
            before
        }
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::safety::Risk::{Critical, High, Safe};
    use crate::safety::tests::{check_all, context};

    #[test]
    fn arguments_are_put_in_their_places() {
        assert_eq!(filled("rm {//} {/.} {2} {x}", &["/a/b.c", "d"]), "rm '/a' '.' 'b' 'd' 'd' {x}");
        assert_eq!(filled("rm -r", &["a b"]), "rm -r 'a b'");
    }

    #[test]
    fn commands_of_parallel() {
        check_all(
            &context(),
            &[
                (Critical, "parallel 'rm -rf {//}' ::: /home/x"),
                (Critical, "parallel 'rm -rf {.}' ::: /home.x"),
                (Critical, "parallel 'rm -rf /{/.}' ::: x/home.y"),
                (Critical, "parallel --colsep , 'rm -rf {2}' ::: a,/home"),
                (Critical, "parallel -I % rm -rf % ::: /home"),
                (Critical, "echo 'rm -rf /home' | parallel --pipe sh"),
                (Critical, "echo 'rm -rf /home' | parallel --pipe --block 1M bash -s"),
                (Critical, "parallel -S host rm -rf {} ::: /home"),
                (Critical, "parallel --sshlogin a,b 'rm -rf {1}' ::: /home"),
                (Critical, "parallel --nonall -S host 'rm -rf /home'"),
                (High, "parallel -a list rm -rf"),
                (Safe, "parallel gzip {} ::: a.log b.log"),
                (Safe, "parallel --pipe --block 10M wc -l < big.txt"),
                (Safe, "parallel -S host uptime ::: 1"),
                (Safe, "parallel convert {} {.}.png ::: *.jpg"),
                (Safe, "parallel --dry-run rm -rf ::: /home"),
            ],
        );
    }
}
