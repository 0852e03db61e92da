//! Reports for people and for programs.

mod headline;
mod items;
mod json;
mod markdown;
mod terminal;
