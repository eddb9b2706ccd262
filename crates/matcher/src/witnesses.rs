//! Which tokens made a query match: what is shown highlighted.

use molva_text::Token;

use crate::Span;
use crate::code::{Operator, Part};
use crate::evaluate::Evaluation;

/// Most spans told of one match.
const MAX_SPANS: usize = 200;

impl Evaluation<'_> {
    /// The words that made a query match, by place; overlapping ones become one. `tokens` is a buffer.
    pub(crate) fn spans(&self, root: Part<'_>, tokens: &mut Vec<usize>, spans: &mut Vec<Span>) {
        tokens.clear();
        spans.clear();
        self.witnesses(root, tokens);
        let all = self.text.analysis.tokens();
        if tokens.len() > 1 {
            tokens.sort_unstable_by_key(|token| (!all[*token].in_title, all[*token].start, all[*token].end));
        }
        for token in tokens.iter().map(|token| all[*token]) {
            if let Some(last) = spans.last_mut().filter(|last| overlap(last, &token)) {
                last.end = last.end.max(token.end);
            } else if spans.len() == MAX_SPANS {
                break;
            } else {
                spans.push(Span { in_title: token.in_title, start: token.start, end: token.end });
            }
        }
    }

    /// Adds the tokens that speak for a part; exclusions and fields have none.
    fn witnesses(&self, part: Part<'_>, tokens: &mut Vec<usize>) {
        match part.operator() {
            Operator::Any => self.each_token(part.atoms(), |token| tokens.push(token)),
            Operator::All | Operator::Some | Operator::AtLeast => {
                part.parts().filter(|part| self.holds(*part)).for_each(|part| self.witnesses(part, tokens));
            }
            Operator::Place => part.parts().for_each(|part| self.tokens_in(part, &self.places(part), tokens)),
            _ => {}
        }
    }
}

fn overlap(span: &Span, token: &Token) -> bool {
    span.in_title == token.in_title && token.start < span.end
}
