//! Held to the networks' contracts, and to programs of others. `MOLVA_TEST_CONTRACTS` names a folder with the machine-readable
//! contracts, `MOLVA_TEST_CLIENTS` a Python with the clients (`scripts/servers/clients.sh`); without them a test says so and passes.

#[path = "emulators/clients.rs"]
mod clients;
#[path = "emulators/contracts.rs"]
mod contracts;
#[path = "emulators/meta_calls.rs"]
mod meta_calls;
#[path = "emulators/samples.rs"]
mod samples;
#[path = "emulators/schema.rs"]
mod schema;
