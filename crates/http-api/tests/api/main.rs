//! The API over a real listener, a real store and a real pipeline.

mod openapi;
