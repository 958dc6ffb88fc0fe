//! What a line has used up: a file that it fetched, an archive that it unpacked, a package that it installed, a
//! repository that it cloned. Once that has succeeded, deleting it loses nothing.

use std::rc::Rc;

use super::lower::Call;
use super::machine::{Fact, Known, Machine};
use super::{TargetClass, paths, value};

/// Detail of deleting what the line has used up.
pub(super) const SPARE: &str = "spare";
/// Paths that are remembered.
const PATHS: usize = 8;

impl Machine<'_> {
    /// Notes what is spare once this call has succeeded.
    pub(super) fn uses_up(&mut self, call: &Call<'_>) {
        let args = call.args;
        let operands = || args.operands().take(PATHS).map(|item| item.text);
        let paths: Vec<&str> = match call.program {
            // Members that are named are not all there is.
            "tar" if args.has_any(&["-x", "--extract"]) && !args.has("-O") && operands().count() == 0 => {
                args.values("-f").map(|item| item.text).collect()
            }
            "unzip" if !args.has_any(&["-l", "-t", "-p", "-Z", "-v"]) && operands().count() == 1 => {
                operands().collect()
            }
            "gzip" | "bzip2" | "xz" | "zstd" if args.has("-d") && !args.has("-c") => operands().collect(),
            "dpkg" if args.has("-i") => operands().collect(),
            "rpm" if args.has_any(&["-i", "-U"]) && !args.has("-q") => operands().collect(),
            "apt" | "dnf" | "pacman" => operands().filter(|text| text.contains(['/', '.'])).collect(),
            "curl" if args.has_any(&["-O", "--remote-name-all"]) => operands().filter_map(name_of).collect(),
            "curl" => args.values("-o").map(|item| item.text).collect(),
            "wget" if args.has("-O") => args.values("-O").map(|item| item.text).collect(),
            "wget" if !args.has_any(&["-P", "--spider", "-r"]) => operands().filter_map(name_of).collect(),
            _ => return,
        };
        self.is_spare_then(&paths);
    }

    /// These paths are spare once what is being run has succeeded.
    pub(super) fn is_spare_then(&mut self, paths: &[&str]) {
        if self.mute {
            return;
        }
        let plain =
            paths.iter().take(PATHS).filter(|path| !value::has_pattern(path) && !value::has_hole(path));
        let paths: Vec<String> = plain
            .filter(|path| !path.is_empty() && **path != "-")
            .map(|path| paths::locate_path(path, &self.state.cwd, self.ctx))
            .collect();
        if !paths.is_empty() && self.spend(paths.len()) {
            self.facts.push(Fact { on: true, what: Known::Spare(paths) });
        }
    }

    /// Takes over that these are spare.
    pub(super) fn add_spare(&mut self, paths: &[String]) {
        let before = self.state.spare.as_deref().map_or(&[][..], Vec::as_slice);
        let all: Vec<String> = before.iter().chain(paths).take(2 * PATHS).cloned().collect();
        self.state.spare = Some(Rc::new(all));
    }

    /// True for what the line has used up, in a place where people keep their own things.
    pub(super) fn is_spare(&self, place: &paths::Place) -> bool {
        let own = matches!(
            place.class,
            TargetClass::Local | TargetClass::HomeFile | TargetClass::OtherPath | TargetClass::Temporary
        );
        own && self.state.spare.as_ref().is_some_and(|spare| spare.contains(&place.path))
    }
}

/// The name under which an address is saved.
fn name_of(url: &str) -> Option<&str> {
    let path = url.split(['?', '#']).next()?;
    let (_, rest) = path.split_once("://")?;
    rest.rsplit_once('/').map(|(_, name)| name).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use crate::safety::Risk::{High, Moderate, Safe};
    use crate::safety::tests::{check_all, context};

    #[test]
    fn what_was_used_up_may_go() {
        check_all(
            &context(),
            &[
                (Safe, "unzip data.zip -d data && rm data.zip"),
                (Moderate, "unzip data.zip -d data; rm data.zip"),
                (Moderate, "unzip -l data.zip && rm data.zip"),
                (Moderate, "unzip data.zip || rm data.zip"),
                (Moderate, "unzip data.zip && rm other.zip"),
                (Safe, "tar xzf a.tgz -C out && rm -f a.tgz"),
                (Moderate, "tar tzf a.tgz && rm -f a.tgz"),
                (Moderate, "tar czf a.tgz d && rm -f a.tgz"),
                (Moderate, "tar xzf a.tgz one.txt && rm a.tgz"),
                (Safe, "curl -fsSLO https://example.com/a.zip && unzip a.zip && rm a.zip"),
                (Safe, "curl -o a.json https://example.com/a && jq . a.json && rm a.json"),
                (Safe, "set -e; tar xf a.tar; rm a.tar"),
                (Safe, "git clone https://example.com/a && cd a && make && cd .. && rm -rf a"),
                (Moderate, "git clone https://example.com/a; rm -rf a"),
                (High, "git clone https://example.com/a ~/a && rm -rf ~/b"),
                (Moderate, "if [ -n \"$x\" ]; then unzip a.zip; fi && rm a.zip"),
                (Moderate, "mv b a && rm a"),
            ],
        );
    }
}
