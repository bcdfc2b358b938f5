//! Values in a plan: written by `Display`, and read by `parse`. Their JSON Schema is that of the text or number that they are
//! written as.

use super::address::{EtcdUrl, HostAddress, ListenAddress};
use super::calendar::Calendar;
use super::capability::Capability;
use super::cdi::CdiDevice;
use super::container_hostname::ContainerHostname;
use super::cpus::Cpus;
use super::cpuset::Cpuset;
use super::device::Permissions;
use super::digest::Digest;
use super::dns::Fqdn;
use super::env_name::EnvName;
use super::header::HeaderName;
use super::hosts_address::HostsAddress;
use super::image::Image;
use super::label_name::LabelName;
use super::log_driver::LogDriver;
use super::mode::Mode;
use super::mounting::{Propagation, VolumeLabel};
use super::namespace::{Ipc, Pid};
use super::path::{ContainerPath, HostPath, ProjectPath};
use super::platform::Platform;
use super::port::{Port, PortRange, Protocol};
use super::record_format::RecordFormat;
use super::security::{Apparmor, Seccomp, SelinuxLabel};
use super::signal::Signal;
use super::size::Size;
use super::status::StatusCodes;
use super::storage_driver::StorageDriver;
use super::sysctl::Sysctl;
use super::ulimit::{Limit, Resource};
use super::unit_name::UnitName;
use super::url_path::UrlPath;
use super::user::{Account, Owner, User};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;

/// Values that are written as text.
macro_rules! as_text {
    ($($name:ident: $parse:path),* $(,)?) => {$(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = Cow::<str>::deserialize(deserializer)?;
                $parse(&text).map_err(|invalid| D::Error::custom(invalid.message))
            }
        }

        schema_of!($name, String);
    )*};
}

/// Values that are written as a number.
macro_rules! as_number {
    ($($name:ident: $number:ty, $write:path, $read:path);* $(;)?) => {$(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $write(*self).serialize(serializer)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let number = <$number>::deserialize(deserializer)?;
                $read(number).ok_or_else(|| D::Error::custom(format!("{number} is out of range")))
            }
        }

        schema_of!($name, $number);
    )*};
}

macro_rules! schema_of {
    ($name:ident, $plain:ty) => {
        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                <$plain>::schema_name()
            }

            fn json_schema(generator: &mut SchemaGenerator) -> Schema {
                <$plain>::json_schema(generator)
            }
        }
    };
}

as_text! {
    Account: Account::parse_group,
    Apparmor: Apparmor::parse,
    Calendar: Calendar::parse,
    Capability: Capability::parse,
    CdiDevice: CdiDevice::parse,
    ContainerHostname: ContainerHostname::parse,
    ContainerPath: ContainerPath::parse,
    Cpus: Cpus::parse,
    Cpuset: Cpuset::parse,
    Digest: Digest::parse,
    EnvName: EnvName::parse,
    EtcdUrl: EtcdUrl::parse,
    Fqdn: Fqdn::parse,
    HeaderName: HeaderName::parse,
    HostAddress: HostAddress::parse,
    HostPath: HostPath::parse,
    HostsAddress: HostsAddress::parse,
    Image: Image::parse,
    Ipc: Ipc::parse,
    LabelName: LabelName::parse,
    ListenAddress: ListenAddress::parse,
    LogDriver: LogDriver::parse,
    // A file's mode is read by the wider grammar of directories.
    Mode: Mode::parse_directory,
    Owner: Owner::parse,
    Permissions: Permissions::parse,
    Pid: Pid::parse,
    Platform: Platform::parse,
    PortRange: PortRange::parse,
    ProjectPath: ProjectPath::parse,
    Propagation: Propagation::parse,
    Protocol: Protocol::parse,
    RecordFormat: RecordFormat::parse,
    Resource: Resource::parse,
    Seccomp: Seccomp::parse,
    SelinuxLabel: SelinuxLabel::parse,
    Signal: Signal::parse,
    StatusCodes: StatusCodes::parse,
    StorageDriver: StorageDriver::parse,
    Sysctl: Sysctl::parse,
    UnitName: UnitName::parse,
    UrlPath: UrlPath::parse,
    User: User::parse,
    VolumeLabel: VolumeLabel::parse,
}

as_number! {
    Limit: i64, Limit::number, Limit::of;
    Port: u16, Port::get, Port::of;
    Size: u64, Size::bytes, Size::of;
}
