//! Programs that open a shell somewhere else and are given what to run there behind the name of the machine, behind `--`, or
//! in an option: what `ssh` does, under other names.

use super::machine::{Field, Flow, Machine};
use crate::line::Span;

/// Where the command stands.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Way {
    /// Behind the name of the machine.
    Behind,
    /// Behind `--`, or behind the name.
    Dashes,
    /// Behind the verb itself.
    Rest,
}

/// A program, the words that come first, and where the command stands. A program joins when it runs what it is given there.
pub(super) type Remote = (&'static str, &'static [&'static str], Way);

/// Sorted by program.
pub(super) const REMOTES: &[Remote] = &[
    ("az", &["ssh", "vm"], Way::Dashes),
    ("bun", &["exec"], Way::Rest),
    ("coder", &["ssh"], Way::Behind),
    ("colima", &["ssh"], Way::Dashes),
    ("dbclient", &[], Way::Behind),
    ("docker-machine", &["ssh"], Way::Behind),
    ("gcloud", &["compute", "ssh"], Way::Dashes),
    ("gh", &["codespace", "ssh"], Way::Dashes),
    ("gh", &["cs", "ssh"], Way::Dashes),
    ("hcloud", &["server", "ssh"], Way::Behind),
    ("kitten", &["ssh"], Way::Behind),
    ("klink", &[], Way::Behind),
    ("kubectl", &["node-shell"], Way::Dashes),
    ("limactl", &["shell"], Way::Behind),
    ("minikube", &["ssh"], Way::Dashes),
    ("okteto", &["exec"], Way::Dashes),
    ("orb", &["-m"], Way::Behind),
    ("platform", &["ssh"], Way::Dashes),
    ("plink", &[], Way::Behind),
    ("salt-call", &["cmd.run"], Way::Rest),
    ("salt-call", &["cmd.shell"], Way::Rest),
    ("salt-ssh", &["-r"], Way::Rest),
    ("salt-ssh", &["--raw"], Way::Rest),
    ("tsh", &["ssh"], Way::Behind),
    ("upsun", &["ssh"], Way::Dashes),
    ("vagrant", &["ssh"], Way::Dashes),
    ("yarn", &["exec"], Way::Rest),
];

/// Options of such programs that have a value. Sorted.
const VALUED: &[&str] = &[
    "--app",
    "--cluster",
    "--codespace",
    "--name",
    "--namespace",
    "--plain-port",
    "--port",
    "--profile",
    "--project",
    "--proxy",
    "--resource-group",
    "--user",
    "--workdir",
    "--zone",
    "-A",
    "-a",
    "-b",
    "-c",
    "-e",
    "-i",
    "-l",
    "-n",
    "-p",
    "-pw",
    "-P",
    "-u",
];

impl Machine<'_> {
    /// Judges what is run in a shell elsewhere.
    pub(super) fn shells_elsewhere(&mut self, name: &str, argv: &[Field], flow: Flow<'_>) {
        let Ok(at) = REMOTES.binary_search_by(|(known, ..)| (*known).cmp(name)) else { return };
        let first = REMOTES
            .get(..at)
            .unwrap_or_default()
            .iter()
            .rposition(|(known, ..)| *known != name)
            .map_or(0, |at| at + 1);
        for (_, subs, way) in REMOTES.iter().skip(first).take_while(|(known, ..)| *known == name) {
            if let Some(command) = command_of(argv.get(1..).unwrap_or_default(), subs, *way) {
                return self.runs_there(name, &command, argv, flow);
            }
        }
    }

    fn runs_there(&mut self, name: &str, command: &[Field], argv: &[Field], flow: Flow<'_>) {
        let span = argv.first().map_or(Span::new(0, 0), |field| field.span);
        let code = command.iter().map(|field| field.text.as_str()).collect::<Vec<_>>().join(" ");
        if code.trim().is_empty() {
            return;
        }
        // These are this machine.
        if matches!(name, "bun" | "salt-call" | "yarn") {
            self.code(&code, self.at(span), flow);
            return;
        }
        let words = ["ssh", "host", &code].map(|text| Field { text: text.to_owned(), span });
        self.run(&words, span, Flow { want: false, ..flow });
    }
}

fn command_of(words: &[Field], subs: &[&str], way: Way) -> Option<Vec<Field>> {
    let mut at = 0;
    for sub in subs {
        // Only options may stand before it, and for the functions of Salt what is meant by them.
        at += words.get(at..)?.iter().take(8).position(|field| field.text == *sub)? + 1;
    }
    let rest = words.get(at..)?;
    if way == Way::Rest {
        return Some(rest.iter().take(32).cloned().collect());
    }
    if way == Way::Dashes
        && let Some(dashes) = rest.iter().position(|field| field.text == "--")
    {
        return Some(without_flags(rest.get(dashes + 1..)?).to_vec());
    }
    // The name of the machine stands among the options.
    let command = without_flags(without_flags(rest).get(1..)?);
    let command: Vec<Field> = command.iter().skip_while(|field| field.text == "--").cloned().collect();
    (!command.is_empty()).then_some(command)
}

/// The words from the first that is no option and no value of one.
fn without_flags(words: &[Field]) -> &[Field] {
    let mut at = 0;
    while let Some(field) = words.get(at).filter(|field| field.text.starts_with('-') && field.text != "--") {
        at += if VALUED.contains(&field.text.as_str()) { 2 } else { 1 };
    }
    words.get(at..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::safety::Risk::{High, Safe};
    use crate::safety::tests::{check_all, context};

    #[test]
    fn shells_that_are_elsewhere() {
        assert!(REMOTES.is_sorted_by_key(|(name, ..)| *name));
        for line in [
            "tsh ssh root@web",
            "plink web -P 22",
            "vagrant ssh -- -t",
            "plink -ssh web",
            "dbclient -p 2222 web",
            "vagrant ssh web --",
            "gcloud compute ssh web --zone a --",
            "gh codespace ssh -c x --",
            "minikube ssh --",
            "limactl shell default",
            "docker-machine ssh default",
            "kitten ssh web",
            "salt-call --local cmd.run",
            "az ssh vm -g a -n b --",
            "yarn exec",
            "bun exec",
        ] {
            check_all(
                &context(),
                &[(High, &format!("{line} 'rm -rf /srv'")), (Safe, &format!("{line} 'ls -l'"))],
            );
        }
        check_all(
            &context(),
            &[
                (High, "salt-ssh '*' -r 'rm -rf /srv'"),
                (Safe, "tsh ssh root@web"),
                (Safe, "vagrant ssh"),
                (Safe, "yarn exec"),
            ],
        );
    }
}
