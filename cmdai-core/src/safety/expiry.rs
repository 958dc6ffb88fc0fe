//! What goes by itself or all at once somewhere else: rules by which files of a bucket are deleted when they are a few days
//! old, and objects of a whole cluster that are read, changed and put back.

use super::call::Call;
use super::machine::{Flow, Machine};
use super::value::Origin;
use super::{EffectKind, TargetClass};

/// Days after which next to everything that is stored is old.
const SOON: u32 = 7;
/// Bytes of a rule that are looked at.
const RULE_BYTES: usize = 8 * 1024;
/// Programs that change a text on its way.
const FILTERS: &[&str] =
    &["awk", "envsubst", "gojq", "grep", "jaq", "jq", "perl", "python", "python3", "sed", "tr", "yq"];

impl Machine<'_> {
    /// Rules by which a store deletes what is older than so many days.
    pub(super) fn expiry(&mut self, call: &Call<'_>, flow: Flow<'_>) {
        let word = |name: &str| call.argv.iter().skip(1).take(8).any(|field| field.text == name);
        let value = |name: &str| {
            let at = call.argv.iter().position(|field| field.text == name);
            let apart = at.and_then(|at| call.argv.get(at + 1)).map(|field| field.text.as_str());
            let mut with =
                call.argv.iter().filter_map(|field| field.text.strip_prefix(name)?.strip_prefix('='));
            apart.or_else(|| with.next()).map(str::to_owned)
        };
        let soon = match call.program {
            "aws" if word("put-bucket-lifecycle-configuration") || word("put-bucket-lifecycle") => {
                let rules = value("--lifecycle-configuration").unwrap_or_default();
                let rules = match rules.strip_prefix("file://") {
                    Some(path) => self.own_file(path).unwrap_or_default(),
                    None => rules,
                };
                expires_soon(&rules)
            }
            "gsutil" | "gcloud" => {
                let file = match call.program {
                    "gsutil" if word("lifecycle") && word("set") => call
                        .argv
                        .iter()
                        .skip_while(|field| field.text != "set")
                        .nth(1)
                        .map(|field| field.text.clone()),
                    "gcloud" => value("--lifecycle-file"),
                    _ => None,
                };
                let rules = match file.as_deref() {
                    Some("-" | "/dev/stdin") => flow.input.map(str::to_owned),
                    Some(path) => self.own_file(path),
                    None => None,
                };
                rules.is_some_and(|rules| expires_soon(&rules))
            }
            "mc" if word("ilm") && word("add") => {
                let days = ["--expire-days", "--expiry-days", "--noncurrent-expire-days"]
                    .into_iter()
                    .find_map(value);
                value("--prefix").is_none()
                    && value("--tags").is_none()
                    && days.and_then(|days| days.parse::<u32>().ok()).is_some_and(|days| days <= SOON)
            }
            _ => false,
        };
        if soon {
            let span = self.at(call.span);
            let target = self.target(TargetClass::Named, "every file that is older than a few days", span);
            self.emit(EffectKind::DropData, target, true, call.program, span);
        }
    }

    /// `kubectl get deploy -A -o json | jq … | kubectl replace -f -`: one edit for all that there is.
    pub(super) fn rewritten_objects(&mut self, call: &Call<'_>, flow: Flow<'_>) {
        let puts = matches!(call.args.spec.name, "apply" | "replace" | "patch")
            && call.args.values("-f").any(|item| matches!(item.text, "-" | "/dev/stdin"));
        // What a program prints, and no file.
        let printed = flow.input.is_some_and(|input| {
            self.unknowns.origin(input) == Some(Origin::Program)
                && self.unknowns.show(input).starts_with("$(")
        });
        if !puts || !printed || call.args.is_dry() || self.commands.len() >= super::record::COMMANDS {
            return;
        }
        let words = |at: usize| self.commands.get(at).map(|command| &command.argv[..]).unwrap_or_default();
        let name = |at: usize| words(at).first().and_then(Option::as_deref).unwrap_or_default();
        let is_client = |at: usize| matches!(name(at), "kubectl" | "oc");
        // The listing, what changes it, and this call.
        let mut at = self.commands.len();
        let mut changed = false;
        while at > 0 && self.commands.len() - at < 6 {
            at -= 1;
            let has =
                |wanted: &[&str]| words(at).iter().flatten().any(|word| wanted.contains(&word.as_str()));
            if FILTERS.contains(&name(at)) {
                changed = true;
            } else if is_client(at) && has(&["get"]) {
                let all = has(&["-A", "--all-namespaces"]) || has(&["ns", "namespace", "namespaces"]);
                if changed && all {
                    let span = self.at(call.span);
                    let target = self.target(TargetClass::Named, "objects of every namespace", span);
                    self.emit(EffectKind::Interrupt, target, true, "kubectl", span);
                }
                return;
            } else if !is_client(at) {
                return;
            }
        }
    }
}

/// True for a rule of JSON that deletes everything within days: of a narrower one it is what it says.
fn expires_soon(rules: &str) -> bool {
    if rules.len() > RULE_BYTES {
        return false;
    }
    let bare: String = rules.chars().filter(|letter| !letter.is_whitespace()).collect();
    let bare = bare.to_ascii_lowercase();
    let narrow = ["\"prefix\":\"", "\"matchesprefix\":", "\"tag\":", "\"matchessuffix\":"]
        .iter()
        .any(|name| bare.split(name).skip(1).any(|rest| !rest.starts_with('"')));
    let days = |name: &str| {
        bare.split(name).skip(1).any(|rest| {
            let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
            digits.parse::<u32>().is_ok_and(|days| days <= SOON)
        })
    };
    let of_google = bare.contains("\"type\":\"delete\"") && days("\"age\":");
    !narrow && (of_google || days("expiration\":{\"days\":") || days("\"noncurrentdays\":"))
}

#[cfg(test)]
mod tests {
    use crate::safety::Risk::{High, Moderate, Safe};
    use crate::safety::tests::{check_all, context};

    #[test]
    fn what_a_bucket_deletes_by_itself() {
        let rule = |inner: &str| {
            format!(
                "aws s3api put-bucket-lifecycle-configuration --bucket b --lifecycle-configuration '{{\"Rules\":[{{\"ID\":\"x\",\"Status\":\"Enabled\",{inner}}}]}}'"
            )
        };
        let cases = [
            (High, rule("\"Filter\":{},\"Expiration\":{\"Days\":1}")),
            (
                High,
                rule(
                    "\"Filter\": {\"Prefix\": \"\"}, \"NoncurrentVersionExpiration\": {\"NoncurrentDays\": 1}",
                ),
            ),
            (Moderate, rule("\"Filter\":{\"Prefix\":\"tmp/\"},\"Expiration\":{\"Days\":1}")),
            (Moderate, rule("\"Filter\":{},\"Expiration\":{\"Days\":365}")),
            (Moderate, rule("\"Filter\":{},\"AbortIncompleteMultipartUpload\":{\"DaysAfterInitiation\":1}")),
        ];
        let cases: Vec<_> = cases.iter().map(|(risk, line)| (*risk, line.as_str())).collect();
        check_all(&context(), &cases);
        check_all(
            &context(),
            &[
                (
                    High,
                    r#"echo '{"rule":[{"action":{"type":"Delete"},"condition":{"age":0}}]}' > lc.json && gsutil lifecycle set lc.json gs://b"#,
                ),
                (Moderate, "gsutil lifecycle set lc.json gs://b"),
                (High, "mc ilm rule add --expire-days 1 store/backups"),
                (High, "mc ilm add --expire-days=2 store/backups"),
                (Moderate, "mc ilm rule add --prefix tmp/ --expire-days 1 store/backups"),
                (Moderate, "mc ilm rule add --expire-days 90 store/backups"),
                (Safe, "aws s3api get-bucket-lifecycle-configuration --bucket b"),
                (Safe, "mc ilm rule ls store/backups"),
            ],
        );
    }

    #[test]
    fn one_edit_for_a_whole_cluster() {
        check_all(
            &context(),
            &[
                (
                    High,
                    "kubectl get deploy -A -o json | jq '.items[].spec.replicas=0' | kubectl replace -f -",
                ),
                (
                    High,
                    "kubectl get deploy --all-namespaces -o yaml | sed 's/replicas: .*/replicas: 0/' | kubectl apply -f -",
                ),
                (
                    Moderate,
                    "kubectl get deploy web -o yaml | sed 's/image: a/image: b/' | kubectl apply -f -",
                ),
                (Moderate, "kubectl get deploy -A -o json | jq . > all.json; kubectl apply -f - < web.yaml"),
                (Safe, "kubectl get deploy -A -o json | jq '.items[].spec.replicas=0'"),
                (
                    Safe,
                    "kubectl get deploy -A -o json | jq '.items[].spec.replicas=0' | kubectl replace --dry-run=client -f -",
                ),
            ],
        );
    }
}
