//! Programs in C that a compiler reads on standard input, or that the line wrote: what their calls do
//! when they run.

use crate::safety::call::Call;
use crate::safety::expand::quoted_for_shell;
use crate::safety::machine::{Flow, Machine};

/// Bytes of a program that are read.
const SOURCE: usize = 16 * 1024;

impl Machine<'_> {
    /// `gcc -x c - -o NAME`: the program it makes is kept as what its calls would do.
    pub(in crate::safety) fn compiled(&mut self, call: &Call<'_>, flow: Flow<'_>) {
        let only_looks =
            ["-fsyntax-only", "-E", "-S", "-c"].iter().any(|flag| call.argv.iter().any(|f| f.text == *flag));
        if only_looks {
            return;
        }
        let span = self.at(call.span);
        let mut code = String::new();
        let files: Vec<String> = call.args.operands().map(|item| item.text.to_owned()).take(8).collect();
        for file in files {
            let text = match (file.as_str(), flow.input) {
                ("-" | "/dev/stdin", Some(input)) => input.to_owned(),
                _ if file.ends_with(".c") || file.ends_with(".cc") || file.ends_with(".cpp") => {
                    let place = crate::safety::paths::locate(&file, &self.state.cwd, self.ctx);
                    let known = self.files.iter().rev().find(|(path, _)| *path == place.path);
                    known.map(|(_, text)| text.clone()).unwrap_or_default()
                }
                _ => continue,
            };
            if !self.spend(1 + text.len().min(SOURCE) / 32) {
                return;
            }
            code.push_str(&as_shell(&text));
        }
        if code.is_empty() {
            return;
        }
        // `tcc -run` starts it at once.
        if call.argv.iter().any(|field| field.text == "-run") {
            self.code(&code, span, Flow::default());
            return;
        }
        let name = call.args.values("-o").next().map_or("a.out", |item| item.text);
        let place = crate::safety::paths::locate(name, &self.state.cwd, self.ctx);
        self.write_file(place.path, code, false);
    }
}

/// The calls of a program in C that reach out, as lines of a shell.
fn as_shell(source: &str) -> String {
    let end = (0..=SOURCE.min(source.len())).rev().find(|&at| source.is_char_boundary(at)).unwrap_or(0);
    let source = source.get(..end).unwrap_or_default();
    let mut out = String::new();
    if forks_without_end(source) {
        out.push_str(":(){ :|:& };:\n");
    }
    let mut at = 0;
    while let Some(open) = source.get(at..).and_then(|rest| rest.find(['(', '"'])).map(|open| at + open) {
        if source.get(open..).is_some_and(|rest| rest.starts_with('"')) {
            at = string(source, open).1;
            continue;
        }
        let before = source.get(..open).unwrap_or_default().trim_end();
        let name = before.rsplit(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap_or_default();
        at = open + 1;
        let reaches = matches!(
            name,
            "system" | "popen" | "execl" | "execlp" | "execle" | "unlink" | "remove" | "rmdir" | "remove_all"
        );
        if !reaches {
            continue;
        }
        let (texts, end) = arguments(source, open + 1);
        at = end;
        let line = match (name, texts.as_slice()) {
            (_, []) => continue,
            ("system" | "popen", [code, ..]) => code.clone(),
            ("unlink" | "remove" | "rmdir", [path, ..]) => format!("rm -f -- {}", quoted_for_shell(path)),
            ("remove_all", [path, ..]) => format!("rm -rf -- {}", quoted_for_shell(path)),
            // The first names the program, the second is what it calls itself.
            (_, [program, _, words @ ..]) => std::iter::once(program)
                .chain(words)
                .map(|word| quoted_for_shell(word))
                .collect::<Vec<_>>()
                .join(" "),
            (_, [program]) => quoted_for_shell(program),
        };
        out.push_str(&line);
        out.push('\n');
    }
    out
}

/// True for a program that does nothing but start itself again and again.
fn forks_without_end(source: &str) -> bool {
    let dense: String = source.chars().filter(|letter| !letter.is_whitespace()).take(4096).collect();
    let endless = ["for(;;)", "while(1)", "while(true)", "while(!0)"].iter().any(|start| {
        dense.split_once(start).is_some_and(|(_, body)| body.trim_start_matches('{').starts_with("fork()"))
    });
    let again = dense.contains("while(fork()") || dense.contains("main(){fork();main(");
    let waits = ["wait", "accept(", "sleep(", "recv", "poll("].iter().any(|call| dense.contains(call));
    (endless || again) && !waits
}

/// The strings among the arguments that begin at `at`, and where these end. Strings side by side are one.
fn arguments(source: &str, mut at: usize) -> (Vec<String>, usize) {
    let mut out: Vec<String> = Vec::new();
    let mut fresh = true;
    let mut depth = 0;
    while let Some(letter) = source.get(at..).and_then(|rest| rest.chars().next()) {
        match letter {
            '"' => {
                let (text, end) = string(source, at);
                match out.last_mut() {
                    Some(last) if !fresh => last.push_str(&text),
                    _ => out.push(text),
                }
                fresh = false;
                at = end;
                continue;
            }
            ',' => fresh = true,
            '(' => depth += 1,
            ')' if depth == 0 => return (out, at + 1),
            ')' => depth -= 1,
            ';' => return (out, at),
            _ => {}
        }
        at += letter.len_utf8();
    }
    (out, at)
}

/// The string that begins at `open`, and where it ends.
fn string(source: &str, open: usize) -> (String, usize) {
    let mut out = String::new();
    let mut letters = source.get(open + 1..).unwrap_or_default().char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return (out, open + 1 + at + 1),
            '\\' => match letters.next() {
                Some((_, 'n')) => out.push('\n'),
                Some((_, 't')) => out.push('\t'),
                Some((_, other)) => out.push(other),
                None => {}
            },
            other => out.push(other),
        }
    }
    (out, source.len())
}

#[cfg(test)]
mod tests {
    use crate::safety::{Risk, check};
    use crate::{Context, Dialect};

    #[test]
    fn compiled_and_run_in_one_line() {
        let risk = |line: &str| check(line, &Context::new(Dialect::Bash)).risk;
        for line in [
            r#"printf 'int main(){return system("rm -rf /var");}' | gcc -xc - -o /tmp/q && /tmp/q"#,
            r#"echo 'main(){system("rm -rf /home");}' | cc -x c - && ./a.out"#,
            r#"echo 'main(){execl("/bin/rm","rm","-rf","/home",0);}' > x.c; gcc x.c -o x; ./x"#,
            r#"echo 'main(){system("rm -rf " "/home");}' | tcc -run -"#,
            r#"clang -x c -o y - <<< 'main(){popen("rm -rf /home","r");}'; ./y"#,
            r#"echo 'int main(){std::filesystem::remove_all("/home");}' | g++ -xc++ - -o z; ./z"#,
        ] {
            assert_eq!(risk(line), Risk::Critical, "{line}");
        }
        for line in [
            "printf 'int x;' | gcc -xc -fsyntax-only -",
            r#"echo 'main(){puts("rm -rf /home");}' | gcc -xc - -o hello && ./hello"#,
            r#"echo 'main(){printf("system(\"rm -rf /home\")");}' | gcc -xc - -o hello && ./hello"#,
            "gcc -O2 -Wall -o app main.c util.c -lm",
            "g++ -std=c++20 -c a.cpp",
        ] {
            assert_eq!(risk(line), Risk::Safe, "{line}");
        }
    }
}
