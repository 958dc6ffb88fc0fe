//! Modules: what the line wrote beside a program and the program loads by its name.
//!
//! `require("./a")`, `-ra`, `import a`, `python3 a/`: languages look for a module in ways of their own, and all of them
//! name it. So a file of the language that the line itself wrote is taken for loaded where its name stands among the
//! words or in the code that runs; files that are loaded name others in turn.

use super::machine::{Field, Machine};
use crate::line::Span;

/// Programs, the endings of what they load, how a text of that language is run, and names that they load unasked.
type Loader = (&'static [&'static str], &'static [&'static str], [&'static str; 2], &'static [&'static str]);

const LOADERS: &[Loader] = &[
    (
        &["python3", "python", "ipython", "pypy3", "pypy", "pytest", "uv", "poetry"],
        &["py"],
        ["python3", "-c"],
        &["sitecustomize", "usercustomize"],
    ),
    (
        &[
            "node", "npx", "npm", "yarn", "pnpm", "bun", "bunx", "deno", "tsx", "ts-node", "jest", "mocha",
            "vite",
        ],
        &["js", "cjs", "mjs", "ts"],
        ["node", "-e"],
        &[".babelrc", ".eslintrc", ".prettierrc"],
    ),
    (&["ruby", "rspec", "irb", "rake", "bundle"], &["rb"], ["ruby", "-e"], &["spec_helper"]),
    (&["perl", "prove"], &["pm", "pl"], ["perl", "-e"], &[]),
    (&["lua", "luajit", "nvim"], &["lua"], ["lua", "-e"], &[]),
    (&["php", "composer"], &["php", "inc"], ["php", "-r"], &[]),
];

/// Files of one line that are followed.
const FILES: usize = 8;

impl Machine<'_> {
    /// Judges the modules of the line's own that a program loads.
    pub(super) fn loaded(&mut self, name: &str, argv: &[Field]) {
        if self.files.is_empty() || self.depth + 3 >= super::machine::DEPTH {
            return;
        }
        let Some((_, endings, runs, unasked)) = LOADERS.iter().find(|(names, ..)| names.contains(&name))
        else {
            return;
        };
        let own: Vec<(String, String)> = self
            .files
            .iter()
            .filter(|(path, _)| path.rsplit_once('.').is_some_and(|(_, ending)| endings.contains(&ending)))
            .take(32)
            .cloned()
            .collect();
        if own.is_empty() || !self.spend(own.len() + argv.len()) {
            return;
        }
        let mut said: Vec<String> = Vec::new();
        for field in argv.iter().skip(1).take(32) {
            let text = field.text.as_str();
            // A script that is named is run as it is elsewhere.
            said.push(text.to_owned());
            let flag = ["-r", "-M", "-m", "-l"].iter().find_map(|flag| text.strip_prefix(flag));
            said.extend(flag.map(str::to_owned));
            said.extend(self.own_file(text));
        }
        if endings.contains(&"js") {
            said.extend(self.own_file("package.json"));
        }
        let mut taken = vec![false; own.len()];
        let mut next = 0;
        while next < said.len() && next < FILES * 8 {
            let Some(text) = said.get(next).cloned() else { break };
            next += 1;
            if !self.spend(1 + text.len() / 16) {
                return;
            }
            for (at, (path, code)) in own.iter().enumerate() {
                let file = path.rsplit('/').next().unwrap_or_default();
                let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
                let folder = path.rsplit('/').nth(1).unwrap_or_default();
                let named = match stem {
                    "__init__" | "__main__" | "index" | "main" | "init" => names_it(&text, folder),
                    _ => names_it(&text, stem),
                };
                let direct = argv.iter().any(|field| field.text.ends_with(file));
                let asked = named || next == 1 && (unasked.contains(&stem) || stem.ends_with(".config"));
                if asked && !direct && !taken.get(at).copied().unwrap_or(true) {
                    if let Some(slot) = taken.get_mut(at) {
                        *slot = true;
                    }
                    said.push(code.clone());
                }
            }
        }
        let span = self.at(argv.first().map_or(Span::new(0, 0), |field| field.span));
        for ((_, code), _) in own.iter().zip(&taken).filter(|(_, taken)| **taken).take(FILES) {
            let code = code.trim_start_matches("<?php");
            let words = [runs[0], runs[1], code].map(|text| Field { text: text.to_owned(), span });
            self.apart(|machine| machine.run(&words, span, super::machine::Flow::default()));
        }
    }
}

/// True where the name stands in the text as a word of its own.
fn names_it(text: &str, name: &str) -> bool {
    let whole = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && c != '_' && c != '-');
    !name.is_empty()
        && text.match_indices(name).take(16).any(|(at, _)| {
            whole(text[..at].chars().next_back()) && whole(text[at + name.len()..].chars().next())
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::safety::Risk::{Critical, Safe};
    use crate::safety::tests::{check_all, context};

    #[test]
    fn names_are_whole_words() {
        assert!(names_it("require('./a')", "a") && names_it("a", "a"));
        assert!(!names_it("bar", "a") && !names_it("a-b", "a") && !names_it("x", ""));
    }

    #[test]
    fn modules_of_the_line_are_loaded() {
        let js = r#"require("child_process").execSync("rm -rf /home")"#;
        let py = r#"import os; os.system("rm -rf /home")"#;
        let lines = [
            (Critical, format!("echo '{js}' > a.js; node -e 'require(\"./a\")'")),
            (Critical, format!("echo '{js}' > a.js; echo 'require(\"./a\")' > b.js; node b.js")),
            (Critical, format!("echo '{js}' > vite.config.js; npx vite build")),
            (Critical, format!("echo '{js}' > node_modules/a/index.js; node -e 'require(\"a\")'")),
            (Critical, format!("echo '{py}' > p/__main__.py; python3 p")),
            (Critical, format!("echo '{py}' > p/__init__.py; python3 -m p")),
            (Critical, format!("echo '{py}' > a.py; python3 -m unittest a")),
            (Critical, "echo 'system(\"rm -rf /home\")' > a.rb; ruby -I. -ra -e 1".to_owned()),
            (Critical, "echo 'system \"rm -rf /home\"; 1' > A.pm; perl -I. -MA -e 1".to_owned()),
            (Critical, "echo 'os.execute(\"rm -rf /home\")' > a.lua; lua -e 'require \"a\"'".to_owned()),
            (Safe, format!("echo '{js}' > a.js; node -e 'require(\"./b\")'")),
            (Safe, "echo 'module.exports=1' > a.js; node -e 'require(\"./a\")'".to_owned()),
            (Safe, format!("echo '{py}' > a.py; cat a.py")),
            (Safe, "echo 'x=1' > p/__init__.py; python3 -m p".to_owned()),
        ];
        let lines: Vec<_> = lines.iter().map(|(risk, line)| (*risk, line.as_str())).collect();
        check_all(&context(), &lines);
    }
}
