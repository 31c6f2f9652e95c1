//! The reference of the API: the document that describes it, for people.

use std::sync::LazyLock;

use askama::Template;
use axum::Extension;
use axum::response::{IntoResponse as _, Response};
use serde_json::Value;

use super::page::{Frame, Page};
use crate::access::Caller;
use crate::rest::openapi;

/// A part of the API.
struct Part {
    name: String,
    about: String,
    routes: Vec<Route>,
}

struct Route {
    method: String,
    path: String,
    summary: String,
    about: String,
    given: Vec<Given>,
    answers: Vec<Answer>,
}

/// Something that a request has: in its path, its query, its head or its body.
struct Given {
    name: String,
    place: String,
    kind: String,
    is_required: bool,
    about: String,
}

struct Answer {
    status: String,
    about: String,
    /// The members of what is answered.
    members: Vec<Given>,
}

#[derive(Template)]
#[template(path = "reference.html")]
struct ReferencePage {
    frame: Frame,
    parts: &'static [Part],
}

/// The page.
pub(super) async fn show(Extension(caller): Extension<Caller>) -> Response {
    static PARTS: LazyLock<Vec<Part>> =
        LazyLock::new(|| parts(&serde_json::from_str(&openapi()).unwrap_or_default()));
    Page(ReferencePage { frame: Frame::new("API", "/reference", &caller), parts: &PARTS }).into_response()
}

fn parts(document: &Value) -> Vec<Part> {
    let tags = document["tags"].as_array().into_iter().flatten();
    let part = |tag: &Value| Part {
        name: text(&tag["name"]),
        about: text(&tag["description"]),
        routes: routes(document, tag["name"].as_str().unwrap_or_default()),
    };
    tags.map(part).collect()
}

fn routes(document: &Value, tag: &str) -> Vec<Route> {
    let paths = document["paths"].as_object().into_iter().flatten();
    let methods = paths.flat_map(|(path, methods)| {
        methods.as_object().into_iter().flatten().map(move |(method, route)| (path, method, route))
    });
    let of_tag = methods.filter(|(_, _, route)| route["tags"][0] == tag);
    of_tag.map(|(path, method, route)| route_of(document, path, method, route)).collect()
}

fn route_of(document: &Value, path: &str, method: &str, route: &Value) -> Route {
    let parameters = route["parameters"].as_array().into_iter().flatten();
    let mut given: Vec<Given> = parameters.map(|parameter| parameter_of(document, parameter)).collect();
    let bodies = route["requestBody"]["content"].as_object().into_iter().flatten();
    given.extend(bodies.take(1).flat_map(|(_, body)| members(document, &body["schema"], "body")));
    let answers = route["responses"].as_object().into_iter().flatten();
    Route {
        method: method.to_uppercase(),
        path: path.to_owned(),
        summary: text(&route["summary"]),
        about: text(&route["description"]),
        given,
        answers: answers.map(|(status, answer)| answer_of(document, status, answer)).collect(),
    }
}

fn parameter_of(document: &Value, parameter: &Value) -> Given {
    Given {
        name: text(&parameter["name"]),
        place: text(&parameter["in"]),
        kind: kind(document, &parameter["schema"]),
        is_required: parameter["required"] == true,
        about: text(&parameter["description"]),
    }
}

fn answer_of(document: &Value, status: &str, answer: &Value) -> Answer {
    let content = answer["content"].as_object().into_iter().flatten();
    let is_good = status.starts_with('2');
    let good = content.take(1).filter(|_| is_good);
    Answer {
        status: status.to_owned(),
        about: text(&answer["description"]),
        members: good.flat_map(|(_, body)| members(document, &body["schema"], "answer")).collect(),
    }
}

/// The members of an object, those of what it is put together of included.
fn members(document: &Value, schema: &Value, place: &str) -> Vec<Given> {
    let schema = resolved(document, schema);
    let parts = schema["allOf"].as_array().into_iter().flatten();
    let inherited = parts.flat_map(|part| members(document, part, place));
    let required: Vec<&Value> = schema["required"].as_array().into_iter().flatten().collect();
    let own = schema["properties"].as_object().into_iter().flatten().map(|(name, member)| Given {
        name: name.clone(),
        place: place.to_owned(),
        kind: kind(document, member),
        is_required: required.iter().any(|required| *required == name),
        about: text(&member["description"]),
    });
    inherited.chain(own).collect()
}

/// A type in a word.
fn kind(document: &Value, schema: &Value) -> String {
    let named = schema["$ref"].as_str().and_then(|name| name.rsplit('/').next());
    let one_of = schema["oneOf"].as_array().and_then(|kinds| kinds.last());
    if let Some(last) = one_of {
        return kind(document, last);
    }
    let target = resolved(document, schema);
    if let Some(words) = target["enum"].as_array() {
        return words.iter().map(text).collect::<Vec<_>>().join(" | ");
    }
    match (&target["type"], named) {
        (Value::String(word), _) if word == "array" => {
            format!("list of {}", kind(document, &target["items"]))
        }
        (Value::String(word), None) => word.clone(),
        (Value::Array(words), None) => words.first().map(text).unwrap_or_default(),
        (_, Some(name)) => name.to_owned(),
        _ => "anything".to_owned(),
    }
}

fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str().and_then(|name| name.strip_prefix('#')) {
        Some(pointer) => document.pointer(pointer).unwrap_or(schema),
        None => schema,
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_of_the_document_is_shown_with_what_it_takes() {
        let document: Value = serde_json::from_str(&openapi()).unwrap();
        let parts = parts(&document);
        let shown: usize = parts.iter().map(|part| part.routes.len()).sum();
        let methods =
            document["paths"].as_object().unwrap().values().map(|path| path.as_object().unwrap().len());
        assert_eq!(shown, methods.sum::<usize>(), "each route has one tag that is told of");
        let create = parts.iter().flat_map(|part| &part.routes);
        let create = create.into_iter().find(|route| route.path.ends_with("iam-create-user")).unwrap();
        let profile = create.given.iter().find(|given| given.name == "user-profile").unwrap();
        assert!(profile.is_required && profile.kind == "object" && !profile.about.is_empty());
        let ok = create.answers.iter().find(|answer| answer.status == "200").unwrap();
        assert_eq!(
            ok.members.iter().map(|member| member.name.as_str()).collect::<Vec<_>>(),
            ["results", "run", "state"]
        );
    }
}
