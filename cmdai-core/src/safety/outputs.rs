//! Where programs put what they make, by the names that options for it have everywhere.
//!
//! A spec says it of the options it lists. Of other programs and options the name is heard (`-o`, `--output`,
//! `--log-file`), and only a place that a person would miss counts: keys, what runs at login, files the system
//! needs, disks. Elsewhere a new file is no loss, and the option may mean something else.

use super::call::Call;
use super::machine::{Field, Flow, Machine};
use super::value::HOME;
use super::{EffectKind, TargetClass, known, paths};
use crate::specs::{Args, Role};

/// Options whose value is the file that is made. Sorted.
const FILES: &[&str] = &[
    "-O",
    "-o",
    "-out",
    "-outfile",
    "-output",
    "--dest",
    "--destination",
    "--dump",
    "--export",
    "--file-out",
    "--log-file",
    "--logfile",
    "--out",
    "--outfile",
    "--output",
    "--report",
    "--result-file",
    "--save",
    "--save-to",
    "--to-file",
    "--write",
    "--write-to",
];

/// Options whose value is the folder in which that file is made. Sorted.
const FOLDERS: &[&str] = &["-P", "-d", "--dir", "--directory", "--out-dir", "--outdir", "--output-dir"];

impl Machine<'_> {
    /// Files that a program makes by an option of which no spec tells.
    pub(super) fn unlisted_outputs(&mut self, name: &str, argv: &[Field], args: Option<&Args<'_>>) {
        let is_listed = |at: usize| {
            args.is_some_and(|args| {
                let mut items = args.items.iter().filter(|item| item.word + 1 == at);
                !items.any(|item| matches!(item.role, Role::UnknownFlag))
            })
        };
        let value_of = |at: usize, names: &dyn Fn(&str) -> bool| {
            let text = argv.get(at)?.text.as_str();
            let (flag, joined) = match text.split_once('=') {
                Some((flag, value)) => (flag, Some((value, at))),
                None => (text, None),
            };
            let next = || argv.get(at + 1).map(|field| (field.text.as_str(), at + 1));
            (names(flag) && !is_listed(at)).then(|| joined.or_else(next)).flatten()
        };
        let mut folder = None;
        for at in 1..argv.len().min(65) {
            let Some(field) = argv.get(at) else { break };
            if !field.text.starts_with('-') {
                continue;
            }
            if let Some((value, _)) = value_of(at, &|flag| FOLDERS.contains(&flag)) {
                folder = Some(value.to_owned());
            }
            let dumps = match name {
                "pg_dump" | "pg_dumpall" => &["-f", "--file"][..],
                "mysqldump" | "mariadb-dump" => &["-r", "--result-file"],
                _ => &[],
            };
            let is_file = |flag: &str| names_a_file(flag) || dumps.contains(&flag);
            let Some((value, word)) = value_of(at, &is_file) else { continue };
            let path = match &folder {
                Some(folder) if !value.contains(['/', HOME]) => format!("{folder}/{value}"),
                _ => value.to_owned(),
            };
            if !path.contains(['/', HOME]) || !self.spend(4) {
                continue;
            }
            let place = paths::locate(&path, &self.state.cwd, self.ctx);
            if is_missed(place.class) {
                let span = self.at(argv.get(word).map_or(field.span, |value| value.span));
                self.touch(EffectKind::Overwrite, &path, span, false, name);
            }
        }
    }

    /// `ssh-keygen` asks before it makes a key in the place of another; where the line says yes, it does not.
    pub(super) fn new_key(&mut self, call: &Call<'_>, flow: Flow<'_>) {
        let says_yes = flow.input.is_some_and(|input| input.trim_start().starts_with(['y', 'Y']));
        let makes = !call.args.has_any(&["-p", "-l", "-y", "-e", "-i", "-R", "-F", "-H", "-s", "-A", "-Q"]);
        if let Some(item) = call.args.values("-f").last().filter(|_| says_yes && makes) {
            let span = self.at(call.argv[item.word + 1].span);
            self.touch(EffectKind::Overwrite, item.text, span, false, call.program);
        }
    }

    /// What a copy to `text` does there: a key or a startup file is replaced, into other places something is put.
    pub(super) fn copied_to(&self, text: &str) -> EffectKind {
        let place = paths::locate(text, &self.state.cwd, self.ctx);
        let is_file = place.class == TargetClass::ShellStartup || known::is_private_key(&place.path);
        if is_file && !text.ends_with('/') { EffectKind::Overwrite } else { EffectKind::Create }
    }
}

fn names_a_file(flag: &str) -> bool {
    let endings =
        ["-out", "_out", "-output", "_output", "-outfile", "-output-file", "-out-file", "-output-path"];
    FILES.contains(&flag) || flag.starts_with("--") && endings.iter().any(|ending| flag.ends_with(ending))
}

/// True for places where something is missed when it is written over.
fn is_missed(class: TargetClass) -> bool {
    matches!(
        class,
        TargetClass::Secret | TargetClass::ShellStartup | TargetClass::System | TargetClass::Device
    )
}

#[cfg(test)]
mod tests {
    use crate::safety::Risk::{Critical, High, Moderate, Safe};
    use crate::safety::tests::{check_all, context};

    #[test]
    fn outputs_of_programs_that_nobody_has_told_us_about() {
        check_all(
            &context(),
            &[
                (High, "frob --output ~/.ssh/id_rsa x"),
                (High, "frob --report-out=/home/anna/.bashrc x"),
                (High, "frob -d ~/.ssh -o authorized_keys https://example.com/k"),
                (High, "frob -o /etc/shadow x"),
                (Critical, "frob -o /dev/sda image"),
                (High, "git diff --output=/home/anna/.bashrc"),
                (High, "pg_dump -f ~/.ssh/id_rsa shop"),
                (Safe, "pg_dump -f shop.sql shop"),
                (Safe, "frob -o report.html x"),
                (Safe, "frob --output ~/reports/x.html"),
                (Safe, "frob -o json"),
                (Safe, "frob -o /dev/null x"),
                (Safe, "ssh -o ConnectTimeout=5 host uptime"),
                (Safe, "grep -o ~/.bashrc notes.txt"),
                (Safe, "echo -o ~/.bashrc"),
            ],
        );
    }

    #[test]
    fn a_key_that_is_written_over_is_gone() {
        check_all(
            &context(),
            &[
                (High, "tar cf ~/.ssh/id_rsa notes.txt"),
                (High, "sort -o ~/.ssh/id_rsa notes.txt"),
                (High, "cp notes.txt ~/.ssh/id_ed25519"),
                (High, "rsync notes.txt ~/.ssh/id_rsa"),
                (High, "ln -sf /dev/null ~/.ssh/id_rsa"),
                (High, "ssh-keygen -t ed25519 -N '' -f ~/.ssh/id_ed25519 <<< y"),
                (High, "yes | ssh-keygen -f ~/.ssh/id_rsa -N ''"),
                (High, "ffmpeg -y -i a.mp4 ~/.ssh/id_rsa"),
                // A key that is put back, made, or kept by what keeps keys.
                (Moderate, "cp backup/id_rsa ~/.ssh/id_rsa"),
                (Moderate, "mv ~/Downloads/deploy_key ~/.ssh/id_ed25519"),
                (Moderate, "echo \"$SSH_PRIVATE_KEY\" > ~/.ssh/id_rsa"),
                (Moderate, "op read --out-file ~/.ssh/id_rsa op://work/github/private"),
                (Safe, "ssh-keygen -t ed25519 -C anna@example.com -f ~/.ssh/id_ed25519"),
                (Safe, "ssh-keygen -lf ~/.ssh/id_rsa <<< y"),
                (Safe, "sort -o names.txt names.txt"),
                (Safe, "tar cf backup.tar ~/.config"),
            ],
        );
    }
}
