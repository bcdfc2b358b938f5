//! The ports of well-known images, by the last part of their name; and names for well-known ports.
//!
//! Source: the `EXPOSE` of the images on Docker Hub, and IANA's service names.

/// The ports of an image.
pub(crate) fn ports(image: &str) -> &'static [u16] {
    let name = crate::tools::import::run::from_image(image);
    IMAGES.iter().find(|(names, _)| names.contains(&&*name)).map_or(&[], |(_, ports)| ports)
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

/// Returns the name of a port.
pub(crate) fn port_name(port: u16, protocol: &str) -> String {
    let name = NAMES.iter().find(|(number, _)| *number == port).map(|(_, name)| (*name).to_string());
    let name = name.unwrap_or_else(|| format!("p{port}"));
    if protocol == "tcp" { name } else { format!("{name}-{protocol}") }
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
