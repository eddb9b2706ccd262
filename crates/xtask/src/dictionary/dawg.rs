//! The double-array automaton of the `dawgdic` library: units of 32 bits, then a guide that names each node's first child
//! and next sibling.

use anyhow::{Context, ensure};

pub(crate) struct Dawg {
    units: Vec<u32>,
    /// First child and next sibling of each unit, 0 for none.
    guide: Vec<[u8; 2]>,
}

impl Dawg {
    pub(crate) fn read(bytes: &[u8]) -> anyhow::Result<Self> {
        let (count, rest) = bytes.split_first_chunk::<4>().context("the automaton is cut short")?;
        let count = u32::from_le_bytes(*count) as usize;
        let (units, rest) = rest.split_at_checked(count * 4).context("the automaton is cut short")?;
        let (guides, rest) = rest.split_first_chunk::<4>().context("the automaton has no guide")?;
        ensure!(u32::from_le_bytes(*guides) as usize == count, "the automaton's guide has another length");
        let guide = rest.get(..count * 2).context("the automaton's guide is cut short")?;
        Ok(Self {
            units: units.as_chunks().0.iter().map(|unit| u32::from_le_bytes(*unit)).collect(),
            guide: guide.as_chunks().0.to_vec(),
        })
    }

    /// Calls `found` with every key, in order.
    pub(crate) fn each_key(&self, mut found: impl FnMut(&[u8]) -> anyhow::Result<()>) -> anyhow::Result<()> {
        // Depth first, the label to try next at each depth.
        let mut key = Vec::new();
        let mut nodes = vec![0_usize];
        let mut next = vec![self.guide[0][0]];
        while let (Some(&node), Some(label)) = (nodes.last(), next.last_mut()) {
            if *label == 0 {
                nodes.pop();
                next.pop();
                key.pop();
                continue;
            }
            let taken = *label;
            let child = self.child(node, taken).context("the automaton's guide leads nowhere")?;
            *label = self.guide[child][1];
            key.push(taken);
            ensure!(key.len() < 256, "the automaton goes in circles");
            if self.units[child] >> 8 & 1 == 1 {
                found(&key)?;
            }
            nodes.push(child);
            next.push(self.guide[child][0]);
        }
        Ok(())
    }

    fn child(&self, node: usize, label: u8) -> Option<usize> {
        let unit = self.units[node];
        let offset = (unit >> 10) << ((unit & (1 << 9)) >> 6);
        let child = node ^ offset as usize ^ label as usize;
        let its = *self.units.get(child)?;
        (its & (1 << 31 | 0xff) == u32::from(label)).then_some(child)
    }
}
