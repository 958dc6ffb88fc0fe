//! Small languages in the words of programs of one kind: macros of rpm, `\write18` of TeX, bindings of fzf, `un.rb` of
//! Ruby, code for a framework's shell. What in them runs a command is judged as that command.

use super::machine::{Field, Flow, Machine};
use super::{EffectKind, TargetClass, known};
use crate::line::Span;

impl Machine<'_> {
    /// A package manager that is told to take packages from an address without encryption, now or from now on.
    fn plain_sources(&mut self, name: &str, argv: &[Field]) {
        const MANAGERS: &[&str] = &[
            "bundle",
            "bundler",
            "composer",
            "conda",
            "gem",
            "go",
            "helm",
            "mamba",
            "micromamba",
            "nuget",
            "pdm",
            "pip",
            "pip3",
            "poetry",
        ];
        let verbs = ["set", "add", "-a", "--add", "-w", "config", "sources", "source"];
        let sets = argv.iter().skip(1).any(|field| verbs.contains(&field.text.as_str()));
        if !sets || !MANAGERS.contains(&name) {
            return;
        }
        for field in argv.iter().skip(1).take(32) {
            let Some(at) = field.text.find("http://") else { continue };
            let url = self.unknowns.show(&field.text[at..]);
            let host = known::host_of(&url);
            // In a network of one's own that is how it is done.
            let inside = known::is_own_host(host)
                || ["10.", "192.168.", "172."].iter().any(|net| host.starts_with(net))
                || [".internal", ".local", ".lan", ".corp"].iter().any(|end| host.ends_with(end))
                || !host.contains('.');
            let detail = if inside { "risky" } else { "unchecked" };
            let span = self.at(field.span);
            let target = self.target(TargetClass::Named, &url, span);
            self.emit_with(EffectKind::Install, target, false, "pip", span, detail);
        }
    }

    /// `java -jar tool-1.2.jar WORDS` is `tool WORDS`.
    fn jar(&mut self, argv: &[Field], flow: Flow<'_>) {
        let Some(at) = argv.iter().position(|field| field.text == "-jar") else { return };
        let Some(jar) = argv.get(at + 1) else { return };
        let base = jar.text.rsplit('/').next().unwrap_or_default();
        let base = base.strip_suffix(".jar").unwrap_or(base);
        let is_version = |end: &str| end.starts_with(|letter: char| letter.is_ascii_digit());
        let name = base.rsplit_once('-').filter(|(_, end)| is_version(end)).map_or(base, |(name, _)| name);
        let name = name.to_owned();
        let words: Vec<Field> = std::iter::once(Field { text: name.clone(), span: jar.span })
            .chain(argv.iter().skip(at + 2).cloned())
            .collect();
        match crate::specs::lookup(&name) {
            Some(spec) if !spec.verbs.is_empty() => {
                self.by_spec(spec, &words, jar.span, flow);
            }
            _ => self.by_its_verb(&name, &words),
        }
    }

    /// `import (fetchTarball "http://…")`: code and packages that anybody on the way can replace.
    fn nix_expression(&mut self, argv: &[Field]) {
        for words in argv.windows(3).take(32).filter(|words| words[0].text == "--option") {
            let (name, value) = (words[1].text.trim_start_matches("extra-"), words[2].text.as_str());
            let open = match name {
                "sandbox" | "require-sigs" => value == "false",
                "accept-flake-config" => value == "true",
                "substituters" | "trusted-substituters" => value
                    .split(' ')
                    .any(|url| !matches!(url, "https://cache.nixos.org" | "https://cache.nixos.org/")),
                "trusted-public-keys" | "trusted-users" | "post-build-hook" | "diff-hook" | "build-hook" => {
                    true
                }
                _ => false,
            };
            if open {
                let span = self.at(words[1].span.to(words[2].span));
                let shown = format!("packages with {name} {}", self.unknowns.show(value));
                let target = self.target(TargetClass::Named, &shown, span);
                self.emit_with(EffectKind::Install, target, false, "nix", span, "unchecked");
            }
        }
        for at in 1..argv.len().min(33) {
            let told =
                matches!(argv[at - 1].text.as_str(), "-E" | "-e" | "--expr" | "-p" | "--packages" | "-I");
            let text = argv[at].text.as_str();
            let fetches = text.contains("fetch") || argv[at - 1].text == "-I";
            let Some(from) = text.find("http://").filter(|_| told && fetches) else { continue };
            let url = text[from..].split(['"', '\'', ' ', ';', '}', ')']).next().unwrap_or_default();
            let (url, span) = (self.unknowns.show(url), self.at(argv[at].span));
            let target = self.target(TargetClass::Named, &url, span);
            self.emit_with(EffectKind::Install, target, false, "nix", span, "unchecked");
        }
    }

    /// Small languages in the words of programs of one kind: macros of rpm, `\write18` of TeX, bindings of fzf, `un.rb` of Ruby.
    pub(super) fn small_languages(&mut self, name: &str, argv: &[Field], flow: Flow<'_>) {
        let span = self.at(argv.first().map_or(Span::new(0, 0), |field| field.span));
        self.plain_sources(name, argv);
        if name == "java" {
            return self.jar(argv, flow);
        }
        if matches!(name, "nix" | "nix-build" | "nix-env" | "nix-instantiate" | "nix-shell") {
            return self.nix_expression(argv);
        }
        if matches!(name, "artisan" | "dockerd" | "pip" | "uv") {
            for field in argv.iter().skip(1).take(32) {
                if let Some(code) = field.text.strip_prefix("--execute=") {
                    let words = ["php", "-r", code].map(|text| Field { text: text.to_owned(), span });
                    self.run(&words, span, Flow::default());
                    let lower = code.to_ascii_lowercase();
                    if ["->truncate()", "->delete()", "::truncate()", "->forcedelete()", "schema::drop"]
                        .iter()
                        .any(|call| lower.contains(call))
                    {
                        let target = self.target(TargetClass::Named, code, span);
                        self.emit(EffectKind::DropData, target, true, "artisan", span);
                    }
                }
                if name == "dockerd"
                    && (field.text.contains("tcp://0.0.0.0") || field.text.contains("tcp://:"))
                {
                    let target = self.target(TargetClass::Named, "this machine's containers", span);
                    self.emit_with(EffectKind::Configure, target, false, "dockerd", span, "exposes");
                }
                // Over a closed line it is what many a README says, and no worse than any other package.
                let open = field.text.starts_with("git+http:")
                    || argv.iter().any(|f| f.text == "--break-system-packages");
                if matches!(name, "uv" | "pip") && open && field.text.starts_with("git+http") {
                    let target = self.target(TargetClass::Named, &field.text, span);
                    self.emit_with(EffectKind::Install, target, false, "pip", span, "unchecked");
                }
            }
            return;
        }
        if matches!(name, "ipython" | "ipython3" | "jupyter" | "papermill" | "runipy") {
            return self.notebooks(name, argv, flow, span);
        }
        if name == "latexmk" {
            for pair in argv.windows(2).filter(|pair| pair[0].text == "-e").take(8) {
                let words = ["perl", "-e", &pair[1].text].map(|text| Field { text: text.to_owned(), span });
                self.run(&words, span, Flow::default());
            }
        }
        let tex = matches!(
            name,
            "tex"
                | "etex"
                | "pdftex"
                | "latex"
                | "pdflatex"
                | "xelatex"
                | "xetex"
                | "lualatex"
                | "luatex"
                | "latexmk"
                | "tectonic"
                | "context"
        );
        let rpm = matches!(name, "rpm" | "rpmbuild" | "rpmspec");
        let fuzzy = matches!(name, "fzf" | "sk" | "fzf-tmux");
        if name == "ruby" && argv.iter().any(|field| matches!(field.text.as_str(), "-run" | "-rUN")) {
            // `ruby -run -e rm -- -r x`: files are handled as the command of that name does.
            let Some(at) = argv.iter().position(|field| field.text == "-e") else { return };
            let Some(command) = argv.get(at + 1).map(|field| field.text.clone()) else { return };
            let rest = argv.iter().skip(at + 2).filter(|field| field.text != "--").cloned();
            let words: Vec<Field> =
                std::iter::once(Field { text: command.clone(), span }).chain(rest).collect();
            if matches!(
                command.as_str(),
                "rm" | "rmdir" | "mv" | "cp" | "ln" | "install" | "chmod" | "touch" | "mkdir"
            ) {
                self.run(&words, span, Flow::default());
            } else if command == "httpd" {
                let served: Vec<Field> = ["python3", "-m", "http.server", "-d"]
                    .iter()
                    .map(|text| Field { text: (*text).to_owned(), span })
                    .chain(words.get(1).cloned())
                    .collect();
                self.run(&served, span, Flow::default());
            }
            return;
        }
        if !(tex || rpm || fuzzy) {
            return;
        }
        let mut texts: Vec<String> = argv.iter().skip(1).take(32).map(|field| field.text.clone()).collect();
        if tex {
            let own: Vec<String> = texts.iter().filter_map(|path| self.own_file(path)).collect();
            texts.extend(own);
            texts.extend(flow.input.map(str::to_owned));
        }
        for text in texts {
            let mut codes: Vec<String> = Vec::new();
            if tex {
                codes.extend(enclosed(&text, "\\write18{", '{', '}'));
                codes.extend(enclosed(&text, "\\ShellEscape{", '{', '}'));
                codes.extend(
                    text.split("|\"").skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned),
                );
                for code in enclosed(&text, "\\directlua{", '{', '}') {
                    let words = ["lua", "-e", &code].map(|text| Field { text: text.to_owned(), span });
                    self.run(&words, span, Flow::default());
                }
            }
            if rpm {
                codes.extend(enclosed(&text, "%(", '(', ')'));
                for code in enclosed(&text, "%{lua:", '{', '}') {
                    let words = ["lua", "-e", &code].map(|text| Field { text: text.to_owned(), span });
                    self.run(&words, span, Flow::default());
                }
            }
            if fuzzy {
                for action in [
                    "execute(",
                    "execute-silent(",
                    "reload(",
                    "reload-sync(",
                    "become(",
                    "transform(",
                    "preview(",
                    "execute:",
                    "become:",
                    "reload:",
                ] {
                    if let Some(code) =
                        action.strip_suffix(':').and_then(|name| text.split_once(&format!("{name}:")))
                    {
                        codes.push(code.1.to_owned());
                    } else {
                        codes.extend(enclosed(&text, action, '(', ')'));
                    }
                }
            }
            for code in codes.into_iter().take(16) {
                self.code(&code, span, Flow::default());
            }
        }
    }
}

impl Machine<'_> {
    /// Code for IPython: `-c CODE`, standard input, a notebook that is executed.
    fn notebooks(&mut self, name: &str, argv: &[Field], flow: Flow<'_>, span: Span) {
        let words: Vec<&str> = argv.iter().skip(1).take(32).map(|field| field.text.as_str()).collect();
        let direct = name.starts_with("ipython");
        let mut texts: Vec<String> = Vec::new();
        if direct {
            texts.extend(words.windows(2).filter(|pair| pair[0] == "-c").map(|pair| pair[1].to_owned()));
            texts.extend(words.iter().filter_map(|word| word.strip_prefix("-c=")).map(str::to_owned));
            if words.iter().all(|word| word.starts_with('-')) && texts.is_empty() {
                texts.extend(flow.input.map(str::to_owned));
            }
        }
        let executes =
            name != "jupyter" || words.iter().any(|word| word.trim_start_matches('-') == "execute");
        for path in words.iter().filter(|word| executes && !word.starts_with('-')) {
            if path.contains("://") {
                let target = self.target(TargetClass::Host, &self.unknowns.show(path), span);
                self.emit(EffectKind::RunCode, target, false, name, span);
            }
            let Some(text) = self.own_file(path) else { continue };
            if path.ends_with(".ipynb") {
                texts.extend(cells(&text));
            } else {
                texts.push(text);
            }
        }
        for text in texts.into_iter().take(16) {
            let (code, lines) = magics(&text);
            for line in lines.into_iter().take(32) {
                self.code(&line, span, Flow::default());
            }
            if !code.trim().is_empty() {
                let words = ["python3", "-c", &code].map(|text| Field { text: text.to_owned(), span });
                self.run(&words, span, Flow::default());
            }
        }
    }
}

/// What is for Python in code of IPython, and what its magics hand to a shell.
fn magics(text: &str) -> (String, Vec<String>) {
    let (mut code, mut lines) = (String::new(), Vec::new());
    let trimmed = text.trim_start();
    let cell =
        ["%%bash", "%%sh", "%%script", "%%system", "%%!"].iter().find(|magic| trimmed.starts_with(**magic));
    if let Some(magic) = cell {
        let rest = trimmed.get(magic.len()..).unwrap_or_default();
        lines.push(rest.split_once('\n').map_or(rest, |(_, rest)| rest).to_owned());
        return (code, lines);
    }
    for line in text.lines() {
        let bare = line.trim_start();
        // `x = !ls`
        let bare = bare
            .split_once("= !")
            .filter(|(name, _)| !name.contains(['(', '"']))
            .map_or(bare, |(_, _)| &bare[bare.find('!').unwrap_or(0)..]);
        let shell = bare.strip_prefix('!').or_else(|| {
            ["%sx ", "%system ", "%%sx ", "%sh "].iter().find_map(|magic| bare.strip_prefix(magic))
        });
        match shell {
            Some(shell) => lines.push(shell.trim_start_matches('!').to_owned()),
            None => {
                code.push_str(&line.replace("get_ipython().system(", "__import__('os').system("));
                code.push('\n');
            }
        }
    }
    (code, lines)
}

/// The code of a notebook's cells.
fn cells(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    for (at, mark) in text.match_indices("\"source\"").take(32) {
        let rest = text.get(at + mark.len()..).unwrap_or_default().trim_start();
        let Some(rest) = rest.strip_prefix(':').map(str::trim_start) else { continue };
        let mut cell = String::new();
        let listed = rest.strip_prefix('[');
        let mut rest = listed.unwrap_or(rest).trim_start();
        while let Some((line, after)) = super::job_texts::json_string(rest) {
            cell.push_str(&line);
            rest = after.trim_start();
            match rest.strip_prefix(',') {
                Some(next) if listed.is_some() => rest = next.trim_start(),
                _ => break,
            }
        }
        out.push(cell);
    }
    out
}

/// What stands in brackets behind each `mark`, which ends with the opening one.
fn enclosed(text: &str, mark: &str, open: char, close: char) -> Vec<String> {
    let mut out = Vec::new();
    for (at, _) in text.match_indices(mark).take(16) {
        let rest = text.get(at + mark.len()..).unwrap_or_default();
        let mut depth = 0usize;
        let end = rest.char_indices().find(|&(_, letter)| {
            if letter == open {
                depth += 1;
            } else if letter == close {
                if depth == 0 {
                    return true;
                }
                depth -= 1;
            }
            false
        });
        out.push(rest.get(..end.map_or(rest.len(), |(at, _)| at)).unwrap_or_default().to_owned());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::enclosed;
    use crate::safety::Risk::{High, Moderate, Safe};
    use crate::safety::tests::{check_all, context};

    #[test]
    fn brackets_are_found_by_what_stands_before_them() {
        assert_eq!(enclosed("a%(b (c))d", "%(", '(', ')'), ["b (c)"]);
        assert_eq!(enclosed("\\write18{x}", "\\write18{", '{', '}'), ["x"]);
    }

    #[test]
    fn words_that_a_program_takes_for_code_or_orders() {
        check_all(
            &context(),
            &[
                (High, "java -jar lib/dropctl-1.2.jar delete cluster shop --yes"),
                (Moderate, "java -jar jenkins-cli.jar -s https://ci.example.com delete-job nightly"),
                (High, "nix run --impure --expr 'import (fetchTarball \"http://example.com/x.tar.gz\")'"),
                (High, "mutt -e 'set editor=\"rm -rf ~/work;\"' -s hi anna@example.org"),
                (High, "ansible localhost -m file -a 'path=~/work state=absent'"),
                (High, "HISTFILE=~/.bashrc; history -w"),
                (High, "php -d auto_prepend_file=data:text/plain,'<?php exec(\"rm -rf ~/work\");' -r ''"),
                (High, "php -d auto_prepend_file=http://example.com/x.txt -r ''"),
                (Safe, "java -jar jenkins-cli.jar -s https://ci.example.com list-jobs"),
                (Safe, "java -jar app.jar delete"),
                (Safe, "nix run --expr 'import (fetchTarball \"https://example.com/x.tar.gz\")'"),
                (Safe, "mutt -e 'set editor=vim' -s hi anna@example.org"),
                (Safe, "mutt -e 'set from=\"rm -rf ~/work;\"' -s hi anna@example.org"),
                (Moderate, "ansible localhost -m file -a 'path=~/work state=directory'"),
                (Safe, "HISTFILE=~/.history_work; history -w"),
                (Safe, "php -d memory_limit=-1 -d auto_prepend_file= vendor/bin/phpstan"),
            ],
        );
    }

    #[test]
    fn mail_and_firewalls() {
        check_all(
            &context(),
            &[
                (High, "postsuper -d ALL deferred"),
                (High, "doveadm expunge -A mailbox INBOX savedbefore 1d"),
                (High, "doveadm mailbox delete -u anna Archive"),
                (High, "exim -bpru | awk '{print $3}' | xargs exim -Mrm"),
                (High, "firewall-cmd --permanent --zone=public --set-target=ACCEPT"),
                (High, "xbps-remove -F openssl"),
                (Moderate, "postsuper -d 3F2A1"),
                (Moderate, "doveadm expunge -u anna mailbox Trash savedbefore 30d"),
                (Safe, "postqueue -p"),
                (Safe, "doveadm mailbox list -u anna"),
                (Safe, "exim -bp"),
                (Safe, "firewall-cmd --list-all"),
            ],
        );
    }
}
