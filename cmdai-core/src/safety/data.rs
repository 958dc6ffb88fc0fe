//! Tables that rules and classes draw on: sorted, each with a sentence on who may join.

/// Top-level directories without which the system does not start or work.
pub(super) const SYSTEM_DIRECTORIES: &[&str] = &[
    "Applications",
    "Library",
    "System",
    "bin",
    "boot",
    "dev",
    "efi",
    "etc",
    "lib",
    "lib32",
    "lib64",
    "libx32",
    "proc",
    "run",
    "sbin",
    "sys",
    "usr",
    "var",
];

/// Directories below `/usr` and `/var` whose loss is as bad as that of the whole.
pub(super) const SYSTEM_SUBDIRECTORIES: &[&str] = &[
    "usr/bin",
    "usr/include",
    "usr/lib",
    "usr/lib32",
    "usr/lib64",
    "usr/libexec",
    "usr/local",
    "usr/local/bin",
    "usr/local/lib",
    "usr/sbin",
    "usr/share",
    "var/db",
    "var/lib",
    "var/lib/dpkg",
    "var/lib/rpm",
    "var/spool",
];

/// Files and folders without which the system does not start or nobody can log in.
pub(super) const VITAL_FILES: &[&str] = &[
    "bin",
    "boot",
    "efi",
    "etc/fstab",
    "etc/group",
    "etc/gshadow",
    "etc/ld.so.conf",
    "etc/ld.so.preload",
    "etc/master.passwd",
    "etc/pam.d",
    "etc/passwd",
    "etc/shadow",
    "etc/ssh/sshd_config",
    "etc/sudoers",
    "lib",
    "lib64",
    "proc/sysrq-trigger",
    "sbin",
    "usr/bin",
    "usr/lib",
    "usr/sbin",
];

/// Beginnings of the names of disks, partitions and memory in `/dev`.
pub(super) const DEVICE_PREFIXES: &[&str] = &[
    "dasd", "disk", "dm-", "fd0", "hd", "kmem", "loop", "mapper", "md", "mem", "mmcblk", "nbd", "nvme",
    "port", "rbd", "rdisk", "sd", "sg", "sr", "vd", "vg", "xvd", "zd", "zvol",
];

/// Names in `/dev` that do no harm: sinks, sources and terminals.
pub(super) const HARMLESS_DEVICES: &[&str] = &[
    "fd", "full", "null", "ptmx", "pts", "random", "shm", "stderr", "stdin", "stdout", "tty", "urandom",
    "zero",
];

/// Files and folders below the home directory that hold keys, tokens or passwords.
pub(super) const HOME_SECRETS: &[&str] = &[
    ".aws/credentials",
    ".azure",
    ".config/gcloud",
    ".config/gh/hosts.yml",
    ".config/op",
    ".docker/config.json",
    ".git-credentials",
    ".gnupg",
    ".kube/config",
    ".local/share/keyrings",
    ".netrc",
    ".npmrc",
    ".password-store",
    ".pgpass",
    ".pypirc",
    ".ssh",
    ".terraform.d/credentials.tfrc.json",
    ".vault-token",
    "Library/Keychains",
];

/// Files outside home directories that hold keys or passwords.
pub(super) const SYSTEM_SECRETS: &[&str] = &[
    "etc/gshadow",
    "etc/krb5.keytab",
    "etc/master.passwd",
    "etc/shadow",
    "etc/ssl/private",
    "etc/sudoers",
    "root/.ssh",
    "run/secrets",
    "var/run/secrets",
];

/// Names that hold secrets wherever they are.
pub(super) const SECRET_NAMES: &[&str] =
    &[".env", ".git-credentials", ".netrc", ".pgpass", "id_dsa", "id_ecdsa", "id_ed25519", "id_rsa"];

/// Files that a shell or a login runs, below the home directory.
pub(super) const SHELL_STARTUP: &[&str] = &[
    ".bash_aliases",
    ".bash_login",
    ".bash_logout",
    ".bash_profile",
    ".bashrc",
    ".config/autostart",
    ".config/fish/conf.d",
    ".config/fish/config.fish",
    ".config/nushell/autoload",
    ".config/nushell/config.nu",
    ".config/nushell/env.nu",
    ".config/systemd/user",
    ".local/share/nushell/vendor/autoload",
    ".login",
    ".profile",
    ".xinitrc",
    ".xprofile",
    ".zlogin",
    ".zlogout",
    ".zprofile",
    ".zshenv",
    ".zshrc",
    "Library/LaunchAgents",
];

/// System files that are run at login or start, or by a timer.
pub(super) const SYSTEM_STARTUP: &[&str] = &[
    "etc/bash.bashrc",
    "etc/cron.d",
    "etc/cron.daily",
    "etc/cron.hourly",
    "etc/crontab",
    "etc/init.d",
    "etc/ld.so.preload",
    "etc/profile",
    "etc/profile.d",
    "etc/rc.local",
    "etc/systemd/system",
    "etc/zsh",
    "var/spool/cron",
];

/// Folders that tools make again from sources, so that deleting them loses nothing but time.
pub(super) const REBUILDABLE: &[&str] = &[
    ".cache",
    ".gradle",
    ".mypy_cache",
    ".next",
    ".nuxt",
    ".parcel-cache",
    ".pytest_cache",
    ".ruff_cache",
    ".terraform",
    ".tox",
    ".turbo",
    ".venv",
    "__pycache__",
    "bower_components",
    "build",
    "coverage",
    "dist",
    "env",
    "node_modules",
    "obj",
    "out",
    "target",
    "tmp",
    "vendor",
    "venv",
];

/// Variables whose value a program runs as code.
pub(super) const CODE_VARIABLES: &[&str] = &[
    "EDITOR",
    "GIT_EDITOR",
    "GIT_EXTERNAL_DIFF",
    "GIT_PAGER",
    "GIT_SEQUENCE_EDITOR",
    "GIT_SSH_COMMAND",
    "LESSOPEN",
    "MANPAGER",
    "PAGER",
    "PROMPT_COMMAND",
    "RSYNC_RSH",
    "VISUAL",
];

/// Programs looked for where a program's name is a pattern such as `/bin/r?`.
pub(super) const PATTERN_PROGRAMS: &[&str] = &[
    "bash", "cat", "chmod", "chown", "curl", "dash", "dd", "find", "mkfs", "mv", "nc", "perl", "python3",
    "rm", "sh", "shred", "shutdown", "sudo", "wget", "zsh",
];

/// Git settings whose value git runs as code.
pub(super) const GIT_CODE_SETTINGS: &[&str] = &[
    "core.alternaterefscommand",
    "core.askpass",
    "core.editor",
    "core.fsmonitor",
    "core.gitproxy",
    "core.pager",
    "core.sshcommand",
    "credential.helper",
    "diff.external",
    "gpg.program",
    "instaweb.httpd",
    "interactive.difffilter",
    "sendemail.smtpserver",
    "sequence.editor",
    "uploadpack.packobjectshook",
    "web.browser",
];

/// Last parts of git settings, below a name of the user's, whose value git runs as code.
pub(super) const GIT_CODE_PARTS: &[&str] =
    &["clean", "cmd", "command", "driver", "process", "program", "smudge", "textconv", "vcs"];

/// Sorts of things in clouds and clusters that hold nothing of their own: what is lost with one is a few
/// words, or a job that is started again.
pub(super) const SMALL_THINGS: &[&str] = &[
    "alarm",
    "alarms",
    "alert",
    "alerts",
    "alias",
    "annotation",
    "assignment",
    "association",
    "associations",
    "bookmark",
    "build",
    "builds",
    "cache",
    "capture",
    "captures",
    "comment",
    "dashboard",
    "endpointslice",
    "ev",
    "event",
    "events",
    "execution",
    "executions",
    "filter",
    "filters",
    "invalidation",
    "job",
    "jobs",
    "label",
    "labels",
    "lease",
    "message",
    "notification",
    "po",
    "pod",
    "pods",
    "query",
    "replicaset",
    "replicasets",
    "rs",
    "run",
    "session",
    "sessions",
    "tag",
    "tags",
    "task",
    "tasks",
    "variable",
    "widget",
];

/// True where `name` is in the sorted table.
pub(super) fn holds(table: &[&str], name: &str) -> bool {
    table.binary_search(&name).is_ok()
}

/// True where the path is one of the table's or lies below it.
pub(super) fn holds_path(table: &[&str], path: &str) -> bool {
    table
        .iter()
        .any(|known| path.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted_and_unique() {
        for table in [
            SYSTEM_DIRECTORIES,
            SYSTEM_SUBDIRECTORIES,
            VITAL_FILES,
            DEVICE_PREFIXES,
            HARMLESS_DEVICES,
            HOME_SECRETS,
            SYSTEM_SECRETS,
            SECRET_NAMES,
            SHELL_STARTUP,
            SYSTEM_STARTUP,
            REBUILDABLE,
            CODE_VARIABLES,
            PATTERN_PROGRAMS,
            GIT_CODE_SETTINGS,
            GIT_CODE_PARTS,
            SMALL_THINGS,
        ] {
            for pair in table.windows(2) {
                assert!(pair[0] < pair[1], "{} comes before {}", pair[0], pair[1]);
            }
        }
    }
}
