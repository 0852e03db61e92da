//! The one request message of all methods: as prost reads it, as serde reads its JSON, and its schema.

use prost::Message;
use rust_sdk_runtime::schema::{Field, Kind, MessageSchema, Presence};
use serde::Deserialize;

/// A request over gRPC.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Item {
    #[prost(string, tag = "1")]
    pub(crate) account_id: String,
    #[prost(string, tag = "2")]
    pub(crate) name: String,
    #[prost(message, optional, tag = "3")]
    pub(crate) part: Option<Part>,
    #[prost(oneof = "Owner", tags = "4, 5")]
    pub(crate) owner: Option<Owner>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Part {
    #[prost(string, tag = "1")]
    pub(crate) account_id: String,
    #[prost(string, tag = "2")]
    pub(crate) name: String,
}

#[derive(Clone, PartialEq, prost::Oneof)]
pub(crate) enum Owner {
    #[prost(string, tag = "4")]
    TeamId(String),
    #[prost(message, tag = "5")]
    Holder(Part),
}

/// A request's JSON, as a program that is written for axum declares it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ItemJson {
    #[serde(rename = "accountId", alias = "account_id")]
    account_id: Option<String>,
    part: Option<PartJson>,
    #[serde(rename = "teamId", alias = "team_id")]
    team_id: Option<String>,
    holder: Option<PartJson>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PartJson {
    #[serde(rename = "accountId", alias = "account_id")]
    account_id: Option<String>,
}

/// A request's query, as a program that is written for axum declares it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ItemQuery {
    #[serde(rename = "accountId", alias = "account_id")]
    account_id: Option<String>,
    #[serde(rename = "part.accountId", alias = "part.account_id")]
    part: Option<String>,
    #[serde(rename = "teamId", alias = "team_id")]
    team_id: Option<String>,
    #[serde(rename = "holder.accountId", alias = "holder.account_id")]
    holder: Option<String>,
}

/// The fields that hold an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    Account,
    Part,
    Team,
    Holder,
}

impl Scope {
    pub(crate) const ALL: [Self; 4] = [Self::Account, Self::Part, Self::Team, Self::Holder];

    /// The field's path, of proto names.
    pub(crate) const fn path(self) -> &'static str {
        match self {
            Self::Account => "account_id",
            Self::Part => "part.account_id",
            Self::Team => "team_id",
            Self::Holder => "holder.account_id",
        }
    }

    /// The field's path, of JSON names.
    pub(crate) const fn json_path(self) -> &'static str {
        match self {
            Self::Account => "accountId",
            Self::Part => "part.accountId",
            Self::Team => "teamId",
            Self::Holder => "holder.accountId",
        }
    }

    pub(crate) fn of(path: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.path() == path)
    }

    pub(crate) fn in_message(self, item: &Item) -> Option<&str> {
        let account = match (self, &item.owner) {
            (Self::Account, _) => Some(&item.account_id),
            (Self::Part, _) => item.part.as_ref().map(|part| &part.account_id),
            (Self::Team, Some(Owner::TeamId(team))) => Some(team),
            (Self::Holder, Some(Owner::Holder(holder))) => Some(&holder.account_id),
            _ => None,
        };
        account.map(String::as_str)
    }

    pub(crate) fn in_json(self, item: ItemJson) -> Option<String> {
        match self {
            Self::Account => item.account_id,
            Self::Part => item.part?.account_id,
            Self::Team => item.team_id,
            Self::Holder => item.holder?.account_id,
        }
    }

    pub(crate) fn in_part_json(self, part: PartJson) -> Option<String> {
        matches!(self, Self::Part | Self::Holder).then_some(part.account_id).flatten()
    }

    pub(crate) fn in_query(self, query: ItemQuery) -> Option<String> {
        match self {
            Self::Account => query.account_id,
            Self::Part => query.part,
            Self::Team => query.team_id,
            Self::Holder => query.holder,
        }
    }
}

static ITEM: MessageSchema = MessageSchema::new(
    "h.Item",
    "Item",
    &[
        Field::new(1, Presence::Implicit, Kind::String, "account_id"),
        Field::new(2, Presence::Implicit, Kind::String, "name"),
        Field::new(3, Presence::Explicit, Kind::Message(part), "part"),
        Field::new(4, Presence::Oneof("owner"), Kind::String, "owner").named("team_id"),
        Field::new(5, Presence::Oneof("owner"), Kind::Message(part), "owner").named("holder"),
    ],
);

static PART: MessageSchema = MessageSchema::new(
    "h.Part",
    "Part",
    &[
        Field::new(1, Presence::Implicit, Kind::String, "account_id"),
        Field::new(2, Presence::Implicit, Kind::String, "name"),
    ],
);

/// The schema of [`Item`].
pub(crate) fn item() -> &'static MessageSchema {
    &ITEM
}

fn part() -> &'static MessageSchema {
    &PART
}
