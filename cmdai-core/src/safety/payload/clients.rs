//! Libraries through which scripts manage what lies elsewhere: clouds, clusters, container engines, stores,
//! forges, shells of other machines.
//!
//! What came out of such a library carries its name in front of all that was asked of it,
//! `boto3.resource.buckets.all.delete`, so that a method which anything may have (`delete`, `remove`) tells what it is
//! about. The same method of a thing that came from nowhere known is the business of its script.

use super::Script;
use super::acts::Given;
use super::tables::libraries::{LIBRARIES, Reach};
use super::val::Val;
use crate::safety::{EffectKind, TargetClass};

/// First words of methods by which something is gone.
const GONE: &[&str] = &[
    "clear",
    "delete",
    "deregister",
    "destroy",
    "drop",
    "empty",
    "nuke",
    "prune",
    "purge",
    "remove",
    "rm",
    "terminate",
    "wipe",
];

/// First words of methods by which something stops for a while.
const STOPPED: &[&str] =
    &["deallocate", "disable", "kill", "poweroff", "reboot", "shutdown", "stop", "suspend"];

/// Words of a path of names that say how a thing was got, not what it is.
const GETTERS: &[&str] = &[
    "all",
    "api",
    "apps",
    "batch",
    "client",
    "collection",
    "describe",
    "each",
    "filter",
    "find",
    "first",
    "from",
    "get",
    "items",
    "iterator",
    "last",
    "limit",
    "list",
    "map",
    "namespaced",
    "new",
    "next",
    "paginate",
    "promise",
    "reader",
    "request",
    "resource",
    "rest",
    "result",
    "self",
    "service",
    "sync",
    "v1",
    "values",
];

/// What the library that stands in front of the name reaches.
fn reach(name: &str) -> Option<Reach> {
    // The libraries are found by the first word, or the first two.
    let first = name.find('.').unwrap_or(name.len());
    let second =
        name.get(first + 1..).and_then(|rest| rest.find('.')).map_or(name.len(), |at| first + 1 + at);
    [second, first].iter().find_map(|&end| {
        let start = name.get(..end)?;
        LIBRARIES.binary_search_by(|(known, _)| (*known).cmp(start)).ok().map(|at| LIBRARIES[at].1)
    })
}

/// True where a method of this name, which needs no brackets, takes something away elsewhere.
pub(super) fn acts_bare(name: &str) -> bool {
    let Some((base, member)) = name.rsplit_once('.') else { return false };
    reach(base).is_some_and(|reach| !matches!(reach, Reach::Web | Reach::Shell))
        && said_by(member).first().is_some_and(|word| GONE.contains(&word.as_str()))
}

/// True for the name of something that came out of such a library.
pub(super) fn is_of_library(name: &str) -> bool {
    reach(name).is_some()
}

/// The words of a name: `deleteDbInstance`, `delete_db_instance` and `DeleteDBInstance` are the same.
fn words(name: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut was_lower = false;
    let mut open = false;
    for letter in name.chars() {
        if !letter.is_alphanumeric() {
            open = false;
            continue;
        }
        let starts = !open || (letter.is_uppercase() && was_lower);
        if starts {
            out.push(String::new());
        }
        if let Some(word) = out.last_mut() {
            word.extend(letter.to_lowercase());
        }
        was_lower = letter.is_lowercase() || letter.is_numeric();
        open = true;
    }
    out
}

/// The words of a method, what it does first: `begin_delete`, `batchDeleteItem`, `queue_purge`, `scheduleKeyDeletion`,
/// `DeleteBucketCommand`.
fn said_by(member: &str) -> Vec<String> {
    let mut said = words(member);
    while said.len() > 1
        && matches!(said[0].as_str(), "async" | "batch" | "begin" | "bulk" | "force" | "multi" | "start")
    {
        said.remove(0);
    }
    while said.len() > 1
        && matches!(said.last().map(String::as_str), Some("async" | "command" | "input" | "request" | "sync"))
    {
        said.pop();
    }
    if said.first().is_some_and(|word| word == "schedule")
        && said.last().is_some_and(|word| word == "deletion")
    {
        said[0] = "delete".to_owned();
        said.pop();
    }
    let acts = |word: &String| GONE.contains(&word.as_str()) || STOPPED.contains(&word.as_str());
    if said.first().is_some_and(|word| !acts(word)) && said.last().is_some_and(acts) {
        said.rotate_right(1);
    }
    said
}

/// True for what a client does to itself, or to rows that it has fetched: `kz.stop()`, `s3.destroy()`, `frame.drop()`.
fn of_the_client(reach: Reach, member: &str, said: &[String], base: &str) -> bool {
    /// What runs until it is stopped.
    const RUNNING: &[&str] = &[
        "app",
        "apps",
        "cluster",
        "clusters",
        "container",
        "containers",
        "droplet",
        "droplets",
        "environment",
        "instance",
        "instances",
        "machine",
        "machines",
        "node",
        "nodes",
        "server",
        "servers",
        "service",
        "services",
        "task",
        "tasks",
        "vm",
        "vms",
    ];
    let verb = said.first().map_or("", String::as_str);
    let named = said.len() > 1;
    match verb {
        "clear" => !member.ends_with('!'),
        "empty" => true,
        "drop" => reach != Reach::Store,
        "destroy" => {
            !named
                && base
                    .rsplit('.')
                    .next()
                    .is_some_and(|last| last.ends_with("Client") || last.ends_with("connect"))
        }
        "remove" if reach == Reach::Cloud => {
            let last = said.last().map_or("", String::as_str);
            !named || matches!(last, "handler" | "handlers" | "header" | "headers" | "listener" | "listeners")
        }
        _ if STOPPED.contains(&verb) => {
            reach == Reach::Store || !named && !RUNNING.contains(&noun_of(base).as_str())
        }
        _ => false,
    }
}

/// What a thing is that was got by such a path: `boto3.resource.buckets.all` is of buckets.
fn noun_of(base: &str) -> String {
    let mut parts = base.rsplit('.').take(4).map(words);
    // The library itself is no thing.
    parts
        .find_map(|words| words.into_iter().rev().find(|word| !GETTERS.contains(&word.as_str())))
        .unwrap_or_default()
}

/// True where a path of names goes through everything that there is.
fn is_of_all(name: &str) -> bool {
    name.split('.').any(|part| {
        let first = part.split('_').next().unwrap_or(part);
        matches!(first, "all" | "list" | "describe" | "iterator" | "paginate" | "pages" | "keys" | "scan")
            || part.starts_with("list") && part.get(4..5).is_some_and(|next| next == next.to_uppercase())
            || part.starts_with("describe")
    })
}

/// True where a map has this key, at any depth.
fn says(value: &Val, word: &str, depth: u8) -> bool {
    match value {
        Val::Map(entries) if depth > 0 => {
            entries.iter().take(16).any(|(key, value)| key == word || says(value, word, depth - 1))
        }
        _ => false,
    }
}

/// True where one of the values came out of a list of the library: `Key=o["Key"]` of `list_objects`.
fn takes_listed(value: &Val, depth: u8) -> bool {
    match value {
        Val::Name(name) => is_of_library(name) && is_of_all(name),
        Val::List(list) if depth > 0 => list.iter().take(16).any(|value| takes_listed(value, depth - 1)),
        Val::Map(entries) if depth > 0 => {
            entries.iter().take(16).any(|(_, value)| takes_listed(value, depth - 1))
        }
        _ => false,
    }
}

impl Script<'_, '_, '_> {
    /// What a method of a library of clients does; true where it does something.
    pub(super) fn client_method(&mut self, base: &str, member: &str, given: &Given) -> bool {
        let Some(reach) = reach(base) else { return false };
        match reach {
            Reach::Web => return self.asks_by_method(member, given),
            Reach::Shell => return self.runs_elsewhere(member, given),
            _ => {}
        }
        if reach == Reach::Engine && matches!(member, "exec_run" | "exec_create") {
            let mut list = vec![Val::text("docker"), Val::text("exec"), Val::text("container")];
            match given.option("cmd").unwrap_or_else(|| given.first()) {
                Val::List(words) => list.extend(words),
                code => list.extend([Val::text("sh"), Val::text("-c"), code]),
            }
            self.run_words(&list, None);
            return true;
        }
        if member == "request" && reach == Reach::Cloud {
            // `octokit.request("DELETE /repos/{owner}/{repo}")`
            let text = self.text_of(&given.first());
            if let Some(path) = text.strip_prefix("DELETE ") {
                let noun = path.trim_start_matches('/').split('/').next().unwrap_or_default().to_owned();
                self.loses(EffectKind::DestroyCloud, path, &noun, true);
                return true;
            }
        }
        let said = said_by(member);
        let Some(verb) = said.first().cloned() else { return false };
        let has = |name: &str| given.option(name).is_some_and(|value| value.is_true());
        if has("DryRun") || has("dry_run") || has("dryRun") || has("validate_only") {
            return true;
        }
        let shown = format!("{base}.{member}()");
        let all = is_of_all(base)
            || given
                .list
                .iter()
                .chain(given.named.iter().map(|(_, value)| value))
                .any(|v| takes_listed(v, 2));
        // What is kept in them goes with them.
        if verb == "disable" && said.iter().any(|word| word == "secrets") {
            self.loses(EffectKind::DropData, &shown, "", true);
            return true;
        }
        if of_the_client(reach, member, &said, base) {
            return false;
        }
        if STOPPED.contains(&verb.as_str()) {
            let target = self.machine.target(TargetClass::Named, &shown, self.what.span);
            self.machine.emit(EffectKind::Interrupt, target, false, self.what.program, self.what.span);
            return true;
        }
        if !GONE.contains(&verb.as_str()) {
            return false;
        }
        let mut nouns: Vec<String> =
            said.into_iter().skip(1).filter(|word| !GETTERS.contains(&word.as_str())).collect();
        let noun = nouns.pop().unwrap_or_else(|| noun_of(base));
        match reach {
            Reach::Engine => match noun.as_str() {
                "volume" | "volumes" => self.loses(EffectKind::DropData, &shown, "", true),
                _ if verb != "prune" && all => self.loses(EffectKind::DestroyCloud, &shown, "", true),
                _ => self.loses(EffectKind::Delete, &shown, "", false),
            },
            Reach::Store => {
                // Rows are the everyday of whoever uses a store; all of them, and what holds them, are not.
                let holds = matches!(
                    noun.as_str(),
                    "bucket"
                        | "buckets"
                        | "cluster"
                        | "db"
                        | "database"
                        | "databases"
                        | "index"
                        | "indexes"
                        | "indices"
                        | "keyspace"
                        | "measurement"
                        | "prefix"
                        | "query"
                        | "queue"
                        | "queues"
                        | "schema"
                        | "series"
                        | "stream"
                        | "template"
                        | "topic"
                        | "topics"
                ) || member.to_ascii_lowercase().contains("collection");
                let whole = all
                    || has("delete_all")
                    || has("deleteAll")
                    || has("recursive")
                    || has("recurse")
                    || matches!(verb.as_str(), "drop" | "purge" | "nuke" | "wipe");
                // Some documents, by what they say; `match_all` is every one.
                if noun == "query"
                    && !given
                        .list
                        .iter()
                        .chain(given.named.iter().map(|(_, v)| v))
                        .any(|v| says(v, "match_all", 4))
                {
                    self.loses(EffectKind::Delete, &shown, "", false);
                    return true;
                }
                if !(holds || whole) {
                    return false;
                }
                self.loses(EffectKind::DropData, &shown, "", true);
            }
            _ => {
                let one = matches!(noun.as_str(), "object" | "blob" | "file") && !all;
                if one {
                    self.loses(EffectKind::Delete, &shown, "", false);
                } else {
                    // What is small is not so where it is all there is.
                    let small = if all || member.contains("collection") { String::new() } else { noun };
                    self.loses(EffectKind::DestroyCloud, &shown, &small, true);
                }
            }
        }
        true
    }

    fn loses(&mut self, kind: EffectKind, shown: &str, noun: &str, whole: bool) {
        let span = self.what.span;
        let target = self.machine.target(TargetClass::Named, shown, span);
        self.machine.emit_with(kind, target, whole, self.what.program, span, noun);
    }

    /// Code for the shell of another machine: as `ssh` would hand it over.
    fn runs_elsewhere(&mut self, member: &str, given: &Given) -> bool {
        let runs = matches!(
            member,
            "exec"
                | "exec!"
                | "execCommand"
                | "exec_command"
                | "run"
                | "sudo"
                | "system"
                | "capture"
                | "capture2"
        );
        let shell = match member {
            "run_cmd" => &["cmd", "/c"][..],
            "run_ps" => &["powershell", "-Command"],
            _ => &["ssh", "host"],
        };
        let runs = runs || member.starts_with("run_");
        let Some(Val::Text(code)) = given.list.first().filter(|_| runs) else { return false };
        let words = shell.iter().copied().chain([code.as_str()]).map(Val::text).collect::<Vec<_>>();
        self.run_words(&words, None);
        self.call_back(given, &Val::None);
        true
    }

    /// `requests.delete(url)`, `session.request("DELETE", url)`, `fetch(url, { method: "DELETE" })`.
    fn asks_by_method(&mut self, member: &str, given: &Given) -> bool {
        let texts: Vec<String> = given.values().iter().filter_map(Val::as_text).take(4).collect();
        let is_method = |text: &str| {
            ["DELETE", "PATCH", "POST", "PURGE", "PUT"]
                .iter()
                .find(|name| name.eq_ignore_ascii_case(text))
                .copied()
        };
        let method = match is_method(member) {
            Some(method) => Some(method),
            None => given
                .option("method")
                .and_then(|value| value.as_text())
                .and_then(|text| is_method(&text))
                .or_else(|| texts.iter().find_map(|text| is_method(text))),
        };
        let Some(method) = method else { return false };
        let url = given.option("url").and_then(|value| value.as_text());
        let Some(url) = url.or_else(|| texts.iter().find(|text| text.contains("://")).cloned()) else {
            return false;
        };
        let body = ["data", "json", "body"].iter().find_map(|name| given.option(name));
        let body = body.map(|value| self.text_of(&value)).unwrap_or_default();
        let signed = ["auth", "headers"].iter().any(|name| given.option(name).is_some());
        let (span, program) = (self.what.span, self.what.program);
        self.machine.asks_http(method, &url, &body, signed, span, program);
        // What is sent along still is.
        false
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::check_all;
    use super::*;
    use crate::safety::Risk::{Critical, High, Moderate, Safe};

    #[test]
    fn what_lies_elsewhere_is_deleted_by_its_library() {
        check_all(&[
            (
                High,
                "python3 - <<'PY'\nimport boto3\nfor b in boto3.resource(\"s3\").buckets.all():\n    b.delete()\nPY",
            ),
            (
                High,
                "python3 -c \"import boto3; boto3.client('ec2').terminate_instances(InstanceIds=['i-1'])\"",
            ),
            (
                Safe,
                "python3 -c \"import boto3; boto3.client('ec2').terminate_instances(InstanceIds=['i'], DryRun=True)\"",
            ),
            (
                Moderate,
                "python3 -c \"import boto3; boto3.client('ec2').stop_instances(InstanceIds=['i-1'])\"",
            ),
            (Safe, "python3 -c \"import boto3; print(boto3.client('rds').describe_db_instances())\""),
            // One object, one message; all that there are.
            (Moderate, "python3 -c \"import boto3; boto3.client('s3').delete_object(Bucket='b', Key='k')\""),
            (Moderate, "python3 -c \"import boto3; boto3.client('sqs').delete_message(QueueUrl='x')\""),
            (
                High,
                "python3 -c \"import boto3; s=boto3.client('s3'); [s.delete_object(Bucket='b', Key=o['Key']) for o in s.list_objects_v2(Bucket='b')['Contents']]\"",
            ),
            (
                High,
                "python3 -c \"from google.cloud import storage; storage.Client().bucket('b').delete(force=True)\"",
            ),
            (
                High,
                "python3 -c \"from kubernetes import client; client.CoreV1Api().delete_namespace('prod')\"",
            ),
            (
                Moderate,
                "python3 -c \"from kubernetes import client as c; c.CoreV1Api().delete_namespaced_pod('a','b')\"",
            ),
            (
                High,
                "node -e \"const {S3Client, DeleteBucketCommand} = require('@aws-sdk/client-s3'); new S3Client({}).send(new DeleteBucketCommand({Bucket:'b'}))\"",
            ),
            (
                High,
                "node -e \"new (require('octokit').Octokit)({}).request('DELETE /repos/{owner}/{repo}')\"",
            ),
            (High, "ruby -e 'require \"aws-sdk-s3\"; Aws::S3::Resource.new.buckets.each { |b| b.delete! }'"),
            (High, "ruby -e 'require \"aws-sdk-ec2\"; Aws::EC2::Resource.new.instances.each(&:terminate)'"),
            (High, "php -r '$s3 = new Aws\\S3\\S3Client([]); $s3->deleteBucket([\"Bucket\"=>\"b\"]);'"),
            // The same words of things that came from nowhere known.
            (Safe, "python3 -c \"d.delete('k'); queryset.filter(x=1).delete(); p.remove('x')\""),
            (Safe, "node -e \"const m=new Map(); m.delete('a'); m.clear()\""),
            (Safe, "ruby -e 'h={a: 1}; h.delete(:a); [1].clear'"),
        ]);
    }

    #[test]
    fn engines_stores_shells_and_requests() {
        check_all(&[
            (
                High,
                "python3 -c \"import docker; [c.remove(force=True) for c in docker.from_env().containers.list()]\"",
            ),
            (Moderate, "python3 -c \"import docker; docker.from_env().containers.get('web').remove()\""),
            (High, "python3 -c \"import docker; docker.from_env().volumes.prune()\""),
            (
                High,
                "python3 -c \"import docker; docker.from_env().containers.get('web').exec_run('rm -rf /data')\"",
            ),
            (
                Safe,
                "python3 -c \"import docker; docker.from_env().containers.run('alpine', 'echo hi', remove=True)\"",
            ),
            (High, "python3 -c \"import redis; r=redis.Redis(); r.delete(*r.keys('*'))\""),
            (Safe, "python3 -c \"import redis; r=redis.Redis(); r.delete('session:1')\""),
            (
                High,
                "python3 -c \"from elasticsearch import Elasticsearch; Elasticsearch().indices.delete(index='*')\"",
            ),
            (
                High,
                "python3 -c \"from elasticsearch import Elasticsearch as E; E().delete_by_query(index='a', body={'query': {'match_all': {}}})\"",
            ),
            (
                Moderate,
                "python3 -c \"from elasticsearch import Elasticsearch as E; E().delete_by_query(index='a', query={'term': {'x': 1}})\"",
            ),
            (
                Safe,
                "python3 -c \"from elasticsearch import Elasticsearch; Elasticsearch().delete(index='a', id=1)\"",
            ),
            (
                High,
                "python3 -c \"from sqlalchemy import create_engine, text; create_engine('x').connect().execute(text('DROP TABLE users'))\"",
            ),
            (Critical, "python3 -c \"import paramiko; c=paramiko.SSHClient(); c.exec_command('rm -rf /')\""),
            (Safe, "python3 -c \"import paramiko; c=paramiko.SSHClient(); c.exec_command('uptime')\""),
            (
                Critical,
                "ruby -e 'require \"net/ssh\"; Net::SSH.start(\"h\",\"u\") { |s| s.exec!(\"rm -rf /\") }'",
            ),
            (High, "python3 -c \"import requests; s=requests.Session(); s.delete('http://es:9200/_all')\""),
            (High, "node -e \"fetch('http://es:9200/_all',{method:'DELETE'})\""),
            (Safe, "python3 -c \"import requests; requests.delete('http://localhost:3000/users/1')\""),
            (Safe, "node -e \"fetch('https://example.com/x',{method:'POST',body:'a'})\""),
        ]);
    }

    #[test]
    fn clients_are_followed_to_where_they_are_used() {
        check_all(&[
            (
                High,
                "python3 - <<'E'\nimport boto3\nclass X:\n    def __init__(self):\n        self.s3 = boto3.client('s3')\n    def wipe(self):\n        self.s3.delete_bucket(Bucket='b')\nX().wipe()\nE",
            ),
            (
                High,
                "python3 -c \"import boto3; getattr(boto3.client('s3'), 'delete_'+'bucket')(Bucket='b')\"",
            ),
            (
                High,
                "python3 -c \"import boto3; boto3.client('s3').__getattribute__('delete_bucket')(Bucket='b')\"",
            ),
            (High, "python3 -c \"import pika; pika.BlockingConnection().channel().queue_purge('q')\""),
            (High, "python3 -c \"import hvac; hvac.Client().sys.disable_secrets_engine('secret')\""),
            (
                High,
                "deno eval \"import { S3 } from 'npm:@aws-sdk/client-s3@3'; new S3({}).deleteBucket({Bucket:'b'})\"",
            ),
            (High, "php -r 'use Aws\\S3\\S3Client; $c = new S3Client([]); $c->deleteBucket([]);'"),
            (High, "ruby -e 'require \"aws-sdk-s3\"; Aws::S3::Bucket.new(\"b\").objects.batch_delete!'"),
            (High, "ruby -e 'require \"mongo\"; Mongo::Client.new([\"h\"]).database.drop'"),
            (Safe, "python3 -c \"class A:\n    def f(self):\n        self.items.delete(1)\nA().f()\""),
            (Safe, "python3 -c \"import stripe; print(stripe.Customer.list())\""),
            // What a client does to itself, and to what it has fetched.
            (
                Safe,
                "python3 -c \"from kazoo.client import KazooClient; k=KazooClient(); k.start(); k.stop()\"",
            ),
            (Safe, "python3 -c \"from kubernetes import watch; w=watch.Watch(); w.stop()\""),
            (
                Safe,
                "node -e \"const {S3Client}=require('@aws-sdk/client-s3'); const c=new S3Client({}); c.destroy()\"",
            ),
            (Safe, "node -e \"const A=require('aws-sdk'); new A.S3().removeAllListeners()\""),
            (
                Safe,
                "python3 -c \"from google.cloud import bigquery as b; b.Client().query('select 1').to_dataframe().drop(columns=['a'])\"",
            ),
            (Safe, "python3 -c \"import pika; pika.BlockingConnection().channel().stop_consuming()\""),
            (Safe, "php -r 'use App\\Model\\User; $u = new User(); $u->delete();'"),
        ]);
    }

    #[test]
    fn names_are_taken_apart() {
        assert_eq!(words("deleteDBInstance"), ["delete", "dbinstance"]);
        assert_eq!(words("delete_db_instance"), ["delete", "db", "instance"]);
        assert_eq!(noun_of("boto3.resource.buckets.all"), "buckets");
        assert_eq!(noun_of("google.cloud.storage.Client.list_blobs"), "blobs");
        assert!(is_of_all("x.listBuckets.Buckets") && !is_of_all("x.get_bucket") && !is_of_all("x.listener"));
    }
}
