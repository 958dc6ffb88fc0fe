//! Processes, packages, hosts and programs that weigh more than others of their kind.

use super::call::Call;
use super::effect::Target;
use super::{Effect, EffectKind, TargetClass, caches, data};

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

/// True for a place whose files a server hands to everybody who asks.
pub(super) fn is_served(path: &str) -> bool {
    const FOLDERS: &[&str] = &[
        "/var/www",
        "/srv/http",
        "/srv/www",
        "/usr/local/www",
        "/usr/share/caddy",
        "/usr/share/nginx",
        "/public_html",
        "/htdocs",
        "/wwwroot",
    ];
    FOLDERS.iter().any(|folder| path.contains(folder)) || path.starts_with("~/Public/")
}

/// True for this machine itself.
pub(super) fn is_own_host(host: &str) -> bool {
    matches!(host, "localhost" | "[::1]" | "0.0.0.0")
        || host.starts_with("127.")
        || host.ends_with(".localhost")
}

/// Hosts where people keep their repositories. Sorted.
const FORGES: &[&str] = &[
    "bitbucket.org",
    "codeberg.org",
    "dev.azure.com",
    "git.sr.ht",
    "github.com",
    "gitlab.com",
    "ssh.dev.azure.com",
];

/// True for a host where people keep their repositories.
pub(super) fn is_forge(host: &str) -> bool {
    FORGES.contains(&host)
}

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

/// The usual form of an address that is written as one number, or with parts in another base: `2852039166`, `0xa9fea9fe`,
/// `0251.0376.0251.0376`. `None` where it is no such number.
pub(super) fn dotted(host: &str) -> Option<String> {
    let number = |part: &str| -> Option<u32> {
        if let Some(digits) = part.strip_prefix("0x").or_else(|| part.strip_prefix("0X")) {
            u32::from_str_radix(digits, 16).ok()
        } else if part.len() > 1 && part.starts_with('0') {
            u32::from_str_radix(part, 8).ok()
        } else {
            part.parse().ok()
        }
    };
    let parts: Vec<u32> = host.split('.').take(5).map(number).collect::<Option<_>>()?;
    let whole = match parts[..] {
        [whole] if host.len() > 6 => whole,
        [a, rest] if a < 256 && rest < 1 << 24 => a << 24 | rest,
        [a, b, rest] if a < 256 && b < 256 && rest < 1 << 16 => a << 24 | b << 16 | rest,
        [a, b, c, d] if a < 256 && b < 256 && c < 256 && d < 256 => a << 24 | b << 16 | c << 8 | d,
        _ => return None,
    };
    let bytes = whole.to_be_bytes();
    Some(format!("{}.{}.{}.{}", bytes[0], bytes[1], bytes[2], bytes[3]))
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
    !name.is_empty() && VITAL_PROCESSES.iter().any(known)
}

/// True for a part of the desktop, or a cache of names, that the system starts again at once and that holds nobody's work: it is ended
/// so that it reads its settings anew.
pub(super) fn starts_again(effect: &Effect) -> bool {
    const PARTS: &[&str] = &[
        "ControlCenter",
        "Dock",
        "Finder",
        "NotificationCenter",
        "SystemUIServer",
        "cfprefsd",
        "mDNSResponder",
        "mDNSResponderHelper",
    ];
    effect.kind == EffectKind::Kill && effect.program == "killall" && data::holds(PARTS, &effect.target.text)
}

/// True for a name that comes from chance, or from a sum: whoever finds it does not know what it was.
pub(super) fn is_by_chance(shown: &str) -> bool {
    const MAKERS: &[&str] = &[
        "$((RANDOM",
        "$(Get-FileHash",
        "$(Get-Random",
        "$(New-Guid",
        "$(md5sum",
        "$(mktemp",
        "$(openssl",
        "$(pwgen",
        "$(random",
        "$(sha1sum",
        "$(sha256sum",
        "$(uuidgen",
        "(random ",
        "GetRandomFileName",
        "NewGuid",
        "newguid",
    ];
    MAKERS.iter().any(|maker| shown.contains(maker))
}

/// True for a server that may lose data where it is not asked to end.
pub(super) fn is_store_process(name: &str) -> bool {
    let name = name.rsplit('/').next().unwrap_or(name).trim_start_matches('^').trim_end_matches('$');
    let stores = [
        "cassandra",
        "clickhouse",
        "cockroach",
        "couchdb",
        "elasticsearch",
        "etcd",
        "influxd",
        "mariadb",
        "mongod",
        "mysql",
        "neo4j",
        "opensearch",
        "oracle",
        "postgres",
        "qemu",
        "redis-server",
        "sqlservr",
        "sqlservr",
        "zookeeper",
    ];
    stores.iter().any(|store| name.starts_with(store))
}

/// Images and volumes that no name leads to any more.
pub(super) const NAMELESS: &str = "$(docker images -f dangling=true)";
/// Disks of virtual machines, as a program lists them.
pub(super) const VIRTUAL_DISK: &str = "$(a virtual disk)";
/// Containers that do not run.
pub(super) const STOPPED: &str = "$(docker ps -f status=exited)";

/// Package managers whose packages come from repositories of the system's makers or its store, which are signed. Sorted.
const SIGNED: &[&str] =
    &["apk", "apt", "dnf", "emerge", "flatpak", "pacman", "port", "snap", "tdnf", "xbps-install", "zypper"];

/// True where software is installed or updated by its plain name from a signed repository: something new, that
/// can be taken away again, of which nobody on the way made another thing.
pub(super) fn is_offered(effect: &Effect) -> bool {
    let name = effect.target.text.as_str();
    let brought = [".deb", ".rpm", ".apk", ".snap", ".flatpak", ".flatpakref", ".pkg.tar"];
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "+._:@~- ".contains(letter);
    effect.kind == EffectKind::Install
        && matches!(effect.detail.as_str(), "" | "install" | "upgrade")
        && data::holds(SIGNED, &effect.program)
        && !brought.iter().any(|part| name.contains(part))
        && name.chars().all(plain)
        && !name.starts_with('-')
        && !name.ends_with('-')
}

/// True for a call of such a package manager that has no flags but those that change nothing of what comes and from where.
pub(super) fn installs_plainly(call: &Call<'_>) -> bool {
    const FLAGS: &[&str] = &[
        "-y",
        "--yes",
        "-q",
        "-qq",
        "--quiet",
        "--no-install-recommends",
        "--install-recommends",
        "--install-suggests",
        "--reinstall",
        "-V",
        "--only-upgrade",
        "--show-progress",
        "--noconfirm",
        "--needed",
        "-S",
        "-u",
        "--refresh",
        "--no-cache",
        "--virtual",
        "-n",
        "--non-interactive",
        "--no-recommends",
        "-a",
        "--ask",
        "-v",
        "--verbose",
        "-D",
        "-N",
        "--newuse",
        "-1",
        "--oneshot",
        "--classic",
        "--user",
        "--system",
        "--noninteractive",
        "--assumeyes",
        "--best",
        "--asdeps",
        "--skip-broken",
    ];
    if !data::holds(SIGNED, call.program) {
        return true;
    }
    let program = call.argv.first().map_or("", |field| field.text.as_str());
    let of_system = !program.contains('/')
        || ["/usr/bin/", "/bin/", "/usr/sbin/", "/sbin/", "/opt/local/bin/"]
            .iter()
            .any(|folder| program.starts_with(folder));
    let twice = call.argv.iter().any(|field| {
        field.text.starts_with('-')
            && ["uu", "yy", "dd", "cc"].iter().any(|letters| field.text.contains(letters))
    });
    of_system && !twice && call.has_only(FLAGS)
}

/// True for a package without which the system does not start or work.
pub(super) fn is_vital_package(name: &str) -> bool {
    let name = name.split([':', '=']).next().unwrap_or(name);
    // How a package that goes is marked in a list of those that come.
    let name = name.trim_start_matches(['-', '!']).trim_end_matches('-');
    let image = ["linux-image", "linux-generic", "linux-headers-generic", "grub-efi", "grub2", "shim-signed"];
    if matches!(name, ".*" | ".+" | "^.*" | "^.*$" | "." | "~i" | "?installed" | "~n.*" | "$(pacman -Qq)") {
        return true;
    }
    let set =
        ["*", "$(dpkg", "$(rpm -qa", "$(pacman -Qq", "$(apt list", "$(brew", "$(snap", "$(flatpak", "$(pip"];
    // `python3*`: all whose name begins so.
    let begins = name.strip_suffix('*').filter(|start| start.len() > 1);
    let among = |start: &str| VITAL_PACKAGES.iter().any(|vital| vital.starts_with(start) || start == *vital);
    VITAL_PACKAGES.contains(&name)
        || begins.is_some_and(among)
        || image.iter().any(|start| name.starts_with(start))
        || set.iter().any(|start| name.starts_with(start))
}

/// How one says where an output comes from that nobody may have written as `$(…)`: an address by itself, a command between
/// backticks.
pub(super) fn sender(text: &str) -> String {
    match text.strip_prefix("$(").and_then(|text| text.strip_suffix(')')) {
        Some(address) if address.contains("://") && !address.contains(' ') => address.to_owned(),
        Some(command) if !command.contains('`') && !command.starts_with('(') => format!("`{command}`"),
        _ => text.to_owned(),
    }
}

/// How the list of all packages is shown.
pub(super) const PACKAGES: &str = "$(rpm -qa)";

/// Modules of the kernel by which machines reach their network or their disks. Sorted.
const VITAL_MODULES: &[&str] = &[
    "ahci",
    "ath10k_pci",
    "ath11k_pci",
    "ath9k",
    "atlantic",
    "be2net",
    "bnx2",
    "bnx2x",
    "bnxt_en",
    "brcmfmac",
    "btrfs",
    "cxgb4",
    "dm_crypt",
    "dm_mod",
    "e1000",
    "e1000e",
    "ena",
    "ext4",
    "forcedeth",
    "gve",
    "hv_netvsc",
    "hv_storvsc",
    "i40e",
    "ice",
    "igb",
    "igc",
    "iwlmvm",
    "iwlwifi",
    "ixgbe",
    "ixgbevf",
    "megaraid_sas",
    "mlx4_en",
    "mlx5_core",
    "mpt3sas",
    "mt7921e",
    "nvme",
    "qede",
    "r8125",
    "r8168",
    "r8169",
    "rtw88_pci",
    "rtw89_pci",
    "sd_mod",
    "sfc",
    "sky2",
    "tg3",
    "usb_storage",
    "virtio_blk",
    "virtio_net",
    "virtio_pci",
    "virtio_scsi",
    "vmw_pvscsi",
    "vmxnet3",
    "xen_blkfront",
    "xen_netfront",
    "xfs",
    "zfs",
];

/// True for a module without which the machine loses its network or its disks.
pub(super) fn is_vital_module(name: &str) -> bool {
    VITAL_MODULES.binary_search(&name.replace('-', "_").as_str()).is_ok()
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

/// True for a file that holds a private key, or many passwords: nobody can make it again.
pub(super) fn is_private_key(path: &str) -> bool {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    (folder.ends_with("/.ssh") && name.starts_with("id_") && ending != "pub")
        || (path.contains("/.gnupg/") && (path.contains("/private-keys-v1.d/") || name == "secring.gpg"))
        || matches!(ending, "kdbx" | "p12" | "pfx" | "ppk")
}

/// True for an ending of files that people write, draw or take, or that open doors: nobody makes them again.
pub(super) fn is_work(ending: &str) -> bool {
    const ENDINGS: &[&str] = &[
        "3gp", "aac", "adoc", "ai", "avi", "bib", "blend", "bmp", "c", "cc", "clj", "cpp", "cr2", "cs",
        "css", "csv", "dart", "db", "dng", "doc", "docx", "drawio", "dwg", "eml", "eps", "epub", "erl", "ex",
        "f90", "flac", "fs", "gif", "go", "gpg", "gpx", "h", "heic", "hpp", "hs", "html", "ino", "ipynb",
        "java", "jpeg", "jpg", "js", "jsx", "kdbx", "key", "kt", "lua", "m4a", "mbox", "md", "mkv", "ml",
        "mov", "mp3", "mp4", "nef", "nim", "numbers", "odp", "ods", "odt", "ogg", "org", "p12", "pages",
        "pdf", "pem", "pfx", "php", "pl", "png", "ppk", "ppt", "pptx", "ps1", "psd", "pst", "py", "qcow2",
        "r", "rb", "rs", "rst", "rtf", "scala", "sh", "sql", "sqlite", "svg", "swift", "tex", "tf", "tif",
        "tiff", "ts", "tsx", "vb", "vdi", "vhd", "vhdx", "vmdk", "vue", "wav", "webp", "xcf", "xls", "xlsx",
        "zig",
    ];
    ENDINGS.contains(&ending.to_ascii_lowercase().as_str())
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
/// True for what a file holds, by the file's name: `rm $(cat list)` deletes what stands in the list.
pub(super) fn is_content(target: &Target) -> bool {
    let text = target.text.as_str();
    target.class == TargetClass::Unknown && !text.is_empty() && !text.contains(['$', '{', '(', '…', ' '])
}

/// True for a hidden folder that says that it is a cache: `.npm-cache`.
fn is_named_cache(name: &str) -> bool {
    let of =
        name.strip_prefix('.').and_then(|name| name.strip_suffix("-cache").or(name.strip_suffix("_cache")));
    of.is_some_and(|of| {
        !of.is_empty() && of.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_".contains(letter))
    })
}

/// True for what a tool makes again when it is asked the next time: `node_modules`, `build` here, `a.pyc`, and what has a name of its
/// own among temporary files. Who works in such a place has work there: below `cwd` only the names of tools count.
pub(super) fn is_made_again(target: &Target, cwd: &str) -> bool {
    let path = target.text.trim_end_matches("/*");
    let name = path.rsplit('/').next().unwrap_or(path);
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let everywhere =
        path.contains("**") || name.is_empty() || path.split('/').rev().skip(1).any(|part| part == "…");
    let is_at_work = !cwd.is_empty()
        && path.strip_prefix(cwd).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    match target.class {
        TargetClass::Temporary if is_at_work => {
            data::holds(data::OF_TOOLS, name) || data::holds(data::MADE, ending)
        }
        TargetClass::Temporary => {
            let places = ["/tmp/", "/var/tmp/", "/dev/shm/", "$TMPDIR/", "~/AppData/Local/Temp/"];
            // Lists of packages and packages that were fetched: a package manager fetches them again.
            let fetched = [
                "/var/lib/apt/lists",
                "/var/cache/apt/archives",
                "/var/cache/dnf",
                "/var/cache/yum",
                "/var/cache/apk",
            ];
            // Pages that a server has kept of others; the folder itself it does not make again.
            let pages = ["/var/cache/nginx/", "/var/cache/squid/", "/var/cache/varnish/"];
            let named = |rest: &str| rest.starts_with(|c: char| c.is_alphanumeric()) || is_by_chance(rest);
            fetched.contains(&path)
                || caches::is_cache(path)
                || pages.iter().any(|place| target.text.starts_with(place))
                || places.iter().any(|place| path.strip_prefix(place).is_some_and(named))
        }
        TargetClass::Local => {
            // A path from the root says nothing of where the project begins.
            let inside = !path.starts_with(['/', '~', '$']);
            let is_folder =
                |part: &str| data::holds(data::REBUILDABLE, part) && !matches!(part, "env" | "vendor");
            data::holds(data::OF_TOOLS, name)
                || is_folder(name)
                // What a quoted tilde left behind: a folder of that name is nobody's home.
                || path.strip_prefix("./").unwrap_or(path) == "~"
                || is_named_cache(name)
                || data::holds(data::MADE, ending)
                || inside && !everywhere && path.split('/').any(is_folder)
        }
        TargetClass::HomeFile if caches::is_cache(path) => true,
        // In whose home it lies says nothing of what it is.
        TargetClass::OtherHome => below_a_home(path).is_some_and(|rest| {
            caches::is_cache(&format!("~/{rest}")) || is_of_tools(rest) || is_built_in_project(path)
        }),
        TargetClass::HomeFile | TargetClass::OtherPath | TargetClass::Parent => {
            is_of_tools(path) || is_built_in_project(path)
        }
        _ => false,
    }
}

/// What lies below somebody's home, of an absolute path.
pub(super) fn below_a_home(path: &str) -> Option<&str> {
    let own = path.strip_prefix("/root/");
    let rest = ["/home/", "/Users/"].iter().find_map(|homes| path.strip_prefix(homes)?.split_once('/'));
    own.or(rest.map(|(_, rest)| rest)).filter(|rest| !rest.is_empty())
}

/// True for a folder in which nobody but a tool ever puts anything, and for what is in one.
fn is_of_tools(path: &str) -> bool {
    path.split('/').any(|part| data::holds(data::OF_TOOLS, part))
}

/// True for the folder that a project is built into: by its name, and two folders or more below a home or the root, where
/// projects are. What is served, installed or written by hand lies elsewhere and is not made again by itself.
fn is_built_in_project(path: &str) -> bool {
    let below_home = path.strip_prefix("~/").or_else(|| below_a_home(path));
    let Some(rest) = below_home.or_else(|| path.strip_prefix('/')) else { return false };
    let Some((folder, name)) = rest.rsplit_once('/') else { return false };
    let is_named =
        data::holds(data::REBUILDABLE, name) && !matches!(name, "env" | "tmp" | "vendor" | ".terraform");
    let parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    let is_kept = match parts.first() {
        Some(&("var" | "srv" | "opt" | "usr" | "www")) => below_home.is_none(),
        Some(&("Documents" | "Desktop" | "Pictures" | "Music" | "Movies" | "Videos" | "Library")) => {
            below_home.is_some()
        }
        _ => false,
    };
    is_named && !is_kept && parts.len() >= 2 && !parts.contains(&"**") && !parts.contains(&"…")
}
