//! Programs that a toolchain runs in the place of its own: `go build -toolexec`, a compiler that is kept for every later build.

use super::call::Call;
use super::machine::{Flow, Machine, Value};
use super::{EffectKind, TargetClass, paths, value};
use crate::line::Span;

/// Words that are looked at.
const WORDS: usize = 48;

impl Machine<'_> {
    pub(super) fn go_tools(&mut self, call: &Call<'_>) {
        let words: Vec<(String, Span)> =
            call.argv.iter().skip(1).take(WORDS).map(|field| (field.text.clone(), field.span)).collect();
        if words.first().is_some_and(|(verb, _)| verb == "env") {
            if words.iter().any(|(word, _)| word == "-w") {
                for (word, span) in &words {
                    match word.split_once('=') {
                        Some(("GOFLAGS", flags)) => self.go_flags(flags, *span),
                        Some(("AR" | "CC" | "CXX" | "FC" | "GCCGO" | "PKG_CONFIG", program)) => {
                            self.runs_in_place(program, "CC", *span);
                        }
                        _ => {}
                    }
                }
            }
            return;
        }
        if let Some(Value::One(flags)) = self.state.variable("GOFLAGS").cloned() {
            self.go_flags(&flags, call.span);
        }
        for (at, (word, span)) in words.iter().enumerate() {
            let (flag, given) = word.split_once('=').unwrap_or((word, ""));
            if !is_go_tool(flag) {
                continue;
            }
            let next = words.get(at + 1).map_or("", |(next, _)| next.as_str());
            let program = if word.contains('=') { given } else { next };
            self.runs_in_place(program, flag, *span);
        }
    }

    fn go_flags(&mut self, flags: &str, span: Span) {
        for word in flags.split_ascii_whitespace().take(WORDS) {
            if let Some((flag, program)) = word.split_once('=')
                && is_go_tool(flag)
            {
                self.runs_in_place(program, flag, span);
            }
        }
    }

    /// A program that somebody else's runs before, or in place of, what it builds.
    fn runs_in_place(&mut self, program: &str, flag: &str, span: Span) {
        let span = self.at(span);
        let first = program.split_ascii_whitespace().next().unwrap_or_default();
        if first.contains('/') && self.is_anybodys(first) {
            let target = self.target(TargetClass::Unknown, flag, span);
            return self.emit_with(EffectKind::RunCode, target, false, "go", span, "preload");
        }
        // Where it lies is asked of the machine itself: nothing is known of it, nor is there more to say.
        if !program.is_empty() && !value::has_hole(program) {
            let code = format!("{program} app");
            self.apart(|machine| machine.code(&code, span, Flow::default()));
        }
    }

    /// `initdb --pwfile=FILE`: the first line of a file becomes a password.
    pub(super) fn new_database(&mut self, call: &Call<'_>) {
        let secret = call
            .args
            .values("--pwfile")
            .find(|item| paths::locate(item.text, &self.state.cwd, self.ctx).class == TargetClass::Secret);
        if let Some(item) = secret {
            let span = self.at(call.argv[item.word + 1].span);
            let target = self.target(TargetClass::Named, &self.unknowns.show(item.text), span);
            self.emit(EffectKind::Configure, target, false, call.program, span);
        }
    }
}

fn is_go_tool(flag: &str) -> bool {
    let name = flag.strip_prefix("--").or_else(|| flag.strip_prefix('-')).unwrap_or_default();
    matches!(name, "exec" | "toolexec" | "vettool")
}

#[cfg(test)]
mod tests {
    use crate::safety::Risk::{High, Moderate, Safe};
    use crate::safety::tests::{check_all, context};

    #[test]
    fn what_go_runs_in_place_of_its_own() {
        check_all(
            &context(),
            &[
                (High, "go build -toolexec=/tmp/x ./..."),
                (High, "go build -toolexec /tmp/x ./..."),
                (High, "GOFLAGS=-toolexec=/tmp/x go build"),
                (High, "go env -w GOFLAGS=-toolexec=/tmp/x"),
                (High, "go env -w CC=/tmp/x"),
                (High, "go test -exec /tmp/x ./..."),
                (High, "go vet -vettool=/tmp/x ./..."),
                (Safe, "go vet -vettool=$(which shadow) ./..."),
                (Safe, "GOFLAGS=-mod=mod go build"),
                (Safe, "go env -w GOFLAGS=-mod=mod"),
                (Safe, "go env -w CC=clang"),
                (Safe, "go build ./..."),
            ],
        );
    }

    #[test]
    fn who_may_log_in_to_a_new_database() {
        check_all(
            &context(),
            &[
                (Moderate, "initdb -A trust -D data"),
                (Moderate, "initdb --auth=trust -D data"),
                (Moderate, "initdb --auth-host=trust -D data"),
                (Moderate, "initdb -D data --pwfile=/etc/shadow"),
                (Moderate, "initdb -L /tmp/x -D data"),
                (Safe, "initdb -A scram-sha-256 -D data --pwfile=pw.txt"),
                (Safe, "initdb -D data"),
            ],
        );
    }
}
