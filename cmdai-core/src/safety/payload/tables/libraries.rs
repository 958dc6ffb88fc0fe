//! Libraries through which scripts manage what lies elsewhere, and what each of them reaches.

/// What a library reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Reach {
    /// Machines, buckets, namespaces, repositories.
    Cloud,
    /// Containers, images and volumes.
    Engine,
    /// Data in a store that has no statements.
    Store,
    /// A shell of another machine.
    Shell,
    /// Whatever answers over HTTP.
    Web,
}

/// Libraries by the beginnings of their names, in any language. Sorted.
pub(in super::super) const LIBRARIES: &[(&str, Reach)] = &[
    ("@aws-sdk", Reach::Cloud),
    ("@azure", Reach::Cloud),
    ("@elastic", Reach::Store),
    ("@google-cloud", Reach::Cloud),
    ("@kubernetes", Reach::Cloud),
    ("@octokit", Reach::Cloud),
    ("@opensearch-project", Reach::Store),
    ("@pinecone-database", Reach::Store),
    ("@qdrant", Reach::Store),
    ("Aws", Reach::Cloud),
    ("Azure", Reach::Cloud),
    ("Docker", Reach::Engine),
    ("DropletKit", Reach::Cloud),
    ("Elasticsearch", Reach::Store),
    ("Faraday", Reach::Web),
    ("Fog", Reach::Cloud),
    ("Gitlab", Reach::Cloud),
    ("Google.Cloud", Reach::Cloud),
    ("GuzzleHttp", Reach::Web),
    ("HTTP", Reach::Web),
    ("HTTParty", Reach::Web),
    ("Kubeclient", Reach::Cloud),
    ("Mongo", Reach::Store),
    ("Net.HTTP", Reach::Web),
    ("Net.OpenSSH", Reach::Shell),
    ("Net.SSH", Reach::Shell),
    ("Octokit", Reach::Cloud),
    ("Paws", Reach::Cloud),
    ("Redis", Reach::Store),
    ("RestClient", Reach::Web),
    ("aio_pika", Reach::Store),
    ("aioboto3", Reach::Cloud),
    ("aiobotocore", Reach::Cloud),
    ("aiodocker", Reach::Engine),
    ("aiohttp", Reach::Web),
    ("aiokafka", Reach::Store),
    ("asyncssh", Reach::Shell),
    ("aws-sdk", Reach::Cloud),
    ("axios", Reach::Web),
    ("azure", Reach::Cloud),
    ("boto", Reach::Cloud),
    ("boto3", Reach::Cloud),
    ("botocore", Reach::Cloud),
    ("chromadb", Reach::Store),
    ("cloudflare", Reach::Cloud),
    ("confluent_kafka", Reach::Store),
    ("consul", Reach::Store),
    ("digitalocean", Reach::Cloud),
    ("docker", Reach::Engine),
    ("dockerode", Reach::Engine),
    ("elasticsearch", Reach::Store),
    ("elasticsearch_dsl", Reach::Store),
    ("etcd3", Reach::Store),
    ("fabric", Reach::Shell),
    ("fetch", Reach::Web),
    ("firebase_admin", Reach::Cloud),
    ("github", Reach::Cloud),
    ("gitlab", Reach::Cloud),
    ("google.cloud", Reach::Cloud),
    ("googleapiclient", Reach::Cloud),
    ("googleapis", Reach::Cloud),
    ("got", Reach::Web),
    ("hcloud", Reach::Cloud),
    ("heroku3", Reach::Cloud),
    ("httpx", Reach::Web),
    ("hvac", Reach::Store),
    ("influxdb", Reach::Store),
    ("influxdb_client", Reach::Store),
    ("ioredis", Reach::Store),
    ("kafka", Reach::Store),
    ("kafkajs", Reach::Store),
    ("kazoo", Reach::Store),
    ("kubernetes", Reach::Cloud),
    ("kubernetes_asyncio", Reach::Cloud),
    ("ky", Reach::Web),
    ("ldap3", Reach::Cloud),
    ("libcloud", Reach::Cloud),
    ("linode_api4", Reach::Cloud),
    ("minio", Reach::Cloud),
    ("needle", Reach::Web),
    ("node-fetch", Reach::Web),
    ("node-ssh", Reach::Shell),
    ("novaclient", Reach::Cloud),
    ("oci", Reach::Cloud),
    ("octokit", Reach::Cloud),
    ("opensearchpy", Reach::Store),
    ("openstack", Reach::Cloud),
    ("paramiko", Reach::Shell),
    ("pika", Reach::Store),
    ("pinecone", Reach::Store),
    ("podman", Reach::Engine),
    ("proxmoxer", Reach::Cloud),
    ("pulumi", Reach::Cloud),
    ("pyVmomi", Reach::Cloud),
    ("qdrant_client", Reach::Store),
    ("redis", Reach::Store),
    ("requests", Reach::Web),
    ("s3fs", Reach::Cloud),
    ("scaleway", Reach::Cloud),
    ("ssh2", Reach::Shell),
    ("stripe", Reach::Cloud),
    ("superagent", Reach::Web),
    ("undici", Reach::Web),
    ("urllib.request", Reach::Web),
    ("urllib3", Reach::Web),
    ("weaviate", Reach::Store),
    ("winrm", Reach::Shell),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libraries_are_sorted() {
        for pair in LIBRARIES.windows(2) {
            assert!(pair[0].0 < pair[1].0, "{} comes before {}", pair[1].0, pair[0].0);
        }
    }
}
