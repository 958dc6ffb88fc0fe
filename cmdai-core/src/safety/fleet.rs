//! Programs that run one thing on many machines: the modules of Ansible and the functions of Salt.

use super::call::Call;
use super::machine::{Flow, Machine};
use super::{EffectKind, TargetClass, paths, value};
use crate::line::Span;

impl Machine<'_> {
    pub(super) fn fleet(&mut self, call: &Call<'_>) {
        self.on_the_controller(call);
        if call.args.is_dry() || call.args.has("--list-hosts") {
            return;
        }
        let (module, text, span) = if call.program == "ansible" {
            let module = call.args.values("-m").last().map_or("command", |item| item.text);
            match call.args.values("-a").last() {
                Some(text) => (module, text.text.to_owned(), self.at(call.argv[text.word + 1].span)),
                None => (module, String::new(), self.at(call.span)),
            }
        } else {
            let operands: Vec<_> = call.args.operands().collect();
            let Some(function) = operands.get(1) else { return };
            let words: Vec<&str> = operands.iter().skip(2).map(|item| item.text).collect();
            (function.text, words.join(" "), self.at(call.argv[function.word + 1].span))
        };
        // Other machines: the line tells nothing of where it starts but the home there.
        let state = std::mem::take(&mut self.state);
        self.state.cwd = value::HOME.to_string();
        let before = self.effects.len();
        self.on_all_machines(module.rsplit_once("builtin.").map_or(module, |(_, name)| name), &text, span);
        self.state = state;
        self.stops_far_away(before);
        if call.program == "ansible" && !self.is_plain_fleet(call) {
            let target = self.target(TargetClass::Named, "all these machines", self.at(call.span));
            self.emit(EffectKind::Configure, target, false, "ansible", self.at(call.span));
        }
        // What stops on one machine is a pause; on all of them nobody is left to answer.
        let all =
            call.args.operands().next().is_some_and(|item| {
                matches!(item.text, "all" | "*" | "\\*") || item.text.contains(value::STAR)
            });
        for effect in self.effects.iter_mut().skip(before).filter(|_| all) {
            let stops = matches!(effect.detail.as_str(), "stop" | "disable" | "mask" | "kill");
            if effect.kind == EffectKind::Configure && stops {
                effect.kind = EffectKind::Interrupt;
                effect.recursive = true;
                effect.target.text = format!("{} on all machines", effect.target.text);
            }
        }
    }

    /// What runs on the machine that Ansible is called on, whatever the module does on the others: a lookup in a template, the
    /// command by which they are reached.
    fn on_the_controller(&mut self, call: &Call<'_>) {
        if call.program != "ansible" {
            return;
        }
        let asks = |text: &str| {
            let opened = text.contains("{{") || text.contains("{%");
            let calls = ["lookup", "query", "q("].iter().any(|name| text.contains(name));
            opened && calls && (text.contains("pipe") || value::has_hole(text))
        };
        let reaches = |text: &str| {
            let text = text.to_ascii_lowercase();
            text.contains("proxycommand") || text.contains("localcommand")
        };
        let mut fields = call.argv.iter().skip(1).take(64);
        let found = fields.find(|field| asks(&field.text) || reaches(&field.text)).cloned();
        if let Some(field) = found {
            let span = self.at(field.span);
            let target = self.target(TargetClass::Unknown, &self.unknowns.show(&field.text), span);
            self.emit_with(EffectKind::RunCode, target, false, "ansible", span, "hidden");
        }
    }

    /// True where nothing but the module and what it is told decides what happens: no template, no setting, no plugin from
    /// elsewhere, no inventory that may be a program.
    fn is_plain_fleet(&self, call: &Call<'_>) -> bool {
        const FLAGS: &[&str] = &["-m", "-a", "-b", "-i", "-l", "-u", "-f", "-o", "-v", "-K", "-k"];
        let templated =
            call.argv.iter().skip(1).any(|field| field.text.contains("{{") || field.text.contains("{%"));
        let set = self.state.variables().iter().any(|(name, _)| name.starts_with("ANSIBLE_"));
        let inventory = |text: &str| {
            let plain = |letter: char| letter.is_ascii_alphanumeric() || "._-/,~@:".contains(letter);
            let program = [".py", ".sh", ".rb", ".pl"].iter().any(|end| text.ends_with(end));
            let class = paths::locate(text, &self.state.cwd, self.ctx).class;
            let shown = text.replace(value::HOME, "~");
            shown.chars().all(plain)
                && !program
                && class != TargetClass::Temporary
                && self.own_file(text).is_none()
        };
        !templated && !set && call.has_only(FLAGS) && call.args.values("-i").all(|item| inventory(item.text))
    }

    /// `aws ssm send-command --parameters commands=CODE`.
    pub(super) fn sent_command(&mut self, call: &Call<'_>) {
        if call.args.spec.name != "send-command" || call.args.is_dry() {
            return;
        }
        let values: Vec<_> = call.args.values("--parameters").collect();
        for item in values {
            let Some((_, code)) = item.text.split_once("commands") else { continue };
            let code = code.trim_start_matches(['"', '\'', ':', '=', '[', ' ']);
            let code = code.trim_end_matches(['"', '\'', ']', '}', ' ']).to_owned();
            let span = self.at(call.argv[item.word + 1].span);
            let state = std::mem::take(&mut self.state);
            self.state.cwd = value::HOME.to_string();
            self.code(&code, span, Flow::default());
            self.state = state;
        }
    }

    fn on_all_machines(&mut self, module: &str, text: &str, span: Span) {
        // `~` is the home there, in quotes too.
        let home = text.replace("=~/", &format!("={}/", value::HOME));
        let text = home.as_str();
        let setting = |name: &str| {
            let words = text.split_whitespace();
            words
                .filter_map(|word| word.split_once('='))
                .find(|(key, _)| *key == name)
                .map(|(_, value)| value)
        };
        let path = || setting("path").or_else(|| setting("dest")).or_else(|| setting("name")).unwrap_or("");
        let starts = matches!(setting("state"), Some("started" | "restarted" | "reloaded"))
            || matches!(setting("enabled"), Some("yes" | "true"));
        if matches!(module, "service" | "systemd" | "systemd_service" | "sysvinit") && starts {
            let name = setting("name").unwrap_or_default().to_owned();
            self.starts_unit(name.trim_matches(['"', '\'']), span, "ansible");
        }
        match module {
            "shell" | "command" | "raw" | "cmd.run" | "cmd.run_all" | "cmd.shell" | "cmd.script"
            | "win_shell" | "win_command" | "expect" => {
                self.code(text, span, Flow::default());
            }
            "file" | "win_file" if setting("state") == Some("absent") => {
                self.touch(EffectKind::Delete, path(), span, true, "ansible");
            }
            "file.remove" | "file.rmdir" => {
                self.touch(EffectKind::Delete, text, span, true, "salt");
            }
            "copy" | "template" | "blockinfile" | "replace" => {
                self.touch(EffectKind::Overwrite, path(), span, false, "ansible");
            }
            "get_url" | "win_get_url" | "unarchive" => {
                let url = setting("url").or_else(|| setting("src")).unwrap_or("").to_owned();
                let to = setting("dest").unwrap_or("").to_owned();
                if !url.is_empty() && !to.is_empty() {
                    self.code(&format!("curl -o '{to}' '{url}'"), span, super::machine::Flow::default());
                }
            }
            "filesystem" => {
                let device = setting("dev").or_else(|| setting("device")).unwrap_or("");
                self.touch(EffectKind::WriteDevice, device, span, true, "mkfs");
            }
            "parted" | "community.general.parted" => {
                if let Some(device) = setting("device") {
                    self.touch(EffectKind::WriteDevice, device, span, true, "parted");
                }
            }
            "reboot" | "win_reboot" | "system.reboot" | "system.shutdown" | "system.poweroff" => {
                let target = self.target(TargetClass::Host, "all these machines", span);
                self.emit_with(EffectKind::Shutdown, target, true, "ansible", span, "remote");
            }
            "service" | "systemd" | "service.stop" | "service.disable"
                if module.ends_with("stop")
                    || module.ends_with("disable")
                    || matches!(setting("state"), Some("stopped")) =>
            {
                let name = setting("name").unwrap_or(text);
                let target = self.target(TargetClass::Named, name, span);
                self.emit_with(EffectKind::Configure, target, false, "ansible", span, "stop");
            }
            "service" | "systemd"
                if text.split_whitespace().all(|word| match word.split_once('=') {
                    Some(("name", name)) => is_unit_name(name),
                    Some(("state", "started")) | Some(("enabled", "yes" | "true")) => true,
                    _ => false,
                }) =>
            {
                let target = self.target(TargetClass::Named, "all these machines", span);
                self.emit_with(EffectKind::Configure, target, false, "ansible", span, "start");
            }
            "apt" | "yum" | "dnf" | "package" | "pip" | "snap" | "homebrew" | "service" | "systemd"
            | "cron" | "apt_repository" | "authorized_key" | "lineinfile" | "mount" => {
                let target = self.target(TargetClass::Named, "all these machines", span);
                self.emit(EffectKind::Configure, target, false, "ansible", span);
            }
            "user"
                if setting("state") == Some("absent")
                    && matches!(setting("remove"), Some("yes" | "true")) =>
            {
                let name = setting("name").unwrap_or(text);
                let target = self.target(TargetClass::Named, name, span);
                self.emit_with(EffectKind::Configure, target, true, "ansible", span, "user-with-home");
            }
            "user" | "group" if setting("state") == Some("absent") => {
                let target = self.target(TargetClass::Named, text, span);
                self.emit(EffectKind::Delete, target, true, "ansible", span);
            }
            // A database, a volume, a machine of a cloud.
            _ if setting("state") == Some("absent") => {
                let target = self.target(TargetClass::Named, &format!("{module} {text}"), span);
                self.emit(EffectKind::DestroyCloud, target, true, "ansible", span);
            }
            "ping" | "setup" | "test.ping" | "debug" | "stat" | "service_facts" | "package_facts" => {}
            _ if module.starts_with("grains.")
                || module.ends_with("_info")
                || module.starts_with("status.") => {}
            _ => {
                let target = self.target(TargetClass::Named, "all these machines", span);
                self.emit(EffectKind::Configure, target, false, "ansible", span);
            }
        }
    }
}

/// True for the name of a unit: no path.
pub(super) fn is_unit_name(name: &str) -> bool {
    name.starts_with(|letter: char| letter.is_ascii_alphanumeric())
        && name.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_@.:".contains(letter))
}

#[cfg(test)]
mod tests {
    use crate::safety::Risk::{High, Moderate, Safe};
    use crate::safety::tests::{check_all, context};

    #[test]
    fn what_runs_on_the_controller() {
        check_all(
            &context(),
            &[
                (Safe, "ansible all -m ping"),
                (Safe, "ansible web -i inventory.ini -m setup -u deploy -b -f 5 -o"),
                (Safe, "ansible all -i 'web1,web2,' -m ping"),
                (Safe, "ansible localhost -m debug -a 'msg=hello'"),
                (High, "ansible localhost -m debug -a 'msg={{ lookup(\"pipe\", \"id\") }}'"),
                (Moderate, "ansible localhost -m debug -a 'msg={{ ansible_hostname }}'"),
                (High, "ansible web -m ping --ssh-common-args='-o ProxyCommand=/tmp/x'"),
                (Moderate, "ansible web -m ping --ssh-common-args='-o Port=22'"),
                (Moderate, "ansible web -m ping -M /tmp/modules"),
                (Moderate, "ansible web -m ping --vault-password-file /tmp/x"),
                (Moderate, "ansible web -m ping -e @vars.yml"),
                (Moderate, "ansible web -b --become-exe=/tmp/x -m ping"),
                (Moderate, "ANSIBLE_LIBRARY=/tmp/x ansible web -m ping"),
                (Moderate, "export ANSIBLE_CONFIG=/tmp/x; ansible web -m ping"),
                (Moderate, "ansible web -i /tmp/hosts -m ping"),
                (Moderate, "ansible web -i ./hosts.py -m ping"),
            ],
        );
    }
}
