//! What a line has used up: a file that it fetched, an archive that it unpacked, a package that it installed. Once that has
//! succeeded, deleting it loses nothing.

use std::rc::Rc;

use super::call::Call;
use super::machine::{Fact, Known, Machine};
use super::{EffectKind, TargetClass, known, paths, value};

/// Detail of deleting what the line has used up.
pub(super) const SPARE: &str = "spare";
/// Paths that are remembered.
const PATHS: usize = 8;

impl Machine<'_> {
    /// Notes what is spare once this call has succeeded.
    pub(super) fn uses_up(&mut self, call: &Call<'_>) {
        let args = call.args;
        let operands = || args.operands().take(PATHS).map(|item| item.text);
        // What an option may change (which members, whether at all, where to) is not looked into.
        let paths: Vec<&str> = match call.program {
            "tar"
                if operands().count() == 0
                    && args.has_any(&["-x", "--extract"])
                    && call.has_only(&["-x", "-z", "-j", "-J", "-v", "-f", "-C", "-p", "-a", "--zstd"]) =>
            {
                args.values("-f").map(|item| item.text).filter(|path| is_archive(path)).collect()
            }
            "unzip" if operands().count() == 1 && call.has_only(&["-q", "-qq", "-o", "-d"]) => {
                operands().filter(|path| is_archive(path)).collect()
            }
            "git" => return self.history_to_spare(call),
            "cp" | "install" => return self.moves_by_hand(call),
            "dpkg" if args.has("-i") && call.has_only(&["-i"]) => {
                operands().filter(|path| is_archive(path)).collect()
            }
            "apt" | "dnf" if call.has_only(&["-y"]) => {
                operands().filter(|text| text.contains('/') && is_archive(text)).collect()
            }
            "curl" if call.has_only(&["-O", "-L", "-f", "-s", "-S"]) => {
                operands().filter_map(name_of).collect()
            }
            "curl" if call.has_only(&["-o", "-L", "-f", "-s", "-S"]) => {
                args.values("-o").map(|item| item.text).collect()
            }
            "wget" if args.has("-O") && call.has_only(&["-O", "-q"]) => {
                args.values("-O").map(|item| item.text).collect()
            }
            _ => return,
        };
        let into = args.values("-C").chain(args.values("-d")).last().map(|item| item.text);
        let vanishes = into.is_some_and(|into| {
            value::has_hole(into)
                || paths::locate(into, &self.state.cwd, self.ctx).class == TargetClass::Temporary
        });
        if vanishes {
            return;
        }
        self.is_spare_then(&paths);
    }

    /// The history that comes with a template, of which everything is at its origin.
    fn history_to_spare(&mut self, call: &Call<'_>) {
        let plain = call.args.spec.name == "clone"
            && call.has_only(&["--depth", "-b", "--single-branch", "-q", "--recursive", "--no-tags"]);
        let mut operands = call.args.operands();
        if let (true, Some(from), into) = (plain, operands.next(), operands.next())
            && from.text.contains("://")
        {
            let own = from.text.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
            let folder = into.map_or(own.strip_suffix(".git").unwrap_or(own), |item| item.text);
            let history = format!("{}/.git", folder.trim_end_matches('/'));
            self.is_spare_then(&[history.as_str()]);
        }
    }

    /// `cp A B && rm A`: one file, copied to where it stays, is as good as moved.
    fn moves_by_hand(&mut self, call: &Call<'_>) {
        let plain = match call.program {
            "cp" => call.has_only(&["-p", "-v"]),
            _ => call.has_only(&["-m", "-v"]),
        };
        let mut operands = call.args.operands();
        let (true, Some(from), Some(to), None) = (plain, operands.next(), operands.next(), operands.next())
        else {
            return;
        };
        let known = |text: &str| !value::has_hole(text) && !value::has_pattern(text);
        let place = paths::locate(to.text, &self.state.cwd, self.ctx);
        let path = paths::locate_path(from.text, &self.state.cwd, self.ctx);
        let stays = matches!(
            place.class,
            TargetClass::Local | TargetClass::HomeFile | TargetClass::OtherPath | TargetClass::System
        ) && !["/dev", "/proc", "/run", "/sys"].iter().any(|start| place.path.starts_with(start));
        if stays && known(from.text) && known(to.text) && place.path != path && !self.mute && !self.abroad {
            self.facts
                .push(Fact { on: true, what: Known::Moved(path, self.commands.len(), self.effects.len()) });
        }
    }

    /// True for what the command before this one has copied.
    fn is_just_copied(&self, path: &str) -> bool {
        self.state.moved.as_ref().is_some_and(|known| {
            let (moved, at, effects) = &**known;
            let nothing_else = self
                .effects
                .iter()
                .skip(*effects)
                .all(|effect| matches!(effect.kind, EffectKind::Privilege | EffectKind::Read));
            let mut since = self.commands.iter().skip(*at);
            moved == path
                && nothing_else
                && self.commands.len() < super::record::COMMANDS
                && since.all(|command| {
                    matches!(command.argv.first(), Some(Some(name)) if matches!(name.as_str(), "rm" | "sudo"))
                })
        })
    }

    /// True where the command before this one was a clone.
    fn is_just_cloned(&self) -> bool {
        let words = |at: usize| -> Vec<&str> {
            let command = self.commands.len().checked_sub(at).and_then(|at| self.commands.get(at));
            command.map_or(Vec::new(), |command| {
                command.argv.iter().take(2).flatten().map(String::as_str).collect()
            })
        };
        self.commands.len() < super::record::COMMANDS
            && matches!(words(1)[..], ["rm", ..])
            && matches!(words(2)[..], ["git", "clone"])
    }

    /// These paths are spare once what is being run has succeeded.
    fn is_spare_then(&mut self, paths: &[&str]) {
        if self.mute || self.abroad {
            return;
        }
        let plain =
            paths.iter().take(PATHS).filter(|path| !value::has_pattern(path) && !value::has_hole(path));
        let paths: Vec<String> = plain
            .filter(|path| !path.is_empty() && **path != "-")
            .map(|path| paths::locate_path(path, &self.state.cwd, self.ctx))
            .collect();
        if !paths.is_empty() && self.spend(paths.len()) {
            self.facts.push(Fact { on: true, what: Known::Spare(paths) });
        }
    }

    /// Takes over that these are spare.
    pub(super) fn add_spare(&mut self, paths: &[String]) {
        let before = self.state.spare.as_deref().map_or(&[][..], Vec::as_slice);
        let since = self.effects.len();
        let new = paths.iter().map(|path| (path.clone(), since));
        let all: Vec<(String, usize)> = before.iter().cloned().chain(new).take(2 * PATHS).collect();
        self.state.spare = Some(Rc::new(all));
    }

    /// True for what the line has used up, in a place where people keep their own things.
    pub(super) fn is_spare(&self, place: &paths::Place) -> bool {
        let history = place.path.ends_with("/.git");
        let own = matches!(place.class, TargetClass::Local | TargetClass::Temporary)
            || history && place.class == TargetClass::HomeFile;
        let ending = place.path.rsplit_once('.').map_or("", |(_, ending)| ending);
        if !own || known::is_work(ending) || history && !self.is_just_cloned() {
            return false;
        }
        if self.is_just_copied(&place.path) {
            return true;
        }
        let shown = self.unknowns.show(&place.path);
        // Something else may have been put there since, or into a folder on the way.
        let is_changed = |since: usize| {
            self.effects.iter().skip(since).any(|effect| {
                matches!(effect.kind, EffectKind::Create | EffectKind::Overwrite | EffectKind::Move)
                    && (effect.target.text == shown || shown.starts_with(&format!("{}/", effect.target.text)))
            })
        };
        self.state.spare.as_ref().is_some_and(|spare| {
            spare
                .iter()
                .rev()
                .find(|(path, _)| *path == place.path)
                .is_some_and(|(_, since)| !is_changed(*since))
        })
    }
}

/// True for what holds files that were packed or are to be installed, by its name.
fn is_archive(path: &str) -> bool {
    const ENDINGS: &[&str] = &[
        ".7z", ".deb", ".rpm", ".tar", ".tar.bz2", ".tar.gz", ".tar.xz", ".tar.zst", ".tbz", ".tgz", ".txz",
        ".whl", ".zip",
    ];
    ENDINGS.iter().any(|ending| path.ends_with(ending))
}

/// The name under which an address is saved.
fn name_of(url: &str) -> Option<&str> {
    let path = url.split(['?', '#']).next()?;
    let (_, rest) = path.split_once("://")?;
    rest.rsplit_once('/').map(|(_, name)| name).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use crate::safety::Risk::{High, Moderate, Safe};
    use crate::safety::tests::{check_all, context};

    #[test]
    fn what_was_used_up_may_go() {
        check_all(
            &context(),
            &[
                (Safe, "unzip data.zip -d data && rm data.zip"),
                (Moderate, "unzip data.zip -d data; rm data.zip"),
                (Moderate, "unzip -l data.zip && rm data.zip"),
                (Moderate, "unzip data.zip || rm data.zip"),
                (Moderate, "unzip data.zip && rm other.zip"),
                (Safe, "tar xzf a.tgz -C out && rm -f a.tgz"),
                (Moderate, "tar tzf a.tgz && rm -f a.tgz"),
                (Moderate, "tar czf a.tgz d && rm -f a.tgz"),
                (Moderate, "tar xzf a.tgz one.txt && rm a.tgz"),
                (Safe, "curl -fsSLO https://example.com/a.zip && unzip a.zip && rm a.zip"),
                (Safe, "curl -o a.json https://example.com/a && jq . a.json && rm a.json"),
                (Safe, "set -e; tar xf a.tar; rm a.tar"),
                (Moderate, "unzip a.zip && mv ~/thesis.docx a.zip && rm a.zip"),
                (Moderate, "unzip a.zip && cp only.txt a.zip && rm a.zip"),
                (Moderate, "unzip thesis.docx && rm thesis.docx"),
                (Moderate, "unzip -n a.zip && rm a.zip"),
                (Moderate, "tar xf a.tar --exclude='*' && rm a.tar"),
                (Moderate, "tar xf a.tar -C /tmp && rm a.tar"),
                (Moderate, "tar xf a.tar -C $(mktemp -d) && rm a.tar"),
                (Moderate, "wget https://example.com/notes.txt && rm notes.txt"),
                (Moderate, "curl --output-dir /tmp -O https://example.com/n.txt && rm n.txt"),
                (Moderate, "curl -o thesis.docx https://example.com/a && rm thesis.docx"),
                (Moderate, "git clone https://example.com/a src && mv ~/x src/ && rm -rf src"),
                (Moderate, "if [ -n \"$x\" ]; then unzip a.zip; fi && rm a.zip"),
                (Moderate, "mv b a && rm a"),
                (
                    Safe,
                    "sudo install minikube-linux-amd64 /usr/local/bin/minikube && rm minikube-linux-amd64",
                ),
                (Safe, "cp tool.cfg backup/ && rm tool.cfg"),
                (Moderate, "cp tool.cfg backup/; rm tool.cfg"),
                (Moderate, "cp tool.cfg backup/ || rm tool.cfg"),
                (Moderate, "cp -n tool.cfg backup/ && rm tool.cfg"),
                (Moderate, "cp tool.cfg backup/ && rm -r backup && rm tool.cfg"),
                (Moderate, "cp tool.cfg backup/ && rm tool.cfg other.cfg"),
                (Moderate, "cp tool.cfg /tmp/x && rm tool.cfg"),
                (Moderate, "cp tool.cfg /dev/null && rm tool.cfg"),
                (Moderate, "cp tool.cfg tool.cfg && rm tool.cfg"),
                (Moderate, "cp tool.cfg $(mktemp) && rm tool.cfg"),
                (Moderate, "cp tool.cfg b.cfg && rm b.cfg tool.cfg"),
                (Moderate, "cp tool.cfg b.cfg && : > b.cfg && rm tool.cfg"),
                (Moderate, "docker exec c cp tool.cfg b.cfg && rm tool.cfg"),
                (Moderate, "docker exec c sh -c 'cp tool.cfg b.cfg' && rm tool.cfg"),
                (Moderate, "docker exec c unzip a.zip && rm a.zip"),
                (Safe, "sudo unzip a.zip && rm a.zip"),
                (Moderate, "ssh h cp tool.cfg b.cfg && rm tool.cfg"),
                (Moderate, "cp thesis.docx b.docx && rm thesis.docx"),
                (Safe, "git clone https://github.com/a/starter ~/.config/nvim && rm -rf ~/.config/nvim/.git"),
                (Safe, "git clone --depth 1 https://github.com/a/starter app && rm -rf app/.git"),
                (High, "git clone https://github.com/a/starter ~/.config/nvim && rm -rf ~/.config/.git"),
                (High, "git clone https://github.com/a/starter app; rm -rf app/.git"),
                (
                    High,
                    "git clone https://github.com/a/starter app && git -C app commit -am x && rm -rf app/.git",
                ),
                (High, "git clone ../starter app && rm -rf app/.git"),
                (High, "git clone https://github.com/a/starter app && rm -rf app/.git ~/work/.git"),
            ],
        );
    }
}
