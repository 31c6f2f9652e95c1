//! How requests prove who sends them, and how many may be sent, as it is written.

use indexmap::IndexMap;
use provost_core::yaml::Located;
use serde::Deserialize;
use serde_json::Value;

use super::Text;

/// One way to sign in. Of several, the first counts whose parameters are all set.
#[derive(Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub(in crate::manifest) enum Auth {
    /// The parameter with user name and password.
    Basic(String),
    /// The parameter with the token.
    Bearer(String),
    Header {
        name: String,
        value: Text,
    },
    /// A token by OAuth 2.0.
    Oauth(Box<Oauth>),
    /// A token by a log-in of the system's own.
    Session(Box<Session>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::manifest) struct Oauth {
    pub(in crate::manifest) token_url: Text,
    /// `client_credentials` where it is not said.
    #[serde(default)]
    pub(in crate::manifest) grant: Option<String>,
    #[serde(default)]
    pub(in crate::manifest) client: Option<Client>,
    #[serde(default)]
    pub(in crate::manifest) scope: Option<Text>,
    /// Further fields of the form.
    #[serde(default)]
    pub(in crate::manifest) fields: IndexMap<String, Text>,
    /// A signed assertion as the grant.
    #[serde(default)]
    pub(in crate::manifest) assertion: Option<Assertion>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::manifest) struct Client {
    pub(in crate::manifest) id: Text,
    #[serde(default)]
    pub(in crate::manifest) secret: Option<Text>,
    /// Whether the secret goes into the form and not into a header.
    #[serde(default)]
    pub(in crate::manifest) in_body: bool,
    #[serde(default)]
    pub(in crate::manifest) private_key: Option<Text>,
    #[serde(default)]
    pub(in crate::manifest) key_id: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::manifest) struct Assertion {
    pub(in crate::manifest) private_key: Text,
    #[serde(default)]
    pub(in crate::manifest) key_id: Option<Text>,
    pub(in crate::manifest) claims: IndexMap<String, Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::manifest) struct Session {
    /// A path below `base`, or a whole address.
    pub(in crate::manifest) post: Text,
    #[serde(default)]
    pub(in crate::manifest) headers: IndexMap<String, Text>,
    pub(in crate::manifest) body: Located<Value>,
    /// Where the answer has the token.
    pub(in crate::manifest) token: Text,
    /// The header that carries it.
    pub(in crate::manifest) header: String,
    #[serde(default)]
    pub(in crate::manifest) prefix: String,
    /// For how many minutes it is good.
    pub(in crate::manifest) minutes: u64,
}

/// How many requests a system bears.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::manifest) struct Limits {
    #[serde(default)]
    pub(in crate::manifest) concurrent: Option<usize>,
    /// Such as `600/min`.
    #[serde(default)]
    pub(in crate::manifest) rate: Option<Located<String>>,
    /// The same for requests that write.
    #[serde(default)]
    pub(in crate::manifest) writes: Option<Located<String>>,
    /// Paths that are counted on their own.
    #[serde(default)]
    pub(in crate::manifest) paths: Vec<PathLimit>,
}

/// How many requests a system bears to some paths.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::manifest) struct PathLimit {
    /// How the paths begin, below `base`: whole segments, `*` for any one.
    pub(in crate::manifest) path: String,
    #[serde(default)]
    pub(in crate::manifest) rate: Option<Located<String>>,
    #[serde(default)]
    pub(in crate::manifest) writes: Option<Located<String>>,
}
