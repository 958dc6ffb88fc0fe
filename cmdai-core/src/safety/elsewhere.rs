//! What is done at servers of other machines: a container engine that is not the one here, a cache or a store
//! of copies that takes its orders as lines of text.

use super::lower::Call;
use super::machine::{Flow, Machine};
use super::{EffectKind, TargetClass};

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
        let Some(engine) = named.map(|item| item.text.to_owned()).or(variable) else { return };
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
                (High, "echo flush_all | nc cache 11211"),
                (Safe, "echo stats | nc cache 11211"),
                (High, "bconsole <<< 'purge volume=x'"),
                (Safe, "bconsole <<< 'status dir'"),
            ],
        );
    }
}
