use std::time::Duration;

use super::*;

/// Checks the runs of a file as `time:seconds line`, and how many entries were skipped.
#[track_caller]
fn check(format: Format, bytes: &[u8], expect: &[&str], skipped: usize) {
    let parsed = format.parse(bytes);
    let shown = |run: &Run| {
        assert_eq!(run.dialect, format.dialect());
        let time = run.started.map(|time| format!("{time} ")).unwrap_or_default();
        let took = run.duration.map(|took| format!("+{} ", took.as_secs())).unwrap_or_default();
        format!("{time}{took}{}", run.command)
    };
    let runs: Vec<String> = parsed.runs.iter().map(shown).collect();
    assert_eq!((runs, parsed.skipped), (expect.iter().map(|line| (*line).to_owned()).collect(), skipped));
}

#[test]
fn zsh_files() {
    let check = |bytes: &[u8], expect: &[&str], skipped| check(Format::Zsh, bytes, expect, skipped);
    check(b"", &[], 0);
    check(b"\n\n", &[], 0);
    check(b"ls\ngit st\n", &["ls", "git st"], 0);
    check(b"cut off at the end", &["cut off at the end"], 0);
    check(
        b": 1700000000:3;make\n: 1700000009:0;ls; pwd\nplain\n",
        &["1700000000 +3 make", "1700000009 +0 ls; pwd", "plain"],
        0,
    );
    check(b": 0:0;old\n", &["+0 old"], 0);
    check(b": no header\n: 12:x;y\n", &[": no header", ": 12:x;y"], 0);
    check(b": 5:0;for i in 1\\\ndo echo $i\\\ndone\nls\n", &["5 +0 for i in 1\ndo echo $i\ndone", "ls"], 0);
    // A line that ends with a backslash has a blank behind it.
    check(b"echo a\\ \nls\n", &["echo a\\", "ls"], 0);
    check(b"ls \n", &["ls "], 0);
    check(b"last\\\n", &["last\\"], 0);
    // é is C3 A9, and zsh turns over A3 of ã (C3 A3); 0x83 itself is turned over as well.
    check(b"echo \xc3\xa9 \xc3\x83\x83\n", &["echo é ã"], 0);
    check(b"bad \xff\nok\n", &["ok"], 1);
    check(b"bad \x83", &["bad "], 0);
}

#[test]
fn bash_files() {
    let check = |bytes: &[u8], expect: &[&str], skipped| check(Format::Bash, bytes, expect, skipped);
    check(b"ls\n\ngit st\n", &["ls", "git st"], 0);
    check(b"#1700000000\nls\n#1700000005\ngit st\n", &["1700000000 ls", "1700000005 git st"], 0);
    // A session without times wrote after one with.
    check(
        b"old\n#1700000000\nls\npwd\n#1700000009\nx\n",
        &["old", "1700000000 ls", "pwd", "1700000009 x"],
        0,
    );
    check(
        b"#1700000000\nfor i in 1 2\ndo\n  echo $i\ndone\n#1700000001\nls\n",
        &["1700000000 for i in 1 2\ndo\n  echo $i\ndone", "1700000001 ls"],
        0,
    );
    check(b"echo 'a\nb'\nls\n", &["echo 'a\nb'", "ls"], 0);
    check(b"cat <<E\nx\nE\nls\n", &["cat <<E\nx\nE", "ls"], 0);
    check(b"ls |\nwc\n", &["ls |\nwc"], 0);
    check(b"echo a \\\n  b\nls\n", &["echo a \\\n  b", "ls"], 0);
    // A stray quote takes no other line with it.
    check(b"echo it's\nls\npwd\n", &["echo it's", "ls", "pwd"], 0);
    check(b"#1700000000\n#1700000001\nls\n", &["1700000001 ls"], 0);
    check(b"# a comment\n#12\n", &["# a comment", "#12"], 0);
    check(b"\xff\xfe\nok\n", &["ok"], 1);
}

#[test]
fn fish_files() {
    let check = |bytes: &[u8], expect: &[&str], skipped| check(Format::Fish, bytes, expect, skipped);
    check(b"- cmd: ls\n  when: 1700000000\n- cmd: pwd\n", &["1700000000 ls", "pwd"], 0);
    check(
        b"- cmd: cat a\n  when: 5\n  paths:\n    - a\n    - b\n- cmd: ls\n  when: 6\n",
        &["5 cat a", "6 ls"],
        0,
    );
    check(br"- cmd: echo one\ntwo\\n \t", &["echo one\ntwo\\n \\t"], 0);
    check(b"t cut off\n  when: 3\n- cmd: ls\n  when: x\n", &["ls"], 1);
    check(b"- cmd: \xff\n  when: 3\n- cmd: ls\n", &["ls"], 1);
    check(b"- cmd: \n  when: 3\n", &[], 0);
}

#[test]
fn nu_files() {
    let check = |bytes: &[u8], expect: &[&str], skipped| check(Format::Nu, bytes, expect, skipped);
    check(b"ls | length\r\ndef a [] {<\\n>  1<\\n>}\n", &["ls | length", "def a [] {\n  1\n}"], 0);
    check(b"\xff\nls\n", &["ls"], 1);
}

#[test]
fn an_entry_that_is_too_long_is_skipped() {
    let long = "x".repeat(MAX_ENTRY_BYTES + 1);
    for format in Format::ALL {
        let text = match format {
            Format::Fish => format!("- cmd: {long}\n- cmd: ls\n"),
            _ => format!("{long}\nls\n"),
        };
        check(*format, text.as_bytes(), &["ls"], 1);
    }
    let endless = "x\\\n".repeat(MAX_ENTRY_BYTES);
    assert_eq!(Format::Zsh.parse(endless.as_bytes()).skipped, 1);
}

/// Lines that never end cost no more than a look at each.
#[test]
fn a_damaged_file_is_read_in_time() {
    let text = "echo 'it\" $( { \n".repeat(20_000);
    let parsed = Format::Bash.parse(text.as_bytes());
    assert!(parsed.runs.len() + parsed.skipped > 300);
}

#[test]
fn the_form_is_seen() {
    assert_eq!(Format::of(b"ls\n: 1700000000:0;ls\n"), Some(Format::Zsh));
    assert_eq!(Format::of(b"- cmd: ls\n  when: 5\n"), Some(Format::Fish));
    assert_eq!(Format::of(b"\xff\x00"), None);
    let names: Vec<_> = Format::ALL.iter().map(|format| format.name()).collect();
    assert_eq!(names, ["zsh", "bash", "fish", "nu"]);
}

/// The file that the shell would write.
fn written(format: Format, runs: &[Run]) -> Vec<u8> {
    let mut out = Vec::new();
    for run in runs {
        let time = run.started.unwrap_or(0);
        match format {
            Format::Zsh => {
                out.extend(format!(": {time}:{};", run.duration.unwrap_or_default().as_secs()).bytes());
                for byte in run.command.bytes() {
                    match byte {
                        b'\n' => out.extend(b"\\\n"),
                        0 | 0x83..=0xa2 => out.extend([0x83, byte ^ 32]),
                        byte => out.push(byte),
                    }
                }
                if run.command.ends_with('\\') {
                    out.push(b' ');
                }
            }
            Format::Bash => out.extend(format!("#{time}\n{}", run.command).bytes()),
            Format::Fish => {
                let text = run.command.replace('\\', "\\\\").replace('\n', "\\n");
                out.extend(format!("- cmd: {text}\n  when: {time}").bytes());
            }
            Format::Nu => out.extend(run.command.replace('\n', nu::NEWLINE).bytes()),
        }
        out.push(b'\n');
    }
    out
}

proptest::proptest! {
    #[test]
    fn any_bytes_are_read(bytes in proptest::collection::vec(
        proptest::prop_oneof![
            proptest::sample::select(&b"\n\\: ;#'\"0-c\x83\xc3"[..]),
            proptest::num::u8::ANY,
        ], 0..200)) {
        for format in Format::ALL {
            for run in format.parse(&bytes).runs {
                proptest::prop_assert!(!run.command.trim().is_empty() && !run.command.ends_with('\n'));
            }
        }
        let _ = Format::of(&bytes);
    }

    #[test]
    fn what_a_shell_wrote_comes_back(lines in proptest::collection::vec("[a-z\\\\ é日ã]{0,6}[a-zé日ã\\\\]", 1..6), time in 1_000_000_000i64..2_000_000_000) {
        for format in Format::ALL {
            let runs: Vec<Run> = lines.iter().enumerate().map(|(nth, line)| Run {
                // bash writes a backslash before a newline as it is, and that is another line.
                command: if *format == Format::Bash { line.replace('\\', "") + "x" } else { format!("{line}\n{line}") },
                started: (*format != Format::Nu).then_some(time + nth as i64),
                duration: (*format == Format::Zsh).then_some(Duration::from_secs(nth as u64)),
                dialect: format.dialect(),
                ..Run::default()
            }).filter(|run| *format != Format::Zsh || !run.command.contains("\\\n")).collect();
            let parsed = format.parse(&written(*format, &runs));
            proptest::prop_assert_eq!(&parsed.runs, &runs);
            proptest::prop_assert_eq!(parsed.skipped, 0);
        }
    }
}
