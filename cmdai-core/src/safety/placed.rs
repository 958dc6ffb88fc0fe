//! Copies into folders of the system that take nothing away: a file kept under another name beside itself, and a
//! program put where this machine's owner puts programs.

use super::call::Call;
use super::machine::Machine;
use super::value;
use super::{TargetClass, data, known, paths};
use crate::specs::Role;

/// Detail of a copy of a file under a longer name beside it.
pub(super) const BACKUP: &str = "backup";
/// Detail of a program that is put into [`PROGRAMS`], where nothing of the system's own lies.
pub(super) const PLACED: &str = "placed";
/// Detail of a startup file that becomes a link to the one among one's own dotfiles.
pub(super) const DOTFILES: &str = "dotfiles";
/// Detail of rules for devices that come with a project, put beside those that are there.
pub(super) const RULES: &str = "rules";
/// Where the owner of a machine puts programs; the system brings none there.
const PROGRAMS: &str = "/usr/local/bin";
/// Sources that are looked at.
const SOURCES: usize = 16;

/// Programs that every system has: whoever puts one of their names before them in the path answers in their place. Sorted.
const BASE: &[&str] = &[
    "ansible",
    "apt",
    "apt-get",
    "as",
    "at",
    "awk",
    "aws",
    "az",
    "base64",
    "basename",
    "blkid",
    "cargo",
    "cat",
    "cc",
    "chgrp",
    "chmod",
    "chown",
    "chroot",
    "clear",
    "code",
    "cp",
    "cron",
    "crontab",
    "curl",
    "cut",
    "date",
    "dbus-send",
    "dd",
    "df",
    "diff",
    "dig",
    "dirname",
    "dmesg",
    "dnf",
    "doas",
    "dpkg",
    "du",
    "echo",
    "env",
    "expr",
    "false",
    "file",
    "find",
    "free",
    "fsck",
    "gcc",
    "gcloud",
    "gdb",
    "getent",
    "git",
    "go",
    "gpg",
    "gpg2",
    "gpgv",
    "grep",
    "groups",
    "gunzip",
    "gzip",
    "head",
    "host",
    "hostname",
    "id",
    "ifconfig",
    "init",
    "install",
    "ip",
    "iptables",
    "java",
    "javac",
    "journalctl",
    "kill",
    "killall",
    "last",
    "ld",
    "less",
    "ln",
    "locale",
    "logger",
    "login",
    "ls",
    "lsblk",
    "lsof",
    "mail",
    "make",
    "man",
    "md5sum",
    "mkdir",
    "mkfs",
    "mktemp",
    "modprobe",
    "more",
    "mount",
    "mv",
    "mysql",
    "nc",
    "netstat",
    "nft",
    "nohup",
    "npm",
    "npx",
    "openssl",
    "passwd",
    "paste",
    "perl",
    "pgrep",
    "php",
    "ping",
    "pip",
    "pip3",
    "pkexec",
    "pkill",
    "printenv",
    "printf",
    "ps",
    "psql",
    "pwd",
    "readlink",
    "realpath",
    "reboot",
    "redis-cli",
    "rm",
    "rmdir",
    "route",
    "rpm",
    "rsync",
    "ruby",
    "scp",
    "screen",
    "seq",
    "service",
    "sftp",
    "sha256sum",
    "shutdown",
    "sleep",
    "snap",
    "sort",
    "split",
    "sqlite3",
    "ss",
    "ssh",
    "ssh-add",
    "ssh-agent",
    "ssh-copy-id",
    "ssh-keygen",
    "ssh-keyscan",
    "stat",
    "strace",
    "stty",
    "su",
    "sudo",
    "sudoedit",
    "swapoff",
    "swapon",
    "sync",
    "sysctl",
    "systemctl",
    "systemd-run",
    "tail",
    "tar",
    "tee",
    "terraform",
    "test",
    "time",
    "tmux",
    "top",
    "touch",
    "tr",
    "true",
    "tty",
    "ufw",
    "umount",
    "uname",
    "uniq",
    "unzip",
    "update-alternatives",
    "uptime",
    "useradd",
    "userdel",
    "usermod",
    "visudo",
    "vmstat",
    "w",
    "watch",
    "wc",
    "wget",
    "which",
    "who",
    "whoami",
    "xargs",
    "xz",
    "yes",
    "yum",
    "zip",
];

impl Machine<'_> {
    /// What writing to `text` amounts to.
    pub(super) fn placing(&self, call: &Call<'_>, text: &str) -> &'static str {
        if !matches!(call.program, "cp" | "install" | "ln" | "mv") {
            return "";
        }
        let operands = call.args.operands().take(SOURCES).map(|item| item.text);
        let sources: Vec<&str> = operands.filter(|source| *source != text).collect();
        let stays = call.program == "cp"
            || call.program == "mv"
                && paths::locate(text, &self.state.cwd, self.ctx).class != TargetClass::System;
        if stays
            && let [source] = sources[..]
            && text.strip_prefix(source).is_some_and(is_backup)
            && is_one_file(&paths::locate_path(source, &self.state.cwd, self.ctx))
        {
            return BACKUP;
        }
        if self.links_settings(call, text, &sources) || self.links_site(call, text, &sources) {
            return PLACED;
        }
        if self.links_dotfiles(call, text, &sources) {
            return DOTFILES;
        }
        let path = paths::locate_path(text, &self.state.cwd, self.ctx);
        if self.adds_rules(call, &path, &sources) {
            return RULES;
        }
        if self.links_program(call, &path, &sources) || self.links_own(call, &path, &sources) {
            return PLACED;
        }
        let Some(name) = path.strip_prefix(PROGRAMS) else { return "" };
        let name = name.trim_matches('/');
        let mode = call.args.items.iter().any(|item| {
            matches!(item.role, Role::Value(flag) if flag.names.contains(&"-m")) && !is_plain_mode(item.text)
        });
        let plain = |name: &str| {
            let bare = name.rsplit('/').next().unwrap_or_default();
            !bare.is_empty()
                && bare.starts_with(|letter: char| letter.is_ascii_alphanumeric())
                && !bare.starts_with("git-")
                && !value::has_pattern(bare)
                && !value::has_hole(bare)
                && !is_base(bare)
        };
        let names_new = if name.is_empty() {
            !sources.is_empty() && sources.iter().all(|source| plain(source))
        } else {
            !name.contains('/') && plain(name)
        };
        // What lies in the folder at hand, or for a link in one for programs: no program of the system under a new name, nothing
        // that the line itself wrote or fetched, no data.
        let own = sources.iter().all(|source| {
            let place = paths::locate(source, &self.state.cwd, self.ctx);
            let linked =
                call.program == "ln" && place.path.starts_with("/opt/") && place.path.contains("/bin/");
            (place.class == TargetClass::Local || linked)
                && self.own_file(source).is_none()
                && !known::runs_code(source)
                && !value::has_pattern(source)
                && !value::has_hole(source)
        });
        let odd = call.args.has_any(&["-s", "--strip-program", "-b", "-n"]) && call.program == "install";
        let owner = call.args.values("-o").chain(call.args.values("-g"));
        let odd = odd || owner.into_iter().any(|item| call.program == "install" && item.text != "root");
        let mode = mode || odd;
        if names_new && own && !mode { PLACED } else { "" }
    }
}

impl Machine<'_> {
    /// `cp contrib/60-openocd.rules /etc/udev/rules.d/`: one file of the folder at hand, under a number of its own.
    fn adds_rules(&self, call: &Call<'_>, path: &str, sources: &[&str]) -> bool {
        let [source] = sources else { return false };
        let Some(into) = path.strip_prefix("/etc/udev/rules.d") else { return false };
        let own = source.rsplit('/').next().unwrap_or_default();
        let name = if into.trim_matches('/').is_empty() { own } else { into.trim_start_matches('/') };
        let numbered = name.split_once('-').is_some_and(|(number, rest)| {
            number.len() == 2
                && number.bytes().all(|byte| byte.is_ascii_digit())
                && rest.ends_with(".rules")
                && rest.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_.".contains(letter))
        });
        matches!(call.program, "cp" | "install")
            && call.has_only(&["-v", "-m"])
            && numbered
            && paths::locate(source, &self.state.cwd, self.ctx).class == TargetClass::Local
            && self.own_file(source).is_none()
            && !self.files.iter().any(|(known, _)| known.ends_with('/'))
            && self.cloned.is_empty()
    }

    /// `ln -s /snap/bin/certbot /usr/bin/certbot`: a program that is there gets a second place under its name, where none is yet.
    fn links_program(&self, call: &Call<'_>, path: &str, sources: &[&str]) -> bool {
        let [source] = sources else { return false };
        let from = paths::locate_path(source, &self.state.cwd, self.ctx);
        let Some(name) = path.strip_prefix("/usr/bin/") else { return false };
        let brought = from.starts_with("/snap/bin/")
            || ["/opt/", "/usr/local/"].iter().any(|start| from.starts_with(start)) && from.contains("/bin/");
        call.program == "ln"
            && call.args.has("-s")
            && call.has_only(&["-s", "-v"])
            && brought
            && from.rsplit('/').next() == Some(name)
            && !name.is_empty()
            && !value::has_hole(&from)
            && !value::has_pattern(&from)
            && !is_base(name)
            && self.own_file(source).is_none()
    }
}

impl Machine<'_> {
    /// `ln -sfn "$PWD/scripts/dev.sh" ~/.local/bin/dev`, `cp todo.sh ~/.local/bin/todo`: where somebody puts programs of their
    /// own, one of these gets another name, or a name another of these. What lay there was put there in the same way and can be
    /// put there again; nothing of the system's is there.
    fn links_own(&self, call: &Call<'_>, path: &str, sources: &[&str]) -> bool {
        let [source] = sources else { return false };
        let shown = self.unknowns.show(path);
        let folder = ["~/.local/bin", "~/bin"].iter().find_map(|folder| shown.strip_prefix(folder));
        let Some(name) = folder.map(|name| name.trim_matches('/')) else { return false };
        // Into the folder it goes under its own name.
        let name = if name.is_empty() { source.rsplit('/').next().unwrap_or_default() } else { name };
        let from = paths::locate(source, &self.state.cwd, self.ctx);
        // The folder at hand is as much one's own as the home; what the line wrote or fetched is not.
        let at_hand = source.starts_with("$(pwd)/") || self.unknowns.show(source).starts_with("$PWD/");
        let own = at_hand
            || matches!(from.class, TargetClass::Local | TargetClass::HomeFile)
                && !from.path.contains("/Downloads/")
                && !from.path.contains("/.cache/")
            || ["/opt/", "/usr/local/"].iter().any(|start| from.path.starts_with(start));
        let links =
            call.program == "ln" && call.args.has("-s") && call.has_only(&["-s", "-f", "-n", "-v", "-r"]);
        let copies = call.program == "cp"
            && call.has_only(&["-f", "-i", "-n", "-p", "-u", "-v"])
            && from.class == TargetClass::Local;
        let plain_mode = call.args.values("-m").all(|item| is_plain_mode(item.text));
        let installs = call.program == "install"
            && call.has_only(&["-D", "-C", "-m", "-p", "-t", "-v"])
            && plain_mode
            && from.class == TargetClass::Local;
        (links || copies || installs)
            && own
            && !name.is_empty()
            && name.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_.".contains(letter))
            && name.starts_with(|letter: char| letter.is_ascii_alphanumeric())
            && !is_base(name)
            && !known::runs_code(source)
            && !is_base(source.rsplit('/').next().unwrap_or_default())
            && !source.contains("..")
            && self.own_file(source).is_none()
            && !self.is_hidden(source)
    }
}

/// True for the name of a program that every system has.
pub(super) fn is_base(name: &str) -> bool {
    data::holds(BASE, name) || known::runs_code(name)
}

/// True for the mode of a program that everybody may run and only its owner may change.
fn is_plain_mode(mode: &str) -> bool {
    matches!(mode, "555" | "0555" | "700" | "0700" | "750" | "0750" | "755" | "0755" | "a+rx" | "+x" | "a+x")
}

/// True where a program below [`PROGRAMS`] is made one that can be run.
pub(super) fn lets_run(path: &str, mode: &str) -> bool {
    let name = path.strip_prefix(PROGRAMS).and_then(|rest| rest.strip_prefix('/'));
    name.is_some_and(|name| !name.is_empty() && !name.contains(['/', '*', '…', '$']))
        && (is_plain_mode(mode) || matches!(mode, "u+x" | "ugo+x" | "og+rx" | "go+rx"))
}

/// True for no whole part of the system or of a home, and for no folder of which every file is read.
fn is_one_file(path: &str) -> bool {
    let path = path.trim_end_matches('/');
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let deep = !path.starts_with('/') || path.matches('/').count() > 1;
    let read_whole = folder.split('/').any(|part| part.ends_with(".d") || part.ends_with("-enabled"));
    deep && !read_whole && name != ".git"
}

/// True for what is put behind a name to keep a copy of the file: `.bak`, `~`, a date.
fn is_backup(end: &str) -> bool {
    let word = end.trim_start_matches(['.', '-', '_']);
    if end == "~" {
        return true;
    }
    let dated = word.chars().next().is_some_and(|letter| letter.is_ascii_digit()) && !word.contains('/');
    end.len() > word.len()
        && (["bak", "backup", "bkp", "dist", "old", "orig", "original", "save", "saved"]
            .iter()
            .any(|kept| word.strip_prefix(kept).is_some_and(|rest| !rest.contains('/')))
            || dated
            || !word.is_empty() && word.chars().all(value::is_hole))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::safety::Risk::{High, Moderate, Safe};
    use crate::safety::tests::{check_all, context};

    #[test]
    fn the_table_is_sorted() {
        assert!(BASE.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn what_takes_nothing_away() {
        check_all(
            &context(),
            &[
                (Safe, "sudo cp -a /etc/nginx/nginx.conf{,.bak}"),
                (Safe, "sudo cp /etc/hosts /etc/hosts.orig"),
                (Safe, "sudo cp /etc/hosts /etc/hosts.$(date +%F)"),
                (
                    High,
                    "curl -fsSL https://example.com/gpg | sudo tee /etc/apt/trusted.gpg.d/example.asc > /dev/null",
                ),
                (Safe, "mv ~/.config/nvim ~/.config/nvim.bak"),
                (Moderate, "sudo cp hosts /etc/resolv.conf"),
                (Moderate, "sudo cp /etc/hosts.bak /etc/hosts"),
                (High, "sudo mv /etc/passwd /etc/passwd.bak"),
                (Safe, "sudo install -o root -g root -m 0755 kubectl /usr/local/bin/kubectl"),
                (Safe, "sudo mv target/release/tool /usr/local/bin/"),
                (Safe, "sudo cp target/release/tool /usr/local/bin && sudo chmod +x /usr/local/bin/tool"),
                (Safe, "sudo ln -s /opt/tool/bin/tool /usr/local/bin/tool"),
                (Safe, "sudo ln -s /snap/bin/certbot /usr/bin/certbot"),
                (Moderate, "sudo ln -sf /snap/bin/certbot /usr/bin/certbot"),
                (Moderate, "sudo ln -s /tmp/x /snap/bin/certbot"),
                (Safe, "ls /snap/bin/certbot"),
                (Safe, "ln -sfn \"$PWD/scripts/dev.sh\" ~/.local/bin/dev"),
                (Safe, "ln -sf ~/work/tool/target/release/tool ~/.local/bin/tool"),
                (Safe, "ln -sf /opt/nvim/bin/nvim ~/bin/nvim"),
                (
                    Safe,
                    "mkdir -p ~/.local/bin; cp ./scripts/todo.sh ~/.local/bin/todo; chmod +x ~/.local/bin/todo",
                ),
                (Safe, "cp bin/todo ~/.local/bin/"),
                (Moderate, "cp todo ~/.local/bin/sudo"),
                (Moderate, "cp /tmp/todo ~/.local/bin/todo"),
                (Moderate, "cp -r bin ~/.local/bin/todo"),
                (Moderate, "echo x > todo; cp todo ~/.local/bin/todo"),
                (Moderate, "cp ls ~/.local/bin/tool"),
                (Moderate, "ln -sf ~/work/x ~/.local/bin/sudo"),
                (Moderate, "ln -sf ~/.x/y ~/.local/bin/dev"),
                (Moderate, "ln -sf /tmp/dev ~/.local/bin/dev"),
                (Moderate, "ln -sf ~/Downloads/dev ~/.local/bin/dev"),
                (Moderate, "ln -sf /usr/bin/python3 ~/.local/bin/tool"),
                (Moderate, "echo x > dev; ln -sf dev ~/.local/bin/dev"),
                (Moderate, "sudo ln -s /snap/bin/x /usr/bin/certbot"),
                (Moderate, "sudo ln -s /tmp/bin/certbot /usr/bin/certbot"),
                (Moderate, "sudo ln -s /opt/x/bin/sudo /usr/bin/sudo"),
                (Moderate, "sudo cp ls /usr/local/bin/"),
                (Moderate, "sudo mv x /usr/local/bin/sudo"),
                (Moderate, "sudo ln -s /opt/x /usr/local/bin/python3"),
                (Moderate, "sudo curl -fsSL https://example.com/x -o /usr/local/bin/x"),
                (Moderate, "curl -fsSLO https://example.com/x && sudo mv x /usr/local/bin/"),
                (Moderate, "sudo cp contrib/60-openocd.rules /etc/udev/rules.d/"),
                (High, "sudo cp /tmp/60-openocd.rules /etc/udev/rules.d/"),
                (High, "sudo cp x /etc/udev/rules.d/"),
                (High, "echo x > 60-x.rules; sudo cp 60-x.rules /etc/udev/rules.d/"),
                (Moderate, "sudo cp x /usr/bin/x"),
                (High, "sudo install -m 4755 x /usr/local/bin/x"),
                (Moderate, "sudo chmod 644 /usr/local/bin/x"),
            ],
        );
    }
}
