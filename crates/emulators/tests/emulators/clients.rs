//! Clients of others against the emulators: what each could do, as a table.

use std::process::Command;
use std::sync::Arc;

use molva_domain::SystemClock;
use molva_emulators::{Emulator, Sandbox, Seed};
use tokio::net::TcpListener;

/// Runs the client's script against a fresh emulator, prints what it could do, and fails when there is something it could not.
async fn check(emulator: &str, client: &str, script: &str) {
    let is_python = script.ends_with(".py");
    let named = if is_python { "MOLVA_TEST_CLIENTS" } else { "MOLVA_TEST_NODE_CLIENTS" };
    let Ok(installed) = std::env::var(named) else {
        eprintln!("SKIPPED: {named} is not set; scripts/servers/clients.sh installs the clients and names it");
        return;
    };
    let sandbox = Sandbox::new(Arc::new(SystemClock), 1.0);
    let now = sandbox.now();
    sandbox.inside().world.seed(&Seed { items: 600, ..Seed::default() }, now);
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    let router = Emulator::find(emulator).expect("an emulator").router(sandbox.clone());
    tokio::spawn(axum::serve(listener, router).into_future());
    let script = format!("{}/tests/emulators/clients/{script}", env!("CARGO_MANIFEST_DIR"));
    let mut run = if is_python {
        // A key for those who sign what they ask with; one for tests.
        let key = format!("{}/../connectors/fixtures/rsa-key-for-tests.pem", env!("CARGO_MANIFEST_DIR"));
        let mut python = Command::new(installed);
        python.arg(script).arg(base).arg(key);
        python
    } else {
        let mut node = Command::new(format!("{installed}/bin/node"));
        node.arg(script).arg(base).arg(installed);
        node
    };
    let run = move || run.output();
    let output = tokio::task::spawn_blocking(run).await.expect("no panic").expect("the client runs");
    let told = String::from_utf8_lossy(&output.stdout);
    eprintln!("{client} against the emulator of {emulator}:");
    for line in told.lines() {
        let cells: Vec<&str> = line.split('\t').collect();
        eprintln!("  {:<6} {:<48} {}", cells[0], cells.get(1).unwrap_or(&""), cells.get(2).unwrap_or(&""));
    }
    let failed: Vec<&str> = told.lines().filter(|line| !line.starts_with("ok\t")).collect();
    assert!(output.status.success() && failed.is_empty(), "{failed:#?}\n{}", String::from_utf8_lossy(&output.stderr));
    assert!(told.lines().count() > 10, "{told}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn vk_api_takes_the_emulator_for_vk() {
    check("vk", "vk_api", "vk_client.py").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn xdk_and_tweepy_take_the_emulator_for_x() {
    check("x", "xdk and tweepy", "x_client.py").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn python_telegram_bot_takes_the_emulator_for_telegram() {
    check("telegram", "python-telegram-bot", "telegram_client.py").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn praw_takes_the_emulator_for_reddit() {
    check("reddit", "PRAW", "reddit_client.py").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn maxapi_takes_the_emulator_for_max() {
    check("max", "maxapi", "max_client.py").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn facebook_business_takes_the_emulator_for_meta() {
    check("meta", "facebook-business", "meta_client.py").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pydiscourse_takes_the_emulator_for_discourse() {
    check("discourse", "pydiscourse", "discourse_client.py").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn googles_client_takes_the_emulator_for_youtube() {
    check("youtube", "google-api-python-client", "youtube_client.py").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn googles_client_takes_the_emulator_for_google_play() {
    check("googleplay", "google-api-python-client", "play_client.py").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ok_api_takes_the_emulator_for_odnoklassniki() {
    check("ok", "ok_api", "ok_client.py").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pyflarum_and_aiorum_take_the_emulator_for_flarum() {
    check("flarum", "pyflarum and aiorum", "flarum_client.py").await;
}

/// Every answer is held to the schemas of Apple's OpenAPI document, which that client carries.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_app_store_connect_client_takes_the_emulator_for_apples() {
    check("appstore", "@rage-against-the-pixel/app-store-connect-api", "app_store_client.mjs").await;
}

/// No registry has a client for NodeBB. Its own theme and widgets are what reads its answers: they must find every field they show.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_pages_of_nodebb_show_what_the_emulator_tells() {
    check("nodebb", "nodebb-theme-harmony and nodebb-widget-essentials", "nodebb_client.mjs").await;
}
