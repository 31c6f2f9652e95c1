//! The only outbound sockets of Provost.
//!
//! One [`Client`] per instance: TLS by rustls, proxies, a deadline on every call, bounded
//! answers, retries by fault class, tokens, politeness, and no secret in anything that people read. It knows
//! nothing of vendors: the caller judges each answer.
//!
//! Start at [`Client::connect`] and [`Client::send`].

mod answer;
mod auth;
mod client;
mod failure;
mod gate;
pub mod ldap;
mod request;
mod request_id;
mod retry;

pub use answer::Answer;
pub use auth::{
    Assertion, Auth, Form, KeyError, OauthClient, Proof, ReadToken, Session, SigningKey, TokenSource,
    basic_of_client,
};
pub use bytes::Bytes;
pub use client::{Client, Proxy, Settings, SettingsError};
pub use gate::{Limits, PathLimit, Rate};
pub use http::{HeaderName, Method};
pub use request::{Body, Request};
pub use url::Url;
