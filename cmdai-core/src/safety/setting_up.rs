//! Lines for a startup file that do nothing but set a shell up, in the forms that projects tell people to add: each line is
//! one of these, word for word, or the whole is not. What is read more cleverly can be hidden in.

use super::machine::Machine;
use super::paths::Place;
use super::value::HOME;
use super::{EffectKind, TargetClass, data, lasting, placed};
use crate::syntax::ir::{CommandKind, Word};

/// Tools that print code for a shell to take over when they are asked for it. Sorted.
const TOOLS: &[&str] = &[
    "asdf",
    "atuin",
    "brew",
    "broot",
    "chezmoi",
    "cmdai",
    "conda",
    "devbox",
    "dircolors",
    "direnv",
    "docker",
    "fnm",
    "fzf",
    "gh",
    "goenv",
    "helm",
    "jenv",
    "just",
    "kind",
    "kubectl",
    "mcfly",
    "micromamba",
    "minikube",
    "mise",
    "navi",
    "nodenv",
    "oh-my-posh",
    "pdm",
    "phpenv",
    "pipx",
    "pixi",
    "poetry",
    "pyenv",
    "rbenv",
    "register-python-argcomplete",
    "rtx",
    "rustup",
    "sheldon",
    "ssh-agent",
    "starship",
    "tfenv",
    "thefuck",
    "uv",
    "vfox",
    "zoxide",
];
/// Words by which they are asked. Sorted.
const ASKED: &[&str] = &[
    "-",
    "--cmd",
    "--init",
    "--path",
    "--use-on-cd",
    "activate",
    "bash",
    "cd",
    "completion",
    "completions",
    "env",
    "fish",
    "generate-shell-completion",
    "hook",
    "init",
    "nu",
    "nushell",
    "shell",
    "shellenv",
    "virtualenv-init",
    "zsh",
];
/// Files of such tools, by the end of their path. Sorted.
const FILES: &[&str] = &[
    ".asdf/asdf.sh",
    ".cargo/env",
    ".deno/env",
    ".fzf.bash",
    ".fzf.zsh",
    ".ghcup/env",
    ".local/bin/env",
    ".nvm/nvm.sh",
    ".p10k.zsh",
    ".sdkman/bin/sdkman-init.sh",
    "NVM_DIR/bash_completion",
    "NVM_DIR/nvm.sh",
    "powerlevel10k/powerlevel10k.zsh-theme",
    "zsh-autosuggestions/zsh-autosuggestions.zsh",
    "zsh-syntax-highlighting/zsh-syntax-highlighting.zsh",
];
/// Variables that name a folder or a taste. Sorted.
const VARIABLES: &[&str] = &[
    "BAT_THEME",
    "BUN_INSTALL",
    "CLICOLOR",
    "COLORTERM",
    "GOPATH",
    "GOROOT",
    "HISTCONTROL",
    "HISTFILESIZE",
    "HISTSIZE",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "LSCOLORS",
    "NVM_DIR",
    "PYENV_ROOT",
    "SAVEHIST",
    "TERM",
    "VIRTUAL_ENV_DISABLE_PROMPT",
    "ZSH_THEME",
];
/// Editors and pagers that a variable may name. Sorted.
const EDITORS: &[&str] = &[
    "bat",
    "code --wait",
    "emacs",
    "emacsclient -t",
    "helix",
    "hx",
    "kak",
    "less",
    "less -R",
    "micro",
    "most",
    "nano",
    "nvim",
    "vi",
    "vim",
];
/// What an alias may stand for: programs that look, or that are run in their own name anyhow. Sorted.
const ALIASED: &[&str] = &[
    "bat",
    "btop",
    "cargo",
    "cat",
    "clear",
    "df",
    "docker",
    "du",
    "exa",
    "eza",
    "fd",
    "free",
    "git",
    "grep",
    "helm",
    "history",
    "htop",
    "ip",
    "k9s",
    "kubectl",
    "lazygit",
    "less",
    "ls",
    "lsd",
    "make",
    "mkdir",
    "npm",
    "nvim",
    "pnpm",
    "podman",
    "python3",
    "rg",
    "systemctl",
    "tail",
    "terraform",
    "tmux",
    "tree",
    "vim",
    "yarn",
];
/// Names that an alias may give to something else than the program of that name. Sorted.
const LIKE: &[(&str, &[&str])] = &[
    ("cat", &["bat"]),
    ("find", &["fd"]),
    ("grep", &["grep", "rg"]),
    ("ls", &["eza", "exa", "ls", "lsd"]),
    ("top", &["btop", "htop"]),
    ("vi", &["nvim", "vim"]),
    ("vim", &["nvim", "vim"]),
];

impl Machine<'_> {
    /// `starship init bash >> ~/.bashrc`: what the tool prints when it is asked is what it would print at every start.
    pub(super) fn keeps_setup(&mut self, kind: &CommandKind, place: &Place, appended: bool) {
        let CommandKind::Simple(simple) = kind else { return };
        let words: Option<Vec<String>> = simple.words.iter().take(8).map(Word::literal).collect();
        if let Some(words) = words
            && simple.assignments.is_empty()
        {
            self.keeps_setup_of(&words, place, appended);
        }
    }

    /// The same for what comes through a pipe, straight from the tool; `upto` are the commands up to the one that writes.
    pub(super) fn keeps_piped_setup(&mut self, upto: usize, place: &Place, appended: bool) {
        let before = upto.checked_sub(2).and_then(|at| self.commands.get(at));
        let words: Option<Vec<String>> =
            before.and_then(|command| command.argv.iter().take(8).cloned().collect());
        if let Some(words) = words
            && self.commands.len() < super::record::COMMANDS
        {
            self.keeps_setup_of(&words, place, appended);
        }
    }

    fn keeps_setup_of(&mut self, words: &[String], place: &Place, appended: bool) {
        let Some(tool) = words.first() else { return };
        let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
        let asks = words.iter().all(|word| word.chars().all(plain)) && asks_a_tool(&words.join(" "));
        let shell = self.state.shell();
        let own = shell.functions.iter().any(|(name, _)| name == tool)
            || shell.aliases.iter().any(|(name, _)| name == tool)
            || self.state.variable("PATH").is_some();
        if !asks || own {
            return;
        }
        let path = self.unknowns.show(&place.path);
        let name = path.rsplit('/').next().unwrap_or_default();
        // A file of its own that bears its name, or completions where shells look for them.
        let of_tool = name.contains(tool.as_str())
            || ["/completions/", "/site-functions/"].iter().any(|folder| path.contains(folder));
        let detail = match (place.class, appended) {
            (TargetClass::ShellStartup, true) if lasting::is_own_startup(&path) => lasting::SETTINGS,
            (TargetClass::HomeFile, false) if of_tool => placed::PLACED,
            // Where nushell loads whatever lies there: a file of the tool's own.
            (TargetClass::ShellStartup, false) if of_tool && path.contains("/autoload/") => placed::PLACED,
            _ => return,
        };
        let kind = if appended { EffectKind::Create } else { EffectKind::Overwrite };
        let written = self.effects.iter_mut().rev().take(4).find(|effect| {
            effect.kind == kind && effect.target.text == path && matches!(effect.detail.as_str(), "" | "seen")
        });
        if let Some(effect) = written {
            detail.clone_into(&mut effect.detail);
        }
    }
}

/// True where every line is one of the forms.
pub(super) fn only_sets_up(written: &str) -> bool {
    let text = written.replace(HOME, "~");
    !text.trim().is_empty()
        && text.lines().take(64).all(|line| sets_up(line.trim()))
        && text.lines().count() <= 64
}

fn sets_up(line: &str) -> bool {
    let line = line.strip_suffix(';').unwrap_or(line);
    if line.is_empty() || line.starts_with('#') {
        return true;
    }
    let words: Vec<&str> = line.split_ascii_whitespace().collect();
    match words[..] {
        ["setopt" | "unsetopt", ref options @ ..] => options.iter().all(|word| is_word(word)),
        ["shopt", "-s" | "-u", ref options @ ..] => options.iter().all(|word| is_word(word)),
        ["set", "-o", "vi" | "emacs" | "noclobber"] | ["bindkey", "-v" | "-e"] | ["fish_vi_key_bindings"] => {
            true
        }
        ["autoload", "-Uz" | "-U", "compinit"]
        | ["compinit"]
        | ["autoload", "-Uz" | "-U", "compinit", "&&", "compinit"] => true,
        ["fish_add_path", folder] => is_folder(folder),
        ["set", "-gx" | "-x" | "-Ux", name, value] => sets(name, value),
        ["export", assignment] | ["typeset", "-gx", assignment] => {
            assignment.split_once('=').is_some_and(|(name, value)| sets(name, value))
        }
        ["export", ..] => line["export".len()..]
            .trim()
            .split_once('=')
            .is_some_and(|(name, value)| matches!(name, "EDITOR" | "VISUAL" | "PAGER") && sets(name, value)),
        ["alias", ..] => {
            line["alias".len()..].trim().split_once('=').is_some_and(|(name, code)| aliases(name, code))
        }
        ["abbr", "-a", name, ref code @ ..] if is_word(name) => aliases(name, &code.join(" ")),
        ["source" | ".", file] => is_tools_file(file),
        ["[", "-f" | "-s", file, "]", "&&", "source" | "." | "\\.", again] => {
            file == again && is_tools_file(file)
        }
        ["[[", "-f" | "-s", file, "]]", "&&", "source" | ".", again] => file == again && is_tools_file(file),
        _ => {
            prints_setup(line)
                || line.split_once('=').is_some_and(|(name, value)| !line.contains(' ') && sets(name, value))
        }
    }
}

fn is_word(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
}

/// `eval "$(starship init bash)"`, `source <(kubectl completion zsh)`, `zoxide init fish | source`.
fn prints_setup(line: &str) -> bool {
    let inside = line
        .strip_prefix("eval \"$(")
        .and_then(|rest| rest.strip_suffix(")\""))
        .or_else(|| line.strip_prefix("eval $(").and_then(|rest| rest.strip_suffix(')')))
        .or_else(|| line.strip_prefix("source <(").and_then(|rest| rest.strip_suffix(')')))
        .or_else(|| line.strip_suffix("| source"));
    inside.is_some_and(asks_a_tool)
}

/// True for `starship init bash`: a tool is asked for the code by which a shell takes it in.
pub(super) fn asks_a_tool(inside: &str) -> bool {
    let mut words = inside.split_whitespace();
    let Some(tool) = words.next() else { return false };
    let tool = ["/opt/homebrew/bin/", "/home/linuxbrew/.linuxbrew/bin/", "/usr/local/bin/"]
        .iter()
        .find_map(|folder| tool.strip_prefix(folder).filter(|tool| *tool == "brew"))
        .unwrap_or(tool);
    let words: Vec<&str> = words.collect();
    data::holds(TOOLS, tool)
        && words.len() < 5
        && (!words.is_empty() || matches!(tool, "thefuck" | "dircolors"))
        && words.iter().all(|word| {
            let word = word.trim_matches('"');
            data::holds(ASKED, word)
                || matches!(
                    (tool, word),
                    ("thefuck", "--alias")
                        | ("ssh-agent", "-s")
                        | ("fzf", "--bash" | "--zsh" | "--fish")
                        | ("gh", "-s")
                )
        })
}

/// A value in its quotes, taken out of them.
fn bare(value: &str) -> Option<&str> {
    let quoted = |mark: char| value.strip_prefix(mark).and_then(|rest| rest.strip_suffix(mark));
    let text = quoted('"').or_else(|| quoted('\'')).unwrap_or(value);
    let plain = |letter: char| letter.is_alphanumeric() || "/._-:$~{}+, =@%".contains(letter);
    (!text.is_empty() && text.chars().all(plain) && !text.contains("..")).then_some(text)
}

fn sets(name: &str, value: &str) -> bool {
    let Some(text) = bare(value) else { return false };
    match name {
        "EDITOR" | "VISUAL" | "PAGER" => data::holds(EDITORS, text),
        "PATH" => text.split([':', ' ']).all(|part| matches!(part, "$PATH" | "${PATH}") || is_folder(part)),
        _ if data::holds(VARIABLES, name) => !text.contains(' '),
        _ => (name.ends_with("_HOME") && !matches!(name, "XDG_CONFIG_HOME")) && is_folder(text),
    }
}

/// A folder for programs that belongs to the user or to the system.
fn is_folder(text: &str) -> bool {
    let Some(text) = bare(text) else { return false };
    let own = ["~/", "$HOME/", "${HOME}/", "/opt/", "/usr/", "/Library/", "/Applications/", "/snap/bin"];
    let by_name = text.strip_prefix('$').is_some_and(|rest| {
        let name = rest.split('/').next().unwrap_or_default().trim_matches(['{', '}']);
        data::holds(VARIABLES, name) || name.ends_with("_HOME")
    });
    let loose = ["/tmp", "/Downloads", "/.cache", "/Desktop", "/Public"];
    let last = text.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    // No tool is called by one or two letters behind a dot.
    let hidden = text.split('/').filter(|part| part.starts_with('.')).any(|part| part.len() < 4);
    (own.iter().any(|start| text.starts_with(start)) || by_name)
        && !loose.iter().any(|part| text.contains(part))
        && !hidden
        && !last.is_empty()
        && !text.contains([':', ' '])
}

/// True for an alias that only spells a harmless program shorter, or with options to its taste.
pub(super) fn aliases(name: &str, code: &str) -> bool {
    let Some(code) = bare(code) else { return false };
    let mut words = code.split_whitespace();
    let Some(program) = words.next() else { return false };
    let named = name.chars().all(|letter| letter.is_ascii_alphanumeric() || "_-.".contains(letter))
        && !name.starts_with('-');
    let asks = matches!(
        (name, code),
        ("rm", "rm -i" | "rm -I" | "rm -iv") | ("cp", "cp -i" | "cp -iv") | ("mv", "mv -i" | "mv -iv")
    );
    let like = LIKE.iter().find(|(known, _)| *known == name);
    let fits = match like {
        Some((_, programs)) => programs.contains(&program),
        None => program == name || !super::placed::is_base(name),
    };
    let plain = !code.replace("--color=auto", "").contains(['$', '{', '=', '%', '/']);
    asks || named && fits && plain && data::holds(ALIASED, program)
}

fn is_tools_file(file: &str) -> bool {
    let Some(file) = bare(file) else { return false };
    let starts = ["~/", "$HOME/", "/usr/share/", "/opt/homebrew/", "$NVM_DIR/"];
    starts.iter().any(|start| file.starts_with(start))
        && FILES.iter().any(|known| {
            // As whole names: `~/x.cargo/env` is another file.
            file.strip_suffix(known).is_some_and(|start| start.ends_with(['/', '$']))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted() {
        for table in [TOOLS, ASKED, FILES, VARIABLES, EDITORS, ALIASED] {
            for pair in table.windows(2) {
                assert!(pair[0] < pair[1], "{pair:?}");
            }
        }
    }

    #[test]
    fn forms_that_set_up() {
        for line in [
            r#"export PATH="$HOME/.local/bin:$PATH""#,
            "export PATH=$PATH:/usr/local/go/bin",
            r#"eval "$(starship init bash)""#,
            r#"eval "$(pyenv init -)""#,
            r#"eval "$(/opt/homebrew/bin/brew shellenv)""#,
            "source <(kubectl completion zsh)",
            "zoxide init fish | source",
            "alias ll='ls -lah'",
            "alias gs=\"git status\"",
            "alias k=kubectl",
            "alias rm='rm -i'",
            "alias ls='ls --color=auto'",
            "[ -s \"$NVM_DIR/nvm.sh\" ] && \\. \"$NVM_DIR/nvm.sh\"",
            "[ -f ~/.fzf.zsh ] && source ~/.fzf.zsh",
            "setopt autocd\nbindkey -v",
            "export EDITOR=nvim",
            "fish_add_path ~/.local/bin",
            "# a note",
        ] {
            assert!(only_sets_up(line), "{line}");
        }
    }

    #[test]
    fn what_else_is_no_form() {
        for line in [
            "",
            "sudo() { ~/.x; }",
            "export PATH=.:$PATH",
            "export PATH=$PATH:.",
            "export PATH=$PATH:",
            "export PATH=~/Downloads:$PATH",
            "export PATH=/tmp/x:$PATH",
            "export PATH=$PWD:$PATH",
            "export PATH=`pwd`:$PATH",
            "eval \"$(sh init bash)\"",
            "eval \"$(starship init bash; x)\"",
            "eval \"$(npx evil init)\"",
            "alias ls='rm -f'",
            "alias sudo=git",
            "alias ls='ls; agent &'",
            "alias -g G='x'",
            "PROMPT_COMMAND=(~/.x)",
            "export LD_PRELOAD=/usr/lib/x.so",
            "export VIMINIT=x",
            "export EDITOR=./x",
            "export HTTPS_PROXY=http://evil.example",
            "source ~/.x",
            "source /tmp/.fzf.zsh",
            "source ~/x.cargo/env",
            "source ~/Downloads/../.fzf.zsh",
            "exit",
            "set -e",
            "nohup agent &",
            "export A=$(evil init)",
        ] {
            assert!(!only_sets_up(line), "{line}");
        }
    }

    #[test]
    fn words_alone_and_odd_blanks_are_no_forms() {
        for line in ["alias", "export", "alias\u{a0}ll=ls x", "export\u{2003}A=b c"] {
            assert!(!only_sets_up(line), "{line}");
        }
    }
}
