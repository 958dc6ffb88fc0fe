//! What is done at other machines: at a container engine that is not the one here, at a cache or a store of copies that
//! takes its orders as lines of text, and by tools that hand words or files over to them.

use super::call::Call;
use super::machine::{Field, Flow, Machine};
use super::{EffectKind, TargetClass};
use crate::line::Span;

/// Lines of orders that are read.
const LINES: usize = 64;

impl Machine<'_> {
    /// What is deleted at a container engine of another machine is others' work.
    pub(super) fn on_another_engine(&mut self, call: &Call<'_>, before: usize) {
        if call.program != "docker" {
            return;
        }
        let named = ["-H", "--host", "--context", "-c"].iter().flat_map(|flag| call.args.values(flag)).last();
        let variable = ["DOCKER_HOST", "DOCKER_CONTEXT"].iter().find_map(|name| self.get(name));
        let variable = variable.and_then(|known| super::expand::elements(known).first().cloned());
        let named = named.map(|item| item.text.to_owned());
        let Some(engine) = named.or(variable).or_else(|| self.chosen_engine()) else { return };
        let here = ["unix:", "npipe:", "fd:", "default", "desktop-", "colima", "orbstack", "rootless"]
            .iter()
            .any(|start| engine.starts_with(start));
        if here || engine.is_empty() {
            return;
        }
        let prunes = call.args.spec.name == "prune" && !call.args.is_dry();
        if prunes && self.effects.len() == before {
            // What nobody here needs somebody there may.
            let span = self.at(call.span);
            let target = self.target(TargetClass::Named, "unused things on another machine", span);
            return self.emit(EffectKind::Delete, target, false, call.program, span);
        }
        for effect in self.effects.iter_mut().skip(before).filter(|effect| effect.kind == EffectKind::Delete)
        {
            effect.kind = EffectKind::DestroyCloud;
            effect.detail = "container".to_owned();
        }
    }

    /// The engine that the line itself has chosen for every later call: `docker context use prod`.
    fn chosen_engine(&self) -> Option<String> {
        self.commands.iter().rev().find_map(|command| match &command.argv[..] {
            [Some(docker), Some(context), Some(verb), name, ..]
                if docker == "docker" && context == "context" && verb == "use" =>
            {
                Some(name.clone().unwrap_or_else(|| "…".to_owned()))
            }
            _ => None,
        })
    }

    /// True where the line has chosen which cluster is meant: no longer the one that a person tries things on.
    pub(super) fn on_another_cluster(&self) -> bool {
        self.state.variable("KUBECONFIG").is_some()
            || self.commands.iter().any(|command| {
                let word = |at: usize| command.argv.get(at).and_then(Option::as_deref).unwrap_or_default();
                matches!(word(0), "kubectx" | "kubie")
                    || matches!(word(0), "kubectl" | "oc")
                        && word(1) == "config"
                        && matches!(word(2), "use" | "use-context" | "set-context" | "set-cluster" | "set")
            })
    }

    /// Lines that are sent to a server: `echo flush_all | nc cache 11211`.
    pub(super) fn orders(&mut self, call: &Call<'_>, flow: Flow<'_>) {
        let Some(input) = flow.input else { return };
        let (final_words, what): (&[&str], &str) = match call.program {
            "bconsole" => (&["delete", "prune", "purge", "truncate"], "copies"),
            _ => (&["flush_all", "flushall", "flushdb"], "everything in a cache"),
        };
        let loses = input.lines().take(LINES).any(|line| {
            let word = line.split_whitespace().next().unwrap_or_default();
            final_words.iter().any(|known| word.eq_ignore_ascii_case(known))
        });
        if loses {
            let span = self.at(call.span);
            let target = self.target(TargetClass::Named, what, span);
            self.emit(EffectKind::DropData, target, true, call.program, span);
        }
    }
}

impl Machine<'_> {
    /// `socat FILE:/etc/shadow TCP:host:port`: what one side reads, the other sends.
    pub(super) fn joined_addresses(&mut self, argv: &[Field]) {
        let words: Vec<(String, Span)> = argv
            .iter()
            .skip(1)
            .filter(|field| !field.text.starts_with('-'))
            .map(|field| (field.text.clone(), field.span))
            .collect();
        for (word, span) in &words {
            let Some((kind, code)) = word.split_once(':') else { continue };
            if matches!(kind.to_ascii_lowercase().as_str(), "exec" | "system" | "shell") {
                let code = code.trim_matches(['\'', '"']).to_owned();
                let span = self.at(*span);
                self.code(&code, span, Flow::default());
            }
        }
        let [(one, from), (other, to), ..] = &words[..] else { return };
        let is_net = |text: &str| {
            let kind = text.split([':', ',']).next().unwrap_or_default().to_ascii_lowercase();
            ["tcp", "udp", "ssl", "openssl", "socks", "proxy", "sctp", "websocket", "vsock"]
                .iter()
                .any(|net| kind.starts_with(net))
        };
        for ((file, span), net) in [((one, *from), other), ((other, *to), one)] {
            let kind = file.split(':').next().unwrap_or_default().to_ascii_lowercase();
            let path = match kind.as_str() {
                "file" | "open" | "gopen" | "create" => file.split(':').nth(1),
                _ if file.contains(':') => None,
                _ => Some(file.as_str()).filter(|file| file.contains('/')),
            };
            let Some(path) = path.map(|path| path.split(',').next().unwrap_or(path).to_owned()) else {
                continue;
            };
            let span = self.at(span);
            if is_net(net) {
                let content = self.read_path(&path, span, "socat");
                self.sends(&content, &path, span, "socat");
                let place = super::paths::locate(&path, &self.state.cwd, self.ctx);
                if matches!(place.class, TargetClass::System | TargetClass::Device) {
                    let target = self.target(TargetClass::Secret, &path, span);
                    self.emit(EffectKind::Send, target, false, "socat", span);
                }
            }
        }
    }

    /// Tools that run words on another machine, and say where these begin in a way of their own.
    pub(super) fn run_elsewhere(&mut self, name: &str, argv: &[Field], flow: Flow<'_>) {
        let words: Vec<&str> = argv.iter().skip(1).map(|field| field.text.as_str()).collect();
        let dashes = words.iter().position(|word| *word == "--");
        let runs = match (name, words.first().copied(), words.get(1).copied()) {
            ("uv", Some("run"), _)
            | ("pipx", Some("run"), _)
            | ("bun" | "pnpm" | "yarn", Some("x" | "dlx"), _) => 1,
            ("uvx" | "bunx" | "pnpx" | "python3" | "python" | "Rscript" | "julia" | "bash" | "sh", _, _) => 0,
            ("uv", Some("tool"), Some("run" | "install")) => 2,
            ("nix", Some("shell" | "develop"), _) => 1,
            ("go", Some("run"), _) => 1,
            _ => usize::MAX,
        };
        let address = words.get(runs..).unwrap_or_default().iter().find(|word| !word.starts_with('-'));
        if let Some(address) = address
            && ["http://", "https://", "git+", "github:", "gitlab:", "tarball+"]
                .iter()
                .any(|start| address.starts_with(start))
        {
            let span = self.at(argv.first().map_or(Span::new(0, 0), |field| field.span));
            let target = self.target(TargetClass::Host, &self.unknowns.show(address), span);
            self.emit(EffectKind::RunCode, target, false, name, span);
        }
        let rest: Option<usize> = match (name, words.first().copied()) {
            ("heroku", Some("run" | "run:detached" | "run:inside"))
            | ("dokku", Some("run" | "enter"))
            | ("scalingo", Some("run")) => {
                let mut at = 1 + usize::from(name == "dokku");
                while words.get(at).is_some_and(|word| word.starts_with('-')) {
                    at += if words.get(at).is_some_and(|word| {
                        matches!(*word, "-a" | "--app" | "-s" | "--size" | "-e" | "--env" | "--type")
                    }) {
                        2
                    } else {
                        1
                    };
                }
                Some(at)
            }
            ("launchctl", Some("submit")) => {
                let code = dashes.and_then(|at| argv.get(at + 2..)).unwrap_or_default().to_vec();
                if !code.is_empty() {
                    let at = code.first().map_or(Span::new(0, 0), |field| field.span);
                    self.run(&code, at, Flow::default());
                }
                None
            }
            ("mosh" | "fab" | "et" | "eternal" | "wush" | "sshpass2", _) => dashes.map(|at| at + 1),
            ("parallel-ssh" | "pssh" | "prll", _) => words.len().checked_sub(1),
            ("npx" | "pnpx" | "bunx", _) => match words.iter().position(|word| !word.starts_with('-')) {
                Some(at)
                    if words.get(at).is_some_and(|word| {
                        matches!(
                            *word,
                            "shx" | "cross-env" | "cross-env-shell" | "dotenvx" | "env-cmd" | "dotenv"
                        )
                    }) =>
                {
                    Some(at + 1)
                }
                _ => dashes.map(|at| at + 1),
            },
            _ => None,
        };
        let Some(at) = rest else { return };
        let mut code: Vec<&str> = words.get(at..).unwrap_or_default().to_vec();
        // `heroku run CODE -a app`
        if name == "heroku"
            && let Some(end) =
                code.iter().position(|word| matches!(*word, "-a" | "--app" | "-r" | "--remote"))
        {
            code.truncate(end);
        }
        if code.is_empty() {
            return;
        }
        let span = self.at(argv.first().map_or(Span::new(0, 0), |field| field.span));
        let code = code.join(" ");
        if matches!(name, "npx" | "pnpx" | "bunx") {
            let code = code.split(' ').skip_while(|word| word.contains('=')).collect::<Vec<_>>().join(" ");
            self.code(&code, span, flow);
            return;
        }
        let argv = ["ssh", "host", &code].map(|text| Field { text: text.to_owned(), span });
        self.run(&argv, span, Flow { want: false, ..flow });
    }
}

#[cfg(test)]
mod tests {
    use crate::safety::Risk::{High, Moderate, Safe};
    use crate::safety::tests::{check_all, context};

    #[test]
    fn servers_elsewhere() {
        check_all(
            &context(),
            &[
                (High, "docker -H ssh://prod rm -f web"),
                (High, "docker --context prod rm web"),
                (High, "DOCKER_HOST=tcp://10.0.0.5:2375 docker rm -f db"),
                (Moderate, "docker --context default rm -f web"),
                (Moderate, "docker rm -f web"),
                (Safe, "docker -H ssh://prod ps"),
                (High, "docker context use prod && docker rm -f web && docker run -d --name web nginx"),
                (Safe, "docker context use default && docker rm -f web && docker run -d --name web nginx"),
                (Safe, "docker context use prod && docker ps"),
                (High, "echo flush_all | nc cache 11211"),
                (Safe, "echo stats | nc cache 11211"),
                (High, "bconsole <<< 'purge volume=x'"),
                (Safe, "bconsole <<< 'status dir'"),
            ],
        );
    }
}
