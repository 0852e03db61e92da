//! How messages contain each other: which fields need a box, and which messages are `Copy` or `Eq`. The rules are
//! prost-build's.

use std::collections::HashMap;

use prost_reflect::{Cardinality, DescriptorPool, FieldDescriptor, Kind, MessageDescriptor, OneofDescriptor};

use super::circles;
use crate::api::Traits;

/// All messages of a request, with their cycles and traits.
pub(crate) struct Containment {
    index: HashMap<String, usize>,
    /// The cycle of each message, by its fields that are not lists.
    circles: Vec<usize>,
    /// The cycle of each message, by its required fields of proto2.
    required_circles: Vec<usize>,
    traits: Vec<Traits>,
}

impl Containment {
    pub(crate) fn new(pool: &DescriptorPool) -> Self {
        let messages: Vec<MessageDescriptor> = pool.all_messages().collect();
        let index: HashMap<String, usize> =
            messages.iter().map(|message| message.full_name().to_owned()).zip(0..).collect();
        let edges = |of: fn(&FieldDescriptor) -> bool| -> Vec<Vec<usize>> {
            let targets = |message: &MessageDescriptor| {
                let fields = message.fields().filter(of);
                fields
                    .filter_map(|field| index.get(field.kind().as_message()?.full_name()).copied())
                    .collect()
            };
            messages.iter().map(targets).collect()
        };
        let singular = edges(|field| field.cardinality() != Cardinality::Repeated);
        let required = edges(|field| field.cardinality() == Cardinality::Required);
        let mut this = Self {
            circles: circles::find(&singular),
            required_circles: circles::find(&required),
            traits: Vec::new(),
            index,
        };
        this.traits = messages.iter().map(|message| this.own_traits(message.fields())).collect();
        this.spread(&singular);
        this
    }

    /// Whether a field's message may contain the field's parent again.
    pub(crate) fn is_boxed(&self, field: &FieldDescriptor) -> bool {
        field.cardinality() != Cardinality::Repeated && self.is_circular(field, &self.circles)
    }

    /// Whether a required field requires its parent again: no finite message has such a field.
    pub(crate) fn is_endless(&self, field: &FieldDescriptor) -> bool {
        field.cardinality() == Cardinality::Required && self.is_circular(field, &self.required_circles)
    }

    pub(crate) fn message(&self, message: &MessageDescriptor) -> Traits {
        self.index.get(message.full_name()).map(|at| self.traits[*at]).unwrap_or_default()
    }

    pub(crate) fn oneof(&self, oneof: &OneofDescriptor) -> Traits {
        let members = oneof.fields().filter_map(|field| Some(self.message(field.kind().as_message()?)));
        members.fold(self.own_traits(oneof.fields()), Traits::and)
    }

    fn is_circular(&self, field: &FieldDescriptor, circles: &[usize]) -> bool {
        let circle = |message: &MessageDescriptor| self.index.get(message.full_name()).map(|at| circles[*at]);
        field.kind().as_message().is_some_and(|target| circle(target) == circle(field.parent_message()))
    }

    /// The traits that the fields allow, before the traits of the messages in them count.
    fn own_traits(&self, fields: impl Iterator<Item = FieldDescriptor>) -> Traits {
        let of = |field: FieldDescriptor| {
            let is_list = field.cardinality() == Cardinality::Repeated;
            match field.kind() {
                Kind::Message(_) => {
                    let allowed = !is_list && !field.is_group() && !self.is_boxed(&field);
                    Traits { copy: allowed, eq: allowed }
                }
                Kind::Float | Kind::Double => Traits { copy: !is_list, eq: false },
                Kind::String | Kind::Bytes => Traits { copy: false, eq: true },
                _ => Traits { copy: !is_list, eq: true },
            }
        };
        fields.map(of).fold(Traits { copy: true, eq: true }, Traits::and)
    }

    /// Removes from each message the traits that a message in it lacks.
    fn spread(&mut self, edges: &[Vec<usize>]) {
        let mut users: Vec<Vec<usize>> = vec![Vec::new(); edges.len()];
        for (user, targets) in edges.iter().enumerate() {
            for target in targets {
                users[*target].push(user);
            }
        }
        let mut open: Vec<usize> = (0..edges.len()).collect();
        while let Some(node) = open.pop() {
            for user in &users[node] {
                let traits = self.traits[*user].and(self.traits[node]);
                if traits != self.traits[*user] {
                    self.traits[*user] = traits;
                    open.push(*user);
                }
            }
        }
    }
}
