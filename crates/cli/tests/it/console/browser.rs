//! Chromium, driven by chromedriver. Both are another's, and tell of themselves
//! in variables; without them tests are left out.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use super::driver;
use crate::beds::bed::leave_out;

/// How long something may take to appear.
const PATIENCE: Duration = Duration::from_secs(20);
/// How wide a page is, and how tall at most on a picture.
const WIDTH: u32 = 1360;
const TALLEST: f64 = 3000.0;

/// What keeps the browser from asking things of its vendor, and lets it run as root.
const OPTIONS: [&str; 9] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
];

/// What a page looks like.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Scheme {
    Light,
    Dark,
}

impl Scheme {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// A browser at a server. It ends with this.
pub(crate) struct Browser {
    _driver: Child,
    profile: TempDir,
    driver: String,
    session: String,
    /// The browser's process, which is the driver's and would outlive it.
    process: Option<u64>,
    /// What paths are put behind.
    pub(crate) base: String,
}

impl Browser {
    /// A browser, if there is one.
    pub(crate) async fn there(base: &str) -> Option<Self> {
        let of = |name: &str| std::env::var(format!("PROVOST_BED_{name}")).ok();
        let (Some(driver), Some(browser)) = (of("CHROMEDRIVER"), of("CHROMIUM")) else {
            assert!(std::env::var_os("PROVOST_BEDS_COMPLETE").is_none(), "there is no browser");
            leave_out("there is no browser; `cargo xtask test` has one");
            return None;
        };
        let mut command = Command::new(driver);
        command.arg("--port=0").stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().expect("the driver starts");
        let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        let port = loop {
            let line = lines.next_line().await.expect("readable").expect("the driver says where it is");
            if let Some((_, port)) = line.split_once("successfully on port ") {
                break port.trim_end_matches('.').to_owned();
            }
        };
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        let profile = tempfile::tempdir().expect("a folder for the browser");
        let mut one = Self {
            _driver: child,
            driver: format!("127.0.0.1:{port}"),
            session: String::new(),
            process: None,
            base: base.to_owned(),
            profile,
        };
        let folder = format!("--user-data-dir={}", one.profile.path().display());
        let window = format!("--window-size={WIDTH},900");
        let arguments: Vec<&str> = OPTIONS.into_iter().chain([folder.as_str(), window.as_str()]).collect();
        let wanted = json!({"capabilities": {"alwaysMatch": {
            "goog:chromeOptions": {"args": arguments, "binary": browser},
            "goog:loggingPrefs": {"browser": "ALL"},
        }}});
        let made = one.call("POST /session", &wanted).await;
        one.process = made["capabilities"]["goog:processID"].as_u64();
        one.session = format!("/session/{}", made["sessionId"].as_str().expect("a session"));
        Some(one)
    }

    async fn call(&self, line: &str, body: &Value) -> Value {
        self.try_call(line, body).await.unwrap_or_else(|problem| panic!("{line}: {problem:#}"))
    }

    async fn try_call(&self, line: &str, body: &Value) -> Result<Value, Value> {
        driver::call(&self.driver, line, body).await
    }

    async fn post(&self, what: &str, body: Value) -> Value {
        self.call(&format!("POST {}/{what}", self.session), &body).await
    }

    async fn devtools(&self, command: &str, parameters: Value) -> Value {
        self.post("goog/cdp/execute", json!({"cmd": command, "params": parameters})).await
    }

    /// Goes to a path.
    pub(crate) async fn go(&self, path: &str) {
        self.post("url", json!({"url": format!("{}{path}", self.base)})).await;
    }

    /// The path where it is, with what is behind it.
    pub(crate) async fn path(&self) -> String {
        let url = self.call(&format!("GET {}/url", self.session), &Value::Null).await;
        url.as_str().and_then(|url| url.strip_prefix(&self.base)).unwrap_or_default().to_owned()
    }

    /// Runs a script in the page.
    pub(crate) async fn script(&self, text: &str) -> Value {
        self.post("execute/sync", json!({"script": text, "args": []})).await
    }

    async fn find(&self, selector: &str) -> Result<String, Value> {
        let wanted = json!({"using": "css selector", "value": selector});
        let found = self.try_call(&format!("POST {}/element", self.session), &wanted).await?;
        let id = found.as_object().and_then(|found| found.values().next()).and_then(Value::as_str);
        Ok(id.expect("an element has an id").to_owned())
    }

    /// The element, once it is there.
    async fn element(&self, selector: &str) -> String {
        let begun = Instant::now();
        loop {
            if let Ok(id) = self.find(selector).await {
                return id;
            }
            let (path, source) = (self.path().await, self.source().await);
            assert!(begun.elapsed() < PATIENCE, "no `{selector}` at {path}:\n{source}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Does something to the element, once it is there. One that was replaced meanwhile is looked
    /// for again.
    async fn act(&self, selector: &str, what: &str, body: Value) {
        for _ in 0..20 {
            let id = self.element(selector).await;
            match self.try_call(&format!("POST {}/element/{id}/{what}", self.session), &body).await {
                Ok(_) => return,
                Err(problem) if problem["error"] == "stale element reference" => {}
                Err(problem) => panic!("{what} at `{selector}`: {problem:#}"),
            }
        }
        panic!("`{selector}` is replaced again and again");
    }

    /// Clicks on what a selector finds.
    pub(crate) async fn click(&self, selector: &str) {
        self.act(selector, "click", json!({})).await;
    }

    /// Writes into a field, in the place of what is there.
    pub(crate) async fn fill(&self, selector: &str, text: &str) {
        self.act(selector, "clear", json!({})).await;
        self.act(selector, "value", json!({"text": text})).await;
    }

    /// Presses keys wherever the page has its focus.
    pub(crate) async fn press(&self, key: &str) {
        let id = self.call(&format!("GET {}/element/active", self.session), &Value::Null).await;
        let id = id.as_object().and_then(|found| found.values().next()).and_then(Value::as_str);
        let id = id.expect("something has the focus").to_owned();
        self.post(&format!("element/{id}/value"), json!({"text": key})).await;
    }

    /// The text of what a selector finds.
    async fn text(&self, selector: &str) -> String {
        let found = format!("document.querySelectorAll({})", json!(selector));
        let script = format!("return [...{found}].map(found => found.textContent).join('\\n')");
        self.script(&script).await.as_str().unwrap_or_default().to_owned()
    }

    /// The text of what a selector finds, once it is as it should be.
    async fn wait(&self, selector: &str, what: &str, is_right: impl Fn(&str) -> bool) -> String {
        let begun = Instant::now();
        loop {
            let text = self.text(selector).await;
            if is_right(&text) {
                return text;
            }
            let path = self.path().await;
            assert!(begun.elapsed() < PATIENCE, "`{selector}` {what} at {path}: {text}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// The text of what a selector finds, once it holds some text.
    pub(crate) async fn sees(&self, selector: &str, wanted: &str) -> String {
        self.wait(selector, &format!("has no `{wanted}`"), |text| text.contains(wanted)).await
    }

    /// Waits until what a selector finds holds some text no more.
    pub(crate) async fn misses(&self, selector: &str, unwanted: &str) {
        self.wait(selector, &format!("has `{unwanted}`"), |text| !text.contains(unwanted)).await;
    }

    /// What the page is made of.
    pub(crate) async fn source(&self) -> String {
        let source = self.call(&format!("GET {}/source", self.session), &Value::Null).await;
        source.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until the page holds some text, without any script.
    pub(crate) async fn reads(&self, wanted: &str) {
        let begun = Instant::now();
        loop {
            let source = self.source().await;
            if source.contains(wanted) {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "no `{wanted}` at {}: {source}", self.path().await);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// What the page complained of since it was last asked.
    pub(crate) async fn complaints(&self) -> Vec<String> {
        let log = self.post("se/log", json!({"type": "browser"})).await;
        let severe = log.as_array().into_iter().flatten().filter(|entry| entry["level"] == "SEVERE");
        severe.map(|entry| entry["message"].to_string()).collect()
    }

    /// Wants pages that are light or dark.
    pub(crate) async fn looks(&self, scheme: Scheme) {
        let feature = json!({"name": "prefers-color-scheme", "value": scheme.as_str()});
        self.devtools("Emulation.setEmulatedMedia", json!({"features": [feature]})).await;
    }

    /// Runs no scripts of pages any more.
    pub(crate) async fn without_scripts(&self) {
        self.devtools("Emulation.setScriptExecutionDisabled", json!({"value": true})).await;
    }

    /// Keeps a picture of the page, for people.
    pub(crate) async fn picture(&self, name: &str) {
        let size = self.devtools("Page.getLayoutMetrics", json!({})).await;
        let height = size["cssContentSize"]["height"].as_f64().unwrap_or(900.0).clamp(700.0, TALLEST);
        let clip = json!({"x": 0, "y": 0, "width": WIDTH, "height": height, "scale": 1});
        let taken = self
            .devtools("Page.captureScreenshot", json!({"captureBeyondViewport": true, "clip": clip}))
            .await;
        let bytes = STANDARD.decode(taken["data"].as_str().expect("a picture")).expect("Base64");
        let folder = pictures();
        std::fs::create_dir_all(&folder).expect("a folder for pictures");
        std::fs::write(folder.join(format!("{name}.png")), bytes).expect("a picture is kept");
    }

    /// Ends it in good order.
    pub(crate) async fn quit(mut self) {
        self.call(&format!("DELETE {}", self.session), &Value::Null).await;
        self.process = None;
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if let Some(process) = self.process {
            // Where that fails it has ended already.
            let _ = std::process::Command::new("kill").arg(process.to_string()).status();
        }
    }
}

fn pictures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/console-screenshots")
}
