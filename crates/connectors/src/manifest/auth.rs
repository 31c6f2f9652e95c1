//! Ways to sign in, every template compiled.

use provost_mapper::{Template, ValueTemplate};

use super::Place;

#[derive(Debug)]
pub(crate) enum Auth {
    /// The parameter's name.
    Basic(String),
    /// The parameter's name.
    Bearer(String),
    Header(String, Template),
    Oauth(Box<Oauth>),
    Session(Box<Session>),
}

/// A token by OAuth 2.0 (RFC 6749, RFC 7523).
#[derive(Debug)]
pub(crate) struct Oauth {
    pub(crate) token_url: Template,
    pub(crate) grant: String,
    pub(crate) client: Option<Client>,
    pub(crate) scope: Option<Template>,
    pub(crate) fields: Vec<(String, Template)>,
    pub(crate) assertion: Option<Assertion>,
}

#[derive(Debug)]
pub(crate) struct Client {
    pub(crate) id: Template,
    pub(crate) secret: Option<Template>,
    /// Whether the secret goes into the form.
    pub(crate) in_body: bool,
    pub(crate) private_key: Option<Template>,
    pub(crate) key_id: Option<Template>,
}

#[derive(Debug)]
pub(crate) struct Assertion {
    pub(crate) private_key: Template,
    pub(crate) key_id: Option<Template>,
    pub(crate) claims: Vec<(String, Template)>,
}

/// A token by a log-in.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) post: Template,
    pub(crate) headers: Vec<(String, Template)>,
    pub(crate) body: ValueTemplate,
    /// Where the answer has the token; templates see `body` and `headers`.
    pub(crate) token: Place,
    pub(crate) header: String,
    pub(crate) prefix: String,
    pub(crate) minutes: u64,
}
