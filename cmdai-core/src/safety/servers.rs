//! Programs that hand out a folder, put one in place, or keep code for later.

use super::call::Call;
use super::machine::{Flow, Machine};
use super::{EffectKind, TargetClass, paths, value};
use crate::line::Span;

impl Machine<'_> {
    /// A server of files: which folder it offers, and to whom.
    pub(super) fn serves(&mut self, call: &Call<'_>) {
        let words: Vec<&str> = call.argv.iter().skip(1).map(|field| field.text.as_str()).collect();
        let after = |flags: &[&str]| {
            let at = words.iter().position(|word| flags.contains(word));
            at.and_then(|at| words.get(at + 1)).copied()
        };
        let joined = |flag: &str| words.iter().find_map(|word| word.strip_prefix(flag));
        let last = || words.iter().rev().find(|word| word.starts_with(['/', value::HOME, '~'])).copied();
        let is_caddy = call.argv.first().is_some_and(|field| field.text.ends_with("caddy"));
        let folder = match if is_caddy { "caddy" } else { call.program } {
            "httpd" => after(&["-h"]),
            "php" if words.contains(&"-S") => Some(after(&["-t"]).unwrap_or(".")),
            "ruby"
                if words.iter().any(|word| matches!(*word, "-run" | "-run.rb"))
                    && words.contains(&"httpd") =>
            {
                Some(after(&["httpd"]).filter(|word| !word.starts_with('-')).unwrap_or("."))
            }
            "updog" => last().or_else(|| after(&["-d", "-r", "--root"])).or(Some(".")),
            "rclone" if words.first() == Some(&"serve") => words.get(2).copied(),
            "caddy" if words.first() == Some(&"file-server") => {
                joined("--root=").or_else(|| after(&["--root", "-r"])).or(Some("."))
            }
            "npx" if words.iter().any(|word| matches!(*word, "http-server" | "serve" | "live-server")) => {
                last().or(Some("."))
            }
            _ => return,
        };
        let only_here = words.iter().any(|word| {
            ["127.0.0.1", "localhost", "[::1]"]
                .iter()
                .any(|host| word.trim_start_matches("-i").starts_with(host))
        });
        if let (Some(folder), false) = (folder, only_here) {
            let span = self.at(call.span);
            self.serves_folder(folder, span, call.program);
        }
    }

    /// Offers a folder to the network: a home or the whole disk holds more than anybody means to show.
    pub(super) fn serves_folder(&mut self, folder: &str, span: Span, program: &str) {
        let place = paths::locate(folder, &self.state.cwd, self.ctx);
        let class = place.class;
        if !matches!(
            class,
            TargetClass::Home
                | TargetClass::Root
                | TargetClass::Secret
                | TargetClass::System
                | TargetClass::OtherHome
        ) {
            return;
        }
        let shown = self.unknowns.show(&place.path);
        let deep = class == TargetClass::Root
            || class == TargetClass::Secret
            || class == TargetClass::Home && place.path.chars().count() == 1
            || matches!(place.path.as_str(), "/etc" | "/home" | "/root" | "/var" | "/Users");
        let target =
            self.target(TargetClass::Named, &format!("everybody in the network, from {shown}"), span);
        self.emit(EffectKind::Publish, target, deep, program, span);
    }

    /// `docker build -o DIR` writes what the image holds into a folder of this machine.
    pub(super) fn exported(&mut self, call: &Call<'_>) {
        for item in call.args.values("-o") {
            let path = match item.text.split(',').find_map(|part| part.strip_prefix("dest=")) {
                Some(path) => path,
                None if item.text.contains('=') => continue,
                None => item.text,
            };
            let class = paths::locate(path, &self.state.cwd, self.ctx).class;
            if matches!(class, TargetClass::Root | TargetClass::System | TargetClass::ShellStartup) {
                let span = self.at(call.argv.get(item.word + 1).map_or(call.span, |field| field.span));
                self.touch(EffectKind::Overwrite, path, span, true, "docker");
            }
        }
    }

    /// Code for `at` that stands in the line and runs once has been judged: nothing stays.
    pub(super) fn once_later(&mut self, flow: Flow<'_>) {
        if flow.input.is_some_and(|input| !value::has_hole(input))
            && let Some(at) = self.effects.iter().rposition(|effect| {
                effect.kind == EffectKind::Persist && effect.program == "at" && effect.detail.is_empty()
            })
        {
            self.effects.remove(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::safety::{Risk, check};
    use crate::{Context, Dialect};

    #[test]
    fn what_is_offered_to_the_network() {
        let risk = |line: &str| check(line, &Context::new(Dialect::Bash)).risk;
        for line in [
            "busybox httpd -f -p 0.0.0.0:8000 -h /",
            "httpd -p 80 -h /etc",
            "python3 -m http.server -d /",
            "cd / && python3 -m http.server",
            "cd && python3 -m http.server 8000",
            "python -m http.server --directory ~",
            "php -S 0.0.0.0:80 -t /",
            "ruby -run -e httpd / -p 8000",
            "npx http-server /",
            "darkhttpd /",
            "miniserve ~/.ssh",
            "rclone serve http / --addr :8080",
            "caddy file-server --root / --listen :80",
            "cd / && php -S 0.0.0.0:8080",
        ] {
            assert!(risk(line) >= Risk::High, "{line}");
        }
        for line in [
            "busybox httpd -f -p 8000 -h public",
            "python3 -m http.server -d public",
            "php -S localhost:8000 -t public",
            "python3 -m http.server --bind 127.0.0.1 -d /",
            "npx http-server dist",
            "ruby -run -e httpd . -p 8000",
            "serve -s build",
            "miniserve .",
            "caddy file-server --root public",
        ] {
            assert_eq!(risk(line), Risk::Safe, "{line}");
        }
    }

    #[test]
    fn what_is_put_in_place_and_kept() {
        let risk = |line: &str| check(line, &Context::new(Dialect::Bash)).risk;
        assert!(risk("printf 'FROM alpine' | sudo docker build -o / -") >= Risk::High);
        assert!(risk("docker build --output type=local,dest=/ .") >= Risk::High);
        assert_eq!(risk("docker build -o out ."), Risk::Safe);
        assert_eq!(risk("docker build -o type=local,dest=./out ."), Risk::Safe);
        assert_eq!(risk("echo 'notify-send tea' | at now + 5 minutes"), Risk::Safe);
        assert_eq!(risk("at 17:00 <<< 'make nightly'"), Risk::Safe);
        assert_eq!(risk("echo 'rm -rf /home' | at now"), Risk::Critical);
        assert!(risk("at now -f /tmp/x") >= Risk::Moderate);
    }
}
