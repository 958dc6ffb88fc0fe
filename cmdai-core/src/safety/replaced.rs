//! Settings that are kept for later shells and put something else in the place of what people mean: a command under the name
//! of another, a folder before all others, an index or a proxy of somebody else's.

use std::sync::Arc;

use super::machine::{Flow, Machine};
use super::{EffectKind, TargetClass, data, indices, known, paths, placed, value};
use crate::line::Span;
use crate::syntax::ir::Command;

/// Detail of settings that lead programs to somebody else's place.
pub(super) const LEADS: &str = "leads";

/// Variables that say where programs are found, where packages come from, and through whom all of it goes.
pub(super) const LEADING: &[&str] = &[
    "ALL_PROXY",
    "CARGO_REGISTRIES_CRATES_IO_INDEX",
    "DYLD_INSERT_LIBRARIES",
    "GOPROXY",
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "LD_PRELOAD",
    "NPM_CONFIG_REGISTRY",
    "PATH",
    "PIP_EXTRA_INDEX_URL",
    "PIP_INDEX_URL",
    "PROMPT_COMMAND",
    "UV_DEFAULT_INDEX",
    "UV_INDEX_URL",
    "YARN_NPM_REGISTRY_SERVER",
    "all_proxy",
    "http_proxy",
    "https_proxy",
    "npm_config_registry",
    "path",
];

impl Machine<'_> {
    /// True where such a variable names a place of somebody else's.
    pub(super) fn leads_away(&self, name: &str, text: &str) -> bool {
        match name {
            "PATH" => {
                let first = text.split(':').next().unwrap_or_default();
                !first.starts_with(value::is_hole)
                    && (matches!(first, "" | ".")
                        || first.contains("/Downloads")
                        || paths::locate(first, "", self.ctx).class == TargetClass::Temporary)
            }
            "LD_PRELOAD" | "DYLD_INSERT_LIBRARIES" => {
                let system = ["/usr/lib", "/lib", "/usr/local/lib", "/opt/homebrew/"];
                !text.is_empty()
                    && !text.split([':', ' ']).all(|path| system.iter().any(|start| path.starts_with(start)))
            }
            "PROMPT_COMMAND" => false,
            _ => text.split([',', '|', ' ']).any(|url| {
                let host = known::host_of(url);
                url.contains("://") && !indices::is_near(host) && !indices::is_index(host)
            }),
        }
    }

    /// An alias of this shell alone that hands what is meant for a command to a program where anybody may put one, or to one
    /// that deletes.
    pub(super) fn poses_here(&mut self, name: &str, code: &str, span: Span) {
        let code = code.trim_start_matches('^');
        let program = code.split_whitespace().next().unwrap_or_default();
        let hidden = program.contains('/') && self.is_anybodys(program);
        if turns(name, code) || hidden && (poses_as(name, code) || is_commands_name(name)) {
            let target = self.target(TargetClass::Unknown, name, span);
            self.emit_with(EffectKind::RunCode, target, false, "alias", span, "hidden");
        }
    }

    /// True for a function in the place of a command that does something worse than that command, or that hears what is
    /// meant for one that is trusted with a password.
    pub(super) fn takes_over(&mut self, name: &str, body: &Arc<Command>) -> bool {
        if self.active.iter().any(|active| active == name) || self.active.len() > 4 {
            return false;
        }
        let before = self.effects.len();
        self.active.push(name.to_owned());
        self.active_guards.push(self.guards);
        self.apart(|machine| match machine.dialect {
            crate::Dialect::Nu => machine.nu_body(body, is_trusted(name)),
            _ => machine.nested_command(body, Flow::default()),
        });
        self.active.pop();
        self.active_guards.pop();
        self.effects.iter().skip(before).any(|effect| {
            let own = effect.program == name || effect.detail == "asks";
            let leads = effect.kind == EffectKind::RunCode && effect.target.class == TargetClass::Host;
            let worse = matches!(
                effect.kind,
                EffectKind::Send
                    | EffectKind::Fetch
                    | EffectKind::RemoteShell
                    | EffectKind::Delete
                    | EffectKind::DropData
                    | EffectKind::WriteDevice
            );
            let heard = is_trusted(name) && !matches!(effect.kind, EffectKind::Read | EffectKind::RunCode);
            !own && (leads || worse || heard)
        })
    }
}

/// True for a program that is trusted with a password.
fn is_trusted(name: &str) -> bool {
    matches!(name, "sudo" | "su" | "doas" | "ssh" | "scp" | "passwd" | "gpg" | "login" | "kinit")
}

/// True for the name of a command that people type without a thought.
pub(super) fn is_commands_name(name: &str) -> bool {
    placed::is_base(name) || matches!(name, "cd" | "exit" | "popd" | "pushd" | "pwd" | "source")
}

/// True for an alias that gives such a name to a program that deletes, or that runs or sends whatever it is given.
pub(super) fn turns(name: &str, code: &str) -> bool {
    const OTHERS: &[&str] = &[
        "bash", "curl", "dd", "eval", "fish", "nc", "ncat", "perl", "python", "python3", "rm", "sh", "shred",
        "socat", "truncate", "unlink", "wget", "wipefs", "zsh",
    ];
    let mut words = code.split_whitespace().filter(|word| !matches!(*word, "builtin" | "command" | "sudo"));
    let program = words.next().unwrap_or_default();
    let program = program.rsplit('/').next().unwrap_or(program);
    // `alias wget='curl -O'`, `alias sh=bash`: one of them for another.
    let alike = data::holds(OTHERS, name);
    is_commands_name(name) && name != program && !alike && data::holds(OTHERS, program)
}

/// True for an alias that puts another program in the place of one that is trusted with a password.
pub(super) fn poses_as(name: &str, code: &str) -> bool {
    let trusted = is_trusted(name);
    let first = code.trim().split(' ').next().unwrap_or_default();
    let base = first.rsplit('/').next().unwrap_or_default();
    trusted && (base != name || first.contains("/."))
}
