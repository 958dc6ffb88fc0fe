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
    "etc/apt/trusted.gpg.d",
    "etc/ca-certificates.conf",
    "etc/crypttab",
    "etc/default/grub",
    "etc/fstab",
    "etc/group",
    "etc/gshadow",
    "etc/hosts.allow",
    "etc/hosts.deny",
    "etc/ld.so.conf",
    "etc/ld.so.preload",
    "etc/login.defs",
    "etc/master.passwd",
    "etc/nsswitch.conf",
    "etc/pam.d",
    "etc/passwd",
    "etc/securetty",
    "etc/selinux",
    "etc/shadow",
    "etc/ssh/sshd_config",
    "etc/ssh/sshd_config.d",
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
    ".ansible/vault",
    ".authinfo",
    ".aws/credentials",
    ".aws/sso",
    ".azure",
    ".bash_history",
    ".bitcoin",
    ".boto",
    ".cache/huggingface/token",
    ".cargo/credentials",
    ".cargo/credentials.toml",
    ".config/Bitwarden",
    ".config/BraveSoftware",
    ".config/age",
    ".config/chromium",
    ".config/doctl",
    ".config/gcloud",
    ".config/gh",
    ".config/gh/hosts.yml",
    ".config/google-chrome",
    ".config/heroku",
    ".config/hub",
    ".config/op",
    ".config/rclone",
    ".config/sops",
    ".databricks",
    ".docker/config.json",
    ".electrum",
    ".ethereum",
    ".fly",
    ".gem/credentials",
    ".git-credentials",
    ".gnupg",
    ".htpasswd",
    ".huggingface/token",
    ".kaggle/kaggle.json",
    ".kube/config",
    ".local/share/fish/fish_history",
    ".local/share/keyrings",
    ".local/share/kwalletd",
    ".m2/settings.xml",
    ".mozilla",
    ".my.cnf",
    ".mysql_history",
    ".netrc",
    ".node_repl_history",
    ".npmrc",
    ".oci",
    ".password-store",
    ".pgpass",
    ".psql_history",
    ".pypirc",
    ".python_history",
    ".s3cfg",
    ".sqlite_history",
    ".ssh",
    ".terraform.d/credentials.tfrc.json",
    ".thunderbird",
    ".vault-token",
    ".zsh_history",
    "Library/Application Support/BraveSoftware",
    "Library/Application Support/Firefox",
    "Library/Application Support/Google/Chrome",
    "Library/Cookies",
    "Library/Keychains",
];

/// Files outside home directories that hold keys or passwords.
pub(super) const SYSTEM_SECRETS: &[&str] = &[
    "etc/NetworkManager/system-connections",
    "etc/gshadow",
    "etc/krb5.keytab",
    "etc/kubernetes/admin.conf",
    "etc/kubernetes/pki",
    "etc/letsencrypt/archive",
    "etc/letsencrypt/live",
    "etc/master.passwd",
    "etc/openvpn",
    "etc/rancher/k3s/k3s.yaml",
    "etc/shadow",
    "etc/ssl/private",
    "etc/sssd/sssd.conf",
    "etc/sudoers",
    "etc/wireguard",
    "proc/kcore",
    "root/.aws",
    "root/.kube",
    "root/.ssh",
    "run/secrets",
    "var/db/dslocal",
    "var/lib/kubelet/pki",
    "var/lib/sss/secrets",
    "var/run/secrets",
];

/// Names that hold secrets wherever they are.
pub(super) const SECRET_NAMES: &[&str] = &[
    ".dockercfg",
    ".env",
    ".env.local",
    ".env.prod",
    ".env.production",
    ".env.staging",
    ".git-credentials",
    ".htpasswd",
    ".netrc",
    ".pgpass",
    ".pypirc",
    ".vault-token",
    ".vault_pass",
    "NTDS.dit",
    "credentials.json",
    "id_dsa",
    "id_ecdsa",
    "id_ecdsa_sk",
    "id_ed25519",
    "id_ed25519_sk",
    "id_rsa",
    "key4.db",
    "login.keychain-db",
    "logins.json",
    "master.key",
    "ntds.dit",
    "secrets.yaml",
    "secrets.yml",
    "service-account.json",
    "wallet.dat",
];

/// Files that a shell or a login runs, below the home directory.
pub(super) const SHELL_STARTUP: &[&str] = &[
    ".bash_aliases",
    ".bash_login",
    ".bash_logout",
    ".bash_profile",
    ".bashrc",
    ".config/autostart",
    ".config/autostart-scripts",
    ".config/bash",
    ".config/elvish/rc.elv",
    ".config/environment.d",
    ".config/fish/conf.d",
    ".config/fish/config.fish",
    ".config/nushell/autoload",
    ".config/nushell/config.nu",
    ".config/nushell/env.nu",
    ".config/plasma-workspace/env",
    ".config/systemd/user",
    ".config/upstart",
    ".config/xonsh",
    ".config/zsh",
    ".cshrc",
    ".kshrc",
    ".local/share/nushell/vendor/autoload",
    ".local/share/systemd/user",
    ".login",
    ".mkshrc",
    ".pam_environment",
    ".profile",
    ".ssh/rc",
    ".tcshrc",
    ".xinitrc",
    ".xonshrc",
    ".xprofile",
    ".xsession",
    ".xsessionrc",
    ".zlogin",
    ".zlogout",
    ".zprofile",
    ".zshenv",
    ".zshrc",
    "Library/LaunchAgents",
    "Library/LaunchDaemons",
];

/// System files that are run at login or start, or by a timer.
pub(super) const SYSTEM_STARTUP: &[&str] = &[
    "Library/LaunchAgents",
    "Library/LaunchDaemons",
    "Library/StartupItems",
    "etc/NetworkManager/dispatcher.d",
    "etc/X11/Xsession.d",
    "etc/X11/xinit",
    "etc/anacrontab",
    "etc/apt/apt.conf.d",
    "etc/bash.bashrc",
    "etc/bashrc",
    "etc/cron.d",
    "etc/cron.daily",
    "etc/cron.hourly",
    "etc/cron.monthly",
    "etc/cron.weekly",
    "etc/crontab",
    "etc/csh.cshrc",
    "etc/csh.login",
    "etc/dnf/plugins",
    "etc/emond.d",
    "etc/environment",
    "etc/fish",
    "etc/init.d",
    "etc/inittab",
    "etc/ld.so.preload",
    "etc/modprobe.d",
    "etc/modules-load.d",
    "etc/network/if-up.d",
    "etc/pacman.d/hooks",
    "etc/pam.d",
    "etc/periodic",
    "etc/ppp/ip-up.d",
    "etc/profile",
    "etc/profile.d",
    "etc/rc.d",
    "etc/rc.local",
    "etc/skel",
    "etc/sudoers.d",
    "etc/systemd/system",
    "etc/systemd/user",
    "etc/udev/rules.d",
    "etc/update-motd.d",
    "etc/xdg/autostart",
    "etc/yum/pluginconf.d",
    "etc/zprofile",
    "etc/zsh",
    "etc/zshenv",
    "etc/zshrc",
    "lib/systemd/system",
    "lib/udev/rules.d",
    "root/.bash_profile",
    "root/.bashrc",
    "root/.profile",
    "root/.zshrc",
    "usr/lib/systemd/system",
    "usr/lib/systemd/system-generators",
    "usr/lib/systemd/user",
    "usr/lib/udev/rules.d",
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
/// Processes without which nobody gets in, nothing is shown, or nothing is guarded any more.
const VITAL_PROCESSES: &[&str] = &[
    "NetworkManager",
    "WindowServer",
    "Xorg",
    "auditd",
    "clamd",
    "containerd",
    "crowdstrike",
    "dbus-daemon",
    "dbus-broker",
    "dockerd",
    "edr",
    "falcon",
    "fail2ban",
    "firewalld",
    "gdm",
    "gnome-shell",
    "init",
    "kthreadd",
    "kubelet",
    "launchd",
    "lightdm",
    "loginwindow",
    "mdatp",
    "ossec",
    "osqueryd",
    "rsyslogd",
    "santa",
    "sddm",
    "securityd",
    "sentinel",
    "sshd",
    "systemd",
    "udevd",
    "ufw",
    "wazuh",
    "wdavdaemon",
    "xagt",
];

/// Packages without which the system does not start, cannot be mended or cannot be reached.
const VITAL_PACKAGES: &[&str] = &[
    "apt",
    "base",
    "base-files",
    "bash",
    "bsdutils",
    "coreutils",
    "dash",
    "dnf",
    "dpkg",
    "e2fsprogs",
    "filesystem",
    "glibc",
    "grub",
    "grub-pc",
    "init",
    "initramfs-tools",
    "kernel",
    "kernel-core",
    "libc-bin",
    "libc6",
    "libpam-modules",
    "libssl3",
    "libsystemd0",
    "linux",
    "login",
    "mount",
    "musl",
    "network-manager",
    "networkmanager",
    "openssh",
    "openssh-server",
    "openssl-libs",
    "pacman",
    "pam",
    "passwd",
    "perl-base",
    "python3",
    "python3-minimal",
    "rpm",
    "sudo",
    "systemd",
    "systemd-sysv",
    "udev",
    "util-linux",
    "yum",
];

/// Hosts that take anything from anybody and show it to anybody, or to whoever set the trap.
const PUBLIC_DROPS: &[&str] = &[
    "0x0.st",
    "anonfiles.com",
    "bashupload.com",
    "beeceptor.com",
    "burpcollaborator.net",
    "catbox.moe",
    "clbin.com",
    "controlc.com",
    "dpaste.com",
    "dpaste.org",
    "envs.sh",
    "file.io",
    "filebin.net",
    "ghostbin.com",
    "gofile.io",
    "hastebin.com",
    "hookbin.com",
    "interact.sh",
    "ix.io",
    "keep.sh",
    "ngrok-free.app",
    "ngrok.app",
    "ngrok.io",
    "oast.fun",
    "oast.live",
    "oast.me",
    "oast.online",
    "oast.pro",
    "oast.site",
    "oastify.com",
    "oshi.at",
    "paste.ee",
    "paste.rs",
    "pastebin.com",
    "pipedream.net",
    "privatebin.net",
    "ptpb.pw",
    "requestbin.com",
    "requestbin.net",
    "rentry.co",
    "send.firefox.com",
    "sprunge.us",
    "temp.sh",
    "termbin.com",
    "tmpfiles.org",
    "transfer.sh",
    "trycloudflare.com",
    "uguu.se",
    "uploadfiles.io",
    "webhook.site",
    "wetransfer.com",
];

/// The host of a URL or of `user@host:path`.
pub(super) fn host_of(text: &str) -> &str {
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let rest = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let rest = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
    if rest.starts_with('[') {
        return rest.split_inclusive(']').next().unwrap_or(rest);
    }
    rest.split(':').next().unwrap_or(rest)
}

/// True for a host that takes anything from anybody.
pub(super) fn is_public_drop(host: &str) -> bool {
    PUBLIC_DROPS
        .iter()
        .any(|drop| host.strip_suffix(drop).is_some_and(|before| before.is_empty() || before.ends_with('.')))
}

/// True for a process that the system, its protection or the way into it needs.
pub(super) fn is_vital_process(name: &str) -> bool {
    let name = name.rsplit('/').next().unwrap_or(name).trim_start_matches('^').trim_end_matches('$');
    let known = |vital: &&str| {
        let rest = name.strip_prefix(*vital);
        rest.is_some_and(|rest| rest.is_empty() || !rest.starts_with(|c: char| c.is_alphanumeric()))
    };
    !name.is_empty() && VITAL_PROCESSES.iter().any(|vital| known(&vital))
}

/// True for a package without which the system does not start or work.
pub(super) fn is_vital_package(name: &str) -> bool {
    let name = name.split([':', '=']).next().unwrap_or(name);
    let image = ["linux-image", "linux-generic", "linux-headers-generic", "grub-efi", "grub2", "shim-signed"];
    let set = ["*", "$(dpkg", "$(rpm -qa", "$(pacman -Qq", "$(apt list"];
    VITAL_PACKAGES.contains(&name)
        || image.iter().any(|start| name.starts_with(start))
        || set.iter().any(|start| name.starts_with(start))
}

/// Names of settings and data that programs keep and people do not write anew.
pub(super) fn is_settings(path: &str) -> bool {
    const ENDINGS: &[&str] = &[
        "cfg",
        "conf",
        "config",
        "crt",
        "db",
        "env",
        "ini",
        "kdbx",
        "key",
        "pem",
        "plist",
        "properties",
        "service",
        "sql",
        "sqlite",
        "sqlite3",
        "toml",
        "yaml",
        "yml",
    ];
    let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or(path);
    let hidden = path.split('/').any(|part| part.len() > 2 && part.starts_with('.') && part != "...");
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    hidden || ENDINGS.contains(&ending)
}

/// True for a shell, an interpreter or another program that runs whatever it is told.
pub(super) fn runs_code(path: &str) -> bool {
    const RUNNERS: &[&str] = &[
        "ash", "awk", "bash", "busybox", "cp", "csh", "dash", "dd", "docker", "ed", "emacs", "env", "find",
        "fish", "gawk", "gdb", "ksh", "less", "lua", "mawk", "more", "mv", "nano", "nmap", "node", "perl",
        "php", "pico", "python", "ruby", "rvim", "sed", "sh", "socat", "tar", "tcsh", "tee", "vi", "view",
        "vim", "xargs", "zsh",
    ];
    let name = path.rsplit('/').next().unwrap_or(path);
    let name = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    RUNNERS.contains(&name)
}

/// Endings by which a name is a file's rather than a branch's.
pub(super) const FILE_ENDINGS: &[&str] = &[
    "bat", "c", "cc", "cfg", "conf", "cpp", "cs", "css", "csv", "dart", "docx", "env", "ex", "exs", "gif",
    "go", "gradle", "h", "hpp", "html", "ini", "ipynb", "java", "jpg", "js", "json", "jsx", "kt", "less",
    "lock", "lua", "md", "mjs", "pdf", "php", "pl", "png", "ps1", "py", "rb", "rs", "rst", "sass", "scala",
    "scss", "sh", "sql", "svg", "swift", "tex", "tf", "toml", "ts", "tsx", "txt", "vue", "xlsx", "xml",
    "yaml", "yml", "zsh",
];

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
            FILE_ENDINGS,
        ] {
            for pair in table.windows(2) {
                assert!(pair[0] < pair[1], "{} comes before {}", pair[0], pair[1]);
            }
        }
    }
}
