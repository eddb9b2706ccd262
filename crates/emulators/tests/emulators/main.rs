//! Held to the networks' contracts, and to programs of others. `MOLVA_TEST_CONTRACTS` names a folder with the machine-readable
//! contracts, `MOLVA_TEST_CLIENTS` a Python and `MOLVA_TEST_NODE_CLIENTS` a folder with the clients (`scripts/servers/clients.sh`);
//! without them a test says so and passes.

mod clients;
mod contracts;
mod meta_calls;
mod samples;
mod schema;
