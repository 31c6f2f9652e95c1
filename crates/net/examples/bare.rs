//! What `bench/serve.sh` holds `provost serve` against: a bare handler that makes the same
//! request to the same system and hands the answer on. It keeps nothing and checks nothing.
//!
//! `bare LISTEN UPSTREAM AUTHORIZATION`

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;

#[derive(Clone)]
struct Upstream {
    client: reqwest::Client,
    url: String,
    authorization: String,
}

async fn get(State(upstream): State<Upstream>, _body: Bytes) -> Result<Bytes, StatusCode> {
    let request = upstream.client.get(&upstream.url).header("authorization", &upstream.authorization);
    let answer = request.send().await.map_err(|_| StatusCode::BAD_GATEWAY)?;
    answer.bytes().await.map_err(|_| StatusCode::BAD_GATEWAY)
}

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut next = || arguments.next().expect("bare LISTEN UPSTREAM AUTHORIZATION");
    let (listen, url, authorization) = (next(), next(), next());
    #[expect(clippy::disallowed_methods, reason = "the bare client is what is compared with")]
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let router = Router::new().route("/get", post(get)).with_state(Upstream { client, url, authorization });
    let listener = tokio::net::TcpListener::bind(listen).await.expect("an address that is free");
    axum::serve(listener, router).await.expect("it serves");
}
