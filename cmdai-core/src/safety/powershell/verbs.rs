//! Cmdlets without a spec: a name of an approved verb and a noun says most of what it does.

use super::commands::Argument;
use super::data::Data;
use super::thing;
use crate::line::Span;
use crate::safety::machine::{Field, Machine};
use crate::safety::value::{Origin, STAR};
use crate::safety::{EffectKind, TargetClass};

/// What a verb does to its noun.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Does {
    Nothing,
    Gives,
    Deletes,
    Stops,
    Changes,
    Installs,
    Formats,
    Sends,
    Runs,
}

/// The approved verbs, and the few that people use beside them. Sorted.
const VERBS: &[(&str, Does)] = &[
    ("add", Does::Changes),
    ("approve", Does::Changes),
    ("assert", Does::Nothing),
    ("attach", Does::Changes),
    ("backup", Does::Nothing),
    ("block", Does::Changes),
    ("build", Does::Nothing),
    ("checkpoint", Does::Nothing),
    ("clear", Does::Deletes),
    ("close", Does::Nothing),
    ("compare", Does::Nothing),
    ("complete", Does::Nothing),
    ("compress", Does::Nothing),
    ("confirm", Does::Nothing),
    ("connect", Does::Nothing),
    ("convert", Does::Nothing),
    ("convertfrom", Does::Nothing),
    ("convertto", Does::Nothing),
    ("copy", Does::Nothing),
    ("debug", Does::Nothing),
    ("delete", Does::Deletes),
    ("deny", Does::Changes),
    ("deploy", Does::Changes),
    ("detach", Does::Changes),
    ("disable", Does::Stops),
    ("disconnect", Does::Nothing),
    ("dismount", Does::Changes),
    ("download", Does::Nothing),
    ("edit", Does::Nothing),
    ("enable", Does::Changes),
    ("enter", Does::Nothing),
    ("erase", Does::Deletes),
    ("exit", Does::Nothing),
    ("expand", Does::Nothing),
    ("export", Does::Nothing),
    ("find", Does::Gives),
    ("format", Does::Formats),
    ("get", Does::Gives),
    ("grant", Does::Changes),
    ("group", Does::Nothing),
    ("hide", Does::Nothing),
    ("import", Does::Nothing),
    ("initialize", Does::Changes),
    ("install", Does::Installs),
    ("invoke", Does::Runs),
    ("join", Does::Nothing),
    ("limit", Does::Changes),
    ("lock", Does::Nothing),
    ("measure", Does::Nothing),
    ("merge", Does::Nothing),
    ("mount", Does::Nothing),
    ("move", Does::Changes),
    ("new", Does::Nothing),
    ("open", Does::Nothing),
    ("optimize", Does::Nothing),
    ("out", Does::Nothing),
    ("ping", Does::Nothing),
    ("pop", Does::Nothing),
    ("protect", Does::Nothing),
    ("publish", Does::Sends),
    ("purge", Does::Deletes),
    ("push", Does::Nothing),
    ("read", Does::Nothing),
    ("receive", Does::Nothing),
    ("redo", Does::Nothing),
    ("register", Does::Changes),
    ("remove", Does::Deletes),
    ("rename", Does::Changes),
    ("repair", Does::Changes),
    ("request", Does::Nothing),
    ("reset", Does::Deletes),
    ("resize", Does::Changes),
    ("resolve", Does::Nothing),
    ("restart", Does::Stops),
    ("restore", Does::Changes),
    ("resume", Does::Nothing),
    ("revoke", Does::Stops),
    ("save", Does::Nothing),
    ("search", Does::Gives),
    ("select", Does::Nothing),
    ("send", Does::Nothing),
    ("set", Does::Changes),
    ("show", Does::Nothing),
    ("skip", Does::Nothing),
    ("split", Does::Nothing),
    ("start", Does::Nothing),
    ("step", Does::Nothing),
    ("stop", Does::Stops),
    ("submit", Does::Nothing),
    ("suspend", Does::Stops),
    ("switch", Does::Nothing),
    ("sync", Does::Nothing),
    ("test", Does::Nothing),
    ("trace", Does::Nothing),
    ("unblock", Does::Nothing),
    ("undo", Does::Changes),
    ("uninstall", Does::Installs),
    ("unlock", Does::Nothing),
    ("unprotect", Does::Nothing),
    ("unpublish", Does::Deletes),
    ("unregister", Does::Stops),
    ("update", Does::Nothing),
    ("upload", Does::Sends),
    ("use", Does::Nothing),
    ("wait", Does::Nothing),
    ("watch", Does::Nothing),
    ("write", Does::Nothing),
];

/// Beginnings of nouns in modules of clouds, clusters and hypervisors: what they name costs, runs and stores.
const INFRASTRUCTURE: &[&str] = &[
    "adt",
    "asr",
    "aws",
    "az",
    "cluster",
    "cfn",
    "csv",
    "ddb",
    "dfsn",
    "ec2",
    "ecs",
    "efs",
    "eks",
    "elb",
    "esx",
    "gcp",
    "gce",
    "gcs",
    "hpe",
    "iam",
    "kms",
    "lm",
    "mg",
    "mso",
    "msol",
    "nsx",
    "ors",
    "pve",
    "r53",
    "rds",
    "redshift",
    "s3",
    "scvmm",
    "sm",
    "spo",
    "sqs",
    "vapp",
    "vdi",
    "vm",
    "vsan",
    "vsphere",
    "datastore",
    "dhcpserver",
    "dnsserverzone",
    "resourcegroup",
    "website",
    "webapppool",
    "virtualdisk",
    "storagepool",
    "mailbox",
    "aduser",
    "adgroup",
    "adcomputer",
    "adobject",
    "adorganizationalunit",
    "addomain",
    "adforest",
    "distributiongroup",
    "sqldatabase",
    "sqllogin",
    "team",
    "unifiedgroup",
    "dbadatabase",
    "pnpsite",
    "pnplist",
    "tenant",
    "snapshot",
    "vhd",
];

/// What a session has for itself: taking it away loses nothing. Sorted.
const SESSION: &[&str] = &[
    "alias",
    "breakpoint",
    "cimsession",
    "context",
    "event",
    "history",
    "host",
    "item",
    "job",
    "module",
    "modulemember",
    "mocks",
    "psbreakpoint",
    "psdebug",
    "psdrive",
    "pssession",
    "runspace",
    "stopwatch",
    "strictmode",
    "tracesource",
    "transcript",
    "typedata",
    "variable",
    "azcontext",
    "watcher",
    "screen",
    "output",
    "line",
    "clipboard",
];

/// Nouns of what opens doors.
const SECRETS: &[&str] = &[
    "adreplaccount",
    "azaccesstoken",
    "azkeyvaultsecret",
    "azstorageaccountkey",
    "lapsadpassword",
    "secret",
    "secsecretvalue",
    "ssmparametervalue",
    "storedcredential",
    "vaultsecret",
    "vaultcredential",
    "admpwdpassword",
    "msalsecret",
];

/// Parameters that say where and as whom.
const AROUND: &[&str] = &[
    "action",
    "authtype",
    "cimsession",
    "cn",
    "computername",
    "confirm",
    "credential",
    "direction",
    "enabled",
    "erroraction",
    "ea",
    "instance",
    "organization",
    "policystore",
    "profilename",
    "region",
    "server",
    "serverinstance",
    "session",
    "sqlinstance",
    "vcenter",
];

/// Verb and noun of a cmdlet's name in lower case; `None` where it is none.
pub(super) fn parts(name: &str) -> Option<(&str, &str)> {
    let (verb, noun) = name.split_once('-')?;
    let known = VERBS.binary_search_by(|(known, _)| (*known).cmp(verb)).is_ok();
    let plain = !noun.is_empty()
        && noun.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '-'));
    (known && plain).then_some((verb, noun))
}

impl Machine<'_> {
    #[expect(clippy::too_many_arguments, reason = "a command as it was read, and its name in two parts")]
    pub(super) fn verb_noun(
        &mut self,
        name: &str,
        verb: &str,
        noun: &str,
        arguments: Vec<Argument>,
        span: Span,
        here: Span,
        input: &[Data],
        piped: bool,
    ) -> Vec<Data> {
        if name.eq_ignore_ascii_case("Invoke-SSHCommand") || name.eq_ignore_ascii_case("Invoke-VMScript") {
            let code = arguments
                .iter()
                .filter_map(|argument| argument.value.as_ref())
                .map(Data::to_text)
                .find(|text| text.contains(' '));
            if let Some(code) = code {
                let words = ["ssh", "host", &code].map(|text| Field { text: text.to_owned(), span: here });
                let dialect = std::mem::replace(&mut self.dialect, crate::Dialect::Bash);
                self.run(&words, here, crate::safety::machine::Flow::default());
                self.dialect = dialect;
            }
        }
        if matches!(verb, "invoke" | "send") {
            self.sent_scripts(&arguments, here);
        }
        let gives = matches!(verb.to_lowercase().as_str(), "export" | "backup" | "save")
            && ["pfx", "cert", "key", "secret", "credential"]
                .iter()
                .any(|part| noun.to_lowercase().contains(part));
        let shared = arguments
            .iter()
            .filter_map(|argument| argument.value.as_ref())
            .any(|value| super::cmdlets::is_share(&value.to_text()));
        if gives && shared {
            let target = self.target(TargetClass::Secret, "keys of this machine", here);
            self.emit(EffectKind::Send, target, false, name, here);
        }
        self.opens_up(&name.to_lowercase(), &arguments, here);
        let mut argv = vec![Field { text: name.to_owned(), span: here }];
        let mut mute = false;
        let mut target: Option<String> = None;
        let mut origin: Option<Origin> = None;
        let mut around = false;
        for argument in &arguments {
            let parameter = argument.name.as_deref().unwrap_or_default().trim_end_matches(':').to_lowercase();
            let switched = argument.value.as_ref().and_then(Data::to_bool) != Some(false);
            mute |= matches!(parameter.as_str(), "whatif" | "wi" | "wh" | "what" | "whati") && switched;
            if let Some(value) = &argument.value {
                origin = origin.max(self.origin_of(value));
                match value {
                    Data::Closure(closure) => {
                        self.invoke(&closure.clone(), &[], input);
                    }
                    // Where it is done, and as whom, is not what it is done to.
                    _ if AROUND.contains(&parameter.as_str()) || around && argument.name.is_none() => {}
                    Data::Bool(_) => {}
                    other if target.is_none() => target = Some(other.to_text()),
                    _ => {}
                }
            }
            // Without a spec it is not known which parameters take what follows them; these do.
            around =
                argument.value.is_none() && AROUND.contains(&parameter.as_str()) && parameter != "confirm";
            argv.push(Field {
                text: match (&argument.name, &argument.value) {
                    (Some(name), None) => format!("-{name}"),
                    (Some(name), Some(value)) => format!("-{name}:{}", value.to_text()),
                    (None, value) => value.as_ref().map(Data::to_text).unwrap_or_default(),
                },
                span: argument.span,
            });
        }
        if target.is_none() && piped {
            target = input.first().map(Data::to_text);
        }
        self.record(&argv, span);
        let was_mute = self.mute;
        self.mute |= mute;
        let does =
            VERBS.binary_search_by(|(known, _)| (*known).cmp(verb)).map_or(Does::Nothing, |at| VERBS[at].1);
        let session = SESSION.contains(&noun) || noun.ends_with("trace");
        let shown = match &target {
            Some(text) if !text.is_empty() => self.unknowns.show(text),
            _ => noun.to_owned(),
        };
        let named = self.target(TargetClass::Named, &shown, here);
        let ends = noun.ends_with("deletion") && matches!(verb, "request" | "start" | "submit");
        let does = if ends { Does::Deletes } else { does };
        let infrastructure = INFRASTRUCTURE.iter().any(|known| noun.starts_with(known));
        let kind = match does {
            Does::Deletes | Does::Formats if session => None,
            Does::Deletes if infrastructure => Some(EffectKind::DestroyCloud),
            Does::Deletes => Some(EffectKind::Delete),
            Does::Formats => {
                let disk = ["volume", "disk", "drive", "partition"].iter().any(|part| noun.contains(part));
                disk.then_some(EffectKind::DropData)
            }
            Does::Stops if session => None,
            Does::Stops => {
                let guards = [
                    "defender",
                    "firewall",
                    "antivirus",
                    "bitlocker",
                    "uac",
                    "protection",
                    "amsi",
                    "securityhealth",
                ];
                let guarded = verb == "disable" && guards.iter().any(|guard| noun.contains(guard));
                Some(if guarded { EffectKind::DisableProtection } else { EffectKind::Configure })
            }
            Does::Changes if session => None,
            Does::Changes if verb == "set" || verb == "add" || verb == "register" => None,
            Does::Changes if infrastructure => Some(EffectKind::Configure),
            Does::Changes => None,
            Does::Installs => Some(EffectKind::Install),
            Does::Sends => Some(EffectKind::Send),
            Does::Runs => hostile(noun).then_some(EffectKind::RunCode),
            Does::Nothing | Does::Gives => None,
        };
        // Given everything that a `Get-` lists, or a pattern that fits everything.
        let star = STAR.to_string();
        let everything = target.as_deref().is_some_and(|text| text == star || text == "*")
            // Of this one there is only one, with all that runs on it.
            || verb == "stop" && noun == "cluster";
        let detaches = verb == "dismount" && matches!(noun, "database" | "mailboxdatabase");
        if everything
            && !session
            && (matches!(does, Does::Deletes | Does::Stops) && kind.is_some() || detaches)
        {
            let every = self.target(TargetClass::Named, &format!("every {noun}"), here);
            let kind = if does == Does::Deletes { EffectKind::DropData } else { EffectKind::Interrupt };
            self.emit_with(kind, every, true, name, here, verb);
        }
        if let Some(kind) = kind {
            let named = match kind {
                EffectKind::RunCode => self.target(TargetClass::Unknown, name, here),
                EffectKind::Send => self.target(TargetClass::Host, &shown, here),
                _ => named,
            };
            self.emit_with(kind, named, false, name, here, verb);
        }
        self.mute = was_mute;
        if does == Does::Gives && matches!(noun, "vmharddiskdrive" | "vhd" | "vhdset" | "scvirtualharddisk") {
            let hole = self.unknowns.hole(crate::safety::known::VIRTUAL_DISK, Origin::Program);
            return vec![Data::text(hole.to_string())];
        }
        if does == Does::Gives && SECRETS.contains(&noun) {
            let hole = self.unknowns.hole(&format!("$({name})"), Origin::Secret);
            return vec![Data::text(hole.to_string())];
        }
        if name.to_ascii_lowercase().contains("minidump") {
            let target =
                self.target(TargetClass::Secret, "the memory of a process, with passwords in it", here);
            self.emit_with(EffectKind::ReadSecret, target, false, name, here, "all");
        }
        if does == Does::Gives {
            let text = target.map_or(STAR.to_string(), |text| text.replace('*', &STAR.to_string()));
            return vec![thing(noun, text)];
        }
        let origin = origin.max(input.iter().filter_map(|data| self.origin_of(data)).max());
        let origin = origin.unwrap_or(Origin::Program).max(Origin::Program);
        vec![Data::text(self.unknowns.hole(&format!("$({name})"), origin).to_string())]
    }
}

impl Machine<'_> {
    /// Code for machines elsewhere: `-ScriptString CODE`, `-Parameter @{commands='CODE'}`.
    fn sent_scripts(&mut self, arguments: &[Argument], here: Span) {
        let mut codes = Vec::new();
        for (at, argument) in arguments.iter().enumerate().take(32) {
            let Some(parameter) = &argument.name else { continue };
            let next = || {
                arguments.get(at + 1).filter(|next| next.name.is_none()).and_then(|next| next.value.as_ref())
            };
            let Some(value) = argument.value.as_ref().or_else(next) else { continue };
            match (parameter.trim_end_matches(':').to_lowercase().as_str(), value) {
                ("scriptstring" | "scriptcontent", Data::Text(code)) => codes.push(code.to_string()),
                ("parameter" | "parameters", Data::Map(map)) => {
                    let commands = map.iter().filter(|(name, _)| name.eq_ignore_ascii_case("commands"));
                    codes.extend(
                        commands.flat_map(|(_, value)| value.clone().unrolled()).map(|data| data.to_text()),
                    );
                }
                _ => {}
            }
        }
        let was_abroad = std::mem::replace(&mut self.abroad, true);
        for code in codes.into_iter().take(4) {
            self.run_text(&code, here);
        }
        self.abroad = was_abroad;
    }
}

/// Nouns of tools that exist to attack: what they run is not in the line.
fn hostile(noun: &str) -> bool {
    let known = [
        "mimikatz",
        "shellcode",
        "reflectivepeinjection",
        "kerberoast",
        "dcsync",
        "phant0m",
        "powerdump",
        "ninjacopy",
        "bloodhound",
        "tokenmanipulation",
        "dllinjection",
        "psinject",
        "rubeus",
    ];
    known.iter().any(|known| noun.contains(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted_and_names_parted() {
        assert!(VERBS.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert_eq!(parts("remove-azvm"), Some(("remove", "azvm")));
        assert_eq!(parts("apt-get"), None);
        assert_eq!(parts("set-"), None);
    }
}
