//! What small programs print when all that goes in is known: `echo`, `printf`, `base64 -d`, `rev` …
//!
//! Values are often put together from such pieces, by people for convenience and by attackers to hide
//! them. `None` means that the output cannot be told; nothing is ever run.

pub(super) mod awk;
mod charset;
mod codec;
mod dc;
mod lines;
mod print;
mod sed;

pub(super) use print::unescape;

use super::machine::VALUE_BYTES;
use super::value;

/// The output of `program` with these arguments and this input.
pub(super) fn output(program: &str, arguments: &[&str], input: Option<&str>) -> Option<String> {
    let text = match program {
        "echo" => print::echo(arguments),
        "printf" => print::printf(arguments)?,
        "basename" => basename(arguments)?,
        "dirname" => {
            let path = arguments.iter().find(|word| !word.starts_with('-'))?.trim_end_matches('/');
            match path.rsplit_once('/') {
                None if path.chars().eq([value::HOME]) => "/home\n".to_owned(),
                Some(("", _)) => "/\n".to_owned(),
                Some((directory, _)) => format!("{directory}\n"),
                None if path.is_empty() => "/\n".to_owned(),
                None => ".\n".to_owned(),
            }
        }
        "realpath" | "readlink" => {
            let name = arguments.iter().rfind(|word| !word.starts_with('-'))?;
            format!("{name}\n")
        }
        "which" => super::programs::found_at(arguments.iter().rfind(|word| !word.starts_with('-'))?),
        "type" if arguments.iter().any(|word| matches!(*word, "-p" | "-P")) => {
            super::programs::found_at(arguments.last()?)
        }
        "yes" => {
            let word = if arguments.is_empty() { "y".to_owned() } else { arguments.join(" ") };
            format!("{word}\n").repeat(4)
        }
        "sed" | "gsed" => sed::output(arguments, input?)?,
        "dc" => dc::output(arguments, input)?,
        "awk" => awk::run(arguments, input).output?,
        _ => match codec::output(program, arguments, input) {
            Some(text) => text,
            None => lines::output(program, arguments, input)?,
        },
    };
    (text.len() <= VALUE_BYTES).then_some(text)
}

/// False for programs that print what was given to them or what they unpack.
pub(super) fn is_no_filter(program: &str) -> bool {
    !matches!(
        program,
        "7z" | "bzcat"
            | "bunzip2"
            | "cat"
            | "decode"
            | "echo"
            | "gpg"
            | "jq"
            | "lz4"
            | "nl"
            | "openssl"
            | "pbpaste"
            | "perl"
            | "python3"
            | "rot13"
            | "strings"
            | "unxz"
            | "unzip"
            | "uudecode"
            | "wl-paste"
            | "xclip"
            | "xsel"
            | "xzcat"
            | "yq"
            | "zstdcat"
    )
}

fn basename(arguments: &[&str]) -> Option<String> {
    let (mut suffix, mut names) = (None, Vec::new());
    let mut words = arguments.iter();
    let mut many = false;
    while let Some(word) = words.next() {
        match *word {
            "-s" => {
                suffix = words.next().copied();
                many = true;
            }
            "-a" => many = true,
            word => names.push(word),
        }
    }
    if !many && names.len() > 1 {
        suffix = names.get(1).copied();
        names.truncate(1);
    }
    let mut out = String::new();
    for name in names {
        let name = name.trim_end_matches('/');
        let name = name.rsplit('/').next()?;
        out.push_str(suffix.and_then(|ending| name.strip_suffix(ending)).unwrap_or(name));
        out.push('\n');
    }
    (!out.is_empty()).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &[&str], input: Option<&str>, expected: Option<&str>) {
        assert_eq!(output(line[0], &line[1..], input).as_deref(), expected, "{line:?}");
    }

    #[test]
    fn pure_programs_print_what_the_real_ones_print() {
        check(&["echo", "a", "b"], None, Some("a b\n"));
        check(&["echo", "-n", "a"], None, Some("a"));
        check(&["echo", "-e", r"\x72\0155"], None, Some("rm\n"));
        check(&["echo", "-x"], None, Some("-x\n"));
        check(&["printf", "%s-%s\\n", "a", "b"], None, Some("a-b\n"));
        check(&["printf", "%s,", "a", "b"], None, Some("a,b,"));
        check(&["printf", r"\162\155"], None, Some("rm"));
        check(&["printf", "100%%"], None, Some("100%"));
        check(&["rev"], Some("/ fr- mr\n"), Some("rm -rf /\n"));
        check(&["base64", "-d"], Some("cm0gLXJmIC8=\n"), Some("rm -rf /"));
        check(&["base64"], Some("rm -rf /\n"), Some("cm0gLXJmIC8K\n"));
        check(&["base32", "-d"], Some("OJWSALLSMYQC6==="), Some("rm -rf /"));
        check(&["basenc", "-d", "--base32hex"], Some("ETKN0PB6EC======\n"), Some("wipefs"));
        check(&["basenc", "--base2msbf", "-d"], Some("0111001001101101"), Some("rm"));
        check(&["basenc", "--base2lsbf", "-d"], Some("0100111010110110"), Some("rm"));
        check(&["basenc", "--z85", "-d"], Some("HelloWorld"), Some("\u{86}O\u{d2}o\u{b5}Y\u{f7}["));
        check(&["openssl", "base64", "-d"], Some("cm0gLXJmIC8=\n"), Some("rm -rf /"));
        check(&["openssl", "enc", "-d", "-base64", "-A"], Some("cm0="), Some("rm"));
        check(&["openssl", "enc", "-d", "-aes256", "-a"], Some("cm0="), None);
        check(&["xxd", "-r"], Some("00000000: 726d 202d 7266  rm -rf\n"), Some("rm -rf"));
        check(&["printf", "%5s|%-3s|%03d|%.2s", "ab", "c", "7", "rmx"], None, Some("   ab|c  |007|rm"));
        check(&["printf", "\\$(x)"], None, Some("\\$(x)"));
        check(&["printf", "%o", "114"], None, Some("162"));
        check(&["printf", "%b", r"\0162\x6d"], None, Some("rm"));
        check(&["printf", "%x", "'A"], None, Some("41"));
        check(&["tr", "-d", "[:digit:]"], Some("r1m2"), Some("rm"));
        check(&["tr", "[:upper:]", "[:lower:]"], Some("RM -RF"), Some("rm -rf"));
        check(&["tr", "-dc", "a-z"], Some("R1r2m3"), Some("rm"));
        check(&["tr", "-s", "r"], Some("rrrm"), Some("rm"));
        check(&["tr", "A-Za-z", "N-ZA-Mn-za-m"], Some("ez -es /"), Some("rm -rf /"));
        check(&["cut", "-d", ":", "-f1,3"], Some("a:b:c\n"), Some("a:c\n"));
        check(&["head", "-c2"], Some("rmx"), Some("rm"));
        check(&["tail", "-c", "3"], Some("xxrm\n"), Some("rm\n"));
        check(&["tail", "-n", "+2"], Some("a\nb\n"), Some("b\n"));
        check(&["head", "-n", "-1"], Some("a\nb\n"), Some("a\n"));
        check(&["sort", "-r"], Some("a\nb\n"), Some("b\na\n"));
        check(&["sort", "-k2", "-n"], Some("x 10\ny 2\n"), Some("y 2\nx 10\n"));
        check(&["paste", "-sd", ""], Some("r\nm\n"), Some("rm\n"));
        check(&["seq", "2", "2", "6"], None, Some("2\n4\n6\n"));
        check(&["expr", "substr", "xrm", "2", "2"], None, Some("rm\n"));
        check(&["grep", "-o", "r[a-z]"], Some("xrmx\n"), Some("rm\n"));
        check(&["grep", "-v", "x"], Some("ax\nb\n"), Some("b\n"));
        check(&["sed", "s/Z//g"], Some("rZm -rZf ~\n"), Some("rm -rf ~\n"));
        check(&["sed", "-E", "s/(.)(.)/\\2\\1/"], Some("mr\n"), Some("rm\n"));
        check(&["sed", r"s/\(.\)\(.\)/\2\1/"], Some("mr\n"), Some("rm\n"));
        check(&["sed", "s|x|/|;s/y/&&/"], Some("xy\n"), Some("/yy\n"));
        check(&["sed", "y/abc/rmx/"], Some("ab\n"), Some("rm\n"));
        check(&["sed", "-n", "2p"], Some("a\nb\n"), Some("b\n"));
        check(&["sed", "1d;$d"], Some("a\nb\nc\n"), Some("b\n"));
        check(&["sed", "/x/,/y/d"], Some("a\nx\n1\ny\nb\n"), Some("a\nb\n"));
        check(&["xxd", "-r", "-p"], Some("726d"), Some("rm"));
        check(&["tr", "a-z", "b-za"], Some("ql"), Some("rm"));
        check(&["tr", "-d", "x"], Some("rxm"), Some("rm"));
        check(&["cut", "-c2-3"], Some("xrmx\n"), Some("rm\n"));
        check(&["cut", "-d:", "-f2"], Some("a:rm:b\n"), Some("rm\n"));
        check(&["basename", "/usr/bin/rm"], None, Some("rm\n"));
        check(&["dirname", "/usr"], None, Some("/\n"));
        check(&["rev"], None, None);
    }
}
