//! Pictures of the plugin for the documentation, drawn from the cells of a real terminal: `cargo xtask shots`.
//!
//! Each scene types into a real zsh with the real daemon; what the screen then holds is written as SVG.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use cmdai_inline::terminal::{Terminal, ghost};
use cmdai_inline::zsh::{Place, at_prompt, elsewhere, installed};
use vt100::{Color, Screen};

/// What was run before, so that something can be suggested.
const HISTORY: &str = "\
git status --short --branch
cargo test --workspace
docker compose up --build --detach
git push --force origin main
git push --force origin main
git status --short --branch
";

const CELL: (f32, f32) = (8.4, 18.0);
const MARGIN: f32 = 14.0;

fn main() {
    if !installed() {
        std::process::exit(1);
    }
    let mut args = std::env::args().skip(1);
    let (mut binary, mut out) = (PathBuf::from("target/release/cmdai"), PathBuf::from("docs/img"));
    while let (Some(name), Some(value)) = (args.next(), args.next()) {
        match name.as_str() {
            "--cmdai" => binary = value.into(),
            "--out" => out = value.into(),
            other => panic!("{other} is not an option; it takes --cmdai PATH and --out DIR"),
        }
    }
    let binary = std::fs::canonicalize(&binary).expect("the binary");
    std::fs::create_dir_all(&out).expect("a folder for the pictures");

    scene(&binary, &out, "ghost", |zsh| {
        zsh.press("git st").until("a ghost", |screen| !ghost(screen).1.is_empty());
    });
    scene(&binary, &out, "risk", |zsh| {
        zsh.press("git push --f").until("a ghost", |screen| !ghost(screen).1.is_empty());
    });
    scene(&binary, &out, "guard", |zsh| {
        zsh.press("git reset --hard && git clean -fdx").settles(Duration::from_millis(300));
        zsh.press("\r").shows("Alt-Enter");
    });
    scene(&binary, &out, "words-1", |zsh| {
        zsh.press("# find files larger than 100 MB in my downloads folder")
            .settles(Duration::from_millis(300));
    });
    scene(&binary, &out, "words-2", |zsh| {
        zsh.press("# find files larger than 100 MB in my downloads folder")
            .settles(Duration::from_millis(300));
        zsh.press("\r").until("a command", |screen| screen.contents().starts_with("% find"));
    });
    scene(&binary, &out, "explain", |zsh| {
        zsh.press("tar -xzf site.tgz -C /srv").settles(Duration::from_millis(300));
        zsh.press("\x1be").until("an explanation", |screen| screen.contents().trim_end().contains('\n'));
    });
}

/// Plays a scene in a new home and draws its last screen.
fn scene(binary: &Path, out: &Path, name: &str, play: impl FnOnce(&mut Terminal)) {
    let mut place = Place::new().sized(5, 76).with("CMDAI_BIN", &binary.display().to_string());
    for (name, value) in elsewhere() {
        place = place.with(name, &value);
    }
    std::fs::write(place.dir().join("history"), HISTORY.repeat(20)).expect("a history");
    let home = place.dir().to_owned();
    let socket = place.socket();
    let run = |args: &[&str]| {
        let mut command = Command::new(binary);
        command
            .args(args)
            .env_clear()
            .env("HOME", &home)
            .env("PATH", "/usr/bin:/bin")
            .env("CMDAI_SOCKET", &socket);
        command.envs(elsewhere());
        let output = command.stdin(std::process::Stdio::null()).output().expect("cmdai");
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    };
    let file = home.join("history");
    run(&["history", "import", "zsh", "--file", file.to_str().expect("a path")]);
    run(&["daemon", "start"]);
    let mut zsh = place.zsh();
    zsh.press("\x0c").until("an empty screen", at_prompt);
    play(&mut zsh);
    zsh.settles(Duration::from_millis(400));
    let path = out.join(format!("{name}.svg"));
    std::fs::write(&path, zsh.look(svg)).expect("a picture");
    eprintln!("{}\n{}", path.display(), zsh.text());
    drop(zsh);
    run(&["daemon", "stop"]);
}

/// The screen as SVG: one text for each run of cells of one colour.
fn svg(screen: &Screen) -> String {
    let (rows, cols) = screen.size();
    let used = (0..rows).rev().find(|row| !text(screen, *row).trim().is_empty()).map_or(1, |row| row + 1);
    let width = f32::from(cols).mul_add(CELL.0, 2.0 * MARGIN);
    let height = f32::from(used).mul_add(CELL.1, 2.0 * MARGIN);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" viewBox=\"0 0 {width:.0} {height:.0}\" \
         font-family=\"ui-monospace, SFMono-Regular, Menlo, Consolas, monospace\" font-size=\"14\">\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#1d1f21\"/>\n"
    );
    let (row, col) = screen.cursor_position();
    let (x, y) = (f32::from(col).mul_add(CELL.0, MARGIN), f32::from(row).mul_add(CELL.1, MARGIN));
    let _ =
        writeln!(out, "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"2\" height=\"{}\" fill=\"#c5c8c6\"/>", CELL.1);
    for row in 0..used {
        let mut col = 0;
        while col < cols {
            let start = col;
            let Some(first) = screen.cell(row, col) else { break };
            let (color, bold) = (first.fgcolor(), first.bold());
            let mut run = String::new();
            while let Some(cell) = screen.cell(row, col)
                && (cell.fgcolor(), cell.bold()) == (color, bold)
            {
                if !cell.is_wide_continuation() {
                    run.push_str(if cell.has_contents() { cell.contents() } else { " " });
                }
                col += 1;
            }
            let shown = run.trim_end();
            if shown.trim().is_empty() {
                continue;
            }
            let x = f32::from(start).mul_add(CELL.0, MARGIN);
            let y = f32::from(row).mul_add(CELL.1, MARGIN + 13.0);
            let length = shown.chars().count() as f32 * CELL.0;
            let weight = if bold { " font-weight=\"bold\"" } else { "" };
            let _ = writeln!(
                out,
                "<text x=\"{x:.1}\" y=\"{y:.1}\" fill=\"{}\" textLength=\"{length:.1}\" xml:space=\"preserve\"{weight}>{}</text>",
                hex(color),
                shown.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
            );
        }
    }
    out + "</svg>\n"
}

fn text(screen: &Screen, row: u16) -> String {
    screen.contents_between(row, 0, row, screen.size().1)
}

/// The colours of xterm.
fn hex(color: Color) -> String {
    const BASE: [&str; 16] = [
        "#1d1f21", "#cc6666", "#b5bd68", "#f0c674", "#81a2be", "#b294bb", "#8abeb7", "#c5c8c6", "#969896",
        "#cc6666", "#b5bd68", "#f0c674", "#81a2be", "#b294bb", "#8abeb7", "#ffffff",
    ];
    match color {
        Color::Default => "#c5c8c6".to_owned(),
        Color::Rgb(r, g, b) => format!("#{r:02x}{g:02x}{b:02x}"),
        Color::Idx(at @ 0..16) => BASE[usize::from(at)].to_owned(),
        Color::Idx(at @ 16..232) => {
            let level = |n: u8| if n == 0 { 0 } else { 55 + 40 * n };
            let at = at - 16;
            format!("#{:02x}{:02x}{:02x}", level(at / 36), level(at / 6 % 6), level(at % 6))
        }
        Color::Idx(at) => {
            let grey = 8 + 10 * (at - 232);
            format!("#{grey:02x}{grey:02x}{grey:02x}")
        }
    }
}
