//! How clients make the calls of a method: the routing header, request ids and retries.

use std::time::Duration;

/// The parameters of the routing header, `x-goog-request-params` (AIP-4222). A field is given by the numbers on the way to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Routing {
    /// Calls have no such header.
    #[default]
    None,
    /// The variables of the first binding, in order. A variable that is not text has no numbers, and is left out.
    Variables(Vec<Vec<u32>>),
    /// The parameters of `google.api.routing`.
    Parameters(Vec<RoutingParameter>),
}

/// One parameter of `google.api.routing`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoutingParameter {
    /// A path template with one variable, the parameter's name and value: `ports/*/{dock=docks/*}/**`. It is valid.
    pub template: String,
    /// The field whose value the template matches.
    pub field: Vec<u32>,
}

/// A request field that a client fills with a random UUID (AIP-4235).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UuidField {
    /// The name in the file.
    pub name: String,
    /// The number.
    pub number: u32,
}

/// When a failed call is made again (gRFC A6).
#[derive(Clone, Debug, PartialEq)]
pub struct Retry {
    /// The largest number of attempts, the first one included.
    pub attempts: u32,
    /// The wait before the second attempt.
    pub first_delay: Duration,
    /// The longest wait.
    pub longest_delay: Duration,
    /// The factor from one wait to the next.
    pub multiplier: f64,
    /// The status codes after which it is, such as `UNAVAILABLE`.
    pub codes: Vec<&'static str>,
}

impl Routing {
    /// The names of the parameters, without duplicates.
    pub fn names<'a>(&'a self, first: Option<&'a super::Binding>) -> Vec<&'a str> {
        let mut names = Vec::new();
        match self {
            Self::None => {}
            Self::Variables(fields) => {
                let variables = first.into_iter().flat_map(|binding| binding.template.variables());
                names.extend(
                    variables.zip(fields).filter(|(_, field)| !field.is_empty()).map(|((name, _), _)| name),
                );
            }
            Self::Parameters(parameters) => {
                for parameter in parameters {
                    let variable = parameter.template.split(['{', '}']).nth(1).unwrap_or_default();
                    let name = variable.split('=').next().unwrap_or_default();
                    if !names.contains(&name) {
                        names.push(name);
                    }
                }
            }
        }
        names
    }
}
