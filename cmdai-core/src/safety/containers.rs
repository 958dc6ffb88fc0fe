//! Containers: what runs in a fresh one is not this machine's, unless the line hands the machine in.
//!
//! A fresh container has its own files, processes and users, so nothing that a command does in it counts.
//! A mount makes some of its folders ours: effects on paths below one are effects on our paths, all others
//! stay inside. What takes the walls down (all rights, the host's processes, its disks, the daemon's socket)
//! is an effect of its own, [`EffectKind::Escape`], recursive where nothing is left of the wall.

use super::call::Call;
use super::machine::{Field, Flow, Machine, State};
use super::value::{self, HOME};
use super::{EffectKind, TargetClass, data, known, paths};
use crate::line::Span;

/// Capabilities with which root in a container is root outside.
const FULL_CAPABILITIES: &[&str] =
    &["ALL", "BPF", "DAC_READ_SEARCH", "SYS_ADMIN", "SYS_MODULE", "SYS_PTRACE", "SYS_RAWIO"];

/// Folders of this machine that images of tools are shown read-only, as a rule: nothing to say about it.
const SHOWN: &[&str] = &["dev/shm", "etc/localtime", "lib/modules", "sys/fs/cgroup"];

/// True for programs whose commands run in a container or on a cluster.
pub(super) fn keeps_apart(program: &str) -> bool {
    matches!(program, "docker" | "docker-compose" | "kubectl" | "ctr" | "crictl" | "lxc" | "buildah")
}

/// Before the name of a volume, where the place of a folder would be.
pub(super) const VOLUME: &str = "volume:";

/// A folder of this machine inside a container.
struct Mount {
    outside: String,
    inside: String,
    read_only: bool,
}

impl Machine<'_> {
    /// A command inside a container.
    pub(super) fn in_container(
        &mut self,
        call: &Call<'_>,
        rest: &[Field],
        span: Span,
        flow: Flow<'_>,
    ) -> String {
        let state = std::mem::take(&mut self.state);
        let fresh = matches!(call.args.spec.name, "run" | "create" | "debug");
        if !fresh {
            // What runs already has data that somebody wants.
            let output = self.run(rest, span, flow);
            self.state = state;
            return output;
        }
        let was_mute = self.mute;
        let outer = self.mounts.take();
        let mut mounts = Vec::new();
        for mount in mounts_of(call).into_iter().take(16) {
            let local = mount.outside.starts_with(['/', '.', HOME]) || value::has_hole(&mount.outside);
            if !local && !mount.read_only && !mount.outside.is_empty() && !mount.inside.is_empty() {
                // A volume by its name: what is in it is nowhere else.
                let inside = mount.inside.trim_end_matches('/').to_owned();
                mounts.push((inside, format!("{VOLUME}{}", self.unknowns.show(&mount.outside))));
            }
            if local && !mount.read_only {
                let outside = paths::locate_path(&mount.outside, &state.cwd, self.ctx);
                mounts.push((mount.inside.trim_end_matches('/').to_owned(), outside));
            }
        }
        if call.args.operands().next().is_some_and(|item| item.text.starts_with("node")) {
            // `kubectl debug node/NAME` has the files of the node below `/host`.
            mounts.push(("/host".to_owned(), "/".to_owned()));
        }
        let start = call.args.values("-w").last().map_or("/", |item| item.text);
        self.state = State::default();
        start.clone_into(&mut self.state.cwd);
        self.mute = true;
        self.mounts = Some(mounts);
        let entry = call.args.values("--entrypoint").last();
        let output = match entry {
            Some(entry) if !entry.text.is_empty() => {
                let first = Field { text: entry.text.to_owned(), span };
                let argv: Vec<Field> = std::iter::once(first).chain(rest.iter().cloned()).collect();
                self.run(&argv, span, flow)
            }
            _ => self.run(rest, span, flow),
        };
        self.mounts = outer;
        self.mute = was_mute;
        self.state = state;
        output
    }

    /// `chroot /host` and `nsenter -t 1` lead out of a container that was given the machine's files.
    /// `None` where they do not.
    pub(super) fn out_of_container(
        &mut self,
        call: &Call<'_>,
        rest: &[Field],
        span: Span,
        flow: Flow<'_>,
    ) -> Option<String> {
        let mounts = self.mounts.take()?;
        let root = if call.program == "nsenter" {
            let first = call.args.values("-t").any(|item| item.text == "1");
            (first && call.args.has_any(&["-m", "-a"])).then(|| "/".to_owned())
        } else {
            let folder = call.args.operands().next().map_or("", |item| item.text);
            let place = paths::locate(folder, &self.state.cwd, self.ctx);
            outside(&mounts, &place.path)
        };
        let Some(root) = root else {
            self.mounts = Some(mounts);
            return None;
        };
        let was_mute = self.mute;
        if root == "/" {
            self.mute = false;
        } else {
            self.mounts = Some(vec![(String::new(), root)]);
        }
        let output = self.run(rest, span, flow);
        self.mute = was_mute;
        self.mounts = Some(mounts);
        Some(output)
    }

    /// How much of this machine a container is given.
    pub(super) fn container_walls(&mut self, call: &Call<'_>) {
        if !keeps_apart(call.program) {
            return;
        }
        let args = call.args;
        if args.spec.name == "rm" && call.program == "docker" && args.has("-f") {
            // `docker rm -f $(docker ps -aq)`: whichever there are.
            // Those that stand still take nothing with them but what was written in them.
            let stopped = |text: &str| {
                self.unknowns.name_of(text.trim_end()) == Some(known::STOPPED) && !args.has("-v")
            };
            let listed = args.operands().find(|item| {
                value::has_hole(item.text) && !item.text.starts_with('$') && !stopped(item.text)
            });
            let listed = listed.filter(|item| {
                let shown = self.unknowns.show(item.text);
                let unknown = shown.starts_with("$(") || item.text.chars().count() == 1;
                // Those of a name or of a label are as few as those that are named one by one.
                unknown && (args.has("-v") || !is_of_name(&shown))
            });
            if let Some(item) = listed {
                let span = self.at(call.argv[item.word + 1].span);
                let target = self.target(TargetClass::Named, "every container that is listed", span);
                self.emit(EffectKind::DestroyCloud, target, true, call.program, span);
            }
        }
        if args.has("--privileged") && !args.values("--privileged").any(|value| value.text == "false") {
            self.escapes(call, "--privileged", "all rights on this machine", true);
        }
        for (flag, what) in
            [("--pid", "its processes"), ("--userns", "its users"), ("--cgroupns", "its control groups")]
        {
            if args.values(flag).any(|value| value.text == "host") {
                self.escapes(call, flag, what, flag == "--pid");
            }
        }
        for item in args.values("--cap-add") {
            let upper = item.text.to_ascii_uppercase();
            for name in upper.split(',') {
                if data::holds(FULL_CAPABILITIES, name.trim_start_matches("CAP_")) {
                    self.escapes(call, "--cap-add", &format!("the right {name}"), true);
                }
            }
        }
        if args
            .values("--security-opt")
            .any(|item| item.text.ends_with("unconfined") || item.text.ends_with("disable"))
        {
            self.escapes(call, "--security-opt", "its system calls without a filter", false);
        }
        for item in args.values("--device") {
            let path = item.text.split(':').next().unwrap_or_default();
            let place = paths::locate(path, &self.state.cwd, self.ctx);
            if place.class == TargetClass::Device {
                self.escapes(call, "--device", &place.path, true);
            }
        }
        for mount in mounts_of(call).into_iter().take(16) {
            self.mounted(call, &mount);
        }
        if let Some(item) = args.values("--overrides").next() {
            let told: String = item.text.chars().filter(|letter| !letter.is_whitespace()).collect();
            let takes = ["\"privileged\":true", "\"hostPID\":true", "\"hostPath\":", "\"SYS_ADMIN\""];
            if takes.iter().any(|text| told.contains(text)) {
                self.escapes(call, "--overrides", "the node it runs on", true);
            } else if told.contains("\"hostNetwork\":true") || told.contains("\"nodeName\":") {
                self.escapes(call, "--overrides", "the network of the node", false);
            }
        }
    }

    /// What a manifest asks for, where the line itself wrote it: `kubectl apply -f - <<END`.
    pub(super) fn manifests(&mut self, call: &Call<'_>, input: Option<&str>) {
        if !matches!(call.program, "kubectl" | "docker" | "docker-compose" | "helm") {
            return;
        }
        let mut texts: Vec<String> = Vec::new();
        for item in call.args.values("-f").take(8) {
            if matches!(item.text, "-" | "/dev/stdin") {
                texts.extend(input.map(str::to_owned));
                continue;
            }
            let place = paths::locate(item.text, &self.state.cwd, self.ctx);
            let known = self.files.iter().rev().find(|(path, _)| *path == place.path);
            texts.extend(known.map(|(_, text)| text.clone()));
        }
        if texts.is_empty() || !matches!(call.args.spec.name, "apply" | "create" | "replace" | "up" | "run") {
            return;
        }
        let span = self.at(call.span);
        for text in texts {
            if !self.spend(1 + text.len() / 64) {
                return;
            }
            for line in text.lines().take(2048) {
                let bare: String =
                    line.chars().filter(|c| !c.is_whitespace() && !matches!(c, '"' | '\'' | ',')).collect();
                let bare = bare.trim_start_matches('-');
                // What a map holds is text, whatever it is called.
                let in_data = bare.starts_with("data:{") || bare.starts_with("stringData:{");
                if in_data {
                    continue;
                }
                let root = bare.starts_with("/:/") || bare.contains("[/:/") || bare == "source:/";
                if root {
                    let target = self.target(TargetClass::Named, "all files of this machine", span);
                    self.emit(EffectKind::Escape, target, true, call.program, span);
                }
                let taken = ["privileged:true", "hostPID:true", "hostPath:", "pid:host", "SYS_ADMIN"];
                if taken.iter().any(|asked| bare.contains(asked)) || bare.contains("docker.sock:") {
                    let target = self.target(TargetClass::Named, "the node it runs on", span);
                    self.emit(EffectKind::Escape, target, true, call.program, span);
                }
                if bare.contains("name:cluster-admin") {
                    let target = self.target(TargetClass::Named, "cluster-admin", span);
                    self.emit(EffectKind::Grant, target, true, call.program, span);
                }
            }
        }
    }

    fn mounted(&mut self, call: &Call<'_>, mount: &Mount) {
        let local = mount.outside.starts_with(['/', '.', HOME]);
        if !local {
            return;
        }
        let place = paths::locate(&mount.outside, &self.state.cwd, self.ctx);
        let shown = self.unknowns.show(&place.path);
        let bare = place.path.trim_start_matches('/');
        let socket = [".sock", ".socket"].iter().any(|end| bare.ends_with(end))
            && ["docker", "containerd", "podman", "crio"].iter().any(|name| bare.contains(name));
        let whole = matches!(bare, "var/run" | "run/docker" | "var/run/docker") && !mount.read_only;
        if whole {
            self.escapes(call, "-v", &shown, true);
        } else if socket {
            // A service that watches over containers needs it; a command of somebody's own seldom does.
            let is_service = call.args.has("-d")
                && !call.args.has_any(&[
                    "--privileged",
                    "-i",
                    "--entrypoint",
                    "--pid",
                    "--network",
                    "--userns",
                    "--ipc",
                    "--cap-add",
                ])
                && !call.args.values("-p").any(|item| item.text.contains("237"))
                && call.args.operands().take(2).count() < 2;
            let what = "the socket of the daemon, which can start anything here";
            self.escapes(call, "-v", what, !is_service);
        } else if place.class == TargetClass::Secret {
            let target = self.target(TargetClass::Secret, &shown, self.at(call.span));
            self.emit(EffectKind::ReadSecret, target, true, call.program, self.at(call.span));
        } else if place.class == TargetClass::Root {
            self.escapes(call, "-v", "all files of this machine", !mount.read_only || call.args.has("--pid"));
        } else if !mount.read_only && !data::holds_path(SHOWN, bare) {
            // A folder that the system needs as a whole; one that a program has below it is for that program.
            let whole = data::holds(data::SYSTEM_DIRECTORIES, bare) || matches!(bare, "root" | "home");
            let vital = data::holds_path(data::VITAL_FILES, bare) && !bare.starts_with("etc/group");
            if (whole && bare != "dev/shm") || (vital && place.class == TargetClass::System) {
                self.escapes(call, "-v", &shown, true);
            } else if matches!(place.class, TargetClass::Home | TargetClass::OtherHome) {
                self.escapes(call, "-v", &shown, false);
            }
        }
    }

    fn escapes(&mut self, call: &Call<'_>, flag: &str, what: &str, all: bool) {
        let span = call.args.items.iter().find(|item| match item.role {
            crate::specs::Role::Flag(given) => given.names.contains(&flag),
            _ => false,
        });
        let from = call.argv.first().map_or(call.span, |field| field.span);
        let span = span.and_then(|item| call.argv.get(item.word + 1)).map_or(from, |field| field.span);
        let span = self.at(span);
        let target = self.target(TargetClass::Named, what, span);
        self.emit(EffectKind::Escape, target, all, call.program, span);
    }
}

/// The folders of this machine that a container is given, by `-v`, `--volume` and `--mount`.
fn mounts_of(call: &Call<'_>) -> Vec<Mount> {
    let mut mounts = Vec::new();
    for item in call.args.values("-v") {
        // `C:\\:/host`: a drive of Windows, whose whole is as good as `/`.
        let drive = item.text.starts_with(|first: char| first.is_ascii_alphabetic())
            && item.text.get(1..3).is_some_and(|start| matches!(start, ":\\" | ":/"));
        if let Some(rest) = item.text.get(3..).filter(|_| drive) {
            let whole = rest.starts_with(':');
            let inside = rest.split(':').nth(1).unwrap_or_default().to_owned();
            let outside = if whole { "/".to_owned() } else { String::new() };
            mounts.push(Mount { outside, inside, read_only: rest.ends_with(":ro") });
            continue;
        }
        let mut parts = item.text.split(':');
        let (Some(outside), Some(inside)) = (parts.next(), parts.next()) else { continue };
        let read_only = parts.next().is_some_and(|options| options.split(',').any(|word| word == "ro"));
        mounts.push(Mount { outside: outside.to_owned(), inside: inside.to_owned(), read_only });
    }
    for item in call.args.values("--mount") {
        let mut mount = Mount { outside: String::new(), inside: String::new(), read_only: false };
        for field in item.text.split(',') {
            let (key, text) = field.split_once('=').unwrap_or((field, ""));
            match key {
                "src" | "source" => text.clone_into(&mut mount.outside),
                "dst" | "destination" | "target" => text.clone_into(&mut mount.inside),
                "ro" | "readonly" => mount.read_only = text != "false",
                _ => {}
            }
        }
        mounts.push(mount);
    }
    mounts
}

/// Which of our paths a path inside a container is; `None` where it is the container's own.
pub(super) fn outside(mounts: &[(String, String)], path: &str) -> Option<String> {
    let below = |inside: &str| {
        let rest = path.strip_prefix(inside)?;
        (rest.is_empty() || rest.starts_with('/')).then_some(rest)
    };
    let fitting = mounts.iter().filter_map(|(inside, outside)| Some((inside.len(), outside, below(inside)?)));
    let (_, outside, rest) = fitting.max_by_key(|(length, _, _)| *length)?;
    Some(format!("{}{rest}", outside.trim_end_matches('/'))).map(|path| match path.as_str() {
        "" => "/".to_owned(),
        _ => path,
    })
}

/// True for a list of containers of one name, label or image: `$(docker ps -aq --filter name=test-)`.
fn is_of_name(shown: &str) -> bool {
    let words: Vec<&str> = shown.trim_end_matches(')').split_whitespace().collect();
    words.windows(2).any(|pair| {
        let value = match pair {
            ["--filter" | "-f", value] => value,
            _ => pair[1].strip_prefix("--filter=").unwrap_or_default(),
        };
        let value = value.trim_matches(['"', '\'']);
        let picked = ["name=", "label=", "ancestor="].iter().find_map(|key| value.strip_prefix(key));
        picked.is_some_and(|name| name.chars().filter(|letter| letter.is_alphanumeric()).count() > 1)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted() {
        for table in [FULL_CAPABILITIES, SHOWN] {
            assert!(table.windows(2).all(|pair| pair[0] < pair[1]));
        }
    }

    #[test]
    fn paths_inside_are_ours_below_a_mount_only() {
        let mounts = [("/app".to_owned(), "/home/a/x".to_owned()), (String::new(), "/".to_owned())];
        assert_eq!(outside(&mounts, "/app/src").as_deref(), Some("/home/a/x/src"));
        assert_eq!(outside(&mounts[..1], "/apple"), None);
        assert_eq!(outside(&mounts[..1], "/etc"), None);
        assert_eq!(outside(&mounts[1..], "/etc").as_deref(), Some("/etc"));
    }

    #[test]
    fn manifests_that_take_the_machine() {
        use crate::safety::Risk::{High, Moderate, Safe};
        crate::safety::tests::check_all(
            &crate::safety::tests::context(),
            &[
                (High, "docker compose -f - up <<E\nservices:\n  x:\n    volumes:\n      - /:/h\nE"),
                (High, "docker compose -f - up <<E\nservices: {x: {volumes: ['/:/h']}}\nE"),
                (
                    High,
                    "kubectl apply -f - <<E\nkind: Pod\nspec: {containers: [{securityContext: {privileged: true}}]}\nE",
                ),
                (Moderate, "kubectl apply -f - <<E\nkind: ConfigMap\ndata: {privileged: \"true\"}\nE"),
                (Safe, "docker compose -f - up <<E\nservices:\n  x:\n    volumes:\n      - /srv/x:/h\nE"),
            ],
        );
    }

    #[test]
    fn containers_of_a_name_are_few() {
        use crate::safety::Risk::{High, Moderate};
        crate::safety::tests::check_all(
            &crate::safety::tests::context(),
            &[
                (Moderate, "docker rm -f $(docker ps -aq --filter name=test-)"),
                (Moderate, "docker ps -aq --filter label=ci | xargs docker rm -f"),
                (High, "docker rm -f $(docker ps -aq)"),
                (High, "docker rm -f $(docker ps -aq --filter name=*)"),
                (High, "docker rm -f $(docker ps -aq --filter status=running)"),
                (High, "docker rm -fv $(docker ps -aq --filter name=test-)"),
            ],
        );
    }
}
