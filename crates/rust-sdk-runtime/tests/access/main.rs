//! Who may call what: the decision, its wording, and what a program's calls need.

mod grants;
mod masks;
mod needs;
mod truth;
mod wording;
