//! The ports of well-known images and the paths that they write, by the last part of their name; and names for well-known ports.
//!
//! Source: the `EXPOSE` of the images on Docker Hub, their entry points, and IANA's service names.

/// The ports of an image.
pub(crate) fn ports(image: &str) -> &'static [u16] {
    let name = crate::tools::import::run::from_image(image);
    match &*name {
        "nginx" | "apache" if is_bitnami(image) => &[8080],
        "php" if tag(image).contains("apache") => &[80],
        "php" if tag(image).contains("fpm") => &[9000],
        name => IMAGES.iter().find(|(names, _)| names.contains(&name)).map_or(&[], |(_, ports)| ports),
    }
}

/// Directories that the process of an image writes at each start and does not keep.
pub(crate) fn scratch(image: &str) -> &'static [&'static str] {
    match &*crate::tools::import::run::from_image(image) {
        _ if is_bitnami(image) => &[],
        "nginx" => &["/var/cache/nginx", "/run"],
        "httpd" => &["/usr/local/apache2/logs"],
        // Its start makes the directories that Apache needs in there.
        "php" if tag(image).contains("apache") => &["/run"],
        _ => &[],
    }
}

fn is_bitnami(image: &str) -> bool {
    image.contains("bitnami/") || image.contains("bitnamilegacy/")
}

fn tag(image: &str) -> &str {
    image.rsplit_once(':').map_or("", |(_, tag)| tag)
}

const IMAGES: &[(&[&str], &[u16])] = &[
    (&["postgres", "postgis", "timescaledb", "pgvector"], &[5432]),
    (&["redis", "valkey", "redis-stack-server"], &[6379]),
    (&["mysql", "mariadb", "percona"], &[3306]),
    (&["mongo", "mongodb"], &[27017]),
    (&["rabbitmq"], &[5672]),
    (&["memcached"], &[11211]),
    (&["elasticsearch", "opensearch"], &[9200]),
    (&["nginx", "httpd", "caddy", "traefik"], &[80]),
    (&["nginx-unprivileged"], &[8080]),
    (&["zookeeper"], &[2181]),
    (&["kafka", "cp-kafka"], &[9092]),
    (&["influxdb"], &[8086]),
    (&["prometheus"], &[9090]),
    (&["grafana"], &[3000]),
    (&["minio"], &[9000]),
    (&["vault"], &[8200]),
    (&["nats"], &[4222]),
    (&["mailhog"], &[1025]),
];

/// The owner of a directory in an image, and its mode where it is not 0755: what docker copies to a new volume.
pub(crate) fn owner(image: &str, path: &str) -> Option<(&'static str, Option<&'static str>)> {
    let name = crate::tools::import::run::from_image(image);
    let tag = tag(image);
    let bitnami = is_bitnami(image);
    if bitnami && (path == "/bitnami" || path.starts_with("/bitnami/")) {
        return Some(("0:0", Some("0775")));
    }
    // Their first process is root, and gives the directory to the user that it is told.
    if image.contains("linuxserver/") || image.contains("vaultwarden/") {
        return Some(("0:0", None));
    }
    let alpine = tag.contains("alpine") || matches!(&*name, "timescaledb");
    let (.., owner, of_alpine) = OWNERS.iter().find(|(names, below, ..)| {
        let here = path == *below || path.strip_prefix(below).is_some_and(|rest| rest.starts_with('/'));
        names.contains(&&*name) && here && !bitnami
    })?;
    Some((if alpine { of_alpine } else { owner }, None))
}

/// Images, a directory that they have, its owner, and its owner in images of Alpine.
const OWNERS: &[(&[&str], &str, &str, &str)] = &[
    (&["postgres", "postgis", "timescaledb", "pgvector"], "/var/lib/postgresql", "999:999", "70:70"),
    (&["mysql", "mariadb"], "/var/lib/mysql", "999:999", "999:999"),
    (&["mongo"], "/data", "999:999", "999:999"),
    (&["redis", "valkey"], "/data", "999:999", "999:1000"),
    (&["rabbitmq"], "/var/lib/rabbitmq", "999:999", "100:101"),
    (&["grafana", "grafana-oss", "grafana-enterprise"], "/var/lib/grafana", "472:0", "472:0"),
    (&["prometheus"], "/prometheus", "65534:65534", "65534:65534"),
    (&["alertmanager"], "/alertmanager", "65534:65534", "65534:65534"),
    (&["loki"], "/loki", "10001:10001", "10001:10001"),
    (&["elasticsearch"], "/usr/share/elasticsearch", "1000:0", "1000:0"),
    (&["kibana"], "/usr/share/kibana", "1000:0", "1000:0"),
    (&["opensearch"], "/usr/share/opensearch", "1000:1000", "1000:1000"),
    (&["wordpress", "nextcloud", "drupal", "php"], "/var/www/html", "33:33", "82:82"),
    (&["jenkins"], "/var/jenkins_home", "1000:1000", "1000:1000"),
    (&["node-red"], "/data", "1000:1000", "1000:1000"),
    (&["n8n"], "/home", "1000:1000", "1000:1000"),
    (&["ghost"], "/var/lib/ghost/content", "1000:1000", "1000:1000"),
    (&["nexus3"], "/nexus-data", "200:200", "200:200"),
    (&["sonarqube"], "/opt/sonarqube", "1000:0", "1000:0"),
    (&["solr"], "/var/solr", "8983:8983", "8983:8983"),
    (&["neo4j"], "/data", "7474:7474", "7474:7474"),
    (&["cassandra"], "/var/lib/cassandra", "999:999", "999:999"),
    (&["zookeeper"], "/data", "1000:1000", "1000:1000"),
    (&["cp-kafka"], "/var/lib/kafka/data", "1000:1000", "1000:1000"),
    (&["influxdb"], "/var/lib/influxdb2", "1000:1000", "1000:1000"),
    (&["influxdb"], "/var/lib/influxdb", "0:0", "0:0"),
    (&["pgadmin4"], "/var/lib/pgadmin", "5050:0", "5050:0"),
    (&["eclipse-mosquitto"], "/mosquitto", "1883:1883", "1883:1883"),
    (&["mattermost-team-edition", "mattermost-enterprise-edition"], "/mattermost", "2000:2000", "2000:2000"),
    (&["clickhouse-server"], "/var/lib/clickhouse", "101:101", "101:101"),
    (&["couchdb"], "/opt/couchdb/data", "5984:5984", "5984:5984"),
    (&["consul"], "/consul/data", "100:1000", "100:1000"),
    (&["minio"], "/data", "0:0", "0:0"),
    (&["caddy"], "/data", "0:0", "0:0"),
    (&["caddy"], "/config", "0:0", "0:0"),
    (&["portainer", "portainer-ce", "vaultwarden"], "/data", "0:0", "0:0"),
    (&["uptime-kuma"], "/app/data", "0:0", "0:0"),
    (&["gitea", "forgejo"], "/data", "0:0", "0:0"),
    (&["meilisearch"], "/meili_data", "0:0", "0:0"),
    (&["jellyfin"], "/config", "0:0", "0:0"),
    (&["jellyfin"], "/cache", "0:0", "0:0"),
    (&["traefik"], "/letsencrypt", "0:0", "0:0"),
    (&["registry"], "/var/lib/registry", "0:0", "0:0"),
    (&["home-assistant"], "/config", "0:0", "0:0"),
];

/// Returns the name of a port.
pub(crate) fn port_name(port: u16, protocol: &str) -> String {
    let name = known_name(port).map_or_else(|| format!("p{port}"), str::to_string);
    if protocol == "tcp" { name } else { format!("{name}-{protocol}") }
}

/// The name of a well-known port.
pub(crate) fn known_name(port: u16) -> Option<&'static str> {
    NAMES.iter().find(|(number, _)| *number == port).map(|(_, name)| *name)
}

const NAMES: &[(u16, &str)] = &[
    (22, "ssh"),
    (25, "smtp"),
    (53, "dns"),
    (80, "http"),
    (443, "https"),
    (587, "submission"),
    (993, "imaps"),
    (1025, "smtp"),
    (1883, "mqtt"),
    (2181, "zookeeper"),
    (3000, "http"),
    (3306, "mysql"),
    (4222, "nats"),
    (5000, "http"),
    (5432, "postgres"),
    (5672, "amqp"),
    (6379, "redis"),
    (8000, "http"),
    (8080, "http"),
    (8086, "influxdb"),
    (8200, "vault"),
    (8443, "https"),
    (9000, "http"),
    (9090, "http"),
    (9092, "kafka"),
    (9200, "http"),
    (11211, "memcached"),
    (15672, "management"),
    (27017, "mongo"),
    (50051, "grpc"),
];

/// The port that a URL means without saying it.
pub(crate) fn scheme_port(scheme: &str) -> Option<u16> {
    Some(match scheme {
        "http" | "ws" => 80,
        "https" | "wss" => 443,
        "redis" | "rediss" => 6379,
        "postgres" | "postgresql" => 5432,
        "mysql" | "mariadb" | "mysql2" => 3306,
        "mongodb" => 27017,
        "amqp" => 5672,
        "nats" => 4222,
        "smtp" => 25,
        "mqtt" => 1883,
        _ => return None,
    })
}
