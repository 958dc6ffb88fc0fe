//! The plugin with the real binary and the daemon that it starts. Skipped where `cmdai` is not built beside the test.
//!
//! What these tests type would run if the guard failed, so no line may be able to lose anything: paths that do not exist,
//! a repository that is none.

#![cfg(unix)]

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use cmdai_inline::terminal::{Terminal, ghost};
use cmdai_inline::zsh::{Place, at_prompt, done, installed, is};

/// A line that is asked about and does nothing if it runs all the same.
const ASKED: &str = "touch ran; git -C /nonexistent reset --hard";

/// The binary that this build made.
fn binary() -> Option<PathBuf> {
    let exe = std::env::current_exe().ok()?;
    let path = exe.parent()?.parent()?.join("cmdai");
    let knows = Command::new(&path).args(["daemon", "--help"]).output().is_ok_and(|o| o.status.success());
    if !knows {
        eprintln!("SKIPPED: {} is not built", path.display());
    }
    knows.then_some(path)
}

/// A home with the binary, and what ends its daemon.
struct Real {
    place: Place,
    binary: PathBuf,
}

impl Real {
    fn new() -> Option<Self> {
        if !installed() {
            return None;
        }
        let binary = binary()?;
        let place = Place::new()
            .with("CMDAI_BIN", binary.to_str()?)
            .with("CMDAI_MODEL", "/nonexistent/model")
            .with("GIT_DIR", "/nonexistent");
        Some(Self { place, binary })
    }

    fn run(&self, args: &[&str]) -> String {
        let mut command = Command::new(&self.binary);
        command.args(args).env_clear().env("HOME", self.place.dir()).env("PATH", "/usr/bin:/bin");
        command.env("CMDAI_SOCKET", self.place.socket()).stdin(std::process::Stdio::null());
        String::from_utf8_lossy(&command.output().unwrap().stdout).into_owned()
    }

    fn zsh(&self) -> Terminal {
        self.place.zsh_with(&format!("eval \"$({} init zsh)\"", self.binary.display()))
    }

    /// Waits for the daemon that the plugin starts, and tells its process.
    #[track_caller]
    fn pid(&self) -> String {
        for _ in 0..200 {
            let status = self.run(&["daemon", "status", "--json"]);
            let pid = status.split("\"pid\":").nth(1).unwrap_or_default();
            let digits: String =
                pid.chars().skip_while(|c| *c == ' ').take_while(char::is_ascii_digit).collect();
            if !digits.is_empty() {
                return digits;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("the daemon was not started: {}", self.run(&["daemon", "logs"]));
    }
}

impl Drop for Real {
    fn drop(&mut self) {
        self.run(&["daemon", "stop"]);
    }
}

#[test]
fn the_plugin_starts_the_daemon_which_judges_explains_and_records() {
    let Some(real) = Real::new() else { return };
    let mut zsh = real.zsh();
    real.pid();
    zsh.press("true\r").until("the next prompt", done("true"));
    zsh.press(ASKED).until("the line", is(ASKED, ""));
    zsh.press("\r").shows("uncommitted changes").shows("Alt-Enter");
    assert!(!real.place.ran("ran"));
    zsh.press("\x15tar -xzf a.tgz").press("\x1be").shows("a.tgz\n");
    zsh.press("\x15touch ran\r").until("the next prompt", done("touch ran"));
    assert!(real.place.ran("ran"));
    // What could not be sent because the daemon was slow goes out with a later line.
    for _ in 0..100 {
        if real.run(&["history", "list"]).contains("touch ran") {
            return;
        }
        zsh.press("true\r").settles(Duration::from_millis(100));
    }
    panic!("not recorded: {}", real.run(&["history", "list"]));
}

#[test]
fn a_daemon_that_is_killed_is_started_again_and_the_line_survives() {
    let Some(real) = Real::new() else { return };
    let mut zsh = real.zsh();
    let first = real.pid();
    zsh.press("touch r").until("the line", |screen| screen.contents().contains("% touch r"));
    assert!(Command::new("kill").args(["-9", &first]).status().unwrap().success());
    zsh.press("an\r").until("the next prompt", done("touch ran"));
    assert!(real.place.ran("ran"));
    std::fs::remove_file(real.place.dir().join("ran")).unwrap();
    // Judged while it is away, too.
    zsh.press(ASKED).press("\r").shows("Alt-Enter");
    assert!(!real.place.ran("ran"));
    zsh.press("\x15true\r").until("the next prompt", done("true"));
    // It is looked for again with the next keys, and ten seconds after a start that failed.
    for _ in 0..300 {
        zsh.press("x").settles(Duration::from_millis(100));
        if real.run(&["daemon", "status", "--json"]).contains("\"running\":true") {
            assert_ne!(real.pid(), first);
            return;
        }
    }
    panic!("it was not started again");
}

#[test]
fn without_a_daemon_a_process_of_its_own_judges() {
    let Some(real) = Real::new() else { return };
    let zsh = real.place.zsh_with(&format!(
        "zstyle ':cmdai:daemon' start no\neval \"$({} init zsh)\"",
        real.binary.display()
    ));
    let mut zsh = zsh;
    zsh.press(ASKED).until("the line", is(ASKED, ""));
    zsh.press("\r").shows("uncommitted changes").shows("Alt-Enter");
    assert!(!real.place.ran("ran") && !real.place.socket().exists());
    zsh.press("\x1b\r").until("the next prompt", done("touch ran"));
    assert!(real.place.ran("ran"));
    zsh.press("tar -xzf a.tgz").until("the line", is("tar -xzf a.tgz", ""));
    zsh.press("\x1be").shows("Unpacks an archive");
}

/// What `cmdai init` prints has no comments and no indentation, and is the same plugin.
#[test]
fn what_init_prints_is_the_plugin() {
    let Some(real) = Real::new() else { return };
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../zsh-plugin/cmdai.plugin.zsh");
    let functions = |read: &str| {
        let mut zsh = Command::new("zsh");
        zsh.args(["-fic", &format!("{read}; functions -m '_cmdai*'")]).env_clear();
        zsh.env("HOME", real.place.dir()).env("PATH", "/usr/bin:/bin").env("CMDAI_BIN", &real.binary);
        let output = zsh.stdin(std::process::Stdio::null()).output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        text.lines().map(str::trim_start).collect::<Vec<_>>().join("\n")
    };
    let whole = functions(&format!("source '{file}'"));
    assert!(whole.contains("_cmdai_judge"), "{whole}");
    let init = format!("'{}' init zsh", real.binary.display());
    for printed in ["--whole", "--quoted"] {
        assert!(functions(&format!("eval \"$({init} {printed})\"")) == whole, "{printed}");
    }
    // From the cache: the first time, when the files are written, and the second.
    let cache = real.place.dir().join(".cache/cmdai/zsh");
    assert!(!cache.exists());
    for _ in 0..2 {
        assert!(functions(&format!("eval \"$({init})\"")) == whole);
        assert!(cache.exists());
    }
    // A file that is not whole is not believed, and a cache that others may write to is not used.
    let folder = std::fs::read_dir(&cache).unwrap().next().unwrap().unwrap().path();
    std::fs::write(folder.join("cmdai.plugin.zsh"), "_cmdai_loaded() {").unwrap();
    assert!(functions(&format!("eval \"$({init})\"")) == whole);
    let open = std::os::unix::fs::PermissionsExt::from_mode(0o777);
    std::fs::set_permissions(&folder, open).unwrap();
    let text = real.run(&["init", "zsh"]);
    assert!(text == real.run(&["init", "zsh", "--whole"]) && text.len() > 40_000);
    std::fs::remove_dir_all(&cache).unwrap();
    std::fs::write(&cache, "no folder").unwrap();
    assert!(functions(&format!("eval \"$({init})\"")) == whole);
}

/// The second start reads what the first compiled, and is the same plugin.
#[test]
fn the_plugin_in_the_cache_is_compiled_by_the_shell_that_reads_it() {
    let Some(real) = Real::new() else { return };
    let folder = || {
        let mut all = std::fs::read_dir(real.place.dir().join(".cache/cmdai/zsh")).ok()?;
        Some(all.next()?.ok()?.path())
    };
    let compiled =
        || folder().map(|folder| folder.join("cmdai.plugin.zsh.zwc")).filter(|path| path.is_file());
    // What the user made of the language does not count for what is compiled.
    let odd = "alias local=false typeset=false; setopt ksh_arrays; histchars='!^%'";
    let start = format!("{odd}; eval \"$('{}' init zsh)\"", real.binary.display());
    let mut zsh = real.place.zsh_with(&start);
    real.pid();
    for _ in 0..200 {
        if compiled().is_some() {
            break;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(compiled().is_some(), "{:?}", folder().map(|folder| std::fs::read_dir(folder).unwrap().count()));
    zsh.press("exit\r");
    // Nothing lies beside, and nothing of the text is read any more: it could not be.
    let folder = folder().unwrap();
    let mut names: Vec<_> =
        std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["cmdai.plugin.zsh", "cmdai.plugin.zsh.zwc", "later.zsh"]);
    let text = folder.join("cmdai.plugin.zsh");
    let meta = std::fs::metadata(&text).unwrap();
    std::fs::write(&text, "#".repeat(meta.len() as usize)).unwrap();
    std::fs::File::options().write(true).open(&text).unwrap().set_modified(meta.modified().unwrap()).unwrap();
    let mut zsh = real.zsh();
    zsh.press(ASKED).until("the line", is(ASKED, ""));
    zsh.press("\r").shows("uncommitted changes").shows("Alt-Enter");
    assert!(!real.place.ran("ran"));
    // What a full disk left of it would end every zsh by a signal: it is not taken over, and taken away where it lies.
    let code = folder.join("cmdai.plugin.zsh.zwc");
    let bytes = std::fs::read(&code).unwrap();
    let short = folder.join(".new-1.zwc");
    std::fs::write(&short, &bytes[..bytes.len() / 4]).unwrap();
    real.run(&["init", "zsh", "--compiled", short.to_str().unwrap()]);
    assert!(!short.exists() && std::fs::read(&code).unwrap() == bytes);
    std::fs::write(&code, &bytes[..bytes.len() / 4]).unwrap();
    assert!(real.run(&["init", "zsh"]).contains("_cmdai_uncompiled") && !code.exists());
    std::fs::write(&code, &bytes).unwrap();
    // The other half is written anew where it was cut off, and what was compiled of the first goes with its text.
    std::fs::write(folder.join("later.zsh"), "").unwrap();
    std::fs::write(&text, "").unwrap();
    assert!(real.run(&["init", "zsh"]).contains("_cmdai_uncompiled") && !code.exists());
    assert!(
        ["later.zsh", "cmdai.plugin.zsh"]
            .iter()
            .all(|name| folder.join(name).metadata().unwrap().len() > 20_000)
    );
    std::fs::write(&code, &bytes).unwrap();
    // Only what lies in the cache is taken over.
    let other = real.place.dir().join("other.zwc");
    std::fs::write(&other, "x").unwrap();
    real.run(&["init", "zsh", "--compiled", other.to_str().unwrap()]);
    assert!(other.is_file() && std::fs::metadata(folder.join("cmdai.plugin.zsh.zwc")).unwrap().len() > 1);
}

/// A program that says nothing, or ends in another way, has judged nothing: its silence is no leave.
#[test]
fn without_a_verdict_the_line_is_asked_about() {
    let Some(mut real) = Real::new() else { return };
    let broken = real.place.dir().join("broken");
    for script in ["", "#!/bin/sh\nexit 101\n", "#!/bin/sh\necho 'risk: safe'\n"] {
        std::fs::write(&broken, script).unwrap();
        std::fs::set_permissions(&broken, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        let rc = format!("zstyle ':cmdai:daemon' start no; CMDAI_BIN='{}'", broken.display());
        real.place = std::mem::take(&mut real.place).before(&rc);
        let mut zsh = real.zsh();
        zsh.press("git checkout -- .")
            .shows("checkout -- .")
            .press("\r")
            .shows("gave no verdict")
            .shows("Alt-Enter");
    }
}

/// What runs is judged, whatever it is called: aliases, global aliases and functions of the shell that asks.
#[test]
fn a_name_of_ones_own_is_judged_by_what_it_means() {
    let Some(real) = Real::new() else { return };
    let mut zsh = real.zsh();
    real.pid();
    for line in [
        "alias zap='touch ran; git -C /nonexistent reset' zip=zap",
        "alias -g ALL='reset --hard'",
        "hup() { touch ran; git -C /nonexistent \"$@\" }",
        "alias ll='ls -l' gs='true' then_='env '",
    ] {
        zsh.press(line).press("\r").until("the next prompt", done(line));
    }
    for line in [
        "zap --hard",
        "zip --hard",
        "true && zap --hard",
        "git -C /nonexistent ALL",
        "hup reset --hard",
        "then_ true; then_ zap --hard",
    ] {
        zsh.press(line).press("\r").shows("uncommitted changes").shows("Alt-Enter");
        assert!(!real.place.ran("ran"), "{line}");
        zsh.press("\x15true\r").until("the next prompt", done("true"));
        zsh.press("\x0c").settles(Duration::from_millis(100));
    }
    for line in ["gs && touch plain", "hup status; touch harmless"] {
        zsh.press(line).press("\r").until("the next prompt", done(line));
    }
    assert!(real.place.ran("plain") && real.place.ran("harmless"));
}

#[test]
fn what_goes_on_in_the_next_line_is_no_question() {
    let Some(real) = Real::new() else { return };
    let mut zsh = real.zsh();
    zsh.press("git st").until("the plugin is there", |screen| screen.contents().contains("git st"));
    real.pid();
    zsh.press("\x15");
    for (first, rest, made) in [
        ("for i in 1 2; do", "touch loop$i; done", "loop2"),
        ("touch \"quote", "\"; touch quoted", "quoted"),
        ("true &&", "touch and", "and"),
        ("true && \\", "touch slash", "slash"),
        ("cat <<EOF >/dev/null", "x\rEOF\rtouch here", "here"),
    ] {
        zsh.press(first).press("\r").until("the second prompt", |screen| {
            screen.contents().lines().last().is_some_and(|line| line.contains('>'))
                || screen.contents().trim_end().ends_with('>')
        });
        assert!(!zsh.text().contains("Alt-Enter"), "{}", zsh.text());
        zsh.press(rest).press("\r").until(made, |screen| at_prompt(screen) && real.place.ran(made));
    }
    // What is whole is judged as a whole.
    zsh.press("if true; then").press("\r").shows("then>");
    zsh.press(&format!("{ASKED}; fi")).press("\r").shows("Alt-Enter");
    assert!(!real.place.ran("ran"));
    // So is what goes on behind a backslash, with an empty line too.
    zsh.interrupt().until("a prompt", at_prompt);
    zsh.press("\x0c").press(&format!("{ASKED} \\")).press("\r").settles(Duration::from_millis(600));
    assert!(!zsh.text().contains("Alt-Enter"), "{}", zsh.text());
    zsh.press("\r").shows("Alt-Enter");
    assert!(!real.place.ran("ran"));
}

/// What begins a comment, and what a reference to the history, is the user's to say; the text of `init` means the same.
#[test]
fn odd_characters_of_the_history() {
    for set in ["histchars=", "histchars='!^'"] {
        let Some(mut real) = Real::new() else { return };
        real.place = std::mem::take(&mut real.place).before(set);
        let mut zsh = real.zsh();
        zsh.press("touch fine\r").until("it ran", done("touch fine"));
        assert!(real.place.ran("fine"));
        zsh.press(ASKED).until("the line", is(ASKED, ""));
        zsh.press("\r").shows("Alt-Enter");
        assert!(!real.place.ran("ran") && !zsh.text().contains("zsh:"), "{}", zsh.text());
    }
}

/// Suffix aliases and what the history would run again are told with the line.
#[test]
fn what_stands_behind_a_line_is_judged_with_it() {
    let Some(mut real) = Real::new() else { return };
    let rc = "alias -s txt='git push --force origin'";
    real.place = std::mem::take(&mut real.place).before(rc);
    let mut zsh = real.zsh();
    real.pid();
    zsh.press("echo git push --force origin main >/dev/null\r").until("it ran", done("echo git push"));
    for line in ["main.txt", "r echo=command", "^echo^command", "fc -s echo=command"] {
        zsh.press(line).shows(line).press("\r").shows("Alt-Enter").press("\x15").hides("Alt-Enter");
    }
}

/// What a parameter of this shell holds is known, a hash at the prompt is a word, and the user's options count.
#[test]
fn what_the_shell_knows_is_judged_with_the_line() {
    for (rc, lines) in [
        (
            "p='git push --force origin main'; parts=(git push --force origin main); dir=/etc/cmdai- target=/etc/cmdai-nowhere; q=zap
             zap() { git push --force origin main }",
            &[
                "$=p",
                "${=p}",
                "eval $p",
                "$parts",
                "\"${parts[@]}\"",
                "rm -rf ${dir}nowhere",
                "rm -rf $target",
                "eval $q",
                "echo hi # ; git push --force origin main",
                "echo hi #; git push --force origin main",
                "cat <<< $(zap)",
                "cat < <(zap)",
                "autoload -U add-zsh-hook; add-zsh-hook precmd zap",
                "echo *(+zap)",
            ][..],
        ),
        ("setopt sh_word_split; p='git push --force origin main'", &["$p"][..]),
        // Names behind aliases, functions, values and history references; a value that is what runs.
        (
            "dir=/etc/cmdai-nowhere keydir=/etc/cmdai-nowhere a='rm -rf $b' b=/etc/cmdai-nowhere c=zap d=(zap now); alias zapped='rm -rf $dir'; wipe() { rm -rf $dir }; retry() { \"$@\" }
             zap() { git push --force origin main }",
            &["zapped", "wipe", "eval $a", "rm -rf $keydir", "$c", "${c}", "\"$c\" x", "noglob $c", "$d", "true; $c"][..],
        ),
        ("setopt extended_glob", &["rm -rf /etc/cmdai-nowhere/^nothing"][..]),
    ] {
        let Some(mut real) = Real::new() else { return };
        real.place = std::mem::take(&mut real.place).before(rc);
        let mut zsh = real.zsh();
        real.pid();
        for line in lines {
            zsh.press(line).shows(line).press("\r").shows("Alt-Enter").press("\x15").hides("Alt-Enter");
        }
        for line in [
            "echo $=p '# ; git push --force'",
            "echo done # $p",
            "printf '%s\\n' 5 r",
            "echo \"a\" r $HISTFILE",
            "echo $c $d",
            "ls -d *.txt(N) r",
        ] {
            zsh.press(line).shows(line).press("\r").until("it ran", done(line));
        }
    }
    let Some(mut real) = Real::new() else { return };
    real.place = std::mem::take(&mut real.place).before("setopt interactive_comments");
    let mut zsh = real.zsh();
    zsh.press("echo hi # ; git push --force\r").until("it ran", done("echo hi"));
}

/// Where a hash begins no comment, what stands behind it runs, also where it would make the line unfinished.
#[test]
fn a_hash_within_what_it_would_leave_open() {
    const D: &str = "git push --force origin main";
    for (rc, lines) in [
        (
            "alias zz='ls # ; git push --force origin main'",
            &[
                "ls | # ; D",
                "(#);D",
                "(# );D",
                "$(#);D",
                "echo \"$(ls # ; D)\"",
                "if true # ; then :; fi; D",
                "[[ a == # ]] ; D",
                "ls <# ; D",
                "echo $((1<<2)) # ; D",
                "ls <<< x # ; D",
                "zz",
            ][..],
        ),
        ("setopt interactive_comments; histchars='!^%'", &["ls # ; D"][..]),
        ("setopt sun_keyboard_hack", &["ls; D`"][..]),
    ] {
        let Some(mut real) = Real::new() else { return };
        real.place = std::mem::take(&mut real.place).before(rc);
        let mut zsh = real.zsh();
        real.pid();
        for line in lines {
            let line = line.replace('D', D);
            zsh.press(&line).settles(Duration::from_millis(50)).press("\r").shows("Alt-Enter");
            zsh.press("\x15").hides("Alt-Enter");
        }
        // A document is another program's to read.
        zsh.press("\x1b[200~sh <<E\necho a # ; git push --force\nE\x1b[201~")
            .settles(Duration::from_millis(200))
            .press("\r");
        zsh.until("it ran", |screen| screen.contents().contains("\na\n"));
    }
}

/// The head of a loop goes on in the next line, as in every script.
#[test]
fn the_head_of_a_loop_goes_on() {
    let Some(real) = Real::new() else { return };
    let mut zsh = real.zsh();
    real.pid();
    for (head, rest) in [
        ("for i in 1 2", "do echo $i; done"),
        ("while false", "do echo; done"),
        ("until true", "do echo; done"),
        ("repeat 2", "do echo x; done"),
        ("function f", "{ echo x }"),
    ] {
        zsh.press(head).settles(Duration::from_millis(50)).press("\r");
        zsh.until("it goes on", |screen| ghost(screen).0.ends_with('>'));
        zsh.press(rest).press("\r").until("it ran", |screen| ghost(screen).0.ends_with('%'));
    }
    zsh.press("for i in 1 2\r").until("it goes on", |screen| ghost(screen).0.ends_with('>'));
    zsh.press("do git push --force origin main; done\r").shows("Alt-Enter");
}

/// Comments in what is typed over several lines, documents with a bang, and what else is nobody's business.
#[test]
fn what_goes_on_with_comments_and_documents() {
    for rc in ["", "setopt interactive_comments"] {
        let Some(mut real) = Real::new() else { return };
        real.place = std::mem::take(&mut real.place).before(rc);
        let mut zsh = real.zsh();
        real.pid();
        // An apostrophe begins a quote where a hash begins no comment.
        let pushes = if rc.is_empty() { "# now" } else { "# it's" };
        for line in ["x() { # clean up", &format!("git push --force origin main {pushes}"), "echo $1"] {
            // Nothing runs before it is whole.
            zsh.press(line)
                .settles(Duration::from_millis(50))
                .press("\r")
                .settles(Duration::from_millis(200));
            assert!(!zsh.text().contains("Alt-Enter"), "{rc}: {line}\n{}", zsh.text());
        }
        zsh.press("\x03\x03").settles(Duration::from_millis(200));
        for text in
            ["cat > run.sh <<'EOF'\n#!/bin/bash\nnpm ci\nEOF", "cat > .gitignore <<E\n*.log\n!keep.txt\nE"]
        {
            zsh.press(&format!("\x1b[200~{text}\x1b[201~")).settles(Duration::from_millis(200)).press("\r");
            zsh.until("it ran", |screen| ghost(screen).0.ends_with('%'));
        }
        zsh.press("echo \"a\r").settles(Duration::from_millis(200)).press("b\" != c\r");
        zsh.until("it ran", |screen| screen.contents().contains("b != c"));
    }
}

/// Lists by name, and the last word of the command before.
#[test]
fn lists_by_name_and_the_last_word() {
    let Some(mut real) = Real::new() else { return };
    let rc = "typeset -A cfg=(dir /etc/cmdai-nowhere opt --force); keydirs=(/etc/cmdai-nowhere /etc/cmdai-nowhere-either)";
    real.place = std::mem::take(&mut real.place).before(rc);
    let mut zsh = real.zsh();
    real.pid();
    for line in ["rm -rf $cfg[dir]", "rm -rf ${(v)cfg}", "git push $cfg[opt]", "rm -rf $keydirs"] {
        zsh.press(line)
            .settles(Duration::from_millis(50))
            .press("\r")
            .shows(" other key edits")
            .press("\x15");
        zsh.hides(" other key edits");
    }
    zsh.press("echo /etc/cmdai-nowhere\r").until("it ran", done("echo /etc"));
    zsh.press("rm -rf $_").settles(Duration::from_millis(50)).press("\r").shows(" other key edits");
}

/// zsh corrects a word of the language after every hook, and then the line is another.
#[test]
fn corrected_words_of_the_language() {
    let Some(mut real) = Real::new() else { return };
    real.place = std::mem::take(&mut real.place).before("setopt correct");
    let mut zsh = real.zsh();
    real.pid();
    for line in [
        "if true; thne git push --force origin main; fi",
        "for i in 1; do git push --force origin main; doen",
    ] {
        zsh.press(line).settles(Duration::from_millis(50)).press("\r").shows("Alt-Enter");
        zsh.press("\x15").hides("Alt-Enter");
    }
}

/// A value that a line of the history names, which a reference or `r` runs again.
#[test]
fn values_behind_references() {
    let Some(mut real) = Real::new() else { return };
    real.place = std::mem::take(&mut real.place)
        .before("target=/etc/cmdai-nowhere; before='rm -rf $target'; print -s $before");
    let mut zsh = real.zsh();
    real.pid();
    for line in ["!!", "r", "!rm", "fc -e -"] {
        zsh.press(line)
            .settles(Duration::from_millis(50))
            .press("\r")
            .shows(" other key edits")
            .press("\x15")
            .hides(" other key edits");
    }
}

/// What runs again behind a prefix in quotes, or one that may be nothing.
#[test]
fn what_runs_again_behind_odd_prefixes() {
    let Some(mut real) = Real::new() else { return };
    real.place = std::mem::take(&mut real.place).before("b=builtin");
    let mut zsh = real.zsh();
    real.pid();
    zsh.press("true && git push --force origin main").press("\r").shows("Alt-Enter").press("\x1b\r");
    zsh.until("it ran", |screen| ghost(screen).0.ends_with('%'));
    for line in ["X=\"1\" r true", "'builtin' fc -e - true", "$nothing r true", "$b r true", "r true"] {
        zsh.press(line).shows(line).press("\r").shows("Alt-Enter").press("\x15").hides("Alt-Enter");
    }
}

/// A local of the widget that accepts is not what the line will mean: the line is judged again when that is over.
#[test]
fn locals_of_other_widgets_hide_nothing() {
    let Some(mut real) = Real::new() else { return };
    let rc =
        "dir=/etc/cmdai-nowhere; mine() { local dir=./build; zle orig }; zle -A accept-line orig; zle -N accept-line mine
reply-of() { zle .accept-line }; zle -N reply-of; bindkey '^Xr' reply-of; REPLY=/etc/cmdai-nowhere";
    real.place = std::mem::take(&mut real.place).after(rc);
    let mut zsh = real.zsh();
    real.pid();
    for (line, key) in [("rm -rf $dir", "\r"), ("rm -rf $REPLY", "\x18r")] {
        zsh.press(line)
            .shows(line)
            .press(key)
            .shows(" other key edits")
            .press("\x15")
            .hides(" other key edits");
    }
}

/// Wherever in a line a function or an alias of this shell is called; as a plain word it is none.
#[test]
fn what_is_called_is_found_wherever_it_stands() {
    let Some(mut real) = Real::new() else { return };
    let rc = "zap() { git push --force origin main }; alias gpf='git push --force origin main' ,=gpf ng=noglob; alias -g AND='&&'
function both { git push --force origin main }; alias both='both -v'";
    real.place = std::mem::take(&mut real.place).before(rc);
    let mut zsh = real.zsh();
    real.pid();
    for line in [
        "</dev/null zap",
        "2>&1 gpf",
        "repeat 1 zap",
        "case x in x) zap;; esac",
        "for i (1) zap",
        "coproc zap",
        "eval 'zap; true'",
        "ng zap",
        "true AND zap",
        ",",
        "() gpf",
        "f() gpf; f",
        "case a in (a) gpf;; esac",
        "true &! gpf",
        "for ((i=0;i<1;i++)) gpf",
        "eval true ';' gpf",
        "both",
        "if (true) { gpf }",
        "if [[ -d . ]] { git push --force origin main }",
        "if [[ -d . ]] gpf",
        "while ((1)) gpf",
        "if { true } gpf",
        "case a in a) true;& b) gpf;; esac",
        "{ true } always { gpf }",
        "eval -- zap",
        "exec -c zap",
        "exec -a x zap",
        "repeat $(zap) true",
        "exec > >(zap)",
        "true >$(zap)",
        "cat <<<$(zap)",
    ] {
        zsh.press(line).shows(line).press("\r").shows("Alt-Enter").press("\x15").hides("Alt-Enter");
    }
    zsh.press("echo zap $(echo r) >/dev/null\r").until("it ran", done("echo zap"));
    zsh.press("\x1b[200~cat <<E\nit's\nE\nzap\x1b[201~").shows("zap").press("\r").shows("Alt-Enter");
}
