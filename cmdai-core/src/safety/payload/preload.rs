//! Variables that make a program load code before its own: `LD_PRELOAD`, `NODE_OPTIONS`, `BASH_ENV`.

use super::{Payload, decode};
use crate::line::{Dialect, Span};
use crate::safety::call::Call;
use crate::safety::machine::{Flow, Machine, Value};
use crate::safety::value::{self, Origin};
use crate::safety::{EffectKind, TargetClass, paths};
use crate::specs::{self, Language, parse_args};

/// How the value of such a variable is read.
#[derive(Clone, Copy)]
enum Kind {
    /// A library, or several.
    Library,
    /// Folders, or files of settings, in which programs find code.
    Folder,
    /// The path of a shell script.
    Shell,
    /// The name of what is called where a program stops.
    Call,
    /// The path of a script in a language.
    Script(Language),
    /// Code itself.
    Code(Language),
    /// Options of make, rules among them.
    Make,
    /// Options, of which these name what is loaded.
    Options(&'static [&'static str], Language),
}

fn kind_of(name: &str) -> Option<Kind> {
    Some(match name {
        "LD_PRELOAD"
        | "LD_AUDIT"
        | "DYLD_INSERT_LIBRARIES"
        | "DOTNET_STARTUP_HOOKS"
        | "COR_PROFILER_PATH"
        | "CORECLR_PROFILER_PATH" => Kind::Library,
        "ANSIBLE_CONFIG"
        | "ANSIBLE_LIBRARY"
        | "CLASSPATH"
        | "CURL_HOME"
        | "DYLD_FRAMEWORK_PATH"
        | "DYLD_LIBRARY_PATH"
        | "EMACSLOADPATH"
        | "GCONV_PATH"
        | "GDBINIT"
        | "GIO_EXTRA_MODULES"
        | "GIT_CONFIG_GLOBAL"
        | "GIT_CONFIG_SYSTEM"
        | "GIT_EXEC_PATH"
        | "GIT_TEMPLATE_DIR"
        | "GST_PLUGIN_PATH"
        | "GTK_MODULES"
        | "GTK_PATH"
        | "HELM_PLUGINS"
        | "INPUTRC"
        | "IPYTHONDIR"
        | "JULIA_DEPOT_PATH"
        | "JULIA_LOAD_PATH"
        | "JUPYTER_CONFIG_DIR"
        | "LD_LIBRARY_PATH"
        | "LIBGL_DRIVERS_PATH"
        | "LUA_CPATH"
        | "LUA_PATH"
        | "MAILCAPS"
        | "NODE_PATH"
        | "NPM_CONFIG_USERCONFIG"
        | "OPENSSL_CONF"
        | "OPENSSL_ENGINES"
        | "PERL5LIB"
        | "PHPRC"
        | "PHP_INI_SCAN_DIR"
        | "PIP_CONFIG_FILE"
        | "PSQLRC"
        | "PYTHONHOME"
        | "PYTHONPATH"
        | "PYTHONUSERBASE"
        | "QT_PLUGIN_PATH"
        | "RIPGREP_CONFIG_PATH"
        | "RUBYLIB"
        | "R_LIBS"
        | "TCLLIBPATH"
        | "VIMRUNTIME"
        | "WGETRC"
        | "XDG_CONFIG_HOME" => Kind::Folder,
        "BASH_ENV" | "ENV" => Kind::Shell,
        "PERL5DB" => Kind::Code(Language::Perl),
        "MAKEFLAGS" | "GNUMAKEFLAGS" => Kind::Make,
        "PYTHONSTARTUP" => Kind::Script(Language::Python),
        "FLASK_APP" => Kind::Script(Language::Python),
        "R_PROFILE" | "R_PROFILE_USER" => Kind::Script(Language::R),
        "PYTHONBREAKPOINT" => Kind::Call,
        "NODE_OPTIONS" => Kind::Options(&["--require", "-r", "--import", "--loader"], Language::JavaScript),
        "RUBYOPT" => Kind::Options(&["-r"], Language::Ruby),
        "PERL5OPT" => Kind::Options(&["-M", "-m", "-I"], Language::Perl),
        "GRADLE_OPTS" | "JAVA_OPTS" | "JAVA_TOOL_OPTIONS" | "JDK_JAVA_OPTIONS" | "MAVEN_OPTS"
        | "SBT_OPTS" | "_JAVA_OPTIONS" => Kind::Options(&["-javaagent", "-agentpath"], Language::Groovy),
        _ => return None,
    })
}

impl Machine<'_> {
    /// A variable was set that loads code into what runs next; true where it is one of these.
    pub(in crate::safety) fn preloads(&mut self, name: &str, span: Span) -> bool {
        let Some(kind) = kind_of(name) else { return false };
        let Some(Value::One(text)) = self.get(name) else { return true };
        match kind {
            Kind::Library => {
                for path in text.split([':', ' ']).filter(|path| !path.is_empty()).take(8) {
                    self.loads(path, name, None, span);
                }
            }
            Kind::Folder => {
                if name == "GIT_TEMPLATE_DIR" {
                    self.hooks_in(&text, span);
                }
                if let Some(own) = self.own_file(&text) {
                    for code in crate::safety::told::commands(&own).into_iter().take(16) {
                        self.typed(code.trim_start_matches('!'), span);
                    }
                    return true;
                }
                let found = text.split([':', ';']).take(8).any(|path| {
                    let own = || is_own(&paths::locate(path, &self.state.cwd, self.ctx), path);
                    path.contains('/') && self.is_anybodys(path) && !own()
                });
                if found {
                    let target = self.target(TargetClass::Unknown, name, span);
                    // There git finds the programs that it is made of.
                    let detail = if name == "GIT_EXEC_PATH" { "preload" } else { "callback" };
                    self.emit_with(EffectKind::RunCode, target, false, "sh", span, detail);
                }
            }
            // The name of the file is expanded first, with what runs in it.
            Kind::Shell if text.contains("$(") || text.contains('`') => {
                let code = format!(": \"{}\"", text.replace('"', "\\\""));
                self.code(&code, span, Flow::default());
            }
            Kind::Shell => self.loads(&text, name, None, span),
            Kind::Make => {
                for rules in text.split("--eval=").skip(1).take(4) {
                    let rules = rules.replace("\\ ", " ");
                    self.own_script(Language::Make, &rules, span);
                }
            }
            Kind::Code(language) => self.own_script(language, &text, span),
            Kind::Call => {
                let module = text.split('.').next().unwrap_or_default();
                if matches!(module, "os" | "subprocess" | "shutil" | "pty" | "code" | "runpy") {
                    let target = self.target(TargetClass::Unknown, name, span);
                    self.emit_with(EffectKind::RunCode, target, false, "sh", span, "preload");
                }
            }
            // A bare name is a module of the project.
            Kind::Script(_) if name == "FLASK_APP" && !text.contains('/') => {}
            Kind::Script(language) => self.loads(&text, name, Some(language), span),
            Kind::Options(flags, language) => {
                if language == Language::Perl
                    && let Some((_, code)) = text.split_once(';')
                {
                    // `-Mmodule;code` becomes `use module;code`.
                    let code = crate::safety::pure::unescape(code);
                    self.own_script(language, &code, span);
                }
                let text = text.trim_matches(['"', '\'']);
                let mut words = text.split_whitespace();
                while let Some(word) = words.next() {
                    let Some(flag) = flags.iter().find(|flag| word.starts_with(**flag)) else { continue };
                    let rest = word[flag.len()..].trim_start_matches(['=', ':']);
                    let path = if rest.is_empty() { words.next().unwrap_or_default() } else { rest };
                    if let Some((_, code)) = path.strip_prefix("data:").and_then(|data| data.split_once(','))
                    {
                        let code = decode::percent(code);
                        self.own_script(language, &code, span);
                    } else if path.contains('/') {
                        self.loads(path, name, Some(language), span);
                    }
                }
            }
        }
        true
    }

    /// Code at a path: its text where the line wrote it; else what the place tells.
    pub(in crate::safety) fn loads(
        &mut self,
        path: &str,
        name: &str,
        language: Option<Language>,
        span: Span,
    ) {
        if path.is_empty() || path == "/dev/null" {
            return;
        }
        let place = paths::locate(path, &self.state.cwd, self.ctx);
        // `-r./x` names `x.rb`.
        let ending = match language {
            Some(Language::Ruby) => ".rb",
            Some(Language::JavaScript) => ".js",
            Some(Language::Perl) => ".pm",
            _ => "",
        };
        let named = |known: &str| {
            known == place.path
                || !ending.is_empty() && known.strip_suffix(ending) == Some(place.path.as_str())
        };
        let known = self.files.iter().rev().find(|(known, _)| named(known)).map(|(_, text)| text.clone());
        match known {
            Some(text) if self.unknowns.origin(&text).is_some_and(|origin| origin >= Origin::Network) => {
                self.report_unknown_code(&text, span);
            }
            Some(text) if !value::has_hole(&text) => match language {
                Some(language) => self.own_script(language, &text, span),
                None => {
                    self.code_in(&text, span, Flow::default(), Dialect::Bash);
                }
            },
            // What watches a program from where its makers put it.
            _ if language == Some(Language::Groovy)
                && ["/opt/", "/usr/"].iter().any(|start| place.path.starts_with(start)) => {}
            // What the system installed there (jemalloc, fakeroot) is its own.
            _ if place.class == TargetClass::System && language.is_none() && name.starts_with("LD_") => {}
            // One's own script, where one's scripts and settings lie.
            _ if language.is_some_and(|language| language != Language::Groovy) && is_own(&place, path) => {}
            None if matches!(name, "BASH_ENV" | "ENV") && is_own(&place, path) => {}
            _ => {
                // Where anybody writes, or where nobody looks.
                let hidden =
                    path.split('/').any(|part| part.len() > 2 && part.starts_with('.') && part != "..");
                let anybody = place.class == TargetClass::Temporary;
                let detail = if hidden || anybody { "preload" } else { "" };
                let target = self.target(TargetClass::Unknown, name, span);
                self.emit_with(EffectKind::RunCode, target, false, "sh", span, detail);
            }
        }
    }

    /// `node --import 'data:text/javascript,…'`: a module that stands in the line.
    pub(in crate::safety) fn node_imports(&mut self, call: &Call<'_>) {
        let codes: Vec<String> = call
            .args
            .values("--import")
            .take(4)
            .filter_map(|item| item.text.strip_prefix("data:")?.split_once(','))
            .filter_map(|(kind, code)| match kind.ends_with(";base64") {
                true => decode::base64(code),
                false => Some(decode::percent(code)),
            })
            .collect();
        for code in codes {
            self.own_script(Language::JavaScript, &code, self.at(call.span));
        }
    }

    /// `php -d auto_prepend_file=…`: what runs before the script.
    pub(in crate::safety) fn php_settings(&mut self, call: &Call<'_>, flow: Flow<'_>) {
        let settings: Vec<_> = call.args.values("-d").take(8).collect();
        for item in settings {
            let Some((name @ ("auto_prepend_file" | "auto_append_file"), file)) = item.text.split_once('=')
            else {
                continue;
            };
            let (file, span) = (file.trim_matches(['"', '\'']), self.at(call.argv[item.word + 1].span));
            let data = file.strip_prefix("data:").and_then(|data| data.split_once(','));
            if let Some((kind, code)) = data {
                let code = decode::percent(code);
                let bytes = kind.ends_with(";base64").then(|| decode::base64(&code)).flatten();
                self.own_script(Language::Php, &bytes.unwrap_or(code), span);
            } else if matches!(file, "php://stdin" | "php://input" | "/dev/stdin") {
                self.own_script(Language::Php, flow.input.unwrap_or_default(), span);
            } else if file.contains("://") {
                let target = self.target(TargetClass::Host, &self.unknowns.show(file), span);
                self.emit(EffectKind::RunCode, target, false, "php", span);
            } else if file.contains('/') {
                self.loads(file, name, Some(Language::Php), span);
            }
        }
    }

    /// Runs a script without arguments.
    fn own_script(&mut self, language: Language, text: &str, span: Span) {
        let program = match language {
            Language::Python => "python3",
            Language::Ruby => "ruby",
            Language::Perl => "perl",
            Language::Php => "php",
            Language::Make => "make",
            Language::R => "Rscript",
            _ => "node",
        };
        let Some(spec) = specs::lookup(program) else { return };
        let arguments = parse_args(spec, &[]);
        self.script(Payload {
            language,
            text,
            program,
            span,
            arguments: &arguments,
            input: None,
            each_line: false,
            prints_line: false,
        });
    }
}

/// True for a file below the folder at hand without hidden folders, or for settings in one's home: `~/.pythonrc`.
fn is_own(place: &paths::Place, path: &str) -> bool {
    let hidden = |text: &str| text.split('/').any(|part| part.len() > 2 && part.starts_with('.'));
    match place.class {
        TargetClass::Local => !hidden(path),
        TargetClass::HomeFile => {
            let (_, below) = place.path.split_once('/').unwrap_or_default();
            let below = below.strip_prefix(".config/").unwrap_or(below);
            !below.is_empty() && !below.starts_with(".cache") && !hidden(below.trim_start_matches('.'))
        }
        _ => false,
    }
}
