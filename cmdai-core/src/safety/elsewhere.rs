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
