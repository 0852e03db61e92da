//! The settings, from environment variables.

use std::net::SocketAddr;
use std::str::FromStr;
use std::time::Duration;

use axum::http::HeaderValue;

use crate::keys::Keys;

pub struct Settings {
    /// `LISTEN`: the address; `127.0.0.1:50051` by default.
    pub listen: SocketAddr,
    /// `API_KEYS`: the keys and their permissions. Without it nobody has a key.
    pub keys: Keys,
    /// `ALLOWED_ORIGINS`: the web pages that may call the API, separated by commas; none by default.
    pub allowed_origins: Vec<HeaderValue>,
    /// `SHUTDOWN_DELAY`: how many seconds the server still takes new connections after the signal to stop; none by default. In
    /// Kubernetes about 5, the time in which its load balancers hear of the signal.
    pub shutdown_delay: Duration,
    /// `SHUTDOWN_LIMIT`: how many seconds running calls may then take; 20 by default. Kubernetes ends the process 30 seconds after
    /// the signal, unless `terminationGracePeriodSeconds` says otherwise.
    pub shutdown_limit: Duration,
}

impl Settings {
    pub fn from_env() -> Result<Self, String> {
        let origins: String = read("ALLOWED_ORIGINS", "")?;
        let origins = origins.split(',').map(str::trim).filter(|origin| !origin.is_empty());
        let origins = origins.map(|origin| {
            HeaderValue::from_str(origin).map_err(|error| format!("ALLOWED_ORIGINS: `{origin}`: {error}"))
        });
        let keys = Keys::parse(&read::<String>("API_KEYS", "")?);
        Ok(Self {
            listen: read("LISTEN", "127.0.0.1:50051")?,
            keys: keys.map_err(|error| format!("API_KEYS: {error}"))?,
            allowed_origins: origins.collect::<Result<_, _>>()?,
            shutdown_delay: Duration::from_secs(read("SHUTDOWN_DELAY", "0")?),
            shutdown_limit: Duration::from_secs(read("SHUTDOWN_LIMIT", "20")?),
        })
    }
}

fn read<T: FromStr<Err: std::fmt::Display>>(name: &str, default: &str) -> Result<T, String> {
    let value = match std::env::var(name) {
        Ok(value) => value,
        Err(std::env::VarError::NotPresent) => default.to_owned(),
        Err(error) => return Err(format!("{name}: {error}")),
    };
    value.parse().map_err(|error| format!("{name}: {error}"))
}
