//! What is asked of a server over HTTP: the interfaces by which stores, clusters, clouds and forges are
//! managed can delete as much as their own programs can.
//!
//! A request is method, address and body. Its address tells who answers: by the port or name of a server
//! that is only ever managed so, by the path of a known interface, or by a host of a provider. A row of
//! somebody's own application on this machine is none of those.

use crate::line::Span;
use crate::safety::call::Call;
use crate::safety::machine::Machine;
use crate::safety::{EffectKind, TargetClass, known};
use crate::specs::Role;

/// Ports at which stores, queues and managers of clusters answer, and nobody else. Sorted.
const MANAGED_PORTS: &[&str] = &[
    "10250", "15672", "19530", "2375", "2376", "2379", "4646", "5601", "5984", "6333", "6443", "7474",
    "7700", "8082", "8083", "8086", "8091", "8108", "8123", "8200", "8428", "8500", "8529", "8983", "9090",
    "9093", "9200",
];

/// Parts of paths by which such interfaces are known wherever they answer.
const MANAGED_PATHS: &[&str] = &[
    "/_delete_by_query",
    "/admin/realms/",
    "/api/clusters/",
    "/api/datasources/",
    "/api/orgs/",
    "/api/queues/",
    "/api/v1/admin/",
    "/api/v1/namespaces/",
    "/api/v2.0/projects/",
    "/api/v2/buckets",
    "/api/v4/groups/",
    "/api/v4/projects/",
    "/api/vhosts/",
    "/apis/apps/",
    "/buckets/",
    "/client/v4/",
    "/collections/",
    "/connectors/",
    "/containers/",
    "/db/data/",
    "/images/",
    "/indexes/",
    "/indices/",
    "/manifests/",
    "/orgs/",
    "/projects/",
    "/repos/",
    "/subjects/",
    "/v1/kv/",
    "/v1/schema/",
    "/v1/secret/",
    "/v1/sys/",
    "/v2/apps/",
    "/v2/databases/",
    "/v2/droplets/",
    "/v2/keys/",
    "/volumes/",
    "/zones/",
];

/// Hosts of those who keep machines, data, code and customers for others.
const PROVIDERS: &[&str] = &[
    "amazonaws.com",
    "api.github.com",
    "atlassian.net",
    "auth0.com",
    "azure.com",
    "bitbucket.org",
    "civo.com",
    "cloudflare.com",
    "datadoghq.com",
    "digitalocean.com",
    "docker.com",
    "fastly.com",
    "fly.io",
    "gitlab.com",
    "godaddy.com",
    "googleapis.com",
    "heroku.com",
    "hetzner.cloud",
    "huggingface.co",
    "linode.com",
    "machines.dev",
    "mailgun.net",
    "netlify.com",
    "npmjs.org",
    "okta.com",
    "openai.com",
    "ovh.com",
    "pagerduty.com",
    "planetscale.com",
    "quay.io",
    "railway.app",
    "render.com",
    "rubygems.org",
    "scaleway.com",
    "sendgrid.com",
    "sentry.io",
    "shopify.com",
    "slack.com",
    "stripe.com",
    "supabase.co",
    "supabase.com",
    "twilio.com",
    "vercel.com",
    "vultr.com",
    "windows.net",
];

/// One request.
struct Request<'a> {
    method: String,
    url: &'a str,
    body: String,
    span: Span,
    /// It goes through the socket of a container engine.
    engine: bool,
    /// It says who asks.
    signed: bool,
}

impl Machine<'_> {
    /// What `curl`, `wget` and `http` ask for.
    pub(in crate::safety) fn over_http(&mut self, call: &Call<'_>) {
        let args = call.args;
        let mut method = ["-X", "--method"]
            .iter()
            .find_map(|flag| args.values(flag).last())
            .map(|item| item.text.to_ascii_uppercase());
        let mut words: Vec<(&str, usize)> = args.operands().map(|item| (item.text, item.word)).collect();
        words.extend(args.values("--url").map(|item| (item.text, item.word)));
        if call.program == "http"
            && let Some((first, _)) = words.first()
            && ["DELETE", "PATCH", "POST", "PUT", "PURGE"].iter().any(|name| first.eq_ignore_ascii_case(name))
        {
            method = Some(first.to_ascii_uppercase());
            words.remove(0);
        }
        let data = [
            "-d",
            "--data-binary",
            "--data-raw",
            "--data-urlencode",
            "--json",
            "--post-data",
            "--body-data",
            "-F",
        ];
        let mut body = String::new();
        for item in args.items.iter().filter(|item| {
            matches!(item.role, Role::Value(flag) if flag.names.first().is_some_and(|name| data.contains(name)))
        }) {
            if body.len() < 16 * 1024 {
                body.push_str(item.text);
                body.push('\n');
            }
        }
        let method = method.unwrap_or_else(|| if body.is_empty() { "GET" } else { "POST" }.to_owned());
        let engine = args.values("--unix-socket").any(|item| {
            ["docker.sock", "podman.sock", "containerd.sock"].iter().any(|name| item.text.ends_with(name))
        });
        let signed = args.has_any(&["-u", "-a"])
            || args.values("-H").any(|item| {
                let name = item.text.get(..13).unwrap_or(item.text).to_ascii_lowercase();
                ["authorization", "x-auth", "private-token", "x-vault-token", "x-api-key", "api-key"]
                    .iter()
                    .any(|start| name.starts_with(start))
            });
        let count = if call.program == "http" { 1 } else { 8 };
        for (url, word) in words.into_iter().take(count) {
            if !self.spend(2) {
                return;
            }
            let span = self.at(call.argv.get(word + 1).map_or(call.span, |field| field.span));
            let request = Request { method: method.clone(), url, body: body.clone(), span, engine, signed };
            self.request(&request, call.program);
        }
    }

    /// A request by a command that is not read by its flags, such as nushell's `http delete`.
    pub(in crate::safety) fn asks_http(
        &mut self,
        method: &str,
        url: &str,
        body: &str,
        signed: bool,
        span: Span,
        program: &str,
    ) {
        let (method, body) = (method.to_ascii_uppercase(), body.to_owned());
        self.request(&Request { method, url, body, span, engine: false, signed }, program);
    }

    fn request(&mut self, request: &Request<'_>, program: &str) {
        let shown = self.unknowns.show(request.url);
        let address = shown.split_once("://").map_or(shown.as_str(), |(_, rest)| rest);
        let (authority, rest) = address.split_at(address.find(['/', '?']).unwrap_or(address.len()));
        let host = known::host_of(&shown).to_ascii_lowercase();
        let port = authority.rsplit_once(':').map_or("", |(_, port)| port);
        let path = rest.split(['?', '#']).next().unwrap_or_default();
        let query = rest.split_once('?').map_or("", |(_, query)| query);
        let body = request.body.as_str();
        let lower = body.to_ascii_lowercase();
        let search = port == "9200"
            || ["elastic", "opensearch"].iter().any(|name| host.contains(name))
            || matches!(host.as_str(), "es")
            || path.starts_with("/_all");
        let managed = search || request.engine || MANAGED_PORTS.contains(&port);
        let by_path = MANAGED_PATHS.iter().any(|part| {
            path.contains(part) || part.strip_suffix('/').is_some_and(|whole| path.ends_with(whole))
        });
        let provider = PROVIDERS.iter().any(|name| {
            host.strip_suffix(name).is_some_and(|before| before.is_empty() || before.ends_with('.'))
        });
        // A public name of an interface, or a host that says so.
        let interface = host.starts_with("api.")
            || path.starts_with("/api/")
            || path.contains("/rest/")
            || path.contains("/v1/");
        let here = host == "localhost"
            || host.starts_with("127.")
            || matches!(host.as_str(), "0.0.0.0" | "[::1]" | "" | "host.docker.internal")
            || host.ends_with(".localhost")
            || host.ends_with(".test");
        let depth = path.split('/').filter(|part| !part.is_empty()).count();
        let (kind, weighty) = match request.method.as_str() {
            "DELETE" => {
                // One document, alias or scroll is bounded.
                let bounded =
                    search && ["/_doc/", "_search/", "/_alias"].iter().any(|part| path.contains(part));
                let row = port == "5984" && depth > 1;
                if depth == 0 || bounded || row {
                    return;
                }
                let kind = if search || matches!(port, "5984" | "8086" | "6333" | "7700" | "8108" | "8983") {
                    EffectKind::DropData
                } else {
                    EffectKind::DestroyCloud
                };
                if managed || by_path || provider || (interface && request.signed && !here) {
                    (kind, true)
                } else if here {
                    return;
                } else {
                    (EffectKind::Delete, false)
                }
            }
            "PURGE" | "BAN" => (EffectKind::Interrupt, false),
            _ if path.contains("_delete_by_query") && lower.contains("match_all") => {
                (EffectKind::DropData, true)
            }
            _ if path.contains("/delete_series") || path.contains("/doDelete") || path.ends_with("/drop") => {
                (EffectKind::DropData, request.method != "GET")
            }
            _ if lower.contains("<delete>") && lower.contains("*:*") => (EffectKind::DropData, true),
            _ if query.contains("action=UNLOAD") || query.contains("action=DELETE") => {
                (EffectKind::DropData, true)
            }
            _ if request.engine && path.ends_with("/prune") => {
                (EffectKind::DestroyCloud, path.contains("volumes"))
            }
            _ if request.engine && path.contains("/containers/create") => {
                let open = ["\"privileged\":true", "\"/:/", "\"pidmode\":\"host\""];
                let dense: String = lower.chars().filter(|letter| !letter.is_whitespace()).collect();
                if open.iter().any(|part| dense.contains(part)) {
                    let target = self.target(TargetClass::Named, "a container", request.span);
                    self.emit(EffectKind::Escape, target, true, program, request.span);
                }
                return;
            }
            "POST" | "PUT" | "PATCH"
                if lower.contains("mutation")
                    && ["delete", "remove", "destroy", "purge"].iter().any(|verb| lower.contains(verb))
                    && (path.ends_with("graphql") || provider) =>
            {
                (EffectKind::DestroyCloud, true)
            }
            "POST" | "PUT" | "PATCH"
                if [
                    "/-/quit",
                    "/shutdown",
                    "/_close",
                    "/agent/leave",
                    "/safeRestart",
                    "/exit",
                    "/sys/seal",
                ]
                .iter()
                .any(|end| path.ends_with(end))
                    || path.contains("/_cluster/settings")
                    || lower.contains("purge_everything") =>
            {
                (EffectKind::Interrupt, false)
            }
            "POST" | "PUT" | "PATCH"
                if provider
                    && ["\"private\":false", "\"visibility\":\"public\""]
                        .iter()
                        .any(|part| lower.replace(' ', "").contains(part)) =>
            {
                (EffectKind::Expose, true)
            }
            _ => {
                self.statements_over_http(port, &host, query, body, request.span);
                return;
            }
        };
        // What a row is called says nothing; what it is a row of does.
        let noun = path.trim_end_matches('/').rsplit('/').nth(1).unwrap_or_default().to_owned();
        let detail = if kind == EffectKind::DestroyCloud { noun } else { String::new() };
        let target = self.target(TargetClass::Named, &shown, request.span);
        self.emit_with(kind, target, weighty, program, request.span, &detail);
    }

    /// Stores that take statements in the address or the body: `?query=DROP TABLE t`, `q=DROP DATABASE d`.
    fn statements_over_http(&mut self, port: &str, host: &str, query: &str, body: &str, span: Span) {
        let store = matches!(port, "8123" | "8086" | "8529" | "7474" | "8047" | "9000" | "4000" | "4200")
            || ["clickhouse", "influx", "questdb", "rqlite", "crate"].iter().any(|name| host.contains(name));
        let given = query.split('&').find_map(|pair| {
            pair.strip_prefix("query=")
                .or_else(|| pair.strip_prefix("q="))
                .or_else(|| pair.strip_prefix("sql="))
        });
        let Some(first) = given.or_else(|| (store && !body.is_empty()).then_some(body)) else { return };
        let text = first.trim_start();
        let text = ["q=", "query=", "sql="].iter().find_map(|start| text.strip_prefix(start)).unwrap_or(text);
        let text = text.replace("%20", " ").replace('+', " ").replace("%3B", ";").replace("%27", "'");
        let mut words = text.split_whitespace().map(str::to_ascii_lowercase);
        let (verb, object) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let loses = matches!(verb.as_str(), "drop" | "truncate" | "delete" | "alter")
            && matches!(
                object.as_str(),
                "database" | "from" | "keyspace" | "measurement" | "schema" | "series" | "table"
            );
        if store || loses {
            self.sql(&text, "curl", span);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::check_all;
    use super::*;
    use crate::safety::Risk::{High, Moderate, Safe};

    #[test]
    fn the_tables_are_sorted() {
        assert!(MANAGED_PORTS.is_sorted() && MANAGED_PATHS.is_sorted() && PROVIDERS.is_sorted());
    }

    #[test]
    fn deletions_by_who_answers() {
        check_all(&[
            (High, "curl -X DELETE http://es:9200/_all"),
            (High, "curl -X DELETE http://consul:8500/v1/kv/?recurse"),
            (High, "curl --request DELETE http://vault:8200/v1/secret/data/db"),
            (High, "curl -X DELETE -u guest:guest http://rabbit:15672/api/queues/%2F/orders"),
            (High, "curl -k -X DELETE https://kube:6443/api/v1/namespaces/prod"),
            (High, "curl -X DELETE https://api.github.com/repos/o/r -H 'Authorization: token x'"),
            (High, "curl -X DELETE https://gitlab.example.com/api/v4/projects/5 -H 'PRIVATE-TOKEN: x'"),
            (
                High,
                "curl --unix-socket /var/run/docker.sock -X DELETE 'http://localhost/containers/web?force=1'",
            ),
            (High, "wget --method=DELETE http://es:9200/logs"),
            (High, "http DELETE es:9200/logs"),
            (High, "xh delete http://es:9200/_all"),
            (Moderate, "curl -X DELETE https://shop.example.com/carts/7"),
            (Safe, "curl -X DELETE http://localhost:3000/users/1"),
            (Safe, "curl -X DELETE localhost:9200/users/_doc/1"),
            (Safe, "curl http://es:9200/_cat/indices"),
            (Safe, "curl https://api.github.com/repos/o/r"),
            (Safe, "curl -X PUT http://localhost:9200/users -d '{}'"),
            (Safe, "curl -d 'how to DELETE a row' https://forum.example.com/ask"),
        ]);
    }

    #[test]
    fn statements_and_orders_in_the_body() {
        check_all(&[
            (High, "curl 'http://clickhouse:8123/' -d 'DROP TABLE events'"),
            (High, "curl 'http://ch:8123/?query=DROP%20TABLE%20events' -X POST"),
            (High, "curl -XPOST http://influx:8086/query --data-urlencode 'q=DROP DATABASE metrics'"),
            (High, "curl http://solr:8983/solr/x/update -d '<delete><query>*:*</query></delete>'"),
            (Moderate, "curl -X POST http://prometheus:9090/-/quit"),
            (Safe, "curl 'http://clickhouse:8123/?query=SELECT%201'"),
            (Safe, "curl 'http://clickhouse:8123/' -d 'SELECT count() FROM events'"),
            (Safe, "curl 'https://example.com/search?q=drop+shipping'"),
        ]);
    }
}
