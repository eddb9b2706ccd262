//! The parts of a query whose effect may be asked, and the query without one of them.

use std::ops::Range;
use std::sync::Arc;

use crate::Query;
use crate::syntax::{Expr, Node};

/// A part of a query that can be left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// Bytes of the query text.
    pub span: Range<usize>,
    pub role: Role,
    /// The way to it from the top: numbers of parts.
    path: Vec<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// One of several alternatives.
    Any,
    Required,
    Excluded,
}

impl Role {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::Required => "required",
            Self::Excluded => "excluded",
        }
    }
}

impl Query {
    /// The parts at the top and one level below it, in the order of the text.
    #[must_use]
    pub fn clauses(&self) -> Vec<Clause> {
        let mut found = Vec::new();
        collect(self.expr(), &mut Vec::new(), &mut found);
        found.sort_by_key(|clause| (clause.span.start, std::cmp::Reverse(clause.span.end), clause.path.len()));
        found
    }

    /// The same query without one of its [`Query::clauses`]. It keeps its text and its places in it, so that what is left
    /// can still be shown there. `None` when nothing demanding remains.
    #[must_use]
    pub fn without(&self, clause: &Clause) -> Option<Self> {
        let left = cut(self.expr(), &clause.path)?;
        left.demands(true).then(|| Self { text: Arc::clone(&self.text), expr: Arc::new(left) })
    }
}

/// The parts that can be left out one by one, with their role; none for a leaf.
fn parts(expr: &Expr) -> (&[Expr], Role) {
    match &expr.node {
        Node::And(parts) => (parts, Role::Required),
        Node::Or(_) if expr.is_compound() => (&[], Role::Any),
        Node::Or(parts) | Node::AtLeast { of: parts, .. } => (parts, Role::Any),
        _ => (&[], Role::Any),
    }
}

fn collect(expr: &Expr, path: &mut Vec<usize>, found: &mut Vec<Clause>) {
    /// How many levels are looked into.
    const LEVELS: usize = 2;
    let (expr, excluded) = match &expr.node {
        Node::Not(inner) => (inner.as_ref(), true),
        _ => (expr, false),
    };
    let (children, role) = parts(expr);
    for (index, part) in children.iter().enumerate() {
        let role = if excluded || matches!(part.node, Node::Not(_)) { Role::Excluded } else { role };
        path.push(index);
        found.push(Clause { span: part.span.clone(), role, path: path.clone() });
        if path.len() < LEVELS {
            collect(part, path, found);
        }
        path.pop();
    }
}

/// The part without what the path leads to; `None` when nothing is left.
fn cut(expr: &Expr, path: &[usize]) -> Option<Expr> {
    let (index, rest) = path.split_first()?;
    if let Node::Not(inner) = &expr.node {
        return cut(inner, path).map(|left| Expr::new(expr.span.clone(), Node::Not(Box::new(left))));
    }
    let mut left = Vec::with_capacity(parts(expr).0.len());
    for (at, part) in parts(expr).0.iter().enumerate() {
        if at == *index { left.extend(cut(part, rest)) } else { left.push(part.clone()) }
    }
    let node = match &expr.node {
        _ if left.is_empty() => return None,
        // `2 OF (a, b, c)` without c still asks for two while there are two.
        Node::AtLeast { count, .. } => Node::AtLeast { count: (*count).min(left.len()), of: left },
        _ if left.len() == 1 => return left.pop(),
        Node::And(_) => Node::And(left),
        _ => Node::Or(left),
    };
    Some(Expr::new(expr.span.clone(), node))
}
